"""Chinese numerals and numbers: 二〇二六, 三十, 一百二十万, 两, 1.2亿, 1亿2000万, 百分之八十五, 一半.

Only a numeral that was already recognised is handed in; nothing here searches running text (三张清单 stays what it is).
"""

from __future__ import annotations

import re
from fractions import Fraction
from functools import cache
from typing import Final

__all__ = ["DIGITS", "to_chinese", "to_number"]

DIGITS: Final = {
    **dict(zip("〇一二三四五六七八九", range(10), strict=True)),
    **dict(zip("零壹贰叁肆伍陆柒捌玖", range(10), strict=True)),
    "○": 0,
    "两": 2,
    "俩": 2,
}
"""Characters that stand for one digit."""

_SMALL: Final = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000}
_LARGE: Final = {"万": 10**4, "亿": 10**8}
_WORDS: Final = {"半": Fraction(1, 2), "一半": Fraction(1, 2), "半数": Fraction(1, 2)}


@cache
def _numeral() -> re.Pattern[str]:
    return re.compile(r"(?P<arabic>\d+(?:\.\d+)?)|(?P<letter>.)", re.DOTALL)


def to_number(text: str) -> Fraction | None:
    """Return the exact value of one numeral, None where the text is not one.

    百分之八十五 is 85/100, 85% is 85/100, 一半 is 1/2, 二〇二六 is 2026 and 三点五 is 7/2. Mixed writings such as
    1亿2000万 or 3千5百 are read by place.
    """
    if text.isascii() and text.isdigit():  # most numerals are no more than that
        return Fraction(int(text))
    text = text.strip().replace("％", "%")
    if text in _WORDS:
        return _WORDS[text]
    for head, tail, unit in (("百分之", "", 100), ("千分之", "", 1000), ("", "%", 100), ("", "‰", 1000)):
        if text.startswith(head) and text.endswith(tail) and (head or tail):
            value = to_number(text[len(head) : len(text) - len(tail)])
            return None if value is None else value / unit
    return _with_fraction(text)


def _with_fraction(text: str) -> Fraction | None:
    """Read a numeral that may hold 点: 一点五亿 is 1.5 times 亿."""
    whole, point, rest = text.partition("点")
    if not point:
        return _by_place(text)
    decimals = re.match(r"[〇○零一二三四五六七八九]+", rest)
    head = _by_place(whole)
    if decimals is None or head is None:
        return None
    digits = decimals.group()
    value = head + Fraction(int("".join(str(DIGITS[c]) for c in digits)), 10 ** len(digits))
    for letter in rest[len(digits) :]:
        if letter not in _LARGE:
            return None
        value *= _LARGE[letter]
    return value


def _by_place(text: str) -> Fraction | None:  # noqa: C901 — one branch a kind of character, read in one pass
    if not text:
        return None
    if len(text) > 1 and all(c in DIGITS for c in text):
        return Fraction(int("".join(str(DIGITS[c]) for c in text)))
    total: int | Fraction = 0
    section: int | Fraction = 0
    digit: int | Fraction | None = None
    for match in _numeral().finditer(text):
        letter = match["letter"]
        if letter is None:
            if digit is not None:
                return None
            digit = Fraction(match["arabic"])
        elif letter in DIGITS:
            if digit:
                return None
            digit = DIGITS[letter]
        elif letter in _SMALL:
            section += (1 if digit is None else digit) * _SMALL[letter]
            digit = None
        elif letter in _LARGE:
            section += digit or 0
            if letter == "亿":
                total, section = (total + section) * _LARGE[letter], 0
            else:
                total, section = total + section * _LARGE[letter], 0
            digit = None
        else:
            return None
    return Fraction(total + section + (digit or 0))


def to_chinese(number: int) -> str:
    """Return a whole number from 0 to 10**12 in Chinese numerals: 120 is 一百二十, 15 is 十五.

    Raises `ValueError` outside of that range.
    """
    if not 0 <= number < 10**12:
        raise ValueError("not from 0 to 10**12")
    if number == 0:
        return "零"
    text = _groups(number)
    return text[1:] if text.startswith("一十") else text


def _groups(number: int) -> str:
    parts: list[str] = []
    for unit, name in ((10**8, "亿"), (10**4, "万"), (1, "")):
        group, number = divmod(number, unit)
        if group:
            gap = bool(parts) and group < 1000
            parts.append(("零" if gap else "") + _thousands(group) + name)
    return "".join(parts)


def _thousands(number: int) -> str:
    text, gap = "", False
    for unit, name in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit, number = divmod(number, unit)
        if digit:
            text += ("零" if gap and text else "") + "〇一二三四五六七八九"[digit] + name
        gap = not digit
    return text
