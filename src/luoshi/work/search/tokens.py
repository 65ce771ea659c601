"""What an index knows of a text: which pairs of characters, words and numbers are in it.

An index narrows down; whether a text really holds what was asked for is then decided on the text itself, by one
comparison that both databases make alike. So the index need not know where in a text a token stands, which keeps it
small and lets it be the same on both.
"""

from __future__ import annotations

from typing import Final

from luoshi.work.search.folding import PIECE, pieces

__all__ = ["MAX_WORD", "sought", "tokens"]

MAX_WORD: Final = 40
"""Longer words in letters are indexed, and looked for in the index, by as many characters only."""


def tokens(text: str) -> list[str]:
    """Return the distinct tokens of a folded text, sorted: pairs of neighbours, and a run's last character by itself.

    Every character of a run so begins a token: the one character 校 is found as a beginning.
    """
    found: set[str] = set()
    for match in PIECE.finditer(text):
        value = match[0]
        if match.lastgroup == "run":
            found.update(map(str.__add__, value, value[1:]), value[-1:])
        else:
            found.add(value[:MAX_WORD])
    return sorted(found)


def sought(text: str) -> list[tuple[str, bool]]:
    """Return what the index is asked for so that no text with `text` in it is missed; True with a mere beginning.

    A single character beside other pieces is not asked for: it would cost most and tell least. The last word in
    letters may go on: `excel` also finds `excels`.
    """
    found = pieces(text)
    whole: dict[str, bool] = {}
    single: dict[str, bool] = {}
    for at, (kind, value) in enumerate(found):
        if kind == "run" and len(value) == 1:
            single[value] = True
        elif kind == "run":
            whole.update(dict.fromkeys((value[i : i + 2] for i in range(len(value) - 1)), False))
        else:
            last = at == len(found) - 1
            whole[value[:MAX_WORD]] = (kind == "word" and last) or len(value) > MAX_WORD
    return list((whole or single).items())
