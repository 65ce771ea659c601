"""Two people at once, on a database that commits: the second waits, and is told."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from cast import make_cast
from luoshi.org.policy import SYSTEM_ACTOR
from luoshi.work.actions import open_matter, perform
from luoshi.work.enums import Act, State
from luoshi.work.errors import ActError, ChangedMeanwhileError, ImpossibleError, UnmetError
from luoshi.work.models import Event, Matter, Numbering
from together import at_once as start_together
from together import kept_on_disk
from work.matters import Maker

pytestmark = pytest.mark.django_db(transaction=True)


at_once = partial(start_together, refused=ActError)


@pytest.fixture
def on_disk(transactional_db: None, tmp_path: Path) -> Iterator[None]:
    """Let several connections wait for each other."""
    yield from kept_on_disk(tmp_path)


@pytest.fixture
def make(on_disk: None) -> Maker:
    return Maker(make_cast())


def kinds(results: list[Any]) -> list[type]:
    return sorted((type(result) for result in results), key=lambda kind: kind.__name__)


def test_second_of_two_who_verify_is_told_of_the_first(make: Maker) -> None:
    matter = make.submitted()
    seen = matter.version
    results = at_once(
        *(
            lambda who=who: perform(matter.pk, Act.VERIFY, by=make.cast.actor(who), seen=seen)
            for who in ("supervisor", "second_supervisor")
        )
    )
    assert kinds(results) == [ChangedMeanwhileError, Event]
    assert matter.events.filter(act=Act.VERIFY).count() == 1


def test_second_of_two_without_a_version_finds_it_impossible(make: Maker) -> None:
    matter = make.assigned()
    head = make.cast.actor("school_head")
    results = at_once(*(lambda: perform(matter.pk, Act.ACCEPT, by=head) for _ in range(2)))
    assert kinds(results) == [Event, ImpossibleError]


def test_one_operation_sent_twice_at_once_happens_once(make: Maker) -> None:
    matter, operation, office = make.under_way(), uuid.uuid4(), make.cast.actor("supervisor")
    results = at_once(*(lambda: perform(matter.pk, Act.URGE, by=office, operation=operation) for _ in range(4)))
    assert kinds(results) == [Event] * 4
    assert len({event.pk for event in results}) == 1
    assert Matter.objects.get(pk=matter.pk).urged == 1


def test_one_opening_sent_twice_at_once_opens_once(make: Maker) -> None:
    operation, unit = uuid.uuid4(), make.cast.unit("HS-1")
    results = at_once(
        *(
            lambda: open_matter("errand", by=SYSTEM_ACTOR, title="同时", lead=unit, operation=operation)
            for _ in range(4)
        )
    )
    assert len({matter.pk for matter in results}) == 1
    assert (Matter.objects.count(), Numbering.objects.get().last) == (1, 1)


def test_quiet_acts_at_once_all_happen_in_one_chain(make: Maker) -> None:
    matter, handler = make.under_way(), make.cast.actor("school_officer")
    before = matter.version
    results = at_once(
        *(lambda n=n: perform(matter.pk, Act.REPORT, by=handler, note=f"第{n}次", seen=before) for n in range(4))
    )
    assert kinds(results) == [Event] * 4
    events = list(matter.events.filter(seq__gt=before).order_by("seq"))
    assert [event.seq for event in events] == list(range(before + 1, before + 5))
    assert [event.prev for event in events[1:]] == [event.hash for event in events[:-1]]


def test_numbers_given_at_once_have_no_gap_and_no_twin(make: Maker) -> None:
    unit = make.cast.unit("HS-1")

    def several() -> list[Matter]:
        return [open_matter("errand", by=SYSTEM_ACTOR, title="同时", lead=unit) for _ in range(5)]

    at_once(*(several for _ in range(4)))
    numbers = sorted(int(number.split("〕")[1][:-1]) for number in Matter.objects.values_list("number", flat=True))
    assert numbers == list(range(1, 21))


def test_part_is_not_reopened_under_a_whole_that_is_submitted_at_once(make: Maker) -> None:
    handler, office = make.cast.actor("school_officer"), make.cast.actor("supervisor")
    parent = make.under_way()
    child = make.closed(parent=parent)
    results = at_once(
        lambda: perform(parent.pk, Act.SUBMIT, by=handler),
        lambda: perform(child.pk, Act.REOPEN, by=office, reason="复发"),
    )
    assert kinds(results) == [Event, UnmetError]
    parent.refresh_from_db()
    child.refresh_from_db()
    assert not (parent.state == State.SUBMITTED and child.is_open)
