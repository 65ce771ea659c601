"""People: added, changed, left, returned."""

from __future__ import annotations

import datetime as dt
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from luoshi.org.actions.noting import keeping_administrators, note
from luoshi.org.models import Deputy, Person, Post
from luoshi.org.policy import Actor, require
from luoshi.org.rules import check_period, clean_code, clean_line

__all__ = ["add_person", "change_person", "cleaned_person", "locked_person", "person_left", "person_returned"]

LONGEST_NAME: Final = 80
LONGEST_PHONE: Final = 40


@transaction.atomic
def add_person(*, by: Actor, name: str, staff_no: str, phone: str = "") -> Person:
    """Add somebody by name and staff number; the number is theirs for good.

    Does nothing where this very person is already there; refuses the number of anybody else. The record keeps neither
    number nor telephone.
    """
    require(by, "person.change")
    values = cleaned_person(name=name, phone=phone)
    staff_no = clean_code(staff_no, what=_("工号"))
    standing = Person.objects.filter(staff_no__iexact=staff_no).first()
    if standing is not None:
        if standing.left_on is None and (standing.name, standing.phone) == (values["name"], values["phone"]):
            return standing
        raise ValidationError(
            _("工号%(number)s已经是%(name)s的，请核对工号，或到此人的页面修改。"),
            code="staff_no_taken",
            params={"number": staff_no, "name": standing.name},
        )
    person = Person.objects.create(staff_no=staff_no, **values)
    note("person.change", "add", person, by=by)
    return person


@transaction.atomic
def change_person(person: Person, *, by: Actor, name: str | None = None, phone: str | None = None) -> Person:
    """Change a name or a telephone number; None leaves a value as it is. The staff number never changes."""
    require(by, "person.change")
    person = locked_person(person)
    values = cleaned_person(name=name, phone=phone)
    changed = [field for field, value in values.items() if getattr(person, field) != value]
    if not changed:
        return person
    was = person.name
    for field in changed:
        setattr(person, field, values[field])
    person.save(update_fields=changed)
    names = {"was": was} if "name" in changed else {}
    note("person.change", "change", person, by=by, changed=list(changed), **names)
    return person


@transaction.atomic
def person_left(person: Person, *, by: Actor, on: dt.date | None = None, why: str = "") -> list[Post]:
    """Let somebody go: `on` is the last day here, today unless told. Returns the posts that this ends.

    Posts end with that day, proposals and deputyships beyond it are withdrawn. Matters are not touched: what the person
    still handles is asked of room `work` (`person.handled` where `is_open`), and handed over there.
    Does nothing where they have left already.
    """
    require(by, "person.change")
    person = locked_person(person)
    if person.left_on is not None:
        return []
    last = on or timezone.localdate()
    check_period(last, None)
    with keeping_administrators(by, last_day=last):
        ended = _end_all(person, last)
    person.left_on = last
    person.save(update_fields=["left_on"])
    note("person.change", "left", person, by=by, until=last.isoformat(), posts=len(ended), why=why)
    return ended


def _end_all(person: Person, last: dt.date) -> list[Post]:
    person.posts.filter(Q(until=None) | Q(until__gt=last), confirmed_at=None).delete()
    ended = list(person.posts.filter(Q(until=None) | Q(until__gt=last)).select_related("unit"))
    for post in ended:
        post.until = max(last, post.since)
        post.save(update_fields=["until"])
    mine = Deputy.objects.filter(Q(person=person) | Q(post__person=person), until__gt=last)
    mine.filter(since__gt=last).delete()
    mine.update(until=last)
    return ended


@transaction.atomic
def person_returned(person: Person, *, by: Actor) -> Person:
    """Take somebody back who had left; they need new posts."""
    require(by, "person.change")
    person = locked_person(person)
    if person.left_on is None:
        return person
    was, person.left_on = person.left_on, None
    person.save(update_fields=["left_on"])
    note("person.change", "returned", person, by=by, was=was.isoformat())
    return person


def locked_person(person: Person) -> Person:
    """Return the person as they are now; whoever changes their posts waits for us."""
    return Person.objects.select_for_update().get(pk=person.pk)


def cleaned_person(*, name: str | None = None, phone: str | None = None) -> dict[str, Any]:
    """Return the values of a person's columns that are given, each checked."""
    values: dict[str, Any] = {}
    if name is not None:
        values["name"] = clean_line(name, what=_("姓名"), longest=LONGEST_NAME)
    if phone is not None:
        values["phone"] = clean_line(phone, what=_("办公电话"), longest=LONGEST_PHONE, needed=False)
    return values
