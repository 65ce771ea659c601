"""Lines of columns to paragraphs.

A line goes on with the paragraph before it when the line before had no room left for its first word, and it is neither
indented nor set apart nor of another size, and does not open a list item. The lines of a paragraph may stand in two
columns or on two pages.

A heading stays alone. Centred lines of one size, larger than the body's, are one title (关于印发 / ……的通知); centred
lines of the body's size stay apart, for they are names and dates as often as subtitles.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Final, NamedTuple

from luoshi.reading.formats.lines import Piece, first_unit, glue, quantile

__all__ = ["Line", "Paragraph", "body_size", "paragraphs_of"]

_LARGER: Final = 1.15
"""How many times the body's size a heading's is at least."""
_TITLE_PITCH: Final = 2.2
_END: Final = re.compile(r"[。！？；：!?;:…][”’」』）)〕]*$")
_MARKER: Final = re.compile(
    r"""第[一二三四五六七八九十百〇零\d]{1,5}[章节条编部分款项]
      | [一二三四五六七八九十百]{1,4}[、．.]
      | [（(][一二三四五六七八九十百\d]{1,4}[）)]
      | \d{1,3}(?:[、．]|\.(?!\d)|[）)])
      | [\u2460-\u2473\u2474-\u249b\u3220-\u3229\u25cf\u25cb\u25a0\u25a1\u25c6\u2022\uf0b7\uf06c]""",
    re.VERBOSE,
)


class Line(NamedTuple):
    """A line with the edges of the column that it stands in."""

    piece: Piece
    page: int
    left: float
    right: float


@dataclass(slots=True)
class Paragraph:
    """Lines that read on, as one text."""

    lines: list[Line] = field(default_factory=list)

    @property
    def page(self) -> int:
        """The page on which it begins."""
        return self.lines[0].page

    @property
    def size(self) -> float:
        """The size of its characters."""
        return self.lines[0].piece.size

    def text(self) -> str:
        """Return its text on one line."""
        text = ""
        for line in self.lines:
            text = glue(text, line.piece.text)
        return text


def body_size(lines: Iterable[Line]) -> float:
    """Return the size in which most of the text is set, 0 where there is none."""
    weights: dict[float, int] = {}
    for line in lines:
        size = round(2 * line.piece.size) / 2
        weights[size] = weights.get(size, 0) + len(line.piece.text)
    return max(weights, key=lambda size: weights[size], default=0.0)


def paragraphs_of(lines: list[Line], *, body: float, tolerance: float) -> Iterator[Paragraph]:
    """Join lines that follow one another; `tolerance` is the share by which sizes may differ within a paragraph."""
    joiner = _Joiner(body, tolerance, _pitch(lines))
    paragraph = Paragraph()
    for line in lines:
        if paragraph.lines and not joiner.reads_on(paragraph, line):
            yield paragraph
            paragraph = Paragraph()
        paragraph.lines.append(line)
    if paragraph.lines:
        yield paragraph


def _pitch(lines: list[Line]) -> float:
    """Return the usual distance of two lines, as a multiple of their size."""
    steps = (
        (after.piece.base - before.piece.base) / after.piece.size
        for before, after in pairwise(lines)
        if before.page == after.page
    )
    return quantile([step for step in steps if 0.9 < step < 4.0] or [1.5], 0.5)


class _Joiner:
    """The grounds on which a line reads on, with what is usual in the document."""

    def __init__(self, body: float, tolerance: float, pitch: float) -> None:
        self._body = body
        self._tolerance = tolerance
        self._pitch = pitch

    def reads_on(self, paragraph: Paragraph, line: Line) -> bool:
        """Tell whether `line` goes on with `paragraph`."""
        last = paragraph.lines[-1]
        size = max(last.piece.size, line.piece.size)
        if "\t" in last.piece.text or "\t" in line.piece.text or line.page - last.page > 1:
            return False
        if abs(last.piece.size - line.piece.size) > self._tolerance * size:
            return False
        if self._is_title(last) and self._is_title(line) and self._is_near(last, line, _TITLE_PITCH):
            return not _MARKER.match(line.piece.text)
        if not _is_full(last, line) or not self._is_near(last, line, max(1.35 * self._pitch, self._pitch + 0.5)):
            return False
        return not _opens(paragraph, last, line)

    def _is_title(self, line: Line) -> bool:
        return line.piece.size >= _LARGER * self._body and _is_centred(line)

    @staticmethod
    def _is_near(last: Line, line: Line, pitch: float) -> bool:
        """Tell whether two lines are no further apart than `pitch` sizes; across pages and columns nothing is far."""
        step = line.piece.base - last.piece.base
        if last.page != line.page or step <= 0:
            return True
        return step <= pitch * max(last.piece.size, line.piece.size)


def _is_centred(line: Line) -> bool:
    before, after = line.piece.left - line.left, line.right - line.piece.right
    return abs(before - after) <= 1.2 * line.piece.size


def _is_full(last: Line, line: Line) -> bool:
    """Tell whether the line before had no room left for the first word of this one."""
    room = last.right - last.piece.right
    return room < (first_unit(line.piece.text) + 0.5) * last.piece.size


def _opens(paragraph: Paragraph, last: Line, line: Line) -> bool:
    """Tell whether a line that follows a full one opens a paragraph all the same."""
    ended = _END.search(last.piece.text) is not None
    shift = last.piece.left - paragraph.lines[0].piece.left
    if _MARKER.match(line.piece.text) and (
        ended or (shift > 0.5 * line.piece.size and line.piece.left < last.piece.left)
    ):
        return True
    indent = line.piece.left - line.left
    if indent < line.piece.size:
        return False
    return not _hangs(paragraph, line) or ended


def _hangs(paragraph: Paragraph, line: Line) -> bool:
    """Tell whether the line stands under the text of a list item, or goes on so."""
    first = paragraph.lines[0]
    shift = (line.piece.left - line.left) - (first.piece.left - first.left)
    if len(paragraph.lines) > 1:
        last = paragraph.lines[-1]
        same = (line.piece.left - line.left) - (last.piece.left - last.left)
        return abs(same) <= 0.3 * line.piece.size and shift > 0.5 * line.piece.size
    return shift > 0.5 * line.piece.size and _MARKER.match(first.piece.text) is not None
