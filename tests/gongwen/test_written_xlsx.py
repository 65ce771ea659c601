import datetime as dt
import io
import math
import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree
from python_calamine import CalamineWorkbook

from luoshi.gongwen import Cell, CellValue, Column, Sheet, write_xlsx
from luoshi.gongwen.table import clean_text
from luoshi.gongwen.xlsx import MAX_CELL_UNITS, MAX_COMMENTS, MAX_ROW_POINTS, MAX_ROWS, STREAMED_ROWS, sheet_names
from luoshi.words import Language

from .written_files import COLUMNS, S, doubtful, one_cell, part, part_names, text_of, work_row, work_sheet, written

SHEET = "xl/worksheets/sheet1.xml"


def workbook_of(*sheets: Sheet, language: Language = "zh") -> bytes:
    return written(lambda target: write_xlsx(sheets, target, title="任务分解表", language=language))


def rows_of(content: bytes, sheet: int = 0) -> list[list[object]]:
    rows = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(sheet).to_python()
    return [list(row) for row in rows]


def only_cell(cell: Cell, width: float = 30) -> object:
    return rows_of(workbook_of(one_cell(cell, width)))[1][0]


def row_height(content: bytes, line: int) -> float:
    row = part(content, SHEET).find(f".//{S}row[@r='{line}']")
    assert row is not None
    return float(row.get("ht", "nan"))


def style_of(content: bytes, reference: str) -> etree._Element:
    cell = part(content, SHEET).find(f".//{S}c[@r='{reference}']")
    assert cell is not None
    formats = part(content, "xl/styles.xml").find(f"{S}cellXfs")
    assert formats is not None
    return formats[int(cell.get("s", "0"))]


def fill_of(content: bytes, reference: str) -> str | None:
    fills = part(content, "xl/styles.xml").find(f"{S}fills")
    assert fills is not None
    colour = fills[int(style_of(content, reference).get("fillId", "0"))].find(f".//{S}fgColor")
    return None if colour is None else colour.get("rgb")


# --- what the cells hold ------------------------------------------------------------------------------------------


def test_title_source_head_rows_and_footnote_follow_one_another() -> None:
    rows = rows_of(workbook_of(work_sheet([work_row(1)], footnote="以原文为准。")))
    assert [row[0] for row in rows] == [
        "青禾县教育工作任务分解表",
        "来源：全县教育工作会议讲话",
        "序号",
        1.0,
        "以原文为准。",
    ]
    assert rows[2] == [column.title for column in COLUMNS]
    assert rows[3] == [*work_row(1)[:4], dt.date(2026, 9, 30)]


def test_a_sheet_without_title_begins_with_its_head() -> None:
    assert rows_of(workbook_of(one_cell("校舍"))) == [["内容"], ["校舍"]]


def test_a_short_row_leaves_the_rest_blank() -> None:
    assert rows_of(workbook_of(work_sheet([[1, "排查"]])))[3] == [1.0, "排查", "", "", ""]


def test_an_empty_table_says_so() -> None:
    assert [row[0] for row in rows_of(workbook_of(work_sheet([])))][2:] == ["序号", "（本表没有内容）"]


@pytest.mark.parametrize(
    "text", ["=1+1", "+86", "-5", "@SUM(A1)", "\t=1", "=cmd|' /C calc'!A0", "\uff1d1+1", "http://a.example", "007"]
)
def test_text_stays_text_whatever_it_begins_with(text: str) -> None:
    content = workbook_of(Sheet(text, [Column("only", text, 30)], [[text]], title=text, source=text, footnote=text))
    assert not part(content, SHEET).findall(f".//{S}f")
    assert not part(content, SHEET).findall(f".//{S}hyperlink")
    assert [row[0] for row in rows_of(content)] == [text.strip(), text.strip(), text, text, text.strip()]


@pytest.mark.parametrize(
    ("text", "prefixed"), [("=1+1", "1"), ("@a", "1"), ("\tb", "1"), ("1=1", None), ("校舍", None)]
)
def test_only_what_could_become_a_formula_carries_the_quote_prefix(text: str, prefixed: str | None) -> None:
    assert style_of(workbook_of(one_cell(text)), "A2").get("quotePrefix") == prefixed


def test_what_xml_cannot_hold_is_left_out_everywhere() -> None:
    bad = "校\x00舍\x1f安\ud800全\uffff"
    sheet = Sheet(bad, [Column("only", bad, 20)], [[CellValue(bad, low=True, note=bad)]], title=bad, footnote=bad)
    rows = rows_of(workbook_of(sheet))
    assert [row[0] for row in rows[:4]] == [
        "校舍安\ufffd全",
        "校舍安\ufffd全",
        "校舍安\ufffd全（待核）",
        "校舍安\ufffd全",
    ]


def test_an_underscore_escape_in_the_text_is_not_decoded() -> None:
    assert part_text(workbook_of(one_cell("_x0041_"))) == "_x005F_x0041_"


def part_text(content: bytes) -> str:
    return text_of(part(content, "xl/sharedStrings.xml").findall(f"{S}si")[1])


def test_a_text_over_the_cell_limit_is_cut_with_a_mark() -> None:
    text = only_cell("安" * 40_000, 200)
    assert isinstance(text, str)
    assert len(text) == MAX_CELL_UNITS
    assert text.endswith("……（超出单元格容量，以下从略）")


def test_a_text_at_the_cell_limit_is_whole() -> None:
    text = only_cell("a" * 20_000, 200)
    assert isinstance(text, str)
    assert text.count("a") >= 20_000


def test_line_breaks_over_the_limit_become_spaces() -> None:
    text = only_cell("\n".join(["行"] * 300), 40)
    assert isinstance(text, str)
    assert (text.count("\n"), text.count("行")) == (253, 300)


@settings(max_examples=40, deadline=None)
@given(st.text(max_size=60))
def test_any_text_comes_back_as_it_was_cleaned(text: str) -> None:
    expected = clean_text(text)
    if "_x" not in expected:
        rows = rows_of(workbook_of(Sheet("表", [Column("a", "甲", 40), Column("b", "乙", 5)], [[text, "末"]])))
        assert rows[1] == [expected, "末"]


# --- numbers and days ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (85, 85.0),
        (0.5, 0.5),
        (dt.date(2026, 9, 30), dt.date(2026, 9, 30)),
        (dt.datetime(2026, 9, 30, 12, tzinfo=dt.UTC), dt.date(2026, 9, 30)),
        (dt.date(1899, 1, 1), "1899-01-01"),
        (math.nan, "nan"),
        (2**60, str(2**60)),
    ],
)
def test_numbers_and_days_stay_such_as_far_as_a_sheet_can_hold_them(value: Cell, expected: object) -> None:
    assert only_cell(value) == expected


def test_a_marked_day_stays_a_day_and_shows_a_query() -> None:
    content = workbook_of(one_cell(CellValue(dt.date(2026, 9, 30), low=True), 14))
    kind = style_of(content, "A2").get("numFmtId")
    pattern = part(content, "xl/styles.xml").find(f".//{S}numFmt[@numFmtId='{kind}']")
    assert rows_of(content)[1][0] == dt.date(2026, 9, 30)
    assert pattern is not None
    assert pattern.get("formatCode") == 'yyyy-mm-dd"?"'


def test_a_day_too_wide_for_its_column_is_written_as_text() -> None:
    assert only_cell(CellValue(dt.date(2026, 9, 30), low=True), 9) == "2026-09-30（待核）"


# --- marks --------------------------------------------------------------------------------------------------------


def test_a_doubtful_cell_is_shaded_marked_and_commented() -> None:
    content = workbook_of(one_cell(doubtful()))
    comments = part(content, "xl/comments1.xml")
    assert rows_of(content)[1][0] == "青禾县教育局（待核）"
    assert fill_of(content, "A2") == "FFFFE699"
    assert [(comment.get("ref"), text_of(comment)) for comment in comments.iter(f"{S}comment")] == [
        ("A2", "原文只写“有关科室”")
    ]
    assert str(rows_of(content)[2][0]).startswith("注：加底色并标有“（待核）”或“?”的内容")


def test_a_sure_cell_is_neither_shaded_nor_marked_nor_commented() -> None:
    content = workbook_of(one_cell(CellValue("青禾县教育局", note="直接引自原文")))
    assert rows_of(content) == [["内容"], ["青禾县教育局"]]
    assert fill_of(content, "A2") is None
    assert "xl/comments1.xml" not in part_names(content)


def test_a_column_that_takes_no_marks_shows_none() -> None:
    content = workbook_of(work_sheet([[CellValue(1, low=True, note="自拟"), "排查"]]))
    assert rows_of(content)[3][0] == 1.0
    assert "xl/comments1.xml" not in part_names(content)


# --- page and view ------------------------------------------------------------------------------------------------


def test_the_head_is_frozen_filtered_and_repeated() -> None:
    content = workbook_of(work_sheet([work_row(n) for n in range(1, 4)], footnote="以原文为准。"))
    sheet, book = part(content, SHEET), part(content, "xl/workbook.xml")
    pane, found = sheet.find(f".//{S}pane"), sheet.find(f"{S}autoFilter")
    assert pane is not None
    assert found is not None
    assert (pane.get("ySplit"), pane.get("state"), pane.get("xSplit")) == ("3", "frozen", None)
    assert found.get("ref") == "A3:E6"
    names = {name.get("name"): name.text for name in book.iter(f"{S}definedName")}
    assert names["_xlnm.Print_Titles"] == "任务分解表!$3:$3"
    assert names["_xlnm.Print_Area"] == "任务分解表!$A$1:$E$7"


def test_the_page_is_landscape_a4_and_one_page_wide() -> None:
    sheet = part(workbook_of(work_sheet([work_row(1)])), SHEET)
    page, fit = sheet.find(f"{S}pageSetup"), sheet.find(f".//{S}pageSetUpPr")
    assert page is not None
    assert fit is not None
    assert (page.get("paperSize"), page.get("orientation"), page.get("fitToHeight")) == ("9", "landscape", "0")
    assert fit.get("fitToPage") == "1"
    assert sheet.findtext(f".//{S}oddFooter") == "&C第 &P 页，共 &N 页"


def test_every_cell_of_the_table_has_a_border_and_wraps() -> None:
    content = workbook_of(work_sheet([[1, "排查"]]))
    for reference in ("A3", "E3", "A4", "B4", "E4"):
        style = style_of(content, reference)
        alignment = style.find(f"{S}alignment")
        assert alignment is not None
        assert (style.get("applyBorder"), alignment.get("wrapText")) == ("1", "1")


def test_a_row_grows_with_its_longest_cell() -> None:
    content = workbook_of(work_sheet([work_row(1), work_row(2, "逐校排查校舍安全。" * 20)]))
    assert row_height(content, 4) < 60
    assert row_height(content, 5) > 8 * 11


def test_a_text_taller_than_any_row_is_printed_whole_under_the_table() -> None:
    text = "".join(f"第{n}所学校排查校舍。" for n in range(400))
    content = workbook_of(work_sheet([work_row(1), work_row(2, text)]))
    rows = rows_of(content)
    below = "".join(str(row[0]) for row in rows[5:])
    assert row_height(content, 5) == MAX_ROW_POINTS
    assert rows[4][2] == "（文长，全文另附表后）" + text
    assert below == "附：第2行“原文要求”全文：" + text


def test_no_row_is_taller_than_a_spreadsheet_allows() -> None:
    sheet = Sheet("表", [Column("a", "长标题" * 300, 4)], [["校舍" * 5000]], title="标题" * 3000, footnote="注" * 9000)
    heights = [float(row.get("ht", "0")) for row in part(workbook_of(sheet), SHEET).iter(f"{S}row")]
    assert max(heights) <= MAX_ROW_POINTS


# --- the file -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (["任务", "任务"], ["任务", "任务 (2)"]),
        (["Tasks", "TASKS", "tasks"], ["Tasks", "TASKS (2)", "tasks (3)"]),
        (["一/二:三[四]*?\\"], ["一 二 三 四"]),
        (["", "''", "\n"], ["表1", "表2", "表3"]),
        (["History"], ["History (2)"]),
        (["县" * 40], ["县" * 30 + "…"]),
        (["县" * 40, "县" * 40], ["县" * 30 + "…", "县" * 26 + "… (2)"]),
    ],
)
def test_sheet_names_are_mended(names: list[str], expected: list[str]) -> None:
    assert sheet_names(names) == expected


@settings(max_examples=60, deadline=None)
@given(st.lists(st.text(max_size=40), min_size=1, max_size=8))
def test_sheet_names_are_always_valid_and_unique(names: list[str]) -> None:
    mended = sheet_names(names)
    assert len({name.casefold() for name in mended}) == len(names)
    assert all(0 < len(name.encode("utf-16-le")) <= 62 for name in mended)
    assert not any(re.search(r"[\[\]:*?/\\]|^'|'$", name) for name in mended)
    written(lambda target: write_xlsx([Sheet(name, [Column("a", "甲", 5)], []) for name in names], target))


def test_several_sheets_keep_their_order() -> None:
    content = workbook_of(one_cell("甲"), work_sheet([]), one_cell("乙"))
    assert CalamineWorkbook.from_filelike(io.BytesIO(content)).sheet_names == ["表", "任务分解表", "表 (2)"]
    assert rows_of(content, 2)[1] == ["乙"]


def test_the_same_sheets_give_the_same_bytes() -> None:
    sheet = work_sheet([[1, doubtful(), "=1", "", dt.date(2026, 9, 30)]])
    assert workbook_of(sheet) == workbook_of(sheet)


def test_the_creation_date_is_the_callers() -> None:
    created = dt.datetime(2026, 3, 5, 8, 0, tzinfo=dt.UTC)
    content = written(lambda target: write_xlsx([one_cell("甲")], target, created=created))
    assert "2026-03-05T08:00:00Z" in etree.tostring(part(content, "docProps/core.xml"), encoding="unicode")


def test_a_path_gets_the_same_bytes(tmp_path: Path) -> None:
    write_xlsx([work_sheet([work_row(1)])], tmp_path / "表.xlsx", title="任务分解表")
    assert (tmp_path / "表.xlsx").read_bytes() == workbook_of(work_sheet([work_row(1)]))


def test_a_target_that_cannot_be_written_raises_os_error(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="No such file"):
        write_xlsx([one_cell("甲")], tmp_path / "无此目录" / "表.xlsx")


def test_no_sheet_is_refused() -> None:
    with pytest.raises(ValueError, match="at least one sheet"):
        written(lambda target: write_xlsx([], target))


def test_more_rows_than_a_sheet_holds_are_refused() -> None:
    sheet = Sheet("表", [Column("a", "甲", 5)], [[]] * (MAX_ROWS + 1))
    with pytest.raises(ValueError, match="at most 1000000 rows"):
        written(lambda target: write_xlsx([sheet], target))


def test_a_streamed_sheet_holds_what_a_small_one_holds() -> None:
    plain: list[Cell] = [2, "逐校排查"]
    rows: list[list[Cell]] = [[1, doubtful("=1")], *([plain] * STREAMED_ROWS)]
    content = workbook_of(Sheet("表", [Column("a", "甲", 9), Column("b", "乙", 20)], rows, title="题"))
    assert rows_of(content)[:4] == [["题", ""], ["甲", "乙"], [1.0, "=1（待核）"], [2.0, "逐校排查"]]
    assert "xl/sharedStrings.xml" not in part_names(content)


def test_comments_beyond_the_bound_are_left_out_and_the_foot_says_so() -> None:
    rows: list[list[Cell]] = [[doubtful("甲", "未写明")]] * (MAX_COMMENTS + 1)
    content = workbook_of(Sheet("表", [Column("a", "甲", 12)], rows))
    assert len(part(content, "xl/comments1.xml").findall(f".//{S}comment")) == MAX_COMMENTS
    assert "只有前2000处附批注" in str(rows_of(content)[-2][0])
