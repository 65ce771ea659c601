"""Lists by keys: the page after a row, never the page at a distance, so that the last costs what the first costs."""

from __future__ import annotations

import base64
import binascii
import json
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final, Generic, TypeVar

from django.core.exceptions import EmptyResultSet, ValidationError
from django.db.models import Model, Q, QuerySet

__all__ = ["Order", "Page", "about", "capped_count", "page_of"]

M = TypeVar("M", bound=Model)

_MANY: Final = 1000
_LONG_SECONDS: Final = 0.02
_KEPT_SECONDS: Final = 60
_MOST_KEPT: Final = 2000

_kept: dict[Any, tuple[float, int]] = {}


@dataclass(frozen=True, slots=True)
class Order:
    """One column to sort by, with the row's number behind it; rows without a value come last."""

    column: str = "pk"
    descending: bool = False
    nullable: bool = False


@dataclass(frozen=True, slots=True)
class Page(Generic[M]):
    """Some rows, and the mark of the last of them where more follow."""

    rows: list[M]
    following: str = ""


def page_of(queryset: QuerySet[M], order: Order, *, after: str = "", size: int = 50) -> Page[M]:
    """Return the rows behind the mark `after`; a mark that makes no sense begins at the beginning.

    One query, two where rows without a value have to be fetched after the others.
    """
    mark = _read(after, queryset, order)
    rows: list[M] = []
    for section, part in enumerate(_sections(queryset, order)):
        if mark and section < mark[0]:
            continue
        behind = part.filter(_behind(order, section, mark)) if mark and section == mark[0] else part
        rows += behind[: size + 1 - len(rows)]
        if len(rows) > size:
            break
    return Page(rows[:size], _mark(rows[size - 1], order) if len(rows) > size else "")


def capped_count(queryset: QuerySet[M], cap: int) -> int:
    """Return how many rows there are, at most one more than `cap`."""
    return queryset.order_by()[: cap + 1].count()


def about(queryset: QuerySet[M], cap: int) -> int:
    """Return what :func:`capped_count` does, to show it: a number that is costly to count may be a minute old.

    Costly is one above 1,000, or one that took long to work out: it costs more than the page that shows it. What is
    kept belongs to the very same question, rights included, and to this process.
    """
    rows = queryset.order_by()[: cap + 1]
    try:
        key = (queryset.db, *rows.query.sql_with_params())
    except EmptyResultSet:
        return 0
    kept, now = _kept.get(key), time.monotonic()
    if kept is not None and kept[0] >= now:
        return kept[1]
    begin = time.thread_time()
    number = rows.count()
    if number > _MANY or time.thread_time() - begin > _LONG_SECONDS:
        if len(_kept) >= _MOST_KEPT:
            _kept.clear()
        _kept[key] = (now + _KEPT_SECONDS, number)
    return number


def _sections(queryset: QuerySet[M], order: Order) -> Iterator[QuerySet[M]]:
    sign = "-" if order.descending else ""
    if order.column == "pk":
        yield queryset.order_by(f"{sign}pk")
        return
    ordered = queryset.order_by(f"{sign}{order.column}", f"{sign}pk")
    if not order.nullable:
        yield ordered
        return
    yield ordered.filter(**{f"{order.column}__isnull": False})
    yield queryset.filter(**{f"{order.column}__isnull": True}).order_by(f"{sign}pk")


def _behind(order: Order, section: int, mark: tuple[int, Any, int]) -> Q:
    way = "lt" if order.descending else "gt"
    last = Q(**{f"pk__{way}": mark[2]})
    if order.column == "pk" or section == 1:
        return last
    # Both halves name the column, so that an index over it can begin at the mark.
    return Q(**{f"{order.column}__{way}e": mark[1]}) & (Q(**{f"{order.column}__{way}": mark[1]}) | last)


def _mark(row: Model, order: Order) -> str:
    value: Any = None if order.column == "pk" else getattr(row, order.column)
    section = int(order.nullable and order.column != "pk" and value is None)
    shown = value.isoformat() if hasattr(value, "isoformat") else value
    plain = json.dumps([section, shown, row.pk], ensure_ascii=False).encode()
    return base64.urlsafe_b64encode(plain).decode().rstrip("=")


def _read(after: str, queryset: QuerySet[M], order: Order) -> tuple[int, Any, int] | None:
    if not after:
        return None
    try:
        section, shown, pk = json.loads(base64.urlsafe_b64decode(after + "=" * (-len(after) % 4)))
        value = shown
        if order.column != "pk" and shown is not None:
            column: Any = queryset.model._meta.get_field(order.column)  # noqa: SLF001 — Django's documented name
            value = column.to_python(shown)
        section, pk = int(section), int(pk)
    except (ValueError, TypeError, binascii.Error, ValidationError):
        return None
    sensible = section in ((0, 1) if order.nullable else (0,)) and (
        value is not None or order.column == "pk" or section
    )
    return (section, value, pk) if sensible and abs(pk) < 1 << 62 else None
