"""Every change of an account. Who may ask for it is decided above this room (`org.account_actions`).

Each function is one transaction and leaves one record. What is so already is left alone and not recorded again.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from axes.models import AccessAttempt
from django.contrib.auth import update_session_auth_hash
from django.contrib.sessions.models import Session
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from luoshi.accounts.acts import author_of, entry, note
from luoshi.accounts.models import Account, PreparedAccount, SignInRules
from luoshi.accounts.passwords import ONE_TIME_LASTS, Ready, one_time
from luoshi.accounts.queries import LOCK_OUT, rules
from luoshi.ledger.actions import Author, record_many

__all__ = [
    "change_own_password",
    "change_rules",
    "create_account",
    "create_accounts",
    "end_all_sessions",
    "end_session",
    "go_on",
    "lift_lock_out",
    "lock_account",
    "remove_totp",
    "reset_password",
    "set_password",
    "tidy",
    "unlock_account",
]


@transaction.atomic
def create_account(*, username: str, by: Author, password: str = "", why: str = "") -> tuple[Account, str]:
    """Make an account; return it with its one-time password, which is stored nowhere and cannot be shown again.

    With a `password` that its holder has chosen there is no one-time password, and nothing to change at sign-in.
    ValidationError for a name that is taken or cannot be used.
    """
    account = Account(username=Account.normalize_username(username), must_change_password=not password)
    account.full_clean(exclude=["password"])
    once = "" if password else one_time(account)
    account.set_password(password or once)
    account.password_changed_at = timezone.now()
    account.one_time_until = None if password else account.password_changed_at + ONE_TIME_LASTS
    account.save(force_insert=True)
    note("account.created", by=by, account=account, data={"why": why} if why else None)
    return account, once


@transaction.atomic
def create_accounts(ready: Sequence[Ready], *, by: Author) -> list[Account]:
    """Make many accounts whose passwords are hashed already, one record each; all of them or, at an error, none.

    The caller has seen that the names can be used (`queries.names_taken`); IntegrityError where one was taken since.
    """
    now = timezone.now()
    made = [
        Account(
            username=one.username,
            password=one.password,
            must_change_password=True,
            password_changed_at=now,
            one_time_until=now + ONE_TIME_LASTS,
        )
        for one in ready
    ]
    Account.objects.bulk_create(made, batch_size=500)
    entries = [entry("account.created", account, {"why": one.name}) for one, account in zip(ready, made, strict=True)]
    record_many(entries, by=by)
    return made


@transaction.atomic
def change_own_password(account: Account, *, password: str) -> None:
    """Give the holder the password they chose; every session that was begun with the old one is over."""
    set_password(account, password=password)
    note("account.password_changed", by=author_of(account), account=account)


@transaction.atomic
def reset_password(account: Account, *, by: Author) -> str:
    """Give the account a one-time password and return it; its sessions end, and so do its lock-outs."""
    once = one_time(account)
    set_password(account, password=once, must_change=True)
    _forget_failures(account)
    note("account.password_reset", by=by, account=account)
    return once


def set_password(account: Account, *, password: str, must_change: bool = False) -> None:
    """Store a password; sessions begun with the old one are over. Records nothing: its callers do."""
    account.set_password(password)
    account.must_change_password = must_change
    account.password_changed_at = timezone.now()
    account.one_time_until = account.password_changed_at + ONE_TIME_LASTS if must_change else None
    account.save(update_fields=["password", "must_change_password", "password_changed_at", "one_time_until"])


@transaction.atomic
def lock_account(account: Account, *, by: Author, why: str) -> None:
    """Let nobody sign in with this account until it is unlocked; its sessions end at once."""
    row = _locked_row(account)
    if not row.is_active:
        return
    why = _reason(why)
    row.is_active = account.is_active = False
    row.save(update_fields=["is_active"])
    _end_sessions(row)
    note("account.locked", by=by, account=row, data={"why": why})


@transaction.atomic
def unlock_account(account: Account, *, by: Author, why: str = "") -> None:
    """Let the holder sign in again, with the password they had."""
    row = _locked_row(account)
    if row.is_active:
        return
    row.is_active = account.is_active = True
    row.save(update_fields=["is_active"])
    note("account.unlocked", by=by, account=row, data={"why": why} if why else None)


@transaction.atomic
def lift_lock_out(account: Account, *, by: Author) -> int:
    """Forget the failures that lock this account out anywhere; return from how many addresses it had failed."""
    count = _forget_failures(account)
    if count:
        note("account.lock_out_lifted", by=by, account=account)
    return count


@transaction.atomic
def end_all_sessions(account: Account, *, by: Author) -> None:
    """End every session of the account, here and everywhere, those on devices that nobody remembers too."""
    row = _locked_row(account)
    _end_sessions(row)
    account.session_epoch = row.session_epoch
    note("account.sessions_ended", by=by, account=row)


@transaction.atomic
def go_on(request: HttpRequest, account: Account) -> None:
    """Let the session that asked for the end of all of them live on, under a new key."""
    update_session_auth_hash(request, account)
    UserSession.objects.create_from_request(request)


@transaction.atomic
def end_session(account: Account, *, session: int, by: Author) -> None:
    """End one session of this account by the number that the list of sessions shows; another's is left alone."""
    found = UserSession.objects.filter(pk=session, user=account).first()
    if found is None:
        return
    found.end()
    note("account.session_ended", by=by, account=account, data={"address": str(found.ip), "why": "ended"})


@transaction.atomic
def remove_totp(account: Account, *, by: Author) -> None:
    """Take the second factor away, for somebody who has lost it; the recovery codes go with it."""
    removed, _each = Authenticator.objects.filter(user=account).delete()
    if removed:
        note("account.totp_off", by=by, account=account, data={"why": "removed"})


@transaction.atomic
def change_rules(*, totp_for_admins: bool, password_days: int | None, by: Author) -> SignInRules:
    """Set what is asked of every account. ValidationError for a password that would last less than 30 days."""
    before = rules()
    after = SignInRules(id=1, totp_for_admins=totp_for_admins, password_days=password_days)
    if (before.totp_for_admins, before.password_days) == (totp_for_admins, password_days):
        return before
    after.full_clean(validate_unique=False)
    after.save()
    note(
        "account.rules_changed",
        by=by,
        account=None,
        data={"totp_for_admins": totp_for_admins, "password_days": password_days},
    )
    return after


def tidy(*, now: dt.datetime | None = None) -> int:
    """Remove what is over: ended sessions, failures that lock nobody out any more, accounts prepared and never made.

    Returns how many rows went.

    Nothing depends on it; without it the tables would grow.
    """
    now = now or timezone.now()
    gone: int = Session.objects.filter(expire_date__lt=now).delete()[0]
    alive = Session.objects.values("session_key")
    gone += (
        UserSession.objects.filter(created_at__lt=now - dt.timedelta(minutes=1))
        .exclude(session_key__in=alive)
        .delete()[0]
    )
    gone += AccessAttempt.objects.filter(attempt_time__lt=now - LOCK_OUT).delete()[0]
    gone += PreparedAccount.objects.filter(at__lt=now - dt.timedelta(days=1)).delete()[0]
    return gone


def _locked_row(account: Account) -> Account:
    return Account.objects.select_for_update().get(pk=account.pk)


def _end_sessions(row: Account) -> None:
    row.session_epoch += 1
    row.save(update_fields=["session_epoch"])
    for session in UserSession.objects.filter(user=row):
        session.end()


def _forget_failures(account: Account) -> int:
    removed, _each = AccessAttempt.objects.filter(username=account.username).delete()
    return int(removed)


def _reason(why: str) -> str:
    why = why.strip()
    if not why:
        raise ValidationError(_("请写明缘由，审计管理员会看到。"), code="reason_missing")
    return why[:200]
