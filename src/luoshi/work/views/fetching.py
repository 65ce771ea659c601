"""How pages fetch what they are about: through policy, so that what may not be known of is not found."""

from __future__ import annotations

import uuid

from django.http import Http404
from django.utils import timezone

from luoshi.ledger.actions import Subject, record
from luoshi.org.gate import SignedIn
from luoshi.work import registers
from luoshi.work.models import Matter
from luoshi.work.queries import matters_for, with_lights
from luoshi.work.registers import Register
from luoshi.work.registers.store import UnknownRegisterError

__all__ = ["look_at", "matter_or_404", "may_open_in", "operation_of", "register_or_404", "seen_of", "sees_register"]


def matter_or_404(request: SignedIn, number: int) -> Matter:
    """Return a matter that the reader may see, with its light; Http404 for every other number, whatever the reason."""
    rows = matters_for(request.actor).select_related("lead", "handler", "opened_by", "parent", "escalated_to")
    row = with_lights(rows, timezone.localdate()).filter(pk=number).first() if number < 1 << 62 else None
    if row is None:
        raise Http404
    return row


def look_at(request: SignedIn, matter: Matter) -> None:
    """Write down that somebody looked, where the matter is confidential."""
    if matter.confidential:
        subject = Subject("matter", str(matter.uid), matter.number)
        record("matter.look", by=request.actor.author, subject=subject, data={"page": request.path})


def register_or_404(request: SignedIn, code: str) -> Register:
    """Return the register in force; Http404 for none, and for a confidential one that no post of the reader names."""
    try:
        kind = registers.current(code)
    except UnknownRegisterError as error:
        raise Http404 from error
    if not sees_register(request, kind):
        raise Http404
    return kind


def sees_register(request: SignedIn, kind: Register) -> bool:
    """Tell whether the reader may know of a register."""
    return not kind.confidential or any(kind.code in post.registers for post in request.actor.posts)


def may_open_in(request: SignedIn, kind: Register) -> bool:
    """Tell whether the reader could open matters in a register at all; where, the action decides."""
    return any(kind.may_be_opened_by(post.role) for post in request.actor.posts)


def operation_of(request: SignedIn) -> uuid.UUID:
    """Return the operation's number that the form carried; a new one where it carried none that makes sense."""
    try:
        return uuid.UUID(request.POST.get("operation", ""))
    except ValueError:
        return uuid.uuid4()


def seen_of(request: SignedIn) -> int | None:
    """Return the version of the matter that the form carried."""
    seen = request.POST.get("seen", "")
    return int(seen) if seen.isascii() and seen.isdigit() and len(seen) < 10 else None
