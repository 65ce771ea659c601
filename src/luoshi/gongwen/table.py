"""What a table is before it becomes an office file: columns, cells, and the marks of cells that a person must check.

The room knows nothing of what the rows mean. A cell of low confidence is shaded *and* says so in words, so that a
black and white print shows it too; the reason goes into a comment (xlsx) or a list under the table (docx).
"""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from luoshi.words import Language, Words

__all__ = [
    "CHECK_MARK",
    "Align",
    "Cell",
    "CellValue",
    "Column",
    "Sheet",
    "Value",
    "as_cell",
    "clean_text",
    "shown_text",
]

Value: TypeAlias = str | int | float | dt.date
Align = Literal["left", "center"]

CHECK_MARK: Final = Words("（待核）", " (to check)")
"""Stands behind the text of a cell of low confidence."""

_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffe\uffff]")
_SURROGATES = re.compile("[\ud800-\udfff]")
_BREAKS = re.compile("\r\n?|[\x0b\x0c\x85\u2028\u2029]")


@dataclass(frozen=True, slots=True)
class Column:
    """One column; `width` counts half-width characters as spreadsheets do, so a Chinese character takes two.

    `low_marks` is False for a column whose cells are never marked for checking, such as the running number.
    """

    key: str
    title: str
    width: float
    align: Align = "left"
    low_marks: bool = True

    def __post_init__(self) -> None:
        if not self.width > 0:
            raise ValueError(f"Column {self.key} needs a width over 0.")


@dataclass(frozen=True, slots=True)
class CellValue:
    """A cell with a confidence: `low` marks it for checking, `note` says to a person why.

    `text` may be a number or a day: in a spreadsheet it then stays one that can be sorted and filtered.
    """

    text: Value
    low: bool = False
    note: str = ""


Cell: TypeAlias = CellValue | Value


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table with what stands around it.

    `name` is the name of the sheet's tab in a workbook, mended where a spreadsheet would refuse it; `title` stands
    over the table, `source` (where the rows come from) under the title, `footnote` under the table. A row may be
    shorter than the columns, never longer.
    """

    name: str
    columns: Sequence[Column]
    rows: Sequence[Sequence[Cell]]
    title: str = ""
    source: str = ""
    footnote: str = ""

    def __post_init__(self) -> None:
        if not self.columns:
            raise ValueError("A sheet needs at least one column.")
        for number, row in enumerate(self.rows, 1):
            if len(row) > len(self.columns):
                raise ValueError(f"Row {number} has {len(row)} cells for {len(self.columns)} columns.")


def as_cell(cell: Cell) -> CellValue:
    """Return a plain value as a cell of full confidence, a cell as it is."""
    return cell if isinstance(cell, CellValue) else CellValue(cell)


def clean_text(text: str) -> str:
    """Return the text without what XML cannot hold; every kind of line break becomes a line feed."""
    text = _FORBIDDEN.sub("", _BREAKS.sub("\n", text))
    return _SURROGATES.sub("\ufffd", text)


def shown_text(cell: CellValue, language: Language, *, marked: bool) -> str:
    """Return what a reader sees of a cell: its value as text, with the check mark where it is `marked`.

    The mark of an empty cell stands alone.
    """
    text = _plain(cell.text)
    return (text + CHECK_MARK.in_(language)).lstrip(" ") if marked else text


def _plain(value: Value) -> str:
    if isinstance(value, str):
        return clean_text(value)
    if isinstance(value, dt.date):
        return f"{value.year:04}-{value.month:02}-{value.day:02}"
    if isinstance(value, float) and math.isfinite(value):
        return f"{value:.15g}"
    return str(value)
