"""A process that is killed at any moment leaves every answered act whole and no other one half done."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

WORKER = Path(__file__).with_name("killed_worker.py")


def run(command: str, env: dict[str, str]) -> str:
    done = subprocess.run(
        [sys.executable, str(WORKER), command], env=env, capture_output=True, text=True, check=False, timeout=120
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def killed(env: dict[str, str], after: float) -> list[str]:
    """Start the worker, kill it some time after its first answer, and return the operations that it had answered."""
    with subprocess.Popen([sys.executable, str(WORKER), "act"], env=env, stdout=subprocess.PIPE, text=True) as worker:
        assert worker.stdout is not None
        first = worker.stdout.readline()
        time.sleep(after)
        worker.send_signal(signal.SIGKILL)
        rest = worker.stdout.read()
    lines = (first + rest).split("\n")
    return [line for line in lines[:-1] if line]  # what stands before the last line feed was answered whole


@pytest.fixture
def installation(tmp_path: Path) -> dict[str, str]:
    """Return the environment of an installation of its own, on the database that the tests run on."""
    env = os.environ | {"LUOSHI_DATA": str(tmp_path), "PYTHONPATH": str(Path(__file__).parents[2])}
    if os.environ.get("LUOSHI_TEST_DATABASE") == "postgres":
        env["LUOSHI_KILL_DATABASE"] = f"killed_{os.getpid()}"
    run("setup", env)
    return env


def test_killed_process_leaves_what_it_answered_and_nothing_half(installation: dict[str, str]) -> None:
    dice = random.Random(20)
    answered = [operation for _ in range(4) for operation in killed(installation, dice.uniform(0.05, 0.7))]
    assert len(answered) > 4
    assert len(set(answered)) == len(answered)
    stored, findings = run("check", installation).split("\n", 1)
    assert set(answered) <= set(stored.split())
    assert findings.strip() == ""
