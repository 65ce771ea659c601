from __future__ import annotations

import re
from pathlib import Path
from typing import get_args

import pytest
from pydantic import BaseModel

from luoshi.org.enums import Role
from luoshi.work.registers import Register, check
from luoshi.work.registers.bilingual import Bilingual
from luoshi.work.registers.choices import ChoiceField
from luoshi.work.registers.model import Column, Filter
from luoshi.work.registers.store import SHIPPED

RECIPE = Path(__file__).parents[3] / "docs" / "add-a-register.md"
FILES = sorted(SHIPPED.glob("*.toml"))


def _read(name: str) -> Register:
    register, problems = check(SHIPPED / f"{name}.toml")
    assert problems == []
    assert register is not None
    return register


def _words(part: object) -> list[Bilingual]:
    if isinstance(part, Bilingual):
        return [part]
    if isinstance(part, tuple):
        return [words for one in part for words in _words(one)]
    if isinstance(part, BaseModel):
        return [words for name in type(part).model_fields for words in _words(getattr(part, name))]
    return []


def test_three_registers_ship() -> None:
    assert [file.stem for file in FILES] == ["hazard", "problem", "task"]


@pytest.mark.parametrize("name", [file.stem for file in FILES])
def test_file_bears_its_code_and_no_problem(name: str) -> None:
    assert _read(name).code == name


@pytest.mark.parametrize("name", [file.stem for file in FILES])
def test_everything_is_said_in_both_languages(name: str) -> None:
    words = _words(_read(name))
    assert len(words) > 10
    for one in words:
        assert re.search(r"[\u4e00-\u9fff]", one.zh), one
        assert not re.search(r"[\u4e00-\u9fff]", one.en), one


@pytest.mark.parametrize("name", [file.stem for file in FILES])
def test_chain_begins_with_the_lead_units_head_and_ends_with_the_office(name: str) -> None:
    first, *_, last = _read(name).chain
    assert (first.role, first.scope, last.role, last.scope) == (Role.HEAD, "lead", Role.SUPERVISOR, "office")


def test_numbers_of_different_registers_differ() -> None:
    assert len({_read(file.stem).number for file in FILES}) == len(FILES)


def test_tasks_warn_five_days_before_and_are_graded() -> None:
    task = _read("task")
    assert (task.warn_days, task.accept_within_days, task.due.days, task.closing.min_evidence) == (5, 1, 7, 1)
    assert task.graded


def test_problems_need_both_kinds_of_feedback() -> None:
    assert [one.kind for one in _read("problem").closing.feedback] == ["person", "published"]


def test_hazards_have_three_levels_and_twelve_categories_and_schools_open_them() -> None:
    hazard = _read("hazard")
    sizes = {field.name: len(field.options) for field in hazard.fields if isinstance(field, ChoiceField)}
    assert (sizes["level"], sizes["category"]) == (3, 12)
    assert hazard.may_be_opened_by(Role.HEAD)
    assert hazard.may_be_opened_by(Role.OFFICER)
    assert hazard.warn_days == 2


@pytest.mark.parametrize(
    ("name", "filters"),
    [
        ("task", ["origin", "difficulty"]),
        ("problem", ["source", "category", "found_on", "responsible"]),
        ("hazard", ["level", "category", "found_on", "found_by", "stopped"]),
    ],
)
def test_lists_filter_by_these_fields(name: str, filters: list[str]) -> None:
    assert [field.name for field in _read(name).fields if field.filter] == filters


def test_step_that_the_hazard_register_shows_as_a_remark_is_right() -> None:
    text = (SHIPPED / "hazard.toml").read_text()
    remark = "".join(line[6:] + "\n" for line in text.splitlines() if line.startswith("#     "))
    assert remark.startswith("[[chain]]\n")
    register, problems = check(
        text.replace('[[chain]]\nwords = { zh = "现场核查"', remark + '[[chain]]\nwords = { zh = "现场核查"')
    )
    assert problems == []
    assert register is not None
    assert [step.scope for step in register.chain] == ["lead", "unit", "office"]


def test_register_of_the_recipe_is_right_and_complete() -> None:
    text = RECIPE.read_text()
    sample = re.search(r"```toml\n(.*?)```", text, re.DOTALL)
    assert sample is not None
    register, problems = check(sample[1])
    assert problems == []
    assert register is not None
    assert register.model_fields_set == set(Register.model_fields)


def test_recipe_names_all_built_in_columns_and_filters() -> None:
    text = " ".join(RECIPE.read_text().split())
    assert f"Built-in columns: {', '.join(get_args(Column))}." in text
    assert f"Built-in filters: {', '.join(get_args(Filter))}." in text
