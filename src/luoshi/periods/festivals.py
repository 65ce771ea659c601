"""Named days: 春节, “五一”, 国庆, 高考, and the anniversaries of foundings (建党100周年).

Each name stands for one day of a year. Which days around it are off is a matter of the authority's calendar.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Final

from luoshi.periods import lunar

__all__ = ["FESTIVAL", "JUBILEE", "NamedDay", "festival", "jubilee_day", "next_of"]


@dataclass(frozen=True, slots=True)
class NamedDay:
    """A day with a name, told by one of its `words` or by its two `numerals` (五一).

    `holiday` is the name its days off carry in a calendar, "" where it brings none.
    """

    name: str
    words: tuple[str, ...]
    of: Callable[[int], dt.date | None]
    holiday: str = ""
    numerals: str = ""


def _fixed(month: int, day: int) -> Callable[[int], dt.date | None]:
    return lambda year: dt.date(year, month, day)


def _eve(year: int) -> dt.date | None:
    first = lunar.spring_festival(year)
    return first - dt.timedelta(days=1) if first else None


_DAYS: Final = (
    NamedDay("元旦", ("元旦",), _fixed(1, 1), "元旦"),
    NamedDay("春节", ("春节", "农历新年"), lunar.spring_festival, "春节"),
    NamedDay("除夕", ("除夕",), _eve),
    NamedDay("元宵节", ("元宵",), lunar.lantern),
    NamedDay("妇女节", ("妇女节",), _fixed(3, 8), numerals="三八"),
    NamedDay("植树节", ("植树节",), _fixed(3, 12)),
    NamedDay("清明节", ("清明",), lunar.qingming, "清明"),
    NamedDay("劳动节", ("劳动节",), _fixed(5, 1), "劳动节", numerals="五一"),
    NamedDay("青年节", ("青年节",), _fixed(5, 4), numerals="五四"),
    NamedDay("儿童节", ("儿童节",), _fixed(6, 1), numerals="六一"),
    NamedDay("端午节", ("端午",), lunar.double_fifth, "端午"),
    NamedDay("七一", ("建党节",), _fixed(7, 1), numerals="七一"),
    NamedDay("八一", ("建军节",), _fixed(8, 1), numerals="八一"),
    NamedDay("教师节", ("教师节",), _fixed(9, 10)),
    NamedDay("中秋节", ("中秋",), lunar.mid_autumn, "中秋"),
    NamedDay("国庆节", ("国庆",), _fixed(10, 1), "国庆", numerals="十一"),
    NamedDay("重阳节", ("重阳",), lunar.chongyang),
    NamedDay("国家宪法日", ("国家宪法日", "宪法日"), _fixed(12, 4)),
    NamedDay("高考", ("高考",), _fixed(6, 7)),
)

_TAIL: Final = r"(?:国际)?(?:劳动|建党|建军|青年|儿童|妇女)?(?:佳节|节日|节)?(?:小长假|长假|假期|放假)?"
_WORDS: Final = "|".join(word for day in _DAYS for word in day.words)
# Two numerals in a row name a day in quotation marks, or bare before a word that only a day has (五一前, 七一期间).
_QUOTED: Final = r"[“‘\"](?:三[·.•]?八|五[·.•]?[一四]|[六七八][·.•]?一)[”’\"]|[“‘]十[·.•]?一[”’]"
_BARE: Final = (
    r"(?:三八|五一|五四|六一|七一|八一)(?<![一二三四五六七八九十百\d第]..)"
    r"(?=劳动|国际|建党|建军|青年|儿童|妇女|节|假|小长假|、|和|前(?![一-十三])|期间)"
)
FESTIVAL: Final = rf"[“‘]?(?:{_WORDS}|{_QUOTED}|{_BARE})[”’]?{_TAIL}"
"""A pattern for one named day, without groups."""

_FOUNDINGS: Final = (
    ("中国共产党成立|建党|党的生日", "建党", dt.date(1921, 7, 1)),
    ("新中国成立|中华人民共和国成立|建国", "建国", dt.date(1949, 10, 1)),
    ("人民解放军建军|建军", "建军", dt.date(1927, 8, 1)),
    ("共青团成立|建团", "建团", dt.date(1922, 5, 5)),
)
JUBILEE: Final = (
    rf"(?P<jubilee>{'|'.join(names for names, _, _ in _FOUNDINGS)})"
    r"(?P<jubilee_number>\d{2,3}|[一二三四五六七八九十百]{1,4})周年(?:来临|到来|华诞)?"
)
"""A pattern for the anniversary of a founding that every office celebrates."""


@cache
def _numerals() -> re.Pattern[str]:
    return re.compile(f"{_QUOTED}|{_BARE}")


def festival(text: str) -> NamedDay | None:
    """Return the last named day in a matched text (in 元旦、春节前 it is the later one that counts)."""
    quoted = text + "前"  # a numeral is a day only before a word that shows it
    numerals = {"".join(letter for letter in found if letter.isalnum()) for found in _numerals().findall(quoted)}
    found = [day for day in _DAYS if day.numerals in numerals or any(word in text for word in day.words)]
    return found[-1] if found else None


def jubilee_day(founding: str, number: int) -> dt.date | None:
    """Return the day of the `number`-th anniversary of a founding."""
    for names, _, day in _FOUNDINGS:
        if founding in names.split("|") and 0 < number < 200:
            return day.replace(year=day.year + number)
    return None


def next_of(day: NamedDay, today: dt.date) -> dt.date | None:
    """Return the named day's next occurrence, today included."""
    for year in (today.year, today.year + 1):
        found = day.of(year)
        if found is not None and found >= today:
            return found
    return None
