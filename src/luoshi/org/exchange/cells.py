"""From the text of a cell to its value; a refusal becomes a problem of the row."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Callable
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from luoshi.org.exchange.columns import choice_of
from luoshi.org.exchange.draft import Draft
from luoshi.org.exchange.reading import Row, Table
from luoshi.org.rules import check_period
from luoshi.org.told import language_now, listed

__all__ = ["Cells", "as_day"]

_DAY: Final = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?: 00:00(?::00)?)?")
_EIGHT: Final = re.compile(r"((?:19|20|21)\d\d)(\d\d)(\d\d)")


def as_day(text: str) -> dt.date:
    """Return a day written as 2026-03-01, 2026/3/1, 2026.3.1, 2026年3月1日 or 20260301, in any width of figures.

    A spreadsheet's own days arrive as 2026-03-01. ValidationError for anything else: 3/1/2026 may mean two days.
    """
    text = " ".join(unicodedata.normalize("NFKC", text).split())
    match = _DAY.fullmatch(text) or _EIGHT.fullmatch(text)
    try:
        day = dt.date(*map(int, match.groups())) if match else None
    except ValueError:
        day = None
    if day is None:
        raise ValidationError(
            _("“%(text)s”不是能认出的日期，请写成2026-03-01这样，或在表格软件里设为日期。"),
            code="bad_day",
            params={"text": text[:40]},
        )
    check_period(day, None)
    return day


class Cells:
    """The cells of one row, read one by one; `ok` tells whether all that was read could be."""

    def __init__(self, draft: Draft, table: Table, row: Row) -> None:
        self._draft, self._table, self.row = draft, table, row
        self.ok = True

    def has(self, key: str) -> bool:
        """Tell whether the file has this column at all; without it the value stays as it is."""
        return key in self._table.present

    def raw(self, key: str) -> str:
        """Return the text of a cell."""
        return self.row.cells.get(key, "")

    def refuse(self, key: str, message: str) -> None:
        """Note a problem of this row."""
        self.ok = False
        self._draft.problem(self._table, self.row, key, message)

    def read(self, key: str, reader: Callable[..., Any], **given: Any) -> Any:
        """Return what `reader` makes of a cell, None where it refuses."""
        try:
            return reader(self.raw(key), **given)
        except ValidationError as refused:
            self.refuse(key, " ".join(refused.messages))
            return None

    def choice(self, key: str) -> str:
        """Return the value of a column with a fixed choice, "" for an empty cell where none is needed."""
        column = self._table.form.column(key)
        text = self.raw(key)
        if not text and not column.needed:
            return ""
        assert column.choices is not None
        value = choice_of(text, column.choices) if text else None
        if value is None:
            labels = listed(label for value, label in column.choices.choices if value)
            head = column.head.in_(language_now())
            message = _("%(what)s“%(value)s”不在可选范围内，请从这些里选：%(choices)s。")
            self.refuse(key, message % {"what": head, "value": text[:40], "choices": labels})
        return value or ""

    def day(self, key: str) -> dt.date | None:
        """Return a day, None for an empty cell."""
        day: dt.date | None = self.read(key, as_day) if self.raw(key) else None
        return day
