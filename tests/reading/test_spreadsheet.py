"""Workbooks and comma-separated tables: values as a reader expects them, rows as rows, limits before memory."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Callable
from typing import Any

import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from luoshi.reading.errors import DamagedError, LockedError, ReadError, TooLargeError
from luoshi.reading.extract import Extract, Place, Role
from luoshi.reading.formats import spreadsheet, spreadsheet_size
from luoshi.reading.formats.spreadsheet import read, read_csv
from reading.office_files import by_office, zipped

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ROWS: list[list[Any]] = [["序号", "事项", "责任单位", "完成时限"], [1, "校园安全检查", "教育局", dt.date(2026, 6, 30)]]


def workbook(write: Callable[[Any], None]) -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"default_date_format": "yyyy-mm-dd hh:mm"}) as book:
        write(book)
    return out.getvalue()


def sheet(rows: list[list[Any]], name: str = "任务", top: int = 0, left: int = 0) -> bytes:
    def write(book: Any) -> None:
        page = book.add_worksheet(name)
        for number, row in enumerate(rows):
            page.write_row(top + number, left, row)

    return workbook(write)


def cells(result: Extract) -> dict[str, Place | None]:
    return {result.text[b.start : b.end]: b.place for b in result.blocks if b.role is Role.CELL}


def sheet_xml(rows: str) -> bytes:
    """Return a workbook whose one sheet holds these rows, as no program would write them."""
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    related = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006"
    types = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{package}/content-types"><Default Extension="xml" ContentType="a/b"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{types}.sheet.main+xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{package}/relationships"><Relationship Id="r1" '
        f'Type="{related}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{main}" xmlns:r="{related}"><sheets>'
        '<sheet name="甲" sheetId="1" r:id="r1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{package}/relationships"><Relationship Id="r1" '
        f'Type="{related}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{main}"><sheetData>{rows}</sheetData></worksheet>',
    }
    return zipped({name: text.encode() for name, text in parts.items()})


def ods(rows: str) -> bytes:
    spaces = "urn:oasis:names:tc:opendocument:xmlns:"
    content = (
        f'<office:document-content xmlns:office="{spaces}office:1.0" xmlns:table="{spaces}table:1.0" '
        f'xmlns:text="{spaces}text:1.0"><office:body><office:spreadsheet><table:table table:name="甲">{rows}'
        "</table:table></office:spreadsheet></office:body></office:document-content>"
    )
    manifest = '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>'
    kind = b"application/vnd.oasis.opendocument.spreadsheet"
    return zipped({"mimetype": kind, "content.xml": content.encode(), "META-INF/manifest.xml": manifest.encode()})


def test_a_sheet_is_a_table() -> None:
    result = read(sheet(ROWS), "台账.xlsx")
    assert result.text == "序号\t事项\t责任单位\t完成时限\n1\t校园安全检查\t教育局\t2026-06-30\n"
    assert cells(result)["教育局"] == Place(0, 1, 2)
    assert (result.format, result.warnings) == ("xlsx", ())


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (3, "3"),
        (3.0, "3"),
        (0.1 + 0.2, "0.3"),
        (-2.5, "-2.5"),
        (123456789012, "123456789012"),
        (True, "TRUE"),
        ("甲\n乙", "甲\n乙"),
        ("  甲\t乙 ", "甲 乙"),
        (dt.datetime(2026, 6, 30), "2026-06-30"),  # noqa: DTZ001 — cells know no zone
        (dt.datetime(2026, 6, 30, 9, 30), "2026-06-30 09:30"),  # noqa: DTZ001 — cells know no zone
    ],
)
def test_a_value_is_written_as_expected(value: object, text: str) -> None:
    result = read(sheet([[value]]), "a.xlsx")
    assert [result.text[b.start : b.end] for b in result.blocks] == [text]


def test_several_sheets_have_their_names_as_headings() -> None:
    def write(book: Any) -> None:
        book.add_worksheet("教育").write(0, 0, "甲")
        book.add_worksheet("空")
        book.add_worksheet("体育").write(0, 0, "乙")

    result = read(workbook(write), "a.xlsx")
    assert result.text == "教育\n甲\n体育\n乙\n"
    assert [block.level for block in result.blocks] == [1, None, 1, None]
    assert cells(result) == {"甲": Place(0, 0, 0), "乙": Place(1, 0, 0)}


def test_a_hidden_sheet_is_left_out_with_a_warning() -> None:
    def write(book: Any) -> None:
        book.add_worksheet("教育").write(0, 0, "甲")
        hidden = book.add_worksheet("选项")
        hidden.write(0, 0, "是")
        hidden.hide()

    result = read(workbook(write), "a.xlsx")
    assert (result.text, len(result.warnings)) == ("甲\n", 1)


def test_merged_cells_are_spans_at_their_first_place() -> None:
    def write(book: Any) -> None:
        page = book.add_worksheet("任务")
        page.merge_range(2, 1, 2, 3, "工作台账")
        page.merge_range(3, 1, 4, 1, "安全")
        page.write_row(3, 2, ["检查", "甲校"])
        page.write_row(4, 2, ["整改", "乙校"])

    result = read(workbook(write), "a.xlsx")
    assert cells(result) == {
        "工作台账": Place(0, 0, 0, 1, 3),
        "安全": Place(0, 1, 0, 2, 1),
        "检查": Place(0, 1, 1),
        "甲校": Place(0, 1, 2),
        "整改": Place(0, 2, 1),
        "乙校": Place(0, 2, 2),
    }


def test_empty_rows_and_columns_at_the_end_are_dropped_and_those_between_stay() -> None:
    assert read(sheet([["甲", "", " "], ["", "", ""], ["乙", "丙", ""], [" "]]), "a.xlsx").text == "甲\t\n\t\n乙\t丙\n"


def test_a_table_may_begin_anywhere() -> None:
    assert cells(read(sheet([["甲"]], top=9, left=5), "a.xlsx")) == {"甲": Place(0, 0, 0)}


def test_an_empty_workbook_has_no_text() -> None:
    assert read(sheet([]), "a.xlsx").text == ""


@pytest.mark.parametrize("kind", ["xls", "ods"])
def test_other_workbooks_read_like_xlsx(kind: str) -> None:
    result = read(by_office(SMALL, ".xlsx", kind), f"a.{kind}")
    assert (result.text, result.format) == (read(SMALL, "a.xlsx").text, kind)


def test_a_workbook_with_a_password_is_locked() -> None:
    with pytest.raises(LockedError):
        read(OLE + bytes(504) + "EncryptedPackage".encode("utf-16-le") + bytes(512), "a.xlsx")


@pytest.mark.parametrize(
    "data", [b"PK\x03\x04", OLE + bytes(3000), sheet(ROWS)[:-50], zipped({"a.txt": b"x"}), sheet_xml("<row>")[:900]]
)
def test_what_is_no_workbook_is_damaged(data: bytes) -> None:
    with pytest.raises(DamagedError):
        read(data, "a.xlsx")


CORNERS = '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
PUSHED = '<row><c r="XFD1"><v>1</v></c></row>' + "<row><c><v>1</v></c></row>" * 200


@pytest.mark.parametrize(
    "rows", [CORNERS, PUSHED, '<row r="999999999999999999999999"><c><v>1</v></c></row>' * 3 + PUSHED]
)
def test_a_sheet_that_would_fill_the_memory_is_too_large(rows: str) -> None:
    with pytest.raises(TooLargeError):
        read(sheet_xml(rows), "a.xlsx")


def test_cells_without_a_place_stand_one_after_another() -> None:
    assert (
        read(sheet_xml("<row><c><v>1</v></c><c><v>2</v></c></row><row><c><v>3</v></c></row>"), "a.xlsx").text
        == "1\t2\n3\t\n"
    )


FILLED = '<table:table-cell office:value-type="string" {}><text:p>甲</text:p></table:table-cell>'
ROW = "<table:table-row {}>{}</table:table-row>"


@pytest.mark.parametrize(
    "rows",
    [
        ROW.format('table:number-rows-repeated="1000000000"', FILLED.format("") * 3),
        ROW.format("", FILLED.format('table:number-columns-repeated="1000000000"')),
        ROW.format("", FILLED.format("")) * 9
        + ROW.format('table:number-rows-repeated="999999"', "<table:table-cell/>")
        + ROW.format("", FILLED.format("") * 3),
    ],
)
def test_repeated_cells_that_would_fill_the_memory_are_too_large(rows: str) -> None:
    with pytest.raises(TooLargeError):
        read(ods(rows), "a.ods")


def test_repeated_empty_cells_at_the_end_are_no_cells() -> None:
    rest = '<table:table-cell table:number-columns-repeated="16383"/>'
    rows = ROW.format("", FILLED.format("") + rest) + ROW.format('table:number-rows-repeated="1048575"', rest)
    assert read(ods(rows), "a.ods").text == "甲\n"


def test_one_long_text_in_many_cells_is_too_large() -> None:
    long = f'<c t="str"><v>{"甲" * 100_000}</v></c>'
    with pytest.raises(TooLargeError):
        read(sheet_xml(f"<row>{long * 60}</row>"), "a.xlsx")


def test_an_xls_whose_header_asks_for_absurd_memory_is_damaged() -> None:
    data = bytearray(by_office(SMALL, ".xlsx", "xls"))
    data[44:48] = b"\xff\xff\xff\x7f"  # how many sectors hold the table of sectors
    with pytest.raises(DamagedError):
        read(bytes(data[:3000]), "a.xls")


def test_too_many_cells_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spreadsheet_size, "MAX_CELLS", 7)
    with pytest.raises(TooLargeError):
        read(sheet(ROWS), "a.xlsx")


def test_an_xls_with_too_many_cells_is_too_large(monkeypatch: pytest.MonkeyPatch) -> None:
    data = by_office(SMALL, ".xlsx", "xls")
    monkeypatch.setattr(spreadsheet, "MAX_CELLS", 7)
    with pytest.raises(TooLargeError):
        read(data, "a.xls")


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_a_delimiter_is_found_by_equal_rows(delimiter: str) -> None:
    rows = [["序号", "事项", "单位"], ["1", "检查，整改", "甲校"], ["2", "培训", "乙校"]]
    result = read_csv("".join(delimiter.join(row) + "\r\n" for row in rows))
    assert result.text == "序号\t事项\t单位\n1\t检查，整改\t甲校\n2\t培训\t乙校\n"
    assert (result.format, cells(result)["乙校"]) == ("csv", Place(0, 2, 2))


def test_quoted_fields_may_hold_delimiters_and_lines() -> None:
    result = read_csv('事项,单位\n"检查,\n整改","""甲""校"\n')
    assert list(cells(result)) == ["事项", "单位", "检查,\n整改", '"甲"校']


def test_a_quotation_mark_that_is_never_closed_is_a_character() -> None:
    assert list(cells(read_csv('事项,单位\n"检查,甲校\n'))) == ["事项", "单位", '"检查', "甲校"]


def test_text_without_delimiter_is_one_column() -> None:
    assert cells(read_csv("检查\n整改\n")) == {"检查": Place(0, 0, 0), "整改": Place(0, 1, 0)}


@pytest.mark.parametrize("text", ["", "\n\n", ",,\n,,\n"])
def test_a_table_without_text_leaves_no_trace(text: str) -> None:
    assert read_csv(text).text == ""


def test_a_table_over_the_limit_is_too_large(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spreadsheet, "MAX_CELLS", 3)
    with pytest.raises(TooLargeError):
        read_csv("甲,乙\n丙,丁\n")


SMALL = sheet(ROWS)


@settings(max_examples=12, deadline=None)
@given(st.integers(0, len(SMALL) - 1))
def test_any_truncation_is_read_or_refused(length: int) -> None:
    read_or_refuse(SMALL[:length])


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(st.integers(0, len(SMALL) - 1), st.integers(0, 255)), min_size=1, max_size=4))
def test_any_byte_flip_is_read_or_refused(flips: list[tuple[int, int]]) -> None:
    data = bytearray(SMALL)
    for place, byte in flips:
        data[place] = byte
    read_or_refuse(bytes(data))


@settings(max_examples=150, deadline=None)
@given(st.text('甲乙,;\t\n\r" \0'))
def test_any_text_is_read_as_a_table(text: str) -> None:
    result = read_csv(text)
    assert all(result.text[b.start : b.end].strip() for b in result.blocks)


def read_or_refuse(data: bytes) -> None:
    try:
        result = read(data, "a.xlsx")
    except ReadError:
        return
    assert all(result.text[b.start : b.end].strip() for b in result.blocks)
