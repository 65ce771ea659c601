"""From files to rows: workbooks and comma-separated tables, as a stranger may have made them.

What cannot be read at all raises :class:`~luoshi.reading.errors.ReadError`; what is wrong in a row is for the plan.
"""

from __future__ import annotations

import csv
import io
import json
import re
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from luoshi.org.exchange.columns import FORMS, Form
from luoshi.org.rules import squeezed
from luoshi.reading.encoding import decode
from luoshi.reading.errors import DamagedError, EmptyFileError, TooLargeError, UnknownFormatError
from luoshi.reading.formats import office, spreadsheet_child
from luoshi.reading.formats.spreadsheet_size import damaged, refuse_oversize, too_many_cells
from luoshi.reading.limits import HELPER_SECONDS, MAX_CELLS, MAX_CHARACTERS

__all__ = ["MAX_BYTES", "MAX_ROWS", "Grid", "Row", "Table", "read_grids", "read_tables"]

MAX_BYTES: Final = 20 * 1024 * 1024
"""Size of one file; 30,000 units and 100,000 posts take a fifth of it."""

MAX_ROWS: Final = 60_000
"""Rows of one sheet."""

_HEAD_WITHIN: Final = 20
_BOOKS: Final = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
_QUOTED: Final = re.compile(r"'(?=[=+\-@\t\r])")


@dataclass(frozen=True, slots=True)
class Row:
    """One row as it stands in the file: its number as a spreadsheet counts, and its cells by column."""

    number: int
    cells: dict[str, str]
    merged: bool = False


@dataclass(slots=True)
class Table:
    """One sheet that was recognised. `missing` names needed columns that are not there, `twice` heads that are double.

    `present` are the columns that the file has: what it does not have stays as it is.
    """

    form: Form
    name: str
    rows: list[Row] = field(default_factory=list)
    present: frozenset[str] = frozenset()
    missing: tuple[str, ...] = ()
    twice: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Grid:
    """Cells of one sheet, with the place of the first row and the rows that merged cells cover."""

    name: str
    first: int
    rows: Sequence[Sequence[str]]
    merged: frozenset[int] = frozenset()


def read_tables(files: Sequence[tuple[str, bytes]]) -> list[Table]:
    """Return the sheets of the organisation in files, given by name and content.

    A sheet is known by its name, else by the heads of its columns; other sheets are left alone. Raises ReadError where
    a file cannot be read, and where nothing in any of them is a sheet of the organisation.
    """
    tables = []
    for name, data in files:
        for grid in read_grids(name, data):
            table = _table(grid)
            if table is not None:
                tables.append(table)
    if not tables:
        raise UnknownFormatError(
            "文件里没有“单位”“人员”“任职”“单位组”这样的表。请下载模板，按模板的表名和表头填写。",
            "The file has no sheet Units, People, Posts or Groups. Download the template and keep to it.",
        )
    return tables


def read_grids(name: str, data: bytes) -> list[Grid]:
    """Return the sheets of one file that are shown, whatever stands in them; ReadError where it cannot be read."""
    if not data.strip():
        raise EmptyFileError(f"“{name}”是空文件，请另选一个文件。", f"「{name}」 is empty; choose another file.")
    if len(data) > MAX_BYTES:
        raise TooLargeError(
            f"“{name}”超过{MAX_BYTES >> 20}MB，请只留下四张表再导入。",
            f"「{name}」 is over {MAX_BYTES >> 20} MB; keep only the four sheets.",
        )
    return _book(data) if data.startswith(_BOOKS) else [_csv(name, data)]


def _book(data: bytes) -> list[Grid]:
    """Read the sheets that are shown, in a process of their own; see `reading.formats.spreadsheet_child`."""
    office.refuse_locked(data)
    refuse_oversize(data)
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
    return [_of_sheet(sheet) for sheet in json.loads(done.stdout) if sheet["rows"]]


def _of_sheet(sheet: dict[str, Any]) -> Grid:
    top = sheet["start"][0]
    covered: set[int] = set()
    looked_at = 0
    for first, last in sheet["merged"]:
        if first == last:
            continue
        rows = range(first[0] - top, min(last[0] - top, len(sheet["rows"])) + 1)
        looked_at += len(rows)
        if looked_at > MAX_CELLS:
            break
        covered.update(rows)
    return Grid(sheet["name"], top + 1, sheet["rows"], frozenset(covered))


def _csv(name: str, data: bytes) -> Grid:
    text = decode(data).text
    first = text.partition("\n")[0]
    delimiter = max(",\t;", key=first.count)
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
    except csv.Error as error:
        raise DamagedError(
            f"“{name}”不是合规的 CSV 文件，请用 WPS 或 Excel 另存为 xlsx 后再导入。",
            f"「{name}」 is no proper CSV file; save it as xlsx.",
        ) from error
    stem = name.rsplit("/", 1)[-1].rsplit(".", 1)[0]
    return Grid(stem, 1, [[_QUOTED.sub("", cell, 1) for cell in row] for row in rows])


def _table(grid: Grid) -> Table | None:
    """Return the sheet as the form that its name says, else the one whose needed heads it has; None for no form."""
    named = next((form for form in FORMS.values() if squeezed(grid.name) in _names(form)), None)
    best: tuple[int, Form, int, dict[str, int]] | None = None
    for form in [named] if named else FORMS.values():
        for place, row in enumerate(grid.rows[:_HEAD_WITHIN]):
            found, _ = _heads(form, row)
            lacking = [column for column in form.columns if column.needed and column.key not in found]
            if found and (best is None or len(found) > best[0]) and (named or not lacking):
                best = len(found), form, place, found
    if best is None:
        return None if named is None else Table(named, grid.name, missing=_needed(named, {}))
    _count, form, place, columns = best
    _refuse_long(grid, place)
    table = Table(form, grid.name, present=frozenset(columns), missing=_needed(form, columns))
    table.twice = _heads(form, grid.rows[place])[1]
    table.rows = list(_rows(grid, place, columns))
    return table


def _names(form: Form) -> set[str]:
    return {squeezed(text) for text in (*form.name, form.kind)}


def _heads(form: Form, row: Sequence[str]) -> tuple[dict[str, int], tuple[str, ...]]:
    """Return where each column of the form stands if this row is the head, and the heads that stand there twice."""
    columns: dict[str, int] = {}
    twice: list[str] = []
    for index, cell in enumerate(row):
        head = squeezed(cell).rstrip("*")
        key = next((column.key for column in form.columns if head and head in column.heads()), None)
        if key is not None and key in columns:
            twice.append(cell.strip())
        elif key is not None:
            columns[key] = index
    return columns, tuple(twice)


def _needed(form: Form, columns: dict[str, int]) -> tuple[str, ...]:
    return tuple(column.key for column in form.columns if column.needed and column.key not in columns)


def _refuse_long(grid: Grid, head: int) -> None:
    if len(grid.rows) - head > MAX_ROWS:
        raise TooLargeError(
            f"“{grid.name}”超过{MAX_ROWS}行，请分成几个文件导入。",
            f"「{grid.name}」 has more than {MAX_ROWS} rows; divide it into several files.",
        )


def _rows(grid: Grid, head: int, columns: dict[str, int]) -> Iterator[Row]:
    """Give the rows below the head that hold anything in a column of the form."""
    for place in range(head + 1, len(grid.rows)):
        row = grid.rows[place]
        cells = {key: row[index].strip() for key, index in columns.items() if index < len(row)}
        if any(cells.values()):
            yield Row(grid.first + place, {key: cells.get(key, "") for key in columns}, place in grid.merged)
