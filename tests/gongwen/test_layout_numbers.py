import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from luoshi.gongwen import Cell, Column, Sheet, layout
from luoshi.gongwen.grid import DAY_EMS, HEADING_EMS, TABLE_POINTS, share_page
from luoshi.gongwen.measure import count_lines, text_width

from .written_files import COLUMNS, doubtful, one_cell, work_row, work_sheet


def test_margins_and_type_area_fill_a4() -> None:
    assert layout.MARGIN_BINDING_MM + layout.TYPE_WIDTH_MM + layout.MARGIN_CUT_MM == layout.PAGE_WIDTH_MM
    assert layout.MARGIN_TOP_MM + layout.TYPE_HEIGHT_MM + layout.MARGIN_BOTTOM_MM == layout.PAGE_HEIGHT_MM


def test_landscape_edges_and_type_area_fill_a4() -> None:
    across = layout.LANDSCAPE_LEFT_MM + layout.LANDSCAPE_TYPE_WIDTH_MM + layout.LANDSCAPE_RIGHT_MM
    down = layout.LANDSCAPE_TOP_MM + layout.LANDSCAPE_TYPE_HEIGHT_MM + layout.LANDSCAPE_BOTTOM_MM
    assert (across, down) == (layout.PAGE_HEIGHT_MM, layout.PAGE_WIDTH_MM)


def test_lines_and_characters_fit_the_type_area() -> None:
    height = layout.LINES_PER_PAGE * layout.LINE_PITCH_POINTS
    width = layout.CHARACTERS_PER_LINE * layout.CHARACTER_PITCH_POINTS
    assert height <= layout.mm_to_points(layout.TYPE_HEIGHT_MM) < height + layout.LINE_PITCH_POINTS
    assert width <= layout.mm_to_points(layout.TYPE_WIDTH_MM) < width + layout.CHARACTER_PITCH_POINTS


def test_every_licensed_face_has_a_stand_in() -> None:
    faces = {layout.TITLE_FACE, layout.BODY_FACE, layout.HEADING_FACE, layout.SUBHEADING_FACE, layout.NUMBER_FACE}
    assert set(layout.FALLBACK_FACES) == faces
    assert all(layout.FALLBACK_FACES.values())


def test_an_inch_is_25_4_mm_72_points_1440_twips() -> None:
    assert layout.mm_to_inches(25.4) == 1
    assert layout.mm_to_points(25.4) == 72
    assert layout.mm_to_twips(25.4) == 1440


@pytest.mark.parametrize(
    ("text", "width", "lines"),
    [
        ("", 10, 1),
        ("校舍安全", 4, 1),
        ("校舍安全", 3, 2),
        ("一\n二\n\n三", 10, 4),
        ("县教育局、县财政局", 4, 3),  # the mark may not open the second line, so it takes 局 with it
        ("school building", 5, 2),
        ("a" * 100, 7, 9),  # twelve letters a line
        ("校" * 3000, 30, 100),
    ],
)
def test_lines_are_counted_as_a_spreadsheet_breaks_them(text: str, width: float, lines: int) -> None:
    assert count_lines(text, width) == lines


@settings(max_examples=80, deadline=None)
@given(st.text(max_size=120), st.floats(1, 60))
def test_lines_are_never_fewer_than_the_width_asks(text: str, width: float) -> None:
    longest = max(map(text_width, text.replace(" ", "").split("\n")))
    assert count_lines(text, width) * width >= longest - 0.01


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.floats(1, 200), st.text(max_size=80)), min_size=1, max_size=40))
def test_columns_always_fill_the_page_exactly(columns: list[tuple[float, str]]) -> None:
    row: list[Cell] = [text for _, text in columns]
    sheet = Sheet("表", [Column(str(n), "栏目", width) for n, (width, _) in enumerate(columns)], [row])
    grid = share_page(sheet, "zh")
    assert sum(grid.widths) == pytest.approx(TABLE_POINTS)
    assert min(grid.widths) > 0


def test_a_column_of_days_keeps_a_day_on_one_line() -> None:
    assert share_page(work_sheet([work_row(1)]), "zh").room(COLUMNS.index(COLUMNS[-1])) >= DAY_EMS


def test_a_marked_column_keeps_the_mark_on_one_line() -> None:
    sheet = Sheet("表", [*COLUMNS, Column("rate", "频", 1)], [[*work_row(1), doubtful("")]])
    assert share_page(sheet, "zh").room(5) >= HEADING_EMS


def test_one_long_text_starves_no_other_column() -> None:
    sheet = work_sheet([work_row(1), work_row(2, "排查校舍安全。" * 430)])
    assert share_page(sheet, "zh").room(1) >= HEADING_EMS


def test_a_narrow_table_is_set_larger_than_a_wide_one() -> None:
    wide = Sheet("表", [Column("all", "全部", 200)], [])
    assert share_page(one_cell("校"), "zh").size == layout.SIZE_SMALL_4
    assert share_page(wide, "zh").size == layout.SIZE_5


def test_the_layout_page_of_the_docs_names_every_number_with_its_value() -> None:
    page = (Path(__file__).parents[2] / "docs" / "gongwen.md").read_text("utf-8")
    documented = dict(re.findall(r"^\| `([A-Z0-9_]+)` \| (.+?) \|", page, re.MULTILINE))
    constants = {name: str(value) for name, value in vars(layout).items() if name[0] != "_" and name.isupper()}
    assert documented == {name: value for name, value in constants.items() if name != "FALLBACK_FACES"}
