"""Django's SQLite backend with a queue before `BEGIN IMMEDIATE`.

SQLite lets one connection write at a time. The others ask again after pauses that grow to a tenth of a second, so with
eight writers most of the time nobody writes, and an unlucky one waits for seconds. Here a writer first takes a lock on
a file beside the database, asking every few milliseconds; whoever has it finds the database free. The operating
system gives the lock back when a process dies. A file in memory, or a system without such locks, goes without.
"""

from __future__ import annotations

import os
import random
import time
from pathlib import Path
from typing import Any, Final

from django.db import OperationalError
from django.db.backends.sqlite3 import base

try:
    import fcntl
except ImportError:  # not a POSIX system
    fcntl = None  # type: ignore[assignment]

__all__ = ["DatabaseWrapper"]

_SHORTEST: Final = 0.0003
_LONGEST: Final = 0.004


class DatabaseWrapper(base.DatabaseWrapper):
    """A connection that waits its turn before it writes."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._turn: int | None = None

    def _start_transaction_under_autocommit(self) -> None:
        self._take_turn()
        try:
            super()._start_transaction_under_autocommit()  # type: ignore[misc]  # as below
        except BaseException:
            self._end_turn()
            raise

    def _commit(self) -> None:
        super()._commit()  # type: ignore[misc]  # as below
        self._end_turn()

    def _rollback(self) -> None:
        try:
            super()._rollback()  # type: ignore[misc]  # as below
        finally:
            self._end_turn()

    def _close(self) -> None:
        try:
            super()._close()  # type: ignore[misc]  # Django has it, its stubs do not
        finally:
            self._end_turn()

    def _take_turn(self) -> None:
        name = str(self.settings_dict["NAME"])
        if fcntl is None or self._turn is not None or self.is_in_memory_db():
            return
        handle = os.open(Path(f"{name}-turn"), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        deadline = time.monotonic() + float(self.settings_dict["OPTIONS"].get("timeout", 5))
        pause = _SHORTEST
        while True:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                if time.monotonic() > deadline:
                    os.close(handle)
                    raise OperationalError("database is locked") from None
                time.sleep(pause * random.uniform(0.5, 1))  # noqa: S311 — so that two do not keep asking together
                pause = min(pause * 1.5, _LONGEST)
            else:
                self._turn = handle
                return

    def _end_turn(self) -> None:
        if self._turn is not None:
            os.close(self._turn)  # closing gives the lock back
            self._turn = None
