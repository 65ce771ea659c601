"""What is asked of the organisation: the tree on a day, units by what people type, posts, people, vacancies."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet

from luoshi.org.enums import Role, UnitKind
from luoshi.org.models import Deputy, Group, Membership, Person, Post, Unit, UnitVersion
from luoshi.org.policy import Actor
from luoshi.org.rules import squeezed

__all__ = [
    "UnitOn",
    "deputies_now",
    "group_members",
    "open_groups",
    "open_units",
    "people",
    "posts_now",
    "posts_of",
    "search_units",
    "successor_of",
    "tree_on",
    "units_under",
    "vacancies",
    "waiting_for",
    "waiting_posts",
]

_NEED_HEADS: Final = (
    UnitKind.DEPARTMENT,
    UnitKind.INSTITUTION,
    UnitKind.CENTRE_SCHOOL,
    UnitKind.SCHOOL,
    UnitKind.KINDERGARTEN,
    UnitKind.MEMBER,
)


@dataclass(frozen=True, slots=True)
class UnitOn:
    """A unit as it was on a day, with its depth in the tree of that day (1 is the top)."""

    id: int
    code: str
    name: str
    kind: UnitKind
    parent: int | None
    since: dt.date
    depth: int


def in_force(on: dt.date) -> Q:
    """Return the condition that a period with `since` and `until` covers a day."""
    return Q(since__lte=on) & (Q(until=None) | Q(until__gte=on))


def open_units() -> QuerySet[Unit]:
    """Return the units that are there today, in the order of the tree."""
    units: QuerySet[Unit] = Unit.objects.filter(closed_on=None)
    return units


def units_under(unit: Unit) -> QuerySet[Unit]:
    """Return the open units of a subtree, the unit itself among them, in the order of the tree."""
    return open_units().filter(path__startswith=unit.path)


def tree_on(day: dt.date) -> list[UnitOn]:
    """Return the tree as it was at the end of a day, each unit behind the one it belonged to.

    A unit whose superior did not exist yet, or no longer, stands at the top. Siblings stand in today's order.
    """
    last: dict[int, UnitVersion] = {}
    for version in UnitVersion.objects.filter(since__lte=day).order_by("since").select_related("unit"):
        last[version.unit_id] = version
    there = {key: version for key, version in last.items() if version.is_open}
    below: dict[int | None, list[UnitVersion]] = {}
    for version in sorted(there.values(), key=lambda version: version.unit.path):
        below.setdefault(version.parent_id if version.parent_id in there else None, []).append(version)
    return list(_walk(below))


def _walk(below: dict[int | None, list[UnitVersion]]) -> Iterator[UnitOn]:
    waiting = [(version, 1) for version in reversed(below.get(None, ()))]
    while waiting:
        version, depth = waiting.pop()
        unit = version.unit
        yield UnitOn(unit.pk, unit.code, version.name, UnitKind(version.kind), version.parent_id, version.since, depth)
        waiting += [(child, depth + 1) for child in reversed(below.get(unit.pk, ()))]


def search_units(text: str, among: QuerySet[Unit] | None = None, *, most: int = 20) -> list[Unit]:
    """Return units for what somebody types, the likeliest first, open ones unless told.

    Compared are code, full name and short names, without width, case and spaces: the same, its beginning, a part of it,
    or its characters in this order with gaps between them (槐一小 for 槐树镇第一小学). Nothing typed finds nothing.
    """
    wanted = squeezed(text)
    if not wanted:
        return []
    units = open_units() if among is None else among
    ranked: list[tuple[int, int, int, int]] = []
    for key, code, name, short in units.values_list("pk", "code", "name", "short_names"):
        rank = min(_rank(wanted, squeezed(spelling)) for spelling in (code, name, *short))
        if rank < _NO_MATCH:
            ranked.append((rank, len(name), len(ranked), key))
    keys = [key for *_, key in sorted(ranked)[:most]]
    found: dict[int, Unit] = Unit.objects.in_bulk(keys)
    return [found[key] for key in keys]


_NO_MATCH: Final = 4


def _rank(wanted: str, spelling: str) -> int:
    if spelling == wanted:
        return 0
    if spelling.startswith(wanted):
        return 1
    if wanted in spelling:
        return 2
    rest = iter(spelling)
    return 3 if len(wanted) > 1 and all(character in rest for character in wanted) else _NO_MATCH


def successor_of(unit: Unit) -> Unit:
    """Return the unit that goes on in a merged one's place, through any number of mergers; else the unit itself."""
    seen = {unit.pk}
    while unit.merged_into is not None and unit.merged_into.pk not in seen:
        unit = unit.merged_into
        seen.add(unit.pk)
    return unit


def posts_now(on: dt.date) -> QuerySet[Post]:
    """Return the confirmed posts in force on a day."""
    return Post.objects.filter(in_force(on), confirmed_at__isnull=False).order_by("unit__path", "role", "pk")


def posts_of(person: Person) -> QuerySet[Post]:
    """Return all posts somebody ever held or is proposed for, the newest first."""
    return person.posts.select_related("unit", "area", "confirmed_by").order_by("-since", "-pk")


def waiting_posts() -> QuerySet[Post]:
    """Return the proposals, in the order of the tree."""
    waiting = Post.objects.filter(confirmed_at=None).select_related("person", "unit", "area", "proposed_by")
    return waiting.order_by("unit__path", "pk")


def waiting_for(actor: Actor) -> QuerySet[Post]:
    """Return the proposals that this very person may confirm: none of their own, and none that they proposed."""
    if not actor.has(Role.SECURITY_ADMIN):
        return Post.objects.none()
    return waiting_posts().exclude(person=actor.person_id).exclude(proposed_by=actor.person_id)


def people(text: str = "", *, on: dt.date, by_number: bool = False, with_left: bool = False) -> QuerySet[Person]:
    """Return people whose name contains what was typed, with their posts of the day as `now`.

    With `by_number` (for those who may know staff numbers) a number's beginning finds its person too.
    """
    found = Person.objects.all() if with_left else Person.objects.filter(Q(left_on=None) | Q(left_on__gte=on))
    text = "".join(text.split())
    if text:
        found = found.filter(
            Q(name__icontains=text) | Q(staff_no__istartswith=text) if by_number else Q(name__icontains=text)
        )
    now = posts_now(on).select_related("unit")
    return found.prefetch_related(Prefetch("posts", now, to_attr="now")).order_by("name", "pk")


def vacancies(on: dt.date) -> QuerySet[Unit]:
    """Return the open units that nobody heads on a day; the authority itself is headed by its leaders."""
    headed = Post.objects.filter(
        in_force(on), unit=OuterRef("pk"), role__in=(Role.HEAD, Role.LEADER), confirmed_at__isnull=False
    )
    return open_units().filter(~Exists(headed), kind__in=_NEED_HEADS)


def open_groups() -> QuerySet[Group]:
    """Return the groups that are there today, by kind and name."""
    return Group.objects.filter(closed_on=None).order_by("kind", "name")


def group_members(groups: Iterable[Group], on: dt.date) -> QuerySet[Membership]:
    """Return the memberships of groups on a day, in the order of the tree."""
    members = Membership.objects.filter(in_force(on), group__in=list(groups), unit__closed_on=None)
    return members.select_related("unit", "group").order_by("group_id", "unit__path")


def deputies_now(on: dt.date) -> QuerySet[Deputy]:
    """Return who stands in for whom on a day or later, the earliest first."""
    standing = Deputy.objects.filter(until__gte=on).select_related("person", "post__person", "post__unit")
    return standing.order_by("since", "pk")
