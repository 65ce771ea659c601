"""What the styles of a Word file say about a paragraph: its heading level, its list, whether it is hidden."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from luoshi.reading.formats.docx_package import W, flag, number, value

if TYPE_CHECKING:
    from lxml.etree import _Element

__all__ = ["ListPlace", "Styles", "list_place"]

_BODY_TEXT: Final = 9  # Word's outline level for "no heading"
_HEADING: Final = re.compile(r"(?:heading|标题|標題)\s*([1-9])\Z", re.IGNORECASE)
_RANKED: Final = re.compile(r"([一二三四五六七八九1-9])级标题")
_RANKS: Final = "一二三四五六七八九"


@dataclass(frozen=True, slots=True)
class ListPlace:
    """What one set of properties says about a list; each part may be left to the style below."""

    list_id: str | None
    level: int | None


@dataclass(frozen=True, slots=True)
class _Style:
    id: str
    based_on: str | None
    heading: int | None
    place: ListPlace
    hidden: bool | None


def list_place(properties: _Element | None) -> ListPlace:
    """Read `w:numPr` out of paragraph properties."""
    found = properties.find(W + "numPr") if properties is not None else None
    return ListPlace(value(found, "numId"), number(found, "ilvl"))


class Styles:
    """The styles of one file; an unknown style says nothing."""

    def __init__(self, root: _Element | None) -> None:
        self._styles: dict[str, _Style] = {}
        self._default: str | None = None
        self._chains: dict[str | None, tuple[_Style, ...]] = {}
        for element in root.iter(W + "style") if root is not None else ():
            style = _style(element)
            self._styles.setdefault(style.id, style)
            if element.get(W + "type") == "paragraph" and element.get(W + "default") in {"1", "true", "on"}:
                self._default = style.id

    def places(self, style: str | None) -> list[tuple[str, ListPlace]]:
        """Return what a paragraph style and those it is based on say about lists, the nearest first."""
        return [(link.id, link.place) for link in self._chain(style or self._default)]

    def level(self, properties: _Element | None) -> int | None:
        """Return the heading level (1 is the highest) that a paragraph declares itself or through its style."""
        own = number(properties, "outlineLvl")
        if own is not None:
            return _level(own)
        chain = self._chain(value(properties, "pStyle") or self._default)
        declared = next((link.heading for link in chain if link.heading is not None), None)
        return declared or None

    def hidden(self, run_properties: _Element | None, paragraph_style: str | None) -> bool:
        """Tell whether a run is hidden by itself, its own style, or the style of its paragraph."""
        own = flag(run_properties, "vanish")
        if own is not None:
            return own
        for style in (value(run_properties, "rStyle"), paragraph_style or self._default):
            said = next((link.hidden for link in self._chain(style) if link.hidden is not None), None)
            if said is not None:
                return said
        return False

    def _chain(self, style: str | None) -> tuple[_Style, ...]:
        known = self._chains.get(style)
        if known is not None:
            return known
        chain: dict[str, _Style] = {}
        name = style
        while name is not None and name in self._styles and name not in chain:
            chain[name] = self._styles[name]
            name = chain[name].based_on
        self._chains[style] = tuple(chain.values())
        return self._chains[style]


def _style(element: _Element) -> _Style:
    properties = element.find(W + "pPr")
    outline = number(properties, "outlineLvl")
    name = value(element, "name") or ""
    heading = _named_level(name) if outline is None else (_level(outline) or 0)
    return _Style(
        element.get(W + "styleId", name),
        value(element, "basedOn"),
        heading,
        list_place(properties),
        flag(element.find(W + "rPr"), "vanish"),
    )


def _level(outline: int) -> int | None:
    return outline + 1 if 0 <= outline < _BODY_TEXT else None


def _named_level(name: str) -> int | None:
    """Return the level in a style's name (heading 1, 标题 1, 一级标题), for files whose styles declare none."""
    found = _HEADING.match(name.strip()) or _RANKED.search(name)
    if found is None:
        return None
    rank = found[1]
    return int(rank) if rank.isdigit() else _RANKS.index(rank) + 1
