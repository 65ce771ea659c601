"""What kind of file a piece of evidence is, by its content; evidence may be nearly anything, and is never run or shown.

Programs are refused. Everything else is kept as it is and given out as a download: pages, drawings and scripts that a
browser would run are never opened by it, and what cannot be told is just a file.
"""

from __future__ import annotations

import struct
import zipfile
from pathlib import Path
from typing import Final

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from luoshi.reading import sniff
from luoshi.reading.errors import LockedError, ReadError
from luoshi.work.evidence.names import extension

__all__ = ["LABELS", "OTHER", "PREVIEWED", "PROGRAM", "content_type", "contradicts", "kind_of"]

PROGRAM: Final = "program"
OTHER: Final = "other"

_HEAD: Final = 65_536
_WHOLE: Final = 64 * 1024 * 1024
"""Old office files up to this size are looked into; the list of their parts may stand anywhere in them."""

_LONGEST_LIST: Final = 4 * 1024 * 1024

_OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_PROGRAMS: Final = (b"\x7fELF", b"\xca\xfe\xba\xbe", b"\xcf\xfa\xed\xfe", b"\xce\xfa\xed\xfe", b"dex\n03")
_SHORTCUT: Final = b"L\x00\x00\x00\x01\x14\x02\x00"

_ARCHIVES: Final = (
    (b"Rar!\x1a\x07", "rar"),
    (b"7z\xbc\xaf'\x1c", "7z"),
    (b"\x1f\x8b", "gz"),
    (b"\xfd7zXZ\x00", "xz"),
    (b"BZh", "bz2"),
)
_SOUNDS: Final = (
    (b"ID3", "mp3"),
    (b"\xff\xfb", "mp3"),
    (b"\xff\xf3", "mp3"),
    (b"#!AMR", "amr"),
    (b"fLaC", "flac"),
    (b"OggS", "ogg"),
    (b"\x1aE\xdf\xa3", "mkv"),
    (b"FLV\x01", "flv"),
    (b"0&\xb2u\x8ef\xcf\x11", "wmv"),
    (b"\x00\x00\x01\xba", "mpg"),
)
_BRANDS: Final = {
    **dict.fromkeys((b"heic", b"heix", b"hevc", b"mif1", b"msf1"), "heic"),
    b"avif": "avif",
    b"qt  ": "mov",
    b"M4A ": "m4a",
}
_SCRIPTS: Final = frozenset({"js", "mjs", "vbs", "vbe", "jse", "wsf", "hta", "bat", "cmd", "ps1", "sh", "py", "reg"})

LABELS: Final = {
    **dict.fromkeys(("png", "jpg", "tiff", "bmp", "webp", "gif", "heic", "avif"), _("图片")),
    **dict.fromkeys(("mp4", "mov", "avi", "mkv", "flv", "wmv", "mpg"), _("视频")),
    **dict.fromkeys(("mp3", "wav", "m4a", "amr", "flac", "ogg"), _("音频")),
    **dict.fromkeys(("docx", "doc", "wps", "rtf", "odt"), _("文字文档")),
    **dict.fromkeys(("xlsx", "xlsb", "xls", "ods", "csv", "tsv"), _("电子表格")),
    **dict.fromkeys(("pptx", "ppt", "odp"), _("演示文稿")),
    **dict.fromkeys(("zip", "rar", "7z", "gz", "xz", "bz2"), _("压缩包")),
    **dict.fromkeys(("txt", "md"), _("纯文本")),
    **dict.fromkeys(("html", "mhtml", "svg"), _("网页")),
    "pdf": _("PDF 文件"),
    "ofd": _("OFD 文件"),
    "script": _("脚本"),
    "locked": _("有打开密码的文件"),
    OTHER: pgettext_lazy("file", "其他文件"),
}
"""Kind → its name for readers. These are all kinds that are stored."""

PREVIEWED: Final = frozenset({"png", "jpg", "tiff", "bmp", "webp", "gif", "avif", "pdf"})
"""Kinds of which a picture can be made."""

_TYPES: Final = {
    "png": "image/png",
    "jpg": "image/jpeg",
    "tiff": "image/tiff",
    "bmp": "image/bmp",
    "webp": "image/webp",
    "gif": "image/gif",
    "heic": "image/heic",
    "avif": "image/avif",
    "mp4": "video/mp4",
    "mov": "video/quicktime",
    "mp3": "audio/mpeg",
    "m4a": "audio/mp4",
    "wav": "audio/wav",
    "pdf": "application/pdf",
    "zip": "application/zip",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "doc": "application/msword",
    "xls": "application/vnd.ms-excel",
    "ppt": "application/vnd.ms-powerpoint",
}

_ALSO: Final = {
    "jpg": {"jpeg", "jpe", "jfif"},
    "tiff": {"tif"},
    "txt": {"log", "text", "ini", "json", "xml", "srt", "vcf", "ics"},
    "html": {"htm", "xhtml", "shtml", "xls", "doc"},
    "mhtml": {"mht", "doc"},
    "docx": {"docm", "dotx", "dotm", "wps"},
    "doc": {"dot", "wps"},
    "wps": {"doc", "wpt"},
    "xlsx": {"xlsm", "xltx", "et"},
    "xls": {"et", "xlt"},
    "pptx": {"pptm", "ppsx", "potx", "dps"},
    "ppt": {"dps", "pps", "pot"},
    "tsv": {"txt", "tab", "xls"},
    "csv": {"txt"},
    "md": {"markdown", "txt"},
    "mp4": {"m4v", "m4a", "3gp", "mov"},
    "heic": {"heif"},
    "mkv": {"webm"},
    "gz": {"tgz"},
    "mpg": {"mpeg", "vob"},
    "wmv": {"asf", "wma"},
    "ogg": {"oga", "ogv", "opus"},
    "zip": {"cbz", "epub", "jar", "xmind", "vsdx", "kmz"},
}


def kind_of(path: Path, name: str) -> str:
    """Return what the file at `path` is: a key of :data:`LABELS`, or :data:`PROGRAM`."""
    with path.open("rb") as file:
        head = file.read(_HEAD)
    if _is_program(head):
        return PROGRAM
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _of_zip(path)
    found = _of_media(head)
    if found is not None:
        return found
    if head.startswith(_OLE):
        return _of_ole(path, name, head)
    return _of_rest(head, name)


def content_type(kind: str) -> str:
    """Return the type under which a browser may save a file; nothing that it could run has one of its own."""
    return _TYPES.get(kind, "application/octet-stream")


def contradicts(kind: str, name: str) -> bool:
    """Tell whether a name's extension says that the file is something else than it is, for a note to the reader."""
    ending = extension(name)
    if not ending or kind in {OTHER, "locked"}:
        return False
    if kind == "script":
        return ending not in _SCRIPTS
    return ending != kind and ending not in _ALSO.get(kind, ())


def _is_program(head: bytes) -> bool:
    windows = head.startswith(b"MZ") and b"\x00" in head[:4096]
    return windows or head.startswith((*_PROGRAMS, _SHORTCUT))


def _of_media(head: bytes) -> str | None:
    for magic, found in (*_ARCHIVES, *_SOUNDS):
        if head.startswith(magic):
            return found
    if head[257:262] == b"ustar":
        return "gz"
    if head[:4] == b"RIFF" and head[8:12] in {b"WAVE", b"AVI "}:
        return "wav" if head[8:12] == b"WAVE" else "avi"
    if head[4:8] == b"ftyp":
        return _BRANDS.get(head[8:12], "mp4")
    if head[4:8] in {b"moov", b"mdat", b"wide"}:
        return "mov"
    return None


def _of_zip(path: Path) -> str:
    """Recognise what is packed in a zip file by the names of its parts; a damaged one is just a file."""
    if not _is_listed_shortly(path):
        return "zip"
    try:
        with zipfile.ZipFile(path) as archive:
            names = {name.replace("\\", "/").lstrip("/").lower() for name in archive.namelist()}
            packed = _beginning(archive, "mimetype")
    except (zipfile.BadZipFile, struct.error, ValueError, NotImplementedError, RuntimeError, OSError, EOFError):
        return OTHER
    if "androidmanifest.xml" in names or any(name.endswith(".class") for name in names):
        return PROGRAM
    for part, found in (
        ("word/document", "docx"),
        ("xl/workbook.bin", "xlsb"),
        ("xl/workbook", "xlsx"),
        ("ppt/", "pptx"),
    ):
        if any(name.startswith(part) for name in names):
            return found
    for word, found in (
        (b"opendocument.text", "odt"),
        (b"opendocument.spreadsheet", "ods"),
        (b"opendocument.pres", "odp"),
    ):
        if word in packed:
            return found
    return "ofd" if "ofd.xml" in names else "zip"


def _is_listed_shortly(path: Path) -> bool:
    """Tell whether a zip file's list of parts is short enough to be read; it is read into memory as a whole."""
    with path.open("rb") as file:
        file.seek(max(0, path.stat().st_size - _HEAD))
        tail = file.read()
    at = tail.rfind(b"PK\x05\x06")
    if at < 0 or len(tail) < at + 22 or b"PK\x06\x07" in tail:
        return False
    return int(struct.unpack_from("<L", tail, at + 12)[0]) <= _LONGEST_LIST


def _beginning(archive: zipfile.ZipFile, part: str) -> bytes:
    if part not in archive.NameToInfo:
        return b""
    with archive.open(part) as file:
        return file.read(100)


def _of_ole(path: Path, name: str, head: bytes) -> str:
    if extension(name) == "msi":
        return PROGRAM
    data = path.read_bytes() if path.stat().st_size <= _WHOLE else head
    try:
        return sniff.kind(data, name)
    except LockedError:
        return "locked"
    except ReadError:
        return "ppt" if b"P\0o\0w\0e\0r\0P\0o\0i\0n\0t" in data else OTHER


def _of_rest(head: bytes, name: str) -> str:
    try:
        found = sniff.kind(head, name)
    except ReadError:
        return OTHER
    if found in {"txt", "html", "md"}:
        if b"<svg" in head[:4096].lower():
            return "svg"
        if extension(name) in _SCRIPTS or head.startswith(b"#!"):
            return "script"
    return found
