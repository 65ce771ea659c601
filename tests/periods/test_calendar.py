from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from luoshi.periods.calendar import Calendar, CalendarError, china, read_calendar

TERMS = """
years = [2027]

[[holiday]]
name = "元旦"
off = [2027-01-01, 2027-01-03]

[[term]]
season = "autumn"
begins = 2026-09-01
ends = 2027-01-22

[[term]]
season = "spring"
begins = 2027-02-22
ends = 2027-07-09
"""


@pytest.fixture
def school(tmp_path: Path) -> Calendar:
    path = tmp_path / "calendar.toml"
    path.write_text(TERMS, encoding="utf-8")
    return read_calendar(path)


def test_working_days_pass_over_the_national_holiday_and_say_so() -> None:
    day, why = china().add_working_days(dt.date(2026, 9, 29), 3)
    assert day == dt.date(2026, 10, 9)
    assert why.zh == "从2026-09-29的次日起算3个工作日，因国庆假期顺延至10月9日。"


def test_a_make_up_saturday_is_a_working_day() -> None:
    assert china().is_working(dt.date(2026, 2, 14))
    assert china().add_working_days(dt.date(2026, 2, 13), 1)[0] == dt.date(2026, 2, 14)


def test_an_ordinary_saturday_is_none() -> None:
    assert not china().is_working(dt.date(2026, 3, 7))


def test_every_make_up_day_is_a_weekend_day_and_no_day_off() -> None:
    calendar = china()
    assert all(day.weekday() >= 5 for day in calendar.work)
    assert not set(calendar.work) & set(calendar.off)


def test_each_year_has_its_seven_statutory_holidays() -> None:
    for year in (2025, 2026):
        names = {"元旦", "春节", "清明", "劳动节", "端午", "中秋", "国庆"}
        assert all(china().holiday(name, year) for name in names)


def test_no_working_day_later_is_the_day_itself() -> None:
    assert china().add_working_days(dt.date(2026, 10, 1), 0)[0] == dt.date(2026, 10, 1)


def test_an_unknown_year_is_refused() -> None:
    with pytest.raises(CalendarError, match="2027"):
        china().add_working_days(dt.date(2026, 12, 30), 5)


@pytest.mark.parametrize("number", [-1, 10**9])
def test_a_number_of_days_out_of_range_is_refused(number: int) -> None:
    with pytest.raises(CalendarError):
        china().add_working_days(dt.date(2026, 1, 5), number)


def test_terms_and_vacations_are_those_of_the_authority(school: Calendar) -> None:
    autumn = school.term(2026, "autumn")
    assert autumn is not None
    assert school.term_on(dt.date(2026, 12, 1)) == autumn
    assert school.vacation("winter", dt.date(2026, 12, 1)) == (dt.date(2027, 1, 23), dt.date(2027, 2, 21))


def test_what_the_authority_did_not_set_is_none(school: Calendar) -> None:
    assert school.term(2027, "autumn") is None
    assert school.vacation("summer", dt.date(2027, 5, 1)) is None
    assert china().term_on(dt.date(2026, 3, 1)) is None
    assert china().holiday("国庆", 2031) is None


def test_the_school_year_begins_on_the_first_of_september() -> None:
    assert Calendar.school_year(dt.date(2026, 8, 31)) == 2025
    assert Calendar.school_year(dt.date(2026, 9, 1)) == 2026


@pytest.mark.parametrize(
    "text",
    [
        "not toml at all",
        "holiday = 3",
        "[[holiday]]\nname = '国庆'",
        "[[holiday]]\nname = '国庆'\noff = [2026-10-07, 2026-10-01]",
        "[[holiday]]\nname = '国庆'\noff = ['2026-10-01', '2026-10-07']",
        "[[term]]\nseason = 'summer'\nbegins = 2026-01-01\nends = 2026-02-01",
        "[[term]]\nseason = 'spring'\nbegins = 2026-03-01\nends = 2026-02-01",
    ],
)
def test_a_file_of_another_form_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "calendar.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(CalendarError):
        read_calendar(path)
