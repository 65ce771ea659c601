"""The records page: who did what to units, people, accounts and registers, for audit and discipline."""

from __future__ import annotations

import datetime as dt
from typing import Any, Final

from django import forms
from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django.views.decorators.http import require_GET

from luoshi.ledger.models import Record
from luoshi.org.gate import SignedIn, gated
from luoshi.web.record_words import facts_of, kind_of, said_of, subject_of
from luoshi.work.paging import Order, page_of

__all__ = ["records"]

PAGE_SIZE: Final = 100


class RecordFilter(forms.Form):
    """What to look for among the records."""

    who = forms.CharField(label=_("操作人"), required=False, max_length=80)
    act = forms.CharField(
        label=_("操作"),
        required=False,
        max_length=64,
        widget=forms.TextInput({"placeholder": _("如 unit、post.confirm")}),
    )
    subject = forms.CharField(label=_("对象"), required=False, max_length=120)
    since = forms.DateField(
        label=pgettext_lazy("period", "从"), required=False, widget=forms.DateInput({"type": "date"})
    )
    until = forms.DateField(
        label=pgettext_lazy("period", "至"), required=False, widget=forms.DateInput({"type": "date"})
    )

    def condition(self) -> Q:
        """Return the condition; what is not valid restricts nothing and is shown as an error."""
        values: dict[str, Any] = self.cleaned_data
        lookups = {"who": "actor_name", "act": "act__startswith", "subject": "subject_name__icontains"}
        found = Q(
            **{lookup: values[name].strip() for name, lookup in lookups.items() if (values.get(name) or "").strip()}
        )
        if values.get("since"):
            found &= Q(at__gte=_begin(values["since"]))
        if values.get("until"):
            found &= Q(at__lt=_begin(values["until"] + dt.timedelta(days=1)))
        return found


def _begin(day: dt.date) -> dt.datetime:
    return timezone.make_aware(dt.datetime.combine(day, dt.time.min))


@gated("records.see")
@require_GET
def records(request: SignedIn) -> HttpResponse:
    """List the records, newest first."""
    form = RecordFilter(request.GET or {})
    form.is_valid()
    found: QuerySet[Record] = Record.objects.filter(form.condition())
    page = page_of(found, Order("seq", descending=True), after=request.GET.get("after", ""), size=PAGE_SIZE)
    for one in page.rows:
        setattr(one, "said", said_of(one))  # noqa: B010 — for the template only
        setattr(one, "kind", kind_of(one))  # noqa: B010 — for the template only
        setattr(one, "subject", subject_of(one))  # noqa: B010 — for the template only
        setattr(one, "facts", list(facts_of(one)))  # noqa: B010 — for the template only
    asked = request.GET.copy()
    asked["after"] = page.following
    context = {"form": form, "page": page, "next": f"?{asked.urlencode()}" if page.following else ""}
    return render(request, "web/records.html", context)
