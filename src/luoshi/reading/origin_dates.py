"""Full dates as they stand in the frame of a document: 2026年3月5日, 二〇二六年三月五日, 2026-03-05."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Final, NamedTuple

from luoshi.reading.late import late

__all__ = ["DATE", "FrameDate", "dates_in", "first_year", "school_year"]

_HAN: Final = {c: i for i, c in enumerate("〇一二三四五六七八九")} | {"零": 0, "十": 10, "元": 1, "正": 1}
DATE: Final = (
    r"(?:(?P<year>(?:19|20)\d\d)(?:年|[-/.](?=\d{1,2}[-/.]\d))"
    r"(?P<month>1[0-2]|0?[1-9])(?:月|[-/.](?=\d))(?:(?P<day>3[01]|[12]\d|0?[1-9])(?!\d)日?)?"
    r"|(?P<hyear>[一二][〇零一二三四五六七八九]{3})年(?P<hmonth>十[一二]?|[一二三四五六七八九元正])月"
    r"(?:(?P<hday>三十一?|二?十[一二三四五六七八九]?|[一二三四五六七八九])日?)?)"
)
"""A year and a month, mostly with a day; months and days out of range match nothing."""
_DATE: Final = late(rf"(?<![\d.]){DATE}")
_SCHOOL_YEAR: Final = late(r"((?:19|20)\d\d)(?:[-—–~～至](?:(?:19|20)?\d\d))?学年")
_RANGE: Final = late(r"((?:19|20)\d\d)年?[-—–~～至]{1,2}(?:19|20)\d\d")
_YEAR: Final = late(r"(?<!\d)((?:19|20)\d\d)(?=年|〕|年度|\D{0,2}(?:工作|教育|要点))")


class FrameDate(NamedTuple):
    """A date and where it stands; `exact` is False where only the month is named and the first day was taken."""

    day: dt.date
    start: int
    end: int
    exact: bool


def dates_in(text: str) -> Iterator[FrameDate]:
    """Yield the dates of a line that are real days."""
    for match in _DATE.finditer(text):
        year = int(match["year"]) if match["year"] else int("".join(str(_HAN[c]) for c in match["hyear"]))
        month = int(match["month"]) if match["month"] else _han(match["hmonth"])
        day = int(match["day"]) if match["day"] else _han(match["hday"] or "")
        try:
            yield FrameDate(dt.date(year, month, day or 1), match.start(), match.end(), bool(day))
        except ValueError:
            continue


def _han(text: str) -> int:
    if "十" not in text:
        return _HAN.get(text, 0)
    tens, _, ones = text.partition("十")
    return (_HAN[tens] if tens else 1) * 10 + (_HAN[ones] if ones else 0)


def school_year(text: str) -> tuple[int, int, int] | None:
    """Return the year in which a school year named in the text begins, with its place."""
    match = _SCHOOL_YEAR.search(text)
    return (int(match[1]), match.start(), match.end()) if match else None


def first_year(text: str) -> tuple[int, int, int] | None:
    """Return the year that a title names, with its place: the first of a range, else the last that is named."""
    match = _RANGE.search(text)
    if match is None:
        for later in _YEAR.finditer(text):
            match = later
    return (int(match[1]), match.start(1), match.end(1)) if match else None
