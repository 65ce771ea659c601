import datetime as dt
import math

import pytest

from luoshi.gongwen import CellValue, Column, Sheet
from luoshi.gongwen.marks import check_reasons, cut_to_units, legend
from luoshi.gongwen.table import clean_text, shown_text

from .written_files import COLUMNS, doubtful, work_row, work_sheet


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("校舍\x00安全\x1f", "校舍安全"),
        ("一\r\n二\r三\u2028四\x0b五", "一\n二\n三\n四\n五"),
        ("残\ud800片", "残\ufffd片"),
        ("\ufffe\uffff校", "校"),
        ("表\t格，无碍 <&>", "表\t格，无碍 <&>"),
        ("㙟𠮷", "㙟𠮷"),
    ],
)
def test_clean_text_drops_only_what_xml_cannot_hold(text: str, expected: str) -> None:
    assert clean_text(text) == expected


@pytest.mark.parametrize(
    ("cell", "marked", "expected"),
    [
        (CellValue("县教育局"), False, "县教育局"),
        (CellValue("县教育局"), True, "县教育局（待核）"),
        (CellValue(""), True, "（待核）"),
        (CellValue(dt.date(2026, 3, 5)), False, "2026-03-05"),
        (CellValue(dt.datetime(2026, 3, 5, 8, 30, tzinfo=dt.UTC)), False, "2026-03-05"),
        (CellValue(0.1), False, "0.1"),
        (CellValue(85.0), False, "85"),
        (CellValue(math.inf), False, "inf"),
        (CellValue(10**20), False, "100000000000000000000"),
    ],
)
def test_shown_text_is_the_value_and_its_mark(cell: CellValue, marked: bool, expected: str) -> None:
    assert shown_text(cell, "zh", marked=marked) == expected


def test_the_english_mark_of_an_empty_cell_has_no_space_before_it() -> None:
    assert shown_text(CellValue(""), "en", marked=True) == "(to check)"


def test_a_sheet_without_columns_is_refused() -> None:
    with pytest.raises(ValueError, match="at least one column"):
        Sheet("表", [], [])


def test_a_row_longer_than_the_columns_is_refused() -> None:
    with pytest.raises(ValueError, match="Row 2 has 6 cells for 5 columns"):
        Sheet("表", COLUMNS, [work_row(1), [*work_row(2), "多余"]])


@pytest.mark.parametrize("width", [0, -1, math.nan])
def test_a_column_without_width_is_refused(width: float) -> None:
    with pytest.raises(ValueError, match="width over 0"):
        Column("task", "工作任务", width)


def test_a_sheet_without_doubt_has_no_legend() -> None:
    assert legend(work_sheet([work_row(1)]), "zh", "（待核）") == ""


def test_doubt_in_an_unmarked_column_has_no_legend_and_no_reason() -> None:
    sheet = work_sheet([[CellValue(1, low=True, note="编号自拟")]])
    assert (legend(sheet, "zh", "（待核）"), check_reasons(sheet, "zh")) == ("", [])


def test_the_legend_names_the_marks() -> None:
    assert legend(work_sheet([[1, doubtful()]]), "en", " (to check)", "?").startswith(
        "Note: what is shaded and marked “(to check)” or “?” was read"
    )


def test_equal_reasons_share_a_line_with_their_rows() -> None:
    rows = [[n, doubtful("", "未写明") if n != 4 else "排查", doubtful() if n == 2 else ""] for n in range(1, 8)]
    assert check_reasons(work_sheet(rows), "zh") == [
        "“工作任务”：未写明（第1–3、5–7行）",
        "“原文要求”：原文只写“有关科室”（第2行）",
    ]


def test_many_scattered_rows_are_counted_not_listed() -> None:
    rows = [[n, doubtful("", "未写明") if n % 2 else ""] for n in range(1, 60)]
    assert check_reasons(work_sheet(rows), "zh") == ["“工作任务”：未写明（第1、3、5、7、9、11、13、15、17、19等30行）"]
    assert check_reasons(work_sheet(rows), "en")[0].endswith(
        "(rows 1, 3, 5, 7, 9, 11, 13, 15, 17, 19 and others, 30 in all)"
    )


def test_doubt_without_a_reason_is_not_listed() -> None:
    assert check_reasons(work_sheet([[1, CellValue("排查", low=True)]]), "zh") == []


@pytest.mark.parametrize(
    ("text", "limit", "expected"),
    [
        ("校舍安全", 4, "校舍安全"),
        ("校舍安全工作", 4, "校舍安…"),
        ("校𠮷安全", 4, "校𠮷…"),
        ("校舍𠮷安", 4, "校舍…"),
        ("", 4, ""),
    ],
)
def test_cut_counts_utf16_and_splits_no_character(text: str, limit: int, expected: str) -> None:
    assert cut_to_units(text, limit, "…") == expected
