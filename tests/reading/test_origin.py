from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from luoshi.reading.document import Origin
from luoshi.reading.extract import Block
from luoshi.reading.noise import find_noise
from luoshi.reading.origin import find_origin
from luoshi.reading.repair import repair

BODY = "为认真落实全县教育工作会议精神，各学校要在2026年6月30日前完成自查，2024年9月1日印发的办法同时废止，有关情况报县教育局。"
ADDRESSEES = "各乡镇中心学校、县直各学校："


def origin(*lines: str, properties: Mapping[str, str] | None = None) -> Origin:
    """Read lines as a text file with one block a line, and check that every place found can be shown."""
    text = "\n".join(lines)
    view, _ = repair(text)
    blocks, at = [], 0
    for line in lines:
        if line.strip():
            blocks.append(Block(at, at + len(line)))
        at += len(line) + 1
    clean = [view.text[view.clean(block.start) : view.clean(block.end)] for block in blocks]
    found = find_origin(view, blocks, find_noise(clean, [block.role for block in blocks]), properties or {})
    for part in (found.title, found.issuer, found.number):
        if part:
            assert repair(text[part.start : part.end])[0].text.replace("\n", "").replace(" ", "") == part.text.replace(
                " ", ""
            )
    return found


def day(found: Origin) -> tuple[str, str] | None:
    return (found.date.day.isoformat(), found.date.why.zh) if found.date else None


def text_of(part: object) -> str | None:
    return getattr(part, "text", None)


NOTICE = [
    "青禾县教育局文件",
    "青教发〔2026〕12号",
    "青禾县教育局关于做好2026年春季学期",
    "校园安全工作的通知",
    ADDRESSEES,
    BODY,
    "一、压实责任。" + BODY,
    "附件：校园安全任务清单",
    "青禾县教育局",
    "2026年3月5日",
    "（此件公开发布）",
]


def test_a_notice_names_its_title_issuer_number_and_day() -> None:
    found = origin(*NOTICE)
    assert text_of(found.title) == "青禾县教育局关于做好2026年春季学期校园安全工作的通知"
    assert text_of(found.issuer) == "青禾县教育局"
    assert text_of(found.number) == "青教发〔2026〕12号"
    assert day(found) == ("2026-03-05", "取自落款日期")


def test_a_speech_names_the_day_under_its_title() -> None:
    found = origin("在全县教育工作会议上的讲话", "王凯", "（2026年3月5日）", "同志们：", BODY, "谢谢大家！")
    assert text_of(found.title) == "在全县教育工作会议上的讲话"
    assert (found.issuer, found.number) == (None, None)
    assert day(found) == ("2026-03-05", "取自标题下的日期")


@pytest.mark.parametrize(
    "line",
    [
        "（2026年3月5日）",
        "(2026年3月5日)",
        "2026年3月5日",
        "（二〇二六年三月五日）",
        "二○二六年三月五日",
        "2026 年 3 月 5 日",
        "——2026年3月5日在青禾县第十八届人民代表大会第五次会议上",
        "（2026年3月5日在全县教育工作会议上）",
        "王凯（2026年3月5日）",
        "（青禾县教育局局长王凯 2026年3月5日）",
    ],
)
def test_the_day_under_the_title_is_read_in_every_form(line: str) -> None:
    assert day(origin("教育工作报告", line, "同志们：", BODY)) == ("2026-03-05", "取自标题下的日期")


def test_the_day_under_the_title_wins_over_signature_and_page() -> None:
    found = origin(
        "发布时间：2026-04-09 来源：青禾教育",
        "在全县教育工作会议上的讲话",
        "（2026年3月5日）",
        "同志们：",
        BODY,
        "青禾县教育局",
        "2026年4月8日",
    )
    assert day(found) == ("2026-03-05", "取自标题下的日期")


def test_the_signature_wins_over_the_page() -> None:
    found = origin(
        "发布时间：2026-04-09 来源：青禾教育",
        "关于开展课堂改革的通知",
        ADDRESSEES,
        BODY,
        "青禾县教育局",
        "2026年4月8日",
    )
    assert day(found) == ("2026-04-08", "取自落款日期")


def test_a_notice_is_dated_by_its_own_signature_not_by_its_attachment() -> None:
    found = origin(*NOTICE[:10], "校园安全任务清单", BODY, "青禾县消防救援大队", "2025年1月1日")
    assert day(found) == ("2026-03-05", "取自落款日期")


def test_the_first_of_several_signers_is_the_issuer() -> None:
    found = origin(
        "关于开展联合检查的通知", ADDRESSEES, BODY, "青禾县教育局", "青禾县公安局", "青禾县财政局", "2026年3月5日"
    )
    assert text_of(found.issuer) == "青禾县教育局"


def test_issuer_and_day_on_one_line_are_a_signature() -> None:
    found = origin("关于开展检查的通知", ADDRESSEES, BODY, "青禾县教育局      2026年3月5日")
    assert (text_of(found.issuer), day(found)) == ("青禾县教育局", ("2026-03-05", "取自落款日期"))


def test_a_seal_note_is_no_part_of_the_issuer() -> None:
    found = origin("关于开展检查的通知", ADDRESSEES, BODY, "青禾县教育局（盖章）", "2026年3月5日")
    assert text_of(found.issuer) == "青禾县教育局"


def test_the_printers_line_dates_what_has_no_signature() -> None:
    found = origin(
        "云岭通报", "〔2026〕第14期", "王凯同志的讲话摘要", BODY, "中共云岭市委办公室          2026年5月7日印发"
    )
    assert text_of(found.number) == "〔2026〕第14期"
    assert day(found) == ("2026-05-07", "取自印发日期")


def test_a_page_gives_its_day_where_the_document_gives_none() -> None:
    found = origin("在全县教育工作会议上的讲话", "发布时间：2026-04-09 来源：青禾教育 点击：3", "同志们：", BODY)
    assert day(found) == ("2026-04-09", "取自网页发布时间，可能晚于成文日期")


def test_minutes_are_named_below_their_red_head() -> None:
    found = origin(
        "会议纪要", "〔2026〕3号", "青禾县人民政府办公室          2026年3月9日", "研究校园安全工作的会议纪要", BODY
    )
    assert (text_of(found.title), text_of(found.number)) == ("研究校园安全工作的会议纪要", "〔2026〕3号")
    assert day(found) == ("2026-03-09", "取自版头日期")


def test_the_menu_of_a_page_is_no_title() -> None:
    found = origin("首页 | 政务公开 | 互动交流", "在全县教育工作会议上的讲话", "同志们：", BODY)
    assert text_of(found.title) == "在全县教育工作会议上的讲话"


def test_today_takes_its_year_from_the_title() -> None:
    found = origin(
        "在2026年全县教育工作会议上的讲话", "同志们：", "今天（3月5日），我们召开全县教育工作会议，总结工作，部署任务。"
    )
    assert day(found) == ("2026-03-05", "取自“今天”的月日，年份2026取自标题或文号")


def test_a_number_alone_gives_the_first_day_of_its_year() -> None:
    found = origin("青教发〔2026〕12号", "关于开展检查的通知", ADDRESSEES, BODY)
    assert day(found) == ("2026-01-01", "只知文号年份2026，按当年1月1日计")


@pytest.mark.parametrize(
    ("title", "wanted"),
    [
        ("青禾县教育局2026年工作要点", ("2026-01-01", "只知标题中的年份2026，按当年1月1日计")),
        ("校园安全三年行动计划（2026—2028年）", ("2026-01-01", "只知标题中的年份2026，按当年1月1日计")),
        ("2025年工作总结和2026年工作计划", ("2026-01-01", "只知标题中的年份2026，按当年1月1日计")),
        ("云岭一中2025—2026学年工作计划", ("2025-09-01", "只知标题中的学年，按2025年9月1日计")),
        ("校园安全工作方案", None),
    ],
)
def test_a_title_alone_gives_the_first_day_of_its_year(title: str, wanted: tuple[str, str] | None) -> None:
    assert day(origin(title, "一、总体要求", BODY)) == wanted


def test_a_month_alone_gives_its_first_day_and_says_so() -> None:
    found = origin("校园安全工作方案", "（2026年3月）", "一、总体要求", BODY)
    assert day(found) == ("2026-03-01", "取自标题下的日期；原文只写到月，按当月1日计")


def test_the_file_itself_is_the_last_to_be_asked() -> None:
    found = origin("校园安全工作方案", BODY, properties={"created": "2026-03-05T10:00:00"})
    assert day(found) == ("2026-03-05", "文中无日期，暂取文件属性中的日期，请核对")
    assert found.date is not None
    assert (found.date.start, found.date.end) == (None, None)
    assert day(origin("校园安全工作方案", BODY, properties={"created": "never"})) is None


@pytest.mark.parametrize(
    "line",
    [
        "会议时间：2026年3月10日",
        "自2026年9月1日起施行。",
        "2026年6月30日前完成",
        "2026年3月1日至2026年5月31日",
        "根据青禾县人民政府2025年7月1日印发的办法，结合实际制定本方案。",
        "第一阶段（2026年3月1日—3月31日）",
        "2026年13月45日",
    ],
)
def test_a_day_in_the_body_is_not_the_documents(line: str) -> None:
    assert day(origin("校园安全工作方案", ADDRESSEES, BODY, line, BODY, BODY, BODY, BODY)) is None


@pytest.mark.parametrize(
    ("lines", "title"),
    [
        (
            ["转发《青禾县教育局关于开展检查的通知》", "青禾县教育局关于开展检查的通知"],
            "青禾县教育局关于开展检查的通知",
        ),
        (["转发：青禾县教育局关于开展检查的通知"], "青禾县教育局关于开展检查的通知"),
        (["王凯局长《在全县教育工作会议上的讲话》", "在全县教育工作会议上的讲话"], "在全县教育工作会议上的讲话"),
        (["关于印发《校园安全方案》的通知", "校园安全方案"], "关于印发《校园安全方案》的通知"),
        (["特急", "青教函〔2026〕3号", "关于报送材料的函"], "关于报送材料的函"),
        (["致全县学生家长的一封信"], "致全县学生家长的一封信"),
        (
            ["关于印发青禾县中小学校", "食品安全专项整治", "实施方案的通知"],
            "关于印发青禾县中小学校食品安全专项整治实施方案的通知",
        ),
    ],
)
def test_the_title_is_the_documents_own(lines: list[str], title: str) -> None:
    assert text_of(origin(*lines, ADDRESSEES, BODY).title) == title


@pytest.mark.parametrize("lines", [[BODY], ["同志们：", BODY], ["一、总体要求", BODY], []])
def test_a_text_without_a_title_has_none(lines: list[str]) -> None:
    assert origin(*lines).title is None


@pytest.mark.parametrize(
    "lines",
    [
        ["关于开展检查的通知", ADDRESSEES, "根据《办法》（青教发〔2025〕3号）要求，各校要认真检查。", BODY],
        ["关于开展检查的通知", ADDRESSEES, BODY, "3号楼"],
    ],
)
def test_a_number_quoted_in_the_body_is_not_the_documents(lines: list[str]) -> None:
    assert origin(*lines).number is None


@pytest.mark.parametrize(
    ("title", "issuer"),
    [
        ("青禾县教育局关于开展检查的通知", "青禾县教育局"),
        ("青禾县教育局2026年工作要点", "青禾县教育局"),
        ("关于开展检查的通知", None),
        ("在全县教育工作会议上的讲话", None),
    ],
)
def test_the_title_names_the_issuer_where_no_signature_does(title: str, issuer: str | None) -> None:
    assert text_of(origin(title, ADDRESSEES, BODY).issuer) == issuer


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.one_of(st.sampled_from([*NOTICE, "（2026年3月5日）", "打印", "发布时间：2026-04-09"]), st.text(max_size=30)),
        max_size=14,
    )
)
def test_any_lines_give_places_inside_the_text(lines: list[str]) -> None:
    text = "\n".join(lines)
    view, _ = repair(text)
    blocks = [Block(0, len(text))] if text.strip() else []
    found = find_origin(view, blocks, [None] * len(blocks), {})
    for part in (found.title, found.issuer, found.number, found.date):
        assert part is None or part.start is None or part.end is None or 0 <= part.start < part.end <= len(text)
    assert found.date is None or isinstance(found.date.day, dt.date)
