"""Zip archives and the XML in them (docx, xlsx, odt, ofd), opened as if a stranger had made them.

Nothing is ever written to disk, and no size that a header claims is believed: parts are counted while they are
inflated. A name that points outside the archive refuses the whole file.
"""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from functools import cache
from typing import IO, TYPE_CHECKING, Any, Final

from luoshi.reading.errors import DamagedError, EmptyFileError, LockedError, TooLargeError
from luoshi.reading.limits import (
    MAX_DEPTH,
    MAX_MEMBER_BYTES,
    MAX_MEMBERS,
    MAX_RATIO,
    MAX_UNPACKED_BYTES,
    RATIO_FREE_BYTES,
)

if TYPE_CHECKING:
    from lxml import etree

__all__ = ["Archive", "open_zip", "parse_xml"]

_CHUNK: Final = 256 * 1024
_ENCRYPTED: Final = 0x1
_ENTRY: Final = b"PK\x01\x02"
_METHODS: Final = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})
_DEFECTS: Final = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    NotImplementedError,
    OSError,
    OverflowError,
    RuntimeError,
    ValueError,
)
"""What `zipfile` raises on bytes that are not what they should be."""


class Archive:
    """The parts of one zip file; made by :func:`open_zip`."""

    def __init__(self, archive: zipfile.ZipFile, size: int) -> None:
        self._archive = archive
        self._size = size
        self._unpacked = 0
        self._members = {_plain(info.filename): info for info in archive.infolist() if not info.is_dir()}
        self._folded = {name.lower(): name for name in self._members}

    def names(self) -> tuple[str, ...]:
        """Return the names of all parts (no folders) in the order of the archive, with forward slashes."""
        return tuple(self._members)

    def has(self, name: str) -> bool:
        """Tell whether there is a part of this name; see :meth:`read`."""
        return self._find(name) is not None

    def read(self, name: str) -> bytes:
        """Return one part, unpacked.

        `name` may begin with a slash and may differ from the stored name in upper and lower case, as the office formats
        allow. Raises DamagedError when the part is missing or broken, LockedError when it is encrypted, and
        TooLargeError when the part, its ratio, or all that was read so far is over a limit.
        """
        info = self._find(name)
        if info is None:
            raise _damaged()
        if info.flag_bits & _ENCRYPTED:
            raise LockedError(
                "文件设了密码，请先去掉密码再读。", "The file asks for a password; remove the password first."
            )
        if info.compress_type not in _METHODS:
            raise _damaged()
        try:
            with self._archive.open(info) as part:
                return self._inflate(part, min(info.compress_size, self._size))
        except _DEFECTS as error:
            raise _damaged() from error

    def _find(self, name: str) -> zipfile.ZipInfo | None:
        name = _plain(name).lstrip("/")
        return self._members.get(name) or self._members.get(self._folded.get(name.lower(), ""))

    def _inflate(self, part: IO[bytes], packed: int) -> bytes:
        allowed = min(MAX_MEMBER_BYTES, max(RATIO_FREE_BYTES, MAX_RATIO * packed))
        pieces: list[bytes] = []
        size = 0
        while piece := part.read(_CHUNK):
            size += len(piece)
            self._unpacked += len(piece)
            if size > allowed or self._unpacked > MAX_UNPACKED_BYTES:
                raise _too_large()
            pieces.append(piece)
        return b"".join(pieces)


def open_zip(data: bytes) -> Archive:
    """Open a zip file that lies in memory.

    Raises EmptyFileError, DamagedError (not a zip, cut short, or names that point outside) and TooLargeError (too many
    parts). Encrypted parts are refused when they are read, for some kinds of file can do without them.
    """
    if not data:
        raise EmptyFileError("文件是空的，请换一个文件。", "The file is empty; choose another file.")
    if data.count(_ENTRY) > MAX_MEMBERS:  # before zipfile makes an object of each
        raise _too_large()
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except _DEFECTS as error:
        raise _damaged() from error
    if any(_points_outside(info.filename) for info in archive.infolist()):
        raise _damaged()
    return Archive(archive, len(data))


def parse_xml(data: bytes) -> etree._Element:
    """Parse XML without entities, document types or network, comments and instructions left out.

    Raises DamagedError when it is not well-formed, brings a document type, or is nested deeper than MAX_DEPTH.
    """
    from lxml import etree  # noqa: PLC0415 — heavy, and not every run needs it

    parser = etree.XMLParser(
        resolve_entities=False,
        load_dtd=False,
        no_network=True,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise _damaged() from error
    information: Any = root.getroottree().docinfo  # the stubs know only half of it
    if information.doctype or _too_deep()(root):
        raise _damaged()
    return root


@cache
def _too_deep() -> etree.XPath:
    """Return a test for nesting; as a path of that many steps it costs one pass over the tree, in C."""
    from lxml import etree  # noqa: PLC0415 — heavy, and not every run needs it

    return etree.XPath("boolean(" + "/*" * (MAX_DEPTH + 1) + ")")


def _plain(name: str) -> str:
    return name.replace("\\", "/")


def _points_outside(name: str) -> bool:
    name = _plain(name)
    return name.startswith("/") or ".." in name.split("/") or name[1:3] == ":/"


def _damaged() -> DamagedError:
    return DamagedError(
        "文件已损坏或不完整，请用 WPS 或 Word 打开后另存一份再读。",
        "The file is damaged or incomplete; open it in WPS or Word and save it anew.",
    )


def _too_large() -> TooLargeError:
    return TooLargeError(
        "文件解压后过大，不予读取；请确认文件来源，或拆成几个文件再读。",
        "The file unpacks to more than is allowed; make sure where it comes from, or split it.",
    )
