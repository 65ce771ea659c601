"""Confirming: rows become matters that are assigned, all or none, once."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, connection
from django.utils import timezone

from cast import Cast
from directives.making import taken_in
from luoshi.directives.actions.confirming import confirm
from luoshi.directives.actions.review import check, drop, edit, join
from luoshi.directives.enums import ClauseState, Stage
from luoshi.directives.errors import ChangedMeanwhileError, ImpossibleError
from luoshi.directives.models import Clause, Directive, Edit, Notice
from luoshi.directives.readiness import ConfirmError, readiness
from luoshi.org.models import Unit
from luoshi.org.policy import RefusedError
from luoshi.work.actions import open_matter, perform
from luoshi.work.enums import Act, State
from luoshi.work.integrity import verify
from luoshi.work.models import Event, Matter, Numbering

pytestmark = pytest.mark.django_db

TODAY = timezone.localdate()
SOON = (TODAY + dt.timedelta(days=30)).isoformat()
SPEECH = """在云岭市教育工作会议上的讲话
同志们：
一、今年的重点任务
基教科牵头，安全科配合，完成校舍隐患排查，整改率达到98%以上。
安全科每月开展一次消防演练。
青禾第一中学要建成心理辅导室。
槐树镇中心学校要制定帮扶方案。
"""
"""Four demands with their units, no days."""


@pytest.fixture
def directive(cast: Cast) -> Directive:
    found = taken_in(cast, SPEECH)
    assert found.clauses.count() == 4
    return found


def do(directive: Directive, cast: Cast, *, who: str = "supervisor", **how: Any) -> Any:
    how.setdefault("operation", uuid.uuid4())
    return confirm(directive, by=cast.actor(who), **how)


def row(directive: Directive, words: str) -> Clause:
    (found,) = (one for one in directive.clauses.all() if words in one.values["requirement"])
    return found


def change(clause: Clause, cast: Cast, **values: Any) -> None:
    edit(clause, by=cast.actor("supervisor"), operation=uuid.uuid4(), **values)


# --- what comes of it ---------------------------------------------------------------------------------------------


def test_every_row_becomes_an_assigned_matter_of_the_documents_register(directive: Directive, cast: Cast) -> None:
    done = do(directive, cast)
    assert [(one.register, one.state, one.lead.code) for one in done.matters if one.lead] == [
        ("task", State.ASSIGNED, "YL-JJ"),
        ("task", State.ASSIGNED, "YL-AQ"),
        ("task", State.ASSIGNED, "QH-1"),
        ("task", State.ASSIGNED, "HS"),
    ]
    assert done.opened == 4
    assert set(directive.clauses.values_list("state", flat=True)) == {ClauseState.CONFIRMED}
    assert [one.matter for one in directive.clauses.order_by("number")] == done.matters
    assert [one.number for one in done.matters] == [f"督办〔{TODAY.year}〕{place}号" for place in range(1, 5)]


def test_a_matter_knows_its_document_its_place_there_and_its_programme(cast: Cast) -> None:
    directive = taken_in(cast, SPEECH)
    clause = row(directive, "校舍")
    (matter, *_rest) = do(directive, cast).matters
    text = directive.reading.text
    assert matter.source == {
        "document": "在云岭市教育工作会议上的讲话",
        "quote": "基教科牵头，安全科配合，完成校舍隐患排查，整改率达到98%以上。",
        "start": clause.start,
        "end": clause.end,
        "directive": str(directive.uid),
        "clause": str(clause.uid),
    }
    assert text[clause.start : clause.end].strip() == matter.source["quote"]
    assert [unit["code"] for unit in matter.support] == ["YL-AQ"]
    assert [(one["op"], one["value"], one["unit"]) for one in matter.targets] == [(">=", "98", "%")]


def test_the_programme_and_the_number_of_the_document_go_with_it(directive: Directive, cast: Cast) -> None:
    from luoshi.directives.models import Programme  # noqa: PLC0415 — one test

    directive.programme = Programme.objects.create(name="2026年工作要点")
    directive.number = "云教发〔2026〕7号"
    directive.save()
    matter = do(directive, cast).matters[0]
    assert matter.source["programme"] == "2026年工作要点"
    assert matter.source["document"] == "在云岭市教育工作会议上的讲话（云教发〔2026〕7号）"


def test_values_that_a_person_decided_are_those_of_the_matter(directive: Directive, cast: Cast) -> None:
    change(
        row(directive, "心理"),
        cast,
        title="建成心理辅导室",
        due=SOON,
        support=["YL-JJ"],
        milestones=[{"title": "选址", "due": SOON}],
    )
    matter = do(directive, cast).matters[2]
    assert (matter.title, matter.due) == ("建成心理辅导室", dt.date.fromisoformat(SOON))
    assert [unit["code"] for unit in matter.support] == ["YL-JJ"]
    assert [one["title"] for one in matter.milestones] == ["选址"]


def test_a_row_without_a_day_gets_the_one_that_the_register_counts(directive: Directive, cast: Cast) -> None:
    assert {one.due for one in do(directive, cast).matters} == {TODAY + dt.timedelta(days=7)}


def test_what_a_matter_has_no_place_for_stands_at_the_end_of_its_requirement(directive: Directive, cast: Cast) -> None:
    clause = row(directive, "心理")
    change(clause, cast, cadence=[{"text": "每季度", "rrule": "FREQ=MONTHLY;INTERVAL=3"}], support_text=["市卫健委"])
    rows = do(directive, cast).matters
    assert rows[2].requirement.endswith("心理辅导室。（周期：每季度）（配合：市卫健委）")
    assert "（周期" not in rows[1].requirement, "每月 stands in the words already"


def test_without_assigning_the_matters_stay_drafts_and_nobody_is_told(directive: Directive, cast: Cast) -> None:
    done = do(directive, cast, assign=False)
    assert {one.state for one in done.matters} == {State.DRAFTED}
    assert (done.notices, Notice.objects.count()) == ([], 0)


def test_the_document_is_confirmed_when_no_row_is_left(directive: Directive, cast: Cast) -> None:
    chosen = list(directive.clauses.order_by("number")[:1])
    do(directive, cast, clauses=chosen)
    assert (directive.stage, directive.confirmed_at) == (Stage.REVIEW, None)
    do(directive, cast)
    directive.refresh_from_db()
    assert directive.stage == Stage.CONFIRMED
    assert directive.confirmed_at is not None


def test_a_document_of_which_every_row_was_dropped_can_be_ended(directive: Directive, cast: Cast) -> None:
    drop(list(directive.clauses.all()), by=cast.actor("supervisor"), operation=uuid.uuid4(), why="not_a_task")
    assert do(directive, cast) == ([], [], 0)
    assert directive.stage == Stage.CONFIRMED


def test_one_edit_says_what_was_confirmed(directive: Directive, cast: Cast) -> None:
    do(directive, cast)
    (said,) = Edit.objects.filter(directive=directive, act="confirm")
    assert len(said.data["clauses"]) == 4
    assert said.data["said"] == f"督办〔{TODAY.year}〕1号—督办〔{TODAY.year}〕4号"


def test_matters_and_their_histories_hold_after_confirming(directive: Directive, cast: Cast) -> None:
    do(directive, cast)
    found = [one.kind for one in verify().findings]
    assert [kind for kind in found if not kind.startswith("evidence.")] == []  # files of other tests lie about


# --- once -------------------------------------------------------------------------------------------------------


def test_confirming_again_returns_the_same_matters_and_opens_nothing(directive: Directive, cast: Cast) -> None:
    first, again = do(directive, cast), do(directive, cast)
    assert (again.matters, again.notices, again.opened) == (first.matters, first.notices, 0)
    assert (Matter.objects.count(), Event.objects.count()) == (4, 8)
    assert Edit.objects.filter(act="confirm").count() == 1


def test_the_same_operation_again_acts_once(directive: Directive, cast: Cast) -> None:
    operation = uuid.uuid4()
    first = do(directive, cast, operation=operation, seen=directive.version)
    again = do(directive, cast, operation=operation, seen=0)
    assert again == first
    assert Matter.objects.count() == 4


def test_a_confirmed_row_among_the_chosen_is_skipped(directive: Directive, cast: Cast) -> None:
    rows = list(directive.clauses.order_by("number"))
    (first,) = do(directive, cast, clauses=rows[:1]).matters
    done = do(directive, cast, clauses=rows[:2])
    assert (done.matters[0], len(done.matters), done.opened) == (first, 2, 1)


# --- joined rows ------------------------------------------------------------------------------------------------


@pytest.fixture
def joined(directive: Directive, cast: Cast) -> Matter:
    matter = open_matter(
        "task",
        by=cast.actor("supervisor"),
        title="开展消防演练",
        lead=cast.unit("YL-AQ"),
        fields={"origin": "document"},
    )
    perform(matter, Act.ASSIGN, by=cast.actor("supervisor"))
    join(row(directive, "消防"), by=cast.actor("supervisor"), operation=uuid.uuid4(), matter=matter)
    return matter


def test_a_joined_row_leaves_a_comment_with_its_words_once(directive: Directive, cast: Cast, joined: Matter) -> None:
    done = do(directive, cast)
    do(directive, cast)
    (said,) = joined.events.filter(act=Act.COMMENT)
    assert said.data["note"].endswith("安全科每月开展一次消防演练。")
    assert "在云岭市教育工作会议上的讲话" in said.data["note"]
    assert len(done.matters) == 3
    assert joined not in done.matters


def test_a_document_of_joined_rows_alone_is_told_and_ended(directive: Directive, cast: Cast, joined: Matter) -> None:
    others = [one for one in directive.clauses.all() if one.state in ClauseState.live]
    drop(others, by=cast.actor("supervisor"), operation=uuid.uuid4(), why="done")
    assert do(directive, cast).opened == 0
    assert directive.stage == Stage.CONFIRMED
    assert joined.events.filter(act=Act.COMMENT).count() == 1


def test_a_row_joined_elsewhere_after_the_document_was_confirmed_is_told_there_by_the_next_confirmation(
    directive: Directive, cast: Cast, joined: Matter
) -> None:
    other = do(directive, cast).matters[0]
    Clause.objects.filter(pk=row(directive, "消防").pk).update(matter=other)
    assert do(directive, cast).opened == 0
    do(directive, cast)
    assert [one.events.filter(act=Act.COMMENT).count() for one in (joined, other)] == [1, 1]


def test_a_matter_that_the_person_may_not_know_of_is_left_alone(
    directive: Directive, cast: Cast, joined: Matter
) -> None:
    Matter.objects.filter(pk=joined.pk).update(confidential=True)
    assert do(directive, cast).opened == 3
    assert joined.events.filter(act=Act.COMMENT).count() == 0


# --- what is missing --------------------------------------------------------------------------------------------


def missing(directive: Directive, cast: Cast, **how: Any) -> list[tuple[int | None, str]]:
    with pytest.raises(ConfirmError) as refused:
        do(directive, cast, **how)
    return [(None if one.clause is None else one.clause.number, one.sentence) for one in refused.value.missing]


def test_everything_missing_is_told_at_once_and_nothing_is_opened(directive: Directive, cast: Cast) -> None:
    rows = list(directive.clauses.order_by("number"))
    past = TODAY - dt.timedelta(days=1)
    change(rows[0], cast, lead=None)
    change(rows[1], cast, lead=None, lead_text="各学校")
    change(rows[2], cast, due=past.isoformat())
    Unit.objects.filter(code="HS").update(closed_on=TODAY)
    assert missing(directive, cast) == [
        (1, "还没有牵头单位，请选择。"),
        (2, "“各学校”不是一个单位，请选择牵头单位。"),
        (3, f"完成时限{past.isoformat()}已经过了，请改一个，或者清空、按台账的规则推算。"),
        (4, "“槐树镇中心学校”已经停用，请选择其他单位。"),
    ]
    assert (Matter.objects.count(), Notice.objects.count(), Edit.objects.filter(act="confirm").count()) == (0, 0, 0)
    assert directive.stage == Stage.REVIEW


def test_a_field_that_the_register_requires_is_asked_for_by_its_name(directive: Directive, cast: Cast) -> None:
    change(row(directive, "心理"), cast, fields={"origin": None})
    assert missing(directive, cast) == [(3, "请填写“任务来源”。")]


def test_several_things_missing_in_one_row_are_all_told(directive: Directive, cast: Cast) -> None:
    change(row(directive, "心理"), cast, lead=None, fields={"origin": None})
    assert len(missing(directive, cast)) == 2


def test_what_is_missing_in_other_rows_does_not_hold_up_the_chosen_ones(directive: Directive, cast: Cast) -> None:
    change(row(directive, "心理"), cast, lead=None)
    assert do(directive, cast, clauses=[row(directive, "校舍")]).opened == 1


def test_a_dropped_row_that_is_chosen_is_told(directive: Directive, cast: Cast) -> None:
    clause = row(directive, "心理")
    drop([clause], by=cast.actor("supervisor"), operation=uuid.uuid4(), why="done")
    assert missing(directive, cast, clauses=[clause.uid]) == [(3, "这一条已经不立项或并入别的条目，请先恢复。")]


def test_a_register_that_is_gone_is_told_once(directive: Directive, cast: Cast) -> None:
    Directive.objects.filter(pk=directive.pk).update(register="gone")
    directive.refresh_from_db()
    assert missing(directive, cast) == [(None, "这份文件要立项的台账已经停用，请在文件信息里改选台账。")]


def test_the_error_says_the_first_few_and_counts_the_rest(cast: Cast) -> None:
    directive = taken_in(cast, SPEECH + "".join(f"青禾第一中学要建成第{n}间教室。\n" for n in range(2, 8)))
    Unit.objects.filter(code__in=["QH-1"]).update(closed_on=TODAY)
    with pytest.raises(ConfirmError) as refused:
        do(directive, cast)
    assert len(refused.value.missing) == 7
    assert str(refused.value).startswith("还不能确认立项：第3条：“青禾第一中学”已经停用，请选择其他单位。第5条：")
    assert str(refused.value).endswith("另有2处。")


# --- who, and when ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["leader", "head", "discipline", "system_admin", "stranger"])
def test_nobody_but_a_supervisor_confirms(directive: Directive, cast: Cast, who: str) -> None:
    with pytest.raises(RefusedError):
        do(directive, cast, who=who)
    assert Matter.objects.count() == 0


def test_a_confidential_document_is_confirmed_only_through_a_post_that_names_its_register(
    directive: Directive, cast: Cast
) -> None:
    Directive.objects.filter(pk=directive.pk).update(confidential=True, register="secret")
    directive.refresh_from_db()
    with pytest.raises(RefusedError):
        do(directive, cast)


@pytest.mark.parametrize("stage", [Stage.WAITING, Stage.READING, Stage.FAILED, Stage.WITHDRAWN])
def test_a_document_that_is_not_under_review_is_refused(directive: Directive, cast: Cast, stage: Stage) -> None:
    Directive.objects.filter(pk=directive.pk).update(stage=stage)
    directive.refresh_from_db()
    with pytest.raises(ImpossibleError):
        do(directive, cast)
    assert Matter.objects.count() == 0


def test_what_others_changed_since_the_page_is_told_and_nothing_is_opened(directive: Directive, cast: Cast) -> None:
    seen = directive.version
    check([row(directive, "心理")], by=cast.actor("second_supervisor"), operation=uuid.uuid4())
    with pytest.raises(ChangedMeanwhileError) as told:
        do(directive, cast, seen=seen)
    assert [one.actor_name for one in told.value.edits] == ["孟舒"]
    assert Matter.objects.count() == 0


def test_what_one_changed_oneself_since_the_page_is_known(directive: Directive, cast: Cast) -> None:
    seen = directive.version
    check([row(directive, "心理")], by=cast.actor("supervisor"), operation=uuid.uuid4())
    assert do(directive, cast, seen=seen).opened == 4


def test_a_number_that_is_too_long_is_refused(directive: Directive, cast: Cast) -> None:
    with pytest.raises(ValidationError):
        do(directive, cast, number="号" * 61)
    assert Matter.objects.count() == 0


# --- in the middle ----------------------------------------------------------------------------------------------


@pytest.fixture
def third_matter_breaks() -> Iterator[list[str]]:
    """Let the database fail at the third matter."""
    seen: list[str] = []

    def watch(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if sql.startswith('INSERT INTO "work_matter"'):
            seen.append(sql)
            if len(seen) == 3:
                raise DatabaseError("disk full")
        return execute(sql, params, many, context)

    with connection.execute_wrapper(watch):
        yield seen


def test_what_breaks_in_the_middle_leaves_nothing_opened(
    directive: Directive, cast: Cast, third_matter_breaks: list[str]
) -> None:
    with pytest.raises(DatabaseError):
        do(directive, cast)
    assert len(third_matter_breaks) == 3
    assert (Matter.objects.count(), Event.objects.count(), Notice.objects.count()) == (0, 0, 0)
    assert sum(Numbering.objects.values_list("last", flat=True)) == 0
    assert set(Clause.objects.values_list("state", flat=True)) == {ClauseState.OPEN}


# --- the plan ---------------------------------------------------------------------------------------------------


def test_readiness_counts_what_each_unit_would_get(directive: Directive, cast: Cast) -> None:
    plan = readiness(directive, cast.actor("supervisor"))
    assert [(unit.code, leads, supports) for unit, leads, supports in plan.units] == [
        ("YL-AQ", 1, 1),
        ("YL-JJ", 1, 0),
        ("HS", 1, 0),
        ("QH-1", 1, 0),
    ]


def test_rows_drafted_with_little_confidence_are_named_until_they_are_checked(directive: Directive, cast: Cast) -> None:
    clause = row(directive, "心理")
    Clause.objects.filter(pk=clause.pk).update(confidence=0.3)
    Clause.objects.exclude(pk=clause.pk).update(confidence=0.9)
    assert [one.clause for one in readiness(directive, cast.actor("supervisor")).doubtful] == [clause]
    check([clause], by=cast.actor("supervisor"), operation=uuid.uuid4())
    assert readiness(directive, cast.actor("supervisor")).doubtful == []
