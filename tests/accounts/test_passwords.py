"""What a password must be, and when it must be changed."""

from __future__ import annotations

import datetime as dt

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import timezone

from accounts.people import acts, is_signed_in, sign_in, try_password
from cast import PASSWORD
from luoshi.accounts.actions import change_rules, reset_password
from luoshi.accounts.models import Account
from luoshi.accounts.passwords import one_time
from luoshi.ledger.actions import SYSTEM

pytestmark = pytest.mark.django_db

NEW = "ganz-Anders-8341"


@pytest.mark.parametrize(
    "password", [PASSWORD, NEW, "Tk4#mbeVq9", "correct horse battery", "昨夜西风凋碧树独上高楼Ab1", "旧书桌上有3盏Lamp"]
)
def test_good_password_is_taken(officer: Account, password: str) -> None:
    validate_password(password, officer)


@pytest.mark.parametrize(
    ("password", "code"),
    [
        ("Tk4#mbeVq", "password_too_short"),
        ("", "password_too_short"),
        ("tkmbevqhzr", "password_too_plain"),
        ("tkmbevq4921", "password_too_plain"),
        ("Officer#4921x", "password_has_name"),
        ("OFFICER\uff034921x", "password_has_name"),
        ("Tk4#何清mbe92", "password_has_name"),
        ("Jiaoyu@2026", "password_too_usual"),
        ("J1aoyuju@2025!", "password_too_usual"),
        ("1qaz@WSX3edc", "password_too_usual"),
        ("Aa123456789!", "password_too_usual"),
        ("P@ssw0rd2026", "password_too_usual"),
        ("Admin@123456", "password_too_usual"),
        ("aaaaaaaaaaaaaaaaaaaa", "password_too_usual"),
        ("1234567890987654321", "password_too_usual"),
        ("Woaini5201314!", "password_too_usual"),
        ("教育局Luoshi2026", "password_too_usual"),
    ],
)
def test_weak_password_is_refused(officer: Account, password: str, code: str) -> None:
    with pytest.raises(ValidationError) as refused:
        validate_password(password, officer)
    assert code in {error.code for error in refused.value.error_list}


def test_one_time_passwords_pass_the_rules_and_differ(officer: Account) -> None:
    made = {one_time(officer) for _each in range(50)}
    assert len(made) == 50
    for password in made:
        validate_password(password, officer)


def test_password_is_changed_with_the_old_one_and_a_new_one_twice(signed_in: Client, officer: Account) -> None:
    answer = signed_in.post("/account/password/", {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW})
    assert answer.status_code == 302
    assert try_password(Client(), "officer", PASSWORD).status_code == 200
    assert try_password(Client(), "officer", NEW).status_code == 302
    officer.refresh_from_db()
    assert officer.password_changed_at is not None


@pytest.mark.parametrize(
    ("old", "new", "field"),
    [
        ("wrong", (NEW, NEW), "oldpassword"),
        (PASSWORD, (NEW, NEW + "x"), "password2"),
        (PASSWORD, (PASSWORD, PASSWORD), "password1"),
        (PASSWORD, ("short", "short"), "password1"),
        (PASSWORD, ("", NEW), "password1"),
    ],
)
def test_password_is_not_changed_by_a_wrong_form(
    signed_in: Client, officer: Account, old: str, new: tuple[str, str], field: str
) -> None:
    answer = signed_in.post("/account/password/", {"oldpassword": old, "password1": new[0], "password2": new[1]})
    assert answer.status_code == 200
    assert list(answer.context["form"].errors) == [field]
    assert try_password(Client(), "officer", PASSWORD).status_code == 302
    assert "account.password_changed" not in acts()


def test_guessing_the_old_password_in_an_open_session_locks_out(signed_in: Client) -> None:
    for _each in range(5):
        answer = signed_in.post("/account/password/", {"oldpassword": "wrong", "password1": NEW, "password2": NEW})
    assert answer.status_code == 429


def test_password_set_by_somebody_else_must_be_changed_first(client: Client, officer: Account) -> None:
    once = reset_password(officer, by=SYSTEM)
    sign_in(client, officer, once)
    for path in ("/", "/account/sessions/", "/account/second-factor/"):
        assert client.get(path)["Location"] == f"/account/password/?next={path}"
    assert client.post("/account/logout/").status_code == 302
    sign_in(client, officer, once)
    changed = client.post(
        "/account/password/", {"oldpassword": once, "password1": NEW, "password2": NEW, "next": "/account/sessions/"}
    )
    assert changed["Location"] == "/account/sessions/"
    assert client.get("/account/sessions/").status_code == 200


def test_part_of_a_page_leads_the_whole_page_to_the_change(client: Client, officer: Account) -> None:
    sign_in(client, officer, reset_password(officer, by=SYSTEM))
    answer = client.get("/", headers={"HX-Request": "true"})
    assert (answer.status_code, answer["HX-Redirect"]) == (204, "/account/password/?next=/")


def test_change_cannot_be_got_round_by_asking_for_something_that_is_not_there(client: Client, officer: Account) -> None:
    sign_in(client, officer, reset_password(officer, by=SYSTEM))
    assert client.get("/account/password").status_code in {301, 302, 404}
    assert client.get("/nowhere/").status_code == 404


def test_session_under_way_must_change_a_password_that_was_reset(signed_in: Client, officer: Account) -> None:
    reset_password(officer, by=SYSTEM)
    assert not is_signed_in(signed_in)


@pytest.mark.parametrize(("days", "asked"), [(None, False), (400, False), (90, True)])
def test_old_password_must_be_changed_only_where_the_rules_say_so(
    client: Client, officer: Account, days: int | None, *, asked: bool
) -> None:
    Account.objects.filter(pk=officer.pk).update(password_changed_at=timezone.now() - dt.timedelta(days=91))
    change_rules(totp_for_admins=False, password_days=days, by=SYSTEM)
    sign_in(client, officer)
    answer = client.get("/account/sessions/")
    assert (answer.status_code == 302) is asked


@pytest.mark.parametrize("days", [0, 29, -1])
def test_rule_that_would_wear_people_out_is_refused(db: None, days: int) -> None:
    with pytest.raises(ValidationError):
        change_rules(totp_for_admins=False, password_days=days, by=SYSTEM)
    assert acts() == []
