"""Who can be made responsible: units that are open, people who belong to the lead unit."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from luoshi.org.models import Person, Post, Unit
from luoshi.work.actions.values import one_of, wrong

__all__ = ["at_work", "handler_of", "open_unit", "posts_in_force", "supporters"]


def open_unit(value: object, field: str, today: dt.date) -> Unit:
    """Return a unit that exists on a day."""
    unit = one_of(value, field, Unit)
    if unit.closed_on is not None and unit.closed_on <= today:
        wrong(field, _("“%(unit)s”已经停用，请选择其他单位。"), "closed_unit", unit=unit.name)
    return unit


def supporters(values: Sequence[object], lead: Unit | None, today: dt.date) -> list[Unit]:
    """Return supporting units, each once, without the lead unit."""
    units = {unit.pk: unit for unit in (open_unit(value, "support", today) for value in values)}
    if lead is not None:
        units.pop(lead.pk, None)
    if len(units) > 500:
        wrong("support", _("配合单位太多，请分解成几个事项。"), "too_many")
    return list(units.values())


def posts_in_force(today: dt.date) -> QuerySet[Post]:
    """Return the confirmed posts that are held on a day."""
    return Post.objects.filter(Q(until=None) | Q(until__gte=today), since__lte=today, confirmed_at__isnull=False)


def at_work(person: Person, today: dt.date) -> bool:
    """Tell whether a person has not left by a day."""
    return person.left_on is None or person.left_on > today


def handler_of(value: object, lead: Unit | None, today: dt.date) -> Person:
    """Return a person who holds a post at the lead unit or below it."""
    person = one_of(value, "handler", Person)
    if lead is None:
        wrong("handler", _("请先确定牵头单位，再确定经办人。"), "no_lead")
    if not at_work(person, today):
        wrong("handler", _("%(person)s已经离岗，请选择其他人。"), "has_left", person=person.name)
    if not posts_in_force(today).filter(person=person, unit__path__startswith=lead.path).exists():
        wrong(
            "handler",
            _("%(person)s在“%(unit)s”没有生效的任职，请选择这个单位的人。"),
            "not_of_the_unit",
            person=person.name,
            unit=lead.name,
        )
    return person
