"""Posts and deputies: proposed, confirmed, refused, ended."""

from __future__ import annotations

import uuid
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from luoshi.org import actions, queries
from luoshi.org.enums import Role
from luoshi.org.forms import DeputyForm, LeaveForm, PostForm, ReasonForm
from luoshi.org.gate import SignedIn, gated
from luoshi.org.models import Deputy, Person, Post
from luoshi.org.policy import Placement, require
from luoshi.org.views.asking import ask, may_change

MOST = 1000
"""Proposals of one page; confirming these shows the next."""


@require_GET
@gated("org.see")
def waiting(request: SignedIn) -> HttpResponse:
    """List the proposals, for the two administrators whom they concern."""
    if not request.actor.has(Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN):
        require(request.actor, "post.confirm")
    posts = queries.waiting_posts()
    page = {
        "posts": posts[:MOST],
        "total": posts.count(),
        "may_confirm": request.actor.has(Role.SECURITY_ADMIN),
        "me": request.actor.person_id,
    }
    return render(request, "org/waiting.html", page)


@require_POST
@gated("post.confirm")
def confirm(request: SignedIn) -> HttpResponse:
    """Confirm the proposals that were ticked, all or none."""
    keys = [key for key in request.POST.getlist("post") if key.isdecimal() and len(key) < 19]
    posts = Post.objects.filter(pk__in=keys)
    try:
        count = actions.confirm_posts(posts, by=request.actor)
    except ValidationError as refused:
        messages.error(request, " ".join(refused.messages))
    else:
        said = ngettext("已确认%(count)d个任职。", "已确认%(count)d个任职。", count) % {"count": count}
        (messages.success if count else messages.warning)(request, said if count else _("没有勾选待确认的任职。"))
    return redirect("org:waiting")


@gated("post.confirm")
def refuse(request: SignedIn, pk: int) -> HttpResponse:
    """Refuse one proposal."""
    row = get_object_or_404(queries.waiting_posts(), pk=pk)
    form = ReasonForm(request.POST or None)
    form.fields["why"].label = _("退回理由")
    form.fields["why"].required = True
    return ask(
        request,
        form,
        lambda data: actions.refuse_post(row, by=request.actor, **data),
        title=_("退回任职"),
        kicker=_named(row),
        button=_("退回"),
        back=reverse("org:waiting"),
        said=_("已退回。"),
        danger=True,
    )


def _named(row: Post) -> str:
    return f"{row.person.name} · {row.unit.name} · {row.get_role_display()}"


@gated("post.propose")
def propose(request: SignedIn, uid: uuid.UUID) -> HttpResponse:
    """Propose a post for somebody."""
    row = get_object_or_404(Person, uid=uid)

    def act(data: dict[str, Any]) -> Post:
        unit = data.pop("unit")
        return actions.propose_post(row, unit, by=request.actor, **data)

    return ask(
        request,
        PostForm(request.POST or None),
        act,
        title=_("提出任职"),
        kicker=row.name,
        note=_("安全管理员确认以后才生效。"),
        button=_("提出"),
        back=reverse("org:person", args=[row.uid]),
        said=_("已提出，等安全管理员确认。"),
    )


@gated("post.end")
def end(request: SignedIn, pk: int) -> HttpResponse:
    """End a post, or withdraw a proposal."""
    row = get_object_or_404(Post.objects.select_related("person", "unit"), pk=pk)
    form: forms.Form = LeaveForm(request.POST or None)
    if row.confirmed_at is None:
        form = ReasonForm(request.POST or None)
    return ask(
        request,
        form,
        lambda data: actions.end_post(row, by=request.actor, **data),
        title=_("结束任职") if row.confirmed_at else _("撤回任职"),
        kicker=_named(row),
        button=_("结束") if row.confirmed_at else _("撤回"),
        back=reverse("org:person", args=[row.person.uid]),
        said=_("任职已结束。") if row.confirmed_at else _("任职已撤回。"),
        danger=True,
    )


@require_GET
@gated("org.see")
def deputies(request: SignedIn) -> HttpResponse:
    """List who stands in for me and for whom I do; everybody's for those who look after them."""
    today = timezone.localdate()
    rows = queries.deputies_now(today)
    everybody = may_change(request)
    me = request.actor.person_id or 0
    mine = queries.posts_now(today).filter(person_id=me).exclude(role__in=Role.admins).select_related("unit", "person")
    page = {
        "rows": rows if everybody else rows.filter(post__person_id=me) | rows.filter(person_id=me),
        "mine": mine,
        "everybody": everybody,
        "me": me,
    }
    return render(request, "org/deputies.html", page)


@gated("org.see")
def new_deputy(request: SignedIn, pk: int) -> HttpResponse:
    """Let somebody stand in for a post's holder: the holder does, or the system's administrator."""
    row = get_object_or_404(Post.objects.select_related("person", "unit"), pk=pk, confirmed_at__isnull=False)
    require(request.actor, "deputy.set", Placement(None, own=frozenset({row.person_id})))

    def act(data: dict[str, Any]) -> Deputy:
        return actions.set_deputy(row, data.pop("person"), by=request.actor, **data)

    return ask(
        request,
        DeputyForm(request.POST or None),
        act,
        title=_("设代理"),
        kicker=_named(row),
        note=_("代理人办的事，记录里写两个人的名字。"),
        button=_("设代理"),
        back=reverse("org:deputies"),
        said=_("代理已设好。"),
    )


@require_POST
@gated("org.see")
def end_deputy(request: SignedIn, pk: int) -> HttpResponse:
    """End a deputyship at once."""
    row = get_object_or_404(Deputy.objects.select_related("post__person"), pk=pk)
    actions.end_deputy(row, by=request.actor)
    messages.success(request, _("代理已结束。"))
    return redirect("org:deputies")
