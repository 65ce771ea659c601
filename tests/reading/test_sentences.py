from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from luoshi.reading.sentences import split_sentences


def _split(text: str, *, join_lines: bool = False) -> list[str]:
    return [text[start:end] for start, end in split_sentences(text, join_lines=join_lines)]


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("办好食堂。查好校车！谁来管？", ["办好食堂。", "查好校车！", "谁来管？"]),
        ("办好食堂；查好校车。", ["办好食堂；", "查好校车。"]),
        ("办好食堂;查好校车!", ["办好食堂;", "查好校车!"]),
        ("真的吗？！当然。。。", ["真的吗？！", "当然。。。"]),
        ("一、加强领导\n办好食堂\n\n查好校车", ["一、加强领导", "办好食堂", "查好校车"]),
        ("  办好食堂。　查好校车。 ", ["办好食堂。", "查好校车。"]),
        ("他说：“办好食堂。”大家赞成。", ["他说：“办好食堂。”", "大家赞成。"]),
        ("（见《食堂办法》。）查好校车。", ["（见《食堂办法》。）", "查好校车。"]),
        ("只有一句没有句号", ["只有一句没有句号"]),
    ],
)
def test_marks_and_lines_end_sentences(text: str, sentences: list[str]) -> None:
    assert _split(text) == sentences


@pytest.mark.parametrize(
    "text",
    [
        "巩固率达到99.5%，占比1.2万",
        "做好防汛、防火、防疫工作，确保安全",
        "学生（含住校生）要登记",
        "时间：9月10日上午",
        "落实……工作",
        "——抓好落实",
    ],
)
def test_other_marks_end_nothing(text: str) -> None:
    assert _split(text) == [text]


@pytest.mark.parametrize("text", ["", "  \n　\n", "\u00a0"])
def test_text_without_a_visible_character_has_no_sentence(text: str) -> None:
    assert _split(text) == []


def test_only_punctuation_is_one_sentence() -> None:
    assert _split("。！？") == ["。！？"]


def test_straight_quotes_close_and_open() -> None:
    assert _split('他说"办好食堂。"她说"查好校车。"完') == ['他说"办好食堂。"', '她说"查好校车。"', "完"]
    assert _split('办好食堂。"查好校车"是要求。') == ["办好食堂。", '"查好校车"是要求。']


def test_straight_quotes_are_counted_by_line() -> None:
    assert _split('少了一半"的引号\n他说"办好食堂。"好') == ['少了一半"的引号', '他说"办好食堂。"', "好"]


@pytest.mark.parametrize(
    "bracket",
    [
        "（责任单位：安全办；配合单位：各学校；完成时限：6月底前）",
        "(责任单位:安全办;完成时限:6月底前)",
        "〔责任单位：安全办；完成时限：6月底前〕",
        "（安全办牵头；各学校配合）",
        "（责任单位：安全办（含值班室）；完成时限：6月底前）",
        "（责任单位：安全办。完成时限：6月底前。）",
    ],
)
def test_marks_in_an_assignment_end_nothing(bracket: str) -> None:
    assert _split(f"完成排查{bracket}。再查校车。") == [f"完成排查{bracket}。", "再查校车。"]


@pytest.mark.parametrize("text", ["（食堂要干净；校车要稳）", "“食堂要干净；校车要稳”", "（第一句。第二句。）"])
def test_marks_in_other_brackets_and_quotes_end_sentences(text: str) -> None:
    assert len(_split(text)) == 2


def test_assignment_that_is_never_closed_ends_where_its_marks_say() -> None:
    assert _split("完成排查（责任单位：安全办；完成时限：6月。再查。") == [
        "完成排查（责任单位：安全办；",
        "完成时限：6月。",
        "再查。",
    ]


def test_unclosed_bracket_before_an_assignment_does_not_hide_it() -> None:
    assert _split("办好（县里的食堂。完成排查（责任单位：安全办；时限：6月）。") == [
        "办好（县里的食堂。",
        "完成排查（责任单位：安全办；时限：6月）。",
    ]


@pytest.mark.parametrize(
    "bracket", ["（责任单位：安全办；完成时限：6月底前）", "（安全办牵头，各学校配合）", "（县教育局、县公安局）"]
)
def test_assignment_behind_a_closed_sentence_ends_before_the_next_item(bracket: str) -> None:
    assert _split(f"1.完成排查。{bracket}2.再查校车。") == ["1.完成排查。", bracket, "2.再查校车。"]


def test_assignment_inside_a_sentence_ends_it_where_the_next_item_follows() -> None:
    assert _split("1.完成排查（安全办牵头）2.再查校车（各学校负责）（三）办好食堂") == [
        "1.完成排查（安全办牵头）",
        "2.再查校车（各学校负责）",
        "（三）办好食堂",
    ]


def test_assignment_behind_a_closed_sentence_ends_before_plain_words() -> None:
    assert _split("完成排查。（安全办牵头，各学校配合）再查校车。") == [
        "完成排查。",
        "（安全办牵头，各学校配合）",
        "再查校车。",
    ]


@pytest.mark.parametrize(
    "text",
    [
        "（安全办牵头）完成排查。",
        "完成排查（安全办牵头），再查校车。",
        "由县教育局（安全办负责）组织排查。",
        "（一）1.完成排查。",
        "安全办（负责人：张三）2026年再查校车。",
    ],
)
def test_bracket_that_belongs_to_its_sentence_does_not_end_it(text: str) -> None:
    assert _split(text) == [text]


def test_item_number_in_brackets_behind_a_sentence_opens_the_next() -> None:
    assert _split("加强领导。（一）1.完成排查。") == ["加强领导。", "（一）1.完成排查。"]


def test_wrapped_lines_are_joined_on_demand() -> None:
    text = "各学校要在6月底前完成\n校舍排查。县教育局\n汇总。"

    assert _split(text, join_lines=True) == ["各学校要在6月底前完成\n校舍排查。", "县教育局\n汇总。"]
    assert _split(text) == ["各学校要在6月底前完成", "校舍排查。", "县教育局", "汇总。"]


def test_wrapped_assignment_stays_whole() -> None:
    text = "完成排查（责任单位：安全办；\n完成时限：6月底前）。再查。"

    assert _split(text, join_lines=True) == ["完成排查（责任单位：安全办；\n完成时限：6月底前）。", "再查。"]


@pytest.mark.parametrize(
    "piece", ['好。"', "（责任；", "（责任：；）。", "（甲局负责）", "（" * 50, "。\"'」", "\n（牵头）1."]
)
def test_time_grows_with_the_text(piece: str) -> None:
    begun = time.process_time()

    split_sentences(piece * (300_000 // len(piece)))

    assert time.process_time() - begun < 4


@settings(max_examples=150)
@given(
    st.lists(
        st.sampled_from(
            [
                "办好食堂",
                "。",
                "；",
                "（",
                "）",
                "责任单位：",
                "牵头",
                "\n",
                " ",
                '"',
                "”",
                "1.",
                "（一）",
                "(",
                ")",
                "\u3000",
                "𠮷",
            ]
        ),
        max_size=30,
    ).map("".join),
    st.booleans(),
)
def test_every_visible_character_lies_in_exactly_one_sentence(text: str, join_lines: bool) -> None:
    covered: list[int] = []
    for start, end in split_sentences(text, join_lines=join_lines):
        assert start < end
        assert text[start:end] == text[start:end].strip()
        covered += range(start, end)

    assert covered == sorted(set(covered))
    assert {i for i, character in enumerate(text) if not character.isspace()} <= set(covered)
