"""The one way to write a record."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass
from typing import Final, cast

from django.db import connection, transaction

from luoshi.ledger.canonical import GENESIS, Json, link
from luoshi.ledger.models import Record

__all__ = ["SYSTEM", "Author", "Subject", "record"]

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
    with transaction.atomic():
        _wait_for_turn()
        last = Record.objects.order_by("-seq").values_list("seq", "hash").first()
        seq, prev = last or (0, GENESIS)
        row = Record(
            seq=seq + 1,
            at=at or dt.datetime.now(dt.UTC),
            act=act,
            actor_id=by.id,
            actor_name=by.name,
            subject_kind=subject.kind,
            subject_key=subject.key,
            subject_name=subject.name,
            data=data or {},
            operation=operation or uuid.uuid4(),
            prev=prev,
        )
        row.hash = link(prev, cast("Json", row.content()))
        row.save(force_insert=True)
    return row


def _wait_for_turn() -> None:
    """Let one writer at a time find the chain's end; SQLite's immediate transactions do that by themselves."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
