"""Where a sentence ends.

A sentence ends at 。！？； (and their half-width forms) together with the closing brackets and quotation marks that
follow, and at the end of a line. The marks inside an assignment bracket （责任单位：…；完成时限：…） end nothing: what
stands in it belongs together. The bracket itself ends a sentence where it stands behind one that is already closed, or
where the next numbered item follows it without a mark.
"""

from __future__ import annotations

import re
from typing import Final

__all__ = ["split_sentences"]

_END: Final = re.compile(r"(?:[。！？!?；;]+[”’\"'」』》）)\]】〕]*)+|\n+")
_PLAIN: Final = re.compile(
    r"[^\s。！？!?；;（(〔\[［【）)〕\]］】\"'](?:[^\n。！？!?；;（(〔\[［【）)〕\]］】\"']*[^\s。！？!?；;（(〔\[［【）)〕\]］】\"'])?。?"
)
"""A line with nothing in it that could end a sentence or keep one from ending."""
_SPACE: Final = re.compile(r"\s*")
_OPENING: Final = "（(〔[［【"
_CLOSING: Final = "）)〕]］】"
_BRACKET_MARK: Final = re.compile(r"[（(〔\[［【）)〕\]］】\n]")
_LONGEST: Final = 400
"""Characters of an assignment bracket at most."""
_DEEPEST: Final = 4
"""Brackets inside one another that are looked at; an opening mark that is never closed is forgotten after as many."""

_FIELD: Final = re.compile(r"(?:单位|部门|领导|责任人|负责人|时限|期限|时间|频次)[：:]")
_WORK: Final = re.compile(r"单位|部门|负责|牵头|配合|时限|责任|时间|领导")
_CLAUSE: Final = re.compile(r"..(?:牵头|负责|配合|主办|承办|协办)")
_GOES_ON: Final = re.compile(r"\s*[。！？!?；;，,、：:.”’」』》）)\]】〕]")
_NEXT_ITEM: Final = re.compile(
    r"\s*(?:\d{1,2}(?:[、．]|\.(?!\d))|[一二三四五六七八九十]{1,3}、|[（(](?:\d{1,2}|[一二三四五六七八九十]{1,3})[）)]|[①-⑳])"
)
_SHORTEST_LIST: Final = 6
"""Characters of a bracket of bare names （县教育局）, marks included; （一） and （3） are shorter."""

Span = tuple[int, int]


def split_sentences(text: str, *, join_lines: bool = False) -> list[Span]:
    """Return the sentences of `text` as (start, end), without the white space around them.

    With `join_lines` the end of a line ends nothing: the lines were only wrapped to fit a page.
    """
    if _PLAIN.fullmatch(text):
        return [(0, len(text))]
    brackets = _brackets(text, join_lines=join_lines)
    kept = _Kept([span for span in brackets if _holds_together(text, span)])
    quotes = _Quotes(text)
    cutter = _Cutter(text, brackets)
    for match in _END.finditer(text):
        if not (join_lines and match[0][0] == "\n") and not kept.hold(match):
            cutter.cut_at_brackets(match.start())
            cutter.cut(match.end() - quotes.opening_in(match))
    cutter.cut_at_brackets(len(text))
    cutter.cut(len(text))
    return cutter.sentences


def _brackets(text: str, *, join_lines: bool) -> list[Span]:
    """Return the outermost brackets that are closed on their line (in their paragraph, with `join_lines`)."""
    found: list[Span] = []
    opened: list[int] = []
    for mark in _BRACKET_MARK.finditer(text):
        if mark[0] in _OPENING:
            opened = [*opened[1 - _DEEPEST :], mark.start()]
        elif mark[0] in _CLOSING:
            if opened and mark.end() - opened[-1] <= _LONGEST:
                while found and found[-1][0] > opened[-1]:
                    found.pop()
                found.append((opened[-1], mark.end()))
            del opened[-1:]
        elif not join_lines:
            opened = []
    return found


def _holds_together(text: str, span: Span) -> bool:
    """Tell whether the marks inside a bracket end nothing: an assignment, or work between semicolons."""
    start, end = span
    if _FIELD.search(text, start, end):
        return True
    return (text.find("；", start, end) >= 0 or text.find(";", start, end) >= 0) and bool(
        _WORK.search(text, start, end)
    )


class _Kept:
    """Places in which no sentence ends; asked about one mark after the other, from the left."""

    def __init__(self, spans: list[Span]) -> None:
        self._spans = spans
        self._next = 0

    def hold(self, match: re.Match[str]) -> bool:
        """Tell whether a mark stands inside one of the places."""
        while self._next < len(self._spans) and self._spans[self._next][1] <= match.start():
            self._next += 1
        if self._next == len(self._spans):
            return False
        start, end = self._spans[self._next]
        return start < match.start() and match.end() < end


class _Quotes:
    """Counts the straight quotation marks of a line, from the left to the right."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0
        self._odd = {'"': False, "'": False}

    def opening_in(self, match: re.Match[str]) -> int:
        """Return how many straight marks at the end of `match` open the next sentence instead of closing this."""
        quotes = match[0][len(match[0].rstrip("\"'")) :]
        if not quotes:
            return 0
        self._advance(match.start())
        return 0 if self._odd[quotes[0]] else len(quotes)

    def _advance(self, to: int) -> None:
        line = self._text.rfind("\n", self._at, to) + 1
        for mark in self._odd:
            odd = self._text.count(mark, max(line, self._at), to) % 2 == 1
            self._odd[mark] = odd if line else self._odd[mark] != odd
        self._at = to


class _Cutter:
    """Cuts a text into sentences, from the left to the right."""

    def __init__(self, text: str, brackets: list[Span]) -> None:
        self.sentences: list[Span] = []
        self._text = text
        self._brackets = brackets
        self._done = 0
        self._start = 0

    def cut(self, end: int) -> None:
        """End the open sentence at `end`."""
        text, start = self._text, self._start
        self._start = end
        while start < end and text[start].isspace():
            start += 1
        while end > start and text[end - 1].isspace():
            end -= 1
        if start < end:
            self.sentences.append((start, end))

    def cut_at_brackets(self, until: int) -> None:
        """End sentences at those brackets before `until` that end one."""
        while self._done < len(self._brackets) and self._brackets[self._done][1] <= until:
            left, right = self._brackets[self._done]
            self._done += 1
            if left >= self._start and self._is_end(left, right):
                self.cut(right)

    def _is_end(self, left: int, right: int) -> bool:
        """Tell whether a bracket behind a closed sentence, or in front of the next item, ends where it stands.

        One that opens the text belongs to what follows it.
        """
        text = self._text
        opened = _SPACE.match(text, self._start, left)
        opens = opened is not None and opened.end() == left
        if _GOES_ON.match(text, right) or (opens and not self.sentences):
            return False
        assigns = bool(_FIELD.search(text, left, right) or _CLAUSE.search(text, left + 1, right))
        if _NEXT_ITEM.match(text, right):
            return assigns or (opens and right - left >= _SHORTEST_LIST)
        return assigns and opens
