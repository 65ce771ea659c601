"""The page of a review: the source left, the rows right; what others changed; what a typed day means."""

from __future__ import annotations

from typing import Any, Final

from django.core.exceptions import ValidationError
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils import timezone
from django.views.decorators.http import require_GET

from luoshi.directives import similar
from luoshi.directives.actions.taking_in import subject_of
from luoshi.directives.clause_forms import label_pairs
from luoshi.directives.enums import Stage
from luoshi.directives.models import Clause, Directive, Reading
from luoshi.directives.sheet.coverage import LABELS, label_words, left_out
from luoshi.directives.sheet.facts import day_words
from luoshi.directives.sheet.rows import Rows, rank_of
from luoshi.directives.sheet.source import source_html
from luoshi.directives.typed import in_words, typed_day
from luoshi.directives.views.answering import answer, counted
from luoshi.directives.views.fetching import directive_or_404
from luoshi.ledger.actions import record
from luoshi.org.gate import SignedIn, gated
from luoshi.words import Words

__all__ = ["urlpatterns"]

_SHOWN: Final = ("all", "open", "gaps", "dropped")
_ORDERS: Final = ("worst", "text")


@gated("directive.review")
@require_GET
def review(request: SignedIn, number: int) -> HttpResponse:
    """Show a document under review; one that has not been read yet is shown by the page that waits for it."""
    directive = directive_or_404(request, number)
    if directive.stage in Stage.unread:
        return redirect("directives:reading", number)
    if directive.stage == Stage.WITHDRAWN:
        return redirect("directives:document", number)
    _look_at(request, directive)
    reading = Reading.objects.get(directive=directive)
    clauses = list(directive.clauses.select_related("into", "matter").order_by("start", "number"))
    context = _choices(request) | _described(directive, reading) | _rows(request, directive, clauses)
    context |= counted(request, directive, reading.sentences, clauses)
    context |= {
        "directive": directive,
        "source": source_html(directive, reading, clauses),
        "speeches": reading.speeches if len(reading.speeches) > 1 else [],
        "labels": [(label, label_words(label)) for label in LABELS],
        "kinds": label_pairs(),
    }
    return render(request, "directives/review.html", context)


def _look_at(request: SignedIn, directive: Directive) -> None:
    """Write down that somebody looked, where the document is confidential."""
    if directive.confidential:
        record("directive.look", by=request.actor.author, subject=subject_of(directive), data={"page": request.path})


def _choices(request: SignedIn) -> dict[str, Any]:
    show, order = request.GET.get("show", ""), request.GET.get("order", "")
    return {
        "show": show if show in _SHOWN else "all",
        "order": order if order in _ORDERS else "worst",
        "wanted": request.GET.get("q", "").strip()[:100],
    }


def _described(directive: Directive, reading: Reading) -> dict[str, Any]:
    why = reading.found.get("date", {}).get("why")
    return {
        "date_why": in_words(Words(why["zh"], why["en"])) if why and directive.date else "",
        "warnings": [in_words(Words(one["zh"], one["en"])) for one in reading.warnings],
    }


def _rows(request: SignedIn, directive: Directive, clauses: list[Clause]) -> dict[str, Any]:
    chosen = _choices(request)
    shown = [clause for clause in clauses if _is_wanted(clause, chosen["wanted"])]
    if chosen["order"] == "worst":
        shown.sort(key=lambda clause: (rank_of(clause), clause.start, clause.number))
    numbers = {clause.pk: clause.number for clause in clauses}
    alike = similar.shown(request.actor, shown)
    rows = Rows(directive, shown, today=timezone.localdate(), similar=alike, numbers=numbers)
    return {"rows": rows.html(), "drafted": len(clauses)}


def _is_wanted(clause: Clause, text: str) -> bool:
    words = f"{clause.number} {clause.values.get('title', '')} {clause.values.get('requirement', '')}"
    return not text or text.casefold() in words.casefold()


@gated("directive.review")
@require_GET
def left(request: SignedIn, number: int) -> HttpResponse:
    """List the sentences of the plan that yield no task, with reasons; for scripts only the list."""
    directive = directive_or_404(request, number)
    reading = Reading.objects.filter(directive=directive).first()
    if reading is None:
        return redirect("directives:reading", number)
    clauses = directive.clauses.only("pk", "directive", "uid", "number", "state", "sentences", "why", "note")
    rows = list(left_out(directive, reading.text, reading.sentences, clauses))
    part = "directives/review_left_rows.html" if request.GET.get("part") else "directives/review_left.html"
    return render(request, part, {"directive": directive, "left": rows})


@gated("directive.review")
@require_GET
def changes(request: SignedIn, number: int, version: int) -> HttpResponse:
    """Return what changed behind a version; nothing (204) where nothing did."""
    directive = directive_or_404(request, number)
    if directive.version <= version:
        return HttpResponse(status=204)
    return answer(request, directive, version)


@gated("directive.review")
@require_GET
def day(request: SignedIn, number: int) -> HttpResponse:
    """Return which day was typed, or what to type."""
    directive = directive_or_404(request, number)
    try:
        found = typed_day(request.GET.get("q", ""), today=timezone.localdate(), written=directive.date)
    except ValidationError as error:
        return JsonResponse({"error": " ".join(error.messages)}, status=200)
    if found is None:
        return JsonResponse({})
    past = found.day < timezone.localdate()
    shown = day_words(found.day.isoformat())
    return JsonResponse({"day": found.day.isoformat(), "words": shown, "why": in_words(found.why), "past": past})


urlpatterns = [
    path("<int:number>/review/", review, name="review"),
    path("<int:number>/review/left/", left, name="left"),
    path("<int:number>/changes-since/<int:version>/", changes, name="changes_since"),
    path("<int:number>/day/", day, name="day"),
]
