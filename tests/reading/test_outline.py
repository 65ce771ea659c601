from __future__ import annotations

import time

import pytest

from luoshi.reading.document import Part
from luoshi.reading.outline import Marker, Plain, Stack, find_marker, kind_order, part_of_heading, run_ins


def _order(text: str) -> list[str]:
    """Return the kinds of the markers of some words, the highest first."""
    levels = kind_order([marker for marker in map(find_marker, text.split()) if marker])
    return sorted(levels, key=levels.__getitem__)


@pytest.mark.parametrize(
    ("text", "marker", "kind", "number"),
    [
        ("第三章 教师", "第三章", "chapter", 3),
        ("第二部分 工作安排", "第二部分", "chapter", 2),
        ("第一节 总则", "第一节", "section", 1),
        ("第十二条 学校应当公开", "第十二条", "article", 12),
        ("一、加强领导", "一、", "han", 1),
        ("十一、加强领导", "十一、", "han", 11),
        ("二十三、加强领导", "二十三、", "han", 23),
        ("一．加强领导", "一．", "han", 1),
        ("二，抓好教学工作。", "二，", "han", 2),
        ("（一）抓好教学", "（一）", "han-bracket", 1),
        ("(十二)抓好教学", "(十二)", "han-bracket", 12),
        ("㈢抓好教学", "㈢", "han-bracket", 3),
        ("1.抓好教学", "1.", "arabic", 1),
        ("1．抓好教学", "1．", "arabic", 1),
        ("12、抓好教学", "12、", "arabic", 12),
        ("\uff11、抓好教学", "\uff11、", "arabic", 1),
        ("⒉抓好教学", "⒉", "arabic", 2),
        ("2 抓好教学", "2", "arabic", 2),
        ("1.2026年新建幼儿园", "1.", "arabic", 1),
        ("2.3月底前完成排查", "2.", "arabic", 2),
        ("（1）抓好教学", "（1）", "arabic-bracket", 1),
        ("(2)抓好教学", "(2)", "arabic-bracket", 2),
        ("3）抓好教学", "3）", "arabic-bracket", 3),
        ("①抓好教学", "①", "circled", 1),
        ("⑵抓好教学", "⑵", "circled", 2),
        ("❸抓好教学", "❸", "circled", 3),
        ("第一，抓好教学", "第一，", "ordinal", 1),
        ("第一阶段：动员（3月）", "第一阶段：", "ordinal", 1),
        ("第二阶段（4月至5月）", "第二阶段", "ordinal", 2),
        ("第一步，摸清底数", "第一步，", "ordinal", 1),
        ("一是抓好教学", "一是", "point", 1),
        ("二要压实责任", "二要", "point", 2),
        ("三要点面结合", "三要", "point", 3),
        ("首先，抓好教学", "首先，", "first", 1),
        ("其次要抓好教学", "其次", "first", 2),
        ("其三，抓好教学", "其三，", "first", 3),
        ("——抓好教学", "——", "dash", 0),
        ("●抓好教学", "●", "dash", 0),
    ],
)
def test_marker_is_found_with_kind_and_number(text: str, marker: str, kind: str, number: int) -> None:
    assert find_marker(text) == Marker(marker, kind, number)


@pytest.mark.parametrize(
    "text",
    [
        "二〇二六年工作要点",
        "一些学校进展缓慢",
        "2.5万名学生",
        "1.2万元已到位",
        "3月5日召开会议",
        "2026年3月5日",
        "12所学校完成改造",
        "3 月 5 日",
        "第一中学要带头",
        "第一时间报告",
        "第二课堂活动丰富",
        "第三方评估",
        "第一批学校要在6月底前完成",
        "一个学期抓一次",
        "一体化推进",
        "一把手负总责",
        "一、二年级不布置书面作业",
        "一、二、三年级",
        "三、四年级学生参加监测",
        "1、2号楼加固",
        "8、9月份开展检查",
        "第一、第二中学要带头",
        "十年来成绩显著",
        "三要素齐全",
        "一要求就能做到",
        "最后一公里",
        "首先进入现场",
        "（3月5日）",
        "（一年级）",
        "（2026年2月27日）",
        "——2026年2月27日在全县教育工作会议上",
        "—3—",
        "-----",
        "抓好教学",
        "",
    ],
)
def test_text_that_only_looks_like_a_marker_has_none(text: str) -> None:
    assert find_marker(text) is None


@pytest.mark.parametrize("text", ["一、二〇二六年工作", "一、两年来的工作", "1、2月底前完成排查", "一、三项任务"])
def test_heading_that_begins_with_a_number_keeps_its_marker(text: str) -> None:
    marker = find_marker(text)

    assert marker is not None
    assert marker.text in {"一、", "1、"}


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("一、甲 （一）乙 1.丙 （1）丁 ①戊 二、己", ["han", "han-bracket", "arabic", "arabic-bracket", "circled"]),
        ("1.甲 （一）乙 （二）丙 2.丁 （一）戊", ["arabic", "han-bracket"]),
        ("1.甲 （一）乙 （二）丙 2.丁 3.戊", ["arabic", "han-bracket"]),
        ("一、甲 1.乙 （一）丙 （二）丁 2.戊 二、己 1.庚", ["han", "arabic", "han-bracket"]),
        ("第一，甲 1.乙 2.丙 第二，丁 1.戊", ["ordinal", "arabic"]),
        ("一是甲 （1）乙 （2）丙 二是丁 （1）戊", ["point", "arabic-bracket"]),
        ("——甲 一是乙 二是丙 ——丁 一是戊 二是己", ["dash", "point"]),
        ("首先，甲 一是乙 二是丙 其次，丁 一是戊", ["first", "point"]),
    ],
)
def test_levels_follow_the_order_of_the_document(text: str, kinds: list[str]) -> None:
    assert _order(text) == kinds


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("（一）甲 1.乙 2.丙 （二）丁 3.戊 4.己", ["han-bracket", "arabic"]),
        ("一、甲 1.乙 2.丙 二、丁 （一）戊 3.己 （二）庚", ["han", "han-bracket", "arabic"]),
        ("一、甲 一是乙 二是丙 （一）丁 （二）戊 一是己", ["han", "han-bracket", "point"]),
        ("一是甲 ——乙 ——丙 二是丁 ——戊 一是己 ——庚 一是辛", ["point", "dash"]),
        ("1.甲 2.乙 一、丙 二、丁 1.戊", ["han", "arabic"]),
        ("1.甲 （一）乙", ["han-bracket", "arabic"]),
        ("（一）甲", ["han-bracket"]),
        ("甲 乙", []),
    ],
)
def test_levels_follow_the_standard_where_the_text_shows_no_other_order(text: str, kinds: list[str]) -> None:
    assert _order(text) == kinds


def test_order_of_many_markers_takes_little_time() -> None:
    markers = [
        marker for marker in map(find_marker, ["一、甲", "（一）乙", "1.丙", "（1）丁", "一是戊"] * 20_000) if marker
    ]
    begun = time.process_time()

    kind_order(markers)

    assert time.process_time() - begun < 3


def _paragraphs(*leads: str, section: int = 0) -> list[Plain]:
    rows = []
    for lead in leads:
        rows += [Plain(lead, section, None, 40), Plain("各" * 40, section, len(lead), 0)]
    return rows


def test_short_sentences_that_lead_paragraphs_in_rows_are_run_ins() -> None:
    assert run_ins(_paragraphs("加快学校建设。", "办好小规模学校。")) == {0, 2}


@pytest.mark.parametrize(
    "rows",
    [
        _paragraphs("加快学校建设。"),
        _paragraphs("加快学校建设。") + _paragraphs("办好小规模学校。", section=1),
        _paragraphs("加快学校建设，", "办好小规模学校；"),
        _paragraphs("加快学校建设，办好食堂。", "新建幼儿园3所。"),
        _paragraphs("好。", "行。"),
        [Plain("加快学校建设。", 0, None, 0), Plain("办好小规模学校。", 0, None, 0)],
        [],
    ],
)
def test_other_short_sentences_are_no_run_ins(rows: list[Plain]) -> None:
    assert run_ins(rows) == set()


def test_stack_closes_what_stands_at_the_same_level_or_below() -> None:
    stack = Stack()
    for level, item in ((1, 10), (2, 11), (3, 12), (2, 13)):
        stack.enter(level, item)

    assert stack.path() == (10, 13)

    stack.leave(1)

    assert stack.path() == ()


@pytest.mark.parametrize(
    ("heading", "part"),
    [
        ("一、过去一年工作回顾", Part.REVIEW),
        ("一、取得的成绩", Part.REVIEW),
        ("一、2025年工作", Part.REVIEW),
        ("二、存在的主要问题", Part.PROBLEMS),
        ("二、面临的困难和挑战", Part.PROBLEMS),
        ("三、下一步工作打算", Part.PLAN),
        ("三、2026年工作", Part.PLAN),
        ("三、2027年工作", Part.PLAN),
        ("三、切实加强教师队伍建设", Part.PLAN),
        ("结束语", Part.CLOSING),
    ],
)
def test_words_of_a_top_heading_tell_the_part(heading: str, part: Part) -> None:
    assert part_of_heading(heading, 2026, top=True) is part


@pytest.mark.parametrize(
    ("heading", "year", "top"),
    [
        ("一、指导思想", 2026, True),
        ("（一）加强领导", 2026, False),
        ("（一）2025年招生", 2026, False),
        ("一、2025年情况如下", None, False),
        ("各位代表", None, True),
    ],
)
def test_heading_without_telling_words_opens_no_part(heading: str, year: int | None, top: bool) -> None:
    assert part_of_heading(heading, year, top=top) is None


def test_explicit_words_open_a_part_below_the_top() -> None:
    assert part_of_heading("（一）工作回顾", 2026, top=False) is Part.REVIEW


def test_words_in_a_name_tell_no_part() -> None:
    assert part_of_heading("开展“回顾来路、展望明天”主题活动", 2026, top=False) is None
    assert part_of_heading("学习《存在的问题和短板汇编》", 2026, top=False) is None
