"""Lists of matters: one register's, and all registers together."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from luoshi.org.enums import Role
from luoshi.org.gate import SignedIn, gated
from luoshi.work import registers
from luoshi.work.enums import Light
from luoshi.work.forms import SaveView
from luoshi.work.lists import COUNT_CAP, MatterList
from luoshi.work.models import SavedView
from luoshi.work.queries import light_is, matters_for
from luoshi.work.registers import Register
from luoshi.work.saved_views import drop_view, save_view
from luoshi.work.views.fetching import may_open_in, register_or_404, sees_register

__all__ = ["drop", "matters", "overview", "register", "save"]


@gated("see")
@require_GET
def matters(request: SignedIn) -> HttpResponse:
    """List the matters of all registers."""
    return _listed(request, None)


@gated("see")
@require_GET
def register(request: SignedIn, code: str) -> HttpResponse:
    """List the matters of one register."""
    return _listed(request, register_or_404(request, code))


def _listed(request: SignedIn, kind: Register | None) -> HttpResponse:
    listed = MatterList(request.actor, kind, request.GET, timezone.localdate())
    template = "work/list.html#rows" if request.htmx and not request.htmx.boosted else "work/list.html"
    response = render(request, template, list_context(request, listed))
    patch_vary_headers(response, ["HX-Request"])
    return response


def list_context(request: SignedIn, listed: MatterList) -> dict[str, Any]:
    """Return what the list's template shows."""
    kind, page = listed.register, listed.page()
    return {
        "listed": listed,
        "page": page,
        "count": listed.count(),
        "cap": COUNT_CAP,
        "register": kind,
        "words": {one.code: str(one.short) for one in registers.current_all()},
        "today": listed.today,
        "here": request.path,
        "views": SavedView.objects.filter(person=request.actor.person_id, register=kind.code if kind else ""),
        "save_form": SaveView(initial={"query": listed.query()}),
        "may_open": kind is not None and may_open_in(request, kind),
        "may_bulk": request.actor.has(Role.LEADER, Role.SUPERVISOR, Role.HEAD, Role.INSPECTOR),
        "next": listed.query(after=page.following) if page.following else "",
        "begin": listed.query() if request.GET.get("after") else "",
        "export_url": reverse("work:export", args=[kind.code] if kind else []),
    }


@gated("see")
@require_GET
def overview(request: SignedIn) -> HttpResponse:
    """Show all registers with how many matters are open and how many are late."""
    today = timezone.localdate()
    counted = {
        row["register"]: row
        for row in matters_for(request.actor)
        .filter(is_open=True)
        .values("register")
        .annotate(open=Count("pk"), red=Count("pk", filter=light_is(Light.RED, today)))
        .order_by("register")
    }
    lines = [
        {"register": one, "counts": counted.get(one.code), "may_open": may_open_in(request, one)}
        for one in registers.current_all()
        if sees_register(request, one)
    ]
    return render(request, "work/registers.html", {"lines": lines})


@gated("see")
@require_POST
def save(request: SignedIn) -> HttpResponse:
    """Keep a list under a name of one's own."""
    code = request.POST.get("register", "")
    if code:
        register_or_404(request, code)
    form = SaveView(request.POST)
    back = reverse("work:register", args=[code]) if code else reverse("work:matters")
    person = request.actor.person_id
    if person is None or not form.is_valid():
        messages.error(request, _("没有保存：请给这个视图起个60个字以内的名称。"))
        return redirect(back)
    view = save_view(person, register=code, name=form.cleaned_data["name"], query=form.cleaned_data["query"])
    messages.success(request, _("已保存视图“%(name)s”。") % {"name": view.name})
    return redirect(f"{back}?{view.query}")


@gated("see")
@require_POST
def drop(request: SignedIn, number: int) -> HttpResponse:
    """Forget a saved list of one's own; another's is not found."""
    view = get_object_or_404(SavedView, Q(person=request.actor.person_id), pk=number)
    drop_view(view)
    messages.success(request, _("已删除视图“%(name)s”。") % {"name": view.name})
    return redirect(reverse("work:register", args=[view.register]) if view.register else reverse("work:matters"))
