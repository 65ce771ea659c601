"""Seals against what they cover: every sealed event and record is still there, in its place, with its hash."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator

from luoshi.ledger.canonical import GENESIS, link
from luoshi.ledger.checks import Finding, Unreadable, reading_errors, rows_of
from luoshi.ledger.models import Record
from luoshi.words import Words
from luoshi.work.integrity.sealing import RECORD_ACT, content_of, covered
from luoshi.work.models import Seal

__all__ = ["sealed"]


def sealed(seen: Callable[[int], None] = lambda _: None) -> Iterator[Finding]:
    """Check all seals in order; `seen` is told how many events each covers."""
    before: Seal | None = None
    told = _told()
    for row in rows_of(Seal.objects.order_by("pk")):
        if isinstance(row, Unreadable):
            where = Words(f"封存（{row.pk}）", f"seal ({row.pk})")
            yield Finding("seal.unreadable", where, Words(f"读不出来：{row.why}", f"cannot be read: {row.why}"))
            continue
        yield from _order(before, row)
        yield from _content(before, row)
        if told.pop(f"{row.day}", row.hash) != row.hash:
            yield _at(row.day, "seal.record", Words("与封存时的操作记录不符", "not what was recorded when it was made"))
        before = row
        seen(row.events)
    for day in sorted(told):
        yield _at(day, "seal.missing", Words("封存过，现在却不见了", "was made and is gone"))


def _told() -> dict[str, object]:
    """Return the hash of each seal as the records have it, by day."""
    rows = rows_of(Record.objects.filter(act=RECORD_ACT).order_by("seq"))
    return {
        row.subject_key: row.data["hash"]
        for row in rows
        if not isinstance(row, Unreadable) and isinstance(row.data, dict) and "hash" in row.data
    }


def _order(before: Seal | None, row: Seal) -> Iterator[Finding]:
    if row.prev != (GENESIS if before is None else before.hash):
        what = Words("与前一天的封存接不上", "does not follow the seal before")
        yield _at(row.day, "seal.link", what)
    if before is not None and row.day != before.day + dt.timedelta(days=1):
        what = Words(f"前一个封存是 {before.day}，中间有缺", f"the seal before is of {before.day}: some are missing")
        yield _at(row.day, "seal.order", what)


def _content(before: Seal | None, row: Seal) -> Iterator[Finding]:
    try:
        cover = covered(before, row)
        fits = link(row.prev, content_of(row, cover)) == row.hash
    except reading_errors():
        yield _at(row.day, "seal.content", Words("封存的内容不完整", "what it says is incomplete"))
        return
    for name, zh, stored, found in (
        ("events", "个事件", row.events, cover.events),
        ("records", "条操作记录", row.records, cover.records),
    ):
        if stored != found:
            what = Words(f"当时封存 {stored} {zh}，现有 {found}", f"{stored} {name} were sealed, {found} are there")
            yield _at(row.day, f"seal.{name}", what)
    if not fits and (row.events, row.records) == (cover.events, cover.records):
        what = Words(
            "封存之后，其中的事件、操作记录或封存本身被改动、调换过",
            "since then an event or record in it, or the seal itself, was altered or swapped",
        )
        yield _at(row.day, "seal.content", what)


def _at(day: object, kind: str, what: Words) -> Finding:
    return Finding(kind, Words(f"{day} 的封存", f"seal of {day}"), what)
