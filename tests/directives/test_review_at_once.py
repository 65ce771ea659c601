"""Two reviewers at once, on a database that commits: the second waits, and is told."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from cast import make_cast
from directives.reviewing import Table, new
from luoshi.directives import checks
from luoshi.directives.actions import review
from luoshi.directives.errors import ChangedMeanwhileError, ReviewError
from luoshi.directives.models import Edit

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def on_disk(transactional_db: None, tmp_path: Path) -> Iterator[None]:
    """Use a file where the tests' SQLite database is in memory: only a file lets two connections wait for each other."""
    if connection.vendor != "sqlite":
        yield
        return
    memory, name = connection.connection, connection.settings_dict["NAME"]
    path = tmp_path / "luoshi.sqlite3"
    with closing(sqlite3.connect(path)) as copy:
        memory.backup(copy)
    connection.connection, connection.settings_dict["NAME"] = None, str(path)
    yield
    connection.close()
    connection.connection, connection.settings_dict["NAME"] = memory, name


@pytest.fixture
def table(on_disk: None) -> Table:
    return Table(make_cast())


def at_once(*works: Callable[[], Any]) -> list[Any]:
    """Run functions in threads of their own that start together; return what each gave or raised."""
    gate, results = threading.Barrier(len(works)), list[Any]([None] * len(works))

    def run(index: int, work: Callable[[], Any]) -> None:
        gate.wait(20)
        try:
            results[index] = work()
        except ReviewError as error:
            results[index] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(index, work)) for index, work in enumerate(works)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return results


def test_the_second_of_two_who_change_a_row_is_told_of_the_first(table: Table) -> None:
    seen = {table.row(1).uid: 0}
    mine, theirs = table.row(1), table.row(1)

    results = at_once(
        lambda: review.edit(mine, by=table.me, operation=new(), seen=seen, title="甲"),
        lambda: review.edit(theirs, by=table.other, operation=new(), seen=seen, title="乙"),
    )

    assert sorted(type(result).__name__ for result in results) == ["ChangedMeanwhileError", "Edit"]
    (refused,) = (result for result in results if isinstance(result, ChangedMeanwhileError))
    (done,) = (result for result in results if isinstance(result, Edit))
    assert [edit.pk for edit in refused.edits] == [done.pk]
    assert list(checks.findings()) == []


def test_the_same_form_sent_twice_at_once_acts_once(table: Table) -> None:
    operation, first, second = new(), table.row(1), table.row(1)

    results = at_once(
        lambda: review.drop([first], by=table.me, operation=operation, why="done"),
        lambda: review.drop([second], by=table.me, operation=operation, why="done"),
    )

    assert {result.pk for result in results} == {Edit.objects.get().pk}
    assert table.states()[1] == "dropped"


def test_two_who_work_on_different_rows_lose_nothing(table: Table) -> None:
    def titles(numbers: tuple[int, ...], who: Any) -> Callable[[], Any]:
        rows = table.rows(*numbers)
        return lambda: [
            review.edit(row, by=who, operation=new(), seen={row.uid: row.version}, title=f"{turn}")
            for turn in range(6)
            for row in rows
        ]

    at_once(titles((1, 2), table.me), titles((3, 4), table.other))

    assert list(Edit.objects.order_by("seq").values_list("seq", flat=True)) == list(range(1, 25))
    assert [table.value(number, "title") for number in (1, 2, 3, 4)] == ["5"] * 4
    assert list(checks.findings()) == []


def test_two_who_take_the_same_sentence_do_not_both_hold_it(table: Table) -> None:
    index = [table.sentence("教育是民生")]

    results = at_once(
        lambda: review.make(table.directive, by=table.me, operation=new(), sentences=index),
        lambda: review.make(table.directive, by=table.other, operation=new(), sentences=index),
    )

    assert sorted(type(result).__name__ for result in results) == ["Edit", "ImpossibleError"]
    assert table.overlapping() == []
