"""What the database knows of its tables: how many rows, how many of a kind. It chooses by that how to look for them.

SQLite never finds out by itself, and PostgreSQL only some time after many rows have come in; a database that believes
its tables to be empty goes through all matters for a page of one school's. SQLite must look at all of an index: what it
makes of samples is worse than nothing, as it takes every column for one of many values.
"""

from __future__ import annotations

from typing import Final

from django.apps import apps
from django.db import connection, transaction

__all__ = ["get_to_know", "keep_up"]

_ROOMS: Final = ("work", "org", "directives")
_GROWING: Final = ("work_matter", "work_involvement", "org_unit")
_KNOWN: Final = {
    "sqlite": "SELECT MAX(CAST(stat AS integer)) FROM sqlite_stat1 WHERE tbl = %s",
    "postgresql": "SELECT reltuples::bigint FROM pg_class WHERE oid = %s::regclass",
}


def get_to_know() -> None:
    """Let the database find out what it holds. Changes nothing that anybody reads.

    A second or two on PostgreSQL, whatever the size. On SQLite up to half a minute for a million matters, index by
    index: others write in between.
    """
    for statement in _on_sqlite() if connection.vendor == "sqlite" else _on_postgresql():
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


def _on_sqlite() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM sqlite_master WHERE type = 'index' ORDER BY name")
        return [f"ANALYZE {connection.ops.quote_name(name)}" for (name,) in cursor.fetchall()]


def _on_postgresql() -> list[str]:
    tables = [model._meta.db_table for room in _ROOMS for model in apps.get_app_config(room).get_models()]  # noqa: SLF001 — Django's documented name
    return [f"ANALYZE {', '.join(map(connection.ops.quote_name, [*tables, 'work_search']))}"]


def keep_up() -> bool:
    """Do so where there are far more rows (a quarter) or fewer (a third) than the database knows of; tell whether.

    Counts, so it costs a tenth of a second for a million matters.
    """
    stale = any(_known(table) * 5 < 4 * there or _known(table) * 3 > 4 * there for table, there in _there())
    if stale:
        get_to_know()
    return stale


def _there() -> list[tuple[str, int]]:
    """Return how many rows the tables hold that grow."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT " + ", ".join(f"(SELECT COUNT(*) FROM {table})" for table in _GROWING))  # noqa: S608 — our own names
        return list(zip(_GROWING, cursor.fetchone(), strict=True))


def _known(table: str) -> int:
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT COUNT(*) FROM sqlite_master WHERE name = 'sqlite_stat1'")
            if cursor.fetchone()[0] == 0:  # it has never looked
                return 0
        cursor.execute(_KNOWN[connection.vendor], [table])
        return max(cursor.fetchone()[0] or 0, 0)
