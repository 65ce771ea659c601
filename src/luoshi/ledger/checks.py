"""What must hold of the records and of the guards around every table that only grows, and how findings are told."""

from __future__ import annotations

import datetime as dt
import re
import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Final, Generic, NamedTuple, TypeVar, cast

from django.db import DataError, OperationalError, connection
from django.db.models import Model, QuerySet

from luoshi.ledger.append_only import guard_sql
from luoshi.ledger.canonical import GENESIS, Json, link
from luoshi.ledger.models import Record
from luoshi.words import Words

__all__ = [
    "Finding",
    "Link",
    "Unreadable",
    "constraints",
    "database_file",
    "guards",
    "linked",
    "misread",
    "reading_errors",
    "records",
    "rows_of",
    "windows",
]

M = TypeVar("M", bound=Model)

UNHASHABLE: Final = (TypeError, ValueError, AttributeError)
"""What hashing a row raises whose columns do not hold what they should."""

_WINDOW: Final = 5000

_DAY: Final = "[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]"
_MISREAD: Final = {
    "BooleanField": '"{0}" IS NOT NULL AND ("{0}" NOT IN (0, 1) OR typeof("{0}") <> \'integer\')',
    "DateField": f'"{{0}}" IS NOT NULL AND (typeof("{{0}}") <> \'text\' OR "{{0}}" NOT GLOB \'{_DAY}\')',
    "DateTimeField": f'"{{0}}" IS NOT NULL AND (typeof("{{0}}") <> \'text\' OR "{{0}}" NOT GLOB \'{_DAY} ??:??:??*\')',
}
_NAMED: Final = re.compile(r'(?:CONSTRAINT|INDEX) "([^"]+)"')

_TYPES: Final[dict[str, type]] = {
    "BigAutoField": int,
    "BigIntegerField": int,
    "IntegerField": int,
    "PositiveBigIntegerField": int,
    "PositiveIntegerField": int,
    "PositiveSmallIntegerField": int,
    "ForeignKey": int,
    "CharField": str,
    "TextField": str,
    "BooleanField": bool,
    "DateField": dt.date,
    "DateTimeField": dt.datetime,
    "UUIDField": uuid.UUID,
}


@dataclass(frozen=True, slots=True)
class Finding:
    """One place where what is stored is not what was written: a name for programs, where, and what is wrong there."""

    kind: str
    where: Words
    what: Words


class Unreadable(NamedTuple):
    """A row that cannot be read at all: its number, the number it is grouped by, and what the reading said."""

    pk: int
    group: int
    why: str


def rows_of(queryset: QuerySet[M], group: str = "pk") -> Iterator[M | Unreadable]:
    """Return the rows of a window in order; a row whose columns are not of their type comes as :class:`Unreadable`.

    SQLite stores any bytes anywhere, so one bad row must not hide the others: behind the first failure the rest of the
    window is read row by row.
    """
    given, types = 0, _types(queryset.model)
    try:
        for row in queryset.iterator(chunk_size=2000):
            odd = _odd_column(row, types)
            yield row if odd is None else Unreadable(row.pk, _whole(getattr(row, group)), odd)
            given += 1
    except reading_errors():
        pass
    else:
        return
    for pk in list(queryset.values_list("pk", flat=True)[given:]):
        try:
            row = queryset.get(pk=pk)
        except reading_errors() as error:
            yield Unreadable(pk, _group_of(queryset, pk, group), " ".join(str(error).split())[:120])
        else:
            odd = _odd_column(row, types)
            yield row if odd is None else Unreadable(pk, _whole(getattr(row, group)), odd)


def _group_of(queryset: QuerySet[M], pk: int, group: str) -> int:
    try:
        return _whole(queryset.values_list(group, flat=True).get(pk=pk))
    except reading_errors():
        return -1


def _types(model: type[Model]) -> tuple[tuple[str, type], ...]:
    """Return what each column must hold; SQLite alone keeps text where numbers belong."""
    if connection.vendor != "sqlite":
        return ()
    columns = model._meta.concrete_fields  # noqa: SLF001 — Django's documented name
    kinds = ((column.attname, _TYPES.get(column.get_internal_type())) for column in columns)
    return tuple((name, kind) for name, kind in kinds if kind is not None)


def _odd_column(row: Model, types: tuple[tuple[str, type], ...]) -> str | None:
    """Return the name of the first loaded column whose value is not of its type."""
    values = row.__dict__
    for name, kind in types:
        value = values.get(name)
        if value is not None and not isinstance(value, kind):
            return name
    return None


def _whole(number: object) -> int:
    return number if isinstance(number, int) else -1


def reading_errors() -> tuple[type[Exception], ...]:
    """Return what reading raises that is stored wrongly."""
    # On PostgreSQL an OperationalError is a lost connection, never a bad value.
    errors = (ValueError, TypeError, AttributeError, OverflowError, DataError)
    return (*errors, OperationalError) if connection.vendor == "sqlite" else errors


def windows(rows: QuerySet[M], name: str = "pk", size: int = _WINDOW) -> Iterator[QuerySet[M]]:
    """Return a queryset cut into ordered pieces of `size` by a unique whole-numbered column; the last has no end."""
    low: int | None = None
    while True:
        rest = rows.order_by(name) if low is None else rows.filter(**{f"{name}__gt": low}).order_by(name)
        high = next(iter(rest.values_list(name, flat=True)[size - 1 : size]), None)
        yield rest if high is None else rest.filter(**{f"{name}__lte": high})
        if high is None:
            return
        low = high


class Link(NamedTuple, Generic[M]):
    """One row of a chain as it was found: whether its hash fits its content, and whether it follows the one before."""

    row: M
    hash: str
    fits: bool
    follows: bool


def linked(row: Any, previous: str) -> Link[Any]:
    """Weigh one row of a chain (an event, a record) against the hash of the one before."""
    try:
        own = link(row.prev, cast("Json", row.content()))
    except UNHASHABLE:
        own = ""
    return Link(row, own, own == row.hash, row.prev == previous)


def records() -> Iterator[Finding]:
    """Check the chain of records: none missing, none added, none changed."""
    due, previous = 1, GENESIS
    for window in windows(Record.objects.all(), "seq"):
        for row in rows_of(window):
            if isinstance(row, Unreadable):
                yield _at(row.pk, "record.unreadable", Words(f"读不出来：{row.why}", f"cannot be read: {row.why}"))
                due, previous = due + 1, ""
                continue
            yield from _gap(due, row.seq)
            # Behind a gap or an unreadable row the link cannot be weighed: the hole itself has been told.
            yield from _record(linked(row, previous if row.seq == due and previous else row.prev))
            due, previous = row.seq + 1, row.hash


def _gap(due: int, seq: int) -> Iterator[Finding]:
    if seq > due:
        span = str(due) if seq == due + 1 else f"{due}–{seq - 1}"
        yield Finding(
            "record.missing",
            Words(f"操作记录 {span}", f"record {span}"),
            Words(f"缺失 {seq - due} 条", f"{seq - due} missing"),
        )


def _record(found: Link[Record]) -> Iterator[Finding]:
    seq = found.row.seq
    if not found.fits:
        yield _at(
            seq,
            "record.content",
            Words("内容与哈希不符：这条记录被改动过", "content and hash differ: this record was altered"),
        )
    if not found.follows:
        yield _at(
            seq,
            "record.link",
            Words(
                "与前一条接不上：前一条或这一条被改动、替换过",
                "does not follow the record before: this one or that one was altered or replaced",
            ),
        )


def _at(seq: int, kind: str, what: Words) -> Finding:
    return Finding(kind, Words(f"操作记录 {seq}", f"record {seq}"), what)


def guards(tables: Iterable[str]) -> Iterator[Finding]:
    """Check that the database still refuses to change rows of these tables, word for word as it was told."""
    for table in tables:
        missing = _missing_guards(table)
        if missing:
            names = "、".join(missing)
            yield Finding(
                "guard.missing",
                Words(f"数据表 {table}", f"table {table}"),
                Words(
                    f"只增不改的保护不在或被改过（{names}）；请先备份再查明是谁所为",
                    f"the append-only guard is gone or altered ({', '.join(missing)}); back up, then find out by whom",
                ),
            )


def _missing_guards(table: str) -> list[str]:
    return _sqlite_guards(table) if connection.vendor == "sqlite" else _postgres_guards(table)


def _sqlite_guards(table: str) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = %s", [table])
        found = dict(cursor.fetchall())
    wanted = {text.split()[2]: text for text in guard_sql("sqlite", table)}
    return sorted(name for name, text in wanted.items() if found.get(name) != text)


def _postgres_guards(table: str) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT t.tgname, p.prosrc FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid "
            "WHERE t.tgrelid = %s::regclass AND NOT t.tgisinternal AND t.tgenabled IN ('O', 'A')",
            [table],
        )
        found = dict(cursor.fetchall())
    body = guard_sql("postgresql", table)[0].split("$$")[1]
    return [name for name in (f"{table}_no_change", f"{table}_no_truncate") if found.get(name) != body]


def constraints(models: Iterable[type[Model]]) -> Iterator[Finding]:
    """Check that the database still holds the named rules of these tables."""
    for model in models:
        options = model._meta  # noqa: SLF001 — Django's documented name
        there = _rules_of(options.db_table)
        for rule in options.constraints:
            if rule.name not in there:
                yield Finding(
                    "constraint.missing",
                    Words(f"数据表 {options.db_table}", f"table {options.db_table}"),
                    Words(f"约束 {rule.name} 不见了", f"the constraint {rule.name} is gone"),
                )


def _rules_of(table: str) -> set[str]:
    """Return the names of a table's rules and indexes; Django's introspection takes a tenth of a second for each."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT sql FROM sqlite_master WHERE tbl_name = %s AND sql IS NOT NULL", [table])
            return {name for (sql,) in cursor.fetchall() for name in _NAMED.findall(sql)}
        cursor.execute(
            "SELECT conname FROM pg_constraint WHERE conrelid = %s::regclass AND convalidated "
            "UNION SELECT indexname FROM pg_indexes WHERE schemaname = current_schema() AND tablename = %s",
            [table, table],
        )
        return {name for (name,) in cursor.fetchall()}


def misread(models: Iterable[type[Model]]) -> Iterator[Finding]:
    """Check for what SQLite keeps and Django reads as nothing or as no: dates that are none, answers that are none."""
    if connection.vendor != "sqlite":
        return
    for model in models:
        options = model._meta  # noqa: SLF001 — Django's documented name
        for column in options.concrete_fields:
            shape = _MISREAD.get(column.get_internal_type())
            if shape is None:
                continue
            # Names of tables and columns are Django's own, no reader's.
            sql = f'SELECT id FROM "{options.db_table}" WHERE {shape.format(column.column)} LIMIT 100'  # noqa: S608
            with connection.cursor() as cursor:
                cursor.execute(sql.replace("%", "%%"))
                for (pk,) in cursor.fetchall():
                    where = Words(f"数据表 {options.db_table} 第 {pk} 行", f"row {pk} of {options.db_table}")
                    what = Words(f"{column.column} 不是应有的类型", f"{column.column} is not of its type")
                    yield Finding("database.type", where, what)


def database_file() -> Iterator[Finding]:
    """Ask SQLite whether its file is whole: pages, indexes, rules and references. PostgreSQL keeps these itself."""
    if connection.vendor != "sqlite":
        return
    where = Words("数据库文件", "the database file")
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA integrity_check(100)")
        for (text,) in cursor.fetchall():
            if text != "ok":
                yield Finding("database.damaged", where, Words(f"有损坏：{text}", f"damaged: {text}"))
        cursor.execute("PRAGMA foreign_key_check")
        for table, row, parent, _ in cursor.fetchmany(1000):
            yield Finding(
                "database.reference",
                where,
                Words(
                    f"{table} 第 {row} 行指向 {parent} 中不存在的行",
                    f"row {row} of {table} names a row of {parent} that is not there",
                ),
            )
