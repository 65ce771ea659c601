"""Days of the lunar calendar that officials name: 春节, 元宵, 端午, 中秋, 重阳; and 清明, which follows the sun.

The table holds month and day of 春节 (1/1), 端午 (5/5), 中秋 (8/15) and 重阳 (9/9) from 2000 to 2050. It was computed
from the new moons and solar terms at Beijing time (Meeus, "Astronomical Algorithms"), and a test computes it again. Two
years need care, because a new moon falls within minutes of midnight: 春节 is 6 February in 2027 and 3 February in 2030.
"""

from __future__ import annotations

import datetime as dt
from functools import cache
from typing import Final

__all__ = [
    "FIRST_YEAR",
    "LAST_YEAR",
    "chongyang",
    "double_fifth",
    "lantern",
    "mid_autumn",
    "qingming",
    "spring_festival",
]

FIRST_YEAR: Final = 2000
LAST_YEAR: Final = 2050

_TABLE: Final = """
2000 0205 0606 0912 1006
2001 0124 0625 1001 1025
2002 0212 0615 0921 1014
2003 0201 0604 0911 1004
2004 0122 0622 0928 1022
2005 0209 0611 0918 1011
2006 0129 0531 1006 1030
2007 0218 0619 0925 1019
2008 0207 0608 0914 1007
2009 0126 0528 1003 1026
2010 0214 0616 0922 1016
2011 0203 0606 0912 1005
2012 0123 0623 0930 1023
2013 0210 0612 0919 1013
2014 0131 0602 0908 1002
2015 0219 0620 0927 1021
2016 0208 0609 0915 1009
2017 0128 0530 1004 1028
2018 0216 0618 0924 1017
2019 0205 0607 0913 1007
2020 0125 0625 1001 1025
2021 0212 0614 0921 1014
2022 0201 0603 0910 1004
2023 0122 0622 0929 1023
2024 0210 0610 0917 1011
2025 0129 0531 1006 1029
2026 0217 0619 0925 1018
2027 0206 0609 0915 1008
2028 0126 0528 1003 1026
2029 0213 0616 0922 1016
2030 0203 0605 0912 1005
2031 0123 0624 1001 1024
2032 0211 0612 0919 1012
2033 0131 0601 0908 1001
2034 0219 0620 0927 1020
2035 0208 0610 0916 1009
2036 0128 0530 1004 1027
2037 0215 0618 0924 1017
2038 0204 0607 0913 1007
2039 0124 0527 1002 1026
2040 0212 0614 0920 1014
2041 0201 0603 0910 1003
2042 0122 0622 0928 1022
2043 0210 0611 0917 1011
2044 0130 0531 1005 1029
2045 0217 0619 0925 1018
2046 0206 0608 0915 1008
2047 0126 0529 1004 1027
2048 0214 0615 0922 1016
2049 0202 0604 0911 1005
2050 0123 0623 0930 1024
"""


@cache
def _years() -> dict[int, tuple[dt.date, ...]]:
    years = {}
    for line in _TABLE.split("\n"):
        if line:
            year, *days = line.split()
            years[int(year)] = tuple(dt.date(int(year), int(day[:2]), int(day[2:])) for day in days)
    return years


def _day(year: int, column: int) -> dt.date | None:
    days = _years().get(year)
    return days[column] if days else None


def spring_festival(year: int) -> dt.date | None:
    """Return 正月初一 of a year, None outside of the table (so do all functions here)."""
    return _day(year, 0)


def lantern(year: int) -> dt.date | None:
    """Return 元宵, fourteen days after 春节."""
    first = _day(year, 0)
    return first + dt.timedelta(days=14) if first else None


def double_fifth(year: int) -> dt.date | None:
    """Return 端午."""
    return _day(year, 1)


def mid_autumn(year: int) -> dt.date | None:
    """Return 中秋."""
    return _day(year, 2)


def chongyang(year: int) -> dt.date | None:
    """Return 重阳."""
    return _day(year, 3)


def qingming(year: int) -> dt.date | None:
    """Return 清明: in these years the 4th of April, and the 5th where the leap years' drift puts it past midnight."""
    if not FIRST_YEAR <= year <= LAST_YEAR:
        return None
    short = year - 2000
    return dt.date(year, 4, int(short * 0.2422 + 4.81) - short // 4)
