"""Ruled lines and the characters between them to tables.

A table is taken for one only where its lines prove it: they cross into a grid of at least two columns and four cells,
and every cell that merges several fields of the grid is a rectangle. Everything else is left to be read as lines.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

from luoshi.reading.extract import Cell
from luoshi.reading.formats.lines import Glyph, Piece, first_unit, glue, join_pieces, rows_of
from luoshi.reading.formats.sheets import Grid

__all__ = ["Rule", "part_grids"]

_TOUCH: Final = 3.0
"""How far, in points, two lines may miss each other and still meet."""
_PADDING: Final = 5.0
_MOST_RULES: Final = 10_000
_MOST_LINES: Final = 1_000
_MOST_FIELDS: Final = 20_000


class Rule(NamedTuple):
    """A ruled line: at height `at` from `start` to `end` when it is level, else upright at `at`; y grows downwards."""

    level: bool
    at: float
    start: float
    end: float


class _Net(NamedTuple):
    """Lines that meet one another, merged: the places of columns and rows, and the lines at each place."""

    columns: list[float]
    rows: list[float]
    upright: list[list[Rule]]
    level: list[list[Rule]]


class _Extent(NamedTuple):
    """The fields of one cell: first and last row, first and last column, and their number."""

    top: int
    bottom: int
    left: int
    right: int
    fields: int

    def with_field(self, row: int, column: int) -> _Extent:
        """Return the extent with one more field, which comes after all others row by row."""
        return _Extent(self.top, row, min(self.left, column), max(self.right, column), self.fields + 1)

    def is_rectangle(self) -> bool:
        """Tell whether the fields fill the rectangle around them."""
        return self.fields == (self.bottom - self.top + 1) * (self.right - self.left + 1)


def part_grids(rules: Sequence[Rule], glyphs: Sequence[Glyph]) -> tuple[list[Grid], list[Glyph]]:
    """Return the tables of a page and the characters that stand in none of them."""
    merged = _merged(rules) if len(rules) <= _MOST_RULES else []
    if not 4 <= len(merged) <= _MOST_LINES:
        return [], list(glyphs)
    grids: list[Grid] = []
    rest = list(glyphs)
    for net in filter(None, map(_net, _meeting(merged))):
        fields = _fields(net)
        if fields is None:
            continue
        inside: dict[int, list[Glyph]] = {}
        outside: list[Glyph] = []
        for glyph in rest:
            place = _place(net, glyph)
            if place is None:
                outside.append(glyph)
            else:
                inside.setdefault(fields[place], []).append(glyph)
        if any(glyph.text.strip() for found in inside.values() for glyph in found):
            grids.append(_grid(net, fields, inside))
            rest = outside
    return grids, rest


def _merged(rules: Iterable[Rule]) -> list[Rule]:
    """Put lines together that lie on one another or go on where another ends."""
    tracks: list[list[Rule]] = []
    for rule in sorted(rules):
        last = tracks[-1][0] if tracks else None
        if last and last.level is rule.level and rule.at - last.at <= _TOUCH / 2:
            tracks[-1].append(rule)
        else:
            tracks.append([rule])
    merged: list[Rule] = []
    for track in tracks:
        track.sort(key=lambda rule: rule.start)
        line = track[0]
        for rule in track[1:]:
            if rule.start > line.end + _TOUCH:
                merged.append(line)
                line = rule._replace(at=line.at)
            else:
                line = line._replace(end=max(line.end, rule.end))
        merged.append(line)
    return merged


def _meeting(rules: Sequence[Rule]) -> list[list[Rule]]:
    """Return the lines in groups, each of which hangs together."""
    level = [rule for rule in rules if rule.level]
    upright = [rule for rule in rules if not rule.level]
    groups: list[list[Rule]] = []
    left = set(level)
    while left:
        group = [left.pop()]
        reached = set(group)
        for rule in group:  # grows while it is walked over
            for other in upright if rule.level else level:
                if other not in reached and _meet(rule, other):
                    reached.add(other)
                    group.append(other)
        left -= reached
        groups.append(group)
    return groups


def _meet(one: Rule, other: Rule) -> bool:
    return other.start - _TOUCH <= one.at <= other.end + _TOUCH and one.start - _TOUCH <= other.at <= one.end + _TOUCH


def _net(rules: Sequence[Rule]) -> _Net | None:
    """Return the net of a group of lines, None when it has too few fields for a table or too many."""
    level, upright = [rule for rule in rules if rule.level], [rule for rule in rules if not rule.level]
    if not level or not upright:
        return None
    columns = _places([rule.at for rule in upright], [end for rule in level for end in (rule.start, rule.end)])
    rows = _places([rule.at for rule in level], [end for rule in upright for end in (rule.start, rule.end)])
    across, down = len(columns) - 1, len(rows) - 1
    if across < 2 or down < 1 or not 4 <= across * down <= _MOST_FIELDS:
        return None
    return _Net(columns, rows, _at(columns, upright), _at(rows, level))


def _places(lines: Iterable[float], ends: Sequence[float]) -> list[float]:
    """Return the distinct places of lines; the outer ends of the lines across stand for an edge that is not drawn."""
    places: list[float] = []
    for at in sorted(lines):
        if not places or at - places[-1] > _TOUCH:
            places.append(at)
    if places and min(ends) < places[0] - 2 * _TOUCH:
        places.insert(0, min(ends))
    if places and max(ends) > places[-1] + 2 * _TOUCH:
        places.append(max(ends))
    return places


def _at(places: Sequence[float], rules: Sequence[Rule]) -> list[list[Rule]]:
    return [[rule for rule in rules if abs(rule.at - place) <= _TOUCH] for place in places]


def _fields(net: _Net) -> list[int] | None:
    """Return for each field of the net, row by row, the first field of its cell; None when a cell is no rectangle."""
    across, down = len(net.columns) - 1, len(net.rows) - 1
    cell = list(range(across * down))

    def first(field: int) -> int:
        while cell[field] != field:
            cell[field] = cell[cell[field]]
            field = cell[field]
        return field

    for row in range(down):
        for column in range(across):
            field = row * across + column
            middle, height = _middle(net.columns, column), _middle(net.rows, row)
            if column + 1 < across and not _covers(net.upright[column + 1], height):
                _unite(cell, first(field), first(field + 1))
            if row + 1 < down and not _covers(net.level[row + 1], middle):
                _unite(cell, first(field), first(field + across))
    found = [first(field) for field in range(across * down)]
    extents = _extents(found, across)
    return found if len(extents) >= 4 and all(extent.is_rectangle() for extent in extents.values()) else None


def _unite(cell: list[int], one: int, other: int) -> None:
    cell[max(one, other)] = min(one, other)


def _middle(places: Sequence[float], index: int) -> float:
    return (places[index] + places[index + 1]) / 2


def _covers(rules: Iterable[Rule], at: float) -> bool:
    return any(rule.start <= at <= rule.end for rule in rules)


def _extents(fields: Sequence[int], across: int) -> dict[int, _Extent]:
    """Return over which rows and columns each cell reaches."""
    extents: dict[int, _Extent] = {}
    for place, cell in enumerate(fields):
        row, column = divmod(place, across)
        known = extents.get(cell)
        extents[cell] = known.with_field(row, column) if known else _Extent(row, row, column, column, 1)
    return extents


def _place(net: _Net, glyph: Glyph) -> int | None:
    """Return the field in which a character stands, by its middle."""
    x, y = (glyph.left + glyph.right) / 2, glyph.base - 0.35 * glyph.size
    column, row = bisect_right(net.columns, x) - 1, bisect_right(net.rows, y) - 1
    if 0 <= column < len(net.columns) - 1 and 0 <= row < len(net.rows) - 1:
        return row * (len(net.columns) - 1) + column
    return None


def _grid(net: _Net, fields: Sequence[int], inside: dict[int, list[Glyph]]) -> Grid:
    rows: list[list[Cell]] = [[] for _ in net.rows[1:]]
    for cell, extent in sorted(_extents(fields, len(net.columns) - 1).items()):
        lines = [join_pieces(row) for row in rows_of(inside.get(cell, ()))]
        text = _cell_text(lines, net.columns[extent.right + 1])
        down, over = extent.bottom - extent.top + 1, extent.right - extent.left + 1
        rows[extent.top].append(Cell(text, extent.left, down, over))
    return Grid(tuple(map(tuple, rows)), net.rows[0], net.rows[-1], tuple(net.columns))


def _cell_text(lines: Sequence[Piece], right: float) -> str:
    """Join the lines of a cell; one that had room for more ends a paragraph."""
    text = ""
    for index, line in enumerate(lines):
        words = line.text.replace("\t", " ")
        if index:
            before = lines[index - 1]
            room = right - _PADDING - before.right
            full = room < (first_unit(words) + 0.8) * before.size
            text = glue(text, words) if full else f"{text}\n{words}"
        else:
            text = words
    return text
