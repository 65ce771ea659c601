"""Ruled lines to tables, without a file and with one that LibreOffice printed."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from luoshi.reading.extract import Place, Role
from luoshi.reading.formats.grids import Rule, part_grids
from luoshi.reading.formats.lines import Glyph
from luoshi.reading.formats.pdf import read
from reading.page_files import Words, office_pdf, pdf_of

FRAME = [Rule(True, y, 50, 350) for y in (100, 120, 140)] + [Rule(False, x, 100, 140) for x in (50, 150, 350)]


def words(text: str, x: float, y: float) -> list[Glyph]:
    return [Glyph(character, x + 10 * at, x + 10 * at + 10, y, 10) for at, character in enumerate(text)]


CELLS = words("任务", 60, 114) + words("责任单位", 160, 114) + words("减负", 60, 134) + words("基教科", 160, 134)


def test_crossing_lines_make_a_table() -> None:
    (grid,), rest = part_grids(FRAME, CELLS)
    assert [[cell.text for cell in row] for row in grid.rows] == [["任务", "责任单位"], ["减负", "基教科"]]
    assert (rest, grid.top, grid.bottom) == ([], 100, 140)


def test_text_outside_the_lines_stays_outside() -> None:
    (_,), rest = part_grids(FRAME, CELLS + words("附件", 60, 90))
    assert "".join(glyph.text for glyph in rest) == "附件"


def test_lines_in_pieces_are_put_together() -> None:
    pieces = [
        Rule(
            rule.level,
            rule.at + 0.4 * half,
            *((rule.start, 100 + rule.start / 10) if half else (99 + rule.start / 10, rule.end)),
        )
        for rule in FRAME
        for half in (0, 1)
    ]
    (grid,), _ = part_grids(pieces, CELLS)
    assert len(grid.rows) == 2


def test_a_missing_line_merges_cells() -> None:
    lines = [rule for rule in FRAME if rule.at != 120] + [Rule(True, 120, 150, 350)]
    (grid,), _ = part_grids(
        [*lines, Rule(True, 160, 50, 350), *(Rule(False, x, 140, 160) for x in (50, 150, 350))], CELLS
    )
    assert [[(cell.column, cell.row_span) for cell in row] for row in grid.rows] == [
        [(0, 2), (1, 1)],
        [(1, 1)],
        [(0, 1), (1, 1)],
    ]


def test_an_edge_that_is_not_drawn_is_where_the_other_lines_end() -> None:
    (grid,), _ = part_grids([rule for rule in FRAME if rule.at != 50], CELLS)
    assert grid.columns == (50, 150, 350)


def test_a_full_line_of_a_cell_goes_on_and_a_short_one_ends() -> None:
    cells = (
        words("责任单位县教育局和", 55, 108)
        + words("财政局", 55, 118)
        + words("另行通知", 155, 108)
        + words("各校", 155, 118)
    )
    (grid,), _ = part_grids(FRAME, [*cells, *CELLS[6:]])
    assert [cell.text for cell in grid.rows[0]] == ["责任单位县教育局和财政局", "另行通知\n各校"]


@pytest.mark.parametrize(
    "rules",
    [
        [],
        [Rule(True, 120, 50, 350)],
        [Rule(True, y, 50, 350) for y in (100, 120, 140)],
        [*(Rule(True, y, 50, 350) for y in (100, 140)), *(Rule(False, x, 100, 140) for x in (50, 350))],
        [*(Rule(True, y, 50, 350) for y in (100, 140)), *(Rule(False, x, 100, 140) for x in (50, 200, 350))],
        [*FRAME[:3], *(Rule(False, x, 300, 400) for x in (50, 150, 350))],
    ],
    ids=["none", "one line", "lines under text", "a frame", "two fields", "lines that do not meet"],
)
def test_other_lines_make_no_table(rules: list[Rule]) -> None:
    assert part_grids(rules, CELLS) == ([], CELLS)


def test_a_cell_that_is_no_rectangle_makes_no_table() -> None:
    lines = [Rule(True, y, 50, 350) for y in (100, 160)] + [Rule(False, x, 100, 160) for x in (50, 350)]
    bent = [Rule(True, 120, 150, 350), Rule(True, 140, 50, 350), Rule(False, 150, 100, 120), Rule(False, 250, 120, 160)]
    assert part_grids([*lines, *bent], CELLS)[0] == []


def test_an_empty_net_is_no_table() -> None:
    assert part_grids(FRAME, []) == ([], [])


def test_a_table_drawn_as_one_path_is_read_from_a_pdf() -> None:
    drawing = "70 700 300 60 re S 70 730 m 370 730 l S 170 700 m 170 760 l S\n"
    cells = [Words("任务", 75, 105), Words("责任单位", 175, 105), Words("减负", 75, 135), Words("基教科", 175, 135)]
    found = read(pdf_of([[*cells, Words("附件1", 72, 60)]], drawing=drawing), "a.pdf")
    assert found.text == "附件1\n任务\t责任单位\n减负\t基教科\n"
    assert [block.place for block in found.blocks if block.role is Role.CELL][3] == Place(0, 1, 1)


def test_a_printed_table_is_read_over_its_pages(tmp_path: Path) -> None:
    head = ["序号", "工作任务", "责任单位", "完成时限"]
    rows = [
        [str(at), "各学校要对照标准逐项自查，列出问题清单，明确整改时限", "县教育局基础教育科、财务科", "2025年9月底前"]
        for at in range(1, 25)
    ]
    before, after = "现将任务分解如下，请各单位认真抓好落实。", "请各单位按月报送进展情况。"
    found = read(office_pdf(tmp_path, "任务分解表", [before], table=[head, *rows], after=[after]), "a.pdf")
    cells = [found.text[block.start : block.end] for block in found.blocks if block.role is Role.CELL]
    assert cells == [text for row in [head, *rows] for text in row]
    assert [found.text[block.start : block.end] for block in found.blocks if block.role is Role.PARAGRAPH] == [
        "任务分解表",
        before,
        after,
    ]


@settings(max_examples=60, deadline=None)
@given(st.lists(st.builds(Rule, st.booleans(), st.floats(0, 400), st.floats(0, 200), st.floats(200, 400)), max_size=30))
def test_no_character_is_lost_or_doubled(rules: list[Rule]) -> None:
    grids, rest = part_grids(rules, CELLS)
    kept = "".join(cell.text for grid in grids for row in grid.rows for cell in row) + "".join(
        glyph.text for glyph in rest
    )
    assert sorted(kept.replace("\n", "").replace(" ", "")) == sorted(glyph.text for glyph in CELLS)
