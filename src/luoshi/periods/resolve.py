"""From a matched phrase of time to the days it stands for, one function a kind."""

from __future__ import annotations

import calendar as months
import datetime as dt
import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Final

from luoshi.periods.calendar import Calendar, CalendarError, Season
from luoshi.periods.festivals import NamedDay, festival, jubilee_day, next_of
from luoshi.periods.moments import Moment, end_of_month, in_year, number, shifted, unknown, whole

__all__ = ["resolve"]

_NO_DATE: Final = unknown("文件没有日期，无法推算", "the document has no date to count from")
_MASKED: Final = unknown("年月被隐去，无法推算", "the year or month is masked")
_THIRDS: Final = {"上旬": 10, "中旬": 20, "上中旬": 20, "初": 10, "中": 15}
_QUARTERS: Final = {"一": 1, "二": 2, "三": 3, "四": 4}
_WEEKDAYS: Final = "一二三四五六日"
_YEAR_WORDS: Final = {"今年": 0, "本年": 0, "当年": 0, "明年": 1, "来年": 1, "后年": 2}
Groups = Mapping[str, str | None]


def resolve(match: re.Match[str], today: dt.date | None, calendar: Calendar | None) -> Moment:
    """Return what a phrase stands for; its reason where it cannot be told."""
    kind = match.lastgroup or ""
    groups = match.groupdict()
    try:
        if kind == "dated":
            return _dated(groups, today, calendar)
        if kind == "planned":
            return _planned(groups)
        if kind == "anniversary":
            return _jubilee(groups)
        if today is None and not any(groups[name] for name in ("month_masked", "vacation", "event")):
            return _NO_DATE
        return _KINDS[kind](groups, today or dt.date.min, calendar)
    except (ValueError, OverflowError):
        return unknown("日期不存在或超出范围", "there is no such day")


def _year_of(groups: Groups, today: dt.date | None) -> int | None:
    if groups["year"]:
        return number(groups["year"])
    if groups["year_word"] and today:
        return today.year + _YEAR_WORDS[groups["year_word"]]
    return None


def _dated(groups: Groups, today: dt.date | None, calendar: Calendar | None) -> Moment:
    """Resolve a phrase that names its year: 2025年, 明年3月底, 2021年“五一”, 2026年秋季学期."""
    if groups["year_masked"] or groups["month_masked_y"] or groups["day_masked_y"]:
        return _MASKED
    year = _year_of(groups, today)
    if year is None:
        return _NO_DATE
    inner = {name.removesuffix("_y"): value for name, value in groups.items() if name.endswith("_y")}
    moment = _inside(inner, year, calendar) or whole(year)
    if groups["year_from"]:
        moment = replace(moment, begins=dt.date(number(groups["year_from"]), 1, 1))
    return replace(moment, explicit=True)


def _inside(groups: Groups, year: int, calendar: Calendar | None) -> Moment | None:
    if groups["month"]:
        return _month(groups, year)
    if groups["half"] or groups["quarter"] or groups["season"]:
        return _part(groups, year, calendar)
    if groups["edge"]:
        return _year_edge(groups["edge"], year)
    if groups["festival"]:
        named = festival(groups["festival"])
        return _named_day(named, named.of(year)) if named else None
    if groups["school"]:
        return unknown(f"{groups['school']}的起止没有给出", "the authority has not set this school time")
    return None


def _month(groups: Groups, year: int) -> Moment:
    month = number(groups["month"] or "")
    first = dt.date(year, month, 1)
    if groups["month_from"]:
        start = number(groups["month_from"])
        first = dt.date(year if start <= month else year - 1, start, 1)
    last = end_of_month(year, month)
    if groups["day"]:
        day = last.replace(day=number(groups["day"]))
        begins = day.replace(day=number(groups["day_from"])) if groups["day_from"] else day
        return Moment(begins, day, f"{month}月{day.day}日", f"{day.day} {months.month_name[month]}", edge=True)
    third = groups["third"]
    if third:
        end = last.replace(day=_THIRDS[third]) if third in _THIRDS else last
        return Moment(first, end, f"{month}月{third}", f"{months.month_name[month]} to the {end.day}th", edge=True)
    return Moment(first, last, f"{month}月", months.month_name[month])


def _monthly(groups: Groups, today: dt.date, _: Calendar | None) -> Moment:
    if groups["month_masked"] or groups["day_masked"]:
        return _MASKED
    return in_year(_month(groups, today.year), today)


def _part(groups: Groups, year: int, calendar: Calendar | None) -> Moment:
    if groups["half"]:
        first = 1 if groups["half"] == "上半年" else 7
        begins, ends = dt.date(year, first, 1), end_of_month(year, first + 5)
        return Moment(begins, ends, groups["half"], f"the half-year from month {first}")
    if groups["quarter"]:
        quarter = _QUARTERS.get(groups["quarter"]) or int(groups["quarter"])
        begins, ends = dt.date(year, quarter * 3 - 2, 1), end_of_month(year, quarter * 3)
        edge = groups["quarter_edge"]
        if edge == "初":
            ends = end_of_month(year, quarter * 3 - 2)
        return Moment(begins, ends, f"第{quarter}季度", f"quarter {quarter}", edge=bool(edge))
    return _season(groups, year, calendar)


def _season(groups: Groups, year: int, calendar: Calendar | None) -> Moment:
    season: Season = "autumn" if "秋" in (groups["season"] or "") else "spring"
    term = calendar.term(year, season) if calendar else None
    if term is None or not (groups["season_term"] or groups["season_open"]):
        return unknown("季节或学期没有确定的日期", "a season or term has no certain day")
    if groups["season_open"]:
        return Moment(term.begins, term.begins, f"{year}年该学期开学", f"first day of that term of {year}")
    return Moment(term.begins, term.ends, f"{year}年该学期", f"that term of {year}")


def _bare_part(groups: Groups, today: dt.date, calendar: Calendar | None) -> Moment:
    moment = _part(groups, today.year, calendar)
    return in_year(moment, today) if moment.ends else moment


def _year_edge(edge: str, year: int) -> Moment:
    if "初" in edge:
        return unknown("年初没有确定的最后一天", "the beginning of the year has no certain last day")
    if "中" in edge:
        return Moment(dt.date(year, 1, 1), dt.date(year, 6, 30), f"{year}年年中", f"the middle of {year}", edge=True)
    return Moment(dt.date(year, 1, 1), dt.date(year, 12, 31), f"{year}年年底", f"the end of {year}", edge=True)


def _bare_edge(groups: Groups, today: dt.date, _: Calendar | None) -> Moment:
    moment = _year_edge(groups["edge"] or "", today.year)
    return in_year(moment, today) if moment.ends else moment


def _whole_year(_: Groups, today: dt.date, __: Calendar | None) -> Moment:
    return whole(today.year, explicit=False)


def _planned(groups: Groups) -> Moment:
    plan = number(groups["plan"] or "")
    begins = dt.date(1981 + 5 * (plan - 6), 1, 1)
    ends = dt.date(begins.year + 4, 12, 31)
    edge = groups["plan_edge"] not in {"期间", "时期", ""}
    name = groups["plan"]
    return Moment(
        begins,
        ends,
        f"“{name}五”时期为{begins.year}—{ends.year}年",
        f"that plan runs {begins.year}-{ends.year}",
        edge,
        True,
    )


def _jubilee(groups: Groups) -> Moment:
    day = jubilee_day(groups["jubilee"] or "", number(groups["jubilee_number"] or ""))
    if day is None:
        return unknown("周年日无法推算", "the anniversary cannot be told")
    return Moment(day, day, f"周年日为{day.isoformat()}", f"the anniversary is {day.isoformat()}", explicit=True)


def _named_day(named: NamedDay, day: dt.date | None) -> Moment:
    if day is None:
        return unknown(f"{named.name}的日期不在表内", "that feast lies outside of the table")
    return Moment(day, day, f"{named.name}为{day.isoformat()}", f"{named.name} is {day.isoformat()}")


def _festival(groups: Groups, today: dt.date, _: Calendar | None) -> Moment:
    named = festival(groups["festival"] or "")
    if named is None or groups["nodes"]:
        return unknown("所列节日不止一个日期", "these feasts have more than one day")
    return _named_day(named, next_of(named, today))


def _relative(groups: Groups, today: dt.date, _: Calendar | None) -> Moment:
    if groups["tomorrow"]:
        day = today + dt.timedelta(days=2 if groups["tomorrow"] == "后天" else 1)
        return Moment(day, day, day.isoformat(), day.isoformat(), edge=True)
    if groups["day_only"]:
        return _day_only(number(groups["day_only"]), today)
    if groups["week_word"] or groups["week_day_only"]:
        return _week(groups, today)
    return _relative_month(groups, today)


def _day_only(day: int, today: dt.date) -> Moment:
    first = today.replace(day=1)
    for ahead in (0, 1, 2):
        month = shifted(first, ahead)
        if day <= months.monthrange(month.year, month.month)[1] and month.replace(day=day) >= today:
            found = month.replace(day=day)
            return Moment(
                found, found, f"文件日期之后的第一个{day}日", f"the first {day}th after the document's date", edge=True
            )
    raise ValueError("no such day")


def _week(groups: Groups, today: dt.date) -> Moment:
    monday = today - dt.timedelta(days=today.weekday())
    if groups["week_word"] == "下":
        monday += dt.timedelta(days=7)
    letter = groups["week_day"] or groups["week_day_only"] or "内"
    if letter in "内末":
        day = monday + dt.timedelta(days=6)
        return Moment(max(monday, today), day, "该周最后一天", "the last day of that week", edge=True)
    day = monday + dt.timedelta(days=_WEEKDAYS.index(letter.replace("天", "日")))
    if day < today:
        day += dt.timedelta(days=7)
    return Moment(day, day, f"周{letter}", f"weekday {day.isoweekday()} of that week", edge=True)


def _relative_month(groups: Groups, today: dt.date) -> Moment:
    word, edge = groups["month_word"] or "本", groups["month_edge"] or ""
    if word == "次":
        return unknown("次月从哪个月算起没有说明", "the text does not say after which month")
    first = shifted(today.replace(day=1), 1 if word.startswith("下") else 0)
    last = end_of_month(first.year, first.month)
    if groups["month_day"]:
        last = last.replace(day=number(groups["month_day"]))
    elif edge in _THIRDS:
        last = last.replace(day=_THIRDS[edge])
    if last < today:
        return unknown("该日在文件日期之前", "that day lies before the document's date")
    return Moment(
        first,
        last,
        f"{first.year}年{first.month}月{edge}",
        f"{months.month_name[first.month]} {first.year}",
        bool(edge),
    )


def _duration(groups: Groups, today: dt.date, calendar: Calendar | None) -> Moment:
    unit, least = (groups["unit"] or "").removeprefix("个"), groups["least"] or ""
    if groups["about"] or groups["most"]:
        return unknown("时长是约数，没有确定的最后一天", "the length is approximate")
    if unit in {"小时", "分钟", "学期"}:
        return unknown("从事项发生时起算", "counted from the event itself")
    if unit == "工作日":
        return _working_days(number(least), today, calendar)
    ends = _after(today, least, unit)
    return Moment(
        today,
        ends,
        f"从文件日期起{least}{groups['unit']}",
        f"{least} {_UNITS[unit]} from the document's date",
        edge=True,
    )


_UNITS: Final = {
    "年": "years",
    "月": "months",
    "半月": "half months",
    "季度": "quarters",
    "周": "weeks",
    "星期": "weeks",
    "天": "days",
    "日": "days",
    "自然日": "days",
}


def _after(today: dt.date, numeral: str, unit: str) -> dt.date:
    if numeral == "半":
        return shifted(today, 6) if unit == "年" else today + dt.timedelta(days=15)
    length = number(numeral)
    if unit in {"年", "月", "季度"}:
        return shifted(today, length * {"年": 12, "月": 1, "季度": 3}[unit])
    if unit == "半月":
        return shifted(today, length) + dt.timedelta(days=15)
    return today + dt.timedelta(days=length * (7 if unit in {"周", "星期"} else 1))


def _working_days(length: int, today: dt.date, calendar: Calendar | None) -> Moment:
    if calendar is None:
        return unknown("没有日历，无法推算工作日", "working days need the authority's calendar")
    try:
        day, why = calendar.add_working_days(today, length)
    except CalendarError as error:
        return unknown(error.words.zh.rstrip("。"), error.words.en.rstrip("."))
    return Moment(today, day, why.zh.rstrip("。"), why.en.rstrip("."), edge=True)


def _school(groups: Groups, today: dt.date, calendar: Calendar | None) -> Moment:
    if calendar is None or not calendar.terms or today == dt.date.min:
        return unknown("学校日程没有给出，无法推算", "needs the authority's school calendar")
    if groups["vacation"]:
        return _vacation(groups["vacation"], today, calendar)
    if groups["term"] or groups["end_of_term"]:
        return _term(groups, today, calendar)
    following = calendar.next_term(today)
    if groups["event"] == "开学" and following and not groups["event_edge"]:
        return Moment(
            following.begins, following.begins, f"开学为{following.begins}", f"term begins {following.begins}"
        )
    return unknown("该活动的日期没有给出", "the day of that event is not given")


def _vacation(name: str, today: dt.date, calendar: Calendar) -> Moment:
    season = {"寒假": "winter", "暑假": "summer", "暑期": "summer"}.get(name)
    days = calendar.vacation("winter" if season == "winter" else "summer", today) if season else None
    if days is None:
        return unknown("假期的起止没有给出", "the dates of that vacation are not given")
    return Moment(days[0], days[1], f"{name}为{days[0]}至{days[1]}", f"that vacation is {days[0]} to {days[1]}")


def _term(groups: Groups, today: dt.date, calendar: Calendar) -> Moment:
    term = calendar.next_term(today) if groups["which"] in {"下", "新"} else calendar.term_on(today)
    if term is None or groups["term_edge"] in {"初", "中"} or groups["end_of_term"] == "期中":
        return unknown("该学期的起止没有给出", "the dates of that term are not given")
    if groups["term_edge"] == "开学":
        return Moment(term.begins, term.begins, f"开学为{term.begins}", f"term begins {term.begins}")
    edge = bool(groups["term_edge"] or groups["end_of_term"])
    return Moment(
        term.begins, term.ends, f"学期为{term.begins}至{term.ends}", f"the term is {term.begins} to {term.ends}", edge
    )


_KINDS: Final[dict[str, Callable[[Groups, dt.date, Calendar | None], Moment]]] = {
    "monthly": _monthly,
    "part": _bare_part,
    "edged": _bare_edge,
    "whole": _whole_year,
    "named": _festival,
    "relative": _relative,
    "duration": _duration,
    "school": _school,
}
