"""The characters of one pdf page, where they stand and how large they are.

PDFium hands characters out in the order in which they were drawn, which is not the order in which they are read, and
states sizes before scaling. Here each gets its origin and its box in the page as the reader sees it, turned upright.
Watermarks and other slanted text are left out. Characters that a file's fonts map to radicals (⼀, ⻓) become the
characters that look the same (一, 长) and are counted as mended.
"""

from __future__ import annotations

import ctypes
import math
import unicodedata
from collections import Counter
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from luoshi.reading.errors import TooLargeError
from luoshi.reading.formats.lines import Glyph

if TYPE_CHECKING:
    import pypdfium2

__all__ = ["MAX_PAGE_CHARACTERS", "PageText", "page_text", "unfold_radical"]

MAX_PAGE_CHARACTERS: Final = 200_000
"""Characters drawn on one page; a closely set newspaper page has 20,000."""

_HYPHENS: Final = (0x2, 0xFFFE)
"""What PDFium says for a hyphen at the end of a line."""
_SKIPPED: Final = frozenset({0x9, 0xA, 0xB, 0xC, 0xD, 0xFEFF, 0xFFFD, 0x200B, 0x200C, 0x200D, 0x2060, 0xAD})
_SPACES: Final = frozenset({0x20, 0xA0, 0x2002, 0x2003, 0x2004, 0x2005, 0x2006, 0x2007, 0x2008, 0x2009, 0x202F, 0x3000})
_RADICALS: Final = dict(
    zip(
        "⺟⺠⻄⻅⻆⻉⻋⻓⻔⻘⻚⻛⻜⻝⻢⻣⻤⻥⻦⻨⻩⻬⻮⻰⻳",
        "母民西见角贝车长门青页风飞食马骨鬼鱼鸟麦黄齐齿龙龟",
        strict=True,
    )
)


class PageText(NamedTuple):
    """What was found on a page: `unknown` counts characters that the file gives no meaning, `mended` radicals.

    `turn` is the angle, counter-clockwise, at which most of the text stands.
    """

    width: float
    height: float
    glyphs: list[Glyph]
    unknown: int
    mended: int
    turn: int


class _Found(NamedTuple):
    """A character in the page's own coordinates, y upwards."""

    code: int
    x: float
    y: float
    left: float
    bottom: float
    right: float
    top: float
    size: float
    turn: int


def page_text(page: pypdfium2.PdfPage) -> PageText:
    """Return the characters of a page. Raises TooLargeError when there are more than MAX_PAGE_CHARACTERS."""
    textpage = page.get_textpage()
    try:
        count = textpage.count_chars()
        if count > MAX_PAGE_CHARACTERS:
            raise TooLargeError(
                "文件有一页的文字过多，不予读取；请确认文件来源。",
                "A page of the file holds more text than is allowed; make sure where the file comes from.",
            )
        found, unknown = _characters(textpage, count)
    finally:
        textpage.close()
    left, bottom, right, top = box = _visible(page)
    turns = Counter(character.turn for character in found)
    turn = max(turns, key=lambda turn: turns[turn], default=0)
    upright = [_upright(character, turn, box) for character in found if character.turn == turn]
    mended = sum(1 for character in found if unfold_radical(chr(character.code)) != chr(character.code))
    width, height = right - left, top - bottom
    if turn % 180:
        width, height = height, width
    return PageText(width, height, upright, unknown, mended, turn)


def unfold_radical(character: str) -> str:
    """Return the common character that looks like this radical, or the character itself."""
    if "\u2f00" <= character <= "\u2fd5":
        return unicodedata.normalize("NFKC", character)
    return _RADICALS.get(character, character)


def _characters(textpage: pypdfium2.PdfTextPage, count: int) -> tuple[list[_Found], int]:
    """Walk over the characters in the order of drawing; called once a character, so its names are bound first."""
    import pypdfium2.raw as pdfium  # noqa: PLC0415 — heavy, and not every run needs it

    handle = textpage.raw
    unicode_of, origin_of, box_of, angle_of = (
        pdfium.FPDFText_GetUnicode,
        pdfium.FPDFText_GetCharOrigin,
        pdfium.FPDFText_GetLooseCharBox,
        pdfium.FPDFText_GetCharAngle,
    )
    x, y, box = ctypes.c_double(), ctypes.c_double(), pdfium.FS_RECTF()
    size = extent = 0.0
    found: list[_Found] = []
    unknown = 0
    line: float | None = None
    turn: int | None = 0
    for index in range(count):
        code = unicode_of(handle, index)
        if code in _SPACES and pdfium.FPDFText_IsGenerated(handle, index):
            continue
        if code in _SKIPPED or 0xD800 <= code <= 0xDFFF:
            continue
        if code == 0 or 0xE000 <= code <= 0xF8FF or (code < 0x20 and code not in _HYPHENS):
            unknown += 1
            continue
        if not origin_of(handle, index, x, y) or not box_of(handle, index, box):
            continue
        if line is None or abs(y.value - line) > 0.01:  # characters on one baseline stand upright
            turn = _quarter(angle_of(handle, index))
            line = y.value if turn == 0 else None
        if turn is None:
            continue
        across = box.right - box.left if turn % 180 else box.top - box.bottom
        if across != extent:  # the box is as high as the font asks for, in proportion to its size
            extent, size = across, _size(handle, index)
        if not _is_finite(size, x.value, y.value, box.left, box.right, box.top, box.bottom):
            continue
        code = ord("-") if code in _HYPHENS else 0x20 if code in _SPACES else code
        found.append(_Found(code, x.value, y.value, box.left, box.bottom, box.right, box.top, size, turn))
    return found, unknown


def _size(textpage: Any, index: int) -> float:
    """Return the size of a character as it is shown: the font's size, scaled."""
    import pypdfium2.raw as pdfium  # noqa: PLC0415 — heavy, and not every run needs it

    matrix = pdfium.FS_MATRIX()
    pdfium.FPDFText_GetMatrix(textpage, index, matrix)
    return float(abs(pdfium.FPDFText_GetFontSize(textpage, index)) * math.hypot(matrix.c, matrix.d))


def _visible(page: pypdfium2.PdfPage) -> tuple[float, float, float, float]:
    """Return the part of the page that is shown; A4 where the file says nothing sensible."""
    left, bottom, right, top = page.get_cropbox()
    sane = _is_finite(left, bottom, right, top) and right - left > 1 and top - bottom > 1
    return (left, bottom, right, top) if sane else (0.0, 0.0, 595.0, 842.0)


def _quarter(angle: float) -> int | None:
    """Return a clockwise angle in radians as a multiple of 90 degrees the other way round, None when it is none."""
    degrees = -math.degrees(angle) % 360
    quarter = round(degrees / 90)
    return None if abs(degrees - 90 * quarter) > 3 else 90 * (quarter % 4)


def _is_finite(*values: float) -> bool:
    return all(math.isfinite(value) and abs(value) < 1e7 for value in values)


def _upright(found: _Found, turn: int, page: tuple[float, float, float, float]) -> Glyph:
    """Turn a character so that its text runs from left to right and y grows downwards."""
    left, bottom, right, top = page
    character = unfold_radical(chr(found.code))
    low, high, down, up = found.left, found.right, found.bottom, found.top
    if turn == 0:
        start, end, base = low - left, high - left, top - found.y
    elif turn == 180:
        start, end, base = right - high, right - low, found.y - bottom
    elif turn == 90:
        start, end, base = down - bottom, up - bottom, found.x - left
    else:
        start, end, base = top - up, top - down, right - found.x
    if end < start:
        start, end = end, start
    return Glyph(character, start, max(end, start), base, max(found.size, 1.0))
