from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from luoshi.cli.terminal import TableColumn, draw, pad, text_width, visible, wrap

TEXT = st.text(alphabet=st.sampled_from("县教育局，。（）“”2026-05 abc\n…安全检查①"), max_size=80)


@pytest.mark.parametrize(
    ("text", "width"), [("", 0), ("abc", 3), ("教育", 4), ("（一）", 6), ("e\u0301", 1), ("\u200b", 0), ("2026年", 6)]
)
def test_width_counts_chinese_twice_and_marks_not_at_all(text: str, width: int) -> None:
    assert text_width(text) == width


@pytest.mark.parametrize(
    ("text", "width", "lines"),
    [
        ("", 10, [""]),
        ("开展检查", 4, ["开展", "检查"]),
        ("开展检查。好", 8, ["开展检", "查。好"]),
        ("校舍（一处）好", 6, ["校舍", "（一", "处）好"]),
        ("plain words here", 11, ["plain words", "here"]),
        ("一\n二", 10, ["一", "二"]),
        ("2026-06-30", 4, ["2026", "-06-", "30"]),
    ],
)
def test_lines_break_where_a_reader_expects(text: str, width: int, lines: list[str]) -> None:
    assert wrap(text, width) == lines


@given(TEXT, st.integers(min_value=2, max_value=40))
@settings(max_examples=150)
def test_wrapping_loses_nothing_but_blanks_and_keeps_the_width(text: str, width: int) -> None:
    lines = wrap(text, width)
    assert "".join(lines).replace(" ", "") == text.replace("\n", "").replace(" ", "")
    assert [line for line in lines if text_width(line) > width] == []


def test_control_characters_become_visible_and_offsets_stay() -> None:
    text = "a\x1b[31mb\tc\nd\x07\x9b"
    assert visible(text) == "a␛[31mb\tc\nd␇\ufffd"
    assert len(visible(text)) == len(text)


def test_padding_fills_columns_not_characters() -> None:
    assert pad("教育", 6) == "教育  "
    assert pad("教育", 2) == "教育"


def test_drawn_table_lines_its_columns_up() -> None:
    columns = [TableColumn("序号", ["1", "2"], 4), TableColumn("任务", ["检查", "修订办法"], 4)]
    assert list(draw(columns, 40)) == ["序号  任务", "─" * 14, "1     检查", "", "2     修订办法"]


def test_narrow_terminal_drops_what_stands_last() -> None:
    columns = [
        TableColumn("甲", ["一" * 20], 10),
        TableColumn("乙", ["二" * 20], 10),
        TableColumn("丙", ["三" * 20], 10),
    ]
    assert "乙" in next(draw(columns, 24))
    assert "丙" not in next(draw(columns, 24))


@given(
    st.lists(st.lists(TEXT, min_size=3, max_size=3), min_size=1, max_size=4), st.integers(min_value=40, max_value=120)
)
@settings(max_examples=60)
def test_no_line_of_a_table_is_wider_than_the_terminal(rows: list[list[str]], width: int) -> None:
    columns = [TableColumn(f"列{index}", [row[index] for row in rows], 8) for index in range(3)]
    assert [line for line in draw(columns, width) if text_width(line) > width] == []
