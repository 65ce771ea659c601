"""Acts that judge the work: verify, return, reopen."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, cast

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from luoshi.org.enums import Role
from luoshi.org.policy import RefusedError, UnitAt
from luoshi.work.actions.case import Case, posts_permitting
from luoshi.work.actions.people import posts_in_force
from luoshi.work.actions.planning import may_set_due
from luoshi.work.actions.table import does
from luoshi.work.actions.values import choice, day, grounds, text, wrong
from luoshi.work.enums import Act, Grade, State
from luoshi.work.errors import OwnWorkError, UnmetError
from luoshi.work.fold import moment

if TYPE_CHECKING:
    from luoshi.work.registers import Step

__all__ = ["choose_signer"]


def choose_signer(case: Case) -> None:
    """Choose the post that signs the step the matter is at.

    Raises OwnWorkError where the person, or the person they stand in for, worked on the matter; RefusedError where
    their posts do not sign this step. Where nobody else can sign it (the post is vacant, or its only holder did the
    work), a supervisor signs in place.
    """
    step, lead = case.register.chain[case.matter.step], case.place.lead
    if lead is None or case.is_system:
        raise RefusedError(case.act, _("“%(step)s”要由人来核查") % {"step": step.words})
    tainted = _workers(case)
    posts = list(posts_permitting(case.by, case.act, case.place))
    holding = [post for post in posts if step.takes(post, lead)]
    clean = [post for post in holding if not case.people_behind(post) & tainted]
    if not clean and not holding:
        clean = [post for post in posts if post.role is Role.SUPERVISOR and not case.people_behind(post) & tainted]
        if not clean or _somebody_signs(case, step, lead, tainted):
            raise RefusedError(case.act, _("现在是“%(step)s”，由承担这一环节的人核查") % {"step": step.words})
        case.tell(in_place=True)
    if not clean:
        raise OwnWorkError(case.act, _("您或您代理的人经办过这一事项"))
    case.post = clean[0]


def _workers(case: Case) -> frozenset[int]:
    workers = {*cast("list[int]", case.matter.workers)}
    if case.matter.handler_id is not None:
        workers.add(case.matter.handler_id)
    return frozenset(workers)


def _somebody_signs(case: Case, step: Step, lead: UnitAt, tainted: frozenset[int]) -> bool:
    """Tell whether anybody who did not work on the matter holds a post that signs this step."""
    posts = posts_in_force(case.today).filter(role=step.role).exclude(person__in=tainted)
    posts = posts.filter(Q(person__left_on=None) | Q(person__left_on__gt=case.today))
    match step.scope:
        case "lead":
            posts = posts.filter(unit=lead.id)
        case "parent":
            above = [lead.path[:end] for end in range(len(lead.path))]
            posts = posts.filter(unit__path__in=above)
        case "unit":
            posts = posts.filter(unit__code=step.unit)
        case "area":
            covering = Q(area__memberships__unit=lead.id)
            posts = posts.filter(covering | Q(area=None, role=Role.LEADER))
        case "office":
            pass
    secret = case.place.confidential
    return any(not secret or secret in named for named in posts.values_list("registers", flat=True))


@does(Act.VERIFY, ready=choose_signer)
def verify(case: Case, *, note: str = "", grade: Grade | str = "") -> None:
    """Sign the step of the register's chain that is due; the last one closes the matter, with a grade where asked."""
    row, chain = case.matter, case.register.chain
    step, last = chain[row.step], row.step + 1 == len(chain)
    if last and case.register.graded:
        case.put(grade=choice(grade, "grade", Grade).value)
    elif grade:
        wrong("grade", _("这一环节不评等次。"), "no_grade")
    if last:
        case.put(closed_at=moment(case.at), progress=100, extension={}, stuck="")
    else:
        case.put(state=State.SUBMITTED.value)
    case.put(step=row.step + 1)
    case.tell(
        step={"n": row.step + 1, "of": len(chain), "zh": step.words.zh, "en": step.words.en}, note=text(note, "note")
    )


@does(Act.RETURN)
def return_(case: Case, *, reason: str = "") -> None:
    """Send what was submitted back to be worked on; the chain begins anew with the next submission."""
    case.put(returned=case.matter.returned + 1, submitted_at=None, step=0)
    case.tell(reason=grounds(reason))


def _reopening(case: Case) -> None:
    row = case.matter
    conditions = []
    parent = row.parent
    if parent is not None and (not parent.is_open or parent.state == State.SUBMITTED):
        conditions.append(
            _("上级事项%(number)s是“%(state)s”，请先退回或重开它。")
            % {"number": parent.number, "state": State(parent.state).label}
        )
    until = row.closed_at and case.register.reopens_until(timezone.localdate(row.closed_at))
    if until is not None and case.today > until:
        conditions.append(_("只能在%(day)s以前重开，请另立新的事项。") % {"day": until.isoformat()})
    if conditions:
        raise UnmetError(case.act, conditions)


@does(Act.REOPEN, ready=_reopening)
def reopen(case: Case, *, reason: str = "", due: dt.date | None = None) -> None:
    """Take an ended matter up again where it stood: with its handler, its assignment, or as a draft."""
    row = case.matter
    if row.accepted_at is None:
        case.put(state=(State.DRAFTED if row.assigned_at is None else State.ASSIGNED).value)
    if due is not None:
        may_set_due(case)
        case.put(due=day(due, "due", not_before=case.today).isoformat())
    case.put(closed_at=None, submitted_at=None, grade="", step=0, workers=[])
    case.tell(reason=grounds(reason))
