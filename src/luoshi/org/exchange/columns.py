"""What stands in which sheet: the one declaration that export, import and its messages share."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from django.db.models import TextChoices
from django.utils.translation import override

from luoshi.org.enums import GroupKind, Role, Stage, UnitKind
from luoshi.org.rules import squeezed
from luoshi.words import Words

__all__ = ["FORMS", "Column", "Form", "Kind", "choice_of"]


class Kind(StrEnum):
    """The four sheets."""

    UNITS = "units"
    PEOPLE = "people"
    POSTS = "posts"
    GROUPS = "groups"


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its head in both languages, other heads it goes by, and how it is written."""

    key: str
    head: Words
    others: tuple[str, ...] = ()
    needed: bool = False
    width: int = 14
    is_day: bool = False
    choices: type[TextChoices] | None = None

    def heads(self) -> set[str]:
        """Return every head that names this column, as they are compared."""
        return {squeezed(text) for text in (self.key, *self.head, *self.others)}


@dataclass(frozen=True, slots=True)
class Form:
    """One sheet: its name in both languages and its columns."""

    kind: Kind
    name: Words
    columns: tuple[Column, ...]

    def column(self, key: str) -> Column:
        """Return one column; KeyError for another name."""
        return {column.key: column for column in self.columns}[key]


_UNIT_CODE: Final = ("编码", "代码", "unit", "机构代码", "unit_code")

FORMS: Final = {
    Kind.UNITS: Form(
        Kind.UNITS,
        Words("单位", "Units"),
        (
            Column("code", Words("单位代码", "Unit code"), ("编码", "代码", "单位编码", "机构代码"), True, 16),
            Column("name", Words("全称", "Name"), ("名称", "单位名称", "单位全称", "full name"), True, 32),
            Column("short_names", Words("简称", "Short names"), ("单位简称", "short name"), width=24),
            Column("kind", Words("类别", "Kind"), ("单位类别", "类型"), True, choices=UnitKind),
            Column("stage", Words("学段", "Stage"), choices=Stage),
            Column("parent", Words("上级代码", "Parent code"), ("上级单位代码", "上级编码", "上级"), width=16),
            Column("duties", Words("职责", "Duties"), ("主要职责",), width=40),
            Column("opened_on", Words("启用日期", "Opened on"), ("成立日期", "opened"), is_day=True),
        ),
    ),
    Kind.PEOPLE: Form(
        Kind.PEOPLE,
        Words("人员", "People"),
        (
            Column("staff_no", Words("工号", "Staff number"), ("人员编号", "staff no"), True, 16),
            Column("name", Words("姓名", "Name"), (), True),
            Column("phone", Words("办公电话", "Office phone"), ("电话", "联系电话", "telephone"), width=18),
        ),
    ),
    Kind.POSTS: Form(
        Kind.POSTS,
        Words("任职", "Posts"),
        (
            Column("staff_no", Words("工号", "Staff number"), ("人员编号", "staff no"), True, 16),
            Column("unit", Words("单位代码", "Unit code"), _UNIT_CODE, True, 16),
            Column("role", Words("角色", "Role"), ("岗位",), True, choices=Role),
            Column("title", Words("职务", "Title"), (), width=20),
            Column("area", Words("包片代码", "Area code"), ("责任区代码", "包片", "责任区"), width=16),
            Column("registers", Words("可看的保密台账", "Confidential registers"), ("保密台账", "registers"), width=18),
            Column("since", Words("开始日期", "From"), ("起", "任职日期"), is_day=True),
            Column("until", Words("结束日期", "To"), ("止",), is_day=True),
        ),
    ),
    Kind.GROUPS: Form(
        Kind.GROUPS,
        Words("单位组", "Groups"),
        (
            Column("code", Words("组代码", "Group code"), ("组编码",), True, 16),
            Column("name", Words("组名称", "Group name"), ("组名",), True, 28),
            Column("kind", Words("组类别", "Group kind"), ("类别",), True, choices=GroupKind),
            Column("unit", Words("单位代码", "Unit code"), ("成员单位代码", *_UNIT_CODE), width=16),
            Column("since", Words("加入日期", "Member from"), ("起", "开始日期"), is_day=True),
        ),
    ),
}


def choice_of(text: str, choices: type[TextChoices]) -> str | None:
    """Return the value that a cell means: by its label in either language or by the value itself."""
    return _spellings(choices).get(squeezed(text))


_SPELLINGS: dict[str, dict[str, str]] = {}


def _spellings(choices: type[TextChoices]) -> dict[str, str]:
    if choices.__name__ not in _SPELLINGS:
        found = {squeezed(value): value for value in choices.values}
        for language in ("en", "zh-hans"):
            with override(language):
                found |= {squeezed(str(label)): value for value, label in choices.choices if value}
        _SPELLINGS[choices.__name__] = found
    return _SPELLINGS[choices.__name__]
