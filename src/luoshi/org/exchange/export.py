"""The organisation written out: one workbook, or one comma-separated table a sheet, with the columns an import reads.

What stands today is written, not its history: open units and groups, people who are here, posts in force, to come or
proposed. Every text is written as a text; in a CSV, which knows no types, what a spreadsheet would take for a formula
gets a leading apostrophe, which the import takes off again.
"""

from __future__ import annotations

import codecs
import csv
import datetime as dt
import io
from collections.abc import Iterable, Iterator
from itertools import chain
from typing import IO, Any, Final

from django.db.models import Q
from django.utils import timezone

from luoshi.gongwen.table import clean_text
from luoshi.org.exchange.columns import FORMS, Column, Form, Kind
from luoshi.org.models import Group, Membership, Person, Post, Unit
from luoshi.org.told import language_now

__all__ = ["rows_of", "write_csv", "write_template", "write_workbook"]

_CHUNK: Final = 2000
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\uff1d", "\uff0b", "\uff0d", "\uff20")
_LISTED: Final = 2000
"""Rows of a sheet for which a spreadsheet offers the choices of a column."""

_Value = str | dt.date | None


def rows_of(kind: Kind, on: dt.date | None = None) -> Iterator[list[_Value]]:
    """Yield the rows of one sheet as they stand on a day, today unless told; choices are written as their labels."""
    return {Kind.UNITS: _units, Kind.PEOPLE: _people, Kind.POSTS: _posts, Kind.GROUPS: _groups}[kind](
        on or timezone.localdate()
    )


def write_workbook(target: IO[bytes], kinds: Iterable[Kind] = tuple(Kind)) -> None:
    """Write the sheets, all four unless told, as xlsx into an open file, row by row."""
    _write(target, {kind: rows_of(kind) for kind in kinds})


def write_template(target: IO[bytes]) -> None:
    """Write the four sheets with their heads only, to be filled in."""
    _write(target, {kind: [] for kind in Kind})


def write_csv(kind: Kind) -> Iterator[bytes]:
    """Yield one sheet as CSV in UTF-8 with a byte-order mark, line by line."""
    yield codecs.BOM_UTF8
    language = language_now()
    heads: list[_Value] = [column.head.in_(language) for column in FORMS[kind].columns]
    line = io.StringIO(newline="")
    writer = csv.writer(line)
    for row in chain([heads], rows_of(kind)):
        writer.writerow([_harmless(cell) for cell in row])
        yield line.getvalue().encode()
        line.seek(0)
        line.truncate()


def _harmless(cell: _Value) -> str:
    text = "" if cell is None else str(cell)
    return f"'{text}" if text.startswith(_FORMULA) else text


def _write(target: IO[bytes], sheets: dict[Kind, Iterable[list[_Value]]]) -> None:
    from xlsxwriter import Workbook  # noqa: PLC0415 — heavy, and not every run needs it

    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_numbers": False,
        "strings_to_urls": False,
    }
    workbook = Workbook(target, options)
    styles = {
        "head": workbook.add_format({"bold": True, "bg_color": "#DDEBF7", "border": 1, "valign": "vcenter"}),
        "text": workbook.add_format({"num_format": "@", "valign": "top"}),
        "day": workbook.add_format({"num_format": "yyyy-mm-dd", "valign": "top", "align": "left"}),
    }
    for kind, rows in sheets.items():
        _write_sheet(workbook, FORMS[kind], rows, styles)
    workbook.close()


def _write_sheet(workbook: Any, form: Form, rows: Iterable[list[_Value]], styles: dict[str, Any]) -> None:
    language = language_now()
    sheet = workbook.add_worksheet(form.name.in_(language))
    sheet.freeze_panes(1, 0)
    for place, column in enumerate(form.columns):
        sheet.set_column(place, place, column.width, styles["day" if column.is_day else "text"])
        _offer_choices(sheet, place, column)
    heads = [column.head.in_(language) + ("*" if column.needed else "") for column in form.columns]
    for place, head in enumerate(heads):
        sheet.write_string(0, place, head, styles["head"])
    for number, row in enumerate(rows, 1):
        for place, cell in enumerate(row):
            if isinstance(cell, dt.date):
                sheet.write_datetime(number, place, cell, styles["day"])
            elif cell:
                sheet.write_string(number, place, clean_text(cell), styles["text"])


def _offer_choices(sheet: Any, place: int, column: Column) -> None:
    """Let the spreadsheet offer the labels of a column; it warns of others, and the import says what is wrong."""
    if column.choices is not None:
        labels = [str(label) for value, label in column.choices.choices if value]
        rule = {"validate": "list", "source": labels, "error_type": "warning"}
        sheet.data_validation(1, place, _LISTED, place, rule)


def _label(column: Column, value: str) -> str:
    return str(column.choices(value).label) if value and column.choices is not None else ""


def _units(_on: dt.date) -> Iterator[list[_Value]]:
    kind, stage = FORMS[Kind.UNITS].column("kind"), FORMS[Kind.UNITS].column("stage")
    codes: dict[str, str] = dict(Unit.objects.values_list("path", "code"))
    for unit in Unit.objects.filter(closed_on=None).iterator(_CHUNK):
        yield [
            unit.code,
            unit.name,
            "、".join(unit.short_names),
            _label(kind, unit.kind),
            _label(stage, unit.stage),
            codes.get(unit.path[: -Unit.steplen], ""),
            unit.duties,
            unit.opened_on,
        ]


def _people(_on: dt.date) -> Iterator[list[_Value]]:
    for person in Person.objects.filter(left_on=None).order_by("staff_no").iterator(_CHUNK):
        yield [person.staff_no, person.name, person.phone]


def _posts(on: dt.date) -> Iterator[list[_Value]]:
    role = FORMS[Kind.POSTS].column("role")
    posts = Post.objects.filter(Q(until=None) | Q(until__gte=on), unit__closed_on=None, person__left_on=None)
    for post in posts.select_related("person", "unit", "area").order_by("unit__path", "pk").iterator(_CHUNK):
        yield [
            post.person.staff_no,
            post.unit.code,
            _label(role, post.role),
            post.title,
            post.area.code if post.area else "",
            "、".join(post.registers),
            post.since,
            post.until,
        ]


def _groups(on: dt.date) -> Iterator[list[_Value]]:
    kind = FORMS[Kind.GROUPS].column("kind")
    members: dict[int, list[Membership]] = {}
    current = Membership.objects.filter(Q(until=None) | Q(until__gte=on), unit__closed_on=None)
    for member in current.select_related("unit").order_by("unit__path"):
        members.setdefault(member.group_id, []).append(member)
    for group in Group.objects.filter(closed_on=None).order_by("code"):
        facts: list[_Value] = [group.code, group.name, _label(kind, group.kind)]
        for member in members.get(group.pk, ()):
            yield [*facts, member.unit.code, member.since]
        if group.pk not in members:
            yield [*facts, "", None]
