"""The chain of one matter's events: what is missing, added, swapped or altered."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, NamedTuple

from luoshi.ledger.canonical import GENESIS
from luoshi.ledger.checks import Finding, Link, linked
from luoshi.words import Words
from luoshi.work.integrity.altered import altered_field
from luoshi.work.integrity.histories import History
from luoshi.work.models import Event

__all__ = ["chain"]

_KINDS: Final = {
    "matter": Words("事项这一行读不出来", "the row of the matter cannot be read"),
    "event": Words("有一个事件读不出来", "an event cannot be read"),
    "involvement": Words("有一条单位参与读不出来", "a unit's part cannot be read"),
    "attachment": Words("有一条附件读不出来", "an attachment cannot be read"),
}


def chain(history: History) -> Iterator[Finding]:
    """Check one matter's events against themselves and against the version and head in its row."""
    for kind, row in history.unreadable:
        words = _KINDS[kind]
        why = "" if history.confidential else row.why
        what = Words(f"{words.zh}（{row.pk}）：{why}", f"{words.en} ({row.pk}): {why}")
        yield Finding(f"{kind}.unreadable", history.name(), what)
    if history.row is None:
        if history.events and not any(kind == "matter" for kind, _ in history.unreadable):
            what = Words(
                f"事项不见了，只留下 {len(history.events)} 个事件",
                f"the matter is gone; {len(history.events)} events of it are left",
            )
            yield Finding("matter.missing", history.name(), what)
        return
    yield from _links(history)
    yield from _tail(history)


class _Before(NamedTuple):
    seq: int = 0
    hash: str = GENESIS


def _links(history: History) -> Iterator[Finding]:
    before = _Before()
    holes = sum(kind == "event" for kind, _ in history.unreadable)
    for index, event in enumerate(history.events):
        hole = event.seq > before.seq + 1
        if hole and event.seq - before.seq - 1 > holes:
            yield _missing(history, before.seq + 1, event.seq - 1)
        if event.seq <= before.seq:
            what = Words("序号重复或倒置：多出了一个事件", "its number is taken or out of order: an event too many")
            yield Finding("event.doubled", history.at(event.seq), what)
        found = linked(event, event.prev if hole else before.hash)
        yield from _weighed(history, index, found, before)
        before = _Before(event.seq, _hash_for_next(history, index, found))


def _missing(history: History, first: int, last: int) -> Finding:
    span = str(first) if first == last else f"{first}–{last}"
    what = Words(f"缺失 {last - first + 1} 个事件", f"{last - first + 1} missing")
    return Finding("event.missing", history.at(span), what)


def _weighed(history: History, index: int, found: Link[Event], before: _Before) -> Iterator[Finding]:
    where = history.at(found.row.seq)
    if found.fits and found.follows:
        return
    if found.fits:
        what = Words(
            "与前一个事件接不上：前一个或这一个被改写、替换、插入或调换过",
            "does not follow the event before: one of the two was rewritten, replaced, added or swapped",
        )
        yield Finding("event.link", where, what)
    elif found.hash and _next_prev(history, index) == found.hash:
        what = Words("只有哈希一栏被改动，内容完好", "only the column of the hash was altered; the content is whole")
        yield Finding("event.hash", where, what)
    else:
        yield _content(history, index, found, before)


def _content(history: History, index: int, found: Link[Event], before: _Before) -> Finding:
    event = found.row
    where = history.at(event.seq)
    told = altered_field(history, index, before.hash)
    if told is None:
        what = Words("内容与哈希不符：这个事件被改动过", "content and hash differ: this event was altered")
        return Finding("event.content", where, what)
    name, was, now = told
    if history.confidential:
        what = Words(f"{name} 被改动过", f"{name} was altered")
    else:
        what = Words(f"{name} 被改动：原为“{was}”，现为“{now}”", f"{name} was altered: written as “{was}”, now “{now}”")
    return Finding("event.content", where, what)


def _next_prev(history: History, index: int) -> str:
    """Return the hash that whatever comes behind an event names as the event's."""
    if index + 1 < len(history.events):
        return history.events[index + 1].prev
    return "" if history.row is None else history.row.head


def _hash_for_next(history: History, index: int, found: Link[Event]) -> str:
    """Return the hash that the next event must name: the true one where only the stored one was altered."""
    return found.hash if found.hash and _next_prev(history, index) == found.hash else found.row.hash


def _tail(history: History) -> Iterator[Finding]:
    row = history.row
    assert row is not None
    if any(kind == "event" for kind, _ in history.unreadable):
        return
    last = history.events[-1].seq if history.events else 0
    if isinstance(row.version, int) and row.version > last:
        yield _missing(history, last + 1, row.version)
    elif row.version != last:
        what = Words(
            f"事项停在第 {row.version} 个事件，却存有 {last} 个：末尾有添加，或版本一栏被改动",
            f"the row stands at event {row.version}, but {last} are stored: some were added, or the column was altered",
        )
        yield Finding("event.added", history.name(), what)
    elif history.events and row.head not in {history.events[-1].hash, _own(history.events[-1])}:
        what = Words(
            "事项记的末个哈希与末个事件不符：事件被改写，或这一栏被改动",
            "the row's head is not the last event's hash: the event was rewritten, or the column was altered",
        )
        yield Finding("matter.head", history.name(), what)


def _own(event: Event) -> str:
    return linked(event, event.prev).hash
