"""What a row may hold, and what is said to whom who writes something else."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from cast import Cast
from luoshi.directives.values import NAMES, clean
from luoshi.org.models import Unit
from luoshi.work import registers
from luoshi.work.registers import Register

pytestmark = pytest.mark.django_db

NOW: dict[str, Any] = {
    "title": "排查校舍",
    "requirement": "排查全部校舍。",
    "lead": "YL-JJ",
    "lead_text": "",
    "support": ["YL-AQ", "HS"],
    "support_text": ["县住建局"],
    "due": "2026-06-30",
    "due_text": "6月底前",
    "cadence": [],
    "targets": [],
    "milestones": [],
    "fields": {"origin": "meeting", "origin_no": "第3次局长办公会"},
}


@pytest.fixture(autouse=True)
def _units(cast: Cast) -> None:
    registers.sync()


def task() -> Register:
    return registers.current("task")


def cleaned(**given: Any) -> dict[str, Any]:
    return clean(given, NOW, task)


def errors(**given: Any) -> dict[str, list[str]]:
    with pytest.raises(ValidationError) as refused:
        clean(given, NOW, task)
    return {name: [str(error.code) for error in those] for name, those in refused.value.error_dict.items()}


@pytest.mark.parametrize(
    ("given", "stored"),
    [
        ({"title": " 排查\n校舍 "}, {"title": "排查 校舍"}),
        ({"title": "字" * 200}, {"title": "字" * 200}),
        ({"requirement": ""}, {"requirement": ""}),
        ({"requirement": "一\r\n二"}, {"requirement": "一\n二"}),
        ({"lead": None}, {"lead": None}),
        ({"lead": ""}, {"lead": None}),
        ({"lead_text": "各学校"}, {"lead_text": "各学校"}),
        ({"support": []}, {"support": []}),
        ({"support": ["HS", "HS-1", "HS"]}, {"support": ["HS", "HS-1"]}),
        ({"support": ["YL-JJ", "HS"]}, {"support": ["HS"]}),
        ({"support_text": ["县住建局", " 县住建局 ", ""]}, {"support_text": ["县住建局"]}),
        ({"due": "2026-06-30"}, {"due": "2026-06-30"}),
        ({"due": dt.date(2026, 7, 1)}, {"due": "2026-07-01", "due_text": ""}),
        ({"due": "2026-07-01", "due_text": "7月初"}, {"due": "2026-07-01", "due_text": "7月初"}),
        ({"due": "2019-01-01"}, {"due": "2019-01-01", "due_text": ""}),
        ({"due": None}, {"due": None, "due_text": ""}),
        ({"cadence": [{"text": "每月"}]}, {"cadence": [{"text": "每月", "rrule": None}]}),
        (
            {"cadence": [{"text": "每月", "rrule": "FREQ=MONTHLY"}]},
            {"cadence": [{"text": "每月", "rrule": "FREQ=MONTHLY"}]},
        ),
        (
            {"targets": [{"of": "整改率", "op": ">=", "value": "98.50", "unit": "%"}]},
            {"targets": [{"of": "整改率", "op": ">=", "value": "98.5", "unit": "%"}]},
        ),
        (
            {"milestones": [{"title": "中期", "due": "2026-05-01"}, {"title": "末期", "due": None}]},
            {"milestones": [{"title": "中期", "due": "2026-05-01"}, {"title": "末期", "due": None}]},
        ),
        ({"fields": {"difficulty": "hard"}}, {"fields": {**NOW["fields"], "difficulty": "hard"}}),
        ({"fields": {"origin": None}}, {"fields": {"origin_no": "第3次局长办公会"}}),
        ({}, {}),
    ],
    ids=str,
)
def test_good_values_are_stored_with_what_follows(given: dict[str, Any], stored: dict[str, Any]) -> None:
    assert cleaned(**given) == stored


def test_a_new_lead_unit_supports_no_more_and_leaves_no_words_behind() -> None:
    assert cleaned(lead="YL-AQ") == {"lead": "YL-AQ", "lead_text": "", "support": ["HS"]}


def test_a_unit_may_be_given_as_itself() -> None:
    assert cleaned(lead=Unit.objects.get(code="HS"))["lead"] == "HS"


@pytest.mark.parametrize(
    ("given", "wrong"),
    [
        ({"title": ""}, {"title": ["required"]}),
        ({"title": "  \n "}, {"title": ["required"]}),
        ({"title": "字" * 201}, {"title": ["too_long"]}),
        ({"title": "甲\x00乙"}, {"title": ["control_characters"]}),
        ({"requirement": "字" * 5001}, {"requirement": ["too_long"]}),
        ({"lead": "NOWHERE"}, {"lead": ["unknown_unit"]}),
        ({"support": ["HS", "NOWHERE"]}, {"support": ["unknown_unit"]}),
        ({"support": [str(number) for number in range(501)]}, {"support": ["too_many"]}),
        ({"support_text": ["字" * 121]}, {"support_text": ["too_long"]}),
        ({"due": "6月底前"}, {"due": ["not_a_date"]}),
        ({"due": "2026-02-30"}, {"due": ["not_a_date"]}),
        ({"due": "2999-01-01"}, {"due": ["too_late"]}),
        ({"due": 20260630}, {"due": ["not_a_date"]}),
        ({"cadence": [{"text": ""}]}, {"cadence": ["required"]}),
        ({"cadence": [{"text": "每月", "rrule": "freq monthly!"}]}, {"cadence": ["not_a_rhythm"]}),
        ({"targets": [{"of": "率", "op": "~", "value": "1"}]}, {"targets": ["unknown_choice"]}),
        ({"targets": [{"of": "率", "value": "很多"}]}, {"targets": ["not_a_number"]}),
        ({"targets": [{"value": str(number)} for number in range(101)]}, {"targets": ["too_many"]}),
        ({"milestones": [{"title": "", "due": None}]}, {"milestones": ["required"]}),
        ({"milestones": [{"title": "中期", "due": "明天"}]}, {"milestones": ["not_a_date"]}),
        ({"fields": {"nonsense": "1"}}, {"fields": ["unknown_field"]}),
        ({"fields": {"origin": "nonsense"}}, {"fields.origin": ["unknown_option"]}),
        ({"title": "", "due": "x", "lead": "HS"}, {"title": ["required"], "due": ["not_a_date"]}),
    ],
    ids=lambda given: str(given)[:60],
)
def test_wrong_values_are_named(given: dict[str, Any], wrong: dict[str, list[str]]) -> None:
    assert errors(**given) == wrong


def test_a_unit_that_was_closed_is_not_taken_and_stays_where_it_stands() -> None:
    Unit.objects.filter(code="HS").update(closed_on=timezone.localdate())

    assert errors(lead="HS") == {"lead": ["closed_unit"]}
    assert cleaned(title="甲") == {"title": "甲"}


@pytest.mark.parametrize(
    "given",
    [
        {"nonsense": 1},
        {"state": "confirmed"},
        {"support": "HS"},
        {"targets": {"of": "率"}},
        {"targets": [{"of": "率", "value": 1, "id": 3}]},
        {"milestones": [{"title": "中期", "done": "2026-01-01"}]},
        {"fields": ["origin"]},
    ],
    ids=str,
)
def test_what_no_form_can_bring_is_an_error_of_the_program(given: dict[str, Any]) -> None:
    with pytest.raises(TypeError):
        cleaned(**given)


def test_every_name_is_checked() -> None:
    assert set(cleaned(**NOW)) == set(NAMES)
    assert cleaned(**NOW) == NOW
