"""Days and units as people type them."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.exceptions import ValidationError

from cast import BEGIN, Cast
from luoshi.directives.typed import typed_day, typed_unit, typed_units
from luoshi.directives.typed_lists import typed_cadence
from luoshi.org.models import Unit

TODAY = dt.date(2026, 3, 4)  # a Wednesday
WRITTEN = dt.date(2026, 2, 27)


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("2026-6-30", "2026-06-30"), ("2026/06/30", "2026-06-30"), ("2026.6.30", "2026-06-30"), ("20260630", "2026-06-30"),
        ("\uff12\uff10\uff12\uff16-\uff16-30", "2026-06-30"), ("2026年6月30日", "2026-06-30"), ("6-30", "2026-06-30"), ("6.30", "2026-06-30"),
        ("1/15", "2027-01-15"), ("2-29", "2028-02-29"), ("6月底前", "2026-06-30"), ("6月底", "2026-06-30"), ("6月", "2026-06-30"),
        ("六月底前", "2026-06-30"), ("6月30日前", "2026-06-30"), ("明年3月底前", "2027-03-31"), ("年底前", "2026-12-31"),
        ("月底", "2026-03-31"), ("下周五", "2026-03-13"), ("周五", "2026-03-06"), ("星期天", "2026-03-08"), ("周三", "2026-03-04"),
        ("今天", "2026-03-04"), ("明天", "2026-03-05"), ("后天", "2026-03-06"), ("tomorrow", "2026-03-05"), ("+10", "2026-03-14"),
        ("10天", "2026-03-14"), ("3个工作日内", "2026-03-09"), ("两个月内", "2026-05-04"), ("国庆前", "2026-09-30"),
        ("二季度末", "2026-06-30"), ("上半年", "2026-06-30"), ("6月底前。", "2026-06-30"), (" 6月底前 ", "2026-06-30"),
        ("2月底前", "2026-02-28"),
    ],
)  # fmt: skip
def test_a_day_is_understood(typed: str, day: str) -> None:
    found = typed_day(typed, today=TODAY, written=WRITTEN)
    assert found is not None
    assert found.day.isoformat() == day
    assert found.why.zh
    assert found.why.en


@pytest.mark.parametrize("typed", ["", "  ", "\u3000"])
def test_nothing_typed_is_no_day(typed: str) -> None:
    assert typed_day(typed, today=TODAY, written=WRITTEN) is None


@pytest.mark.parametrize(
    "typed",
    [
        "尽快",
        "有关单位",
        "2026-02-30",
        "13-45",
        "32",
        "每月",
        "20",
        "\x00",
        "9" * 400,
        "6月底前完成全部校舍的排查和整改",
    ],
)
def test_what_names_no_day_is_refused_with_what_to_type(typed: str) -> None:
    with pytest.raises(ValidationError) as refused:
        typed_day(typed, today=TODAY, written=WRITTEN)
    assert refused.value.code in {"unclear", "no_such_day"}


def test_a_month_counts_from_the_document_and_a_week_from_today() -> None:
    late = dt.date(2026, 11, 22)
    months = typed_day("6月底前", today=late, written=WRITTEN)
    weeks = typed_day("一周内", today=late, written=WRITTEN)
    undated = typed_day("6月底前", today=late)
    assert months
    assert weeks
    assert undated
    assert (months.day, weeks.day, undated.day) == (
        dt.date(2026, 6, 30),
        dt.date(2026, 11, 29),
        dt.date(2027, 6, 30),
    )


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("基础教育科（YL-JJ）", "YL-JJ"), ("基教科", "YL-JJ"), ("YL-AQ", "YL-AQ"), ("jjk", "YL-JJ"), ("槐一小", "HS-1"),
        ("  安全科 ", "YL-AQ"), ("旧名（HS-1）", "HS-1"),
    ],
)  # fmt: skip
def test_a_unit_is_known_by_what_people_call_it(cast: Cast, typed: str, code: str) -> None:
    assert typed_unit(typed) == code


def test_no_unit_typed_is_none(cast: Cast) -> None:
    assert typed_unit(" ") is None
    assert typed_units("、，") == []


@pytest.mark.parametrize(
    ("typed", "code"), [("云岭大学", "unknown_unit"), ("槐树", "several_units"), ("\x00", "unknown_unit")]
)
def test_a_unit_that_cannot_be_told_is_refused_with_the_likeliest(cast: Cast, typed: str, code: str) -> None:
    with pytest.raises(ValidationError) as refused:
        typed_unit(typed)
    assert refused.value.code == code
    assert ("HS-1" in refused.value.message) == (code == "several_units")


def test_a_closed_unit_is_not_taken(cast: Cast) -> None:
    Unit.objects.filter(code="YL-JJ").update(closed_on=BEGIN)
    with pytest.raises(ValidationError):
        typed_unit("基础教育科（YL-JJ）")


def test_several_units_are_taken_once_each_in_their_order(cast: Cast) -> None:
    assert typed_units("安全科、基教科，jjk\nHS-1") == ["YL-AQ", "YL-JJ", "HS-1"]


def test_rhythms_typed_in_english_are_kept_in_the_words_of_notices() -> None:
    assert typed_cadence("weekly, Half-yearly") == [
        {"text": "每周", "rrule": "FREQ=WEEKLY"},
        {"text": "每半年", "rrule": "FREQ=MONTHLY;INTERVAL=6"},
    ]
