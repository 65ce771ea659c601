"""What allauth, axes and Django tell us by their signals, put into the record. Nothing is decided here."""

from __future__ import annotations

from typing import Any, Final

import axes.signals  # noqa: F401 — listens to failures, and must do so before us
from allauth.mfa import signals as second_factor
from allauth.mfa.models import Authenticator
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.http import HttpRequest

from luoshi.accounts.acts import NOBODY, author_of, note
from luoshi.accounts.address import client_address
from luoshi.accounts.lock_out import name_tried
from luoshi.accounts.middleware import begin
from luoshi.accounts.models import Account
from luoshi.ledger.canonical import Json

__all__ = ["connect"]

_TOTP: Final = Authenticator.Type.TOTP
_CODES: Final = Authenticator.Type.RECOVERY_CODES


def connect() -> None:
    """Listen to the libraries, once."""
    for signal, receiver in (
        (user_logged_in, _signed_in),
        (user_login_failed, _failed),
        (user_logged_out, _signed_out),
        (second_factor.authenticator_added, _factor_added),
        (second_factor.authenticator_removed, _factor_removed),
        (second_factor.authenticator_reset, _factor_reset),
        (second_factor.authenticator_used, _factor_used),
        (second_factor.authentication_failed, _code_failed),
    ):
        signal.connect(receiver, dispatch_uid=f"luoshi.{receiver.__name__}")


def _signed_in(request: HttpRequest, user: Account, **_rest: Any) -> None:
    begin(request.session)
    note("account.signed_in", by=author_of(user), account=user, data={"address": client_address(request)})


def _failed(credentials: dict[str, Any], request: HttpRequest | None = None, **_rest: Any) -> None:
    """Record a failure, and the lock-out that it leads to; tries during a lock-out are not recorded again.

    A name that is nobody's is not kept, for people type passwords into the wrong box. Axes has listened before us.
    """
    if request is None:
        return
    locked, failures = getattr(request, "axes_locked_out", False), getattr(request, "axes_failures_since_start", None)
    if locked and failures is None:
        return
    account = Account.objects.filter(username=name_tried(request, credentials)).first()
    data: dict[str, Json] = {"address": client_address(request)}
    note("account.sign_in_failed", by=NOBODY, account=account, data=data)
    if locked:
        note("account.locked_out", by=NOBODY, account=account, data=data)


def _signed_out(request: HttpRequest, user: Account | None, **_rest: Any) -> None:
    if user is None:
        return
    why = getattr(request, "luoshi_ended", "")
    if why:
        note("account.session_ended", by=author_of(user), account=user, data={"why": why})
    else:
        note("account.signed_out", by=author_of(user), account=user)


def _factor_added(user: Account, authenticator: Authenticator, **_rest: Any) -> None:
    act = "account.totp_on" if authenticator.type == _TOTP else "account.recovery_codes_made"
    note(act, by=author_of(user), account=user)


def _factor_removed(user: Account, authenticator: Authenticator, **_rest: Any) -> None:
    if authenticator.type == _TOTP:
        note("account.totp_off", by=author_of(user), account=user)


def _factor_reset(user: Account, **_rest: Any) -> None:
    note("account.recovery_codes_made", by=author_of(user), account=user)


def _factor_used(user: Account, authenticator: Authenticator, **_rest: Any) -> None:
    if authenticator.type == _CODES:
        note("account.recovery_code_used", by=author_of(user), account=user)


def _code_failed(request: HttpRequest, user: Account, **_rest: Any) -> None:
    note("account.code_failed", by=NOBODY, account=user, data={"address": client_address(request)})
