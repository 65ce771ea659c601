"""How units end and come back: merged into another, closed, reopened. Their people and groups go over or end."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Literal

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from luoshi.ledger.canonical import Json
from luoshi.org.actions.noting import keeping_administrators, lock_tree, named, note
from luoshi.org.actions.units import follow, locked_unit, parent_of, place, refuse_closed, when_changed
from luoshi.org.models import Membership, Post, Unit
from luoshi.org.policy import SYSTEM_ACTOR, Actor, require
from luoshi.org.rules import day_before

__all__ = ["close_unit", "merge_units", "reopen_unit"]

Fate = Literal["move", "end"]


@transaction.atomic
def merge_units(  # noqa: PLR0913 — what becomes of whom
    units: Iterable[Unit],
    *,
    into: Unit,
    by: Actor,
    on: dt.date | None = None,
    why: str = "",
    posts: Fate = "move",
    groups: Fate = "move",
) -> Unit:
    """Close units on a day and let another go on in their place; units below them move under it. Returns that unit.

    With `posts="move"` the people get the same posts at `into`, as proposals that the security's administrator
    confirms (the command line's are in force at once); their old posts end the day before, as all do with "end".
    Memberships in groups go over likewise. A unit that has already been merged into this one is left alone.
    """
    require(by, "unit.change")
    lock_tree()
    into = locked_unit(into)
    refuse_closed(into)
    for unit in units:
        _merge(locked_unit(unit), into, by=by, on=on, why=why, posts=posts, groups=groups)
    into.refresh_from_db()
    return into


def _merge(  # noqa: PLR0913 — as above
    unit: Unit, into: Unit, *, by: Actor, on: dt.date | None, why: str, posts: Fate, groups: Fate
) -> None:
    if unit.merged_into_id == into.pk and unit.closed_on is not None:
        return
    refuse_closed(unit)
    into.refresh_from_db()
    if into.path.startswith(unit.path):
        raise ValidationError(
            _("“%(into)s”就是“%(unit)s”或在它下面，不能并入。请先把“%(into)s”移到别处。"),
            code="cycle",
            params={"into": into.name, "unit": unit.name},
        )
    day = when_changed(unit, on)
    children = list(_open_children(unit))
    for child in children:
        place(child, into)
        _follow_child(child, day, why)
        into.refresh_from_db()
    with keeping_administrators(by, last_day=day):
        people = _end_posts([unit], day, successor=into if posts == "move" else None, by=by)
    members = _end_memberships([unit], day, successor=into if groups == "move" else None)
    _shut(unit, day, why, into=into)
    moved: list[Json] = [child.code for child in children]
    counts: dict[str, Json] = {"posts": people, "groups": members, "children": moved}
    note("unit.change", "merge", unit, by=by, into=named(into), since=day.isoformat(), why=why, **counts)


def _follow_child(child: Unit, day: dt.date, why: str) -> None:
    """Write down the new place of a unit that was moved along; where it changed since, from that day on."""
    later = child.versions.filter(since__gt=day).order_by("-since").first()
    follow(child, later.since if later else day, why)


@transaction.atomic
def close_unit(  # noqa: PLR0913 — what becomes of whom
    unit: Unit,
    *,
    by: Actor,
    on: dt.date | None = None,
    why: str = "",
    posts: Literal["end"] | None = None,
    children: Unit | Literal["close"] | None = None,
) -> Unit:
    """Close a unit from a day on. Its memberships in groups end the day before.

    A unit that has open posts or open units below it closes only where the caller says what becomes of them: posts
    "end" the day before; children "close" with it, or move under the unit given. Does nothing where it is closed.
    """
    require(by, "unit.change")
    lock_tree()
    unit = locked_unit(unit)
    if unit.closed_on is not None:
        return unit
    day = when_changed(unit, on)
    _settle_children(unit, children, day, why)
    unit.refresh_from_db()
    closing = list(Unit.objects.filter(path__startswith=unit.path, closed_on=None).order_by("-path"))
    if posts is None:
        _refuse_posts(closing, day)
    with keeping_administrators(by, last_day=day):
        ended = _end_posts(closing, day, successor=None, by=by)
    _end_memberships(closing, day, successor=None)
    for one in closing:
        _shut(one, when_changed(one, day), why, into=None)
        note("unit.change", "close", one, by=by, since=day.isoformat(), posts=ended, why=why)
    unit.refresh_from_db()
    return unit


def _settle_children(unit: Unit, children: Unit | Literal["close"] | None, day: dt.date, why: str) -> None:
    below = list(_open_children(unit))
    if not below or children == "close":
        return
    if children is None:
        raise ValidationError(
            _("“%(unit)s”下面还有%(count)d个在用的单位，请先说明它们怎么办：移到别的单位下，还是一起停用。"),
            code="open_children",
            params={"unit": unit.name, "count": len(below)},
        )
    for child in below:
        to = locked_unit(children)
        if to.path.startswith(unit.path):
            raise ValidationError(
                _("“%(to)s”就是要停用的单位或在它下面，请另选一个单位接收。"), code="cycle", params={"to": to.name}
            )
        place(child, to)
        _follow_child(child, day, why)


def _refuse_posts(units: Sequence[Unit], day: dt.date) -> None:
    count = _posts_after(units, day).count()
    if count:
        raise ValidationError(
            _("这里还有%(count)d个任职没有结束，请先结束，或在停用时选择“一并结束任职”。"),
            code="open_posts",
            params={"count": count},
        )


def _posts_after(units: Sequence[Unit], day: dt.date) -> QuerySet[Post]:
    return Post.objects.filter(Q(until=None) | Q(until__gte=day), unit__in=units)


@transaction.atomic
def reopen_unit(unit: Unit, *, by: Actor, on: dt.date | None = None, why: str = "") -> Unit:
    """Open a closed or merged unit again from a day on. People, groups and the units below do not come back with it."""
    require(by, "unit.change")
    lock_tree()
    unit = locked_unit(unit)
    if unit.closed_on is None:
        return unit
    parent = parent_of(unit)
    if parent is not None:
        refuse_closed(parent)
    day = when_changed(unit, on)
    was, unit.closed_on, unit.merged_into = unit.closed_on, None, None
    unit.save(update_fields=["closed_on", "merged_into"])
    follow(unit, day, why)
    note("unit.change", "reopen", unit, by=by, was=was.isoformat(), since=day.isoformat(), why=why)
    return unit


def _open_children(unit: Unit) -> Iterable[Unit]:
    fresh = Unit.objects.get(pk=unit.pk)
    children: Iterable[Unit] = Unit.objects.get_children(fresh).filter(closed_on=None)
    return children


def _shut(unit: Unit, day: dt.date, why: str, *, into: Unit | None) -> None:
    unit.refresh_from_db()
    unit.closed_on = max(day, unit.opened_on or day)
    unit.merged_into = into
    unit.save(update_fields=["closed_on", "merged_into"])
    follow(unit, day, why)


def _end_posts(units: Sequence[Unit], day: dt.date, *, successor: Unit | None, by: Actor) -> int:
    """End all posts that reach to `day`, proposals among them; returns how many. Posts that begin later never begin."""
    posts = list(_posts_after(units, day).select_for_update().select_related("person"))
    for post in posts:
        if successor is not None:
            _go_over(post, successor, day, by)
        if post.confirmed_at is None:
            post.delete()
            continue
        _refuse_later(post, day)
        post.until = day_before(day, since=post.since)
        post.deputies.filter(since__gt=post.until).delete()
        post.deputies.filter(until__gt=post.until).update(until=post.until)
        post.save(update_fields=["until"])
    return len(posts)


def _refuse_later(post: Post, day: dt.date) -> None:
    if post.since > day:
        raise ValidationError(
            _("%(person)s的任职从%(since)s才开始，晚于停用日期%(day)s，请先结束这个任职。"),
            code="post_begins_later",
            params={"person": post.person.name, "since": post.since.isoformat(), "day": day.isoformat()},
        )


def _go_over(post: Post, to: Unit, day: dt.date, by: Actor) -> None:
    """Propose the same post at another unit, unless the person has it there already."""
    open_there = Post.objects.filter(Q(until=None) | Q(until__gte=day), person=post.person, unit=to, role=post.role)
    if open_there.exists() or post.person.left_on is not None:
        return
    at_once = by is SYSTEM_ACTOR and post.confirmed_at is not None
    Post.objects.create(
        person=post.person,
        unit=to,
        role=post.role,
        title=post.title,
        area=post.area,
        registers=post.registers,
        since=max(day, post.since),
        until=post.until,
        proposed_by_id=by.person_id,
        confirmed_at=post.confirmed_at if at_once else None,
    )


def _end_memberships(units: Sequence[Unit], day: dt.date, *, successor: Unit | None) -> int:
    members = list(Membership.objects.filter(Q(until=None) | Q(until__gte=day), unit__in=units).select_for_update())
    for member in members:
        if successor is not None and not _is_member(member.group_id, successor, day):
            Membership.objects.create(
                group_id=member.group_id, unit=successor, since=max(day, member.since), until=member.until
            )
        member.until = day_before(day, since=member.since)
        member.save(update_fields=["until"])
    return len(members)


def _is_member(group: int, unit: Unit, day: dt.date) -> bool:
    return Membership.objects.filter(Q(until=None) | Q(until__gte=day), group_id=group, unit=unit).exists()
