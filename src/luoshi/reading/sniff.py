"""What kind of file this is: by its content first, by its name only where the content leaves a choice.

Offices rename freely: a web page saved as 通知.doc, a docx called .doc or .wps, a tab-separated list called .xls. The
content decides; a name never makes a file into something that its bytes are not.
"""

from __future__ import annotations

import io
import re
import struct
import zipfile
from pathlib import PurePath
from typing import Final

from luoshi.reading import encoding, ole
from luoshi.reading.errors import DamagedError, LockedError, ReadError, TooLargeError, UnknownFormatError
from luoshi.reading.limits import MAX_MEMBERS

__all__ = ["KINDS", "kind"]

KINDS: Final = frozenset(
    {
        *("txt", "md", "csv", "tsv", "html", "mhtml"),
        *("docx", "doc", "wps", "rtf", "odt"),
        *("xlsx", "xlsb", "xls", "ods"),
        *("pdf", "ofd"),
        *("png", "jpg", "tiff", "bmp", "webp", "gif"),
    }
)
"""Every answer that :func:`kind` gives."""

_HEAD: Final = 4096

_MAGIC: Final = (
    (b"{\\rtf", "rtf"),
    (b"\x89PNG\r\n\x1a\n", "png"),
    (b"\xff\xd8\xff", "jpg"),
    (b"II*\x00", "tiff"),
    (b"MM\x00*", "tiff"),
    (b"GIF87a", "gif"),
    (b"GIF89a", "gif"),
    (b"\xdb\xa5", "doc"),  # Word 2
    (b"1\xbe\x00\x00", "doc"),  # Write
)

_ARCHIVES: Final = (b"Rar!\x1a\x07", b"7z\xbc\xaf'\x1c", b"\x1f\x8b", b"\xfd7zXZ\x00", b"BZh", b"MSCF", b"PK\x07\x08")
_MEDIA: Final = (
    b"ID3",
    b"OggS",
    b"fLaC",
    b"\x1aE\xdf\xa3",
    b"\x00\x00\x01\xba",
    b"FLV\x01",
    b"#!AMR",
    b"0&\xb2u\x8ef\xcf\x11",
)
_PROGRAMS: Final = (b"MZ", b"\x7fELF", b"\xca\xfe\xba\xbe", b"\xcf\xfa\xed\xfe")

# File names' last parts, for content that is plain text or that only a helper program may know.
_TEXT_NAMES: Final = {
    **dict.fromkeys(("html", "htm", "xhtml", "shtml"), "html"),
    **dict.fromkeys(("md", "markdown"), "md"),
    **dict.fromkeys(("tsv", "tab"), "tsv"),
    "csv": "csv",
}
_NAMED: Final = {
    **dict.fromkeys(("docx", "docm", "dotx", "dotm"), "docx"),
    **dict.fromkeys(("doc", "dot"), "doc"),
    **dict.fromkeys(("wps", "wpt"), "wps"),
    **dict.fromkeys(("xlsx", "xlsm", "xltx"), "xlsx"),
    **dict.fromkeys(("xls", "et", "xlt"), "xls"),
    **dict.fromkeys(("jpg", "jpeg"), "jpg"),
    **dict.fromkeys(("tif", "tiff"), "tiff"),
    **{name: name for name in ("odt", "ods", "rtf", "pdf", "ofd", "png", "bmp", "webp", "gif", "xlsb")},
}

_PAGE: Final = re.compile(
    rb"\s*(?:<\?xml[^>]*>\s*|<!--.*?-->\s*)*(?:<!doctype\s+html|<html[\s>])", re.DOTALL | re.IGNORECASE
)
_MARKUP: Final = re.compile(
    rb"\s*(?:<!--.*?-->\s*)*<(?:head|body|table|meta|title|div|p|span|style|script|h[1-6]|center|font)[\s>]",
    re.DOTALL | re.IGNORECASE,
)
_MIME: Final = re.compile(rb"^mime-version:", re.MULTILINE | re.IGNORECASE)
_MIME_PAGE: Final = re.compile(rb"^content-type:\s*(?:multipart/related|text/html)", re.MULTILINE | re.IGNORECASE)
_MIME_PARTS: Final = re.compile(rb"^content-type:\s*multipart/", re.MULTILINE | re.IGNORECASE)
_FLAT_WORD: Final = re.compile(rb'progid="Word\.Document"|<w:wordDocument[\s>]|<pkg:package[\s>]')


def kind(data: bytes, name: str = "") -> str:
    """Return which of :data:`KINDS` a file is; `name` is its file name, as far as known.

    Raises:
        UnknownFormatError: a kind of file that is not read (an archive, a film, a program, a presentation).
        LockedError: an office file under a password.
        DamagedError: neither text nor what its name says.
        TooLargeError: a container with more parts than `limits.py` allows.
    """
    suffix = PurePath(name).suffix.lower().removeprefix(".")
    found = _by_magic(data) or _by_container(data, suffix)
    if found is None:
        head = encoding.head_as_ascii(data, _HEAD)
        found = None if head is None else _by_text(head, suffix)
    if found is None:
        _refuse(data)
        raise _nothing_known(suffix)
    return found


def _by_magic(data: bytes) -> str | None:
    """Recognise a single-part binary format."""
    found = next((kind_ for magic, kind_ in _MAGIC if data.startswith(magic)), None)
    if found is None and b"%PDF-" in data[:1024]:
        found = "pdf"
    elif found is None and data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        found = "webp"
    elif found is None and data[:2] == b"BM" and data[6:10] == bytes(4):
        found = "bmp"
    return found


def _by_container(data: bytes, suffix: str) -> str | None:
    """Recognise what is packed into a zip file or an OLE file."""
    if data.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _of_zip(data, suffix)
    if data.startswith(ole.MAGIC):
        return _of_ole(data, suffix)
    return None


def _of_zip(data: bytes, suffix: str) -> str:
    if data.count(b"PK\x01\x02") > MAX_MEMBERS:
        raise TooLargeError(
            f"文件里的部件超过{MAX_MEMBERS}个，不能读取，请另存为 docx 或 pdf 后再读。",
            f"The file is packed from more than {MAX_MEMBERS} parts; save it again as docx or pdf.",
        )
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = [info.filename.replace("\\", "/").lstrip("/") for info in archive.infolist()]
    except (zipfile.BadZipFile, struct.error, ValueError, NotImplementedError, OSError) as error:
        raise _damaged() from error
    found = _of_members(names) or _of_mimetype(data)
    if found is not None:
        return found
    if any(name.startswith("ppt/") for name in names):
        raise _presentation()
    if suffix in _NAMED and suffix != "zip":
        raise _damaged()
    raise _archive()


def _of_members(names: list[str]) -> str | None:
    """Recognise an office file by the names of its parts."""
    lower = {name.lower() for name in names}
    if "ofd.xml" in lower:
        return "ofd"
    if any(name.startswith("word/document") for name in lower):
        return "docx"
    if "xl/workbook.bin" in lower:
        return "xlsb"
    return "xlsx" if any(name.startswith("xl/workbook") for name in lower) else None


def _of_mimetype(data: bytes) -> str | None:
    """Recognise an OpenDocument file by its first part, which is stored unpacked."""
    found = re.search(rb"application/vnd\.oasis\.opendocument\.(text|spreadsheet|presentation)", data[:200])
    if found is None:
        return None
    if found[1] == b"presentation":
        raise _presentation()
    return "odt" if found[1] == b"text" else "ods"


def _of_ole(data: bytes, suffix: str) -> str:
    names = ole.stream_names(data)
    if "EncryptedPackage" in names:
        raise LockedError(
            "文件有打开密码，请在 Word 或 WPS 里去掉密码、另存后再读。",
            "The file asks for a password; remove it in Word or WPS and save the file again.",
        )
    if "WordDocument" in names:
        return "wps" if suffix in {"wps", "wpt"} else "doc"
    if names & {"Workbook", "Book"}:
        return "xls"
    if "PowerPoint Document" in names:
        raise _presentation()
    if names & {"MatOST", "CONTENTS"}:  # Microsoft Works
        return "wps"
    raise _nothing_known(suffix)


def _refuse(data: bytes) -> None:
    """Refuse what is known and not read, with what to do instead."""
    if data.startswith(_ARCHIVES) or data[257:262] == b"ustar":
        raise _archive()
    if data.startswith(_MEDIA) or (data[:4] == b"RIFF" and data[8:12] in {b"WAVE", b"AVI "}):
        raise _media()
    if data[4:8] == b"ftyp":
        raise _photo() if data[8:12] in {b"heic", b"heix", b"mif1", b"avif", b"msf1"} else _media()
    if data.startswith(_PROGRAMS) and b"\x00" in data[:_HEAD]:
        raise UnknownFormatError(
            "这是程序，不是文件材料，请检查是否选错了文件。",
            "This is a program, not a document; check which file you chose.",
        )


def _by_text(head: bytes, suffix: str) -> str:
    """Recognise what a file of characters is written in."""
    if _FLAT_WORD.search(head):
        return "doc"
    if _PAGE.match(head):
        return "html"
    if _MIME.search(head) and (_MIME_PAGE.search(head) or (suffix in {"mht", "mhtml"} and _MIME_PARTS.search(head))):
        return "mhtml"
    if suffix in _TEXT_NAMES or suffix in {"txt", "text"}:
        return _TEXT_NAMES.get(suffix, "txt")
    if _MARKUP.match(head):
        return "html"
    return "tsv" if _NAMED.get(suffix) == "xls" and b"\t" in head else "txt"


def _nothing_known(suffix: str) -> ReadError:
    """Say of a file that is neither text nor known content what can be said by its name.

    A helper program is not asked: it would show the bytes of anything as if they were text.
    """
    return _damaged() if suffix in _NAMED else _unknown()


def _damaged() -> ReadError:
    return DamagedError(
        "文件已损坏，或内容与文件名不符，请重新获取，或用原来的软件打开后另存再读。",
        "The file is damaged or is not what its name says; get it again, or open it in its program and save it anew.",
    )


def _unknown() -> ReadError:
    return UnknownFormatError(
        "不认识这种文件，请另存为 docx、pdf 或 txt 后再读。",
        "This kind of file is not known; save it as docx, pdf or txt.",
    )


def _archive() -> ReadError:
    return UnknownFormatError(
        "这是压缩包，请先解压，再读里面的文件。", "This is an archive; unpack it and give the files inside."
    )


def _media() -> ReadError:
    return UnknownFormatError(
        "这是音频或视频，请先转成文字，存为 txt 或 docx 后再读。",
        "This is sound or film; have it written down and give the text as txt or docx.",
    )


def _photo() -> ReadError:
    return UnknownFormatError(
        "不能读这种照片格式，请另存为 jpg 或 png 后再读。", "This kind of photo is not read; save it as jpg or png."
    )


def _presentation() -> ReadError:
    return UnknownFormatError(
        "这是演示文稿，请另存为 pdf 后再读。", "This is a presentation; save it as pdf and give that."
    )
