"""Text on a terminal, where a Chinese character is two columns wide."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

__all__ = ["TableColumn", "draw", "pad", "text_width", "visible", "wrap"]

_ATOM = re.compile(
    r"[（《〈「『【〔“‘≥≤]*(?:[!-~\u00a1-\u024f]+[ ]?|.)[，。、；：！？）》〉」』】〕”’％…·]*", re.DOTALL
)
"""What is not broken: a Latin word, or one character, with the opening marks before and the closing marks behind it."""

_GAP: Final = 2
"""Blank columns between two columns of a table."""

_PICTURES: Final = {code: 0x2400 + code for code in range(0x20) if chr(code) not in "\n\t"} | {0x7F: 0x2421}
_PICTURES_AND_C1: Final = _PICTURES | dict.fromkeys(range(0x80, 0xA0), 0xFFFD)


def visible(text: str) -> str:
    """Return the text, as long as it was, with a picture for every control character that could steer a terminal."""
    return text.translate(_PICTURES_AND_C1)


@lru_cache(maxsize=8192)
def _character_width(character: str) -> int:
    if unicodedata.category(character) in {"Mn", "Me", "Cf", "Cc"}:
        return 0
    return 2 if unicodedata.east_asian_width(character) in {"W", "F"} else 1


def text_width(text: str) -> int:
    """Return how many columns the text takes on one line."""
    return sum(map(_character_width, text))


def pad(text: str, width: int) -> str:
    """Return the text filled with spaces up to `width` columns."""
    return text + " " * max(0, width - text_width(text))


def wrap(text: str, width: int) -> list[str]:
    """Return the text in lines of at most `width` columns; an empty text takes one empty line.

    Lines break between words and between Chinese characters, never before a closing mark; what is longer than a line
    by itself is cut.
    """
    lines: list[str] = []
    for paragraph in text.split("\n"):
        lines.extend(_wrap_paragraph(paragraph.rstrip(), max(width, 2)))
    return lines


def _wrap_paragraph(text: str, width: int) -> Iterator[str]:
    line, used = "", 0
    for atom in _atoms(text, width):
        room = text_width(atom)
        if line and used + text_width(atom.rstrip(" ")) > width:
            yield line.rstrip(" ")
            line, used = "", 0
        line, used = line + atom, used + room
    yield line.rstrip(" ")


def _atoms(text: str, width: int) -> Iterator[str]:
    for atom in _ATOM.findall(text):
        if text_width(atom) <= width:
            yield atom
        else:
            yield from atom


@dataclass(frozen=True, slots=True)
class TableColumn:
    """One column to draw: `least` is the narrowest width that is still readable."""

    title: str
    cells: Sequence[str]
    least: int

    @property
    def natural(self) -> int:
        """The width at which nothing wraps."""
        lines = (line for cell in (self.title, *self.cells) for line in cell.split("\n"))
        return max(map(text_width, lines))


def draw(columns: Sequence[TableColumn], width: int) -> Iterator[str]:
    """Draw a table `width` columns wide; the least important columns, which stand last, go where there is no room."""
    columns = _fitting(columns, width)
    widths = _widths(columns, width)
    yield from _row([column.title for column in columns], widths)
    yield "─" * (sum(widths) + _GAP * (len(widths) - 1))
    for number in range(len(columns[0].cells)):
        if number:
            yield ""
        yield from _row([column.cells[number] for column in columns], widths)


def _fitting(columns: Sequence[TableColumn], width: int) -> list[TableColumn]:
    chosen: list[TableColumn] = []
    for column in columns:
        needed = sum(min(other.least, other.natural) + _GAP for other in (*chosen, column)) - _GAP
        if not chosen or needed <= width:
            chosen.append(column)
    return chosen


def _widths(columns: Sequence[TableColumn], width: int) -> list[int]:
    """Share out the room: every column its least, then one by one to whichever is most cramped."""
    naturals = [column.natural for column in columns]
    widths = [min(column.least, natural) for column, natural in zip(columns, naturals, strict=True)]
    room = width - sum(widths) - _GAP * (len(widths) - 1)
    for _ in range(room):
        cramped = max(range(len(widths)), key=lambda index: naturals[index] / widths[index])
        if naturals[cramped] <= widths[cramped]:
            break
        widths[cramped] += 1
    return widths


def _row(cells: Sequence[str], widths: Sequence[int]) -> Iterator[str]:
    wrapped = [wrap(visible(cell), width) for cell, width in zip(cells, widths, strict=True)]
    for number in range(max(map(len, wrapped))):
        line = [lines[number] if number < len(lines) else "" for lines in wrapped]
        padded = [pad(text, width) for text, width in zip(line, widths, strict=True)]
        yield (" " * _GAP).join(padded).rstrip()
