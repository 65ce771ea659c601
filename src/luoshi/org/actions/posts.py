"""Posts: proposed by the system's administrator, in force once the security's administrator has confirmed them."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from luoshi.ledger.actions import Entry, record_many
from luoshi.ledger.canonical import Json
from luoshi.org.actions.noting import keeping_administrators, note, subject_of
from luoshi.org.actions.people import locked_person
from luoshi.org.actions.units import refuse_closed
from luoshi.org.enums import Role
from luoshi.org.models import Deputy, Group, Person, Post, Unit
from luoshi.org.policy import SYSTEM_ACTOR, Actor, require
from luoshi.org.rules import Tenure, check_period, chosen, clean_line, clean_registers, refuse_clash

__all__ = [
    "NEEDS_AREA",
    "confirm_post",
    "confirm_posts",
    "end_post",
    "post_facts",
    "propose_post",
    "refuse_area",
    "refuse_post",
    "tenures_of",
]

LONGEST_TITLE = 80
NEEDS_AREA = frozenset({Role.INSPECTOR})
"""Roles that reach nothing without a covered area."""

TAKES_AREA = NEEDS_AREA | {Role.LEADER}


@transaction.atomic
def propose_post(  # noqa: PLR0913 — what a post is
    person: Person,
    unit: Unit,
    *,
    by: Actor,
    role: str,
    title: str = "",
    area: Group | None = None,
    registers: Iterable[str] | str = (),
    since: dt.date | None = None,
    until: dt.date | None = None,
) -> Post:
    """Propose that somebody holds a post from a day on, today unless told; it entitles to nothing until confirmed.

    Refuses somebody who has left, a closed unit, a second post of this role at this unit at the same time, an inspector
    without an area, and whatever would make an administrator anything else besides. Does nothing where this very post
    is already there, proposed or confirmed.
    """
    require(by, "post.propose")
    role = chosen(role, Role, what=_("角色"))
    title = clean_line(title, what=_("职务"), longest=LONGEST_TITLE, needed=False)
    named_registers = clean_registers(registers)
    since = since or timezone.localdate()
    check_period(since, until)
    person = locked_person(person)
    refuse_left(person, since)
    refuse_closed(unit)
    refuse_area(Role(role), area)
    post = Post(
        person=person, unit=unit, role=role, title=title, area=area, registers=named_registers, since=since, until=until
    )
    post.proposed_by_id = by.person_id
    standing = _standing(post)
    if standing is not None:
        return standing
    refuse_clash(person.name, [*tenures_of([person])[person.pk], Tenure(Role(role), since, until)])
    post.save(force_insert=True)
    note("post.propose", "propose", post, by=by, **post_facts(post))
    return post


def _standing(post: Post) -> Post | None:
    """Return the very same post where it stands; refuses another of the same role at the same unit and time."""
    tenure = Tenure(Role(post.role), post.since, post.until)
    for other in Post.objects.filter(person=post.person, unit=post.unit, role=post.role):
        if not tenure.meets(Tenure(Role(other.role), other.since, other.until)):
            continue
        if post_facts(other) == post_facts(post):
            return other
        raise ValidationError(
            _("%(person)s在“%(unit)s”已有从%(since)s起的同一角色任职，请先结束那个任职，或改日期。"),
            code="post_exists",
            params={"person": post.person.name, "unit": post.unit.name, "since": other.since.isoformat()},
        )
    return None


def refuse_left(person: Person, since: dt.date) -> None:
    """Refuse a post or deputyship that begins after the person's last day."""
    if person.left_on is not None and since > person.left_on:
        raise ValidationError(
            _("%(person)s已于%(day)s离岗，请换一个人，或先办理返岗。"),
            code="person_left",
            params={"person": person.name, "day": person.left_on.isoformat()},
        )


def refuse_area(role: Role, area: Group | None) -> None:
    """Refuse an area where the role does not measure by one or the group is closed, and none where it needs one."""
    if role in NEEDS_AREA and area is None:
        raise ValidationError(
            _("%(role)s要有包片或责任区才看得到事项，请选一个单位组。"),
            code="area_needed",
            params={"role": role.label},
        )
    if area is None:
        return
    if role not in TAKES_AREA:
        raise ValidationError(
            _("只有局领导和督学按包片范围行使权限，%(role)s请不要填包片。"),
            code="area_not_taken",
            params={"role": role.label},
        )
    if area.closed_on is not None:
        raise ValidationError(
            _("“%(name)s”已于%(day)s停用，请另选一个组。"),
            code="group_closed",
            params={"name": area.name, "day": area.closed_on.isoformat()},
        )


def post_facts(post: Post) -> dict[str, Json]:
    """Return what a post entitles to, for the record and to tell two posts apart."""
    return {
        "role": str(Role(post.role).value),
        "title": post.title,
        "area": None if post.area is None else post.area.code,
        "registers": list(post.registers),
        "since": post.since.isoformat(),
        "until": None if post.until is None else post.until.isoformat(),
    }


def tenures_of(people: Iterable[Person | int]) -> defaultdict[int, list[Tenure]]:
    """Return by person the roles that they hold, are proposed for, or stand in for, at any time."""
    found: defaultdict[int, list[Tenure]] = defaultdict(list)
    keys = [one if isinstance(one, int) else one.pk for one in people]
    for start in range(0, len(keys), 5000):
        some = keys[start : start + 5000]
        held = Post.objects.filter(person__in=some).values_list("person", "role", "since", "until")
        stood = Deputy.objects.filter(person__in=some).values_list("person", "post__role", "since", "until")
        for person, role, since, until in (*held, *stood):
            found[person].append(Tenure(Role(role), since, until))
    return found


def confirm_post(post: Post, *, by: Actor) -> Post:
    """Confirm one proposal; see :func:`confirm_posts`."""
    confirm_posts([post], by=by)
    return Post.objects.select_related("person", "unit", "area").get(pk=post.pk)


@transaction.atomic
def confirm_posts(posts: Iterable[Post], *, by: Actor) -> int:
    """Let proposals take effect, all or none; returns how many, leaving alone what is confirmed already.

    Refuses to let anybody confirm a post of their own or one that they proposed. That no administrator becomes anything
    else besides is looked at again, for two proposals may have been made at once.
    """
    require(by, "post.confirm")
    keys = [post.pk for post in posts]
    waiting: list[Post] = []
    for start in range(0, len(keys), 5000):
        found = Post.objects.filter(pk__in=keys[start : start + 5000], confirmed_at=None)
        waiting += found.select_for_update(of=("self",)).select_related("person", "unit", "area").order_by("pk")
    _refuse_own(waiting, by)
    people = {post.person_id: post.person for post in waiting}
    for key, tenures in tenures_of(people).items():
        refuse_clash(people[key].name, tenures)
    for post in waiting:
        refuse_closed(post.unit)
        refuse_left(post.person, post.since)
    now = timezone.now()
    for start in range(0, len(waiting), 5000):
        some = [post.pk for post in waiting[start : start + 5000]]
        Post.objects.filter(pk__in=some).update(confirmed_at=now, confirmed_by=by.person_id)
    record_many(
        [Entry("post.confirm", subject_of(post), {"what": "confirm", **post_facts(post)}) for post in waiting],
        by=by.author,
    )
    return len(waiting)


def _refuse_own(posts: Sequence[Post], by: Actor) -> None:
    if by is SYSTEM_ACTOR:
        return
    for post in posts:
        if by.person_id in {post.person_id, post.proposed_by_id}:
            raise ValidationError(
                _("“%(post)s”是您自己的任职，或是您提出的，请由另一位安全管理员确认。"),
                code="own_post",
                params={"post": f"{post.person.name} · {post.unit.name} · {Role(post.role).label}"},
            )


@transaction.atomic
def refuse_post(post: Post, *, by: Actor, why: str) -> None:
    """Refuse a proposal, which removes it; the record keeps what was proposed and why not.

    Does nothing where it is gone already. Refuses to undo a confirmed post: end that one.
    """
    require(by, "post.confirm")
    fresh = Post.objects.select_for_update(of=("self",)).select_related("person", "unit", "area").filter(pk=post.pk)
    standing = fresh.first()
    if standing is None:
        return
    if standing.confirmed_at is not None:
        raise ValidationError(_("这个任职已经确认，不能退回，请改为结束任职。"), code="confirmed")
    why = clean_line(why, what=_("退回理由"), longest=200)
    note("post.confirm", "refuse", standing, by=by, why=why, **post_facts(standing))
    standing.delete()


@transaction.atomic
def end_post(post: Post, *, by: Actor, on: dt.date | None = None, why: str = "") -> Post:
    """End a post: `on` is its last day, today unless told. Whoever deputises stops with it.

    A proposal is withdrawn: it is removed, and the row returned is no longer stored. Refuses to lengthen a post (that
    needs a new one, and its confirmation), to end one before it began, and to leave no administrator of a kind.
    """
    require(by, "post.end")
    post = Post.objects.select_for_update(of=("self",)).select_related("person", "unit", "area").get(pk=post.pk)
    last = on or timezone.localdate()
    if post.confirmed_at is None:
        note("post.end", "withdraw", post, by=by, why=why, **post_facts(post))
        post.delete()
        return post
    check_period(post.since, last)
    if post.until == last:
        return post
    if post.until is not None and post.until < last:
        raise ValidationError(
            _("这个任职到%(until)s为止，不能延长，请另提一个新的任职。"),
            code="post_ended",
            params={"until": post.until.isoformat()},
        )
    with keeping_administrators(by, last_day=last):
        was, post.until = post.until, last
        post.save(update_fields=["until"])
    post.deputies.filter(since__gt=last).delete()
    post.deputies.filter(until__gt=last).update(until=last)
    note("post.end", "end", post, by=by, was=None if was is None else was.isoformat(), until=last.isoformat(), why=why)
    return post
