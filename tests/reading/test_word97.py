"""Word 97 files: read from their parts where that can be done, else through LibreOffice, else refused with a reason."""

from __future__ import annotations

import os
import signal
import struct
import sys
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from luoshi.reading.errors import DamagedError, LockedError, MissingHelperError, ReadError, TooLargeError
from luoshi.reading.extract import Builder, Extract, Place, Role
from luoshi.reading.formats import office, word97
from luoshi.reading.formats.word97 import read
from luoshi.reading.formats.word97_binary import Binary, OddFileError, Story
from luoshi.reading.formats.word97_ole import streams
from reading.office_files import (
    abstract,
    by_office,
    docx,
    field,
    level,
    num,
    p,
    paragraph_style,
    r,
    tbl,
    tc,
    textbox,
    zipped,
)

WIDE = '<w:tcW w:w="4000" w:type="dxa"/><w:gridSpan w:val="2"/>'
ONE = '<w:tcW w:w="2000" w:type="dxa"/>'
BODY = (
    p("青禾县校园安全工作方案", style="H1")
    + p("各学校要在6月底前完成自查，𠮷校除外。")
    + tbl(
        [tc("事项", ONE), tc("单位", ONE), tc("时限", ONE)],
        [tc(p("检查") + p("整改"), ONE), tc("", ONE), tc("6月底前", ONE + '<w:vMerge w:val="restart"/>')],
        [tc("总结", WIDE), tc("", ONE + "<w:vMerge/>")],
    ).replace("<w:tblGrid/>", "<w:tblGrid>" + '<w:gridCol w:w="2000"/>' * 3 + "</w:tblGrid>")
    + p(runs=r("见") + field("REF a", "附件1") + r("。"))
    + p(runs=r("联系人") + textbox(p("秘密")) + '<w:r><w:footnoteReference w:id="2"/></w:r>')
    + '<w:sectPr><w:headerReference w:type="default" r:id="header1"/></w:sectPr>'
)
DOCX = docx(
    BODY,
    styles=paragraph_style("H1", name="heading 1", props='<w:outlineLvl w:val="0"/>'),
    header1=p("青禾县教育局文件"),
    footnotes=f'<w:footnote w:id="0" w:type="separator">{p()}</w:footnote><w:footnote w:id="2">{p("见通知。")}</w:footnote>',
)
NUMBERED = docx(
    p("总体要求", num=(1, 0)) + p("工作任务", num=(1, 0)),
    numbering=abstract(0, level(0, "chineseCountingThousand", "%1、")) + num(1, 0),
)


def doc() -> bytes:
    return by_office(DOCX, ".docx", "doc")


def parts(data: bytes) -> tuple[bytes, tuple[bytes, bytes]]:
    """Return the streams of a doc as the reader takes them."""
    return streams(data, "WordDocument")[0], (
        (streams(data, "0Table") or [b""])[0],
        (streams(data, "1Table") or [b""])[0],
    )


def texts(result: Extract, role: Role) -> list[str]:
    return [result.text[b.start : b.end] for b in result.blocks if b.role is role]


@pytest.fixture
def no_office(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    monkeypatch.setattr(office, "_FOLDERS", ())


@pytest.fixture
def no_olefile(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "olefile", None)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of our own for temporary files, so that what is left behind shows."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


def test_a_doc_is_read_without_a_helper(no_office: None) -> None:
    result = read(doc_before(), "方案.doc")
    assert result.text.splitlines() == [
        "青禾县校园安全工作方案",
        "各学校要在6月底前完成自查，𠮷校除外。",
        "事项\t单位\t时限",
        "检查",
        "整改\t\t6月底前",
        "总结",
        "见附件1。",
        "联系人",
        "秘密",
        "见通知。",
        "青禾县教育局文件",
    ]
    assert (result.format, result.warnings) == ("doc", ())


def test_a_doc_has_its_roles_and_levels(no_office: None) -> None:
    result = read(doc_before(), "a.doc")
    assert [b.level for b in result.blocks if b.role is Role.PARAGRAPH] == [1, None, None, None]
    roles = {role: texts(result, role) for role in (Role.TEXTBOX, Role.FOOTNOTE, Role.HEADER)}
    assert roles == {Role.TEXTBOX: ["秘密"], Role.FOOTNOTE: ["见通知。"], Role.HEADER: ["青禾县教育局文件"]}


def test_a_docs_merged_cells_are_spans(no_office: None) -> None:
    result = read(doc_before(), "a.doc")
    assert {result.text[b.start : b.end]: b.place for b in result.blocks if b.place} == {
        "事项": Place(0, 0, 0),
        "单位": Place(0, 0, 1),
        "时限": Place(0, 0, 2),
        "检查\n整改": Place(0, 1, 0),
        "6月底前": Place(0, 1, 2, 2, 1),
        "总结": Place(0, 2, 0, 1, 2),
    }


def test_a_doc_reads_the_same_under_the_name_of_wps(no_office: None) -> None:
    assert read(doc_before(), "a.wps") == read(doc_before(), "a.doc")


def test_automatic_numbers_are_read_through_libreoffice() -> None:
    assert read(by_office(NUMBERED, ".docx", "doc"), "a.doc").text == "一、总体要求\n二、工作任务\n"


def test_automatic_numbers_without_libreoffice_are_warned_of(monkeypatch: pytest.MonkeyPatch) -> None:
    data = by_office(NUMBERED, ".docx", "doc")
    monkeypatch.setenv("PATH", "")
    monkeypatch.setattr(office, "_FOLDERS", ())
    result = read(data, "a.doc")
    assert (result.text, ["编号" in warning.zh for warning in result.warnings]) == ("总体要求\n工作任务\n", [True])


def test_without_olefile_libreoffice_reads(no_olefile: None, folder: Path) -> None:
    result = read(doc_before(), "a.doc")
    assert result.text.splitlines()[:2] == ["青禾县校园安全工作方案", "各学校要在6月底前完成自查，𠮷校除外。"]
    assert list(folder.iterdir()) == []


def test_without_olefile_and_libreoffice_the_helpers_are_named(no_office: None, no_olefile: None) -> None:
    with pytest.raises(MissingHelperError) as caught:
        read(doc_before(), "a.doc")
    assert all("LibreOffice" in words and "luoshi[office]" in words for words in caught.value.words)


SPACES = "urn:oasis:names:tc:opendocument:xmlns:"
OPEN = zipped(
    {
        "mimetype": b"application/vnd.oasis.opendocument.text",
        "content.xml": (
            f'<office:document-content xmlns:office="{SPACES}office:1.0" xmlns:text="{SPACES}text:1.0" '
            'office:version="1.2"><office:body><office:text><text:p>各学校自查。</text:p></office:text></office:body>'
            "</office:document-content>"
        ).encode(),
        "META-INF/manifest.xml": (
            f'<manifest:manifest xmlns:manifest="{SPACES}manifest:1.0" manifest:version="1.2">'
            '<manifest:file-entry manifest:full-path="/" manifest:media-type="application/vnd.oasis.opendocument.text"/>'
            '<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/></manifest:manifest>'
        ).encode(),
    }
)
RICH = rb"{\rtf1\ansi\ansicpg936\uc1 \u21508?\u23398?\u26657?\'d7\'d4\'b2\'e9\u12290?\par}"


@pytest.mark.parametrize(("data", "name"), [(RICH, "a.rtf"), (OPEN, "a.odt")])
def test_other_kinds_are_read_through_libreoffice(data: bytes, name: str) -> None:
    if office.find_office() is None:
        pytest.skip("LibreOffice is not installed")
    assert read(data, name).text == "各学校自查。\n"


def test_other_kinds_without_libreoffice_need_it(no_office: None) -> None:
    with pytest.raises(MissingHelperError):
        read(rb"{\rtf1 \u26657?}", "a.rtf")


def test_a_doc_with_a_password_is_locked() -> None:
    data = bytearray(doc())
    start = data.find(struct.pack("<H", 0xA5EC))
    data[start + 0x0B] |= 1
    with pytest.raises(LockedError):
        read(bytes(data), "a.doc")


@pytest.mark.parametrize(
    "data",
    [b"", bytes(100), struct.pack("<HH", 0xA5EC, 0x65) + bytes(600), struct.pack("<HH", 0xA5DC, 0xC1) + bytes(600)],
)
def test_an_older_or_other_kind_is_odd(data: bytes) -> None:
    with pytest.raises(OddFileError):
        Binary(data, (b"", b""))


def test_a_container_without_a_document_has_no_streams() -> None:
    assert streams(by_office(DOCX, ".docx", "doc"), "Workbook") == []


@pytest.mark.parametrize(
    "data", [b"", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(4000)]
)
def test_a_broken_container_has_no_streams(data: bytes) -> None:
    assert streams(data, "WordDocument") == []


def test_a_helper_that_takes_too_long_is_ended_with_its_children(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    note = folder / "child"
    fake(folder, f"sleep 300 & echo $! > {note}.new; mv {note}.new {note}; wait", monkeypatch)
    monkeypatch.setattr(office, "HELPER_SECONDS", 1)
    with pytest.raises(TooLargeError):
        office.convert(b"x", ".doc")
    assert not is_running(int(note.read_text()))
    assert sorted(path.name for path in folder.iterdir()) == ["child", "soffice"]


def test_a_helper_that_makes_nothing_is_damage(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fake(folder, "exit 1", monkeypatch)
    with pytest.raises(DamagedError):
        office.convert(b"x", ".doc")
    assert [path.name for path in folder.iterdir()] == ["soffice"]


def test_a_helper_that_makes_no_docx_is_damage(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fake(folder, 'mkdir out; echo "<html/>" > out/in.docx', monkeypatch)
    with pytest.raises(DamagedError):
        read(rb"{\rtf1 x}", "a.rtf")


def test_a_field_that_never_ends_swallows_nothing() -> None:
    binary = Binary(*parts(doc()))
    binary._text = binary._text.replace("\x15", "x", 1)
    assert "见" in [paragraph.text[:1] for paragraph in binary.paragraphs(Story.BODY)]


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.tuples(st.sampled_from(["header", "pieces", "anywhere"]), st.integers(0, 1 << 20), st.integers(0, 255)),
        min_size=1,
        max_size=5,
    )
)
def test_any_byte_flip_is_read_or_odd(flips: list[tuple[str, int, int]]) -> None:
    data = bytearray(doc())
    start = data.find(struct.pack("<H", 0xA5EC))
    for where, place, byte in flips:
        area = {
            "header": (start, 0x600),
            "pieces": (len(data) // 2, len(data) // 2),
            "anywhere": (512, len(data) - 512),
        }[where]
        data[area[0] + place % area[1]] = byte
    read_or_odd(bytes(data))


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 40_000))
def test_any_truncation_is_read_or_odd(length: int) -> None:
    read_or_odd(doc()[:length])


def read_or_odd(data: bytes) -> None:
    """Read as far as our own code goes: what is odd would be LibreOffice's to read."""
    try:
        binary = word97._binary(data)
        result = Builder("doc").done() if binary is None else word97._extract(binary)
    except ReadError:
        return
    assert all(result.text[b.start : b.end].strip() for b in result.blocks)


_DOC: list[bytes] = []


def doc_before() -> bytes:
    """Return the doc as made before a test hid LibreOffice."""
    if not _DOC:
        pytest.skip("LibreOffice (soffice) is not installed, so no real file of this kind can be made")
    return _DOC[0]


@pytest.fixture(scope="module", autouse=True)
def _made() -> None:
    if office.find_office():
        _DOC[:] = [doc()]


def fake(folder: Path, script: str, monkeypatch: pytest.MonkeyPatch) -> None:
    program = folder / "soffice"
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}{os.pathsep}{os.environ['PATH']}")


def is_running(pid: int) -> bool:
    """Tell whether a process runs; one that ended and that nobody took notice of does not."""
    try:
        os.kill(pid, signal.SIG_DFL)
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except (ProcessLookupError, FileNotFoundError):
        return False
    return state != "Z"
