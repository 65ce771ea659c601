"""A sentence as the label model looks at it: its words by class and its clauses, found once for all features."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Final

from luoshi.reading.document import Sentence
from luoshi.reading.outline import find_marker

__all__ = ["ENDS", "VERBS", "Clause", "Look", "bucket", "look_at"]

ENDS: Final = "。；;！!？?：:，,、"
VERBS: Final = frozenset({"make", "do", "forbid", "improve", "strengthen", "support", "play"})
"""The classes of verbs by which work is ordered, in the infinitive as it were."""

_CLAUSE: Final = re.compile(r"[，,、；;：:。！？]")
_DIGITS: Final = re.compile(r"\d+(?:\.\d+)?")
_ADVERBS: Final = re.compile(
    r"(?:要|将|应|须|必须|继续|进一步|认真|切实|积极|大力|全面|深入|扎实|着力|努力|不断|持续|加快|坚决|严格|充分|有效|同时|并|还|及时|"
    r"定期|逐步|稳步|全力|重点|特别要?|尤其要?|也要?|都要|再|统筹|有序|精心|科学|主动|高度|牢牢)+"
)
_AT_START: Final = (
    *("make", "do", "forbid", "improve", "strengthen", "support", "play", "attitude", "past", "value"),
    *("future", "who", "problem", "purpose", "define", "person"),
)
"""Classes that tell what a clause begins with; of a word in several, the first counts."""
_AT_END: Final = ("product", "abstract", "value", "attitude", "past", "problem")
_LENGTHS: Final = (4, 8, 12, 18, 25, 35, 50, 75, 110, 160)
_LONGEST: Final = 4
"""Characters of a word that is looked up; longer ones are searched for one by one."""


@dataclass(frozen=True, slots=True)
class Clause:
    """A clause, what is left of it behind its adverbs, and the word classes that it begins and ends with."""

    text: str
    rest: str
    head: str
    tail: str


@dataclass(frozen=True, slots=True)
class Look:
    """A sentence without its list marker (`body`), and without its last marks (`core`).

    `grams` are its single characters, pairs and triples, figures written as 0; `classes` the word classes in it.
    """

    body: str
    core: str
    kind: str
    grams: frozenset[str]
    classes: tuple[str, ...]
    clauses: tuple[Clause, ...]


def look_at(sentence: Sentence) -> Look:
    """Look at a sentence once, for all features."""
    body = sentence.clean[len(sentence.marker) :].strip(" 　、.．")
    masked = _DIGITS.sub("0", body)
    pieces = [{masked[i : i + size] for i in range(len(masked) - size + 1)} for size in range(1, _LONGEST + 1)]
    found = set().union(*(_words()[word] for word in _words().keys() & set().union(*pieces)))
    found.update(name for word, names in _long_words() if word in body for name in names)
    clauses = tuple(_clause(text) for text in _CLAUSE.split(body) if len(text) > 1)
    core = body.rstrip(ENDS + "”’」』）)")
    return Look(body, core, _kind(sentence), frozenset().union(*pieces[:3]), tuple(sorted(found)), clauses)


def bucket(length: int) -> int:
    """Return a length as one of eleven steps."""
    return sum(length > limit for limit in _LENGTHS)


@lru_cache(maxsize=1)
def _words() -> dict[str, tuple[str, ...]]:
    """Return the classes of every word in `data/words.txt`."""
    classes: dict[str, list[str]] = {}
    name = ""
    for line in files("luoshi.drafting").joinpath("data/words.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            name = line.strip("[]")
        elif line and not line.startswith("#"):
            for word in line.split():
                classes.setdefault(word, []).append(name)
    return {word: tuple(names) for word, names in classes.items()}


@lru_cache(maxsize=1)
def _long_words() -> tuple[tuple[str, tuple[str, ...]], ...]:
    return tuple((word, names) for word, names in _words().items() if len(word) > _LONGEST)


def _clause(text: str) -> Clause:
    adverbs = _ADVERBS.match(text)
    rest = text[adverbs.end() :] if adverbs else text
    head = _first(_AT_START, (rest[:size] for size in range(_LONGEST, 0, -1)))
    ends = (text[max(0, end - size) : end] for end in (len(text), len(text) - 1) for size in range(_LONGEST, 0, -1))
    return Clause(text, rest, head, _first(_AT_END, ends))


def _first(order: tuple[str, ...], candidates: Iterable[str]) -> str:
    """Return the class of the first candidate that has one of those in `order`."""
    words = _words()
    for candidate in candidates:
        names = words.get(candidate, ())
        for name in order if names else ():
            if name in names:
                return name
    return "none"


def _kind(sentence: Sentence) -> str:
    marker = find_marker(sentence.clean)
    if marker:
        return marker.kind
    return "none" if sentence.level is None else "run-in"
