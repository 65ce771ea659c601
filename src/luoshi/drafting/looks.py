"""A sentence as the label model looks at it: its words by class and its clauses, found once for all features."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from operator import concat
from typing import Final, NamedTuple, cast

from luoshi.drafting.lexicon import word_classes
from luoshi.reading.document import Sentence
from luoshi.reading.outline import find_marker

__all__ = ["CLAUSE", "ENDS", "VERBS", "Clause", "Look", "bucket", "look_at"]

ENDS: Final = "。；;！!？?：:，,、"
VERBS: Final = frozenset({"make", "do", "forbid", "improve", "strengthen", "support", "play"})
"""The classes of verbs by which work is ordered, in the infinitive as it were."""

CLAUSE: Final = re.compile(r"[，,、；;：:。！？]")
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
_STEPS: Final = tuple(sum(length > limit for limit in _LENGTHS) for length in range(_LENGTHS[-1] + 2))
_join: Final = cast("Callable[[str, str], str]", concat)
_AT_EDGE: Final = ENDS + "”’」』）)"
_LONGEST: Final = 4
"""Characters of a word that is looked up; longer ones are searched for one by one."""


class Clause(NamedTuple):
    """A clause, what is left of it behind its adverbs, and the word classes that it begins and ends with."""

    text: str
    rest: str
    head: str
    tail: str


class Look(NamedTuple):
    """A sentence without its list marker (`body`), and without its last marks (`core`).

    `grams` are its single characters, pairs and triples, each once and with the letter g before it, figures written as
    0; `classes` the word classes in it.
    """

    body: str
    core: str
    kind: str
    grams: tuple[str, ...]
    classes: tuple[str, ...]
    clauses: tuple[Clause, ...]


def look_at(sentence: Sentence) -> Look:
    """Look at a sentence once, for all features."""
    body = sentence.clean[len(sentence.marker) :].strip(" 　、.．")
    masked = _DIGITS.sub("0", body)
    ones: list[str] = ["g" + character for character in masked]
    pairs: list[str] = list(map(_join, ones, masked[1:]))
    triples: list[str] = list(map(_join, pairs, masked[2:]))
    grams: dict[str, None] = dict.fromkeys(ones + pairs + triples)
    clauses = tuple(_clause(text) for text in CLAUSE.split(body) if len(text) > 1)
    classes = _classes(body, grams, set(map(_join, triples, masked[3:])))
    return Look(body, body.rstrip(_AT_EDGE), _kind(sentence), tuple(grams), classes, clauses)


def bucket(length: int) -> int:
    """Return a length as one of eleven steps."""
    return _STEPS[length] if length < len(_STEPS) else len(_LENGTHS)


class _Words(NamedTuple):
    """The words of `data/words.txt`: up to four characters (with g before them), longer ones by their beginning.

    `heads` and `tails` give the class that counts for a word at the beginning and at the end of a clause.
    """

    short: dict[str, tuple[str, ...]]
    long: dict[str, tuple[tuple[str, tuple[str, ...]], ...]]
    heads: dict[str, str]
    tails: dict[str, str]


@lru_cache(maxsize=1)
def _words() -> _Words:
    classes: dict[str, list[str]] = {}
    for name, words in word_classes().items():
        for word in words:
            classes.setdefault(word, []).append(name)
    long: dict[str, list[tuple[str, tuple[str, ...]]]] = {}
    for word, names in classes.items():
        if len(word) > _LONGEST:
            long.setdefault("g" + word[:_LONGEST], []).append((word, tuple(names)))
    return _Words(
        {"g" + word: tuple(names) for word, names in classes.items() if len(word) <= _LONGEST},
        {start: tuple(words) for start, words in long.items()},
        _by_order(classes, _AT_START),
        _by_order(classes, _AT_END),
    )


def _by_order(classes: dict[str, list[str]], order: tuple[str, ...]) -> dict[str, str]:
    """Return of each word the first of its classes in an order, of those words that have one."""
    return {
        word: next(name for name in order if name in names)
        for word, names in classes.items()
        if len(word) <= _LONGEST and not set(order).isdisjoint(names)
    }


def _classes(body: str, grams: dict[str, None], quads: set[str]) -> tuple[str, ...]:
    """Return the classes of the words in a sentence, in alphabetical order."""
    words = _words()
    short = words.short
    found: set[str] = set()
    for gram in short.keys() & grams.keys():
        found.update(short[gram])
    for gram in short.keys() & quads:
        found.update(short[gram])
    for start in words.long.keys() & quads:
        found.update(name for word, names in words.long[start] if word in body for name in names)
    return tuple(sorted(found))


def _clause(text: str) -> Clause:
    words = _words()
    adverbs = _ADVERBS.match(text)
    rest = text[adverbs.end() :] if adverbs else text
    heads = words.heads.get
    head = heads(rest[:4]) or heads(rest[:3]) or heads(rest[:2]) or heads(rest[:1]) or "none"
    return Clause(text, rest, head, _tail(text, words.tails))


def _tail(text: str, tails: dict[str, str]) -> str:
    """Return the class of the word that a clause ends with, one particle (了, 等) allowed behind it."""
    found = tails.get
    whole = found(text[-4:]) or found(text[-3:]) or found(text[-2:]) or found(text[-1:])
    if whole:
        return whole
    text = text[:-1]
    return found(text[-4:]) or found(text[-3:]) or found(text[-2:]) or found(text[-1:]) or "none"


def _kind(sentence: Sentence) -> str:
    marker = find_marker(sentence.clean) if sentence.marker else None
    if marker:
        return marker.kind
    return "none" if sentence.level is None else "run-in"
