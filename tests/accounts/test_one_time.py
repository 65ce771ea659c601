"""One-time passwords end after a fortnight, and only who types one right is told so."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client
from django.utils import timezone

from accounts.people import acts, is_signed_in, try_password
from cast import PASSWORD, Cast
from luoshi.accounts import actions
from luoshi.accounts.models import Account
from luoshi.accounts.passwords import ONE_TIME_LASTS
from luoshi.ledger.actions import SYSTEM
from luoshi.ledger.models import Record

pytestmark = pytest.mark.django_db

OVER = "这个一次性密码已过期，请找安全管理员换一个新的。"
WRONG = "Falsch-青禾-9999"


def _reset(cast: Cast, *, age: dt.timedelta = dt.timedelta()) -> tuple[Account, str]:
    account = cast.people["officer"].account
    assert account is not None
    once = actions.reset_password(account, by=SYSTEM)
    assert account.one_time_until is not None
    account.one_time_until -= age
    account.save(update_fields=["one_time_until"])
    return account, once


def test_one_time_password_lasts_a_fortnight(cast: Cast) -> None:
    made, _once = actions.create_account(username="neu", by=SYSTEM)
    again, _once = _reset(cast)
    for account in (made, again):
        assert account.password_changed_at is not None
        assert account.one_time_until == account.password_changed_at + dt.timedelta(days=14)


def test_chosen_password_does_not_end(cast: Cast) -> None:
    made, once = actions.create_account(username="neu", by=SYSTEM, password=PASSWORD)
    assert (made.one_time_until, once) == (None, "")
    account, _once = _reset(cast)
    actions.change_own_password(account, password=PASSWORD)
    account.refresh_from_db()
    assert account.one_time_until is None


@pytest.mark.parametrize(
    ("age", "comes_in"), [(ONE_TIME_LASTS - dt.timedelta(minutes=1), True), (ONE_TIME_LASTS, False)]
)
def test_one_time_password_opens_until_its_end(
    client: Client, cast: Cast, age: dt.timedelta, *, comes_in: bool
) -> None:
    account, once = _reset(cast, age=age)
    answer = try_password(client, account.username, once)
    assert is_signed_in(client) is comes_in
    assert (OVER in answer.content.decode()) is not comes_in


def test_wrong_password_hears_nothing_of_the_end(client: Client, cast: Cast) -> None:
    account, _once = _reset(cast, age=ONE_TIME_LASTS)
    known = try_password(client, account.username, WRONG).content.decode()
    unknown = try_password(client, "nobodyx", WRONG).content.decode()
    assert OVER not in known
    assert known.count("用户名或密码不对") == unknown.count("用户名或密码不对") == 1


def test_locked_account_is_told_of_the_lock_rather_than_of_the_end(client: Client, cast: Cast) -> None:
    account, once = _reset(cast, age=ONE_TIME_LASTS)
    Account.objects.filter(pk=account.pk).update(is_active=False)
    assert try_password(client, account.username, once)["Location"] == "/account/inactive/"


def test_end_is_recorded_as_a_failure_and_leaves_no_session(client: Client, cast: Cast) -> None:
    account, once = _reset(cast, age=ONE_TIME_LASTS)
    try_password(client, account.username, once)
    last = Record.objects.order_by("-seq")[0]
    assert (last.act, last.subject_name, last.data) == (
        "account.sign_in_failed",
        "officer",
        {"address": "127.0.0.1", "why": "one_time_over"},
    )
    assert acts() == ["account.password_reset", "account.sign_in_failed"]
    account.refresh_from_db()
    assert account.last_login is None


def test_new_one_time_password_opens_again(client: Client, cast: Cast) -> None:
    _reset(cast, age=ONE_TIME_LASTS)
    account, once = _reset(cast)
    try_password(client, account.username, once)
    assert is_signed_in(client)


def test_who_came_in_before_the_end_can_still_change_it_after(client: Client, cast: Cast) -> None:
    account, once = _reset(cast)
    try_password(client, account.username, once)
    Account.objects.filter(pk=account.pk).update(one_time_until=timezone.now() - dt.timedelta(seconds=1))
    answer = client.post("/account/password/", {"oldpassword": once, "password1": PASSWORD, "password2": PASSWORD})
    assert answer.status_code == 302
    account.refresh_from_db()
    assert (account.check_password(PASSWORD), account.one_time_until) == (True, None)


def test_list_finds_those_that_are_over(office: Client, cast: Cast) -> None:
    _reset(cast, age=ONE_TIME_LASTS)
    page = office.get("/accounts/?state=expired")
    assert [row.account.username for row in page.context["rows"]] == ["officer"]
    assert "一次性密码过期" in page.content.decode()
    _reset(cast)
    assert office.get("/accounts/?state=expired").context["rows"] == []
