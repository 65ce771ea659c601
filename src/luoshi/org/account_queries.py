"""The list of accounts with their people, for the security's administrator."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from allauth.mfa.models import Authenticator
from axes.models import AccessAttempt
from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet, Sum
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from luoshi.accounts.models import Account
from luoshi.accounts.queries import FAILURES, LOCK_OUT, one_time_is_over
from luoshi.org.account_gate import has_left
from luoshi.org.models import Person, Post

__all__ = ["PAGE", "STATES", "AccountRow", "accounts", "locked_out_names", "people_without_account", "rows"]

PAGE: Final = 100

STATES: Final = (
    ("", _("全部")),
    ("open", _("可登录")),
    ("never", _("从未登录")),
    ("must_change", _("须改密码")),
    ("expired", _("一次性密码过期")),
    ("locked", _("已停用")),
    ("left", _("已离岗")),
)


@dataclass(frozen=True, slots=True)
class AccountRow:
    """One account as the list shows it."""

    account: Account
    person: Person | None
    posts: tuple[Post, ...]
    has_totp: bool
    is_locked_out: bool
    has_left: bool
    one_time_is_over: bool


def accounts(*, text: str = "", state: str = "", after: str = "") -> QuerySet[Account]:
    """Return accounts by user name: those whose name, person or unit holds `text`, in one state, behind one name."""
    today = timezone.localdate()
    found = Account.objects.select_related("person").filter(username__gt=after).order_by("username")
    text = text.strip()
    if text:
        unit = Post.objects.filter(_in_force(), person=OuterRef("person"), unit__name__contains=text)
        found = found.filter(
            Q(username__contains=Account.normalize_username(text)) | Q(person__name__contains=text) | Exists(unit)
        )
    gone = Q(person__left_on__lt=today)
    return found.filter(
        {
            "open": Q(is_active=True) & ~gone,
            "never": Q(last_login=None, is_active=True) & ~gone,
            "must_change": Q(must_change_password=True, is_active=True) & ~gone,
            "expired": Q(one_time_until__lte=timezone.now(), is_active=True) & ~gone,
            "locked": Q(is_active=False),
            "left": gone,
        }.get(state, Q())
    )


def rows(found: QuerySet[Account]) -> list[AccountRow]:
    """Return what the list shows of these accounts; four queries however many there are."""
    posts = Prefetch("person__posts", Post.objects.filter(_in_force()).select_related("unit").order_by("id"), "now")
    totp = Authenticator.objects.filter(user=OuterRef("pk"), type=Authenticator.Type.TOTP)
    read = list(found.annotate(totp=Exists(totp)).prefetch_related(posts))
    locked = locked_out_names(account.username for account in read)
    return [_row(account, locked) for account in read]


def _row(account: Account, locked: set[str]) -> AccountRow:
    person: Person | None = getattr(account, "person", None)
    return AccountRow(
        account=account,
        person=person,
        posts=tuple(getattr(person, "now", ())),
        has_totp=bool(getattr(account, "totp", False)),
        is_locked_out=account.username in locked,
        has_left=has_left(account),
        one_time_is_over=one_time_is_over(account),
    )


def locked_out_names(names: Iterable[str]) -> set[str]:
    """Return which of these names cannot sign in from some address for now."""
    newer = timezone.now() - LOCK_OUT
    groups = (
        AccessAttempt.objects.filter(username__in=list(names), attempt_time__gte=newer)
        .order_by()
        .values("username", "ip_address")
        .annotate(failures=Sum("failures_since_start"))
    )
    return {group["username"] for group in groups if group["failures"] >= FAILURES}


def people_without_account(text: str = "") -> QuerySet[Person]:
    """Return who works here and cannot sign in yet, those whose name, number or unit holds `text`."""
    today = timezone.localdate()
    found = Person.objects.filter(Q(left_on=None) | Q(left_on__gte=today), account=None).order_by("name", "id")
    text = text.strip()
    if text:
        unit = Post.objects.filter(_in_force(), person=OuterRef("pk"), unit__name__contains=text)
        found = found.filter(Q(name__contains=text) | Q(staff_no__icontains=text) | Exists(unit))
    return found.prefetch_related(Prefetch("posts", Post.objects.filter(_in_force()).select_related("unit"), "now"))


def _in_force() -> Q:
    today = timezone.localdate()
    return Q(since__lte=today) & (Q(until=None) | Q(until__gte=today))
