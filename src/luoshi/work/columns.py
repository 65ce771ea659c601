"""The columns of lists of matters: declared once, for the page and for Excel alike."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from luoshi.work import registers
from luoshi.work.enums import Grade, Light, State
from luoshi.work.models import Matter
from luoshi.work.paging import Order
from luoshi.work.registers import Register

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

__all__ = ["ALL_REGISTERS", "COLUMNS", "ORDERS", "Column", "Plain", "columns_of", "ordered"]

Plain = str | int | dt.date | dt.datetime | None


@dataclass(frozen=True, slots=True)
class Column:
    """One column: `kind` says how the page shows it, `value` what it holds as plain data for Excel."""

    name: str
    label: str | _StrPromise
    value: Callable[[Any], Plain]
    kind: str = "text"
    sort: str = ""
    width: int = 14

    @property
    def is_brief(self) -> bool:
        """Tell whether the cell says by itself what it is: a phone then sets it beside others, without its head."""
        return self.kind in {"light", "number", "register", "state"}


def _named(rows: Sequence[Mapping[str, Any]]) -> str:
    return "、".join(str(row.get("name", "")) for row in rows)


def _short(row: Any) -> str:
    return str(registers.of_version(row.register_version_id).short)


def _local(moment: dt.datetime | None) -> dt.datetime | None:
    return None if moment is None else timezone.localtime(moment).replace(tzinfo=None)


COLUMNS: Final[Mapping[str, Column]] = {
    column.name: column
    for column in (
        Column("light", pgettext_lazy("column", "灯"), lambda row: str(Light(row.light).label), "light", width=14),
        Column("number", _("编号"), lambda row: row.number, "number", "opened", width=20),
        Column("register", _("台账"), _short, "register", width=14),
        Column("title", _("事项"), lambda row: row.title, "title", width=44),
        Column("requirement", _("工作要求"), lambda row: row.requirement, "long", width=44),
        Column("lead", _("牵头单位"), lambda row: row.lead.name if row.lead else "", width=22),
        Column("support", _("配合单位"), lambda row: _named(row.support), width=26),
        Column("handler", _("经办人"), lambda row: row.handler.name if row.handler else "", width=10),
        Column("state", _("状态"), lambda row: str(State(row.state).label), "state", width=10),
        Column("due", _("完成时限"), lambda row: row.due, "due", "due", width=12),
        Column("first_due", _("原定时限"), lambda row: row.first_due, "day", width=12),
        Column("progress", _("进度"), lambda row: row.progress, "percent", "progress", width=7),
        Column("last_report", _("最近进展"), lambda row: row.last_report, "long", width=44),
        Column("stuck", _("卡点"), lambda row: row.stuck, "long", width=30),
        Column("reported_at", _("最近反馈时间"), lambda row: _local(row.reported_at), "moment", "reported", 17),
        Column("opened_at", _("立项时间"), lambda row: _local(row.opened_at), "moment", "opened", 17),
        Column("submitted_at", _("报结时间"), lambda row: _local(row.submitted_at), "moment", "submitted", 17),
        Column("closed_at", _("办结时间"), lambda row: _local(row.closed_at), "moment", "closed", 17),
        Column("grade", _("评价"), lambda row: str(Grade(row.grade).label) if row.grade else "", width=8),
        Column("urged", _("催办次数"), lambda row: row.urged, "count", width=8),
        Column("returned", _("退回次数"), lambda row: row.returned, "count", width=8),
    )
}

ALL_REGISTERS: Final = ("light", "number", "register", "title", "lead", "handler", "due", "state", "last_report")
"""What the list over all registers shows unless somebody chooses others."""

ORDERS: Final[Mapping[str, Order]] = {
    "due": Order("due", nullable=True),
    "opened": Order(),
    "progress": Order("progress"),
    "reported": Order("reported_at", nullable=True),
    "submitted": Order("submitted_at", nullable=True),
    "closed": Order("closed_at", nullable=True),
}


def columns_of(register: Register | None) -> dict[str, Column]:
    """Return all columns that a list can show: the built-in ones, then the register's own that it offers."""
    if register is None:
        return dict(COLUMNS)
    own = {
        field.name: Column(
            field.name, str(field.words), _own(register, field.name), "nowrap" if field.type == "date" else "text"
        )
        for field in register.fields
        if (field.column or field.filter) and field.name not in COLUMNS
    }
    return {name: column for name, column in COLUMNS.items() if name != "register"} | own


def _own(register: Register, name: str) -> Callable[[Matter], str]:
    """Return how a register's own field is read; personal data stay masked in lists and files."""
    return lambda row: register.display(name, row.fields.get(name), masked=True)


def ordered(queryset: QuerySet[Matter]) -> QuerySet[Matter]:
    """Fetch along what the columns show of other tables."""
    return queryset.select_related("lead", "handler")
