"""Reads about accounts: sessions, lock-outs, second factors, what an account must do before it goes on."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from axes.models import AccessAttempt
from django.conf import settings
from django.db.models import Max, Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from luoshi.accounts.models import Account, SignInRules

__all__ = [
    "FAILURES",
    "LOCK_OUT",
    "LivingSession",
    "has_totp",
    "locked_until",
    "must_change_password",
    "names_taken",
    "one_time_is_over",
    "rules",
    "sessions_of",
    "shown_device",
]

FAILURES: Final[int] = settings.AXES_FAILURE_LIMIT
LOCK_OUT: Final[dt.timedelta] = settings.AXES_COOLOFF_TIME
"""After this many failures under one name from one address, no more tries from there for this long."""

_AT_ONCE: Final = 500

_BROWSERS: Final = (
    ("MicroMessenger", "微信"),
    ("DingTalk", "钉钉"),
    ("QQBrowser", "QQ 浏览器"),
    ("Edg", "Edge"),
    ("Firefox", "Firefox"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
    ("Trident", "Internet Explorer"),
)
_SYSTEMS: Final = (
    ("HarmonyOS", "HarmonyOS"),
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS X", "macOS"),
    ("Linux", "Linux"),
)


@dataclass(frozen=True, slots=True)
class LivingSession:
    """One session that is still good: where and since when; `here` is the one that asks."""

    id: int
    device: str
    address: str
    since: dt.datetime
    last: dt.datetime
    here: bool


def sessions_of(account: Account, *, key: str | None) -> list[LivingSession]:
    """Return the sessions of this account that can still be used, this one first, then the latest used.

    For their owner alone: nobody else is told when somebody was last here.
    """
    oldest = timezone.now() - settings.LUOSHI_IDLE
    living = [
        LivingSession(
            row.pk, shown_device(row.user_agent), str(row.ip), row.created_at, row.last_seen_at, row.session_key == key
        )
        for row in UserSession.objects.purge_and_list(account)
        if row.session_key == key or row.last_seen_at >= oldest
    ]
    return sorted(living, key=lambda session: (session.here, session.last), reverse=True)


def shown_device(user_agent: str) -> str:
    """Name a browser and its system from what it says of itself; for recognising one's own, not for deciding."""
    names = [next((name for mark, name in marks if mark in user_agent), "") for marks in (_BROWSERS, _SYSTEMS)]
    known = " · ".join(filter(None, names))
    return known or re.sub(r"[^\w ./-]", "", user_agent)[:40] or _("未知设备")


def locked_until(username: str, address: str = "") -> dt.datetime | None:
    """Return until when tries under this name are refused, from `address` or from any; None where they are not."""
    newer = timezone.now() - LOCK_OUT
    attempts = AccessAttempt.objects.filter(username=username, attempt_time__gte=newer)
    if address:
        attempts = attempts.filter(ip_address=address)
    groups = (
        attempts.order_by()
        .values("ip_address")
        .annotate(failures=Sum("failures_since_start"), last=Max("attempt_time"))
    )
    ends = [group["last"] + LOCK_OUT for group in groups if group["failures"] >= FAILURES]
    return max(ends, default=None)


def has_totp(account: Account) -> bool:
    """Tell whether signing in takes a second factor."""
    return bool(Authenticator.objects.filter(user=account, type=Authenticator.Type.TOTP).exists())


def rules() -> SignInRules:
    """Return what the authority asks of every account."""
    return SignInRules.objects.filter(pk=1).first() or SignInRules()


def must_change_password(account: Account, in_force: SignInRules) -> bool:
    """Tell whether the password was set by somebody else, or has been used for longer than the rules allow."""
    if account.must_change_password:
        return True
    if in_force.password_days is None or account.password_changed_at is None:
        return False
    return account.password_changed_at + dt.timedelta(days=in_force.password_days) <= timezone.now()


def one_time_is_over(account: Account) -> bool:
    """Tell whether the password is a one-time password that was not used in time."""
    return account.one_time_until is not None and account.one_time_until <= timezone.now()


def names_taken(names: Iterable[str]) -> set[str]:
    """Return which of these user names have an account; a few queries however many they are."""
    wanted = list(names)
    taken: set[str] = set()
    for start in range(0, len(wanted), _AT_ONCE):
        some = wanted[start : start + _AT_ONCE]
        taken.update(Account.objects.filter(username__in=some).values_list("username", flat=True))
    return taken
