"""Files to text: every sentence of a document, where it stands, and the very characters it came from.

::

    document = read(Path("讲话.docx"))
    for sentence in document.sentences:
        document.quote(sentence.start, sentence.end)  # the original characters
        sentence.clean                                # the same, repaired

What is read: txt, Markdown, csv, web pages and web archives, docx, doc, wps, rtf, odt, xlsx, xls, ods, pdf, ofd and
pictures, told by their content. Every offset counts characters of :attr:`Document.text`. A file that cannot be read
raises a :class:`ReadError` whose sentence says what to do; nothing in a file is ever executed, and nothing is fetched.
Importing this room costs nothing; what a file needs is imported when it is read.
"""

from __future__ import annotations

from pathlib import Path

from luoshi.reading.document import Document, Found, FoundDate, Noise, Origin, Part, Sentence, Speech
from luoshi.reading.errors import (
    DamagedError,
    EmptyFileError,
    LockedError,
    MissingHelperError,
    ReadError,
    TooLargeError,
    UnknownFormatError,
)
from luoshi.reading.extract import Block, Extract, Place, Repair, Role

__all__ = [
    "Block",
    "DamagedError",
    "Document",
    "EmptyFileError",
    "Extract",
    "Found",
    "FoundDate",
    "LockedError",
    "MissingHelperError",
    "Noise",
    "Origin",
    "Part",
    "Place",
    "ReadError",
    "Repair",
    "Role",
    "Sentence",
    "Speech",
    "TooLargeError",
    "UnknownFormatError",
    "read",
]


def read(source: Path | bytes, name: str = "") -> Document:
    """Read a file, or the bytes of one called `name`, into a document.

    Raises:
        ReadError: the file cannot be read; the error's class and sentence say why and what to do.
        OSError: there is no such file, or it may not be opened.
    """
    from luoshi.reading.reader import read_extract  # noqa: PLC0415 — heavy, and not every run needs it
    from luoshi.reading.structure import build  # noqa: PLC0415 — heavy, and not every run needs it

    name = name or ("" if isinstance(source, bytes) else source.name)
    extract, sha256 = read_extract(source, name)
    return build(extract, name=name, sha256=sha256)
