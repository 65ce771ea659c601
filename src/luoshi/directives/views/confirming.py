"""The page on which a document is confirmed: what would be opened, what is missing, and one button."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_POST

from luoshi.directives.actions.confirming import Confirmed, confirm
from luoshi.directives.actions.telling import tell
from luoshi.directives.enums import Stage
from luoshi.directives.errors import ReviewError
from luoshi.directives.models import Directive
from luoshi.directives.readiness import ConfirmError, readiness
from luoshi.directives.views.fetching import directive_or_404, operation_of
from luoshi.directives.views.notices import look_at
from luoshi.directives.views.past_days import counts_days, is_cleared, rows_past
from luoshi.org.gate import SignedIn, gated
from luoshi.org.policy import may

__all__ = ["urlpatterns"]


class ConfirmForm(forms.Form):
    """What is asked beside the rows themselves."""

    assign = forms.BooleanField(
        label=gettext_lazy("立项后直接交办，并给各单位发交办通知"), required=False, initial=True
    )
    number = forms.CharField(
        label=gettext_lazy("通知文号"),
        max_length=60,
        required=False,
        help_text=gettext_lazy("没有就留空，下载通知时还可以补填。"),
    )


@gated("directive.confirm")
@require_http_methods(["GET", "HEAD", "POST"])
def page(request: SignedIn, number: int) -> HttpResponse:
    """Show what confirming would open (GET), and do it (POST)."""
    directive = directive_or_404(request, number)
    if directive.stage in Stage.unread:
        return redirect("directives:reading", number)
    look_at(request, directive)
    form = ConfirmForm(request.POST if request.method == "POST" else None)
    if request.method != "POST":
        return _page(request, directive, form, 200)
    done, status = _tried(request, directive, form)
    if done is None:
        return _page(request, directive, form, status)
    _tell(request, done)
    if directive.stage == Stage.REVIEW:  # what was not complete waits there
        return redirect("directives:review", number)
    return redirect("directives:notices" if done.notices else "directives:document", number)


def _tried(request: SignedIn, directive: Directive, form: ConfirmForm) -> tuple[Confirmed | None, int]:
    """Confirm; where that is refused, return None, the status of the answer, and leave the reason on the form."""
    if not form.is_valid():
        return None, 422
    try:
        return _confirmed(request, directive, form), 200
    except ConfirmError as error:
        count = len(error.missing)
        told = ngettext("没有立项：还有%(count)d处要补全，见下。", "没有立项：还有%(count)d处要补全，见下。", count)
        form.add_error(None, told % {"count": count})
        return None, 422
    except ReviewError as error:
        form.add_error(None, str(error))
        return None, 409
    except ValidationError as error:
        form.add_error(None, error.messages)
        return None, 422


def _confirmed(request: SignedIn, directive: Directive, form: ConfirmForm) -> Confirmed:
    chosen = None
    if request.POST.get("only") == "ready":
        chosen = [row.clause.uid for row in readiness(directive, request.actor).rows if row.opening is not None]
    seen = request.POST.get("seen", "")
    return confirm(
        directive,
        by=request.actor,
        operation=operation_of(request),
        clauses=chosen,
        assign=form.cleaned_data["assign"],
        number=form.cleaned_data["number"],
        seen=int(seen) if seen.isascii() and seen.isdigit() and len(seen) < 10 else None,
    )


def _tell(request: SignedIn, done: Confirmed) -> None:
    opened = ngettext("已立项%(count)d件。", "已立项%(count)d件。", done.opened) % {"count": done.opened}
    if done.opened:
        messages.success(request, opened)
    else:
        messages.info(request, _("没有新的条目要立项。"))


def _page(request: SignedIn, directive: Directive, form: ConfirmForm, status: int) -> HttpResponse:
    directive.refresh_from_db()
    plan = readiness(directive, request.actor)
    context: dict[str, Any] = {
        "directive": directive,
        "form": form,
        "plan": plan,
        "missing": len(plan.missing),
        "incomplete": [row for row in plan.rows if row.missing],
        "past": len(rows_past(plan)) if may(request.actor, "directive.review") is None else 0,
        "counts_days": counts_days(plan),
        "cleared": is_cleared(request, directive),
        "ready": sum(row.opening is not None for row in plan.rows) if not plan.whole else 0,
        "doubtful": plan.doubtful,
        "units": plan.units,
        "is_open": directive.stage == Stage.REVIEW or bool(plan.rows),
        # A page that others have overtaken is shown anew with what stands now, and acts upon that.
        "again": "" if status == 409 else request.POST.get("operation", ""),
        "changed": status == 409,
    }
    return render(request, "directives/confirm.html", context, status=status)


@gated("directive.confirm")
@require_POST
def tell_units(request: SignedIn, number: int) -> HttpResponse:
    """Assign what of a confirmed document is still drafted, and send the notices that are missing."""
    directive = directive_or_404(request, number)
    try:
        notices = tell(directive, by=request.actor, operation=operation_of(request))
    except ReviewError as error:
        messages.error(request, str(error))
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        sent = ngettext("已发出%(count)d份交办通知。", "已发出%(count)d份交办通知。", len(notices))
        messages.success(request, sent % {"count": len(notices)})
        return redirect("directives:notices", number)
    return redirect("directives:document", number)


urlpatterns: list[URLPattern] = [
    path("<int:number>/confirm/", page, name="confirm"),
    path("<int:number>/tell/", tell_units, name="tell"),
]
