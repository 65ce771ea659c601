"""Word documents: what the reader of the page sees is read, in its order, with its places; the rest is not."""

from __future__ import annotations

import io
import zipfile

import docx as python_docx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from luoshi.reading.errors import DamagedError, LockedError, ReadError, TooLargeError
from luoshi.reading.extract import Extract, Place, Role
from luoshi.reading.formats.docx import read
from reading.office_files import (
    abstract,
    by_office,
    docx,
    docx_parts,
    field,
    level,
    num,
    p,
    paragraph_style,
    r,
    strict_docx,
    tbl,
    tc,
    textbox,
    zipped,
)

OUTLINE = (
    abstract(
        0,
        level(0, "chineseCountingThousand", "%1、"),
        level(1, "chineseCounting", "（%2）"),
        level(2, "decimal", "%3."),
        level(3, "decimalEnclosedCircle", "%4"),
    )
    + num(1, 0)
    + num(2, 0)
    + num(3, 0, '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride>')
)
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def extract(body: str, **parts: str) -> Extract:
    return read(docx(body, **parts), "文件.docx")


def lines(body: str, **parts: str) -> list[str]:
    return extract(body, **parts).text.splitlines()


def found(result: Extract, role: Role) -> list[str]:
    return [result.text[block.start : block.end] for block in result.blocks if block.role is role]


def cells(result: Extract) -> dict[str, Place | None]:
    return {result.text[b.start : b.end]: b.place for b in result.blocks if b.role is Role.CELL}


# Paragraphs and runs


def test_paragraphs_stand_one_a_line_in_document_order() -> None:
    assert lines(p("青禾县教育局") + p() + p("关于做好开学工作的通知")) == ["青禾县教育局", "关于做好开学工作的通知"]


def test_runs_are_joined_without_space() -> None:
    assert lines(p(runs=r("年底") + r("前", "<w:b/>") + r("完成"))) == ["年底前完成"]


def test_every_block_quotes_its_text() -> None:
    result = extract(p("甲") + tbl([tc("乙"), tc("丙")]) + p("丁"))
    assert [result.text[b.start : b.end] for b in result.blocks] == ["甲", "乙", "丙", "丁"]


@pytest.mark.parametrize(
    ("run", "text"),
    [
        ("<w:r><w:t>甲</w:t><w:br/><w:t>乙</w:t></w:r>", "甲\n乙"),
        ("<w:r><w:t>甲</w:t><w:tab/><w:t>乙</w:t></w:r>", "甲\t乙"),
        ("<w:r><w:t>甲</w:t><w:softHyphen/><w:t>乙</w:t></w:r>", "甲乙"),
        ("<w:r><w:t>甲\u00ad乙</w:t></w:r>", "甲乙"),
        ("<w:r><w:t>2024</w:t><w:noBreakHyphen/><w:t>2025</w:t></w:r>", "2024-2025"),
        ('<w:r><w:sym w:font="Wingdings" w:char="F0FE"/><w:t>是</w:t></w:r>', "☑是"),
        ('<w:r><w:sym w:font="宋体" w:char="2460"/></w:r>', "①"),
        ('<w:r><w:sym w:font="Webdings" w:char="zz"/><w:t>是</w:t></w:r>', "是"),
        ("<w:r><w:t> 甲 </w:t></w:r>", "甲"),
        (
            "<w:r><w:ruby><w:rt><w:r><w:t>jiào</w:t></w:r></w:rt><w:rubyBase>"
            + r("教")
            + "</w:rubyBase></w:ruby></w:r>",
            "教",
        ),
        ("<m:oMath><m:r><m:t>x+1</m:t></m:r></m:oMath>", "x+1"),
        ("<w:hyperlink>" + r("县政府网站") + "</w:hyperlink>", "县政府网站"),
        ("<w:smartTag><w:smartTagPr/>" + r("青禾县") + "</w:smartTag>", "青禾县"),
        ("<w:sdt><w:sdtPr/><w:sdtContent>" + r("张三") + "</w:sdtContent></w:sdt>", "张三"),
        ("<w:fldSimple>" + r("第3页") + "</w:fldSimple>", "第3页"),
    ],
)
def test_a_run_is_read_as_printed(run: str, text: str) -> None:
    result = extract(p(runs=run))
    assert [result.text[b.start : b.end] for b in result.blocks] == [text]


@pytest.mark.parametrize(
    "run",
    [
        r("草稿", "<w:vanish/>"),
        r("草稿", '<w:rStyle w:val="Hidden"/>'),
        "<w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr><w:sdtContent>"
        + r("单击此处输入文字")
        + "</w:sdtContent></w:sdt>",
        "<w:r><w:commentReference/></w:r>",
        "<w:r><w:instrText>PAGE</w:instrText></w:r>",
        field("PAGEREF x", None),
    ],
)
def test_what_is_not_printed_is_left_out(run: str) -> None:
    hidden = '<w:style w:type="character" w:styleId="Hidden"><w:name w:val="x"/><w:rPr><w:vanish/></w:rPr></w:style>'
    assert lines(p(runs=r("正文") + run), styles=hidden) == ["正文"]


def test_text_that_is_shown_again_in_a_hidden_style_is_read() -> None:
    hidden = paragraph_style("H", run="<w:vanish/>")
    assert lines(p(style="H", runs=r("藏") + r("露", '<w:vanish w:val="0"/>')), styles=hidden) == ["露"]


def test_comments_are_left_out() -> None:
    body = p(runs='<w:commentRangeStart w:id="1"/>' + r("正文") + '<w:commentRangeEnd w:id="1"/>')
    assert lines(body, comments=f'<w:comment w:id="1">{p("批注")}</w:comment>') == ["正文"]


# Fields


def test_a_field_gives_its_result_without_its_instruction() -> None:
    assert lines(p(runs=r("见") + field("REF 附件 \\h", "附件1") + r("。"))) == ["见附件1。"]


def test_a_field_inside_an_instruction_gives_nothing() -> None:
    inner = field("DATE", "2020年1月1日")
    run = '<w:r><w:fldChar w:fldCharType="begin"/></w:r>' + inner + '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    assert lines(p(runs=r("甲") + run + r("乙"))) == ["甲乙"]


def test_a_field_over_several_paragraphs_gives_its_result() -> None:
    begin = '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>TOC</w:instrText></w:r>'
    begin += '<w:r><w:fldChar w:fldCharType="separate"/></w:r>'
    body = (
        p(runs=begin + r("一、目标"))
        + p("二、任务")
        + p(runs='<w:r><w:fldChar w:fldCharType="end"/></w:r>')
        + p("正文")
    )
    assert lines(body) == ["一、目标", "二、任务", "正文"]


def test_a_field_that_never_ends_swallows_nothing() -> None:
    body = p(runs='<w:r><w:fldChar w:fldCharType="begin"/></w:r>' + r("甲")) + p("乙")
    assert lines(body) == ["甲", "乙"]


@pytest.mark.parametrize(
    ("instruction", "text"), [("eq \\o\\ac(○,3)", "③"), ("EQ \\o\\ac(□,优)", "优"), ("eq \\f(1,2)", "")]
)
def test_an_enclosed_character_is_read(instruction: str, text: str) -> None:
    assert lines(p(runs=field(instruction, None) + r("加强督查"))) == [text + "加强督查"]


# Numbers


def test_numbers_are_printed_before_the_text() -> None:
    body = p("总体要求", num=(1, 0)) + p("目标", num=(1, 1)) + p("原则", num=(1, 1)) + p("任务", num=(1, 0))
    assert lines(body, numbering=OUTLINE) == ["一、总体要求", "（一）目标", "（二）原则", "二、任务"]


def test_a_lower_level_begins_anew_under_each_higher_one() -> None:
    body = "".join(p("甲", num=(1, index)) for index in (0, 1, 1, 0, 1, 2, 2, 1, 2))
    assert lines(body, numbering=OUTLINE) == [
        "一、甲", "（一）甲", "（二）甲", "二、甲", "（一）甲", "1. 甲", "2. 甲", "（二）甲", "1. 甲",
    ]  # fmt: skip


def test_a_level_that_never_restarts_counts_on() -> None:
    numbering = abstract(0, level(0, "decimal", "%1."), level(1, "decimal", "（%2）", more='<w:lvlRestart w:val="0"/>'))
    body = "".join(p("甲", num=(1, index)) for index in (0, 1, 0, 1))
    assert lines(body, numbering=numbering + num(1, 0)) == ["1. 甲", "（1）甲", "2. 甲", "（2）甲"]


def test_lists_over_one_abstract_list_count_on_together() -> None:
    assert lines(p("甲", num=(1, 0)) + p("乙", num=(2, 0)), numbering=OUTLINE) == ["一、甲", "二、乙"]


def test_a_start_override_restarts_once() -> None:
    body = p("甲", num=(1, 0)) + p("乙", num=(3, 0)) + p("丙", num=(3, 0)) + p("丁", num=(1, 0))
    assert lines(body, numbering=OUTLINE) == ["一、甲", "一、乙", "二、丙", "三、丁"]


def test_a_list_may_look_different_from_its_abstract_list() -> None:
    override = f'<w:lvlOverride w:ilvl="0">{level(0, "upperLetter", "%1)", start=3)}</w:lvlOverride>'
    assert lines(p("甲", num=(4, 0)), numbering=OUTLINE + num(4, 0, override)) == ["C) 甲"]


def test_a_bullet_leaves_no_sign() -> None:
    numbering = abstract(0, level(0, "bullet", "\uf06c")) + num(1, 0)
    assert lines(p("甲", num=(1, 0)), numbering=numbering) == ["甲"]


def test_list_zero_is_no_list() -> None:
    styles = paragraph_style("L", props='<w:numPr><w:numId w:val="1"/></w:numPr>')
    assert lines(p("甲", style="L", num=(0, 0)) + p("乙", style="L"), styles=styles, numbering=OUTLINE) == [
        "甲",
        "一、乙",
    ]


def test_an_unknown_list_prints_nothing() -> None:
    assert lines(p("甲", num=(77, 0)) + p("乙", num=(1, 8)), numbering=OUTLINE) == ["甲", "乙"]


def test_a_number_comes_through_the_style_and_the_level_through_its_link() -> None:
    numbering = abstract(
        0,
        level(0, "decimal", "第%1章", more='<w:pStyle w:val="A"/>'),
        level(1, "decimal", "%1.%2", more='<w:pStyle w:val="B"/>'),
    )
    listed = '<w:numPr><w:numId w:val="1"/></w:numPr>'
    styles = (
        paragraph_style("A", props=listed) + paragraph_style("B", props=listed) + paragraph_style("C", based_on="B")
    )
    body = p("总则", style="A") + p("目的", style="B") + p("依据", style="C")
    assert lines(body, styles=styles, numbering=numbering + num(1, 0)) == ["第1章 总则", "1.1 目的", "1.2 依据"]


def test_a_list_may_be_defined_by_a_list_style() -> None:
    link = '<w:abstractNum w:abstractNumId="5"><w:numStyleLink w:val="S"/></w:abstractNum>'
    styles = paragraph_style("S", props='<w:numPr><w:numId w:val="1"/></w:numPr>')
    assert lines(p("甲", num=(9, 0)), styles=styles, numbering=link + OUTLINE + num(9, 5)) == ["一、甲"]


def test_legal_numbering_shows_higher_levels_in_digits() -> None:
    numbering = abstract(0, level(0, "chineseCounting", "%1、"), level(1, "decimal", "%1.%2", more="<w:isLgl/>"))
    body = p("甲", num=(1, 0)) + p("乙", num=(1, 1))
    assert lines(body, numbering=numbering + num(1, 0)) == ["一、甲", "1.1 乙"]


def test_an_empty_numbered_cell_shows_its_number() -> None:
    result = extract(tbl([tc(p(num=(1, 2))), tc("甲")], [tc(p(num=(1, 2))), tc("乙")]), numbering=OUTLINE)
    assert found(result, Role.CELL) == ["1.", "甲", "2.", "乙"]


def test_a_paragraph_within_a_deletion_is_not_counted() -> None:
    gone = p(num=(1, 0), props="<w:rPr><w:del/></w:rPr>", runs=f"<w:del>{r('旧')}</w:del>")
    assert lines(p("甲", num=(1, 0)) + gone + p("乙", num=(1, 0)), numbering=OUTLINE) == ["一、甲", "二、乙"]


@pytest.mark.parametrize(
    ("style", "start", "text"),
    [
        ("chineseCounting", 12, "十二"),
        ("chineseCounting", 105, "一○五"),
        ("chineseCountingThousand", 20, "二十"),
        ("chineseCountingThousand", 105, "一百零五"),
        ("chineseCountingThousand", 1010, "一千零一十"),
        ("taiwaneseCountingThousand", 11, "十一"),
        ("japaneseCounting", 110, "百十"),
        ("ideographTraditional", 3, "丙"),
        ("ideographTraditional", 11, "11"),
        ("ideographZodiac", 4, "卯"),
        ("ideographZodiacTraditional", 13, "丙子"),
        ("ideographDigital", 10, "一〇"),
        ("chineseLegalSimplified", 12, "壹拾贰"),
        ("decimalEnclosedCircle", 20, "⑳"),
        ("decimalEnclosedCircle", 21, "21"),
        ("decimalEnclosedParen", 2, "⑵"),
        ("decimalFullWidth", 10, "\uff11\uff10"),
        ("decimalZero", 7, "07"),
        ("upperRoman", 49, "XLIX"),
        ("lowerRoman", 5000, "5000"),
        ("lowerLetter", 28, "bb"),
        ("upperLetter", 999999999, "999999999"),
        ("none", 3, ""),
        ("hebrew1", 3, "3"),
        ("chineseCounting", 0, "0"),
    ],
)
def test_a_number_is_written_in_its_format(style: str, start: int, text: str) -> None:
    numbering = abstract(0, level(0, style, "（%1）", start=start)) + num(1, 0)
    assert lines(p("甲", num=(1, 0)), numbering=numbering) == [f"（{text}）甲"]


def test_numbers_agree_with_libreoffice() -> None:
    body = "".join(p(f"事项{n}", num=(1, index)) for n, index in enumerate((0, 1, 1, 2, 3, 3, 2, 0, 1, 2, 0)))
    data = docx(body + p("重来", num=(3, 0)) + p("接着", num=(1, 0)), numbering=OUTLINE)
    printed = by_office(data, ".docx", "txt:Text (encoded):UTF8").decode("utf-8-sig")
    expected = [line.replace(" ", "") for line in printed.splitlines()]
    assert [line.replace(" ", "") for line in read(data, "a.docx").text.splitlines()] == expected


# Headings


@pytest.mark.parametrize(
    ("style", "level_"),
    [
        (paragraph_style("S", name="heading 2"), 2),
        (paragraph_style("S", name="标题 1"), 1),
        (paragraph_style("S", name="标题3"), 3),
        (paragraph_style("S", name="二级标题"), 2),
        (paragraph_style("S", props='<w:outlineLvl w:val="4"/>'), 5),
        (paragraph_style("S", name="heading 1", props='<w:outlineLvl w:val="9"/>'), None),
        (paragraph_style("S", based_on="T") + paragraph_style("T", props='<w:outlineLvl w:val="1"/>'), 2),
        (paragraph_style("S", based_on="T") + paragraph_style("T", based_on="S"), None),
        (paragraph_style("S", name="标题"), None),
        (paragraph_style("S", name="正文标题1附注"), None),
        ("", None),
    ],
)
def test_a_heading_level_comes_through_the_style(style: str, level_: int | None) -> None:
    assert [block.level for block in extract(p("总体要求", style="S"), styles=style).blocks] == [level_]


@pytest.mark.parametrize(("own", "level_"), [("0", 1), ("8", 9), ("9", None), ("-3", None), ("x", 2)])
def test_a_paragraphs_own_outline_level_goes_before_its_style(own: str, level_: int | None) -> None:
    body = p("总体要求", style="S", props=f'<w:outlineLvl w:val="{own}"/>')
    assert [b.level for b in extract(body, styles=paragraph_style("S", name="heading 2")).blocks] == [level_]


# Tracked changes


def test_insertions_stay_and_deletions_go() -> None:
    run = r("5月底前") + f"<w:del>{r('力争')}</w:del><w:ins>{r('全面')}</w:ins>" + r("完成")
    assert lines(p(runs=run)) == ["5月底前全面完成"]


def test_moved_text_stands_at_its_new_place_only() -> None:
    body = p(runs=f"<w:moveFrom>{r('乙')}</w:moveFrom>" + r("甲")) + p(runs=f"<w:moveTo>{r('乙')}</w:moveTo>")
    assert lines(body) == ["甲", "乙"]


def test_paragraphs_with_deleted_marks_run_on_under_the_last_ones_properties() -> None:
    joined = p("各学校", props="<w:rPr><w:del/></w:rPr>") + p("要", props="<w:rPr><w:del/></w:rPr>")
    assert lines(joined + p("自查", num=(1, 0)), numbering=OUTLINE) == ["一、各学校要自查"]


def test_a_deleted_mark_before_a_table_changes_nothing() -> None:
    assert lines(p("甲", props="<w:rPr><w:del/></w:rPr>") + tbl([tc("乙")])) == ["甲", "乙"]


def test_an_inserted_mark_keeps_paragraphs_apart() -> None:
    assert lines(p("甲", props="<w:rPr><w:ins/></w:rPr>") + p("乙")) == ["甲", "乙"]


def test_a_style_separator_joins_the_next_paragraph_to_a_heading() -> None:
    body = p("总则", num=(1, 0), props="<w:rPr><w:vanish/><w:specVanish/></w:rPr>") + p("为了……")
    assert lines(body, numbering=OUTLINE) == ["一、总则为了……"]


def test_deleted_rows_go() -> None:
    gone = f"<w:tr><w:trPr><w:del/></w:trPr>{tc('旧')}</w:tr>"
    assert lines(tbl([tc("甲")], gone, [tc("乙")])) == ["甲", "乙"]


def test_properties_of_before_a_change_are_not_read() -> None:
    change = (
        '<w:pPrChange><w:pPr><w:numPr><w:numId w:val="1"/></w:numPr><w:outlineLvl w:val="0"/></w:pPr></w:pPrChange>'
    )
    result = extract(p("甲", props=change), numbering=OUTLINE)
    assert (result.text, result.blocks[0].level) == ("甲\n", None)


# Tables


def test_a_table_has_its_rows_and_columns() -> None:
    result = extract(tbl([tc("事项"), tc("责任单位")], [tc("检查"), tc("教育局")]))
    assert result.text == "事项\t责任单位\n检查\t教育局\n"
    assert cells(result) == {
        "事项": Place(0, 0, 0),
        "责任单位": Place(0, 0, 1),
        "检查": Place(0, 1, 0),
        "教育局": Place(0, 1, 1),
    }


def test_merged_cells_are_spans_at_their_first_place() -> None:
    begins, goes_on, wide = '<w:vMerge w:val="restart"/>', "<w:vMerge/>", '<w:gridSpan w:val="2"/>'
    result = extract(
        tbl([tc("甲", wide), tc("乙", begins)], [tc("丙"), tc("丁"), tc("", goes_on)], [tc("戊", wide), tc("己")])
    )
    assert cells(result) == {
        "甲": Place(0, 0, 0, 1, 2),
        "乙": Place(0, 0, 2, 2, 1),
        "丙": Place(0, 1, 0),
        "丁": Place(0, 1, 1),
        "戊": Place(0, 2, 0, 1, 2),
        "己": Place(0, 2, 2),
    }


def test_a_continued_cell_without_a_beginning_is_a_cell() -> None:
    assert cells(extract(tbl([tc("甲", "<w:vMerge/>")]))) == {"甲": Place(0, 0, 0)}


def test_a_row_may_begin_further_in() -> None:
    row = f'<w:tr><w:trPr><w:gridBefore w:val="2"/></w:trPr>{tc("甲")}</w:tr>'
    assert cells(extract(tbl(row))) == {"甲": Place(0, 0, 2)}


def test_an_absurd_span_is_cut() -> None:
    assert cells(extract(tbl([tc("甲", '<w:gridSpan w:val="999999999"/>')]))) == {"甲": Place(0, 0, 0, 1, 1000)}


def test_a_nested_table_is_read_row_by_row_in_its_cell() -> None:
    inner = p("附：") + tbl([tc("甲"), tc("乙")], [tc("丙"), tc("丁")]) + p()
    result = extract(tbl([tc("事项"), tc(inner)]))
    assert found(result, Role.CELL) == ["事项", "附：\n甲 乙\n丙 丁"]


def test_tables_count_in_document_order() -> None:
    result = extract(tbl([tc("甲")]) + p("间") + tbl([tc("乙")]))
    assert cells(result) == {"甲": Place(0, 0, 0), "乙": Place(1, 0, 0)}


def test_rows_and_cells_in_content_controls_are_read() -> None:
    row = f"<w:tr><w:sdt><w:sdtContent>{tc('甲')}</w:sdtContent></w:sdt>{tc('乙')}</w:tr>"
    assert lines(tbl(f"<w:sdt><w:sdtContent>{row}</w:sdtContent></w:sdt>")) == ["甲\t乙"]


# Text boxes, notes, margins


def test_a_text_box_is_read_once_after_its_paragraph() -> None:
    result = extract(p(runs=r("前") + textbox(p("框一") + p("框二")) + r("后")) + p("下一段"))
    assert result.text.splitlines() == ["前后", "框一", "框二", "下一段"]
    assert found(result, Role.TEXTBOX) == ["框一", "框二"]


def test_a_text_box_in_a_text_box_is_read_once() -> None:
    result = extract(p(runs=textbox(p(runs=r("外") + textbox(p("内"))))))
    assert found(result, Role.TEXTBOX) == ["外", "内"]


def test_an_old_text_box_without_alternative_is_read() -> None:
    box = f"<w:r><w:pict><v:shape><v:textbox><w:txbxContent>{p('框')}</w:txbxContent></v:textbox></v:shape></w:pict></w:r>"
    assert found(extract(p(runs=box)), Role.TEXTBOX) == ["框"]


def test_notes_follow_the_body_as_far_as_they_are_referred_to() -> None:
    def note(kind: str, id_: int, text: str) -> str:
        return f'<w:{kind} w:id="{id_}">{p(text)}</w:{kind}>'

    refer = '<w:r><w:footnoteReference w:id="2"/></w:r><w:r><w:endnoteReference w:id="1"/></w:r>'
    gone = '<w:del><w:r><w:footnoteReference w:id="3"/></w:r></w:del>'
    result = extract(
        p(runs=r("甲") + refer + gone) + p("乙"),
        footnotes=note("footnote", -1, "———") + note("footnote", 2, "脚注") + note("footnote", 3, "删了的"),
        endnotes=note("endnote", 1, "尾注"),
    )
    assert result.text.splitlines() == ["甲", "乙", "脚注", "尾注"]
    assert found(result, Role.FOOTNOTE) == ["脚注", "尾注"]


def test_headers_and_footers_follow_once_each() -> None:
    def section(*ids: str, more: str = "") -> str:
        refer = "".join(
            f'<w:{id_[:6]}Reference w:type="{kind}" r:id="{id_}"/>' for id_, kind in (i.split(":") for i in ids)
        )
        return f"<w:sectPr>{refer}{more}</w:sectPr>"

    first = section("header1:default", "footer1:default", "header3:first")
    body = p("正文", props=first) + section("header2:default", "header4:even")
    margins = {f"header{n}": p(text) for n, text in ((1, "青禾县文件"), (2, "青禾县文件"), (3, "首页"), (4, "偶数页"))}
    result = extract(body, footer1=p(runs=r("— ") + field("PAGE", "1") + r(" —")), **margins)
    assert (found(result, Role.HEADER), found(result, Role.FOOTER)) == (["青禾县文件"], ["— 1 —"])


def test_the_header_of_a_first_page_is_read_where_it_is_shown() -> None:
    body = p("正文") + '<w:sectPr><w:headerReference w:type="first" r:id="header1"/><w:titlePg/></w:sectPr>'
    assert found(extract(body, header1=p("首页")), Role.HEADER) == ["首页"]


# The file as a whole


def test_a_file_of_python_docx_is_read_with_its_properties() -> None:
    document = python_docx.Document()
    document.core_properties.title, document.core_properties.author = "工作方案", "青禾县教育局"
    document.add_heading("工作方案", level=1)
    document.add_paragraph("各学校要做好自查。")
    table = document.add_table(2, 2)
    table.cell(0, 0).merge(table.cell(1, 0)).text = "合"
    out = io.BytesIO()
    document.save(out)
    result = read(out.getvalue(), "a.docx")
    assert [(result.text[b.start : b.end], b.level) for b in result.blocks] == [
        ("工作方案", 1),
        ("各学校要做好自查。", None),
        ("合", None),
    ]
    assert result.blocks[-1].place == Place(0, 0, 0, 2, 1)
    assert {"title": "工作方案", "author": "青禾县教育局"}.items() <= result.properties.items()
    assert result.format == "docx"


def test_a_strict_file_is_read() -> None:
    data = strict_docx(p("甲", num=(1, 0)) + tbl([tc("乙")]), numbering=OUTLINE)
    assert b"purl.oclc.org" in zipfile.ZipFile(io.BytesIO(data)).read("word/document.xml")
    assert read(data, "a.docx").text == "一、甲\n乙\n"


def test_macros_are_left_alone_with_a_warning() -> None:
    parts = {name: text.encode() for name, text in docx_parts(p("甲")).items()}
    result = read(zipped(parts | {"word/vbaProject.bin": b"\0"}), "a.docm")
    assert (result.text, result.format) == ("甲\n", "docm")
    assert ["宏" in warning.zh for warning in result.warnings] == [True]


def test_a_document_of_pictures_says_so() -> None:
    result = extract(p(runs="<w:r><w:drawing/></w:r>"))
    assert (result.text, ["图片" in warning.zh for warning in result.warnings]) == ("", [True])


def test_a_document_with_text_has_no_warning() -> None:
    assert extract(p(runs="<w:r><w:drawing/></w:r>" + r("甲"))).warnings == ()


def test_a_file_with_a_password_is_locked() -> None:
    with pytest.raises(LockedError):
        read(OLE + bytes(504) + "EncryptedPackage".encode("utf-16-le") + bytes(512), "a.docx")


@pytest.mark.parametrize("data", [OLE + bytes(2000), b"PK\x03\x04", docx(p("甲"))[:-40], docx(p("甲"))[:300]])
def test_what_is_no_docx_is_damaged(data: bytes) -> None:
    with pytest.raises(DamagedError):
        read(data, "a.docx")


def test_an_archive_without_a_document_is_damaged() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("a.txt", "甲")
    with pytest.raises(DamagedError):
        read(out.getvalue(), "a.docx")


def test_a_bomb_is_too_large() -> None:
    with pytest.raises(TooLargeError):
        read(docx(p(" " * 20_000_000)), "a.docx")


def test_tables_nested_without_end_are_refused() -> None:
    body = "<w:tbl><w:tr><w:tc>" * 300 + p("甲") + "</w:tc></w:tr></w:tbl>" * 300
    with pytest.raises(DamagedError):
        extract(body)


def test_tables_nested_deeply_are_read() -> None:
    body = "<w:tbl><w:tr><w:tc>" * 60 + p("甲") + "</w:tc></w:tr></w:tbl>" * 60
    assert lines(body) == ["甲"]


def test_text_boxes_nested_deeply_are_read() -> None:
    body = p("芯")
    for _ in range(12):
        body = p(runs=f"<w:r><w:pict><v:shape><w:txbxContent>{body}</w:txbxContent></v:shape></w:pict></w:r>")
    assert found(extract(body), Role.TEXTBOX) == ["芯"]


def test_three_thousand_paragraphs_are_read() -> None:
    body = "".join(p(f"第{n}项工作由各学校负责", num=(1, n % 4)) for n in range(3000))
    assert len(lines(body, numbering=OUTLINE)) == 3000


SMALL = docx(
    p("总体要求", num=(1, 0), style="S") + p(runs=textbox(p("框"))) + tbl([tc("甲"), tc("乙", "<w:vMerge/>")]),
    numbering=OUTLINE,
    styles=paragraph_style("S", name="heading 1"),
)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, len(SMALL) - 1))
def test_any_truncation_is_read_or_refused(length: int) -> None:
    read_or_refuse(SMALL[:length])


@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(st.integers(0, len(SMALL) - 1), st.integers(0, 255)), min_size=1, max_size=4))
def test_any_byte_flip_is_read_or_refused(flips: list[tuple[int, int]]) -> None:
    data = bytearray(SMALL)
    for place, byte in flips:
        data[place] = byte
    read_or_refuse(bytes(data))


WORDS = ["w:p", "w:tbl", "w:tr", "w:tc", "w:r", "w:del", "w:pPr", "w:rPr", "w:trPr", "w:sdt", "w:txbxContent"]
WORDS += ["w:numPr", "w:numId", "w:specVanish", "w:cellDel", "mc:AlternateContent", "mc:Choice", "w:drawing"]
TREES = st.recursive(
    st.sampled_from(["", r("甲"), p("乙", num=(1, 0)), '<w:fldChar w:fldCharType="begin"/>']),
    lambda inner: st.builds(
        lambda word, parts: f"<{word}>{''.join(parts)}</{word}>", st.sampled_from(WORDS), st.lists(inner, max_size=4)
    ),
    max_leaves=25,
)


@settings(max_examples=150, deadline=None)
@given(TREES)
def test_any_well_formed_nonsense_is_read_or_refused(body: str) -> None:
    read_or_refuse(docx(body, numbering=OUTLINE))


def read_or_refuse(data: bytes) -> None:
    try:
        result = read(data, "a.docx")
    except ReadError:
        return
    assert all(result.text[b.start : b.end].strip() for b in result.blocks)
