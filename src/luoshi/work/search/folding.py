"""From text to the one form in which it is compared: stored texts and questions go through the same function.

Full-width and half-width, upper and lower case, traditional and simplified characters, and all punctuation and spaces
between Chinese characters stop making a difference; a number loses its leading zeros. Words in letters and numbers
stand between single spaces, so that a whole word is found and not a part of one::

    folded("云教〔2026〕012号《實施 方案》") == "云教 2026 12 号实施方案"

Characters are folded one by one and never by phrases: what a part of a text folds to is a part of what the text folds
to, which is what makes searching for it possible.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from typing import Any, Final

__all__ = ["PIECE", "folded", "pieces"]

# Scripts that write without spaces between words: Han with its extensions, kana, bopomofo.
_RUN: Final = "\u3005-\u3007\u3040-\u30ff\u3105-\u312f\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
PIECE: Final = re.compile(rf"(?P<run>[{_RUN}]+)|(?P<number>\d+)|(?P<word>[^\W\d_{_RUN}]+)")
"""One stretch of characters written together, one number, or one word in letters."""

_HAN: Final = re.compile("[\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U0003ffff]")
_SHARED: Final = dict(zip("乾後於徵摺夥著麴麽", "干后于征折伙着曲么", strict=True))
"""Traditional characters that the simplified standard list also holds, each for another word or a name."""


class _Simplified(dict[int, str]):
    """What each character is in simplified writing; asks the converter once a character, and only for rare ones."""

    def __missing__(self, code: int) -> str:
        character = chr(code)
        new = _SHARED.get(character, character)
        if new == character and not _is_common(character):
            new = _convert(character)
        self[code] = new
        return new


_simplified: Final = _Simplified()


def folded(text: str) -> str:
    """Return the form of `text` that is compared: without line breaks, with a space at a foreign word's both ends."""
    return "".join(
        value if kind == "run" else f" {value} " for kind, value in pieces(text)
    ).replace("  ", " ")  # fmt: skip


def pieces(text: str) -> list[tuple[str, str]]:
    """Return the stretches of `text` in their order, each as its kind (`run`, `number`, `word`) and its folded form."""
    plain = unicodedata.normalize("NFKC", text).casefold().translate(_simplified)
    found: list[tuple[str, str]] = []
    for match in PIECE.finditer(plain):
        kind, value = str(match.lastgroup), match[0]
        if kind == "run" and found and found[-1][0] == "run":
            found[-1] = (kind, found[-1][1] + value)
        elif kind == "number":
            found.append((kind, _number(value)))
        else:
            found.append((kind, value))
    return found


def _number(digits: str) -> str:
    """Return digits of any script as ours, without leading zeros; never through `int`, which refuses very long ones."""
    ours = digits if digits.isascii() else "".join(str(unicodedata.digit(digit)) for digit in digits)
    return ours.lstrip("0") or "0"


def _is_common(character: str) -> bool:
    """Tell whether a character cannot be a traditional form: it is none of Han, or on the simplified standard list."""
    if not _HAN.fullmatch(character):
        return True
    try:
        character.encode("gb2312")
    except UnicodeEncodeError:
        return False
    return True


def _convert(character: str) -> str:
    new = str(_converter().convert(character))
    return new if len(new) == 1 else character


@cache
def _converter() -> Any:
    """Return the converter, made once."""
    from opencc import OpenCC  # noqa: PLC0415 — heavy, and most texts need none of it

    return OpenCC("tw2s")
