"""Where a matter stands among units and people, as far as rights depend on it."""

from __future__ import annotations

from luoshi.org.models import Unit
from luoshi.org.policy import Placement, UnitAt
from luoshi.work.enums import State
from luoshi.work.models import Matter

__all__ = ["at_unit", "placement", "placement_with"]


def at_unit(unit: Unit) -> UnitAt:
    """Return a unit as policy measures from it."""
    return UnitAt(unit.pk, unit.path)


def placement(matter: Matter) -> Placement:
    """Return the placement of a stored matter; it says of one matter what `Matter.reached_by` says of all.

    Costs a query for the supporting units where there are any, and one for the lead unit unless it was fetched along.
    """
    return placement_with(matter, supporting_units(matter))


def placement_with(matter: Matter, support: list[Unit]) -> Placement:
    """Return the placement of a matter whose supporting units are known; asks the database for nothing more."""
    own = {matter.handler_id}
    if matter.state == State.DRAFTED:
        own.add(matter.opened_by_id)
    return Placement(
        lead=None if matter.lead is None else at_unit(matter.lead),
        support=tuple(at_unit(unit) for unit in support),
        own=frozenset(person for person in own if person is not None),
        confidential=matter.register if matter.confidential else "",
    )


def supporting_units(matter: Matter) -> list[Unit]:
    """Return the supporting units of a matter, in the order they are named."""
    numbers = [unit["id"] for unit in matter.support]
    if not numbers:
        return []
    found = Unit.objects.in_bulk(numbers)
    return [found[number] for number in numbers]
