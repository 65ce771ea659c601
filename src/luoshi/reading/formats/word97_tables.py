"""The tables of a Word 97–2003 file, put together from paragraphs that end cells and rows."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Final

from luoshi.reading.extract import Cell
from luoshi.reading.formats.word97_binary import Grid, Paragraph

__all__ = ["Row", "placed", "rows_and_paragraphs"]

_NEAR: Final = 40  # twentieths of a point: edges that look like one line


@dataclass(frozen=True, slots=True)
class Row:
    """The texts of a row's cells, and where they stand if the file says so."""

    cells: tuple[str, ...]
    grid: Grid | None


def rows_and_paragraphs(paragraphs: Iterable[Paragraph]) -> Iterator[Paragraph | Row]:
    """Yield paragraphs outside tables, and table rows."""
    row: list[str] = []
    cell: list[Paragraph] = []
    for paragraph in paragraphs:
        if paragraph.row_end:
            yield Row(tuple(row), paragraph.grid)
            row, cell = [], []
        elif paragraph.end == "\x07":
            row.append(_text([*cell, paragraph]))
            cell = []
        elif paragraph.in_table:
            cell.append(paragraph)
        else:
            if row:  # its end got lost
                yield Row(tuple(row), None)
            yield from (*cell, paragraph)
            row, cell = [], []
    if row:
        yield Row(tuple(row), None)
    yield from cell


def placed(rows: list[Row]) -> list[list[Cell]]:
    """Give the cells their columns and spans, by the edges of all rows together where every row names its edges."""
    grids = [row.grid for row in rows if row.grid is not None and len(row.grid.edges) == len(row.cells) + 1]
    if len(grids) < len(rows):
        return [[Cell(text, column) for column, text in enumerate(row.cells)] for row in rows]
    lines = _lines(edge for grid in grids for edge in grid.edges)
    table: list[list[Cell]] = []
    above: dict[int, tuple[int, int]] = {}
    for number, (row, grid) in enumerate(zip(rows, grids, strict=True)):
        below: dict[int, tuple[int, int]] = {}
        table.append([])
        for index, text in enumerate(row.cells):
            column, end = (bisect_left(lines, edge - _NEAR) for edge in grid.edges[index : index + 2])
            if index in grid.goes_on and column in above:
                below[column] = above[column]
                _grow(table, *above[column])
            else:
                below[column] = (number, len(table[-1]))
                table[-1].append(Cell(text, column, 1, max(1, end - column)))
        above = below
    return table


def _grow(table: list[list[Cell]], row: int, index: int) -> None:
    """Let a cell reach one row further down."""
    cell = table[row][index]
    table[row][index] = replace(cell, row_span=cell.row_span + 1)


def _lines(edges: Iterable[int]) -> list[int]:
    """Return the lines between columns: the edges, those near to one another as one."""
    lines: list[int] = []
    for edge in sorted(set(edges)):
        if not lines or edge - lines[-1] > _NEAR:
            lines.append(edge)
    return lines


def _text(paragraphs: list[Paragraph]) -> str:
    lines = (paragraph.text.replace("\t", " ").strip() for paragraph in paragraphs)
    return "\n".join(line for line in lines if line)
