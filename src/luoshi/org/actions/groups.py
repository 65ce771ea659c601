"""Groups of units beside the tree."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from luoshi.ledger.canonical import Json
from luoshi.org.actions.noting import note
from luoshi.org.actions.units import refuse_closed
from luoshi.org.enums import GroupKind
from luoshi.org.models import Group, Membership, Post, Unit
from luoshi.org.policy import Actor, require
from luoshi.org.rules import check_past, check_period, chosen, clean_code, clean_line, day_before

__all__ = ["add_to_group", "change_group", "cleaned_group", "close_group", "open_group", "remove_from_group"]

LONGEST_NAME = 120


@transaction.atomic
def open_group(*, by: Actor, code: str, name: str, kind: str) -> Group:
    """Open a group without members. Refuses a code that any group has or had; does nothing where it is this one."""
    require(by, "group.change")
    values = cleaned_group(name=name, kind=kind)
    code = clean_code(code, what=_("组代码"))
    standing = Group.objects.select_for_update().filter(code__iexact=code).first()
    if standing is not None:
        same = standing.closed_on is None and {field: getattr(standing, field) for field in values} == values
        if same and standing.code == code:
            return standing
        raise ValidationError(
            _("代码%(code)s已经是“%(name)s”的代码，请换一个代码。"),
            code="code_taken",
            params={"code": code, "name": standing.name},
        )
    group = Group.objects.create(code=code, **values)
    note("group.change", "open", group, by=by, kind=group.kind)
    return group


@transaction.atomic
def change_group(group: Group, *, by: Actor, name: str | None = None, kind: str | None = None) -> Group:
    """Change a group's name or kind; None leaves a value as it is."""
    require(by, "group.change")
    group = _locked(group)
    _refuse_closed(group)
    values = cleaned_group(name=name, kind=kind)
    was = {field: getattr(group, field) for field, value in values.items() if getattr(group, field) != value}
    if not was:
        return group
    for field in was:
        setattr(group, field, values[field])
    group.save(update_fields=list(was))
    note("group.change", "change", group, by=by, was=was, now={field: values[field] for field in was})
    return group


@transaction.atomic
def close_group(group: Group, *, by: Actor, on: dt.date | None = None) -> Group:
    """Close a group from a day on; its memberships end the day before. Refuses while posts are measured by it."""
    require(by, "group.change")
    group = _locked(group)
    if group.closed_on is not None:
        return group
    day = check_past(on)
    posts = Post.objects.filter(Q(until=None) | Q(until__gte=day), area=group).count()
    if posts:
        raise ValidationError(
            _("还有%(count)d个任职以“%(name)s”为包片范围，请先结束这些任职。"),
            code="open_posts",
            params={"count": posts, "name": group.name},
        )
    for member in group.memberships.filter(Q(until=None) | Q(until__gte=day)):
        member.until = day_before(day, since=member.since)
        member.save(update_fields=["until"])
    group.closed_on = day
    group.save(update_fields=["closed_on"])
    note("group.change", "close", group, by=by, since=day.isoformat())
    return group


@transaction.atomic
def add_to_group(group: Group, units: Iterable[Unit], *, by: Actor, since: dt.date | None = None) -> list[Membership]:
    """Make units members from a day on, today unless told; returns the new memberships, leaving members alone."""
    require(by, "group.change")
    group = _locked(group)
    _refuse_closed(group)
    day = since or timezone.localdate()
    check_period(day, None)
    made = []
    for unit in units:
        refuse_closed(unit)
        if not group.memberships.filter(Q(until=None) | Q(until__gte=day), unit=unit).exists():
            made.append(Membership.objects.create(group=group, unit=unit, since=day))
    if made:
        codes: list[Json] = [member.unit.code for member in made]
        note("group.change", "add", group, by=by, units=codes, since=day.isoformat())
    return made


@transaction.atomic
def remove_from_group(group: Group, unit: Unit, *, by: Actor, on: dt.date | None = None) -> None:
    """End a unit's membership: `on` is the last day, yesterday unless told, so that it no longer counts today.

    A membership that would end before it begins is over with its first day.
    """
    require(by, "group.change")
    group = _locked(group)
    last = on or timezone.localdate() - dt.timedelta(days=1)
    members = group.memberships.filter(Q(until=None) | Q(until__gt=last), unit=unit)
    ended = [member for member in members if member.until != max(last, member.since)]
    for member in ended:
        member.until = max(last, member.since)
        member.save(update_fields=["until"])
    if ended:
        note("group.change", "remove", group, by=by, units=[unit.code], until=last.isoformat())


def _locked(group: Group) -> Group:
    return Group.objects.select_for_update().get(pk=group.pk)


def _refuse_closed(group: Group) -> None:
    if group.closed_on is not None:
        raise ValidationError(
            _("“%(name)s”已于%(day)s停用，请另选一个组。"),
            code="group_closed",
            params={"name": group.name, "day": group.closed_on.isoformat()},
        )


def cleaned_group(*, name: str | None = None, kind: str | None = None) -> dict[str, Any]:
    """Return the values of a group's columns that are given, each checked."""
    values: dict[str, Any] = {}
    if name is not None:
        values["name"] = clean_line(name, what=_("组名称"), longest=LONGEST_NAME)
    if kind is not None:
        values["kind"] = chosen(kind, GroupKind, what=_("组类别"))
    return values
