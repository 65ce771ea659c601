"""Two people who confirm at once, on a database that commits: one set of matters."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from cast import Cast, make_cast
from directives.making import taken_in
from luoshi.directives.actions.confirming import Confirmed, confirm
from luoshi.directives.errors import ChangedMeanwhileError, ReviewError
from luoshi.directives.models import Edit, Notice
from luoshi.work.models import Matter
from together import at_once as start_together
from together import kept_on_disk

pytestmark = pytest.mark.django_db(transaction=True)

SPEECH = "在云岭市教育工作会议上的讲话\n同志们：\n一、今年的重点任务\n" + "".join(
    f"安全科牵头，基教科配合，完成第{number}片区校舍隐患排查。\n" for number in range(1, 13)
)


at_once = partial(start_together, refused=ReviewError)


@pytest.fixture
def on_disk(transactional_db: None, tmp_path: Path) -> Iterator[None]:
    """Let several connections wait for each other."""
    yield from kept_on_disk(tmp_path)


@pytest.fixture
def made(on_disk: None) -> Cast:
    return make_cast()


def test_two_who_confirm_at_once_open_one_set_of_matters(made: Cast) -> None:
    directive = taken_in(made, SPEECH)
    rows = directive.clauses.count()
    actors = [made.actor(who) for who in ("supervisor", "second_supervisor")]
    done = at_once(*(lambda by=by: confirm(directive, by=by, operation=uuid.uuid4()) for by in actors))
    assert sorted(one.opened for one in done) == [0, rows]
    assert done[0].matters == done[1].matters
    assert (Matter.objects.count(), Notice.objects.count(), Edit.objects.count()) == (rows, 2, 1)


def test_the_second_of_two_pages_is_told_of_the_first(made: Cast) -> None:
    directive = taken_in(made, SPEECH)
    rows, seen = directive.clauses.count(), directive.version
    actors = [made.actor(who) for who in ("supervisor", "second_supervisor")]
    done = at_once(*(lambda by=by: confirm(directive, by=by, operation=uuid.uuid4(), seen=seen) for by in actors))
    assert sorted(type(one) is Confirmed for one in done) == [False, True]
    assert any(isinstance(one, ChangedMeanwhileError) for one in done)
    assert Matter.objects.count() == rows
