"""Who may do what, and who may see what: one table, act × role × reach.

Views ask :func:`visible` for lists and :func:`require` for acts; nothing else in the product decides about rights. The
list defines, the single object follows: whoever asks whether one object may be seen asks the list for it.

A *reach* is measured from a post: from its unit, its covered area, or its person. A *side* says as what the units in
question take part in a matter. A confidential register is seen only through a post that names it, whatever its reach.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING, Any, Final, NamedTuple, Protocol, TypeVar

from django.db.models import Model, Prefetch, Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext as _g
from django.utils.translation import gettext_lazy as _

from luoshi.ledger.actions import Author
from luoshi.org.enums import Reach, Role, Side
from luoshi.org.models import Membership, Person, Post

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

__all__ = [
    "SYSTEM_ACTOR",
    "TABLE",
    "Actor",
    "Governed",
    "Grant",
    "HeldPost",
    "Placement",
    "RefusedError",
    "UnitAt",
    "actor_of",
    "grants_of",
    "may",
    "may_see",
    "permitting_post",
    "require",
    "visible",
]


M = TypeVar("M", bound=Model)


class Grant(NamedTuple):
    """One line of the table: posts of `role` may act as far as `reach` goes, through units on `side`."""

    role: Role
    reach: Reach
    side: Side = Side.LEAD


class UnitAt(NamedTuple):
    """A unit's number and its path in the tree."""

    id: int
    path: str


@dataclass(frozen=True, slots=True)
class HeldPost:
    """A confirmed post in force today, with what reach is measured from. `deputy_for` names who is stood in for."""

    id: int
    role: Role
    unit: UnitAt
    unit_name: str
    title: str = ""
    area: frozenset[int] | None = None
    registers: frozenset[str] = frozenset()
    deputy_for: str = ""


@dataclass(frozen=True, slots=True)
class Actor:
    """A person as policy knows them: who, and with which posts today. Without a person it is the system itself."""

    person_id: int | None
    account_id: int | None
    name: str
    posts: tuple[HeldPost, ...] = ()

    @property
    def author(self) -> Author:
        """Return this actor as the ledger writes them down."""
        return Author(self.account_id, self.name)

    def has(self, *roles: Role) -> bool:
        """Tell whether any post is of one of `roles`."""
        return any(post.role in roles for post in self.posts)


SYSTEM_ACTOR: Final = Actor(None, None, "系统")
"""The clock and the command line: may do whatever the lifecycle allows, and is named 系统 in the record."""


@dataclass(frozen=True, slots=True)
class Placement:
    """Where one object stands among units and people, as far as rights depend on it."""

    lead: UnitAt | None
    support: tuple[UnitAt, ...] = ()
    own: frozenset[int] = frozenset()
    confidential: str = ""

    def on(self, side: Side) -> tuple[UnitAt, ...]:
        """Return the units on `side`."""
        lead = () if self.lead is None else (self.lead,)
        return {Side.LEAD: lead, Side.SUPPORT: self.support, Side.EITHER: lead + self.support}[side]


class Governed(Protocol):
    """A model whose rows policy can restrict."""

    @classmethod
    def reached_by(cls, actor: Actor, post: HeldPost, grant: Grant) -> Q:
        """Return the condition under which `grant`, exercised through `post`, reaches a row.

        It must say about every row what :func:`may` says of that row's placement.
        """


def _everywhere(*roles: Role) -> tuple[Grant, ...]:
    return tuple(Grant(role, Reach.ALL) for role in roles)


_OFFICE: Final = (Grant(Role.SUPERVISOR, Reach.ALL),)
_LEADERS: Final = (Grant(Role.LEADER, Reach.AREA, Side.EITHER),)
_LEAD_HEAD: Final = (Grant(Role.HEAD, Reach.SUBTREE, Side.LEAD),)
_LEAD_OFFICER: Final = (Grant(Role.OFFICER, Reach.OWN),)
_WORKERS: Final = (Grant(Role.HEAD, Reach.SUBTREE, Side.EITHER), Grant(Role.OFFICER, Reach.UNIT, Side.EITHER))
_READERS: Final = (
    *_LEADERS,
    *_OFFICE,
    *_WORKERS,
    Grant(Role.OFFICER, Reach.OWN),
    Grant(Role.INSPECTOR, Reach.AREA, Side.EITHER),
    Grant(Role.DISCIPLINE, Reach.ALL),
    Grant(Role.OBSERVER, Reach.SUBTREE, Side.EITHER),
)
_INSPECTORS: Final = (Grant(Role.INSPECTOR, Reach.AREA, Side.EITHER),)

TABLE: Final[Mapping[str, tuple[Grant, ...]]] = {
    # Matters. A leader without a covered area reaches everything: see `HeldPost.area`.
    "see": _READERS,
    "export": (*_LEADERS, *_OFFICE, *_WORKERS, Grant(Role.DISCIPLINE, Reach.ALL)),
    "open": (*_LEADERS, *_OFFICE, *_INSPECTORS, *_LEAD_HEAD, Grant(Role.OFFICER, Reach.UNIT, Side.LEAD)),
    "edit": (*_OFFICE, Grant(Role.HEAD, Reach.OWN), Grant(Role.OFFICER, Reach.OWN), Grant(Role.INSPECTOR, Reach.OWN)),
    "plan": (*_OFFICE, *_LEAD_HEAD, *_LEAD_OFFICER),
    "assign": (*_LEADERS, *_OFFICE, *_LEAD_HEAD, *_INSPECTORS),
    "accept": (Grant(Role.HEAD, Reach.UNIT, Side.LEAD), *_LEAD_OFFICER),
    "decline": (Grant(Role.HEAD, Reach.UNIT, Side.LEAD),),
    "hand_over": (*_OFFICE, *_LEAD_HEAD, *_LEAD_OFFICER),
    "split": (*_OFFICE, *_LEAD_HEAD),
    "report": _WORKERS,
    "attach": (*_OFFICE, *_WORKERS, *_INSPECTORS),
    "detach": (*_OFFICE, *_WORKERS, *_INSPECTORS),
    "submit": (*_LEAD_HEAD, Grant(Role.OFFICER, Reach.UNIT, Side.LEAD), *_LEAD_OFFICER),
    "verify": (*_LEADERS, *_OFFICE, *_INSPECTORS, *_LEAD_HEAD),
    "return": (*_LEADERS, *_OFFICE, *_INSPECTORS, *_LEAD_HEAD),
    "reopen": (*_LEADERS, *_OFFICE),
    "suspend": _OFFICE,
    "resume": _OFFICE,
    "cancel": (*_OFFICE, Grant(Role.HEAD, Reach.OWN), Grant(Role.OFFICER, Reach.OWN), Grant(Role.INSPECTOR, Reach.OWN)),
    "request_extension": (*_LEAD_HEAD, *_LEAD_OFFICER),
    "grant_extension": (*_LEADERS, *_OFFICE),
    "refuse_extension": (*_LEADERS, *_OFFICE),
    "urge": (*_LEADERS, *_OFFICE, *_LEAD_HEAD, *_INSPECTORS),
    "escalate": (*_OFFICE, *_LEAD_HEAD),
    "instruct": _LEADERS,
    "comment": _READERS,
    # Documents, from their taking in to the notices.
    "directive.see": _everywhere(Role.SUPERVISOR, Role.LEADER, Role.DISCIPLINE),
    "directive.take_in": _everywhere(Role.SUPERVISOR),
    "directive.review": _everywhere(Role.SUPERVISOR),
    "directive.confirm": _everywhere(Role.SUPERVISOR),
    # What a unit was told: whoever may see its matters may read it.
    "notice.see": _READERS,
    # The organisation.
    "org.see": _everywhere(*(role for role in Role)),
    "unit.change": _everywhere(Role.SYSTEM_ADMIN),
    "group.change": _everywhere(Role.SYSTEM_ADMIN),
    "person.change": _everywhere(Role.SYSTEM_ADMIN),
    "post.propose": _everywhere(Role.SYSTEM_ADMIN),
    "post.end": _everywhere(Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN),
    "post.confirm": _everywhere(Role.SECURITY_ADMIN),
    "deputy.set": (*_everywhere(Role.SYSTEM_ADMIN), *(Grant(role, Reach.OWN) for role in Role)),
    "org.import": _everywhere(Role.SYSTEM_ADMIN),
    "org.export": _everywhere(Role.SYSTEM_ADMIN, Role.SUPERVISOR),
    "register.change": _everywhere(Role.SYSTEM_ADMIN),
    "account.change": _everywhere(Role.SECURITY_ADMIN),
    # The records, and the state of the installation.
    "records.see": _everywhere(Role.AUDIT_ADMIN, Role.DISCIPLINE),
    "records.verify": _everywhere(Role.AUDIT_ADMIN),
    "health.see": _everywhere(Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN),
}
"""Act → who may. An act that is not here does not exist: asking for it is an error of the program."""

_WHY: Final[Mapping[Reach, _StrPromise]] = {
    Reach.OWN: _("您不是这一事项的经办人"),
    Reach.UNIT: _("您不是承办单位成员"),
    Reach.SUBTREE: _("这一事项不在您的单位及下属单位"),
    Reach.AREA: _("这一事项不在您的包片范围"),
    Reach.ALL: _("您的岗位没有这项权限"),
}
_NO_ROLE: Final = _("您的岗位没有这项权限")
_NO_POST: Final = _("您还没有生效的任职，请联系安全管理员确认")
_CONFIDENTIAL: Final = _("这是保密台账，您的任职未获准查看")


class RefusedError(Exception):
    """An act that policy refuses. `reason` is one sentence in the reader's language that says why."""

    def __init__(self, act: str, reason: str | Promise) -> None:
        self.act = act
        self.reason = reason
        super().__init__(act)

    def __str__(self) -> str:
        return _g("不能这样做：%(reason)s。") % {"reason": self.reason}


def grants_of(act: str) -> tuple[Grant, ...]:
    """Return who may do `act`; KeyError for an act that nobody has declared."""
    return TABLE[act]


def actor_of(person: Person, on: dt.date) -> Actor:
    """Return `person` with the confirmed posts they hold on a day, their own first, then those they deputise for.

    A deputy of an administrator gets nothing through an administrator's post: the three cannot stand in for one
    another, nor anybody for them.
    """
    in_force = Q(since__lte=on) & (Q(until=None) | Q(until__gte=on))
    posts = (
        Post.objects.filter(in_force, confirmed_at__isnull=False)
        .filter(Q(person=person) | Q(deputies__person=person, deputies__since__lte=on, deputies__until__gte=on))
        .select_related("unit", "area", "person")
        .prefetch_related(Prefetch("area__memberships", Membership.objects.filter(in_force), to_attr="now"))
        .distinct()
        .order_by("id")
    )
    held = [_held(post, person) for post in posts if post.person_id == person.pk or post.role not in Role.admins]
    held.sort(key=lambda post: bool(post.deputy_for))
    return Actor(person.pk, person.account_id, person.name, tuple(held))


def _held(post: Post, person: Person) -> HeldPost:
    members: Iterable[Membership] = getattr(post.area, "now", ()) if post.area is not None else ()
    return HeldPost(
        id=post.pk,
        role=Role(post.role),
        unit=UnitAt(post.unit.pk, post.unit.path),
        unit_name=post.unit.name,
        title=post.title,
        area=None if post.area is None else frozenset(member.unit_id for member in members),
        # A confidential register is seen by whom a post names for it, and a deputy was not named.
        registers=frozenset(post.registers) if post.person_id == person.pk else frozenset(),
        deputy_for="" if post.person_id == person.pk else post.person.name,
    )


def reach_of(post: HeldPost, grant: Grant) -> Reach:
    """Return how far a grant goes through this post: a leader who covers no area covers everything."""
    if grant.reach is Reach.AREA and post.area is None and post.role is Role.LEADER:
        return Reach.ALL
    return grant.reach


def _reaches(actor: Actor, post: HeldPost, grant: Grant, place: Placement) -> bool:
    units = place.on(grant.side)
    match reach_of(post, grant):
        case Reach.ALL:
            return True
        case Reach.OWN:
            return actor.person_id in place.own
        case Reach.UNIT:
            return any(unit.id == post.unit.id for unit in units)
        case Reach.SUBTREE:
            return any(unit.path.startswith(post.unit.path) for unit in units)
        case Reach.AREA:
            return any(unit.id in (post.area or frozenset()) for unit in units)


def permitting_post(actor: Actor, act: str, place: Placement | None = None) -> HeldPost | None:
    """Return the first post through which `actor` may do `act` here; None where no post allows it.

    Without a place only grants that reach everything count. The system's own actor has no posts: ask :func:`may`.
    """
    grants = grants_of(act)
    for post in actor.posts:
        if place is not None and place.confidential and place.confidential not in post.registers:
            continue
        for grant in grants:
            if grant.role is not post.role:
                continue
            if place is None:
                if reach_of(post, grant) is Reach.ALL:
                    return post
            elif _reaches(actor, post, grant, place):
                return post
    return None


def may(actor: Actor, act: str, place: Placement | None = None) -> RefusedError | None:
    """Return nothing where `actor` may do `act` at `place`, else the refusal with its reason."""
    grants = grants_of(act)
    if actor is SYSTEM_ACTOR or permitting_post(actor, act, place) is not None:
        return None
    if not actor.posts:
        return RefusedError(act, _NO_POST)
    if place is not None and place.confidential and not any(place.confidential in p.registers for p in actor.posts):
        return RefusedError(act, _CONFIDENTIAL)
    mine = [grant.reach for post in actor.posts for grant in grants if grant.role is post.role]
    return RefusedError(act, _WHY[mine[0]] if mine else _NO_ROLE)


def require(actor: Actor, act: str, place: Placement | None = None) -> None:
    """Raise :class:`RefusedError` unless `actor` may do `act` at `place`."""
    refusal = may(actor, act, place)
    if refusal is not None:
        raise refusal


def visible(actor: Actor, queryset: QuerySet[M], act: str = "see") -> QuerySet[M]:
    """Return the rows of a governed model on which `actor` may do `act`; this is the definition of seeing."""
    if actor is SYSTEM_ACTOR:
        return queryset
    model: Any = queryset.model
    reached = [
        model.reached_by(actor, post, grant)
        for post in actor.posts
        for grant in grants_of(act)
        if grant.role is post.role
    ]
    return queryset.filter(reduce(or_, reached)) if reached else queryset.none()


def may_see(actor: Actor, row: Any) -> bool:
    """Tell whether `actor` may see one row, by asking the list for it."""
    return visible(actor, type(row)._default_manager.filter(pk=row.pk)).exists()  # noqa: SLF001 — Django's documented name
