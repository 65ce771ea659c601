"""Ofd made by hand: the exact text of pages and templates, and the right error for what is broken."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from luoshi.reading.errors import DamagedError, EmptyFileError, ReadError, TooLargeError
from luoshi.reading.extract import Extract, Role
from luoshi.reading.formats.ofd import read
from reading.page_files import OFD, ofd_of, ofd_text, zip_of

LINE = "各学校要对照标准逐项自查列出问题清单明确整改时限和责任人员"
SMALL = ofd_of([ofd_text("各学校要在月底前完成", 30, 50)])


def texts(extract: Extract, role: Role = Role.PARAGRAPH) -> list[str]:
    return [extract.text[block.start : block.end] for block in extract.blocks if block.role is role]


def test_one_line_is_read_exactly() -> None:
    found = read(SMALL, "a.ofd")
    assert (found.text, found.format) == ("各学校要在月底前完成\n", "ofd")


def test_a_paragraph_over_two_pages_is_one_and_the_template_stands_once() -> None:
    first = ofd_text("　　" + LINE[:25], 30, 240) + ofd_text(LINE[:27], 30, 250) + ofd_text("— 1 —", 100, 285, size=4)
    second = ofd_text(LINE[27:] + "。", 30, 50) + ofd_text("— 2 —", 100, 285, size=4)
    found = read(ofd_of([first, second], template=ofd_text("青禾县教育局", 30, 20)), "a.ofd")
    assert texts(found) == [LINE[:25] + LINE[:27] + LINE[27:] + "。"]
    assert (texts(found, Role.HEADER), texts(found, Role.FOOTER)) == (["青禾县教育局"], ["— 1 —"])


def test_blocks_know_their_page() -> None:
    found = read(ofd_of([ofd_text("甲", 30, 50), "", ofd_text("乙", 30, 50)]), "a.ofd")
    assert [block.page for block in found.blocks] == [1, 3]


@pytest.mark.parametrize("deltas", ["g 3 5.6", "5.6 5.6 5.6", "5.6 g 2 5.6", "5.6"])
def test_steps_between_characters_may_be_written_in_runs(deltas: str) -> None:
    assert read(ofd_of([ofd_text("落实责任", 30, 50, deltas=deltas)]), "a.ofd").text == "落实责任\n"


def test_a_spread_title_is_read_closed() -> None:
    assert read(ofd_of([ofd_text("青禾县教育局", 30, 50, deltas="g 5 14")]), "a.ofd").text == "青禾县教育局\n"


def test_latin_words_keep_their_spaces_and_no_others() -> None:
    text = "WiM office"
    steps = "9 2.2 8.5 2 5 3 3 2.2 4.5"
    assert read(ofd_of([ofd_text(text, 30, 50, size=9, deltas=steps)]), "a.ofd").text == text + "\n"


def test_objects_are_read_where_they_stand_not_as_they_come() -> None:
    page = ofd_text("第二行。", 30, 80) + ofd_text("行。", 41.2, 50) + ofd_text("第一", 30, 50)
    assert read(ofd_of([page]), "a.ofd").text == "第一行。\n第二行。\n"


def test_a_transformation_scales_place_and_size() -> None:
    scaled = ofd_text(
        "落实", 30, 50, size=56, more='CTM="0.1 0 0 0.1 0 0"'
    )  # drawn ten times too large: base at -6 + 5.6
    assert read(ofd_of([scaled + ofd_text("责任", 41.2, -0.4)]), "a.ofd").text == "落实责任\n"


def test_slanted_and_hidden_text_is_left_out() -> None:
    watermark = ofd_text("内部资料", 30, 150, more='CTM="0.7 0.7 -0.7 0.7 0 0"')
    hidden = ofd_text("隐藏", 30, 200, more='Visible="false"')
    assert read(ofd_of([ofd_text("落实责任", 30, 50) + watermark + hidden]), "a.ofd").text == "落实责任\n"


def test_text_that_is_only_drawn_is_left_out_with_a_warning() -> None:
    drawn = (
        '<ofd:TextObject ID="31" Boundary="30 60 50 6" Size="5"><ofd:CGTransform CodePosition="0"/></ofd:TextObject>'
    )
    found = read(ofd_of([ofd_text("落实责任", 30, 50) + drawn + ofd_text("\ue001\ue002", 30, 90)]), "a.ofd")
    assert (found.text, len(found.warnings)) == ("落实责任\n", 1)


def test_properties_are_read() -> None:
    info = "<ofd:Title>工作方案</ofd:Title><ofd:Author>王明</ofd:Author><ofd:CreationDate>2025-03-01</ofd:CreationDate>"
    found = read(ofd_of([ofd_text("落实", 30, 50)], info=info), "a.ofd")
    assert found.properties == {"title": "工作方案", "author": "王明", "created": "2025-03-01"}


def test_several_documents_follow_one_another() -> None:
    bodies = "".join(f"<ofd:DocBody><ofd:DocRoot>/D{at}/Document.xml</ofd:DocRoot></ofd:DocBody>" for at in (0, 1))
    parts = {"OFD.xml": f"<ofd:OFD {OFD}>{bodies}</ofd:OFD>"}
    for at, text in enumerate(["第一份。", "第二份。"]):
        parts[f"D{at}/Document.xml"] = (
            f'<ofd:Document {OFD}><ofd:Pages><ofd:Page ID="1" BaseLoc="P.xml"/></ofd:Pages></ofd:Document>'
        )
        parts[f"D{at}/P.xml"] = (
            f"<ofd:Page {OFD}><ofd:Content><ofd:Layer>{ofd_text(text, 30, 50)}</ofd:Layer></ofd:Content></ofd:Page>"
        )
    assert read(zip_of(parts), "a.ofd").text == "第一份。\n第二份。\n"


def test_a_missing_page_is_left_out_with_a_warning() -> None:
    data = ofd_of([ofd_text("甲", 30, 50), ofd_text("乙", 30, 50)], without=["Doc_0/Pages/Page_0/Content.xml"])
    found = read(data, "a.ofd")
    assert (found.text, len(found.warnings)) == ("乙\n", 1)


@pytest.mark.parametrize("part", ["OFD.xml", "Doc_0/Document.xml", "Doc_0/Pages/Page_0/Content.xml"])
def test_a_file_without_a_needed_part_is_damaged(part: str) -> None:
    with pytest.raises(DamagedError):
        read(ofd_of([ofd_text("甲", 30, 50)], without=[part]), "a.ofd")


@pytest.mark.parametrize("steps", ["g", "g x y", "nan inf", "g 999999999 5", "1e308 1e308", "g -5 3"])
def test_senseless_numbers_do_no_harm(steps: str) -> None:
    assert set(read(ofd_of([ofd_text("落实责任", 30, 50, deltas=steps)]), "a.ofd").text.strip()) <= set("落实责任 \t")


def test_a_page_without_a_character_is_empty() -> None:
    with pytest.raises(EmptyFileError):
        read(ofd_of([""]), "a.ofd")


def test_an_empty_file_is_empty() -> None:
    with pytest.raises(EmptyFileError):
        read(b"", "a.ofd")


def test_what_is_no_zip_is_damaged() -> None:
    with pytest.raises(DamagedError):
        read(b"%PDF-1.7", "a.ofd")


def test_more_pages_than_the_limit_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("luoshi.reading.formats.ofd.MAX_PAGES", 1)
    with pytest.raises(TooLargeError):
        read(ofd_of([ofd_text("甲", 30, 50)] * 2), "a.ofd")


def test_a_page_outside_the_archive_is_not_looked_for() -> None:
    parts = {
        "OFD.xml": f"<ofd:OFD {OFD}><ofd:DocBody><ofd:DocRoot>D.xml</ofd:DocRoot></ofd:DocBody></ofd:OFD>",
        "D.xml": f'<ofd:Document {OFD}><ofd:Pages><ofd:Page ID="1" BaseLoc="../../etc/passwd"/></ofd:Pages></ofd:Document>',
    }
    with pytest.raises(DamagedError):
        read(zip_of(parts), "a.ofd")


@settings(max_examples=60, deadline=None)
@given(st.integers(0, len(SMALL)))
def test_any_truncation_is_read_or_refused(end: int) -> None:
    with suppress(ReadError):
        read(SMALL[:end], "a.ofd")


@settings(max_examples=60, deadline=None)
@given(st.integers(0, len(SMALL) - 1), st.integers(1, 255))
def test_any_changed_byte_is_read_or_refused(at: int, flip: int) -> None:
    data = bytearray(SMALL)
    data[at] ^= flip
    with suppress(ReadError):
        read(bytes(data), "a.ofd")
