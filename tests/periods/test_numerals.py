from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from luoshi.periods.numerals import to_chinese, to_number


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("二〇二六", 2026),
        ("三十", 30),
        ("十五", 15),
        ("一百零五", 105),
        ("一百二十万", 1_200_000),
        ("两", 2),
        ("1.2亿", 120_000_000),
        ("1亿2000万", 120_000_000),
        ("一万亿", 10**12),
        ("3千5百", 3500),
        ("一点五亿", 150_000_000),
        ("百分之八十五", Fraction(85, 100)),
        ("85%", Fraction(85, 100)),
        ("85％", Fraction(85, 100)),
        ("一半", Fraction(1, 2)),
        ("零", 0),
    ],
)
def test_a_numeral_is_read_exactly(text: str, value: int | Fraction) -> None:
    assert to_number(text) == value


@pytest.mark.parametrize("text", ["", "清单", "三张", "百分之", "一点", "1 2", "三二十"])
def test_what_is_no_numeral_is_none(text: str) -> None:
    assert to_number(text) is None


@given(st.integers(0, 10**12 - 1))
@settings(max_examples=200)
def test_a_number_survives_chinese_numerals(number: int) -> None:
    assert to_number(to_chinese(number)) == number


@pytest.mark.parametrize(("number", "text"), [(0, "零"), (10, "十"), (15, "十五"), (105, "一百零五"), (20_000, "二万")])
def test_small_numbers_are_written_as_people_write_them(number: int, text: str) -> None:
    assert to_chinese(number) == text


@pytest.mark.parametrize("number", [-1, 10**12])
def test_a_number_out_of_range_is_refused(number: int) -> None:
    with pytest.raises(ValueError, match="not from"):
        to_chinese(number)
