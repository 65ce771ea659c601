from __future__ import annotations

import datetime as dt
import json
import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from luoshi.periods import Term, china, find_deadlines
from luoshi.periods.calendar import Calendar
from luoshi.periods.numerals import to_chinese

LINES = (Path(__file__).parent / "cases" / "deadlines.jsonl").read_text(encoding="utf-8").splitlines()
CASES: list[dict[str, Any]] = [json.loads(line) for line in LINES]
TODAY = dt.date(2021, 4, 11)
DAYS = st.dates(dt.date(2000, 1, 1), dt.date(2045, 12, 31))
PIECES = st.sampled_from(
    [
        "今年",
        "明年",
        "2025年",
        "2019年",
        "20xx年",
        "年底",
        "年内",
        "6月",
        "底",
        "前",
        "上旬",
        "3月",
        "12日",
        "每月",
        "“七一”",
        "国庆",
        "春节",
        "前夕",
        "期间",
        "三",
        "5",
        "个",
        "工作日",
        "内",
        "年",
        "月",
        "至",
        "—",
        "到",
        "从",
        "起",
        "开始",
        "上半年",
        "三季度",
        "秋季",
        "学期",
        "开学",
        "暑假",
        "假期",
        "即日起",
        "“十四五”",
        "末",
        "下",
        "周五",
        "，",
        "、",
        "《",
        "》",
        "完成",
        "建设",
        "的",
        "以来",
        "截至",
        "本月",
        "月底",
        "全年",
        "十",
        "二",
        "日",
        "时间",
        "左右",
        "后",
        "用",
    ]
)
CALENDAR = Calendar(
    china().off,
    china().work,
    china().years,
    (
        Term(2025, "autumn", dt.date(2025, 9, 1), dt.date(2026, 1, 23)),
        Term(2026, "spring", dt.date(2026, 2, 26), dt.date(2026, 7, 3)),
        Term(2026, "autumn", dt.date(2026, 9, 1), dt.date(2027, 1, 22)),
    ),
)


@pytest.mark.parametrize("case", CASES, ids=[case["text"] for case in CASES])
def test_a_sentence_gives_the_deadlines_of_its_case(case: dict[str, Any]) -> None:
    found = find_deadlines(case["text"], dt.date.fromisoformat(case["today"]))
    assert [[x.text, x.due and x.due.isoformat(), x.begins and x.begins.isoformat()] for x in found] == case["found"]


def test_the_cases_hold_enough_sentences_without_a_deadline() -> None:
    assert sum(not case["found"] for case in CASES) >= 30


def due(text: str, today: dt.date | None, calendar: Calendar | None = None) -> list[dt.date | None]:
    return [found.due for found in find_deadlines(text, today, calendar)]


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("5个工作日内办结。", dt.date(2026, 5, 8)),
        ("本学期末报送总结。", dt.date(2026, 7, 3)),
        ("下学期开学前完成维修。", dt.date(2026, 8, 31)),
        ("开学前完成维修。", dt.date(2026, 8, 31)),
        ("暑假前完成测评。", dt.date(2026, 7, 3)),
        ("暑假期间完成改造。", dt.date(2026, 8, 31)),
        ("2026年秋季学期开学前投入使用。", dt.date(2026, 8, 31)),
        ("国庆期间加强值守。", dt.date(2026, 10, 7)),
    ],
)
def test_a_calendar_resolves_school_times_and_working_days(text: str, day: dt.date) -> None:
    assert due(text, dt.date(2026, 4, 28), CALENDAR) == [day]


@pytest.mark.parametrize("text", ["6月底前完成。", "年内完成。", "下周五前报送。", "“五一”前整改。", "三年内建成。"])
def test_without_a_date_of_the_document_only_the_reason_is_given(text: str) -> None:
    (found,) = find_deadlines(text, None)
    assert found.due is None
    assert found.why.zh.endswith("文件没有日期，无法推算。")


@pytest.mark.parametrize(
    ("text", "day"),
    [("2025年底前完成。", "2025-12-31"), ("到2030年建成。", "2030-12-31"), ("“十四五”末达标。", "2025-12-31")],
)
def test_a_named_year_needs_no_date_of_the_document(text: str, day: str) -> None:
    assert due(text, None) == [dt.date.fromisoformat(day)]


def test_a_bare_month_that_ended_long_ago_means_the_next_year() -> None:
    (found,) = find_deadlines("3月底前完成。", dt.date(2021, 11, 20))
    assert found.due == dt.date(2022, 3, 31)
    assert "取下一年" in found.why.zh


def test_a_bare_month_that_ended_just_now_is_left_to_be_checked() -> None:
    (found,) = find_deadlines("3月底前完成。", TODAY)
    assert found.due is None
    assert "年份待核" in found.why.zh


@pytest.mark.parametrize(
    "text", ["2021年2月30日前完成。", "13月底前完成。", "9999年底前完成。", "0个工作日内", "9999年内建成"]
)
def test_an_impossible_date_raises_nothing(text: str) -> None:
    for found in find_deadlines(text, dt.date(9999, 6, 1), CALENDAR):
        assert text[found.start : found.end] == found.text


@given(st.integers(1, 12), DAYS)
@settings(max_examples=60)
def test_a_month_in_chinese_numerals_gives_the_same_day(month: int, today: dt.date) -> None:
    assert due(f"{month}月底前完成。", today) == due(f"{to_chinese(month)}月底前完成。", today)


@given(DAYS)
@settings(max_examples=60)
def test_by_the_end_of_the_year_is_its_last_day_on_every_day(today: dt.date) -> None:
    assert due("年底前完成。", today) == [dt.date(today.year, 12, 31)]


@given(st.lists(PIECES, max_size=9), DAYS)
@settings(max_examples=400, deadline=None)
def test_spans_cut_their_quotes_and_no_due_day_lies_before_the_document_unless_the_year_is_named(
    pieces: list[str], today: dt.date
) -> None:
    text = "".join(pieces)
    end = 0
    for found in find_deadlines(text, today, CALENDAR):
        assert text[found.start : found.end] == found.text
        assert found.start >= end
        end = found.end
        if found.due and found.due < today:
            assert "年" in found.text or "五" in found.text


@given(st.text(max_size=60))
@settings(max_examples=100)
def test_any_text_is_taken(text: str) -> None:
    find_deadlines(text, TODAY)


@pytest.mark.parametrize(
    "piece", ["1", "一", "“", "《", "年", "每月", "1月至", "春节、", "开学、", "十", "2021年—", "建党", "内"]
)
def test_a_long_hostile_sentence_is_read_in_seconds(piece: str) -> None:
    begun = time.perf_counter()
    find_deadlines(piece * (12_000 // len(piece)) + "年内", TODAY)
    assert time.perf_counter() - begun < 3
