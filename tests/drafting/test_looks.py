"""What a sentence looks like to the label model."""

from __future__ import annotations

import pytest

from luoshi.drafting.looks import Look, bucket, look_at
from luoshi.reading import read


def look(text: str) -> Look:
    """Look at the first sentence of a text."""
    return look_at(read(text.encode(), "文.txt").sentences[0])


def test_marker_and_closing_marks_are_left_out() -> None:
    seen = look("（一）建立晨检制度。")
    assert (seen.body, seen.core, seen.kind) == ("建立晨检制度。", "建立晨检制度", "han-bracket")


def test_sentence_without_marker_has_no_kind() -> None:
    assert look("建立晨检制度。").kind == "none"


def test_grams_are_ones_pairs_and_triples_with_figures_as_zero() -> None:
    assert look("招12人").grams == ("g招", "g0", "g人", "g招0", "g0人", "g招0人")


def test_every_gram_stands_once() -> None:
    grams = look("天天练、天天练").grams
    assert len(grams) == len(set(grams))


def test_clause_is_known_by_the_class_of_its_verb_and_of_its_object() -> None:
    first, second = look("要认真制定实施方案，坚持勤俭办学。").clauses
    assert (first.rest, first.head, first.tail) == ("制定实施方案", "make", "product")
    assert second.head == "attitude"


def test_particle_behind_the_object_is_passed_over() -> None:
    assert look("出台了管理办法等。").clauses[0].tail == "product"


def test_words_longer_than_four_characters_are_found() -> None:
    assert "meeting" in look("会议的主要任务如此。").classes
    assert "meeting" not in look("集会的主要任务如此。").classes


def test_plain_words_have_no_class() -> None:
    assert look("山。").classes == ()


@pytest.mark.parametrize(("length", "step"), [(0, 0), (4, 0), (5, 1), (160, 9), (161, 10), (10_000, 10)])
def test_lengths_fall_into_eleven_steps(length: int, step: int) -> None:
    assert bucket(length) == step
