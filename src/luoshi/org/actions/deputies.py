"""Who stands in for whom."""

from __future__ import annotations

import datetime as dt
from typing import Final

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from luoshi.org.actions.noting import note
from luoshi.org.actions.people import locked_person
from luoshi.org.actions.posts import refuse_left, tenures_of
from luoshi.org.enums import Role
from luoshi.org.models import Deputy, Person, Post
from luoshi.org.policy import Actor, Placement, require
from luoshi.org.rules import LONGEST_WHY, Tenure, check_period, clean_line, refuse_clash

__all__ = ["end_deputy", "set_deputy"]

LONGEST_DAYS: Final = 366
"""A deputy for more than a year is a post."""


@transaction.atomic
def set_deputy(  # noqa: PLR0913 — what a deputyship is
    post: Post, person: Person, *, by: Actor, since: dt.date, until: dt.date, why: str = ""
) -> Deputy:
    """Let somebody act with a post's rights for a time; both days belong to it.

    The post's holder may do so, and the system's administrator. Refuses an administrator's post and an administrator,
    the holder, somebody who has left, a post that is not in force all that time, a time gone by, and more than a year.
    Does nothing where the very same deputyship stands.
    """
    _require(post, by)
    post = Post.objects.select_related("person", "unit", "area").get(pk=post.pk)
    check_period(since, until)
    _check_time(post, since, until)
    person = locked_person(person)
    _check_people(post, person, since)
    why = clean_line(why, what=_("缘由"), longest=LONGEST_WHY, needed=False)
    for other in Deputy.objects.filter(post=post, person=person, since__lte=until, until__gte=since):
        if (other.since, other.until, other.why) == (since, until, why):
            return other
        raise ValidationError(
            _("%(person)s在%(since)s至%(until)s已经代理这个岗位，请先结束那次代理，或改日期。"),
            code="deputy_exists",
            params={"person": person.name, "since": other.since.isoformat(), "until": other.until.isoformat()},
        )
    refuse_clash(person.name, [*tenures_of([person])[person.pk], Tenure(Role(post.role), since, until)])
    deputy = Deputy.objects.create(post=post, person=person, since=since, until=until, why=why)
    days = {"since": since.isoformat(), "until": until.isoformat()}
    note("deputy.set", "set", post, by=by, person={"uid": str(person.uid), "name": person.name}, why=why, **days)
    return deputy


def _require(post: Post, by: Actor) -> None:
    require(by, "deputy.set", Placement(None, own=frozenset({post.person_id})))


def _check_people(post: Post, person: Person, since: dt.date) -> None:
    if post.role in Role.admins:
        raise ValidationError(_("管理员的岗位不能代理，请另行办理任职并确认。"), code="admin_post")
    if person.pk == post.person_id:
        raise ValidationError(_("不能由本人代理自己的岗位，请另选一个人。"), code="own_post")
    refuse_left(person, since)


def _check_time(post: Post, since: dt.date, until: dt.date) -> None:
    if post.confirmed_at is None or since < post.since or (post.until is not None and until > post.until):
        raise ValidationError(
            _("代理的日期要在任职生效期间之内，请改日期，或等任职确认后再办。"), code="post_not_in_force"
        )
    if until < timezone.localdate():
        raise ValidationError(_("代理的结束日期已经过去，请改日期。"), code="in_the_past")
    if (until - since).days > LONGEST_DAYS:
        raise ValidationError(_("代理最长一年，更长的请办理任职。"), code="too_long")


@transaction.atomic
def end_deputy(deputy: Deputy, *, by: Actor, on: dt.date | None = None) -> None:
    """End a deputyship: `on` is its last day, yesterday unless told, so that it no longer counts today.

    One that would end before it begins is withdrawn. Does nothing where it is over or gone.
    """
    _require(deputy.post, by)
    fresh = Deputy.objects.select_for_update().filter(pk=deputy.pk).first()
    last = on or timezone.localdate() - dt.timedelta(days=1)
    if fresh is None or fresh.until <= last:
        return
    person: dict[str, str] = {"uid": str(fresh.person.uid), "name": fresh.person.name}
    note("deputy.set", "end", fresh.post, by=by, person={**person}, until=last.isoformat())
    if fresh.since > last:
        fresh.delete()
    else:
        fresh.until = last
        fresh.save(update_fields=["until"])
