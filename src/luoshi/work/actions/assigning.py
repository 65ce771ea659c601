"""Acts that say who does it: assign, accept, decline, hand over."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from luoshi.ledger.canonical import Json
from luoshi.org.models import Person, Post, Unit
from luoshi.org.policy import Actor, visible
from luoshi.work.actions.case import Case
from luoshi.work.actions.door import child_operation, moment_of, perform
from luoshi.work.actions.people import handler_of, open_unit, supporters
from luoshi.work.actions.planning import may_set_due
from luoshi.work.actions.table import does
from luoshi.work.actions.values import day, grounds, text, wrong
from luoshi.work.enums import Act, State
from luoshi.work.fold import moment, person_ref, unit_ref
from luoshi.work.models import Event, Matter
from luoshi.work.placement import at_unit

if TYPE_CHECKING:
    from uuid import UUID

__all__ = ["hand_over_all"]


@does(Act.ASSIGN)
def assign(  # noqa: PLR0913 — the act's data
    case: Case,
    *,
    lead: Unit | None = None,
    support: Sequence[Unit] | None = None,
    handler: Person | None = None,
    due: dt.date | None = None,
    reason: str = "",
    note: str = "",
) -> None:
    """Give the matter to a unit, and through it to a person; what is None stays as it is.

    Assigning again needs a reason and has to be accepted again. Where no due date is given or set before, the
    register's rule counts one. Whoever assigns must be entitled where the matter was and where it goes.
    """
    row = case.matter
    unit = row.lead if lead is None else lead
    if unit is None:
        wrong("lead", _("请选择牵头单位。"), "required")
    unit = open_unit(unit, "lead", case.today)
    if unit.pk != row.lead_id:
        case.permit(replace(case.place, lead=at_unit(unit)))
    if case.state is not State.DRAFTED:
        reason = grounds(reason)
    person = row.handler if handler is None and unit.pk == row.lead_id else handler
    case.put(
        lead=unit_ref(unit),
        support=_support_refs(case, support, unit),
        handler=None if person is None else person_ref(handler_of(person, unit, case.today)),
        assigned_at=moment(case.at),
        accepted_at=None,
        extension={},
    )
    _set_due(case, due)
    case.tell(reason=text(reason, "reason"), note=text(note, "note"))


def _support_refs(case: Case, support: Sequence[Unit] | None, lead: Unit) -> Json:
    if support is None:
        return [unit for unit in case.matter.support if unit["id"] != lead.pk]
    return [unit_ref(unit) for unit in supporters(support, lead, case.today)]


def _set_due(case: Case, given: dt.date | None) -> None:
    row = case.matter
    due = row.due
    if given is not None and given != row.due:
        may_set_due(case)
        due = day(given, "due", not_before=case.today)
    if due is None:
        due = case.register.due_day(timezone.localdate(row.opened_at), case.today)
    if due is None and case.register.due.required:
        wrong("due", _("请填写完成时限。"), "required")
    if due is not None:
        case.put(due=due.isoformat())
        if row.first_due is None:
            case.put(first_due=due.isoformat())


@does(Act.ACCEPT)
def accept(case: Case, *, handler: Person | None = None, note: str = "") -> None:
    """Sign for the matter; the handler is the one named, else the one assigned, else whoever signs."""
    row = case.matter
    if handler is not None:
        person = handler_of(handler, row.lead, case.today)
    else:
        person = row.handler or handler_of(_signing(case), row.lead, case.today)
    case.put(handler=person_ref(person), accepted_at=moment(case.at))
    case.tell(note=text(note, "note"))


def _signing(case: Case) -> Person:
    """Return in whose name the matter is accepted."""
    if case.post is not None and case.post.deputy_for:
        return Post.objects.select_related("person").get(pk=case.post.id).person
    if case.by.person_id is None:
        wrong("handler", _("请选择经办人。"), "required")
    return Person.objects.get(pk=case.by.person_id)


@does(Act.DECLINE)
def decline(case: Case, *, reason: str = "") -> None:
    """Send an assignment back to those who assign; the unit keeps it in sight until it goes elsewhere."""
    case.put(handler=None, assigned_at=None, extension={})
    case.tell(reason=grounds(reason))


@does(Act.HAND_OVER)
def hand_over(case: Case, *, handler: Person | None = None, note: str = "") -> None:
    """Make another person of the lead unit the handler."""
    if handler is None:
        wrong("handler", _("请选择经办人。"), "required")
    person = handler_of(handler, case.matter.lead, case.today)
    if person.pk == case.matter.handler_id:
        wrong("handler", _("%(person)s已经是经办人。"), "unchanged", person=person.name)
    case.put(handler=person_ref(person))
    case.tell(note=text(note, "note"))


def hand_over_all(  # noqa: PLR0913 — who to whom, by whom, how
    person: Person,
    *,
    to: Person,
    by: Actor,
    note: str = "",
    operation: UUID | None = None,
    at: dt.datetime | None = None,
) -> list[Event]:
    """Hand every running matter of a person over to another, as far as `by` may; all of them or, on any error, none."""
    operation, at = operation or uuid.uuid4(), moment_of(at)
    with transaction.atomic():
        mine = Matter.objects.filter(handler=person, is_open=True).exclude(state=State.DRAFTED)
        rows = visible(by, mine, Act.HAND_OVER.value).order_by("pk")
        return [
            perform(row, Act.HAND_OVER, by=by, operation=child_operation(operation, row), at=at, handler=to, note=note)
            for row in rows
        ]
