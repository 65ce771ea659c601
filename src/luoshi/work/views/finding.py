"""Searching, and what is offered while somebody types a unit or a person."""

from __future__ import annotations

from typing import Any, Final

from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from luoshi.org.finding import find_units
from luoshi.org.gate import SignedIn, gated
from luoshi.org.queries import people
from luoshi.work import registers
from luoshi.work.models import Matter
from luoshi.work.queries import with_lights
from luoshi.work.search import find

__all__ = ["pick_person", "pick_unit", "search"]

OFFERED: Final = 12


@gated("see")
@require_GET
def search(request: SignedIn) -> HttpResponse:
    """Find matters by words, numbers and names of files."""
    text = request.GET.get("q", "")
    kinds = registers.current_all()
    code = request.GET.get("register", "")
    kind = next((one.code for one in kinds if one.code == code), None)
    names = [("", "——"), *((one.code, str(one.short)) for one in kinds)]
    context: dict[str, Any] = {"text": text, "kinds": names, "register": code}
    if text.strip():
        open_only = bool(request.GET.get("open"))
        after = request.GET.get("after", "")
        page = find(text, actor=request.actor, register=kind, open_only=open_only, after=after)
        asked = request.GET.copy()
        asked["after"] = page.after
        context |= {"page": page, "rows": _lit(page.matters), "open_only": open_only}
        context |= {"next": f"?{asked.urlencode()}" if page.after else "", "words": dict(names)}
    return render(request, "work/search.html", context)


def _lit(found: list[Matter]) -> list[Matter]:
    """Return the same matters in the same order, with lights and names."""
    numbers = [row.pk for row in found]
    rows = Matter.objects.filter(pk__in=numbers).select_related("lead", "handler")
    by_number = {row.pk: row for row in with_lights(rows, timezone.localdate())}
    return [by_number[number] for number in numbers]


@gated("org.see")
@require_GET
def pick_unit(request: SignedIn) -> HttpResponse:
    """Offer open units for what was typed of a name, a short name or a code, or of how they are read."""
    found = find_units(request.GET.get("q", ""), OFFERED)
    return _offer([f"{unit.name}（{unit.code}）" for unit in found])


@gated("org.see")
@require_GET
def pick_person(request: SignedIn) -> HttpResponse:
    """Offer people who are here, by what was typed of their name; several of one name with their uid."""
    text = request.GET.get("q", "").strip()[:60]
    found = list(people(text, on=timezone.localdate())[:OFFERED]) if text else []
    names = [person.name for person in found]
    return _offer(
        [person.name if names.count(person.name) == 1 else f"{person.name} #{str(person.uid)[:8]}" for person in found]
    )


def _offer(words: list[str]) -> HttpResponse:
    return JsonResponse({"offers": words})
