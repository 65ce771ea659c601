"""Who might answer for a task that names nobody: a proposal from the duties in the authority's directory.

A proposal is never mixed with what the text says: it is marked `implied`, and its reason names the words that the task
and the duties share. Without a clear best there is none.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from typing import Final, NamedTuple

from luoshi.drafting.directory import Directory, Unit
from luoshi.words import Words

__all__ = ["Proposal", "Proposer"]

_ENOUGH: Final = 1.5
"""Score that a proposal needs: about two words of four characters that no other unit's duties hold."""

_LEAD: Final = 1.3
"""How much better than the second the best must be."""


class Proposal(NamedTuple):
    """A unit, the place in the text of the longest shared words (start, end), and the reason."""

    unit: Unit
    start: int
    end: int
    why: Words


class Proposer:
    """Weighs a task's words against every unit's duties; words that many units share weigh little."""

    def __init__(self, directory: Directory) -> None:
        self._duties = [(unit, _listed(unit.duties)) for unit in directory.units if unit.duties]
        self._common = Counter(pair for _, duties in self._duties for pair in set(_pairs(duties)))

    def propose(self, text: str) -> Proposal | None:
        """Return the unit whose duties fit a task's text best, None where none fits clearly."""
        scores = sorted(
            ((self._score(text, duties), number) for number, (_, duties) in enumerate(self._duties)), reverse=True
        )
        if not scores or scores[0][0] < _ENOUGH:
            return None
        if len(scores) > 1 and scores[0][0] < _LEAD * scores[1][0]:
            return None
        unit, duties = self._duties[scores[0][1]]
        shared = max((_longest_shared(text, duty) for duty in duties), key=len)
        start = text.index(shared)
        why = Words(
            f"原文没有写明单位；按职责推荐{unit.name}（共有“{shared}”），请核对。",
            f"The text names nobody; {unit.name} is proposed by its duties (both have 「{shared}」). Please check.",
        )
        return Proposal(unit, start, start + len(shared), why)

    def _score(self, text: str, duties: Iterable[str]) -> float:
        pairs = set(_pairs([text]))
        return sum(1 / self._common[pair] for pair in set(_pairs(duties)) if pair in pairs)


def _listed(duties: str) -> tuple[str, ...]:
    return tuple(filter(None, re.split(r"[；;、，,。\s|]+", duties)))


def _pairs(texts: Iterable[str]) -> Iterable[str]:
    return (text[i : i + 2] for text in texts for i in range(len(text) - 1))


def _longest_shared(text: str, duty: str) -> str:
    """Return the longest part of a duty that stands in a text."""
    for size in range(len(duty), 0, -1):
        for start in range(len(duty) - size + 1):
            if duty[start : start + size] in text:
                return duty[start : start + size]
    return ""
