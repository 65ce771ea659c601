"""The one way to write a record."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final, cast

from django.db import connection, transaction

from luoshi.ledger.canonical import GENESIS, Json, link
from luoshi.ledger.models import Record

__all__ = ["SYSTEM", "Author", "Entry", "Subject", "record", "record_many"]

_LOCK: Final = 0x6C756F736869  # "luoshi": any number that no other program is likely to take


@dataclass(frozen=True, slots=True)
class Author:
    """Who acted: the account's number and the name that goes into the record; no number means the system."""

    id: int | None
    name: str


@dataclass(frozen=True, slots=True)
class Subject:
    """What was acted on: its kind (`unit`, `account`, …), its key there, and its name as it was."""

    kind: str = ""
    key: str = ""
    name: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """One act among many that are written down together: what was done to what."""

    act: str
    subject: Subject = Subject()
    data: dict[str, Json] = field(default_factory=dict)


SYSTEM: Final = Author(None, "系统")


def record(  # noqa: PLR0913 — each is one column of the record
    act: str,
    *,
    by: Author,
    subject: Subject = Subject(),
    data: dict[str, Json] | None = None,
    operation: uuid.UUID | None = None,
    at: dt.datetime | None = None,
) -> Record:
    """Append one record to the chain, inside the caller's transaction where there is one.

    The act's name is registered where it is defined (`org.policy`, `accounts`); secrets and personal data that the
    reader of a log does not need stay out of `data`. TypeError where `data` has no canonical form.
    """
    (row,) = record_many([Entry(act, subject, data or {})], by=by, operation=operation, at=at)
    return row


def record_many(
    entries: Iterable[Entry], *, by: Author, operation: uuid.UUID | None = None, at: dt.datetime | None = None
) -> list[Record]:
    """Append several records to the chain in the order given, under one author, time and operation.

    For acts on many things at once (an import): it costs a few statements however many there are. Writes nothing for
    no entries. TypeError where some `data` has no canonical form; nothing is written then.
    """
    with transaction.atomic():
        _wait_for_turn()
        last = Record.objects.order_by("-seq").values_list("seq", "hash").first()
        seq, prev = last or (0, GENESIS)
        operation, at = operation or uuid.uuid4(), at or dt.datetime.now(dt.UTC)
        rows = []
        for entry in entries:
            seq += 1
            row = _linked(entry, by=by, operation=operation, at=at, seq=seq, prev=prev)
            prev = row.hash
            rows.append(row)
        Record.objects.bulk_create(rows, batch_size=500)
    return rows


def _linked(  # noqa: PLR0913 — what a row holds
    entry: Entry, *, by: Author, operation: uuid.UUID, at: dt.datetime, seq: int, prev: str
) -> Record:
    """Return the row of one entry, not yet written, as the link behind `prev`."""
    row = Record(
        seq=seq,
        at=at,
        act=entry.act,
        actor_id=by.id,
        actor_name=by.name,
        subject_kind=entry.subject.kind,
        subject_key=entry.subject.key,
        subject_name=entry.subject.name,
        data=entry.data,
        operation=operation,
        prev=prev,
    )
    row.hash = link(prev, cast("Json", row.content()))
    return row


def _wait_for_turn() -> None:
    """Let one writer at a time find the chain's end; SQLite's immediate transactions do that by themselves."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
