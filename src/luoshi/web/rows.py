"""Rows of a list of matters as HTML: one list shows hundreds of cells, and a template takes its time with each of them.

What a whole list shows alike (a light, a state, a day, the words of this reader's language) is made once a list.
Everything that comes from a row is escaped here.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from html import escape
from typing import Final

from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import Truncator

from luoshi.web.templatetags import parts
from luoshi.work.columns import Column
from luoshi.work.models import Matter

__all__ = ["rows_of", "secret_mark"]

_Cell = Callable[[Matter], str]
_LONG: Final = 80
"""Characters of a long text that a list shows."""


def rows_of(
    matters: Iterable[Matter], columns: Sequence[Column], *, today: dt.date, words: Mapping[str, str]
) -> SafeString:
    """Return the table's rows, each with its box to tick; `words` holds the short names of registers."""
    cells = _Cells(today, words)
    written = [(_opening(column), cells.writer(column)) for column in columns]
    return mark_safe("".join(_row(matter, written) for matter in matters))  # noqa: S308 — every piece is escaped


def _row(matter: Matter, written: list[tuple[str, _Cell]]) -> str:
    cells = "".join(f"{opening}{write(matter)}</td>" for opening, write in written)
    return (
        f'<tr data-row>\n<td class="pick brief"><input type="checkbox" name="row" value="{matter.pk}" data-one '
        f'aria-label="{escape(matter.number)}"></td>\n{cells}\n</tr>\n'
    )


def _opening(column: Column) -> str:
    if column.kind == "title":
        return '<td class="title">'
    if column.is_brief:
        return '<td class="brief">'
    kind = ' class="number"' if column.kind == "count" else ""
    return f'<td{kind} data-head="{escape(str(column.label))}">'


def secret_mark() -> str:
    """Return what marks a matter of a confidential register."""
    words = Matter._meta.get_field("confidential").verbose_name  # noqa: SLF001 — Django's documented name
    return f' <span class="state secret">{escape(str(words))}</span>'


class _Cells:
    """Writes the cells of one list for one reader."""

    def __init__(self, today: dt.date, words: Mapping[str, str]) -> None:
        light, state = cache(parts.light), cache(parts.state)
        progress, day = cache(parts.progress), cache(parts.day)
        near = cache(lambda due: parts.day(due, today=today, relative=True))
        short = {code: escape(word) for code, word in words.items()}
        self.address = reverse("work:matter", args=[0]).rpartition("0")
        self.secret = cache(secret_mark)
        self.kinds: dict[str, Callable[[Matter, Column], str]] = {
            "register": lambda row, _: short.get(row.register) or escape(row.register),
            "due": lambda row, _: near(row.due) if row.is_open else day(row.due),
            "light": lambda row, _: light(getattr(row, "light", "none")),
            "number": lambda row, _: self._number(row),
            "title": lambda row, _: self._title(row),
            "state": lambda row, _: state(row.state),
            "percent": lambda row, _: progress(row.progress),
            "day": lambda row, column: day(getattr(row, column.name)),
            "moment": lambda row, column: parts.moment(getattr(row, column.name)),
            "nowrap": lambda row, column: f'<span class="nowrap">{_plain(row, column)}</span>',
            "long": lambda row, column: escape(_shortened(str(column.value(row) or ""))),
        }

    def writer(self, column: Column) -> _Cell:
        """Return what writes a cell of `column`."""
        write = self.kinds.get(column.kind, _plain)
        return lambda row: write(row, column)

    def _number(self, row: Matter) -> str:
        mark = self.secret() if row.confidential else ""
        return f'<span class="nowrap">{escape(row.number)}</span>{mark}'

    def _title(self, row: Matter) -> str:
        before, _zero, after = self.address
        return f'<a href="{before}{row.pk}{after}" data-open>{escape(row.title)}</a>'


def _plain(row: Matter, column: Column) -> str:
    return escape(str(column.value(row) or ""))


def _shortened(text: str) -> str:
    return text if len(text) <= _LONG else Truncator(text).chars(_LONG)
