"""The front door of reading: a file comes in, the reader for its kind is found, its text comes out."""

from __future__ import annotations

import hashlib
import re
import stat
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Final

from luoshi.reading import sniff
from luoshi.reading.errors import DamagedError, EmptyFileError, TooLargeError, UnknownFormatError
from luoshi.reading.extract import Extract
from luoshi.reading.limits import MAX_FILE_BYTES

__all__ = ["read_extract"]

# Which module of `formats` reads which kind; modules are imported when a file of their kind comes in.
_MODULES: Final = {
    "txt": "plain",
    "md": "markdown",
    "html": "html",
    "mhtml": "mhtml",
    "docx": "docx",
    **dict.fromkeys(("xlsx", "xlsb", "xls", "ods"), "spreadsheet"),
    **dict.fromkeys(("doc", "wps", "rtf", "odt"), "word97"),
    "pdf": "pdf",
    "ofd": "ofd",
    **dict.fromkeys(("png", "jpg", "tiff", "bmp", "webp", "gif"), "picture"),
}
_INVISIBLE: Final = re.compile("[\\s\u200b-\u200f\u2060\ufeff\u00ad\ufffd]*")


def read_extract(source: Path | bytes, name: str = "") -> tuple[Extract, str]:
    """Read a file, or the bytes of one, and return its text with the SHA-256 of its bytes in hexadecimal.

    `name` is the file name; it helps to tell text formats apart, and is taken from a path that is given.

    Raises:
        ReadError: the file cannot be read; the error's class and sentence say why and what to do.
        OSError: there is no such file, or it may not be opened.
    """
    data = source if isinstance(source, bytes) else _bytes_of(source)
    name = name or ("" if isinstance(source, bytes) else source.name)
    if not data:
        raise _empty()
    if len(data) > MAX_FILE_BYTES:
        raise _too_large()
    return _extract(data, name), hashlib.sha256(data).hexdigest()


def _bytes_of(path: Path) -> bytes:
    """Return a file's bytes; a file over the limit is not opened, and one that grows meanwhile is not read on."""
    status = path.stat()
    if not stat.S_ISREG(status.st_mode):
        raise UnknownFormatError(
            "这不是文件（是文件夹或设备），请给出里面的文件。",
            "This is a folder or a device, not a file; give the files inside.",
        )
    if status.st_size > MAX_FILE_BYTES:
        raise _too_large()
    with path.open("rb") as file:
        return file.read(MAX_FILE_BYTES + 1)


def _extract(data: bytes, name: str) -> Extract:
    try:
        extract = _reader_for(sniff.kind(data, name))(data, name)
    except RecursionError as error:
        raise DamagedError(
            "文件内部嵌套太深，无法读取，请用原来的软件另存为 docx 或 pdf 后再读。",
            "The file is nested too deeply; save it again as docx or pdf from its own program.",
        ) from error
    except MemoryError as error:
        raise TooLargeError(
            "内存不够，读不了这个文件，请拆成几个文件再读。",
            "There is not enough memory for this file; split it into several files.",
        ) from error
    if _INVISIBLE.fullmatch(extract.text):
        raise _empty()
    return extract


def _reader_for(kind: str) -> Callable[[bytes, str], Extract]:
    if kind in {"csv", "tsv"}:
        return _read_list
    reader: Callable[[bytes, str], Extract] = import_module(f"luoshi.reading.formats.{_MODULES[kind]}").read
    return reader


def _read_list(data: bytes, name: str) -> Extract:  # noqa: ARG001 — every reader takes the name
    """Read comma or tab separated text: its encoding is found here, its table by the reader of spreadsheets."""
    from dataclasses import replace  # noqa: PLC0415 — used for lists only

    from luoshi.reading.encoding import loss_warnings  # noqa: PLC0415 — used for lists only
    from luoshi.reading.formats.plain import text_of  # noqa: PLC0415 — used for lists only
    from luoshi.reading.formats.spreadsheet import read_csv  # noqa: PLC0415 — heavy, and not every run needs it

    decoded = text_of(data)
    extract: Extract = read_csv(decoded.text)
    return replace(extract, warnings=(*extract.warnings, *loss_warnings(decoded)))


def _empty() -> EmptyFileError:
    return EmptyFileError(
        "文件里没有文字，请检查是否选错了文件。", "The file holds no text; check whether it is the right file."
    )


def _too_large() -> TooLargeError:
    limit = MAX_FILE_BYTES // (1024 * 1024)
    return TooLargeError(
        f"文件超过{limit}MB，请拆成几个文件，或去掉图片另存后再读。",
        f"The file is larger than {limit} MB; split it, or save it without its pictures.",
    )
