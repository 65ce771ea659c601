"""Positioned characters to lines: what the readers of pages (pdf, ofd, recognised pictures) share first.

A page gives :class:`Glyph` values in any order and any unit; y grows downwards. :func:`rows_of` sorts them into rows
and cuts each row at wide gaps into :class:`Piece` values, for a gap may be the gutter between two columns. Pieces of
one column are put together again by :func:`join_pieces`, with a tab where the gap is wide.

Spaces: those that the file itself has are kept (several as one) unless they stand everywhere. Where it has none, a gap
of a quarter of the size parts Latin words, and only one of most of a character parts Chinese. A line whose characters
are spread evenly (青 禾 县 教 育 局) is read as if they stood close.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Final, NamedTuple

__all__ = ["Glyph", "Piece", "first_unit", "glue", "is_wide", "join_pieces", "quantile", "rows_of"]

_ROW: Final = 0.4
"""How far, in character sizes, two characters of one row may differ in height (superscripts do by a third)."""
_PIECE: Final = 1.1
"""Gap in character sizes at which a row is cut; a full-width space is 1.0."""
_TAB: Final = 1.6
"""Gap in character sizes that is read as a tab."""
_SPACE: Final = 0.7
"""Gap in character sizes beside Chinese that is read as a space."""
_WORD_GAP: Final = 0.25
"""Gap in character sizes between two Latin letters that is read as a space."""
_SAME: Final = 0.12
"""Distance in character sizes below which the same character printed twice is poor man's bold; the letters of a
ligature all stand at its place, exactly."""
_SPACED_OUT: Final = 0.5
"""Share of Chinese neighbours with a space between them from which the spaces mean nothing."""

_WIDE = re.compile(r"[\u2014\u2018\u2019\u201c\u201d\u2026\u2460-\u24ff\u2e80-\ua4cf\uac00-\ud7af\uf900-\ufaff\ufe30-\ufe4f\uff01-\uff60\uffe0-\uffe6\U00020000-\U0003ffff]")  # fmt: skip  # noqa: E501 — one class
_CLOSING: Final = "，。、；：？！）》〉」』】〕］”’％…,.;:?!)]%"
_OPENING: Final = "（《〈「『【〔［“‘(["
_SOFT_HYPHEN: Final = "\u00ad"


class Glyph(NamedTuple):
    """One character or word as it stands on the page; `base` is its baseline (or, all over a page, its middle)."""

    text: str
    left: float
    right: float
    base: float
    size: float


class Piece(NamedTuple):
    """A run of characters of one row without a wide gap, or several such runs put together."""

    text: str
    left: float
    right: float
    base: float
    size: float


def quantile(values: Iterable[float], share: float) -> float:
    """Return the value below which `share` of the values lie (0.5: the median); there must be one."""
    ordered = sorted(values)
    return ordered[min(int(share * len(ordered)), len(ordered) - 1)]


def is_wide(character: str) -> bool:
    """Tell whether a character is set on the full width of a Chinese character."""
    return _WIDE.match(character) is not None


def rows_of(glyphs: Iterable[Glyph]) -> list[list[Piece]]:
    """Return the rows of a page from top to bottom, each as its pieces from left to right."""
    rows: list[list[Glyph]] = []
    base = size = 0.0
    for glyph in sorted(glyphs, key=lambda glyph: glyph.base):
        size = max(size, glyph.size)
        if rows and glyph.base - base <= _ROW * size:
            rows[-1].append(glyph)
        else:
            rows.append([glyph])
            base, size = glyph.base, glyph.size
    found = (_pieces(sorted(row, key=lambda glyph: glyph.left)) for row in rows)
    return [row for row in found if row]


def join_pieces(pieces: Sequence[Piece]) -> Piece:
    """Put pieces of one row together, from left to right."""
    if len(pieces) == 1:
        return pieces[0]
    text = pieces[0].text
    for before, after in pairwise(pieces):
        gap = (after.left - before.right) / max(before.size, after.size)
        text += ("\t" if gap >= _TAB else " ") + after.text
    longest = max(pieces, key=lambda piece: len(piece.text))
    return Piece(text, pieces[0].left, max(piece.right for piece in pieces), longest.base, longest.size)


def glue(before: str, after: str) -> str:
    """Join the text of a line to the text before it: a space between words, none beside Chinese or inside a number."""
    if before.endswith(_SOFT_HYPHEN):
        return before.rstrip(_SOFT_HYPHEN) + after
    if not before or not after or is_wide(before[-1]) or is_wide(after[0]):
        return before + after
    if before[-1] in "-/" or (before[-1].isdigit() and after[0].isdigit()):
        return before + after
    return f"{before} {after}"


def first_unit(text: str) -> float:
    """Return the width, in character sizes, of what a typesetter may not part at the beginning of `text`."""
    end = 0
    while end < len(text) and text[end] in _OPENING:
        end += 1
    word = end
    while word < len(text) and not is_wide(text[word]) and not text[word].isspace():
        word += 1
    end = max(word, min(end + 1, len(text)))
    while end < len(text) and text[end] in _CLOSING:
        end += 1
    return sum(1.0 if is_wide(character) else 0.5 for character in text[:end])


def _pieces(row: list[Glyph]) -> list[Piece]:
    """Cut one sorted row into pieces; a row of nothing but spaces has none."""
    spread = _spread(row)
    if spread or _is_spaced_out(row):
        row = [glyph for glyph in row if glyph.text.strip()]
    pieces: list[Piece] = []
    run: list[Glyph] = []
    text = ""
    spaced = False
    for glyph in row:
        if not glyph.text.strip():
            spaced = bool(run)
            continue
        if run and _printed_twice(run[-1], glyph):
            continue
        if run:
            gap = (glyph.left - run[-1].right - spread) / max(run[-1].size, glyph.size)
            if gap >= _PIECE:
                pieces.append(_piece(text, run))
                run, text = [], ""
            elif _parted(run[-1].text[-1], glyph.text[0], gap, spaced=spaced):
                text += " "
        run.append(glyph)
        text += glyph.text.strip()
        spaced = False
    if run:
        pieces.append(_piece(text, run))
    return pieces


def _piece(text: str, run: list[Glyph]) -> Piece:
    sizes: Counter[float] = Counter()
    for glyph in run:
        sizes[round(glyph.size, 1)] += len(glyph.text)
    size = max(sizes, key=lambda size: (sizes[size], size))
    base = next(glyph.base for glyph in run if round(glyph.size, 1) == size)
    return Piece(text, run[0].left, max(glyph.right for glyph in run), base, size)


def _printed_twice(before: Glyph, glyph: Glyph) -> bool:
    return before.text == glyph.text and 0 < glyph.left - before.left < _SAME * glyph.size


def _parted(before: str, after: str, gap: float, *, spaced: bool) -> bool:
    """Tell whether a space stands between two neighbours on a line; `spaced` when the file itself has one there."""
    return spaced or gap >= (_SPACE if is_wide(before) or is_wide(after) else _WORD_GAP)


def _is_spaced_out(row: list[Glyph]) -> bool:
    """Tell whether a space follows nearly every Chinese character, as programs that recognise scans leave it."""
    wide = [after for before, after in pairwise(row) if is_wide(before.text[-1:])]
    return len(wide) >= 6 and sum(not glyph.text.strip() for glyph in wide) >= _SPACED_OUT * len(wide)


def _spread(row: list[Glyph]) -> float:
    """Return the even distance by which the characters of a spread line stand apart, else 0."""
    solid = [glyph for glyph in row if glyph.text.strip()]
    if len(solid) < 4 or not all(len(glyph.text) == 1 and is_wide(glyph.text) for glyph in solid):
        return 0.0
    size = solid[0].size
    gaps = [after.left - before.right for before, after in pairwise(solid)]
    least, most = min(gaps), max(gaps)
    return least if 0.3 * size <= least and most <= min(1.5 * least, 2.5 * size) else 0.0
