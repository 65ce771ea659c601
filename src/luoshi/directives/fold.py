"""From edits to rows: how the rows of a review follow from its edits, when acting, when undoing and when verifying.

An edit carries for every row that it touched the columns before and after, in canonical form. Nothing here asks the
database: rows are named values by the clause's uid.

The chain of a document begins with what was drafted: :func:`seed` is linked before the first edit of the review, so
that the reading and the drafted rows are covered by every hash behind it.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, NamedTuple

if TYPE_CHECKING:
    from luoshi.directives.models import Clause, Directive, Notice, Reading
    from luoshi.ledger.canonical import Json

__all__ = [
    "CLAUSE",
    "DIRECTIVE",
    "Row",
    "Standing",
    "apply",
    "as_text",
    "decoded",
    "differences",
    "directive_of",
    "keys_of",
    "notice_hash",
    "reading_hash",
    "reverse",
    "row_of",
    "seed",
    "standing_of",
]

Row = dict[str, Any]
"""One clause: its columns by name, in canonical form."""


class Column(NamedTuple):
    """How one column is written in edits: `attribute` of the row, its canonical form, and back."""

    attribute: str
    encode: Callable[[Any], Json]
    decode: Callable[[Any], Any]


def _as_is(value: Any) -> Any:
    return deepcopy(value)


def as_text(value: object) -> str:
    """Return what may hold fractions (confidences, figures as drafted) as text: the canonical form has no fractions."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True)


def _unless_none(convert: Callable[[Any], Any]) -> Callable[[Any], Any]:
    return lambda value: None if value is None else convert(value)


def _moment(at: dt.datetime) -> str:
    return at.astimezone(dt.UTC).isoformat(timespec="microseconds")


def _plain(names: str) -> dict[str, Column]:
    return {name: Column(name, _as_is, _as_is) for name in names.split()}


CLAUSE: Final[Mapping[str, Column]] = {
    **_plain("number start end sentences values decided state why note"),
    "said": Column("said", as_text, json.loads),
    "confidence": Column("confidence", lambda value: repr(float(value)), float),
    **{name: Column(f"{name}_id", _as_is, _as_is) for name in ("into", "replaces", "matter")},
}
"""Every column of a clause that an edit may set; rows of other tables are named by their numbers.

`version` follows from the edit; `similar` is no decision and can be computed anew.
"""

DIRECTIVE: Final[Mapping[str, Column]] = {
    **_plain("title kind number issuer register confidential stage gone"),
    **{name: Column(f"{name}_id", _as_is, _as_is) for name in ("programme", "previous")},
    "date": Column("date", _unless_none(dt.date.isoformat), _unless_none(dt.date.fromisoformat)),
    "confirmed_at": Column("confirmed_at", _unless_none(_moment), _unless_none(dt.datetime.fromisoformat)),
}
"""Every column of a document that an edit may set; an edit may name `reading` beside them, by :func:`reading_hash`."""


@dataclass
class Standing:
    """A review in memory: its rows by uid, the decided kinds of sentences, and the document's own columns."""

    rows: dict[str, Row] = field(default_factory=dict)
    labels: dict[str, str] = field(default_factory=dict)
    directive: Row = field(default_factory=dict)


def decoded(columns: Mapping[str, Column], row: Row) -> Row:
    """Return columns with the values of the models' fields."""
    return {name: columns[name].decode(value) for name, value in row.items()}


def standing_of(directive: Directive, clauses: Iterable[Clause], reading: Reading | None) -> Standing:
    """Return a review as it is stored."""
    told = {"reading": "" if reading is None else reading_hash(reading)}
    rows = {str(clause.uid): row_of(clause) for clause in clauses}
    return Standing(rows, dict(directive.labels), {**directive_of(directive), **told})


def row_of(clause: Clause) -> Row:
    """Return a clause as edits write it."""
    return {name: column.encode(getattr(clause, column.attribute)) for name, column in CLAUSE.items()}


def directive_of(directive: Directive) -> Row:
    """Return a document's own columns as edits write them."""
    return {name: column.encode(getattr(directive, column.attribute)) for name, column in DIRECTIVE.items()}


def apply(standing: Standing, data: Mapping[str, Any]) -> None:
    """Let one edit happen to `standing`, whatever stood there before."""
    for entry in data.get("clauses", ()):
        if entry["set"] is None:
            standing.rows.pop(entry["uid"], None)
        elif entry["was"] is None:
            standing.rows[entry["uid"]] = dict(entry["set"])
        else:
            standing.rows.setdefault(entry["uid"], {}).update(entry["set"])
    for index, (_was, label) in data.get("labels", {}).items():
        if label is None:
            standing.labels.pop(index, None)
        else:
            standing.labels[index] = label
    for name, (_was, value) in data.get("directive", {}).items():
        standing.directive[name] = value


def reverse(data: Mapping[str, Any]) -> dict[str, Any]:
    """Return the edit that takes another back."""
    return {
        "clauses": [{**entry, "was": entry["set"], "set": entry["was"]} for entry in reversed(data.get("clauses", ()))],
        "labels": {index: [label, was] for index, (was, label) in data.get("labels", {}).items()},
        "directive": {name: [value, was] for name, (was, value) in data.get("directive", {}).items()},
    }


def differences(standing: Standing, data: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield where `standing` is not what an edit left behind: (clause uid, column), ("", column) for the document.

    The column "" says that the whole row should not be there, or is missing.
    """
    for entry in data.get("clauses", ()):
        row = standing.rows.get(entry["uid"])
        if (row is None) != (entry["set"] is None):
            yield entry["uid"], ""
        elif row is not None:
            yield from ((entry["uid"], name) for name, value in entry["set"].items() if _differ(row.get(name), value))
    for index, (_was, label) in data.get("labels", {}).items():
        if standing.labels.get(index) != label:
            yield "", f"labels {index}"
    for name, (_was, value) in data.get("directive", {}).items():
        if _differ(standing.directive.get(name), value):
            yield "", name


def _differ(one: object, other: object) -> bool:
    """Tell whether two values are not the same, also where Python takes them for equal: yes and 1, 1 and 1.0."""
    return as_text(one) != as_text(other)


def keys_of(data: Mapping[str, Any]) -> frozenset[str]:
    """Return what an edit touched: rows by uid, sentences and the document's columns with a word before."""
    return frozenset(
        (
            *(entry["uid"] for entry in data.get("clauses", ())),
            *(f"label {index}" for index in data.get("labels", {})),
            *(f"directive {name}" for name in data.get("directive", {})),
        )
    )


# What the chain begins with.


def reading_hash(reading: Reading) -> str:
    """Return the hash over what the text says: all of a reading apart from what is compared with other documents."""
    parts = (
        *(reading.text, reading.blocks, reading.sentences, reading.speeches),
        *(reading.found, reading.warnings, reading.engine),
    )
    return hashlib.sha256(as_text(list(parts)).encode(errors="surrogatepass")).hexdigest()


def notice_hash(notice: Notice) -> str:
    """Return the hash over what a unit was told: all of a notice but its number in the table."""
    told = [
        notice.directive_id,
        notice.unit_id,
        str(notice.operation),
        _moment(notice.issued_at),
        notice.issued_by_id,
        notice.head,
        notice.rows,
    ]
    return hashlib.sha256(as_text(told).encode(errors="surrogatepass")).hexdigest()


def seed(drafted: Standing) -> Json:
    """Return the content of the link that stands before the first edit: the document and its rows as drafted.

    `drafted.directive` holds the hash of the reading as `reading`; the stage is left out, which the queue moves.
    """
    directive = {name: value for name, value in drafted.directive.items() if name != "stage"}
    return {"v": 1, "directive": directive, "rows": {uid: dict(row) for uid, row in drafted.rows.items()}}
