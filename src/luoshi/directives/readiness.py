"""What confirming a document would open, and everything that stands in its way. Nothing is changed here.

What acts on matters refuse is asked of their own validators, so that the plan and the acts do not differ; where they
do, confirming refuses as a whole.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final, NamedTuple, TypeVar, cast

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from luoshi.directives.enums import ClauseState, ReviewAct
from luoshi.directives.errors import ReviewError
from luoshi.directives.models import Clause, Directive, Reading
from luoshi.directives.revisions import requirement_of, unsettled
from luoshi.drafting.table import LOW_CONFIDENCE
from luoshi.ledger.canonical import Json
from luoshi.org.models import Unit
from luoshi.org.policy import Actor, Placement, may, visible
from luoshi.work import registers
from luoshi.work.actions.people import open_unit, supporters
from luoshi.work.actions.planning import milestones_of, targets_of
from luoshi.work.actions.values import LONG, day, line, text
from luoshi.work.enums import Act
from luoshi.work.errors import run_on
from luoshi.work.models import Event, Matter
from luoshi.work.placement import at_unit
from luoshi.work.registers import Register, UnknownRegisterError

__all__ = [
    "Candidate",
    "ConfirmError",
    "Missing",
    "Opening",
    "Readiness",
    "cadence_words",
    "join_operation",
    "quote_of",
    "readiness",
]

_TOLD: Final = 5
"""As many sentences stand in an error's words; pages show all."""

T = TypeVar("T")


class Missing(NamedTuple):
    """One thing to be put right: the row, None for the document as a whole, and a sentence that says what to do."""

    clause: Clause | None
    sentence: str

    def __str__(self) -> str:
        if self.clause is None:
            return self.sentence
        return _("第%(number)d条：%(sentence)s") % {"number": self.clause.number, "sentence": self.sentence}


class ConfirmError(ReviewError):
    """Rows cannot be opened as they stand; `missing` says all of it at once, in the order of the rows."""

    def __init__(self, missing: Sequence[Missing]) -> None:
        self.missing = tuple(missing)
        super().__init__(ReviewAct.CONFIRM)

    def __str__(self) -> str:
        told, more = run_on(map(str, self.missing[:_TOLD])), len(self.missing) - _TOLD
        if more > 0:
            rest = ngettext("另有%(count)d处。", "另有%(count)d处。", more) % {"count": more}
            told = run_on((told, rest))
        return _("还不能确认立项：%(missing)s") % {"missing": told}


@dataclass(frozen=True, slots=True)
class Opening:
    """What one row becomes: the parts of a matter, and words that only the notice has."""

    title: str
    requirement: str
    lead: Unit
    support: tuple[Unit, ...]
    due: dt.date | None
    fields: Mapping[str, Json]
    milestones: tuple[Mapping[str, Any], ...]
    targets: tuple[Mapping[str, Any], ...]
    cadence: str
    helpers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Candidate:
    """One row under review: what it would open, None where `missing` stands in its way."""

    clause: Clause
    lead: str
    due: dt.date | None
    opening: Opening | None
    missing: tuple[str, ...] = ()

    @property
    def is_doubtful(self) -> bool:
        """Tell whether the row was drafted with little confidence and nobody has checked it yet."""
        return self.clause.state == ClauseState.OPEN and self.clause.confidence < LOW_CONFIDENCE


@dataclass(slots=True)
class Readiness:
    """What confirming would do, for the document's `version`.

    `done` are chosen rows that are matters already; `joining` those whose matter is still to be told of them; `whole`
    are sentences about the document as a whole; `left` counts live rows that were not chosen.
    """

    version: int
    register: Register | None = None
    rows: list[Candidate] = field(default_factory=list)
    done: list[Clause] = field(default_factory=list)
    joining: list[Clause] = field(default_factory=list)
    whole: list[Missing] = field(default_factory=list)
    left: int = 0

    @property
    def missing(self) -> list[Missing]:
        """Return everything that stands in the way."""
        return [*self.whole, *(Missing(row.clause, one) for row in self.rows for one in row.missing)]

    @property
    def doubtful(self) -> list[Candidate]:
        """Return the rows that somebody should look at before they are opened."""
        return [row for row in self.rows if row.is_doubtful]

    @property
    def units(self) -> list[tuple[Unit, int, int]]:
        """Return every unit that would get work, with how many rows it leads and supports; most work first."""
        found: dict[int, Unit] = {}
        leads, supports = Counter[int](), Counter[int]()
        for row in self.rows:
            if row.opening is not None:
                for unit in (row.opening.lead, *row.opening.support):
                    found[unit.pk] = unit
                leads[row.opening.lead.pk] += 1
                supports.update(unit.pk for unit in row.opening.support)
        order = sorted(found, key=lambda number: (-leads[number], -supports[number], found[number].path))
        return [(found[number], leads[number], supports[number]) for number in order]


def join_operation(clause: Clause) -> uuid.UUID:
    """Return the operation by which the matter that a row is joined to is told of it, once."""
    return uuid.uuid5(clause.uid, f"join {clause.matter_id}")


def readiness(
    directive: Directive,
    by: Actor,
    clauses: Collection[uuid.UUID] | None = None,
    *,
    today: dt.date | None = None,
) -> Readiness:
    """Return what confirming all rows, or those with these uids, would do for `by`, on another day than today's too."""
    rows = list(directive.clauses.select_related("matter").order_by("number"))
    chosen = rows if clauses is None else [row for row in rows if row.uid in set(clauses)]
    found = Readiness(directive.version)
    found.left = sum(row.state in ClauseState.live for row in rows if row not in chosen)
    found.done = [row for row in chosen if row.state == ClauseState.CONFIRMED]
    found.joining = _joining(chosen, by)
    live = [row for row in chosen if row.state in ClauseState.live]
    try:
        # By its number, so that the acts find it read already: inside their transaction it would be read every time.
        found.register = registers.of_version(registers.current_row(directive.register).pk)
    except UnknownRegisterError:
        sentence = _("这份文件要立项的台账已经停用，请在文件信息里改选台账。")
        found.whole = [Missing(None, sentence)] if live else []
        return found
    planner = _Planner(found.register, by, live, today or timezone.localdate())
    planner.unsettled = {row.pk for row in unsettled(directive, by)}
    found.rows = [planner.candidate(row) for row in live]
    found.whole += [Missing(None, sentence) for sentence in planner.whole]
    if clauses is not None:
        found.whole += _unwanted(chosen)
    return found


def _unwanted(chosen: Iterable[Clause]) -> list[Missing]:
    sentence = _("这一条已经不立项或并入别的条目，请先恢复。")
    return [Missing(row, sentence) for row in chosen if row.state in {ClauseState.DROPPED, ClauseState.MERGED}]


def _joining(rows: Iterable[Clause], by: Actor) -> list[Clause]:
    """Return joined rows whose matter is still to be told; matters that the actor may not know of are left alone."""
    joined = [row for row in rows if row.state == ClauseState.JOINED and row.matter_id is not None]
    if not joined:
        return []
    told = set(
        Event.objects.filter(operation__in=[join_operation(row) for row in joined]).values_list("operation", flat=True)
    )
    seen = visible(by, Matter.objects.filter(pk__in=[row.matter_id for row in joined]), Act.COMMENT.value)
    known = set(seen.values_list("pk", flat=True))
    waiting = [row for row in joined if row.matter_id in known and join_operation(row) not in told]
    return sorted(waiting, key=lambda row: cast("int", row.matter_id))  # locked in the order in which others lock


class _Planner:
    """Goes through the rows of one document; every unit is fetched once."""

    def __init__(self, register: Register, by: Actor, rows: Iterable[Clause], today: dt.date) -> None:
        self.register, self.by = register, by
        self.today = today
        self.whole: list[str] = []
        self.unsettled: set[int] = set()
        codes = {code for row in rows for code in (row.values.get("lead"), *row.values.get("support", ())) if code}
        self.units = {unit.code: unit for unit in Unit.objects.filter(code__in=codes)}
        narrowed = tuple(post for post in by.posts if register.may_be_opened_by(post.role))
        self.narrowed = by if not by.posts else replace(by, posts=narrowed)
        self.counted = self._counted()

    def candidate(self, clause: Clause) -> Candidate:
        """Return one row with what it would open, or with all that is missing."""
        return _Row(self, clause).candidate()

    def refusal(self, lead: Unit, support: Iterable[Unit]) -> str:
        """Say why the actor may not open or assign a matter of these units; "" where they may."""
        place = Placement(
            lead=at_unit(lead),
            support=tuple(map(at_unit, support)),
            own=frozenset(number for number in (self.by.person_id,) if number is not None),
            confidential=self.register.code if self.register.confidential else "",
        )
        refused = may(self.narrowed, Act.OPEN, place) or may(self.by, Act.ASSIGN, place)
        return "" if refused is None else _("您不能在这里立项：%(reason)s。") % {"reason": refused.reason}

    def _counted(self) -> dt.date | None:
        try:
            return self.register.due_day(self.today, self.today)
        except ValidationError:  # the year's holidays are not known: rows must name their day
            return None

    def unit(self, code: str, field_name: str) -> Unit:
        """Return an open unit by its code."""
        found = self.units.get(code)
        if found is None:
            raise ValidationError(_("没有代码是“%(code)s”的单位，请重新选择。"), params={"code": code})
        return open_unit(found, field_name, self.today)


class _Row:
    """One row on its way to a matter."""

    def __init__(self, planner: _Planner, clause: Clause) -> None:
        self.planner, self.clause, self.values = planner, clause, clause.values
        self.missing: list[str] = []

    def candidate(self) -> Candidate:
        planner, values = self.planner, self.values
        if self.clause.pk in planner.unsettled:
            self.missing.append(_("前一版已经立项，请先到“与前一版对比”页，采纳、保留或另立。"))
        title = self._ask(lambda: line(values.get("title"), "title", required=True))
        lead = self._ask(self._lead)
        support = self._ask(lambda: self._support(lead)) or []
        written = self._written()
        due = self._ask(lambda: self._due(written))
        fields = self._ask(lambda: planner.register.clean(dict(values.get("fields", {})), stage="opening"))
        milestones = self._ask(self._milestones)
        targets = self._ask(self._targets)
        requirement = self._ask(self._requirement)
        refusal = "" if lead is None else planner.refusal(lead, support)
        if refusal:
            self.missing.append(refusal)
        opening = None
        if not self.missing and lead is not None:
            opening = Opening(
                title or "",
                requirement or "",
                lead,
                tuple(support),
                due,
                fields or {},
                tuple(milestones or ()),
                tuple(targets or ()),
                cadence_words(values),
                tuple(values.get("support_text", ())),
            )
        shown = lead.name if lead is not None else values.get("lead_text", "")
        return Candidate(self.clause, shown, written, opening, tuple(dict.fromkeys(self.missing)))

    def _ask(self, find: Callable[[], T]) -> T | None:
        """Return what `find` finds; what it refuses is missing."""
        try:
            return find()
        except ValidationError as error:
            self.missing.extend(error.messages)
            return None

    def _lead(self) -> Unit:
        code, words = self.values.get("lead"), self.values.get("lead_text", "")
        if code:
            return self.planner.unit(code, "lead")
        if words:
            raise ValidationError(_("“%(words)s”不是一个单位，请选择牵头单位。"), params={"words": words})
        raise ValidationError(_("还没有牵头单位，请选择。"))

    def _support(self, lead: Unit | None) -> list[Unit]:
        units = [self.planner.unit(code, "support") for code in self.values.get("support", ())]
        return supporters(units, lead, self.planner.today)

    def _written(self) -> dt.date | None:
        written = self.values.get("due")
        return dt.date.fromisoformat(written) if written else None

    def _due(self, written: dt.date | None) -> dt.date | None:
        planner = self.planner
        if written is None:
            if planner.counted is None and planner.register.due.required:
                raise ValidationError(_("请填写完成时限。"))
            return None
        if written < planner.today:
            told = {"day": written.isoformat()}
            raise ValidationError(_("完成时限%(day)s已经过了，请改一个，或者清空、按台账的规则推算。"), params=told)
        return day(written, "due")

    def _milestones(self) -> list[dict[str, Any]]:
        given = [
            {"title": one.get("title"), "due": dt.date.fromisoformat(one["due"]) if one.get("due") else None}
            for one in self.values.get("milestones", ())
        ]
        milestones_of(given)
        return given

    def _targets(self) -> list[dict[str, Any]]:
        given = [dict(one) for one in self.values.get("targets", ())]
        targets_of(given)
        return given

    def _requirement(self) -> str:
        """Return the words of the demand, with what else the row says and a matter has no place for."""
        return text(requirement_of(self.values), "requirement", most=LONG)


def cadence_words(values: Mapping[str, Any]) -> str:
    """Return how often a row's demand comes back, in the document's words; "" for once."""
    return "、".join(filter(None, (one.get("text", "") for one in values.get("cadence", ()))))


def quote_of(reading: Reading, clause: Clause) -> str:
    """Return the words that a row stands on, as the document has them; what is left out between them is marked.

    The longest quote that a matter keeps is cut at its end.
    """
    sentences = reading.sentences
    numbers = [number for number in sorted(clause.sentences) if 0 <= number < len(sentences)]
    runs: list[list[int]] = []
    for number in numbers:
        if runs and runs[-1][-1] == number - 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    pieces = [reading.text[sentences[run[0]]["s"] : sentences[run[-1]]["e"]].strip() for run in runs]
    quote = "……".join(pieces) if pieces else reading.text[clause.start : clause.end].strip()
    return quote if len(quote) <= LONG else quote[: LONG - 2] + "……"
