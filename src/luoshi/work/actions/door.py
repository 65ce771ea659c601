"""The door through which every change of a matter goes: lock, ask, change, and write one event."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable
from typing import TYPE_CHECKING, cast

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from luoshi.ledger.canonical import GENESIS, Json, link
from luoshi.org.enums import Side
from luoshi.org.policy import Actor, HeldPost
from luoshi.work import registers, search
from luoshi.work.actions.case import Case
from luoshi.work.actions.table import Recipe, recipe_of
from luoshi.work.actions.writing import append, fetch, store
from luoshi.work.enums import Act
from luoshi.work.errors import ChangedMeanwhileError, ImpossibleError
from luoshi.work.fold import apply, involvements
from luoshi.work.lifecycle import next_state
from luoshi.work.models import Attachment, Event, Involvement, Matter
from luoshi.work.placement import placement

if TYPE_CHECKING:
    from uuid import UUID

__all__ = ["child_operation", "commit", "locked", "moment_of", "perform", "perform_locked", "post_words"]

_SEARCHED = frozenset({"title", "number", "requirement", "last_report", "fields"})


def perform(  # noqa: PLR0913 — who, how, when, and the act's data
    matter: Matter | int,
    act: Act | str,
    *,
    by: Actor,
    operation: UUID | None = None,
    seen: int | None = None,
    at: dt.datetime | None = None,
    **data: object,
) -> Event:
    """Do one act to one matter, in one transaction; return its event.

    Doing the same `operation` again returns the first event and does nothing. `seen` is the version of the row that the
    person had before their eyes. A matter given as a row is brought up to date in place. What `data` an act takes is
    said in `docs/matter.md`; unknown data is a TypeError.

    Raises `org.policy.RefusedError` (not theirs to do), `ChangedMeanwhileError` (others acted since `seen`),
    `ImpossibleError` (not in this state), `UnmetError` and `OwnWorkError` (conditions), ValidationError (values);
    `Matter.DoesNotExist` for an unknown number. Whatever is raised, nothing has changed.
    """
    act = Act(act)
    recipe = recipe_of(act)
    recipe.refuse_strangers(data)
    with transaction.atomic():
        row = locked(matter.pk if isinstance(matter, Matter) else matter, with_parent=act is Act.REOPEN)
        event = _done_before(row, act, by, operation)
        if event is None:
            case = case_of(row, act, by=by, operation=operation, at=at)
            case.permit()
            _refuse_stale(case, seen)
            _run(case, recipe, data)
            event = commit(case)
    if isinstance(matter, Matter):
        _bring_up_to_date(matter, row)
    return event


def perform_locked(row: Matter, act: Act, *, by: Actor, operation: UUID, at: dt.datetime, **data: object) -> Event:
    """Do an act to a row that the caller's transaction has locked; without the questions of idempotency and sight."""
    case = case_of(row, act, by=by, operation=operation, at=at)
    case.permit()
    _run(case, recipe_of(act), data)
    return commit(case)


def locked(number: int, *, with_parent: bool = False) -> Matter:
    """Return a matter's row, locked until the transaction ends; a parent is locked before its child.

    Raises `Matter.DoesNotExist`.
    """
    above = Matter.objects.values_list("parent_id", flat=True).filter(pk=number).first() if with_parent else None
    parent = None if above is None else fetch(above)
    row = fetch(number)
    if row is None:
        raise Matter.DoesNotExist(f"no matter {number}")
    if with_parent:
        row.parent = parent
    return row


def case_of(row: Matter, act: Act, *, by: Actor, operation: UUID | None = None, at: dt.datetime | None = None) -> Case:
    """Return an act under decision, before any question has been asked."""
    return Case(
        matter=row,
        act=act,
        by=by,
        place=placement(row),
        register=registers.of_version(row.register_version_id),
        at=moment_of(at),
        operation=operation or uuid.uuid4(),
    )


def moment_of(at: dt.datetime | None) -> dt.datetime:
    """Return the moment of an act in UTC, now unless told; ValueError for a moment without a time zone."""
    if at is None:
        return dt.datetime.now(dt.UTC)
    if at.utcoffset() is None:
        raise ValueError("a moment needs a time zone")
    return at.astimezone(dt.UTC)


def child_operation(operation: UUID, row: Matter) -> UUID:
    """Return the operation of what happens to one matter as part of an operation on several."""
    return uuid.uuid5(operation, str(row.uid))


def _done_before(row: Matter, act: Act, by: Actor, operation: UUID | None) -> Event | None:
    if operation is None:
        return None
    # Nearly always there is none, and asking for its number alone costs a third of asking for all of it.
    done = list(row.events.filter(operation=operation).values_list("pk", flat=True))
    event = row.events.get(pk=done[0]) if done else None
    if event is not None and (event.act, event.actor_id) != (act, by.person_id):
        raise ValidationError(_("这一操作号已经用过，请刷新页面后再试。"), code="operation")
    return event


def _refuse_stale(case: Case, seen: int | None) -> None:
    if seen is None or seen == case.matter.version:
        return
    if seen > case.matter.version or seen < 0:
        raise ValidationError(_("页面与记录不符，请刷新页面后再试。"), code="seen")
    events = list(case.matter.events.filter(seq__gt=seen).order_by("seq"))
    if any(event.act not in Act.quiet for event in events):
        raise ChangedMeanwhileError(case.act, events)


def _run(case: Case, recipe: Recipe, data: dict[str, object]) -> None:
    after = next_state(case.act, case.state)
    if after is None:
        raise ImpossibleError(case.act, case.state)
    recipe.ready(case)
    if after is not case.state:
        case.put(state=after.value)
    recipe.run(case, **data)


# Writing.


def commit(case: Case) -> Event:
    """Write the one event of a decided case, and let the row and everything that hangs on it follow from the event."""
    row = case.matter
    before = involvements(row)
    event = Event(
        matter=row,
        seq=row.version + 1,
        act=case.act.value,
        at=case.at,
        actor_id=case.by.person_id,
        actor_name=case.by.name,
        actor_post=post_words(case.post),
        deputy_for="" if case.post is None else case.post.deputy_for,
        operation=case.operation,
        data=case.data(),
        prev=row.head or GENESIS,
    )
    event.hash = link(event.prev, cast("Json", event.content()))
    touched = apply(row, event)
    if row.pk is None:
        row.save(force_insert=True)
        event.matter = row
        append(event)
    else:
        store(row, touched, event)
    _follow(case, event, before, touched)
    return event


def post_words(post: HeldPost | None) -> str:
    """Return the post as events name it: the unit, and the title or the role there."""
    if post is None:
        return ""
    with override("zh-hans"):  # a record reads the same whoever wrote it
        return f"{post.unit_name} {post.title or post.role.label}"


def _follow(case: Case, event: Event, before: dict[int, Side], touched: set[str]) -> None:
    row = case.matter
    if touched & {"lead", "support"}:
        _involve(row, before, involvements(row))
    if case.files:
        Attachment.objects.bulk_create(
            Attachment(matter=row, evidence=evidence, name=name, note=note, attached=event.seq)
            for evidence, name, note in case.files
        )
    removed = event.data.get("removed")
    if removed:
        row.attachments.filter(evidence__sha256__in=removed, detached=None).update(detached=event.seq)
    if touched & _SEARCHED or case.files or removed:
        search.index(row)


def _involve(row: Matter, before: dict[int, Side], after: dict[int, Side]) -> None:
    gone = [unit for unit in before if after.get(unit) is not before[unit]]
    come = [unit for unit in after if after[unit] is not before.get(unit)]
    if gone:
        row.involvements.filter(unit__in=gone).delete()
    Involvement.objects.bulk_create(Involvement(matter=row, unit_id=unit, side=after[unit]) for unit in come)


def _bring_up_to_date(matter: Matter, row: Matter) -> None:
    names: Iterable[str] = [field.attname for field in Matter._meta.concrete_fields]  # noqa: SLF001 — Django's documented name
    for name in names:
        setattr(matter, name, getattr(row, name))
