"""How the pages of documents fetch them: through policy, so that what may not be known of is not found."""

from __future__ import annotations

import uuid
from typing import Any, Final

from django.http import Http404

from luoshi.directives.models import Directive
from luoshi.directives.untold import untold
from luoshi.org.gate import SignedIn
from luoshi.org.policy import may, visible

__all__ = ["directive_or_404", "operation_of", "untold_counts"]

_BIGGEST: Final = 1 << 62


def directive_or_404(request: SignedIn, number: int) -> Directive:
    """Return a document that the reader may see; Http404 for every other number, whatever the reason."""
    documents = visible(request.actor, Directive.objects.all(), "directive.see")
    kept = documents.select_related("programme", "taken_in_by", "evidence")
    found = kept.filter(pk=number).first() if number < _BIGGEST else None
    if found is None:
        raise Http404
    return found


def operation_of(request: SignedIn) -> uuid.UUID:
    """Return the operation's number that the form carried; a new one where it carried none that makes sense."""
    try:
        return uuid.UUID(request.POST.get("operation", ""))
    except ValueError:
        return uuid.uuid4()


def untold_counts(request: SignedIn, directive: Directive) -> dict[str, Any]:
    """Return how many matters their units have no notice of, for who may send it: all, drafts, and changed ones."""
    rows = untold(directive, request.actor) if may(request.actor, "directive.confirm") is None else []
    return {
        "untold": len(rows),
        "untold_drafts": sum(row.is_drafted for row in rows),
        "untold_changed": sum(row.changed for row in rows),
    }
