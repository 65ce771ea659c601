"""Every address of one's own account answers every account, whatever state it is in."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.conf import settings
from django.test import Client
from django.urls import URLPattern

from accounts.people import acts
from cast import PASSWORD
from luoshi.accounts.models import Account
from luoshi.accounts.urls import urlpatterns

pytestmark = pytest.mark.django_db


def _plain(_account: Account) -> None:
    """Leave the account as it is."""


def _without_password(account: Account) -> None:
    account.set_unusable_password()
    account.save(update_fields=["password"])


def _with_factor(account: Account) -> None:
    TOTP.activate(account, generate_totp_secret())
    RecoveryCodes.activate(account)


def _with_factor_alone(account: Account) -> None:
    TOTP.activate(account, generate_totp_secret())


def _with_factor_and_no_password(account: Account) -> None:
    _with_factor(account)
    _without_password(account)


def _with_lost_factor(account: Account) -> None:
    """Store secrets under a key that is no more."""
    _with_factor(account)
    for row in Authenticator.objects.filter(user=account):
        row.data = {
            name: "gAAAAAno-such-secret" if name in {"secret", "seed"} else value for name, value in row.data.items()
        }
        row.save(update_fields=["data"])


STATES = [_plain, _without_password, _with_factor, _with_factor_alone, _with_factor_and_no_password, _with_lost_factor]


def _paths() -> list[str]:
    assert all(isinstance(one, URLPattern) for one in urlpatterns)
    return [f"/account/{one.pattern}".replace("<int:session>", "1") for one in urlpatterns]


@pytest.mark.parametrize("state", STATES, ids=lambda state: state.__name__)
@pytest.mark.parametrize("again", [False, True], ids=["", "asked_again"])
@pytest.mark.parametrize("path", _paths())
def test_no_address_breaks(officer: Account, state: Callable[[Account], None], path: str, again: bool) -> None:
    state(officer)
    client = Client()
    client.force_login(officer, backend=settings.AUTHENTICATION_BACKENDS[-1])
    if again:
        client.post("/account/reauthenticate/", {"password": PASSWORD})
    for answer in (client.get(path), client.post(path, {"code": "123456", "password": "x", "oldpassword": "x"})):
        assert answer.status_code in {200, 302, 403, 404, 405, 409}, path
    client.get(path, follow=True)


@pytest.mark.parametrize("must_change", [False, True])
def test_an_account_without_a_password_is_told_who_gives_it_one(officer: Account, must_change: bool) -> None:
    _without_password(officer)
    Account.objects.update(must_change_password=must_change)
    client = Client()
    client.force_login(officer, backend=settings.AUTHENTICATION_BACKENDS[-1])
    answer = client.get("/account/password/", follow=True)
    assert answer.redirect_chain == [("/account/password/none/", 302)]
    assert "请安全管理员给您一个一次性密码" in answer.content.decode()
    data = {"password1": "ganz-Anders-8341", "password2": "ganz-Anders-8341"}
    assert client.post("/account/password/none/", data).status_code == 405
    officer.refresh_from_db()
    assert not officer.has_usable_password()
    assert "account.password_changed" not in acts()


def test_an_account_with_a_password_is_led_to_changing_it(signed_in: Client) -> None:
    assert signed_in.get("/account/password/none/")["Location"] == "/account/password/"


@pytest.mark.parametrize("path", ["", "codes/", "codes/new/"])
def test_a_second_factor_that_no_key_fits_is_said_to_be_lost(signed_in: Client, officer: Account, path: str) -> None:
    _with_lost_factor(officer)
    signed_in.post("/account/reauthenticate/", {"password": PASSWORD})
    answer = signed_in.get(f"/account/second-factor/{path}")
    assert answer.status_code == 409
    assert "请安全管理员关闭后重新开启" in answer.content.decode()
