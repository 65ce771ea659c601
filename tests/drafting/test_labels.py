from __future__ import annotations

import pytest

from luoshi.drafting.columns import understand_table
from luoshi.drafting.labels import Choice, choose_labels
from luoshi.drafting.model import Model
from luoshi.drafting.plan import Label
from luoshi.reading import Document, read
from luoshi.reading.extract import Builder, Cell
from luoshi.reading.structure import build

LABELS = tuple(label.value for label in Label)
INDIFFERENT = Model("test", LABELS, ((0.0,) * len(LABELS),) * len(LABELS), {})


def _always(label: Label) -> Model:
    """Return a model that gives every sentence of two or more the same label."""
    gains = tuple(5.0 if one == label else 0.0 for one in LABELS)
    return Model("test", LABELS, (gains,) * len(LABELS), {})


def _choose(text: str, model: Model) -> list[Choice]:
    return choose_labels(read(text.encode(), "方案.txt"), (), model)


def _table() -> Document:
    builder = Builder("xlsx")
    builder.table(
        [
            [Cell("序号", 0), Cell("工作任务", 1), Cell("责任单位", 2)],
            [Cell("1", 0), Cell("查校舍。再查校车。", 1), Cell("安全办", 2)],
        ]
    )
    return build(builder.done(), name="", sha256="")


def test_every_sentence_gets_one_choice_with_a_reason() -> None:
    choices = _choose("查校舍。\n查校车。\n教育是最大的民生。\n", INDIFFERENT)

    assert len(choices) == 3
    assert all(choice.why and 0 <= choice.confidence <= 1 for choice in choices)


def test_model_that_knows_nothing_is_unsure() -> None:
    assert _choose("查校舍。\n", INDIFFERENT)[0].confidence == pytest.approx(1 / len(LABELS))


def test_noise_is_boilerplate_whatever_the_model_says() -> None:
    choices = _choose("打印本页\n查校舍。\n", _always(Label.TASK))

    assert choices[0].label is Label.BOILERPLATE
    assert choices[0].why[0].en == "It is a web page's navigation or tools"


def test_cells_of_a_task_table_are_what_their_columns_say() -> None:
    document = _table()
    rows = understand_table(document.blocks, document.text)
    labels = [choice.label for choice in choose_labels(document, rows, INDIFFERENT)]

    assert labels == [*[Label.OTHER] * 4, Label.TASK, Label.TASK, Label.OTHER]


def test_cells_of_a_table_that_is_not_understood_are_left_to_the_model() -> None:
    choices = choose_labels(_table(), (), _always(Label.ACHIEVEMENT))

    assert Label.ACHIEVEMENT in {choice.label for choice in choices}


@pytest.mark.parametrize(
    "item",
    ["（一）各学校要在6月底前完成校舍排查。", "（一）县教育局每月通报一次。", "（一）由安全办牵头，年底前建立台账。"],
)
def test_heading_that_says_who_and_when_is_a_task(item: str) -> None:
    choice = _choose(f"二、工作安排\n{item}\n", _always(Label.HEADING))[1]

    assert choice.label is Label.TASK
    assert choice.why[0].en == "It says who does it, and by when or how often"


@pytest.mark.parametrize(
    "text",
    [
        "二、工作安排\n（一）完成校舍排查\n",
        "二、工作安排\n（一）压实各学校责任\n",
        "二、工作安排\n（一）6月底前的工作\n",
        "一、工作回顾\n（一）县教育局每月通报一次。\n",
        "二、存在的问题\n（一）县教育局没有每月通报。\n",
    ],
)
def test_other_headings_stay_headings(text: str) -> None:
    assert _choose(text, _always(Label.HEADING))[1].label is Label.HEADING


def test_document_without_sentences_has_no_choices() -> None:
    assert choose_labels(build(Builder("txt").done(), name="", sha256=""), (), INDIFFERENT) == []
