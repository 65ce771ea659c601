from __future__ import annotations

import pytest

from luoshi.drafting import draft
from luoshi.drafting.explain import _TELLERS, LABEL_WORDS, Reasons, explain
from luoshi.drafting.features import document_features
from luoshi.drafting.model import Model
from luoshi.drafting.plan import Label, Plan
from luoshi.reading import read

MODEL = Model(
    "1",
    ("task", "other"),
    ((0.0, 0.0), (0.0, 0.0)),
    {"g台账": ((0, 2.0),), "b2谢谢": ((1, 3.0),), "wmake": ((0, 1.0),)},
)


def test_every_label_has_words() -> None:
    assert set(LABEL_WORDS) == set(Label)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_explanation_quotes_the_row_and_each_of_its_fields(made_plan: Plan, language: str) -> None:
    for task in made_plan.tasks:
        lines = explain(made_plan, task.id, "zh" if language == "zh" else "en")
        fields = [(one.text, one.why) for one in task.owners]
        fields += [(one.text, one.why) for one in task.support]
        fields += [(one.text, one.why) for one in task.deadlines]
        fields += [(one.text, one.why) for one in task.cadence]
        fields += [(one.text, one.why) for one in task.targets]

        assert len(lines) == len(task.sentences) + len(fields)
        assert task.text in lines[0]
        for (words, why), line in zip(fields, lines[len(task.sentences) :], strict=True):
            assert words in line
            assert why.in_("zh" if language == "zh" else "en") in line


def test_explanation_names_label_and_share(made_plan: Plan) -> None:
    assert explain(made_plan, 1, "zh")[0].endswith("判为任务（把握 90%）：依据。")
    assert explain(made_plan, 1, "en")[0].endswith("is a task (90% sure): reason.")


def test_unknown_row_has_no_explanation(made_plan: Plan) -> None:
    with pytest.raises(KeyError):
        explain(made_plan, 99, "zh")


def test_reasons_are_the_features_that_speak_for_the_label() -> None:
    known = MODEL.known(["g台账", "b2谢谢", "wmake", "unknown"])

    assert [words.en for words in Reasons(MODEL, known, "task", "other")] == [
        "It contains 「台账」",
        "It has a verb such as set up or issue",
    ]
    assert [words.en for words in Reasons(MODEL, known, "other", "task")] == ["It begins with 「谢谢」"]


def test_label_that_no_feature_speaks_for_is_owed_to_its_neighbours() -> None:
    why = Reasons(MODEL, MODEL.known([]), "task", "other")

    assert [words.zh for words in why] == ["前后句子的类别使它更合理"]
    assert why[:1] == (why[0],)


def test_every_family_of_features_of_a_document_can_be_put_into_words() -> None:
    document = read("一、工作安排\n（一）各学校要在3月底前完成排查，建立隐患台账。\n谢谢大家！\n".encode(), "讲话.txt")
    families = {feature[0] for features in document_features(document) for feature in features}

    assert families <= set(_TELLERS)


def test_every_reason_of_a_drafted_plan_is_true_of_its_sentence() -> None:
    text = "三、2026年工作安排\n各学校要在3月底前完成校舍排查，建立隐患台账。\n谢谢大家！\n"
    plan = draft(read(text.encode(), "讲话.txt"))

    for labelled in plan.labels:
        sentence = plan.document.sentences[labelled.sentence].clean
        for words in labelled.why:
            if words.en.startswith("It contains 「"):
                assert words.en[len("It contains 「") : -1].replace("0", "") in "".join(
                    c for c in sentence if not c.isdigit()
                )
            if words.en.startswith("It begins with 「"):
                assert words.en[len("It begins with 「") : -1] in sentence


def test_reasons_are_given_for_every_sentence_in_both_languages() -> None:
    plan = draft(read("各学校要完成校舍排查。\n教育是最大的民生。\n".encode(), "讲话.txt"))

    for labelled in plan.labels:
        assert labelled.why
        assert all(words.zh and words.en for words in labelled.why)
