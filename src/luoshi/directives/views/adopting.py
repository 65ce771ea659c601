"""A later version beside the earlier one: what changed, row by row, and what becomes of the matters."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from luoshi.directives.actions.adopting import adopt, adopt_same, cancel_gone, decline, keep_gone, open_anew
from luoshi.directives.enums import Stage
from luoshi.directives.errors import ChangedMeanwhileError, ReviewError
from luoshi.directives.models import Clause, Directive, Edit
from luoshi.directives.revisions import Change, How, Settled, changes
from luoshi.directives.views.answering import number_of, seen_of
from luoshi.directives.views.fetching import directive_or_404, operation_of, untold_counts
from luoshi.directives.views.notices import look_at
from luoshi.org.gate import SignedIn, gated
from luoshi.org.policy import may

__all__ = ["urlpatterns"]

_PAGE: Final = 40
"""Rows of one page."""

_HOW: Final[Mapping[How, Any]] = {
    How.MOVED: gettext_lazy("单位、时限或目标有变"),
    How.REWORDED: gettext_lazy("文字有变"),
    How.NEW: gettext_lazy("新增"),
    How.GONE: gettext_lazy("新版不再要求"),
    How.SAME: gettext_lazy("没有变化"),
}
_SETTLED: Final[Mapping[Settled, Any]] = {
    Settled.ADOPTED: gettext_lazy("已采纳，事项随新版"),
    Settled.KEPT: gettext_lazy("保留原事项"),
    Settled.ANEW: gettext_lazy("另立新事项"),
    Settled.CANCELLED: gettext_lazy("事项已撤销"),
    Settled.AWAY: gettext_lazy("新版中不立项"),
    Settled.NOTHING: gettext_lazy("前一版没有立项，照常核对"),
}


@gated("directive.see")
@require_GET
def page(request: SignedIn, number: int) -> HttpResponse:
    """Show what the later version changes."""
    return _page(request, directive_or_404(request, number))


@gated("directive.confirm")
@require_POST
def settle_same(request: SignedIn, number: int) -> HttpResponse:
    """Settle at once all rows that did not change."""
    directive = directive_or_404(request, number)
    return _do(
        request, directive, lambda: adopt_same(directive, by=request.actor, operation=operation_of(request)), "same"
    )


@gated("directive.confirm")
@require_POST
def settle(request: SignedIn, number: int, uid: uuid.UUID, act: str) -> HttpResponse:
    """Decide about one row, of either version."""
    directive = directive_or_404(request, number)
    if act not in _ACTS:
        raise Http404
    document = directive.previous_id if act in {"keep", "cancel"} else directive.pk
    row = Clause.objects.select_related("directive").filter(directive=document, uid=uid).first()
    if row is None:
        raise Http404
    return _do(request, directive, lambda: _ACTS[act](request, directive, row), str(uid))


def _adopt(request: SignedIn, row: Clause, *, reopen: bool = False) -> Edit:
    return adopt(
        row,
        by=request.actor,
        operation=operation_of(request),
        seen=seen_of(request),
        only=request.POST.getlist("field"),
        reopen=reopen,
    )


def _common(request: SignedIn) -> dict[str, Any]:
    return {"by": request.actor, "operation": operation_of(request)}


_ACTS: Final[Mapping[str, Callable[[SignedIn, Directive, Clause], Edit]]] = {
    "adopt": lambda request, _document, row: _adopt(request, row),
    "reopen": lambda request, _document, row: _adopt(request, row, reopen=True),
    "decline": lambda request, _document, row: decline(row, seen=seen_of(request), **_common(request)),
    "anew": lambda request, _document, row: open_anew(row, seen=seen_of(request), **_common(request)),
    "keep": lambda request, document, row: keep_gone(document, row, **_common(request)),
    "cancel": lambda request, document, row: cancel_gone(
        document, row, reason=request.POST.get("reason", ""), with_children="parts" in request.POST, **_common(request)
    ),
}


def _do(request: SignedIn, directive: Directive, do: Callable[[], Edit], at: str) -> HttpResponse:
    """Do an act, and go on with the row behind it; what is refused is said beside the row."""
    try:
        do()
    except ChangedMeanwhileError as error:
        return _page(request, directive, told=str(error), at=at, status=409)
    except ReviewError as error:
        return _page(request, directive, told=str(error), at=at, status=422)
    except ValidationError as error:
        if getattr(error, "code", "") != "unchanged":
            return _page(request, directive, told=" ".join(error.messages), at=at, status=422)
    else:
        messages.success(request, _("已处理。"))
    address = reverse("directives:changes", args=[directive.pk])
    show = "all" if request.POST.get("show") == "all" else "differing"
    begin = number_of(request.POST.get("begin", "")) or 0
    return redirect(f"{address}?show={show}&begin={begin}#r-{at}")


def _page(request: SignedIn, directive: Directive, *, told: str = "", at: str = "", status: int = 200) -> HttpResponse:
    if directive.stage in Stage.unread:
        return redirect("directives:reading", directive.pk)
    look_at(request, directive)
    found = changes(directive, request.actor)
    show = "all" if "all" in {request.GET.get("show"), request.POST.get("show")} else "differing"
    listed = [change for change in found if show == "all" or change.how is not How.SAME]
    begin = _begin(request, listed, at)
    shown = listed[begin : begin + _PAGE]
    context = {
        "directive": directive,
        "previous": _previous(request, directive),
        "rows": [_row(change, told if _key(change) == at else "") for change in shown],
        "counts": _counts(found),
        "same": sum(change.how is How.SAME and change.waits for change in found),
        "waiting": sum(change.waits for change in found),
        "show": show,
        "total": len(listed),
        "begin": begin,
        "first": f"?show={show}" if begin else "",
        "following": f"?show={show}&begin={begin + _PAGE}" if begin + _PAGE < len(listed) else "",
        "told": told,
        "may_settle": may(request.actor, "directive.confirm") is None and directive.stage != Stage.WITHDRAWN,
        "today": timezone.localdate(),
        **untold_counts(request, directive),
    }
    return render(request, "directives/changes.html", context, status=status)


def _begin(request: SignedIn, listed: Sequence[Change], at: str) -> int:
    """Return the place of the first row to show: where the row stands that was acted on, else as asked for."""
    place = next((number for number, change in enumerate(listed) if at and _key(change) == at), None)
    asked = number_of(request.GET.get("begin", "") or request.POST.get("begin", "")) or 0
    begin = (asked if place is None else place) // _PAGE * _PAGE
    return begin if begin < len(listed) else 0


def _previous(request: SignedIn, directive: Directive) -> Directive | None:
    """Return the version before, as far as the reader may see it."""
    if directive.previous_id is None:
        return None
    try:
        return directive_or_404(request, directive.previous_id)
    except Http404:
        return None


def _key(change: Change) -> str:
    clause = change.old if change.how is How.GONE else change.new
    return "" if clause is None else str(clause.uid)


def _row(change: Change, told: str) -> dict[str, Any]:
    """Return a change as the page shows it: in words, with what can be done about it."""
    clause = change.old if change.how is How.GONE else change.new
    before, after = change.spans()
    return {
        "change": change,
        "before": before,
        "after": after,
        "clause": clause,
        "key": _key(change),
        "first": "keep" if change.how is How.GONE else "decline" if change.has_ended else "adopt",
        "how": _HOW[change.how],
        "settled": _SETTLED.get(change.settled, ""),
        "open_fields": any(field.is_open for field in change.fields),
        "told": told,
        "can_wait": change.waits and change.matter is not None,
    }


def _counts(found: Sequence[Change]) -> list[tuple[str, Any, int]]:
    counts = Counter(change.how for change in found)
    return [(how.value, words, counts[how]) for how, words in _HOW.items() if counts[how]]


urlpatterns: list[URLPattern] = [
    path("<int:number>/changes/", page, name="changes"),
    path("<int:number>/changes/same/", settle_same, name="settle_same"),
    path("<int:number>/changes/<uuid:uid>/<str:act>/", settle, name="settle"),
]
