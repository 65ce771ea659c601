"""The command that writes corrected documents, run as an operator runs it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from luoshi.cli.outcome import Exit


def run(folder: Path, *arguments: str, language: str = "zh") -> subprocess.CompletedProcess[str]:
    """Run one command without a terminal, on an installation of its own."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("LUOSHI_", "DJANGO_"))}
    environment |= {"LUOSHI_DATA": str(folder), "LUOSHI_LANGUAGE": language}
    command = [sys.executable, "-m", "luoshi.cli", *arguments]
    return subprocess.run(command, capture_output=True, text=True, env=environment, check=False, timeout=120)


@pytest.fixture(scope="module")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the data folder of a new installation."""
    made: Path = tmp_path_factory.mktemp("installation") / "data"
    assert run(made, "setup").returncode == 0
    return made


def test_the_folder_is_written_and_said_what_it_holds(installation: Path, tmp_path: Path) -> None:
    done = run(installation, "export-corrections", "--out", str(tmp_path / "语料"), "--since", "2026-03-01")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("已写出 0 份文件、0 句、0 条任务到 ")
    assert sorted(path.name for path in (tmp_path / "语料").iterdir()) == ["README.md", "labels", "sentences", "text"]


def test_what_is_there_is_left_alone_and_said_in_one_sentence(installation: Path, tmp_path: Path) -> None:
    done = run(installation, "export-corrections", "--out", str(tmp_path), language="en")
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (Exit.UNWRITABLE, "", 1)
    assert "is there already" in done.stderr


def test_a_place_that_is_not_there_is_told(installation: Path, tmp_path: Path) -> None:
    done = run(installation, "export-corrections", "--out", str(tmp_path / "nowhere" / "corpus"))
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (Exit.UNWRITABLE, "", 1)
    assert "没有这个文件夹" in done.stderr


@pytest.mark.parametrize("arguments", [["--since", "2026-03-01"], ["--out", "x", "--since", "昨天"]])
def test_a_command_that_lacks_something_does_nothing(installation: Path, arguments: list[str]) -> None:
    done = run(installation, "export-corrections", *arguments)
    assert (done.returncode, done.stdout) == (Exit.MISUSED, "")
