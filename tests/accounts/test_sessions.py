"""How long a session lasts, and how its owner ends it."""

from __future__ import annotations

import datetime as dt
import time

import pytest
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.people import acts, is_signed_in, sign_in
from cast import PASSWORD
from luoshi.accounts.actions import end_all_sessions, tidy
from luoshi.accounts.middleware import POLL
from luoshi.accounts.models import Account
from luoshi.accounts.queries import shown_device
from luoshi.ledger.actions import SYSTEM
from luoshi.ledger.models import Record

pytestmark = pytest.mark.django_db

PAGE = "/account/second-factor/"
NEW = "ganz-Anders-8341"


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """Return what moves the time of sessions on."""
    return Clock(monkeypatch)


class Clock:
    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.passed = 0.0
        real = time.time
        monkeypatch.setattr(time, "time", lambda: real() + self.passed)

    def move(self, minutes: float) -> None:
        self.passed += minutes * 60


def test_session_that_is_used_goes_on(signed_in: Client, clock: Clock) -> None:
    for _each in range(5):
        clock.move(29)
        assert signed_in.get(PAGE).status_code == 200


def test_idle_session_ends_and_says_so(signed_in: Client, clock: Clock) -> None:
    clock.move(30.1)
    answer = signed_in.get(PAGE)
    assert answer["Location"] == f"/account/login/?next={PAGE}"
    assert "没有操作" in signed_in.get(answer["Location"]).content.decode()
    last = Record.objects.order_by("-seq")[0]
    assert (last.act, last.data, last.actor_name) == ("account.session_ended", {"why": "idle"}, "何清")


def test_polling_keeps_no_session_alive(signed_in: Client, clock: Clock) -> None:
    for _each in range(2):
        clock.move(20)
        response = signed_in.get(PAGE, headers={POLL: "1"})
    assert response.status_code == 302
    assert not is_signed_in(signed_in)


def test_session_ends_after_twelve_hours_however_much_it_is_used(signed_in: Client, clock: Clock) -> None:
    for _each in range(12 * 3 - 1):
        clock.move(20)
        assert signed_in.get(PAGE).status_code == 200
    clock.move(20.1)
    assert signed_in.get(PAGE).status_code == 302
    assert Record.objects.order_by("-seq")[0].data == {"why": "day_over"}


def test_changing_the_password_does_not_lengthen_the_day(signed_in: Client, clock: Clock) -> None:
    _change_password(signed_in, PASSWORD, NEW)
    for _each in range(12 * 3):
        clock.move(20.1)
        signed_in.get(PAGE)
    assert not is_signed_in(signed_in)


def test_session_is_written_once_a_minute_at_most(signed_in: Client, clock: Clock) -> None:
    signed_in.get(PAGE)
    with CaptureQueriesContext(
        connection,
    ) as queries:
        for _each in range(5):
            signed_in.get(PAGE)
    assert _writes(queries) == []
    clock.move(1.1)
    with CaptureQueriesContext(connection) as queries:
        for _each in range(5):
            signed_in.get(PAGE)
    assert len(_writes(queries)) == 2  # the session, and when its list says it was last used


def test_changing_the_password_ends_the_other_sessions_only(signed_in: Client, officer: Account) -> None:
    other = Client()
    sign_in(other, officer)
    _change_password(signed_in, PASSWORD, NEW)
    assert is_signed_in(signed_in)
    assert not is_signed_in(other)
    assert acts() == ["account.signed_in"] * 2 + ["account.password_changed"]


def test_list_shows_ones_own_sessions_only(signed_in: Client, officer: Account, security: Account) -> None:
    sign_in(Client(headers={"User-Agent": "Mozilla/5.0 (Windows NT 10.0) Firefox/140.0"}), officer)
    sign_in(Client(REMOTE_ADDR="10.9.8.7"), security)
    page = signed_in.get("/account/sessions/").content.decode()
    assert "Firefox · Windows" in page
    assert page.count("就是这台") == 1
    assert "10.9.8.7" not in page


def test_idle_sessions_are_not_listed(signed_in: Client, officer: Account) -> None:
    sign_in(Client(headers={"User-Agent": "Old Firefox"}), officer)
    UserSession.objects.filter(user_agent="Old Firefox").update(last_seen_at=timezone.now() - dt.timedelta(minutes=31))
    assert "Firefox" not in signed_in.get("/account/sessions/").content.decode()


def test_owner_ends_one_session(signed_in: Client, officer: Account) -> None:
    other, third = Client(), Client()
    sign_in(other, officer)
    sign_in(third, officer)
    row = UserSession.objects.get(session_key=other.session.session_key)
    signed_in.post(f"/account/sessions/{row.pk}/end/")
    assert [is_signed_in(client) for client in (signed_in, other, third)] == [True, False, True]
    assert Record.objects.order_by("-seq")[0].data == {"address": "127.0.0.1", "why": "ended"}


def test_nobody_ends_a_strangers_session(signed_in: Client, security: Account) -> None:
    other = Client()
    sign_in(other, security)
    row = UserSession.objects.get(user=security)
    assert signed_in.post(f"/account/sessions/{row.pk}/end/").status_code == 302
    assert is_signed_in(other)
    assert "account.session_ended" not in acts()


def test_owner_ends_all_other_sessions(signed_in: Client, officer: Account) -> None:
    other = Client()
    sign_in(other, officer)
    signed_in.post("/account/sessions/others/end/")
    assert [is_signed_in(client) for client in (signed_in, other)] == [True, False]
    assert acts()[-1] == "account.sessions_ended"
    assert signed_in.get("/account/sessions/").content.decode().count("就是这台") == 1


def test_ending_all_sessions_ends_those_that_no_list_knows(signed_in: Client, officer: Account) -> None:
    UserSession.objects.all().delete()
    end_all_sessions(officer, by=SYSTEM)
    assert not is_signed_in(signed_in)


def test_tidying_removes_what_is_over_and_nothing_else(signed_in: Client, officer: Account) -> None:
    sign_in(Client(), officer)
    UserSession.objects.update(created_at=timezone.now() - dt.timedelta(hours=1))
    key = signed_in.session.session_key
    Session.objects.exclude(session_key=key).update(expire_date=timezone.now() - dt.timedelta(seconds=1))
    assert tidy() == 2
    assert is_signed_in(signed_in)
    assert [row.session_key for row in UserSession.objects.all()] == [key]


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("Mozilla/5.0 (X11; Linux x86_64) Chrome/120.0 Safari/537.36", "Chrome · Linux"),
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/120.0 Safari/537.36 Edg/120.0", "Edge · Windows"),
        ("Mozilla/5.0 (iPhone) MicroMessenger/8.0", "微信 · iPhone"),
        ("<script>alert(1)</script>", "scriptalert1/script"),
        ("", "未知设备"),
    ],
)
def test_device_is_named_by_what_it_says(said: str, shown: str) -> None:
    assert shown_device(said) == shown


def _change_password(client: Client, old: str, new: str) -> None:
    answer = client.post("/account/password/", {"oldpassword": old, "password1": new, "password2": new})
    assert (answer.status_code, answer["Location"]) == (302, "/")


def _writes(queries: CaptureQueriesContext) -> list[str]:
    verbs = ("INSERT", "UPDATE", "DELETE")
    return [query["sql"] for query in queries.captured_queries if query["sql"].startswith(verbs)]
