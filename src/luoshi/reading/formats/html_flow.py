"""A page's tree as the lines and tables that a browser shows, in order.

Blanks run together as on the screen; a line break of the source between two Chinese characters is no blank, because
Chinese has none there. No-break and zero-width characters stay as they are.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from luoshi.reading.extract import Cell, Role
from luoshi.reading.formats.html_table import Grid, Placed, grid_of
from luoshi.reading.formats.html_tree import BLOCKS, HEADINGS, Element
from luoshi.reading.formats.numbering_formats import formatted
from luoshi.reading.formats.plain import paragraphs

__all__ = ["Line", "Shown", "flow"]


@dataclass(frozen=True, slots=True)
class Line:
    """One paragraph as it is shown."""

    text: str
    level: int | None
    role: Role
    depth: int = 0
    """How deep the numbered list is nested that numbers the line."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A table as it is shown."""

    rows: tuple[tuple[Cell, ...], ...]


_PRE: Final = frozenset({"pre", "listing", "xmp", "plaintext"})
_KEPT: Final = str.maketrans({"\n": "\0", " ": "\1", "\t": "\2"})
_BACK: Final = str.maketrans({"\0": "\n", "\1": " ", "\2": "\t"})
_WIDE: Final = "[\u2e80-\ua4cf\uf900-\ufaff\ufe30-\ufe4f\uff00-\uff60“”‘’—…\U00020000-\U0003ffff]"
_WRAP: Final = re.compile(rf"(?<={_WIDE})[ \t]*\n[ \t\n]*(?={_WIDE})")
_BLANKS: Final = re.compile(r"[ \t\n]+")
_INVISIBLE: Final = re.compile("[\\s\u200b-\u200f\u2060\ufeff\u00ad]*")
_PRE_STYLE: Final = re.compile(r"white-space\s*:\s*(?:pre(?!-line)|break-spaces)", re.IGNORECASE)
_LIST_STYLE: Final = re.compile(r"list-style(?:-type)?\s*:[^;]*?([a-z-]+)\s*(?:;|$)", re.IGNORECASE)

# What HTML and CSS call a kind of list number, to Word's name for it and the sign that follows the number.
_NUMBERS: Final = {
    **dict.fromkeys(("a", "lower-alpha", "lower-latin"), ("lowerLetter", ". ")),
    **dict.fromkeys(("A", "upper-alpha", "upper-latin"), ("upperLetter", ". ")),
    **dict.fromkeys(("i", "lower-roman"), ("lowerRoman", ". ")),
    **dict.fromkeys(("I", "upper-roman"), ("upperRoman", ". ")),
    "decimal-leading-zero": ("decimalZero", ". "),
    **dict.fromkeys(("cjk-ideographic", "simp-chinese-informal", "trad-chinese-informal"), ("chineseCounting", "、")),
    "cjk-decimal": ("ideographDigital", "、"),
    "cjk-heavenly-stem": ("ideographTraditional", "、"),
    "simp-chinese-formal": ("chineseLegalSimplified", "、"),
}
_UNNUMBERED: Final = frozenset({"none", "disc", "circle", "square"})

_ROLE_NAMES: Final = {
    **dict.fromkeys(("navigation", "banner", "complementary", "search", "menubar"), Role.HEADER),
    "contentinfo": Role.FOOTER,
}
_ROLE_TAGS: Final = {"nav": Role.HEADER, "aside": Role.HEADER, "header": Role.HEADER, "footer": Role.FOOTER}
_SECTIONS: Final = frozenset({"article", "main", "section"})


def flow(root: Element) -> list[Line | Shown]:
    """Return what a page shows, from top to bottom."""
    walker = _Walker(Role.PARAGRAPH, None, in_section=False)
    walker.walk(root)
    walker.flush()
    return walker.items


@dataclass(slots=True)
class _Numbers:
    """A numbered list under way."""

    next: int
    step: int
    style: str


class _Walker:
    """Walks through a tree and gathers what it shows; cells of tables get a walker of their own."""

    def __init__(self, role: Role, level: int | None, *, in_section: bool) -> None:
        self.items: list[Line | Shown] = []
        self._role = role
        self._level = level
        self._in_section = in_section
        self._pre = False
        self._pieces: list[str] = []
        self._mark = ""
        self._lists: list[_Numbers | None] = []
        self._holds_table = False

    def walk(self, element: Element) -> None:
        """Gather what stands in an element."""
        for child in element.children:
            if isinstance(child, str):
                self._pieces.append(child.translate(_KEPT) if self._pre else child)
            else:
                self._meet(child)

    def flush(self) -> None:
        """End the line under way."""
        text = "".join(self._pieces)
        self._pieces.clear()
        if not text.strip():
            return
        text = _BLANKS.sub(" ", _WRAP.sub("", text))
        text = re.sub(" ?\0 ?", "\0", text).strip(" \0").translate(_BACK)
        # A heading is one block; elsewhere a line break ends a paragraph, unless the page was cut to a width.
        spans = paragraphs(text) if self._level is None else [(0, len(text))]
        for start, end in spans:
            if not _INVISIBLE.fullmatch(text, start, end):
                depth = len(self._lists) if self._mark else 0
                self.items.append(Line(self._mark + text[start:end], self._level, self._role, depth))
                self._mark = ""

    def _meet(self, element: Element) -> None:
        tag = element.tag
        if tag == "br":
            self._pieces.append("\0")
        elif tag == "table":
            self.flush()
            self._table(element)
        elif tag in {"ol", "ul", "menu", "dir"}:
            self._list(element)
        elif tag == "li":
            self._item(element)
        elif tag in BLOCKS:
            self._block(element)
        else:
            self._inline(element)

    def _inline(self, element: Element) -> None:
        pre, self._pre = self._pre, self._pre or _keeps_blanks(element)
        self.walk(element)
        self._pre = pre

    def _block(self, element: Element) -> None:
        """Gather a block; what is true of the text inside it (role, level, …) lasts as long as the block."""
        self.flush()
        before = (self._role, self._level, self._pre, self._in_section)
        self._role = self._role_of(element)
        self._level = HEADINGS.get(element.tag, self._level)
        self._pre = self._pre or element.tag in _PRE or _keeps_blanks(element)
        self._in_section = self._in_section or element.tag in _SECTIONS
        self.walk(element)
        self.flush()
        self._role, self._level, self._pre, self._in_section = before

    def _role_of(self, element: Element) -> Role:
        """Return the role of a block: a page's own head and foot, not those of an article; a page's title is text."""
        if "role" in element.attributes and element.attribute("role") in _ROLE_NAMES:
            return _ROLE_NAMES[element.attribute("role")]
        if element.tag == "div" and element.attribute("title") in _ROLE_TAGS:  # as LibreOffice writes them
            return _ROLE_TAGS[element.attribute("title")]
        if element.tag == "h1" and self._role is Role.HEADER:
            return Role.PARAGRAPH
        if element.tag in {"header", "footer"} and self._in_section:
            return self._role
        return _ROLE_TAGS.get(element.tag, self._role)

    def _list(self, element: Element) -> None:
        self.flush()
        self._lists.append(_numbers(element))
        self._block(element)
        self._lists.pop()

    def _item(self, element: Element) -> None:
        self.flush()
        numbers = self._lists[-1] if self._lists else None
        if numbers is not None:
            numbers.next = _integer(element.attributes.get("value"), numbers.next)
            self._mark = _marked(numbers.next, _style(element) or numbers.style)
            numbers.next += numbers.step
        self._block(element)
        self._mark = ""

    def _table(self, element: Element) -> None:
        """Take in a table: as a table where it holds data, as its contents in order where it only lays out the page."""
        self._holds_table = True
        grid = grid_of(element)
        for loose in grid.loose:
            self._block(loose)
        walkers = [[self._cell(cell.element) for cell in row] for row in grid.rows]
        cells = [[walker.items for walker in row] for row in walkers]
        if _is_layout(grid, cells, nested=any(walker._holds_table for row in walkers for walker in row)):  # noqa: SLF001 — one of us
            self.items += [item for row in cells for items in row for item in items]
        else:
            self.items.append(Shown(tuple(_row(*row) for row in zip(grid.rows, cells, strict=True) if row[0])))

    def _cell(self, element: Element) -> _Walker:
        walker = _Walker(self._role, self._level, in_section=self._in_section)
        walker.walk(element)
        walker.flush()
        return walker


def _row(places: Sequence[Placed], contents: Sequence[list[Line | Shown]]) -> tuple[Cell, ...]:
    return tuple(
        Cell(_words(items), place.column, place.row_span, place.column_span)
        for place, items in zip(places, contents, strict=True)
    )


def _is_layout(grid: Grid, cells: list[list[list[Line | Shown]]], *, nested: bool) -> bool:
    """Tell a table that lays out a page from one that holds data.

    Ruled lines, head cells and a caption speak for data. Without them a table lays out when it holds other tables,
    when no row says more than one thing, or when a few rows hold many paragraphs.
    """
    if grid.presentation or all(len(row) <= 1 for row in cells):
        return True
    if grid.is_ruled or nested:
        return not grid.is_ruled
    if all(sum(1 for items in row if items) <= 1 for row in cells):
        return True
    return len(cells) <= 3 and any(len(items) >= 8 or _has_heading(items) for row in cells for items in row)


def _has_heading(items: list[Line | Shown]) -> bool:
    return len(items) > 1 and any(isinstance(item, Line) and item.level is not None for item in items)


def _words(items: list[Line | Shown]) -> str:
    """Return a cell's text: its paragraphs as lines, a table inside it with a blank between its cells."""
    lines = []
    for item in items:
        if isinstance(item, Line):
            lines.append(item.text.replace("\t", " "))
        else:
            lines += [" ".join(cell.text for cell in row if cell.text) for row in item.rows]
    return "\n".join(lines)


def _keeps_blanks(element: Element) -> bool:
    style = element.attributes.get("style")
    return style is not None and _PRE_STYLE.search(style) is not None


def _numbers(element: Element) -> _Numbers | None:
    """Return how a list numbers its items, None for bullets."""
    style = _style(element)
    if (element.tag != "ol" and style not in {*_NUMBERS, "decimal"}) or style in _UNNUMBERED:
        return None
    count = sum(1 for child in element.children if isinstance(child, Element) and child.tag == "li")
    is_reversed = "reversed" in element.attributes
    first = _integer(element.attributes.get("start"), count if is_reversed else 1)
    return _Numbers(first, -1 if is_reversed else 1, style)


def _style(element: Element) -> str:
    """Return the kind of number or bullet that an element asks for, "" where it asks for none."""
    styled = _LIST_STYLE.search(element.attributes.get("style", ""))
    return styled[1].lower() if styled else element.attributes.get("type", "").strip()


def _marked(number: int, style: str) -> str:
    """Return a list number with the sign after it."""
    if style in _UNNUMBERED:
        return ""
    format_, sign = _NUMBERS.get(style, ("decimal", ". "))
    return formatted(number, format_) + sign


def _integer(value: str | None, otherwise: int) -> int:
    match = re.match(r"\s*([+-]?\d{1,9})", value or "")
    return int(match[1]) if match else otherwise
