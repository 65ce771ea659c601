from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from luoshi.drafting.brackets import BracketFound, assignment_in, field_role, find_brackets, says_first_leads, times_in

PATH = Path(__file__).parent / "cases" / "who_brackets.jsonl"
CASES = [json.loads(line) for line in PATH.read_text("utf-8").splitlines()]


def _plain(found: BracketFound) -> dict[str, Any]:
    return {
        "owners": [one.text for one in found.owners],
        "support": [one.text for one in found.support],
        "deadlines": [one.text for one in found.deadlines],
        "cadence": [one.text for one in found.cadence],
        "kind": found.kind,
    }


def _spans(found: BracketFound) -> list[tuple[int, int, str]]:
    names = [(one.start, one.end, one.text) for one in (*found.owners, *found.support)]
    return names + [(one.start, one.end, one.text) for one in (*found.deadlines, *found.cadence)]


@pytest.mark.parametrize("case", [pytest.param(case, id=case["text"][:24] or "empty") for case in CASES])
def test_text_gives_its_assignments(case: dict[str, Any]) -> None:
    assert [_plain(found) for found in find_brackets(case["text"])] == case["found"]


@pytest.mark.parametrize("case", [pytest.param(case, id=case["text"][:24] or "empty") for case in CASES])
def test_everything_found_stands_in_the_text(case: dict[str, Any]) -> None:
    text = case["text"]

    for found in find_brackets(text):
        for start, end, words in _spans(found):
            assert text[start:end] == words
            assert found.start <= start < end <= found.end


def test_bracket_is_given_with_its_marks() -> None:
    text = "办好食堂。（县教育局负责）"

    found = find_brackets(text)[0]

    assert text[found.start : found.end] == "（县教育局负责）"


def test_reason_names_the_field_or_the_verb() -> None:
    field = find_brackets("责任单位：县教育局")[0].owners[0]
    clause = find_brackets("（县教育局牵头）")[0].owners[0]

    assert field.why.zh == "“责任单位”一栏写明“县教育局”。"
    assert clause.why.zh == "“县教育局”后接“牵头”。"


def test_first_of_several_leads_where_the_document_says_so() -> None:
    found = find_brackets("（责任单位：县教育局、县财政局、县住建局）", first_leads=True)[0]

    assert [one.text for one in found.owners] == ["县教育局"]
    assert [one.text for one in found.support] == ["县财政局", "县住建局"]


@pytest.mark.parametrize(
    "text",
    [
        "注：排在第一位的为牵头单位。",
        "责任单位中列在首位的为牵头单位",
        "（列第一位的单位为牵头单位，下同）",
        "第一个单位为牵头单位",
        "各项任务首个责任单位为牵头单位。",
        "位列首位的是牵头部门",
    ],
)
def test_remark_that_the_first_leads_is_recognised(text: str) -> None:
    assert says_first_leads(text)


@pytest.mark.parametrize(
    "text", ["把安全放在第一位。", "牵头单位要负总责。", "首位责任意识不强。", "第一责任人为校长。", ""]
)
def test_other_words_of_first_and_lead_say_nothing(text: str) -> None:
    assert not says_first_leads(text)


@pytest.mark.parametrize(
    ("label", "role"),
    [
        ("牵头单位", "lead"),
        ("主办科室", "lead"),
        ("责任单位", "owner"),
        ("承办股室", "owner"),
        ("责任人", "leader"),
        ("分管领导", "leader"),
        ("配合单位", "support"),
        ("协办部门", "support"),
        ("完成时限", "deadline"),
        ("整改时限", "deadline"),
        ("报送频次", "cadence"),
        ("联系电话", "other"),
        ("督办单位", "other"),
        ("工作内容", "other"),
        ("学校", None),
        ("参加人员", None),
        ("", None),
    ],
)
def test_label_means_its_role(label: str, role: str | None) -> None:
    assert field_role(label) == role


def test_cell_names_are_places_in_the_whole_text() -> None:
    text = "1\t制定方案\t县教育局、财政局\n张　三\t6月"

    found = assignment_in(text, 7, 20, "责任单位")

    assert found is not None
    assert [(one.text, one.start) for one in found.owners] == [("县教育局", 7), ("财政局", 12), ("张　三", 16)]


def test_cell_may_say_itself_who_leads() -> None:
    cell = "牵头单位：县教育局；配合单位：各学校"

    found = assignment_in(cell, 0, len(cell), "责任单位")

    assert found is not None
    assert ([one.text for one in found.owners], [one.text for one in found.support]) == (["县教育局"], ["各学校"])


@pytest.mark.parametrize("cell", ["", " ", "—", "、、", "无", "/"])
def test_cell_without_a_name_gives_nobody(cell: str) -> None:
    found = assignment_in(cell, 0, len(cell), "责任单位")

    assert found is None or not (found.owners or found.support)


def test_times_are_divided_into_days_and_rhythms() -> None:
    text = "2026年6月底前，每季度、9月30日，长期坚持"

    deadlines, cadence = times_in(text, 0, len(text))

    assert [one.text for one in deadlines] == ["2026年6月底前", "9月30日"]
    assert [one.text for one in cadence] == ["每季度", "长期坚持"]


_PIECES = [
    "（",
    "）",
    "〔",
    "〕",
    "责任单位：",
    "配合单位：",
    "完成时限：",
    "县教育局",
    "各学校",
    "、",
    "，",
    "；",
    "。",
    "\n",
    "牵头",
    "配合",
    "负责",
    "6月底前",
    "等",
    "会同",
    "按职责分工",
    "专人",
]


@settings(max_examples=200, deadline=None)
@given(st.lists(st.sampled_from(_PIECES), max_size=25).map("".join))
def test_any_text_gives_places_in_it(text: str) -> None:
    for found in find_brackets(text):
        for start, end, words in _spans(found):
            assert text[start:end] == words != ""


@pytest.mark.parametrize("piece", ["县教育局、", "（", "（甲负责）", "责任单位：", "按职责分工", "（县教育局负责）"])
def test_long_hostile_text_is_read_in_time_that_grows_with_its_length(piece: str) -> None:
    started = time.process_time()

    find_brackets("（" + piece * 4000)
    find_brackets("（" + piece * 4000 + "）")

    assert time.process_time() - started < 5
