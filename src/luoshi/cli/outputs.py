"""The table of a plan as a terminal shows it, as lines for other programs, and as sheets of an office file."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Final, NamedTuple

from luoshi.cli.terminal import TableColumn, draw, wrap
from luoshi.words import Language, Words

if TYPE_CHECKING:
    from luoshi.drafting.table import Field, LeftRow, PlanTable, SentenceRow, TaskRow
    from luoshi.gongwen import Cell, Sheet

__all__ = ["docx_bytes", "drawn_lines", "plain_lines", "xlsx_bytes"]


class _Head(NamedTuple):
    """A field of a task row: its heading, its width in a spreadsheet, its least width on a terminal."""

    key: str
    title: Words
    width: float
    least: int


_NUMBER = Words("序号", "No.")
_FIELDS: Final = (
    _Head("title", Words("工作任务", "Task"), 26, 20),
    _Head("words", Words("原文要求", "The very words"), 44, 24),
    _Head("targets", Words("量化目标", "Targets"), 18, 12),
    _Head("owners", Words("牵头单位", "Lead"), 16, 12),
    _Head("support", Words("配合单位", "Support"), 16, 12),
    _Head("deadlines", Words("完成时限", "Due"), 20, 14),
    _Head("cadence", Words("频次", "Rhythm"), 9, 6),
    _Head("place", Words("出处", "Place"), 20, 16),
)
_ON_TERMINAL: Final = ("title", "owners", "deadlines", "targets", "support", "cadence", "words", "place")
"""By importance: what stands last is left out where the terminal is narrow."""

_OPTIONAL: Final = ("targets", "support", "cadence")
"""Left out of a document and of the terminal where no task has any; owners and times stay, to be filled in."""

_DOUBT: Final = " ?"


def _field(row: TaskRow, key: str) -> Field:
    field: Field = getattr(row, key)
    return field


def _used(table: PlanTable, heads: Sequence[_Head]) -> list[_Head]:
    return [
        head for head in heads if head.key not in _OPTIONAL or any(_field(row, head.key).text for row in table.tasks)
    ]


def drawn_lines(table: PlanTable, width: int, language: Language) -> Iterator[str]:
    """Draw the task table for a terminal of `width` columns, with a question mark where a person must check."""
    doubtful = sum(any(_field(row, head.key).doubt for head in _FIELDS) for row in table.tasks)
    yield from wrap(table.source, width)
    count = Words(f"{len(table.tasks)} 项任务，{doubtful} 项需要核对", f"{len(table.tasks)} tasks, {doubtful} to check")
    yield count.in_(language)
    if table.tasks:
        yield ""
        yield from draw(list(_terminal_columns(table, language)), width)
        yield ""
        yield from wrap(_legend(doubtful).in_(language), width)


def _legend(doubtful: int) -> Words:
    zh = "原文和出处用 -o 任务分解表.xlsx 看全，每一栏的依据用 luoshi explain 看。"
    en = "The very words and places are all in -o tasks.xlsx; luoshi explain tells the reasons."
    return Words(f"? 表示要核对。{zh}", f"? means check it. {en}") if doubtful else Words(zh, en)


def _terminal_columns(table: PlanTable, language: Language) -> Iterator[TableColumn]:
    heads = {head.key: head for head in _used(table, _FIELDS)}
    yield TableColumn(_NUMBER.in_(language), [str(row.number) for row in table.tasks], 4)
    for key in _ON_TERMINAL:
        if key in heads:
            cells = [_marked(_field(row, key)) for row in table.tasks]
            yield TableColumn(heads[key].title.in_(language), cells, heads[key].least)


def _marked(field: Field) -> str:
    return field.text + _DOUBT if field.doubt else field.text


def plain_lines(table: PlanTable, language: Language) -> Iterator[str]:
    """Return a line of headings and a line for each task, the fields parted by tabs."""
    yield "\t".join([_NUMBER.in_(language), *(head.title.in_(language) for head in _FIELDS)])
    for row in table.tasks:
        fields = (_marked(_field(row, head.key)) for head in _FIELDS)
        yield "\t".join([str(row.number), *map(_flat, fields)])


def _flat(text: str) -> str:
    """Return the lines of a field as one; what stands in brackets belongs to the line before."""
    lines = (" ".join(line.split()) for line in text.split("\n"))
    return "；".join(lines).replace("；（", "（").replace("；(", " (")


def xlsx_bytes(table: PlanTable, language: Language) -> bytes:
    """Return the workbook: the tasks, every sentence with its label, and what yielded no task."""
    import io  # noqa: PLC0415 — with what follows

    from luoshi.gongwen import write_xlsx  # noqa: PLC0415 — heavy, and not every run needs it

    buffer = io.BytesIO()
    sheets = [_task_sheet(table, _FIELDS, language), _sentence_sheet(table, language), _left_sheet(table, language)]
    write_xlsx(sheets, buffer, title=table.title, language=language)
    return buffer.getvalue()


def docx_bytes(table: PlanTable, language: Language) -> bytes:
    """Return the document: the task table in the layout of official documents."""
    import io  # noqa: PLC0415 — with what follows

    from luoshi.gongwen import write_docx_table  # noqa: PLC0415 — heavy, and not every run needs it

    buffer = io.BytesIO()
    sheet = _task_sheet(table, _used(table, _FIELDS), language)
    write_docx_table(sheet, buffer, title=table.title, language=language)
    return buffer.getvalue()


def _task_sheet(table: PlanTable, heads: Sequence[_Head], language: Language) -> Sheet:
    from luoshi.gongwen import Column, Sheet  # noqa: PLC0415 — heavy, and not every run needs it

    columns = [
        Column("number", _NUMBER.in_(language), 6, align="center", low_marks=False),
        *(Column(head.key, head.title.in_(language), head.width, low_marks=head.key != "words") for head in heads),
    ]
    rows = [[row.number, *(_cell(_field(row, head.key)) for head in heads)] for row in table.tasks]
    name = Words("任务分解表", "Tasks").in_(language)
    return Sheet(name, columns, rows, title=table.title, source=table.source)


def _sentence_sheet(table: PlanTable, language: Language) -> Sheet:
    from luoshi.gongwen import Column, Sheet  # noqa: PLC0415 — heavy, and not every run needs it

    columns = [
        Column("number", Words("句号", "No.").in_(language), 7, align="center", low_marks=False),
        Column("text", Words("原文", "Sentence").in_(language), 84, low_marks=False),
        Column("label", Words("类别", "Label").in_(language), 14),
        Column("confidence", Words("把握（%）", "Sure (%)").in_(language), 10, align="center", low_marks=False),
        Column("task", Words("任务序号", "Task").in_(language), 10, align="center", low_marks=False),
        Column("place", Words("位置", "Place").in_(language), 16, low_marks=False),
    ]
    name = Words("逐句标注", "Sentences").in_(language)
    return Sheet(name, columns, [_sentence_cells(row) for row in table.sentences], title=name, source=table.source)


def _sentence_cells(row: SentenceRow) -> list[Cell]:
    task = "" if row.task is None else row.task
    return [row.number, row.text, _cell(row.label), round(row.confidence * 100), task, row.place]


def _left_sheet(table: PlanTable, language: Language) -> Sheet:
    from luoshi.gongwen import Column, Sheet  # noqa: PLC0415 — heavy, and not every run needs it

    columns = [
        Column("number", Words("句号", "No.").in_(language), 7, align="center", low_marks=False),
        Column("text", Words("原文", "Sentence").in_(language), 84, low_marks=False),
        Column("reason", Words("没有成为任务的原因", "Why it is no task").in_(language), 34, low_marks=False),
        Column("place", Words("位置", "Place").in_(language), 16, low_marks=False),
    ]
    name = Words("未成任务", "No task").in_(language)
    return Sheet(name, columns, [_left_cells(row) for row in table.left], title=name, source=table.source)


def _left_cells(row: LeftRow) -> list[Cell]:
    return [row.number, row.text, row.reason, row.place]


def _cell(field: Field) -> Cell:
    from luoshi.gongwen import CellValue  # noqa: PLC0415 — heavy, and not every run needs it

    return CellValue(field.text, low=True, note=field.doubt) if field.doubt else field.text
