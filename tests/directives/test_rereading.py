"""Reading a document again, describing and withdrawing it: what people decided stays."""

from __future__ import annotations

import datetime as dt
import uuid
from threading import Thread
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, connections

from cast import Cast
from directives.making import MEETING, taken_in
from luoshi.directives.actions.review import check, drop, edit, merge
from luoshi.directives.actions.taking_in import describe, read_again, take_in_text, withdraw
from luoshi.directives.enums import ClauseState, ReviewAct, Stage
from luoshi.directives.errors import ImpossibleError
from luoshi.directives.models import Clause, Directive
from luoshi.directives.understanding import understand
from luoshi.org.models import Unit
from luoshi.org.policy import RefusedError
from luoshi.work import registers
from luoshi.work.evidence.store import path_of

pytestmark = pytest.mark.django_db


def once_more(directive: Directive, cast: Cast) -> None:
    read_again(directive, by=cast.actor("supervisor"), operation=uuid.uuid4())
    understand(directive.pk)
    directive.refresh_from_db()


def how(cast: Cast, **more: Any) -> dict[str, Any]:
    return {"by": cast.actor("supervisor"), "operation": uuid.uuid4()} | more


def values(directive: Directive, number: int) -> dict[str, Any]:
    found: dict[str, Any] = directive.clauses.get(number=number).values
    return found


def test_a_second_reading_of_the_same_changes_no_row(cast: Cast) -> None:
    directive = taken_in(cast)
    before = list(directive.clauses.order_by("number").values("number", "values", "said", "state", "version"))
    once_more(directive, cast)
    assert directive.stage == Stage.REVIEW
    assert list(directive.clauses.order_by("number").values("number", "values", "said", "state", "version")) == before
    acts = list(directive.edits.order_by("seq").values_list("act", "actor_name"))
    assert acts == [("reread", "苏晓岚"), ("reread", "系统")]


def test_another_day_counts_the_times_anew_except_where_a_person_set_them(cast: Cast) -> None:
    directive = taken_in(cast)
    first = directive.clauses.get(number=1)
    edit(first, seen={str(first.uid): first.version}, **how(cast, due=dt.date(2026, 6, 15)))
    describe(directive, date=dt.date(2027, 3, 2), **how(cast))
    once_more(directive, cast)
    assert values(directive, 1)["due"] == "2026-06-15"
    assert values(directive, 3)["due"] == "2027-09-01"
    assert directive.clauses.get(number=1).said["deadlines"][0]["due"] == "2027-06-30"
    assert directive.reading.engine["date"] == "2027-03-02"


def test_a_unit_that_got_a_short_name_is_matched_by_a_second_reading(cast: Cast) -> None:
    directive = taken_in(
        cast, MEETING.replace("各学校要严格落实课后服务制度。", "严格落实课后服务制度（责任单位：青一中）。")
    )
    last = directive.clauses.count()
    assert values(directive, last)["lead"] is None
    Unit.objects.filter(code="QH-1").update(short_names=["青一中"])
    once_more(directive, cast)
    assert (values(directive, last)["lead"], values(directive, last)["lead_text"]) == ("QH-1", "")


def test_a_checked_row_is_to_be_checked_again_only_where_its_proposal_changed(cast: Cast) -> None:
    directive = taken_in(cast)
    rows = list(directive.clauses.filter(number__in=(1, 2)))
    check(rows, seen={str(row.uid): row.version for row in rows}, **how(cast))
    describe(directive, date=dt.date(2027, 3, 2), **how(cast))
    once_more(directive, cast)
    assert directive.clauses.get(number=1).state == ClauseState.OPEN
    assert directive.clauses.get(number=2).state == ClauseState.CHECKED


def test_rows_that_people_dropped_or_merged_stay_so(cast: Cast) -> None:
    directive = taken_in(cast)
    first, second, third = directive.clauses.order_by("number")[:3]
    drop([first], why="not_a_task", seen={}, **how(cast))
    merge([second, third], seen={}, **how(cast))
    before = list(directive.clauses.order_by("number").values("state", "sentences", "values"))
    once_more(directive, cast)
    assert list(directive.clauses.order_by("number").values("state", "sentences", "values")) == before


def test_a_lost_file_gives_the_review_back_as_it_was(cast: Cast) -> None:
    directive = taken_in(cast)
    path_of(directive.evidence).rename(path_of(directive.evidence).with_suffix(".gone"))
    try:
        once_more(directive, cast)
    finally:
        path_of(directive.evidence).with_suffix(".gone").rename(path_of(directive.evidence))
    assert directive.stage == Stage.REVIEW
    assert "找不到" in directive.edits.order_by("-seq")[0].data["said"]


def test_a_document_that_is_withdrawn_while_it_is_read_again_stays_withdrawn(cast: Cast) -> None:
    directive = taken_in(cast)
    read_again(directive, **how(cast))
    withdraw(directive, reason="选错文件", **how(cast))
    understand(directive.pk)
    directive.refresh_from_db()
    assert directive.stage == Stage.WITHDRAWN


def test_asking_twice_reads_once(cast: Cast) -> None:
    directive = taken_in(cast)
    read_again(directive, **how(cast))
    read_again(directive, **how(cast))
    assert directive.edits.count() == 1


@pytest.mark.parametrize("act", [read_again, describe, withdraw])
def test_only_the_office_does_these(cast: Cast, act: Any) -> None:
    directive = taken_in(cast)
    more: dict[str, Any] = {describe: {"title": "x"}, withdraw: {"reason": "x"}}.get(act, {})
    with pytest.raises(RefusedError):
        act(directive, by=cast.actor("leader"), operation=uuid.uuid4(), **more)
    assert directive.edits.count() == 0


def test_a_document_with_confirmed_rows_is_neither_read_again_nor_withdrawn_nor_moved(cast: Cast) -> None:
    directive = taken_in(cast)
    Clause.objects.filter(directive=directive, number=1).update(state=ClauseState.CONFIRMED)
    for act, more in ((read_again, {}), (withdraw, {"reason": "x"}), (describe, {"register": "hazard"})):
        with pytest.raises((ImpossibleError, ValidationError)):
            act(directive, **how(cast, **more))
    assert directive.edits.count() == 0


def test_a_document_that_is_not_read_yet_is_not_described(cast: Cast) -> None:
    registers.sync()
    directive = take_in_text(MEETING, **how(cast))
    with pytest.raises(ImpossibleError):
        describe(directive, title="x", **how(cast))
    withdraw(directive, reason="选错文件", **how(cast))
    understand(directive.pk)
    directive.refresh_from_db()
    assert (directive.stage, directive.clauses.count()) == (Stage.WITHDRAWN, 0)


def test_withdrawing_needs_a_reason_and_is_written_down(cast: Cast) -> None:
    directive = taken_in(cast)
    with pytest.raises(ValidationError):
        withdraw(directive, reason=" ", **how(cast))
    told = withdraw(directive, reason="选错文件", **how(cast))
    assert (told.act, told.data["said"], directive.stage) == (ReviewAct.WITHDRAW, "选错文件", Stage.WITHDRAWN)


@pytest.mark.parametrize(
    ("given", "name"),
    [
        ({"title": ""}, "title"),
        ({"number": "x" * 121}, "number"),
        ({"kind": "novel"}, "kind"),
        ({"date": "2026"}, "date"),
    ],
)
def test_what_cannot_be_is_refused_by_name(cast: Cast, given: dict[str, Any], name: str) -> None:
    directive = taken_in(cast)
    with pytest.raises(ValidationError) as refused:
        describe(directive, **how(cast, **given))
    assert set(refused.value.message_dict) == {name}


def test_a_programme_is_taken_off_again(cast: Cast) -> None:
    directive = taken_in(cast)
    describe(directive, programme="平安校园", **how(cast))
    describe(directive, programme="", **how(cast))
    assert directive.programme is None


@pytest.mark.django_db(transaction=True)
def test_two_who_take_the_same_file_in_at_once_get_one_document_and_one_sentence(cast: Cast) -> None:
    registers.sync()
    actor = cast.actor("supervisor")
    outcomes: list[str] = []

    def take() -> None:
        try:
            take_in_text(MEETING, by=actor, operation=uuid.uuid4())
            outcomes.append("taken")
        except ValidationError as error:
            outcomes.append(str(error.code))
        finally:
            connections.close_all()

    if connection.vendor == "sqlite":
        take()  # one database in memory: its threads would share one connection
        take()
    else:
        threads = [Thread(target=take) for _one in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert sorted(outcomes) == ["known", "taken"]
    assert Directive.objects.count() == 1
