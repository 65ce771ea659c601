"""How the columns of a printed table share the width of the page.

The widths that a caller names suit a screen, where a sheet can be as wide as it likes. On paper the rows should be
low: a column gets what a typical cell of it needs to stand in as few lines as the other columns' cells.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from typing import Final

from luoshi.gongwen import layout
from luoshi.gongwen.layout import mm_to_points
from luoshi.gongwen.marks import is_marked
from luoshi.gongwen.measure import text_width
from luoshi.gongwen.table import Sheet, as_cell, shown_text
from luoshi.words import Language

__all__ = ["CELL_PADDING_POINTS", "TABLE_POINTS", "Grid", "share_page"]

TABLE_POINTS: Final = mm_to_points(layout.LANDSCAPE_TYPE_WIDTH_MM)
"""Width of every table: the whole type area."""

CELL_PADDING_POINTS: Final = 3.0
"""Room beside the text, on each side of a cell."""

LEAST_EMS: Final = 2.2
"""No column gets narrower than this, so that a heading still breaks after every second character."""

HEADING_EMS: Final = 4.2
"""A heading up to this long stays on one line."""

DAY_EMS: Final = 8.3
"""Room for 2026年12月31日 on one line, with the space that some programs put around the figures."""

RAGGED_EMS: Final = 0.7
"""What a line of text loses at its end because a character, or a closing mark, does not fit."""

TYPICAL_SHARE: Final = 0.8
"""This share of a column's cells is no longer than its typical cell."""

TYPICAL_LINES: Final = 6
"""No column counts for more than this many lines of the width that it asks for, or one long text would starve all."""

_SAMPLE_ROWS = 500
_SAMPLE_CHARACTERS = 2_000
_MOST_LINES = 60


@dataclass(frozen=True, slots=True)
class Grid:
    """Widths of the columns in points, and the size of their text."""

    widths: tuple[float, ...]
    size: float

    def room(self, place: int) -> float:
        """Return the room for text in a column, in ems."""
        return (self.widths[place] - 2 * CELL_PADDING_POINTS) / self.size


def share_page(sheet: Sheet, language: Language) -> Grid:
    """Share the page's width among the columns, in 小四 where that gives each the characters it asks for, else 五号."""
    columns = sheet.columns
    padding = 2 * CELL_PADDING_POINTS * len(columns)
    asked = [column.width / 2 for column in columns]
    size = layout.SIZE_SMALL_4 if sum(asked) * layout.SIZE_SMALL_4 + padding <= TABLE_POINTS else layout.SIZE_5
    room = max(TABLE_POINTS - padding, 0.0) / size
    ems = _lowest_rows(_least(sheet), _typical(sheet, language), room)
    spare = (room - sum(ems)) / sum(asked)
    widths = (width + spare * wish for width, wish in zip(ems, asked, strict=True))
    share = TABLE_POINTS / (room * size + padding)  # under 1 only where padding alone would fill the page
    return Grid(tuple((width * size + 2 * CELL_PADDING_POINTS) * share for width in widths), size)


def _lowest_rows(least: list[float], typical: list[float], room: float) -> list[float]:
    """Return the widths at which typical cells take the same, smallest number of lines; they fill at most `room`."""
    for lines in range(1, _MOST_LINES):
        ragged = RAGGED_EMS if lines > 1 else 0.0
        widths = [max(low, need / lines + ragged) for low, need in zip(least, typical, strict=True)]
        if sum(widths) <= room:
            return widths
    return [low * min(room / sum(least), 1.0) for low in least]


_DAY: Final = re.compile(r"[（(]?\d{4}-\d\d-\d\d[）)]?")
"""A day within a text, which would break at its hyphens."""


def _least(sheet: Sheet) -> list[float]:
    """Return the smallest widths that look well, in ems: room for the heading, for the check mark, for a day."""
    least = [max(LEAST_EMS, min(text_width(column.title) + 0.2, HEADING_EMS)) for column in sheet.columns]
    for row in sheet.rows[:_SAMPLE_ROWS]:
        for place, cell in enumerate(map(as_cell, row)):
            if isinstance(cell.text, dt.date):
                least[place] = max(least[place], DAY_EMS)
                continue
            if is_marked(sheet.columns[place], cell):
                least[place] = max(least[place], HEADING_EMS)
            for day in _DAY.findall(str(cell.text)):
                least[place] = max(least[place], text_width(day) + 0.2)
    return least


def _typical(sheet: Sheet, language: Language) -> list[float]:
    """Return the width of each column's typical cell on one line, in ems; what the column asks for when it is empty."""
    cells: list[list[float]] = [[] for _ in sheet.columns]
    for row in sheet.rows[:_SAMPLE_ROWS]:
        for place, cell in enumerate(row):
            text = shown_text(as_cell(cell), language, marked=False)[:_SAMPLE_CHARACTERS]
            if text:
                cells[place].append(max(map(text_width, text.split("\n"))))
    return [
        min(sorted(found)[int((len(found) - 1) * TYPICAL_SHARE)], column.width / 2 * TYPICAL_LINES)
        if found
        else column.width / 2
        for column, found in zip(sheet.columns, cells, strict=True)
    ]
