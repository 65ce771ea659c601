from __future__ import annotations

import json
import re
import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from luoshi.periods.cadence import find_cadence
from luoshi.periods.numerals import to_chinese

LINES = (Path(__file__).parent / "cases" / "cadence.jsonl").read_text(encoding="utf-8").splitlines()
CASES: list[dict[str, Any]] = [json.loads(line) for line in LINES]
RANGES = {"BYMONTH": (1, 12), "BYMONTHDAY": (1, 31), "INTERVAL": (1, 10**6)}


def is_valid(rule: str) -> bool:
    """A small check against RFC 5545, section 3.3.10: one FREQ first, each part once, values in range."""
    parts = [part.partition("=") for part in rule.split(";")]
    names = [name for name, _, _ in parts]
    if names[0] != "FREQ" or len(set(names)) != len(names):
        return False
    if parts[0][2] not in {"DAILY", "WEEKLY", "MONTHLY", "YEARLY"}:
        return False
    for name, _, value in parts[1:]:
        if name == "BYDAY":
            if not re.fullmatch(r"(MO|TU|WE|TH|FR|SA|SU)(,(MO|TU|WE|TH|FR|SA|SU))*", value):
                return False
        elif name not in RANGES or not all(
            re.fullmatch(r"-?\d+", item)
            and (RANGES[name][0] <= int(item) <= RANGES[name][1] or (name == "BYMONTHDAY" and item == "-1"))
            for item in value.split(",")
        ):
            return False
    return True


@pytest.mark.parametrize("case", CASES, ids=[case["text"] for case in CASES])
def test_a_sentence_gives_the_rhythms_of_its_case(case: dict[str, Any]) -> None:
    assert [[found.text, found.rrule] for found in find_cadence(case["text"])] == case["found"]


def test_every_rule_of_the_cases_is_valid() -> None:
    rules = [rule for case in CASES for _, rule in case["found"] if rule]
    assert len(rules) > 20
    assert [rule for rule in rules if not is_valid(rule)] == []


@pytest.mark.parametrize("rule", ["", "BYDAY=MO", "FREQ=HOURLY", "FREQ=MONTHLY;BYMONTHDAY=32", "FREQ=DAILY;FREQ=DAILY"])
def test_the_check_of_rules_refuses_a_bad_rule(rule: str) -> None:
    assert not is_valid(rule)


@given(st.integers(1, 99), st.sampled_from(["年", "个月", "周", "天", "个季度"]))
@settings(max_examples=80)
def test_an_interval_in_chinese_numerals_gives_the_same_rule(number: int, unit: str) -> None:
    digits, words = find_cadence(f"每{number}{unit}检查"), find_cadence(f"每{to_chinese(number)}{unit}检查")
    assert [found.rrule for found in digits] == [found.rrule for found in words]
    assert all(found.rrule and is_valid(found.rrule) for found in digits)


@given(
    st.lists(
        st.sampled_from(
            [
                "每",
                "逐",
                "按",
                "两",
                "3",
                "半",
                "年",
                "月",
                "周",
                "个",
                "学期",
                "季度",
                "5日",
                "前",
                "一",
                "次",
                "定期",
                "常态化",
                "开展",
                "调度",
                "通报",
                "年度",
                "考核",
                "12月",
                "底",
                "、",
                "至",
                "周三",
            ]
        ),
        max_size=8,
    )
)
@settings(max_examples=300)
def test_spans_cut_their_quotes_and_rules_are_valid(pieces: list[str]) -> None:
    text = "".join(pieces)
    end = 0
    for found in find_cadence(text):
        assert text[found.start : found.end] == found.text
        assert found.start >= end
        end = found.end
        assert found.rrule is None or is_valid(found.rrule)


@pytest.mark.parametrize("piece", ["每", "每年1月、", "一年", "清明、", "周", "按", "年度"])
def test_a_long_hostile_sentence_is_read_in_seconds(piece: str) -> None:
    begun = time.perf_counter()
    find_cadence(piece * (12_000 // len(piece)) + "每月")
    assert time.perf_counter() - begun < 3
