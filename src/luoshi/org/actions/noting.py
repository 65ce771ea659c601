"""What the actions of this room share: how things are named in the record, locks, and what may never be left undone."""

from __future__ import annotations

import datetime as dt
from collections.abc import Generator
from contextlib import contextmanager
from typing import Final

from django.core.exceptions import ValidationError
from django.db import connection
from django.db.models import Q
from django.utils.translation import gettext as _

from luoshi.ledger.actions import Subject, record
from luoshi.ledger.canonical import Json
from luoshi.org.enums import Role, recorded_role
from luoshi.org.models import Group, Person, Post, Unit
from luoshi.org.policy import SYSTEM_ACTOR, Actor
from luoshi.org.rules import LONGEST_WHY, clean_line

__all__ = ["keeping_administrators", "lock_tree", "named", "note", "subject_of"]

_TREE: Final = 0x6C756F73686F  # one number for everybody who changes the tree; the ledger's lock has another


def subject_of(thing: Unit | Group | Person | Post) -> Subject:
    """Return how the record names a thing: by key, and by the name it has now."""
    if isinstance(thing, Unit):
        return Subject("unit", thing.code, thing.name)
    if isinstance(thing, Group):
        return Subject("group", thing.code, thing.name)
    if isinstance(thing, Person):
        return Subject("person", str(thing.uid), thing.name)
    return Subject("post", str(thing.pk), f"{thing.person.name} {thing.unit.name} {recorded_role(thing.role)}")


def named(unit: Unit | None) -> Json:
    """Return a unit as the data of a record names it."""
    return None if unit is None else {"code": unit.code, "name": unit.name}


def note(act: str, what: str, thing: Unit | Group | Person | Post, *, by: Actor, **data: Json) -> None:
    """Write one record: `what` was done under `act`, with what else the reader of the log needs."""
    if isinstance(data.get("why"), str):
        data["why"] = clean_line(str(data["why"]), what=_("缘由"), longest=LONGEST_WHY, needed=False)
    record(act, by=by.author, subject=subject_of(thing), data={"what": what, **data})


def lock_tree() -> None:
    """Let one writer at a time change the tree; SQLite's immediate transactions do that by themselves.

    Taken before any row is locked and before the record is written, so that two writers never wait for each other.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_TREE])


@contextmanager
def keeping_administrators(by: Actor, *, last_day: dt.date) -> Generator[None]:
    """Refuse what is done inside where it leaves one of the three administrators' posts empty after `last_day`.

    The command line may do it: it is also the way back in.
    """
    if by is SYSTEM_ACTOR:
        yield
        return
    after = last_day + dt.timedelta(days=1)
    before = _administrators(after)
    yield
    gone = before - _administrators(after)
    if gone:
        raise ValidationError(
            _("这样做以后就没有%(role)s了。请先为别人办理这个岗位的任职并确认，再来结束它。"),
            code="last_administrator",
            params={"role": Role(min(gone)).label},
        )


def _administrators(on: dt.date) -> set[str]:
    """Return the administrators' roles that somebody holds on a day."""
    held = Post.objects.filter(Q(until=None) | Q(until__gte=on), since__lte=on, confirmed_at__isnull=False)
    return set(held.filter(role__in=Role.admins).values_list("role", flat=True))
