"""Seals: a day's book is closed with one hash over everything that was stored up to then.

A seal covers ranges of storage numbers, not times: all events behind the last event of the seal before, up to the last
stored event of its own day. Numbers only grow, and the range is taken while no event is half stored, so nothing can
enter a sealed range afterwards; an event that arrives late with an earlier time belongs to the next seal.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterable
from typing import Final, NamedTuple, cast
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from luoshi.ledger.actions import Subject, record
from luoshi.ledger.canonical import GENESIS, Json, link
from luoshi.ledger.models import Record
from luoshi.org.policy import Actor, require
from luoshi.work.models import Event, Seal

__all__ = ["RECORD_ACT", "Covered", "content_of", "covered", "next_day", "seal"]

RECORD_ACT: Final = "records.seal"
"""The name under which each seal is itself put on record, so that a removed seal leaves a gap."""

_LOCK: Final = 0x7365616C  # "seal"
_FIRST_DAY: Final = dt.timedelta(days=1)


class Covered(NamedTuple):
    """What one seal covers: how many events and records, and one hash over the hashes of each, in stored order."""

    events: int
    events_digest: str
    records: int
    records_digest: str


def next_day() -> dt.date | None:
    """Return the first day that is not sealed yet; None before anything was stored."""
    last = Seal.objects.order_by("-day").values_list("day", flat=True).first()
    if last is not None:
        return last + _FIRST_DAY
    firsts = (
        Event.objects.order_by("pk").values_list("at", flat=True).first(),
        Record.objects.order_by("seq").values_list("at", flat=True).first(),
    )
    return min((timezone.localdate(at) for at in firsts if at is not None), default=None)


def seal(until: dt.date | None = None, *, by: Actor) -> list[Seal]:
    """Seal every day that is not sealed yet, in order, up to and with `until` (yesterday unless told).

    Returns the new seals; none where everything up to `until` is sealed or nothing was ever stored. A day on which
    nothing happened is sealed like any other. Each seal is its own transaction and one record. RefusedError by policy;
    ValidationError (`day_not_over`) for today and later.
    """
    require(by, "records.verify")
    yesterday = timezone.localdate() - _FIRST_DAY
    until = until or yesterday
    if until > yesterday:
        raise ValidationError(
            _("%(day)s 还没有过完，最多只能封存到 %(last)s。") % {"day": until, "last": yesterday},
            code="day_not_over",
        )
    made = []
    while (day := next_day()) is not None and day <= until:
        new = _seal_day(day, by)
        if new is not None:
            made.append(new)
    return made


def _seal_day(day: dt.date, by: Actor) -> Seal | None:
    last_event = _last_event(day)
    with transaction.atomic():
        _wait_for_turn()
        before = Seal.objects.order_by("-day").first()
        if before is not None and before.day >= day:
            return None  # somebody else was faster
        new = Seal(day=day, sealed_at=timezone.now(), prev=GENESIS if before is None else before.hash)
        new.last_event = max(last_event, 0 if before is None else before.last_event)
        new.last_record = _last_record(day, 0 if before is None else before.last_record)
        cover = covered(before, new)
        new.events, new.records = cover.events, cover.records
        new.hash = link(new.prev, content_of(new, cover))
        new.save(force_insert=True)
        record(RECORD_ACT, by=by.author, subject=Subject("seal", day.isoformat()), data={"hash": new.hash})
    return new


def content_of(row: Seal, cover: Covered) -> Json:
    """Return what a seal's hash covers, apart from the seal before."""
    return {
        "v": 1,
        "day": row.day.isoformat(),
        "events": row.events,
        "last_event": row.last_event,
        "events_digest": cover.events_digest,
        "records": row.records,
        "last_record": row.last_record,
        "records_digest": cover.records_digest,
        "sealed_at": row.sealed_at.astimezone(dt.UTC).isoformat(timespec="microseconds"),
    }


def covered(before: Seal | None, row: Seal) -> Covered:
    """Compute what a seal covers from the stored hashes."""
    event, entry = (0, 0) if before is None else (before.last_event, before.last_record)
    events = Event.objects.filter(pk__gt=event, pk__lte=row.last_event).order_by("pk")
    records = Record.objects.filter(seq__gt=entry, seq__lte=row.last_record).order_by("seq")
    return Covered(
        *_digest(events.values_list("hash", flat=True).iterator(chunk_size=5000)),
        *_digest(records.values_list("hash", flat=True).iterator(chunk_size=5000)),
    )


def _digest(hashes: Iterable[str]) -> tuple[int, str]:
    count, digest = 0, hashlib.sha256()
    for text in hashes:
        digest.update(text.encode() + b"\n")
        count += 1
    return count, digest.hexdigest()


def _end_of(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day + _FIRST_DAY, dt.time.min, ZoneInfo(settings.TIME_ZONE))


def _last_event(day: dt.date) -> int:
    """Return the highest number among the day's events that no seal covers, while no event is half stored.

    On PostgreSQL a number can be taken long before its transaction commits: sharing the table waits for all of those,
    and lets nobody take a new one meanwhile. SQLite has one writer at a time.
    """
    with transaction.atomic():
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("LOCK TABLE work_event IN SHARE MODE")
        sealed = Seal.objects.aggregate(last=Max("last_event"))["last"] or 0
        of_the_day = Event.objects.filter(pk__gt=sealed, at__lt=_end_of(day))
        return cast("int | None", of_the_day.aggregate(last=Max("pk"))["last"]) or 0


def _last_record(day: dt.date, sealed: int) -> int:
    """Return the like for records; their numbers are given out under a lock, in the order of their commits."""
    of_the_day = Record.objects.filter(seq__gt=sealed, at__lt=_end_of(day))
    return cast("int | None", of_the_day.aggregate(last=Max("seq"))["last"]) or sealed


def _wait_for_turn() -> None:
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
