from __future__ import annotations

import io
import struct
import zipfile

import pytest

from luoshi.reading import DamagedError, LockedError, ReadError, TooLargeError, UnknownFormatError
from luoshi.reading.limits import MAX_MEMBERS
from luoshi.reading.sniff import KINDS, kind

TEXT = "各学校要在6月底前完成整改。\n"
PAGE = f"<!DOCTYPE html><html><body><p>{TEXT}</p></body></html>"
ARCHIVED = "From: <Saved>\r\nMIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=x\r\n\r\n--x\r\n"


def zipped(*names: str, first: str = "") -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        if first:
            archive.writestr("mimetype", first)
        for name in names:
            archive.writestr(name, "x")
    return target.getvalue()


def ole(*names: str, embedded: str = "") -> bytes:
    """Write the header, one allocation table and a directory, as an office file has them."""
    entries = [entry("Root Entry", 5, child=1)]
    for number, name in enumerate(names, start=1):
        entries.append(entry(name, 2, right=number + 1 if number < len(names) else None))
    if embedded:
        entries[-1] = entry(names[-1], 2, right=len(entries))
        entries += [entry("ObjectPool", 1, child=len(entries) + 1), entry(embedded, 2)]
    directory = b"".join(entries)
    directory += bytes(-len(directory) % 512)
    sectors = len(directory) // 512
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(22) + struct.pack("<H", 9) + bytes(16) + struct.pack("<I", 1)
    header = header.ljust(76, b"\0") + struct.pack("<I", 0) + b"\xff" * (4 * 108)
    chain = [0xFFFFFFFD, *(number + 2 for number in range(sectors - 1)), 0xFFFFFFFE]
    table = struct.pack(f"<{len(chain)}I", *[*chain[:1], *chain[1:]]).ljust(512, b"\xff")
    return header + table + directory


def entry(name: str, type_: int, *, right: int | None = None, child: int | None = None) -> bytes:
    encoded = name.encode("utf-16-le")
    none = 0xFFFFFFFF
    links = struct.pack("<III", none, none if right is None else right, none if child is None else child)
    return encoded.ljust(64, b"\0") + struct.pack("<HBB", len(encoded) + 2, type_, 1) + links + bytes(48)


ODT = "application/vnd.oasis.opendocument.text"


@pytest.mark.parametrize(
    ("data", "name", "expected"),
    [
        (TEXT.encode(), "讲话.txt", "txt"),
        (TEXT.encode("gbk"), "", "txt"),
        (TEXT.encode("utf-16"), "讲话", "txt"),
        (TEXT.encode(), "讲话.log", "txt"),
        (TEXT.encode(), "通知.doc", "txt"),
        (TEXT.encode(), "要点.MD", "md"),
        (TEXT.encode(), "台账.csv", "csv"),
        (b"a\tb\n", "list.tsv", "tsv"),
        ("序号\t任务\n".encode("gbk"), "台账.xls", "tsv"),
        (PAGE.encode(), "通知.html", "html"),
        (PAGE.encode("utf-16"), "通知.doc", "html"),
        (PAGE.encode("gbk"), "台账.xls", "html"),
        (b"\xef\xbb\xbf\n<!-- saved -->\n" + PAGE.encode(), "", "html"),
        (b"<table><tr><td>1</table>", "list.xls", "html"),
        (TEXT.encode(), "通知.htm", "html"),
        (b"<div align=center>x</div>\n# y", "readme.md", "md"),
        (b"<p>x", "note.txt", "txt"),
        (ARCHIVED.encode(), "通知.mht", "mhtml"),
        (ARCHIVED.encode(), "通知.doc", "mhtml"),
        (b'<?xml version="1.0"?><?mso-application progid="Word.Document"?><w:wordDocument/>', "通知.doc", "doc"),
        (b"{\\rtf1\\ansi x}", "通知.doc", "rtf"),
        (b"\n%PDF-1.7\n", "通知", "pdf"),
        (b"\x89PNG\r\n\x1a\n....", "a.jpg", "png"),
        (b"\xff\xd8\xff\xe0....", "a.png", "jpg"),
        (b"II*\x00....", "", "tiff"),
        (b"MM\x00*....", "", "tiff"),
        (b"BM\x10\x00\x00\x00\x00\x00\x00\x00\x36\x00", "", "bmp"),
        (b"RIFF\x10\x00\x00\x00WEBPVP8 ", "", "webp"),
        (b"GIF89a....", "", "gif"),
        (zipped("[Content_Types].xml", "word/document.xml"), "通知.doc", "docx"),
        (zipped("[Content_Types].xml", "word/document.xml"), "通知.wps", "docx"),
        (zipped("[Content_Types].xml", "word/document2.xml"), "", "docx"),
        (zipped("[Content_Types].xml", "xl/workbook.xml", "xl/embeddings/word.docx"), "a.xls", "xlsx"),
        (zipped("xl/workbook.bin"), "", "xlsb"),
        (zipped("content.xml", first=ODT), "", "odt"),
        (zipped("content.xml", first="application/vnd.oasis.opendocument.spreadsheet"), "", "ods"),
        (zipped("OFD.xml", "Doc_0/Document.xml"), "公文.ofd", "ofd"),
        (ole("WordDocument", "1Table"), "通知.doc", "doc"),
        (ole("WordDocument", "1Table"), "通知.wps", "wps"),
        (ole("WordDocument", "1Table", embedded="Workbook"), "a.xls", "doc"),
        (ole("Workbook", embedded="WordDocument"), "a.doc", "xls"),
        (ole("Book"), "", "xls"),
        (ole("CONTENTS", "MatOST"), "a.wps", "wps"),
        (b"\xdb\xa5\x2d\x00" + bytes(100), "old.doc", "doc"),
    ],
)
def test_kind_is_told_by_content_then_by_name(data: bytes, name: str, expected: str) -> None:
    assert kind(data, name) == expected
    assert expected in KINDS


@pytest.mark.parametrize(
    ("data", "name", "advice"),
    [
        (zipped("通知.docx", "附件.xlsx"), "材料.zip", "解压"),
        (b"Rar!\x1a\x07\x01\x00" + bytes(50), "材料.rar", "解压"),
        (b"7z\xbc\xaf'\x1c" + bytes(50), "材料.docx", "解压"),
        (b"\x1f\x8b\x08\x00" + bytes(50), "材料.gz", "解压"),
        (b"ID3\x03\x00" + bytes(50), "录音.mp3", "转成文字"),
        (b"\x00\x00\x00\x18ftypmp42" + bytes(50), "会议.mp4", "转成文字"),
        (b"RIFF\x10\x00\x00\x00WAVEfmt " + bytes(50), "", "转成文字"),
        (b"\x00\x00\x00\x18ftypheic" + bytes(50), "照片.heic", "jpg"),
        (b"MZ\x90\x00" + bytes(500), "程序.exe", "程序"),
        (zipped("ppt/presentation.xml"), "汇报.pptx", "演示文稿"),
        (ole("PowerPoint Document"), "汇报.ppt", "演示文稿"),
        (zipped("content.xml", first="application/vnd.oasis.opendocument.presentation"), "", "演示文稿"),
        (bytes(range(256)) * 9, "未知.dat", "另存为"),
        (ole("Contents"), "未知", "另存为"),
    ],
)
def test_kind_that_is_not_read_is_refused_with_advice(data: bytes, name: str, advice: str) -> None:
    with pytest.raises(UnknownFormatError) as caught:
        kind(data, name)

    assert advice in caught.value.words.zh


@pytest.mark.parametrize("name", ["a.docx", "a.pdf", "a.xlsx", "a.png", "a.ofd"])
def test_bytes_that_are_not_what_the_name_says_are_damaged(name: str) -> None:
    with pytest.raises(DamagedError):
        kind(bytes(range(256)) * 9, name)


def test_zip_cut_short_is_damaged() -> None:
    with pytest.raises(DamagedError):
        kind(zipped("word/document.xml")[:-30], "通知.docx")


@pytest.mark.parametrize("name", ["a.doc", "a.wps", "a.xls"])
def test_ole_file_without_a_document_is_damaged(name: str) -> None:
    with pytest.raises(DamagedError):
        kind(ole("Contents"), name)


def test_directory_of_a_large_file_is_found_through_the_second_table_of_tables() -> None:
    data = bytearray(ole("Data", "1Table", "SummaryInformation", "CompObj", "WordDocument"))
    sectors = (len(data) - 512) // 512
    data[76:80] = data[80:84]  # the header names no table any more
    data[68:72] = struct.pack("<I", sectors)
    tables = struct.pack("<I", 0xFFFFFFFF) * 109
    data[76 : 76 + len(tables)] = tables
    far = 109 * 128 + 1  # where the directory stands now, in the reach of table 109
    chain = [0xFFFFFFFE] * 128
    chain[far % 128] = far + 1
    data[48:52] = struct.pack("<I", far)
    body = (
        data[512:] + struct.pack("<128I", sectors + 1, *[0xFFFFFFFF] * 126, 0xFFFFFFFE) + struct.pack("<128I", *chain)
    )
    whole = bytes(data[:512]) + bytes(body).ljust(far * 512, b"\0") + bytes(data[1024:])

    assert kind(whole, "") == "doc"


def test_office_file_with_a_password_is_locked() -> None:
    with pytest.raises(LockedError):
        kind(ole("EncryptionInfo", "EncryptedPackage"), "通知.docx")


def test_zip_of_too_many_parts_is_refused_before_it_is_opened() -> None:
    with pytest.raises(TooLargeError):
        kind(b"PK\x03\x04" + b"PK\x01\x02" * (MAX_MEMBERS + 1), "a.docx")


def test_directory_that_turns_in_a_circle_ends() -> None:
    data = bytearray(ole("WordDocument"))
    data[512 + 4 : 512 + 8] = struct.pack("<I", 1)  # the directory's sector follows itself

    assert kind(bytes(data), "a.doc") == "doc"


@pytest.mark.parametrize("data", [zipped("word/document.xml"), ole("WordDocument", "1Table")], ids=["zip", "ole"])
def test_container_cut_anywhere_never_breaks(data: bytes) -> None:
    for length in range(8, len(data), 13):
        try:
            assert kind(data[:length], "a.doc") in KINDS
        except ReadError:
            continue
