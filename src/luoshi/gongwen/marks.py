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

_LEGEND: Final = Words(
    "注：加底色并标有“（待核）”或“?”的内容，由计算机识别且把握不大，请对照原文核实。",
    "Note: what is shaded and marked “(to check)” or “?” was read by the computer with little confidence; "
    "please compare it with the original.",
)


def is_marked(column: Column, cell: CellValue) -> bool:
    """Say whether a cell is shown as one to be checked."""
    return cell.low and column.low_marks


def legend(sheet: Sheet, language: Language) -> str:
    """Return the line that explains the check marks, "" for a sheet without any."""
    marked = any(
        is_marked(column, as_cell(cell)) for row in sheet.rows for column, cell in zip(sheet.columns, row, strict=False)
    )
    return _LEGEND.in_(language) if marked else ""


def check_reasons(sheet: Sheet, language: Language) -> list[str]:
    """Return one line for each column and reason, with the rows that it stands in, in the order of the sheet.

    Rows are counted from 1. Marked cells without a note are left out.
    """
    rows: dict[tuple[int, str], list[str]] = {}
    for number, row in enumerate(sheet.rows, 1):
        for place, (column, cell) in enumerate(zip(sheet.columns, map(as_cell, row), strict=False)):
            note = clean_text(cell.note).strip()
            if is_marked(column, cell) and note:
                rows.setdefault((place, note), []).append(str(number))
    pattern = Words("第{rows}行“{column}”：{note}", "Row {rows}, {column}: {note}").in_(language)
    comma = Words("、", ", ").in_(language)
    return [
        pattern.format(rows=comma.join(numbers), column=clean_text(sheet.columns[place].title), note=note)
        for (place, note), numbers in sorted(rows.items(), key=lambda item: item[0][0])
    ]


def cut_to_units(text: str, limit: int, mark: str) -> str:
    """Return the text, or as much of it as leaves room for `mark` in `limit` UTF-16 units, which office files count."""
    if len(text) * 2 <= limit or len(text.encode("utf-16-le")) // 2 <= limit:
        return text
    room = limit - len(mark.encode("utf-16-le")) // 2
    kept = text.encode("utf-16-le")[: room * 2].decode("utf-16-le", errors="ignore")
    return kept + mark
