"""The statements that every act begins and ends with, put plainly: the layers of models cost more than they do.

Values go through the models' own fields, so what is stored is what `save` would store, and what is read is what a
queryset would read.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

from django.db import connection
from django.db.models.sql import Query

from luoshi.work.models import Event, Matter

if TYPE_CHECKING:
    from django.db.models import Field

__all__ = ["append", "fetch", "store"]


class _Reader(NamedTuple):
    sql: str
    names: tuple[str, ...]
    converters: tuple[tuple[int, tuple[Callable[..., Any], ...], Any], ...]


def fetch(number: int) -> Matter | None:
    """Return the row of a matter, locked until the transaction ends; None where there is none."""
    reader = _reader(connection.vendor)
    with connection.cursor() as cursor:
        cursor.execute(reader.sql, [number])
        found = cursor.fetchone()
    if found is None:
        return None
    values = list(found)
    for place, converters, column in reader.converters:
        for convert in converters:
            values[place] = convert(values[place], column, connection)
    row: Matter = Matter.from_db(connection.alias, reader.names, values)
    return row


def store(row: Matter, names: Iterable[str], event: Event) -> None:
    """Write some columns of a stored matter and its new event, and give the event its number.

    PostgreSQL does both in one statement, since a way to its server and back costs more than what it does there. SQLite
    has the matter locked with all else; it does one after the other.
    """
    fields = [_field(name) for name in sorted(names)]
    update = f"UPDATE work_matter SET {_assignments(fields)} WHERE id = %s"  # noqa: S608 — the model's own names
    changed = [*_values(row, fields), row.pk]
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(f"WITH changed AS ({update}) {_appending()}", [*changed, *_values(event, _event_fields())])
        else:
            cursor.execute(update, changed)
            cursor.execute(_appending(), _values(event, _event_fields()))
        _numbered(event, cursor.fetchone()[0])


def append(event: Event) -> None:
    """Write a new event, and give it its number."""
    with connection.cursor() as cursor:
        cursor.execute(_appending(), _values(event, _event_fields()))
        _numbered(event, cursor.fetchone()[0])


def _numbered(event: Event, number: int) -> None:
    event.pk = number
    event._state.adding, event._state.db = False, connection.alias  # noqa: SLF001 — Django's documented name


@cache
def _reader(vendor: str) -> _Reader:
    fields = Matter._meta.concrete_fields  # noqa: SLF001 — Django's documented name
    columns = [field.get_col("work_matter") for field in fields]
    converters = Query(Matter).get_compiler(connection=connection).get_converters(columns)
    shown = ", ".join(f'"{field.column}"' for field in fields)
    locking = " FOR UPDATE" if vendor == "postgresql" else ""
    return _Reader(
        f"SELECT {shown} FROM work_matter WHERE id = %s{locking}",  # noqa: S608 — the model's own names
        tuple(field.attname for field in fields),
        tuple((place, tuple(known), column) for place, (known, column) in converters.items()),
    )


def _assignments(fields: Iterable[Field[Any, Any]]) -> str:
    return ", ".join(f'"{field.column}" = %s' for field in fields)


@cache
def _appending() -> str:
    columns = ", ".join(f'"{field.column}"' for field in _event_fields())
    marks = ", ".join(["%s"] * len(_event_fields()))
    return f"INSERT INTO work_event ({columns}) VALUES ({marks}) RETURNING id"  # noqa: S608 — the model's own names


@cache
def _field(name: str) -> Field[Any, Any]:
    fields = {field.name: field for field in Matter._meta.concrete_fields}  # noqa: SLF001 — Django's documented name
    return fields[name]


@cache
def _event_fields() -> tuple[Field[Any, Any], ...]:
    return tuple(field for field in Event._meta.concrete_fields if not field.primary_key)  # noqa: SLF001 — as above


def _values(row: Matter | Event, fields: Iterable[Field[Any, Any]]) -> list[Any]:
    return [field.get_db_prep_save(getattr(row, field.attname), connection) for field in fields]
