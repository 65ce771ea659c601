from __future__ import annotations

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from django.conf import LazySettings
from django.db import DatabaseError, transaction
from django.utils import timezone

from luoshi.ledger.models import Record
from luoshi.org.policy import SYSTEM_ACTOR, RefusedError
from luoshi.work import registers
from luoshi.work.models import Matter, RegisterVersion
from luoshi.work.registers import Problem, Synced, store
from luoshi.work.registers.store import SHIPPED, UnknownRegisterError, UnreadableRegisterError

from .texts import small

if TYPE_CHECKING:
    from pytest_django import DjangoAssertNumQueries

    from cast import Cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def own(tmp_path: Path, settings: LazySettings) -> Path:
    """The folder of the authority's own registers; empty at first."""
    settings.LUOSHI_REGISTERS = tmp_path
    return tmp_path


def _put(folder: Path, more: str = "", name: str = "visit.toml", **top: str) -> Path:
    file = folder / name
    file.write_text(small(more, **top))
    return file


def _said(problems: tuple[Problem, ...] | list[Problem]) -> list[tuple[str, int | None, str]]:
    return [(one.file, one.line, one.what.zh) for one in problems]


def _versions(code: str) -> list[int]:
    return list(RegisterVersion.objects.filter(code=code).order_by("version").values_list("version", flat=True))


def test_shipped_registers_are_stored_once_each_with_its_record(own: Path) -> None:
    done = registers.sync()
    assert done.problems == ()
    assert sorted(row.code for row in done.stored) == ["hazard", "problem", "task"]
    records = list(Record.objects.order_by("seq"))
    assert [(one.act, one.subject_kind, one.subject_key, one.actor_name) for one in records] == [
        ("register.change", "register", row.code, "系统") for row in done.stored
    ]
    assert [one.data["sha256"] for one in records] == [row.sha256 for row in done.stored]
    assert registers.sync() == Synced((), ())
    assert Record.objects.count() == 3
    assert registers.problems() == []


def test_stored_hash_is_that_of_the_text(own: Path) -> None:
    (own / "visit.toml").write_bytes(b"\xef\xbb\xbf" + small().replace("\n", "\r\n").encode())
    registers.sync()
    row = registers.current_row("visit")
    assert row.text == small()
    assert row.sha256 == hashlib.sha256(small().encode()).hexdigest()


def test_registers_come_in_their_order(own: Path) -> None:
    _put(own, order="15")
    registers.sync()
    assert [one.code for one in registers.current_all()] == ["task", "visit", "problem", "hazard"]


def test_only_the_systems_administrator_takes_registers_in(own: Path, cast: Cast) -> None:
    with pytest.raises(RefusedError):
        registers.sync(by=cast.actor("supervisor"))
    assert not RegisterVersion.objects.exists()
    registers.sync(by=cast.actor("system_admin"))
    assert set(Record.objects.values_list("actor_name", flat=True)) == {"席统"}


def test_unknown_register_is_a_lookup_error(own: Path) -> None:
    with pytest.raises(UnknownRegisterError):
        registers.current("nonsense")


def test_higher_version_takes_over_and_the_older_one_stays(own: Path) -> None:
    _put(own)
    registers.sync()
    old = registers.current_row("visit")
    _put(own, version="2", warn_days="9")
    assert [row.version for row in registers.sync().stored] == [2]
    assert registers.current("visit").warn_days == 9
    assert registers.of_version(old.pk).warn_days == 3
    assert _versions("visit") == [1, 2]


@pytest.mark.parametrize("version", ["1", "2"])
def test_changed_text_without_a_higher_version_is_a_problem(own: Path, version: str) -> None:
    _put(own, version="2")
    registers.sync()
    _put(own, version=version, warn_days="9")
    done = registers.sync()
    assert done.stored == ()
    what = f"内容改了，但版本没有提高：这里是版本{version}，正在使用版本2"
    assert _said(done.problems) == [("visit.toml", 3, what)]
    assert done.problems[0].remedy.zh == "写成 version = 3；在此之前仍用版本2"
    assert registers.problems() == list(done.problems)
    assert registers.current("visit").warn_days == 3


def test_older_text_put_back_is_a_problem(own: Path) -> None:
    _put(own)
    registers.sync()
    _put(own, version="2")
    registers.sync()
    _put(own)
    assert registers.sync().problems[0].remedy.en == "Write version = 3; until then version 2 stays in force"
    assert registers.current("visit").version == 2


def test_own_register_takes_the_place_of_a_shipped_one(own: Path) -> None:
    registers.sync()
    text = (
        (SHIPPED / "task.toml")
        .read_text()
        .replace("version = 1", "version = 2")
        .replace("warn_days = 5", "warn_days = 8")
    )
    (own / "task.toml").write_text(text)
    assert [(row.code, row.version) for row in registers.sync().stored] == [("task", 2)]
    assert registers.current("task").warn_days == 8
    assert registers.problems() == []


def test_own_register_is_taken_before_the_shipped_one_was_ever_stored(own: Path) -> None:
    (own / "ours.toml").write_text((SHIPPED / "task.toml").read_text().replace("warn_days = 5", "warn_days = 8"))
    registers.sync()
    assert _versions("task") == [1]
    assert registers.current("task").warn_days == 8


def test_own_register_that_is_taken_away_stays_in_force_and_is_told(own: Path) -> None:
    text = (SHIPPED / "task.toml").read_text().replace("version = 1", "version = 5")
    (own / "task.toml").write_text(text)
    registers.sync()
    (own / "task.toml").unlink()
    assert [one.file for one in registers.sync().problems] == ["task.toml"]
    assert registers.current("task").version == 5


def test_broken_own_register_keeps_the_last_good_one_in_force(own: Path) -> None:
    file = _put(own)
    registers.sync()
    file.write_text(small(version='"2"'))
    done = registers.sync()
    assert _said(done.problems) == [("visit.toml", 2, "version 要写整数")]
    assert registers.current("visit").version == 1
    file.write_bytes(b"\xff\xfe\x00")
    assert [one.file for one in registers.problems()] == ["visit.toml"]
    file.unlink()
    file.mkdir()
    assert [one.file for one in registers.problems()] == ["visit.toml"]


def test_broken_own_register_does_not_bring_the_shipped_one_back(own: Path) -> None:
    (own / "task.toml").write_text("code = ")
    assert sorted(row.code for row in registers.sync().stored) == ["hazard", "problem"]


def test_one_broken_file_does_not_keep_others_out(own: Path) -> None:
    _put(own)
    _put(own, name="broken.toml", code="[]")
    done = registers.sync()
    assert "visit" in {row.code for row in done.stored}
    assert [one.file for one in done.problems] == ["broken.toml"]


def test_two_files_with_one_code_are_a_problem(own: Path) -> None:
    _put(own, name="a.toml")
    _put(own, name="b.toml", version="7")
    done = registers.sync()
    assert _said(done.problems) == [("b.toml", 1, "代码 visit 在 a.toml 里已经用过")]
    assert registers.current("visit").version == 1


def test_number_pattern_of_another_register_is_a_problem(own: Path) -> None:
    _put(own, number='"督办〔{year}〕{n}号"')
    assert _said(registers.sync().problems) == [("visit.toml", 6, "编号格式与台账 task 相同")]
    with pytest.raises(UnknownRegisterError):
        registers.current("visit")


def test_two_new_registers_with_one_number_pattern_keep_the_second_out(own: Path) -> None:
    _put(own)
    _put(own, name="walk.toml", code='"walk"')
    assert _said(registers.sync().problems) == [("walk.toml", 6, "编号格式与台账 visit 相同")]


def test_missing_folder_is_no_problem(settings: LazySettings, tmp_path: Path) -> None:
    settings.LUOSHI_REGISTERS = tmp_path / "gone"
    assert registers.sync().problems == ()


def _row(text: str, version: int = 1) -> RegisterVersion:
    sha256 = hashlib.sha256(text.encode()).hexdigest()
    return RegisterVersion.objects.create(
        code="visit", version=version, sha256=sha256, text=text, added_at=timezone.now()
    )


def test_stored_text_that_cannot_be_read_any_more_is_told_and_passed_over(own: Path) -> None:
    _row(small())
    bad = _row(small(version="2", colour='"red"'), 2)
    assert registers.current("visit").version == 1
    assert "visit" in {one.code for one in registers.current_all()}
    assert ("visit v2", 1, "不认识 colour 这个键") in _said(registers.problems())
    with pytest.raises(UnreadableRegisterError):
        registers.of_version(bad.pk)


def _matter(row: RegisterVersion) -> Matter:
    number = row.version
    return Matter.objects.create(
        register="visit",
        register_version=row,
        number=str(number),
        title="事项",
        origin=f"00000000-0000-4000-8000-{number:012d}",
        opened_at=timezone.now(),
    )


def test_matter_keeps_the_register_it_was_opened_under(own: Path) -> None:
    matter = _matter(_row(small()))
    _row(small(version="2", warn_days="9"), 2)
    assert registers.of(matter).warn_days == 3
    assert registers.of(Matter.objects.get(pk=matter.pk)).warn_days == 3
    assert registers.of(Matter.objects.select_related("register_version").get(pk=matter.pk)).warn_days == 3


def test_rolled_back_version_leaves_no_trace(own: Path) -> None:
    before = transaction.savepoint()
    first = _row(small(warn_days="1"))
    assert registers.of_version(first.pk).warn_days == 1
    transaction.savepoint_rollback(before)
    second = RegisterVersion(
        pk=first.pk, code="visit", version=1, sha256="1" * 64, text=small(warn_days="2"), added_at=timezone.now()
    )
    second.save(force_insert=True)
    assert registers.of_version(first.pk).warn_days == 2


@pytest.mark.django_db(transaction=True)
def test_committed_version_is_asked_for_once(own: Path, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    _put(own, warn_days="17")
    registers.sync()
    number = registers.current_row("visit").pk
    registers.of_version(number)
    with django_assert_num_queries(0):
        assert registers.of_version(number).warn_days == 17


def test_text_that_another_process_stored_meanwhile_is_left_to_it(own: Path) -> None:
    offers, problems = store._review()
    registers.sync()
    assert (len(offers), problems) == (3, [])
    assert [store._stored(offer, SYSTEM_ACTOR) for offer in offers] == [None, None, None]
    assert RegisterVersion.objects.count() == 3
    assert Record.objects.filter(act="register.change").count() == 3


def test_database_refuses_to_change_a_stored_text(own: Path) -> None:
    row = _row(small())
    with pytest.raises(DatabaseError), transaction.atomic():
        RegisterVersion.objects.filter(pk=row.pk).update(text="")
