"""Accounts for many at once: who gets one, what is kept meanwhile, and that the passwords can be had once."""

from __future__ import annotations

import datetime as dt
import io
import time
from typing import Any

import pytest
from cryptography.fernet import Fernet
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone
from python_calamine import CalamineWorkbook

from accounts.people import acts, is_signed_in, try_password
from cast import BEGIN, Cast
from luoshi.accounts import preparing
from luoshi.accounts.models import Account, PreparedAccount
from luoshi.ledger.models import Record
from luoshi.org import account_actions
from luoshi.org import account_bulk as bulk
from luoshi.org.account_bulk import Line
from luoshi.org.account_bulk_views import KEY
from luoshi.org.account_sheet import opened, sealed
from luoshi.org.enums import Role
from luoshi.org.models import Person, Post
from luoshi.org.policy import SYSTEM_ACTOR, RefusedError

pytestmark = pytest.mark.django_db

STEPS = ("begin", "go-on", "finish", "sheet", "give-up")


def _hire(cast: Cast, staff_no: str, unit: str = "HS-1", role: str = Role.OFFICER, **post: Any) -> Person:
    """Add somebody with a post and no account."""
    person = Person.objects.create(name=f"新{staff_no}"[:80], staff_no=staff_no)
    values: dict[str, Any] = {"role": role, "since": BEGIN, "confirmed_at": timezone.now(), **post}
    Post.objects.create(person=person, unit=cast.units[unit], **values)
    return person


def _names(**chosen: Any) -> list[str]:
    return [one.username for one in bulk.survey(**chosen).wanted]


def _prepared(cast: Cast, by: str = "security_admin") -> str:
    key = bulk.begin(bulk.survey().wanted, by=cast.actor(by))
    account = cast.people[by].account
    assert account is not None
    while not preparing.go_on(key, by=account, seconds=9).is_ready:
        pass
    return key


def test_everybody_with_a_confirmed_post_and_no_account_is_found_in_the_order_of_the_tree(cast: Cast) -> None:
    _hire(cast, "B2", "QH-1")
    _hire(cast, "A1", "HS-1")
    Post.objects.create(
        person=_hire(cast, "C3", "YL-JJ"), unit=cast.units["QH-1"], role=Role.HEAD, since=BEGIN, confirmed_at=None
    )
    assert _names() == ["c3", "a1", "b2"]
    assert bulk.survey().problems == ()


def test_who_has_an_account_no_confirmed_post_or_has_left_is_not_found(cast: Cast) -> None:
    yesterday = timezone.localdate() - dt.timedelta(days=1)
    _hire(cast, "p1", confirmed_at=None)
    _hire(cast, "p2", until=yesterday)
    gone = _hire(cast, "p3")
    gone.left_on = yesterday
    gone.save()
    Person.objects.create(name="无岗", staff_no="p4")
    assert _names() == []


@pytest.mark.parametrize("role", Role.admins)
def test_administrators_are_left_out_even_where_they_have_another_post_or_are_only_proposed(
    cast: Cast, role: str
) -> None:
    person = _hire(cast, "p1", "YL", role, confirmed_at=None)
    Post.objects.create(
        person=person, unit=cast.units["YL"], role=Role.OFFICER, since=BEGIN, confirmed_at=timezone.now()
    )
    assert _names() == []


def test_filter_takes_a_subtree_and_a_role(cast: Cast) -> None:
    _hire(cast, "a1", "HS")
    _hire(cast, "a2", "HS-1", Role.HEAD)
    _hire(cast, "a3", "QH-1", Role.HEAD)
    assert _names(unit=cast.unit("HS")) == ["a1", "a2"]
    assert _names(role=Role.HEAD) == ["a2", "a3"]
    assert _names(unit=cast.unit("HS"), role=Role.HEAD) == ["a2"]
    assert _names(unit=cast.unit("HS-Y")) == []


def test_numbers_that_will_not_do_are_named_with_the_reason_and_get_nothing(cast: Cast) -> None:
    for number in ("N1", "n1", "a b", "x/y", "good"):
        _hire(cast, number)
    Account.objects.create_user("taken")
    _hire(cast, "TAKEN")
    found = bulk.survey()
    assert [one.username for one in found.wanted] == ["good"]
    assert sorted(problem.candidate.staff_no for problem in found.problems) == ["N1", "TAKEN", "a b", "n1", "x/y"]
    why = {problem.candidate.staff_no: problem.why for problem in found.problems}
    assert why["N1"] == why["n1"] != why["TAKEN"] != why["x/y"] == why["a b"]


def test_number_shared_with_somebody_outside_the_filter_is_a_problem_too(cast: Cast) -> None:
    _hire(cast, "N1", "HS-1")
    _hire(cast, "n1", "QH-1")
    assert _names(unit=cast.unit("HS")) == []


def test_accounts_are_made_whole_with_one_record_each(cast: Cast) -> None:
    people = [_hire(cast, f"T{number}") for number in range(3)]
    made = bulk.finish(_prepared(cast), by=cast.actor("security_admin"))
    assert [(line.unit, line.name, line.username) for line in made.lines] == [
        ("槐树镇第一小学", f"新T{number}", f"t{number}") for number in range(3)
    ]
    assert (made.left_out, PreparedAccount.objects.count()) == (0, 0)
    for person, line in zip(people, made.lines, strict=True):
        person.refresh_from_db()
        account = person.account
        assert account is not None
        assert account.username == line.username
        assert account.check_password(line.once)
        assert account.password.startswith("argon2$argon2id$")
        assert account.must_change_password
    records = list(Record.objects.order_by("seq"))
    assert [(row.act, row.subject_name, row.actor_name) for row in records] == [
        ("account.created", f"t{number}", "安权") for number in range(3)
    ]
    assert len({row.operation for row in records}) == 1


def test_passwords_are_stored_nowhere_in_clear(cast: Cast) -> None:
    _hire(cast, "t1")
    key = _prepared(cast)
    waiting = str(list(PreparedAccount.objects.values()))
    (line,) = bulk.finish(key, by=cast.actor("security_admin")).lines
    stored = waiting + str(list(Account.objects.values())) + str(list(Record.objects.values()))
    assert line.once not in stored
    assert key not in stored


def test_second_time_makes_nothing(cast: Cast) -> None:
    _hire(cast, "t1")
    key = _prepared(cast)
    assert len(bulk.finish(key, by=cast.actor("security_admin")).lines) == 1
    count = Account.objects.count()
    assert bulk.finish(key, by=cast.actor("security_admin")) == bulk.Made((), 0)
    assert (Account.objects.count(), acts()) == (count, ["account.created"])
    assert _names() == []


def test_nothing_is_made_before_all_is_ready(cast: Cast) -> None:
    for number in range(3):
        _hire(cast, f"t{number}")
    key = bulk.begin(bulk.survey().wanted, by=cast.actor("security_admin"))
    account = cast.people["security_admin"].account
    assert account is not None
    assert preparing.go_on(key, by=account, seconds=0) == preparing.Progress(1, 3)
    assert bulk.finish(key, by=cast.actor("security_admin")) == bulk.Made((), 0)
    assert (PreparedAccount.objects.count(), acts()) == (3, [])


def test_key_that_does_not_fit_opens_nothing_and_removes_nothing(cast: Cast) -> None:
    _hire(cast, "t1")
    _prepared(cast)
    other = Fernet.generate_key().decode()
    account = cast.people["security_admin"].account
    assert account is not None
    for key in ("", "no key", other):
        with pytest.raises(preparing.KeyLostError):
            bulk.finish(key, by=cast.actor("security_admin"))
        with pytest.raises(preparing.KeyLostError):
            preparing.go_on(key, by=account, seconds=0)
    assert (PreparedAccount.objects.count(), acts()) == (1, [])


def test_who_changed_meanwhile_is_left_out_and_the_others_are_made(cast: Cast) -> None:
    stays, single, leaves, renamed = (_hire(cast, name) for name in ("t1", "t2", "t3", "t4"))
    key = _prepared(cast)
    account_actions.create_account(single, by=cast.actor("security_admin"), username="eigen")
    Person.objects.filter(pk=leaves.pk).update(left_on=BEGIN)
    Person.objects.filter(pk=renamed.pk).update(staff_no="t5")
    made = bulk.finish(key, by=cast.actor("security_admin"))
    assert ([line.username for line in made.lines], made.left_out) == (["t1"], 3)
    stays.refresh_from_db()
    single.refresh_from_db()
    assert stays.account is not None
    assert single.account is not None
    assert single.account.username == "eigen"


def test_beginning_again_drops_what_was_begun_and_others_keep_theirs(cast: Cast) -> None:
    _hire(cast, "t1")
    first = _prepared(cast)
    second = _prepared(cast)
    with pytest.raises(preparing.KeyLostError):
        bulk.finish(first, by=cast.actor("security_admin"))
    assert len(bulk.finish(second, by=cast.actor("security_admin")).lines) == 1


def test_preparation_older_than_a_day_is_tidied_away(cast: Cast) -> None:
    from luoshi.accounts.actions import tidy  # noqa: PLC0415 — only here

    _hire(cast, "t1")
    _prepared(cast)
    assert tidy() == 0
    assert tidy(now=timezone.now() + dt.timedelta(hours=25)) == 1
    assert PreparedAccount.objects.count() == 0


def test_half_a_preparation_cannot_be_stored(cast: Cast) -> None:
    account = cast.people["security_admin"].account
    assert account is not None
    with pytest.raises(IntegrityError), transaction.atomic():
        PreparedAccount.objects.create(by=account, holder=1, username="t1", password="x")


@pytest.mark.parametrize("name", ["leader", "supervisor", "head", "officer", "system_admin", "audit_admin"])
def test_others_can_neither_see_nor_do_it(cast: Cast, name: str) -> None:
    _hire(cast, "t1")
    client = Client()
    account = cast.people[name].account
    assert account is not None
    client.force_login(account, backend="luoshi.org.account_gate.PeopleBackend")
    assert [client.get(f"/accounts/many/{page}").status_code for page in ("", "progress/")] == [403] * 2
    assert [client.post(f"/accounts/many/{step}/").status_code for step in STEPS] == [403] * 5
    with pytest.raises(RefusedError):
        bulk.begin(bulk.survey().wanted, by=cast.actor(name))
    with pytest.raises(RefusedError):
        bulk.finish("", by=cast.actor(name))
    assert PreparedAccount.objects.count() == 0


def test_steps_want_post(office: Client) -> None:
    assert [office.get(f"/accounts/many/{step}/").status_code for step in STEPS] == [405] * 5


def test_password_is_asked_again_before_accounts_are_begun(cast: Cast, security: Account) -> None:
    from accounts.people import sign_in  # noqa: PLC0415 — only here

    _hire(cast, "t1")
    client = Client()
    sign_in(client, security)
    answer = client.post("/accounts/many/begin/")
    assert "/account/reauthenticate/" in answer["Location"]
    assert PreparedAccount.objects.count() == 0


def test_page_says_how_many_and_who_cannot(office: Client, cast: Cast) -> None:
    _hire(cast, "t1")
    _hire(cast, "x/y")
    page = office.get("/accounts/many/")
    assert page.context["count"] == 1
    assert "x/y" in page.content.decode()
    assert office.get("/accounts/many/?unit=QH-1").context["count"] == 0
    assert office.get("/accounts/many/?unit=nowhere").context["count"] == 0
    assert office.get("/accounts/many/?role=security_admin").context["count"] == 0


def test_pages_lead_from_the_choice_to_the_slips_and_the_workbook_once(office: Client, cast: Cast) -> None:
    for number in range(3):
        _hire(cast, f"T{number}")
    _hire(cast, "elsewhere", "QH-1")
    answer = office.post("/accounts/many/begin/", {"unit": "HS", "role": ""})
    assert answer["Location"] == "/accounts/many/progress/"
    cookie = answer.cookies[KEY]
    assert (cookie["httponly"], cookie["samesite"]) == (True, "Strict")
    for _each in range(9):
        fragment = office.post("/accounts/many/go-on/", headers={"HX-Request": "true"})
        if fragment.context["progress"].is_ready:
            break
    assert "<html" not in fragment.content.decode()
    assert "/accounts/many/finish/" in fragment.content.decode()
    shown = office.post("/accounts/many/finish/")
    assert "no-store" in shown["Cache-Control"]
    page = shown.content.decode()
    lines = shown.context["made"].lines
    assert [line.username for line in lines] == ["t0", "t1", "t2"]
    assert all(line.once in page for line in lines)
    rows = _rows(office.post("/accounts/many/sheet/", {"sealed": shown.context["sealed"]}))
    assert [row[1:5] for row in rows if row[3:4] and row[3] in {"t0", "t1", "t2"}] == [
        (line.unit, line.name, line.username, line.once) for line in lines
    ]
    again = office.post("/accounts/many/finish/")
    assert again.status_code == 302
    assert office.get("/accounts/many/progress/").status_code == 302
    assert Account.objects.filter(username__in=("t0", "t1", "t2", "elsewhere")).count() == 3


def test_workbook_is_for_the_page_that_showed_it_alone(office: Client, cast: Cast) -> None:
    lines = [Line("槐树镇第一小学", "新一", "t1", "abcd-efgh-jk23")]
    own, foreign = (sealed(lines, by=cast.actor(name)) for name in ("security_admin", "leader"))
    assert "abcd" not in own
    assert office.post("/accounts/many/sheet/", {"sealed": own}).status_code == 200
    for text in ("", "x", "密", own[:-9], foreign):
        assert office.post("/accounts/many/sheet/", {"sealed": text})["Location"] == "/accounts/many/"


def test_workbook_can_be_had_for_an_hour(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    by = cast.actor("security_admin")
    lines = [Line("槐树镇第一小学", "新一", "t1", "abcd-efgh-jk23")]
    text, begun = sealed(lines, by=by), time.time()
    for later, there in ((3500, lines), (3700, [])):
        with monkeypatch.context() as patch:
            patch.setattr(time, "time", lambda later=later: begun + later)
            assert opened(text, by=by) == there


def test_way_through_works_without_scripts_and_can_be_given_up(office: Client, cast: Cast) -> None:
    _hire(cast, "t1")
    office.post("/accounts/many/begin/")
    assert office.post("/accounts/many/go-on/")["Location"] == "/accounts/many/progress/"
    assert office.get("/accounts/many/progress/").context["progress"].is_ready
    assert office.post("/accounts/many/give-up/")["Location"] == "/accounts/many/"
    assert (PreparedAccount.objects.count(), acts(without=("account.signed_in",))) == (0, [])


def test_another_browser_is_told_to_start_anew(office: Client, cast: Cast) -> None:
    _hire(cast, "t1")
    office.post("/accounts/many/begin/")
    office.post("/accounts/many/go-on/")
    del office.cookies[KEY]
    assert office.post("/accounts/many/finish/")["Location"] == "/accounts/many/"
    answer = office.post("/accounts/many/go-on/", headers={"HX-Request": "true"})
    assert (answer.status_code, answer["HX-Redirect"]) == (204, "/accounts/many/")
    assert not Account.objects.filter(username="t1").exists()


def test_new_holder_comes_in_with_the_slip_and_must_change_the_password(cast: Cast) -> None:
    _hire(cast, "T1")
    (line,) = bulk.finish(_prepared(cast), by=cast.actor("security_admin")).lines
    client = Client()
    try_password(client, "T1", line.once)
    assert is_signed_in(client)
    assert "/account/password/" in client.get("/account/sessions/")["Location"]


def test_in_one_go_nothing_is_made_where_the_sheet_cannot_be_written(cast: Cast) -> None:
    _hire(cast, "t1")

    def hand_out(_lines: Any) -> None:
        raise OSError(28, "No space left on device")

    with pytest.raises(OSError, match="No space"):
        bulk.create_all(bulk.survey().wanted, by=SYSTEM_ACTOR, said=lambda _number: None, hand_out=hand_out)
    assert (Account.objects.filter(username="t1").count(), acts()) == (0, [])


def test_name_taken_at_the_last_moment_is_told_in_words_and_nothing_is_made(cast: Cast) -> None:
    _hire(cast, "t1")

    def hand_out(_lines: Any) -> None:
        Account.objects.create_user("t1")

    with pytest.raises(ValidationError) as refused:
        bulk.create_all(bulk.survey().wanted, by=SYSTEM_ACTOR, said=lambda _number: None, hand_out=hand_out)
    assert refused.value.code == "name_taken"
    assert (Account.objects.filter(username="t1").count(), acts()) == (0, [])


def _rows(answer: Any) -> list[tuple[Any, ...]]:
    assert "attachment" in answer["Content-Disposition"]
    assert "no-store" in answer["Cache-Control"]
    workbook = CalamineWorkbook.from_filelike(io.BytesIO(answer.content))
    return [tuple(row) for row in workbook.get_sheet_by_index(0).to_python(skip_empty_area=False)]
