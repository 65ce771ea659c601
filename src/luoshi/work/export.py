"""Lists as a workbook: streamed row by row, every text a text, and a cover that says who took what out, and when."""

from __future__ import annotations

import datetime as dt
import tempfile
from collections.abc import Iterator
from itertools import chain
from typing import IO, Any, Final

import xlsxwriter
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from luoshi.ledger.actions import Subject, record
from luoshi.org import policy
from luoshi.work.columns import Plain, ordered
from luoshi.work.lists import MatterList
from luoshi.work.models import Matter
from luoshi.work.paging import capped_count
from luoshi.work.queries import with_lights

__all__ = ["MOST_ROWS", "TooManyError", "export"]

MOST_ROWS: Final = 200_000
_MOST_UNITS: Final = 32_000
_RISKY: Final = ("=", "+", "-", "@", "\t", "\r")


class TooManyError(Exception):
    """More rows than one file should carry; narrow the list."""


def export(listed: MatterList) -> IO[bytes]:
    """Write the list to a temporary file that vanishes when it is closed, and record that it was taken out.

    Only matters that the actor may take out are in it. :class:`TooManyError` above `MOST_ROWS`.
    """
    rows = listed.found("export")
    if not _entitled(listed):
        policy.require(listed.actor, "export")
    number = capped_count(rows, MOST_ROWS)
    if number > MOST_ROWS:
        raise TooManyError
    file = tempfile.TemporaryFile()  # noqa: SIM115 — the answer closes it
    written = _write(file, listed, rows)
    _record(listed, written)
    file.seek(0)
    return file


def _entitled(listed: MatterList) -> bool:
    roles = {grant.role for grant in policy.grants_of("export")}
    return any(post.role in roles for post in listed.actor.posts)


@transaction.atomic
def _record(listed: MatterList, number: int) -> None:
    code = listed.register.code if listed.register else ""
    name = listed.register.title.zh if listed.register else "全部台账"
    record(
        "matter.export",
        by=listed.actor.author,
        subject=Subject("register", code, name),
        data={"rows": number, "query": listed.query(), "columns": [column.name for column in listed.columns]},
    )


def _write(file: IO[bytes], listed: MatterList, rows: QuerySet[Matter]) -> int:
    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "default_date_format": "yyyy-mm-dd",
    }
    book = xlsxwriter.Workbook(file, options)
    styles = _styles(book)
    title = str(listed.register.title) if listed.register else _("全部事项")
    cover = book.add_worksheet(_("说明"))
    sheet = book.add_worksheet(_("事项"))
    for index, column in enumerate(listed.columns):
        sheet.set_column(index, index, column.width)
    sheet.freeze_panes(1, 0)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.repeat_rows(0)
    sheet.write_row(0, 0, [str(column.label) for column in listed.columns], styles["head"])
    number = 0
    for number, row in enumerate(_rows(listed, rows), 1):
        for index, column in enumerate(listed.columns):
            _cell(sheet, (number, index), column.value(row), styles)
    sheet.autofilter(0, 0, max(number, 1), max(len(listed.columns) - 1, 0))
    _cover(cover, listed, title, number, styles)
    sheet.activate()
    book.close()
    return number


def _rows(listed: MatterList, rows: QuerySet[Matter]) -> Iterator[Matter]:
    lit = with_lights(ordered(rows), listed.today)
    sign, order = "-" if listed.order.descending else "", listed.order
    if order.column == "pk":
        return lit.order_by(f"{sign}pk").iterator(chunk_size=1000)
    known = lit.filter(**{f"{order.column}__isnull": False}).order_by(f"{sign}{order.column}", f"{sign}pk")
    unknown = lit.filter(**{f"{order.column}__isnull": True}).order_by(f"{sign}pk")
    return chain(known.iterator(chunk_size=1000), unknown.iterator(chunk_size=1000))


def _cell(sheet: Any, at: tuple[int, int], value: Plain, styles: dict[str, Any]) -> None:
    if isinstance(value, dt.datetime):
        sheet.write_datetime(*at, value, styles["moment"])
    elif isinstance(value, dt.date):
        sheet.write_datetime(*at, dt.datetime.combine(value, dt.time.min), styles["day"])
    elif isinstance(value, int):
        sheet.write_number(*at, value)
    elif value:
        text = str(value)[:_MOST_UNITS]
        sheet.write_string(*at, text, styles["guarded" if text.startswith(_RISKY) else "text"])


def _cover(cover: Any, listed: MatterList, title: str, number: int, styles: dict[str, Any]) -> None:
    cover.set_column(0, 0, 16)
    cover.set_column(1, 1, 70)
    posts = "；".join(f"{post.unit_name} {post.title or post.role.label}" for post in listed.actor.posts)
    lines = [
        (_("台账"), title),
        (_("导出人"), listed.actor.name),
        (_("岗位"), posts),
        (_("导出时间"), timezone.localtime().strftime("%Y-%m-%d %H:%M")),
        (_("条数"), str(number)),
        *listed.conditions(),
        (_("提示"), _("亮灯按导出当天计算；本次导出已记入操作记录。")),
    ]
    for index, (label, words) in enumerate(lines):
        cover.write_string(index, 0, label, styles["head"])
        cover.write_string(index, 1, words, styles["guarded" if words.startswith(_RISKY) else "text"])


def _styles(book: Any) -> dict[str, Any]:
    top = {"valign": "top", "text_wrap": True}
    return {
        "head": book.add_format({"bold": True, "valign": "top", "bottom": 1}),
        "text": book.add_format(top),
        "guarded": book.add_format({**top, "quote_prefix": True}),
        "day": book.add_format({"num_format": "yyyy-mm-dd", "valign": "top"}),
        "moment": book.add_format({"num_format": "yyyy-mm-dd hh:mm", "valign": "top"}),
    }
