"""The process beside the server, as it is: started, killed, orphaned, and asked to do the impossible."""

from __future__ import annotations

import datetime as dt
import json
import os
import signal
import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

import pytest
from django.conf import settings
from django.db import connection
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from cast import Cast
from directives.making import MEETING, taken_in
from luoshi.directives.actions.taking_in import take_in_text
from luoshi.directives.enums import Stage
from luoshi.directives.models import Directive
from luoshi.directives.tasks import recover
from luoshi.web.background import Background
from luoshi.web.companion import Companion
from luoshi.web.health import examine
from luoshi.work import registers
from web.browser import _own_database

SLOW: Final = "\n".join(MEETING.replace("云岭市", f"云岭市第{number}届") for number in range(60))
"""A bundle that takes a while."""

ASK: Final = """
import sys
from luoshi.web.server import prepare, start_django
start_django()
from luoshi.directives.models import Directive
import json, time
what, until = sys.argv[1], time.monotonic() + 60
if what == "make":
    import uuid
    from luoshi.directives.actions.taking_in import take_in_text
    prepare()
    from cast import make_cast
    from luoshi.org.models import Person
    if not Person.objects.exists():
        make_cast()
    from luoshi.org.policy import SYSTEM_ACTOR
    take_in_text(sys.stdin.read(), by=SYSTEM_ACTOR, operation=uuid.uuid4(), again=True)
else:
    while Directive.objects.order_by("pk").last().stage not in what.split() and time.monotonic() < until:
        time.sleep(0.01)
row = Directive.objects.order_by("pk").last()
numbers = list(row.clauses.order_by("number").values_list("number", flat=True))
print(json.dumps([row.stage, row.attempts, len(numbers), numbers == list(range(1, len(numbers) + 1))]))
"""


class Place:
    """An installation of its own, asked and served by processes of their own."""

    def __init__(self, folder: Path) -> None:
        self.environment = {name: value for name, value in os.environ.items() if not name.startswith("LUOSHI_")}
        tests = str(Path(__file__).parents[1])
        self.environment |= {"LUOSHI_DATA": str(folder), "PYTHONPATH": tests} | _own_database()
        self.started: list[subprocess.Popen[bytes]] = []

    def ask(self, what: str, text: str = "") -> list[Any]:
        """Take words in (`make`), or wait until the last document has a stage; return how it stands then."""
        command = [sys.executable, "-c", ASK, what]
        done = subprocess.run(command, input=text.encode(), capture_output=True, env=self.environment, check=True)
        found: list[Any] = json.loads(done.stdout)
        return found

    def start(self, *arguments: str) -> subprocess.Popen[bytes]:
        """Start the process beside the server."""
        command = [sys.executable, "-m", "luoshi.web.background", *arguments]
        process = subprocess.Popen(command, env=self.environment, stderr=subprocess.DEVNULL)
        self.started.append(process)
        return process


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    made = Place(tmp_path / "data")
    yield made
    for process in made.started:
        process.kill()
        process.wait()


def eventually(holds: Callable[[], bool], seconds: float = 30) -> bool:
    """Tell whether something comes true in time."""
    until = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > until:
            return False
        time.sleep(0.05)
    return True


def is_running(pid: int) -> bool:
    with suppress(FileNotFoundError):
        return Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2][0] != "Z"
    return False


def test_a_process_that_is_killed_in_the_middle_leaves_a_document_that_the_next_one_finishes(place: Place) -> None:
    place.ask("make", SLOW)
    first = place.start()
    assert place.ask("reading")[0] == "reading"
    first.kill()
    assert place.ask("reading")[0] == "reading"
    place.start()
    stage, attempts, rows, in_order = place.ask("review failed")
    assert (stage, attempts, in_order) == ("review", 2, True)
    assert rows >= 60


def test_one_process_is_at_work_and_the_next_takes_its_turn(place: Place) -> None:
    place.ask("make", MEETING)
    first = place.start()
    assert place.ask("review failed")[:2] == ["review", 1]
    second = place.start()
    first.kill()
    place.ask("make", f"{MEETING}\n又及。")
    assert place.ask("review failed")[:2] == ["review", 1]
    assert second.poll() is None


def test_the_process_ends_with_a_server_that_is_killed(place: Place) -> None:
    place.ask("make", MEETING)
    code = (
        "import subprocess, sys, os\n"
        "child = subprocess.Popen([sys.executable, '-m', 'luoshi.web.background', str(os.getpid())])\n"
        "print(child.pid, flush=True)\nchild.wait()"
    )
    server = subprocess.Popen([sys.executable, "-c", code], env=place.environment, stdout=subprocess.PIPE)
    place.started.append(server)
    assert server.stdout is not None
    child = int(server.stdout.readline())
    assert place.ask("review failed")[0] == "review"
    server.kill()
    assert eventually(lambda: not is_running(child), 5)
    server.stdout.close()


def test_work_under_way_is_finished_before_the_process_ends(place: Place) -> None:
    place.ask("make", SLOW)
    process = place.start()
    place.ask("reading")
    process.send_signal(signal.SIGTERM)
    assert process.wait(timeout=60) == 0
    assert place.ask("review")[:2] == ["review", 1]


# The companion.


def companion(tmp_path: Path, code: str) -> Companion:
    script = tmp_path / "child.py"
    script.write_text(
        f"import os, sys, time\nopen({str(tmp_path / 'pids')!r}, 'a').write(f'{{os.getpid()}}\\n')\n{code}\n"
    )
    return Companion(sys.executable, str(script))


def pids(tmp_path: Path) -> list[int]:
    with suppress(FileNotFoundError):
        return [int(line) for line in (tmp_path / "pids").read_text().split()]
    return []


def test_a_companion_that_dies_is_started_again_and_stopped_at_the_end(tmp_path: Path) -> None:
    kept = companion(tmp_path, "time.sleep(60)")
    kept.start()
    assert eventually(lambda: len(pids(tmp_path)) == 1)
    os.kill(pids(tmp_path)[0], signal.SIGKILL)
    assert eventually(lambda: len(pids(tmp_path)) == 2)
    kept.stop()
    assert [is_running(pid) for pid in pids(tmp_path)] == [False, False]


def test_a_companion_that_does_not_end_is_killed(tmp_path: Path) -> None:
    kept = companion(tmp_path, "import signal\nsignal.signal(signal.SIGTERM, signal.SIG_IGN)\ntime.sleep(60)")
    kept.start()
    assert eventually(lambda: len(pids(tmp_path)) == 1)
    time.sleep(0.3)
    kept.stop(grace=0.2)
    assert not is_running(pids(tmp_path)[0])


# One task, and what is left of others.


@pytest.mark.django_db
def test_nothing_to_do_is_told(cast: Cast) -> None:
    assert Background().one() is False


@pytest.mark.django_db
def test_a_waiting_document_is_read(cast: Cast) -> None:
    registers.sync()
    directive = take_in_text(MEETING, by=cast.actor("supervisor"), operation=uuid.uuid4())
    assert Background().one() is True
    directive.refresh_from_db()
    assert directive.stage == Stage.REVIEW
    assert DBTaskResult.objects.get().status == "SUCCESSFUL"


@pytest.mark.django_db
def test_a_document_that_breaks_the_program_is_given_up_after_three_tries_and_told_without_its_words(
    cast: Cast, capfd: pytest.CaptureFixture[str]
) -> None:
    registers.sync()
    directive = take_in_text(MEETING, by=cast.actor("supervisor"), operation=uuid.uuid4())
    Directive.objects.filter(pk=directive.pk).update(register="gone")
    work = Background()
    assert [work.one() for _try in range(5)] == [True, True, True, True, False]
    directive.refresh_from_db()
    assert (directive.stage, directive.attempts) == (Stage.FAILED, 3)
    assert "3次中断" in directive.failure["zh"]
    said = capfd.readouterr().err
    assert said.count("background: luoshi.directives.tasks.understand_later failed") == 3
    assert "校舍" not in said


@pytest.mark.django_db
def test_a_task_that_was_running_is_taken_up_and_one_that_was_lost_is_made_anew(cast: Cast) -> None:
    registers.sync()
    first, second = (
        take_in_text(f"{MEETING}{number}", by=cast.actor("supervisor"), operation=uuid.uuid4()) for number in "一二"
    )
    DBTaskResult.objects.filter(args_kwargs__args=[first.pk]).update(status="RUNNING")
    DBTaskResult.objects.filter(args_kwargs__args=[second.pk]).delete()
    assert recover() == [second.pk]
    assert recover() == []
    assert sorted(DBTaskResult.objects.values_list("status", flat=True)) == ["READY", "READY"]


@pytest.mark.django_db
def test_what_was_done_a_day_ago_is_forgotten(cast: Cast) -> None:
    taken_in(cast)
    task = DBTaskResult.objects.get()
    work = Background()
    for age, left in ((dt.timedelta(hours=23), 1), (dt.timedelta(hours=25), 0)):
        DBTaskResult.objects.filter(pk=task.pk).update(status="SUCCESSFUL", finished_at=timezone.now() - age)
        Background()._prune()
        assert DBTaskResult.objects.count() == left
    work._prune()


# What the operator is told.


@pytest.mark.django_db
def test_the_state_of_the_installation_says_who_waits_and_what_to_do(cast: Cast) -> None:
    registers.sync()
    assert (told().found, told().state) == ("没有文件在等", "warn")
    take_in_text(MEETING, by=cast.actor("supervisor"), operation=uuid.uuid4())
    assert told().found.startswith("1 份在等，最早从 ")
    assert (told().state, "luoshi serve" in told().remedy) == ("bad", True)


@pytest.mark.django_db
def test_the_state_of_the_installation_is_good_while_somebody_is_at_work(cast: Cast) -> None:
    ready = "import sys; from luoshi.web.server import start_django; from luoshi.web.background import alone\n"
    hold = "with alone(start_django().data):\n  print('held', flush=True); sys.stdin.read()"
    environment = os.environ | {"LUOSHI_DATA": str(settings.INSTALLATION.data)} | _this_database()
    command = [sys.executable, "-c", ready + hold]
    with subprocess.Popen(command, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"held\n"
        assert (told().found, told().state, told().remedy) == ("没有文件在等", "good", "")
        holder.communicate()


def told() -> Any:
    return next(reading for reading in examine() if reading.name == "文件读取")


def _this_database() -> dict[str, str]:
    """Return the address of the test's own database where it is one that others can reach."""
    cluster = os.environ.get("LUOSHI_TEST_CLUSTER", "")
    name = connection.settings_dict["NAME"]
    return {"LUOSHI_DATABASE_URL": cluster.replace("/postgres?", f"/{name}?")} if cluster else {}
