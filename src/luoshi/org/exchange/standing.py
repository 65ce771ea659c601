"""What stands in the database, looked up once for a whole import."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from typing import Any, NamedTuple

from django.db.models import Q

from luoshi.org.actions.posts import tenures_of
from luoshi.org.models import Group, Membership, Person, Post, Unit

__all__ = ["Known", "Standing"]


class Known(NamedTuple):
    """A thing by its code: its number where it is stored already, its name, and since when it is closed or gone."""

    id: int | None
    name: str
    closed: dt.date | None = None
    code: str = ""


class Standing:
    """Units, groups, people and posts as they are, by the keys that a file uses (codes without case).

    `units`, `groups` and `people` also take up what the file itself adds, so that later sheets can name it.
    """

    def __init__(self, on: dt.date) -> None:
        self.unit_rows: dict[str, Unit] = {unit.code.casefold(): unit for unit in Unit.objects.all()}
        by_path = {unit.path: unit for unit in self.unit_rows.values()}
        self.parents: dict[str, str] = {
            key: by_path[unit.path[: -Unit.steplen]].code.casefold() if unit.depth > 1 else ""
            for key, unit in self.unit_rows.items()
        }
        self.units = {key: Known(u.pk, u.name, u.closed_on, u.code) for key, u in self.unit_rows.items()}
        self.group_rows = {group.code.casefold(): group for group in Group.objects.all()}
        self.groups = {key: Known(g.pk, g.name, g.closed_on, g.code) for key, g in self.group_rows.items()}
        current = Membership.objects.filter(Q(until=None) | Q(until__gte=on))
        self.members = {(m.group_id, m.unit_id): m.since for m in current}
        self.person_rows = {person.staff_no.casefold(): person for person in Person.objects.all()}
        self.people = {key: Known(p.pk, p.name, p.left_on, p.staff_no) for key, p in self.person_rows.items()}
        self.posts: defaultdict[tuple[int, int, str], list[Post]] = defaultdict(list)
        for post in Post.objects.filter(Q(until=None) | Q(until__gte=on)).select_related("area"):
            self.posts[post.person_id, post.unit_id, post.role].append(post)

    def tenures(self) -> Any:
        """Return by person's number the roles of all people, past ones too."""
        return tenures_of(person.pk for person in self.person_rows.values())
