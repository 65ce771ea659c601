"""What the records page says of each act: the record keeps codes, which never change; people read words.

A code that has no words yet is shown as it is: nothing in the record is ever hidden for want of a name.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, Final

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from luoshi.accounts.acts import ACTS as ACCOUNT_ACTS
from luoshi.org.enums import GroupKind, Role, Stage, UnitKind, told_role
from luoshi.org.told import listed

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

    from luoshi.ledger.models import Record

__all__ = ["ACTS", "KINDS", "facts_of", "kind_of", "said_of", "subject_of"]

ACTS: Final[Mapping[str, _StrPromise]] = {
    **ACCOUNT_ACTS,
    "unit.change open": _("设立单位"),
    "unit.change change": _("修改单位"),
    "unit.change move": _("移动单位"),
    "unit.change merge": _("并入别的单位"),
    "unit.change close": _("停用单位"),
    "unit.change reopen": _("重新启用单位"),
    "group.change open": _("新设单位组"),
    "group.change change": _("修改单位组"),
    "group.change close": _("停用单位组"),
    "group.change add": _("单位加入组"),
    "group.change remove": _("单位退出组"),
    "person.change add": _("新增人员"),
    "person.change change": _("修改人员"),
    "person.change import": _("导入人员"),
    "person.change left": _("人员离岗"),
    "person.change returned": _("人员回岗"),
    "post.propose propose": _("提出任职"),
    "post.confirm confirm": _("确认任职"),
    "post.confirm refuse": _("退回任职"),
    "post.end end": _("结束任职"),
    "post.end withdraw": _("撤回任职"),
    "deputy.set set": _("设代理"),
    "deputy.set end": _("结束代理"),
    "org.import": _("导入单位人员"),
    "org.export": _("导出单位人员"),
    "matter.look": _("查看保密事项"),
    "matter.export": _("导出事项"),
    "matter.import": _("导入事项"),
    "directive.take_in": _("收文"),
    "directive.take_in again": _("重新读取"),
    "directive.look": _("查看保密文件"),
    "directive.export": _("导出文件语料"),
    "notice.export": _("下载全部交办通知"),
    "register.change": _("启用台账版本"),
    "records.export": _("导出记录"),
    "records.seal": _("封存记录"),
}
"""Act, with what was done where one act covers several things → its words."""

_FACTS: Final[Mapping[str, _StrPromise]] = {
    "address": _("地址"),
    "area": _("包片"),
    "changed": _("改动"),
    "columns": pgettext_lazy("record", "列"),
    "assigned": pgettext_lazy("record", "交办"),
    "duties": _("职责"),
    "file": _("文件"),
    "groups": _("单位组"),
    "into": _("并入"),
    "kind": _("类别"),
    "name": _("名称"),
    "now": _("现为"),
    "opened": pgettext_lazy("record", "立项"),
    "parent": _("上级单位"),
    "password_days": _("密码最长使用天数"),
    "people": _("人员"),
    "person": pgettext_lazy("one", "人员"),
    "phone": _("电话"),
    "short_names": _("简称"),
    "size": pgettext_lazy("record", "字节"),
    "staff_no": _("工号"),
    "stage": _("学段"),
    "there": pgettext_lazy("record", "已有"),
    "totp_for_admins": _("管理员须两步验证"),
    "unit": pgettext_lazy("one", "单位"),
    "units": _("单位"),
    "page": _("页面"),
    "posts": _("任职"),
    "query": _("条件"),
    "registers": _("保密台账"),
    "role": _("角色"),
    "rows": _("行数"),
    "since": pgettext_lazy("period", "从"),
    "title": _("职务"),
    "until": pgettext_lazy("period", "至"),
    "version": _("版本"),
    "was": _("原为"),
    "why": _("缘由"),
}


KINDS: Final[Mapping[str, _StrPromise]] = {
    "account": pgettext_lazy("one", "账号"),
    "export": pgettext_lazy("one", "文件"),
    "file": pgettext_lazy("one", "文件"),
    "group": pgettext_lazy("one", "单位组"),
    "matter": pgettext_lazy("one", "事项"),
    "org": pgettext_lazy("one", "单位人员"),
    "person": pgettext_lazy("one", "人员"),
    "post": pgettext_lazy("one", "任职"),
    "register": pgettext_lazy("one", "台账"),
    "seal": pgettext_lazy("one", "封存"),
    "unit": pgettext_lazy("one", "单位"),
}
"""What was acted on → its word."""

_WHYS: Final[Mapping[str, _StrPromise]] = {
    "day_over": _("登录时间已满"),
    "ended": _("本人或安全管理员结束"),
    "idle": _("长时间没有操作"),
    "one_time_over": _("一次性密码过期"),
    "removed": _("安全管理员关闭"),
}


def kind_of(record: Record) -> str:
    """Return what kind of thing was acted on."""
    return str(KINDS.get(record.subject_kind, record.subject_kind))


def subject_of(record: Record) -> str:
    """Return the name of what was acted on, with the role of a post in the reader's language."""
    return told_role(record.subject_name) if record.subject_kind == "post" else record.subject_name


def said_of(record: Record) -> str:
    """Return what was done, in the reader's language; the code itself where nobody has named it."""
    what = f"{record.act} {record.data.get('what', '')}".strip()
    return str(ACTS.get(what) or ACTS.get(record.act) or what)


def facts_of(record: Record) -> Iterator[tuple[str, Any]]:
    """Yield what else the record says: name and value, without what is empty or already said by the act's words."""
    for name, value in record.data.items():
        if name == "what" or value in (None, "", [], {}):
            continue
        yield str(_FACTS.get(name, name)), _value(record, name, value)


def _value(record: Record, name: str, value: Any) -> Any:
    """Return one value in words; what is plain already, or unknown, as it is."""
    if isinstance(value, dict):
        return _inner(record, value)
    if isinstance(value, list):
        heads = _FACTS if name == "changed" else {}
        return listed(str(heads.get(one, one)) for one in value)
    if not isinstance(value, str):
        return value
    if name == "why":
        return str(_WHYS.get(value, value))
    kinds = {"role": Role, "kind": GroupKind if record.subject_kind == "group" else UnitKind, "stage": Stage}
    choices = kinds.get(name)
    return str(choices(value).label) if choices is not None and value in choices.values else value


def _inner(record: Record, values: Mapping[str, Any]) -> str:
    """Return a thing by its name, and values by their own names."""
    if "name" in values and values.keys() <= {"name", "code", "uid"}:
        return str(values["name"])
    said = ((_FACTS.get(name, name), _value(record, name, value)) for name, value in values.items())
    return listed(f"{head} {'—' if value in (None, '') else value}" for head, value in said)
