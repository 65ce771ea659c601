"""Accounts at the command line: everybody at one stroke, and the list in both languages."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from python_calamine import CalamineWorkbook

from accounts.people import acts
from cast import BEGIN, Cast
from luoshi.accounts.models import Account
from luoshi.cli.account_bulk_command import create_all
from luoshi.cli.account_commands import list_accounts
from luoshi.cli.console import Console
from luoshi.cli.outcome import Exit, StopError
from luoshi.ledger.models import Record
from luoshi.org.enums import Role
from luoshi.org.models import Person, Post

pytestmark = pytest.mark.django_db

ZH, EN = Console("zh"), Console("en")


def _hire(cast: Cast, staff_no: str, unit: str) -> None:
    person = Person.objects.create(name=f"新{staff_no}", staff_no=staff_no)
    Post.objects.create(
        person=person, unit=cast.units[unit], role=Role.OFFICER, since=BEGIN, confirmed_at=timezone.now()
    )


def _sheet(file: Path) -> list[list[Any]]:
    rows = CalamineWorkbook.from_path(file).get_sheet_by_index(0).to_python(skip_empty_area=False)
    return [row for row in rows if row[0] in {1.0, 2.0}]


def test_sheet_is_for_its_owner_alone_and_its_passwords_open(
    cast: Cast, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _hire(cast, "T1", "HS-1")
    _hire(cast, "T2", "QH-1")
    out = tmp_path / "neu.xlsx"
    assert create_all(out, "", ZH) == Exit.FINE
    assert out.stat().st_mode & 0o777 == 0o600
    assert [row[1:4] for row in _sheet(out)] == [["槐树镇第一小学", "新T1", "t1"], ["青禾第一中学", "新T2", "t2"]]
    for row in _sheet(out):
        assert Account.objects.get(username=row[3]).check_password(str(row[4]))
    said = capsys.readouterr().out
    assert "2 个账号" in said
    assert "销毁" in said
    assert [(row.act, row.actor_name) for row in Record.objects.all()] == [("account.created", "系统")] * 2


def test_second_time_makes_nothing_and_no_file(cast: Cast, tmp_path: Path) -> None:
    _hire(cast, "T1", "HS-1")
    create_all(tmp_path / "one.xlsx", "", ZH)
    assert create_all(tmp_path / "two.xlsx", "", ZH) == Exit.FINE
    assert not (tmp_path / "two.xlsx").exists()
    assert acts() == ["account.created"]


def test_only_people_under_the_named_unit_get_one(cast: Cast, tmp_path: Path) -> None:
    _hire(cast, "T1", "HS-1")
    _hire(cast, "T2", "QH-1")
    create_all(tmp_path / "one.xlsx", "HS", EN)
    assert list(Account.objects.filter(username__in=("t1", "t2")).values_list("username", flat=True)) == ["t1"]


def test_unknown_unit_is_refused(cast: Cast, tmp_path: Path) -> None:
    with pytest.raises(StopError) as stopped:
        create_all(tmp_path / "one.xlsx", "NIRGENDS", ZH)
    assert stopped.value.exit == Exit.MISUSED


@pytest.mark.parametrize("name", ["there.xlsx", "no/such/folder.xlsx"])
def test_file_that_is_there_or_cannot_be_made_stops_it_before_any_account(
    cast: Cast, tmp_path: Path, name: str
) -> None:
    _hire(cast, "T1", "HS-1")
    (tmp_path / "there.xlsx").write_bytes(b"old")
    with pytest.raises(StopError) as stopped:
        create_all(tmp_path / name, "", ZH)
    assert stopped.value.exit == Exit.UNWRITABLE
    assert (tmp_path / "there.xlsx").read_bytes() == b"old"
    assert (Account.objects.filter(username="t1").count(), acts()) == (0, [])


def test_who_cannot_get_one_is_named_and_the_others_are_made(
    cast: Cast, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _hire(cast, "T1", "HS-1")
    _hire(cast, "x/y", "HS-1")
    assert create_all(tmp_path / "one.xlsx", "", EN) == Exit.FOUND
    assert "x/y" in capsys.readouterr().err
    assert Account.objects.filter(username="t1").exists()


def test_list_names_roles_in_the_language_of_the_reader(cast: Cast, capsys: pytest.CaptureFixture[str]) -> None:
    list_accounts(ZH)
    chinese = capsys.readouterr().out
    list_accounts(EN)
    english = capsys.readouterr().out
    assert "system_admin\t席统\t可登录\t云岭市教育局 系统管理员" in chinese
    assert "system_admin\t席统\topen\t云岭市教育局 System administrator" in english
    assert "系统管理员" not in english
