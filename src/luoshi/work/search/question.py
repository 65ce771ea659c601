"""What somebody asks for: words that must all be in a matter."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from luoshi.work.search.folding import folded, pieces
from luoshi.work.search.tokens import sought

__all__ = ["MAX_QUESTION", "MAX_WORDS", "Question", "question_of"]

MAX_QUESTION: Final = 400
"""Characters of a question that count; a title has at most 200."""

MAX_WORDS: Final = 12
"""Words of a question that count."""

_MOST_TOKENS: Final = 24
_BETWEEN: Final = re.compile(r"[\s,，、;；]+")


@dataclass(frozen=True, slots=True)
class Question:
    """A question as the index is asked.

    `needles` are folded words: each must be a part of a matter's text. `tokens` narrow down to few matters; True marks
    the mere beginning of one. `shortened` tells that the question was too long and its end does not count.
    """

    needles: tuple[str, ...]
    tokens: tuple[tuple[str, bool], ...]
    shortened: bool = False

    def __bool__(self) -> bool:
        return bool(self.needles)

    @property
    def has_beginnings(self) -> bool:
        """Tell whether the index must look through all tokens that begin alike."""
        return any(beginning for _, beginning in self.tokens)

    @property
    def fts(self) -> str:
        """Return the question in the language of FTS5. Tokens are letters and digits, so nothing needs an escape."""
        return " AND ".join(f'"{token}" *' if beginning else f'"{token}"' for token, beginning in self.tokens)

    @property
    def tsquery(self) -> str:
        """Return the question in the language of PostgreSQL."""
        return " & ".join(f"'{token}':*" if beginning else f"'{token}'" for token, beginning in self.tokens)


def question_of(text: str) -> Question:
    """Return what `text` asks for; no needles where it holds neither a word, a number nor a character."""
    words = [word for word in _BETWEEN.split(text[:MAX_QUESTION]) if pieces(word)]
    counted = words[:MAX_WORDS]
    asked: dict[str, bool] = {}
    for word in counted:
        for token, beginning in sought(word):
            asked[token] = asked.get(token, True) and beginning
    whole = {token: False for token, beginning in asked.items() if not beginning}
    longest = sorted((whole or asked).items(), key=lambda item: (-len(item[0]), item[0]))[:_MOST_TOKENS]
    return Question(
        needles=tuple(dict.fromkeys(_needle(word) for word in counted)),
        tokens=tuple(longest),
        shortened=len(text) > MAX_QUESTION or len(words) > MAX_WORDS,
    )


def _needle(word: str) -> str:
    """Return the folded word; its last word in letters may go on, so what would end it is left out."""
    last = pieces(word)[-1]
    needle = folded(word)
    return needle.rstrip(" ") if last[0] == "word" else needle
