"""From an extract to a document: repairs, noise, speeches, sentences and the outline, in this order."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from luoshi.reading.document import Document, Noise, Part, Sentence, Speech
from luoshi.reading.extract import Block, Extract, Role
from luoshi.reading.noise import find_noise
from luoshi.reading.origin import find_origin
from luoshi.reading.outline import Marker, Plain, Stack, find_marker, kind_order, part_of_heading, run_ins
from luoshi.reading.repair import View, repair
from luoshi.reading.sentences import split_sentences
from luoshi.reading.speeches import split

__all__ = ["build"]

_RUN_IN_LEVEL = 99
"""Run-in headings stand below everything that is numbered."""
_WRAPPED = frozenset({"txt", "html", "mhtml"})
"""Formats in which a line break inside a block was made by the width of the page, as in every declared heading."""
_BESIDE = frozenset({Role.HEADER, Role.FOOTER, Role.FOOTNOTE})
"""Blocks that stand beside the text and so under none of its headings."""
_TITLE_LENGTH = 6
"""Characters; a declared heading that is the speech's title of at least so many names no part of it."""
_HEADING_LENGTH = 60
"""Characters; a numbered line longer than this opens an outline item, but its words do not name a part."""


def build(extract: Extract, *, name: str, sha256: str) -> Document:
    """Return the document that an extract holds."""
    view, repairs = repair(extract.text)
    lines = [view.text[_clean_span(view, block)] for block in extract.blocks]
    noise = find_noise(lines, [block.role for block in extract.blocks])
    origin = find_origin(view, extract.blocks, noise, extract.properties)
    speeches = _speeches(extract, lines, noise)
    year = origin.date.day.year if origin.date else None
    return Document(
        name=name,
        format=extract.format,
        sha256=sha256,
        text=extract.text,
        view=view,
        blocks=extract.blocks,
        speeches=tuple(speech for speech, _, _ in speeches),
        sentences=tuple(_sentences(extract, view, noise, speeches, year)),
        origin=origin,
        repairs=(*extract.repairs, *repairs),
        warnings=extract.warnings,
        properties=extract.properties,
    )


def _clean_span(view: View, block: Block) -> slice:
    return slice(view.clean(block.start), view.clean(block.end))


def _speeches(extract: Extract, lines: list[str], noise: list[Noise | None]) -> list[tuple[Speech, int, int]]:
    """Return every speech with its first and last block."""
    found = []
    levels = [block.level for block in extract.blocks]
    for number, part in enumerate(split(lines, noise, levels), 1):
        start, end = extract.blocks[part.first_block].start, extract.blocks[part.last_block].end
        speech = Speech(number, part.title, start, end, part.same_as, part.about)
        found.append((speech, part.first_block, part.last_block))
    return found


@dataclass(slots=True)
class _Raw:
    """A sentence before the outline is known."""

    start: int
    end: int
    clean: str
    block: int
    order: int
    marker: Marker | None
    run_in: bool = False


def _sentences(
    extract: Extract,
    view: View,
    noise: list[Noise | None],
    speeches: list[tuple[Speech, int, int]],
    year: int | None,
) -> Iterator[Sentence]:
    index = 0
    for speech, first, last in speeches:
        raw = [piece for block in range(first, last + 1) for piece in _cut(extract, view, block)]
        _mark_run_ins(raw, extract.blocks)
        orders = kind_order([piece.marker for piece in raw if piece.marker])
        outline = _Outline(orders, year, speech.title)
        for piece in raw:
            block = extract.blocks[piece.block]
            level, path, part = outline.place(piece, block, index)
            yield Sentence(
                start=piece.start,
                end=piece.end,
                clean=piece.clean,
                block=piece.block,
                order=piece.order,
                speech=speech.id,
                marker=piece.marker.text if piece.marker else "",
                level=level,
                path=path,
                part=part,
                noise=noise[piece.block],
            )
            index += 1


def _cut(extract: Extract, view: View, number: int) -> Iterator[_Raw]:
    """Yield the sentences of one block."""
    block = extract.blocks[number]
    at = _clean_span(view, block)
    text = view.text[at]
    joined = extract.format in _WRAPPED or block.level is not None
    for order, (start, end) in enumerate(split_sentences(text, join_lines=joined and block.role is not Role.CELL)):
        original = view.original(at.start + start, at.start + end)
        clean = text[start:end].replace("\n", "")
        yield _Raw(*original, clean, number, order, find_marker(clean))


def _mark_run_ins(raw: list[_Raw], blocks: tuple[Block, ...]) -> None:
    """Find the run-in headings among the unmarked sentences of a speech's paragraphs."""
    section = 0
    plain: list[Plain] = []
    pieces: list[_Raw] = []
    for index, piece in enumerate(raw):
        if piece.marker or blocks[piece.block].level:
            section += 1
        elif blocks[piece.block].role is Role.PARAGRAPH:
            before = raw[index - 1] if piece.order else None
            after = raw[index + 1] if index + 1 < len(raw) and raw[index + 1].block == piece.block else None
            reach = None if before is None or before.marker else len(before.clean)
            plain.append(Plain(piece.clean, section, reach, len(after.clean) if after else 0))
            pieces.append(piece)
    for index in run_ins(plain):
        pieces[index].run_in = True


def _declared(level: float) -> bool:
    """Tell whether a level is that of a declared heading without a marker."""
    return level % 1 == 0.5


class _Outline:
    """Places the sentences of one speech, one after the other, under the items that are open."""

    def __init__(self, orders: dict[str, int], year: int | None, title: str) -> None:
        self._orders = orders
        self._year = year
        self._title = title if len(title) >= _TITLE_LENGTH else ""
        self._below: dict[str, float] = {}
        """For each kind of marker that was met, the declared heading that its first item stood under."""
        self._stack = Stack()
        self._parts = Stack()
        self._part_of: dict[int, Part] = {}
        self._started = False

    def place(self, piece: _Raw, block: Block, index: int) -> tuple[int | None, tuple[int, ...], Part]:
        """Return the sentence's own level (None for running text), the items above it and its part."""
        if block.role in _BESIDE:
            return None, (), Part.NONE
        level = self._level(piece, block)
        if level is None:
            return None, self._stack.path(), self._part()
        self._stack.leave(level)
        path = self._stack.path()
        self._stack.enter(level, index)
        self._parts.leave(level)
        named = part_of_heading(piece.clean, self._year, top=not path) if len(piece.clean) <= _HEADING_LENGTH else None
        if named:
            self._parts.enter(level, index)
            self._part_of[index] = named
        self._started = True
        return len(path) + 1, path, self._part()

    def _level(self, piece: _Raw, block: Block) -> float | None:
        """Return how high an item stands; a declared heading stands above the markers of the same number.

        The title of the speech is no item: its words would name a part, and everything would stand under it.
        """
        if block.role is Role.CELL:
            return None
        if block.level and piece.order == 0 and not piece.marker:
            return None if self._is_title(piece) else block.level - 0.5
        if piece.run_in:
            return _RUN_IN_LEVEL
        if piece.marker is None:
            return None
        return self._marked(piece.marker.kind) + min(block.depth, 9) / 11

    def _is_title(self, piece: _Raw) -> bool:
        """Tell whether a declared heading before all items is the speech's title, or a line of it."""
        return not self._started and bool(self._title) and piece.clean in self._title

    def _marked(self, kind: str) -> float:
        """Return how high the items of one kind stand: by their order, but below the headings that held the first.

        The numbers of a list that opens under a declared heading count what stands in it (1. under 工作安排).
        """
        order = self._orders[kind]
        if kind not in self._below:
            self._below[kind] = self._stack.lowest(_declared)
        floor = max(level for other, level in self._below.items() if self._orders[other] <= order)
        return max(order, floor + order / 100) if floor else order

    def _part(self) -> Part:
        open_parts = self._parts.path()
        if open_parts:
            return self._part_of[open_parts[-1]]
        return Part.NONE if self._started else Part.OPENING
