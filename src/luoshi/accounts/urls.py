"""The addresses of sign-in and of one's own account, under `account/`.

Only these of allauth's views are offered; there is no sign-up, no e-mail and no reset by oneself to be reached. The
views before sign-in are marked as public, the others as pages of one's own account, in the way that `org.gate` marks
views (this room may not import it; a test holds the two together).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, TypeVar

from allauth.account import views as account
from allauth.mfa.base import views as factor
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.totp import views as totp
from django.contrib.auth.decorators import login_required
from django.urls import path
from django.views.decorators.cache import never_cache

from luoshi.accounts import views as own

__all__ = ["OWN", "urlpatterns"]

View = TypeVar("View", bound=Callable[..., Any])

OWN: Final = "own_account"
"""Under what the pages of one's own account stand: everybody who is signed in may open them, with or without a post."""


def _public(view: View) -> View:
    setattr(view, "luoshi_public", True)  # noqa: B010 — a function has no such attribute by itself
    return view


def _own(view: Callable[..., Any]) -> Callable[..., Any]:
    signed_in = never_cache(login_required(own.with_factor(view)))
    setattr(signed_in, "luoshi_act", OWN)  # noqa: B010 — a function has no such attribute by itself
    return signed_in


urlpatterns = [
    path("login/", _public(account.login), name="account_login"),
    path("logout/", _public(account.logout), name="account_logout"),
    path("inactive/", _public(account.account_inactive), name="account_inactive"),
    path("code/", _public(factor.authenticate), name="mfa_authenticate"),
    path("reauthenticate/", _own(account.reauthenticate), name="account_reauthenticate"),
    path("reauthenticate/code/", _own(factor.reauthenticate), name="mfa_reauthenticate"),
    path("password/", _own(account.password_change), name="account_change_password"),
    path("password/none/", _own(own.no_password), name="account_set_password"),
    path("second-factor/", _own(factor.index), name="mfa_index"),
    path("second-factor/on/", _own(totp.activate_totp), name="mfa_activate_totp"),
    path("second-factor/off/", _own(totp.deactivate_totp), name="mfa_deactivate_totp"),
    path("second-factor/codes/", _own(codes.view_recovery_codes), name="mfa_view_recovery_codes"),
    path("second-factor/codes/new/", _own(codes.generate_recovery_codes), name="mfa_generate_recovery_codes"),
    path("sessions/", _own(own.own_sessions), name="usersessions_list"),
    path("sessions/others/end/", _own(own.end_others), name="usersessions_end_others"),
    path("sessions/<int:session>/end/", _own(own.end_one), name="usersessions_end"),
]
