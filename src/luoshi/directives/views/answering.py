"""How the pages of a review fetch what they are about, and how they answer scripts: with what changed, never more."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from typing import Any, Final

from django.db.models import prefetch_related_objects
from django.http import Http404, JsonResponse
from django.template.loader import render_to_string
from django.utils import timezone

from luoshi.directives import similar
from luoshi.directives.changes import Changes, line, since
from luoshi.directives.enums import ClauseState
from luoshi.directives.models import Clause, Directive, Reading
from luoshi.directives.sheet.coverage import coverage_of
from luoshi.directives.sheet.rows import Rows
from luoshi.directives.sheet.source import label_of
from luoshi.org.gate import SignedIn

__all__ = ["answer", "by_script", "clause_or_404", "counted", "number_of", "seen_of"]

SCRIPT: Final = "X-Luoshi-Script"


def clause_or_404(directive: Directive, uid: uuid.UUID) -> Clause:
    """Return a row of a document."""
    clause = directive.clauses.select_related("into", "matter").filter(uid=uid).first()
    if clause is None:
        raise Http404
    clause.directive = directive
    return clause


def by_script(request: SignedIn) -> bool:
    """Tell whether the page's script asks: it wants what changed rather than another page."""
    return SCRIPT in request.headers


def number_of(text: str) -> int | None:
    """Return a whole number that was sent; None for anything else."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None


def seen_of(request: SignedIn) -> dict[str, int]:
    """Return the versions of rows that the form carried, each as `uid:version`."""
    found: dict[str, int] = {}
    for entry in request.POST.getlist("seen"):
        uid, _colon, version = entry.partition(":")
        number = number_of(version)
        if number is not None and len(uid) == 36:
            found[uid] = number
    return found


def answer(request: SignedIn, directive: Directive, version: int, *, status: int = 200, **more: Any) -> JsonResponse:
    """Return what changed behind `version`: rows, labels, counts, and who else did what."""
    changes = since(directive, version)
    data: dict[str, Any] = {"version": changes.version, **more}
    if changes.edits:
        sentences = Reading.objects.values_list("sentences", flat=True).get(directive=directive)
        data |= _changed(request, directive, changes, sentences)
    return JsonResponse(data, status=status, json_dumps_params={"ensure_ascii": False})


def _changed(
    request: SignedIn, directive: Directive, changes: Changes, sentences: Sequence[dict[str, Any]]
) -> dict[str, Any]:
    labels = {index: label_of(directive, index, sentences[index]) for index in changes.labels or {}}
    all_rows = directive.clauses.only("pk", "directive", "state", "sentences", "why", "note")
    standing = list(all_rows)
    others = [edit for edit in changes.edits if edit.actor_id != request.actor.person_id]
    return {
        "rows": _rows(request, directive, changes.clauses),
        "gone": sorted(changes.gone),
        "labels": labels,
        "told": [line(edit) for edit in others],
        "head": bool(changes.columns),
        **counted(request, directive, sentences, standing),
    }


def counted(
    request: SignedIn, directive: Directive, sentences: Sequence[dict[str, Any]], clauses: Iterable[Clause]
) -> dict[str, Any]:
    """Return the bar and the number of rows that confirming would open."""
    rows = list(clauses)
    context = {"coverage": coverage_of(directive, sentences, rows), "directive": directive}
    return {
        "coverage": render_to_string("directives/review_coverage.html", context, request=request),
        "live": sum(row.state in ClauseState.live for row in rows),
    }


def _rows(request: SignedIn, directive: Directive, clauses: Sequence[Clause]) -> list[dict[str, Any]]:
    rows = list(clauses)
    prefetch_related_objects(rows, "into", "matter")
    numbers = {row.into.pk: row.into.number for row in rows if row.into}
    shown = similar.shown(request.actor, rows)
    writer = Rows(directive, rows, today=timezone.localdate(), similar=shown, numbers=numbers)
    return [{"uid": str(row.uid), "html": writer.row(row)} for row in rows]
