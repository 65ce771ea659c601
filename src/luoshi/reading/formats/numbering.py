"""Automatic list numbers of Word (一、 （一） 1.) as the reader of the page sees them.

`numbering.xml` has two layers: abstract lists with their nine levels, and lists that use one of them, perhaps with
another start or another look of single levels. Lists over the same abstract list count on together unless they say
where to start.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from luoshi.reading.formats.docx_package import W, flag, number, value
from luoshi.reading.formats.docx_styles import ListPlace, Styles
from luoshi.reading.formats.numbering_formats import formatted

if TYPE_CHECKING:
    from lxml.etree import _Element

__all__ = ["Numbering"]

_LEVELS: Final = 9
_PART: Final = re.compile(r"%([1-9])")
_NO_LIST: Final = "0"


@dataclass(frozen=True, slots=True)
class _Level:
    start: int
    style: str
    text: str
    suffix: str
    restart: int | None
    legal: bool
    linked: str | None


@dataclass(frozen=True, slots=True)
class _List:
    """A list: the key of the counters it shares, its levels, and the levels that it starts anew."""

    key: str
    levels: dict[int, _Level]
    starts: dict[int, int]


class Numbering:
    """Counts the numbered paragraphs of one file, in the order in which it is asked."""

    def __init__(self, root: _Element | None, styles: Styles) -> None:
        self._styles = styles
        self._lists = _lists(root, styles) if root is not None else {}
        self._counters: dict[str, dict[int, int]] = {}
        self._begun: set[tuple[str, int]] = set()

    def marker(self, place: ListPlace, style: str | None) -> str:
        """Return the number (with what separates it from the text) of the next paragraph, "" for none or a bullet.

        `place` is what the paragraph itself says, `style` its style.
        """
        name, level = self._resolve(place, style)
        list_ = self._lists.get(name)
        if list_ is None or level not in list_.levels:
            return ""
        counters = self._count(name, list_, level)
        return _separated(_written(list_, level, counters), list_.levels[level].suffix)

    def _resolve(self, place: ListPlace, style: str | None) -> tuple[str, int]:
        """Find list and level: each is said by the paragraph or by the nearest style that says it."""
        said = self._styles.places(style)
        name = place.list_id or next((p.list_id for _, p in said if p.list_id is not None), None) or _NO_LIST
        if place.level is not None:
            return name, place.level
        list_ = self._lists.get(name)
        if list_ is not None and place.list_id is None:
            linked = {level.linked: index for index, level in list_.levels.items() if level.linked}
            for id_, _ in said:
                if id_ in linked:
                    return name, linked[id_]
        return name, next((p.level for _, p in said if p.level is not None and place.list_id is None), 0)

    def _count(self, name: str, list_: _List, level: int) -> dict[int, int]:
        counters = self._counters.setdefault(list_.key, {})
        start = list_.starts.get(level, list_.levels[level].start)
        if level in list_.starts and (name, level) not in self._begun:
            counters[level] = start
        else:
            counters[level] = counters[level] + 1 if level in counters else start
        self._begun.add((name, level))
        for lower in [index for index in counters if index > level]:
            restart = list_.levels[lower].restart if lower in list_.levels else None
            if level < (lower if restart is None else restart):
                del counters[lower]
        return counters


def _written(list_: _List, level: int, counters: dict[int, int]) -> str:
    own = list_.levels[level]
    if own.style == "bullet":
        return ""

    def part(found: re.Match[str]) -> str:
        index = int(found[1]) - 1
        other = list_.levels.get(index)
        if other is None or index > level:
            return ""
        count = counters.get(index, list_.starts.get(index, other.start))
        return formatted(count, "decimal" if own.legal and other.style != "none" else other.style)

    return _PART.sub(part, own.text)


def _separated(marker: str, suffix: str) -> str:
    """Put a space behind a marker that needs one: 1. and 第一章 do, 一、 and （一） and ① do not."""
    marker = marker.strip()
    if not marker or suffix == "nothing":
        return marker
    last = marker[-1]
    return marker + " " if last.isascii() or unicodedata.category(last) == "Lo" else marker


def _lists(root: _Element, styles: Styles) -> dict[str, _List]:
    abstract = {element.get(W + "abstractNumId", ""): element for element in root.iter(W + "abstractNum")}
    uses = {element.get(W + "numId", ""): element for element in root.iter(W + "num")}
    levels: dict[str, dict[int, _Level]] = {}
    lists = {}
    for name, element in uses.items():
        key = _follow(value(element, "abstractNumId") or "", abstract, uses, styles)
        if key not in levels:
            levels[key] = _levels(abstract[key]) if key in abstract else {}
        lists[name] = _overridden(key, levels[key], element)
    lists.pop(_NO_LIST, None)
    return lists


def _follow(key: str, abstract: dict[str, _Element], uses: dict[str, _Element], styles: Styles) -> str:
    """Follow an abstract list that only names a list style to the one that defines it."""
    style = value(abstract.get(key), "numStyleLink")
    if style is None:
        return key
    name = next((place.list_id for _, place in styles.places(style) if place.list_id is not None), None)
    linked = value(uses.get(name or ""), "abstractNumId")
    return linked if linked is not None and value(abstract.get(linked), "numStyleLink") is None else key


def _overridden(key: str, levels: dict[int, _Level], element: _Element) -> _List:
    own, starts = levels, {}
    for override in element.iter(W + "lvlOverride"):
        index = _index(override)
        start = number(override, "startOverride")
        if start is not None:
            starts[index] = start
        look = override.find(W + "lvl")
        if look is not None:
            own = own | {index: _level(look)}
    return _List(key, own, starts)


def _levels(element: _Element) -> dict[int, _Level]:
    return {_index(level): _level(level) for level in element.iter(W + "lvl") if 0 <= _index(level) < _LEVELS}


def _index(element: _Element) -> int:
    text = element.get(W + "ilvl", "0")
    return int(text) if text.isascii() and text.isdigit() and len(text) == 1 else -1


def _level(element: _Element) -> _Level:
    start = number(element, "start")
    return _Level(
        0 if start is None else start,
        _number_format(element),
        value(element, "lvlText") or "",
        value(element, "suff") or "tab",
        number(element, "lvlRestart"),
        bool(flag(element, "isLgl")),
        value(element, "pStyle"),
    )


def _number_format(element: _Element) -> str:
    """Return the format; a custom one stands beside the nearest usual one, which is taken."""
    names = [found.get(W + "val", "decimal") for found in element.iter(W + "numFmt")]
    return next((name for name in names if name != "custom"), "decimal")
