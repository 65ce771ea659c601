"""Opening a matter, by itself or as a part of another."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from luoshi.org.enums import Role
from luoshi.org.gate import SignedIn, gated
from luoshi.org.models import Unit
from luoshi.org.policy import RefusedError
from luoshi.work import registers
from luoshi.work.actions import open_matter
from luoshi.work.enums import Act
from luoshi.work.errors import ActError
from luoshi.work.models import Matter
from luoshi.work.offers import offers
from luoshi.work.opening_forms import OpenForm
from luoshi.work.registers import Register
from luoshi.work.views.acting import take_error
from luoshi.work.views.fetching import look_at, matter_or_404, may_open_in, operation_of, register_or_404

__all__ = ["open_", "split"]


@gated("open")
@require_http_methods(["GET", "HEAD", "POST"])
def open_(request: SignedIn, code: str) -> HttpResponse:
    """Open a matter in a register."""
    kind = register_or_404(request, code)
    if not may_open_in(request, kind):
        raise RefusedError(Act.OPEN, _("这本台账不由您的岗位立项"))
    return _opening(request, kind, None)


@gated("split")
@require_http_methods(["GET", "HEAD", "POST"])
def split(request: SignedIn, number: int) -> HttpResponse:
    """Open a part of a matter, in the register of the whole."""
    row = matter_or_404(request, number)
    look_at(request, row)
    if request.method != "POST":
        offer = next((one for one in offers(row, request.actor) if one.act is Act.SPLIT), None)
        if offer is not None and not offer.allowed:
            raise RefusedError(Act.SPLIT, offer.refusal)
    return _opening(request, registers.current(row.register), row)


def _opening(request: SignedIn, kind: Register, parent: Matter | None) -> HttpResponse:
    if request.method != "POST":
        return _page(request, kind, parent, OpenForm(register=kind, parent=parent, initial=_offered(request, parent)))
    form = OpenForm(request.POST, register=kind, parent=parent)
    if form.is_valid():
        matter = _opened(request, kind, parent, form)
        if matter is not None:
            messages.success(request, _("已立项：%(number)s，下一步是交办。") % {"number": matter.number})
            return redirect("work:matter", matter.pk)
    return _page(request, kind, parent, form)


def _offered(request: SignedIn, parent: Matter | None) -> dict[str, Any]:
    """Offer a unit's own people their unit as the lead: a school mostly reports what is its own to mend."""
    own = {post.unit.id for post in request.actor.posts if post.role in {Role.HEAD, Role.OFFICER}}
    return {"lead": Unit.objects.filter(pk__in=own).first()} if parent is None and len(own) == 1 else {}


def _opened(request: SignedIn, kind: Register, parent: Matter | None, form: OpenForm) -> Matter | None:
    data: dict[str, Any] = form.matter_data()
    try:
        return open_matter(kind.code, by=request.actor, parent=parent, operation=operation_of(request), **data)
    except (ActError, ValidationError) as error:
        take_error(form, error)
        return None


def _page(request: SignedIn, kind: Register, parent: Matter | None, form: OpenForm) -> HttpResponse:
    context = {"register": kind, "parent": parent, "form": form, "operation": request.POST.get("operation", "")}
    return render(request, "work/open.html", context, status=422 if request.method == "POST" else 200)
