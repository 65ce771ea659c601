"""One moment of the database to read from, while others go on writing."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager

from django.db import connection, transaction

__all__ = ["snapshot"]


@contextmanager
def snapshot() -> Generator[None]:
    """Let every read inside see the same moment; nobody waits for it and nothing may be written in it.

    Inside a transaction of the caller that transaction is the moment.
    """
    if connection.in_atomic_block:
        yield
    elif connection.vendor == "postgresql":
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            yield
    else:
        # Django's own transactions on SQLite are immediate: they would keep every writer out.
        with connection.cursor() as cursor:
            cursor.execute("BEGIN DEFERRED")
            try:
                yield
            finally:
                cursor.execute("ROLLBACK")
