"""The rows and places of an HTML table, with cells that span several of either."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from luoshi.reading.errors import TooLargeError
from luoshi.reading.formats.html_tree import Element
from luoshi.reading.limits import MAX_CELLS

__all__ = ["Grid", "Placed", "grid_of"]

_GROUPS: Final = ("thead", "tbody", "tfoot")
_MOST_COLUMNS: Final = 1000  # browsers take no wider cell
_MOST_ROWS: Final = 65_534
_RULED: Final = re.compile(r"border[a-z-]*\s*:[^;]*(?:solid|double|dashed|dotted)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Placed:
    """A cell and where it stands."""

    element: Element
    column: int
    row_span: int
    column_span: int


@dataclass(frozen=True, slots=True)
class Grid:
    """A table's cells row by row, and what stands in it outside all cells (its caption, stray text).

    `presentation` is true of a table that says it only lays out; `is_ruled` of one that looks like a table of data:
    ruled lines, head cells or a caption.
    """

    rows: tuple[tuple[Placed, ...], ...]
    loose: tuple[Element, ...]
    presentation: bool
    is_ruled: bool


def grid_of(table: Element) -> Grid:
    """Give every cell of a table its place.

    Raises:
        TooLargeError: the cells span more places than `limits.py` allows.
    """
    groups, loose = _groups(table)
    rows: list[tuple[Placed, ...]] = []
    places = 0
    for group in groups:
        taken: dict[int, int] = {}
        lines = [_cells(row, loose) for row in group]
        for number, cells in enumerate(lines):
            row = tuple(_placed(cells, taken, len(lines) - number))
            rows.append(row)
            places += sum(cell.row_span * cell.column_span for cell in row)
            if places > MAX_CELLS:
                raise TooLargeError(
                    f"表格超过{MAX_CELLS}个单元格，请拆成几个文件再读。",
                    f"The table has more than {MAX_CELLS} cells; split it into several files.",
                )
    return Grid(
        tuple(rows),
        tuple(loose),
        table.attribute("role") in {"presentation", "none"},
        _is_ruled(table, rows, loose),
    )


def _groups(table: Element) -> tuple[list[list[Element]], list[Element]]:
    """Return the rows group by group, the foot last, and what stands outside all rows."""
    found: dict[str, list[list[Element]]] = {tag: [] for tag in _GROUPS}
    own: list[Element] = []
    loose: list[Element] = []
    for child in table.children:
        if isinstance(child, str):
            loose += [Element("p", {}, [child])] if child.strip() else []
        elif child.tag in _GROUPS:
            found[child.tag].append(_rows(child, loose))
        elif child.tag in {"tr", "td", "th"}:
            own.append(child if child.tag == "tr" else Element("tr", {}, [child]))
        elif child.tag not in {"colgroup", "col"}:
            loose.append(child)
    return [*found["thead"], *([own] if own else []), *found["tbody"], *found["tfoot"]], loose


def _rows(group: Element, loose: list[Element]) -> list[Element]:
    rows = []
    for child in group.children:
        if isinstance(child, Element) and child.tag == "tr":
            rows.append(child)
        elif isinstance(child, Element) or child.strip():
            loose.append(child if isinstance(child, Element) else Element("p", {}, [child]))
    return rows


def _cells(row: Element, loose: list[Element]) -> list[Element]:
    cells = []
    for child in row.children:
        if isinstance(child, Element) and child.tag in {"td", "th"}:
            cells.append(child)
        elif isinstance(child, Element) or child.strip():
            loose.append(child if isinstance(child, Element) else Element("p", {}, [child]))
    return cells


def _placed(cells: list[Element], taken: dict[int, int], left: int) -> Iterator[Placed]:
    """Place the cells of one row; `taken` counts, by column, the rows that cells from above still reach into."""
    for column in [column for column, rows in taken.items() if rows <= 0]:
        del taken[column]
    reached = dict(taken)
    column = 0
    for cell in cells:
        while column in reached:
            column += 1
        width = max(1, min(_count(cell, "colspan", 1), _MOST_COLUMNS))
        height = min(_count(cell, "rowspan", 1) or left, _MOST_ROWS, left)
        yield Placed(cell, column, height, width)
        if height > 1:
            taken.update(dict.fromkeys(range(column, column + width), height))
        column += width
    for taken_column in taken:
        taken[taken_column] -= 1


def _count(cell: Element, name: str, otherwise: int) -> int:
    match = re.match(r"\s*(\d{1,6})", cell.attributes.get(name, ""))
    return int(match[1]) if match else otherwise


def _is_ruled(table: Element, rows: list[tuple[Placed, ...]], loose: list[Element]) -> bool:
    if table.attribute("border") not in {"", "0", "0px"} or any(element.tag == "caption" for element in loose):
        return True
    elements = [table, *(cell.element for row in rows for cell in row)]
    return any(
        element.tag == "th" or _RULED.search(element.attributes.get("style", "")) is not None for element in elements
    )
