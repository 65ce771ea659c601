"""Pdf made by hand and by LibreOffice: the exact text, and the right error for what is broken."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from luoshi.reading.errors import (
    DamagedError,
    EmptyFileError,
    LockedError,
    MissingHelperError,
    ReadError,
    TooLargeError,
)
from luoshi.reading.extract import Extract, Role
from luoshi.reading.formats import pdf_layout, picture
from luoshi.reading.formats.pdf import read
from luoshi.reading.formats.pdf_layout import unfold_radical
from reading.page_files import Words, columns_of, locked_pdf, office_pdf, pdf_of, pdf_of_picture

TASK = "为进一步规范课后服务，各中小学校要在2025年9月底前完成方案制定，报青禾县教育局基础教育科备案，并通过office系统（网址www.example.cn）逐月填报开展情况，确保覆盖率达到100%。"
SMALL = pdf_of([[Words("Plan of work", 72, 90), Words("各学校要在月底前完成", 72, 120)]])


def texts(extract: Extract, role: Role = Role.PARAGRAPH) -> list[str]:
    return [extract.text[block.start : block.end] for block in extract.blocks if block.role is role]


def test_chinese_and_latin_text_is_read_exactly() -> None:
    found = read(SMALL, "a.pdf")
    assert (found.text, found.format) == ("Plan of work\n各学校要在月底前完成\n", "pdf")


def test_blocks_know_their_page() -> None:
    found = read(pdf_of([[Words("one", 72, 90)], [], [Words("three", 72, 90)]]), "a.pdf")
    assert [block.page for block in found.blocks] == [1, 3]


def test_characters_drawn_out_of_order_are_read_in_order() -> None:
    found = read(pdf_of([[Words("”工作要求", 152, 90), Words("根据“双减", 72, 90)]]), "a.pdf")
    assert found.text == "根据“双减”工作要求\n"


@pytest.mark.parametrize("turn", [90, 180, 270])
def test_a_turned_page_is_read_upright(turn: int) -> None:
    second = {90: (330, 600), 180: (400, 430), 270: (270, 300)}[turn]
    first = {90: (300, 600), 180: (400, 460), 270: (300, 300)}[turn]
    words = [Words("第一行，各学校。", *first, 16, turn), Words("第二行，各单位。", *second, 16, turn)]
    assert read(pdf_of([words], rotate=turn), "a.pdf").text == "第一行，各学校。\n第二行，各单位。\n"


def test_a_slanted_watermark_is_left_out() -> None:
    found = read(pdf_of([[Words("内部资料", 200, 500, 60, 45), Words("各学校要认真落实", 72, 90)]]), "a.pdf")
    assert found.text == "各学校要认真落实\n"


def test_two_columns_are_read_left_then_right() -> None:
    left = [
        "为办好家门口的每一所学校，青禾县",
        "教育局决定实施薄弱学校改造提升行动",
        "，各学校要对照标准逐项自查，列出问",
        "题清单，明确整改时限。",
    ]
    right = [
        "县教育局将组织专项督导，每月通报一",
        "次进展情况，对工作不力的学校予以约",
        "谈，对按期完成任务的学校予以表扬，",
        "并在下年度经费安排中适当倾斜。",
    ]
    words = [*columns_of(left, 72), *columns_of(right, 310, top=104)]
    assert texts(read(pdf_of([words]), "a.pdf")) == ["".join(left), "".join(right)]


def test_a_larger_size_gives_the_level_of_a_heading() -> None:
    words = [Words("实施方案", 230, 90, 22), *columns_of([TASK[:28], TASK[28:50]], 72, top=140, size=16, pitch=28)]
    assert [block.level for block in read(pdf_of([words]), "a.pdf").blocks] == [1, None]


def test_properties_are_read_with_iso_dates() -> None:
    found = read(
        pdf_of([[Words("text", 72, 90)]], info="/Title (Plan) /Author (Wang) /CreationDate (D:20250301093000+08'00')"),
        "a",
    )
    assert found.properties == {"title": "Plan", "author": "Wang", "created": "2025-03-01T09:30:00+08:00"}


def test_a_date_that_is_none_is_left_out() -> None:
    assert read(pdf_of([[Words("text", 72, 90)]], info="/CreationDate (D:20251399)"), "a").properties == {}


def test_radicals_become_characters_and_are_counted() -> None:
    found = read(pdf_of([[Words("⼀、⻓期任务", 72, 90)]]), "a.pdf")
    assert found.text == "一、长期任务\n"
    assert [(repair.name, repair.count) for repair in found.repairs] == [("radicals", 2)]


@pytest.mark.parametrize("character", ["一", "长", "\uff41", "①", "A"])
def test_what_is_no_radical_stays(character: str) -> None:
    assert unfold_radical(character) == character


def test_a_printed_document_is_read_exactly(tmp_path: Path) -> None:
    paragraphs = ["一、提高认识", TASK, "（一）" + TASK[:40] + "。", TASK * 3, "二、抓好落实", *[TASK] * 6]
    found = read(
        office_pdf(
            tmp_path, "关于印发《青禾县中小学校课后服务管理办法（试行）》的通知", paragraphs, header="青禾县教育局"
        ),
        "a.pdf",
    )
    assert texts(found) == ["关于印发《青禾县中小学校课后服务管理办法（试行）》的通知", *paragraphs]
    assert texts(found, Role.HEADER) == ["青禾县教育局"]


def test_a_paragraph_over_a_page_break_is_one_and_footers_follow() -> None:
    line = "各学校要对照标准逐项自查列出问题清单明确整改时限和责任"
    first = columns_of([line] * 3, 72, top=700, size=16, pitch=28)
    second = columns_of([line, "人员。"], 72, top=110, size=16, pitch=28)
    pages = [[*first, Words("- 1 -", 290, 800, 14)], [*second, Words("- 2 -", 290, 800, 14)]]
    found = read(pdf_of(pages), "a.pdf")
    assert (texts(found), texts(found, Role.FOOTER)) == ([line * 4 + "人员。"], ["- 1 -"])


def test_many_pages_are_read() -> None:
    found = read(pdf_of([[Words(f"Text number {at}.", 72, 300)] for at in range(400)]), "a.pdf")
    assert [block.page for block in found.blocks] == list(range(1, 401))


@pytest.mark.parametrize("data", [b"%PDF-1.7\n", b"hello", SMALL[:200], b"\0" * 1000])
def test_what_is_no_pdf_is_damaged(data: bytes) -> None:
    with pytest.raises(DamagedError):
        read(data, "a.pdf")


def test_an_empty_file_is_empty() -> None:
    with pytest.raises(EmptyFileError):
        read(b"", "a.pdf")


def test_a_pdf_without_a_character_is_empty() -> None:
    with pytest.raises(EmptyFileError):
        read(pdf_of([[], []]), "a.pdf")


def test_a_pdf_with_a_password_is_locked() -> None:
    with pytest.raises(LockedError):
        read(locked_pdf(), "a.pdf")


def test_a_page_with_too_many_characters_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf_layout, "MAX_PAGE_CHARACTERS", 10)
    with pytest.raises(TooLargeError):
        read(SMALL, "a.pdf")


def test_more_pages_than_the_limit_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("luoshi.reading.formats.pdf.MAX_PAGES", 2)
    with pytest.raises(TooLargeError):
        read(pdf_of([[]] * 3), "a.pdf")


def test_a_script_on_opening_is_not_run() -> None:
    entries = "/AA << /O << /S /JavaScript /JS (this.getField\\('x'\\).value = 'run') >> >>"
    assert read(pdf_of([[Words("text", 72, 90)]], entries=entries), "a.pdf").text == "text\n"


def test_a_scan_without_recognition_names_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(picture, "is_installed", lambda: False)
    with pytest.raises(MissingHelperError, match=r"luoshi\[ocr\]"):
        read(pdf_of_picture(b"\xff" * 100, 10, 10), "a.pdf")


def test_single_scanned_pages_without_recognition_are_named_in_a_warning(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(picture, "is_installed", lambda: False)
    text = [Words("A page of plain text.", 72, 90)]
    found = read(pdf_of_picture(b"\xff" * 100, 10, 10, with_text=text), "a.pdf")
    assert (found.text, len(found.warnings)) == ("A page of plain text.\n", 1)
    assert found.warnings[0].zh.startswith("第1页是图片")


@settings(max_examples=60, deadline=None)
@given(st.integers(0, len(SMALL)))
def test_any_truncation_is_read_or_refused(end: int) -> None:
    with suppress(ReadError):
        read(SMALL[:end], "a.pdf")


@settings(max_examples=80, deadline=None)
@given(st.integers(0, len(SMALL) - 1), st.integers(1, 255))
def test_any_changed_byte_is_read_or_refused(at: int, flip: int) -> None:
    data = bytearray(SMALL)
    data[at] ^= flip
    with suppress(ReadError):
        read(bytes(data), "a.pdf")
