"""What people do at the pages of sign-in, in one place for all tests of accounts."""

from __future__ import annotations

import time
from typing import Any

from allauth.mfa.totp.internal.auth import hotp_value
from django.test import Client

from cast import PASSWORD
from luoshi.accounts.models import Account
from luoshi.ledger.models import Record

__all__ = ["acts", "code", "is_signed_in", "sign_in", "try_password"]

OWN_PAGE = "/account/sessions/"


def try_password(client: Client, name: str, password: str, **headers: Any) -> Any:
    """Send the form of sign-in."""
    return client.post("/account/login/", {"login": name, "password": password}, **headers)


def sign_in(client: Client, account: Account, password: str = PASSWORD) -> None:
    """Sign in with the password alone and see that it worked."""
    assert try_password(client, account.username, password).status_code == 302
    assert is_signed_in(client)


def is_signed_in(client: Client) -> bool:
    """Tell whether a page of one's own account opens, or leads where one must go first."""
    response = client.get(OWN_PAGE)
    return response.status_code == 200 or "/account/login/" not in response["Location"]


def acts(*, without: tuple[str, ...] = ()) -> list[str]:
    """Return the acts on record, in order."""
    return [act for act in Record.objects.order_by("seq").values_list("act", flat=True) if act not in without]


def code(secret: str, step: int = 0) -> str:
    """Return the code that a telephone with this secret shows now, or `step` half-minutes later."""
    return f"{hotp_value(secret, int(time.time()) // 30 + step):06d}"
