"""One matter with all that is stored about it, read window by window: memory stays the same however many there are."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any, Final

from django.db.models import QuerySet

from luoshi.ledger.checks import Unreadable, rows_of
from luoshi.words import Words
from luoshi.work.fold import Use
from luoshi.work.models import Attachment, Event, Evidence, Involvement, Matter

__all__ = ["History", "histories", "matter_count"]

_WINDOW: Final = 400


@dataclass(slots=True)
class History:
    """What is stored about one matter. `row` is missing where events are left of a matter that is gone."""

    number: int
    row: Matter | None = None
    events: list[Event] = field(default_factory=list)
    parts: list[tuple[int, str]] = field(default_factory=list)
    uses: list[Use] = field(default_factory=list)
    unreadable: list[tuple[str, Unreadable]] = field(default_factory=list)

    @property
    def confidential(self) -> bool:
        """Whether its contents must not be printed; so where nobody can tell."""
        return self.row is None or self.row.confidential is not False

    def name(self) -> Words:
        """Return the matter as findings name it."""
        if self.row is None:
            return Words(f"事项（内部编号 {self.number}）", f"matter (internal number {self.number})")
        return Words(f"{self.row.number}", f"{self.row.number}")

    def at(self, seq: object) -> Words:
        """Return one of its events as findings name it."""
        name = self.name()
        return Words(f"{name.zh} 事件 {seq}", f"{name.en}, event {seq}")


def matter_count(only: Matter | None = None) -> int:
    """Return how many matters :func:`histories` will go through, for those who watch."""
    return 1 if only is not None else Matter.objects.count()


def histories(only: Matter | None = None) -> Iterator[History]:
    """Return the history of every matter, or of one, also of those whose row is gone, by number."""
    if only is not None:
        yield from _window(only.pk - 1, only.pk)
        return
    low: int | None = None
    while True:
        numbers = Matter.objects.order_by("pk") if low is None else Matter.objects.filter(pk__gt=low).order_by("pk")
        high = next(iter(numbers.values_list("pk", flat=True)[_WINDOW - 1 : _WINDOW]), None)
        yield from _window(low, high)
        if high is None:
            return
        low = high


def _window(low: int | None, high: int | None) -> Iterator[History]:
    """Return the histories behind `low` up to `high`; streams events, holds the rest of the window."""
    found: dict[int, History] = {}

    def history(number: int) -> History:
        return found.setdefault(number, History(number))

    for row in rows_of(_between(Matter.objects.order_by("pk"), "pk", low, high)):
        if isinstance(row, Unreadable):
            history(row.pk).unreadable.append(("matter", row))
        else:
            history(row.pk).row = row
    for involvement in rows_of(_between(Involvement.objects.order_by("pk"), "matter_id", low, high), "matter_id"):
        if isinstance(involvement, Unreadable):
            history(involvement.group).unreadable.append(("involvement", involvement))
        else:
            history(involvement.matter_id).parts.append((involvement.unit_id, involvement.side))
    _read_uses(history, low, high)
    rows = _between(Event.objects.order_by("matter_id", "seq", "pk"), "matter_id", low, high)
    waiting = sorted(found, reverse=True)
    for number, group in groupby(rows_of(rows, "matter_id"), key=_matter_of):
        while waiting and waiting[-1] < number:
            yield found.pop(waiting.pop())
        if waiting and waiting[-1] == number:
            waiting.pop()
        yield _with_events(found.pop(number, History(number)), group)
    while waiting:
        yield found.pop(waiting.pop())


def _read_uses(history: Any, low: int | None, high: int | None) -> None:
    rows = _between(Attachment.objects.order_by("pk"), "matter_id", low, high)
    kept: dict[int, list[Attachment]] = defaultdict(list)
    for row in rows_of(rows, "matter_id"):
        if isinstance(row, Unreadable):
            history(row.group).unreadable.append(("attachment", row))
        else:
            kept[row.matter_id].append(row)
    hashes = _hashes(use.evidence_id for uses in kept.values() for use in uses)
    for number, uses in kept.items():
        history(number).uses = [
            Use(hashes.get(use.evidence_id, ""), use.name, use.note, use.attached, use.detached) for use in uses
        ]


def _hashes(numbers: Iterable[int]) -> dict[int, str]:
    wanted = sorted(set(numbers))
    found: dict[int, str] = {}
    for start in range(0, len(wanted), 500):
        chunk = rows_of(Evidence.objects.filter(pk__in=wanted[start : start + 500]).order_by("pk"))
        found.update({row.pk: row.sha256 for row in chunk if not isinstance(row, Unreadable)})
    return found


def _matter_of(event: Event | Unreadable) -> int:
    return event.group if isinstance(event, Unreadable) else event.matter_id


def _with_events(history: History, group: Iterable[Event | Unreadable]) -> History:
    for event in group:
        if isinstance(event, Unreadable):
            history.unreadable.append(("event", event))
        else:
            if history.row is not None:
                event.matter = history.row
            history.events.append(event)
    return history


def _between(rows: QuerySet[Any], name: str, low: int | None, high: int | None) -> QuerySet[Any]:
    if low is not None:
        rows = rows.filter(**{f"{name}__gt": low})
    return rows if high is None else rows.filter(**{f"{name}__lte": high})
