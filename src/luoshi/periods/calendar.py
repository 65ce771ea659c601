"""The authority's calendar: days off, make-up working days, school terms.

Nothing here is computed that only a notice can decide: a year whose holidays nobody entered is *unknown*, and counting
working days through it fails with a sentence instead of guessing.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from itertools import pairwise
from pathlib import Path
from types import MappingProxyType
from typing import Any, Literal

from luoshi.words import Words

__all__ = ["Calendar", "CalendarError", "Season", "Term", "china", "read_calendar"]

Season = Literal["autumn", "spring"]
_ONE_DAY = dt.timedelta(days=1)
_MOST_DAYS = 3660


class CalendarError(ValueError):
    """A calendar that cannot be read, or a count that leaves the years it knows."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(f"{zh} / {en}")
        self.words = Words(zh, en)


@dataclass(frozen=True, slots=True)
class Term:
    """One school term, by its first and last day. The autumn term carries the year in which it begins."""

    year: int
    season: Season
    begins: dt.date
    ends: dt.date


@dataclass(frozen=True, slots=True)
class Calendar:
    """What an authority laid down about its days; empty where it laid down nothing.

    `off` maps each day off to the holiday's name, `work` the Saturdays and Sundays that are worked to the holiday they
    make up for. `years` are those whose holidays are known.
    """

    off: Mapping[dt.date, str] = field(default_factory=dict)
    work: Mapping[dt.date, str] = field(default_factory=dict)
    years: frozenset[int] = frozenset()
    terms: tuple[Term, ...] = ()

    def is_working(self, day: dt.date) -> bool:
        """Tell whether the offices work on a day; where its year is unknown, on Monday to Friday."""
        return day in self.work or (day.weekday() < 5 and day not in self.off)

    def add_working_days(self, day: dt.date, number: int) -> tuple[dt.date, Words]:
        """Return the day that is `number` working days after `day` (which itself does not count), and why.

        Raises :class:`CalendarError` where the count passes through a year whose holidays are not known.
        """
        if not 0 <= number <= _MOST_DAYS:
            raise CalendarError("工作日数应在0到3660之间。", "Give a number of working days from 0 to 3660.")
        names: list[str] = []
        left, reached = number, day
        while left:
            if reached >= dt.date(dt.MAXYEAR, 12, 31):
                raise CalendarError("日期太远，无法推算。", "The day lies too far ahead.")
            reached += _ONE_DAY
            self._require(reached.year)
            if self.is_working(reached):
                left -= 1
            elif reached in self.off and self.off[reached] not in names:
                names.append(self.off[reached])
        return reached, _why_reached(day, number, reached, names)

    def _require(self, year: int) -> None:
        if year not in self.years:
            raise CalendarError(
                f"日历里没有{year}年的节假日安排，请先补上。",
                f"The calendar has no holidays for {year}; add them first.",
            )

    def holiday(self, name: str, year: int) -> tuple[dt.date, dt.date] | None:
        """Return the first and last day off of a named holiday that falls in a year, None where it is unknown."""
        days = sorted(day for day, title in self.off.items() if day.year == year and name in title)
        return (days[0], days[-1]) if days else None

    def term(self, year: int, season: Season) -> Term | None:
        """Return a term by the year it begins in, None where the authority did not set it."""
        return next((term for term in self.terms if term.year == year and term.season == season), None)

    def term_on(self, day: dt.date) -> Term | None:
        """Return the term that a day falls in, None in the holidays and where no term is known."""
        return next((term for term in self.terms if term.begins <= day <= term.ends), None)

    def next_term(self, day: dt.date) -> Term | None:
        """Return the first term that begins after a day."""
        return min((term for term in self.terms if term.begins > day), key=lambda term: term.begins, default=None)

    def vacation(self, season: Literal["winter", "summer"], day: dt.date) -> tuple[dt.date, dt.date] | None:
        """Return first and last day of the vacation that is on or comes after `day`, between two known terms."""
        ended: Season = "autumn" if season == "winter" else "spring"
        ordered = sorted(self.terms, key=lambda term: term.begins)
        for before, after in pairwise(ordered):
            if before.season == ended and after.begins > day and (after.begins - before.ends).days < 120:
                return before.ends + _ONE_DAY, after.begins - _ONE_DAY
        return None

    @staticmethod
    def school_year(day: dt.date) -> int:
        """Return the year in which the school year of a day began; it begins on 1 September."""
        return day.year if day.month >= 9 else day.year - 1


def _why_reached(day: dt.date, number: int, reached: dt.date, names: list[str]) -> Words:
    zh = f"从{day.isoformat()}的次日起算{number}个工作日"
    en = f"{number} working days counted from the day after {day.isoformat()}"
    if names:
        zh += f"，因{'、'.join(names)}假期顺延至{reached.month}月{reached.day}日"
        en += f", put off to {reached.isoformat()} by holidays ({', '.join(names)})"
    return Words(zh + "。", en + ".")


def read_calendar(path: Path) -> Calendar:
    """Read a calendar from a TOML file in the form of `holidays.toml`, with `[[term]]` tables for the school terms.

    Raises :class:`CalendarError` where the file does not have that form; `OSError` as usual.
    """
    import tomllib  # noqa: PLC0415 — not every run reads a calendar

    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise CalendarError(f"{path.name}不是TOML文件。", f"{path.name} is no TOML file.") from error
    return _calendar(data, path.name)


def _calendar(data: dict[str, Any], name: str) -> Calendar:
    off: dict[dt.date, str] = {}
    work: dict[dt.date, str] = {}
    try:
        for holiday in data.get("holiday", []):
            first, last = _days(holiday["off"], 2)
            off.update(dict.fromkeys(_between(first, last), str(holiday["name"])))
            work.update(dict.fromkeys(_days(holiday.get("work", [])), str(holiday["name"])))
        terms = tuple(_term(term) for term in data.get("term", []))
        years = frozenset(int(year) for year in data.get("years", []))
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise CalendarError(
            f"{name}的内容不合格式：请对照随附的holidays.toml检查。",
            f"{name} has not the form of a calendar; compare it with the bundled holidays.toml.",
        ) from error
    return Calendar(MappingProxyType(off), MappingProxyType(work), years, tuple(sorted(terms, key=lambda t: t.begins)))


def _days(values: Any, number: int | None = None) -> list[dt.date]:
    days = list(values)
    if any(type(day) is not dt.date for day in days) or (number is not None and len(days) != number):
        raise ValueError("not a list of days")
    return days


def _between(first: dt.date, last: dt.date) -> Iterable[dt.date]:
    if not 0 <= (last - first).days <= 400:
        raise ValueError("not an ordered pair of days")
    return (first + _ONE_DAY * number for number in range((last - first).days + 1))


def _term(data: dict[str, Any]) -> Term:
    begins, ends = _days((data["begins"], data["ends"]))
    if data["season"] not in {"autumn", "spring"} or not 0 < (ends - begins).days <= 400:
        raise ValueError("not a term")
    return Term(int(data.get("year", begins.year)), data["season"], begins, ends)


@cache
def china() -> Calendar:
    """Return the bundled calendar: the State Council's holidays, and no school terms."""
    return read_calendar(Path(__file__).with_name("holidays.toml"))
