"""Reading a document in the background: from the kept file to sentences, rows and what they may repeat.

Every step is committed by itself, so that a page can show how far it is. Done twice it is as done once; done by a
process that dies in the middle it is begun anew, at most :data:`MOST_ATTEMPTS` times.
"""

from __future__ import annotations

import datetime as dt
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final

from django.db import transaction
from django.db.models import QuerySet

import luoshi
from luoshi.directives import similar, versions
from luoshi.directives.actions.door import begin
from luoshi.directives.bodies import bodies
from luoshi.directives.enums import Stage, Step
from luoshi.directives.errors import ImpossibleError
from luoshi.directives.models import Clause, Directive, Reading
from luoshi.directives.proposing import fields_for, kind_of, reading_of, said_of, storable, values_of
from luoshi.directives.rereading import give_back, keep_again
from luoshi.directives.units import directory
from luoshi.drafting import draft
from luoshi.reading import ReadError, read
from luoshi.words import Words
from luoshi.work import registers
from luoshi.work.evidence.store import opened

if TYPE_CHECKING:
    from luoshi.drafting.plan import Plan

__all__ = ["MOST_ATTEMPTS", "understand"]

MOST_ATTEMPTS: Final = 3
"""How often reading a document may break off before it is given up."""

_BROKEN: Final = Words(
    f"读取这份文件时程序{MOST_ATTEMPTS}次中断，已停止。请用原来的软件另存为 docx 后重新收文，或请系统管理员查看日志。",
    f"Reading this file broke off {MOST_ATTEMPTS} times and was stopped. Save it again as docx from its own program "
    "and take it in anew, or ask the system's administrator to look at the log.",
)
_LOST: Final = Words(
    "服务器上找不到这份文件，请重新收文，并请系统管理员检查佐证材料文件夹。",
    "The server has lost this file; take it in again, and ask the system's administrator to check the evidence folder.",
)


def understand(directive_id: int, *, at: dt.datetime | None = None) -> None:
    """Read a document that waits for it and draft its rows; its stage is then `review`, or `failed` with the reason.

    Does nothing for a document that does not wait (any more). One that is read a second time keeps what people decided.
    Faults of the program are raised: the document stays as it is, and the next try counts. `at` is a moment gone by.
    """
    directive = _begun(directive_id)
    if directive is None:
        return
    try:
        plan = _plan(directive)
    except ReadError as error:
        _failed(directive, error.words)
    except FileNotFoundError:
        _failed(directive, _LOST)
    else:
        if directive.head:
            _keep_again(directive, plan)
        else:
            _keep(directive, plan, at)


def _begun(directive_id: int) -> Directive | None:
    """Mark a waiting document as being read, and return it; none where it does not wait or is given up."""
    with transaction.atomic():
        directive = Directive.objects.select_for_update().filter(pk=directive_id).first()
        if directive is None or directive.stage not in {Stage.WAITING, Stage.READING}:
            return None
        if directive.attempts >= MOST_ATTEMPTS:
            _failed(directive, _BROKEN)
            return None
        directive.stage, directive.step = Stage.READING, Step.READING
        directive.attempts += 1
        directive.failure = {}
        directive.save(update_fields=["stage", "step", "attempts", "failure"])
    return directive


def _standing(directive: Directive) -> QuerySet[Directive]:
    """Return the row as far as it is still this try that reads it."""
    return Directive.objects.filter(pk=directive.pk, stage=Stage.READING, attempts=directive.attempts)


def _failed(directive: Directive, why: Words) -> None:
    """Say why a document could not be read; a review that had begun goes on as it was."""
    if directive.head:
        with suppress(ImpossibleError):  # withdrawn meanwhile
            give_back(directive, why)
        Directive.objects.filter(pk=directive.pk).update(step=Step.DONE)
        return
    Directive.objects.filter(pk=directive.pk, stage__in=(Stage.WAITING, Stage.READING)).update(
        stage=Stage.FAILED, step=Step.DONE, failure={"zh": why.zh, "en": why.en}
    )


def _step(directive: Directive, step: Step) -> None:
    _standing(directive).update(step=step)


def _plan(directive: Directive) -> Plan:
    """Read the file and draft its rows, with the authority's units as they are now."""
    with opened(directive.evidence) as file:
        data = file.read()
    document = read(data, name=directive.name)
    _step(directive, Step.DRAFTING)
    return draft(document, date=_day_given(directive), directory=directory())


def _day_given(directive: Directive) -> dt.date | None:
    """Return the day that a person gave the document; none where it is what the text says of itself."""
    reading = Reading.objects.filter(directive=directive).first()
    found = reading.found.get("date", {}).get("day") if reading else None
    return None if directive.date is None or directive.date.isoformat() == found else directive.date


# The first reading.


def _keep(directive: Directive, plan: Plan, at: dt.datetime | None) -> None:
    """Store everything that was read and drafted, then what it may repeat; the review begins when both stand.

    Comparing takes its time on a large installation, so nobody else waits for it: it is no part of a transaction.
    """
    with transaction.atomic():
        row = _standing(directive).select_for_update().first()
        if row is None:
            return  # withdrawn meanwhile
        columns = reading_of(plan)
        _describe(row, columns["found"], plan)
        row.step = Step.COMPARING
        row.save(update_fields=["title", "kind", "number", "issuer", "date", "step"])
        row.clauses.all().delete()  # of a try that broke off
        Reading.objects.filter(directive=row).delete()
        Reading.objects.create(directive=row, engine=_engine_of(plan), **columns)
        Clause.objects.bulk_create(_clauses(row, plan), batch_size=500)
    _compare(row)
    with transaction.atomic():
        row = _standing(directive).select_for_update().first()
        if row is not None:
            begin(row)
            row.stage, row.step, row.read_at = Stage.REVIEW, Step.DONE, at or dt.datetime.now(dt.UTC)
            row.save(update_fields=["stage", "step", "read_at"])


def _keep_again(directive: Directive, plan: Plan) -> None:
    """Let a review that had begun follow from the second reading, then compare anew."""
    _step(directive, Step.COMPARING)
    with suppress(ImpossibleError):  # withdrawn meanwhile
        keep_again(directive, plan, _engine_of(plan))
        _compare(directive)
    Directive.objects.filter(pk=directive.pk).update(step=Step.DONE, read_at=dt.datetime.now(dt.UTC))


def _compare(directive: Directive) -> None:
    """Find what the rows may repeat; the version before comes first, for what it became is no repetition."""
    versions.compare(directive)
    similar.compare(directive)


def _describe(row: Directive, found: dict[str, Any], plan: Plan) -> None:
    """Take over what the document says of itself."""
    row.title = found.get("title", {}).get("text", "")[:300] or _speech_title(plan)
    row.number = found.get("number", {}).get("text", "")[:120]
    row.issuer = found.get("issuer", {}).get("text", "")[:200]
    row.kind = kind_of(row.title or row.name)
    if row.date is None and plan.date is not None:
        row.date = plan.date.day


def _speech_title(plan: Plan) -> str:
    speeches = plan.document.speeches
    title: str = storable(speeches[0].title[:300]) if speeches else ""
    return title


def _engine_of(plan: Plan) -> dict[str, Any]:
    """Return what understood the document: versions, and the day that relative times count from."""
    from luoshi.drafting.model import load  # noqa: PLC0415 — heavy, and loaded by now

    return {
        "version": luoshi.__version__,
        "model": load().version,
        "date": plan.date.day.isoformat() if plan.date else None,
    }


def _clauses(row: Directive, plan: Plan) -> list[Clause]:
    fields = fields_for(registers.current(row.register), kind=row.kind, number=row.number, title=row.title)
    clauses, known = [], bodies()
    for task in plan.tasks:
        said = known.completed(said_of(task), plan.document)
        clauses.append(
            Clause(
                directive=row,
                number=task.id,
                start=task.start,
                end=task.end,
                sentences=list(task.sentences),
                said=said,
                values=values_of(said, plan.document, fields),
                confidence=said["confidence"],
            )
        )
    return clauses
