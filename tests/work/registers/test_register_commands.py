from __future__ import annotations

from pathlib import Path

import pytest
from django.conf import LazySettings

from luoshi.cli.console import Console
from luoshi.cli.outcome import Exit, StopError
from luoshi.cli.register_commands import check_registers, list_registers, show_register
from luoshi.work import registers
from luoshi.work.registers.store import SHIPPED

from .texts import small

CHINESE, ENGLISH = Console("zh"), Console("en")


def test_right_file_is_said_to_be_right(capsys: pytest.CaptureFixture[str]) -> None:
    assert check_registers([SHIPPED / "task.toml"], CHINESE) is Exit.FINE
    assert capsys.readouterr().out == "task.toml：没有问题（督办任务，版本1，3个字段，2个核查环节）。\n"


def test_every_problem_of_every_file_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    bad, good = tmp_path / "bad.toml", tmp_path / "good.toml"
    bad.write_text(small(version="0", colour='"red"'))
    good.write_text(small())
    assert check_registers([bad, tmp_path / "gone.toml", good], ENGLISH) is Exit.FOUND
    lines = capsys.readouterr().out.splitlines()
    assert [line.partition(" ")[0] for line in lines] == ["bad.toml:1:", "bad.toml:3:", "gone.toml:", "good.toml:"]
    assert lines[1] == "bad.toml:3: version must be at least 1. Bring it within this limit."


@pytest.mark.django_db
def test_text_in_force_is_printed_to_the_letter(capsys: pytest.CaptureFixture[str]) -> None:
    registers.sync()
    assert show_register("task", CHINESE) is Exit.FINE
    assert capsys.readouterr().out == (SHIPPED / "task.toml").read_text()


@pytest.mark.django_db
def test_unknown_code_is_told_with_those_that_are_known() -> None:
    registers.sync()
    with pytest.raises(StopError) as error:
        show_register("tasks", CHINESE)
    assert error.value.words.zh == "没有代码为 tasks 的台账；现有：task、problem、hazard。"
    assert error.value.exit is Exit.MISUSED


@pytest.mark.django_db
def test_list_has_a_line_for_each_register(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("COLUMNS", raising=False)  # set, it asks for a drawn table even where nobody looks
    registers.sync()
    assert list_registers(CHINESE) is Exit.FINE
    out, err = capsys.readouterr()
    assert [line.split("\t")[:3] for line in out.splitlines()] == [
        ["代码", "名称", "版本"],
        ["task", "督办任务", "1"],
        ["problem", "问题整改", "1"],
        ["hazard", "安全隐患", "1"],
    ]
    assert err == ""


@pytest.mark.django_db
def test_list_is_drawn_for_a_screen(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    registers.sync()
    monkeypatch.setenv("COLUMNS", "100")
    assert list_registers(ENGLISH) is Exit.FINE
    lines = capsys.readouterr().out.splitlines()
    assert lines[1].startswith("───")
    assert "Supervised tasks" in lines[2]


@pytest.mark.django_db
def test_list_before_anything_was_set_up_is_empty(capsys: pytest.CaptureFixture[str]) -> None:
    assert list_registers(CHINESE) is Exit.FINE
    assert capsys.readouterr().out == "代码\t名称\t版本\t编号\t核查\n"


@pytest.mark.django_db
def test_list_tells_what_is_wrong_with_texts_that_wait(
    tmp_path: Path, settings: LazySettings, capsys: pytest.CaptureFixture[str]
) -> None:
    settings.LUOSHI_REGISTERS = tmp_path
    (tmp_path / "visit.toml").write_text(small(version='"1"'))
    registers.sync()
    assert list_registers(ENGLISH) is Exit.FOUND
    assert capsys.readouterr().err.startswith("luoshi: visit.toml:2: version must be a whole number.")
