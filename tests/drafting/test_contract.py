from __future__ import annotations

import copy
import dataclasses
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError

from luoshi.drafting import draft
from luoshi.drafting.contract import schema, to_json
from luoshi.drafting.plan import Plan
from luoshi.reading import read

EXAMPLES = Path(__file__).parents[2] / "examples"
FIELDS = ("owners", "support", "deadlines", "cadence", "targets")


def violations(output: dict[str, Any]) -> list[str]:
    validator = Draft202012Validator(schema(), format_checker=Draft202012Validator.FORMAT_CHECKER)
    return [error.message for error in validator.iter_errors(output)]


def quotes(output: dict[str, Any]) -> Iterator[tuple[str, int, int]]:
    for task in output["tasks"]:
        yield task["text"], task["start"], task["end"]
        for field in FIELDS:
            for entry in task[field]:
                if not entry.get("implied"):
                    yield entry["text"], entry["start"], entry["end"]


@pytest.fixture(scope="module", params=["讲话.docx", "通知.txt"])
def drafted(request: pytest.FixtureRequest) -> Plan:
    return draft(read(EXAMPLES / request.param))


def test_schema_is_itself_a_valid_schema() -> None:
    Draft202012Validator.check_schema(schema())


def test_made_plan_satisfies_the_schema(made_plan: Plan) -> None:
    assert violations(to_json(made_plan)) == []


def test_real_outputs_satisfy_the_schema_in_both_languages(drafted: Plan) -> None:
    assert violations(to_json(drafted, "en")) == []
    assert violations(to_json(drafted, "zh")) == []


def test_real_outputs_quote_the_original_to_the_letter(drafted: Plan) -> None:
    output = to_json(drafted)
    assert output["tasks"]
    assert [drafted.document.text[start:end] for _, start, end in quotes(output)] == [
        text for text, _, _ in quotes(output)
    ]


def test_real_outputs_label_every_sentence_once_in_order(drafted: Plan) -> None:
    output = to_json(drafted)
    spans = [(sentence["start"], sentence["end"]) for sentence in output["sentences"]]
    assert spans == [(sentence.start, sentence.end) for sentence in drafted.document.sentences]


def test_sentences_name_only_tasks_that_exist(drafted: Plan) -> None:
    output = to_json(drafted)
    named = {sentence["task"] for sentence in output["sentences"]} - {None}
    assert named == {task["id"] for task in output["tasks"]}


def test_output_survives_json_unchanged(made_plan: Plan) -> None:
    output = to_json(made_plan)
    assert json.loads(json.dumps(output, ensure_ascii=False)) == output


def test_source_tells_file_characters_and_date(made_plan: Plan) -> None:
    source = to_json(made_plan)["source"]
    assert (source["file"], source["chars"]) == ("讲话.txt", len(made_plan.document.text))
    assert (source["date"], source["date_why"], source["repairs"]) == ("2026-02-27", "reason", [])


def test_plan_without_a_date_gives_null(made_plan: Plan) -> None:
    source = to_json(dataclasses.replace(made_plan, date=None))["source"]
    assert (source["date"], source["date_why"]) == (None, None)


def test_fields_of_a_task_stand_as_the_contract_says(made_plan: Plan) -> None:
    first, second = to_json(made_plan, "zh")["tasks"]
    start = made_plan.document.text.index("6月底前")
    assert first["deadlines"] == [
        {"text": "6月底前", "start": start, "end": start + 4, "due": "2026-06-30", "why": "依据"}
    ]
    assert second["deadlines"][0]["due"] is None
    assert second["cadence"][0]["rrule"] == "FREQ=MONTHLY"
    assert [owner["implied"] for owner in second["owners"]] == [False, True]
    assert (first["owners"][0]["unit"], first["support"][0]["unit"]) == ("QH01", None)


def test_whole_value_is_an_integer_and_a_broken_one_is_not(made_plan: Plan) -> None:
    first, second = to_json(made_plan)["tasks"]
    assert (first["targets"][0]["value"], second["targets"][0]["value"]) == (98.5, 1)
    assert isinstance(second["targets"][0]["value"], int)


def test_reasons_speak_the_language_asked_for(made_plan: Plan) -> None:
    assert to_json(made_plan, "zh")["tasks"][0]["why"] == ["依据"]
    assert to_json(made_plan, "en")["tasks"][0]["why"] == ["reason"]


@pytest.mark.parametrize(
    ("path", "wrong"),
    [
        (("tasks", 0, "deadlines", 0, "due"), "6月底"),
        (("tasks", 0, "deadlines", 0, "due"), "2026-13-01"),
        (("tasks", 0, "confidence"), 1.2),
        (("tasks", 0, "start"), -1),
        (("tasks", 0, "targets", 0, "op"), "≥"),
        (("tasks", 0, "owners", 0, "implied"), None),
        (("tasks", 1, "cadence", 0, "rrule"), "monthly"),
        (("sentences", 0, "label"), "slogan"),
        (("source", "date"), "27 February"),
        (("speeches",), []),
    ],
)
def test_schema_refuses_what_breaks_the_contract(made_plan: Plan, path: tuple[Any, ...], wrong: Any) -> None:
    output = copy.deepcopy(to_json(made_plan))
    *way, last = path
    place: Any = output
    for step in way:
        place = place[step]
    place[last] = wrong
    with pytest.raises(ValidationError):
        Draft202012Validator(schema(), format_checker=Draft202012Validator.FORMAT_CHECKER).validate(output)


@pytest.mark.parametrize("key", ["source", "speeches", "sentences", "tasks"])
def test_schema_refuses_a_missing_part(made_plan: Plan, key: str) -> None:
    output = to_json(made_plan)
    del output[key]
    assert violations(output) == [f"'{key}' is a required property"]


def test_schema_allows_further_keys(made_plan: Plan) -> None:
    output = to_json(made_plan)
    output["tasks"][0]["light"] = "green"
    assert violations(output) == []
