"""Which field of an event was altered: tried by putting other values that are still known in its place.

A hash says only that something differs. Much of what an event says stands somewhere else too (in the matter's row, in
the next event, among the people), so the value as it was written can often be found: with it the hash fits again.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any, NamedTuple, cast

from luoshi.ledger.canonical import Json, link
from luoshi.ledger.checks import UNHASHABLE
from luoshi.org.models import Person
from luoshi.work import fold
from luoshi.work.enums import Act
from luoshi.work.integrity.histories import History
from luoshi.work.models import Event

__all__ = ["Altered", "altered_field"]

_SHOWN = 60


class Altered(NamedTuple):
    """A field that was altered, as it was written and as it is now, cut to a length that can be printed."""

    name: str
    was: str
    now: str


class _Try(NamedTuple):
    path: tuple[str, ...]
    value: Any


def altered_field(history: History, index: int, previous: str) -> Altered | None:
    """Return the one field whose original value makes the hash of an event fit; None where none is known."""
    event = history.events[index]
    try:
        content = event.content()
    except UNHASHABLE:
        return None
    if _fits(previous, content, event.hash):
        return Altered("prev", _cut(previous), _cut(event.prev))
    for path, value in _tries(history, index):
        changed = _with(content, path, value)
        if changed is not None and (_fits(event.prev, changed, event.hash) or _fits(previous, changed, event.hash)):
            return Altered(".".join(path), _cut(value), _cut(_value_at(content, path)))
    return None


def _fits(previous: str, content: dict[str, Any], wanted: str) -> bool:
    try:
        return link(previous, cast("Json", content)) == wanted
    except UNHASHABLE:
        return False


def _tries(history: History, index: int) -> Iterator[_Try]:
    event = history.events[index]
    yield from (_Try(("act",), act.value) for act in Act)
    yield from (_Try(("seq",), seq) for seq in range(1, len(history.events) + 3))
    person = Person.objects.filter(pk=event.actor_id).first() if isinstance(event.actor_id, int) else None
    if person is not None:
        yield _Try(("actor", "name"), person.name)
    yield from (_Try(("actor", "id"), number) for number in _namesakes(event))
    yield from (_Try(("matter",), uid) for uid in _uids(history))
    yield from (_Try(("at",), at) for at in _moments(history, event))
    yield from _data(history, index)


def _namesakes(event: Event) -> Iterator[int | None]:
    yield None
    yield from Person.objects.filter(name=event.actor_name).values_list("pk", flat=True)[:50]


def _uids(history: History) -> Iterator[str]:
    for data in (event.data for event in history.events[:1]):
        if isinstance(data, dict) and isinstance(data.get("set"), dict) and isinstance(data["set"].get("uid"), str):
            yield data["set"]["uid"]


def _moments(history: History, event: Event) -> Iterator[str]:
    yield from (value for value in _dict(event.data, "set").values() if isinstance(value, str))
    row = history.row
    for name in ("opened_at", "assigned_at", "accepted_at", "submitted_at", "closed_at", "reported_at"):
        value = getattr(row, name)
        if isinstance(value, dt.datetime):
            yield fold.moment(value)


def _data(history: History, index: int) -> Iterator[_Try]:
    """Return, for what an event set, what the next event to change it found, or what the row still says."""
    event = history.events[index]
    for name in _dict(event.data, "set"):
        later = (e for e in history.events[index + 1 :] if name in _dict(e.data, "set"))
        following = next(later, None)
        if following is not None:
            yield _Try(("data", "set", name), _dict(following.data, "was").get(name))
        elif history.row is not None and name in fold.COLUMNS:
            yield from _from_row(history, name)
    if history.row is not None and isinstance(event.data, dict) and "note" in event.data:
        yield _Try(("data", "note"), history.row.last_report)


def _from_row(history: History, name: str) -> Iterator[_Try]:
    try:
        yield _Try(("data", "set", name), fold.stored(cast("Any", history.row), name))
    except (*UNHASHABLE, KeyError):
        return


def _dict(data: object, name: str) -> dict[str, Any]:
    inner = data.get(name) if isinstance(data, dict) else None
    return inner if isinstance(inner, dict) else {}


def _value_at(content: Any, path: tuple[str, ...]) -> Any:
    for name in path:
        content = content[name]
    return content


def _with(content: dict[str, Any], path: tuple[str, ...], value: Any) -> dict[str, Any] | None:
    """Return a copy of nested named values with one of them replaced; None where there is no such place."""
    first, *rest = path
    if first not in content:
        return None
    if not rest:
        return {**content, first: value}
    inner = content[first]
    changed = _with(inner, tuple(rest), value) if isinstance(inner, dict) else None
    return None if changed is None else {**content, first: changed}


def _cut(value: object) -> str:
    text = str(value)
    return text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"
