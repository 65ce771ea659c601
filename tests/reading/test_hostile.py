"""Files that somebody made to break the reader, or that broke on the way."""

from __future__ import annotations

import io
import time
import zipfile
from importlib.util import find_spec

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from luoshi.reading import DamagedError, ReadError, TooLargeError, UnknownFormatError
from luoshi.reading.limits import MAX_FILE_BYTES
from luoshi.reading.reader import read_extract

GARBAGE = bytes((7 * number * number + 13 * number) % 256 for number in range(3000))
MAGICS = {
    "zip": b"PK\x03\x04",
    "ole": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
    "pdf": b"%PDF-1.7\n",
    "rtf": b"{\\rtf1\\ansi",
    "png": b"\x89PNG\r\n\x1a\n",
    "jpg": b"\xff\xd8\xff\xe0",
    "tiff": b"II*\x00",
    "bmp": b"BM\x00\x10\x00\x00\x00\x00\x00\x00",
    "webp": b"RIFF\x00\x10\x00\x00WEBP",
    "gif": b"GIF89a",
    "html": b"<!doctype html>",
    "mhtml": b"MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=x\r\n\r\n",
    "rar": b"Rar!\x1a\x07",
    "7z": b"7z\xbc\xaf'\x1c",
    "mp4": b"\x00\x00\x00\x18ftypmp42",
    "exe": b"MZ\x90\x00",
    "utf-8": b"\xef\xbb\xbf",
    "utf-16": b"\xff\xfe",
    "utf-32": b"\xff\xfe\x00\x00",
}
# Names whose content is read in this process; older Word files may start a helper program, pictures a recogniser.
NAMES = [
    "",
    "a.txt",
    "a.md",
    "a.csv",
    "a.tsv",
    "a.html",
    "a.mht",
    "a.docx",
    "a.xlsx",
    "a.xls",
    "a.ods",
    "a.pdf",
    "a.ofd",
]
HELPED = ["a.docm", "a.doc", "a.wps", "a.rtf", "a.odt", "a.png", "a.jpg", "a.tiff", "a.bmp", "a.webp", "a.gif"]


def outcome(data: bytes, name: str) -> object:
    """Return what reading gives: text and hash, or the class of the refusal."""
    try:
        return read_extract(data, name)
    except ReadError as error:
        refusal = error
    assert all(refusal.words)
    return type(refusal)


def zipped(**parts: bytes) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name.replace("__", "/"), content)
    return target.getvalue()


def test_two_hundred_megabytes_and_more_are_refused_at_once() -> None:
    began = time.monotonic()

    assert outcome(bytes(MAX_FILE_BYTES + 1), "a.txt") is TooLargeError
    assert time.monotonic() - began < 5


@pytest.mark.parametrize("data", [GARBAGE, bytes(1000), b"\x7fELF" + GARBAGE, b"MZ" + GARBAGE])
def test_binary_file_named_as_text_is_refused(data: bytes) -> None:
    assert outcome(data, "a.txt") is UnknownFormatError


@pytest.mark.parametrize("name", ["a.docx", "a.xlsx", "a.ofd", "a.ods"])
def test_zip_cut_short_is_damaged(name: str) -> None:
    data = zipped(word__document=GARBAGE * 10)

    assert outcome(data[: len(data) // 2], name) is DamagedError


def test_archive_in_disguise_is_refused() -> None:
    assert outcome(zipped(secret=b"x"), "a.txt") is UnknownFormatError
    assert outcome(zipped(secret=b"x"), "a.docx") is DamagedError


@pytest.mark.skipif(find_spec("luoshi.reading.formats.docx") is None, reason="no reader of docx")
def test_zip_bomb_named_docx_is_refused_in_bounded_time() -> None:
    bomb = b"<w:document xmlns:w='http://schemas.openxmlformats.org/wordprocessingml/2006/main'>" + b" " * 150_000_000
    data = zipped(**{"[Content_Types].xml": b"<Types/>", "word__document.xml": bomb})
    began = time.monotonic()

    assert issubclass(type_of(outcome(data, "a.docx")), ReadError)
    assert len(data) < 1_000_000
    assert time.monotonic() - began < 10


def type_of(result: object) -> type:
    return result if isinstance(result, type) else type(result)


def test_page_of_many_tags_deep_nesting_and_scripts_is_read_in_bounded_time() -> None:
    page = "<script>alert(1)</script>" + "<div>" * 5000 + "<p>深<b>处</b>" * 50_000 + "</div>" * 5000
    began = time.monotonic()

    result = outcome(page.encode(), "a.html")

    assert isinstance(result, tuple)
    assert result[0].text == "深处\n" * 50_000
    assert time.monotonic() - began < 20


@pytest.mark.parametrize("magic", MAGICS.values(), ids=MAGICS.keys())
@pytest.mark.parametrize("tail", [b"", GARBAGE], ids=["alone", "garbage"])
def test_magic_of_every_format_before_garbage_breaks_nothing(magic: bytes, tail: bytes) -> None:
    assert outcome(magic + tail, "a.bin") is not None


@pytest.mark.parametrize("name", HELPED)
def test_garbage_under_the_name_of_every_helped_format_is_refused(name: str) -> None:
    assert issubclass(type_of(outcome(GARBAGE, name)), ReadError)


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.binary(max_size=400), st.sampled_from(NAMES))
def test_any_bytes_under_any_name_give_the_same_text_twice_or_a_read_error(data: bytes, name: str) -> None:
    assert outcome(data, name) == outcome(data, name)


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.sampled_from([magic for kind, magic in MAGICS.items() if kind not in {"ole", "rtf"}]),
    st.binary(max_size=300),
    st.sampled_from(NAMES),
)
def test_any_bytes_after_a_magic_give_the_same_text_twice_or_a_read_error(magic: bytes, tail: bytes, name: str) -> None:
    assert outcome(magic + tail, name) == outcome(magic + tail, name)


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_text_with_broken_bytes_is_read_or_refused(data: st.DataObject) -> None:
    codec = data.draw(st.sampled_from(["utf-8", "gbk", "utf-16", "hz"]))
    text = bytearray("各学校要在6月底前完成校园安全隐患整改，并报县教育局备案。\n".encode(codec) * 3)
    for place in data.draw(st.lists(st.integers(0, len(text) - 1), max_size=8)):
        text[place] = data.draw(st.integers(0, 255))

    assert outcome(bytes(text), "a.txt") == outcome(bytes(text), "a.txt")
