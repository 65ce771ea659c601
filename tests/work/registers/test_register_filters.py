from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import pytest
from django import forms
from django.utils import timezone

from luoshi.ledger.canonical import Json
from luoshi.work.models import Matter, RegisterVersion
from luoshi.work.registers import check, current_all, sync
from luoshi.work.registers.filters import filter_q

from .texts import EVERY_FIELD, register, small

if TYPE_CHECKING:
    from cast import Cast

REGISTER = register(EVERY_FIELD)


@pytest.fixture
def matters(cast: Cast) -> list[Matter]:
    """Make rows as they are stored; how they come about is of no matter to a list."""
    version = RegisterVersion.objects.create(
        code="visit", version=1, sha256="0" * 64, text=small(EVERY_FIELD), added_at=timezone.now()
    )
    values: list[dict[str, object]] = [
        {"words": "校门口积水", "heads": 9, "seen_on": "2026-03-06", "kind": "one", "topics": ["a"], "stopped": True},
        {"words": "100%_完成 Abc", "heads": 10, "seen_on": "2026-03-07", "kind": "two", "topics": ["a_b", "c"]},
        {"heads": -1 + 1, "seen_on": "2025-12-31", "kind": "three", "topics": ["c"], "stopped": False},
        {"school": "HS-1", "who": "school_head"},
        {"school": "QH-1", "who": "other_head", "kind": "one"},
    ]
    rows = [_matter(version, number, dict(REGISTER.clean(fields))) for number, fields in enumerate(values)]
    # A field of the same name that holds another type in another register must not disturb.
    _matter(
        version, 99, {"heads": "many", "seen_on": 3, "kind": ["one"], "topics": "a", "stopped": "x", "words": {"a": 1}}
    )
    return rows


def _matter(version: RegisterVersion, number: int, fields: dict[str, Json]) -> Matter:
    code = "other" if number == 99 else "visit"
    return Matter.objects.create(
        register=code,
        register_version=version,
        number=f"走访〔2026〕{number}号",
        title=f"事项{number}",
        opened_at=timezone.now(),
        origin=f"00000000-0000-4000-8000-{number:012d}",
        fields=fields,
    )


def _found(data: dict[str, Any]) -> list[int]:
    form = forms.Form(data)
    form.fields.update(REGISTER.filter_fields())
    assert form.is_valid(), form.errors
    rows = Matter.objects.filter(REGISTER.filter_q(form.cleaned_data), register="visit").order_by("origin")
    return [int(row.title.removeprefix("事项")) for row in rows]


@pytest.mark.parametrize(
    ("data", "rows"),
    [
        ({}, [0, 1, 2, 3, 4]),
        ({"words": "门口"}, [0]),
        ({"words": "ABC"}, [1]),
        ({"words": "%_"}, [1]),
        ({"words": "_"}, [1]),
        ({"words": "没有"}, []),
        ({"heads__from": "9"}, [0, 1]),
        ({"heads__to": "9"}, [0, 2]),
        ({"heads__from": "1", "heads__to": "9"}, [0]),
        ({"heads__from": "0", "heads__to": "0"}, [2]),
        ({"seen_on__from": "2026-01-01"}, [0, 1]),
        ({"seen_on__from": "2026-03-06", "seen_on__to": "2026-03-06"}, [0]),
        ({"seen_on__to": "2025-12-31"}, [2]),
        ({"kind": ["one"]}, [0, 4]),
        ({"kind": ["two", "three"]}, [1, 2]),
        ({"topics": ["a"]}, [0]),
        ({"topics": ["a", "c"]}, [0, 1, 2]),
        ({"topics": ["a_b"]}, [1]),
        ({"school": "HS-1"}, [3]),
        ({"school": "青禾一中"}, [4]),
        ({"who": "宋立"}, [3]),
        ({"stopped": "yes"}, [0]),
        ({"stopped": "no"}, [2]),
        ({"kind": ["one"], "heads__from": "1"}, [0]),
    ],
)
def test_list_finds_by_own_fields(matters: list[Matter], data: dict[str, Any], rows: list[int]) -> None:
    assert _found(data) == rows


def test_wrong_filter_value_is_said_and_finds_nothing_by_itself() -> None:
    form = forms.Form({"heads__from": "many", "seen_on__to": "soon", "kind": ["nine"]})
    form.fields.update(REGISTER.filter_fields())
    assert sorted(form.errors) == ["heads__from", "kind", "seen_on__to"]


def test_several_units_can_be_looked_for_at_once(matters: list[Matter]) -> None:
    found = Matter.objects.filter(filter_q(REGISTER.field("school"), ["HS-1", "QH-1"])).count()
    assert found == 2


@pytest.mark.parametrize("name", ["story", "share", "cost", "where", "told_by"])
def test_field_that_does_not_filter_refuses_to(name: str) -> None:
    assert name not in REGISTER.filter_fields()
    with pytest.raises(ValueError, match=name):
        filter_q(REGISTER.field(name), "x")


@pytest.mark.parametrize("name", ["exact", "contains", "in", "isnull", "year", "date", "has_key", "regex", "range"])
def test_field_named_like_a_lookup_is_a_field_all_the_same(matters: list[Matter], name: str) -> None:
    field = register(f'[[fields]]\nname = "{name}"\ntype = "text"\nwords = "一"\nfilter = true\n').fields[0]
    Matter.objects.filter(pk=matters[0].pk).update(fields={name: "甲乙"})
    assert Matter.objects.filter(filter_q(field, "乙")).get() == matters[0]


@pytest.mark.django_db
def test_every_filter_of_the_shipped_registers_runs(matters: list[Matter]) -> None:
    sync()
    looked = 0
    for kind in current_all():
        for field in kind.fields:
            if field.filter:
                values: dict[str, Any] = {"choice": "x", "date": dt.date(2026, 1, 1).isoformat(), "yes_no": True}
                assert not Matter.objects.filter(filter_q(field, values.get(field.type, "x")), register="none").exists()
                looked += 1
    assert looked >= 9


def test_check_reads_what_the_tests_stored() -> None:
    assert check(small(EVERY_FIELD))[0] == REGISTER
