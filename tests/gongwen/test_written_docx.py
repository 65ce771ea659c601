import datetime as dt
import io
import zipfile
from pathlib import Path

import docx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from luoshi.gongwen import CellValue, Column, Sheet, layout, write_docx_table
from luoshi.gongwen.table import clean_text
from luoshi.words import Language

from .written_files import COLUMNS, W, doubtful, one_cell, part, part_names, text_of, work_row, work_sheet, written

DOCUMENT = "word/document.xml"

ORDER = {
    "tblPr": ["tblW", "jc", "tblInd", "tblBorders", "tblLayout", "tblCellMar", "tblLook", "tblCaption"],
    "tcPr": ["tcW", "gridSpan", "shd", "vAlign"],
    "pPr": ["pStyle", "keepNext", "autoSpaceDE", "autoSpaceDN", "snapToGrid", "spacing", "ind", "jc", "outlineLvl"],
    "rPr": ["rFonts", "sz", "szCs", "lang"],
    "sectPr": ["footerReference", "pgSz", "pgMar"],
    "style": ["name", "basedOn", "qFormat", "pPr", "rPr", "tblPr"],
    "settings": ["zoom", "defaultTabStop", "evenAndOddHeaders", "characterSpacingControl", "compat"],
    "font": ["altName", "charset", "family", "pitch"],
    "tbl": ["tblPr", "tblGrid", "tr"],
    "tr": ["trPr", "tc"],
    "tc": ["tcPr", "p"],
    "p": ["pPr", "r"],
    "body": ["p", "tbl", "p", "sectPr"],
}
"""The order in which ISO/IEC 29500 has the children of each element that is written."""


def document_of(sheet: Sheet, language: Language = "zh") -> bytes:
    return written(lambda target: write_docx_table(sheet, target, language=language))


def table_of(content: bytes) -> list[list[str]]:
    table = docx.Document(io.BytesIO(content)).tables[0]
    return [[cell.text for cell in row.cells] for row in table.rows]


def paragraphs_of(content: bytes) -> list[tuple[str, str]]:
    return [(p.style.name, p.text) for p in docx.Document(io.BytesIO(content)).paragraphs if p.style is not None]


def attribute(element: etree._Element | None, name: str) -> str | None:
    assert element is not None
    return element.get(W + name)


def full_sheet() -> Sheet:
    return work_sheet([work_row(1), [2, doubtful(), "", "青禾县教育局"]], footnote="以原文为准。")


# --- what it says -------------------------------------------------------------------------------------------------


def test_head_and_rows_stand_in_the_table() -> None:
    assert table_of(document_of(work_sheet([work_row(1), [2, "排查"]]))) == [
        [column.title for column in COLUMNS],
        ["1", "排查校舍安全隐患", str(work_row(1)[2]), "青禾县教育局", "2026年9月30日"],
        ["2", "排查", "", "", ""],
    ]


def test_title_and_source_stand_above_and_notes_below() -> None:
    assert paragraphs_of(document_of(full_sheet())) == [
        ("Title", "青禾县教育工作任务分解表"),
        ("Subtitle", "来源：全县教育工作会议讲话"),
        ("Note", "以原文为准。"),
        ("Note", "注：加底色并标有“（待核）”的内容，由计算机识别且把握不大，请对照原文核实。"),
        ("Note", "待核说明："),
        ("Note", "“工作任务”：原文只写“有关科室”（第2行）"),
    ]


def test_a_sheet_without_words_around_it_has_only_the_paragraph_that_must_end_a_document() -> None:
    assert paragraphs_of(document_of(one_cell("校舍"))) == [("Note", "")]


def test_an_english_table_keeps_days_in_figures() -> None:
    sheet = Sheet("Tasks", [Column("due", "Due", 16)], [[CellValue(dt.date(2026, 9, 30), low=True, note="inferred")]])
    content = document_of(sheet, "en")
    assert table_of(content) == [["Due"], ["2026-09-30 (to check)"]]
    assert [text for _, text in paragraphs_of(content)][1:] == ["To be checked:", "Due: inferred (row 1)"]


def test_an_empty_table_says_so_in_one_row_across() -> None:
    content = document_of(work_sheet([]))
    rows = part(content, DOCUMENT).findall(f".//{W}tr")
    assert attribute(rows[1].find(f".//{W}gridSpan"), "val") == "5"
    assert text_of(rows[1]) == "（本表没有内容）"


def test_line_breaks_and_tabs_stay_in_their_cell() -> None:
    assert table_of(document_of(one_cell("第一\n第二\t第三 <&> “末”")))[1] == ["第一\n第二\t第三 <&> “末”"]


def test_what_xml_cannot_hold_is_left_out_everywhere() -> None:
    bad = "校\x00舍\x1f安\ud800全\uffff"
    sheet = Sheet(bad, [Column("only", bad, 20)], [[CellValue(bad, low=True, note=bad)]], title=bad, footnote=bad)
    content = document_of(sheet)
    assert table_of(content) == [["校舍安\ufffd全"], ["校舍安\ufffd全（待核）"]]


@settings(max_examples=50, deadline=None)
@given(st.text(max_size=60))
def test_any_text_comes_back_as_it_was_cleaned(text: str) -> None:
    assert table_of(document_of(one_cell(text)))[1] == [clean_text(text)]


@settings(max_examples=30, deadline=None)
@given(st.text(max_size=30))
def test_text_never_becomes_markup(text: str) -> None:
    sheet = Sheet(text, [Column(text, text, 20)], [[text]], title=text, source=text, footnote=text)
    tags = {element.tag for element in part(document_of(sheet), DOCUMENT).iter()}
    plain = {element.tag for element in part(document_of(full_sheet()), DOCUMENT).iter()}
    assert tags <= plain | {W + "br", W + "tab", W + "spacing"}


# --- marks --------------------------------------------------------------------------------------------------------


def test_only_a_doubtful_cell_is_shaded_and_marked() -> None:
    content = document_of(work_sheet([[CellValue(1, low=True), doubtful("排查"), "校舍"]]))
    cells = part(content, DOCUMENT).findall(f".//{W}tr")[1].findall(f"{W}tc")
    shades = [None if (shade := cell.find(f".//{W}shd")) is None else attribute(shade, "fill") for cell in cells]
    assert table_of(content)[1] == ["1", "排查（待核）", "校舍", "", ""]
    assert shades == [None, "FFE699", None, None, None]


# --- layout -------------------------------------------------------------------------------------------------------


def test_the_page_is_landscape_a4_with_the_edges_of_the_upright_page_turned() -> None:
    section = docx.Document(io.BytesIO(document_of(full_sheet()))).sections[0]
    edges = [section.top_margin, section.right_margin, section.bottom_margin, section.left_margin]
    assert section.page_width is not None
    assert section.page_height is not None
    assert (round(section.page_width.mm), round(section.page_height.mm)) == (297, 210)
    assert [round(edge.mm) for edge in edges if edge is not None] == [28, 37, 26, 35]


def test_the_head_repeats_and_no_short_row_splits() -> None:
    rows = part(document_of(work_sheet([work_row(n) for n in range(1, 4)])), DOCUMENT).findall(f".//{W}tr")
    assert [row.find(f".//{W}tblHeader") is not None for row in rows] == [True, False, False, False]
    assert all(row.find(f".//{W}cantSplit") is not None for row in rows)


def test_a_row_taller_than_a_page_may_split() -> None:
    rows = part(document_of(work_sheet([work_row(1), work_row(2, "逐校排查。" * 600)])), DOCUMENT).findall(f".//{W}tr")
    assert [row.find(f".//{W}cantSplit") is not None for row in rows] == [True, True, False]


def test_the_columns_are_fixed_and_fill_the_type_area() -> None:
    table = part(document_of(full_sheet()), DOCUMENT).find(f".//{W}tbl")
    assert table is not None
    grid = [int(attribute(column, "w") or 0) for column in table.iter(f"{W}gridCol")]
    cells = [int(attribute(cell, "w") or 0) for cell in table.findall(f"{W}tr")[1].iter(f"{W}tcW")]
    assert attribute(table.find(f".//{W}tblLayout"), "type") == "fixed"
    assert sum(grid) == pytest.approx(layout.mm_to_twips(225), abs=len(grid))
    assert cells == grid


@pytest.mark.parametrize(("name", "side", "edge"), [("footer1", "right", 26), ("footer2", "left", 28)])
def test_odd_page_numbers_stand_right_and_even_ones_left(name: str, side: str, edge: float) -> None:
    footer = part(document_of(full_sheet()), f"word/{name}.xml")
    number = footer.find(f".//{W}txbxContent/{W}p")
    assert number is not None
    assert text_of(number) == "—  PAGE 1 —"
    assert attribute(number.find(f".//{W}jc"), "val") == side
    assert attribute(number.find(f".//{W}ind"), side) == str(
        layout.mm_to_twips(edge) + layout.points_to_twips(layout.SIZE_4)
    )


def test_odd_and_even_pages_have_their_own_footers() -> None:
    content = document_of(full_sheet())
    kinds = [attribute(reference, "type") for reference in part(content, DOCUMENT).iter(f"{W}footerReference")]
    assert kinds == ["default", "even"]
    assert part(content, "word/settings.xml").find(f"{W}evenAndOddHeaders") is not None


@pytest.mark.parametrize(
    ("style", "face", "half_points"),
    [
        ("Title", "方正小标宋简体", "44"),
        ("Subtitle", "楷体_GB2312", "24"),
        ("TableHead", "黑体", "21"),
        ("TableText", "仿宋_GB2312", "21"),
        ("PageNumberLine", "宋体", "28"),
    ],
)
def test_styles_name_the_faces_and_sizes_of_the_standard(style: str, face: str, half_points: str) -> None:
    wide = Sheet("表", [Column("a", "甲", 150)], [["校舍"]])
    found = part(document_of(wide), "word/styles.xml").find(f"{W}style[@{W}styleId='{style}']")
    assert found is not None
    assert attribute(found.find(f".//{W}rFonts"), "eastAsia") == face
    assert attribute(found.find(f".//{W}sz"), "val") == half_points


def test_every_face_in_use_names_its_stand_ins() -> None:
    content = document_of(full_sheet())
    used = {attribute(fonts, "eastAsia") for fonts in part(content, "word/styles.xml").iter(f"{W}rFonts")}
    named = {attribute(font, "name") for font in part(content, "word/fontTable.xml").iter(f"{W}font")}
    assert used <= named


# --- the file -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("sheet", [full_sheet(), work_sheet([])], ids=["full", "empty"])
def test_elements_stand_in_the_order_of_the_schema(sheet: Sheet) -> None:
    content = document_of(sheet)
    for name in part_names(content):
        for element in part(content, name).iter():
            order = ORDER.get(str(element.tag).removeprefix(W))
            if order is not None:
                assert is_in_order([str(child.tag).removeprefix(W) for child in element], order), (name, element.tag)


def is_in_order(children: list[str], order: list[str]) -> bool:
    """Tell whether the children are runs of the names in `order`, none of them unknown."""
    place = 0
    for child in children:
        while place < len(order) and order[place] != child:
            place += 1
        if place == len(order):
            return False
    return True


def test_order_check_refuses_what_is_out_of_order() -> None:
    assert is_in_order(["tcW", "shd", "vAlign"], ORDER["tcPr"])
    assert not is_in_order(["shd", "tcW"], ORDER["tcPr"])
    assert not is_in_order(["strange"], ORDER["tcPr"])


def test_every_part_is_declared_and_every_link_leads_somewhere() -> None:
    content = document_of(full_sheet())
    names = set(part_names(content))
    declared = {
        str(item.get("PartName")).lstrip("/") for item in part(content, "[Content_Types].xml") if item.get("PartName")
    }
    linked = {f"word/{item.get('Target')}" for item in part(content, "word/_rels/document.xml.rels")}
    assert declared == {name for name in names if not name.endswith(".rels") and name != "[Content_Types].xml"}
    assert linked <= names


def test_the_same_sheet_gives_the_same_bytes() -> None:
    assert document_of(full_sheet()) == document_of(full_sheet())
    with zipfile.ZipFile(io.BytesIO(document_of(full_sheet()))) as archive:
        assert {member.date_time for member in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_properties_hold_title_and_creation_date() -> None:
    created = dt.datetime(2026, 3, 5, 8, 0, tzinfo=dt.UTC)
    content = written(lambda target: write_docx_table(full_sheet(), target, title="分解表 <一>", created=created))
    properties = docx.Document(io.BytesIO(content)).core_properties
    assert (properties.title, properties.created) == ("分解表 <一>", created)


def test_the_sheets_title_is_the_files_where_the_caller_names_none() -> None:
    assert docx.Document(io.BytesIO(document_of(full_sheet()))).core_properties.title == "青禾县教育工作任务分解表"


def test_a_path_gets_the_same_bytes(tmp_path: Path) -> None:
    write_docx_table(full_sheet(), tmp_path / "表.docx")
    assert (tmp_path / "表.docx").read_bytes() == document_of(full_sheet())


def test_a_target_that_cannot_be_written_raises_os_error(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="No such file"):
        write_docx_table(full_sheet(), tmp_path / "无此目录" / "表.docx")
