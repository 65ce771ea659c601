"""Markdown: the text is the decoded file, mark-up and all; the blocks leave out what only marks up.

A heading's `#`, a quotation's `>` and a bullet stand before the start of their block, emphasis around a whole line
stands outside it; emphasis inside a line stays. Numbers of lists stay too, they are part of the wording. Lines that
print nothing (rules, underlines of headings, fences, comments, the settings at the top) belong to no block.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from luoshi.reading.encoding import loss_warnings
from luoshi.reading.extract import Block, Extract, Place, Role
from luoshi.reading.formats.plain import Span, paragraphs, text_of

__all__ = ["read"]

_ITEM: Final = re.compile(r"[ \t]*(?:[-*+>]|\d+[.)])[ \t]")
_LEAD: Final = re.compile(r"[ \t]{0,8}(?:>[ \t]?|[-*+][ \t]+(?:\[[ xX]\][ \t]+)?)")
_HEADING: Final = re.compile(r"[ \t]{0,3}(#{1,6})(?:[ \t　]+|(?=[^#\s]))")
_CLOSING: Final = re.compile(r"[ \t]+#+[ \t]*$")
_RULE: Final = re.compile(r"[ \t]{0,3}(?:(?:-[ \t]*){3,}|(?:\*[ \t]*){3,}|(?:_[ \t]*){3,}|=+[ \t]*)$")
_FENCE: Final = re.compile(r"[ \t]{0,3}(?:`{3,}|~{3,})")
_UNDERLINE: Final = re.compile(r"[ \t]{0,3}(=+|-{3,})[ \t]*$")
_DIVIDER: Final = re.compile(r"[ \t]*\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)*\|?[ \t]*$")
_CELL: Final = re.compile(r"(?:\\.|[^|\\])+")
_EMPHASIS: Final = re.compile(r"(\*{1,3}|_{1,3})(?=\S)(?:(?!\1).)+?(?<=\S)\1$")
_COMMENT: Final = re.compile(r"[ \t]*<!--(?:(?!-->).)*-->[ \t]*$")
_SETTING: Final = re.compile(r"(title|author|date)\s*:\s*[\"']?(.*?)[\"']?\s*$", re.IGNORECASE)
_SETTINGS_END: Final = ("---", "...")


def read(data: bytes, name: str) -> Extract:  # noqa: ARG001 — every reader takes the name
    """Read a Markdown file."""
    decoded = text_of(data)
    text = decoded.text
    spans = [(match.start(), match.end()) for match in re.finditer(r"[^\n]+", text)]
    first, properties = _settings(text, spans)
    blocks = tuple(_blocks(text, _joined(text, spans[first:])))
    return Extract(text, "md", blocks, properties, warnings=loss_warnings(decoded))


def _settings(text: str, lines: list[Span]) -> tuple[int, dict[str, str]]:
    """Return how many lines at the top are settings (between `---` lines), and what they say of the document."""
    if not lines or lines[0][0] != 0 or text[slice(*lines[0])].rstrip() != "---":
        return 0, {}
    properties: dict[str, str] = {}
    for number, line in enumerate(lines[1:60], start=1):
        words = text[slice(*line)].rstrip()
        if words in _SETTINGS_END:
            return number + 1, properties
        setting = _SETTING.match(words)
        if setting and setting[2]:
            properties[{"date": "created"}.get(setting[1].lower(), setting[1].lower())] = setting[2]
    return 0, {}


def _joined(text: str, lines: list[Span]) -> list[Span]:
    """Return the lines, joined to paragraphs where the whole file was cut to a width."""
    if not lines:
        return []
    offset = lines[0][0]
    return [(start + offset, end + offset) for start, end in paragraphs(text[offset:])]


def _blocks(text: str, spans: list[Span]) -> Iterator[Block]:
    """Go through the lines and yield the blocks that they hold."""
    number = table = 0
    fenced = False
    while number < len(spans):
        start, end = spans[number]
        line = text[start:end]
        under = text[slice(*spans[number + 1])] if number + 1 < len(spans) and spans[number + 1][0] == end + 1 else ""
        number += 1
        if _FENCE.match(line):
            fenced = not fenced
        elif fenced:
            yield Block(start, end)
        elif "|" in line and "-" in under and _is_table(line, under):
            rows = _table_rows(text, spans, number - 1)
            yield from _cells(text, rows, table)
            number, table = number + len(rows), table + 1
        elif not _RULE.match(line) and not _COMMENT.match(line):
            yield from _paragraph(text, start, end, None if _ITEM.match(line) else _level_under(under))


def _level_under(under: str) -> int | None:
    """Return the level that an underline gives to the line above it."""
    match = _UNDERLINE.match(under)
    return None if match is None else (1 if match[1][0] == "=" else 2)


def _paragraph(text: str, start: int, end: int, level: int | None) -> Iterator[Block]:
    """Yield the block of one line (or paragraph) without the signs that only mark it up."""
    while lead := _LEAD.match(text, start, end):
        start = lead.end()
    if heading := _HEADING.match(text, start, end):
        level, start = len(heading[1]), heading.end()
        closing = _CLOSING.search(text, start, end)
        end = closing.start() if closing else end
    start, end = _trimmed(text, start, end)
    if emphasis := _EMPHASIS.match(text[start:end]):
        start, end = start + len(emphasis[1]), end - len(emphasis[1])
    if text[start:end].strip():
        yield Block(start, end, level=level)


def _trimmed(text: str, start: int, end: int) -> Span:
    """Return the span without blanks at its ends."""
    words = text[start:end]
    return start + len(words) - len(words.lstrip()), end - len(words) + len(words.rstrip())


def _is_table(line: str, under: str) -> bool:
    """Tell a table by the line of dashes under its first row: as many columns, and a bar in it unless there is one."""
    return _DIVIDER.match(under) is not None and _width(line) == _width(under)


def _width(line: str) -> int:
    bare = line.strip()
    return len(_CELL.findall(bare.removeprefix("|").removesuffix("|")))


def _table_rows(text: str, spans: list[Span], first: int) -> list[Span]:
    """Return the lines of a table with its line of dashes left out: they follow one another and hold bars."""
    rows = [spans[first]]
    end = spans[first + 1][1]
    for span in spans[first + 2 :]:
        if span[0] != end + 1 or "|" not in text[slice(*span)]:
            break
        rows.append(span)
        end = span[1]
    return rows


def _cells(text: str, rows: list[Span], table: int) -> Iterator[Block]:
    """Yield the cells of a table that are not empty."""
    for number, row in enumerate(rows):
        for column, (start, end) in enumerate(_split(text, row)):
            if start < end:
                yield Block(start, end, Role.CELL, place=Place(table, number, column))


def _split(text: str, row: Span) -> Iterator[Span]:
    """Yield the spans between the bars of a row, without blanks around them; a bar behind a backslash is no bar."""
    start, end = _trimmed(text, *row)
    start += text.startswith("|", start)
    while start < end:
        cell = _CELL.match(text, start, end)
        stop = cell.end() if cell else start
        yield _trimmed(text, start, stop)
        start = stop + 1
