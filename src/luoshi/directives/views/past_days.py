"""Due days that had gone by when a document was taken in, cleared from the page that confirms it; and taken back there.

An office begins with documents of months ago, and half of their rows may say a day of last spring.
"""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from luoshi.directives import similar
from luoshi.directives.actions.past_days import clear_past
from luoshi.directives.actions.review import undo
from luoshi.directives.enums import ReviewAct
from luoshi.directives.errors import ReviewError
from luoshi.directives.models import Directive, Edit
from luoshi.directives.readiness import Candidate, Readiness, readiness
from luoshi.directives.views.fetching import directive_or_404, operation_of
from luoshi.org.gate import SignedIn, gated
from luoshi.org.policy import may

__all__ = ["counts_days", "is_cleared", "rows_past", "urlpatterns"]


@gated("directive.review")
@require_POST
def past(request: SignedIn, number: int) -> HttpResponse:
    """Clear the due days of all rows that lack nothing but a day that is still to come."""
    directive = directive_or_404(request, number)

    def clear() -> Edit:
        rows = rows_past(readiness(directive, request.actor))
        if not rows:
            raise ValidationError(_("没有已过的时限，不用清空。"))
        clauses = [row.clause for row in rows]
        return clear_past(clauses, by=request.actor, operation=operation_of(request), today=timezone.localdate())

    return _changed(request, directive, clear, "cleared")


@gated("directive.review")
@require_POST
def past_back(request: SignedIn, number: int) -> HttpResponse:
    """Take that back, as long as it is the last thing that the person did."""
    directive = directive_or_404(request, number)
    operation = operation_of(request)
    return _changed(request, directive, lambda: undo(directive, by=request.actor, operation=operation), "")


def _changed(request: SignedIn, directive: Directive, do: Callable[[], Edit], told: str) -> HttpResponse:
    """Do what changes rows, and show the page again; what is refused is said there."""
    address = reverse("directives:confirm", args=[directive.pk])
    try:
        edit = do()
    except (ReviewError, ValidationError) as error:
        messages.error(request, " ".join(getattr(error, "messages", [str(error)])))
        return redirect(address)
    similar.follow(directive, edit)
    count = len(edit.data.get("clauses", ()))
    if told:
        said = ngettext("清空了%(count)d条已过的时限。", "清空了%(count)d条已过的时限。", count)
    else:
        said = ngettext("%(count)d条恢复原样。", "%(count)d条恢复原样。", count)
    messages.success(request, said % {"count": count})
    return redirect(f"{address}?{told}={edit.seq}" if told else address)


def rows_past(plan: Readiness) -> list[Candidate]:
    """Return the rows that lack nothing but a due day that is still to come."""
    today = timezone.localdate()
    return [row for row in plan.rows if row.due is not None and row.due < today and len(row.missing) == 1]


def counts_days(plan: Readiness) -> bool:
    """Tell whether the register says when what has no day of its own is due."""
    today = timezone.localdate()
    try:
        return plan.register is not None and plan.register.due_day(today, today) is not None
    except ValidationError:  # the year's holidays are not known
        return False


def is_cleared(request: SignedIn, directive: Directive) -> bool:
    """Tell whether the last edit is the reader's own clearing, which this page offers to take back."""
    asked = request.GET.get("cleared", "")
    if asked != str(directive.version) or may(request.actor, "directive.review") is not None:
        return False
    mine = directive.edits.filter(seq=directive.version, actor=request.actor.person_id, act=ReviewAct.EDIT)
    return mine.exists()


urlpatterns: list[URLPattern] = [
    path("<int:number>/confirm/past/", past, name="clear_past"),
    path("<int:number>/confirm/past/back/", past_back, name="clear_past_back"),
]
