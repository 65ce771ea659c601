"""A document while it is being read, and what can be done about it as a whole: describe, read again, withdraw."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any, Final

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from luoshi.directives.actions.taking_in import describe, read_again, subject_of, withdraw
from luoshi.directives.enums import Stage, Step
from luoshi.directives.errors import ReviewError
from luoshi.directives.forms import DescribeForm, WithdrawForm, programme_names
from luoshi.directives.models import Directive
from luoshi.directives.views.fetching import directive_or_404, operation_of
from luoshi.ledger.actions import record
from luoshi.org.gate import SignedIn, gated
from luoshi.org.policy import may
from luoshi.org.told import language_now

__all__ = ["urlpatterns"]

_STEPS: Final = (Step.READING, Step.DRAFTING, Step.COMPARING)
_LONG: Final = dt.timedelta(seconds=30)


@gated("directive.see")
@require_GET
def reading(request: SignedIn, number: int) -> HttpResponse:
    """Show how far the reading of a document is; one that has been read is shown itself."""
    directive = directive_or_404(request, number)
    if directive.stage not in Stage.unread:
        return redirect(_where_next(request, directive))
    return render(request, "directives/reading.html", _progress(request, directive))


@gated("directive.see")
@require_GET
def status(request: SignedIn, number: int) -> HttpResponse:
    """Give out the part of that page that changes; once the document has been read, lead there."""
    directive = directive_or_404(request, number)
    if directive.stage not in Stage.unread:
        answer = HttpResponse(status=204)
        answer["HX-Redirect"] = _where_next(request, directive)
        return answer
    return render(request, "directives/status.html", _progress(request, directive))


def _where_next(request: SignedIn, directive: Directive) -> str:
    reviews = directive.stage == Stage.REVIEW and may(request.actor, "directive.review") is None
    return reverse("directives:review" if reviews else "directives:document", args=[directive.pk])


def _progress(request: SignedIn, directive: Directive) -> dict[str, Any]:
    at = _STEPS.index(Step(directive.step)) if directive.step in _STEPS else -1
    steps = [(step.label, "done" if place < at else "now" if place == at else "") for place, step in enumerate(_STEPS)]
    waiting = directive.stage == Stage.WAITING
    before = Directive.objects.filter(stage__in=(Stage.WAITING, Stage.READING), pk__lt=directive.pk)
    return {
        "directive": directive,
        "steps": steps,
        "before": before.count() if waiting else 0,
        "is_long": waiting and timezone.now() - _asked_at(directive) > _LONG,
        "why": directive.failure.get(language_now(), ""),
        "may_act": may(request.actor, "directive.take_in") is None,
        "withdraw": WithdrawForm(),
    }


def _asked_at(directive: Directive) -> dt.datetime:
    """Return when the reading that is waited for was asked for."""
    last = directive.edits.order_by("-seq").first()
    return last.at if last is not None else directive.taken_in_at


@require_POST
@gated("directive.take_in")
def again(request: SignedIn, number: int) -> HttpResponse:
    """Let a document be read once more."""
    directive = directive_or_404(request, number)
    try:
        read_again(directive, by=request.actor, operation=operation_of(request))
    except (ReviewError, ValidationError) as error:
        messages.error(request, _sentence(error))
        return redirect("directives:document", number)
    return redirect("directives:reading", number)


@gated("directive.take_in")
@require_http_methods(["GET", "HEAD", "POST"])
def take_back(request: SignedIn, number: int) -> HttpResponse:
    """Withdraw a document, with the reason."""
    directive = directive_or_404(request, number)
    form = WithdrawForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            withdraw(directive, by=request.actor, operation=operation_of(request), reason=form.cleaned_data["reason"])
        except (ReviewError, ValidationError) as error:
            form.add_error(None, _sentence(error))
        else:
            messages.success(request, _("已撤回：%(title)s。") % {"title": directive})
            return redirect("directives:list")
    context = {"directive": directive, "form": form}
    return render(request, "directives/withdraw.html", context, status=422 if form.errors else 200)


@gated("directive.review")
@require_http_methods(["GET", "HEAD", "POST"])
def about(request: SignedIn, number: int) -> HttpResponse:
    """Say what a document is: title, number, issuer, day, register, programme."""
    directive = directive_or_404(request, number)
    if directive.stage in Stage.unread:
        return redirect("directives:reading", number)
    if directive.confidential and request.method != "POST":
        record("directive.look", by=request.actor.author, subject=subject_of(directive), data={"page": request.path})
    sent = request.POST if request.method == "POST" else None
    form = DescribeForm(sent, initial=DescribeForm.of(directive), directive=directive, actor=request.actor)
    if sent is not None and form.is_valid():
        answer = _described(request, directive, form)
        if answer is not None:
            return answer
    context = {
        "directive": directive,
        "form": form,
        "programmes": programme_names(request.actor),
        "operation": request.POST.get("operation", ""),
    }
    return render(request, "directives/describe.html", context, status=422 if form.errors else 200)


def _described(request: SignedIn, directive: Directive, form: DescribeForm) -> HttpResponse | None:
    """Change what the form says otherwise than before; a new day lets the times be counted anew."""
    operation, day = operation_of(request), directive.date
    given = {name: form.cleaned_data[name] for name in form.changed_data}
    try:
        if given:
            describe(directive, by=request.actor, operation=operation, **given)
    except ValidationError as error:
        form.add_error(None, error)
        return None
    except ReviewError as error:
        form.add_error(None, str(error))
        return None
    if given.get("date") and given["date"] != day and _recount(request, directive, operation):
        return redirect("directives:reading", directive.pk)
    return redirect(_where_next(request, directive))


def _recount(request: SignedIn, directive: Directive, operation: uuid.UUID) -> bool:
    """Let times be counted from another day; tell where that is not possible any more."""
    try:
        read_again(directive, by=request.actor, operation=uuid.uuid5(operation, "again"))
    except ReviewError:
        messages.warning(request, _("日期已改；有条目已经立项，完成时限没有重算，请逐条核对。"))
        return False
    return True


def _sentence(error: ReviewError | ValidationError) -> str:
    return " ".join(error.messages) if isinstance(error, ValidationError) else str(error)


urlpatterns = [
    path("<int:number>/reading/", reading, name="reading"),
    path("<int:number>/status/", status, name="status"),
    path("<int:number>/again/", again, name="again"),
    path("<int:number>/withdraw/", take_back, name="withdraw"),
    path("<int:number>/describe/", about, name="describe"),
]
