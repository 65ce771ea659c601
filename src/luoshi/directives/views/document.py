"""The page of one document: what became of it, sentence by sentence; the list of its rows; the file itself."""

from __future__ import annotations

from typing import Any, Final

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_safe

from luoshi.directives.actions.taking_in import subject_of
from luoshi.directives.annotated import annotated, days_late, dropped_words
from luoshi.directives.bars import Line, bar
from luoshi.directives.enums import ClauseState, Stage
from luoshi.directives.history import history_of
from luoshi.directives.models import Directive, Notice, Reading
from luoshi.directives.outcomes import KINDS, Became, Figures, Row, coverage, figures_of, rows_of, told_of
from luoshi.directives.views.fetching import directive_or_404, untold_counts
from luoshi.ledger.actions import record
from luoshi.org.gate import SignedIn, gated
from luoshi.org.policy import may, visible
from luoshi.work import registers
from luoshi.work.evidence.serving import as_download
from luoshi.work.models import Attachment
from luoshi.work.registers import UnknownRegisterError

__all__ = ["urlpatterns"]

_PAGE: Final = 100
_LATE: Final = 5
"""So many late matters are named beside the source; the list has all."""


@gated("directive.see")
@require_GET
def document(request: SignedIn, number: int) -> HttpResponse:
    """Show what became of a document; one that has not been read yet is shown by the page that waits for it."""
    directive = _fetched(request, number)
    if directive.stage in Stage.unread:
        return redirect("directives:reading", number)
    return render(request, "directives/document.html", _context(request, directive))


@gated("directive.see")
@require_GET
def rows(request: SignedIn, number: int) -> HttpResponse:
    """List the rows of a document, all of them or those of one outcome (`became`)."""
    directive = _fetched(request, number)
    found = rows_of(directive, request.actor, timezone.localdate())
    figures, chosen = figures_of(found), request.GET.get("became", "")
    shown = [row for row in found if not row.is_secret and (not chosen or _group(row) == chosen)]
    first = _place_in_list(request.GET.get("after", ""))
    more = urlencode({"became": chosen, "after": str(first + _PAGE)}) if len(shown) > first + _PAGE else ""
    context = {
        "directive": directive,
        "heading": directive,
        "kicker": directive.number,
        "back": reverse("directives:document", args=[directive.pk]),
        "chosen": chosen,
        "groups": _groups(figures),
        "lines": [_line(row) for row in shown[first : first + _PAGE]],
        "following": f"?{more}" if more else "",
        "first": f"?{urlencode({'became': chosen})}" if first else "",
        "total": len(shown),
        "today": timezone.localdate(),
    }
    return render(request, "directives/outcome_rows.html", context)


@gated("directive.see")
@require_safe
def file(request: SignedIn, number: int) -> HttpResponse:
    """Give out the document as it was taken in, as a download that no browser shows."""
    directive = _fetched(request, number)
    passing = Attachment(evidence=directive.evidence, name=directive.name)
    try:
        response: Any = as_download(request, passing)
    except FileNotFoundError:
        message = _("这份文件在服务器上找不到了，请告诉系统管理员从备份恢复。")
        return render(request, "evidence/lost.html", {"attachment": passing, "message": message}, status=410)
    if directive.confidential:
        response["Cache-Control"] = "private, no-store"
    answer: HttpResponse = response
    return answer


def _fetched(request: SignedIn, number: int) -> Directive:
    """Return a document that the reader may see; a look at a confidential one is written down first."""
    directive = directive_or_404(request, number)
    if directive.confidential:
        record("directive.look", by=request.actor.author, subject=subject_of(directive), data={"page": request.path})
    return directive


# What the page shows.


def _context(request: SignedIn, directive: Directive) -> dict[str, Any]:
    found = rows_of(directive, request.actor, timezone.localdate())
    figures = figures_of(found)
    here = reverse("directives:rows", args=[directive.pk])
    return {
        "directive": directive,
        "figures": figures,
        "bar": bar(figures, here),
        **_late(found),
        "rows_url": here,
        "register_title": _register_title(directive.register),
        "versions": _versions(request, directive),
        "notices": _notices(request, directive),
        "history": history_of(directive, request.actor, after=request.GET.get("edits", "")),
        "is_review": directive.stage == Stage.REVIEW,
        "may_review": _may_review(request, directive),
        **untold_counts(request, directive),
        **_source(request, directive, found),
    }


def _late(found: list[Row]) -> dict[str, Any]:
    """Return the matters that have been late for longest, each with its words and its sentence."""
    today = timezone.localdate()
    late = [(row.matter, row) for row in found if row.matter is not None and row.became is Became.LATE]
    late.sort(key=lambda one: one[0].due or today)
    shown = [
        (matter, days_late(matter, today), min(row.clause.sentences, default=None)) for matter, row in late[:_LATE]
    ]
    return {"late": shown, "late_more": len(late) - len(shown)}


def _source(request: SignedIn, directive: Directive, found: list[Row]) -> dict[str, Any]:
    """Return the source and what its sentences count as; nothing for a document that was withdrawn unread."""
    reading = Reading.objects.filter(directive=directive).first()
    if reading is None:
        return {"source": "", "coverage": [], "warnings": []}
    told = told_of(reading, directive.labels, found)
    shows = request.GET.get("show", "")
    review = reverse("directives:review", args=[directive.pk]) if _may_review(request, directive) else ""
    counts = coverage(told)
    first = {one.kind: index for index, one in reversed(list(enumerate(told)))}
    return {
        "source": annotated(reading, told, shows=shows, review=review),
        "sentences": len(told),
        "coverage": [(kind, KINDS[kind], count, first[kind], kind == shows) for kind, count in counts.items()],
        "speeches": _speeches(reading),
    }


def _speeches(reading: Reading) -> list[tuple[str, int]]:
    """Return the speeches of a bundle, each with its first sentence; none where the file is no bundle."""
    if len(reading.speeches) < 2:
        return []
    first: dict[int, int] = {}
    for index, sentence in enumerate(reading.sentences):
        first.setdefault(sentence["speech"], index)
    return [(one["title"], first[one["id"]]) for one in reading.speeches if one["id"] in first]


def _register_title(code: str) -> str:
    """Return a register's name as it is in force; its code where it is no more."""
    try:
        return str(registers.current(code).title)
    except UnknownRegisterError:
        return code


def _may_review(request: SignedIn, directive: Directive) -> bool:
    is_open = directive.stage in {Stage.REVIEW, Stage.CONFIRMED}
    return is_open and may(request.actor, "directive.review") is None


def _versions(request: SignedIn, directive: Directive) -> dict[str, Any]:
    """Return the version before and the versions after this one, as far as the reader may see them."""
    documents = visible(request.actor, Directive.objects.all(), "directive.see")
    previous = documents.filter(pk=directive.previous_id).first() if directive.previous_id else None
    later = documents.filter(previous=directive).exclude(stage=Stage.WITHDRAWN).order_by("pk")
    return {"previous": previous, "later": list(later)}


def _notices(request: SignedIn, directive: Directive) -> list[Notice]:
    issued = visible(request.actor, Notice.objects.filter(directive=directive), "notice.see")
    return list(issued.select_related("unit").defer("head", "rows").order_by("issued_at", "unit__path", "pk"))


# The list of rows.


def _group(row: Row) -> str:
    if row.became is not None:
        return row.became.value
    return "waiting" if row.clause.state in ClauseState.live else str(row.clause.state)


def _groups(figures: Figures) -> list[tuple[str, str, int]]:
    listed = [(one.value, str(one.label), count) for one, count in figures.listed]
    waiting, dropped = ClauseState.OPEN, ClauseState.DROPPED
    more = [("waiting", str(waiting.label), figures.waiting), ("dropped", str(dropped.label), figures.dropped)]
    return [*listed, *(one for one in more if one[2])]


def _line(row: Row) -> Line:
    clause = row.clause
    if row.became is not None:
        words = str(row.became.label)
    else:
        words = dropped_words(row) if clause.state == ClauseState.DROPPED else clause.get_state_display()
    return Line(row.matter, str(clause), words, min(clause.sentences, default=None))


def _place_in_list(after: str) -> int:
    return int(after) if after.isascii() and after.isdigit() and len(after) < 7 else 0


urlpatterns = [
    path("<int:number>/", document, name="document"),
    path("<int:number>/rows/", rows, name="rows"),
    path("<int:number>/file/", file, name="file"),
]
