"""From events to rows: the one function by which a matter follows from its events, when acting and when replaying.

An event carries in `data["set"]` every column that it changed, in canonical form. :func:`apply` writes these and what
follows from them; `work.actions` calls it right after an event is made, verification calls it for all events of a
matter in order and compares. Nothing here touches the database.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, NamedTuple, cast

from luoshi.org.enums import Side
from luoshi.work.enums import Act, State
from luoshi.work.models import Event, Matter

if TYPE_CHECKING:
    from luoshi.ledger.canonical import Json
    from luoshi.org.models import Person, Unit
    from luoshi.work.models import RegisterVersion

__all__ = [
    "COLUMNS",
    "Use",
    "apply",
    "attachments",
    "involvements",
    "moment",
    "person_ref",
    "replay",
    "stored",
    "unit_ref",
]

Columns = Mapping[str, "Column"]


class Column(NamedTuple):
    """How one column of a matter is written in events: `attribute` of the row, its canonical form, and back."""

    attribute: str
    encode: Callable[[Any], Json]
    decode: Callable[[Any], Any]


def unit_ref(unit: Unit | None) -> dict[str, Json] | None:
    """Return a unit as events name it."""
    return None if unit is None else {"id": unit.pk, "code": unit.code, "name": unit.name}


def person_ref(person: Person | None) -> dict[str, Json] | None:
    """Return a person as events name them."""
    return None if person is None else {"id": person.pk, "uid": str(person.uid), "name": person.name}


def moment(at: dt.datetime) -> str:
    """Return a moment in its canonical form: UTC, microseconds."""
    return at.astimezone(dt.UTC).isoformat(timespec="microseconds")


def _matter_ref(matter: Matter | None) -> dict[str, Json] | None:
    return None if matter is None else {"id": matter.pk, "uid": str(matter.uid), "number": matter.number}


def _version_ref(version: RegisterVersion) -> dict[str, Json]:
    return {"id": version.pk, "version": version.version, "sha256": version.sha256}


def _number_of(ref: dict[str, Any] | None) -> int | None:
    return None if ref is None else int(ref["id"])


def _as_is(value: Any) -> Any:
    return value


def _unless_none(convert: Callable[[Any], Any]) -> Callable[[Any], Any]:
    return lambda value: None if value is None else convert(value)


def _columns() -> dict[str, Column]:
    plain = (
        "register confidential number title requirement source state support grade progress stuck step urged returned "
        "fields milestones targets extension workers feedback"
    )
    found = {name: Column(name, _as_is, _as_is) for name in plain.split()}
    for name in ("due", "first_due"):
        found[name] = Column(name, _unless_none(dt.date.isoformat), _unless_none(dt.date.fromisoformat))
    for name in ("opened_at", "assigned_at", "accepted_at", "submitted_at", "closed_at"):
        found[name] = Column(name, _unless_none(moment), _unless_none(dt.datetime.fromisoformat))
    for name in ("lead", "escalated_to"):
        found[name] = Column(f"{name}_id", unit_ref, _number_of)
    for name in ("handler", "opened_by"):
        found[name] = Column(f"{name}_id", person_ref, _number_of)
    for name in ("uid", "origin"):
        found[name] = Column(name, str, uuid.UUID)
    found["parent"] = Column("parent_id", _matter_ref, _number_of)
    found["register_version"] = Column("register_version_id", _version_ref, _number_of)
    return found


COLUMNS: Final[Columns] = _columns()
"""Every column that an event may set; `is_open`, `last_report`, `reported_at`, `version` and `head` follow from it."""

_TOLD: Final = frozenset({Act.REPORT, Act.SUBMIT})


def stored(matter: Matter, name: str) -> Json:
    """Return a column of a matter in its canonical form."""
    return COLUMNS[name].encode(getattr(matter, name))


def apply(matter: Matter, event: Event) -> set[str]:
    """Let `event` happen to `matter` in memory; return the names of the columns that it touched.

    KeyError where the event sets a column that no event may set.
    """
    touched = {"version", "head"}
    for name, value in event.data.get("set", {}).items():
        column = COLUMNS[name]
        setattr(matter, column.attribute, column.decode(value))
        touched.add(name)
    if "state" in touched:
        matter.is_open = matter.state in State.open_states
        touched.add("is_open")
    if event.act in _TOLD:
        matter.reported_at = event.at
        touched.add("reported_at")
        if event.data.get("note"):
            matter.last_report = event.data["note"]
            touched.add("last_report")
    matter.version, matter.head = event.seq, event.hash
    return touched


def replay(events: Iterable[Event]) -> Matter:
    """Return the matter, not saved, that its events in order lead to; ValueError where there are none."""
    matter: Matter | None = None
    for event in events:
        if matter is None:
            matter = Matter(pk=event.matter_id)
        apply(matter, event)
    if matter is None:
        raise ValueError("no events, no matter")
    return matter


def involvements(matter: Matter) -> dict[int, Side]:
    """Return which units take part in a matter, and as what."""
    support = cast("list[dict[str, Any]]", matter.support)
    parts = {int(unit["id"]): Side.SUPPORT for unit in support}
    if matter.lead_id is not None:
        parts[matter.lead_id] = Side.LEAD
    return parts


@dataclass(frozen=True, slots=True)
class Use:
    """One use of a piece of evidence in a matter, as events tell it: what an `Attachment` row must say."""

    sha256: str
    name: str
    note: str
    attached: int
    detached: int | None = None


def attachments(events: Iterable[Event]) -> list[Use]:
    """Return all uses of evidence that the events of one matter tell of, in the order they were attached."""
    uses: list[Use] = []
    for event in events:
        removed = set(event.data.get("removed", ()))
        uses = [
            Use(use.sha256, use.name, use.note, use.attached, event.seq)
            if use.detached is None and use.sha256 in removed
            else use
            for use in uses
        ]
        uses += [Use(file["sha256"], file["name"], file["note"], event.seq) for file in event.data.get("files", ())]
    return uses
