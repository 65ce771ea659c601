"""Notices as files, and as LibreOffice prints them."""

from __future__ import annotations

import datetime as dt
import io
import shutil
from pathlib import Path

import docx
import pypdfium2
import pytest
from docx.shared import Mm, RGBColor
from hypothesis import given, settings
from hypothesis import strategies as st

from luoshi.gongwen import layout
from luoshi.gongwen.layout import mm_to_points
from luoshi.gongwen.measure import text_width
from luoshi.gongwen.notice import NoticeText, broken_by_sense, write_docx_notice

from .test_printed_pages import convert, page_texts
from .test_written_docx import ORDER
from .written_files import W, part, part_names, work_row, work_sheet, written

OFFICE = shutil.which("soffice")

LONG_TITLE = "关于交办《中共云岭市委教育工作领导小组关于印发2026年全市教育系统重点工作任务分工方案的通知》任务的通知"
PARAGRAPHS = (
    "为抓好讲话的落实，现将涉及你单位的3项任务交办给你们，详见附件。",
    "请在1个工作日内签收，明确经办人，按时限办理。",
)


def notice(
    number: str = "云教督〔2026〕5号",
    *,
    title: str = "关于交办全市教育工作会议任务的通知",
    issuer: str = "云岭市教育局",
    rows: int = 3,
    paragraphs: tuple[str, ...] = PARAGRAPHS,
) -> NoticeText:
    table = work_sheet([work_row(place) for place in range(1, rows + 1)])
    return NoticeText(issuer, title, "基础教育科", paragraphs, dt.date(2026, 3, 5), table, number)


def file_of(text: NoticeText) -> bytes:
    return written(lambda target: write_docx_notice(text, target))


def lines_of(content: bytes) -> list[tuple[str, str]]:
    found = docx.Document(io.BytesIO(content)).paragraphs
    return [(one.style.name, one.text) for one in found if one.style is not None]


# --- what it says -------------------------------------------------------------------------------------------------


def test_a_notice_says_its_parts_in_the_order_of_the_standard() -> None:
    assert lines_of(file_of(notice()))[:11] == [
        ("Issuer", "云岭市教育局"),
        ("Document Number", "云教督〔2026〕5号"),
        ("Notice Title", "关于交办全市教育工作会议任务的通知"),
        ("Addressee", "基础教育科："),
        ("Body Text", PARAGRAPHS[0]),
        ("Body Text", PARAGRAPHS[1]),
        ("Attachment Note", "附件：青禾县教育工作任务分解表"),
        ("Signature", "云岭市教育局"),
        ("Signature", "2026年3月5日"),
        ("Body Text", ""),
        ("Attachment Mark", "附件"),
    ]


def test_the_table_behind_it_has_every_row() -> None:
    table = docx.Document(io.BytesIO(file_of(notice(rows=40)))).tables[0]
    assert [row.cells[0].text for row in table.rows] == ["序号", *(str(number) for number in range(1, 41))]


def test_no_number_is_made_up_where_none_was_given() -> None:
    assert dict(lines_of(file_of(notice(number=""))))["Document Number"] == ""


def test_a_notice_without_a_text_is_still_one() -> None:
    assert ("Addressee", "基础教育科：") in lines_of(file_of(notice(paragraphs=())))


def test_the_same_notice_is_the_same_bytes() -> None:
    assert file_of(notice()) == file_of(notice())


def test_marks_of_xml_are_words() -> None:
    assert lines_of(file_of(notice("<a>&\x07", issuer="A&B <局>")))[:2] == [
        ("Issuer", "A&B <局>"),
        ("Document Number", "<a>&"),
    ]


# --- how it stands ------------------------------------------------------------------------------------------------


def test_the_letter_is_upright_and_the_table_landscape() -> None:
    first, second = docx.Document(io.BytesIO(file_of(notice()))).sections
    lengths = (first.page_width, first.page_height, first.top_margin, second.page_width, second.page_height)
    assert [round((length or 0) / Mm(1)) for length in lengths] == [210, 297, 37, 297, 210]


def test_the_issuing_body_is_red_and_as_large_as_fits() -> None:
    document = docx.Document(io.BytesIO(file_of(notice(issuer="云岭市教育局督导与重点工作督办落实委员会"))))
    size = document.paragraphs[0].runs[0].font.size
    assert document.styles["Issuer"].font.color.rgb == RGBColor.from_string(layout.RED)
    assert size is not None
    assert layout.SIZE_3 <= size.pt <= mm_to_points(layout.TYPE_WIDTH_MM) / 20


def test_every_part_that_is_named_is_there() -> None:
    content = file_of(notice())
    links = part(content, "word/_rels/document.xml.rels")
    assert {f"word/{link.get('Target')}" for link in links} <= set(part_names(content))
    assert len(links) == 7


def test_properties_stand_in_the_order_of_the_schema() -> None:
    paragraph = ["pStyle", "keepNext", "pBdr", "spacing", "ind", "jc", "outlineLvl", "sectPr"]
    run = ["rFonts", "color", "spacing", "sz", "szCs"]
    for name in ("word/document.xml", "word/styles.xml", "word/footer3.xml"):
        for kind, order in (("pPr", paragraph), ("rPr", run), ("sectPr", ORDER["sectPr"])):
            for element in part(file_of(notice()), name).iter(W + kind):
                names = [child.tag.removeprefix(W) for child in element]
                known = [one for one in order if one in names]
                assert [one for one in names if one in order] == sorted(
                    (one for one in names if one in order), key=known.index
                )


# --- titles -------------------------------------------------------------------------------------------------------


def test_a_short_title_is_one_line() -> None:
    assert broken_by_sense("关于交办会议任务的通知") == "关于交办会议任务的通知"


def test_a_long_title_is_broken_into_lines_of_about_equal_length() -> None:
    lines = broken_by_sense(LONG_TITLE).split("\n")
    assert "".join(lines) == LONG_TITLE
    assert len(lines) == 3
    assert max(map(text_width, lines)) - min(map(text_width, lines)) < 6


@given(st.text(alphabet="关于交办《》的、任务2026abc（）", max_size=120))
@settings(max_examples=200, deadline=None)
def test_breaking_a_title_changes_no_word(title: str) -> None:
    broken = broken_by_sense(title)
    assert broken.replace("\n", "") == " ".join(title.split())
    assert not any(line.startswith(("》", "、", "的", "）")) for line in broken.split("\n")[1:])


@pytest.mark.parametrize("title", ["", "《", "的" * 60, "A" * 60])
def test_a_title_that_cannot_be_broken_stays_whole(title: str) -> None:
    assert broken_by_sense(title) == title


# --- as it is printed ---------------------------------------------------------------------------------------------


@pytest.mark.skipif(OFFICE is None, reason="LibreOffice (soffice) is not installed: no page is looked at")
def test_printed_the_letter_comes_before_its_table_and_the_signature_has_text_beside_it(tmp_path: Path) -> None:
    (tmp_path / "one.docx").write_bytes(file_of(notice(rows=25)))
    (tmp_path / "long.docx").write_bytes(file_of(notice(title=LONG_TITLE, number="")))
    convert(tmp_path)
    pages = page_texts(tmp_path / "one.pdf")
    assert "云教督〔2026〕5号" in pages[0]
    signed = next(page for page in pages if "2026年3月5日" in page)
    assert "请在1个工作日内签收" in signed
    assert [f"—{number}—" in page for number, page in enumerate(pages, 1)] == [True] * len(pages)
    shapes = [page.get_size() for page in pypdfium2.PdfDocument(tmp_path / "long.pdf")]
    assert [width < height for width, height in shapes] == [True] * (len(shapes) - 1) + [False]
