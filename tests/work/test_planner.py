"""The database finds out how much it holds: when asked, after many rows came in at once, and by and by."""

from __future__ import annotations

import time

import pytest
from django.db import connection

from cast import Cast
from luoshi.web import background
from luoshi.work import registers
from luoshi.work.actions import open_matter
from luoshi.work.models import Matter
from luoshi.work.planner import get_to_know, keep_up
from work.test_intake import book, bring, row


@pytest.fixture
def five(cast: Cast) -> Cast:
    """Return the cast with five matters, of which the database does not know yet."""
    registers.sync()
    get_to_know()
    fill(cast, 5)
    return cast


def fill(cast: Cast, count: int) -> None:
    """Open so many matters."""
    by, lead = cast.actor("supervisor"), cast.unit("HS-1")
    for number in range(count):
        open_matter("task", by=by, title=f"排查校舍{number}", lead=lead, fields={"origin": "meeting"})


def known() -> int:
    """Return how many matters the database believes there are, as it plans by."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT stat FROM sqlite_stat1 WHERE tbl = 'work_matter' AND idx = 'matter_by_due'")
        else:
            cursor.execute("SELECT GREATEST(reltuples, 0)::bigint FROM pg_class WHERE relname = 'work_matter'")
        found = cursor.fetchone()
    return 0 if found is None else int(str(found[0]).split()[0])


def test_the_database_knows_how_many_there_are_once_asked(five: Cast) -> None:
    assert known() == 0
    get_to_know()
    assert known() == Matter.objects.count() == 5


@pytest.mark.parametrize(("there", "expected"), [(5, 7), (25, 25)])
def test_the_database_gets_to_know_what_a_large_import_brought_but_not_a_small_one(
    cast: Cast, there: int, expected: int
) -> None:
    registers.sync()
    fill(cast, there)
    get_to_know()
    assert bring(cast, book(row("排查围墙"), row("排查食堂"))).opened == 2
    assert known() == expected


def test_a_running_installation_gets_to_know_hourly(five: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    now = [10_000.0]
    monkeypatch.setattr(time, "monotonic", lambda: now[0])
    beside = background.Background()
    beside._prune()
    assert known() == 5
    fill(five, 5)
    now[0] += 3599
    beside._prune()
    assert known() == 5
    now[0] += 2
    beside._prune()
    assert known() == 10


def test_what_is_known_well_enough_is_not_looked_at_again(five: Cast) -> None:
    assert [keep_up(), keep_up()] == [True, False]
    fill(five, 1)
    assert keep_up() is False
    fill(five, 1)
    assert keep_up() is True
    assert known() == 7
