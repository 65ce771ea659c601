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
from operator import mul
from typing import Final

__all__ = ["Decision", "Model", "decode", "dump", "load", "parse"]

WEIGHTS_FILE: Final = "model/labels.txt.gz"
SCALE: Final = 100
"""Weights are stored as whole hundredths."""

_BITS: Final = 40
_MASK: Final = (1 << _BITS) - 1
_RAISED: Final = 1 << 19
"""Raises every weight above zero, so that sums side by side never borrow from one another; 2²⁰ features fit."""

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
    def _numbers(self) -> dict[str, int]:
        return {name: number for number, name in enumerate(self.names)}

    def known(self, features: Iterable[str]) -> array[int]:
        """Return the numbers of those features that have weights."""
        number_of = self._numbers.get
        return array("I", [number for number in map(number_of, features) if number is not None])

    @cached_property
    def _packed(self) -> tuple[int, ...]:
        """The weights of every feature, those of all labels side by side in one number, each raised by `_RAISED`."""
        raised = sum(_RAISED << (_BITS * label) for label in range(len(self.labels)))
        return tuple(
            raised + sum(round(weight * SCALE) << (_BITS * label) for label, weight in pairs)
            for pairs in self.weights.values()
        )

    def scores(self, known: Sequence[int]) -> list[float]:
        """Return what the features with these numbers add up to, by label.

        All labels are summed at once, in whole hundredths: quicker than one by one, and the same whatever the order.
        """
        total = sum(map(self._packed.__getitem__, known))
        raised = _RAISED * len(known)
        return [((total >> (_BITS * label) & _MASK) - raised) / SCALE for label in range(len(self.labels))]

    def gains(self, known: Sequence[int], label: int, rival: int) -> list[int]:
        """Return by how much each of these features speaks for one label rather than for another, in hundredths."""
        packed, one, other = self._packed, _BITS * label, _BITS * rival
        return [(packed[number] >> one & _MASK) - (packed[number] >> other & _MASK) for number in known]


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

    Each sentence gets the label that is likeliest over all sequences of labels of the document (forward and backward
    sums), which errs least by the sentence; its probability is the confidence.
    """
    if not scores:
        return []
    size = range(len(model.labels))
    decisions = []
    for chances in _marginals(model, scores):
        best = max(size, key=chances.__getitem__)
        confidence, chances[best] = chances[best], -1.0
        second = max(size, key=chances.__getitem__)
        decisions.append(Decision(model.labels[best], confidence, model.labels[second]))
    return decisions


def _marginals(model: Model, scores: Sequence[Sequence[float]]) -> list[list[float]]:
    """Return the probability of every label of every sentence (forward and backward sums)."""
    gains = [[math.exp(value) for value in row] for row in model.transitions]
    columns = list(zip(*gains, strict=True))
    local = []
    for row in scores:
        top = max(row)
        local.append([math.exp(score - top) for score in row])
    forward = [_normal(local[0])]
    for here in local[1:]:
        last = forward[-1]
        forward.append(_normal(list(map(mul, here, [sum(map(mul, last, column)) for column in columns]))))
    behind = [1.0] * len(model.labels)
    chances = [forward[-1]]
    for place in range(len(local) - 2, -1, -1):
        ahead = list(map(mul, local[place + 1], behind))
        behind = _normal([sum(map(mul, row, ahead)) for row in gains])
        chances.append(_normal(list(map(mul, forward[place], behind))))
    return chances[::-1]


def _normal(row: list[float]) -> list[float]:
    total = sum(row)
    return [value / total for value in row]
