"""Where a sentence ends.

A sentence ends at 。！？； (and their half-width forms) together with the closing brackets and quotation marks that
follow, and at the end of a line. The semicolons inside an assignment bracket （责任单位：…；完成时限：…） end nothing:
what stands in it belongs together.
"""

from __future__ import annotations

import re
from typing import Final

__all__ = ["split_sentences"]

_END: Final = re.compile(r"[。！？!?；;]+[”’\"'」』》）)\]】〕]*|\n+")
_STRAIGHT_QUOTE: Final = re.compile(r"[\"']+$")
_BRACKET: Final = re.compile(r"[（(〔\[［【]([^（(〔\[［【\n]{2,200}?)[）)〕\]］】]")
_ASSIGNMENT: Final = re.compile(r"单位|部门|负责|牵头|配合|时限|责任|时间|领导")


def split_sentences(text: str, *, join_lines: bool = False) -> list[tuple[int, int]]:
    """Return the sentences of `text` as (start, end), without the white space around them.

    With `join_lines` the end of a line ends nothing: the lines were only wrapped to fit a page.
    """
    kept = [m.span() for m in _BRACKET.finditer(text) if (";" in m[1] or "；" in m[1]) and _ASSIGNMENT.search(m[1])]
    sentences: list[tuple[int, int]] = []
    start = 0
    for match in _END.finditer(text):
        if join_lines and match[0][0] == "\n":
            continue
        end = match.end() - _opening_quotes(text, match)
        if not any(a < match.start() and match.end() < b for a, b in kept):
            _append(text, start, end, sentences)
            start = end
    _append(text, start, len(text), sentences)
    return sentences


def _opening_quotes(text: str, match: re.Match[str]) -> int:
    """Return how many straight quotation marks at the end of `match` open the next sentence instead of closing this."""
    quotes = _STRAIGHT_QUOTE.search(match[0])
    if quotes is None:
        return 0
    line = text.rfind("\n", 0, match.start()) + 1
    closes = text.count(quotes[0][0], line, match.start()) % 2 == 1
    return 0 if closes else len(quotes[0])


def _append(text: str, start: int, end: int, sentences: list[tuple[int, int]]) -> None:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    if start < end:
        sentences.append((start, end))
