"""Rows of a page to columns: a page set in two or more columns is read one column after the other.

A gutter is an upright strip near the middle of the text that hardly any row crosses, with well-filled lines on both
sides of it: that is what parts two columns of running text from the columns of a table, whose cells are mostly short
and which is left as it stands. Rows that cross the gutter (a title over both columns) cut the page into bands; in every
band the left column comes first.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

from luoshi.reading.formats.lines import Piece, join_pieces, quantile

__all__ = ["Flow", "Gutter", "find_gutter", "flows_of"]

_BINS: Final = 200
_LEAST_LINES: Final = 4
_FILLED: Final = 0.6
"""Share of the column's width from which a line counts as filled, and share of the lines that must be."""
_DEPTH: Final = 2
"""How often columns are parted again: up to four columns."""

Rows = Sequence[Sequence[Piece]]


class Gutter(NamedTuple):
    """The strip between two columns."""

    left: float
    right: float


class Flow(NamedTuple):
    """Lines that follow one another; the edges are known where the lines stand in a column of several."""

    lines: tuple[Piece, ...]
    left: float | None
    right: float | None


def flows_of(rows: Rows, cuts: Sequence[float] = ()) -> list[Flow]:
    """Return the flows of a page in reading order; no flow runs across a height in `cuts`."""
    return _parted(rows, sorted(cuts), None, None, _DEPTH)


def find_gutter(rows: Rows) -> Gutter | None:
    """Return the gutter between two columns of running text, None when the page is set in one column."""
    pieces = [piece for row in rows for piece in row]
    if len(pieces) < 2 * _LEAST_LINES:
        return None
    low, high = min(piece.left for piece in pieces), max(piece.right for piece in pieces)
    size = quantile((piece.size for piece in pieces), 0.5)
    if high - low < 12 * size:
        return None
    gutter = _emptiest_strip(pieces, low, high)
    if gutter is None or gutter.right - gutter.left < 0.8 * size:
        return None
    left = [piece for piece in pieces if piece.right <= gutter.left]
    right = [piece for piece in pieces if piece.left >= gutter.right]
    if len(pieces) - len(left) - len(right) > min(len(left), len(right)) or not _side_by_side(left, right):
        return None
    full = _is_filled(left, gutter.left - low) and _is_filled(right, high - gutter.right)
    return gutter if full else None


def _emptiest_strip(pieces: Sequence[Piece], low: float, high: float) -> Gutter | None:
    """Return the widest strip in the middle of the text among those that the fewest pieces cross."""
    step = (high - low) / _BINS
    crossing = [0] * (_BINS + 1)
    for piece in pieces:  # counts of beginnings and ends, summed up below
        crossing[max(0, int((piece.left - low) / step))] += 1
        crossing[min(_BINS, int((piece.right - low) / step) + 1)] -= 1
    for index in range(1, _BINS):
        crossing[index] += crossing[index - 1]
    middle = range(_BINS // 5, _BINS - _BINS // 5)
    fewest = min(crossing[index] for index in middle)
    best = start = length = 0
    for index in middle:
        length = length + 1 if crossing[index] == fewest else 0
        if length > best:
            best, start = length, index - length + 1
    return Gutter(low + start * step, low + (start + best) * step) if best else None


def _side_by_side(left: Sequence[Piece], right: Sequence[Piece]) -> bool:
    if min(len(left), len(right)) < _LEAST_LINES:
        return False
    top = max(min(piece.base for piece in side) for side in (left, right))
    bottom = min(max(piece.base for piece in side) for side in (left, right))
    return all(sum(top <= piece.base <= bottom for piece in side) >= _LEAST_LINES - 1 for side in (left, right))


def _is_filled(side: Sequence[Piece], width: float) -> bool:
    return sum(piece.right - piece.left >= _FILLED * width for piece in side) >= _FILLED * len(side)


def _parted(rows: Rows, cuts: Sequence[float], left: float | None, right: float | None, depth: int) -> list[Flow]:
    gutter = find_gutter(rows) if depth else None
    if gutter is None:
        bands = _bands(rows, cuts)
        return [Flow(tuple(join_pieces(row) for row in band), left, right) for band in bands if band]
    pieces = [piece for row in rows for piece in row]
    low = quantile((piece.left for piece in pieces if piece.right <= gutter.left), 0.1)
    high = quantile((piece.right for piece in pieces if piece.left >= gutter.right), 0.9)
    flows: list[Flow] = []
    for band in _bands(rows, cuts):
        for part in _beside_and_across(band, gutter):
            if _crosses(part[0], gutter):
                flows.append(Flow((join_pieces(part[0]),), left, right))
                continue
            for column, edges in zip(_halves(part, gutter), ((low, gutter.left), (gutter.right, high)), strict=True):
                flows += _parted(column, (), *edges, depth - 1) if column else []
    return flows


def _beside_and_across(band: Rows, gutter: Gutter) -> list[list[Sequence[Piece]]]:
    """Part a band into single rows that cross the gutter and stretches of rows beside it."""
    parts: list[list[Sequence[Piece]]] = []
    open_ = False
    for row in band:
        across = _crosses(row, gutter)
        if across or not open_:
            parts.append([])
        parts[-1].append(row)
        open_ = not across
    return parts


def _halves(rows: Rows, gutter: Gutter) -> tuple[list[list[Piece]], list[list[Piece]]]:
    """Return what stands left and what stands right of the gutter, without empty rows."""
    left = [[piece for piece in row if piece.left < gutter.right] for row in rows]
    right = [[piece for piece in row if piece.left >= gutter.right] for row in rows]
    return [row for row in left if row], [row for row in right if row]


def _crosses(row: Sequence[Piece], gutter: Gutter) -> bool:
    return any(piece.left < gutter.left and piece.right > gutter.right for piece in row)


def _bands(rows: Rows, cuts: Sequence[float]) -> list[list[Sequence[Piece]]]:
    bands: list[list[Sequence[Piece]]] = [[]]
    waiting = list(cuts)
    for row in rows:
        while waiting and row[0].base > waiting[0]:
            bands.append([])
            waiting.pop(0)
        bands[-1].append(row)
    return bands
