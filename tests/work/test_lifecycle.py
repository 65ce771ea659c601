"""The table of the lifecycle, and matters that live through any sequence of acts."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cast import Cast
from luoshi.ledger.canonical import link
from luoshi.org.enums import Role
from luoshi.org.models import Post
from luoshi.org.policy import SYSTEM_ACTOR, TABLE, RefusedError, may, visible
from luoshi.work import fold
from luoshi.work.actions import open_matter, perform
from luoshi.work.actions.table import RECIPES
from luoshi.work.enums import Act, State
from luoshi.work.errors import ActError
from luoshi.work.lifecycle import TRANSITIONS, acts_in, next_state
from luoshi.work.models import Attachment, Involvement, Matter
from luoshi.work.placement import placement
from work.matters import Maker, file, store_registers

DB = pytest.mark.django_db
MODEST = settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)


def test_every_act_but_opening_has_its_line() -> None:
    assert set(TRANSITIONS) == set(Act) - {Act.OPEN}
    assert {act.value for act in Act} <= set(TABLE)


def test_every_state_can_be_left_or_taken_up_again() -> None:
    for state in State:
        assert {next_state(act, state) for act in acts_in(state)} - {state, None}


def test_what_is_not_in_the_table_is_impossible() -> None:
    assert next_state(Act.ACCEPT, State.CLOSED) is None
    assert next_state(Act.DETACH, State.SUBMITTED) is None
    assert next_state(Act.OPEN, State.DRAFTED) is None


@DB
@pytest.mark.parametrize(
    "wrong", [{"progress": 101}, {"state": "closed"}, {"is_open": False}, {"number": "试〔2020〕1号"}]
)
def test_database_refuses_rows_that_contradict_themselves(cast: Cast, wrong: dict[str, Any]) -> None:
    make = Maker(cast)
    make.drafted(at=dt.datetime(2020, 5, 1, tzinfo=dt.UTC))
    matter = make.under_way()
    with pytest.raises(IntegrityError), transaction.atomic():
        Matter.objects.filter(pk=matter.pk).update(**wrong)


# Any sequence of acts.

PEOPLE = ("leader", "supervisor", "school_head", "school_officer", "centre_head", "inspector", "other_head")
TODAY = timezone.localdate()
WORDS = st.sampled_from(["", "已办", "需协调", "再看", "<b>&", "'; --", "🙂"])
DAYS = st.integers(-2, 60).map(lambda number: TODAY + dt.timedelta(days=number))

VALUES: dict[str, st.SearchStrategy[Any]] = {
    "note": WORDS,
    "reason": WORDS,
    "why": WORDS,
    "stuck": WORDS,
    "title": WORDS,
    "requirement": WORDS,
    "progress": st.integers(-1, 101),
    "due": DAYS,
    "to": DAYS,
    "with_children": st.booleans(),
    "grade": st.sampled_from(["", "good"]),
    "fields": st.just({"cause": "年久"}),
    "milestones": st.just([{"title": "摸底"}]),
    "targets": st.just([{"of": "率", "value": "9.50"}]),
    "done": st.just([1]),
    "actuals": st.just({1: "8"}),
    "feedback": st.just({"person": "已告知"}),
    "lead": st.sampled_from(["HS-1", "QH-1", "HS"]),
    "unit": st.sampled_from(["HS", "YL"]),
    "support": st.lists(st.sampled_from(["HS-1", "QH-1", "YL-JJ"]), max_size=2),
    "handler": st.sampled_from(["school_officer", "school_head", "other_officer"]),
    "evidence": st.lists(st.sampled_from(["甲.pdf", "乙.pdf"]), max_size=2, unique=True),
}


@st.composite
def steps(draw: st.DrawFn) -> tuple[Act, str, dict[str, Any]]:
    act = draw(st.sampled_from(sorted(RECIPES)))
    takes = draw(st.sets(st.sampled_from(sorted(RECIPES[act].takes)))) if RECIPES[act].takes else set()
    return act, draw(st.sampled_from(PEOPLE)), {name: draw(VALUES[name]) for name in sorted(takes)}


def real(act: Act, data: dict[str, Any], cast: Cast) -> dict[str, Any]:
    """Replace codes and names by rows."""
    rows: dict[str, Any] = {}
    for name, value in data.items():
        match name:
            case "lead" | "unit":
                rows[name] = cast.unit(value)
            case "support":
                rows[name] = [cast.unit(code) for code in value]
            case "handler":
                rows[name] = cast.people[value]
            case "evidence":
                files = [file(one) for one in value]
                rows[name] = [one[0] for one in files] if act is Act.DETACH else files
            case _:
                rows[name] = value
    return rows


def columns(matter: Matter) -> dict[str, Any]:
    return {name: getattr(matter, name) for name in (f.attname for f in matter._meta.concrete_fields)}


def check(matter: Matter) -> None:
    """Everything stored is what the events say."""
    events = list(matter.events.order_by("seq"))
    again = fold.replay(events)
    assert columns(again) == columns(Matter.objects.get(pk=matter.pk))
    parts = dict(Involvement.objects.filter(matter=matter).values_list("unit", "side"))
    assert parts == {unit: side.value for unit, side in fold.involvements(again).items()}
    uses = Attachment.objects.filter(matter=matter).order_by("pk")
    assert [(use.evidence.sha256, use.attached, use.detached) for use in uses.select_related("evidence")] == [
        (use.sha256, use.attached, use.detached) for use in fold.attachments(events)
    ]
    prev = "0" * 64
    for event in events:
        assert event.hash == link(prev, event.content())
        prev = event.hash


@DB
@MODEST
@given(
    register=st.sampled_from(["errand", "charge"]),
    start=st.sampled_from([State.DRAFTED, State.UNDER_WAY, State.SUBMITTED]),
    moves=st.lists(steps(), min_size=1, max_size=25),
)
def test_replay_is_the_row_after_any_acts(
    cast: Cast, register: str, start: State, moves: list[tuple[Act, str, dict[str, Any]]]
) -> None:
    with transaction.atomic():
        matter = Maker(cast).in_state(start, register)
        for act, who, data in moves:
            before, version = columns(matter), matter.version
            try:
                perform(matter, act, by=cast.actor(who), **real(act, data, cast))
            except (ActError, RefusedError, ValidationError):
                assert columns(matter) == before == columns(Matter.objects.get(pk=matter.pk))
            else:
                assert matter.version == version + 1
        check(matter)
        transaction.set_rollback(True)


# Who sees and reaches: the list and the single matter agree.

ALIKE = {TABLE[act.value]: act for act in Act}
"""One act of each kind of entitlement."""
UNITS = ("YL-JJ", "HS", "HS-1", "HS-Y", "QH-1")


@st.composite
def placed(draw: st.DrawFn) -> dict[str, Any]:
    return {
        "lead": draw(st.sampled_from([None, *UNITS])),
        "support": draw(st.lists(st.sampled_from(UNITS), max_size=3, unique=True)),
        "state": draw(st.sampled_from(list(State))),
        "register": draw(st.sampled_from(["errand", "secret"])),
        "handler": draw(st.sampled_from([None, "school_officer", "head", "inspector"])),
        "opened_by": draw(st.sampled_from([None, "school_officer", "other_head", "inspector"])),
    }


def make_row(cast: Cast, place: dict[str, Any]) -> Matter:
    """Return a matter whose row is put where a test wants it; this test is about rows, not about how they came to be."""
    lead = None if place["lead"] is None else cast.unit(place["lead"])
    row = open_matter(
        place["register"],
        by=SYSTEM_ACTOR,
        title="位置",
        lead=lead,
        support=[cast.unit(code) for code in place["support"]],
    )
    row.state = place["state"]
    row.is_open = row.state in State.open_states
    for name in ("handler", "opened_by"):
        setattr(row, name, None if place[name] is None else cast.people[place[name]])
    row.save()
    return row


@DB
@MODEST
@given(place=placed(), named=st.sets(st.sampled_from(["supervisor", "school_officer", "observer"])))
def test_list_and_single_matter_agree_for_everybody_and_every_act(
    cast: Cast, place: dict[str, Any], named: set[str]
) -> None:
    with transaction.atomic():
        store_registers()
        for name in named:
            Post.objects.filter(person=cast.people[name]).update(registers=["secret"])
        row = make_row(cast, place)
        where = placement(Matter.objects.get(pk=row.pk))
        for name in cast.people:
            actor = cast.actor(name)
            for act in ALIKE.values():
                listed = visible(actor, Matter.objects.filter(pk=row.pk), act.value).exists()
                assert listed == (may(actor, act.value, where) is None), (name, act, place)
        transaction.set_rollback(True)


@DB
def test_cast_covers_every_role_that_reaches_matters(cast: Cast) -> None:
    roles = {grant.role for act in Act for grant in TABLE[act.value]}
    assert roles <= set(Post.objects.values_list("role", flat=True))
    assert roles == set(Role) - set(Role.admins)
