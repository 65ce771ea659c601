"""Two reviewers at once, on a database that commits: the second waits, and is told."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from cast import make_cast
from directives.reviewing import Table, new
from luoshi.directives import checks
from luoshi.directives.actions import review
from luoshi.directives.errors import ChangedMeanwhileError, ReviewError
from luoshi.directives.models import Edit
from together import at_once as start_together
from together import kept_on_disk

pytestmark = pytest.mark.django_db(transaction=True)


at_once = partial(start_together, refused=ReviewError)


@pytest.fixture
def on_disk(transactional_db: None, tmp_path: Path) -> Iterator[None]:
    """Let several connections wait for each other."""
    yield from kept_on_disk(tmp_path)


@pytest.fixture
def table(on_disk: None) -> Table:
    return Table(make_cast())


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
