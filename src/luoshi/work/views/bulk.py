"""One act to several matters: one operation, and a result for each."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from luoshi.org.gate import SignedIn, gated
from luoshi.org.policy import RefusedError
from luoshi.work.actions import perform
from luoshi.work.enums import Act
from luoshi.work.errors import ActError
from luoshi.work.models import Matter
from luoshi.work.queries import matters_for
from luoshi.work.typed import PersonTyped, UnitTyped, day_field, words_field
from luoshi.work.views.fetching import look_at, operation_of

__all__ = ["MOST", "bulk"]

MOST: Final = 200


class UrgeSeveral(forms.Form):
    """Reminding several at once."""

    note = words_field(gettext_lazy("说明"), most=1000, required=False)


class AcceptSeveral(forms.Form):
    """Signing for several at once; the handler assigned stays, else it is whoever signs."""


class ReportSeveral(forms.Form):
    """One report for several, such as that nothing has changed."""

    note = words_field(gettext_lazy("进展情况"), initial=gettext_lazy("本周无变化，按计划推进。"), rows=2)


class AssignSeveral(forms.Form):
    """Giving several matters to the same unit."""

    lead = UnitTyped(label=gettext_lazy("牵头单位"), required=False, help_text=gettext_lazy("不填则各按原定的单位。"))
    handler = PersonTyped(label=gettext_lazy("经办人"), required=False)
    due = day_field(gettext_lazy("完成时限"), required=False)
    reason = words_field(
        gettext_lazy("改派理由"),
        most=1000,
        rows=2,
        required=False,
        help_text=gettext_lazy("已交办过的事项须写明理由。"),
    )


class HandOverSeveral(forms.Form):
    """Giving several matters of one person to another, when the first moves on or is away for long."""

    handler = PersonTyped(label=gettext_lazy("新的经办人"))
    note = words_field(gettext_lazy("交接说明"), most=1000, rows=2, required=False)


FORMS: Final[dict[str, type[forms.Form]]] = {
    Act.URGE.value: UrgeSeveral,
    Act.ASSIGN.value: AssignSeveral,
    Act.ACCEPT.value: AcceptSeveral,
    Act.REPORT.value: ReportSeveral,
    Act.HAND_OVER.value: HandOverSeveral,
}


@dataclass(frozen=True, slots=True)
class Result:
    """What became of one matter."""

    matter: Matter
    problem: str = ""


@gated("see")
@require_http_methods(["GET", "HEAD", "POST"])
def bulk(request: SignedIn, name: str) -> HttpResponse:
    """Ask once what to say (GET), then do the act to each of the chosen matters (POST)."""
    if name not in FORMS:
        raise Http404
    act = Act(name)
    rows = _chosen(request)
    form = FORMS[name](request.POST if request.method == "POST" else None)
    context: dict[str, Any] = {"act": act, "rows": rows, "form": form, "most": MOST, "back": _back(request)}
    context["operation"] = request.POST.get("operation", "")
    if request.method == "POST" and rows and form.is_valid():
        data = {key: value for key, value in form.cleaned_data.items() if value not in (None, "")}
        operation = operation_of(request)
        context["results"] = [_result(request, row, act, operation, data) for row in rows]
        context["done"] = sum(not result.problem for result in context["results"])
    return render(request, "work/bulk.html", context)


def _chosen(request: SignedIn) -> list[Matter]:
    asked = request.POST if request.method == "POST" else request.GET
    numbers = {int(one) for one in asked.getlist("row") if one.isascii() and one.isdigit() and len(one) < 19}
    found = matters_for(request.actor).filter(pk__in=sorted(numbers)[:MOST]).select_related("lead", "handler")
    return list(found.order_by("due", "pk"))


def _result(request: SignedIn, row: Matter, act: Act, operation: uuid.UUID, data: dict[str, Any]) -> Result:
    look_at(request, row)
    try:
        perform(row.pk, act, by=request.actor, operation=operation, **data)
    except RefusedError as error:
        return Result(row, _("%(reason)s。") % {"reason": error.reason})
    except ValidationError as error:
        return Result(row, "".join(error.messages))
    except ActError as error:
        return Result(row, str(error))
    return Result(row)


def _back(request: SignedIn) -> str:
    """Return the address of the list that the rows came from; only addresses of our own lists."""
    asked = (request.POST if request.method == "POST" else request.GET).get("back", "")
    ours = asked == "/" or asked.startswith(("/matters/", "/registers/", "/?"))
    return asked if ours and not asked.startswith("//") and "\\" not in asked else "/"
