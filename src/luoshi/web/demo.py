"""The guide of a demo: three steps for whoever sees the product for the first time, and the names to sign in with.

A data folder that holds `demo.json` is a demo (`make demo` writes it: the speech to take in, who can sign in, which
head of a unit signs in by which name). Elsewhere there is nothing of this: no panel, and an address that is not found.
"""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from luoshi.directives.actions.taking_in import take_in
from luoshi.directives.enums import ClauseState, Stage
from luoshi.directives.models import Directive
from luoshi.directives.views.fetching import operation_of
from luoshi.org.enums import UnitKind
from luoshi.org.gate import SignedIn, gated
from luoshi.org.policy import Actor, may
from luoshi.org.told import language_now
from luoshi.web.installation import Installation
from luoshi.work.enums import State
from luoshi.work.models import Matter

__all__ = ["Demo", "demo_of", "for_page", "urlpatterns"]

_CLERK: Final = "duban"
_SCHOOLS: Final = (UnitKind.CENTRE_SCHOOL, UnitKind.SCHOOL, UnitKind.KINDERGARTEN)
_FRESH: Final = dt.timedelta(days=6)
"""As long none of the days in the sample speech has gone by."""


@dataclass(frozen=True, slots=True)
class Demo:
    """What a demo's folder says of it."""

    folder: Path
    day: dt.date
    sample: str
    sha256: str
    heads: dict[str, str]
    accounts: list[dict[str, Any]]

    def login_url(self, username: str) -> str:
        """Return the address of the sign-in page with a name filled in."""
        return f"{reverse('account_login')}?login={username}"

    def sign_ins(self) -> list[dict[str, str]]:
        """Return who can sign in, in the reader's language."""
        language = language_now()
        return [
            {
                "username": one["username"],
                "role": one["role"][language],
                "sees": one["sees"][language],
                "url": self.login_url(one["username"]),
            }
            for one in self.accounts
        ]


@cache
def demo_of(folder: Path) -> Demo | None:
    """Return the demo that a data folder is; None for any other. Looked at once in the life of a process."""
    try:
        told = json.loads((folder / "demo.json").read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    day = dt.date.fromisoformat(told["day"])
    return Demo(folder, day, told["sample"], told["sha256"], told["heads"], told["accounts"])


def _this() -> Demo | None:
    installation: Installation = settings.INSTALLATION
    return demo_of(installation.data)


def for_page(request: HttpRequest, actor: Actor | None) -> dict[str, Any]:
    """Return what the shell shows of the demo: the guide on the first page, the names where one signs in."""
    demo = _this()
    if demo is None:
        return {}
    if actor is None:
        return {"demo_accounts": demo.sign_ins()} if request.path == reverse("account_login") else {}
    return {"demo_guide": _guide(demo, actor)} if request.path == reverse("home") else {}


def _guide(demo: Demo, actor: Actor) -> dict[str, Any]:
    """Return the three steps as far as the data say that they are done."""
    sample = _sample(demo)
    opened = list(_matters(sample)) if sample else []
    # A matter that units were told of and one has taken up.
    taken_up = any(matter.state not in {State.DRAFTED, State.ASSIGNED} for matter in opened)
    is_clerk = may(actor, "directive.take_in") is None
    steps = [sample is not None, bool(opened), taken_up]
    return {
        "sample": sample,
        "is_read": sample is not None and sample.stage not in Stage.unread,
        "steps": steps,
        "now": steps.index(False) + 1 if False in steps else 0,
        "is_clerk": is_clerk,
        "clerk": _CLERK,
        "clerk_url": demo.login_url(_CLERK),
        "school": _school(demo, opened),
        "is_stale": timezone.localdate() > demo.day + _FRESH,
        "day": demo.day,
    }


def _sample(demo: Demo) -> Directive | None:
    taken = Directive.objects.filter(evidence__sha256=demo.sha256).exclude(stage=Stage.WITHDRAWN)
    return taken.order_by("-pk").first()


def _matters(sample: Directive) -> list[Matter]:
    rows = sample.clauses.filter(state=ClauseState.CONFIRMED).select_related("matter__lead").order_by("number")
    return [row.matter for row in rows if row.matter is not None]


def _school(demo: Demo, opened: list[Matter]) -> dict[str, str] | None:
    """Return the unit as whose head the visitor goes on: one that leads a matter, a school before a department."""
    led = [(matter.lead, matter.title) for matter in opened if matter.lead is not None]
    known = [(unit, title) for unit, title in led if unit.code in demo.heads]
    if not known:
        return None
    unit, title = min(known, key=lambda one: one[0].kind not in _SCHOOLS)
    username = demo.heads[unit.code]
    return {"unit": unit.name, "username": username, "url": demo.login_url(username), "title": title}


@gated("directive.take_in")
@require_POST
def take_sample(request: SignedIn) -> HttpResponse:
    """Take the demo's speech in, or lead to where it stands already (POST); 404 where this is no demo."""
    demo = _this()
    if demo is None:
        raise Http404
    there = _sample(demo)
    if there is None:
        try:
            with (demo.folder / demo.sample).open("rb") as file:
                there = take_in(file, by=request.actor, name=demo.sample, operation=operation_of(request))
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
            return redirect("home")
    return redirect("directives:reading" if there.stage in Stage.unread else "directives:review", there.pk)


urlpatterns: list[URLPattern] = [path("demo/sample/", take_sample, name="demo_sample")]
