"""What becomes of matters when a later version of their document says otherwise."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from cast import Cast
from directives.editions import first, row, second
from luoshi.directives.actions import review
from luoshi.directives.actions.adopting import adopt, adopt_same, cancel_gone, decline, keep_gone, open_anew
from luoshi.directives.actions.confirming import confirm
from luoshi.directives.changes import sentence
from luoshi.directives.checks import findings
from luoshi.directives.enums import ClauseState, Stage
from luoshi.directives.errors import ChangedMeanwhileError, ImpossibleError
from luoshi.directives.models import Clause, Directive
from luoshi.directives.readiness import ConfirmError
from luoshi.directives.revisions import How, Settled, changes, unsettled
from luoshi.org.policy import RefusedError
from luoshi.work.actions import perform
from luoshi.work.enums import Act, State
from luoshi.work.integrity.verify import verify
from luoshi.work.models import Event, Matter


def _op() -> uuid.UUID:
    return uuid.uuid4()


def _matter(clause: Clause) -> Matter:
    clause.refresh_from_db()
    assert clause.matter is not None
    return Matter.objects.get(pk=clause.matter.pk)


def _acts(matter: Matter) -> list[str]:
    return [event.act for event in matter.events.order_by("seq")]


def _both(cast: Cast) -> tuple[Directive, Directive]:
    old = first(cast)
    return old, second(cast, old)


def _change(directive: Directive, cast: Cast, clause: Clause) -> Any:
    (change,) = changes(directive, cast.actor("supervisor"), only=clause)
    return change


# Adopting.


def test_adopting_makes_the_matter_what_the_later_version_says(cast: Cast) -> None:
    old, new = _both(cast)
    clause, before = row(new, "校舍"), row(old, "校舍")
    adopt(clause, by=cast.actor("supervisor"), operation=_op())
    matter = _matter(before)
    assert matter.lead is not None
    assert (matter.lead.code, matter.due, matter.requirement) == (
        "YL-AQ",
        dt.date(2027, 7, 31),
        clause.values["requirement"],
    )
    assert [(one["of"], one["value"]) for one in matter.targets] == [("整改率", "98")]
    assert _acts(matter) == ["open", "assign", "edit", "plan", "assign"]
    assert (clause.state, clause.matter_id, clause.replaces_id) == (ClauseState.CONFIRMED, matter.pk, before.pk)
    assert _change(new, cast, clause).settled is Settled.ADOPTED


def test_adopting_says_why_in_the_matters_history(cast: Cast) -> None:
    old, new = _both(cast)
    adopt(row(new, "校舍"), by=cast.actor("supervisor"), operation=_op())
    edit = _matter(row(old, "校舍")).events.get(act="edit")
    assert edit.data["reason"] == "新版文件《云岭市2027年校园安全工作方案（修订）》有改动"


def test_a_rewording_is_one_edit_and_no_new_assignment(cast: Cast) -> None:
    old, new = _both(cast)
    matter = _matter(row(old, "心理辅导室"))
    perform(matter, Act.ACCEPT, by=cast.actor("other_head"))
    adopt(row(new, "心理辅导室"), by=cast.actor("supervisor"), operation=_op())
    matter.refresh_from_db()
    assert _acts(matter) == ["open", "assign", "accept", "edit"]
    assert matter.state == State.UNDER_WAY
    assert "标准化心理辅导室" in matter.requirement


def test_the_same_operation_again_acts_once(cast: Cast) -> None:
    old, new = _both(cast)
    operation, actor = _op(), cast.actor("supervisor")
    one = adopt(row(new, "校舍"), by=actor, operation=operation)
    again = adopt(row(new, "校舍"), by=actor, operation=operation)
    assert (one.pk, _acts(_matter(row(old, "校舍")))) == (again.pk, ["open", "assign", "edit", "plan", "assign"])


def test_what_was_reached_of_a_target_stays(cast: Cast) -> None:
    old, new = _both(cast)
    matter = _matter(row(old, "校舍"))
    perform(matter, Act.ACCEPT, by=cast.actor("head"))
    perform(matter, Act.REPORT, by=cast.actor("head"), note="已完成一半", actuals={matter.targets[0]["id"]: "47"})
    adopt(row(new, "校舍"), by=cast.actor("supervisor"), operation=_op())
    assert [(one["value"], one["actual"]) for one in _matter(row(old, "校舍")).targets] == [("98", "47")]


def test_only_the_fields_that_are_chosen_are_taken_over(cast: Cast) -> None:
    old, new = _both(cast)
    adopt(row(new, "校舍"), by=cast.actor("supervisor"), operation=_op(), only={"due"})
    matter = _matter(row(old, "校舍"))
    assert matter.lead is not None
    assert (matter.due, matter.lead.code, matter.targets[0]["value"]) == (dt.date(2027, 7, 31), "YL-JJ", "95")
    assert _acts(matter) == ["open", "assign", "edit"]


def test_what_the_matter_has_already_is_not_done_again(cast: Cast) -> None:
    old, new = _both(cast)
    supervisor, wanted = cast.actor("supervisor"), row(new, "心理辅导室").values
    matter = _matter(row(old, "心理辅导室"))
    perform(matter, Act.EDIT, by=supervisor, title=wanted["title"], requirement=wanted["requirement"], reason="已通知")
    adopt(row(new, "心理辅导室"), by=supervisor, operation=_op())
    assert _acts(_matter(row(old, "心理辅导室"))) == ["open", "assign", "edit"]


def test_a_matter_that_is_being_verified_is_not_changed_and_the_row_stays(cast: Cast) -> None:
    old, new = _both(cast)
    matter = _matter(row(old, "校舍"))
    Matter.objects.filter(pk=matter.pk).update(state=State.SUBMITTED)
    with pytest.raises(ImpossibleError, match="待核查"):
        adopt(row(new, "校舍"), by=cast.actor("supervisor"), operation=_op())
    assert row(new, "校舍").state == ClauseState.OPEN
    assert _acts(matter) == ["open", "assign"]


def test_a_day_that_is_past_changes_nothing_at_all(cast: Cast) -> None:
    old, new = _both(cast)
    clause = row(new, "校舍")
    Clause.objects.filter(pk=clause.pk).update(values={**clause.values, "due": "2020-01-01"})
    with pytest.raises(ValidationError):
        adopt(row(new, "校舍"), by=cast.actor("supervisor"), operation=_op())
    assert _acts(_matter(row(old, "校舍"))) == ["open", "assign"]


@pytest.mark.parametrize("who", ["leader", "head", "discipline", "stranger"])
def test_whoever_may_not_confirm_may_not_adopt(cast: Cast, who: str) -> None:
    old, new = _both(cast)
    with pytest.raises(RefusedError):
        adopt(row(new, "校舍"), by=cast.actor(who), operation=_op())
    assert _acts(_matter(row(old, "校舍"))) == ["open", "assign"]


def test_a_row_that_another_reviewer_changed_is_not_adopted_unseen(cast: Cast) -> None:
    _old, new = _both(cast)
    clause = row(new, "校舍")
    seen = {str(clause.uid): clause.version}
    review.edit(row(new, "校舍"), by=cast.actor("second_supervisor"), operation=_op(), title="校舍排查整改")
    with pytest.raises(ChangedMeanwhileError):
        adopt(clause, by=cast.actor("supervisor"), operation=_op(), seen=seen)


def test_a_new_row_has_nothing_to_adopt(cast: Cast) -> None:
    _old, new = _both(cast)
    with pytest.raises(ImpossibleError, match="没有对应"):
        adopt(row(new, "演练"), by=cast.actor("supervisor"), operation=_op())


def test_a_row_that_was_settled_is_not_settled_again(cast: Cast) -> None:
    _old, new = _both(cast)
    decline(row(new, "校舍"), by=cast.actor("supervisor"), operation=_op())
    with pytest.raises(ImpossibleError, match="已并入"):
        adopt(row(new, "校舍"), by=cast.actor("supervisor"), operation=_op())


# Keeping.


def test_declining_leaves_the_matter_alone_and_can_be_undone(cast: Cast) -> None:
    old, new = _both(cast)
    actor = cast.actor("supervisor")
    decline(row(new, "校舍"), by=actor, operation=_op())
    clause, matter = row(new, "校舍"), _matter(row(old, "校舍"))
    assert (clause.state, clause.matter_id, _acts(matter)) == (ClauseState.JOINED, matter.pk, ["open", "assign"])
    assert _change(new, cast, clause).settled is Settled.KEPT
    review.undo(new, by=actor, operation=_op())
    assert (row(new, "校舍").state, row(new, "校舍").matter_id) == (ClauseState.OPEN, None)
    assert _change(new, cast, row(new, "校舍")).waits


# Ended matters.


def _ended(cast: Cast, clause: Clause) -> Matter:
    matter = _matter(clause)
    perform(matter, Act.CANCEL, by=cast.actor("supervisor"), reason="并入其他工作")
    return matter


def test_an_ended_matter_is_taken_up_again_where_that_is_asked(cast: Cast) -> None:
    old, new = _both(cast)
    _ended(cast, row(old, "校舍"))
    with pytest.raises(ImpossibleError, match="重开"):
        adopt(row(new, "校舍"), by=cast.actor("supervisor"), operation=_op())
    adopt(row(new, "校舍"), by=cast.actor("supervisor"), operation=_op(), reopen=True)
    matter = _matter(row(old, "校舍"))
    assert _acts(matter) == ["open", "assign", "cancel", "reopen", "edit", "plan", "assign"]
    assert (matter.state, matter.due) == (State.ASSIGNED, dt.date(2027, 7, 31))


def test_an_ended_matter_can_be_followed_by_a_new_one(cast: Cast) -> None:
    old, new = _both(cast)
    ended = _ended(cast, row(old, "校舍"))
    open_anew(row(new, "校舍"), by=cast.actor("supervisor"), operation=_op())
    assert row(new, "校舍").state == ClauseState.OPEN
    confirm(new, by=cast.actor("supervisor"), operation=_op(), clauses=[row(new, "校舍")])
    clause = row(new, "校舍")
    assert (clause.state, clause.replaces_id) == (ClauseState.CONFIRMED, row(old, "校舍").pk)
    assert clause.matter_id not in {None, ended.pk}
    assert _change(new, cast, clause).settled is Settled.ANEW


# The same.


def test_all_that_stays_the_same_is_settled_by_one_edit_and_no_event(cast: Cast) -> None:
    old, new = _both(cast)
    events = Event.objects.count()
    edit = adopt_same(new, by=cast.actor("supervisor"), operation=_op())
    assert len(edit.data["clauses"]) == 2
    assert Event.objects.count() == events
    for words in ("报警装置", "厕所"):
        assert (row(new, words).state, row(new, words).matter_id) == (ClauseState.CONFIRMED, row(old, words).matter_id)
    assert (row(new, "校舍").state, row(new, "演练").state) == (ClauseState.OPEN, ClauseState.OPEN)
    assert new.stage == Stage.REVIEW


def test_what_was_dropped_before_is_dropped_again_for_the_same_reason(cast: Cast) -> None:
    old = first(cast, confirmed=False)
    review.drop([row(old, "厕所")], by=cast.actor("supervisor"), operation=_op(), why="not_ours", note="住建局负责")
    new = second(cast, old)
    adopt_same(new, by=cast.actor("supervisor"), operation=_op())
    assert (row(new, "厕所").state, row(new, "厕所").why, row(new, "厕所").note) == (
        "dropped",
        "not_ours",
        "住建局负责",
    )


def test_settling_the_same_twice_says_that_nothing_changed(cast: Cast) -> None:
    _old, new = _both(cast)
    adopt_same(new, by=cast.actor("supervisor"), operation=_op())
    with pytest.raises(ValidationError) as error:
        adopt_same(new, by=cast.actor("supervisor"), operation=_op())
    assert error.value.code == "unchanged"


# What is gone.


def test_a_matter_that_is_demanded_no_more_is_cancelled_with_a_reason(cast: Cast) -> None:
    old, new = _both(cast)
    gone = row(old, "危险化学品")
    cancel_gone(new, gone, by=cast.actor("supervisor"), operation=_op())
    matter = _matter(gone)
    assert (matter.state, matter.events.get(act="cancel").data["reason"]) == (
        State.CANCELLED,
        "新版文件《云岭市2027年校园安全工作方案（修订）》不再要求",
    )
    assert new.gone == {str(gone.uid): "cancelled"}


def test_a_matter_that_is_demanded_no_more_can_be_kept(cast: Cast) -> None:
    old, new = _both(cast)
    gone = row(old, "危险化学品")
    edit = keep_gone(new, gone, by=cast.actor("supervisor"), operation=_op())
    assert sentence(edit) == "决定了新版不再要求的1条"
    assert (_matter(gone).is_open, new.gone) == (True, {str(gone.uid): "kept"})
    with pytest.raises(ImpossibleError, match="已经处理过"):
        cancel_gone(new, gone, by=cast.actor("supervisor"), operation=_op())


def test_a_matter_that_others_demand_too_is_not_cancelled(cast: Cast) -> None:
    old, new = _both(cast)
    gone = row(old, "危险化学品")
    review.join(row(new, "演练"), by=cast.actor("supervisor"), operation=_op(), matter=_matter(gone))
    with pytest.raises(ImpossibleError, match="还有其他条目或文件"):
        cancel_gone(new, gone, by=cast.actor("supervisor"), operation=_op())
    assert _matter(gone).is_open


def test_a_row_that_is_still_there_is_not_cancelled_as_gone(cast: Cast) -> None:
    old, new = _both(cast)
    with pytest.raises(ImpossibleError, match="在新版里还有"):
        cancel_gone(new, row(old, "厕所"), by=cast.actor("supervisor"), operation=_op())
    assert _matter(row(old, "厕所")).is_open


# The whole.


def test_a_document_is_confirmed_when_its_last_row_is_settled(cast: Cast) -> None:
    _old, new = _both(cast)
    actor = cast.actor("supervisor")
    adopt_same(new, by=actor, operation=_op())
    adopt(row(new, "校舍"), by=actor, operation=_op())
    confirm(new, by=actor, operation=_op(), clauses=[row(new, "演练")])
    new.refresh_from_db()
    assert new.stage == Stage.REVIEW
    adopt(row(new, "心理辅导室"), by=actor, operation=_op())
    new.refresh_from_db()
    assert (new.stage, new.confirmed_at is not None) == (Stage.CONFIRMED, True)


def test_what_is_not_settled_is_not_opened_a_second_time(cast: Cast) -> None:
    _old, new = _both(cast)
    actor, before = cast.actor("supervisor"), Matter.objects.count()
    with pytest.raises(ConfirmError) as error:
        confirm(new, by=actor, operation=_op())
    told = {missing.clause for missing in error.value.missing}
    assert told == {row(new, words) for words in ("报警装置", "校舍", "心理辅导室", "厕所")}
    assert told == set(unsettled(new, actor))
    assert told == {one.new for one in changes(new, actor) if one.waits and one.new}
    confirm(new, by=actor, operation=_op(), clauses=[row(new, "演练")])
    adopt_same(new, by=actor, operation=_op())
    decline(row(new, "校舍"), by=actor, operation=_op())
    open_anew(row(new, "心理辅导室"), by=actor, operation=_op())
    assert unsettled(new, actor) == []
    confirm(new, by=actor, operation=_op())
    new.refresh_from_db()
    assert (Matter.objects.count(), new.stage) == (before + 2, Stage.CONFIRMED)


def test_a_third_version_goes_on_from_the_second(cast: Cast) -> None:
    old, new = _both(cast)
    actor = cast.actor("supervisor")
    adopt(row(new, "校舍"), by=actor, operation=_op())
    decline(row(new, "心理辅导室"), by=actor, operation=_op())
    third = second(cast, new, new.reading.text.replace("98%以上", "100%").replace("（修订）", "（再次修订）"))
    change = _change(third, cast, row(third, "校舍"))
    assert (change.how, [one.name for one in change.fields], change.matter) == (
        How.MOVED,
        ["requirement", "targets"],
        _matter(row(old, "校舍")),
    )
    adopt(row(third, "校舍"), by=actor, operation=_op())
    assert _matter(row(old, "校舍")).targets[0]["value"] == "100"
    assert _change(third, cast, row(third, "心理辅导室")).matter == _matter(row(old, "心理辅导室"))


def test_what_was_adopted_passes_verification(cast: Cast) -> None:
    old, new = _both(cast)
    actor = cast.actor("supervisor")
    adopt_same(new, by=actor, operation=_op())
    adopt(row(new, "校舍"), by=actor, operation=_op())
    decline(row(new, "心理辅导室"), by=actor, operation=_op())
    cancel_gone(new, row(old, "危险化学品"), by=actor, operation=_op())
    assert verify(rooms=[findings]).findings == []
