from __future__ import annotations

import time
from pathlib import Path

import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from luoshi.drafting.directory import Directory, DirectoryError, Unit
from luoshi.reading.errors import DamagedError, EmptyFileError, ReadError

ROWS = """编码,名称,简称,上级,职责
01,青禾县教育局,,,
0101,办公室,局办、党政办,01,文电会务
0102,基础教育科,基教科,01,
0103,青禾县教育局学前教育科,学前科,01,
0104,青禾县财政局,,,
0105,市场监督管理局,市监局,,
0106,青禾县第一中学,县一中|一中,01,
0107,云岭镇中心学校,中心校,01,
0108,白石镇中心学校,中心校,01,
0109,社区教育科,,01,
"""


@pytest.fixture(scope="module")
def directory() -> Directory:
    return Directory.load(ROWS.encode())


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("青禾县教育局", "01"),
        ("县教育局", "01"),
        ("教育局", "01"),
        ("局办", "0101"),
        ("局办公室", "0101"),
        ("县教育局办公室", "0101"),
        ("党政办公室", "0101"),
        ("基教科", "0102"),
        ("市教育局基础教育科", "0102"),
        ("青禾县教育局基教科", "0102"),
        ("学前教育科", "0103"),
        ("县财政局", "0104"),
        ("财 政 局", "0104"),
        ("市场监管局", "0105"),
        ("县市场监督管理局", "0105"),
        ("县一中", "0106"),
        ("云岭镇中心学校", "0107"),
    ],
)
def test_name_is_matched_to_its_unit(directory: Directory, name: str, code: str) -> None:
    assert directory.match(name) == code


@pytest.mark.parametrize("name", ["市教育局", "中心校", "教育科", "县纪委", "科", "各学校", "", "省财政厅", "二中"])
def test_name_that_fits_none_or_several_is_matched_to_none(directory: Directory, name: str) -> None:
    assert directory.match(name) is None


def test_known_units_are_found_in_a_sentence_the_longest_name_first(directory: Directory) -> None:
    text = "由基教科牵头，财政局、第一中学配合，中心校参与，县一中试点。"

    assert [(text[start:end], code) for start, end, code in directory.find(text)] == [
        ("基教科", "0102"),
        ("财政局", "0104"),
        ("第一中学", "0106"),
        ("县一中", "0106"),
    ]


def test_unit_behind_its_authority_is_one_find(directory: Directory) -> None:
    assert directory.find("县教育局基教科负责") == [(0, 7, "0102")]


def test_unit_that_no_grammar_knows_is_found() -> None:
    assert Directory([Unit("7", "青禾驿")]).find("请青禾驿办理") == [(1, 4, "7")]


def test_sentence_without_a_known_unit_gives_nothing(directory: Directory) -> None:
    assert directory.find("各学校要建立台账。") == []


def test_empty_directory_matches_nothing() -> None:
    assert Directory([]).match("教育局") is None
    assert Directory([]).find("教育局") == []


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_csv_in_any_encoding_is_read(encoding: str) -> None:
    assert Directory.load(ROWS.encode(encoding)).units == Directory.load(ROWS.encode()).units


def test_english_heads_and_other_delimiters_are_read() -> None:
    directory = Directory.load("Code;Name;Short Name;Parent;Duties\nA;教研室;研室;B;教学研究\n".encode())

    assert directory.units == (Unit("A", "教研室", ("研室",), "B", "教学研究"),)


def test_head_may_stand_below_a_title_row() -> None:
    assert Directory.load("单位名录,\n编码,名称\n1,教研室\n".encode()).units == (Unit("1", "教研室"),)


def test_directory_without_codes_uses_the_names() -> None:
    assert Directory.load("名称\n教研室\n".encode()).match("教研室") == "教研室"


def test_workbook_is_read(tmp_path: Path) -> None:
    path = tmp_path / "units.xlsx"
    book = xlsxwriter.Workbook(str(path))
    sheet = book.add_worksheet()
    for number, row in enumerate([["编码", "名称", "简称"], [101, "教研室", "研室"], ["102", "人事科", ""]]):
        sheet.write_row(number, 0, row)
    book.close()

    assert Directory.load(path).units == (Unit("101", "教研室", ("研室",)), Unit("102", "人事科"))


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ("编码,名称\n1,教研室\n1,人事科\n", "单位名录第3行：编码 1 与第2行重复，请改成不同的编码。"),
        ("编码,名称\n,教研室\n", "单位名录第2行：“教研室”没有编码，请补上。"),
        ("编码,名称\n1,\n", "单位名录第2行：没有名称，请补上或删去这一行。"),
        ("编码,名称\n1," + "教" * 200 + "\n", "单位名录第2行：名称超过80字，请写单位全称。"),
        ("1,教研室\n2,人事科\n", "单位名录缺少表头，请在第一行写明“编码”“名称”（或 code、name）。"),
    ],
)
def test_fault_names_the_row_and_what_to_do(rows: str, words: str) -> None:
    with pytest.raises(DirectoryError) as caught:
        Directory.load(rows.encode())

    assert caught.value.words.zh == words


@pytest.mark.parametrize("data", [b"", b" \n ", b"\n\n"])
def test_empty_file_is_refused(data: bytes) -> None:
    with pytest.raises(EmptyFileError):
        Directory.load(data)


@pytest.mark.parametrize("data", [b"PK\x03\x04broken", b"\xd0\xcf\x11\xe0broken"])
def test_damaged_workbook_is_refused(data: bytes) -> None:
    with pytest.raises(DamagedError):
        Directory.load(data)


def test_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DamagedError):
        Directory.load(tmp_path / "none.csv")


def test_reason_names_the_unit(directory: Directory) -> None:
    assert directory.why("0102").zh == "与单位名录中的“基础教育科”相符。"


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    try:
        units = Directory.load(data).units
    except ReadError:
        return
    assert all(unit.name for unit in units)


def test_large_directory_is_found_in_quickly() -> None:
    directory = Directory([Unit(str(number), f"青禾县第{number}小学") for number in range(5000)])
    text = "请青禾县第4711小学和青禾县第47小学办理。" * 50
    directory.find("")
    started = time.process_time()

    found = directory.find(text)

    assert len(found) == 100
    assert time.process_time() - started < 1
