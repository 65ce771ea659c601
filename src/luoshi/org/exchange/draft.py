"""A plan in the making: what an import would change, and every problem that stands in its way.

A problem names sheet, row and column as the spreadsheet shows them, and says what to do. While there is one, nothing
can be applied. Rows that are already so are only counted, so that importing an export changes nothing.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from luoshi.org.exchange.columns import FORMS, Kind
from luoshi.org.exchange.reading import Row, Table
from luoshi.org.exchange.standing import Standing
from luoshi.org.told import language_now

__all__ = ["Change", "Draft", "Plan", "Problem"]


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing to be put right: where it stands, and one sentence in the reader's language that says what to do."""

    sheet: str
    row: int
    column: str
    message: str


@dataclass(frozen=True, slots=True)
class Change:
    """One row that would be new, or changed: `was` holds the values before, `values` those after, by column.

    `key` finds the thing (a code, a staff number, or a pair of them), `name` names it for people; `target` is the
    number of a thing that stands.
    """

    kind: Kind
    sheet: str
    row: int
    key: tuple[str, ...]
    name: str
    values: dict[str, Any]
    was: dict[str, Any] | None = None
    target: int = 0

    @property
    def is_new(self) -> bool:
        """Tell whether the thing is not there yet."""
        return self.was is None

    def details(self) -> list[tuple[str, Any, Any]]:
        """Return head, value before and value after of each column that changes."""
        columns = {column.key: column for column in FORMS[self.kind].columns}
        language = language_now()
        was = self.was or {}
        return [
            (columns[key].head.in_(language), _shown(columns[key], was.get(key)), _shown(columns[key], value))
            for key, value in self.values.items()
            if key in columns
        ]


def _shown(column: Any, value: Any) -> Any:
    if column.choices is not None and value:
        return column.choices(value).label
    return "、".join(value) if isinstance(value, list) else value


@dataclass(slots=True)
class Plan:
    """Everything an import would do, and all its problems."""

    on: dt.date
    problems: list[Problem] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    unchanged: Counter[Kind] = field(default_factory=Counter)
    sheets: list[str] = field(default_factory=list)

    @property
    def is_sound(self) -> bool:
        """Tell whether the plan can be applied."""
        return not self.problems

    def of(self, kind: Kind) -> list[Change]:
        """Return the changes of one sheet, in the order of the file."""
        return [change for change in self.changes if change.kind is kind]

    def counts(self) -> list[tuple[str, int, int, int]]:
        """Return by sheet its name and how many rows are new, changed and unchanged."""
        language = language_now()
        made = Counter((change.kind, change.is_new) for change in self.changes)
        return [
            (form.name.in_(language), made[kind, True], made[kind, False], self.unchanged[kind])
            for kind, form in FORMS.items()
        ]

    @property
    def digest(self) -> str:
        """A hash of what would be changed: a plan made anew has the same one if nothing changed meanwhile."""
        rows = [(c.kind, c.key, c.values, c.was, c.target) for c in self.changes]
        text = json.dumps([self.on.isoformat(), rows], default=str, ensure_ascii=False, sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()


class Draft:
    """A plan in the making: what stands, what the file's earlier sheets add, and a way to note problems."""

    def __init__(self, on: dt.date) -> None:
        self.on = on
        self.plan = Plan(on)
        self.standing = Standing(on)

    def problem(self, table: Table, row: Row | None, key: str, message: str) -> None:
        """Note one problem; a row of 0 means the sheet as a whole."""
        head = table.form.column(key).head.in_(language_now()) if key else ""
        self.plan.problems.append(Problem(table.name, row.number if row else 0, head, message))

    def change(  # noqa: PLR0913 — what a change is
        self,
        table: Table,
        row: Row,
        key: tuple[str, ...],
        name: str,
        values: dict[str, Any],
        *,
        was: dict[str, Any] | None = None,
        target: int = 0,
    ) -> None:
        """Note what a row does: new without `was`, else changed where `values` differ from it, else unchanged."""
        if was is not None:
            values = {column: value for column, value in values.items() if was.get(column) != value}
            if not values:
                self.plan.unchanged[table.form.kind] += 1
                return
        kind = table.form.kind
        self.plan.changes.append(Change(kind, table.name, row.number, key, name, values, was, target))
