"""Which matters hold what is asked for, newest first, whoever asks: the only part that differs between databases.

Both answer alike because the same comparison decides: each needle is a part of the stored text. What differs is how
few texts are compared. SQLite's index yields its rows newest first and is stopped early. PostgreSQL's index yields all
its rows at once, and so does SQLite's for mere beginnings; there the newest texts are compared first, window after
window, for as long as many of them match, and the index is asked for rare words only.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from django.db import connection

from luoshi.work.search.question import Question

__all__ = ["NEWEST", "Where", "among", "candidates"]

_WINDOW: Final = 4000
_MANY: Final = 100
"""So many hits in one window mean a common word: reading on is then faster than the index."""

_INSTR: Final = {"sqlite": "instr", "postgresql": "strpos"}


class Where(StrEnum):
    """Where the words are."""

    HEAD = "head"
    """All of them in the number or the title."""
    REST = "rest"
    """All of them in the matter, and not all in its head."""
    ALL = "all"
    """All of them in the matter."""


@dataclass(frozen=True, slots=True)
class _Sql:
    """A condition and its values."""

    text: str
    values: tuple[int | str, ...] = ()

    def __and__(self, other: _Sql) -> _Sql:
        return _Sql(f"{self.text} AND {other.text}", self.values + other.values)


NEWEST: Final = 1 << 62
"""A number above those of all matters."""


def _newest() -> int:
    """Return the number above all indexed matters."""
    return 1 + int(_ids("SELECT coalesce(max(matter_id), 0) FROM work_search", ())[0])


def candidates(question: Question, where: Where, *, below: int, limit: int) -> list[int]:
    """Return at most `limit` matters with numbers under `below`, newest first."""
    if connection.vendor == "sqlite" and not question.has_beginnings:
        return _by_index(question, where, below, limit)
    return _by_windows(question, where, below, limit)


def among(ids: list[int], question: Question, where: Where) -> list[int]:
    """Return those of `ids` that hold what is asked for, newest first."""
    marks = ",".join(["%s"] * len(ids))
    found = _Sql(f"s.matter_id IN ({marks})", tuple(ids)) & _matches(question, where)
    sql = f"SELECT s.matter_id FROM work_search s WHERE {found.text} ORDER BY s.matter_id DESC"  # noqa: S608 — our own words; values are parameters
    return _ids(sql, found.values)


def _by_windows(question: Question, where: Where, below: int, limit: int) -> list[int]:
    """Compare the newest texts, and ask the index for the rest once they hold too few hits to go on like that."""
    found: list[int] = []
    if below == NEWEST:
        below = _newest()
    while below > 1:
        low = max(1, below - _WINDOW)
        hits = _in_window(question, where, low, below, limit - len(found))
        found += hits
        below = low
        if len(found) >= limit:
            break
        if len(hits) < _MANY:
            return found + _by_index(question, where, below, limit - len(found))
    return found


def _in_window(question: Question, where: Where, low: int, below: int, limit: int) -> list[int]:
    found = _Sql("s.matter_id >= %s AND s.matter_id < %s", (low, below)) & _matches(question, where)
    sql = f"SELECT s.matter_id FROM work_search s WHERE {found.text} ORDER BY s.matter_id DESC LIMIT %s"  # noqa: S608 — our own words; values are parameters
    return _ids(sql, (*found.values, limit))


def _by_index(question: Question, where: Where, below: int, limit: int) -> list[int]:
    name = "head" if where is Where.HEAD else "all"
    if connection.vendor == "sqlite":
        table = f"work_search_{name}"
        source = f"{table} f CROSS JOIN work_search s ON s.matter_id = f.rowid"
        asked = _Sql(f"f.{table} MATCH %s AND f.rowid < %s", (question.fts, below))
        order = "f.rowid"
    else:
        source = "work_search s"
        asked = _Sql(f"s.{name}_tokens @@ %s::tsquery AND s.matter_id < %s", (question.tsquery, below))
        order = "s.matter_id + 0"  # not a column: else the planner may walk the key and compare every text
    found = asked & _matches(question, where)
    sql = f"SELECT s.matter_id FROM {source} WHERE {found.text} ORDER BY {order} DESC LIMIT %s"  # noqa: S608 — our own words; values are parameters
    return _ids(sql, (*found.values, limit))


def _matches(question: Question, where: Where) -> _Sql:
    holds = _INSTR[connection.vendor]
    needles = question.needles
    head = _Sql("(" + " AND ".join([f"{holds}(s.head, %s) > 0"] * len(needles)) + ")", needles)
    if where is Where.HEAD:
        return head
    either = " AND ".join([f"({holds}(s.head, %s) > 0 OR {holds}(s.body, %s) > 0)"] * len(needles))
    everywhere = _Sql(f"({either})", tuple(needle for needle in needles for _ in range(2)))
    return everywhere if where is Where.ALL else everywhere & _Sql(f"NOT {head.text}", head.values)


def _ids(sql: str, values: tuple[int | str, ...]) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return [int(row[0]) for row in cursor.fetchall()]
