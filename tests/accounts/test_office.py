"""The security administrator's pages, and what the three administrators cannot do to one another."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import timezone

from accounts.people import acts, is_signed_in, sign_in, try_password
from cast import PASSWORD, Cast
from luoshi.accounts.models import Account, SignInRules
from luoshi.ledger.models import Record
from luoshi.org import account_actions as actions
from luoshi.org.models import Person
from luoshi.org.policy import SYSTEM_ACTOR, RefusedError

pytestmark = pytest.mark.django_db

ACTS = ("password", "lock", "unlock", "lock-out/lift", "sessions/end", "second-factor/remove")
PAGES = ("", "new/", "rules/")
OTHERS = ("leader", "supervisor", "head", "officer", "system_admin", "audit_admin", "stranger")


@pytest.mark.parametrize("name", OTHERS)
def test_pages_are_the_security_administrators_alone(cast: Cast, officer: Account, name: str) -> None:
    client = Client()
    client.force_login(_account(cast, name), backend="luoshi.org.account_gate.PeopleBackend")
    for path in PAGES:
        assert client.get(f"/accounts/{path}").status_code == 403
    for path in ACTS:
        assert client.post(f"/accounts/{officer.pk}/{path}/").status_code == 403
    assert [act for act in acts() if act != "account.signed_in"] == []


@pytest.mark.parametrize("act", ["reset_password", "unlock_account", "remove_totp", "lift_lock_out", "end_sessions"])
def test_actions_refuse_everybody_else(cast: Cast, act: str) -> None:
    for name in OTHERS:
        with pytest.raises(RefusedError):
            getattr(actions, act)(_account(cast, "officer"), by=cast.actor(name))
    assert acts() == []


def test_pages_show_what_they_are_about(office: Client, cast: Cast, officer: Account) -> None:
    page = office.get("/accounts/").content.decode()
    assert "何清" in page
    assert "基础教育科" in page
    assert office.get(f"/accounts/{officer.pk}/").status_code == 200
    assert office.get("/accounts/999999/").status_code == 404
    assert office.get("/accounts/rules/").status_code == 200


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("q=何清", ["officer"]),
        ("q=OFFICER", ["officer", "other_officer", "safety_officer", "school_officer"]),
        ("q=青禾第一", ["observer", "other_head", "other_officer"]),
        ("q=%27%25_", []),
        ("state=locked", ["head"]),
        ("state=left", ["leader"]),
        ("state=must_change", ["observer"]),
        ("after=system_admin", []),
    ],
)
def test_list_is_filtered(office: Client, cast: Cast, query: str, names: list[str]) -> None:
    Account.objects.filter(username="head").update(is_active=False)
    Account.objects.filter(username="observer").update(must_change_password=True)
    Person.objects.filter(staff_no="leader").update(left_on=timezone.localdate() - dt.timedelta(days=1))
    page = office.get(f"/accounts/?{query}")
    assert [row.account.username for row in page.context["rows"]] == names


def test_long_list_goes_on_behind_its_last_name(office: Client) -> None:
    Account.objects.bulk_create(Account(username=f"zz{number:04}") for number in range(150))
    first = office.get("/accounts/?q=zz")
    assert len(first.context["rows"]) == 100
    second = office.get("/accounts/" + first.context["following"])
    assert [row.account.username for row in second.context["rows"]] == [f"zz{number:04}" for number in range(100, 150)]
    assert second.context["following"] == ""


def test_account_is_made_with_a_password_shown_once(office: Client, cast: Cast) -> None:
    person = Person.objects.create(name="新来", staff_no="S-900")
    page = office.post(f"/accounts/new/{person.pk}/", {"username": "S-900"})
    once = _password_on(page)
    assert "no-store" in page["Cache-Control"]
    client = Client()
    sign_in(client, Account.objects.get(username="s-900"), once)
    assert client.get("/")["Location"].startswith("/account/password/")
    assert office.get(f"/accounts/new/{person.pk}/").status_code == 404
    record = Record.objects.get(act="account.created")
    assert (record.actor_name, record.subject_name) == ("安权", "s-900")
    assert once not in str(Record.objects.values())


@pytest.mark.parametrize("username", ["officer", "OFFICER", "", "a b", "x" * 65, "<b>"])
def test_account_is_not_made_under_a_name_that_cannot_be(office: Client, cast: Cast, username: str) -> None:
    person = Person.objects.create(name="新来", staff_no="S-900")
    page = office.post(f"/accounts/new/{person.pk}/", {"username": username})
    assert page.status_code == 200
    assert list(page.context["form"].errors) == ["username"]
    person.refresh_from_db()
    assert person.account is None


def test_nobody_who_has_left_gets_an_account(cast: Cast) -> None:
    person = Person.objects.create(name="旧人", staff_no="S-901", left_on=timezone.localdate() - dt.timedelta(days=1))
    with pytest.raises(ValidationError):
        actions.create_account(person, by=cast.actor("security_admin"), username="s901")
    assert not Account.objects.filter(username="s901").exists()


def test_reset_password_replaces_the_old_one_and_ends_sessions(office: Client, signed_in: Client) -> None:
    officer = Account.objects.get(username="officer")
    once = _password_on(office.post(f"/accounts/{officer.pk}/password/"))
    assert not is_signed_in(signed_in)
    assert try_password(Client(), "officer", PASSWORD).status_code == 200
    assert try_password(Client(), "officer", once).status_code == 302
    assert "account.password_reset" in acts()


def test_locked_account_is_out_at_once_until_it_is_unlocked(office: Client, signed_in: Client) -> None:
    officer = Account.objects.get(username="officer")
    assert office.post(f"/accounts/{officer.pk}/lock/", {"why": " "}).status_code == 200
    assert is_signed_in(signed_in)
    for _twice in range(2):
        office.post(f"/accounts/{officer.pk}/lock/", {"why": "设备丢失"})
    assert not is_signed_in(signed_in)
    office.post(f"/accounts/{officer.pk}/unlock/")
    sign_in(Client(), officer)
    assert Record.objects.get(act="account.locked").data == {"why": "设备丢失"}
    assert acts().count("account.unlocked") == 1


def test_lock_out_can_be_lifted(office: Client, officer: Account) -> None:
    client = Client(REMOTE_ADDR="10.1.1.1")
    for _each in range(5):
        try_password(client, "officer", "wrong")
    assert "解除暂停登录" in office.get(f"/accounts/{officer.pk}/").content.decode()
    office.post(f"/accounts/{officer.pk}/lock-out/lift/")
    assert try_password(client, "officer", PASSWORD).status_code == 302


def test_second_factor_that_was_lost_is_taken_away(office: Client, officer: Account) -> None:
    Authenticator.objects.create(user=officer, type="totp", data={"secret": "x"})
    for _twice in range(2):
        office.post(f"/accounts/{officer.pk}/second-factor/remove/")
    assert not Authenticator.objects.exists()
    assert acts().count("account.totp_off") == 1


def test_acts_ask_for_the_password_again_and_are_done_after_it(security: Account, signed_in: Client) -> None:
    officer = Account.objects.get(username="officer")
    client = Client()
    sign_in(client, security)
    path = f"/accounts/{officer.pk}/sessions/end/"
    asked = client.post(path)
    assert asked["Location"] == f"/account/reauthenticate/?next={path.replace('/', '%2F')}"
    assert is_signed_in(signed_in)
    client.post(asked["Location"], {"password": PASSWORD, "next": path})
    assert not is_signed_in(signed_in)


@pytest.mark.parametrize("act", ["password", "lock", "unlock", "second-factor/remove"])
@pytest.mark.parametrize("whose", ["audit_admin", "system_admin", "security_admin"])
def test_no_administrator_takes_over_another(office: Client, cast: Cast, whose: str, act: str) -> None:
    account = _account(cast, whose)
    before = account.password
    page = office.post(f"/accounts/{account.pk}/{act}/", {"why": "试试"})
    assert page.status_code == 403
    account.refresh_from_db()
    assert (account.password == before or whose == "security_admin", account.is_active) == (True, True)
    assert [each for each in acts() if each != "account.signed_in"] == []


def test_the_system_itself_may_help_an_administrator(cast: Cast) -> None:
    once = actions.reset_password(_account(cast, "audit_admin"), by=SYSTEM_ACTOR)
    assert try_password(Client(), "audit_admin", once).status_code == 302
    assert Record.objects.order_by("seq")[0].actor_name == "系统"


def test_rules_are_kept_and_recorded(office: Client) -> None:
    for _twice in range(2):
        office.post("/accounts/rules/", {"totp_for_admins": "on", "password_days": "90"})
    assert SignInRules.objects.values_list("totp_for_admins", "password_days").get() == (True, 90)
    assert acts().count("account.rules_changed") == 1


def test_rules_that_cannot_be_change_nothing(office: Client) -> None:
    page = office.post("/accounts/rules/", {"password_days": "3"})
    assert page.status_code == 200
    assert page.context["form"].errors
    assert not SignInRules.objects.exists()


def _account(cast: Cast, name: str) -> Account:
    account = cast.people[name].account
    assert account is not None
    return account


def _password_on(page: Any) -> str:
    (once,) = re.findall(r"<code>([a-z0-9]{4}-[a-z0-9]{4}-[a-z0-9]{4})</code>", page.content.decode())
    return str(once)
