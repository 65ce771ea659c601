from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from luoshi.reading import DamagedError, Extract, Role, TooLargeError
from luoshi.reading.formats import html


def read(page: str) -> Extract:
    return html.read(page.encode(), "a.html")


def texts(extract: Extract) -> list[str]:
    return [extract.text[block.start : block.end] for block in extract.blocks]


def cells(extract: Extract) -> dict[tuple[int, int], str]:
    return {(b.place.row, b.place.column): extract.text[b.start : b.end] for b in extract.blocks if b.place}


def test_paragraphs_stand_one_a_line_in_order() -> None:
    extract = read("<body>开头<p>各学校<b>六月底前</b>完成。</p><div>报送<div>台账</div>备案</div>结尾")

    assert extract.text == "开头\n各学校六月底前完成。\n报送\n台账\n备案\n结尾\n"
    assert {block.role for block in extract.blocks} == {Role.PARAGRAPH}


def test_headings_keep_their_level_and_their_line_breaks() -> None:
    extract = read("<h1>关于校园安全<br>检查的通知</h1><h3>一、范围</h3><p>各学校</p>")

    assert [(text, block.level) for text, block in zip(texts(extract), extract.blocks, strict=True)] == [
        ("关于校园安全\n检查的通知", 1),
        ("一、范围", 3),
        ("各学校", None),
    ]


def test_line_break_ends_a_paragraph() -> None:
    assert texts(read("<p>第一段。<br>　　第二段。<br/><br>第三段。")) == ["第一段。", "　　第二段。", "第三段。"]


def test_lines_cut_to_a_width_by_line_breaks_are_one_paragraph() -> None:
    sentence = (
        "今年秋季学期起全县各中小学校要把校园安全工作放在各项工作的首位，由校长负总责，每月至少组织一次隐患排查，"
    )
    paragraph = "　　" + sentence * 5 + "年底前书面报送县教育局。"
    lines = [paragraph[at : at + 30] for at in range(0, len(paragraph), 30)]

    assert texts(read("<p>" + "<br>\n".join(lines) + "</p>")) == ["\n".join(lines)]


def test_head_and_foot_that_libreoffice_writes_have_their_roles() -> None:
    extract = read(
        "<div title='header'><p>页眉</p></div><div title='说明'>正文</div><div title='footer'><p>页脚</p></div>"
    )

    assert [block.role for block in extract.blocks] == [Role.HEADER, Role.PARAGRAPH, Role.FOOTER]


@pytest.mark.parametrize(
    "hidden",
    [
        "<script>密</script>",
        "<style>密</style>",
        "<noscript><p>密</p></noscript>",
        "<template><p>密</p></template>",
        "<!-- 密 -->",
        "<p hidden>密</p>",
        "<div style='color:red; DISPLAY : none'><p>密</p></div>",
        "<span style='visibility:hidden'>密</span>",
        "<select><option>密</option></select>",
        "<textarea>密</textarea>",
        "<svg><text>密</text></svg>",
        "<ruby><rp>（</rp><rt>密</rt></ruby>",
    ],
)
def test_what_a_browser_does_not_show_is_left_out(hidden: str) -> None:
    assert read(f"<head><title>密</title></head><p>前</p>{hidden}<p>后</p>").text == "前\n后\n"


@pytest.mark.parametrize(
    "shown",
    ["<p aria-hidden=true>明</p>", "<p style='display:block'>明</p>", "<del>明</del>", "<![if !x]>明<![endif]>"],
)
def test_what_a_browser_shows_is_kept(shown: str) -> None:
    assert read(shown).text == "明\n"


def test_page_that_waits_for_a_script_is_read() -> None:
    assert read("<body style='display:none'><p>正文").text == "正文\n"


def test_blanks_run_together_but_no_break_and_wide_ones_stay() -> None:
    assert read("<p> \n a  b\t c&nbsp;&nbsp;d　e&#8203;f </p>").text == "a b c\xa0\xa0d　e\u200bf\n"


def test_line_break_of_the_source_between_chinese_is_no_blank() -> None:
    assert read("<p>各学校\n   要在<b>6\n月</b>，\n整改</p>").text == "各学校要在6 月，整改\n"


@pytest.mark.parametrize(
    ("page", "expected"),
    [
        ("<ol><li>甲<li>乙</ol>", ["1. 甲", "2. 乙"]),
        ("<ol start=3><li>甲<li value=7>乙<li>丙</ol>", ["3. 甲", "7. 乙", "8. 丙"]),
        ("<ol type=a><li>甲</ol><ol type=I start=4><li>乙</ol>", ["a. 甲", "IV. 乙"]),
        ("<ol reversed><li>甲<li>乙</ol>", ["2. 甲", "1. 乙"]),
        ("<ol style='list-style-type: cjk-ideographic' start=10><li>甲<li>乙</ol>", ["十、甲", "十一、乙"]),
        ("<ol style='list-style:none'><li>甲</ol>", ["甲"]),
        ("<ol><li><p>甲</p><p>续</p><ul><li>点</ul><li>乙</ol>", ["1. 甲", "续", "点", "2. 乙"]),
        ("<ul><li>甲</ul><li>乙", ["甲", "乙"]),
        ("<ol><li></li><li>乙</ol>", ["2. 乙"]),
        ("<ol start=x><li value=y>甲</ol>", ["1. 甲"]),
    ],
)
def test_list_numbers_are_shown_as_in_a_browser(page: str, expected: list[str]) -> None:
    assert texts(read(page)) == expected


def test_preformatted_text_keeps_its_lines_and_blanks() -> None:
    assert texts(read("<pre>\n一、目标\n\n  二  级\n</pre>")) == ["一、目标", "  二  级"]


def test_cells_know_their_places_under_spans() -> None:
    extract = read(
        "<table border=1><tr><th rowspan=2>序号<th colspan=2>任务<tr><td>排查<br>整改<td>教育股"
        "<tr><td>1<td colspan=2>培训</table>"
    )

    assert cells(extract) == {
        (0, 0): "序号",
        (0, 1): "任务",
        (1, 1): "排查\n整改",
        (1, 2): "教育股",
        (2, 0): "1",
        (2, 1): "培训",
    }
    assert extract.text.splitlines()[0] == "序号\t任务"
    assert [(b.place.row_span, b.place.column_span) for b in extract.blocks if b.place][:2] == [(2, 1), (1, 2)]


def test_foot_of_a_table_stands_last_and_its_caption_before_it() -> None:
    extract = read("<table><caption>任务表</caption><tfoot><tr><td>合计<td>2</tfoot><tbody><tr><td>排查<td>1</table>")

    assert texts(extract) == ["任务表", "排查", "1", "合计", "2"]


def test_rowspan_of_zero_reaches_to_the_end_of_its_group() -> None:
    extract = read("<table border><tbody><tr><td rowspan=0>甲<td>1<tr><td>2<tbody><tr><td>乙<td>3</table>")

    assert cells(extract) == {(0, 0): "甲", (0, 1): "1", (1, 1): "2", (2, 0): "乙", (2, 1): "3"}


@pytest.mark.parametrize(
    "page",
    [
        "<table><tr><td>甲<tr><td>乙</table>",
        "<table><tr><td>甲</td><td><table border=1><tr><td>乙</table></table>",
        "<table><tr><td></td><td>甲</td></tr><tr><td>乙</td><td> </td></table>",
        "<table role=presentation><tr><td>甲<td>乙</table>",
        "<table><tr><td>甲</td><td><h1>乙</h1><p>丙</p></table>",
        "<table><tr><td>甲</td><td>" + "<p>乙</p>" * 8 + "</table>",
    ],
)
def test_table_that_lays_out_the_page_is_unwrapped(page: str) -> None:
    assert cells(read(page)) == {}
    assert texts(read(page))[:2] == ["甲", "乙"]


@pytest.mark.parametrize(
    "page",
    [
        "<table><tr><td>甲<td>乙</table>",
        "<table border=1><tr><td>甲</td><td>" + "<p>乙</p>" * 8 + "</table>",
        "<table><tr><th>甲<td><table><tr><td>乙<td>丙</table></table>",
        "<table><tr><td style='border:solid windowtext 1.0pt'>甲<td><tr><td>乙<td></table>",
    ],
)
def test_table_of_data_is_kept(page: str) -> None:
    assert cells(read(page)) != {}


def test_head_and_foot_of_the_page_have_their_roles_in_place() -> None:
    extract = read(
        "<header>站名<h1>工作要点</h1></header><nav>首页</nav><article><header><p>文头</p></header>正文<footer>文尾</footer></article>"
        "<div role=navigation>上一篇</div><aside>热点</aside><footer>版权</footer>"
    )

    assert [(text, block.role) for text, block in zip(texts(extract), extract.blocks, strict=True)] == [
        ("站名", Role.HEADER),
        ("工作要点", Role.PARAGRAPH),
        ("首页", Role.HEADER),
        ("文头", Role.PARAGRAPH),
        ("正文", Role.PARAGRAPH),
        ("文尾", Role.PARAGRAPH),
        ("上一篇", Role.HEADER),
        ("热点", Role.HEADER),
        ("版权", Role.FOOTER),
    ]


def test_properties_come_from_title_and_meta() -> None:
    page = (
        "<head><title> 工作要点_云岭市 </title><meta name=ArticleTitle content=工作要点><meta name=Author content=办公室>"
        "<meta name=PubDate content='2024-3-5 8:09'><meta property='article:modified_time' content='2024年3月6日'></head><p>x"
    )

    assert read(page).properties == {
        "title": "工作要点",
        "author": "办公室",
        "created": "2024-03-05T08:09:00",
        "modified": "2024-03-06",
    }


def test_title_is_taken_where_no_meta_names_one_and_false_dates_are_not() -> None:
    assert read("<title>要点</title><meta name=date content=2024-13-45><p>x").properties == {"title": "要点"}


@pytest.mark.parametrize("declared", ["gb2312", "gbk", "utf-8", "iso-8859-1", "x-none", ""])
def test_page_in_gb18030_is_read_whatever_it_declares(declared: str) -> None:
    page = f"<html><head><meta charset='{declared}'></head><body><p>云岭市䶮家镇各学校要在六月底前完成整改</p>"

    assert html.read(page.encode("gb18030"), "").text == "云岭市䶮家镇各学校要在六月底前完成整改\n"


def test_declaration_in_the_old_form_is_understood() -> None:
    page = '<meta http-equiv="Content-Type" content="text/html; charset=big5"><p>各學校要完成整改</p>'

    assert html.read(page.encode("big5"), "").text == "各學校要完成整改\n"


def test_pictures_inside_the_page_do_not_count() -> None:
    page = b"<p>x<img src='data:image/png;base64," + b"A" * 50_000_000 + b"'>y"

    assert html.read(page, "").text == "xy\n"


def test_losses_are_told() -> None:
    assert len(html.read("<p>各\ufffd校".encode(), "").warnings) == 1


def test_control_characters_by_number_are_marked() -> None:
    assert read("<p>各&#1;校&#0;要").text == "各\ufffd校\ufffd要\n"


@pytest.mark.parametrize(
    "page",
    [
        "<p>教<b>育</b>局</p>\n" * 33_000,
        "<div>" * 5000 + "深" + "</div>" * 5000,
        "<table><tr><td>" * 3000 + "深",
        "<ol><li>" * 3000 + "深",
        "<script>" + "<p>" * 100_000 + "</script><p>文",
        "教" + " \n" * 300_000 + "育",
        "<p " + "a" * 1_000_000 + ">文",
        "<!-- " * 100_000 + "--><p>文",
    ],
    ids=["100000 tags", "deep", "deep tables", "deep lists", "script", "blanks", "attribute", "comments"],
)
def test_hostile_page_is_read_in_bounded_time(page: str) -> None:
    began = time.monotonic()

    assert read(page).text.strip()
    assert time.monotonic() - began < 15


@pytest.mark.parametrize(
    ("page", "error"),
    [
        ("<b>" * 2_000_001, TooLargeError),
        ("<b>" * 20_000 + "</i>" * 300_000, DamagedError),
        ("<table><tr>" + "<td colspan=1000 rowspan=1000>x" * 300 + "<tr><td>y" * 1000, TooLargeError),
    ],
    ids=["tags", "stray ends", "spans"],
)
def test_page_that_would_take_minutes_is_refused(page: str, error: type[Exception]) -> None:
    with pytest.raises(error):
        read(page)


def test_text_at_the_greatest_depth_keeps_its_order_and_its_lines() -> None:
    extract = read("<div>" * 300 + "甲<b>乙</b>丙<p>丁</p><script>密</script>戊")

    assert texts(extract) == ["甲乙丙", "丁", "戊"]


TAGS = ["<p>", "</p>", "<table>", "<tr>", "<td rowspan=2>", "</table>", "<ol>", "<li>", "</li>", "<br>", "<h2>", "<pre>", "甲", " \n", "<!--", "&nbsp;", "<div hidden>", "</div>", "<caption>"]  # fmt: skip


@settings(max_examples=100, deadline=None)
@given(st.lists(st.sampled_from(TAGS), max_size=40).map("".join))
def test_any_soup_of_tags_gives_blocks_in_order(page: str) -> None:
    extract = read(page)

    ends = [place for block in extract.blocks for place in (block.start, block.end)]
    assert ends == sorted(ends)
    assert all(text.strip() for text in texts(extract))
    assert read(page) == extract


def test_nested_numbered_lists_tell_their_depth() -> None:
    page = "<ol><li>甲<ol><li>乙</li></ol></li></ol><p>丙</p><ul><li>丁</li></ul>"
    assert [block.depth for block in html.read(page.encode(), "页.html").blocks] == [1, 2, 0, 0]
