"""Positioned characters to rows, columns and paragraphs, without any file."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from luoshi.reading.errors import TooLargeError
from luoshi.reading.extract import Builder, Cell, Extract, Place, Role
from luoshi.reading.formats.columns import find_gutter
from luoshi.reading.formats.lines import Glyph, first_unit, glue, join_pieces, rows_of
from luoshi.reading.formats.running import is_page_number
from luoshi.reading.formats.sheets import Grid, Layout, Sheet

SIZE = 10.0
LEFT = 50.0
FULL = 30
"""Characters of a full line on a page 400 wide."""
WORDS = (
    "各学校要对照标准逐项自查列出问题清单明确整改时限和责任人员确保任务按期完成并及时上报进展情况县教育局将组织专项督导"
)


def line(text: str, y: float, x: float = LEFT, size: float = SIZE) -> list[Glyph]:
    """Set a line as a file without spaces of its own does: Latin letters half as wide as Chinese ones."""
    glyphs = []
    for character in text:
        width = size if ord(character) > 0x2000 else size / 2
        if character != " ":
            glyphs.append(Glyph(character, x, x + width, y, size))
        x += width
    return glyphs


def page(*lines: list[Glyph], number: int = 1, grids: Sequence[Grid] = ()) -> Sheet:
    return Sheet(number, 400, 600, [glyph for each in lines for glyph in each], grids)


def body(text: str, *, indent: int = 2, top: float = 100, x: float = LEFT, full: int = FULL) -> list[list[Glyph]]:
    """Set a paragraph with an indented first line."""
    lines = [line(text[: full - indent], top, x + indent * SIZE)]
    for at in range(full - indent, len(text), full):
        lines.append(line(text[at : at + full], top + 15 * len(lines), x))
    return lines


def laid(*sheets: Sheet) -> Extract:
    layout, builder = Layout(), Builder("test")
    for sheet in sheets:
        layout.add(sheet)
    layout.fill(builder)
    return builder.done()


def texts(extract: Extract, role: Role = Role.PARAGRAPH) -> list[str]:
    return [extract.text[block.start : block.end] for block in extract.blocks if block.role is role]


def row(glyphs: list[Glyph]) -> str:
    (pieces,) = rows_of(glyphs)
    return join_pieces(pieces).text


def test_characters_drawn_in_any_order_are_read_from_left_to_right() -> None:
    assert row(line("落实责任", 10)[::-1]) == "落实责任"


def test_a_superscript_stays_on_its_line() -> None:
    assert row([*line("面积", 10), Glyph("2", LEFT + 20, LEFT + 24, 7, 6)]) == "面积2"


def test_lines_one_under_the_other_stay_apart() -> None:
    assert [join_pieces(pieces).text for pieces in rows_of(line("上", 10) + line("下", 23))] == ["上", "下"]


def test_latin_words_are_parted_by_their_gap() -> None:
    assert row(line("office of education", 10)) == "office of education"


def test_chinese_and_latin_without_a_gap_get_no_space() -> None:
    assert row(line("建设A类学校", 10)) == "建设A类学校"


def test_chinese_gets_no_space_from_justification() -> None:
    assert (
        row([Glyph(text, 13.0 * at, 13.0 * at + 10, 10, 10) for at, text in enumerate("减负")] + line("增效", 10, 26))
        == "减负增效"
    )


def test_a_space_of_the_file_is_kept_once() -> None:
    glyphs = [*line("第一章", 10), Glyph(" ", 80, 85, 10, 10), Glyph(" ", 85, 90, 10, 10), *line("总则", 10, 90)]
    assert row(glyphs) == "第一章 总则"


def test_spaces_after_every_character_are_dropped() -> None:
    glyphs = []
    for at, text in enumerate("各学校要认真落实"):
        glyphs += [Glyph(text, 12.0 * at, 12.0 * at + 10, 10, 10), Glyph(" ", 12.0 * at + 10, 12.0 * at + 12, 10, 10)]
    assert row(glyphs) == "各学校要认真落实"


def test_a_spread_line_is_read_closed() -> None:
    assert (
        row([Glyph(text, 25.0 * at, 25.0 * at + 10, 10, 10) for at, text in enumerate("青禾县教育局")])
        == "青禾县教育局"
    )


def test_a_wide_gap_is_a_tab() -> None:
    assert row([*line("责任单位", 10), *line("完成时限", 10, 150)]) == "责任单位\t完成时限"


def test_the_same_character_printed_twice_is_read_once() -> None:
    assert row([*line("通知", 10), *line("通知", 10, LEFT + 0.4)]) == "通知"


def test_the_letters_of_a_ligature_are_all_read() -> None:
    glyphs = [Glyph("o", 0, 5, 10, 10), Glyph("f", 5, 11, 10, 10), Glyph("f", 5, 11, 10, 10), Glyph("f", 5, 11, 10, 10)]
    assert row(glyphs) == "offf"


@pytest.mark.parametrize(
    ("before", "after", "joined"),
    [
        ("各学", "校要", "各学校要"),
        ("office", "of education", "office of education"),
        ("达到", "85%", "达到85%"),
        ("20", "25年", "2025年"),
        ("well-", "known", "well-known"),
        ("edu\u00ad", "cation", "education"),
        ("PM", "2.5", "PM 2.5"),
    ],
)
def test_lines_are_glued_by_the_characters_at_their_ends(before: str, after: str, joined: str) -> None:
    assert glue(before, after) == joined


@pytest.mark.parametrize(
    ("text", "width"),
    [("各学校", 1.0), ("《办法》", 2.0), ("85%的", 1.5), ("education 局", 4.5), ("”的", 1.0), ("", 0.0)],
)
def test_the_first_unit_is_what_may_not_be_parted(text: str, width: float) -> None:
    assert first_unit(text) == width


def test_full_lines_join_and_an_indented_line_opens_a_paragraph() -> None:
    text = WORDS[:50]
    found = laid(page(*body(text), *body(text, top=130)))
    assert texts(found) == [text, text]


def test_a_full_single_line_does_not_swallow_the_next_paragraph() -> None:
    first, second = WORDS[:28], WORDS[:45]
    assert texts(laid(page(*body(first), *body(second, top=115)))) == [first, second]


def test_a_short_line_ends_its_paragraph_without_indentation() -> None:
    found = laid(page(line(WORDS[:30], 100), line(WORDS[:12], 115), line(WORDS[:30], 130)))
    assert texts(found) == [WORDS[:30] + WORDS[:12], WORDS[:30]]


def test_a_wide_distance_ends_a_paragraph() -> None:
    found = laid(page(*[line(WORDS[:30], 100 + 15 * at) for at in range(3)], line(WORDS[:30], 170)))
    assert texts(found) == [WORDS[:30] * 3, WORDS[:30]]


def test_a_list_marker_after_a_sentence_opens_a_paragraph() -> None:
    first = WORDS[:29] + "。"
    assert texts(laid(page(line(first, 100), line("（二）" + WORDS[:20], 115)))) == [first, "（二）" + WORDS[:20]]


def test_a_marker_in_the_middle_of_a_sentence_opens_nothing() -> None:
    found = laid(page(*body(WORDS[:27] + "第" + "（二）项规定办理"), *body(WORDS[:50], top=140)))
    assert texts(found) == [WORDS[:27] + "第（二）项规定办理", WORDS[:50]]


def test_another_size_ends_a_paragraph_and_a_larger_one_is_a_heading() -> None:
    found = laid(page(line(WORDS[:15], 80, 95, 14), *body(WORDS[:50])))
    assert [block.level for block in found.blocks] == [1, None]


def test_centred_larger_lines_are_one_title() -> None:
    found = laid(page(line("关于印发青禾县课后服务", 60, 123, 14), line("办法的通知", 80, 165, 14), *body(WORDS[:50])))
    assert texts(found) == ["关于印发青禾县课后服务办法的通知", WORDS[:50]]


def test_centred_lines_of_the_body_size_stay_apart() -> None:
    found = laid(page(line("青禾县教育局", 60, 170), line("王明", 75, 190), *body(WORDS[:50])))
    assert texts(found) == ["青禾县教育局", "王明", WORDS[:50]]


def test_a_hanging_list_item_stays_one_paragraph() -> None:
    lines = [line("1." + WORDS[:28], 100), line(WORDS[28:57], 115, LEFT + 10), line("2." + WORDS[:20], 130)]
    assert texts(laid(page(*lines, line(WORDS[:30], 160))))[:2] == ["1." + WORDS[:57], "2." + WORDS[:20]]


def test_a_paragraph_runs_over_the_end_of_a_page() -> None:
    text = WORDS[:55] * 2
    lines = body(text, top=500)
    again = [[glyph._replace(base=glyph.base - 430) for glyph in each] for each in lines[2:]]
    found = laid(page(*lines[:2]), page(*again, number=2))
    assert texts(found) == [text]
    assert [block.page for block in found.blocks] == [1]


def test_two_columns_are_read_one_after_the_other() -> None:
    left, right = WORDS[:52], WORDS[::-1][:52]
    found = laid(page(*body(left, full=13), *body(right, full=13, x=LEFT + 160)))
    assert texts(found) == [left, right]


def test_a_title_over_two_columns_comes_first() -> None:
    glyphs = [*body(WORDS[:52], full=13), *body(WORDS[:52], full=13, x=LEFT + 160, top=103)]
    assert texts(laid(page(line("青禾教育简报第三期", 60, 150, 14), *glyphs)))[0] == "青禾教育简报第三期"


def test_columns_of_short_cells_are_no_columns_of_text() -> None:
    rows = [
        line(task, 100 + 20 * at) + line(unit, 100 + 20 * at, 230)
        for at, (task, unit) in enumerate(
            [
                ("课后服务", "基教科"),
                ("校园安全检查工作", "安全科"),
                ("营养餐", "学生资助管理中心"),
                ("师资培训", "人事科"),
                ("经费", "财务科"),
            ]
        )
    ]
    assert find_gutter(rows_of([glyph for each in rows for glyph in each])) is None
    assert texts(laid(page(*rows)))[0] == "课后服务\t基教科"


def test_one_column_has_no_gutter() -> None:
    assert find_gutter(rows_of([glyph for each in body(WORDS * 4) for glyph in each])) is None


@pytest.mark.parametrize(
    "text", ["3", "— 12 —", "-3-", "－ 3 －", "第3页", "第 3 页 共 9 页", "第三页", "3/12", "Page 3 of 9", "iv"]
)
def test_a_page_number_is_known_by_its_form(text: str) -> None:
    assert is_page_number(text)


@pytest.mark.parametrize("text", ["2025年", "第3章", "3.", "85%", "三、", "第3页的内容", "", "共9人"])
def test_what_is_more_than_a_number_is_no_page_number(text: str) -> None:
    assert not is_page_number(text)


def test_repeated_headers_and_page_numbers_follow_the_body_once() -> None:
    sheets = [
        page(
            line("青禾县教育局文件汇编", 30),
            *body(f"第{'一二三'[at]}段" + WORDS[:50]),
            line(f"— {at + 1} —", 570, 180),
            number=at + 1,
        )
        for at in range(3)
    ]
    found = laid(*sheets)
    assert [(block.role, found.text[block.start : block.end]) for block in found.blocks[3:]] == [
        (Role.HEADER, "青禾县教育局文件汇编"),
        (Role.FOOTER, "—1—"),
    ]
    assert len(found.blocks) == 5


def test_words_that_stand_once_in_the_margin_belong_to_the_body() -> None:
    found = laid(page(line("青禾县教育局文件", 30), *body(WORDS[:50])), page(*body(WORDS[:50]), number=2))
    assert texts(found) == ["青禾县教育局文件", WORDS[:50], WORDS[:50]]


def test_a_number_in_the_middle_of_a_page_belongs_to_the_body() -> None:
    assert texts(laid(page(*body(WORDS[:50]), line("12", 300)))) == [WORDS[:50], "12"]


def test_a_table_stands_where_it_is_and_parts_the_text() -> None:
    grid = Grid(
        ((Cell("任务", 0), Cell("责任单位", 1)), (Cell("课后服务", 0), Cell("基教科", 1))), 150, 200, (50, 200, 350)
    )
    found = laid(page(*body(WORDS[:50]), *body(WORDS[:40], top=220), grids=[grid]))
    assert found.text == f"{WORDS[:50]}\n任务\t责任单位\n课后服务\t基教科\n{WORDS[:40]}\n"
    assert found.blocks[2].place == Place(0, 0, 1)


def test_a_table_goes_on_over_the_end_of_a_page_without_its_repeated_head() -> None:
    head = (Cell("任务", 0), Cell("责任单位", 1))
    first = Grid((head, (Cell("课后服务", 0), Cell("基教科", 1))), 150, 560, (50, 200, 350))
    second = Grid((head, (Cell("校园安全", 0), Cell("安全科", 1))), 60, 200, (50, 200, 350))
    found = laid(page(grids=[first]), page(number=2, grids=[second]))
    assert found.text == "任务\t责任单位\n课后服务\t基教科\n校园安全\t安全科\n"


def test_a_row_over_the_end_of_a_page_is_one() -> None:
    row = (Cell("1", 0), Cell("各学校要对照标准", 1), Cell("各学校", 2))
    first = Grid((row,), 150, 560, (50, 80, 200, 350))
    rest = Grid(((Cell("", 0), Cell("逐项自查", 1), Cell("", 2)),), 60, 200, (50, 80, 200, 350))
    assert laid(page(grids=[first]), page(number=2, grids=[rest])).text == "1\t各学校要对照标准逐项自查\t各学校\n"


@pytest.mark.parametrize("cells", [("", "组织督导", "督导室"), ("2", "组织督导", ""), ("", "", "")])
def test_a_new_row_at_the_top_of_a_page_is_no_rest(cells: tuple[str, str, str]) -> None:
    row = (Cell("1", 0), Cell("各学校要对照标准", 1), Cell("各学校", 2))
    first = Grid((row,), 150, 560, (50, 80, 200, 350))
    second = Grid((tuple(Cell(text, at) for at, text in enumerate(cells)),), 60, 200, (50, 80, 200, 350))
    found = laid(page(grids=[first]), page(number=2, grids=[second]))
    assert found.text == "1\t各学校要对照标准\t各学校\n" + "\t".join(cells) + "\n"


def test_more_text_than_the_limit_is_refused() -> None:
    layout = Layout()
    with pytest.raises(TooLargeError):
        layout.add(Sheet(1, 10, 10, [Glyph("字" * 6_000_000, 0, 1, 1, 1)]))
