"""A later version of a document beside the earlier one: which rows belong together.

Rows are paired by what the two documents say, word for word, and by where they say it; what a person made of a row
does not matter here. What became of each pair since is asked by `directives.revisions`.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import log
from typing import Any, Final

from luoshi.directives.enums import ClauseState
from luoshi.directives.models import Clause, Directive, Reading
from luoshi.directives.wording import unmarked
from luoshi.work.search.folding import folded
from luoshi.work.search.tokens import tokens

__all__ = ["compare", "source_words"]

_ALIKE: Final = 0.42
"""Rows less alike than this are not two versions of one: what is new is then shown as new, and what is gone as gone."""

_PLACE: Final = 0.08
"""How much it tells that two rows stand at the same place of their documents; it decides between equal words."""

_COMMON: Final = 0.25
"""What more than this part of the rows say does not tell them apart."""
_FEW: Final = 24
"""In a document of a few rows everything tells them apart."""


@dataclass(frozen=True, slots=True)
class _Row:
    """A row as it is paired: its words, and how far down its document it stands, from 0 to 1."""

    clause: Clause
    words: str
    tokens: frozenset[str]
    place: float


def compare(directive: Directive) -> None:
    """Pair the rows of a document with those of the version before, and keep the pairs in its reading.

    Rows that were merged into another take no part. Does nothing for a document that is no later version.
    """
    if directive.previous_id is None:
        return
    old, new = _rows(directive.previous_id), _rows(directive.pk)
    pairs = _pairs(old, new)
    taken = {here.clause.pk for here, _there, _value in pairs} | {there.clause.pk for _here, there, _value in pairs}
    entries: list[dict[str, Any]] = [
        {"old": str(here.clause.uid), "new": there.clause.number, "likeness": round(value, 2)}
        for here, there, value in pairs
    ]
    entries += [_entry(old=row) for row in old if row.clause.pk not in taken]
    entries += [_entry(new=row) for row in new if row.clause.pk not in taken]
    Reading.objects.filter(directive=directive).update(previous=entries)


def _entry(*, old: _Row | None = None, new: _Row | None = None) -> dict[str, Any]:
    return {
        "old": None if old is None else str(old.clause.uid),
        "new": None if new is None else new.clause.number,
        "likeness": 0,
    }


def _rows(directive: int) -> list[_Row]:
    clauses = list(Clause.objects.filter(directive=directive).exclude(state=ClauseState.MERGED).order_by("number"))
    words = source_words(clauses)
    length = max((clause.end for clause in clauses), default=0) or 1
    return [_row(clause, words[clause.pk], clause.start / length) for clause in clauses]


def _row(clause: Clause, words: str, place: float) -> _Row:
    whole = folded(unmarked(words))
    return _Row(clause, whole, frozenset(tokens(whole)), place)


def source_words(clauses: Sequence[Clause]) -> dict[int, str]:
    """Return by each row's key what its document says there; the requirement of a row that stands on no sentence.

    Costs one query for each document that the rows are of.
    """
    readings = {
        reading.directive_id: reading
        for reading in Reading.objects.filter(directive__in={clause.directive_id for clause in clauses}).only(
            "directive_id", "text", "sentences"
        )
    }
    return {clause.pk: _words(clause, readings.get(clause.directive_id)) for clause in clauses}


def _words(clause: Clause, reading: Reading | None) -> str:
    sentences = [] if reading is None else reading.sentences
    at = [sentences[index] for index in clause.sentences if index < len(sentences)]
    if reading is None or not at:
        return str(clause.values.get("requirement") or clause.values.get("title") or "")
    return "".join(reading.text[max(one["s"], clause.start) : min(one["e"], clause.end)] for one in at)


# Pairing.


def _pairs(old: Sequence[_Row], new: Sequence[_Row]) -> list[tuple[_Row, _Row, float]]:
    """Pair rows, each with one other at most, the likest first; in the order of the new document."""
    judged = sorted(_judged(old, new), key=lambda one: (-one[0], one[3], one[2]))
    taken_old: set[int] = set()
    taken_new: set[int] = set()
    pairs = []
    for _value, likeness, here, there in judged:
        if here not in taken_old and there not in taken_new:
            taken_old.add(here)
            taken_new.add(there)
            pairs.append((old[here], new[there], likeness))
    return sorted(pairs, key=lambda pair: pair[1].clause.number)


def _judged(old: Sequence[_Row], new: Sequence[_Row]) -> Iterator[tuple[float, float, int, int]]:
    """Give (value with place, likeness of words, old, new) for all that could be a pair."""
    weights = _weights(old, new)
    heavy = [[sum(weights.get(token, 0.0) for token in row.tokens) or 1.0 for row in rows] for rows in (old, new)]
    same: dict[str, list[int]] = defaultdict(list)
    holders: dict[str, list[int]] = defaultdict(list)
    for at, row in enumerate(old):
        same[row.words].append(at)
        for token in row.tokens & weights.keys():
            holders[token].append(at)
    for there, row in enumerate(new):
        shared: dict[int, float] = defaultdict(float)
        for token in row.tokens & holders.keys():
            weight = weights[token]
            for here in holders[token]:
                shared[here] += weight
        found = {here: min(0.99, 2 * weight / (heavy[0][here] + heavy[1][there])) for here, weight in shared.items()}
        found.update(dict.fromkeys(same.get(row.words, ()), 1.0))
        for here, likeness in found.items():
            if likeness >= _ALIKE:
                yield likeness + _PLACE * (1 - abs(old[here].place - row.place)), likeness, here, there


def _weights(old: Sequence[_Row], new: Sequence[_Row]) -> Mapping[str, float]:
    """Weigh what tells rows apart; what a good part of all rows say (工作, 落实, 台账) is left out."""
    number = len(old) + len(new)
    seen = Counter(token for row in (*old, *new) for token in row.tokens)
    common = max(_FEW, number * _COMMON)
    return {token: log(1 + number / times) for token, times in seen.items() if times <= common}
