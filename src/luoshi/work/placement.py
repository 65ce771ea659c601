"""Where a matter stands among units and people, as far as rights depend on it."""

from __future__ import annotations

from django.db import connection

from luoshi.org.models import Unit
from luoshi.org.policy import Placement, UnitAt
from luoshi.work.enums import State
from luoshi.work.models import Matter

__all__ = ["at_unit", "placement"]


def at_unit(unit: Unit) -> UnitAt:
    """Return a unit as policy measures from it."""
    return UnitAt(unit.pk, unit.path)


def placement(matter: Matter) -> Placement:
    """Return the placement of a stored matter; it says of one matter what `Matter.reached_by` says of all.

    Costs one query, whatever the number of units; every act asks it, so it is put as plainly as can be.
    """
    numbers = [*([] if matter.lead_id is None else [matter.lead_id]), *(unit["id"] for unit in matter.support)]
    found = _places(numbers) if numbers else {}
    return Placement(
        lead=None if matter.lead_id is None else found[matter.lead_id],
        support=tuple(found[unit["id"]] for unit in matter.support),
        own=_own(matter),
        confidential=matter.register if matter.confidential else "",
    )


def _places(numbers: list[int]) -> dict[int, UnitAt]:
    marks = ", ".join(["%s"] * len(numbers))
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT id, path FROM org_unit WHERE id IN ({marks})", numbers)  # noqa: S608 — marks only
        return {number: UnitAt(number, path) for number, path in cursor.fetchall()}


def _own(matter: Matter) -> frozenset[int]:
    own = {matter.handler_id}
    if matter.state == State.DRAFTED:
        own.add(matter.opened_by_id)
    return frozenset(person for person in own if person is not None)
