"""Page headers, footers and page numbers: what stands on a page for the sake of the page.

Only the outermost rows of a page, in its upper or lower margin, are looked at. A row is running matter when it is a
page number by its own form (— 3 —, 第3页, 3/12), or when the same words, numbers apart, stand at the same height on
several pages.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from typing import Final, NamedTuple

from luoshi.reading.formats.lines import Piece, join_pieces

__all__ = ["Running", "is_page_number", "part_running"]

_TOP: Final = 0.12
_BOTTOM: Final = 0.88
_OUTERMOST: Final = 3
"""Rows that may be running matter at each end of a page."""
_NUMBER = re.compile(
    r"""[\s\-\u2010-\u2015\u2500－·~～•|]*                   # — 3 —
        (?: \d{1,5} | [ivxlc]{1,6}
          | 第\s*[\d一二三四五六七八九十百〇]{1,6}\s*页
            (?: [\s,，/／|]*[（(]?共\s*[\d一二三四五六七八九十百〇]{1,6}\s*页[）)]? )?
          | \d{1,5}\s*[/／]\s*\d{1,5}
          | page\s*\d{1,5} (?: \s*(?:of|/)\s*\d{1,5} )? )
        [\s\-\u2010-\u2015\u2500－·~～•|]*""",
    re.VERBOSE | re.IGNORECASE,
)
_DIGITS = re.compile(r"\d+|[\u2014\-\s]+")

Row = Sequence[Piece]


class Running(NamedTuple):
    """A header or footer as it stands on its first page."""

    text: str
    top: bool
    page: int


def is_page_number(text: str) -> bool:
    """Tell whether a line is nothing but a page number."""
    return _NUMBER.fullmatch(text) is not None


def part_running(pages: Sequence[tuple[int, float, list[list[Piece]]]]) -> list[Running]:
    """Take the running matter out of the rows of all pages and return it, each once.

    `pages` holds number, height and rows of each page; the rows are changed in place.
    """
    repeated = _repeated(pages)
    found: dict[tuple[bool, str], Running] = {}
    for number, height, rows in pages:
        for top in (True, False):
            for _ in range(_OUTERMOST):
                row = _outermost(rows, height, top=top)
                if row is None:
                    break
                line = join_pieces(row)
                if not is_page_number(line.text) and (top, *_mark(line, height)) not in repeated:
                    break
                rows.remove(rows[0] if top else rows[-1])
                found.setdefault((top, _shape(line.text)), Running(line.text, top, number))
    return sorted(found.values(), key=lambda running: not running.top)


def _outermost(rows: list[list[Piece]], height: float, *, top: bool) -> Row | None:
    if not rows:
        return None
    row = rows[0] if top else rows[-1]
    at = row[0].base / height
    return row if (at <= _TOP if top else at >= _BOTTOM) else None


def _repeated(pages: Sequence[tuple[int, float, list[list[Piece]]]]) -> set[tuple[bool, str, int]]:
    """Return what stands at the same height on three pages, or on two of at most three."""
    seen: Counter[tuple[bool, str, int]] = Counter()
    for _, height, rows in pages:
        marks: set[tuple[bool, str, int]] = set()
        for top in (True, False):
            for row in rows[:_OUTERMOST] if top else rows[-_OUTERMOST:]:
                at = row[0].base / height
                if at <= _TOP if top else at >= _BOTTOM:
                    marks.add((top, *_mark(join_pieces(row), height)))
        seen.update(marks)
    least = 2 if len(pages) <= 3 else 3
    return {mark for mark, count in seen.items() if count >= least}


def _mark(line: Piece, height: float) -> tuple[str, int]:
    return _shape(line.text), round(50 * line.base / height)


def _shape(text: str) -> str:
    return _DIGITS.sub("#", text).strip("#")
