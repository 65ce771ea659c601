"""The first three administrators, and accounts at the command line."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client

from accounts.people import acts, sign_in, try_password
from cast import PASSWORD, Cast
from luoshi.accounts.models import Account
from luoshi.cli import account_commands
from luoshi.cli.console import Console
from luoshi.cli.outcome import Exit, StopError
from luoshi.org.enums import Role
from luoshi.org.first_start import FirstAdministrator, Terminal, ask, create_first_administrators, done
from luoshi.org.models import Person, Post, Unit

pytestmark = pytest.mark.django_db

THREE = {
    Role.SYSTEM_ADMIN: FirstAdministrator("席统", "A1", "xitong"),
    Role.SECURITY_ADMIN: FirstAdministrator("安权", "A2", "anquan", PASSWORD),
    Role.AUDIT_ADMIN: FirstAdministrator("沈记", "A3", "shenji"),
}


def test_nobody_can_sign_in_before_the_first_administrators(db: None) -> None:
    assert not done()
    assert not Account.objects.exists()


def test_three_are_made_and_can_work(db: None) -> None:
    made = create_first_administrators(THREE, authority="云岭市教育局")
    assert done()
    assert Unit.objects.get().name == "云岭市教育局"
    security, once = made[Role.SECURITY_ADMIN]
    assert once == ""
    client = Client()
    sign_in(client, security)
    assert client.get("/accounts/").status_code == 200
    system, once = made[Role.SYSTEM_ADMIN]
    sign_in(client := Client(), system, once)
    assert client.get("/")["Location"].startswith("/account/password/")
    assert acts().count("account.created") == 3


def test_they_belong_to_the_authority_that_is_there(cast: Cast) -> None:
    Post.objects.filter(role__in=Role.admins).delete()
    create_first_administrators(THREE)
    assert set(Post.objects.filter(role__in=Role.admins).values_list("unit__code", flat=True)) == {"YL"}


@pytest.mark.parametrize(
    ("given", "code"),
    [
        (FirstAdministrator("席统", "B2", "two"), "one_person_for_two"),
        (FirstAdministrator("别人", "a1", "two"), "one_person_for_two"),
        (FirstAdministrator("别人", "B2", "XITONG"), "one_person_for_two"),
        (FirstAdministrator("别人", "B2", "two", "Jiaoyu@2026"), "password_too_usual"),
        (FirstAdministrator("别人", "B2", "two", "short"), "password_too_short"),
    ],
)
def test_what_cannot_be_makes_nobody(db: None, given: FirstAdministrator, code: str) -> None:
    with pytest.raises(ValidationError) as refused:
        create_first_administrators({**THREE, Role.SECURITY_ADMIN: given}, authority="云岭市教育局")
    assert code in {error.code for error in refused.value.error_list}
    assert (Account.objects.count(), Person.objects.count(), Unit.objects.count(), acts()) == (0, 0, 0, [])


def test_one_of_three_missing_makes_nobody(db: None) -> None:
    with pytest.raises(ValidationError):
        create_first_administrators({Role.SYSTEM_ADMIN: THREE[Role.SYSTEM_ADMIN]}, authority="云岭市教育局")
    assert not Account.objects.exists()


def test_second_time_is_refused(cast: Cast) -> None:
    with pytest.raises(ValidationError):
        create_first_administrators(THREE)
    assert not Account.objects.filter(username="xitong").exists()


class Typist:
    """Types prepared lines at a terminal, and keeps what is written there."""

    def __init__(self, *lines: str, secrets: tuple[str, ...] = ()) -> None:
        self.shown: list[str] = []
        self._lines, self._secrets = iter(lines), iter(secrets)
        self.terminal = Terminal(line=self._of(self._lines), secret=self._of(self._secrets), write=self.shown.append)

    def _of(self, answers: Iterator[str]) -> Any:
        def answer(prompt: str) -> str:
            self.shown.append(prompt)
            try:
                return next(answers)
            except StopIteration as over:
                raise EOFError from over

        return answer


def test_terminal_asks_until_it_has_what_can_be(db: None) -> None:
    typist = Typist(
        *("", "云岭市教育局", "", "席统", "A1", "", "安权", "A2", "anquan", "沈记", "A3", "shenji"),
        secrets=("short", "short", "", PASSWORD, "something else", PASSWORD, PASSWORD, ""),
    )
    assert ask("zh", typist.terminal)
    said = "".join(typist.shown)
    assert "两次输入的不一样" in said
    assert said.count("一次性密码") == 2
    assert PASSWORD not in said
    assert Account.objects.filter(username__in=["a1", "anquan", "shenji"]).count() == 3
    assert try_password(Client(), "anquan", PASSWORD).status_code == 302


def test_leaving_the_terminal_makes_nobody(db: None) -> None:
    typist = Typist("云岭市教育局", "", "席统", "A1", "", secrets=("",))
    assert not ask("en", typist.terminal)
    assert (Account.objects.count(), Unit.objects.count()) == (0, 0)


def test_command_line_resets_a_password_and_prints_it_once(cast: Cast, capsys: pytest.CaptureFixture[str]) -> None:
    assert account_commands.reset_password("AUDIT_ADMIN", Console("zh")) is Exit.FINE
    once = capsys.readouterr().out.strip().rpartition("：")[2]
    assert try_password(Client(), "audit_admin", once).status_code == 302


def test_command_line_locks_and_unlocks(cast: Cast, officer: Account) -> None:
    account_commands.lock("officer", "设备丢失", Console("zh"))
    assert try_password(Client(), "officer", PASSWORD)["Location"] == "/account/inactive/"
    account_commands.unlock("officer", Console("zh"))
    assert try_password(Client(), "officer", PASSWORD)["Location"] == "/"


@pytest.mark.parametrize("username", ["nobody", "", "'; --"])
def test_command_line_knows_no_such_account(cast: Cast, username: str) -> None:
    with pytest.raises(StopError) as stopped:
        account_commands.reset_password(username, Console("zh"))
    assert stopped.value.exit is Exit.MISUSED


def test_command_line_wants_a_reason_for_locking(cast: Cast) -> None:
    with pytest.raises(StopError):
        account_commands.lock("officer", " ", Console("zh"))
    assert acts() == []


def test_command_line_lists_accounts(cast: Cast, capsys: pytest.CaptureFixture[str]) -> None:
    account_commands.list_accounts(Console("zh"))
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == Account.objects.count()
    assert "officer\t何清\t可登录\t基础教育科 科员" in lines


def test_command_line_makes_administrators_once(cast: Cast) -> None:
    with pytest.raises(StopError):
        account_commands.create_administrators(Console("zh"))
