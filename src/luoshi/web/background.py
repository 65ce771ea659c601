"""The process beside the server: it works off, one after the other, what takes longer than an answer may.

::

    luoshi serve ─ companion ─▶ python -m luoshi.web.background <pid of the server>

One of them is at work on an installation, whoever starts how many: the others wait for their turn. It is ready before
work comes in (the model is loaded, the grammars are compiled), looks for work five times a second, and ends with the
server, also where that was killed. What a crash broke off is begun anew by the next one. Without an argument it runs
by itself, for those who start the server in a way of their own.
"""

from __future__ import annotations

import datetime as dt
import fcntl
import os
import signal
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Any, Final

__all__ = ["Background", "alone", "main"]

IDLE: Final = 0.2
"""Seconds between two looks for work."""

LONGEST: Final = 30 * 60
"""Seconds that one task may take; the process is ended then, and the task counts as broken off."""

_KEPT: Final = dt.timedelta(days=1)
_PRUNE_EVERY: Final = 3600.0
_LOCK: Final = 0x6C756F736862  # any number that no other program is likely to take
_WARMING: Final = (
    "工作要点\n一、重点任务\n办公室牵头，6月底前完成校舍排查，整改率达到98%以上，每月报告一次。\n".encode()
)


class Background:
    """Works tasks off until told to stop; a task under way is finished first."""

    def __init__(self) -> None:
        self.stopping = False
        self._pruned = -_PRUNE_EVERY

    def run(self) -> None:
        """Take up what was broken off, get ready, and work until stopped. Raises OperationalError with the database."""
        from luoshi.directives.tasks import recover  # noqa: PLC0415 — settings first

        recover()
        self._get_ready()
        while not self.stopping:
            if not self.one():
                self._prune()
                time.sleep(IDLE)

    def one(self) -> bool:
        """Work one task off; tell whether there was one."""
        from django_tasks_db.models import DBTaskResult  # noqa: PLC0415 — settings first

        from luoshi.directives.tasks import recover  # noqa: PLC0415

        if not DBTaskResult.objects.ready().exists():
            return False
        before = signal.signal(signal.SIGTERM, self._stop)  # idle, the process just ends
        try:
            task = _claimed()
            if task is not None:
                self._work(task)
                if task.status == "FAILED":
                    _complain(task)
                    recover()
        finally:
            signal.signal(signal.SIGTERM, before)
        return True

    def _work(self, task: Any) -> None:
        from django_tasks_db.management.commands.db_worker import Worker  # noqa: PLC0415 — settings first

        runner = Worker(
            queue_names=["*"],
            interval=0,
            batch=True,
            backend_name="default",
            startup_delay=False,
            max_tasks=1,
            worker_id=str(os.getpid()),
            excluded_queue_names=[],
        )
        signal.alarm(LONGEST)
        try:
            runner.run_task(task)
        finally:
            signal.alarm(0)

    def _stop(self, _signal: int, _frame: FrameType | None) -> None:
        self.stopping = True

    def _prune(self) -> None:
        """Remove, once an hour, what was done a day ago: the documents themselves say what became of them.

        Then let the database find out how much it holds by now.
        """
        if time.monotonic() - self._pruned < _PRUNE_EVERY:
            return
        self._pruned = time.monotonic()
        from django.utils import timezone  # noqa: PLC0415 — settings first
        from django_tasks_db.models import DBTaskResult  # noqa: PLC0415

        from luoshi.work.planner import keep_up  # noqa: PLC0415

        done = DBTaskResult.objects.finished().filter(finished_at__lt=timezone.now() - _KEPT)
        done.order_by().delete()
        keep_up()

    @staticmethod
    def _get_ready() -> None:
        """Load and compile what the first document would otherwise wait for."""
        from luoshi.directives.units import directory  # noqa: PLC0415 — settings first
        from luoshi.drafting import draft  # noqa: PLC0415
        from luoshi.reading import read  # noqa: PLC0415

        draft(read(_WARMING, name="warming.txt"), directory=directory())


def _claimed() -> Any:
    """Return the next task, marked as being run; none where somebody was quicker."""
    from django.db import transaction  # noqa: PLC0415 — settings first
    from django_tasks_db.models import DBTaskResult  # noqa: PLC0415

    with transaction.atomic():
        task = DBTaskResult.objects.ready().get_locked()
        if task is not None:
            task.claim(str(os.getpid()))
    return task


def _complain(task: Any) -> None:
    """Tell the log where a task failed; not what the fault says, which may be words of a document."""
    places = [line.strip() for line in task.traceback.splitlines() if line.lstrip().startswith('File "')]
    sys.stderr.write(f"background: {task.task_path} failed, {task.exception_class_path}\n")
    sys.stderr.writelines(f"  {place}\n" for place in places)
    sys.stderr.flush()


# Who is at work.


@contextmanager
def alone(data: Path, *, wait: bool = True) -> Iterator[bool]:
    """Be the only one at work on this installation, waiting for one's turn; without `wait` yield whether it is.

    A file of the data folder is locked, or, with PostgreSQL, the database: both are free again when the holder is gone.
    """
    from django.db import connection  # noqa: PLC0415 — settings first

    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            mine = _taken(lambda: _asked(cursor, "SELECT pg_try_advisory_lock(%s)"), wait=wait)
            try:
                yield mine
            finally:
                if mine:
                    _asked(cursor, "SELECT pg_advisory_unlock(%s)")
        return
    with (data / "background.lock").open("w") as file:
        yield _taken(lambda: _locked(file), wait=wait)


def _taken(attempt: Any, *, wait: bool) -> bool:
    while not attempt():
        if not wait:
            return False
        time.sleep(IDLE)
    return True


def _asked(cursor: Any, sql: str) -> bool:
    cursor.execute(sql, [_LOCK])
    return bool(cursor.fetchone()[0])


def _locked(file: Any) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


# The process.


def main(arguments: list[str]) -> int:
    """Be that process; `arguments` hold the number of the process to end with, or nothing."""
    os.closerange(3, 256)  # the server's sockets, which must not stay open because of a child
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the server, which then ends its child
    if arguments:
        threading.Thread(target=_end_with, args=(int(arguments[0]),), daemon=True).start()
    from luoshi.web.server import start_django  # noqa: PLC0415 — after the signals

    installation = start_django()
    import logging  # noqa: PLC0415 — with the framework

    from django.db import OperationalError  # noqa: PLC0415 — settings first

    logging.getLogger("django_tasks").setLevel(logging.CRITICAL)  # told by `_complain`, without a document's words
    try:
        with alone(installation.data):
            Background().run()
    except OperationalError as error:
        sys.stderr.write(f"background: {error}\n")
        return 1
    return 0


def _end_with(server: int) -> None:
    """End this process as soon as the server is no longer its parent."""
    while os.getppid() == server:
        time.sleep(0.5)
    os._exit(0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
