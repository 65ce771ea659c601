"""Sets of words find what a pattern of the same words finds."""

import re

from hypothesis import given, settings
from hypothesis import strategies as st

from luoshi.drafting.word_sets import WordSet

_words = st.lists(st.text("落实督办开展", min_size=1, max_size=4), min_size=1, max_size=8)
_text = st.text("落实督办开展县校", max_size=12)


def _pattern(words: list[str]) -> re.Pattern[str]:
    return re.compile("|".join(sorted(words, key=len, reverse=True)))


@given(words=_words, text=_text, at=st.integers(0, 12))
@settings(max_examples=200)
def test_end_is_that_of_the_longest_word_as_a_pattern_finds_it(words: list[str], text: str, at: int) -> None:
    found = _pattern(words).match(text, at) if at <= len(text) else None
    assert WordSet(words).end(text, at, len(text)) == (found.end() if found else -1)


@given(words=_words, text=_text)
@settings(max_examples=200)
def test_last_end_is_that_of_the_last_word_as_a_pattern_finds_it(words: list[str], text: str) -> None:
    ends = [found.end() for found in _pattern(words).finditer(text)]
    assert WordSet(words).last_end(text, 0, len(text)) == (ends[-1] if ends else -1)


def test_ends_gives_every_word_that_begins_there_the_longest_first() -> None:
    assert list(WordSet(["落", "落实", "落实到", "实"]).ends("落实好", 0, 3)) == [2, 1]


def test_no_word_reaches_behind_the_end() -> None:
    assert WordSet(["落实"]).end("落实好", 0, 1) == -1


def test_within_tells_words_inside_a_text_and_none_where_there_are_none() -> None:
    assert [WordSet(["落实", "督办"]).within(text) for text in ("县督办室", "县教育局", "")] == [True, False, False]
