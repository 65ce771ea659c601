from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from luoshi.reading.document import Noise
from luoshi.reading.extract import Role
from luoshi.reading.noise import _lexicon, _Row, find_noise

BODY = "各学校要在开学前完成一次全面的安全检查，把问题和整改期限报县教育局安全科。"


def noise(*lines: str, role: Role = Role.PARAGRAPH) -> list[Noise | None]:
    return find_noise(lines, [role] * len(lines))


def only(line: str) -> Noise | None:
    """Judge a line that stands between two paragraphs of a long text."""
    return find_noise([BODY, line, *[BODY] * 20], [Role.PARAGRAPH] * 22)[1]


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ("下载", Noise.NAVIGATION),
        ("【打印】【关闭】", Noise.NAVIGATION),
        ("首页 > 政务公开 > 教育局", Noise.NAVIGATION),
        ("您当前的位置：首页 > 通知公告", Noise.NAVIGATION),
        ("上一篇：青禾县举行开学典礼", Noise.NAVIGATION),
        ("字号：大 中 小", Noise.NAVIGATION),
        ("发布时间：2026-03-05 来源：青禾县教育局 点击：128", Noise.NAVIGATION),
        ("发布日期：2026年3月5日", Noise.NAVIGATION),
        ("时间：2026-03-05 08:30:00 作者：佚名", Noise.NAVIGATION),
        ("信息来源：云岭日报", Noise.NAVIGATION),
        ("https://www.example.cn/art/2026/3/5/1.html", Noise.NAVIGATION),
        ("下面是小编为大家整理的教育局长讲话稿，希望对大家有所帮助。", Noise.COLLECTOR),
        ("以下是为大家整理的开学讲话，欢迎阅读！", Noise.COLLECTOR),
        ("更多范文请关注某某范文网", Noise.COLLECTOR),
        ("扫码关注公众号领取资料", Noise.ADVERTISING),
        ("需要代写总结请加微信：abc12345", Noise.ADVERTISING),
        ("开通VIP会员即可下载", Noise.ADVERTISING),
        ("成人电影,黄色网站,在线毛片", Noise.INDECENT),
        ("版权所有 某某文库", Noise.COPYRIGHT),
        ("本文来源网络，侵权请联系删除。", Noise.COPYRIGHT),
        ("青ICP备12345678号", Noise.COPYRIGHT),
        ("相关报道：", Noise.RELATED),
        ("相关热词搜索：校长 讲话 安全", Noise.RELATED),
        ("希望这篇范文对大家有所帮助！", Noise.COLLECTOR),
        ("点击阅读全文", Noise.WALL),
        ("（未完待续）", Noise.WALL),
        ("剩余75%未读，登录后阅读", Noise.WALL),
        ("— 3 —", Noise.STRAY),
        ("第3页 共12页", Noise.STRAY),
        ("3/12", Noise.STRAY),
    ],
)
def test_a_line_of_page_furniture_is_noise(line: str, kind: Noise) -> None:
    assert only(line) is kind


@pytest.mark.parametrize(
    "line",
    [
        BODY,
        "同志们：",
        "谢谢大家！",
        "一、工作回顾",
        "（一）加强教学管理",
        "青禾县教育局",
        "2026年3月5日",
        "大",
        "小",
        "各乡镇中心学校、县直各学校：",
        "现将实施方案印发给你们，供参考。",
        "今天讲的这些，希望对大家有所帮助。",
        "今年要开通微信公众号，推行扫码入校登记。",
        "加强版权保护教育，打击侵权盗版行为。",
        "开展“扫黄打非”，清理淫秽色情等有害出版物和网站。",
        "严厉打击赌博、六合彩等违法活动。",
        "时间：2026年3月10日上午9时",
        "地点：县教育局三楼会议室",
        "作者：王凯",
        "来源广泛，内容丰富",
        "分享交流经验",
        "登录管理平台填报数据的学校，要在3月底前完成。",
        "下载安装国家反诈中心APP",
        "相关单位要密切配合",
        "相关文件要求见附件。",
        "最新文件精神要及时传达到每一名教师",
        "首页设计要体现学校特色",
        "主办单位：青禾县教育局",
        "联系电话：0000-1234567",
        "附件：1.任务清单",
        "责任单位：县教育局、县财政局",
        "（此件公开发布）",
        "抄送：县委办公室，县人大办公室。",
        "登录系统后，各校要及时查看。",
        "还有3所学校未按要求上报材料，请抓紧。",
        "阅读全文，体会作者情感，是语文课的基本要求之一，各校要抓实。",
    ],
)
def test_what_a_document_says_itself_is_no_noise(line: str) -> None:
    assert only(line) is None


def test_font_size_buttons_are_noise_only_among_page_tools() -> None:
    assert noise("打印", "大", "中", "小", "】", BODY) == [Noise.NAVIGATION] * 5 + [None]
    assert noise(BODY, "大", "中", "小", BODY) == [None] * 5


def test_a_weak_field_is_noise_beside_a_strong_one() -> None:
    assert noise("来源：青禾教育", "时间：2026-03-05", BODY)[:2] == [Noise.NAVIGATION] * 2
    assert noise("会议纪要", "时间：2026-03-05", "地点：三楼会议室") == [None] * 3


def test_titles_below_related_links_are_noise_to_the_end() -> None:
    lines = [BODY] * 3 + ["相关阅读：", "青禾县举行运动会", "云岭市召开现场会"]
    assert noise(*lines) == [None] * 3 + [Noise.RELATED] * 3


def test_paragraphs_below_related_links_are_kept() -> None:
    assert noise(BODY, "相关阅读：", "短的题目", BODY) == [None, Noise.RELATED, None, None]


def test_a_running_head_that_cuts_sentences_is_noise() -> None:
    half = "各学校要按照全县统一部署，结合实际制定方案并认真组织实施，确保各项工作"
    head = "青禾县教育工作手册"
    lines = [half, head, "落到实处。", half, head, "取得实效。", half, head, "有序推进。"]
    assert [i for i, kind in enumerate(noise(*lines)) if kind] == [1, 4, 7]


def test_a_repeated_line_between_whole_paragraphs_is_kept() -> None:
    lines = [BODY, "工作要求", BODY, "工作要求", BODY, "工作要求", BODY]
    assert noise(*lines) == [None] * 7


def test_bare_numbers_are_page_numbers_only_where_they_count_up() -> None:
    assert noise(BODY, "1", BODY, "2", BODY, "3") == [None, Noise.STRAY] * 3
    assert noise(BODY, "5", BODY, "85", BODY, "7") == [None] * 6


def test_table_cells_are_kept_but_for_indecent_ones() -> None:
    assert noise("打印", "下载", "1", "— 3 —", role=Role.CELL) == [None] * 4
    assert noise("黄色网站", role=Role.CELL) == [Noise.INDECENT]


def test_headers_and_footers_are_noise() -> None:
    assert find_noise(["青禾县教育局文件", "— 1 —"], [Role.HEADER, Role.FOOTER]) == [Noise.STRAY] * 2


def test_a_long_paragraph_is_never_noise() -> None:
    assert noise(BODY * 20 + "希望对大家有所帮助。小编为大家整理") == [None]


def test_nothing_gives_nothing() -> None:
    assert (find_noise([], []), noise("", " ")) == ([], [None, None])


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.one_of(st.sampled_from(["打印", "大", BODY, "相关阅读：", "— 3 —", "1", "2"]), st.text(max_size=40)))
)
def test_every_line_gets_one_answer_twice_the_same(lines: list[str]) -> None:
    first = noise(*lines)
    assert len(first) == len(lines)
    assert noise(*lines) == first


SEARCHES = [row for row in _lexicon().rows if row.needs]


def test_every_search_names_the_words_that_it_needs() -> None:
    assert [row.scope for row in _lexicon().rows if row.scope in {"contains", "passage"}] == [
        row.scope for row in SEARCHES
    ]


@pytest.mark.parametrize("row", SEARCHES, ids=lambda row: row.pattern.pattern[:16])
@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_what_a_search_matches_holds_a_word_that_it_needs(row: _Row, data: st.DataObject) -> None:
    text = data.draw(st.from_regex(row.pattern.pattern))
    assert any(word in text for word in row.needs)
