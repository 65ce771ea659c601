"""The words that stand around and inside a written table: legends, marks, and texts that a cell cannot hold."""

from __future__ import annotations

from typing import Final

from luoshi.gongwen.table import CellValue, Column, Sheet, as_cell, clean_text
from luoshi.words import Language, Words

__all__ = ["CUT_MARK", "EMPTY", "OVERLONG_MARK", "QUERY_MARK", "check_reasons", "cut_to_units", "is_marked", "legend"]

CUT_MARK: Final = Words("……（超出单元格容量，以下从略）", " … (cut: more than a cell can hold)")
"""Ends a text of which a spreadsheet cell can hold only the beginning."""

OVERLONG_MARK: Final = Words("（文长，全文另附表后）", "(too long for its row; in full under the table) ")
"""Opens a text that is whole in its cell, but taller than a row of a spreadsheet can be."""

QUERY_MARK: Final = "?"
"""Stands behind a number or a day of low confidence that stays a number or a day in its cell."""

EMPTY: Final = Words("（本表没有内容）", "(This table holds no rows.)")
"""Stands under the head of a table without rows."""

LISTED_ROWS: Final = 10
"""As many rows, or ranges of rows, are named for one reason."""

_LEGEND: Final = Words(
    "注：加底色并标有{marks}的内容，由计算机识别且把握不大，请对照原文核实。",
    "Note: what is shaded and marked {marks} was read by the computer with little confidence; "
    "please compare it with the original.",
)


def is_marked(column: Column, cell: CellValue) -> bool:
    """Say whether a cell is shown as one to be checked."""
    return cell.low and column.low_marks


def legend(sheet: Sheet, language: Language, *marks: str) -> str:
    """Return the line that explains the `marks` in use, "" for a sheet in which no cell is marked."""
    marked = any(
        is_marked(column, as_cell(cell)) for row in sheet.rows for column, cell in zip(sheet.columns, row, strict=False)
    )
    quoted = Words("或", " or ").in_(language).join(f"“{mark.strip()}”" for mark in marks)
    return _LEGEND.in_(language).format(marks=quoted) if marked else ""


def check_reasons(sheet: Sheet, language: Language) -> list[str]:
    """Return one line for each column and reason, with the rows that it stands in, in the order of the sheet.

    Rows are counted from 1. Marked cells without a note are left out.
    """
    rows: dict[tuple[int, str], list[int]] = {}
    for number, row in enumerate(sheet.rows, 1):
        for place, (column, cell) in enumerate(zip(sheet.columns, map(as_cell, row), strict=False)):
            note = clean_text(cell.note).strip()
            if is_marked(column, cell) and note:
                rows.setdefault((place, note), []).append(number)
    pattern = Words("“{column}”：{note}（{rows}）", "{column}: {note} ({rows})").in_(language)
    return [
        pattern.format(column=clean_text(sheet.columns[place].title), note=note, rows=_row_list(numbers, language))
        for (place, note), numbers in sorted(rows.items(), key=lambda item: item[0][0])
    ]


def _row_list(numbers: list[int], language: Language) -> str:
    """Name rows by number, neighbours as a range, and only the first of many."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and runs[-1][-1] == number - 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    comma = Words("、", ", ").in_(language)
    shown = [f"{run[0]}–{run[-1]}" if len(run) > 2 else comma.join(map(str, run)) for run in runs]
    text = comma.join(shown[:LISTED_ROWS])
    if len(shown) > LISTED_ROWS:
        return Words(f"第{text}等{len(numbers)}行", f"rows {text} and others, {len(numbers)} in all").in_(language)
    return Words(f"第{text}行", f"row{'s' if len(numbers) > 1 else ''} {text}").in_(language)


def cut_to_units(text: str, limit: int, mark: str) -> str:
    """Return the text, or as much of it as leaves room for `mark` in `limit` UTF-16 units, which office files count."""
    if len(text) * 2 <= limit or len(text.encode("utf-16-le")) // 2 <= limit:
        return text
    room = limit - len(mark.encode("utf-16-le")) // 2
    kept = text.encode("utf-16-le")[: room * 2].decode("utf-16-le", errors="ignore")
    return kept + mark
