"""Two people at once, on a database that commits: threads that start together, on a file where SQLite is in memory."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

from django.db import connection

__all__ = ["at_once", "kept_on_disk"]


def kept_on_disk(folder: Path) -> Iterator[None]:
    """Use a file where the tests' SQLite database is in memory: only a file lets two connections wait for each other."""
    if connection.vendor != "sqlite":
        yield
        return
    memory, name = connection.connection, connection.settings_dict["NAME"]
    path = folder / "luoshi.sqlite3"
    with closing(sqlite3.connect(path)) as copy:
        memory.backup(copy)
    connection.connection, connection.settings_dict["NAME"] = None, str(path)
    yield
    connection.close()
    connection.connection, connection.settings_dict["NAME"] = memory, name


def at_once(*works: Callable[[], Any], refused: type[Exception]) -> list[Any]:
    """Run functions in threads of their own that start together; return what each gave, or the refusal it raised."""
    gate, results = threading.Barrier(len(works)), list[Any]([None] * len(works))

    def run(index: int, work: Callable[[], Any]) -> None:
        gate.wait(20)
        try:
            results[index] = work()
        except refused as error:
            results[index] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(index, work)) for index, work in enumerate(works)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return results
