"""An empty workbook with the heads of one register, to be filled in and brought in."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from typing import IO, Any, Final

import xlsxwriter
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from luoshi.gongwen.table import clean_text
from luoshi.org.models import Unit
from luoshi.org.told import language_now
from luoshi.work.intake_sheet import MOST_ROWS, OWN, Head, heads_of
from luoshi.work.registers import Register
from luoshi.work.registers.choices import ChoiceField
from luoshi.work.registers.fields import DateField, YesNoField

__all__ = ["write_template"]

_MOST_UNITS: Final = 5_000


def write_template(target: IO[bytes], register: Register) -> None:
    """Write the register's sheet with its heads only; columns with a fixed choice offer it as a list."""
    book = xlsxwriter.Workbook(target, {"strings_to_formulas": False, "strings_to_urls": False})
    sheet = book.add_worksheet(_("事项"))
    offered = book.add_worksheet(_("选项"))
    offered.hide()
    about = book.add_worksheet(_("说明"))
    head = book.add_format({"bold": True, "bg_color": "#DDEBF7", "border": 1, "valign": "vcenter"})
    plain = book.add_format({"num_format": "@", "valign": "top", "text_wrap": True})
    days = book.add_format({"num_format": "yyyy-mm-dd", "valign": "top", "align": "left"})
    sheet.freeze_panes(1, 0)
    about.set_column(0, 0, 24)
    about.set_column(1, 1, 80)
    about.write_row(0, 0, [_("列"), _("怎么填")], head)
    for place, column in enumerate(heads_of(register)):
        words = column.words.in_(language_now())
        is_day = column.key == "due" or _field(register, column, DateField) is not None
        sheet.set_column(place, place, column.width, days if is_day else plain)
        sheet.write_string(0, place, words + ("*" if column.needed else ""), head)
        _offer(sheet, offered, place, _choices(register, column))
        about.write_string(place + 1, 0, words, plain)
        about.write_string(place + 1, 1, _how(register, column), plain)
    sheet.activate()
    book.close()


def _field(register: Register, head: Head, kind: type[Any]) -> Any:
    """Return the register's field of a column where it is of a kind."""
    if not head.key.startswith(OWN):
        return None
    found = register.field(head.key.removeprefix(OWN))
    return found if isinstance(found, kind) else None


def _choices(register: Register, head: Head) -> list[str]:
    if head.key == "lead":
        return _units()
    if head.key == "status":
        return [pgettext("intake", "办理中"), pgettext("intake", "已完成")]
    if _field(register, head, YesNoField) is not None:
        return [pgettext("answer", "是"), pgettext("answer", "否")]
    choice = _field(register, head, ChoiceField)
    return [str(option.words) for option in choice.options] if choice is not None and not choice.multiple else []


def _units() -> list[str]:
    """Return the open units as they can be typed, with the code where several share a name."""
    here = Unit.objects.filter(Q(closed_on=None) | Q(closed_on__gt=timezone.localdate())).order_by("path")
    rows = list(here.values_list("name", "code")[:_MOST_UNITS])
    alike = Counter(name for name, _code in rows)
    return [name if alike[name] == 1 else f"{name}（{code}）" for name, code in rows]


def _offer(sheet: Any, offered: Any, place: int, choices: list[str]) -> None:
    """Let the spreadsheet offer a column's choices, kept on a hidden sheet; others are warned of and checked later."""
    if not choices:
        return
    for number, words in enumerate(choices):
        offered.write_string(number, place, clean_text(words))
    letter = xlsxwriter.utility.xl_col_to_name(place)
    source = f"='{offered.get_name()}'!${letter}$1:${letter}${len(choices)}"
    rule = {"validate": "list", "source": source, "error_type": "warning"}
    sheet.data_validation(1, place, MOST_ROWS, place, rule)


def _how(register: Register, head: Head) -> str:
    """Say what goes into a column."""
    if not head.key.startswith(OWN):
        return _built_in()[head.key]
    field = register.field(head.key.removeprefix(OWN))
    parts = [_("必填。") if head.needed else _("可不填。"), "" if field.help is None else str(field.help)]
    if isinstance(field, ChoiceField):
        options = "、".join(str(option.words) for option in field.options)
        many = _("可选几项，用顿号隔开：%(options)s。") if field.multiple else _("选一项：%(options)s。")
        parts.append(many % {"options": options})
    return "".join(parts)


def _built_in() -> dict[str, str]:
    last = dt.date(timezone.localdate().year, 12, 31).isoformat()
    return {
        "title": _("必填。一句话写清要做什么，200个字以内。"),
        "requirement": _("可不填。"),
        "lead": _("单位全称、简称或代码。"),
        "support": _("单位全称、简称或代码，多个用顿号或分号隔开。"),
        "handler": _("姓名；有同名的填工号。须是牵头单位的人。"),
        "due": _("如%(day)s；不填则按台账的规则推算。") % {"day": last},
        "status": _("已经办完的写“已完成”：照样立项，由督办部门核查后销号。"),
    }
