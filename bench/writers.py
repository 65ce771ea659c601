"""Eight writers at once: how many acts a second reach the disk.

python bench/writers.py write FOLDER FIRST LAST SECONDS    one writer: reports on the matters FIRST to LAST
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Final

__all__ = ["acts_a_second"]

WRITERS: Final = 8
READY: Final = "ready\n"
HERE: Final = Path(__file__)


def acts_a_second(folder: Path, environment: Mapping[str, str], *, seconds: int, matters: list[int]) -> float:
    """Let eight processes act on matters of their own for some seconds; return acts answered a second in all.

    An act is answered when `perform` has returned, so its transaction is on disk as the database is set up. All begin
    together, when the last of them has loaded the program: loading it takes a processor longer than many acts.
    """
    share = len(matters) // WRITERS
    processes = [
        subprocess.Popen(
            [
                sys.executable,
                str(HERE),
                "write",
                str(folder),
                str(seconds),
                *map(str, matters[i * share : (i + 1) * share]),
            ],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, **environment},
        )
        for i in range(WRITERS)
    ]
    if any(_line(process) != READY for process in processes):
        raise SystemExit("A writer did not begin.")
    for process in processes:
        _tell(process)
    rates = [process.communicate()[0] for process in processes]
    if any(process.returncode for process in processes):
        raise SystemExit("A writer failed.")
    return sum(map(float, rates))


def _line(process: subprocess.Popen[str]) -> str:
    return process.stdout.readline() if process.stdout else ""


def _tell(process: subprocess.Popen[str]) -> None:
    if process.stdin:
        process.stdin.write(READY)
        process.stdin.flush()


def write(folder: Path, seconds: int, matters: list[int]) -> float:
    """Act for some seconds as the officers of the matters' lead units; return acts a second."""
    from luoshi.web.server import start_django  # noqa: PLC0415 — settings first

    start_django(folder)
    from django.utils import timezone  # noqa: PLC0415

    from luoshi.org.models import Person  # noqa: PLC0415
    from luoshi.org.policy import actor_of  # noqa: PLC0415
    from luoshi.work.actions import perform  # noqa: PLC0415

    today = timezone.localdate()
    actors = {
        matter: actor_of(Person.objects.get(posts__role="officer", posts__unit__led=matter), today)
        for matter in matters
    }
    print(READY, end="", flush=True)
    sys.stdin.readline()
    done, round_ = 0, 0
    begin = time.perf_counter()
    while time.perf_counter() - begin < seconds:
        round_ += 1
        for matter in matters:
            perform(matter, "report", by=actors[matter], note=f"第{round_}次反馈：正在推进。", progress=round_ % 100)
            done += 1
            if time.perf_counter() - begin >= seconds:
                break
    return done / (time.perf_counter() - begin)


if __name__ == "__main__":
    print(write(Path(sys.argv[2]), int(sys.argv[3]), [int(text) for text in sys.argv[4:]]))
