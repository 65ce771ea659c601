"""What a phrase of time stands for: its first and last day, against the document's own date."""

from __future__ import annotations

import calendar as months
import datetime as dt
from dataclasses import dataclass, replace
from typing import Final

from luoshi.periods.numerals import to_number

__all__ = ["ROLL_MONTHS", "Moment", "end_of_month", "in_year", "number", "shifted", "unknown", "whole"]

ROLL_MONTHS: Final = 4
"""A bare month that ended so many months before the document means the next year's; a later one is unclear."""


@dataclass(frozen=True, slots=True)
class Moment:
    """A stretch of time. `ends` is None where it cannot be told; `zh` and `en` say how it was read.

    `edge` holds where the words name an end (6月底, 9月10日), so that 前 does not mean the day before it begins.
    `explicit` holds where the words name the year.
    """

    begins: dt.date | None
    ends: dt.date | None
    zh: str
    en: str
    edge: bool = False
    explicit: bool = False


def unknown(zh: str, en: str) -> Moment:
    """Return a time that cannot be resolved, with the reason."""
    return Moment(None, None, zh, en)


def whole(year: int, *, explicit: bool = True) -> Moment:
    """Return a whole year."""
    return Moment(dt.date(year, 1, 1), dt.date(year, 12, 31), f"{year}年", f"the year {year}", explicit=explicit)


def end_of_month(year: int, month: int) -> dt.date:
    """Return the last day of a month."""
    return dt.date(year, month, months.monthrange(year, month)[1])


def shifted(day: dt.date, number: int) -> dt.date:
    """Return the same day some months later, or that month's last day where it is shorter. Raises `OverflowError`."""
    index = day.year * 12 + day.month - 1 + number
    year, month = divmod(index, 12)
    if not 1 <= year <= dt.MAXYEAR:
        raise OverflowError("year out of range")
    return dt.date(year, month + 1, min(day.day, months.monthrange(year, month + 1)[1]))


def in_year(moment: Moment, today: dt.date) -> Moment:
    """Put a time that was read in the document's year, without the words naming it, into the year that is meant."""
    if moment.ends is None or moment.ends >= today:
        return replace(
            moment,
            zh=f"{moment.zh}，按文件日期取{today.year}年",
            en=f"{moment.en}, in {today.year} by the document's date",
        )
    behind = (today.year - moment.ends.year) * 12 + today.month - moment.ends.month
    if behind < ROLL_MONTHS:
        return replace(
            moment,
            begins=None,
            ends=None,
            zh=f"{moment.zh}在文件日期之前不久，年份待核",
            en=f"{moment.en} lies shortly before the document's date; the year is to be checked",
        )
    begins = _next_year(moment.begins) if moment.begins else None
    ends = _next_year(moment.ends)
    return replace(
        moment,
        begins=begins,
        ends=ends,
        zh=f"{moment.zh}在文件日期之前，取下一年{ends.year}年",
        en=f"{moment.en} is over by the document's date, so {ends.year}",
    )


def _next_year(day: dt.date) -> dt.date:
    if day == end_of_month(day.year, day.month):
        return end_of_month(day.year + 1, day.month)
    return day.replace(year=day.year + 1)


def number(text: str) -> int:
    """Return a recognised numeral as a whole number."""
    value = to_number(text)
    if value is None:
        raise ValueError("not a numeral")
    return int(value)
