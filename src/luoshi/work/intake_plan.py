"""What bringing a sheet in would open, and every problem that stands in its way. Nothing is touched here.

A cell that stands in a thousand rows is looked up once. What acts refuse is asked of the acts' own validators, so that
the plan and the acts cannot differ; where they do, applying refuses as a whole.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any, Final, TypeVar

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from luoshi.ledger.canonical import Json
from luoshi.org.exchange.cells import as_day
from luoshi.org.models import Person, Unit
from luoshi.org.policy import Actor, Placement, grants_of, may, visible
from luoshi.org.rules import squeezed
from luoshi.org.told import language_now, listed
from luoshi.work.actions.people import handler_of, open_unit, supporters
from luoshi.work.actions.values import LONG, day, line, text
from luoshi.work.enums import Act
from luoshi.work.intake_sheet import OWN, Line, Sheet, heads_of
from luoshi.work.models import Matter
from luoshi.work.placement import at_unit
from luoshi.work.registers import Register
from luoshi.work.registers.fields import DateField
from luoshi.work.typed import PersonTyped, UnitsTyped, UnitTyped

__all__ = ["Entry", "IntakePlan", "Problem", "plan_sheet"]

_SPACE: Final = uuid.UUID("6c1f0a52-5f0d-5c0e-9a57-0f2d5a1c7b11")
_DONE: Final = frozenset(
    {
        *("已完成", "完成", "已办结", "办结", "已销号", "销号", "已结"),
        *("已整改", "已整改到位", "整改到位", "整改完成"),
        *("done", "closed", "completed", "complete"),
    }
)
"""What a status says where the work is done, as `squeezed`."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing to be put right: row (0 is the sheet as a whole), head, and one sentence that says what to do."""

    row: int
    column: str
    message: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One matter that would be opened, and assigned where `assigned`. `like` is the number of one with its title."""

    row: int
    operation: uuid.UUID
    title: str
    requirement: str
    lead: Unit | None
    support: tuple[Unit, ...]
    handler: Person | None
    due: dt.date | None
    fields: dict[str, Json]
    status: str = ""
    done: bool = False
    assigned: bool = False
    source: str = ""
    like: str = ""

    def facts(self) -> list[object]:
        """Return what the entry stands for, for the plan's digest."""
        people = [self.lead and self.lead.code, [unit.code for unit in self.support], self.handler and self.handler.pk]
        return [self.row, self.title, self.requirement, *people, self.due, self.fields, self.source, self.assigned]


@dataclass(slots=True)
class IntakePlan:
    """Everything that bringing a sheet in would do, and all its problems. `there` is what an earlier time opened."""

    problems: list[Problem] = field(default_factory=list)
    entries: list[Entry] = field(default_factory=list)
    there: frozenset[uuid.UUID] = frozenset()

    @property
    def new(self) -> list[Entry]:
        """Return what would be opened."""
        return [entry for entry in self.entries if entry.operation not in self.there]

    @property
    def is_sound(self) -> bool:
        """Tell whether the plan can be applied."""
        return not self.problems

    @property
    def digest(self) -> str:
        """A hash of what the rows mean today: a plan made anew has the same one if nothing changed meanwhile."""
        rows = [entry.facts() for entry in self.entries]
        return hashlib.sha256(json.dumps(rows, default=str, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


def plan_sheet(sheet: Sheet, register: Register, by: Actor) -> IntakePlan:
    """Return what bringing the sheet in would do for `by`, with every problem in it."""
    return _Planner(sheet, register, by).plan()


class _Planner:
    def __init__(self, sheet: Sheet, register: Register, by: Actor) -> None:
        self.sheet, self.register, self.by = sheet, register, by
        self.narrowed = replace(by, posts=tuple(one for one in by.posts if register.may_be_opened_by(one.role)))
        self.today = timezone.localdate()
        self.made = IntakePlan()
        self.known: dict[tuple[object, ...], Any] = {}
        self.heads = {head.key: head.words.in_(language_now()) for head in heads_of(register)}
        self.unit, self.units, self.person = (
            UnitTyped(required=False),
            UnitsTyped(required=False),
            PersonTyped(required=False),
        )

    def plan(self) -> IntakePlan:
        """Go through the sheet as a whole, then through its rows."""
        self._whole()
        digest = self.sheet.digest
        for one in self.sheet.lines:
            entry = _Row(self, one, uuid.uuid5(_SPACE, f"{self.register.code}:{digest}:{one.number}")).entry()
            if entry is not None:
                self.made.entries.append(entry)
        numbers = [entry.operation for entry in self.made.entries]
        self.made.there = frozenset(Matter.objects.filter(origin__in=numbers).values_list("origin", flat=True))
        self._name_alike()
        return self.made

    def problem(self, row: int, key: str, message: str) -> None:
        """Note one problem."""
        self.made.problems.append(Problem(row, self.heads.get(key, ""), message))

    def once(self, key: tuple[object, ...], find: Callable[[], T]) -> T:
        """Return what `find` returns or raises, asking once for the same key."""
        if key not in self.known:
            try:
                self.known[key] = find()
            except ValidationError as error:
                self.known[key] = error
        found = self.known[key]
        if isinstance(found, ValidationError):
            raise found
        return found  # type: ignore[no-any-return]

    def _whole(self) -> None:
        if not self.sheet.lines:
            self.problem(0, "", _("表头下面没有内容，请填写后再导入。"))
        if self.sheet.twice:
            heads = listed(self.sheet.twice)
            self.problem(0, "", _("表头重复：%(heads)s。请每个表头只留一列。") % {"heads": heads})
        lacking = [head.key for head in heads_of(self.register) if head.needed and head.key not in self.sheet.present]
        if lacking:
            heads = listed(self.heads[key] for key in lacking)
            self.problem(0, "", _("缺少列：%(heads)s。请补上这些列的表头（可下载模板对照）。") % {"heads": heads})

    def _name_alike(self) -> None:
        """Say where an open matter that the actor may see has the same title; nothing is looked at in secrecy."""
        if self.register.confidential:
            return
        mine = visible(self.by, Matter.objects.filter(register=self.register.code, is_open=True))
        rows = mine.exclude(origin__in=[entry.operation for entry in self.made.entries])
        alike = dict(rows.filter(title__in={one.title for one in self.made.entries}).values_list("title", "number"))
        self.made.entries = [replace(one, like=alike.get(one.title, "")) for one in self.made.entries]


class _Row:
    """One row on its way to an entry; `ok` tells whether all of it could be read."""

    def __init__(self, planner: _Planner, one: Line, operation: uuid.UUID) -> None:
        self.planner, self.line, self.operation = planner, one, operation
        self.ok = True

    def entry(self) -> Entry | None:
        """Return the entry, None where the row has a problem."""
        if self.line.merged:
            self._refuse("", _("这一行有合并单元格，请取消合并，并把每一行都填上。"))
        title = self._ask("title", lambda: line(self._cell("title"), "title", required=True)) or ""
        requirement = self._ask("requirement", lambda: text(self._cell("requirement"), "requirement", most=LONG)) or ""
        lead: Unit | None = self._ask("lead", self._lead)
        support: list[Unit] = self._ask("support", lambda: self._support(lead)) or []
        handler: Person | None = self._ask("handler", lambda: self._handler(lead))
        status = self._cell("status")[:100]
        done = squeezed(status) in _DONE
        written: dt.date | None = self._ask("due", lambda: as_day(self._cell("due"))) if self._cell("due") else None
        assigned = self._permitted(lead, support)
        due = self._ask("due", lambda: self._due(written, done=done, assigned=assigned))
        fields = self._fields()
        if not self.ok:
            return None
        values = (title, requirement, lead, tuple(support), handler, due, fields, status, done, assigned)
        return Entry(self.line.number, self.operation, *values, source=self._source(status, written))

    def _cell(self, key: str) -> str:
        return self.line.cells.get(key, "")

    def _refuse(self, key: str, message: str) -> None:
        self.ok = False
        self.planner.problem(self.line.number, key, message)

    def _ask(self, key: str, find: Callable[[], T]) -> T | None:
        """Return what `find` finds; what it refuses becomes a problem of this row."""
        try:
            return find()
        except ValidationError as error:
            self._refuse(key, " ".join(error.messages))
            return None

    def _lead(self) -> Unit | None:
        typed, asked = self._cell("lead"), self.planner
        unit: Unit | None = asked.once(("unit", typed), lambda: asked.unit.clean(typed))
        return None if unit is None else open_unit(unit, "lead", asked.today)

    def _support(self, lead: Unit | None) -> list[Unit]:
        typed, asked = self._cell("support"), self.planner
        units: list[Unit] = asked.once(("units", typed), lambda: asked.units.clean(typed))
        return supporters(units, lead, asked.today)

    def _handler(self, lead: Unit | None) -> Person | None:
        typed, asked = self._cell("handler"), self.planner
        if not typed or (lead is None and self._cell("lead")):
            return None
        person: Person = asked.once(("person", typed), lambda: asked.person.clean(typed))
        return asked.once(("at", person.pk, lead and lead.pk), lambda: handler_of(person, lead, asked.today))

    def _permitted(self, lead: Unit | None, support: list[Unit]) -> bool:
        """Refuse the row where the actor may not open it; tell whether they may also assign it."""
        asked = self.planner
        if lead is None and self._cell("lead"):
            return False
        place = Placement(
            lead=None if lead is None else at_unit(lead),
            support=tuple(map(at_unit, support)),
            own=frozenset(number for number in (asked.by.person_id,) if number is not None),
            confidential=asked.register.code if asked.register.confidential else "",
        )
        refusal = may(asked.narrowed, Act.OPEN, place)
        if refusal is None:
            return lead is not None and may(asked.by, Act.ASSIGN, place) is None
        if lead is None and asked.narrowed.has(*(grant.role for grant in grants_of(Act.OPEN))):
            self._refuse("lead", _("请选择牵头单位。"))
        else:
            self._refuse("lead", _("您不能在这里立项：%(reason)s。") % {"reason": refusal.reason})
        return False

    def _due(self, written: dt.date | None, *, done: bool, assigned: bool) -> dt.date | None:
        """Return the due date to open with; that of a row that is done already is over and is kept in words only."""
        asked = self.planner
        if written is not None and written < asked.today:
            if done:
                written = None
            else:
                raise ValidationError(
                    _("完成时限已经过了。请填新的时限，或者留空、按台账的规则推算；已经完成的请在“状态”列写“已完成”。"),
                    code="past",
                )
        if written is not None:
            return day(written, "due", not_before=asked.today)
        if assigned:
            counted = asked.once(("due",), lambda: asked.register.due_day(asked.today, asked.today))
            if counted is None and asked.register.due.required:
                raise ValidationError(_("请填写完成时限。"), code="required")
        return None

    def _fields(self) -> dict[str, Json]:
        found: dict[str, Json] = {}
        for one in self.planner.register.fields:
            key = OWN + one.name
            typed = self._cell(key)
            value = self._ask(key, lambda one=one, typed=typed: self._own(one, typed))  # type: ignore[misc]
            if value is not None:
                found[one.name] = value
            elif not typed and one.is_required("opening") and key in self.planner.sheet.present:
                self._refuse(key, _("请填写“%(field)s”。") % {"field": str(one.words)})
        return found

    def _own(self, one: Any, typed: str) -> Json:
        if typed and isinstance(one, DateField):
            typed = as_day(typed).isoformat()
        found: Json = self.planner.once(("own", one.name, typed), lambda: one.clean(typed))
        return found

    def _source(self, status: str, written: dt.date | None) -> str:
        """Return what the file said that the matter itself cannot hold."""
        said = [f"状态：{status}"] if status else []
        if written is not None and written < self.planner.today:
            said.append(f"完成时限：{written.isoformat()}")
        return "；".join(said)
