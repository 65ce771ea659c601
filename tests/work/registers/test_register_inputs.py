from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django import forms
from django.utils.translation import override

from luoshi.org.models import Person
from luoshi.work.registers import Register

from .texts import EVERY_FIELD, register

if TYPE_CHECKING:
    from cast import Cast

REGISTER = register(EVERY_FIELD)


def _form(kind: Register, data: dict[str, Any] | None = None, **options: Any) -> forms.Form:
    form = forms.Form(data, **options)
    form.fields.update(kind.form_fields())
    return form


def test_form_gives_what_the_validator_gives(cast: Cast) -> None:
    data = {
        "words": "校门口",
        "heads": "1,200",
        "cost": "3.5",
        "topics": ["c", "a"],
        "school": "HS-1",
        "who": "宋立",
        "where": "操场",
        "where__lat": "30",
        "where__lon": "114",
        "stopped": "no",
    }
    form = _form(REGISTER, data)
    assert form.is_valid(), form.errors
    given = {name: value for name, value in form.cleaned_data.items() if value is not None}
    assert given == {
        "words": "校门口",
        "heads": 1200,
        "cost": "3.50",
        "topics": ["a", "c"],
        "school": {"code": "HS-1", "name": "槐树镇第一小学"},
        "who": {"uid": str(cast.people["school_head"].uid), "name": "宋立"},
        "where": {"text": "操场", "lat": "30.000000", "lon": "114.000000"},
        "stopped": False,
    }
    assert REGISTER.clean(form.cleaned_data) == given


def test_form_says_the_validators_errors_at_their_fields() -> None:
    form = _form(REGISTER, {"heads": "x", "where__lat": "30"})
    assert {name: [one.code for one in errors.as_data()] for name, errors in form.errors.items()} == {
        "heads": ["not_a_number"],
        "where": ["half_a_position"],
    }


def test_required_depends_on_the_step() -> None:
    kind = register('[[fields]]\nname = "outcome"\ntype = "yes_no"\nwords = "成效"\nrequired = "submitting"\n')
    assert not kind.form_fields()["outcome"].required
    field = kind.form_fields("submitting")["outcome"]
    assert field.required
    assert field.clean("no") is False
    with pytest.raises(forms.ValidationError) as error:
        field.clean("")
    assert (error.value.code, error.value.messages) == ("required", ["请填写“成效”。"])


def test_stored_values_stand_in_the_form_and_come_back_unchanged(cast: Cast) -> None:
    Person.objects.create(name="宋立", staff_no="S2")
    stored = REGISTER.clean(
        {
            "words": "校门口",
            "story": "一\n二",
            "heads": 3,
            "share": "1.5",
            "seen_on": "2026-03-06",
            "kind": "two",
            "topics": ["a"],
            "school": "HS-1",
            "who": "school_head",
            "where": {"text": "操场", "lat": "1", "lon": "2"},
            "stopped": False,
        }
    )
    blank = _form(REGISTER, initial=stored)
    typed: dict[str, Any] = {}
    for bound in blank:
        shown = bound.value()
        if bound.name == "where":
            typed |= {"where": shown["text"], "where__lat": shown["lat"], "where__lon": shown["lon"]}
        else:
            typed[bound.name] = shown
        assert str(bound)
    assert typed["who"] == f"宋立 #{str(cast.people['school_head'].uid)[:8]}"
    form = _form(REGISTER, typed, initial=stored)
    assert form.is_valid(), form.errors
    assert REGISTER.clean(form.cleaned_data) == stored
    assert form.changed_data == []


def test_only_what_was_changed_counts_as_changed() -> None:
    form = _form(REGISTER, {"heads": "3.0", "words": "二", "stopped": "也许"}, initial={"heads": 3, "words": "一"})
    assert form.changed_data == ["words", "stopped"]


def test_labels_speak_the_language_of_the_page() -> None:
    assert [REGISTER.form_fields()[name].label for name in ("heads", "cost", "told_by")] == [
        "人数（人）",
        "金额（元）",
        "反映人",
    ]
    with override("en"):
        assert REGISTER.form_fields()["heads"].label == "Heads (people)"
        assert "First" in str(_form(REGISTER)["kind"])


def test_typed_words_are_escaped_when_they_are_shown_again() -> None:
    page = str(_form(REGISTER, {"words": '"><script>', "heads": '"><script>', "where": '"><script>'}))
    assert "<script>" not in page
