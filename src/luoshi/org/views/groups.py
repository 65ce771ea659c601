"""Groups of units."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from luoshi.org import actions, queries
from luoshi.org.forms import GroupForm, MembersForm, NewGroupForm
from luoshi.org.gate import SignedIn, gated
from luoshi.org.models import Group, Unit
from luoshi.org.views.asking import ask, may_change


@require_GET
@gated("org.see")
def groups(request: SignedIn) -> HttpResponse:
    """List the groups with how many units each has today."""
    rows = list(queries.open_groups())
    counts: dict[int, int] = {}
    for key in queries.group_members(rows, timezone.localdate()).values_list("group_id", flat=True):
        counts[key] = counts.get(key, 0) + 1
    page = {"rows": [(row, counts.get(row.pk, 0)) for row in rows], "may_change": may_change(request)}
    return render(request, "org/groups.html", page)


@require_GET
@gated("org.see")
def group(request: SignedIn, code: str) -> HttpResponse:
    """Show one group: its units, and whose posts are measured by it."""
    row = get_object_or_404(Group, code=code)
    today = timezone.localdate()
    page = {
        "group": row,
        "members": queries.group_members([row], today),
        "posts": queries.posts_now(today).filter(area=row).select_related("person", "unit"),
        "may_change": may_change(request) and row.closed_on is None,
    }
    return render(request, "org/group.html", page)


def _at(row: Group) -> str:
    return reverse("org:group", args=[row.code])


@gated("group.change")
def new_group(request: SignedIn) -> HttpResponse:
    """Open a group."""
    return ask(
        request,
        NewGroupForm(request.POST or None),
        lambda data: actions.open_group(by=request.actor, **data),
        title=_("新设单位组"),
        button=_("设立"),
        back=reverse("org:groups"),
        said=_("单位组已设立。接下来加入单位。"),
        done=_at,
    )


@gated("group.change")
def change_group(request: SignedIn, code: str) -> HttpResponse:
    """Change a group's name or kind."""
    row = get_object_or_404(Group, code=code)
    return ask(
        request,
        GroupForm(request.POST or None, initial={"name": row.name, "kind": row.kind}),
        lambda data: actions.change_group(row, by=request.actor, **data),
        title=_("修改单位组"),
        kicker=row.name,
        button=_("保存"),
        back=_at(row),
        said=_("已保存。"),
    )


@gated("group.change")
def close_group(request: SignedIn, code: str) -> HttpResponse:
    """Close a group today."""
    row = get_object_or_404(Group, code=code)
    return ask(
        request,
        Form(request.POST or None),
        lambda _data: actions.close_group(row, by=request.actor),
        title=_("停用单位组"),
        kicker=row.name,
        note=_("成员都到昨天为止；单位本身不受影响。"),
        button=_("停用"),
        back=_at(row),
        said=_("单位组已停用。"),
        danger=True,
    )


@gated("group.change")
def add_members(request: SignedIn, code: str) -> HttpResponse:
    """Add units to a group."""
    row = get_object_or_404(Group, code=code)

    def act(data: dict[str, Any]) -> object:
        return actions.add_to_group(row, data["units"], by=request.actor, since=data["since"])

    return ask(
        request,
        MembersForm(request.POST or None),
        act,
        title=_("加入单位"),
        kicker=row.name,
        button=_("加入"),
        back=_at(row),
        said=_("单位已加入。"),
    )


@require_POST
@gated("group.change")
def remove_member(request: SignedIn, code: str, unit: str) -> HttpResponse:
    """Take a unit out of a group at once."""
    row = get_object_or_404(Group, code=code)
    try:
        actions.remove_from_group(row, get_object_or_404(Unit, code=unit), by=request.actor)
    except ValidationError as refused:
        messages.error(request, " ".join(refused.messages))
    else:
        messages.success(request, _("单位已退出。"))
    return redirect(_at(row))
