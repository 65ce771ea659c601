"""Task tables: which column holds the task, who does it and by when, told by the words of the head row.

The head may stand below a title row and may take two lines; cells may be merged. A table without a column of tasks, or
with nothing beside it that a task table has, gives nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from luoshi.drafting.brackets import TimeFound, assignment_in, field_role, times_in
from luoshi.drafting.who import NameFound
from luoshi.reading.extract import Block
from luoshi.reading.limits import MAX_CELLS

__all__ = ["Column", "TableRow", "understand_table"]


class Column(StrEnum):
    """What a column of a task table holds."""

    SERIAL = "serial"
    TASK = "task"
    TITLE = "title"
    TARGET = "target"
    OWNER = "owner"
    SUPPORT = "support"
    DEADLINE = "deadline"
    CADENCE = "cadence"
    SOURCE = "source"
    REMARK = "remark"


@dataclass(frozen=True, slots=True)
class TableRow:
    """One task of a table.

    `task`, `titles`, `targets`, `source` and `remark` are indexes of blocks, `titles` from the widest category to the
    narrowest; names and times are places in the original text.
    """

    table: int
    row: int
    task: int
    titles: tuple[int, ...] = ()
    targets: tuple[int, ...] = ()
    owners: tuple[NameFound, ...] = ()
    support: tuple[NameFound, ...] = ()
    deadlines: tuple[TimeFound, ...] = ()
    cadence: tuple[TimeFound, ...] = ()
    source: int | None = None
    remark: int | None = None


_HEAD_ROWS: Final = 8
"""So many rows are looked through for the head."""

_MAX_COLUMNS: Final = 200
_MAX_PLACES: Final = MAX_CELLS
"""Places that merged cells may cover in one table; beyond that every cell counts for its first place only."""


def understand_table(blocks: Sequence[Block], text: str, *, first_leads: bool = False) -> list[TableRow]:
    """Return the tasks of all tables among the blocks, in order; `text` is the original text that the blocks lie in."""
    tables: dict[int, list[int]] = {}
    for index, block in enumerate(blocks):
        if block.place is not None:
            tables.setdefault(block.place.table, []).append(index)
    return [
        row
        for number, members in tables.items()
        for row in _Table(number, blocks, members, text, first_leads=first_leads).rows()
    ]


# Heads (patterns are compiled when the first table is met: most documents hold none)

_NOT_WORDS: Final = r"[\s　:：*＊]+|[（(【\[][^）)】\]]*[）)】\]]"
_SERIAL: Final = "序号?|编号|项次|序次|No\\.?|NO\\.?"
_TASKS: Final = (
    (
        r"(?:具体|主要|推进|工作|整改|落实|保障|重点)*(?:措施|举措|做法)|(?:具体|主要|任务|工作|分解|整改)*(?:内容|任务内容)|"
        r"具体(?:任务|工作|事项)|任务(?:分解|要求|描述|明细)|工作(?:要求|安排|举措)|工作任务及(?:要求|措施)|目标任务及措施|措施内容"
    ),
    (
        r"(?:年度|重点|主要|工作|整改|改革|专项|本月|本周|当月|下步|下一步)*(?:任务|工作)(?:事项|清单|名称|项目)?|任务|工作事项|重点事项|工作计划"
    ),
    (
        r"(?:项目|事项|实事|建设)(?:名称|内容|清单)?|(?:督办|交办|议定|决定|承诺|整改)事项|活动(?:名称|内容)?|(?:年度|工作)?目标任务"
    ),
)
"""Heads of the column of tasks: the more exact the kind of head, the sooner it is taken for the task itself."""

_TITLE: Final = (
    r"(?:任务|工作|项目|问题|事项)?(?:类别|分类|类型|板块|领域|方面|模块)|专项|"
    r"一级(?:指标|任务)|二级(?:指标|任务)|(?:存在|突出|主要|反馈|整改|具体)*问题(?:表现|清单)?|章节|部分|条目"
)
_TARGET: Final = (
    r"(?:工作|年度|预期|总体|量化|任务|阶段|绩效|具体|主要|考核|完成|整改|质量)*"
    r"(?:目标|指标|成效|标准|目标值|成果)(?:要求|任务|值)?|成果形式"
)
_SOURCE: Final = r"(?:任务|文件|问题|交办)?来源|依据|文件依据|出处"
_REMARK: Final = r"备注|说明|(?:完成|进展|落实|推进)情况|工作进展|进展|状态|是否完成|销号(?:情况)?|得分|分值"
_OF_ROLE: Final = {
    "lead": Column.OWNER,
    "leader": Column.OWNER,
    "owner": Column.OWNER,
    "support": Column.SUPPORT,
    "deadline": Column.DEADLINE,
    "cadence": Column.CADENCE,
}
_UNITS_ALONE: Final = r"(?:责任|任务)分工|分工|(?:主管|责任|归口|对应)(?:单位|部门|科室)?|科室|股室|处室"


def column_of(head: str) -> tuple[Column, int] | None:
    """Return what a head says its column holds, and for tasks how exactly (0 the most)."""
    words = re.sub(_NOT_WORDS, "", head)
    if not words or len(words) > 16:
        return None
    plain = (
        (_SERIAL, Column.SERIAL),
        (_REMARK, Column.REMARK),
        (_SOURCE, Column.SOURCE),
        (_TITLE, Column.TITLE),
    )
    for pattern, column in plain:
        if re.fullmatch(pattern, words):
            return column, 0
    for rank, pattern in enumerate(_TASKS):
        if re.fullmatch(pattern, words):
            return Column.TASK, rank
    if re.fullmatch(_TARGET, words):
        return Column.TARGET, 0
    return _column_of_role(words)


def _column_of_role(words: str) -> tuple[Column, int] | None:
    for part in (words, re.split("[及和与、/／]", words)[0]):
        role = field_role(part)
        if role in _OF_ROLE:
            return _OF_ROLE[role], 0
    return (Column.OWNER, 1) if re.fullmatch(_UNITS_ALONE, words) else None


@dataclass
class _Head:
    """A head row that was recognised: where it ends, and the columns by what they hold."""

    last: int
    columns: dict[int, Column] = field(default_factory=dict)
    labels: dict[int, str] = field(default_factory=dict)

    def of(self, column: Column) -> list[int]:
        return sorted(number for number, held in self.columns.items() if held is column)


# Tables

_NO_TASK: Final = r"\s*(?:注[：:]|备注[：:]|说明[：:]|合\s*计|总\s*计|小\s*计|填表|制表|审核人|联系人)"
_OUTLINE: Final = (
    r"\s*(?:[一二三四五六七八九十]+、|[（(][一二三四五六七八九十]+[）)]|第[一二三四五六七八九十]+[章节部])"
)
_LONGEST_SECTION: Final = 40
_SAME_AS_ABOVE: Final = r"\s*(?:同上|〃|″|\")\s*"


class _Table:
    """One table as a grid of block indexes, merged cells standing in every place that they cover."""

    def __init__(
        self, number: int, blocks: Sequence[Block], members: Sequence[int], text: str, *, first_leads: bool
    ) -> None:
        self.number = number
        self.text = text
        self.blocks = blocks
        self.first_leads = first_leads
        self.room = _MAX_PLACES
        self.grid: dict[int, dict[int, int]] = {}
        last = max(place.row for index in members if (place := blocks[index].place))
        for index in members:
            self._put(index, last)

    def _put(self, index: int, last: int) -> None:
        place = self.blocks[index].place
        if place is None:
            return
        self.room -= place.row_span * place.column_span
        high, wide = (place.row_span, min(place.column_span, _MAX_COLUMNS)) if self.room > 0 else (1, 1)
        for row in range(place.row, min(place.row + max(1, high), last + 1)):
            for column in range(place.column, place.column + max(1, wide)):
                self.grid.setdefault(row, {}).setdefault(column, index)

    def cell(self, index: int) -> str:
        return self.text[self.blocks[index].start : self.blocks[index].end]

    def top(self, index: int) -> int:
        place = self.blocks[index].place
        return place.row if place else 0

    def rows(self) -> Iterator[TableRow]:
        """Give the tasks below the head; nothing where no head of a task table is found."""
        head = self._head()
        if head is None:
            return
        section: int | None = None
        waiting: list[tuple[int, int, int | None]] = []
        for row in sorted(number for number in self.grid if number > head.last):
            if (title := self._section(row, head)) is not None:
                section = title
            elif (task := self._task(row, head)) is not None:
                waiting.append((row, task, section))
        if not waiting:
            return
        bounds = [row for row, *_ in waiting[1:]] + [max(self.grid, default=0) + 1]
        for (row, task, title), stop in zip(waiting, bounds, strict=True):
            yield self._read(row, task, title, head, self._last_row(row, stop, task, head))

    def _last_row(self, row: int, stop: int, task: int, head: _Head) -> int:
        """Return the row behind a task: it goes on where its cell does, and where task, number and title are empty."""
        place = self.blocks[task].place
        end = row + (place.row_span if place else 1)
        keys = (*head.of(Column.TASK), *head.of(Column.SERIAL), *head.of(Column.TITLE))
        while end < stop and end in self.grid and not any(self._starts(end, column) for column in keys):
            end += 1
        return min(end, stop)

    def _starts(self, row: int, column: int) -> bool:
        index = self.grid.get(row, {}).get(column)
        return index is not None and self.top(index) == row

    def _section(self, row: int, head: _Head) -> int | None:
        """Return the cell of a row that holds nothing else: a heading inside the table."""
        cells = set(self.grid[row].values())
        if len(cells) != 1:
            return None
        index = cells.pop()
        place = self.blocks[index].place
        alone = place is not None and (place.column_span > 1 or place.column not in head.of(Column.TASK))
        alone = alone or (
            len(self.cell(index)) <= _LONGEST_SECTION and re.match(_OUTLINE, self.cell(index)) is not None
        )
        return index if alone and not re.match(_NO_TASK, self.cell(index)) else None

    def _task(self, row: int, head: _Head) -> int | None:
        column = head.of(Column.TASK)[0]
        index = self.grid[row].get(column)
        if index is None or self.top(index) != row or re.match(_NO_TASK, self.cell(index)):
            return None
        repeated = column_of(self.cell(index)) is not None and self._columns(row).keys() == head.columns.keys()
        place = self.blocks[index].place
        spread = place is not None and place.column_span >= len(self.grid[row]) > 1
        return None if repeated or spread else index

    # The head

    def _head(self) -> _Head | None:
        """Return the row, or the two rows, of the first few that name the most columns of a task table."""
        best: _Head | None = None
        for row in sorted(self.grid)[:_HEAD_ROWS]:
            one = self._head_of({row: self.grid[row]}, row)
            below = self.grid.get(row + 1, {})
            two_lines = bool(self._columns(row)) and self._all_heads(row + 1)
            two = self._head_of({row: self.grid[row], row + 1: below}, row + 1) if two_lines else None
            for head in (one, two):
                if head and (best is None or len(head.columns) >= len(best.columns) + (head is one)):
                    best = head
        return best

    def _all_heads(self, row: int) -> bool:
        new = {index for index in self.grid.get(row, {}).values() if self.top(index) == row}
        return bool(new) and all(column_of(self.cell(index)) for index in new)

    def _columns(self, row: int) -> dict[int, tuple[Column, int]]:
        found = {number: column_of(self.cell(index)) for number, index in self.grid.get(row, {}).items()}
        return {number: column for number, column in found.items() if column}

    def _head_of(self, rows: Mapping[int, Mapping[int, int]], last: int) -> _Head | None:
        """Read a head; of several columns of tasks the most exact, then the last, holds the task, the others titles."""
        head, ranks = _Head(last), dict[int, int]()
        for row, cells in rows.items():
            for number, (column, rank) in self._columns(row).items():
                head.columns[number], ranks[number] = column, rank
                head.labels[number] = re.sub(_NOT_WORDS, "", self.cell(cells[number]))
        tasks = head.of(Column.TASK)
        useful = {Column.OWNER, Column.SUPPORT, Column.DEADLINE, Column.CADENCE, Column.SERIAL, Column.TARGET}
        if not tasks or not useful & set(head.columns.values()):
            return None
        if len({self.grid[last].get(number) for number in head.columns}) < 2:
            return None
        chosen = min(tasks, key=lambda number: (ranks[number], -number))
        for number in tasks:
            other = Column.TARGET if "目标" in head.labels[number] else Column.TITLE
            head.columns[number] = Column.TASK if number == chosen else other
        return head

    # One task

    def _read(self, row: int, task: int, section: int | None, head: _Head, stop: int) -> TableRow:
        owners, support = self._names(row, stop, head)
        deadlines, cadence = self._times(row, stop, head)
        titles = self._cells(row, row + 1, head, Column.TITLE)
        return TableRow(
            self.number,
            row,
            task,
            titles=tuple(index for index in (section, *titles) if index is not None and index != task),
            targets=tuple(self._cells(row, stop, head, Column.TARGET)),
            owners=tuple(owners),
            support=tuple(support),
            deadlines=tuple(deadlines),
            cadence=tuple(cadence),
            source=next(iter(self._cells(row, stop, head, Column.SOURCE)), None),
            remark=next(iter(self._cells(row, stop, head, Column.REMARK)), None),
        )

    def _cells(self, row: int, stop: int, head: _Head, column: Column) -> list[int]:
        """Return the cells of the columns of one kind, each once; 同上 stands for the cell above it."""
        found: dict[int, None] = {}
        for number in head.of(column):
            for line in range(row, stop):
                index = self._above(line, number)
                if index is not None:
                    found[index] = None
        return list(found)

    def _above(self, row: int, number: int) -> int | None:
        index = self.grid.get(row, {}).get(number)
        while index is not None and re.fullmatch(_SAME_AS_ABOVE, self.cell(index)):
            row = self.top(index) - 1
            index = self.grid.get(row, {}).get(number)
        return index

    def _names(self, row: int, stop: int, head: _Head) -> tuple[list[NameFound], list[NameFound]]:
        """Return owners and supporters; 责任单位 beside a column 牵头单位 only help."""
        led = any(field_role(head.labels[number]) == "lead" for number in head.of(Column.OWNER))
        owners: list[NameFound] = []
        support: list[NameFound] = []
        for number in (*head.of(Column.OWNER), *head.of(Column.SUPPORT)):
            label = head.labels[number]
            part = _Head(head.last, {number: head.columns[number]})
            for index in self._cells(row, stop, part, head.columns[number]):
                block = self.blocks[index]
                found = assignment_in(self.text, block.start, block.end, label, first_leads=self.first_leads)
                if found is None:
                    continue
                second = led and field_role(label) == "owner"
                (support if second else owners).extend(found.owners)
                support.extend(found.support)
        return owners, support

    def _times(self, row: int, stop: int, head: _Head) -> tuple[list[TimeFound], list[TimeFound]]:
        deadlines: list[TimeFound] = []
        cadence: list[TimeFound] = []
        for index in self._cells(row, stop, head, Column.DEADLINE):
            block = self.blocks[index]
            by, every = times_in(self.text, block.start, block.end)
            whole = (
                not by and not every and len(self.cell(index)) <= _LONGEST_TIME and re.search(r"\d", self.cell(index))
            )
            deadlines.extend([_whole(self.text, block)] if whole else by)
            cadence.extend(every)
        cadence.extend(_whole(self.text, self.blocks[index]) for index in self._cells(row, stop, head, Column.CADENCE))
        return deadlines, cadence


_LONGEST_TIME: Final = 20


def _whole(text: str, block: Block) -> TimeFound:
    words = text[block.start : block.end]
    start = block.start + len(words) - len(words.lstrip())
    words = words.strip()
    return TimeFound(start, start + len(words), words)
