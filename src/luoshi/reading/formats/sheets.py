"""Pages to an :class:`~luoshi.reading.extract.Extract`: the whole way from positioned characters to blocks.

Pages are handed over one at a time and kept only as rows of text, so that a long file needs little memory.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Final, NamedTuple

from luoshi.reading.errors import TooLargeError
from luoshi.reading.extract import Builder, Cell, Role
from luoshi.reading.formats.columns import Flow, flows_of
from luoshi.reading.formats.lines import Glyph, Piece, glue, quantile, rows_of
from luoshi.reading.formats.paragraphs import Line, Paragraph, body_size, paragraphs_of
from luoshi.reading.formats.running import part_running
from luoshi.reading.limits import MAX_CHARACTERS

__all__ = ["Grid", "Layout", "Sheet"]

_EXACT: Final = 0.08
_GUESSED: Final = 0.35
"""How far sizes may differ within a paragraph: where the file states them, and where they are measured in a picture."""
_HEADING: Final = 1.15
_HEADING_LENGTH: Final = 80
_LEVELS: Final = 6


class Grid(NamedTuple):
    """A table with ruled lines: its cells by row, and the heights between which it stands."""

    rows: tuple[tuple[Cell, ...], ...]
    top: float
    bottom: float
    columns: tuple[float, ...]


class Sheet(NamedTuple):
    """One page; y grows downwards from its upper edge. The characters of a grid are not among the glyphs."""

    number: int
    width: float
    height: float
    glyphs: Sequence[Glyph]
    grids: Sequence[Grid] = ()
    exact: bool = True
    """Whether sizes were stated by the file rather than measured in a picture."""


class _Page(NamedTuple):
    number: int
    width: float
    height: float
    rows: list[list[Piece]]
    grids: tuple[Grid, ...]


class Layout:
    """Takes in pages, in any order, then writes their paragraphs, tables, headers and footers into a builder."""

    def __init__(self) -> None:
        self._exact = True
        self._pages: list[_Page] = []
        self._characters = 0

    def add(self, sheet: Sheet) -> None:
        """Take in the next page. Raises TooLargeError when the text grows over its limit."""
        self._characters += sum(len(glyph.text) for glyph in sheet.glyphs)
        self._characters += sum(len(cell.text) for grid in sheet.grids for row in grid.rows for cell in row)
        if self._characters > MAX_CHARACTERS:
            raise TooLargeError(
                f"文件的文字超过{MAX_CHARACTERS}字，请拆成几个文件再读。",
                f"The file holds more than {MAX_CHARACTERS} characters of text; split it into several files.",
            )
        grids = tuple(sorted(sheet.grids, key=lambda grid: grid.top))
        rows = rows_of(sheet.glyphs)
        self._pages.append(_Page(sheet.number, max(sheet.width, 1.0), max(sheet.height, 1.0), rows, grids))
        self._exact = self._exact and sheet.exact

    def fill(self, builder: Builder) -> None:
        """Write everything: the body in reading order, then headers, then footers."""
        self._pages.sort(key=lambda page: page.number)
        running = part_running([(page.number, page.height, page.rows) for page in self._pages])
        stretches = self._stretches()
        lines = [line for stretch in stretches if isinstance(stretch, list) for line in stretch]
        body = body_size(lines)
        tolerance = _EXACT if self._exact else _GUESSED
        written: list[Paragraph | tuple[int, Grid]] = []
        for stretch in stretches:
            written += (
                paragraphs_of(stretch, body=body, tolerance=tolerance) if isinstance(stretch, list) else [stretch]
            )
        levels = _levels([item for item in written if isinstance(item, Paragraph)], body) if self._exact else {}
        for item in written:
            if isinstance(item, Paragraph):
                level = levels.get(round(item.size)) if _is_heading(item) else None
                builder.add(item.text(), level=level, page=item.page)
            else:
                builder.table(item[1].rows, page=item[0])
        for head in running:
            builder.add(head.text, role=Role.HEADER if head.top else Role.FOOTER, page=head.page)

    def _stretches(self) -> list[list[Line] | tuple[int, Grid]]:
        """Return the body: lines that may read on, parted by tables; a table goes on over the end of a page."""
        edges = _Edges()
        flows = [flows_of(page.rows, [grid.top for grid in page.grids]) for page in self._pages]
        for page, found in zip(self._pages, flows, strict=True):
            edges.learn(page.width, found)
        stretches: list[list[Line] | tuple[int, Grid]] = [[]]
        for page, found in zip(self._pages, flows, strict=True):
            left, right = edges.of(page.width, found)
            for item in _in_order(found, page.grids):
                if isinstance(item, Grid):
                    _append_grid(stretches, page.number, item)
                    continue
                near, far = (
                    item.left if item.left is not None else left,
                    item.right if item.right is not None else right,
                )
                if not isinstance(stretches[-1], list):
                    stretches.append([])
                last = stretches[-1]
                assert isinstance(last, list)
                last += [Line(piece, page.number, min(near, piece.left), far) for piece in item.lines]
        return stretches


def _in_order(flows: Sequence[Flow], grids: Sequence[Grid]) -> Iterable[Flow | Grid]:
    """Put the tables of a page where they stand among its flows, none of which runs across a table."""
    waiting = list(grids)
    for flow in flows:
        while waiting and flow.lines[0].base > waiting[0].top:
            yield waiting.pop(0)
        yield flow
    yield from waiting


def _append_grid(stretches: list[list[Line] | tuple[int, Grid]], page: int, grid: Grid) -> None:
    """Append a table, or go on with the one before when it has the same columns; a repeated head is left out."""
    last = stretches[-1]
    if not isinstance(last, tuple) or not _same_columns(last[1], grid):
        stretches.append((page, grid))
        return
    number, before = last
    repeated = [cell.text for cell in before.rows[0]] == [cell.text for cell in grid.rows[0]]
    above, below = before.rows, grid.rows[1:] if repeated else grid.rows
    if below and _is_rest(above[-1], below[0]):
        whole = tuple(_with_rest(cell, rest) for cell, rest in zip(above[-1], below[0], strict=True))
        above, below = (*above[:-1], whole), below[1:]
    stretches[-1] = (number, before._replace(rows=above + below))


def _is_rest(row: Sequence[Cell], rest: Sequence[Cell]) -> bool:
    """Tell whether a row at the top of a page is the rest of the last one: some cells go on, the first does not."""
    if [cell.column for cell in row] != [cell.column for cell in rest] or rest[0].text.strip():
        return False
    going_on = [(cell.text, more.text) for cell, more in zip(row, rest, strict=True) if more.text.strip()]
    return 0 < len(going_on) < len(row) - 1 and all(
        text.strip() and not text.rstrip().endswith(("。", "；", ";")) for text, _ in going_on
    )


def _with_rest(cell: Cell, rest: Cell) -> Cell:
    return replace(cell, text=glue(cell.text, rest.text))


def _same_columns(before: Grid, grid: Grid) -> bool:
    if len(before.columns) != len(grid.columns) or not before.rows or not grid.rows:
        return False
    width = grid.columns[-1] - grid.columns[0]
    return all(abs(one - other) < 0.01 * width for one, other in zip(before.columns, grid.columns, strict=True))


class _Edges:
    """The left and right edge of text set in one column, by what is usual on pages of the same width."""

    def __init__(self) -> None:
        self._lines: dict[int, list[Piece]] = {}
        self._usual: dict[int, tuple[float, float] | None] = {}

    def learn(self, width: float, flows: Sequence[Flow]) -> None:
        """Take note of the lines of one page; all pages come before the first question."""
        self._lines.setdefault(round(width), []).extend(_single(flows))

    def of(self, width: float, flows: Sequence[Flow]) -> tuple[float, float]:
        """Return the edges for one page: its own where it has enough long lines."""
        lines = _single(flows)
        if round(width) not in self._usual:
            self._usual[round(width)] = _edges(self._lines.get(round(width), []), width)
        usual = self._usual[round(width)]
        if usual is None:  # no line is long enough to show where lines end, so none of them ends there
            left = min((line.left for line in lines), default=0.0)
            return left, max([width - left, *(line.right + 3 * line.size for line in lines)])
        if sum(_is_long(line, width) for line in lines) < 5:
            return usual
        own = _edges(lines, width) or usual
        only_indented = lines[0].size <= own[0] - usual[0] <= 4 * lines[0].size
        return (usual[0] if only_indented else own[0]), own[1]


def _single(flows: Sequence[Flow]) -> list[Piece]:
    return [line for flow in flows if flow.left is None for line in flow.lines]


def _is_long(line: Piece, width: float) -> bool:
    return line.right - line.left >= 0.5 * width


def _edges(lines: Sequence[Piece], width: float) -> tuple[float, float] | None:
    """Return where lines usually begin and end, None when none of them is long.

    The long lines may all be indented ones; what stands a little further left is then where lines begin.
    """
    long = [line for line in lines if _is_long(line, width)]
    if not long:
        return None
    left = quantile((line.left for line in long), 0.1)
    reach = left - 4 * long[0].size
    return quantile((line.left for line in lines if reach <= line.left <= left), 0.1), quantile(
        (line.right for line in long), 0.9
    )


def _is_heading(paragraph: Paragraph) -> bool:
    return sum(len(line.piece.text) for line in paragraph.lines) <= _HEADING_LENGTH


def _levels(paragraphs: Sequence[Paragraph], body: float) -> dict[int, int]:
    """Number the sizes larger than the body's, the largest first; sizes that look alike share a level."""
    sizes = {round(item.size) for item in paragraphs if _is_heading(item) and item.size >= _HEADING * body}
    levels: dict[int, int] = {}
    level, above = 0, 0
    for size in sorted(sizes, reverse=True):
        if not above or size < 0.93 * above:
            level, above = level + 1, size
        levels[size] = min(level, _LEVELS)
    return levels
