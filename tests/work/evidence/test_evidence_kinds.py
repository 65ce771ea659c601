from __future__ import annotations

from pathlib import Path

import pytest

from luoshi.work.evidence import kinds

from .samples import OLE_HEAD, page, picture, zipped

NAMED = [
    (picture("PNG"), "照片.png", "png"),
    (picture("JPEG"), "照片.png", "jpg"),
    (picture("WEBP"), "", "webp"),
    (picture("AVIF"), "a.avif", "avif"),
    (b"\x00\x00\x00\x18ftypheic" + bytes(40), "IMG.HEIC", "heic"),
    (b"\x00\x00\x00\x18ftypmp42" + bytes(40), "录像.mp4", "mp4"),
    (b"\x00\x00\x00\x14ftypqt  " + bytes(40), "录像.mov", "mov"),
    (b"RIFF\x00\x00\x00\x00WAVE", "a.wav", "wav"),
    (page(), "通知.pdf", "pdf"),
    (zipped("word/document.xml"), "a.docx", "docx"),
    (zipped("xl/workbook.xml"), "a.docx", "xlsx"),
    (zipped("ppt/presentation.xml"), "a.pptx", "pptx"),
    (zipped("mimetype", content=b"application/vnd.oasis.opendocument.text"), "a.odt", "odt"),
    (zipped("OFD.xml"), "a.ofd", "ofd"),
    (zipped("照片/1.jpg"), "a.zip", "zip"),
    (b"PK\x03\x04 cut", "a.zip", "zip"),
    (b"Rar!\x1a\x07\x01\x00", "a.rar", "rar"),
    ("教育局通知".encode(), "a.txt", "txt"),
    ("教育局通知".encode("gb18030"), "a.txt", "txt"),
    (b"<!doctype html><script>alert(1)</script>", "a.txt", "html"),
    (b'<svg xmlns="http://www.w3.org/2000/svg"><script/></svg>', "a.svg", "svg"),
    (b"#!/bin/sh\nrm -rf /\n", "说明.txt", "script"),
    (b"WScript.Echo 1", "a.vbs", "script"),
    (OLE_HEAD + bytes(600), "a.doc", "other"),
    (bytes(range(256)) * 4, "a.dat", "other"),
]


@pytest.mark.parametrize(("content", "name", "kind"), NAMED)
def test_content_decides_what_a_file_is(content: bytes, name: str, kind: str, tmp_path: Path) -> None:
    path = tmp_path / "f"
    path.write_bytes(content)
    assert kinds.kind_of(path, name) == kind
    assert kind in kinds.LABELS


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b"MZ\x90\x00\x03" + bytes(100), "照片.jpg"),
        (b"\x7fELF" + bytes(100), "a"),
        (zipped("AndroidManifest.xml", "classes.dex"), "a.zip"),
        (zipped("META-INF/MANIFEST.MF", "a/B.class"), "a.zip"),
        (b"L\x00\x00\x00\x01\x14\x02\x00" + bytes(60), "快捷方式.lnk"),
    ],
)
def test_program_is_told_whatever_its_name(content: bytes, name: str, tmp_path: Path) -> None:
    path = tmp_path / "f"
    path.write_bytes(content)
    assert kinds.kind_of(path, name) == kinds.PROGRAM


@pytest.mark.parametrize("kind", sorted(kinds.LABELS))
def test_nothing_that_a_browser_runs_has_a_type_of_its_own(kind: str) -> None:
    allowed = ("image/", "video/", "audio/", "application/")
    assert kinds.content_type(kind).startswith(allowed)
    assert not {"html", "svg", "xml", "script"} & set(kinds.content_type(kind).replace("+", "/").split("/"))
    assert len(kind) <= 16


@pytest.mark.parametrize(
    ("kind", "name", "noted"),
    [
        ("jpg", "照片.jpg", False),
        ("jpg", "照片.JPEG", False),
        ("jpg", "照片.pdf", True),
        ("html", "通知.doc", False),
        ("docx", "通知.wps", False),
        ("pdf", "没有扩展名", False),
        ("other", "a.xyz", False),
        ("script", "说明.txt", True),
        ("zip", "台账.xlsx", True),
    ],
)
def test_name_that_says_another_kind_is_noted(kind: str, name: str, noted: bool) -> None:
    assert kinds.contradicts(kind, name) is noted
