from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from luoshi.drafting.quantities import find_targets
from luoshi.periods.numerals import to_chinese

LINES = (Path(__file__).parent / "cases" / "targets.jsonl").read_text(encoding="utf-8").splitlines()
CASES: list[dict[str, Any]] = [json.loads(line) for line in LINES]


@pytest.mark.parametrize("case", CASES, ids=[case["text"] for case in CASES])
def test_a_sentence_gives_the_targets_of_its_case(case: dict[str, Any]) -> None:
    assert [[x.text, x.op, x.value, x.unit, x.of] for x in find_targets(case["text"])] == case["found"]


def test_the_cases_hold_enough_sentences_without_a_target() -> None:
    assert sum(not case["found"] for case in CASES) >= 25


@pytest.mark.parametrize(
    ("words", "op"),
    [
        ("不低于", ">="),
        ("至少", ">="),
        ("超过", ">"),
        ("突破", ">"),
        ("不超过", "<="),
        ("低于", "<"),
        ("控制在", "<="),
        ("增加", "+"),
        ("减少", "-"),
    ],
)
def test_the_words_before_a_figure_give_its_direction(words: str, op: str) -> None:
    (found,) = find_targets(f"学校数量{words}30所。")
    assert (found.op, found.value, found.unit) == (op, 30, "所")


@given(st.integers(1, 9999))
@settings(max_examples=80)
def test_a_figure_in_chinese_numerals_has_the_same_value(number: int) -> None:
    text = to_chinese(number)
    if set(text) <= set("十百千") or len(text) > 7:
        return
    (digits,), (words,) = find_targets(f"新增学位不少于{number}个。"), find_targets(f"新增学位不少于{text}个。")
    assert (digits.op, digits.value, digits.unit) == (words.op, words.value, words.unit)


PIECES = st.sampled_from(
    [
        "达到",
        "不低于",
        "新增",
        "20",
        "1.5",
        "万",
        "亿",
        "元",
        "所",
        "个",
        "%",
        "百分点",
        "以上",
        "左右",
        "一",
        "三",
        "半",
        "一半",
        "百分之",
        "八十",
        "—",
        "、",
        "，",
        "1:1",
        "为零",
        "每年",
        "次",
        "的",
        "基础上",
        "第",
        "学校",
        "X",
        "“",
        "”",
        "《",
        "》",
        "至",
        "由",
        "降到",
    ]
)


@given(st.lists(PIECES, max_size=10))
@settings(max_examples=300)
def test_spans_cut_their_quotes_and_stand_in_order(pieces: list[str]) -> None:
    text = "".join(pieces)
    starts = []
    for found in find_targets(text):
        assert text[found.start : found.end] == found.text
        starts.append(found.start)
    assert starts == sorted(starts)


@given(st.text(max_size=60))
@settings(max_examples=100)
def test_any_text_is_taken(text: str) -> None:
    find_targets(text)


@pytest.mark.parametrize("piece", ["1", "1,", "一", "1个", "“", "《", "百分之", "新增3—", "以1", "1：", "零为"])
def test_a_long_hostile_sentence_is_read_in_seconds(piece: str) -> None:
    begun = time.perf_counter()
    find_targets(piece * (12_000 // len(piece)) + "个")
    assert time.perf_counter() - begun < 4


def test_what_the_work_is_done_to_is_no_target() -> None:
    assert find_targets("对全县41个教学点逐一调研。") == []
    assert [found.text for found in find_targets("对口帮扶41个教学点。")] == ["41个"]
