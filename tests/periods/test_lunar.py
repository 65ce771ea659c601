from __future__ import annotations

import datetime as dt
import sys
from pathlib import Path

import pytest

from luoshi.periods import lunar

sys.path.insert(0, str(Path(__file__).parent))
from astronomy import lunar_months, solar_term

YEARS = range(lunar.FIRST_YEAR, lunar.LAST_YEAR + 1)


def test_the_table_equals_the_astronomical_reckoning_in_every_year() -> None:
    days = dt.timedelta
    for year in YEARS:
        months = lunar_months(year)
        assert lunar.spring_festival(year) == months[1]
        assert lunar.lantern(year) == months[1] + days(14)
        assert lunar.double_fifth(year) == months[5] + days(4)
        assert lunar.mid_autumn(year) == months[8] + days(14)
        assert lunar.chongyang(year) == months[9] + days(8)


def test_qingming_equals_the_solar_term_in_every_year() -> None:
    assert [lunar.qingming(year) for year in YEARS] == [solar_term(year, 15) for year in YEARS]


@pytest.mark.parametrize(
    ("year", "day"),
    [(2021, (2, 12)), (2024, (2, 10)), (2026, (2, 17)), (2027, (2, 6)), (2030, (2, 3)), (2034, (2, 19))],
)
def test_spring_festival_is_the_day_that_was_announced(year: int, day: tuple[int, int]) -> None:
    assert lunar.spring_festival(year) == dt.date(year, *day)


@pytest.mark.parametrize("year", [1999, 2051, 1, 9999])
def test_a_year_outside_of_the_table_is_none(year: int) -> None:
    assert lunar.spring_festival(year) is None
    assert lunar.lantern(year) is None
    assert lunar.qingming(year) is None
