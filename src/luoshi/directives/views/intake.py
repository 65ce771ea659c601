"""The list of documents, and taking them in."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Final

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods

from luoshi.directives.actions.taking_in import take_in, take_in_text
from luoshi.directives.enums import ClauseState
from luoshi.directives.forms import ListForm, TakeInForm, kept_mark, programme_names
from luoshi.directives.models import Clause, Directive
from luoshi.directives.views.fetching import operation_of
from luoshi.org.gate import SignedIn, gated
from luoshi.org.policy import may, visible
from luoshi.work.evidence.store import opened
from luoshi.work.paging import Order, page_of

__all__ = ["urlpatterns"]

_PAGE: Final = 50


@dataclass(frozen=True, slots=True)
class Line:
    """One document in the list, with how many of its rows wait, have become matters, and are there at all."""

    directive: Directive
    waiting: int
    confirmed: int
    rows: int


@gated("directive.see")
@require_GET
def documents(request: SignedIn) -> HttpResponse:
    """List documents, the newest first."""
    form = ListForm(request.GET)
    found = form.narrowed(visible(request.actor, Directive.objects.all(), "directive.see"))
    shown = found.select_related("programme", "taken_in_by").defer("labels", "gone", "failure")
    page = page_of(shown, Order("pk", descending=True), after=request.GET.get("after", ""), size=_PAGE)
    kept = {name: request.GET.get(name, "") for name in form.fields if request.GET.get(name)}
    context = {
        "form": form,
        "lines": _lines(page.rows),
        "following": f"?{urlencode({**kept, 'after': page.following})}" if page.following else "",
        "first": f"?{urlencode(kept)}" if "after" in request.GET else "",
        "is_narrowed": bool(kept),
        "may_take_in": may(request.actor, "directive.take_in") is None,
    }
    return render(request, "directives/list.html", context)


def _lines(rows: list[Directive]) -> list[Line]:
    counts: dict[int, Counter[str]] = {row.pk: Counter() for row in rows}
    states = Clause.objects.filter(directive__in=counts).order_by().values_list("directive", "state")
    for number, state, count in states.annotate(count=Count("pk")):
        counts[number][state] = count
    return [
        Line(
            row,
            sum(counts[row.pk][state] for state in ClauseState.live),
            counts[row.pk][ClauseState.CONFIRMED],
            counts[row.pk].total() - counts[row.pk][ClauseState.MERGED],
        )
        for row in rows
    ]


# Taking in.


@dataclass
class _Outcome:
    """What became of the files that were sent together."""

    done: list[Directive] = field(default_factory=list)
    refused: list[dict[str, Any]] = field(default_factory=list)


@gated("directive.take_in")
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: SignedIn) -> HttpResponse:
    """Take documents in: each by itself, so that one that cannot be kept does not hold up the others."""
    if request.method != "POST":
        return _page(request, TakeInForm(initial=_asked_for(request), actor=request.actor))
    form = TakeInForm(request.POST, request.FILES, actor=request.actor)
    if not form.is_valid():
        return _page(request, form)
    outcome = _take_in_all(request, form)
    if outcome.refused:
        return _page(request, form, outcome)
    if len(outcome.done) == 1:
        return redirect("directives:reading", outcome.done[0].pk)
    count = len(outcome.done)
    said = ngettext("已收 %(count)d 份文件，正在读取。", "已收 %(count)d 份文件，正在读取。", count)
    messages.success(request, said % {"count": count})
    return redirect("directives:list")


def _asked_for(request: SignedIn) -> dict[str, Any]:
    """Return what another page begins the form with."""
    return {name: request.GET[name] for name in ("programme", "previous", "register") if name in request.GET}


def _take_in_all(request: SignedIn, form: TakeInForm) -> _Outcome:
    outcome, operation = _Outcome(), operation_of(request)
    for number, (name, take) in enumerate(_offered(request, form)):
        try:
            outcome.done.append(take(operation=uuid.uuid5(operation, f"{number} {name}")))
        except ValidationError as error:
            outcome.refused.append(_refusal(request, name, error))
    return outcome


def _offered(request: SignedIn, form: TakeInForm) -> Iterator[tuple[str, Callable[..., Directive]]]:
    """Yield each thing that was sent by its name (none for pasted words), and what takes it in under an `operation`."""
    data = form.cleaned_data
    where = {name: data[name] for name in ("register", "programme", "previous")} | {"by": request.actor}
    for file in data["upload"]:
        name = file.name or ""
        yield name, partial(take_in, file, name=name, **where)
    kept = [found for mark in data["kept"] if (found := form.kept_file(mark))]
    for row, name in kept:
        yield name, partial(_once_more, row, name or row.name, where)
    if data["text"].strip() and all(name for _row, name in kept):  # words that are taken in once more still stand there
        yield "", partial(take_in_text, data["text"], **where)


def _once_more(row: Directive, name: str, where: dict[str, Any], *, operation: uuid.UUID) -> Directive:
    """Take a file in again that is known, from what the server has."""
    with opened(row.evidence) as file:
        return take_in(file, name=name, operation=operation, again=True, **where)


def _refusal(request: SignedIn, name: str, error: ValidationError) -> dict[str, Any]:
    """Return what the page says of one file; one that is known can be taken in all the same."""
    number = int((error.params or {})["directive"]) if getattr(error, "code", "") == "known" else 0
    known = visible(request.actor, Directive.objects.all(), "directive.see").filter(pk=number).first()
    mark = kept_mark(known, name, request.actor) if known else ""
    return {"name": name or _("粘贴的文字"), "why": " ".join(error.messages), "known": known, "mark": mark}


def _page(request: SignedIn, form: TakeInForm, outcome: _Outcome | None = None) -> HttpResponse:
    context = {
        "form": form,
        "outcome": outcome,
        "programmes": programme_names(request.actor),
        # What was refused is sent anew, so it is another operation; a form sent twice is still the same one.
        "operation": "" if outcome else request.POST.get("operation", ""),
    }
    return render(request, "directives/take_in.html", context, status=422 if outcome or form.errors else 200)


urlpatterns = [
    path("", documents, name="list"),
    path("new/", new, name="new"),
]
