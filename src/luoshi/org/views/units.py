"""Units: the tree, one unit, and what can be done with it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from luoshi.org import actions, queries
from luoshi.org.forms import ChangeUnitForm, CloseUnitForm, DayForm, MergeForm, MoveForm, NewUnitForm
from luoshi.org.gate import SignedIn, gated
from luoshi.org.models import Unit
from luoshi.org.views.asking import ask, knows_numbers, may_change

MOST_UNITS: Final = 1500
"""Units of one page; a larger tree is shown to the depth that fits, and each unit's page leads further down."""


@dataclass(frozen=True, slots=True)
class TreeRow:
    """One unit of the tree: whether a list begins below it, and how many lists end behind it."""

    unit: queries.UnitOn
    opens: bool
    ends: range


@require_GET
@gated("org.see")
def tree(request: SignedIn) -> HttpResponse:
    """Show the tree as it is, or was on a day; find units by what is typed."""
    day = _day(request.GET.get("on", ""))
    text = request.GET.get("q", "")[:120]
    rows = [] if text else queries.tree_on(day)
    page = {
        "rows": _nested(rows),
        "total": len(rows),
        "cut": len(rows) > MOST_UNITS,
        "found": queries.search_units(text, most=50),
        "text": text,
        "day": day,
        "today": timezone.localdate(),
        "vacant": 0 if text else queries.vacancies(day).count(),
        "may_change": may_change(request),
        "may_export": knows_numbers(request),
    }
    return render(request, "org/tree.html", page)


def _day(text: str) -> dt.date:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        return timezone.localdate()


def _nested(rows: Sequence[queries.UnitOn]) -> list[TreeRow]:
    deepest = max((row.depth for row in rows), default=0)
    shown = list(rows)
    while len(shown) > MOST_UNITS and deepest > 1:
        deepest -= 1
        shown = [row for row in rows if row.depth <= deepest]
    shown = shown[:MOST_UNITS]
    found = []
    for place, row in enumerate(shown, 1):
        depth = shown[place].depth if place < len(shown) else 1
        found.append(TreeRow(row, depth > row.depth, range(max(row.depth - depth, 0))))
    return found


@require_GET
@gated("org.see")
def vacancies(request: SignedIn) -> HttpResponse:
    """List the units that nobody heads."""
    return render(request, "org/vacancies.html", {"units": queries.vacancies(timezone.localdate())})


@require_GET
@gated("org.see")
def unit(request: SignedIn, code: str) -> HttpResponse:
    """Show one unit: facts, people, groups, units below, history."""
    row = get_object_or_404(Unit, code=code)
    today = timezone.localdate()
    page: dict[str, Any] = {
        "unit": row,
        "above": Unit.objects.get_ancestors(row),
        "below": Unit.objects.get_children(row).filter(closed_on=None),
        "posts": queries.posts_now(today).filter(unit=row).select_related("person", "area"),
        "groups": row.memberships.filter(queries.in_force(today), group__closed_on=None).select_related("group"),
        "history": row.versions.select_related("parent").order_by("-since"),
        "successor": queries.successor_of(row) if row.merged_into_id else None,
        "may_change": may_change(request),
    }
    return render(request, "org/unit.html", page)


def _at(row: Unit) -> str:
    return reverse("org:unit", args=[row.code])


@gated("unit.change")
def new_unit(request: SignedIn) -> HttpResponse:
    """Open a unit."""
    form = NewUnitForm(request.POST or None, initial={"parent": request.GET.get("under", "")})
    return ask(
        request,
        form,
        lambda data: actions.open_unit(by=request.actor, **data),
        title=_("新设单位"),
        button=_("设立"),
        back=reverse("org:tree"),
        said=_("单位已设立。"),
        done=_at,
    )


@gated("unit.change")
def change_unit(request: SignedIn, code: str) -> HttpResponse:
    """Change what a unit is called and does."""
    row = get_object_or_404(Unit, code=code)
    initial = {field: getattr(row, field) for field in ("name", "kind", "stage", "duties")}
    form = ChangeUnitForm(request.POST or None, initial={**initial, "short_names": "、".join(row.short_names)})
    return ask(
        request,
        form,
        lambda data: actions.change_unit(row, by=request.actor, **data),
        title=_("修改单位"),
        kicker=row.name,
        button=_("保存"),
        back=_at(row),
        said=_("已保存。"),
    )


@gated("unit.change")
def move_unit(request: SignedIn, code: str) -> HttpResponse:
    """Move a unit with all below it."""
    row = get_object_or_404(Unit, code=code)
    return ask(
        request,
        MoveForm(request.POST or None),
        lambda data: actions.move_unit(row, by=request.actor, **data),
        title=_("移动单位"),
        kicker=row.name,
        note=_("下面的单位会一起移动。"),
        button=_("移动"),
        back=_at(row),
        said=_("单位已移动。"),
    )


@gated("unit.change")
def merge_unit(request: SignedIn, code: str) -> HttpResponse:
    """Let another unit go on in this one's place."""
    row = get_object_or_404(Unit, code=code)
    return ask(
        request,
        MergeForm(request.POST or None),
        lambda data: actions.merge_units([row], by=request.actor, **data),
        title=_("并入别的单位"),
        kicker=row.name,
        note=_("这个单位停用，下面的单位移到并入的单位下；经办的事项请到事项页面转办。"),
        button=_("并入"),
        back=_at(row),
        said=_("单位已并入。"),
        danger=True,
    )


@gated("unit.change")
def close_unit(request: SignedIn, code: str) -> HttpResponse:
    """Close a unit."""
    row = get_object_or_404(Unit, code=code)

    def act(data: dict[str, Any]) -> Unit:
        children = data["to"] if data["children"] == "move" else data["children"] or None
        posts: Literal["end"] | None = "end" if data["posts"] else None
        return actions.close_unit(row, by=request.actor, on=data["on"], why=data["why"], posts=posts, children=children)

    return ask(
        request,
        CloseUnitForm(request.POST or None),
        act,
        title=_("停用单位"),
        kicker=row.name,
        button=_("停用"),
        back=_at(row),
        said=_("单位已停用。"),
        danger=True,
    )


@gated("unit.change")
def reopen_unit(request: SignedIn, code: str) -> HttpResponse:
    """Open a closed unit again."""
    row = get_object_or_404(Unit, code=code)
    return ask(
        request,
        DayForm(request.POST or None),
        lambda data: actions.reopen_unit(row, by=request.actor, **data),
        title=_("重新启用单位"),
        kicker=row.name,
        note=_("原来的任职、单位组和下面的单位不会跟着恢复。"),
        button=_("重新启用"),
        back=_at(row),
        said=_("单位已重新启用。"),
    )
