"""Days are sealed once, in order, and nothing enters a sealed day afterwards."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, connection, transaction

from cast import Cast
from luoshi.ledger.canonical import GENESIS
from luoshi.ledger.models import Record
from luoshi.org.policy import SYSTEM_ACTOR, RefusedError
from luoshi.work.actions import perform
from luoshi.work.integrity import next_day, seal, verify
from luoshi.work.models import Event, Seal
from work.integrity.world import World


def test_seals_of_consecutive_days_cover_every_event_of_those_days(world: World) -> None:
    before_today = Event.objects.exclude(matter=world.late)
    days = [world.today - dt.timedelta(days=back) for back in (3, 2, 1)]
    assert [row.day for row in world.seals] == days
    assert sum(row.events for row in world.seals) == before_today.count()
    assert [row.prev for row in world.seals] == [GENESIS, world.seals[0].hash, world.seals[1].hash]
    assert world.seals[-1].last_event == before_today.latest("pk").pk


def test_sealing_twice_seals_nothing_the_second_time(world: World) -> None:
    records = Record.objects.count()
    assert seal(by=SYSTEM_ACTOR) == []
    assert (Seal.objects.count(), Record.objects.count()) == (3, records)


@pytest.mark.parametrize("ahead", [0, 1, 30])
def test_today_and_later_are_refused(world: World, ahead: int) -> None:
    with pytest.raises(ValidationError) as caught:
        seal(world.today + dt.timedelta(days=ahead), by=SYSTEM_ACTOR)
    assert caught.value.code == "day_not_over"
    assert Seal.objects.count() == 3


def test_each_seal_is_on_record_with_its_hash(world: World) -> None:
    rows = Record.objects.filter(act="records.seal").order_by("seq")
    assert [(row.subject_key, row.data) for row in rows] == [
        (made.day.isoformat(), {"hash": made.hash}) for made in world.seals
    ]


def test_event_with_an_earlier_time_belongs_to_the_next_seal(world: World) -> None:
    event = perform(world.running, "comment", by=SYSTEM_ACTOR, note="补记", at=world.at(2))
    assert event.pk > world.seals[-1].last_event
    assert verify().clean
    assert [row.pk for row in Seal.objects.order_by("day")] == [row.pk for row in world.seals]


@pytest.mark.django_db
def test_nothing_stored_means_nothing_to_seal() -> None:
    assert next_day() is None
    assert seal(by=SYSTEM_ACTOR) == []


def test_quiet_days_are_sealed_too(cast: Cast) -> None:
    from luoshi.ledger.actions import SYSTEM, record  # noqa: PLC0415 — beside its one use

    today = dt.datetime.now(dt.UTC)
    record("records.see", by=SYSTEM, at=today - dt.timedelta(days=5))
    made = seal(by=cast.actor("audit_admin"))
    assert [(row.events, row.records) for row in made] == [(0, 1), *[(0, 0)] * (len(made) - 1)]
    assert [row.day - made[0].day for row in made] == [dt.timedelta(days=n) for n in range(len(made))]
    assert len(made) == 5
    assert verify().clean


@pytest.mark.parametrize("name", ["supervisor", "system_admin", "leader", "stranger"])
def test_only_the_audit_administrator_seals(world: World, name: str) -> None:
    with pytest.raises(RefusedError):
        seal(by=world.cast.actor(name))


@pytest.mark.parametrize("statement", ["UPDATE work_seal SET events = 0", "DELETE FROM work_seal"])
def test_database_refuses_to_change_a_seal(world: World, statement: str) -> None:
    with pytest.raises(DatabaseError, match="only be added"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert Seal.objects.filter(events__gt=0).exists()
