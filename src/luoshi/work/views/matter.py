"""The page of one matter."""

from __future__ import annotations

from typing import Any, Final

from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from luoshi.org.gate import SignedIn, gated
from luoshi.work import registers
from luoshi.work.enums import Act, Light, State
from luoshi.work.evidence import PREVIEWED
from luoshi.work.models import Matter
from luoshi.work.offers import Offer, offers
from luoshi.work.panels import panels_of
from luoshi.work.queries import matters_for, with_lights
from luoshi.work.registers import Register
from luoshi.work.sentences import sentence
from luoshi.work.standing import days_of, entry_of, light_words, standing_of
from luoshi.work.views.fetching import look_at, matter_or_404

__all__ = ["matter"]

SOME_EVENTS: Final = 60
SOME_CHILDREN: Final = 100
FIRST: Final = (Act.ACCEPT, Act.VERIFY, Act.SUBMIT, Act.REPORT)
"""Acts that stand out when they are possible: what the matter waits for."""


@gated("see")
@require_GET
def matter(request: SignedIn, number: int) -> HttpResponse:
    """Show a matter with everything that belongs to it, and what the reader can do next."""
    row = matter_or_404(request, number)
    look_at(request, row)
    return render(request, "work/matter.html", matter_context(request, row))


def matter_context(request: SignedIn, row: Matter) -> dict[str, Any]:
    """Return what the page shows."""
    register, today = registers.of(row), timezone.localdate()
    limit = None if request.GET.get("events") == "all" else SOME_EVENTS
    events = list(row.events.order_by("-seq")[: None if limit is None else limit + 1])
    offered = offers(row, request.actor)
    return {
        "matter": row,
        "register": register,
        "today": today,
        "standing": standing_of(row, register),
        "light_words": light_words(row, getattr(row, "light", "none"), register, today),
        "fields": [
            (field.words, register.display(field.name, row.fields.get(field.name))) for field in register.fields
        ],
        "feedback": [(one.words, row.feedback.get(one.kind, "")) for one in register.closing.feedback],
        "main": [one for one in offered if one.allowed and _stands_out(row, one.act)],
        "others": [one for one in offered if one.allowed and not _stands_out(row, one.act)],
        "refused": [one for one in offered if one.theirs and not one.allowed],
        "needs": _needs(offered),
        "entries": [entry_of(event, sentence(event)) for event in events[:limit]],
        "more_events": limit is not None and len(events) > limit,
        "days": days_of(row),
        "attachments": row.attachments.filter(detached=None).select_related("evidence").order_by("-pk"),
        "previewed": PREVIEWED,
        "chain": _chain(row, register),
        "panels": panels_of(request, row),
        **_parts(request, row),
    }


def _stands_out(row: Matter, act: Act) -> bool:
    """Tell whether an act is what the matter waits for; assigning anew and offering more time unasked are not."""
    match act:
        case Act.ASSIGN:
            return row.state == State.DRAFTED
        case Act.GRANT_EXTENSION:
            return bool(row.extension)
        case Act.URGE:
            return getattr(row, "light", "none") in {Light.RED, Light.AMBER}
        case _:
            return act in FIRST


def _needs(offered: list[Offer]) -> tuple[str, ...]:
    return next((one.needs for one in offered if one.act is Act.SUBMIT), ())


def _chain(row: Matter, register: Register) -> list[dict[str, Any]]:
    """Return the steps of verification: which are signed, which is due."""
    return [
        {"words": step.words, "role": step.role.label, "signed": number < row.step, "due": number == row.step}
        for number, step in enumerate(register.chain)
    ]


def _parts(request: SignedIn, row: Matter) -> dict[str, Any]:
    """Return the sub-matters that the reader may see, and how many of all are ended."""
    children = row.children.aggregate(all=Count("pk"), ended=Count("pk", filter=Q(is_open=False)))
    rows = matters_for(request.actor).filter(parent=row).select_related("lead", "handler").order_by("pk")
    shown = list(with_lights(rows, timezone.localdate())[:SOME_CHILDREN]) if children["all"] else []
    percent = 100 * children["ended"] // children["all"] if children["all"] else 0
    visible = row.parent is not None and matters_for(request.actor).filter(pk=row.parent_id or 0).exists()
    return {"children": shown, "counts": children, "ended_percent": percent, "parent_visible": visible}
