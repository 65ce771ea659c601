"""What needs me today."""

from __future__ import annotations

from typing import Any, Final

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from luoshi.org.gate import SignedIn, gated
from luoshi.org.policy import grants_of
from luoshi.org.queries import waiting_for
from luoshi.work.columns import ordered
from luoshi.work.enums import Act, Light
from luoshi.work.lists import COUNT_CAP
from luoshi.work.models import Matter
from luoshi.work.paging import Order, about, page_of
from luoshi.work.queries import NEEDS, light_is, matters_for, needing, with_lights

__all__ = ["home"]

PAGE_SIZE: Final = 100
COMMON: Final = {
    "accept": Act.ACCEPT,
    "returned": Act.REPORT,
    "report": Act.REPORT,
    "verify": Act.VERIFY,
    "extension": Act.GRANT_EXTENSION,
    "drafted": Act.ASSIGN,
}
"""What is usually done about a need: one click or one key."""
SEVERAL: Final = {Act.ACCEPT.value, Act.REPORT.value, Act.ASSIGN.value}
"""What can be done to several at once."""


@gated("see")
@require_GET
def home(request: SignedIn) -> HttpResponse:
    """List what needs the reader, over all registers, most urgent first."""
    today = timezone.localdate()
    rows = with_lights(ordered(needing(request.actor, today)), today)
    page = page_of(rows, Order("due", nullable=True), after=request.GET.get("after", ""), size=PAGE_SIZE)
    lines = [_line(row) for row in page.rows]
    context = {
        "rows": lines,
        "page": page,
        "today": today,
        "lights": _lights(request),
        "several": {line["act"].value for line in lines} & SEVERAL,
        "may_open": _may_open(request),
        "to_confirm": waiting_for(request.actor).count(),
    }
    return render(request, "work/home.html", context)


def _may_open(request: SignedIn) -> bool:
    """Tell whether one of the reader's posts opens matters anywhere at all; where, the action decides."""
    return any(grant.role is post.role for grant in grants_of("open") for post in request.actor.posts)


def _line(row: Matter) -> dict[str, Any]:
    need: str = getattr(row, "need", "")
    act = COMMON[need]
    return {"matter": row, "need": need, "why": NEEDS[need], "act": act, "at_once": act is Act.ACCEPT}


def _lights(request: SignedIn) -> list[tuple[str, int]]:
    """Return how many matters in sight have each light, counted no further than the cap."""
    today, mine = timezone.localdate(), matters_for(request.actor)
    shown = (Light.RED, Light.AMBER, Light.GREEN)
    return [(light.value, about(mine.filter(light_is(light, today)), COUNT_CAP)) for light in shown]
