"""Coming in, being refused, and going out again."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import pytest
from axes.models import AccessAttempt
from django.conf import settings
from django.contrib.auth.hashers import identify_hasher
from django.test import Client
from django.urls import NoReverseMatch, get_resolver, reverse
from django.utils import timezone

from accounts.people import acts, is_signed_in, sign_in, try_password
from cast import PASSWORD, Cast
from luoshi.accounts.models import Account
from luoshi.accounts.queries import LOCK_OUT
from luoshi.accounts.urls import OWN, urlpatterns
from luoshi.ledger.models import Record
from luoshi.org.gate import GATED, PUBLIC

pytestmark = pytest.mark.django_db

WRONG = "Falsch-青禾-9999"


def test_right_password_opens_the_home_page(client: Client, officer: Account) -> None:
    response = try_password(client, "officer", PASSWORD)
    assert (response.status_code, response["Location"]) == (302, "/")
    assert is_signed_in(client)
    (record,) = Record.objects.all()
    assert (record.act, record.actor_id, record.actor_name) == ("account.signed_in", officer.pk, "何清")
    assert (record.subject_kind, record.subject_key, record.data) == (
        "account",
        str(officer.pk),
        {"address": "127.0.0.1"},
    )


@pytest.mark.parametrize("typed", ["OFFICER", " officer ", "\uff4fffice\uff52"])
def test_name_is_taken_however_the_keyboard_was_set(client: Client, officer: Account, typed: str) -> None:
    assert try_password(client, typed, PASSWORD).status_code == 302


def test_password_is_stored_as_argon2(officer: Account) -> None:
    assert officer.password.startswith("argon2$argon2id$")
    assert identify_hasher(officer.password).__class__.__module__ == "luoshi.accounts.passwords"


@pytest.mark.parametrize("password", ["", " ", PASSWORD.lower(), PASSWORD + " ", "x" * 200])
def test_wrong_password_is_refused(client: Client, officer: Account, password: str) -> None:
    assert try_password(client, "officer", password).status_code == 200
    assert not is_signed_in(client)


def test_unknown_and_known_names_get_the_same_answer(client: Client, officer: Account) -> None:
    answers = [_without_tokens(try_password(client, name, WRONG), name) for name in ("officer", "nobodyx")]
    assert answers[0] == answers[1]


def test_account_without_a_password_gets_the_same_answer_as_no_account(client: Client, cast: Cast) -> None:
    answers = [_without_tokens(try_password(client, name, WRONG), name) for name in ("stranger", "nobodyxy")]
    assert answers[0] == answers[1]


def test_unknown_name_is_locked_out_like_a_known_one(client: Client, officer: Account) -> None:
    answers = {}
    for name in ("officer", "nobodyx"):
        tries = [try_password(client, name, WRONG) for _each in range(6)]
        assert [answer.status_code for answer in tries] == [200] * 4 + [429] * 2
        answers[name] = _without_tokens(tries[-1], name)
    assert answers["officer"] == answers["nobodyx"]


def test_failures_are_recorded_without_what_was_typed_for_a_name(client: Client, officer: Account) -> None:
    try_password(client, "officer", WRONG)
    try_password(client, "mein-geheimes-Wort", WRONG)
    first, second = Record.objects.order_by("seq")
    assert (first.act, first.subject_name, first.actor_id) == ("account.sign_in_failed", "officer", None)
    assert (second.act, second.subject_name, second.subject_key) == ("account.sign_in_failed", "", "")
    stored = str(list(AccessAttempt.objects.values()))
    assert WRONG not in stored


def test_five_failures_lock_out_and_say_until_when(client: Client, officer: Account) -> None:
    for _each in range(5):
        answer = try_password(client, "officer", WRONG)
    until = timezone.localtime(AccessAttempt.objects.get().attempt_time + LOCK_OUT)
    assert answer.status_code == 429
    assert 890 <= int(answer["Retry-After"]) <= 900
    assert f"{until:%H:%M}" in answer.content.decode()
    assert try_password(client, "officer", PASSWORD).status_code == 429
    assert acts() == ["account.sign_in_failed"] * 5 + ["account.locked_out"]


def test_lock_out_is_told_in_english_too(client: Client, officer: Account) -> None:
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    for _each in range(5):
        answer = try_password(client, "officer", WRONG)
    assert (answer.status_code, answer["Content-Language"]) == (429, "en")


def test_lock_out_ends_after_a_quarter_of_an_hour_however_often_it_was_tried(client: Client, officer: Account) -> None:
    for _each in range(5):
        try_password(client, "officer", WRONG)
    _let_pass(dt.timedelta(minutes=14))
    assert try_password(client, "officer", PASSWORD).status_code == 429
    _let_pass(dt.timedelta(minutes=1))
    assert try_password(client, "officer", PASSWORD).status_code == 302


def test_stranger_cannot_lock_a_colleague_out_from_another_address(officer: Account) -> None:
    stranger, colleague = Client(REMOTE_ADDR="10.0.0.66"), Client(REMOTE_ADDR="10.0.0.7")
    for _each in range(9):
        try_password(stranger, "officer", WRONG)
    assert try_password(stranger, "officer", PASSWORD).status_code == 429
    assert try_password(colleague, "officer", PASSWORD).status_code == 302


def test_lock_out_counts_a_roaming_ipv6_client_as_one(officer: Account) -> None:
    for each in range(5):
        try_password(Client(REMOTE_ADDR=f"2001:db8:1:2::{each + 1}"), "officer", WRONG)
    assert try_password(Client(REMOTE_ADDR="2001:db8:1:2:ffff::9"), "officer", PASSWORD).status_code == 429
    assert try_password(Client(REMOTE_ADDR="2001:db8:1:3::1"), "officer", PASSWORD).status_code == 302


def test_changing_the_browser_does_not_reset_the_count(client: Client, officer: Account) -> None:
    for each in range(5):
        try_password(client, "officer", WRONG, headers={"User-Agent": f"Browser {each}"})
    assert try_password(client, "officer", PASSWORD).status_code == 429


def test_success_forgets_earlier_failures(client: Client, officer: Account) -> None:
    for _round in range(2):
        for _each in range(4):
            try_password(client, "officer", WRONG)
        assert try_password(Client(), "officer", PASSWORD).status_code == 302


@pytest.mark.parametrize(("proxies", "locked"), [(0, True), (1, False)])
def test_forwarded_address_counts_only_behind_a_configured_proxy(
    officer: Account, settings: Any, proxies: int, *, locked: bool
) -> None:
    settings.LUOSHI_PROXIES = proxies
    client = Client(REMOTE_ADDR="10.0.0.1")
    for each in range(5):
        try_password(client, "officer", WRONG, headers={"X-Forwarded-For": f"203.0.113.{each}"})
    answer = try_password(client, "officer", PASSWORD, headers={"X-Forwarded-For": "203.0.113.99"})
    assert (answer.status_code == 429) is locked


def test_what_a_client_writes_before_the_proxy_does_not_count(officer: Account, settings: Any) -> None:
    settings.LUOSHI_PROXIES = 1
    client = Client(REMOTE_ADDR="10.0.0.1")
    for each in range(5):
        try_password(client, "officer", WRONG, headers={"X-Forwarded-For": f"198.51.100.{each}, 203.0.113.5"})
    answer = try_password(client, "officer", PASSWORD, headers={"X-Forwarded-For": "198.51.100.77, 203.0.113.5"})
    assert answer.status_code == 429


@pytest.mark.parametrize("address", ["", "unix:", "not an address"])
def test_sign_in_works_where_no_address_is_known(officer: Account, address: str) -> None:
    assert try_password(Client(REMOTE_ADDR=address), "officer", PASSWORD).status_code == 302
    assert Record.objects.get().data == {"address": "0.0.0.0"}


def test_locked_account_is_told_so_only_with_the_right_password(client: Client, officer: Account) -> None:
    Account.objects.filter(pk=officer.pk).update(is_active=False)
    wrong = try_password(client, "officer", WRONG)
    assert wrong.status_code == 200
    right = try_password(client, "officer", PASSWORD)
    assert (right.status_code, right["Location"]) == (302, "/account/inactive/")
    assert "停用" in client.get("/account/inactive/").content.decode()
    assert not is_signed_in(client)


@pytest.mark.parametrize(("days", "comes_in"), [(-1, False), (0, True), (1, True)])
def test_who_has_left_cannot_come_in(
    client: Client, cast: Cast, officer: Account, days: int, *, comes_in: bool
) -> None:
    person = cast.people["officer"]
    person.left_on = timezone.localdate() + dt.timedelta(days=days)
    person.save()
    try_password(client, "officer", PASSWORD)
    assert is_signed_in(client) is comes_in


def test_session_of_who_has_left_is_over_at_once(signed_in: Client, cast: Cast) -> None:
    person = cast.people["officer"]
    person.left_on = timezone.localdate() - dt.timedelta(days=1)
    person.save()
    assert not is_signed_in(signed_in)


def test_session_key_changes_at_sign_in_and_the_old_one_is_worth_nothing(client: Client, officer: Account) -> None:
    session = client.session
    session["planted"] = "by somebody else"
    session.save()
    client.cookies[settings.SESSION_COOKIE_NAME] = planted = session.session_key or ""
    sign_in(client, officer)
    assert client.session.session_key not in {planted, None}
    other = Client()
    other.cookies[settings.SESSION_COOKIE_NAME] = planted
    assert not is_signed_in(other)


@pytest.mark.parametrize(
    "target",
    [
        "https://example.org/",
        "//example.org/x",
        "/\\example.org",
        "javascript:alert(1)",
        "http://127.0.0.1/",
        "http:///x",
    ],
)
def test_nobody_is_led_away_after_signing_in(client: Client, officer: Account, target: str) -> None:
    response = client.post(f"/account/login/?next={target}", {"login": "officer", "password": PASSWORD, "next": target})
    assert (response.status_code, response["Location"]) == (302, "/")


def test_page_that_was_asked_for_opens_after_signing_in(client: Client, officer: Account) -> None:
    asked = client.get("/account/sessions/?page=2")
    assert asked["Location"] == "/account/login/?next=/account/sessions/%3Fpage%3D2"
    page = client.get(asked["Location"]).content.decode()
    assert 'name="next" value="/account/sessions/?page=2"' in page
    response = client.post(
        "/account/login/", {"login": "officer", "password": PASSWORD, "next": "/account/sessions/?page=2"}
    )
    assert response["Location"] == "/account/sessions/?page=2"


def test_form_without_its_token_is_refused(officer: Account) -> None:
    strict = Client(enforce_csrf_checks=True)
    assert try_password(strict, "officer", PASSWORD).status_code == 403
    assert not is_signed_in(strict)
    assert acts() == []


def test_sign_out_is_asked_before_and_recorded(signed_in: Client) -> None:
    assert signed_in.get("/account/logout/").status_code == 200
    assert is_signed_in(signed_in)
    response = signed_in.post("/account/logout/")
    assert (response.status_code, response["Location"]) == (302, "/account/login/")
    assert not is_signed_in(signed_in)
    assert acts() == ["account.signed_in", "account.signed_out"]


@pytest.mark.parametrize(
    "name",
    [
        "account_signup",
        "account_email",
        "account_reset_password",
        "mfa_download_recovery_codes",
    ],
)
def test_what_is_not_offered_has_no_address(name: str) -> None:
    with pytest.raises(NoReverseMatch):
        reverse(name)


@pytest.mark.parametrize("path", ["signup/", "password/reset/", "email/", "confirm-email/", "login/code/"])
def test_what_is_not_offered_is_not_found(client: Client, path: str) -> None:
    assert client.get(f"/account/{path}").status_code == 404


def test_every_address_here_is_public_or_ones_own() -> None:
    marks = {
        pattern.name: (getattr(pattern.callback, PUBLIC, False), getattr(pattern.callback, GATED, ""))
        for pattern in urlpatterns
    }
    public = {name for name, (is_public, act) in marks.items() if is_public and not act}
    assert public == {"account_login", "account_logout", "account_inactive", "mfa_authenticate"}
    assert {name for name, (is_public, act) in marks.items() if act == OWN and not is_public} == set(marks) - public
    assert get_resolver().resolve("/account/login/").func is urlpatterns[0].callback


@pytest.mark.parametrize(
    "name", sorted(pattern.name for pattern in urlpatterns if getattr(pattern.callback, GATED, ""))
)
def test_pages_of_ones_own_account_ask_strangers_to_sign_in(client: Client, db: None, name: str) -> None:
    url = reverse(name, args=[1] if name == "usersessions_end" else [])
    for response in (client.get(url), client.post(url)):
        assert response.status_code in {302, 405}
        assert response.status_code == 405 or response["Location"].startswith("/account/login/")


def _without_tokens(response: Any, name: str) -> bytes:
    text = re.sub(rb'name="csrfmiddlewaretoken" value="[^"]+"', b"", response.content)
    return text.replace(name.encode(), b"NAME")


def _let_pass(duration: dt.timedelta) -> None:
    """Move what has happened further back."""
    for attempt in AccessAttempt.objects.all():
        AccessAttempt.objects.filter(pk=attempt.pk).update(attempt_time=attempt.attempt_time - duration)
