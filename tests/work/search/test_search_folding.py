from __future__ import annotations

import subprocess
import sys

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from luoshi.work.search.folding import folded
from luoshi.work.search.question import MAX_QUESTION, MAX_WORDS, question_of
from luoshi.work.search.tokens import sought, tokens

TEXTS = st.text(
    alphabet=st.one_of(st.sampled_from("学校食堂安全教育 ,。〔〕2026012Aa\uff2béß後著\n"), st.characters()), max_size=60
)


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("云教〔\uff12\uff10\uff12\uff16〕012号《實施 方案》", "云教 2026 12 号实施方案"),
        ("教　育\n局", "教育局"),
        ("“双减”、五项管理", "双减五项管理"),
        ("Excel 表格 V2.0", " excel 表格 v 2 0 "),
        ("\uff21\uff22\uff23", " abc "),
        ("著眼後續", "着眼后续"),
        ("显著 乾净", "显着干净"),
        ("①第一", " 1 第一"),
        ("000", " 0 "),
        ("——！？", ""),
        ("", ""),
        ("😀安全😀", "安全"),
        ("\U00020000\U00020001", "\U00020000\U00020001"),
    ],
)
def test_writings_of_the_same_words_have_one_form(text: str, form: str) -> None:
    assert folded(text) == form


@pytest.mark.parametrize(
    ("one", "other"), [("学校", "校学"), ("12号", "21号"), ("2026", "20260"), ("安全", "安 全 生产"), ("abc", "ab c")]
)
def test_other_words_have_another_form(one: str, other: str) -> None:
    assert folded(one) != folded(other)


@given(TEXTS)
def test_folding_twice_changes_nothing(text: str) -> None:
    assert folded(folded(text)) == folded(text)


@given(TEXTS, st.integers(0, 60), st.integers(0, 60))
@example("云教〔2026〕12号", 3, 8)
def test_index_is_never_asked_for_what_a_text_with_the_words_lacks(text: str, start: int, end: int) -> None:
    question = question_of(text[start:end])
    form = folded(text)
    if question and all(needle in form for needle in question.needles):
        held = tokens(form)
        for token, beginning in question.tokens:
            assert any(one.startswith(token) for one in held) if beginning else token in held


def test_tokens_are_pairs_last_characters_words_and_numbers() -> None:
    assert tokens(folded("学校食堂 Excel 012")) == ["12", "excel", "堂", "学校", "校食", "食堂"]


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("学校", [("学校", False)]),
        ("校", [("校", True)]),
        ("学校食", [("学校", False), ("校食", False)]),
        ("12号", [("12", False)]),
        ("exc", [("exc", True)]),
        ("k12", [("k", False), ("12", False)]),
        ("a" * 50, [("a" * 40, True)]),
    ],
)
def test_index_is_asked_for_what_tells_most(text: str, asked: list[tuple[str, bool]]) -> None:
    assert sought(text) == asked


@pytest.mark.parametrize("text", ["", " ", "，。、", '"*():^-', "〔〕", "😀", "\x00", "% _ '"])
def test_question_without_words_asks_nothing(text: str) -> None:
    question = question_of(text)
    assert not question
    assert not question.shortened


def test_long_question_is_shortened_and_says_so() -> None:
    assert question_of("学" * 2000).shortened
    assert len(question_of("学" * 2000).needles[0]) == MAX_QUESTION
    many = question_of(" ".join(f"词{n}" for n in range(100)))
    assert many.shortened
    assert len(many.needles) <= MAX_WORDS
    assert not question_of("学" * MAX_QUESTION).shortened


def test_simplified_text_needs_no_converter() -> None:
    code = "import sys, django; django.setup(); from luoshi.work.search.folding import folded; folded('学校Excel〔2026〕'); print('opencc' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
