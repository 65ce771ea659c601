"""Taking acts back: one's own, the newest first, and never what others built upon."""

from __future__ import annotations

import random
from collections.abc import Callable
from contextlib import suppress
from typing import Any, Final

import pytest
from django.core.exceptions import ValidationError

from cast import Cast
from directives.reviewing import Table, new
from luoshi.directives import checks
from luoshi.directives.actions import review
from luoshi.directives.actions.door import write
from luoshi.directives.changes import line
from luoshi.directives.enums import ReviewAct
from luoshi.directives.errors import ImpossibleError, ReviewError
from luoshi.directives.fold import apply
from luoshi.directives.models import Clause, Edit
from luoshi.org.policy import Actor
from luoshi.work.actions import open_matter
from luoshi.work.models import Matter

pytestmark = pytest.mark.django_db


@pytest.fixture
def table(cast: Cast) -> Table:
    return Table(cast)


def undo(table: Table, who: Actor | None = None) -> Edit:
    return review.undo(table.directive, by=who or table.me, operation=new())


def _matter(table: Table) -> Matter:
    return open_matter("task", by=table.me, title="甲", lead=table.cast.unit("YL-AQ"), fields={"origin": "other"})


ACTS: Final[dict[str, Callable[[Table], Edit]]] = {
    "edit": lambda t: review.edit(t.row(1), by=t.me, operation=new(), title="甲", lead=None, targets=[]),
    "check": lambda t: review.check(t.rows(1, 2), by=t.me, operation=new()),
    "move": lambda t: review.move(t.row(3), by=t.me, operation=new(), sentences=[9, 10]),
    "merge": lambda t: review.merge(t.rows(2, 1, 4), by=t.me, operation=new()),
    "split": lambda t: review.split(t.row(4), by=t.me, operation=new(), at_char=t.row(4).start + 9),
    "drop": lambda t: review.drop(t.rows(5), by=t.me, operation=new(), why="not_a_task", label="principle"),
    "make": lambda t: review.make(t.directive, by=t.me, operation=new(), sentences=[10]),
    "label": lambda t: review.label(t.directive, by=t.me, operation=new(), sentences=[10], label="other"),
    "join": lambda t: review.join(t.row(1), by=t.me, operation=new(), matter=_matter(t)),
}


@pytest.mark.parametrize("act", ACTS)
def test_each_act_is_taken_back_exactly(table: Table, act: str) -> None:
    before = table.standing()

    done = ACTS[act](table)
    assert table.standing() != before
    taken_back = undo(table)

    assert table.standing() == before
    assert (taken_back.act, taken_back.undoes) == ("undo", done.seq)
    assert f"撤销了“{ReviewAct(act).label}”" in line(taken_back)


@pytest.mark.parametrize("act", ["uncheck", "restore"])
def test_taking_back_is_an_act_that_is_taken_back(table: Table, act: str) -> None:
    if act == "uncheck":
        review.check([table.row(1)], by=table.me, operation=new())
    else:
        review.drop([table.row(1)], by=table.me, operation=new(), why="done")
    before = table.standing()
    doing = review.uncheck if act == "uncheck" else review.restore
    doing([table.row(1)], by=table.me, operation=new())

    undo(table)

    assert table.standing() == before


def test_several_undos_walk_back_and_then_say_that_nothing_is_left(table: Table) -> None:
    standings = [table.standing()]
    for act in ACTS.values():
        with suppress(ReviewError):
            act(table)
            standings.append(table.standing())
    assert len(standings) > 6

    for standing in reversed(standings[:-1]):
        undo(table)
        assert table.standing() == standing

    with pytest.raises(ImpossibleError, match="没有可以撤销的操作"):
        undo(table)


def test_an_undone_act_is_not_undone_twice(table: Table) -> None:
    review.edit(table.row(1), by=table.me, operation=new(), title="甲")
    review.edit(table.row(1), by=table.me, operation=new(), title="乙")

    assert [undo(table).undoes, undo(table).undoes] == [2, 1]
    assert table.value(1, "title") == "完成校舍隐患排查"


def test_the_same_undo_again_takes_back_once(table: Table) -> None:
    review.edit(table.row(1), by=table.me, operation=new(), title="甲")
    review.edit(table.row(1), by=table.me, operation=new(), title="乙")
    operation = new()

    first = review.undo(table.directive, by=table.me, operation=operation)
    again = review.undo(table.directive, by=table.me, operation=operation)

    assert again.pk == first.pk
    assert table.value(1, "title") == "甲"


def test_only_ones_own_acts_are_taken_back(table: Table) -> None:
    review.edit(table.row(1), by=table.other, operation=new(), title="甲")

    with pytest.raises(ImpossibleError):
        undo(table)

    assert table.value(1, "title") == "甲"


def test_what_another_built_upon_stays(table: Table) -> None:
    review.edit(table.row(1), by=table.me, operation=new(), title="甲")
    review.edit(table.row(2), by=table.me, operation=new(), title="乙")
    review.edit(table.row(2), by=table.other, operation=new(), title="丙")

    assert undo(table).undoes == 1
    with pytest.raises(ImpossibleError):
        undo(table)

    assert [table.value(1, "title"), table.value(2, "title")] == ["完成校舍隐患排查", "丙"]


def test_what_another_built_upon_and_took_back_is_free_again(table: Table) -> None:
    review.edit(table.row(1), by=table.me, operation=new(), title="甲")
    review.edit(table.row(1), by=table.other, operation=new(), title="乙")
    undo(table, table.other)

    undo(table)

    assert table.value(1, "title") == "完成校舍隐患排查"


def test_kinds_of_sentences_are_built_upon_too(table: Table) -> None:
    review.label(table.directive, by=table.me, operation=new(), sentences=[10], label="other")
    review.label(table.directive, by=table.other, operation=new(), sentences=[10], label="principle")

    with pytest.raises(ImpossibleError):
        undo(table)


@pytest.mark.parametrize("act", [act for act in ReviewAct if act in ReviewAct.lasting and act != "undo"])
def test_acts_that_reach_beyond_the_review_stay(table: Table, act: ReviewAct) -> None:
    row = table.row(1)
    write(
        table.directive,
        act,
        by=table.me,
        operation=new(),
        decide=lambda case: case.put(case.clauses([row])[0], note="beyond"),
    )

    with pytest.raises(ImpossibleError):
        undo(table)

    assert table.row(1).note == "beyond"


# Whatever two people do.


class Players:
    """Two people who do whatever comes to their minds, by the dice."""

    def __init__(self, table: Table, seed: int) -> None:
        self.table, self.dice = table, random.Random(seed)
        self.matter = _matter(table)

    def act(self) -> Edit:
        table, dice = self.table, self.dice
        by = dice.choice([table.me, table.other])
        row, other = dice.choice(self.rows()), dice.choice(self.rows())
        some = dice.sample(range(len(table.directive.reading.sentences)), dice.randint(1, 3))
        how: dict[str, Any] = {"by": by, "operation": new()}
        acts: list[Callable[[], Edit]] = [
            lambda: review.edit(row, title=dice.choice("甲乙丙丁"), due=dice.choice([None, "2026-07-01"]), **how),
            lambda: review.edit(row, lead=dice.choice(["YL-JJ", "HS", None]), support=["YL-AQ", "HS-1"], **how),
            lambda: review.check([row, other], **how),
            lambda: review.uncheck([row], **how),
            lambda: review.move(row, sentences=dice.choice([some, [*row.sentences, some[0]]]), **how),
            lambda: review.merge([row, other], **how),
            lambda: review.split(row, at=dice.choice(row.sentences), **how),
            lambda: review.split(row, at_char=dice.randint(row.start, row.end), **how),
            lambda: review.drop([row], why="not_a_task", label=dice.choice(["", "principle"]), **how),
            lambda: review.restore([row], **how),
            lambda: review.make(table.directive, sentences=some, **how),
            lambda: review.label(table.directive, sentences=some, label=dice.choice(["", "other", "problem"]), **how),
            lambda: review.join(row, matter=self.matter, **how),
            lambda: review.undo(table.directive, **how),
        ]
        return dice.choice(acts)()

    def rows(self) -> list[Clause]:
        return list(self.table.directive.clauses.order_by("pk"))


REFUSALS: Final = (ReviewError, ValidationError)


@pytest.mark.parametrize("seed", range(4))
def test_whatever_two_people_do_the_rows_follow_from_the_edits(table: Table, seed: int) -> None:
    players = Players(table, seed)
    replayed = table.standing()
    for _ in range(80):
        stored = table.standing()
        try:
            edit = players.act()
        except REFUSALS:
            assert table.standing() == stored  # whatever is refused has changed nothing
            continue
        apply(replayed, edit.data)
        assert table.standing() == replayed
        assert table.overlapping() == []

    assert Edit.objects.count() > 20
    assert list(checks.findings()) == []


@pytest.mark.parametrize("seed", range(4))
def test_whatever_one_person_did_walks_back_to_what_was_drafted(table: Table, seed: int) -> None:
    drafted = table.standing()
    players = Players(table, 100 + seed)
    table.other = table.me
    for _ in range(40):
        with suppress(*REFUSALS):
            players.act()

    for _ in range(41):
        try:
            undo(table)
        except ImpossibleError:
            break

    assert table.standing() == drafted
    done = set(Edit.objects.exclude(act="undo").values_list("seq", flat=True))
    assert set(Edit.objects.filter(act="undo").values_list("undoes", flat=True)) == done
    assert Edit.objects.filter(act="undo").count() == len(done)
