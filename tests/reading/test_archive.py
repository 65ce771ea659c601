"""Zip archives and XML from strangers: what is fine is read, what is not is refused with the right error."""

from __future__ import annotations

import io
import struct
import zipfile

import pytest

from luoshi.reading import archive as module
from luoshi.reading.archive import open_zip, parse_xml
from luoshi.reading.errors import DamagedError, EmptyFileError, LockedError, ReadError, TooLargeError

PARTS = {"word/document.xml": b"<a/>", "docProps/core.xml": b"<b/>"}


def zipped(parts: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, data in parts.items():
            archive.writestr(zipfile.ZipInfo(name), data, compress_type=method)
    return out.getvalue()


def test_names_stand_in_archive_order_without_folders() -> None:
    assert open_zip(zipped({"b/": b"", **PARTS})).names() == tuple(PARTS)


def test_a_part_is_read_whole() -> None:
    assert open_zip(zipped({"a.xml": b"x" * 600_000})).read("a.xml") == b"x" * 600_000


def test_a_stored_part_is_read() -> None:
    assert open_zip(zipped(PARTS, zipfile.ZIP_STORED)).read("docProps/core.xml") == b"<b/>"


@pytest.mark.parametrize("name", ["/word/document.xml", "WORD/Document.XML", "word\\document.xml"])
def test_a_part_is_found_however_its_name_is_written(name: str) -> None:
    assert open_zip(zipped(PARTS)).read(name) == b"<a/>"


def test_backslashes_in_stored_names_are_read_as_slashes() -> None:
    assert open_zip(zipped({"word\\document.xml": b"<a/>"})).names() == ("word/document.xml",)


def test_a_missing_part_is_damage() -> None:
    archive = open_zip(zipped(PARTS))
    assert not archive.has("word/styles.xml")
    with pytest.raises(DamagedError):
        archive.read("word/styles.xml")


def test_no_byte_is_an_empty_file() -> None:
    with pytest.raises(EmptyFileError):
        open_zip(b"")


def test_no_zip_is_damage() -> None:
    with pytest.raises(DamagedError):
        open_zip("各学校要做好开学准备。".encode())


@pytest.mark.parametrize("keep", [0.1, 0.5, 0.9, 0.99])
def test_a_truncated_zip_is_damage(keep: float) -> None:
    data = zipped(PARTS)
    with pytest.raises(DamagedError):
        open_zip(data[: int(len(data) * keep)])


@pytest.mark.parametrize("name", ["/etc/passwd", "../a.xml", "a/../../b.xml", "..\\a.xml", "\\a.xml", "C:/a.xml"])
def test_a_name_that_points_outside_refuses_the_file(name: str) -> None:
    with pytest.raises(DamagedError):
        open_zip(zipped({"a.xml": b"<a/>", name: b"<b/>"}))


@pytest.mark.parametrize("name", ["a..b.xml", "...", "a/..b/c.xml"])
def test_dots_within_a_name_are_no_way_outside(name: str) -> None:
    assert open_zip(zipped({name: b"<a/>"})).read(name) == b"<a/>"


def test_an_encrypted_part_is_locked() -> None:
    data = bytearray(zipped({"a.xml": b"<a/>"}))
    data[6] |= 1
    data[data.rfind(b"PK\x01\x02") + 8] |= 1
    with pytest.raises(LockedError):
        open_zip(bytes(data)).read("a.xml")


def test_another_packing_method_is_damage() -> None:
    with pytest.raises(DamagedError):
        open_zip(zipped({"a.xml": b"<a/>"}, zipfile.ZIP_BZIP2)).read("a.xml")


def test_a_broken_part_is_damage() -> None:
    data = bytearray(zipped({"a.xml": bytes(range(256)) * 10}))
    data[60] ^= 0xFF
    with pytest.raises(DamagedError):
        open_zip(bytes(data)).read("a.xml")


def test_a_bomb_is_too_large_by_its_ratio() -> None:
    bomb = zipped({"a.xml": bytes(20_000_000)})
    assert len(bomb) < 30_000
    with pytest.raises(TooLargeError):
        open_zip(bomb).read("a.xml")


def test_a_small_part_may_be_packed_tightly() -> None:
    assert open_zip(zipped({"a.xml": bytes(5_000_000)})).read("a.xml") == bytes(5_000_000)


def test_a_size_that_the_header_understates_is_not_believed() -> None:
    data = bytearray(zipped({"a.xml": b"x" * 100_000}))
    struct.pack_into("<I", data, data.rfind(b"PK\x01\x02") + 24, 10)
    with pytest.raises(ReadError):
        open_zip(bytes(data)).read("a.xml")


def test_a_part_over_the_limit_is_too_large(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MAX_MEMBER_BYTES", 1000)
    archive = open_zip(zipped({"a.xml": b"x" * 1000, "b.xml": b"x" * 1001}))
    assert archive.read("a.xml") == b"x" * 1000
    with pytest.raises(TooLargeError):
        archive.read("b.xml")


def test_parts_that_are_too_large_together_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MAX_UNPACKED_BYTES", 1500)
    archive = open_zip(zipped({"a.xml": b"x" * 1000, "b.xml": b"x" * 1000}))
    archive.read("a.xml")
    with pytest.raises(TooLargeError):
        archive.read("b.xml")


def test_too_many_parts_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MAX_MEMBERS", 3)
    assert len(open_zip(zipped({f"{n}.xml": b"" for n in range(3)})).names()) == 3
    with pytest.raises(TooLargeError):
        open_zip(zipped({f"{n}.xml": b"" for n in range(4)}))


def test_xml_is_parsed_without_comments_and_instructions() -> None:
    root = parse_xml("<?xml version='1.0'?><a><!-- 注 --><?x y?><b>青禾县</b></a>".encode())
    assert [child.text for child in root] == ["青禾县"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "gb18030"])
def test_xml_is_parsed_in_its_own_encoding(encoding: str) -> None:
    data = f"<?xml version='1.0' encoding='{encoding}'?><a>云岭市</a>".encode(encoding)
    assert parse_xml(data).text == "云岭市"


def test_a_document_type_with_entities_is_refused() -> None:
    with pytest.raises(DamagedError):
        parse_xml(b"<!DOCTYPE a [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><a>&x;</a>")


def test_a_laughing_document_type_is_refused() -> None:
    entities = "".join(f"<!ENTITY e{n + 1} '{f'&e{n};' * 10}'>" for n in range(9))
    with pytest.raises(DamagedError):
        parse_xml(f"<!DOCTYPE a [<!ENTITY e0 'ha'>{entities}]><a b='&e9;'>&e9;</a>".encode())


def test_an_empty_document_type_is_refused_in_utf_16_too() -> None:
    with pytest.raises(DamagedError):
        parse_xml("<?xml version='1.0' encoding='utf-16'?><!DOCTYPE a []><a/>".encode("utf-16"))


@pytest.mark.parametrize("data", [b"", b"<a>", b"<a/><b/>", "落实".encode(), b"<a>&nbsp;</a>", b"\xff\xfe<\x00"])
def test_what_is_not_well_formed_is_damage(data: bytes) -> None:
    with pytest.raises(DamagedError):
        parse_xml(data)


def test_nesting_to_the_limit_is_read() -> None:
    assert parse_xml(b"<a>" * 200 + b"</a>" * 200).tag == "a"


@pytest.mark.parametrize("depth", [201, 3000])
def test_nesting_over_the_limit_is_damage(depth: int) -> None:
    with pytest.raises(DamagedError):
        parse_xml(b"<a>" * depth + b"</a>" * depth)
