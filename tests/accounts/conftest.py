"""Sign-in as people do it: through the pages."""

from __future__ import annotations

import pytest
from django.test import Client

from accounts.people import sign_in
from cast import PASSWORD, Cast
from luoshi.accounts.models import Account


@pytest.fixture
def officer(cast: Cast) -> Account:
    """Return the account of the officer, who has chosen the password of the cast."""
    return _with_password(cast, "officer")


@pytest.fixture
def security(cast: Cast) -> Account:
    """Return the account of the security administrator."""
    return _with_password(cast, "security_admin")


@pytest.fixture
def signed_in(client: Client, officer: Account) -> Client:
    """Return a browser in which the officer is signed in."""
    sign_in(client, officer)
    return client


@pytest.fixture
def office(security: Account) -> Client:
    """Return a browser in which the security administrator is signed in and has just given the password again."""
    browser = Client()
    sign_in(browser, security)
    browser.post("/account/reauthenticate/", {"password": PASSWORD})
    return browser


def _with_password(cast: Cast, name: str) -> Account:
    account = cast.people[name].account
    assert account is not None
    account.set_password(PASSWORD)
    account.save()
    return account
