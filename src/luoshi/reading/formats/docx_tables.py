"""The grid of a Word table: which cell stands in which row and column, merged cells counted once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from luoshi.reading.formats.docx_package import W, flag, number

if TYPE_CHECKING:
    from lxml.etree import _Element

__all__ = ["Slot", "grid"]

_CELL: Final = W + "tc"
_ROW: Final = W + "tr"
_TABLE: Final = W + "tbl"
_MOST_COLUMNS: Final = 1000  # Word itself stops at 63


@dataclass(slots=True)
class Slot:
    """One cell of the grid; `row_span` grows while the rows below are read."""

    element: _Element
    column: int
    column_span: int
    row_span: int = 1


def grid(table: _Element) -> list[list[Slot]]:
    """Return the rows of a table, each with the cells that begin in it.

    What stands in the continued part of a merged cell is not shown by Word and not returned. Hidden rows are left out.
    """
    rows: list[list[Slot]] = []
    above: dict[int, Slot] = {}
    for row in _inside(table, _ROW):
        properties = row.find(W + "trPr")
        if not flag(properties, "hidden"):
            slots, above = _row(row, number(properties, "gridBefore") or 0, above)
            rows.append(slots)
    return rows


def _row(row: _Element, column: int, above: dict[int, Slot]) -> tuple[list[Slot], dict[int, Slot]]:
    """Return the cells that begin in a row, and all its cells by column as the next row will look up at them."""
    slots: list[Slot] = []
    below: dict[int, Slot] = {}
    for element in _inside(row, _CELL):
        properties = element.find(W + "tcPr")
        span = max(1, min(number(properties, "gridSpan") or 1, _MOST_COLUMNS))
        if _continues(properties, "hMerge") and slots:
            slots[-1].column_span += span
        elif _continues(properties, "vMerge") and column in above:
            above[column].row_span += 1
            below[column] = above[column]
        else:
            slots.append(Slot(element, column, span))
            below[column] = slots[-1]
        column += span
    return slots, below


def _continues(properties: _Element | None, kind: str) -> bool:
    merge = properties.find(W + kind) if properties is not None else None
    return merge is not None and merge.get(W + "val", "continue") == "continue"


def _inside(container: _Element, wanted: str) -> Iterator[_Element]:
    """Yield the rows of a table or the cells of a row, also those in content controls, not those of inner tables."""
    for child in container:
        if child.tag == wanted:
            yield child
        elif child.tag not in {_CELL, _ROW, _TABLE}:
            yield from _inside(child, wanted)
