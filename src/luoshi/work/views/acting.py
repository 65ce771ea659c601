"""One address an act: its form, and its doing."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from luoshi.org.gate import SignedIn, gated
from luoshi.org.policy import RefusedError
from luoshi.work import registers
from luoshi.work.act_forms import FORMS, FilesForm, form_for
from luoshi.work.actions import perform
from luoshi.work.enums import Act, State
from luoshi.work.errors import ActError, ChangedMeanwhileError, ImpossibleError
from luoshi.work.models import Event, Matter
from luoshi.work.offers import offers
from luoshi.work.reuse import AGAIN, SEARCH
from luoshi.work.sentences import line
from luoshi.work.typed import remember
from luoshi.work.views.fetching import look_at, matter_or_404, operation_of, seen_of

__all__ = ["act", "take_error"]


@gated("see")
@require_http_methods(["GET", "HEAD", "POST"])
def act(request: SignedIn, number: int, name: str) -> HttpResponse:
    """Show an act's form (GET), or do the act (POST); policy is asked by the act itself."""
    kind = _act_or_404(name)
    row = matter_or_404(request, number)
    look_at(request, row)
    options = {"matter": row, "register": registers.of(row), "actor": request.actor}
    if request.method != "POST":
        refusal = _why_not(request, row, kind)
        form = _offering(request, form_for(kind, **options))
        if request.htmx and not request.htmx.boosted and isinstance(form, FilesForm) and not refusal:
            return _offered(request, form)
        return _page(request, row, kind, form, refusal=refusal)
    form = form_for(kind, request.POST, request.FILES, **options)
    if "find" in request.GET and isinstance(form, FilesForm):
        form.leave_unjudged()
        return _page(request, row, kind, form, seen=seen_of(request))
    changed: list[Event] = []
    if form.is_valid() and _done(request, row, kind, form, changed):
        messages.success(request, _("已办：%(act)s %(number)s") % {"act": kind.label, "number": row.number})
        return redirect("home") if request.POST.get("from") == "home" else redirect("work:matter", row.pk)
    return _page(request, row, kind, form, changed=changed)


def _offering(request: SignedIn, form: Any) -> Any:
    """Let a form that takes evidence offer what the address asks for among what is there already."""
    if isinstance(form, FilesForm):
        form.look_for(request.GET.get(SEARCH, ""), request.GET.getlist(AGAIN))
    return form


def _offered(request: SignedIn, form: Any) -> HttpResponse:
    """Return only the part of the form that was searched anew."""
    response = render(request, "work/reuse.html", {"form": form, "here": request.path})
    patch_vary_headers(response, ["HX-Request"])
    return response


def _act_or_404(name: str) -> Act:
    if name not in FORMS:
        raise Http404
    return Act(name)


def _why_not(request: SignedIn, row: Matter, kind: Act) -> str:
    """Return why the act is not possible now; RefusedError where it is not the reader's at all."""
    offered = {offer.act: offer for offer in offers(row, request.actor)}
    offer = offered.get(kind)
    if offer is None:
        return str(ImpossibleError(kind, State(row.state)))
    if not offer.theirs:
        raise RefusedError(kind, offer.refusal)
    return offer.refusal


def _done(request: SignedIn, row: Matter, kind: Act, form: Any, changed: list[Event]) -> bool:
    """Do the act; where it is refused, put why into the form and return False."""
    data: dict[str, Any] = {}
    try:
        data = form.act_data()
        perform(row.pk, kind, by=request.actor, operation=operation_of(request), seen=seen_of(request), **data)
    except ChangedMeanwhileError as error:
        changed += error.events
    except (ActError, ValidationError) as error:
        take_error(form, error)
    else:
        return True
    if isinstance(form, FilesForm):
        chosen = {row.pk for row, _name, _note in form.cleaned_data.get(AGAIN) or ()}
        form.kept = remember([one for one in data.get("evidence", ()) if one[0].pk not in chosen], request.actor)
    return False


def take_error(form: Any, error: ActError | ValidationError) -> None:
    """Show what an action said: at its field where the form has it, else above the form."""
    if not isinstance(error, ValidationError):
        form.add_error(None, str(error))
        return
    by_field = error.error_dict if hasattr(error, "error_dict") else {"": error.error_list}
    for name, errors in by_field.items():
        known = next((one for one in (name, f"own-{name}") if one in getattr(form, "fields", {})), None)
        for one in errors:
            form.add_error(known, one)


def _page(request: SignedIn, row: Matter, kind: Act, form: Any, **more: Any) -> HttpResponse:
    context = {
        "matter": row,
        "act": kind,
        "form": form,
        "today": timezone.localdate(),
        "operation": request.POST.get("operation", ""),
        "seen": row.version,
        "kept": getattr(form, "kept", []),
        "here": request.path,
        "came_from": request.POST.get("from", request.GET.get("from", "")),
        "register": registers.of(row),
    }
    context.update(more)
    context["changed"] = [line(event) for event in more.get("changed") or ()]
    judged = request.method == "POST" and (form.errors or "find" not in request.GET)
    status = 409 if context["changed"] else 422 if judged else 200
    return render(request, "work/act.html", context, status=status)
