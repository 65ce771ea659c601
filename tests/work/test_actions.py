"""The acts, one by one: what they write down, what they refuse."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation

from cast import Cast
from luoshi.ledger.canonical import GENESIS, link
from luoshi.org.enums import Role
from luoshi.org.models import Deputy, Post
from luoshi.org.policy import SYSTEM_ACTOR, RefusedError
from luoshi.work import fold
from luoshi.work.actions import hand_over_all, open_matter, perform
from luoshi.work.actions.table import RECIPES
from luoshi.work.enums import Act, Grade, State
from luoshi.work.errors import ChangedMeanwhileError, ImpossibleError, OwnWorkError, UnmetError
from luoshi.work.models import Event, Involvement, Matter, Numbering
from luoshi.work.offers import offers
from luoshi.work.sentences import line, sentence
from work.matters import Maker, file

pytestmark = pytest.mark.django_db

TODAY = timezone.localdate()
LATER = TODAY + dt.timedelta(days=40)


@pytest.fixture
def make(cast: Cast) -> Maker:
    return Maker(cast)


def columns(matter: Matter) -> dict[str, Any]:
    return {name: getattr(matter, name) for name in (f.attname for f in matter._meta.concrete_fields)}


def stored(matter: Matter) -> dict[str, Any]:
    return columns(Matter.objects.get(pk=matter.pk))


def codes(caught: pytest.ExceptionInfo[ValidationError]) -> dict[str, list[str | None]]:
    if not hasattr(caught.value, "error_dict"):
        return {"": [caught.value.code]}
    return {name: [error.code for error in errors] for name, errors in caught.value.error_dict.items()}


# The row follows from the events.


@pytest.mark.parametrize("register", ["errand", "charge"])
@pytest.mark.parametrize("state", list(State))
def test_row_is_what_its_events_lead_to(make: Maker, state: State, register: str) -> None:
    matter = make.in_state(state, register)
    assert matter.state == state
    assert columns(matter) == stored(matter)
    assert columns(fold.replay(matter.events.order_by("seq"))) == stored(matter)


def test_events_form_a_chain_from_the_first(make: Maker) -> None:
    matter = make.closed("charge")
    events = list(matter.events.order_by("seq"))
    assert [event.seq for event in events] == list(range(1, len(events) + 1))
    assert [event.prev for event in events] == [GENESIS, *(event.hash for event in events[:-1])]
    assert [event.hash for event in events] == [link(event.prev, event.content()) for event in events]
    assert (matter.version, matter.head) == (events[-1].seq, events[-1].hash)


def test_hash_holds_whatever_time_zone_the_moment_was_told_in(make: Maker) -> None:
    at = dt.datetime(2026, 3, 6, 8, 30, tzinfo=dt.timezone(dt.timedelta(hours=8)))
    matter = make.drafted(at=at)
    event = matter.events.get()
    assert (event.at, event.hash) == (at, link(event.prev, event.content()))


def test_moment_without_time_zone_is_a_mistake(make: Maker) -> None:
    with pytest.raises(ValueError, match="time zone"):
        make.drafted(at=dt.datetime(2026, 3, 6, 8, 30))  # noqa: DTZ001 — the mistake


def test_units_that_take_part_can_be_found(make: Maker) -> None:
    matter = make.drafted(support=[make.cast.unit("QH-1"), make.cast.unit("HS-1")])
    parts = Involvement.objects.filter(matter=matter).values_list("unit__code", "side")
    assert set(parts) == {("HS-1", "lead"), ("QH-1", "support")}
    perform(matter, Act.ASSIGN, by=make.cast.actor("supervisor"), lead=make.cast.unit("QH-1"))
    assert set(parts.all()) == {("QH-1", "lead")}
    assert matter.support == []


def test_evidence_follows_its_events(make: Maker) -> None:
    matter, office = make.under_way(), make.cast.actor("supervisor")
    perform(matter, Act.ATTACH, by=office, evidence=[file("甲.pdf"), file("乙.pdf")])
    perform(matter, Act.DETACH, by=office, evidence=[file("甲.pdf")[0]], reason="传错")
    perform(matter, Act.REPORT, by=make.cast.actor("school_officer"), note="补上", evidence=[file("甲.pdf")])
    rows = matter.attachments.order_by("pk").values_list("evidence__sha256", "name", "note", "attached", "detached")
    uses = fold.attachments(matter.events.order_by("seq"))
    assert list(rows) == [(use.sha256, use.name, use.note, use.attached, use.detached) for use in uses]
    assert [(name, gone) for _sha, name, _note, _at, gone in rows] == [
        ("甲.pdf", 5),
        ("乙.pdf", None),
        ("甲.pdf", None),
    ]


# One event, once.


def test_event_names_who_acted_through_which_post(make: Maker) -> None:
    matter, operation = make.under_way(), uuid.uuid4()
    before = matter.version
    event = perform(
        matter, "report", by=make.cast.actor("school_officer"), operation=operation, note="排查两栋", progress=40
    )
    assert matter.events.filter(seq__gt=before).get() == event
    assert (event.actor, event.actor_name, event.actor_post) == (
        make.cast.people["school_officer"],
        "宋小禾",
        "槐树镇第一小学 办公室干事",
    )
    assert event.operation == operation
    assert event.data == {
        "note": "排查两栋",
        "set": {"progress": 40, "workers": [make.cast.people["school_officer"].pk]},
        "was": {"progress": 0, "workers": []},
    }
    assert (matter.progress, matter.last_report, matter.reported_at) == (40, "排查两栋", event.at)


def test_same_operation_twice_is_done_once(make: Maker) -> None:
    matter, operation = make.under_way(), uuid.uuid4()
    office = make.cast.actor("supervisor")
    first = perform(matter, Act.URGE, by=office, operation=operation)
    assert perform(matter, Act.URGE, by=office, operation=operation, seen=0) == first
    assert Matter.objects.get(pk=matter.pk).urged == 1


@pytest.mark.parametrize(("act", "who"), [(Act.COMMENT, "supervisor"), (Act.URGE, "leader")])
def test_operation_of_another_act_or_person_is_refused(make: Maker, act: Act, who: str) -> None:
    matter, operation = make.under_way(), uuid.uuid4()
    perform(matter, Act.URGE, by=make.cast.actor("supervisor"), operation=operation)
    with pytest.raises(ValidationError) as caught:
        perform(matter, act, by=make.cast.actor(who), operation=operation)
    assert codes(caught) == {"": ["operation"]}


def test_opening_twice_opens_once(make: Maker) -> None:
    operation = uuid.uuid4()
    first = make.drafted(operation=operation)
    assert make.drafted(operation=operation) == first
    assert (Matter.objects.count(), Numbering.objects.get().last) == (1, 1)
    with pytest.raises(ValidationError) as caught:
        make.drafted(by="leader", operation=operation)
    assert codes(caught) == {"": ["operation"]}


def test_numbers_have_no_gap_after_a_refusal(make: Maker) -> None:
    first = make.drafted()
    with pytest.raises(ValidationError):
        make.drafted(title=" ")
    with pytest.raises(RefusedError):
        make.drafted(by="other_head")
    year = TODAY.year
    assert (first.number, make.drafted().number) == (f"试〔{year}〕1号", f"试〔{year}〕2号")
    assert make.drafted(at=dt.datetime(2020, 5, 1, tzinfo=dt.UTC)).number == "试〔2020〕1号"


@pytest.mark.parametrize("act", [Act.OPEN, Act.SPLIT])
def test_acts_that_open_are_not_performed(make: Maker, act: Act) -> None:
    with pytest.raises(TypeError, match="open_matter"):
        perform(make.drafted(), act, by=SYSTEM_ACTOR)


@pytest.mark.parametrize("act", sorted(RECIPES))
def test_unknown_data_is_a_mistake_of_the_program(make: Maker, act: Act) -> None:
    with pytest.raises(TypeError, match="surprise"):
        perform(make.drafted(), act, by=SYSTEM_ACTOR, surprise=1)


def test_every_act_but_the_opening_ones_has_its_function() -> None:
    assert set(RECIPES) == set(Act) - {Act.OPEN, Act.SPLIT}


# Seen before.


def test_who_saw_an_older_version_is_told_what_changed(make: Maker) -> None:
    matter = make.submitted()
    seen = matter.version
    perform(matter, Act.RETURN, by=make.cast.actor("supervisor"), reason="照片不清")
    before = stored(matter)
    with pytest.raises(ChangedMeanwhileError) as caught:
        perform(matter.pk, Act.VERIFY, by=make.cast.actor("second_supervisor"), seen=seen)
    assert [event.act for event in caught.value.events] == [Act.RETURN]
    assert "苏晓岚（云岭市教育局 督办科科长）：退回继续办理。“照片不清”" in str(caught.value)
    assert stored(matter) == before


def test_quiet_acts_meanwhile_do_not_stop_anybody(make: Maker) -> None:
    matter = make.submitted()
    seen = matter.version
    perform(matter, Act.COMMENT, by=make.cast.actor("leader"), note="辛苦了")
    assert perform(matter, Act.VERIFY, by=make.cast.actor("supervisor"), seen=seen).act == Act.VERIFY


def test_stranger_learns_nothing_from_an_older_version(make: Maker) -> None:
    matter = make.submitted()
    with pytest.raises(RefusedError):
        perform(matter.pk, Act.COMMENT, by=make.cast.actor("other_head"), seen=1, note="？")


@pytest.mark.parametrize("seen", [-1, 99])
def test_version_that_never_was_is_refused(make: Maker, seen: int) -> None:
    with pytest.raises(ValidationError) as caught:
        perform(make.under_way(), Act.URGE, by=make.cast.actor("supervisor"), seen=seen)
    assert codes(caught) == {"": ["seen"]}


# Values.


@pytest.mark.parametrize(
    ("act", "data", "wrong"),
    [
        (Act.REPORT, {}, {"note": ["required"]}),
        (Act.REPORT, {"progress": 101}, {"progress": ["not_a_percentage"]}),
        (Act.REPORT, {"progress": True}, {"progress": ["not_a_percentage"]}),
        (Act.REPORT, {"note": "好" * 5001}, {"note": ["too_long"]}),
        (Act.REPORT, {"note": "好\x00"}, {"note": ["control_characters"]}),
        (Act.REPORT, {"note": "好\ud800"}, {"note": ["control_characters"]}),
        (Act.REPORT, {"note": "见图", "done": [7]}, {"done": ["unknown_entry"]}),
        (Act.REPORT, {"note": "见图", "actuals": {7: "1"}}, {"actuals": ["unknown_entry"]}),
        (Act.REPORT, {"note": "见图", "feedback": {"person": "已告知"}}, {"feedback": ["unknown_feedback"]}),
        (Act.SUSPEND, {"reason": "  \n "}, {"reason": ["required"]}),
        (Act.CANCEL, {"reason": ""}, {"reason": ["required"]}),
        (Act.ASSIGN, {}, {"reason": ["required"]}),
        (Act.COMMENT, {"note": ""}, {"note": ["required"]}),
        (Act.REQUEST_EXTENSION, {"to": TODAY, "why": "等待"}, {"to": ["too_early"]}),
        (Act.REQUEST_EXTENSION, {"to": LATER, "why": ""}, {"why": ["required"]}),
        (Act.ATTACH, {"evidence": []}, {"evidence": ["required"]}),
        (Act.PLAN, {}, {"": ["unchanged"]}),
        (Act.PLAN, {"targets": [{"of": "率", "value": "多"}]}, {"targets": ["not_a_number"]}),
        (Act.PLAN, {"milestones": [{"id": 3, "title": "摸底"}]}, {"milestones": ["unknown_entry"]}),
        (Act.EDIT, {}, {"": ["unchanged"]}),
        (Act.EDIT, {"title": "新"}, {"reason": ["required"]}),
        (Act.EDIT, {"due": TODAY - dt.timedelta(days=1), "reason": "改"}, {"due": ["too_early"]}),
        (Act.EDIT, {"fields": {"colour": "红"}}, {"colour": ["unknown_field"]}),
    ],
)
def test_bad_value_is_named_and_nothing_changes(make: Maker, act: Act, data: dict[str, Any], wrong: object) -> None:
    matter = make.under_way()
    before = stored(matter)
    with pytest.raises(ValidationError) as caught:
        perform(matter, act, by=SYSTEM_ACTOR, **data)
    assert codes(caught) == wrong
    assert (stored(matter), columns(matter)) == (before, before)
    assert matter.events.count() == matter.version


@pytest.mark.parametrize(
    ("more", "wrong"),
    [
        ({"title": ""}, {"title": ["required"]}),
        ({"title": "长" * 201}, {"title": ["too_long"]}),
        ({"due": TODAY - dt.timedelta(days=1)}, {"due": ["too_early"]}),
        ({"fields": {"colour": "红"}}, {"colour": ["unknown_field"]}),
    ],
)
def test_bad_value_opens_nothing(make: Maker, more: dict[str, Any], wrong: object) -> None:
    with pytest.raises(ValidationError) as caught:
        make.drafted(**more)
    assert codes(caught) == wrong
    assert (Matter.objects.count(), Event.objects.count()) == (0, 0)


def test_unit_that_has_closed_gets_nothing(make: Maker) -> None:
    make.cast.units["HS-Y"].closed_on = TODAY
    make.cast.units["HS-Y"].save(update_fields=["closed_on"])
    with pytest.raises(ValidationError) as caught:
        make.drafted(lead="HS-Y")
    assert codes(caught) == {"lead": ["closed_unit"]}


def test_handler_belongs_to_the_lead_unit(make: Maker) -> None:
    matter = make.assigned()
    with pytest.raises(ValidationError) as caught:
        perform(matter, Act.ACCEPT, by=make.cast.actor("school_head"), handler=make.cast.people["other_officer"])
    assert codes(caught) == {"handler": ["not_of_the_unit"]}


# Opening.


def test_register_narrows_who_opens(make: Maker) -> None:
    with pytest.raises(RefusedError, match="不由您的岗位立项"):
        make.drafted("charge", by="school_head")


def test_head_must_name_the_lead_unit(make: Maker) -> None:
    with pytest.raises(ValidationError) as caught:
        make.drafted(by="school_head", lead="")
    assert codes(caught) == {"lead": ["required"]}
    assert make.drafted(by="supervisor", lead="").lead is None


def test_unknown_register_is_a_lookup_error(make: Maker) -> None:
    with pytest.raises(LookupError):
        make.drafted("nowhere")


# Assigning.


def test_due_date_follows_the_registers_rule(make: Maker) -> None:
    matter = make.assigned()
    assert (matter.due, matter.first_due) == (TODAY + dt.timedelta(days=10),) * 2


def test_due_date_is_asked_for_where_the_register_has_no_rule(make: Maker) -> None:
    with pytest.raises(ValidationError) as caught:
        perform(make.drafted("charge"), Act.ASSIGN, by=make.cast.actor("supervisor"))
    assert codes(caught) == {"due": ["required"]}


def test_head_reassigns_within_reach_but_moves_no_due_date(make: Maker) -> None:
    matter, head = make.assigned(lead="HS"), make.cast.actor("centre_head")
    with pytest.raises(RefusedError, match="完成时限已经定下"):
        perform(matter, Act.ASSIGN, by=head, lead=make.cast.unit("HS-1"), due=LATER, reason="由小学承担")
    with pytest.raises(RefusedError, match="不在您的单位"):
        perform(matter, Act.ASSIGN, by=head, lead=make.cast.unit("QH-1"), reason="推给别人")
    perform(matter, Act.ASSIGN, by=head, lead=make.cast.unit("HS-1"), reason="由小学承担")
    assert (matter.lead, matter.state) == (make.cast.unit("HS-1"), State.ASSIGNED)


def test_declined_matter_is_a_draft_without_handler(make: Maker) -> None:
    matter = make.assigned()
    perform(matter, Act.DECLINE, by=make.cast.actor("school_head"), reason="不属于本校")
    assert (matter.state, matter.handler, matter.assigned_at) == (State.DRAFTED, None, None)


def test_handler_changes_the_registers_fields_but_not_what_is_asked(make: Maker) -> None:
    matter, handler = make.under_way("charge"), make.cast.actor("school_officer")
    perform(matter, Act.EDIT, by=handler, fields={"cause": "年久"})
    assert matter.fields == {"cause": "年久"}
    with pytest.raises(RefusedError, match="只能由督办员修改"):
        perform(matter, Act.EDIT, by=handler, requirement="少做一点", reason="省事")
    with pytest.raises(RefusedError, match="只能由督办员修改"):
        perform(matter, Act.PLAN, by=handler, targets=[{"of": "整改率", "value": "50", "unit": "%"}])


def test_handler_cannot_cancel_what_was_assigned(make: Maker) -> None:
    with pytest.raises(RefusedError, match="只能由督办员撤销"):
        perform(make.under_way(), Act.CANCEL, by=make.cast.actor("school_officer"), reason="不想做")


def test_opener_cancels_a_draft_of_their_own(make: Maker) -> None:
    matter = make.drafted(by="school_officer")
    perform(matter, Act.CANCEL, by=make.cast.actor("school_officer"), reason="写重了")
    assert matter.state == State.CANCELLED


def test_everything_of_a_person_is_handed_over(make: Maker) -> None:
    mine, head = [make.under_way() for _ in range(3)], make.cast.actor("school_head")
    draft = make.drafted(handler=make.cast.people["school_officer"])
    people = make.cast.people
    events = hand_over_all(people["school_officer"], to=people["school_head"], by=head, note="调离")
    assert [event.matter_id for event in events] == [matter.pk for matter in mine]
    assert set(Matter.objects.filter(pk__in=[m.pk for m in mine]).values_list("handler", flat=True)) == {
        people["school_head"].pk
    }
    assert Matter.objects.get(pk=draft.pk).handler == people["school_officer"]


def test_handing_over_to_a_stranger_hands_nothing_over(make: Maker) -> None:
    matter = make.under_way()
    people = make.cast.people
    with pytest.raises(ValidationError):
        hand_over_all(people["school_officer"], to=people["stranger"], by=make.cast.actor("supervisor"))
    assert Matter.objects.get(pk=matter.pk).handler == people["school_officer"]


# Reporting, submitting.


def test_report_moves_targets_milestones_and_what_holds_up(make: Maker) -> None:
    matter, handler = make.under_way(), make.cast.actor("school_officer")
    perform(
        matter,
        Act.PLAN,
        by=make.cast.actor("supervisor"),
        milestones=[{"title": "摸底", "due": LATER}, {"title": "整改"}],
        targets=[{"of": "整改率", "op": ">=", "value": "98.50", "unit": "%"}],
    )
    perform(matter, Act.REPORT, by=handler, done=[1], actuals={1: "97,0.5".replace(",0", "")}, stuck="缺经费")
    assert [one["done"] for one in matter.milestones] == [TODAY.isoformat(), None]
    assert matter.targets == [{"id": 1, "of": "整改率", "op": ">=", "value": "98.5", "unit": "%", "actual": "97.5"}]
    assert matter.stuck == "缺经费"
    perform(matter, Act.REPORT, by=handler, note="经费到位")
    assert matter.stuck == ""
    perform(matter, Act.PLAN, by=handler, milestones=[{"id": 2, "title": "全面整改"}, {"title": "回头看"}])
    assert [(one["id"], one["title"], one["done"]) for one in matter.milestones] == [
        (2, "全面整改", None),
        (3, "回头看", None),
    ]


def test_submission_lists_everything_that_is_missing(make: Maker) -> None:
    matter, handler = make.under_way("charge"), make.cast.actor("school_officer")
    with pytest.raises(UnmetError) as caught:
        perform(matter, Act.SUBMIT, by=handler, note="完成")
    assert caught.value.conditions == ("还差1份佐证材料。", "请填写“措施”。", "请先完成“向当事人反馈”。")
    needs = {offer.act: offer.needs for offer in offers(matter, handler)}
    assert needs[Act.SUBMIT] == caught.value.conditions
    with pytest.raises(ValidationError) as bare:
        perform(matter, Act.SUBMIT, by=handler)
    assert codes(bare) == {"note": ["required"]}


def test_head_who_submits_signs_the_first_step_thereby(make: Maker) -> None:
    matter = make.under_way("charge")
    data: dict[str, Any] = {"fields": {"measure": "整改"}, "feedback": {"person": "已告知"}, "evidence": [file()]}
    event = perform(matter, Act.SUBMIT, by=make.cast.actor("school_head"), note="完成", **data)
    assert (matter.step, event.data["signed"]) == (1, 1)
    perform(matter, Act.VERIFY, by=make.cast.actor("centre_head"))
    perform(matter, Act.VERIFY, by=make.cast.actor("supervisor"), grade="excellent")
    assert (matter.state, matter.grade, matter.progress) == (State.CLOSED, Grade.EXCELLENT, 100)


# Verifying.


def test_chain_is_signed_in_its_order(make: Maker) -> None:
    matter = make.submitted("charge")
    for who in ("supervisor", "centre_head"):
        with pytest.raises(RefusedError, match="单位负责人签字"):
            perform(matter, Act.VERIFY, by=make.cast.actor(who))
    event = perform(matter, Act.VERIFY, by=make.cast.actor("school_head"))
    assert event.data["step"] == {"n": 1, "of": 3, "zh": "单位负责人签字", "en": "The unit's head signs"}
    assert (matter.state, matter.step) == (State.SUBMITTED, 1)


@pytest.mark.parametrize(("grade", "code"), [("", "unknown_choice"), ("superb", "unknown_choice")])
def test_last_step_asks_for_a_grade(make: Maker, grade: str, code: str) -> None:
    matter = make.submitted("charge")
    for who in ("school_head", "centre_head"):
        perform(matter, Act.VERIFY, by=make.cast.actor(who))
    with pytest.raises(ValidationError) as caught:
        perform(matter, Act.VERIFY, by=make.cast.actor("supervisor"), grade=grade)
    assert codes(caught) == {"grade": [code]}


def test_grade_where_none_is_asked_for_is_refused(make: Maker) -> None:
    with pytest.raises(ValidationError) as caught:
        perform(make.submitted(), Act.VERIFY, by=make.cast.actor("supervisor"), grade="good")
    assert codes(caught) == {"grade": ["no_grade"]}


def test_who_worked_on_it_does_not_verify_it(make: Maker) -> None:
    matter = make.under_way("charge")
    perform(matter, Act.REPORT, by=make.cast.actor("school_head"), note="校长亲自排查")
    data: dict[str, Any] = {"fields": {"measure": "整改"}, "feedback": {"person": "已告知"}, "evidence": [file()]}
    perform(matter, Act.SUBMIT, by=make.cast.actor("school_officer"), note="完成", **data)
    with pytest.raises(OwnWorkError):
        perform(matter, Act.VERIFY, by=make.cast.actor("school_head"))
    # Nobody else can sign for the school, so the supervision office does, and the record says so.
    event = perform(matter, Act.VERIFY, by=make.cast.actor("supervisor"))
    assert (event.data["in_place"], matter.step) == (True, 1)


def deputise(cast: Cast, holder: str, deputy: str) -> None:
    post = Post.objects.get(person=cast.people[holder])
    Deputy.objects.create(post=post, person=cast.people[deputy], since=TODAY, until=LATER)


def test_handler_does_not_verify_as_anybodys_deputy(make: Maker) -> None:
    matter = make.submitted()
    deputise(make.cast, "supervisor", "school_officer")
    with pytest.raises(OwnWorkError):
        perform(matter, Act.VERIFY, by=make.cast.actor("school_officer"))


def test_deputy_does_not_verify_in_the_name_of_whoever_worked(make: Maker) -> None:
    matter = make.submitted("charge")
    Matter.objects.filter(pk=matter.pk).update(workers=[make.cast.people["school_head"].pk])
    deputise(make.cast, "school_head", "head")
    with pytest.raises(OwnWorkError):
        perform(matter.pk, Act.VERIFY, by=make.cast.actor("head"))


def test_deputy_verifies_and_the_record_names_both(make: Maker) -> None:
    matter = make.submitted("charge")
    deputise(make.cast, "school_head", "head")
    event = perform(matter, Act.VERIFY, by=make.cast.actor("head"))
    assert (event.actor_name, event.deputy_for, event.actor_post) == ("江一鸣", "宋立", "槐树镇第一小学 校长")


def test_work_done_as_deputy_counts_for_both(make: Maker) -> None:
    matter = make.under_way()
    deputise(make.cast, "school_head", "second_supervisor")
    perform(matter, Act.REPORT, by=make.cast.actor("second_supervisor"), note="代为排查")
    people = make.cast.people
    assert matter.workers == sorted([people["school_head"].pk, people["second_supervisor"].pk])
    perform(matter, Act.SUBMIT, by=make.cast.actor("school_officer"))
    with pytest.raises(OwnWorkError):
        perform(matter, Act.VERIFY, by=make.cast.actor("second_supervisor"))


def test_clock_does_not_verify(make: Maker) -> None:
    with pytest.raises(RefusedError, match="要由人来核查"):
        perform(make.submitted(), Act.VERIFY, by=SYSTEM_ACTOR)


def test_returned_matter_begins_its_chain_anew(make: Maker) -> None:
    matter = make.submitted("charge")
    perform(matter, Act.VERIFY, by=make.cast.actor("school_head"))
    perform(matter, Act.RETURN, by=make.cast.actor("supervisor"), reason="照片不清")
    assert (matter.state, matter.step, matter.returned, matter.submitted_at) == (State.UNDER_WAY, 0, 1, None)


def test_reopening_has_its_term(make: Maker) -> None:
    matter = make.closed("charge")
    late = timezone.now() + dt.timedelta(days=31)
    with pytest.raises(UnmetError, match="另立新的事项"):
        perform(matter, Act.REOPEN, by=make.cast.actor("supervisor"), reason="复发", at=late)
    perform(matter, Act.REOPEN, by=make.cast.actor("supervisor"), reason="复发", due=LATER)
    assert (matter.state, matter.due, matter.grade, matter.workers) == (State.UNDER_WAY, LATER, "", [])


@pytest.mark.parametrize("state", [State.DRAFTED, State.ASSIGNED, State.UNDER_WAY])
def test_cancelled_matter_reopens_where_it_stood(make: Maker, state: State) -> None:
    matter, office = make.in_state(state), make.cast.actor("supervisor")
    perform(matter, Act.CANCEL, by=office, reason="误操作")
    perform(matter, Act.REOPEN, by=office, reason="恢复")
    assert (matter.state, matter.is_open) == (state, True)


# Parts.


def test_splitting_is_one_event_on_each_side(make: Maker) -> None:
    parent = make.under_way()
    child = make.drafted(by="school_head", lead="", parent=parent, title="排查东楼")
    assert (child.parent, child.lead) == (parent, parent.lead)
    event = parent.events.order_by("-seq")[0]
    assert (event.act, event.data) == (
        Act.SPLIT,
        {"child": {"id": child.pk, "uid": str(child.uid), "number": child.number, "title": "排查东楼"}},
    )
    assert columns(fold.replay(child.events.order_by("seq"))) == stored(child)


def test_refused_part_leaves_no_trace(make: Maker) -> None:
    parent = make.submitted()
    with pytest.raises(ImpossibleError):
        make.drafted(parent=parent)
    with pytest.raises(RefusedError):
        make.drafted(by="officer", parent=parent)
    assert (Matter.objects.count(), parent.events.filter(act=Act.SPLIT).count()) == (1, 0)
    assert Numbering.objects.get().last == 1


def test_open_parts_keep_the_whole_open(make: Maker) -> None:
    parent, handler = make.under_way(), make.cast.actor("school_officer")
    child = make.under_way(parent=parent)
    with pytest.raises(UnmetError, match=child.number):
        perform(parent, Act.SUBMIT, by=handler)
    perform(child, Act.SUBMIT, by=handler)
    perform(child, Act.VERIFY, by=make.cast.actor("supervisor"))
    perform(parent, Act.SUBMIT, by=handler)
    with pytest.raises(UnmetError, match="上级事项"):
        perform(child, Act.REOPEN, by=make.cast.actor("supervisor"), reason="复发")


def test_cancelling_takes_the_parts_along_when_told(make: Maker) -> None:
    parent, office, operation = make.under_way(), make.cast.actor("supervisor"), uuid.uuid4()
    child = make.under_way(parent=parent)
    grandchild = make.under_way(parent=child)
    with pytest.raises(UnmetError):
        perform(parent, Act.CANCEL, by=office, reason="合并")
    perform(parent, Act.CANCEL, by=office, reason="合并", with_children=True, operation=operation)
    for matter in (child, grandchild):
        matter.refresh_from_db()
        assert (matter.state, matter.events.filter(act=Act.CANCEL).count()) == (State.CANCELLED, 1)


def test_confidential_part_stays_in_its_register(make: Maker) -> None:
    post = Post.objects.get(person=make.cast.people["supervisor"])
    post.registers = ["secret"]
    post.save(update_fields=["registers"])
    with pytest.raises(ValidationError) as caught:
        make.drafted("secret", parent=make.under_way())
    assert codes(caught) == {"parent": ["confidential"]}


def test_confidential_matter_is_for_those_whose_post_names_it(make: Maker) -> None:
    with pytest.raises(RefusedError, match="保密台账"):
        make.drafted("secret")
    matter = open_matter("secret", by=SYSTEM_ACTOR, title="约谈", lead=make.cast.unit("HS-1"))
    assert matter.confidential is True
    with pytest.raises(RefusedError, match="保密台账"):
        perform(matter, Act.COMMENT, by=make.cast.actor("leader"), note="？")


# Terms.


def test_extension_is_asked_for_and_granted_by_others(make: Maker) -> None:
    matter, handler, office = make.under_way(), make.cast.actor("school_officer"), make.cast.actor("supervisor")
    due = matter.due
    perform(matter, Act.REQUEST_EXTENSION, by=handler, to=LATER, why="等待专家")
    assert matter.extension["to"] == LATER.isoformat()
    with pytest.raises(UnmetError, match="已有一份延期申请"):
        perform(matter, Act.REQUEST_EXTENSION, by=handler, to=LATER, why="再次")
    deputise(make.cast, "supervisor", "school_officer")
    with pytest.raises(OwnWorkError):
        perform(matter, Act.GRANT_EXTENSION, by=make.cast.actor("school_officer"))
    perform(matter, Act.GRANT_EXTENSION, by=office, to=LATER - dt.timedelta(days=3))
    assert (matter.due, matter.first_due, matter.extension) == (LATER - dt.timedelta(days=3), due, {})
    with pytest.raises(UnmetError, match="没有等待审批"):
        perform(matter, Act.REFUSE_EXTENSION, by=office, why="够了")


def test_refused_extension_lets_the_due_date_stand(make: Maker) -> None:
    matter = make.under_way()
    due = matter.due
    perform(matter, Act.REQUEST_EXTENSION, by=make.cast.actor("school_officer"), to=LATER, why="等待专家")
    event = perform(matter, Act.REFUSE_EXTENSION, by=make.cast.actor("leader"), why="时间足够")
    assert (matter.due, matter.extension, event.data["asked"]) == (due, {}, LATER.isoformat())


def test_escalation_climbs_the_tree(make: Maker) -> None:
    matter, office = make.under_way(), make.cast.actor("supervisor")
    with pytest.raises(ValidationError) as caught:
        perform(matter, Act.ESCALATE, by=office, why="力所不及", unit=make.cast.unit("QH-1"))
    assert codes(caught) == {"unit": ["not_above"]}
    perform(matter, Act.ESCALATE, by=office, why="力所不及")
    assert matter.escalated_to == make.cast.unit("HS")
    perform(matter, Act.ESCALATE, by=office, why="力所不及")
    assert matter.escalated_to == make.cast.unit("YL")
    with pytest.raises(UnmetError, match="最上一级"):
        perform(matter, Act.ESCALATE, by=office, why="力所不及")


# Offers and sentences.


def test_offers_say_what_perform_says(make: Maker) -> None:
    matter = make.under_way()
    offered = {offer.act: offer for offer in offers(matter, make.cast.actor("school_officer"))}
    assert offered[Act.REPORT].allowed
    assert (offered[Act.URGE].allowed, offered[Act.URGE].theirs) == (False, False)
    assert offered[Act.CANCEL].refusal == "不能这样做：交办以后，事项只能由督办员撤销。"
    assert Act.VERIFY not in offered


@pytest.mark.parametrize("state", list(State))
@pytest.mark.parametrize("who", ["supervisor", "school_officer", "stranger"])
def test_offers_ask_the_database_no_more_for_more_acts(make: Maker, state: State, who: str) -> None:
    matter, actor = make.in_state(state, "charge"), make.cast.actor(who)
    with CaptureQueriesContext(connection) as queries:
        offers(Matter.objects.select_related("lead").get(pk=matter.pk), actor)
    assert len(queries) <= 8


SAMPLES: list[Callable[[Maker], Matter]] = [
    lambda make: make.closed("charge"),
    lambda make: make.in_state(State.SUSPENDED),
]


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("sample", SAMPLES)
def test_every_event_has_its_sentence(make: Maker, sample: Callable[[Maker], Matter], language: str) -> None:
    matter = sample(make)
    with translation.override(language):
        lines = [(sentence(event), line(event)) for event in matter.events.order_by("seq")]
    assert all(short and short in full and "None" not in full and "%" not in short for short, full in lines)


def test_role_names_are_written_in_one_language(make: Maker) -> None:
    Post.objects.filter(person=make.cast.people["supervisor"]).update(title="")
    with translation.override("en"):
        event = perform(make.drafted(), Act.COMMENT, by=make.cast.actor("supervisor"), note="ok")
    assert event.actor_post == "云岭市教育局 督办员"
    assert Role.SUPERVISOR.value == "supervisor"


# Cost.


@pytest.mark.django_db(transaction=True)
def test_report_costs_few_queries(make: Maker) -> None:
    matter, handler = make.under_way(), make.cast.actor("school_officer")
    perform(matter, Act.REPORT, by=handler, note="第一次")
    with CaptureQueriesContext(connection) as queries:
        perform(matter, Act.REPORT, by=handler, note="第二次", operation=uuid.uuid4(), seen=matter.version)
    ours = [query["sql"] for query in queries if "work_search" not in query["sql"]]
    writing = [sql for sql in ours if not sql.startswith(("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE"))]
    # The matter, its lead unit, the operation, the matter again, the event.
    last = ["UPDATE", "INSERT"] if connection.vendor == "sqlite" else ["WITH"]  # both in one statement
    assert [sql.split()[0] for sql in writing] == ["SELECT", "SELECT", "SELECT", *last]
