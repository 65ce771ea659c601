from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from luoshi.reading.document import Noise
from luoshi.reading.speeches import Piece, about, split

WORDS = [
    "安全",
    "教学",
    "师资",
    "经费",
    "食堂",
    "校车",
    "阅读",
    "体育",
    "心理",
    "家访",
    "集团办学",
    "课后服务",
    "实验室",
    "操场",
    "图书",
    "教研",
    "督导",
    "评价",
]


def paragraph(seed: int, length: int = 120) -> str:
    """Make a paragraph that differs from those of other seeds."""
    picked: list[str] = []
    while len("".join(picked)) < length:
        seed = (seed * 1103515245 + 12345) % 2**31
        picked.append(f"各校要抓好{WORDS[seed % 18]}和{WORDS[seed // 18 % 18]}工作{seed % 997}项，")
    return "".join(picked) + "年底前见成效。"


def body(seed: int, paragraphs: int = 4) -> list[str]:
    return [paragraph(seed * 100 + i) for i in range(paragraphs)]


def pieces(lines: list[str], noise: dict[int, Noise] | None = None) -> list[Piece]:
    return split(lines, [(noise or {}).get(i) for i in range(len(lines))], [None] * len(lines))


def spans(found: list[Piece]) -> list[tuple[int, int]]:
    return [(piece.first_block, piece.last_block) for piece in found]


def test_a_single_speech_stays_one() -> None:
    lines = [
        "在全县教育工作会议上的讲话",
        "王凯",
        "（2026年3月5日）",
        "同志们：",
        *body(1),
        "同志们！让我们共同努力。",
        *body(2),
        "谢谢大家！",
    ]
    assert pieces(lines) == [Piece("在全县教育工作会议上的讲话", 0, len(lines) - 1, None, "全县教育工作会议")]


def test_numbered_pieces_of_a_bundle_are_split() -> None:
    lines = [
        "教育局长讲话（精选3篇）",
        "篇一：开学工作会议讲话",
        *body(1),
        "篇二：期末总结会讲话",
        *body(2),
        "篇三：安全工作会议讲话",
        *body(3),
    ]
    found = pieces(lines)
    assert spans(found) == [(0, 5), (6, 10), (11, 15)]
    assert [piece.title for piece in found] == ["开学工作会议讲话", "期末总结会讲话", "安全工作会议讲话"]


def test_titles_with_a_trailing_number_are_split() -> None:
    lines = ["校长开学讲话 篇1", *body(1), "校长开学讲话 篇2", *body(2)]
    assert spans(pieces(lines)) == [(0, 4), (5, 9)]


def test_pieces_counted_before_their_title_are_split() -> None:
    lines = ["第一篇", "在开学典礼上的讲话", "同学们：", *body(1), "第二篇", "在毕业典礼上的讲话", "同学们：", *body(2)]
    found = pieces(lines)
    assert [piece.title for piece in found] == ["在开学典礼上的讲话", "在毕业典礼上的讲话"]
    assert spans(found) == [(0, 6), (7, 13)]


def test_repeated_title_lines_with_greetings_are_split() -> None:
    lines = ["局长在全县教学工作会议上的讲话", "同志们：", *body(1), "校长在期中总结会上的讲话稿", "老师们：", *body(2)]
    assert spans(pieces(lines)) == [(0, 5), (6, 11)]


def test_a_title_may_name_a_meeting_on_study() -> None:
    lines = ["在学习贯彻大会精神动员会上的讲话", "同志们：", *body(1), "局长在期中总结会上的讲话", "老师们：", *body(2)]
    assert spans(pieces(lines)) == [(0, 5), (6, 11)]


def test_speeches_without_titles_are_split_after_their_thanks() -> None:
    lines = ["尊敬的各位领导：", *body(1), "谢谢大家！", "老师们、同学们：", *body(2), "谢谢！"]
    assert spans(pieces(lines)) == [(0, 5), (6, 11)]


def test_front_matter_belongs_to_the_first_speech() -> None:
    lines = [
        "关于学习会议讲话的通知",
        "请各校认真学习。",
        "李明同志的讲话摘要",
        *body(1),
        "王凯同志的讲话摘要",
        *body(2),
    ]
    found = pieces(lines)
    assert [(piece.title, piece.first_block, piece.about) for piece in found] == [
        ("李明同志的讲话摘要", 0, ""),
        ("王凯同志的讲话摘要", 7, ""),
    ]


@pytest.mark.parametrize(
    "middle",
    [
        "深入学习全国教育大会上的讲话",
        "全体教师用心领会重要讲话",
        "（二）贯彻落实重要讲话",
        "二、认真学习在全县教育工作会议上的讲话",
        "工作报告",
        "各位代表！",
    ],
)
def test_a_heading_that_names_a_speech_opens_none(middle: str) -> None:
    lines = ["在全县教育工作会议上的讲话", "同志们：", *body(1), middle, *body(2)]
    assert len(pieces(lines)) == 1


def test_a_notice_and_the_plan_it_issues_stay_one() -> None:
    lines = [
        "青禾县教育局关于印发校园安全专项整治方案的通知", "各学校：", "现将方案印发你们，请照此办理。", "青禾县教育局", "2026年3月5日",
        "校园安全专项整治方案", *body(1), *body(2),
    ]  # fmt: skip
    assert pieces(lines) == [
        Piece("青禾县教育局关于印发校园安全专项整治方案的通知", 0, len(lines) - 1, None, "校园安全专项整治方案")
    ]


def test_chapters_of_a_long_plan_are_no_speeches() -> None:
    lines = [
        "青禾县教育发展“十五五”规划",
        "第一篇 发展基础",
        *body(1),
        "第二篇 奋斗目标",
        *body(2),
        "第三篇 保障",
        *body(3),
    ]
    assert len(pieces(lines)) == 1


def test_noise_is_no_title_and_no_text() -> None:
    lines = ["在全县会议上的讲话", "同志们：", *body(1), "在全市会议上的讲话", *body(2)]
    assert len(pieces(lines, {6: Noise.RELATED})) == 1


def test_a_repeated_speech_names_the_earlier_one() -> None:
    one, changed = body(1, 6), body(1, 6)
    changed[2] = changed[2].replace("各校", "各单位", 1)
    lines = [
        "局长在第一次会议上的讲话",
        *one,
        "局长在第二次会议上的讲话",
        *body(2, 6),
        "局长在第三次会议上的讲话",
        *changed,
    ]
    assert [piece.same_as for piece in pieces(lines)] == [None, None, 1]


def test_a_speech_that_holds_an_earlier_one_is_the_same() -> None:
    lines = ["局长在第一次会议上的讲话", *body(1, 4), "局长在第二次会议上的讲话", *body(1, 4), *body(2, 6)]
    assert [piece.same_as for piece in pieces(lines)] == [None, 1]


def test_speeches_on_other_matters_are_not_the_same() -> None:
    lines = ["局长在第一次会议上的讲话", *body(1, 6), "局长在第二次会议上的讲话", *body(3, 6)]
    assert [piece.same_as for piece in pieces(lines)] == [None, None]


@pytest.mark.parametrize(
    ("title", "matter"),
    [
        ("关于做好2026年春季开学工作的通知", "做好2026年春季开学工作"),
        ("青禾县教育局关于印发《校园安全整治方案》的通知", "校园安全整治方案"),
        ("在全县教育工作会议上的讲话", "全县教育工作会议"),
        ("县长王凯在校园安全现场会上的总结讲话", "校园安全现场会"),
        ("校园安全专项整治实施方案（试行）", "校园安全专项整治"),
        ("王凯同志的讲话", ""),
        ("", ""),
        ("写给全体老师的话", ""),
    ],
)
def test_about_is_the_matter_that_the_title_names(title: str, matter: str) -> None:
    assert about(title) == matter


def test_a_file_without_blocks_holds_no_speech() -> None:
    assert pieces([]) == []


def test_a_file_of_noise_only_holds_one_speech() -> None:
    assert pieces(["打印", "关闭"], {0: Noise.NAVIGATION, 1: Noise.NAVIGATION}) == [Piece("", 0, 1)]


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            [
                "篇一",
                "篇二：讲话",
                "第一篇",
                "在全县会议上的讲话",
                "同志们：",
                "谢谢大家！",
                "一、要求",
                "",
                paragraph(1),
                paragraph(2, 300),
            ]
        ),
        max_size=25,
    )
)
def test_the_speeches_hold_every_block_exactly_once(lines: list[str]) -> None:
    found = pieces(lines)
    held = [i for piece in found for i in range(piece.first_block, piece.last_block + 1)]
    assert held == list(range(len(lines)))
    assert all(piece.same_as is None or 1 <= piece.same_as < i for i, piece in enumerate(found, 1))
