"""The text of a Word 97–2003 file, read out of its binary parts.

A file keeps its text in pieces, listed in the piece table; characters 7 and 13 end cells and paragraphs, 19 to 21 mark
fields. What a paragraph is (end of a table row, heading) stands in pages of 512 bytes, by place in the file.
After [MS-DOC], sections 2.4 (text, paragraph properties) and 2.5 (header of the file).
"""

from __future__ import annotations

import re
import struct
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum
from itertools import accumulate, pairwise
from typing import Final, NamedTuple

from luoshi.reading.formats import office
from luoshi.reading.limits import MAX_CHARACTERS

__all__ = ["Binary", "Grid", "OddFileError", "Paragraph", "Story", "header_flags"]

_MAGIC: Final = 0xA5EC
_OLDEST: Final = 0xC1  # Word 97
_ENCRYPTED: Final = 0x0100
_SECOND_TABLE: Final = 0x0200
_PAGE: Final = 512
_CONTROL: Final = re.compile("[\x00-\x1f\u00ad\ufffc]")
_HALF: Final = re.compile("[\ud800-\udfff]")
_ENDS: Final = {"\x07", "\x0c", "\r"}
_SIGNS: Final = {"\t": "\t", "\n": "\n", "\x0b": "\n", "\x0e": "\n", "\x1e": "-"}
_OPERAND_BYTES: Final = (1, 1, 2, 4, 2, 2, 0, 3)
_IN_TABLE: Final = 0x2416
_ROW_END: Final = 0x2417
_OUTLINE: Final = 0x2640
_MERGE: Final = 0xD62B
_ROW_DEFINITION: Final = 0xD608
_HEADINGS: Final = range(1, 10)


class OddFileError(Exception):
    """The file is not one that is understood here; a fuller program may understand it."""


class Story(IntEnum):
    """The texts of a file, in the order in which they lie one after another."""

    BODY = 0
    FOOTNOTES = 1
    MARGINS = 2
    MACROS = 3
    COMMENTS = 4
    ENDNOTES = 5
    BOXES = 6
    MARGIN_BOXES = 7


class _Table(IntEnum):
    """Indexes of the tables that the header of the file points to."""

    PARAGRAPHS = 13
    PIECES = 33
    LISTS_IN_USE = 74


class Grid(NamedTuple):
    """Where the cells of one row begin and the last one ends, and which of them go on with the cell above."""

    edges: tuple[int, ...]
    goes_on: frozenset[int]


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One paragraph; `end` is the character that ends it, `row_end` whether that also ends a table row.

    `grid` is known, if at all, at the end of a row.
    """

    text: str
    end: str
    row_end: bool
    in_table: bool
    level: int | None
    grid: Grid | None = None


class _Piece(NamedTuple):
    text: str
    place: int
    width: int


class _Look(NamedTuple):
    row_end: bool = False
    in_table: bool = False
    level: int | None = None
    grid: Grid | None = None


def header_flags(document: bytes) -> int:
    """Return the flags of a WordDocument stream; raises OddFileError for another or older kind of file."""
    if len(document) < 34:
        raise OddFileError
    magic, version = struct.unpack_from("<HH", document)
    if magic != _MAGIC or version < _OLDEST:
        raise OddFileError
    return int(struct.unpack_from("<H", document, 0x0A)[0])


class Binary:
    """A file's texts; raises OddFileError where its parts contradict one another, LockedError for a password."""

    def __init__(self, document: bytes, tables: tuple[bytes, bytes]) -> None:
        flags = header_flags(document)
        if flags & _ENCRYPTED:
            raise office.locked()
        self._document = document
        self._table = tables[bool(flags & _SECOND_TABLE)]
        try:
            self._lengths, self._places = self._header()
            self._pieces = list(self._read_pieces())
            self._firsts = list(accumulate((len(piece.text) for piece in self._pieces), initial=0))
            self._text = "".join(piece.text for piece in self._pieces)
            self._looks = dict(self._read_looks())
        except (struct.error, IndexError, ValueError) as error:
            raise OddFileError from error
        if len(self._text) < self._lengths[Story.BODY]:
            raise OddFileError
        self._look_places = sorted(self._looks)

    @property
    def has_lists(self) -> bool:
        """Whether lists are in use, whose numbers are not read here."""
        data = self._part(_Table.LISTS_IN_USE)
        return len(data) >= 4 and struct.unpack_from("<I", data)[0] > 0

    def paragraphs(self, story: Story) -> Iterator[Paragraph]:
        """Yield the paragraphs and cells of one text: of fields the result, of drawings and references nothing."""
        first = sum(self._lengths[:story])
        text = self._text[first : first + self._lengths[story]]
        shown: list[bool] | None = [] if text.count("\x13") == text.count("\x15") else None
        pieces: list[str] = []
        done = 0
        for found in _CONTROL.finditer(text):
            sign = found[0]
            visible = not shown or all(shown)
            if visible:
                pieces.append(text[done : found.start()] + _SIGNS.get(sign, ""))
            done = found.end()
            if shown is not None:
                _follow(shown, sign)
            if sign in _ENDS:
                look = self._look(first + found.start())
                ends_row = look.row_end and sign == "\x07"
                yield Paragraph(_whole(pieces), sign, ends_row, look.in_table, look.level, look.grid)
                pieces = []
        if "".join(pieces) or done < len(text):
            yield Paragraph(_whole([*pieces, text[done:]]), "\r", row_end=False, in_table=False, level=None)

    def _header(self) -> tuple[list[int], list[tuple[int, int]]]:
        """Return the lengths of the texts, and place and length of each table."""
        document = self._document
        words = struct.unpack_from("<H", document, 32)[0]
        at = 34 + 2 * words
        longs = struct.unpack_from("<H", document, at)[0]
        lengths = [max(0, length) for length in struct.unpack_from("<8i", document, at + 2 + 12)]
        at += 2 + 4 * longs
        count = struct.unpack_from("<H", document, at)[0]
        flat = struct.unpack_from(f"<{2 * count}I", document, at + 2)
        return lengths, list(zip(flat[::2], flat[1::2], strict=True))

    def _part(self, which: _Table) -> bytes:
        if which >= len(self._places):
            return b""
        place, length = self._places[which]
        return self._table[place : place + length]

    def _read_pieces(self) -> Iterator[_Piece]:
        table = self._part(_Table.PIECES)
        at = 0
        while table[at] == 1:  # formatting of pieces
            at += 3 + struct.unpack_from("<H", table, at + 1)[0]
        size = struct.unpack_from("<I", table, at + 1)[0]
        pieces = table[at + 5 : at + 5 + size]
        count = (len(pieces) - 4) // 12
        ends = struct.unpack_from(f"<{count + 1}I", pieces)
        if table[at] != 2 or ends[0] != 0 or ends[-1] > MAX_CHARACTERS:
            raise OddFileError
        for index, (first, last) in enumerate(pairwise(ends)):
            yield self._piece(struct.unpack_from("<I", pieces, 4 * (count + 1) + 8 * index + 2)[0], last - first)

    def _piece(self, place: int, length: int) -> _Piece:
        """Decode a piece: two bytes a character, or one where bit 30 says so."""
        narrow = bool(place & 0x40000000)
        place, width = ((place & 0x3FFFFFFF) // 2, 1) if narrow else (place & 0x3FFFFFFF, 2)
        data = self._document[place : place + width * length]
        if length < 0 or len(data) < width * length:
            raise OddFileError
        text = data.decode("cp1252", "replace") if narrow else _utf16(data)
        return _Piece(text, place, width)

    def _read_looks(self) -> Iterator[tuple[int, _Look]]:
        """Yield what is said of each run of paragraphs, by the place in the file where it begins."""
        table = self._part(_Table.PARAGRAPHS)
        count = (len(table) - 4) // 8
        if count > len(self._document) // _PAGE:
            raise OddFileError
        for index in range(max(count, 0)):
            number = struct.unpack_from("<I", table, 4 * (count + 1) + 4 * index)[0] & 0x3FFFFF
            page = self._document[number * _PAGE : (number + 1) * _PAGE]
            runs = page[_PAGE - 1] if len(page) == _PAGE else 0
            for run, place in enumerate(struct.unpack_from(f"<{runs}I", page)):
                yield place, _look(page, 2 * page[4 * (runs + 1) + 13 * run])

    def _look(self, position: int) -> _Look:
        """Return what is said of the paragraph that ends at a character."""
        index = bisect_right(self._firsts, position) - 1
        piece = self._pieces[index]
        place = piece.place + piece.width * (position - self._firsts[index])
        before = bisect_right(self._look_places, place) - 1
        return self._looks[self._look_places[before]] if before >= 0 else _Look()


def _utf16(data: bytes) -> str:
    """Decode so that the count of characters stays that of the file, which counts a rare character as two."""
    try:
        text = data.decode("utf-16-le")
    except UnicodeDecodeError:
        text = ""
    return text if 2 * len(text) == len(data) else "".join(map(chr, struct.unpack(f"<{len(data) // 2}H", data)))


def _whole(pieces: list[str]) -> str:
    """Join, and make one character again of each rare one that the file counts as two."""
    text = "".join(pieces)
    if text.isascii() or not _HALF.search(text):
        return text
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def _follow(shown: list[bool], sign: str) -> None:
    """Keep track of fields: 19 begins one, 20 begins its result, 21 ends it."""
    if sign == "\x13":
        shown.append(False)
    elif sign == "\x14" and shown:
        shown[-1] = True
    elif sign == "\x15" and shown:
        shown.pop()


def _look(page: bytes, at: int) -> _Look:
    """Read the properties of one run of paragraphs out of its page."""
    if not at:
        return _Look()
    size = 2 * page[at] - 1
    if page[at] == 0:
        at += 1
        size = 2 * page[at]
    said = page[at + 1 : at + 1 + size]
    style = int.from_bytes(said[:2], "little")
    properties = list(_properties(said[2:]))
    last = dict(properties)
    level: int | None = style if style in _HEADINGS else None
    if _OUTLINE in last:
        level = last[_OUTLINE][0] + 1 if last[_OUTLINE][0] + 1 in _HEADINGS else None
    row_end = _is_on(last, _ROW_END)
    return _Look(row_end, _is_on(last, _IN_TABLE), level, _grid(properties) if row_end else None)


def _is_on(properties: dict[int, bytes], number: int) -> bool:
    return number in properties and properties[number][0] != 0


def _grid(properties: list[tuple[int, bytes]]) -> Grid | None:
    """Read a row's definition: the count of its cells, their edges, 20 bytes on each; then later vertical merges."""
    definition = dict(properties).get(_ROW_DEFINITION, b"")
    count = definition[0] if definition else 0
    cells = definition[1 + 2 * (count + 1) :]
    if not count or len(definition) < 1 + 2 * (count + 1):
        return None
    edges = struct.unpack_from(f"<{count + 1}h", definition, 1)
    merges = {cell: cells[20 * cell] >> 5 & 3 for cell in range(min(count, len(cells) // 20))}
    merges |= {operand[0]: operand[1] for number, operand in properties if number == _MERGE and len(operand) == 2}
    return Grid(edges, frozenset(cell for cell, merge in merges.items() if merge == 1))


def _properties(said: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield the properties; the size of each is in its number or in the first bytes of what it says."""
    at = 0
    while at + 3 <= len(said):
        number = int.from_bytes(said[at : at + 2], "little")
        at += 2
        size = _OPERAND_BYTES[number >> 13]
        if number == _ROW_DEFINITION:  # a size of two bytes, one too many
            size = int.from_bytes(said[at : at + 2], "little") - 1
            at += 2
        elif not size:
            size = said[at]
            at += 1
        if size > 0 and at + size <= len(said):
            yield number, said[at : at + size]
        at += max(size, 0)
