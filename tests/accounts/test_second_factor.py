"""The second factor: switched on with a code, asked at sign-in, switched off, and what it refuses."""

from __future__ import annotations

import re

import pytest
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.test import Client

from accounts.people import acts, code, is_signed_in, sign_in, try_password
from cast import PASSWORD
from luoshi.accounts.actions import change_rules
from luoshi.accounts.adapter import SecondFactorAdapter
from luoshi.accounts.models import Account
from luoshi.ledger.actions import SYSTEM

pytestmark = pytest.mark.django_db

ON, OFF, CODES = "/account/second-factor/on/", "/account/second-factor/off/", "/account/second-factor/codes/"


@pytest.fixture(autouse=True)
def _nothing_counted() -> None:
    """Codes are good once: each test begins with none used."""
    from django.core.cache import cache  # noqa: PLC0415 — the database of the test first

    cache.clear()


def switch_on(client: Client, django_capture: object = None) -> tuple[str, list[str]]:
    """Switch the second factor on as people do; return the secret and the recovery codes."""
    asked = client.get(ON)
    assert asked["Location"].startswith("/account/reauthenticate/")
    client.post(asked["Location"], {"password": PASSWORD, "next": ON})
    page = client.get(ON).content.decode()
    assert '<img src="data:image/svg+xml;base64,' in page
    (secret,) = re.findall(r"<code>([A-Z2-7]{32})</code>", page)
    assert client.post(ON, {"code": code(secret)})["Location"] == CODES
    return secret, re.findall(r"<code>(\d{8})</code>", client.get(CODES).content.decode())


def test_second_factor_is_asked_at_sign_in(signed_in: Client, officer: Account) -> None:
    secret, _codes = switch_on(signed_in)
    other = Client()
    assert try_password(other, "officer", PASSWORD)["Location"] == "/account/code/"
    assert not is_signed_in(other)
    assert other.post("/account/code/", {"code": code(secret)}).status_code == 302
    assert is_signed_in(other)


def test_switching_on_and_off_is_recorded(signed_in: Client, django_capture_on_commit_callbacks: object) -> None:
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        switch_on(signed_in)
    signed_in.post(OFF)
    assert not Authenticator.objects.exists()
    assert set(acts()) == {
        "account.signed_in",
        "account.totp_on",
        "account.recovery_codes_made",
        "account.totp_off",
    }


def test_wrong_code_lets_nobody_in_and_is_recorded(signed_in: Client) -> None:
    secret, _codes = switch_on(signed_in)
    other = Client()
    try_password(other, "officer", PASSWORD)
    for wrong in ("000000", "", "abc", code(secret, 5), secret, "9" * 30):
        assert other.post("/account/code/", {"code": wrong}).status_code == 200
    assert not is_signed_in(other)
    assert "account.code_failed" in acts()


def test_codes_cannot_be_guessed_on_and_on(signed_in: Client) -> None:
    secret, _codes = switch_on(signed_in)
    other = Client()
    try_password(other, "officer", PASSWORD)
    for _each in range(5):
        other.post("/account/code/", {"code": "000000"})
    page = other.post("/account/code/", {"code": code(secret)})
    assert page.status_code == 200
    assert "15 分钟" in page.content.decode()


def test_code_is_good_once(signed_in: Client) -> None:
    secret, _codes = switch_on(signed_in)
    now = code(secret)
    first, second = Client(), Client()
    for client in (first, second):
        try_password(client, "officer", PASSWORD)
        client.post("/account/code/", {"code": now})
    assert [is_signed_in(client) for client in (first, second)] == [True, False]


def test_recovery_code_is_good_once_and_recorded(signed_in: Client) -> None:
    _secret, codes = switch_on(signed_in)
    assert len(codes) == 10
    first, second = Client(), Client()
    for client in (first, second):
        try_password(client, "officer", PASSWORD)
        client.post("/account/code/", {"code": codes[3]})
    assert [is_signed_in(client) for client in (first, second)] == [True, False]
    assert acts().count("account.recovery_code_used") == 1


def test_recovery_codes_are_shown_once(signed_in: Client) -> None:
    _secret, codes = switch_on(signed_in)
    again = signed_in.get(CODES).content.decode()
    assert not any(each in again for each in codes)


def test_second_factor_goes_off_only_after_the_password(signed_in: Client, officer: Account) -> None:
    secret, _codes = switch_on(signed_in)
    other = Client()
    try_password(other, "officer", PASSWORD)
    other.post("/account/code/", {"code": code(secret)})
    assert other.post(OFF)["Location"].startswith("/account/reauthenticate/")
    assert Authenticator.objects.filter(user=officer, type="totp").exists()
    other.post("/account/reauthenticate/", {"password": "wrong"})
    assert Authenticator.objects.filter(user=officer, type="totp").exists()
    other.post(f"/account/reauthenticate/?next={OFF}", {"password": PASSWORD, "next": OFF})
    assert not Authenticator.objects.exists()


def test_secret_is_stored_encrypted(signed_in: Client) -> None:
    secret, _codes = switch_on(signed_in)
    stored = Authenticator.objects.get(type="totp").data["secret"]
    assert secret not in stored
    assert SecondFactorAdapter().decrypt(stored) == secret


def test_secret_can_be_read_after_the_key_was_replaced(settings: settings) -> None:  # type: ignore[valid-type]
    stored = SecondFactorAdapter().encrypt("ABC")
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]  # type: ignore[attr-defined]
    settings.SECRET_KEY = "another"  # type: ignore[attr-defined]
    assert SecondFactorAdapter().decrypt(stored) == "ABC"


def test_administrator_must_switch_it_on_where_the_rules_say_so(security: Account, officer: Account) -> None:
    change_rules(totp_for_admins=True, password_days=None, by=SYSTEM)
    administrator, clerk = Client(), Client()
    sign_in(administrator, security)
    sign_in(clerk, officer)
    assert administrator.get("/accounts/")["Location"] == f"{ON}?next=/accounts/"
    assert clerk.get("/account/sessions/").status_code == 200
    switch_on(administrator)
    assert administrator.get("/accounts/").status_code == 200


def test_rule_reaches_sessions_under_way_within_a_minute(security: Account, monkeypatch: pytest.MonkeyPatch) -> None:
    client = Client()
    sign_in(client, security)
    change_rules(totp_for_admins=True, password_days=None, by=SYSTEM)
    import time  # noqa: PLC0415 — moved below

    real = time.time
    monkeypatch.setattr(time, "time", lambda: real() + 61)
    assert client.get("/accounts/")["Location"] == f"{ON}?next=/accounts/"
