"""Taking documents in: a file is kept, a document waits to be read."""

from __future__ import annotations

import datetime as dt
import io
from typing import Final
from uuid import UUID

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from luoshi.directives.enums import Stage
from luoshi.directives.models import Directive, Programme
from luoshi.directives.tasks import understand_later
from luoshi.ledger.actions import Subject, record
from luoshi.org import policy
from luoshi.org.policy import Actor, Placement
from luoshi.org.rules import clean_line
from luoshi.reading.limits import MAX_FILE_BYTES
from luoshi.work import registers
from luoshi.work.evidence.names import safe_name
from luoshi.work.evidence.store import Readable, store
from luoshi.work.models import Evidence
from luoshi.work.registers import Register, UnknownRegisterError

__all__ = ["programme_of", "register_for", "subject_of", "take_in", "take_in_text"]

_PROGRAMME: Final = 120


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
) -> Directive:
    """Keep a file and let it wait to be read in the background; the same `operation` again returns the same document.

    RefusedError for who may not take documents in. ValidationError for what cannot be kept (`empty`, `too_large`,
    `program`, `no_room`), a register that is not there for this person, a `previous` that is withdrawn or of other
    confidentiality, and, with code `known` and the older document's number as parameter `directive`, for a file that
    was taken in already; not the last where it comes `again` or as the later version of another.
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
            taken_in_at=dt.datetime.now(dt.UTC),
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


def register_for(code: str, by: Actor) -> Register:
    """Return a register that documents may be taken in for; one that the person may not know of is as if not there."""
    try:
        kind = registers.current(code)
    except UnknownRegisterError:
        kind = None
    place = Placement(lead=None, confidential=code)
    if kind is None or (kind.confidential and policy.may(by, "directive.take_in", place) is not None):
        raise ValidationError(_("没有这本台账，请从列出的台账中选。"), code="register")
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


def _note(directive: Directive, evidence: Evidence, by: Actor) -> None:
    record(
        "directive.take_in",
        by=by.author,
        subject=subject_of(directive),
        data={"sha256": evidence.sha256, "size": evidence.size, "register": directive.register},
        operation=directive.origin,
        at=directive.taken_in_at,
    )
