from __future__ import annotations

import itertools
import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from luoshi.drafting.model import Model, decode, dump, load, parse
from luoshi.drafting.plan import Label

MODEL = Model(
    "1",
    ("task", "other"),
    ((0.5, -0.25), (-0.25, 0.0)),
    {"g要": ((0, 1.5),), "g是": ((1, 1.0), (0, -0.5))},
)
scores = st.lists(st.tuples(*[st.floats(-5, 5)] * 2).map(list), min_size=1, max_size=5)


def test_scores_add_up_the_weights_of_known_features() -> None:
    assert MODEL.scores(MODEL.known(["g要", "g是", "unknown"])) == [1.0, 1.0]
    assert MODEL.scores(MODEL.known([])) == [0.0, 0.0]


def test_written_model_reads_back_and_is_the_same_every_time() -> None:
    assert parse(dump(MODEL)) == MODEL
    assert dump(MODEL) == dump(parse(dump(MODEL)))


def test_best_label_is_chosen_with_its_share_and_runner_up() -> None:
    decision = decode(MODEL, [[2.0, 0.0]])[0]

    assert (decision.label, decision.runner_up) == ("task", "other")
    assert decision.confidence == pytest.approx(1 / (1 + math.exp(-2)))


def test_neighbours_decide_where_the_sentence_itself_does_not() -> None:
    assert [decision.label for decision in decode(MODEL, [[3.0, 0.0], [0.0, 0.1], [3.0, 0.0]])] == ["task"] * 3


def test_no_sentence_has_no_decision() -> None:
    assert decode(MODEL, []) == []


@settings(max_examples=60)
@given(scores)
def test_each_label_is_the_likeliest_over_all_sequences(rows: list[list[float]]) -> None:
    def total(path: tuple[int, ...]) -> float:
        steps = sum(MODEL.transitions[a][b] for a, b in itertools.pairwise(path))
        return steps + sum(row[label] for row, label in zip(rows, path, strict=True))

    paths = list(itertools.product((0, 1), repeat=len(rows)))
    decisions = decode(MODEL, rows)
    chosen = tuple(MODEL.labels.index(decision.label) for decision in decisions)
    whole = sum(math.exp(total(path)) for path in paths)

    for place, decision in enumerate(decisions):
        shares = [sum(math.exp(total(path)) for path in paths if path[place] == label) / whole for label in (0, 1)]
        assert decision.confidence == pytest.approx(max(shares), abs=1e-9)
        assert shares[chosen[place]] == pytest.approx(max(shares), abs=1e-9)


@pytest.mark.parametrize("high", [1e3, 700.0])
def test_extreme_scores_stay_numbers(high: float) -> None:
    assert all(0 <= one.confidence <= 1 for one in decode(MODEL, [[high, -high], [-high, high]] * 50))


def test_shipped_model_knows_every_label_and_is_loaded_once() -> None:
    model = load()

    assert set(model.labels) == {label.value for label in Label}
    assert len(model.transitions) == len(model.labels)
    assert load() is model
