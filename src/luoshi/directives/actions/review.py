"""What a person does to the rows and sentences of a document under review; every act is one edit that can be undone.

All take the person as `by`, the form's number as `operation` (the same again acts once), and `seen`, the versions of
the rows as the page had them; `at`, where an act has it, is a moment gone by. Refusals are those of
:func:`luoshi.directives.actions.door.write`; nothing has changed then.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from luoshi.directives.actions.door import Review, write
from luoshi.directives.actions.rows import make, merge, move, split
from luoshi.directives.actions.sentences import holders, indexes_of, named, pieces_of, sentences_of, take_from
from luoshi.directives.actions.standing import document_of, require_live
from luoshi.directives.actions.undoing import undo
from luoshi.directives.enums import ClauseState, ReviewAct, Why
from luoshi.directives.models import Clause, Directive, Edit
from luoshi.directives.values import NAMES, clean
from luoshi.drafting.plan import Label
from luoshi.org.policy import Actor, visible
from luoshi.work import registers
from luoshi.work.actions.values import choice, text
from luoshi.work.models import Matter

__all__ = [
    "LABELS",
    "check",
    "drop",
    "edit",
    "join",
    "label",
    "make",
    "merge",
    "move",
    "restore",
    "split",
    "uncheck",
    "undo",
]

LABELS: Final = tuple(one.value for one in Label if one is not Label.TASK)
"""What a sentence that is no task can be; one that is a task belongs to a row."""

_NOTE: Final = 200

Seen = Mapping[Any, int]


def edit(
    clause: Clause,
    *,
    by: Actor,
    operation: uuid.UUID,
    seen: Seen | None = None,
    at: dt.datetime | None = None,
    **values: object,
) -> Edit:
    """Set values of a row: only the names that are given; they are decided from then on. See `directives.values`."""

    def decide(case: Review) -> None:
        (row,) = case.clauses([clause])
        require_live(case, row)
        changed = clean(values, row.values, lambda: registers.current(case.directive.register))
        decided = [name for name in NAMES if name in row.decided or name in values]
        case.put(row, values={**row.values, **changed}, decided=decided)

    return write(document_of([clause]), ReviewAct.EDIT, by=by, operation=operation, seen=seen, at=at, decide=decide)


def check(
    clauses: Sequence[Clause],
    *,
    by: Actor,
    operation: uuid.UUID,
    seen: Seen | None = None,
    at: dt.datetime | None = None,
) -> Edit:
    """Say of rows that they are right as they stand; those that are checked already are left out."""
    return _turn(clauses, ReviewAct.CHECK, ClauseState.CHECKED, by=by, operation=operation, seen=seen, at=at)


def uncheck(clauses: Sequence[Clause], *, by: Actor, operation: uuid.UUID, seen: Seen | None = None) -> Edit:
    """Take back that rows are right; those that are not checked are left out."""
    return _turn(clauses, ReviewAct.UNCHECK, ClauseState.OPEN, by=by, operation=operation, seen=seen)


def _turn(  # noqa: PLR0913 — an act's own arguments
    clauses: Sequence[Clause],
    act: ReviewAct,
    state: ClauseState,
    *,
    by: Actor,
    operation: uuid.UUID,
    seen: Seen | None,
    at: dt.datetime | None = None,
) -> Edit:
    def decide(case: Review) -> None:
        for row in case.clauses(clauses):
            require_live(case, row)
            case.put(row, state=state.value)

    return write(document_of(clauses), act, by=by, operation=operation, seen=seen, at=at, decide=decide)


# Rows that no matter is opened of.


def drop(  # noqa: PLR0913 — an act's own arguments
    clauses: Sequence[Clause],
    *,
    by: Actor,
    operation: uuid.UUID,
    why: str,
    seen: Seen | None = None,
    label: str = "",
    note: str = "",
    at: dt.datetime | None = None,
) -> Edit:
    """Open no matter of rows, and say why; with :attr:`Why.OTHER` a `note` is needed.

    `label` says what the rows' sentences are instead of a task, as :data:`LABELS` has it; it goes with
    :attr:`Why.NOT_A_TASK` only.
    """
    reason = choice(why, "why", Why)
    words = " ".join(text(note, "note", most=_NOTE).split())
    if reason is Why.OTHER and not words:
        raise ValidationError({"note": ValidationError(_("请写明原因。"), code="required")})
    if label and reason is not Why.NOT_A_TASK:
        raise ValidationError({"label": ValidationError(_("只有不是任务的句子才改类别。"), code="not_a_task")})
    kind = _label(label) if label else None

    def decide(case: Review) -> None:
        rows = case.clauses(clauses)
        for row in rows:
            require_live(case, row)
            case.put(row, state=ClauseState.DROPPED.value, why=reason.value, note=words)
        if kind is not None:
            held = holders(case, besides=rows)
            for index in {index for row in rows for index in row.sentences if index not in held}:
                case.label(index, kind)

    return write(document_of(clauses), ReviewAct.DROP, by=by, operation=operation, seen=seen, at=at, decide=decide)


def _label(given: str) -> str:
    if given not in LABELS:
        raise ValidationError({"label": ValidationError(_("请从列出的选项中选。"), code="unknown_choice")})
    return given


def restore(clauses: Sequence[Clause], *, by: Actor, operation: uuid.UUID, seen: Seen | None = None) -> Edit:
    """Bring rows back that were dropped, merged into another or joined to a matter.

    A merged row takes its sentences back from the one that holds them, as far as that keeps one; its values are as they
    were. Refused while sentences of a dropped or joined row belong to another.
    """

    def decide(case: Review) -> None:
        for row in case.clauses(clauses):
            _require_away(case, row)
            if row.state == ClauseState.MERGED:
                _take_back(case, row)
            _require_free(case, row)
            case.put(row, state=ClauseState.OPEN.value, why="", note="", into=None, matter=None)
            for index in row.sentences:
                case.label(index, None)

    return write(document_of(clauses), ReviewAct.RESTORE, by=by, operation=operation, seen=seen, decide=decide)


def _require_away(case: Review, row: Clause) -> None:
    if row.state in ClauseState.live:
        raise case.impossible(_("“%(title)s”本来就在，不用恢复。") % {"title": row})
    if row.state == ClauseState.CONFIRMED:
        raise case.impossible(_("“%(title)s”已经立项，请到事项页修改。") % {"title": row})


def _take_back(case: Review, row: Clause) -> None:
    """Let the rows that hold a merged row's sentences give them back."""
    held = holders(case, besides=[row])
    take_from(
        case, case.clauses(sorted({uid for index in row.sentences for uid in held.get(index, ())})), row.sentences
    )


def _require_free(case: Review, row: Clause) -> None:
    """Refuse while words of a row belong to another."""
    held, sentences = holders(case, besides=[row]), sentences_of(case)
    others = case.clauses(sorted({uid for index in row.sentences for uid in held.get(index, ())}))
    mine = pieces_of(row, sentences)
    taken = [
        other
        for other in others
        if any(a.start < b.end and b.start < a.end for a in mine for b in pieces_of(other, sentences))
    ]
    if taken:
        raise case.impossible(
            _("“%(title)s”的句子现在属于%(others)s，请先把句子移出来。") % {"title": row, "others": named(taken)}
        )


def join(clause: Clause, *, by: Actor, operation: uuid.UUID, matter: Matter | int, seen: Seen | None = None) -> Edit:
    """Say that an open matter holds a row's demand already; the person must be able to see that matter.

    What is confidential stays within its register: such a matter, or a row of such a document, is only joined with
    what belongs to the same one.
    """
    number = matter.pk if isinstance(matter, Matter) else matter

    def decide(case: Review) -> None:
        (row,) = case.clauses([clause])
        require_live(case, row)
        found = visible(by, Matter.objects.filter(pk=number)).first()
        if found is None:
            raise case.impossible(_("找不到这一事项，请从列出的在办事项中选。"))
        if not found.is_open:
            raise case.impossible(_("“%(number)s”已经办结或撤销，不能并入；请另行立项。") % {"number": found.number})
        if (found.confidential or case.directive.confidential) and found.register != case.directive.register:
            raise case.impossible(_("保密台账的内容只能与同一本台账的事项合并办理。"))
        case.put(row, state=ClauseState.JOINED.value, matter=found.pk)

    return write(document_of([clause]), ReviewAct.JOIN, by=by, operation=operation, seen=seen, decide=decide)


# Sentences that belong to no row.


def label(  # noqa: PLR0913 — an act's own arguments
    directive: Directive,
    *,
    by: Actor,
    operation: uuid.UUID,
    sentences: Iterable[int],
    label: str,
    seen: Seen | None = None,
) -> Edit:
    """Say what kind sentences are that belong to no row; "" for as drafted. A task is made by :func:`make`."""
    kind = _label(label) if label else None
    wanted = list(sentences)

    def decide(case: Review) -> None:
        chosen = indexes_of(wanted, sentences_of(case))
        held = holders(case, besides=[])
        rows = case.clauses(sorted({uid for index in chosen for uid in held.get(index, ())}))
        if rows:
            raise case.impossible(_("句子属于%(others)s；不是任务的，请把那一条定为不立项。") % {"others": named(rows)})
        for index in chosen:
            case.label(index, kind)

    return write(directive, ReviewAct.LABEL, by=by, operation=operation, seen=seen, decide=decide)
