"""What of a matter can be searched for, and how it gets into the index."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Final, NamedTuple

from django.db import connection, transaction

from luoshi.work.models import Matter
from luoshi.work.search.folding import folded
from luoshi.work.search.tokens import tokens

if TYPE_CHECKING:
    from django.db.backends.utils import CursorWrapper as _Cursor

__all__ = ["MAX_BODY", "index", "index_many", "rebuild"]

MAX_BODY: Final = 20_000
"""Characters of one matter's body that can be searched for; the longest requirement of the corpus has a tenth."""

_BATCH: Final = 1000
_SHORT: Final = 400
_WORDED: Final = frozenset({"text", "choice", "unit", "place"})
_NAMES: Final = {"sqlite": "group_concat(name, char(10))", "postgresql": "string_agg(name, chr(10))"}


class _Texts(NamedTuple):
    head: str
    body: str

    @property
    def whole(self) -> str:
        return f"{self.head}\n{self.body}"


def index(matter: Matter) -> None:
    """Let the index follow one matter, in the caller's transaction; writes nothing where no word has changed.

    Searched for are number, title, requirement, the latest report, the names of attached evidence, and the register's
    own fields unless they hold personal data.
    """
    with transaction.atomic(savepoint=False):
        _write([matter])


def index_many(ids: Iterable[int]) -> None:
    """Let the index follow the matters with these numbers, and forget those that are no longer there."""
    for some in _batches(ids):
        with transaction.atomic():
            matters = list(Matter.objects.filter(pk__in=some))
            _write(matters)
            _forget(set(some) - {matter.pk for matter in matters})


def rebuild() -> int:
    """Make the whole index anew, in one transaction; return how many matters it holds."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            for statement in _emptying():
                cursor.execute(statement)
        ids = list(Matter.objects.order_by("pk").values_list("pk", flat=True))
        for some in _batches(ids):
            _write(list(Matter.objects.filter(pk__in=some).order_by("pk")))
        if connection.vendor == "sqlite":
            _merge()
    return len(ids)


def _emptying() -> Iterator[str]:
    if connection.vendor == "sqlite":
        for table in ("work_search_head", "work_search_all"):
            yield f"INSERT INTO {table}({table}) VALUES ('delete-all')"  # noqa: S608 — our own names
        yield "DELETE FROM work_search"
    else:
        yield "TRUNCATE work_search"


def _merge() -> None:
    """Lay the pieces that many writes have left together: the index is then smallest and fastest."""
    with connection.cursor() as cursor:
        for table in ("work_search_head", "work_search_all"):
            cursor.execute(f"INSERT INTO {table}({table}) VALUES ('optimize')")  # noqa: S608 — our own names


def _batches(ids: Iterable[int]) -> Iterator[list[int]]:
    every = list(ids)
    yield from (every[at : at + _BATCH] for at in range(0, len(every), _BATCH))


def _write(matters: Sequence[Matter]) -> None:
    stored = _stored([matter.pk for matter in matters])
    with connection.cursor() as cursor:
        for matter in matters:
            old, names = stored.get(matter.pk, (None, ""))
            new = _texts(matter, names)
            if new == old:
                continue
            if connection.vendor == "sqlite":
                _to_fts(cursor, matter.pk, old, new)
            else:
                _to_postgres(cursor, matter.pk, new)


def _stored(ids: list[int]) -> dict[int, tuple[_Texts | None, str]]:
    """Return for each matter what the index holds of it and the names of its evidence: one query."""
    marks = ",".join(["%s"] * len(ids))
    sql = f"""
        SELECT m.id, s.head, s.body,
            (SELECT {_NAMES[connection.vendor]} FROM work_attachment a WHERE a.matter_id = m.id AND a.detached IS NULL)
        FROM work_matter m LEFT JOIN work_search s ON s.matter_id = m.id WHERE m.id IN ({marks})
    """  # noqa: S608 — our own names; values are parameters
    with connection.cursor() as cursor:
        cursor.execute(sql, ids)
        return {
            pk: (None if head is None else _Texts(head, body), names or "")
            for pk, head, body, names in cursor.fetchall()
        }


def _texts(matter: Matter, names: str) -> _Texts:
    parts = (matter.requirement, matter.last_report, *_field_texts(matter), *sorted(names.split("\n")))
    body = "\n".join(filter(None, map(_part, parts)))
    return _Texts(f"{_part(matter.number)}\n{_part(matter.title)}", body[:MAX_BODY])


def _part(text: str) -> str:
    return _short(text) if len(text) <= _SHORT else folded(text)


_short = lru_cache(4096)(folded)
"""What is acted on now is acted on again soon, and most of its words stay the same."""


def _field_texts(matter: Matter) -> Iterator[str]:
    """Yield what stands in the register's own fields, apart from personal data."""
    if not matter.fields:
        return
    from luoshi.work import registers  # noqa: PLC0415 — only registers with fields of their own need it

    for field in registers.of_version(matter.register_version_id).fields:
        value = matter.fields.get(field.name)
        if value is None or field.personal or field.type not in _WORDED:
            continue
        named = value.get("text", value.get("name", "")) if isinstance(value, dict) else field.display(value, "zh")
        yield str(named)


def _to_fts(cursor: _Cursor, pk: int, old: _Texts | None, new: _Texts) -> None:
    """Replace a matter's tokens. These tables keep no texts: what is to leave them must be told as it went in."""
    for table, before, after in (
        ("work_search_head", old and old.head, new.head),
        ("work_search_all", old and old.whole, new.whole),
    ):
        if before == after:
            continue
        if before is not None:
            _unindex(cursor, table, pk, before)
        cursor.execute(
            f"INSERT INTO {table}(rowid, tokens) VALUES (%s, %s)",  # noqa: S608 — our own names
            [pk, " ".join(tokens(after))],
        )
    cursor.execute("REPLACE INTO work_search(matter_id, head, body) VALUES (%s, %s, %s)", [pk, new.head, new.body])


def _unindex(cursor: _Cursor, table: str, pk: int, text: str) -> None:
    cursor.execute(
        f"INSERT INTO {table}({table}, rowid, tokens) VALUES ('delete', %s, %s)",  # noqa: S608 — our own names
        [pk, " ".join(tokens(text))],
    )


def _to_postgres(cursor: _Cursor, pk: int, new: _Texts) -> None:
    cursor.execute(
        """
        INSERT INTO work_search(matter_id, head, body, head_tokens, all_tokens)
        VALUES (%s, %s, %s, array_to_tsvector(%s::text[]), array_to_tsvector(%s::text[]))
        ON CONFLICT (matter_id) DO UPDATE SET head = excluded.head, body = excluded.body,
            head_tokens = excluded.head_tokens, all_tokens = excluded.all_tokens
        """,
        [pk, new.head, new.body, tokens(new.head), tokens(new.whole)],
    )


def _forget(ids: set[int]) -> None:
    with connection.cursor() as cursor:
        for pk in sorted(ids):
            cursor.execute("SELECT head, body FROM work_search WHERE matter_id = %s", [pk])
            row = cursor.fetchone()
            if row is not None and connection.vendor == "sqlite":
                old = _Texts(*row)
                _unindex(cursor, "work_search_head", pk, old.head)
                _unindex(cursor, "work_search_all", pk, old.whole)
            cursor.execute("DELETE FROM work_search WHERE matter_id = %s", [pk])
