"""The label model: a linear chain (conditional random field) over the sentences of a document.

Training (`tools/train.py`) writes the weights; here they are only read. A sentence's score for a label is the sum of
the weights of its features plus what the labels of its neighbours add, so every decision can be traced to features.
"""

from __future__ import annotations

import gzip
import json
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from typing import Final

__all__ = ["Decision", "Model", "decode", "dump", "load", "parse"]

WEIGHTS_FILE: Final = "model/labels.txt.gz"
SCALE: Final = 100
"""Weights are stored as whole hundredths."""

Weights = dict[str, tuple[tuple[int, float], ...]]


@dataclass(frozen=True, slots=True)
class Model:
    """`weights` gives each feature's (label index, weight) pairs; `transitions[a][b]` what label b gains after a."""

    version: str
    labels: tuple[str, ...]
    transitions: tuple[tuple[float, ...], ...]
    weights: Weights

    def scores(self, features: Iterable[str]) -> list[float]:
        """Return what the features of one sentence add up to, by label."""
        total = [0.0] * len(self.labels)
        weights = self.weights
        for feature in features:
            for label, weight in weights.get(feature, ()):
                total[label] += weight
        return total


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
    chosen = _best_path(model, scores)
    chances = _marginals(model, scores)
    decisions = []
    for label, row in zip(chosen, chances, strict=True):
        second = max((value, index) for index, value in enumerate(row) if index != label)[1]
        decisions.append(Decision(model.labels[label], row[label], model.labels[second]))
    return decisions


def _best_path(model: Model, scores: Sequence[Sequence[float]]) -> list[int]:
    size = range(len(model.labels))
    transitions = model.transitions
    best = list(scores[0])
    back: list[list[int]] = []
    for row in scores[1:]:
        origins = [max(size, key=lambda a, b=b: best[a] + transitions[a][b]) for b in size]  # type: ignore[misc]
        best = [best[a] + transitions[a][b] + row[b] for b, a in enumerate(origins)]
        back.append(origins)
    path = [max(size, key=best.__getitem__)]
    for origins in reversed(back):
        path.append(origins[path[-1]])
    return path[::-1]


def _marginals(model: Model, scores: Sequence[Sequence[float]]) -> list[list[float]]:
    """Return the probability of every label of every sentence."""
    size = range(len(model.labels))
    gains = [[math.exp(value) for value in row] for row in model.transitions]
    losses = [list(column) for column in zip(*gains, strict=True)]
    local = []
    for row in scores:
        top = max(row)
        local.append([math.exp(value - top) for value in row])
    forward = [_normal(local[0])]
    for row in local[1:]:
        last = forward[-1]
        forward.append(_normal([row[b] * sum(map(_times, last, losses[b])) for b in size]))
    behind = [1.0] * len(model.labels)
    chances = [forward[-1]]
    for place in range(len(local) - 2, -1, -1):
        ahead = [local[place + 1][b] * behind[b] for b in size]
        behind = _normal([sum(map(_times, gains[a], ahead)) for a in size])
        chances.append(_normal(list(map(_times, forward[place], behind))))
    return chances[::-1]


def _times(a: float, b: float) -> float:
    return a * b


def _normal(row: list[float]) -> list[float]:
    total = sum(row)
    return [value / total for value in row]
