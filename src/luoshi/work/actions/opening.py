"""Opening a matter, also as a part of another."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, cast

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from luoshi.ledger.canonical import Json
from luoshi.org.models import Person, Unit
from luoshi.org.policy import SYSTEM_ACTOR, Actor, Placement, RefusedError, grants_of, may
from luoshi.work import registers
from luoshi.work.actions.case import Case
from luoshi.work.actions.door import case_of, commit, locked, moment_of
from luoshi.work.actions.people import handler_of, open_unit, supporters
from luoshi.work.actions.planning import milestones_of, targets_of
from luoshi.work.actions.values import LONG, day, keys, line, text, wrong
from luoshi.work.enums import Act
from luoshi.work.errors import ImpossibleError
from luoshi.work.fold import moment, person_ref, unit_ref
from luoshi.work.lifecycle import next_state
from luoshi.work.models import Matter, Numbering, RegisterVersion
from luoshi.work.placement import at_unit

if TYPE_CHECKING:
    from uuid import UUID

    from luoshi.work.registers import Register

__all__ = ["open_matter"]


def open_matter(  # noqa: PLR0913 — a matter has that many parts
    register: str,
    *,
    by: Actor,
    title: str,
    requirement: str = "",
    source: Mapping[str, object] | None = None,
    parent: Matter | None = None,
    lead: Unit | None = None,
    support: Sequence[Unit] = (),
    handler: Person | None = None,
    due: dt.date | None = None,
    fields: Mapping[str, object] | None = None,
    milestones: Sequence[Mapping[str, object]] = (),
    targets: Sequence[Mapping[str, object]] = (),
    operation: UUID | None = None,
    at: dt.datetime | None = None,
) -> Matter:
    """Open a matter in a register, as a draft, and return it; with a `parent`, as a part that it is split into.

    A part without a lead unit of its own has that of its parent. The same `operation` again returns the matter that it
    opened. Raises RefusedError, ValidationError (by field), ImpossibleError (the parent can no longer be split);
    LookupError for an unknown register. Whatever is raised, nothing has changed and no number is used up.
    """
    moment_at, given = moment_of(at), operation
    operation = operation or uuid.uuid4()
    with transaction.atomic():
        version = registers.current_row(register)
        above = None if parent is None else locked(parent.pk)
        count = _count_of(registers.of_row(version), timezone.localdate(moment_at).year)
        first = _opened_before(given, by)
        if first is not None:
            return first
        if above is not None and lead is None:
            lead = above.lead
        case = _case(version, by, lead, support, moment_at, operation)
        split = None if above is None else _splitting(above, case, by)
        _describe(case, title, requirement, source, due)
        _entrust(case, lead, support, handler)
        case.set.update(
            parent=None if above is None else {"id": above.pk, "uid": str(above.uid), "number": above.number},
            fields=cast("Json", case.register.clean(dict(fields or {}), stage="opening")),
            milestones=cast("Json", milestones_of(milestones)),
            targets=cast("Json", targets_of(targets)),
            number=_next_number(case.register, count, case.today.year),
        )
        case.set = {name: value for name, value in case.set.items() if value not in ("", None, [], {}, False)}
        commit(case)
        if split is not None:
            child = case.matter
            split.tell(child={"id": child.pk, "uid": str(child.uid), "number": child.number, "title": child.title})
            commit(split)
    return case.matter


def _opened_before(operation: UUID | None, by: Actor) -> Matter | None:
    first = None if operation is None else Matter.objects.select_related("lead").filter(origin=operation).first()
    if first is not None and first.opened_by_id != by.person_id:
        raise ValidationError(_("这一操作号已经用过，请刷新页面后再试。"), code="operation")
    return first


def _case(  # noqa: PLR0913, PLR0917 — what a case is made of
    version: RegisterVersion,
    by: Actor,
    lead: Unit | None,
    support: Sequence[Unit],
    at: dt.datetime,
    operation: UUID,
) -> Case:
    kind = registers.of_row(version)
    place = Placement(
        lead=None if lead is None else at_unit(lead),
        support=tuple(at_unit(unit) for unit in support),
        own=frozenset(number for number in (by.person_id,) if number is not None),
        confidential=kind.code if kind.confidential else "",
    )
    row = Matter(uid=uuid.uuid4())
    case = Case(
        matter=row, act=Act.OPEN, by=_narrowed(by, kind), place=place, register=kind, at=at, operation=operation
    )
    _permit(case, by)
    opener = None if by.person_id is None else Person.objects.get(pk=by.person_id)
    case.set = {
        "uid": str(row.uid),
        "origin": str(operation),
        "register": kind.code,
        "register_version": {"id": version.pk, "version": version.version, "sha256": version.sha256},
        "confidential": kind.confidential,
        "state": "drafted",
        "opened_by": person_ref(opener),
        "opened_at": moment(at),
    }
    return case


def _narrowed(by: Actor, kind: Register) -> Actor:
    """Return the actor with those posts only through which the register lets matters be opened."""
    if by is SYSTEM_ACTOR:
        return by
    return replace(by, posts=tuple(post for post in by.posts if kind.may_be_opened_by(post.role)))


def _permit(case: Case, by: Actor) -> None:
    """Require that `by` may open here; says what is missing where only the lead unit is."""
    if by.posts and not case.by.posts and may(by, Act.OPEN, case.place) is None:
        raise RefusedError(Act.OPEN, _("这本台账不由您的岗位立项"))
    try:
        case.permit()
    except RefusedError:
        roles = {grant.role for grant in grants_of(Act.OPEN)}
        if case.place.lead is None and case.by.has(*roles):
            wrong("lead", _("请选择牵头单位。"), "required")
        raise


def _describe(
    case: Case, title: str, requirement: str, source: Mapping[str, object] | None, due: dt.date | None
) -> None:
    case.set.update(
        title=line(title, "title", required=True),
        requirement=text(requirement, "requirement", most=LONG),
        source=_source(source),
        due=None if due is None else day(due, "due", not_before=case.today).isoformat(),
    )


def _source(given: Mapping[str, object] | None) -> dict[str, Json]:
    if not given:
        return {}
    named = ("document", "quote", "directive", "clause", "programme")
    found = keys(given, "source", (*named, "start", "end"))
    numbers: dict[str, Any] = {name: found[name] for name in ("start", "end") if found.get(name) is not None}
    if any(isinstance(value, bool) or not isinstance(value, int) for value in numbers.values()):
        raise TypeError("a source's start and end are whole numbers")
    words: dict[str, Json] = {name: text(found.get(name), "source") for name in named[:2]}
    whence: dict[str, Json] = {name: text(found[name], "source") for name in named[2:] if found.get(name)}
    return {**words, **whence, **numbers}


def _entrust(case: Case, lead: Unit | None, support: Sequence[Unit], handler: Person | None) -> None:
    unit = None if lead is None else open_unit(lead, "lead", case.today)
    case.set.update(
        lead=unit_ref(unit),
        support=[unit_ref(one) for one in supporters(support, unit, case.today)],
        handler=None if handler is None else person_ref(handler_of(handler, unit, case.today)),
    )


def _splitting(above: Matter, part: Case, by: Actor) -> Case:
    """Return the decided case of splitting a part off, before the part has its number."""
    case = case_of(above, Act.SPLIT, by=by, operation=part.operation, at=part.at)
    case.permit()
    if next_state(Act.SPLIT, case.state) is None:
        raise ImpossibleError(Act.SPLIT, case.state)
    if (above.confidential or part.register.confidential) and above.register != part.register.code:
        wrong("parent", _("保密台账的事项只能分解到同一本台账。"), "confidential")
    return case


def _count_of(register: Register, year: int) -> Numbering:
    """Return the count by which a matter gets its number, locked until the transaction ends, so that none is lost."""
    if "{year}" not in register.number:
        year = 0  # a number that does not name the year is not given twice
    counts = Numbering.objects.select_for_update()
    return counts.get_or_create(register=register.code, year=year)[0]


def _next_number(register: Register, count: Numbering, year: int) -> str:
    count.last += 1
    count.save(update_fields=["last"])
    return register.number_of(year, count.last)
