"""Where two wordings of the same demand differ, in stretches that a reader can take in at a glance."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from difflib import SequenceMatcher
from itertools import chain
from typing import Final, NamedTuple

from luoshi.work.search.folding import folded

__all__ = ["Span", "differing", "same_words", "unmarked"]

_UNIT: Final = re.compile(r"[0-9]+(?:\.[0-9]+)?[%％]?|[A-Za-z]+|\s+|.", re.DOTALL)
_MARKER: Final = re.compile(
    r"^\s*(?:[（(]?(?:[一二三四五六七八九十百]{1,4}|\d{1,3}|[①-⑳])[)）]?\s*(?:[.、．:：]|(?<=[)）①-⑳]))\s*|第[一二三四五六七八九十百]{1,4}[条款]\s*)"
)
_ISLAND: Final = 2
"""Equal words no longer than this between two changes are taken into the change."""
_LONGEST: Final = 3_000
"""Wordings longer than this are compared sentence by sentence: character by character it would take seconds."""


class Span(NamedTuple):
    """A stretch of one wording: `changed` where the other one does not have it so."""

    text: str
    changed: bool


def unmarked(text: str) -> str:
    """Return a text without the number that its place in the document gave it: （三）, 2., 第五条."""
    return _MARKER.sub("", text.strip())


def same_words(old: str, new: str) -> bool:
    """Tell whether two wordings differ in nothing but numbering, spaces and the width of characters."""
    return _plain(old) == _plain(new)


def _plain(text: str) -> str:
    """Return the words compared; punctuation does not count, and neither do traditional characters."""
    return folded(unmarked(text))


def differing(old: str, new: str) -> tuple[list[Span], list[Span]]:
    """Return both wordings as stretches, those marked that the other does not have."""
    one, other = _units(old, new)
    before: list[Span] = []
    after: list[Span] = []
    for equal, low, high, begin, end in _stretches(one, other):
        _add(before, one[low:high], changed=not equal)
        _add(after, other[begin:end], changed=not equal)
    return before, after


def _units(old: str, new: str) -> tuple[list[str], list[str]]:
    if max(len(old), len(new)) <= _LONGEST:
        return _UNIT.findall(old), _UNIT.findall(new)
    return [re.findall(r"[^。；;\n]+[。；;\n]*|[。；;\n]+", text) for text in (old, new)]  # type: ignore[return-value]


def _stretches(one: Sequence[str], other: Sequence[str]) -> Iterator[tuple[bool, int, int, int, int]]:
    """Give equal and changed stretches in turn; islands of equal words between changes go into these."""
    begun: tuple[int, int] | None = None
    reached = (0, 0)
    blocks = list(_blocks(one, other))
    for number, (low, begin, length) in enumerate(blocks):
        inner = 0 < number < len(blocks) - 1
        island = inner and length and len("".join(one[low : low + length])) <= _ISLAND
        if begun is None and (low, begin) != reached:
            begun = reached
        if island:
            begun = begun or reached
            reached = (low + length, begin + length)
            continue
        if begun is not None:
            yield False, begun[0], low, begun[1], begin
            begun = None
        if length:
            yield True, low, low + length, begin, begin + length
        reached = (low + length, begin + length)


def _blocks(one: Sequence[str], other: Sequence[str]) -> Iterable[tuple[int, int, int]]:
    """Return where both agree: first, of the same words, what stands at the beginning and at the end."""
    head = 0
    while head < min(len(one), len(other)) and one[head] == other[head]:
        head += 1
    tail = 0
    while tail < min(len(one), len(other)) - head and one[-1 - tail] == other[-1 - tail]:
        tail += 1
    middle = SequenceMatcher(None, one[head : len(one) - tail], other[head : len(other) - tail], autojunk=False)
    inner = ((block.a + head, block.b + head, block.size) for block in middle.get_matching_blocks() if block.size)
    ends = [(len(one) - tail, len(other) - tail, tail)]
    return chain([(0, 0, head)] if head else [], inner, ends)


def _add(spans: list[Span], units: Sequence[str], *, changed: bool) -> None:
    text = "".join(units)
    if text:
        spans.append(Span(text, changed))
