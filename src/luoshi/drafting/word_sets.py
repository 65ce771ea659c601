"""Many words looked up in a text: a set and the lengths that words of one first character have.

A pattern of some hundred words takes longer to compile than most documents take to read; this takes no time to make
and finds the same words.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

__all__ = ["WordSet"]


class WordSet:
    """Words that are looked up where they stand in a text."""

    def __init__(self, words: Iterable[str]) -> None:
        self._words = frozenset(words)
        lengths: dict[str, set[int]] = {}
        for word in self._words:
            lengths.setdefault(word[0], set()).add(len(word))
        self._lengths = {first: tuple(sorted(found, reverse=True)) for first, found in lengths.items()}

    def __iter__(self) -> Iterator[str]:
        return iter(self._words)

    def ends(self, text: str, at: int, end: int) -> Iterator[int]:
        """Give where the words that begin at `at` end, none behind `end`, the longest first."""
        if at < end:
            for length in self._lengths.get(text[at], ()):
                if at + length <= end and text[at : at + length] in self._words:
                    yield at + length

    def end(self, text: str, at: int, end: int) -> int:
        """Return where the longest word that begins at `at` ends, not behind `end`; -1 where no word begins."""
        if at < end:
            for length in self._lengths.get(text[at], ()):
                if at + length <= end and text[at : at + length] in self._words:
                    return at + length
        return -1

    def last_end(self, text: str, start: int, end: int) -> int:
        """Return where the last of the words ends that stand one behind the other in the text; -1 without one."""
        last = -1
        at = start
        while at < end:
            found = self.end(text, at, end) if text[at] in self._lengths else -1
            at = max(at + 1, found)
            last = max(last, found)
        return last

    def within(self, text: str) -> bool:
        """Tell whether one of the words stands anywhere in the text."""
        return any(letter in self._lengths and self.end(text, at, len(text)) > 0 for at, letter in enumerate(text))
