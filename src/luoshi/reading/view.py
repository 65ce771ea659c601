"""A repaired text whose every character points back to the characters it came from."""

from __future__ import annotations

import re
from array import array
from bisect import bisect_left
from collections.abc import Callable, Sequence

__all__ = ["Draft", "View"]

Edit = tuple[int, int, str]
"""Characters from, to (not included), and what stands there instead."""


class View:
    """A repaired side view over an original text.

    Every character of `text` stands for one span of the original. Where no repair changed the length, the two maps are
    left out and a position means the same in both texts.
    """

    __slots__ = ("_ends", "_length", "_starts", "text")

    def __init__(
        self, text: str, starts: array[int] | None = None, ends: array[int] | None = None, length: int | None = None
    ) -> None:
        self.text = text
        self._starts = starts
        self._ends = ends
        self._length = len(text) if length is None else length

    def original(self, start: int, end: int) -> tuple[int, int]:
        """Return the original span of a clean span.

        Removed characters between the first and the last character belong to it, those at its edges do not. An empty
        span stays empty and stands where the character after it begins.
        """
        if not 0 <= start <= end <= len(self.text):
            raise ValueError(f"no span of the view: {start}, {end}")
        if self._starts is None or self._ends is None:
            return start, end
        if start == end:
            place = self._starts[start] if start < len(self._starts) else self._length
            return place, place
        return self._starts[start], self._ends[end - 1]

    def clean(self, position: int) -> int:
        """Return the first clean offset whose character begins at or after an original offset."""
        if self._starts is None:
            return min(max(position, 0), len(self.text))
        return bisect_left(self._starts, position)


class Draft:
    """A text under repair. Edits are applied one kind after the other; the way back to the original is kept."""

    __slots__ = ("_ends", "_length", "_starts", "text")

    def __init__(self, text: str) -> None:
        self.text = text
        self._length = len(text)
        self._starts: array[int] | None = None
        self._ends: array[int] | None = None

    def view(self) -> View:
        """Return the text as it stands now."""
        return View(self.text, self._starts, self._ends, self._length)

    def substitute(self, pattern: re.Pattern[str], replace: Callable[[re.Match[str]], str]) -> int:
        """Replace what a pattern finds; return how many places really changed."""
        edits = []
        for match in pattern.finditer(self.text):
            new = replace(match)
            if new != match[0]:
                edits.append((match.start(), match.end(), new))
        return self.apply(edits)

    def apply(self, edits: Sequence[Edit]) -> int:
        """Apply edits that stand in order and do not overlap; return how many there were."""
        if edits:
            if any(end - start != len(new) for start, end, new in edits):
                self._map(edits)
            self.text = "".join(_pieces(self.text, edits))
        return len(edits)

    def _map(self, edits: Sequence[Edit]) -> None:
        """Bring both maps to what the text will be after `edits`; edits that keep the length need none."""
        size = len(self.text)
        old_starts = self._starts if self._starts is not None else array("I", range(size))
        old_ends = self._ends if self._ends is not None else array("I", range(1, size + 1))
        starts, ends, at = array("I"), array("I"), 0
        for start, end, new in edits:
            if end - start == len(new):
                continue
            starts += old_starts[at:start]
            ends += old_ends[at:start]
            starts += array("I", [old_starts[start]]) * len(new)
            ends += array("I", [old_ends[end - 1]]) * len(new)
            at = end
        self._starts, self._ends = starts + old_starts[at:], ends + old_ends[at:]


def _pieces(text: str, edits: Sequence[Edit]) -> list[str]:
    pieces: list[str] = []
    at = 0
    for start, end, new in edits:
        pieces += (text[at:start], new)
        at = end
    pieces.append(text[at:])
    return pieces
