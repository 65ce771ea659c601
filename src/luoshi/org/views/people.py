"""People: the list, one person, and what can be done with them."""

from __future__ import annotations

import uuid
from typing import Final

from django.core.paginator import Paginator
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from luoshi.org import actions, queries
from luoshi.org.forms import LeaveForm, NewPersonForm, PersonForm
from luoshi.org.gate import SignedIn, gated
from luoshi.org.models import Person
from luoshi.org.views.asking import ask, knows_numbers, may_change

PAGE: Final = 100


@require_GET
@gated("org.see")
def people(request: SignedIn) -> HttpResponse:
    """List people with their posts of today."""
    text = request.GET.get("q", "")[:80]
    gone = request.GET.get("gone") == "1"
    numbers = knows_numbers(request)
    found = queries.people(text, on=timezone.localdate(), by_number=numbers, with_left=gone)
    rows = Paginator(found, PAGE).get_page(request.GET.get("page"))
    page = {
        "rows": rows,
        "text": text,
        "gone": gone,
        "numbers": numbers,
        "may_change": may_change(request),
        "first": _page(text, 1, gone=gone) if rows.number > 1 else "",
        "following": _page(text, rows.next_page_number(), gone=gone) if rows.has_next() else "",
    }
    return render(request, "org/people.html", page)


def _page(text: str, number: int, *, gone: bool) -> str:
    asked = {"q": text, "gone": "1" if gone else "", "page": number}
    return f"?{urlencode({key: value for key, value in asked.items() if value})}"


@require_GET
@gated("org.see")
def person(request: SignedIn, uid: uuid.UUID) -> HttpResponse:
    """Show one person and their posts, past ones too."""
    row = get_object_or_404(Person, uid=uid)
    today = timezone.localdate()
    page = {
        "person": row,
        "posts": queries.posts_of(row),
        "deputies": queries.deputies_now(today).filter(post__person=row),
        "standing_in": queries.deputies_now(today).filter(person=row),
        "today": today,
        "numbers": knows_numbers(request),
        "may_change": may_change(request),
        "may_end": knows_numbers(request),
        "is_me": row.pk == request.actor.person_id,
    }
    return render(request, "org/person.html", page)


def _at(row: Person) -> str:
    return reverse("org:person", args=[row.uid])


@gated("person.change")
def new_person(request: SignedIn) -> HttpResponse:
    """Add somebody."""
    return ask(
        request,
        NewPersonForm(request.POST or None),
        lambda data: actions.add_person(by=request.actor, **data),
        title=_("新增人员"),
        button=_("新增"),
        back=reverse("org:people"),
        said=_("人员已新增。接下来可以提出任职。"),
        done=_at,
    )


@gated("person.change")
def change_person(request: SignedIn, uid: uuid.UUID) -> HttpResponse:
    """Change a name or a telephone number."""
    row = get_object_or_404(Person, uid=uid)
    return ask(
        request,
        PersonForm(request.POST or None, initial={"name": row.name, "phone": row.phone}),
        lambda data: actions.change_person(row, by=request.actor, **data),
        title=_("修改人员"),
        kicker=row.name,
        button=_("保存"),
        back=_at(row),
        said=_("已保存。"),
    )


@gated("person.change")
def person_left(request: SignedIn, uid: uuid.UUID) -> HttpResponse:
    """Let somebody go."""
    row = get_object_or_404(Person, uid=uid)
    return ask(
        request,
        LeaveForm(request.POST or None),
        lambda data: actions.person_left(row, by=request.actor, **data),
        title=_("办理离岗"),
        kicker=row.name,
        note=_("任职和代理随之结束；手上的事项请到事项页面转办。"),
        button=_("离岗"),
        back=_at(row),
        said=_("已办理离岗。"),
        danger=True,
    )


@gated("person.change")
def person_returned(request: SignedIn, uid: uuid.UUID) -> HttpResponse:
    """Take somebody back."""
    row = get_object_or_404(Person, uid=uid)
    return ask(
        request,
        Form(request.POST or None),
        lambda _data: actions.person_returned(row, by=request.actor),
        title=_("办理返岗"),
        kicker=row.name,
        note=_("返岗以后要重新提出任职。"),
        button=_("返岗"),
        back=_at(row),
        said=_("已办理返岗。"),
    )
