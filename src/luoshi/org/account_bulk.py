"""Accounts for everybody who has a post and none yet, at one stroke, each with a one-time password.

User names come from staff numbers. Administrators are left out: their accounts are made one by one, so that somebody
thinks about each. How the hashing is spread over requests: `accounts.preparing`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from luoshi.accounts import actions as accounts
from luoshi.accounts import preparing
from luoshi.accounts.models import Account
from luoshi.accounts.passwords import Ready
from luoshi.accounts.preparing import Wanted
from luoshi.accounts.queries import names_taken
from luoshi.org.enums import Role
from luoshi.org.models import Person, Post, Unit
from luoshi.org.policy import Actor, require

__all__ = ["Candidate", "Line", "Made", "Problem", "Survey", "begin", "create_all", "finish", "survey"]

ACT: Final = "account.change"
_AT_ONCE: Final = 500


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody who can get an account, and under which name."""

    person: int
    name: str
    staff_no: str
    unit: str
    username: str


@dataclass(frozen=True, slots=True)
class Problem:
    """Somebody who cannot get one like this, and why."""

    candidate: Candidate
    why: str


@dataclass(frozen=True, slots=True)
class Survey:
    """Who has a confirmed post and no account: those who can get one, and those whose number will not do."""

    wanted: tuple[Candidate, ...]
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class Line:
    """One account as the sheet hands it out."""

    unit: str
    name: str
    username: str
    once: str


@dataclass(frozen=True, slots=True)
class Made:
    """What became of it: the sheet, and how many were left out because something had changed meanwhile."""

    lines: tuple[Line, ...]
    left_out: int


def survey(*, unit: Unit | None = None, role: str = "") -> Survey:
    """Return who works here under a confirmed post, now or soon, and has no account, in the order of the tree.

    Of one subtree or all, of one role or all; nobody twice; administrators not at all.
    """
    found: dict[int, Candidate] = {}
    for post in _posts(unit, role).select_related("person", "unit"):
        person = post.person
        name = Account.normalize_username(person.staff_no)
        found.setdefault(person.pk, Candidate(person.pk, person.name, person.staff_no, post.unit.name, name))
    numbers = Person.objects.filter(account=None).values_list("staff_no", flat=True)
    shared = {name for name, count in Counter(map(Account.normalize_username, numbers)).items() if count > 1}
    taken = names_taken(one.username for one in found.values())
    why = {one.person: _why_not(one, shared, taken) for one in found.values()}
    return Survey(
        tuple(one for one in found.values() if not why[one.person]),
        tuple(Problem(one, why[one.person]) for one in found.values() if why[one.person]),
    )


def begin(chosen: Iterable[Candidate], *, by: Actor) -> str:
    """Note down who is to get an account and return the key; the passwords are hashed by `preparing.go_on`."""
    require(by, ACT)
    wanted = [Wanted(one.person, one.name, one.username) for one in chosen]
    return preparing.begin(wanted, by=_account_of(by))


def finish(key: str, *, by: Actor) -> Made:
    """Make all accounts that were prepared and return their sheet, which cannot be had again.

    Who has got an account meanwhile, has left, or has lost their post is left out. Nothing prepared makes nothing.
    ValidationError where somebody took one of the names at this very moment; `preparing.KeyLostError` where the key
    does not fit. All is as it was then.
    """
    require(by, ACT)
    with _names_free(), transaction.atomic():
        return _make(preparing.take(key, by=_account_of(by)), by)


def create_all(
    chosen: Sequence[Candidate], *, by: Actor, said: Callable[[int], None], hand_out: Callable[[Sequence[Line]], None]
) -> Made:
    """Hash and make in one go, for the command line; `said` is told how far it is.

    `hand_out` writes the sheet before anything is final: where it fails, no account was made.
    """
    require(by, ACT)
    ready = []
    for one in preparing.made_ready([Wanted(one.person, one.name, one.username) for one in chosen]):
        ready.append(one)
        said(len(ready))
    with _names_free(), transaction.atomic():
        made = _make(ready, by)
        hand_out(made.lines)
    return made


class _names_free:  # noqa: N801 — reads as what it stands for
    """Turns the database's refusal of a name that was taken a moment ago into words."""

    def __enter__(self) -> None:
        """Do nothing."""

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _trace: object) -> None:
        """Say it in words."""
        if isinstance(error, IntegrityError):
            words = _("刚刚有人用掉了其中的用户名，这次一个账号也没有建，请再试一次。")
            raise ValidationError(words, code="name_taken") from error


def _make(ready: Sequence[Ready], by: Actor) -> Made:
    people = _locked({one.holder for one in ready})
    still = {one.person: one for one in survey().wanted}
    kept = [
        replace(one, name=still[one.holder].name)
        for one in ready
        if one.holder in people and one.holder in still and still[one.holder].username == one.username
    ]
    for one, account in zip(kept, accounts.create_accounts(kept, by=by.author), strict=True):
        people[one.holder].account = account
    Person.objects.bulk_update([people[one.holder] for one in kept], ["account"], batch_size=_AT_ONCE)
    lines = tuple(Line(still[one.holder].unit, one.name, one.username, one.once) for one in kept)
    return Made(lines, len(ready) - len(kept))


def _locked(keys: set[int]) -> dict[int, Person]:
    """Return these people, locked in one order whoever asks, so that two who ask at once wait and do not block."""
    ordered = sorted(keys)
    found: dict[int, Person] = {}
    for start in range(0, len(ordered), _AT_ONCE):
        some = Person.objects.select_for_update().filter(pk__in=ordered[start : start + _AT_ONCE]).order_by("pk")
        found.update({person.pk: person for person in some})
    return found


def _posts(unit: Unit | None, role: str) -> QuerySet[Post]:
    today = timezone.localdate()
    lasting = Q(until=None) | Q(until__gte=today)
    here = Q(person__left_on=None) | Q(person__left_on__gte=today)
    administers = Post.objects.filter(lasting, person=OuterRef("person"), role__in=Role.admins)
    found = Post.objects.filter(lasting, here, ~Exists(administers), confirmed_at__isnull=False, person__account=None)
    if unit is not None:
        found = found.filter(unit__path__startswith=unit.path)
    if role:
        found = found.filter(role=role)
    return found.order_by("unit__path", "person__name", "person_id", "pk")


def _why_not(one: Candidate, shared: set[str], taken: set[str]) -> str:
    if one.username in shared:
        return _("不分大小写和全半角，有别人的工号与此相同，请先改工号。")
    if one.username in taken:
        return _("已有账号用了这个用户名，请单独建立。")
    try:
        Account(username=one.username).clean_fields(exclude=["password"])
    except ValidationError:
        return _("工号里有用户名不能用的字符，或者太长，请单独建立。")
    return ""


def _account_of(by: Actor) -> Account:
    assert by.account_id is not None, "the system's actor has no account; it makes all in one go"
    return Account.objects.get(pk=by.account_id)
