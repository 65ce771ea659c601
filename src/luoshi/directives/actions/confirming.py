"""Confirming a document: its rows become matters that are assigned, and every unit gets its notice."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final, NamedTuple

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from luoshi.directives.actions.door import Review, write
from luoshi.directives.enums import ClauseState, ReviewAct, Stage
from luoshi.directives.errors import ChangedMeanwhileError
from luoshi.directives.models import Clause, Directive, Notice, Reading
from luoshi.directives.notices import Opened, issue
from luoshi.directives.readiness import (
    Candidate,
    ConfirmError,
    Missing,
    Readiness,
    join_operation,
    quote_of,
    readiness,
)
from luoshi.org import policy
from luoshi.org.policy import Actor, Placement, RefusedError
from luoshi.org.rules import clean_line
from luoshi.work.actions import open_matter, perform
from luoshi.work.enums import Act
from luoshi.work.errors import ActError
from luoshi.work.models import Matter

__all__ = ["Confirmed", "confirm"]

_NUMBER: Final = 60
_COMMENT: Final = 2000


class Confirmed(NamedTuple):
    """What became of the rows asked for, whichever confirmation did it; `opened` counts what this one did."""

    matters: list[Matter]
    notices: list[Notice]
    opened: int


class _NothingToDoError(Exception):
    """Everything that was asked for stands already; carries nothing beyond this module."""


@dataclass(frozen=True, slots=True)
class _Order:
    """How rows are to be confirmed."""

    by: Actor
    wanted: frozenset[uuid.UUID] | None
    assign: bool
    number: str
    seen: int | None
    today: dt.date


def confirm(  # noqa: PLR0913 — who, which rows, how
    directive: Directive,
    *,
    by: Actor,
    operation: uuid.UUID,
    clauses: Iterable[Clause | uuid.UUID] | None = None,
    assign: bool = True,
    number: str = "",
    seen: int | None = None,
    at: dt.datetime | None = None,
) -> Confirmed:
    """Open a matter for every live row of a document, or of the `clauses` given, assign it, and write the notices.

    All rows or none. A row that was confirmed before is left alone, so the same again opens nothing; rows that were
    joined to open matters leave a comment there, once. Without `assign` the matters stay drafts and nobody is told.
    `number` is the notices' own, where the office has one. `seen` is the document's version on the page. When no row is
    left to decide upon, the document is confirmed. `at` is a moment gone by, and days are as they were then.

    Raises RefusedError, `ImpossibleError` (not read yet, withdrawn), `ChangedMeanwhileError` (others changed rows since
    `seen`), :class:`ConfirmError` with everything that is missing, ValidationError. Whatever is raised, nothing has
    changed.
    """
    wanted = None if clauses is None else frozenset(one.uid if isinstance(one, Clause) else one for one in clauses)
    number = clean_line(number, what=_("通知文号"), longest=_NUMBER, needed=False)
    order = _Order(by, wanted, assign, number, seen, timezone.localdate(at))
    policy.require(by, "directive.confirm", Placement(None, confidential=_secret(directive)))
    # Looked at before the write lock is taken, so that others wait no longer than for the writing itself.
    plan = readiness(directive, by, wanted, today=order.today) if directive.stage == Stage.REVIEW else None
    try:
        edit = write(
            directive,
            ReviewAct.CONFIRM,
            by=by,
            operation=operation,
            at=at,
            decide=partial(_decide, order=order, planned=plan),
        )
        opened = sum("matter" in (entry["set"] or {}) for entry in edit.data.get("clauses", ()))
    except _NothingToDoError:
        _tell_joined(directive, order)
        opened = 0
    matters = _matters_of(directive, wanted)
    return Confirmed(list(matters.values()), _notices_of(directive, set(matters)), opened)


def _secret(directive: Directive) -> str:
    return directive.register if directive.confidential else ""


def _decide(review: Review, *, order: _Order, planned: Readiness | None) -> None:
    directive = review.directive
    if directive.stage not in {Stage.REVIEW, Stage.CONFIRMED}:
        raise review.impossible(_("这份文件还没有读出来，读完并核对之后才能确认立项。"))
    _refuse_stale(review, order)
    fresh = planned is not None and planned.version == directive.version
    plan = planned if fresh and planned is not None else readiness(directive, order.by, order.wanted, today=order.today)
    if plan.missing:
        raise ConfirmError(plan.missing)
    ends = not plan.left and directive.stage != Stage.CONFIRMED
    if not plan.rows and not ends:
        raise _NothingToDoError
    _comment(plan.joining, directive, order, review.at)
    opened = _open(review, plan, order)
    if opened:
        review.said = f"{opened[0].matter.number}—{opened[-1].matter.number}" if opened[1:] else opened[0].matter.number
    if ends:
        review.describe(stage=Stage.CONFIRMED.value, confirmed_at=review.at)
    if opened and order.assign and plan.register is not None:
        notices = issue(
            directive,
            opened,
            by=order.by,
            register=plan.register,
            operation=review.operation,
            at=review.at,
            day=timezone.localdate(review.at),
            number=order.number,
        )
        review.issued(notices)


def _refuse_stale(review: Review, order: _Order) -> None:
    """Refuse rows that others changed since the page; what one did oneself meanwhile is known."""
    if order.seen is None or order.seen >= review.directive.version:
        return
    since = review.directive.edits.filter(seq__gt=order.seen).order_by("seq")
    edits = [edit for edit in since if edit.actor_id != order.by.person_id]
    if edits:
        raise ChangedMeanwhileError(ReviewAct.CONFIRM, edits)


# Opening.


def _open(review: Review, plan: Readiness, order: _Order) -> list[Opened]:
    rows = review.clauses([row.clause.uid for row in plan.rows])
    reading = Reading.objects.get(directive=review.directive)
    opened = []
    for candidate, clause in zip(plan.rows, rows, strict=True):
        opened.append(_opened(candidate, review, reading, order))
        review.put(clause, state=ClauseState.CONFIRMED.value, matter=opened[-1].matter.pk)
    return opened


def _opened(candidate: Candidate, review: Review, reading: Reading, order: _Order) -> Opened:
    """Open the matter of one row and assign it; what an act refuses is a :class:`ConfirmError` about the row."""
    clause, opening, directive = candidate.clause, candidate.opening, review.directive
    if opening is None:
        raise ConfirmError([Missing(clause, sentence) for sentence in candidate.missing])
    quote = quote_of(reading, clause)
    operation = uuid.uuid5(clause.uid, "open")
    try:
        matter = open_matter(
            directive.register,
            by=order.by,
            title=opening.title,
            requirement=opening.requirement,
            source=_source(directive, clause, quote),
            lead=opening.lead,
            support=opening.support,
            due=opening.due,
            fields=opening.fields,
            milestones=opening.milestones,
            targets=opening.targets,
            operation=operation,
            at=review.at,
        )
        if order.assign:
            perform(matter, Act.ASSIGN, by=order.by, operation=uuid.uuid5(operation, "assign"), at=review.at)
    except ValidationError as error:
        raise ConfirmError([Missing(clause, " ".join(error.messages))]) from error
    except (ActError, RefusedError) as error:
        raise ConfirmError([Missing(clause, str(error))]) from error
    return Opened(clause, opening, matter, quote)


def _source(directive: Directive, clause: Clause, quote: str) -> dict[str, object]:
    return {
        "document": f"{directive}（{directive.number}）" if directive.number else str(directive),
        "quote": quote,
        "start": clause.start,
        "end": clause.end,
        "directive": str(directive.uid),
        "clause": str(clause.uid),
        "programme": "" if directive.programme is None else directive.programme.name,
    }


# Joined rows.


def _tell_joined(directive: Directive, order: _Order) -> None:
    """Tell the matters of joined rows where nothing else was to be done."""
    with transaction.atomic():
        plan = readiness(directive, order.by, order.wanted, today=order.today)
        _comment(plan.joining, directive, order, dt.datetime.now(dt.UTC))


def _comment(joining: Sequence[Clause], directive: Directive, order: _Order, at: dt.datetime) -> None:
    if not joining:
        return
    reading = Reading.objects.get(directive=directive)
    for clause in joining:
        source = _source(directive, clause, "")["document"]
        words = f"《{source}》也有同样的要求，并入本事项一并办理：{quote_of(reading, clause)}"
        words = words if len(words) <= _COMMENT else words[: _COMMENT - 2] + "……"
        if clause.matter_id is not None:
            perform(clause.matter_id, Act.COMMENT, by=order.by, operation=join_operation(clause), at=at, note=words)


# What there is.


def _matters_of(directive: Directive, wanted: frozenset[uuid.UUID] | None) -> dict[int, Matter]:
    """Return the matters that rows became, in the order of the document."""
    rows = directive.clauses.filter(state=ClauseState.CONFIRMED, matter__isnull=False)
    if wanted is not None:
        rows = rows.filter(uid__in=wanted)
    found = rows.select_related("matter").order_by("number")
    return {row.matter.pk: row.matter for row in found if row.matter is not None}


def _notices_of(directive: Directive, matters: set[int]) -> list[Notice]:
    """Return the notices that tell of these matters, in the order in which they were written."""
    notices = directive.notices.select_related("unit").order_by("issued_at", "pk")
    return [notice for notice in notices if any(row["matter"] in matters for row in notice.rows)]
