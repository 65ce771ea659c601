"""Workbooks (xlsx, xls, ods) and comma-separated tables: every sheet that is shown becomes one table.

Values are written as a reader of the sheet expects them: days as 2026-06-30, whole numbers without a fraction.
Formulas are never computed; what the program that saved the file computed is read. Percentages of an xlsx read as they
are shown, 85%; those of xls and ods read 0.85, for calamine does not tell how numbers are dressed.
"""

from __future__ import annotations

import csv
import io
import json
import subprocess
import sys
from collections import Counter
from collections.abc import Sequence
from typing import Any, Final

from luoshi.reading.extract import Builder, Cell, Extract
from luoshi.reading.formats import office, spreadsheet_child
from luoshi.reading.formats.spreadsheet_percent import percent_cells, shown_as_percent
from luoshi.reading.formats.spreadsheet_size import damaged, refuse_oversize, too_many_cells
from luoshi.reading.limits import HELPER_SECONDS, MAX_CELLS, MAX_CHARACTERS
from luoshi.words import Words

__all__ = ["read", "read_csv"]

_DELIMITERS: Final = ",\t;"
_SAMPLE_LINES: Final = 50
_HIDDEN: Final = Words(
    "工作簿里有隐藏的工作表，隐藏的没有读取。", "The workbook has hidden sheets, which were not read."
)
_Merged = dict[tuple[int, int], tuple[int, int]]
_Corner = tuple[int, int]


def read(data: bytes, name: str) -> Extract:  # noqa: ARG001 — every format is read by a call of this form
    """Read a workbook.

    Raises LockedError, DamagedError, and TooLargeError for more than MAX_CELLS cells between the first and the last
    that is filled, or when the workbook takes longer than HELPER_SECONDS.
    """
    office.refuse_locked(data)
    builder = Builder(refuse_oversize(data))
    percents = percent_cells(data) if builder.format == "xlsx" else {}
    sheets = _sheets(data)
    shown = [sheet for sheet in sheets if sheet["rows"] is not None]
    if len(shown) < len(sheets):
        builder.warnings.append(_HIDDEN)
    for sheet in shown:
        _dress(sheet, percents.get(sheet["name"], set()))
        rows = _trimmed(sheet["rows"])
        if rows:
            if len(shown) > 1:
                builder.add(sheet["name"], level=1)
            builder.table(_cells(rows, _merged(sheet["merged"], sheet["start"], rows)))
    return builder.done()


def _dress(sheet: dict[str, Any], percents: set[tuple[int, int]]) -> None:
    """Write the percentages of a sheet as its readers see them."""
    top, left = sheet["start"]
    for row, column in percents:
        if 0 <= row - top < len(sheet["rows"]) and 0 <= column - left < len(sheet["rows"][row - top]):
            cells = sheet["rows"][row - top]
            cells[column - left] = shown_as_percent(cells[column - left])


def _sheets(data: bytes) -> list[dict[str, Any]]:
    """Let a process of its own open the workbook; see `spreadsheet_child.py` for why and for what it returns."""
    command = [sys.executable, "-I", spreadsheet_child.__file__, str(MAX_CELLS), str(MAX_CHARACTERS)]
    try:
        done = subprocess.run(  # noqa: S603 — this very Python, no shell
            command, input=data, capture_output=True, check=False, timeout=HELPER_SECONDS
        )
    except subprocess.TimeoutExpired:
        raise too_many_cells() from None
    if done.returncode == spreadsheet_child.LOCKED:
        raise office.locked()
    if done.returncode == spreadsheet_child.TOO_LARGE:
        raise too_many_cells()
    if done.returncode:
        raise damaged()
    sheets: list[dict[str, Any]] = json.loads(done.stdout)
    return sheets


def read_csv(text: str) -> Extract:
    """Read a decoded comma-, semicolon- or tab-separated table."""
    builder = Builder("csv")
    rows = _trimmed([[field.strip() for field in row] for row in _records(text, _delimiter(text))])
    if sum(map(len, rows)) > MAX_CELLS:
        raise too_many_cells()
    if rows:
        builder.table(_cells(rows, {}))
    return builder.done()


def _records(text: str, delimiter: str) -> list[list[str]]:
    """Split into records; where a quotation mark is opened and never closed, quotation marks are characters."""
    try:
        return list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True))
    except csv.Error:
        return [line.split(delimiter) for line in text.splitlines()]


def _delimiter(text: str) -> str:
    """Return the delimiter that cuts the first lines into the most equal rows."""
    sample = "\n".join(text.splitlines()[:_SAMPLE_LINES])

    def fit(delimiter: str) -> tuple[int, int]:
        widths = Counter(len(row) for row in _records(sample, delimiter) if len(row) > 1)
        width, rows = max(widths.items(), key=lambda item: (item[1], item[0]), default=(0, 0))
        return rows, width

    return max(_DELIMITERS, key=fit)


def _trimmed(rows: list[list[str]]) -> list[list[str]]:
    """Drop the empty rows and columns at the end, and make all rows equally wide."""
    width = max((index + 1 for row in rows for index, text in enumerate(row) if text), default=0)
    last = max((index + 1 for index, row in enumerate(rows) if any(row)), default=0)
    return [row[:width] + [""] * (width - len(row)) for row in rows[:last]]


def _merged(ranges: Sequence[tuple[_Corner, _Corner]], start: _Corner, rows: list[list[str]]) -> _Merged:
    """Return the spans of merged cells by their first cell, (0, 0) for the cells they cover.

    A range that reaches over the table is cut to it; one that overlaps an earlier one is ignored, and so is all that
    follows once as many places were looked at as there are cells.
    """
    height, width = len(rows), len(rows[0])
    budget = height * width
    spans: _Merged = {}
    for first, last in ranges:
        top, left = max(first[0] - start[0], 0), max(first[1] - start[1], 0)
        bottom, right = min(last[0] - start[0] + 1, height), min(last[1] - start[1] + 1, width)
        budget -= max(bottom - top, 0) * max(right - left, 0)
        if budget < 0:
            break
        covered = [(row, column) for row in range(top, bottom) for column in range(left, right)]
        if covered and spans.keys().isdisjoint(covered):
            spans |= dict.fromkeys(covered, (0, 0))
            spans[top, left] = (bottom - top, right - left)
    return spans


def _cells(rows: list[list[str]], spans: _Merged) -> list[list[Cell]]:
    """Return the cells that are printed, those that a merged cell covers left out."""
    written = []
    for number, row in enumerate(rows):
        placed = [(column, text, spans.get((number, column), (1, 1))) for column, text in enumerate(row)]
        written.append([Cell(text, column, *span) for column, text, span in placed if span != (0, 0)])
    return written
