"""Programmes of work: the documents that serve each, and how its matters stand in one bar."""

from __future__ import annotations

from typing import Any, Final

from django.db.models import Count, QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import require_GET

from luoshi.directives.bars import Line, bar
from luoshi.directives.enums import Stage
from luoshi.directives.models import Directive, Programme
from luoshi.directives.outcomes import Became, became_is, matters_of_programme, programme_figures
from luoshi.org.gate import SignedIn, gated
from luoshi.org.policy import visible
from luoshi.work.paging import Order, page_of
from luoshi.work.queries import with_lights

__all__ = ["urlpatterns"]

_BIGGEST: Final = 1 << 62
_PAGE: Final = 100
_SOME: Final = 50
_DOCUMENTS: Final = 500


@gated("directive.see")
@require_GET
def programmes(request: SignedIn) -> HttpResponse:
    """List the programmes that have documents which the reader may see, newest first, each with its bar."""
    page = page_of(_known(request), Order("pk", descending=True), after=request.GET.get("after", ""), size=_SOME)
    numbers = [programme.pk for programme in page.rows]
    figures = programme_figures(request.actor, timezone.localdate(), numbers)
    documents = _documents(request).filter(programme__in=numbers).order_by()
    counts = dict(documents.values_list("programme").annotate(count=Count("pk")))
    listed = [
        {
            "programme": one,
            "documents": counts.get(one.pk, 0),
            "figures": figures[one.pk],
            "bar": bar(figures[one.pk], reverse("directives:programme_matters", args=[one.pk])),
        }
        for one in page.rows
    ]
    following = f"?{urlencode({'after': page.following})}" if page.following else ""
    return render(request, "directives/programmes.html", {"listed": listed, "following": following})


@gated("directive.see")
@require_GET
def programme(request: SignedIn, number: int) -> HttpResponse:
    """Show one programme: its matters in one bar, and its documents, newest first."""
    row = _fetched(request, number)
    figures = programme_figures(request.actor, timezone.localdate(), [row.pk])[row.pk]
    here = reverse("directives:programme_matters", args=[row.pk])
    documents = _documents(request).filter(programme=row).order_by("-taken_in_at", "-pk")
    context = {
        "programme": row,
        "figures": figures,
        "bar": bar(figures, here),
        "rows_url": here,
        "documents": list(documents.defer("labels", "gone", "failure")[:_DOCUMENTS]),
    }
    return render(request, "directives/programme.html", context)


@gated("directive.see")
@require_GET
def programme_matters(request: SignedIn, number: int) -> HttpResponse:
    """List the matters of a programme, all of them or those of one outcome (`became`), by due date."""
    row, today = _fetched(request, number), timezone.localdate()
    chosen, after = request.GET.get("became", ""), request.GET.get("after", "")
    matters = matters_of_programme(row.pk, request.actor).select_related("lead")
    if chosen:
        matters = matters.filter(became_is(Became(chosen), today)) if chosen in Became.values else matters.none()
    page = page_of(with_lights(matters, today), Order("due", nullable=True), after=after, size=_PAGE)
    figures = programme_figures(request.actor, today, [row.pk])[row.pk]
    shown = [(one, count) for one, count in figures.listed if one is not Became.ELSEWHERE]
    context: dict[str, Any] = {
        "heading": row,
        "back": reverse("directives:programme", args=[row.pk]),
        "chosen": chosen,
        "groups": [(one.value, str(one.label), count) for one, count in shown],
        "lines": [Line(matter) for matter in page.rows],
        "following": f"?{urlencode({'became': chosen, 'after': page.following})}" if page.following else "",
        "first": f"?{urlencode({'became': chosen})}" if after else "",
        "total": sum(count for one, count in shown if chosen in {"", one.value}),
        "today": today,
    }
    return render(request, "directives/outcome_rows.html", context)


def _documents(request: SignedIn) -> QuerySet[Directive]:
    documents = visible(request.actor, Directive.objects.all(), "directive.see")
    return documents.exclude(stage=Stage.WITHDRAWN)


def _known(request: SignedIn) -> QuerySet[Programme]:
    """Return the programmes that the reader may know of: those with a document that they may see."""
    return Programme.objects.filter(pk__in=_documents(request).filter(programme__isnull=False).values("programme"))


def _fetched(request: SignedIn, number: int) -> Programme:
    row = _known(request).filter(pk=number).first() if number < _BIGGEST else None
    if row is None:
        raise Http404
    return row


urlpatterns = [
    path("programmes/", programmes, name="programmes"),
    path("programmes/<int:number>/", programme, name="programme"),
    path("programmes/<int:number>/matters/", programme_matters, name="programme_matters"),
]
