"""What the sentences around a sentence tell: whether they look back or plan, and what stands under an outline item."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from typing import Final

from luoshi.drafting.looks import ENDS, VERBS, Look, bucket
from luoshi.reading.document import Sentence

__all__ = ["neighbours", "outline", "tenses"]

_REACH: Final = 5
"""Sentences before and behind that are asked for their tense."""
_PAIR: Final = len("g") + 2
"""Length of the gram of a pair of characters."""


def tenses(sentences: Sequence[Sentence], looks: Sequence[Look]) -> list[list[str]]:
    """Tell of each sentence how far its paragraph, its section and what is near look back and name problems."""
    past = [("past" in look.classes) + ("pastime" in look.classes) for look in looks]
    plan = [_plans(look) for look in looks]
    problems = [int("problem" in look.classes) for look in looks]
    rows = _tenses_of_groups(sentences, past, plan)
    back, ahead, wrong = _sums(past), _sums(plan), _sums(problems)
    for index, sentence in enumerate(sentences):
        first, last = _near(sentences, index)
        others = last - first - 1
        looked_back = back[last] - back[first] - past[index]
        share = _balance(looked_back, ahead[last] - ahead[first] - plan[index], others)
        here = "past" if past[index] > plan[index] else "plan" if plan[index] > past[index] else "even"
        rows[index] += [f"dw{share}", f"dw{share}/{sentence.part.value}", f"dw{share}/{here}"]
        rows[index].append(f"dq{(wrong[last] - wrong[first] - problems[index]) * 4 // max(1, others)}")
    return rows


def _tenses_of_groups(sentences: Sequence[Sentence], past: Sequence[int], plan: Sequence[int]) -> list[list[str]]:
    """Tell how far the other sentences of the paragraph, of the section and of the topmost section look back."""
    groups = [_groups(sentence, index) for index, sentence in enumerate(sentences)]
    totals: dict[tuple[str, int, int], list[int]] = {}
    for index, keys in enumerate(groups):
        for key in keys:
            total = totals.setdefault(key, [0, 0, 0])
            total[0] += past[index]
            total[1] += plan[index]
            total[2] += 1
    rows = []
    for index, keys in enumerate(groups):
        sums = [(key[0], totals[key]) for key in keys]
        rows.append([f"d{name}{_balance(a - past[index], b - plan[index], c - 1)}" for name, (a, b, c) in sums])
    return rows


def _plans(look: Look) -> int:
    orders = "past" not in look.classes and any(clause.head in VERBS for clause in look.clauses)
    return ("future" in look.classes) + orders


def _sums(values: Sequence[int]) -> list[int]:
    """Return the sums of all beginnings, from none to all."""
    sums = [0]
    for value in values:
        sums.append(sums[-1] + value)
    return sums


def _groups(sentence: Sentence, index: int) -> tuple[tuple[str, int, int], ...]:
    """Return the keys of the paragraph, the section and the topmost section that a sentence belongs to."""
    top = sentence.path[0] if sentence.path else (-1 if sentence.level is None else index)
    own = sentence.path[-1] if sentence.path else -1
    return ("b", 0, sentence.block), ("s", sentence.speech, own), ("t", sentence.speech, top)


def _near(sentences: Sequence[Sentence], index: int) -> tuple[int, int]:
    """Return the first and the end of the sentences of the same speech within reach."""
    speech = sentences[index].speech
    first, last = max(0, index - _REACH), min(len(sentences), index + _REACH + 1)
    while sentences[first].speech != speech:
        first += 1
    while sentences[last - 1].speech != speech:
        last -= 1
    return first, last


def _balance(past: int, plan: int, others: int) -> str:
    """Return in fifths how much of what tells a tense tells the past."""
    return str(int(5 * (past + 0.5) / (past + plan + 1))) if others else "none"


def outline(sentences: Sequence[Sentence], looks: Sequence[Look]) -> list[list[str]]:
    """Tell of each outline item what stands under it and under its siblings, and what its text takes up of it."""
    rows: list[list[str]] = [[] for _ in sentences]
    under = [0] * len(sentences)
    characters = [0] * len(sentences)
    parents: set[int] = set()
    series: dict[tuple[int, tuple[int, ...], str], list[int]] = {}
    for index, sentence in enumerate(sentences):
        if sentence.level is not None:
            parents.update(sentence.path[-1:])
            series.setdefault((sentence.speech, sentence.path, looks[index].kind), []).append(index)
        elif sentence.path:
            under[sentence.path[-1]] += 1
            characters[sentence.path[-1]] += len(sentence.clean)
    for members in series.values():
        filled = {index: under[index] > 0 or index in parents for index in members}
        lengths = sum(len(looks[index].body) for index in members)
        for index in members:
            state = f"{index in parents}{min(3, under[index])}"
            ratio = min(4, characters[index] // max(1, len(sentences[index].clean)))
            siblings = _siblings(index, looks, filled, lengths)
            rows[index] += [f"o{state}/{look}" for look in ("", bucket(len(looks[index].body)), looks[index].kind)]
            rows[index] += [f"o{state}/{siblings[0]}of", f"oratio{ratio}/{index in parents}", *siblings[1:]]
    for index, (here, behind) in enumerate(itertools.pairwise(sentences)):
        if here.block == behind.block or (here.level is not None and behind.path[-1:] == (index,)):
            rows[index].append(_taken_up(looks[index], looks[index + 1]))
    return rows


def _siblings(index: int, looks: Sequence[Look], filled: dict[int, bool], lengths: int) -> tuple[str, str, str]:
    """Return in quarters how many siblings have text under them, and features of that and of their mean length."""
    others = len(filled) - 1
    share = str((sum(filled.values()) - filled[index]) * 4 // others) if others else "-1"
    own = len(looks[index].body)
    mean = str(bucket((lengths - own) // others)) if others else "x"
    return share, f"oshare{share}/{mean}/{filled[index]}", f"omean{mean}/{bucket(own)}"


def _taken_up(look: Look, after: Look) -> str:
    pairs = {gram for gram in look.grams if len(gram) == _PAIR}
    shared = len(pairs.intersection(after.grams)) * 6 // max(1, len(pairs))
    return f"onext{shared}/{min(4, bucket(len(look.body)))}"


def neighbours(sentences: Sequence[Sentence], looks: Sequence[Look], index: int) -> Iterator[str]:
    """Yield what the sentence before and the sentence behind look like."""
    here = sentences[index]
    for sign, other in (("<", index - 1), (">", index + 1)):
        if not 0 <= other < len(sentences):
            yield f"{sign}edge"
            continue
        near, look = sentences[other], looks[other]
        same = near.block == here.block
        yield f"{sign}same{same}"
        yield f"{sign}m{look.kind}/{same}"
        yield f"{sign}m{look.kind}/{looks[index].kind}"
        yield f"{sign}length{bucket(len(look.body))}/{same}"
        yield f"{sign}end{near.clean[-1] if near.clean[-1] in ENDS else 'open'}"
        yield f"{sign}b{look.body[:2]}"
        yield from (f"{sign}w{name}" for name in look.classes)
        if near.noise:
            yield f"{sign}noise"
