"""The two statements that every act ends with, put plainly: the layers of a model's `save` cost more than they do.

Values go through the models' own fields, so what is stored is what `save` would store.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import TYPE_CHECKING, Any

from django.db import connection

from luoshi.work.models import Event, Matter

if TYPE_CHECKING:
    from django.db.models import Field

__all__ = ["append", "update"]


def update(row: Matter, names: Iterable[str]) -> None:
    """Write some columns of a stored matter."""
    fields = [_field(name) for name in sorted(names)]
    columns = ", ".join(f'"{field.column}" = %s' for field in fields)
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE work_matter SET {columns} WHERE id = %s", [*_values(row, fields), row.pk])  # noqa: S608 — the model's own names


def append(event: Event) -> None:
    """Write a new event, and give it its number."""
    fields = _event_fields()
    columns = ", ".join(f'"{field.column}"' for field in fields)
    marks = ", ".join(["%s"] * len(fields))
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO work_event ({columns}) VALUES ({marks}) RETURNING id",  # noqa: S608 — the model's own names
            _values(event, fields),
        )
        event.pk = cursor.fetchone()[0]
    event._state.adding, event._state.db = False, connection.alias  # noqa: SLF001 — Django's documented name


@cache
def _field(name: str) -> Field[Any, Any]:
    fields = {field.name: field for field in Matter._meta.concrete_fields}  # noqa: SLF001 — Django's documented name
    return fields[name]


@cache
def _event_fields() -> tuple[Field[Any, Any], ...]:
    return tuple(field for field in Event._meta.concrete_fields if not field.primary_key)  # noqa: SLF001 — as above


def _values(row: Matter | Event, fields: Iterable[Field[Any, Any]]) -> list[Any]:
    return [field.get_db_prep_save(getattr(row, field.attname), connection) for field in fields]
