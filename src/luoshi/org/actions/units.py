"""Units: open, change, move. How they end is in `endings`."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from luoshi.org.actions.noting import lock_tree, named, note
from luoshi.org.enums import Stage, UnitKind
from luoshi.org.models import Unit, UnitVersion
from luoshi.org.policy import Actor, require
from luoshi.org.rules import (
    LONGEST_WHY,
    MAX_DEPTH,
    check_past,
    chosen,
    clean_code,
    clean_line,
    clean_short_names,
    clean_text,
)

__all__ = [
    "change_unit",
    "cleaned_unit",
    "follow",
    "locked_unit",
    "move_unit",
    "open_unit",
    "parent_of",
    "place",
    "refuse_closed",
    "rename_unit",
    "when_changed",
]

LONGEST_NAME: Final = 120
LONGEST_DUTIES: Final = 5_000


@transaction.atomic
def open_unit(  # noqa: PLR0913 — what a unit is
    *,
    by: Actor,
    code: str,
    name: str,
    kind: str,
    parent: Unit | None = None,
    stage: str = "",
    short_names: Iterable[str] | str = (),
    duties: str = "",
    opened_on: dt.date | None = None,
    why: str = "",
) -> Unit:
    """Open a unit under `parent`, or at the top, as the last of its siblings.

    `opened_on` may lie in the past. Refuses a code that any unit has or had (upper and lower case count as one), a day
    to come, and a closed parent. Does nothing where this very unit is already there.
    """
    require(by, "unit.change")
    lock_tree()
    values = cleaned_unit(name=name, kind=kind, stage=stage, short_names=short_names, duties=duties)
    code = clean_code(code, what=_("单位代码"))
    on = check_past(opened_on)
    if parent is not None:
        parent = locked_unit(parent)
        refuse_closed(parent)
        _refuse_depth(parent.depth + 1)
    standing = Unit.objects.filter(code__iexact=code).first()
    if standing is not None:
        return _same_or_taken(standing, parent, {**values, "code": code})
    create: dict[str, Any] = {**values, "code": code, "opened_on": opened_on}
    unit: Unit = Unit.objects.add_root(create) if parent is None else Unit.objects.add_child(parent, create)
    follow(unit, on, why)
    note("unit.change", "open", unit, by=by, kind=unit.kind, parent=named(parent), since=on.isoformat(), why=why)
    return unit


def _same_or_taken(standing: Unit, parent: Unit | None, values: dict[str, Any]) -> Unit:
    is_same = standing.closed_on is None and parent_of(standing) == parent
    if is_same and all(getattr(standing, field) == value for field, value in values.items()):
        return standing
    raise ValidationError(
        _("代码%(code)s已经是“%(name)s”的代码，停用后也不能再给别的单位，请换一个代码。"),
        code="code_taken",
        params={"code": standing.code, "name": standing.name},
    )


def rename_unit(unit: Unit, *, by: Actor, name: str, on: dt.date | None = None, why: str = "") -> Unit:
    """Give a unit another name from a day on; see :func:`change_unit`."""
    return change_unit(unit, by=by, name=name, on=on, why=why)


@transaction.atomic
def change_unit(  # noqa: PLR0913 — what of a unit can change
    unit: Unit,
    *,
    by: Actor,
    name: str | None = None,
    kind: str | None = None,
    stage: str | None = None,
    short_names: Iterable[str] | str | None = None,
    duties: str | None = None,
    on: dt.date | None = None,
    why: str = "",
) -> Unit:
    """Change what a unit is called or does; None leaves a value as it is.

    Name and kind go into the unit's history under `on`, which may lie in the past but not before the last change.
    """
    require(by, "unit.change")
    unit = locked_unit(unit)
    refuse_closed(unit)
    given: dict[str, Any] = {"name": name, "kind": kind, "stage": stage, "short_names": short_names, "duties": duties}
    values = cleaned_unit(**{field: value for field, value in given.items() if value is not None})
    was = {field: getattr(unit, field) for field, value in values.items() if getattr(unit, field) != value}
    if not was:
        return unit
    day = when_changed(unit, on)
    for field in was:
        setattr(unit, field, values[field])
    unit.save(update_fields=list(was))
    if was.keys() & {"name", "kind"}:
        follow(unit, day, why)
    now = {field: values[field] for field in was}
    note("unit.change", "change", unit, by=by, was=was, now=now, since=day.isoformat(), why=why)
    return unit


@transaction.atomic
def move_unit(unit: Unit, *, to: Unit | None, by: Actor, on: dt.date | None = None, why: str = "") -> Unit:
    """Move a unit, with all units below it, under another, or to the top, as the last of its new siblings.

    Refuses a place below the unit itself, a closed place, and a tree deeper than `MAX_DEPTH`.
    """
    require(by, "unit.change")
    lock_tree()
    unit = locked_unit(unit)
    to = None if to is None else locked_unit(to)
    refuse_closed(unit)
    was = parent_of(unit)
    if was == to:
        return unit
    day = when_changed(unit, on)
    place(unit, to)
    follow(unit, day, why)
    note("unit.change", "move", unit, by=by, was=named(was), now=named(to), since=day.isoformat(), why=why)
    return unit


def place(unit: Unit, to: Unit | None) -> None:
    """Move a subtree; refuses what :func:`move_unit` refuses. Writes neither history nor record."""
    if to is None:
        last = Unit.objects.get_last_root_node()
        Unit.objects.move(unit, last, "last-sibling")
    else:
        refuse_closed(to)
        if to.path.startswith(unit.path):
            raise ValidationError(
                _("“%(to)s”在“%(unit)s”下面（或就是它自己），不能移到那里，请另选上级单位。"),
                code="cycle",
                params={"to": to.name, "unit": unit.name},
            )
        deepest = Unit.objects.filter(path__startswith=unit.path).aggregate(deepest=Max("depth"))["deepest"]
        _refuse_depth(to.depth + 1 + deepest - unit.depth)
        Unit.objects.move(unit, to, "last-child")
    unit.refresh_from_db()


def _refuse_depth(depth: int) -> None:
    if depth > MAX_DEPTH:
        raise ValidationError(
            _("单位最多%(most)d级，这样会有%(depth)d级，请放到更高一级的单位下。"),
            code="too_deep",
            params={"most": MAX_DEPTH, "depth": depth},
        )


def parent_of(unit: Unit) -> Unit | None:
    """Return the unit above, None at the top."""
    parent: Unit | None = Unit.objects.get_parent(unit, update=True)
    return parent


def locked_unit(unit: Unit) -> Unit:
    """Return the unit as it is now, its row locked until the transaction ends."""
    fresh: Unit = Unit.objects.select_for_update().get(pk=unit.pk)
    return fresh


def refuse_closed(unit: Unit) -> None:
    """Refuse to go on with a unit that is not there any more."""
    if unit.closed_on is not None:
        raise ValidationError(
            _("“%(name)s”已于%(day)s停用，请另选单位，或先重新启用它。"),
            code="unit_closed",
            params={"name": unit.name, "day": unit.closed_on.isoformat()},
        )


def when_changed(unit: Unit, on: dt.date | None) -> dt.date:
    """Return the day of a change, today unless told; refuses a day to come and one before the last change."""
    day = check_past(on)
    last = UnitVersion.objects.filter(unit=unit).order_by("-since").first()
    if last is not None and day < last.since:
        raise ValidationError(
            _("“%(name)s”在%(last)s已有变动，日期不能早于那一天，请改正。"),
            code="before_last_change",
            params={"name": unit.name, "last": last.since.isoformat()},
        )
    return day


def follow(unit: Unit, on: dt.date, why: str = "") -> None:
    """Write into the unit's history what it is from a day on."""
    why = clean_line(why, what=_("缘由"), longest=LONGEST_WHY, needed=False)
    values = {
        "name": unit.name,
        "kind": unit.kind,
        "parent": parent_of(unit),
        "is_open": unit.closed_on is None,
        "why": why,
    }
    UnitVersion.objects.update_or_create(unit=unit, since=on, defaults=values)


def cleaned_unit(
    *,
    name: str | None = None,
    kind: str | None = None,
    stage: str | None = None,
    short_names: Iterable[str] | str | None = None,
    duties: str | None = None,
) -> dict[str, Any]:
    """Return the values of a unit's columns that are given, each checked."""
    values: dict[str, Any] = {}
    if name is not None:
        values["name"] = clean_line(name, what=_("单位全称"), longest=LONGEST_NAME)
    if kind is not None:
        values["kind"] = chosen(kind, UnitKind, what=_("类别"))
    if stage is not None:
        values["stage"] = chosen(stage, Stage, what=_("学段"))
    if short_names is not None:
        values["short_names"] = clean_short_names(short_names)
    if duties is not None:
        values["duties"] = clean_text(duties, what=_("职责"), longest=LONGEST_DUTIES)
    return values
