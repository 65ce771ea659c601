"""The sheet of a register: which columns it has, how a file's rows are read by them, and an empty one to fill in."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Final

from luoshi.org.exchange.reading import MAX_BYTES, Grid, read_grids
from luoshi.org.rules import squeezed
from luoshi.reading.errors import TooLargeError, UnknownFormatError
from luoshi.words import Words
from luoshi.work.registers import Register

__all__ = ["BUILT_IN", "MOST_ROWS", "Head", "Line", "Sheet", "heads_of", "read_sheet"]

MOST_ROWS: Final = 1_000
"""Rows of one file: they are opened in one transaction, and SQLite's other writers wait for it 20 seconds at most."""

_HEAD_WITHIN: Final = 20
OWN: Final = "own-"


@dataclass(frozen=True, slots=True)
class Head:
    """One column: its head in both languages, and other heads it goes by."""

    key: str
    words: Words
    others: tuple[str, ...] = ()
    needed: bool = False
    width: int = 16

    def names(self) -> set[str]:
        """Return the heads in both languages, as they are compared."""
        return {squeezed(text) for text in self.words}

    def other_names(self) -> set[str]:
        """Return the other heads, as they are compared."""
        return {squeezed(text) for text in (self.key.removeprefix(OWN), *self.others)}


BUILT_IN: Final = (
    Head("title", Words("事项", "Matter"), ("事项名称", "任务", "工作任务", "重点任务", "问题", "title"), True, 44),
    Head("requirement", Words("工作要求", "Requirement"), ("要求", "具体要求", "工作内容"), width=44),
    Head("lead", Words("牵头单位", "Lead unit"), ("责任单位", "主办单位", "承办单位", "牵头科室"), width=24),
    Head("support", Words("配合单位", "Supporting units"), ("协办单位", "配合科室", "责任部门"), width=30),
    Head("handler", Words("经办人", "Officer"), ("责任人", "承办人", "handler"), width=12),
    Head("due", Words("完成时限", "Due date"), ("时限", "完成时间", "截止日期", "办理时限", "整改时限"), width=14),
    Head("status", Words("状态", "Status"), ("办理状态", "完成情况", "进展状态", "整改状态", "state"), width=12),
)


@dataclass(frozen=True, slots=True)
class Line:
    """One row of the file: its number as a spreadsheet counts, and its cells by column."""

    number: int
    cells: dict[str, str]
    merged: bool = False


@dataclass(frozen=True, slots=True)
class Sheet:
    """The sheet of a file that holds the matters. `unused` are heads that no column goes by."""

    file: str
    name: str
    lines: tuple[Line, ...]
    present: frozenset[str]
    twice: tuple[str, ...] = ()
    unused: tuple[str, ...] = ()

    @property
    def digest(self) -> str:
        """A hash of what the sheet says: the same content saved anew has the same one."""
        rows = [(line.number, line.cells) for line in self.lines]
        text = json.dumps([self.name, rows], ensure_ascii=False, sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()


def heads_of(register: Register) -> tuple[Head, ...]:
    """Return the columns that the sheet of a register has: the built-in ones, then the register's own fields."""
    own = (
        Head(OWN + field.name, Words(field.words.zh, field.words.en), needed=field.is_required("opening"), width=20)
        for field in register.fields
    )
    return (*BUILT_IN, *own)


def read_sheet(name: str, data: bytes, register: Register) -> Sheet:
    """Return the sheet of a workbook or CSV that has a head 事项, the one with the most known heads where several do.

    Raises ReadError where the file cannot be read, has no such sheet, or holds more than `MOST_ROWS` rows.
    """
    if len(data) > MAX_BYTES:
        most = MAX_BYTES >> 20
        raise TooLargeError(
            f"“{name}”超过{most}MB，请只留下要导入的那张表。", f"「{name}」 is over {most} MB; keep only the one sheet."
        )
    heads = heads_of(register)
    best: tuple[int, Grid, int] | None = None
    for grid in read_grids(name, data):
        for place, row in enumerate(grid.rows[:_HEAD_WITHIN]):
            columns = _columns(heads, row)[0]
            if "title" in columns and (best is None or len(columns) > best[0]):
                best = len(columns), grid, place
    if best is None:
        raise UnknownFormatError(
            "文件里没有表头是“事项”的列。请下载模板，按模板的表头填写。",
            "No column of the file has the head “Matter”. Download the template and keep to its heads.",
        )
    return _sheet(name, best[1], best[2], heads)


def _sheet(file: str, grid: Grid, place: int, heads: Sequence[Head]) -> Sheet:
    columns, twice, unused = _columns(heads, grid.rows[place])
    lines = tuple(_lines(grid, place, columns))
    if len(lines) > MOST_ROWS:
        raise TooLargeError(
            f"表里有{len(lines)}行，一次最多导入{MOST_ROWS}行。请分成几个文件。",
            f"The sheet has {len(lines)} rows; at most {MOST_ROWS} can be brought in at once. Divide the file.",
        )
    return Sheet(file[-120:], grid.name, lines, frozenset(columns), twice, unused)


def _columns(heads: Sequence[Head], row: Sequence[str]) -> tuple[dict[str, int], tuple[str, ...], tuple[str, ...]]:
    """Return where each column stands, heads that stand there twice, and heads that mean nothing here.

    A head in the words of the sheet goes before another name of a column: a register's own 责任人 is no officer.
    """
    known: dict[str, str] = {}
    for names, head in chain(((h.names(), h) for h in heads), ((h.other_names(), h) for h in heads)):
        for one in names:
            known.setdefault(one, head.key)
    columns: dict[str, int] = {}
    twice, unused = [], []
    for index, cell in enumerate(row):
        key = known.get(squeezed(cell).rstrip("*"))
        if key is None:
            unused += [cell.strip()] if cell.strip() else []
        elif key in columns:
            twice.append(cell.strip())
        else:
            columns[key] = index
    return columns, tuple(twice), tuple(unused)


def _lines(grid: Grid, head: int, columns: dict[str, int]) -> Iterator[Line]:
    """Give the rows below the head that hold anything in a column of the sheet."""
    for place in range(head + 1, len(grid.rows)):
        row = grid.rows[place]
        cells = {key: row[index].strip() for key, index in columns.items() if index < len(row) and row[index].strip()}
        if cells:
            yield Line(grid.first + place, cells, place in grid.merged)
