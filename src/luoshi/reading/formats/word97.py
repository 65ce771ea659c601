"""Word 97–2003 and WPS documents (doc, wps), and the kinds that LibreOffice knows (rtf, odt).

A doc is read directly where `olefile` (extra `office`) is installed: text, tables, headings, notes, text boxes. What
cannot be told there is left to LibreOffice, which makes a docx of the file: automatic numbers above all.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import chain
from pathlib import PurePath
from typing import Final

from luoshi.reading.extract import Builder, Extract, Role
from luoshi.reading.formats import docx, office
from luoshi.reading.formats.word97_binary import Binary, OddFileError, Paragraph, Story
from luoshi.reading.formats.word97_ole import streams
from luoshi.reading.formats.word97_tables import Row, placed, rows_and_paragraphs
from luoshi.words import Words

__all__ = ["read"]

_SUFFIXES: Final = frozenset({".doc", ".wps", ".rtf", ".odt", ".dot", ".wpt", ".ott", ".fodt", ".sxw", ".uot"})
_NUMBERS: Final = Words(
    "文件里用了自动编号，编号没有读出；安装 LibreOffice 后可以读出，或另存为 .docx 再读。",
    "The file numbers its paragraphs automatically and the numbers were not read; install LibreOffice, or save it as "
    ".docx.",
)
_ASIDES: Final = (
    (Story.BOXES, Role.TEXTBOX),
    (Story.FOOTNOTES, Role.FOOTNOTE),
    (Story.ENDNOTES, Role.FOOTNOTE),
)


def read(data: bytes, name: str) -> Extract:
    """Read a document of the older kinds.

    Raises LockedError, and MissingHelperError where neither `olefile` can tell nor LibreOffice is installed; see
    :func:`~luoshi.reading.formats.office.convert` for the rest.
    """
    binary = _binary(data)
    if binary is not None and (not binary.has_lists or office.find_office() is None):
        return _extract(binary)
    suffix = PurePath(name).suffix.lower()
    converted = office.convert(data, suffix if suffix in _SUFFIXES else ".doc")
    return docx.read(converted, name)


def _binary(data: bytes) -> Binary | None:
    """Open a doc directly, None where that cannot be done."""
    found = streams(data, "WordDocument")
    try:
        return Binary(found[0], (_stream(data, "0Table"), _stream(data, "1Table"))) if found else None
    except OddFileError:
        return None


def _stream(data: bytes, name: str) -> bytes:
    return next(iter(streams(data, name)), b"")


def _extract(binary: Binary) -> Extract:
    builder = Builder("doc")
    _body(builder, binary.paragraphs(Story.BODY))
    for story, role in _ASIDES:
        for paragraph in binary.paragraphs(story):
            builder.add(paragraph.text, role=role)
    seen: dict[str, None] = dict.fromkeys(
        paragraph.text.strip()
        for paragraph in chain(binary.paragraphs(Story.MARGINS), binary.paragraphs(Story.MARGIN_BOXES))
    )
    for text in seen:
        builder.add(text, role=Role.HEADER)
    if binary.has_lists:
        builder.warnings.append(_NUMBERS)
    return builder.done()


def _body(builder: Builder, paragraphs: Iterable[Paragraph]) -> None:
    """Append paragraphs and tables."""
    table: list[Row] = []
    for line in rows_and_paragraphs(paragraphs):
        if isinstance(line, Row):
            table.append(line)
            continue
        if table:
            builder.table(placed(table))
            table = []
        builder.add(line.text, level=line.level)
    if table:
        builder.table(placed(table))
