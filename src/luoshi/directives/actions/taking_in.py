"""Taking documents in: a file is kept, a document waits to be read; describing, reading again and withdrawing it."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Mapping
from functools import partial
from typing import Any, Final, NamedTuple
from uuid import UUID

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from luoshi.directives.actions.door import Review, write
from luoshi.directives.enums import ClauseState, Kind, ReviewAct, Stage, Step
from luoshi.directives.models import Directive, Edit, Programme
from luoshi.directives.proposing import fields_for
from luoshi.directives.tasks import understand_later
from luoshi.ledger.actions import Subject, record
from luoshi.org import policy
from luoshi.org.policy import SYSTEM_ACTOR, Actor, Placement, RefusedError
from luoshi.org.rules import clean_line
from luoshi.reading.limits import MAX_FILE_BYTES
from luoshi.work import registers
from luoshi.work.actions.values import day
from luoshi.work.evidence.names import safe_name
from luoshi.work.evidence.store import Readable, store
from luoshi.work.models import Evidence
from luoshi.work.registers import Register, UnknownRegisterError

__all__ = [
    "describe",
    "programme_of",
    "read_again",
    "register_for",
    "subject_of",
    "take_in",
    "take_in_text",
    "withdraw",
]

_PROGRAMME: Final = 120
_REASON: Final = 200
_LINES: Final = (
    ("title", gettext_lazy("标题"), 300),
    ("number", gettext_lazy("文号"), 120),
    ("issuer", gettext_lazy("发文单位"), 200),
)


def take_in(  # noqa: PLR0913 — what a document comes with
    stream: Readable,
    *,
    by: Actor,
    name: str,
    operation: UUID,
    register: str = "task",
    programme: str = "",
    previous: Directive | None = None,
    again: bool = False,
    at: dt.datetime | None = None,
) -> Directive:
    """Keep a file and let it wait to be read in the background; the same `operation` again returns the same document.

    RefusedError for who may not take documents in. ValidationError for what cannot be kept (`empty`, `too_large`,
    `program`, `no_room`), a register that is not there for this person, a `previous` that is withdrawn or of other
    confidentiality, and, with code `known` and the older document's number as parameter `directive`, for a file that
    was taken in already; not the last where it comes `again` or as the later version of another. `at` is a moment
    gone by.
    """
    policy.require(by, "directive.take_in")
    kind = register_for(register, by)
    _refuse_previous(previous, kind, by)
    done = _taken_in_before(operation, by)
    if done is not None:
        return done
    name = safe_name(name)
    evidence = store(stream, name=name, limit=getattr(settings, "LUOSHI_EVIDENCE_LIMIT", MAX_FILE_BYTES))
    with transaction.atomic():
        evidence = Evidence.objects.select_for_update().get(pk=evidence.pk)  # one at a time for the same content
        done = _taken_in_before(operation, by)
        if done is not None:
            return done
        if not again and previous is None:
            _refuse_known(evidence, by)
        directive = Directive.objects.create(
            origin=operation,
            evidence=evidence,
            name=name,
            register=kind.code,
            confidential=kind.confidential,
            programme=programme_of(programme, by),
            previous=previous,
            taken_in_by_id=by.person_id,
            taken_in_at=at or dt.datetime.now(dt.UTC),
        )
        _note(directive, evidence, by)
        understand_later.enqueue(directive.pk)
    return directive


def take_in_text(  # noqa: PLR0913 — as `take_in`
    text: str,
    *,
    by: Actor,
    operation: UUID,
    register: str = "task",
    programme: str = "",
    previous: Directive | None = None,
    again: bool = False,
) -> Directive:
    """Take pasted words in, kept as a text file; as :func:`take_in` otherwise."""
    words = text.strip()
    if not words:
        raise ValidationError(_("请粘贴要收文的文字。"), code="empty")
    return take_in(
        io.BytesIO(words.encode("utf-8", errors="replace")),
        by=by,
        name=f"粘贴-{timezone.localdate().isoformat()}.txt",
        operation=operation,
        register=register,
        programme=programme,
        previous=previous,
        again=again,
    )


def describe(  # noqa: PLR0913 — what a document is described by
    directive: Directive,
    *,
    by: Actor,
    operation: UUID,
    title: str | None = None,
    kind: str | None = None,
    number: str | None = None,
    issuer: str | None = None,
    date: dt.date | None = None,
    register: str | None = None,
    programme: str | None = None,
) -> Edit:
    """Set what a document that has been read is; what is None stays, and no programme is "".

    The register's own fields that were filled from it follow in rows that are still to be confirmed. Once a row is
    confirmed the register stays. Another date alone moves no due date: :func:`read_again` does.
    Raises what the door raises, and ValidationError by name.
    """
    given = _Given(title, kind, number, issuer, date, register, programme)
    return write(directive, ReviewAct.DESCRIBE, by=by, operation=operation, decide=partial(_describe, given=given))


def read_again(directive: Directive, *, by: Actor, operation: UUID) -> None:
    """Let a document be read once more: one that could not be read, or one under review that has no confirmed row.

    What a person decided stays; the day that times count from is the document's, as it is described now. Does nothing
    while it is being read. RefusedError; ImpossibleError once it is confirmed or withdrawn.
    """
    with transaction.atomic():
        row = policy.visible(
            by, Directive.objects.select_for_update().filter(pk=directive.pk), "directive.take_in"
        ).first()
        if row is None:
            raise policy.may(by, "directive.take_in", _place(directive)) or RefusedError("directive.take_in", "")
        if row.stage in {Stage.WAITING, Stage.READING}:
            return
        if row.stage == Stage.FAILED:
            record(
                "directive.take_in", by=by.author, subject=subject_of(row), data={"what": "again"}, operation=operation
            )
        else:
            write(row, ReviewAct.REREAD, by=by, operation=operation, decide=_ask_again)
        row.stage, row.step, row.attempts, row.failure = Stage.WAITING, Step.QUEUED, 0, {}
        row.save(update_fields=["stage", "step", "attempts", "failure"])
        understand_later.enqueue(row.pk)
    directive.refresh_from_db()


def withdraw(directive: Directive, *, by: Actor, operation: UUID, reason: str) -> Edit:
    """Withdraw a document of which nothing has been confirmed, with the reason why; it is kept, and yields nothing.

    RefusedError, ImpossibleError (rows are confirmed, or it is withdrawn), ValidationError for no reason.
    """
    why = clean_line(reason, what=_("撤回原因"), longest=_REASON)

    def decide(case: Review) -> None:
        if case.directive.clauses.filter(state=ClauseState.CONFIRMED).exists():
            raise case.impossible(_("有条目已经立项，文件不能撤回；请在事项里撤销不再办理的事项。"))
        case.said = why
        case.describe(stage=Stage.WITHDRAWN.value)

    return write(directive, ReviewAct.WITHDRAW, by=by, operation=operation, decide=decide)


def register_for(code: str, by: Actor) -> Register:
    """Return a register that documents may be taken in for; one that the person may not know of is as if not there.

    ValidationError also where the register lets nobody of the person's posts open matters.
    """
    try:
        kind = registers.current(code)
    except UnknownRegisterError:
        kind = None
    place = Placement(lead=None, confidential=code)
    if kind is None or (kind.confidential and policy.may(by, "directive.take_in", place) is not None):
        raise ValidationError(_("没有这本台账，请从列出的台账中选。"), code="register")
    if by is not SYSTEM_ACTOR and not any(kind.may_be_opened_by(post.role) for post in by.posts):
        raise ValidationError(_("这本台账不由您的岗位立项，请从列出的台账中选。"), code="register")
    return kind


def programme_of(name: str, by: Actor) -> Programme | None:
    """Return the plan of work of this name, set up where it is new; none for no name."""
    name = clean_line(name, what=_("工作计划"), longest=_PROGRAMME, needed=False)
    if not name:
        return None
    return Programme.objects.get_or_create(name=name, defaults={"opened_by_id": by.person_id})[0]


def subject_of(directive: Directive) -> Subject:
    """Return how the record names a document; a confidential one by its key alone."""
    return Subject("directive", str(directive.uid), "" if directive.confidential else str(directive))


def _taken_in_before(operation: UUID, by: Actor) -> Directive | None:
    first = Directive.objects.filter(origin=operation).first()
    if first is not None and first.taken_in_by_id != by.person_id:
        raise ValidationError(_("这一操作号已经用过，请刷新页面后再试。"), code="operation")
    return first


def _refuse_previous(previous: Directive | None, kind: Register, by: Actor) -> None:
    """Refuse an earlier version that is not there for this person, or whose confidentiality the new one would break."""
    if previous is None:
        return
    seen = policy.visible(by, Directive.objects.exclude(stage=Stage.WITHDRAWN), "directive.see")
    if not seen.filter(pk=previous.pk).exists():
        raise ValidationError(_("前一版文件已经不在，请重新选择。"), code="previous")
    if (previous.confidential or kind.confidential) and previous.register != kind.code:
        raise ValidationError(_("保密文件的新版只能收进同一本台账，请改选台账。"), code="confidential")


def _refuse_known(evidence: Evidence, by: Actor) -> None:
    """Refuse a file that stands already in a document which this person may see; of others they learn nothing."""
    taken = Directive.objects.filter(evidence=evidence).exclude(stage=Stage.WITHDRAWN)
    first = policy.visible(by, taken, "directive.see").order_by("pk").first()
    if first is not None:
        raise ValidationError(
            _("这份文件已经收过：%(title)s。要再收一次，请勾选“仍然收文”，或选为它的新版。"),
            code="known",
            params={"title": str(first), "directive": first.pk},
        )


class _Given(NamedTuple):
    """What a document is to be described by; None for what stays."""

    title: str | None
    kind: str | None
    number: str | None
    issuer: str | None
    date: dt.date | None
    register: str | None
    programme: str | None


def _describe(case: Review, *, given: _Given) -> None:
    row = case.directive
    if row.stage in Stage.unread:
        raise case.impossible(_("这份文件还没有读完，请等读完再修改文件信息。"))
    old = fields_for(registers.current(row.register), kind=row.kind, number=row.number, title=row.title)
    case.describe(**_cleaned(given))
    if given.programme is not None:
        plan = programme_of(given.programme, case.by)
        case.describe(programme=None if plan is None else plan.pk)
    if given.register is not None and given.register != row.register:
        _move(case, given.register)
    _refill(case, old)


def _cleaned(given: _Given) -> dict[str, Any]:
    """Return the plain columns that are given, as they are stored; ValidationError with all that is wrong, by name."""
    found: dict[str, Any] = {}
    errors: dict[str, ValidationError] = {}
    for name, what, longest in _LINES:
        value = getattr(given, name)
        if value is not None:
            try:
                found[name] = clean_line(value, what=what, longest=longest, needed=name == "title")
            except ValidationError as error:
                errors[name] = error
    if given.kind is not None and given.kind not in Kind.values:
        errors["kind"] = ValidationError(_("请从列出的选项中选。"), code="unknown_choice")
    if errors:
        raise ValidationError(errors)
    if given.kind is not None:
        found["kind"] = given.kind
    if given.date is not None:
        found["date"] = day(given.date, "date")
    return found


def _move(case: Review, code: str) -> None:
    """Let the rows be opened in another register."""
    row, kind = case.directive, register_for(code, case.by)
    if row.clauses.filter(state=ClauseState.CONFIRMED).exists():
        raise case.impossible(_("有条目已经立项，台账不能再改。"))
    if (row.confidential or kind.confidential) and (row.previous_id is not None or row.later.exists()):
        raise case.impossible(_("保密文件的各个版本只能在同一本台账，不能单独改动其中一个。"))
    case.describe(register=kind.code, confidential=kind.confidential)


def _refill(case: Review, old: Mapping[str, Any]) -> None:
    """Let what the rows have of the document's own facts follow, except where a person decided it."""
    row = case.directive
    kind = registers.current(row.register)
    new = fields_for(kind, kind=row.kind, number=row.number, title=row.title)
    if new == old:
        return
    names = {field.name for field in kind.fields}
    for clause in case.clauses(row.clauses.filter(state__in=ClauseState.live).values_list("uid", flat=True)):
        now = clause.values.get("fields") or {}
        kept = {name: value for name, value in now.items() if name in names and value != old.get(name)}
        case.put(clause, values={**clause.values, "fields": {**new, **kept}})


def _ask_again(case: Review) -> None:
    if case.directive.clauses.filter(state=ClauseState.CONFIRMED).exists():
        raise case.impossible(_("有条目已经立项，不能重新读取；有改动请作为新版收文。"))
    case.describe(stage=Stage.WAITING.value)


def _place(directive: Directive) -> Placement:
    return Placement(None, confidential=directive.register if directive.confidential else "")


def _note(directive: Directive, evidence: Evidence, by: Actor) -> None:
    record(
        "directive.take_in",
        by=by.author,
        subject=subject_of(directive),
        data={"sha256": evidence.sha256, "size": evidence.size, "register": directive.register},
        operation=directive.origin,
        at=directive.taken_in_at,
    )
