"""Numbers as Word prints them in lists: 一 二 三, ① ② ③, 甲 乙 丙, A B C, i ii iii.

Formats that are not known, and numbers that a format has no sign for, are printed in Arabic digits, as Word does.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

__all__ = ["formatted"]

_DIGITS: Final = "零一二三四五六七八九"
_CIRCLE_DIGITS: Final = "○一二三四五六七八九"
_LEGAL: Final = "零壹贰叁肆伍陆柒捌玖"
_LEGAL_TRADITIONAL: Final = "零壹貳參肆伍陸柒捌玖"
_UNITS: Final = ("", "十", "百", "千")
_LEGAL_UNITS: Final = ("", "拾", "佰", "仟")
_STEMS: Final = "甲乙丙丁戊己庚辛壬癸"
_BRANCHES: Final = "子丑寅卯辰巳午未申酉戌亥"
_CIRCLED: Final = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"
_STOPPED: Final = "⒈⒉⒊⒋⒌⒍⒎⒏⒐⒑⒒⒓⒔⒕⒖⒗⒘⒙⒚⒛"
_BRACKETED: Final = "⑴⑵⑶⑷⑸⑹⑺⑻⑼⑽⑾⑿⒀⒁⒂⒃⒄⒅⒆⒇"
_CIRCLED_IDEOGRAPHS: Final = "㊀㊁㊂㊃㊄㊅㊆㊇㊈㊉"
_ROMAN: Final = (
    (1000, "m"),
    (900, "cm"),
    (500, "d"),
    (400, "cd"),
    (100, "c"),
    (90, "xc"),
    (50, "l"),
    (40, "xl"),
    (10, "x"),
    (9, "ix"),
    (5, "v"),
    (4, "iv"),
    (1, "i"),
)
_MOST_ROMAN: Final = 3999
_MOST_LETTERS: Final = 26 * 30
_MYRIAD: Final = 10_000


def formatted(number: int, style: str) -> str:
    """Return a list number in one of Word's number formats (`w:numFmt`); bullets and `none` give ""."""
    if style in {"bullet", "none"}:
        return ""
    write = _FORMATS.get(style)
    return write(number) if write is not None and number > 0 else str(number)


def _counting(number: int, digits: str = _DIGITS, units: tuple[str, ...] = _UNITS) -> str:
    """Write 12 as 一十二, 105 as 一百零五; up to 9999."""
    if number >= _MYRIAD:
        return str(number)
    written, gap = "", False
    for power in range(3, -1, -1):
        digit = number // 10**power % 10
        if digit:
            written += (digits[0] if gap and written else "") + digits[digit] + units[power]
        gap = not digit
    return written


def _thousand(number: int) -> str:
    """Write 12 as 十二, 105 as 一百零五."""
    written = _counting(number)
    return written.removeprefix("一") if 10 <= number < 20 else written


def _chinese(number: int) -> str:
    """Write 12 as 十二, 105 as 一○五."""
    return _thousand(number) if number < 100 else _positional(number, _CIRCLE_DIGITS)


def _japanese(number: int) -> str:
    """Write 12 as 十二, 105 as 百五: no 一 before a unit, no zero."""
    written = _counting(number).replace("零", "")
    for unit in _UNITS[1:]:
        written = written.replace("一" + unit, unit)
    return written


def _positional(number: int, digits: str) -> str:
    return "".join(digits[int(digit)] for digit in str(number))


def _roman(number: int) -> str:
    if number > _MOST_ROMAN:
        return str(number)
    written = ""
    for value, sign in _ROMAN:
        count, number = divmod(number, value)
        written += sign * count
    return written


def _letters(number: int) -> str:
    """Write 1 as a, 26 as z, 27 as aa, 28 as bb."""
    if number > _MOST_LETTERS:
        return str(number)
    times, letter = divmod(number - 1, 26)
    return chr(ord("a") + letter) * (times + 1)


def _one_of(signs: str) -> Callable[[int], str]:
    return lambda number: signs[number - 1] if number <= len(signs) else str(number)


def _full_width(number: int) -> str:
    return str(number).translate({ord("0") + digit: 0xFF10 + digit for digit in range(10)})


def _cycle(number: int) -> str:
    return _STEMS[(number - 1) % 10] + _BRANCHES[(number - 1) % 12]


_FORMATS: Final[Mapping[str, Callable[[int], str]]] = {
    "decimalZero": "{:02d}".format,
    "decimalFullWidth": _full_width,
    "decimalFullWidth2": _full_width,
    "upperLetter": lambda number: _letters(number).upper(),
    "lowerLetter": _letters,
    "upperRoman": lambda number: _roman(number).upper(),
    "lowerRoman": _roman,
    "numberInDash": "- {} -".format,
    "chineseCounting": _chinese,
    "taiwaneseCounting": _chinese,
    "chineseCountingThousand": _thousand,
    "taiwaneseCountingThousand": _thousand,
    "japaneseCounting": _japanese,
    "koreanDigital2": lambda number: _positional(number, _DIGITS),
    "ideographDigital": lambda number: _positional(number, "〇一二三四五六七八九"),
    "japaneseDigitalTenThousand": lambda number: _positional(number, "〇一二三四五六七八九"),
    "taiwaneseDigital": lambda number: _positional(number, _CIRCLE_DIGITS),
    "chineseLegalSimplified": lambda number: _counting(number, _LEGAL, _LEGAL_UNITS),
    "ideographLegalTraditional": lambda number: _counting(number, _LEGAL_TRADITIONAL, _LEGAL_UNITS),
    "ideographTraditional": _one_of(_STEMS),
    "ideographZodiac": _one_of(_BRANCHES),
    "ideographZodiacTraditional": _cycle,
    "decimalEnclosedCircle": _one_of(_CIRCLED),
    "decimalEnclosedCircleChinese": _one_of(_CIRCLED),
    "decimalEnclosedFullstop": _one_of(_STOPPED),
    "decimalEnclosedParen": _one_of(_BRACKETED),
    "ideographEnclosedCircle": _one_of(_CIRCLED_IDEOGRAPHS),
}
