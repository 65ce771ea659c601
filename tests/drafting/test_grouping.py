from __future__ import annotations

import pytest

from luoshi.drafting.brackets import BracketFound, find_brackets
from luoshi.drafting.grouping import apply_brackets, group, is_bracket_only
from luoshi.drafting.labels import Choice
from luoshi.drafting.plan import Label
from luoshi.reading import Document, read

WORDS = {"T": Label.TASK, "H": Label.HEADING, "P": Label.PRINCIPLE, "A": Label.ACHIEVEMENT, "O": Label.OTHER}
ASSIGNED = "（责任单位：安全办；完成时限：6月底前）"


def _choices(labels: str) -> list[Choice]:
    return [Choice(WORDS[letter], 0.8, ()) for letter in labels]


def _read(text: str, labels: str) -> tuple[Document, list[Choice]]:
    document = read(text.encode(), "方案.txt")
    assert len(document.sentences) == len(labels)
    return document, _choices(labels)


def _brackets(document: Document) -> dict[int, list[BracketFound]]:
    found = {index: find_brackets(sentence.clean) for index, sentence in enumerate(document.sentences)}
    return {index: brackets for index, brackets in found.items() if brackets}


def _rows(text: str, labels: str) -> list[list[int]]:
    document, choices = _read(text, labels)
    assigned = apply_brackets(document, choices, _brackets(document))
    return group(document, choices, (), assigned)


@pytest.mark.parametrize(
    ("text", "labels", "rows"),
    [
        ("查校舍。查校车。\n", "TT", [[0], [1]]),
        ("查校舍\n查校车\n", "TT", [[0, 1]]),
        ("1.查校舍\n2.查校车\n", "TT", [[0], [1]]),
        ("全面检查校舍。对发现的问题建立台账。\n", "TT", [[0, 1]]),
        ("全面检查校舍。\n对发现的问题建立台账。\n", "TT", [[0], [1]]),
        ("查校舍。其中村小先查。\n", "TT", [[0, 1]]),
        ("每学期送教下乡。通过同课异构帮带村小教师。\n", "TT", [[0, 1]]),
        ("每学期送教下乡。\n通过同课异构帮带村小教师。\n", "TT", [[0], [1]]),
        ("按期退还费用。对拒不退还的学校，依规严肃查处。\n", "TT", [[0, 1]]),
        ("按期退还费用。对困难学生，学校要减免费用。\n", "TT", [[0], [1]]),
        ("1.严禁体罚学生。\n2.不得有偿补课。\n", "TT", [[0, 1]]),
        ("1.严禁体罚学生。\n2.要开展家访。\n", "TT", [[0], [1]]),
        ("查校舍。安全重于泰山。其中村小先查。\n", "TPT", [[0], [2]]),
        ("安全重于泰山。\n", "P", []),
    ],
)
def test_sentences_make_rows(text: str, labels: str, rows: list[list[int]]) -> None:
    assert _rows(text, labels) == rows


@pytest.mark.parametrize(
    ("text", "labels", "rows"),
    [
        (f"查校舍。查校车。{ASSIGNED}\n", "TTT", [[0, 1, 2]]),
        (f"查校舍。{ASSIGNED}查校车。{ASSIGNED}\n", "TTTT", [[0, 1], [2, 3]]),
        (f"1.查校舍。\n{ASSIGNED}\n2.查校车。\n", "TOT", [[0, 1], [2]]),
        (f"（一）查校舍\n{ASSIGNED}\n", "HO", [[0, 1]]),
        (f"（一）查校舍{ASSIGNED}\n", "H", [[0]]),
        (f"查校舍。安全重于泰山。{ASSIGNED}\n", "TPO", [[0, 1, 2]]),
        (f"一、安全\n安全重于泰山。\n{ASSIGNED}\n", "HPO", [[1, 2]]),
    ],
)
def test_bracket_speaks_for_what_stands_before_it(text: str, labels: str, rows: list[list[int]]) -> None:
    assert _rows(text, labels) == rows


@pytest.mark.parametrize(
    ("text", "labels"),
    [
        (f"去年查了校舍。{ASSIGNED}\n", "AO"),
        (f"{ASSIGNED}\n", "O"),
        (f"去年查了校舍。\n\n{ASSIGNED}\n", "AO"),
    ],
)
def test_bracket_behind_a_success_or_behind_nothing_makes_no_row(text: str, labels: str) -> None:
    assert _rows(text, labels) == []


def test_sentences_of_a_bracket_become_tasks_with_the_bracket_as_reason() -> None:
    document, choices = _read(f"（一）查校舍\n{ASSIGNED}\n", "HO")

    apply_brackets(document, choices, _brackets(document))

    assert [choice.label for choice in choices] == [Label.TASK, Label.TASK]
    assert choices[0].why[0].en == "The bracket behind it names who answers for it or by when"


def test_rows_never_reach_into_another_speech() -> None:
    body = "我们要认真抓好全县学校的各项工作，办好人民满意的教育。" * 12
    text = f"篇一：在教育工作会议上的讲话\n同志们：\n{body}\n查校舍\n篇二：在安全工作会议上的讲话\n同志们：\n{body}\n查校车\n"
    document = read(text.encode(), "讲话.txt")
    choices = [Choice(Label.TASK, 0.8, ())] * len(document.sentences)

    assert len(document.speeches) == 2
    for row in group(document, choices, (), []):
        assert len({document.sentences[index].speech for index in row}) == 1


@pytest.mark.parametrize(("text", "only"), [(ASSIGNED, True), (f"{ASSIGNED}。", True), (f"查校舍{ASSIGNED}", False)])
def test_sentence_of_nothing_but_an_assignment_is_told(text: str, only: bool) -> None:
    sentence = read(text.encode(), "方案.txt").sentences[0]

    assert is_bracket_only(sentence, find_brackets(sentence.clean)) is only
