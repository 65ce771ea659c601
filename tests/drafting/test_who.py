from __future__ import annotations

import json
import time
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from luoshi.drafting.who import Who, find_who

CASES = [json.loads(line) for line in (Path(__file__).parent / "cases" / "who.jsonl").read_text("utf-8").splitlines()]


def _case(case: dict[str, Any]) -> Any:
    failure = case.get("known_failure")
    marks = [pytest.mark.xfail(strict=True, reason=failure)] if failure else []
    return pytest.param(case, id=case["text"][:20], marks=marks)


@pytest.mark.parametrize("case", [_case(case) for case in CASES])
def test_sentence_gives_its_owners_and_supporters(case: dict[str, Any]) -> None:
    who = find_who(case["text"])

    assert [name.text for name in who.owners] == case["owners"]
    assert [name.text for name in who.support] == case["support"]


def test_name_shows_where_it_stands() -> None:
    text = "今年，各学校要建立台账，由教研室负责指导。"

    who = find_who(text)

    assert [(name.start, name.end) for name in who.owners] == [(3, 6), (13, 16)]


def test_reason_names_the_words_that_decided() -> None:
    owner = find_who("各学校要建立台账。").owners[0]
    helper = find_who("会同县公安局开展检查。").support[0]

    assert owner.why.zh == "“各学校”在分句开头，后接“要”。"
    assert owner.why.en == "「各学校」 opens a clause and 「要」 follows."
    assert helper.why.zh == "“县公安局”在“会同”之后，为共同参与的一方。"


@pytest.mark.parametrize("text", ["", "。", "，，", "（）", "要", "由负责", "会同", "与联合", "各", "“”", "《学校要》"])
def test_text_without_a_name_gives_nobody(text: str) -> None:
    assert find_who(text) == Who()


_PIECES = [
    "各学校",
    "县教育局",
    "、",
    "，",
    "。",
    "要",
    "由",
    "会同",
    "（",
    "）",
    "“",
    "”",
    "负责",
    "配合",
    "教师",
    "和",
    "与",
    "的",
    "从",
    "到",
    "都要",
    "在",
    "指导下",
    "参与",
    "甲",
]


@settings(max_examples=200, deadline=None)
@given(st.lists(st.sampled_from(_PIECES), max_size=25).map("".join))
def test_names_are_places_in_the_text_that_never_touch(text: str) -> None:
    who = find_who(text)

    names = sorted((*who.owners, *who.support), key=lambda name: name.start)
    assert all(text[name.start : name.end] == name.text != "" for name in names)
    assert all(one.end <= other.start for one, other in pairwise(names))


@pytest.mark.parametrize("piece", ["由学校", "会同学校", "县教育局、", "各学校，要", "从学校到", "（县（市"])
def test_long_hostile_sentence_is_read_in_time_that_grows_with_its_length(piece: str) -> None:
    started = time.process_time()

    find_who(piece * 4000)

    assert time.process_time() - started < 5
