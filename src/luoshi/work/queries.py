"""What can be asked about matters. Everything takes and returns querysets; nothing here knows a request.

A light, as :func:`with_lights` gives it: red — open past its due date; amber — due within the register's warning time,
or promised progress missing; green — otherwise; none — ended, suspended (the clock stands still), or a draft without
a date. A matter submitted in time stays green while it waits for those who verify.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import reduce
from operator import or_
from typing import Any, Final

from django.core.exceptions import EmptyResultSet
from django.db.models import BooleanField, Case, CharField, F, Func, Q, QuerySet, Value, When
from django.db.models.expressions import Combinable
from django.db.models.fields.json import KeyTransform
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from luoshi.org.enums import Role
from luoshi.org.models import Post, Unit
from luoshi.org.policy import Actor, HeldPost, grants_of, visible
from luoshi.work import registers
from luoshi.work.enums import Light, State
from luoshi.work.indexed import AsksForDays
from luoshi.work.models import Matter, RegisterVersion
from luoshi.work.parts import are_few
from luoshi.work.registers import Register, Step

__all__ = ["NEEDS", "light_is", "matters_for", "needing", "overdue", "warned", "with_lights"]

NOTHING: Final = Q(pk__in=())

NEEDS: Final[Mapping[str, Any]] = {
    "accept": _("等您签收"),
    "returned": _("退回给您，请补办"),
    "report": _("该反馈进展了"),
    "verify": _("等您核查"),
    "extension": _("等您答复延期申请"),
    "drafted": _("等您交办"),
}
"""Why a matter needs somebody, in the order in which one reason goes before another."""


class Holds(Func):
    """Tells whether a JSON list holds a whole number; both databases, each in its own words."""

    output_field = BooleanField()

    def __init__(self, column: Combinable | str, number: int) -> None:
        super().__init__(column, Value(number))

    def as_sqlite(self, compiler: Any, connection: Any, **extra_context: Any) -> tuple[str, tuple[Any, ...]]:  # noqa: ARG002 — Django's signature
        """Look through the list."""
        (column, first), (number, second) = (compiler.compile(part) for part in self.source_expressions)
        return f"EXISTS(SELECT 1 FROM json_each({column}) WHERE value = {number})", (*first, *second)  # noqa: S608 — compiled by Django

    def as_postgresql(self, compiler: Any, _connection: Any, **_context: Any) -> tuple[str, tuple[Any, ...]]:
        """Use the containment of jsonb."""
        (column, first), (number, second) = (compiler.compile(part) for part in self.source_expressions)
        return f"COALESCE({column} @> to_jsonb({number}::int), FALSE)", (*first, *second)


# Seeing.


def matters_for(actor: Actor) -> QuerySet[Matter]:
    """Return the matters that `actor` may see."""
    return visible(actor, Matter.objects.all())


# Lights.


def with_lights(queryset: QuerySet[Matter], today: dt.date) -> QuerySet[Matter]:
    """Annotate `light`."""
    return queryset.annotate(
        light=Case(
            When(_lightless(), then=Value(Light.NONE.value)),
            When(_late(today), then=Value(Light.RED.value)),
            When(warned(today), then=Value(Light.AMBER.value)),
            default=Value(Light.GREEN.value),
            output_field=CharField(),
        )
    )


def overdue(queryset: QuerySet[Matter], today: dt.date) -> QuerySet[Matter]:
    """Return the matters with a red light."""
    return queryset.filter(light_is(Light.RED, today))


def light_is(light: Light, today: dt.date) -> Q:
    """Return the condition under which :func:`with_lights` gives `light`; written so that an index can serve it."""
    match light:
        case Light.RED:
            return Q(is_open=True, due__lt=today) & ~_lightless() & _late(today)
        case Light.AMBER:
            return Q(is_open=True) & _ahead(today) & ~_lightless() & warned(today)
        case Light.GREEN:
            in_time = Q(state=State.SUBMITTED, due__lt=today) & ~_late(today)
            return Q(is_open=True) & ((_ahead(today) & ~_lightless() & ~warned(today)) | in_time)
        case _:
            return _lightless()


def _lightless() -> Q:
    return Q(is_open=False) | Q(state=State.SUSPENDED) | Q(state=State.DRAFTED, due=None)


def _late(today: dt.date) -> Q:
    in_time = Q(state=State.SUBMITTED, submitted_at__isnull=False, submitted_at__date__lte=F("due"))
    return Q(due__isnull=False, due__lt=today) & ~in_time


def _ahead(today: dt.date) -> Q:
    return Q(due__gte=today) | Q(due=None)


def warned(today: dt.date) -> Q:
    """Return the condition of amber among matters that are not late: due soon, or promised progress missing."""
    soon: dict[int, list[int]] = defaultdict(list)
    silent: dict[int, list[int]] = defaultdict(list)
    for version, register in _versions():
        soon[register.warn_days].append(version)
        if register.report_every_days is not None:
            silent[register.report_every_days].append(version)
    waiting = (State.DRAFTED, State.ASSIGNED, State.UNDER_WAY)
    conditions = [
        Q(register_version__in=versions, state__in=waiting, due__gte=today, due__lte=today + dt.timedelta(days=days))
        for days, versions in soon.items()
    ]
    conditions += [_unheard(versions, today - dt.timedelta(days=days)) for days, versions in silent.items()]
    return _any(conditions)


def _unheard(versions: list[int], day: dt.date) -> Q:
    """Return the condition that nothing has been heard of a matter under way since `day` began."""
    since = timezone.make_aware(dt.datetime.combine(day, dt.time.min))
    heard = Q(reported_at__lt=since) & (Q(accepted_at=None) | Q(accepted_at__lt=since))
    return Q(register_version__in=versions, state=State.UNDER_WAY) & (
        heard | Q(reported_at=None, accepted_at__lt=since)
    )


def _versions() -> Iterable[tuple[int, Register]]:
    """Return all register texts in their versions: few rows, parsed once in a process."""
    for row in RegisterVersion.objects.order_by("pk").defer("text"):
        yield row.pk, registers.of_row(row)


# What needs somebody.


def needing(actor: Actor, today: dt.date) -> QuerySet[Matter]:
    """Return the open matters that need something of `actor` today, with `need`: a key of :data:`NEEDS`."""
    if actor.person_id is None or not actor.posts:
        return Matter.objects.none().annotate(need=Value("", output_field=CharField()))
    signatures = _to_sign(actor)
    conditions = {
        "accept": Q(state=State.ASSIGNED) & _reached(actor, "accept"),
        "returned": Q(state=State.UNDER_WAY, returned__gt=0) & _unanswered() & _mine(actor),
        "report": Q(state=State.UNDER_WAY) & _mine(actor) & (Q(due__lt=today) | warned(today)),
        "verify": _any(signatures),
        "extension": Q(AsksForDays("extension")) & _reached(actor, "grant_extension") & ~_asked_by(actor.person_id),
        "drafted": Q(state=State.DRAFTED) & _to_assign(actor),
    }
    return (
        matters_for(actor)
        .filter(_wanted([*(one for need, one in conditions.items() if need != "verify"), *signatures]), is_open=True)
        .annotate(
            need=Case(*(When(condition, then=Value(need)) for need, condition in conditions.items()), default=Value(""))
        )
    )


def _wanted(conditions: list[Q]) -> Q:
    """Return the condition that one of these holds: few such matters are found each along an index of its own.

    In one condition the widest of them would have the database go through all that is open; where they are many that is
    best, for the first page comes soon.
    """
    first, *others = (Matter.objects.filter(one).values("pk") for one in conditions)
    found = first.union(*others)
    try:
        return Q(pk__in=found) if are_few(found) else _any(conditions)
    except EmptyResultSet:  # nothing of this can be asked of them
        return NOTHING


def _reached(actor: Actor, act: str) -> Q:
    """Return where policy lets `actor` do `act`."""
    return _any(
        Matter.reached_by(actor, post, grant)
        for post in actor.posts
        for grant in grants_of(act)
        if grant.role is post.role
    )


def _mine(actor: Actor) -> Q:
    """Return what is the actor's own work: as handler, or as head of the lead unit while nobody else handles it."""
    heads = [post for post in actor.posts if post.role is Role.HEAD]
    return Q(handler=actor.person_id) | Q(handler=None, lead__in=[post.unit.id for post in heads]) & _open_to(heads)


def _to_assign(actor: Actor) -> Q:
    """Return whose drafts wait for the actor: their own, those of their unit's people, for supervisors everybody's."""
    office = [post for post in actor.posts if post.role is Role.SUPERVISOR]
    heads = [post for post in actor.posts if post.role is Role.HEAD]
    colleagues = Post.objects.filter(unit__in=[post.unit.id for post in heads]).values("person")
    theirs = Q(opened_by=actor.person_id)
    if office:
        theirs |= _open_to(office)
    if heads:
        theirs |= Q(opened_by__in=colleagues) & _open_to(heads) & _reached(actor, "assign")
    return theirs


def _unanswered() -> Q:
    """Return the condition that a returned matter has not been worked on since."""
    return Q(reported_at=None) | Q(reported_at__lt=Coalesce("submitted_at", "reported_at"))


def _asked_by(person: int) -> Q:
    return Q(Holds(KeyTransform("people", "extension"), person))


def _to_sign(actor: Actor) -> list[Q]:
    """Return the matters whose next signature one of the actor's posts gives; nobody signs their own work.

    One condition for each step of each chain: an index finds each.
    """
    steps: dict[tuple[int, Step], list[int]] = defaultdict(list)
    for version, register in _versions():
        for number, step in enumerate(register.chain):
            steps[number, step].append(version)
    own = Q(handler=actor.person_id) | Q(Holds("workers", actor.person_id or 0))
    return [
        Q(state=State.SUBMITTED, step=number, register_version__in=versions)
        & _signed_by(step, post)
        & _open_to([post])
        & ~own
        for (number, step), versions in steps.items()
        for post in actor.posts
        if post.role is step.role
    ]


def _signed_by(step: Step, post: HeldPost) -> Q:
    """Say of all matters what `Step.takes` says of one."""
    match step.scope:
        case "lead":
            return Q(lead=post.unit.id)
        case "parent":
            return Q(lead__path__startswith=post.unit.path) & ~Q(lead=post.unit.id)
        case "unit":
            return Q() if Unit.objects.filter(pk=post.unit.id, code=step.unit).exists() else NOTHING
        case "area":
            everywhere = post.role is Role.LEADER and post.area is None
            return Q() if everywhere else Q(lead__in=sorted(post.area or ()))
        case "office":
            return Q()


def _open_to(posts: Iterable[HeldPost]) -> Q:
    named = sorted({code for post in posts for code in post.registers})
    return Q(confidential=False) | Q(register__in=named) if named else Q(confidential=False)


def _any(conditions: Iterable[Q]) -> Q:
    return reduce(or_, conditions, NOTHING)
