"""Lights, needs, and lists by keys."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.utils import timezone

from cast import Cast
from luoshi.org.policy import SYSTEM_ACTOR, actor_of
from luoshi.work import registers
from luoshi.work.actions import open_matter, perform
from luoshi.work.enums import Light, State
from luoshi.work.models import Matter
from luoshi.work.paging import Order, capped_count, page_of
from luoshi.work.queries import Holds, light_is, matters_for, needing, overdue, with_lights

TODAY = dt.date(2026, 3, 10)


@pytest.fixture
def task(cast: Cast) -> Any:
    """Open a task at the primary school, with any columns put as a test wants them."""
    registers.sync()

    def make(**columns: Any) -> Matter:
        matter = open_matter(
            "task",
            by=cast.actor("supervisor"),
            title="完成校舍排查",
            lead=cast.unit("HS-1"),
            fields={"origin": "meeting"},
        )
        if columns:
            if "state" in columns:
                columns["is_open"] = columns["state"] in State.open_states
            Matter.objects.filter(pk=matter.pk).update(**columns)
        return Matter.objects.get(pk=matter.pk)

    return make


def _at(day: dt.date, hour: int = 9) -> dt.datetime:
    return timezone.make_aware(dt.datetime.combine(day, dt.time(hour)))


def _day(offset: int) -> dt.date:
    return TODAY + dt.timedelta(days=offset)


FRESH = {"accepted_at": _at(_day(-1)), "reported_at": _at(_day(-1))}

CASES = [
    ({"state": "under_way", "due": _day(-1), **FRESH}, "red"),
    ({"state": "assigned", "due": _day(-1)}, "red"),
    ({"state": "drafted", "due": _day(-1)}, "red"),
    ({"state": "under_way", "due": _day(0), **FRESH}, "amber"),
    ({"state": "under_way", "due": _day(5), **FRESH}, "amber"),
    ({"state": "under_way", "due": _day(6), **FRESH}, "green"),
    ({"state": "under_way", "due": _day(60), "accepted_at": _at(_day(-30)), "reported_at": _at(_day(-8))}, "amber"),
    ({"state": "under_way", "due": _day(60), "accepted_at": _at(_day(-30)), "reported_at": _at(_day(-7))}, "green"),
    ({"state": "under_way", "due": _day(60), "accepted_at": _at(_day(-8)), "reported_at": None}, "amber"),
    ({"state": "under_way", "due": _day(60), "accepted_at": _at(_day(-1)), "reported_at": _at(_day(-20))}, "green"),
    ({"state": "submitted", "due": _day(-1), "submitted_at": _at(_day(-1), 23)}, "green"),
    ({"state": "submitted", "due": _day(-2), "submitted_at": _at(_day(-1), 0)}, "red"),
    ({"state": "submitted", "due": _day(2), "submitted_at": _at(_day(-1))}, "green"),
    ({"state": "suspended", "due": _day(-9)}, "none"),
    ({"state": "drafted", "due": None}, "none"),
    ({"state": "closed", "due": _day(-9), "closed_at": _at(TODAY)}, "none"),
    ({"state": "cancelled", "due": _day(-9)}, "none"),
]


@pytest.mark.parametrize(("columns", "light"), CASES)
def test_a_light_is_what_days_and_state_make_it(task: Any, columns: dict[str, Any], light: str) -> None:
    matter = task(**columns)
    row: Any = with_lights(Matter.objects.all(), TODAY).get(pk=matter.pk)
    assert row.light == light
    found = [one.value for one in Light if Matter.objects.filter(light_is(one, TODAY)).exists()]
    assert found == [light]
    assert overdue(Matter.objects.all(), TODAY).exists() is (light == "red")


def test_queries_ask_nothing_of_matters_until_they_are_read(
    task: Any, cast: Cast, django_assert_max_num_queries: Any
) -> None:
    task()
    actor = cast.actor("supervisor")
    with django_assert_max_num_queries(4) as asked:
        with_lights(needing(actor, TODAY), TODAY)
    assert [query["sql"] for query in asked.captured_queries if '"title"' in query["sql"]] == []


def _needs(cast: Cast, who: str) -> list[str]:
    return [row.need for row in needing(cast.actor(who), timezone.localdate()).order_by("pk")]  # type: ignore[attr-defined]


def test_each_step_needs_exactly_those_who_take_it(task: Any, cast: Cast) -> None:
    matter, today = task(), timezone.localdate()
    everyone = [name for name in cast.people if name != "stranger"]

    def who() -> dict[str, str]:
        return {name: needs[0] for name in everyone if (needs := _needs(cast, name))}

    assert who() == {"supervisor": "drafted", "second_supervisor": "drafted"}
    perform(matter, "assign", by=cast.actor("supervisor"), due=today + dt.timedelta(days=30))
    assert who() == {"school_head": "accept"}
    perform(matter, "accept", by=cast.actor("school_head"), handler=cast.people["school_officer"])
    assert who() == {}
    Matter.objects.filter(pk=matter.pk).update(due=today)
    assert who() == {"school_officer": "report"}
    perform(matter, "request_extension", by=cast.actor("school_officer"), to=today + dt.timedelta(days=9), why="停工")
    assert who() == {
        "leader": "extension",
        "supervisor": "extension",
        "second_supervisor": "extension",
        "school_officer": "report",
    }
    perform(matter, "grant_extension", by=cast.actor("supervisor"))
    Matter.objects.filter(pk=matter.pk).update(state="submitted", submitted_at=timezone.now())
    assert who() == {"school_head": "verify"}
    Matter.objects.filter(pk=matter.pk).update(step=1)
    assert who() == {"supervisor": "verify", "second_supervisor": "verify"}
    Matter.objects.filter(pk=matter.pk).update(workers=[cast.people["supervisor"].pk])
    assert who() == {"second_supervisor": "verify"}
    perform(matter, "return", by=cast.actor("second_supervisor"), reason="没有照片")
    assert who() == {"school_officer": "returned"}


def test_a_confidential_matter_needs_nobody_whose_post_does_not_name_its_register(task: Any, cast: Cast) -> None:
    matter = task(confidential=True)
    assert _needs(cast, "second_supervisor") == []
    person = cast.people["second_supervisor"]
    person.posts.update(registers=["task"])
    found = needing(actor_of(person, timezone.localdate()), timezone.localdate())
    assert [row.pk for row in found] == [matter.pk]


def test_nobody_without_a_post_is_needed(task: Any, cast: Cast) -> None:
    task()
    assert _needs(cast, "stranger") == []
    assert list(needing(SYSTEM_ACTOR, TODAY)) == []


def test_a_stranger_sees_no_matter(task: Any, cast: Cast) -> None:
    task()
    assert [matters_for(cast.actor(who)).count() for who in ("supervisor", "school_head", "other_head")] == [1, 1, 0]


@pytest.mark.parametrize(("held", "holds"), [([], False), ([3], True), ([1, 3], True), ([31, 13], False)])
def test_a_list_of_numbers_is_looked_through(task: Any, held: list[int], holds: bool) -> None:
    task(workers=held)
    assert Matter.objects.filter(Holds("workers", 3)).exists() is holds


ORDERS = [
    Order(),
    Order(descending=True),
    Order("due", nullable=True),
    Order("due", descending=True, nullable=True),
    Order("progress"),
    Order("reported_at", descending=True, nullable=True),
]


@pytest.mark.parametrize("order", ORDERS, ids=str)
@pytest.mark.parametrize("size", [1, 2, 5, 50])
def test_pages_hold_every_row_once_and_in_order(task: Any, order: Order, size: int) -> None:
    days = [None, _day(1), _day(1), _day(3), None, _day(2), _day(1)]
    for number, day in enumerate(days):
        task(due=day, progress=number % 3 * 10, reported_at=_at(day) if day and number % 2 else None)
    seen: list[Matter] = []
    after = ""
    for _turn in range(20):
        page = page_of(Matter.objects.all(), order, after=after, size=size)
        assert len(page.rows) <= size
        seen += page.rows
        after = page.following
        if not after:
            break
    assert sorted(row.pk for row in seen) == sorted(Matter.objects.values_list("pk", flat=True))
    if order.column != "pk":
        values = [getattr(row, order.column) for row in seen]
        known = [value for value in values if value is not None]
        assert known == sorted(known, reverse=order.descending)
        assert values[: len(known)] == known


@pytest.mark.parametrize(
    "after", ["x", "AAAA", "bnVsbA", "WzAsbnVsbCwiYSJd", "WzksIjIwMjYtMDEtMDEiLDFd", "é", "W10", "W251bGwsbnVsbCwxXQ"]
)
def test_a_mark_that_makes_no_sense_begins_at_the_beginning(task: Any, after: str) -> None:
    first = task(due=_day(1))
    page = page_of(Matter.objects.all(), Order("due", nullable=True), after=after, size=5)
    assert [row.pk for row in page.rows] == [first.pk]


def test_a_page_behind_a_row_that_has_gone_goes_on_where_it_stood(task: Any) -> None:
    rows = [task(due=_day(number)) for number in range(4)]
    page = page_of(Matter.objects.all(), Order("due", nullable=True), size=2)
    Matter.objects.filter(pk=rows[1].pk).update(due=_day(9))
    following = page_of(Matter.objects.all(), Order("due", nullable=True), after=page.following, size=2)
    assert [row.pk for row in following.rows] == [rows[2].pk, rows[3].pk]


def test_counting_stops_one_above_the_cap(task: Any) -> None:
    for _number in range(3):
        task()
    assert [capped_count(Matter.objects.all(), cap) for cap in (1, 2, 3, 10)] == [2, 3, 3, 3]
