"""The label model: a linear chain (conditional random field) over the sentences of a document.

Training (`tools/train.py`) writes the weights; here they are only read. A sentence's score for a label is the sum of
the weights of its features plus what the labels of its neighbours add, so every decision can be traced to features.
"""

from __future__ import annotations

import gzip
import json
import math
from array import array
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from importlib import resources
from operator import itemgetter
from typing import Final

__all__ = ["Decision", "Model", "decode", "dump", "load", "parse"]

WEIGHTS_FILE: Final = "model/labels.txt.gz"
SCALE: Final = 100
"""Weights are stored as whole hundredths."""

Weights = dict[str, tuple[tuple[int, float], ...]]


@dataclass(frozen=True)
class Model:
    """`weights` gives each feature's (label index, weight) pairs; `transitions[a][b]` what label b gains after a."""

    version: str
    labels: tuple[str, ...]
    transitions: tuple[tuple[float, ...], ...]
    weights: Weights

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The features that have weights, by their numbers."""
        return tuple(self.weights)

    @cached_property
    def rows(self) -> tuple[tuple[float, ...], ...]:
        """The weights of every feature for every label, by the features' numbers."""
        size = range(len(self.labels))
        return tuple(tuple(dict(pairs).get(label, 0.0) for label in size) for pairs in self.weights.values())

    @cached_property
    def _numbers(self) -> dict[str, int]:
        return {name: number for number, name in enumerate(self.names)}

    def known(self, features: Iterable[str]) -> array[int]:
        """Return the numbers of those features that have weights."""
        number_of = self._numbers.get
        return array("I", [number for feature in features if (number := number_of(feature)) is not None])

    def scores(self, known: Iterable[int]) -> list[float]:
        """Return what the features with these numbers add up to, by label."""
        return [sum(column) for column in zip(*map(self.rows.__getitem__, known), strict=True)] or [0.0] * len(
            self.labels
        )


@dataclass(frozen=True, slots=True)
class Decision:
    """The label chosen for a sentence, its probability, and the second best label."""

    label: str
    confidence: float
    runner_up: str


@lru_cache(maxsize=1)
def load() -> Model:
    """Return the weights that come with the package."""
    return parse(resources.files("luoshi.drafting").joinpath(WEIGHTS_FILE).read_bytes())


def parse(data: bytes) -> Model:
    """Read a weights file: a line of JSON with version, labels and transitions, then a line for each feature."""
    head, *lines = gzip.decompress(data).decode("utf-8").split("\n")
    about = json.loads(head)
    weights: Weights = {}
    for line in lines:
        feature, _, pairs = line.rpartition("\t")
        numbers = iter(pairs.split())
        weights[feature] = tuple(
            (int(label), int(weight) / SCALE) for label, weight in zip(numbers, numbers, strict=True)
        )
    transitions = tuple(tuple(value / SCALE for value in row) for row in about["transitions"])
    return Model(about["version"], tuple(about["labels"]), transitions, weights)


def dump(model: Model) -> bytes:
    """Write a model so that :func:`parse` reads it; the same model always gives the same bytes."""
    about = {
        "version": model.version,
        "labels": model.labels,
        "transitions": [[round(value * SCALE) for value in row] for row in model.transitions],
    }
    lines = [json.dumps(about, ensure_ascii=False)]
    for feature in sorted(model.weights):
        pairs = " ".join(f"{label} {round(weight * SCALE)}" for label, weight in model.weights[feature])
        lines.append(f"{feature}\t{pairs}")
    return gzip.compress("\n".join(lines).encode("utf-8"), compresslevel=9, mtime=0)


def decode(model: Model, scores: Sequence[Sequence[float]]) -> list[Decision]:
    """Choose the label of every sentence of a document, given each sentence's :meth:`Model.scores`.

    The best sequence as a whole is chosen (Viterbi); the probability of each choice comes from all sequences
    (forward and backward sums).
    """
    if not scores:
        return []
    rows = [_candidates(row) for row in scores]
    decisions = []
    for label, chances, row in zip(_best_path(model, rows), _marginals(model, rows), scores, strict=True):
        others = (other for other in range(len(row)) if other != label)
        second = max(others, key=lambda other: (chances.get(other, 0.0), row[other]))
        decisions.append(Decision(model.labels[label], chances[label], model.labels[second]))
    return decisions


_FAR: Final = 12.0
"""A label whose score is so far under a sentence's best is not looked at: its chance is below a hundred-thousandth."""

Candidates = list[tuple[int, float]]


def _candidates(row: Sequence[float]) -> Candidates:
    """Return the labels that come into question for a sentence, each with its score."""
    least = max(row) - _FAR
    return [(label, score) for label, score in enumerate(row) if score >= least]


def _best_path(model: Model, rows: Sequence[Candidates]) -> list[int]:
    """Return the sequence of labels with the highest score (Viterbi)."""
    transitions = model.transitions
    best = rows[0]
    back: list[dict[int, int]] = []
    for row in rows[1:]:
        reached: Candidates = []
        origins: dict[int, int] = {}
        for label, score in row:
            value, origins[label] = max((sofar + transitions[before][label], before) for before, sofar in best)
            reached.append((label, value + score))
        best = reached
        back.append(origins)
    path = [max(best, key=itemgetter(1))[0]]
    for origins in reversed(back):
        path.append(origins[path[-1]])
    return path[::-1]


def _marginals(model: Model, rows: Sequence[Candidates]) -> list[dict[int, float]]:
    """Return the probability of every label in question of every sentence (forward and backward sums)."""
    gains = [[math.exp(value) for value in row] for row in model.transitions]
    local = []
    for row in rows:
        top = max(score for _, score in row)
        local.append([(label, math.exp(score - top)) for label, score in row])
    forward = [_normal(dict(local[0]))]
    for here in local[1:]:
        last = forward[-1].items()
        forward.append(_normal({b: own * sum(chance * gains[a][b] for a, chance in last) for b, own in here}))
    behind = dict.fromkeys(forward[-1], 1.0)
    chances = [forward[-1]]
    for place in range(len(local) - 2, -1, -1):
        ahead = [(b, own * behind[b]) for b, own in local[place + 1]]
        before = forward[place]
        behind = _normal({a: sum(gains[a][b] * chance for b, chance in ahead) for a in before})
        chances.append(_normal({a: chance * behind[a] for a, chance in before.items()}))
    return chances[::-1]


def _normal(row: dict[int, float]) -> dict[int, float]:
    total = sum(row.values())
    return {label: value / total for label, value in row.items()}
