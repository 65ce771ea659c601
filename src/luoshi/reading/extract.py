"""What a format reader hands over: one text, and the places in it that the file itself marked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from luoshi.reading.errors import TooLargeError
from luoshi.reading.limits import MAX_CHARACTERS
from luoshi.words import Words

__all__ = ["Block", "Builder", "Cell", "Extract", "Place", "Repair", "Role"]


class Role(StrEnum):
    """What the file says a block is."""

    PARAGRAPH = "paragraph"
    CELL = "cell"
    TEXTBOX = "textbox"
    FOOTNOTE = "footnote"
    HEADER = "header"
    FOOTER = "footer"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a cell stands: table, row and column counted from 0 (as printed, merged cells counted once each place)."""

    table: int
    row: int
    column: int
    row_span: int = 1
    column_span: int = 1


@dataclass(frozen=True, slots=True)
class Block:
    """One paragraph or one table cell: characters `start` to `end` (not included) of the text.

    `level` is the heading level that the file declares (1 is the highest), None where it declares none. `page` counts
    from 1 and is None in formats without pages. `depth` says how deep the numbered list is nested that gave the block
    its number, 0 outside lists; only formats whose lists number every level alike (1. under 1.) tell it.
    """

    start: int
    end: int
    role: Role = Role.PARAGRAPH
    level: int | None = None
    page: int | None = None
    place: Place | None = None
    depth: int = 0


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell as a format reader found it, before it has a place in the text."""

    text: str
    column: int
    row_span: int = 1
    column_span: int = 1


@dataclass(frozen=True, slots=True)
class Repair:
    """One kind of mending that was done, and how often."""

    name: str
    count: int
    words: Words


@dataclass(frozen=True, slots=True)
class Extract:
    """The text of a file and what the file said about its parts.

    `text` is the *original* text of the document from here on: every offset anywhere in Luoshi counts its characters.
    Of a plain text file it is the decoded file without a byte-order mark; of other formats it is the blocks, one a
    line, the cells of one table row joined by tabs. Headers, footers and footnotes follow the body.
    """

    text: str
    format: str
    blocks: tuple[Block, ...]
    properties: Mapping[str, str] = field(default_factory=dict)
    """What the file says of itself: `title`, `author`, `created` and `modified` (ISO), where present."""
    repairs: tuple[Repair, ...] = ()
    warnings: tuple[Words, ...] = ()


class Builder:
    """Puts blocks together into an :class:`Extract`, keeping count of the places."""

    def __init__(self, format_: str) -> None:
        self.format = format_
        self.properties: dict[str, str] = {}
        self.repairs: list[Repair] = []
        self.warnings: list[Words] = []
        self._parts: list[str] = []
        self._blocks: list[Block] = []
        self._length = 0
        self._tables = 0

    def add(
        self,
        text: str,
        *,
        role: Role = Role.PARAGRAPH,
        level: int | None = None,
        page: int | None = None,
        depth: int = 0,
    ) -> None:
        """Append one block as a line (or lines) of its own; a block without a visible character leaves no trace."""
        text = text.strip("\n")
        if text.strip():
            start = self._append(text)
            self._blocks.append(Block(start, start + len(text), role, level, page, depth=depth))
            self._append("\n")

    def table(self, rows: Sequence[Sequence[Cell]], *, page: int | None = None) -> None:
        """Append a table, one line a row; each cell's text stands once, at the cell's first place."""
        table, self._tables = self._tables, self._tables + 1
        for number, row in enumerate(rows):
            for index, cell in enumerate(row):
                if index:
                    self._append("\t")
                start = self._append(cell.text)
                if cell.text.strip():
                    place = Place(table, number, cell.column, cell.row_span, cell.column_span)
                    self._blocks.append(Block(start, start + len(cell.text), Role.CELL, None, page, place))
            self._append("\n")

    def done(self) -> Extract:
        """Return what was put together."""
        return Extract(
            "".join(self._parts),
            self.format,
            tuple(self._blocks),
            dict(self.properties),
            tuple(self.repairs),
            tuple(self.warnings),
        )

    def _append(self, text: str) -> int:
        start, self._length = self._length, self._length + len(text)
        if self._length > MAX_CHARACTERS:
            raise TooLargeError(
                f"文件的文字超过{MAX_CHARACTERS}字，请拆成几个文件再读。",
                f"The file holds more than {MAX_CHARACTERS} characters of text; split it into several files.",
            )
        self._parts.append(text)
        return start
