"""What a later version changes: row by row, in words and fields, and against the matters as they stand by now.

A field has changed where the later document says something else of it than the earlier one. What a person decided in
the earlier review, and what happened to the matter since, is no change of the document; where the matter has moved on
by itself (an extension, another lead unit) the reader is told.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final

from django.utils.translation import gettext as _

from luoshi.directives.changes import name_words
from luoshi.directives.enums import ClauseState
from luoshi.directives.models import Clause, Directive, Reading
from luoshi.directives.sheet.facts import target_words
from luoshi.directives.versions import source_words
from luoshi.directives.wording import Span, differing, same_words
from luoshi.org.models import Unit
from luoshi.org.policy import visible
from luoshi.org.told import listed
from luoshi.work.actions.values import LONG
from luoshi.work.models import Matter

if TYPE_CHECKING:
    from luoshi.org.policy import Actor

__all__ = ["Change", "FieldChange", "How", "Settled", "changes", "requirement_of", "unsettled"]


class How(StrEnum):
    """How a row of the later version stands to the earlier one."""

    SAME = "same"
    REWORDED = "reworded"
    MOVED = "moved"
    """Lead, support, due date, targets or milestones changed, perhaps with other words."""
    NEW = "new"
    GONE = "gone"


class Settled(StrEnum):
    """What a person decided about a row; empty while nobody did."""

    NOT_YET = ""
    ADOPTED = "adopted"
    KEPT = "kept"
    ANEW = "anew"
    CANCELLED = "cancelled"
    AWAY = "away"
    """The row of the later version was dropped or merged: nothing comes of it."""
    NOTHING = "nothing"
    """There is nothing to settle: the earlier row is no matter, or the reader may not see it."""


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field that the later version says otherwise, in words.

    `live` is what the matter has now; `moved_on` tells that this is not what the earlier version became, `agreed` that
    it is what the later version wants already. `hindrance` says why it cannot be adopted.
    """

    name: str
    label: str
    old: str
    new: str
    live: str
    moved_on: bool
    agreed: bool
    hindrance: str = ""

    @property
    def is_open(self) -> bool:
        """Whether adopting changes the matter."""
        return not self.agreed and not self.hindrance

    @property
    def reassigns(self) -> bool:
        """Whether adopting it means that the matter is assigned again."""
        return self.name in {"lead", "support"}


@dataclass(frozen=True, slots=True)
class Change:
    """One row of either version, or a pair of them; `matter` is what the earlier one became.

    `before` and `after` are what the two documents say; "" where one says nothing.
    """

    how: How
    old: Clause | None = None
    new: Clause | None = None
    matter: Matter | None = None
    likeness: float = 0.0
    before: str = ""
    after: str = ""
    fields: Sequence[FieldChange] = field(default_factory=list)
    settled: Settled = Settled.NOT_YET

    def spans(self) -> tuple[Sequence[Span], Sequence[Span]]:
        """Return both wordings with what differs marked."""
        if same_words(self.before, self.after):
            return [Span(self.before, False)], [Span(self.after, False)]
        return differing(self.before, self.after)

    @property
    def waits(self) -> bool:
        """Whether somebody has to decide."""
        return self.settled is Settled.NOT_YET and self.how is not How.NEW

    @property
    def has_ended(self) -> bool:
        """Whether the matter has ended while the later version still demands it, or does not any more."""
        return self.matter is not None and not self.matter.is_open

    @property
    def dropped_before(self) -> bool:
        """Whether the earlier row was not opened as a matter, for a reason that stands with it."""
        return self.old is not None and self.old.state == ClauseState.DROPPED


Values = Mapping[str, Any]

_NAMES: Final = ("title", "requirement", "lead", "support", "due", "targets", "milestones")
_WORDS: Final = frozenset({"title", "requirement"})


def changes(directive: Directive, actor: Actor, *, only: Clause | None = None) -> list[Change]:
    """Return how a document differs from the version before: its rows in order, what is gone where it once stood.

    A row that was dropped or merged in the later version counts as gone while the matter of the earlier one is open.
    Matters that `actor` may not see are left out, and with them what could be settled. Six queries; with `only` the
    row of either version that it is about alone. A document that is no later version gives nothing.
    """
    if directive.previous_id is None:
        return []
    return list(_Comparison(directive, actor, only).changes())


def unsettled(directive: Directive, actor: Actor) -> list[Clause]:
    """Return the live rows that must be settled against the earlier version: confirming them would open matters twice.

    These are the rows with :attr:`Settled.NOT_YET` whose earlier one became a matter that `actor` may see; three
    queries, none for a document that is no later version.
    """
    if directive.previous_id is None:
        return []
    old = {pair["new"]: pair["old"] for pair in _pairs(directive) if pair["old"] and pair["new"]}
    rows = list(directive.clauses.filter(state__in=ClauseState.live, number__in=old.keys()).order_by("number"))
    matters = visible(actor, Matter.objects.filter(clauses__directive=directive.previous_id))
    became = Clause.objects.filter(directive=directive.previous_id, uid__in=old.values(), matter__in=matters)
    earlier = {str(uid): number for uid, number in became.values_list("uid", "pk")}
    return [row for row in rows if row.replaces_id != earlier.get(old[row.number], row.replaces_id)]


def requirement_of(values: Values) -> str:
    """Return a row's demand as its matter has it: with the rhythm and the helpers that a matter has no place for."""
    words = str(values.get("requirement") or "")
    rhythms = (str(one.get("text") or "") for one in values.get("cadence", ()))
    rhythm = "、".join(one for one in rhythms if one and one not in words)
    helpers = "、".join(one for one in values.get("support_text", ()) if one not in words)
    more = (f"（周期：{rhythm}）" if rhythm else "") + (f"（配合：{helpers}）" if helpers else "")
    return words + more if len(words) + len(more) <= LONG else words


class _Comparison:
    """Both versions of a document while they are compared."""

    def __init__(self, directive: Directive, actor: Actor, only: Clause | None) -> None:
        self.directive = directive
        self.pairs = _wanted(_pairs(directive), only)
        numbers = {pair["new"] for pair in self.pairs if pair["new"] is not None}
        uids = {pair["old"] for pair in self.pairs if pair["old"] is not None}
        rows = directive.clauses.exclude(state=ClauseState.MERGED)
        self.new = {row.number: row for row in rows if only is None or row.number in numbers}
        self.old = {str(row.uid): row for row in Clause.objects.filter(directive=directive.previous_id, uid__in=uids)}
        both = [*self.new.values(), *self.old.values()]
        self.words = source_words(both)
        seen = visible(actor, Matter.objects.filter(pk__in={row.matter_id for row in self.old.values()}))
        self.matters = seen.select_related("lead", "handler").in_bulk()
        self.names = _unit_names(both, self.matters.values())

    def changes(self) -> Iterator[Change]:
        """Give the rows of the later version in order, and what is gone behind what stood before it."""
        paired = {pair["new"] for pair in self.pairs}
        pairs = [*self.pairs, *({"old": None, "new": number, "likeness": 0} for number in self.new.keys() - paired)]
        found = [(self._place(pair), pair) for pair in pairs]
        for _place, pair in sorted(found, key=lambda one: one[0]):
            change = self._change(pair)
            if change is not None:
                yield change

    def _place(self, pair: Mapping[str, Any]) -> tuple[int, int, int]:
        """Return where a row is shown: by the later document; what is gone after the row that stood before it."""
        row = self.new.get(pair["new"] or 0)
        if row is not None:
            return row.start, 0, row.number
        gone = self.old.get(pair["old"] or "")
        return (0, 0, 0) if gone is None else (self._before(gone), 1, gone.start)

    def _before(self, gone: Clause) -> int:
        """Return where, in the later document, the nearest earlier row stands that is still there."""
        there = ((self.old.get(pair["old"] or ""), self.new.get(pair["new"] or 0)) for pair in self.pairs)
        standing = [(old.start, new.start) for old, new in there if old and new and old.start <= gone.start]
        return max(standing, default=(0, -1))[1]

    def _change(self, pair: Mapping[str, Any]) -> Change | None:
        old, new = self.old.get(pair["old"] or ""), self.new.get(pair["new"] or 0)
        if new is None:
            return None if old is None else self._gone(old)
        if old is None:
            return Change(How.NEW, new=new, after=self.words[new.pk])
        matter = self.matters.get(old.matter_id or 0)
        if new.state == ClauseState.DROPPED and matter is not None and matter.is_open:
            return self._gone(old)  # what its unit is to do is not in the later version, as the reviewer reads it
        before, after = self.words[old.pk], self.words[new.pk]
        same = same_words(before, after)
        fields = list(self._fields(old, new, matter, same=same))
        moved = any(change.name not in _WORDS for change in fields)
        how = How.MOVED if moved else How.SAME if same and not fields else How.REWORDED
        return Change(how, old, new, matter, pair["likeness"], before, after, fields, _settled(old, new, matter))

    def _gone(self, old: Clause) -> Change | None:
        """Return a row that the later version has not; nothing where it never became a matter that the reader sees."""
        matter = self.matters.get(old.matter_id or 0)
        if matter is None:
            return None
        settled = Settled(self.directive.gone.get(str(old.uid), ""))
        if settled is Settled.NOT_YET and not matter.is_open:
            settled = Settled.NOTHING
        return Change(How.GONE, old, None, matter, before=self.words[old.pk], settled=settled)

    def _fields(self, old: Clause, new: Clause, matter: Matter | None, *, same: bool) -> Iterator[FieldChange]:
        live = None if matter is None else _live(matter)
        was, wants = _values(old.values), _values(new.values)
        for name in _NAMES:
            decided = bool({name, f"{name}_text"} & set(new.decided))
            unsaid = same if name in _WORDS else _said(name, old) == _said(name, new)
            if wants[name] == was[name] or (unsaid and not decided):
                continue
            now = was[name] if live is None else live[name]
            yield FieldChange(
                name,
                name_words(name),
                old=self._in_words(name, was[name]),
                new=self._in_words(name, wants[name]),
                live=self._in_words(name, now),
                moved_on=now != was[name],
                agreed=live is not None and now == wants[name],
                hindrance=_hindrance(name, new, wants[name]),
            )

    def _in_words(self, name: str, value: Any) -> str:
        return _SAYINGS[name](value, self.names)


def _wanted(pairs: Sequence[Mapping[str, Any]], only: Clause | None) -> Sequence[Mapping[str, Any]]:
    if only is None:
        return pairs
    return [pair for pair in pairs if pair["old"] == str(only.uid)] or [
        pair for pair in pairs if pair["new"] == only.number
    ]


def _pairs(directive: Directive) -> Sequence[Mapping[str, Any]]:
    found: Sequence[Mapping[str, Any]] = (
        Reading.objects.filter(directive=directive).values_list("previous", flat=True).first() or ()
    )
    return found


def _settled(old: Clause, new: Clause, matter: Matter | None) -> Settled:
    """Tell from how the row stands what was decided: the row itself is the only place where that is written."""
    if new.state in {ClauseState.DROPPED, ClauseState.MERGED}:
        return Settled.AWAY
    if new.state == ClauseState.CONFIRMED:
        return Settled.ADOPTED if new.matter_id == old.matter_id else Settled.ANEW
    if new.state == ClauseState.JOINED:
        return Settled.KEPT
    if new.replaces_id == old.pk:
        return Settled.ANEW
    carried = old.state == ClauseState.DROPPED
    return Settled.NOT_YET if matter is not None or carried else Settled.NOTHING


# Fields.


def _values(values: Values) -> dict[str, Any]:
    """Return the fields of a row that a matter has too, in a form that compares."""
    return {
        "title": " ".join(str(values.get("title") or "").split()),
        "requirement": "\n".join(requirement_of(values).splitlines()).strip(),
        "lead": values.get("lead"),
        "support": sorted(values.get("support") or ()),
        "due": values.get("due"),
        "targets": _targets(values.get("targets") or ()),
        "milestones": _milestones(values.get("milestones") or ()),
    }


def _live(matter: Matter) -> dict[str, Any]:
    return {
        "title": matter.title,
        "requirement": matter.requirement,
        "lead": None if matter.lead is None else matter.lead.code,
        "support": sorted(unit["code"] for unit in matter.support),
        "due": None if matter.due is None else matter.due.isoformat(),
        "targets": _targets(matter.targets),
        "milestones": _milestones(matter.milestones),
    }


def _targets(entries: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    return [{name: entry.get(name) or "" for name in ("of", "op", "value", "unit")} for entry in entries]


def _milestones(entries: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    return [{name: entry.get(name) or "" for name in ("title", "due")} for entry in entries]


def _said(name: str, clause: Clause) -> Any:
    """Return what a document says of one field of a row, without where it says it."""
    said = clause.said
    owners, deadlines = said.get("owners") or [], said.get("deadlines") or []
    bodies = [(one["text"], one["unit"]) for one in (*owners, *(said.get("support") or ()))]
    match name:
        case "lead":
            return bodies[: bool(owners)]
        case "support":
            return sorted(bodies[bool(owners) :], key=str)
        case "targets":
            return _targets(said.get("targets") or ())
        case _:
            return [(one["text"], one["due"]) for one in deadlines]


def _hindrance(name: str, new: Clause, value: Any) -> str:
    if value is not None or name not in {"lead", "due"}:
        return ""
    if name == "due":
        return _("新版没有写明哪一天，保留现在的时限。")
    words = new.values.get("lead_text", "")
    if words:
        return _("“%(words)s”不是一个单位，请先在核对页选定牵头单位。") % {"words": words}
    return _("新版没有写牵头单位，保留现在的牵头单位。")


def _unit_names(clauses: Iterable[Clause], matters: Iterable[Matter]) -> Mapping[str, str]:
    codes = {
        code
        for clause in clauses
        for code in (clause.values.get("lead"), *(clause.values.get("support") or ()))
        if code
    }
    names = dict(Unit.objects.filter(code__in=codes).values_list("code", "name")) if codes else {}
    for matter in matters:
        names |= {unit["code"]: unit["name"] for unit in matter.support}
        if matter.lead is not None:
            names[matter.lead.code] = matter.lead.name
    return names


Names = Mapping[str, str]


_SAYINGS: Final[Mapping[str, Callable[[Any, Names], str]]] = {
    "title": lambda value, _names: str(value),
    "requirement": lambda value, _names: str(value),
    "lead": lambda value, names: names.get(value, value) if value else "",
    "support": lambda value, names: listed((names.get(code, code) for code in value), "；"),
    "due": lambda value, _names: value or "",
    "targets": lambda value, _names: listed(map(target_words, value), "；"),
    "milestones": lambda value, _names: listed((f"{one['due']} {one['title']}".strip() for one in value), "；"),
}
