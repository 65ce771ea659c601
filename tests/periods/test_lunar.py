from __future__ import annotations

import datetime as dt
from functools import cache
from math import radians, sin

import pytest

from luoshi.periods import lunar

# The lunar calendar, reckoned from new moons and solar terms at Beijing time (Meeus): the test's own way to the dates.
# Periodic terms of the new moon: factor, then multiples of M, M', F, and the power of the eccentricity.
_TERMS = (
    (-0.40720, 0, 1, 0, 0), (0.17241, 1, 0, 0, 1), (0.01608, 0, 2, 0, 0), (0.01039, 0, 0, 2, 0), (0.00739, -1, 1, 0, 1),
    (-0.00514, 1, 1, 0, 1), (0.00208, 2, 0, 0, 2), (-0.00111, 0, 1, -2, 0), (-0.00057, 0, 1, 2, 0),
    (0.00056, 1, 2, 0, 1), (-0.00042, 0, 3, 0, 0), (0.00042, 1, 0, 2, 1), (0.00038, 1, 0, -2, 1),
    (-0.00024, -1, 2, 0, 1), (-0.00007, 2, 1, 0, 0), (0.00004, 0, 2, -2, 0), (0.00004, 3, 0, 0, 0),
)  # fmt: skip
_PLANETS = (
    (299.77, 0.107408, 325), (251.88, 0.016321, 165), (251.83, 26.651886, 164), (349.42, 36.412478, 126),
    (84.66, 18.206239, 110), (141.74, 53.303771, 62), (207.14, 2.453732, 60), (154.84, 7.306860, 56),
    (34.52, 27.261239, 47), (207.19, 0.121824, 42), (291.34, 1.844379, 40), (161.72, 24.198154, 37),
)  # fmt: skip


def beijing(ephemeris_day: float) -> dt.date:
    years = (ephemeris_day - 2451545) / 365.25
    lag = (62.92 + 0.32217 * years + 0.005589 * years * years) / 86400
    return (
        dt.datetime(2000, 1, 1, 12, tzinfo=dt.UTC) + dt.timedelta(days=ephemeris_day - lag + 8 / 24 - 2451545)
    ).date()


def new_moon(k: int) -> dt.date:
    t = k / 1236.85
    e = 1 - 0.002516 * t
    sun = radians(2.5534 + 29.10535670 * k)
    moon = radians(201.5643 + 385.81693528 * k + 0.0107582 * t * t)
    f = radians(160.7108 + 390.67050284 * k - 0.0016118 * t * t)
    day = 2451550.09766 + 29.530588861 * k + 0.00015437 * t * t
    day += sum(c * e**p * sin(a * sun + b * moon + d * f) for c, a, b, d, p in _TERMS)
    day -= 0.00017 * sin(radians(124.7746 - 1.56375588 * k))
    day += sum(c * 1e-6 * sin(radians(a + b * k)) for a, b, c in _PLANETS)
    return beijing(day)


def sun_longitude(day: float) -> float:
    t = (day - 2451545) / 36525
    m = radians(357.52911 + 35999.05029 * t)
    centre = (1.914602 - 0.004817 * t) * sin(m) + 0.019993 * sin(2 * m) + 0.000289 * sin(3 * m)
    return (280.46646 + 36000.76983 * t + centre - 0.00569 - 0.00478 * sin(radians(125.04 - 1934.136 * t))) % 360


@cache
def solar_term(year: int, longitude: int) -> dt.date:
    day = 2451545 + 365.2422 * (year - 2000 + ((longitude - 280) % 360) / 360)
    for _ in range(20):
        day += ((longitude - sun_longitude(day) + 180) % 360 - 180) / 360 * 365.2422
    return beijing(day)


def lunar_months(year: int) -> dict[int, dt.date]:
    """Return the first days of the ordinary months 1 to 10 of a lunar year."""
    first_solstice, last_solstice = solar_term(year - 1, 270), solar_term(year, 270)
    k = int((year - 2001) * 12.3685) - 3
    moons = [new_moon(number) for number in range(k, k + 40)]
    start = max(i for i, day in enumerate(moons) if day <= first_solstice)
    end = max(i for i, day in enumerate(moons) if day <= last_solstice)
    middles = [first_solstice, *(solar_term(year, degrees % 360) for degrees in range(300, 630, 30))]
    months, number, leap_left = {}, 11, end - start == 13
    for i in range(start, end):
        if leap_left and i > start and not any(moons[i] <= day < moons[i + 1] for day in middles):
            leap_left = False
            continue
        months[number] = moons[i]
        number = number % 12 + 1
    return months


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
