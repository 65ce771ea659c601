"""What becomes of the matters of an earlier version when a later one says otherwise: row by row, as somebody decides.

Acts on matters go through `work.actions.perform` with its own rights, conditions and events; the decision is an edit of
the later document. Both are one transaction. All take the person as `by` and the form's number as `operation` (the same
again acts once); refusals are those of the review's door and of the matters' acts, and nothing has changed then.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import Any, Final

from django.utils.translation import gettext as _

from luoshi.directives.actions.door import Review, write
from luoshi.directives.actions.standing import document_of, require_live
from luoshi.directives.enums import ClauseState, ReviewAct, Stage
from luoshi.directives.models import Clause, Directive, Edit
from luoshi.directives.revisions import Change, How, Settled, changes, requirement_of
from luoshi.org.models import Unit
from luoshi.org.policy import Actor
from luoshi.work.actions import perform
from luoshi.work.actions.values import grounds
from luoshi.work.enums import Act, State
from luoshi.work.errors import ActError
from luoshi.work.models import Matter

__all__ = ["adopt", "adopt_same", "cancel_gone", "decline", "keep_gone", "open_anew"]

Seen = Mapping[Any, int]

_DESCRIBED: Final = ("title", "requirement", "due")
_PLANNED: Final = ("targets", "milestones")
_ENTRUSTED: Final = ("lead", "support")


def adopt(  # noqa: PLR0913 — an act's own arguments
    clause: Clause,
    *,
    by: Actor,
    operation: uuid.UUID,
    seen: Seen | None = None,
    only: Collection[str] | None = None,
    reopen: bool = False,
) -> Edit:
    """Let the matter of the earlier row become what a row of the later version says, and the row be confirmed by it.

    Done is only what is different: words and due date are edited, targets and milestones planned (what was reached
    stays), and another lead or supporting unit means assigning again. `only` names the fields to take over. A matter
    that has ended is taken up again where `reopen` says so, and refused otherwise.
    """

    def decide(case: Review) -> None:
        row, change, matter = _paired(case, clause)
        if not matter.is_open and not reopen:
            raise case.impossible(
                _("“%(number)s”已经办结或撤销，请选择重开，或另立新事项。") % {"number": matter.number}
            )
        _do(case, matter, change, row, only)
        case.put(row, state=ClauseState.CONFIRMED.value, matter=matter.pk, replaces=change.old and change.old.pk)
        _end(case, [row])

    return write(document_of([clause]), ReviewAct.ADOPT, by=by, operation=operation, seen=seen, decide=decide)


def decline(clause: Clause, *, by: Actor, operation: uuid.UUID, seen: Seen | None = None) -> Edit:
    """Let the matter of the earlier row stand as it is, and join the row of the later version to it; can be undone."""

    def decide(case: Review) -> None:
        row, _change, matter = _paired(case, clause)
        case.put(row, state=ClauseState.JOINED.value, matter=matter.pk)

    return write(document_of([clause]), ReviewAct.JOIN, by=by, operation=operation, seen=seen, decide=decide)


def open_anew(clause: Clause, *, by: Actor, operation: uuid.UUID, seen: Seen | None = None) -> Edit:
    """Let a row of the later version become a matter of its own when the document is confirmed."""

    def decide(case: Review) -> None:
        row, change, _matter = _paired(case, clause)
        case.put(row, replaces=change.old and change.old.pk)

    return write(document_of([clause]), ReviewAct.ADOPT, by=by, operation=operation, seen=seen, decide=decide)


def adopt_same(directive: Directive, *, by: Actor, operation: uuid.UUID, seen: Seen | None = None) -> Edit:
    """Settle all rows that the later version says as the earlier one did, in one edit; the matters stay as they are.

    Rows whose earlier version was not opened as a matter are dropped for the same reason.
    """

    def decide(case: Review) -> None:
        _require_read(case)
        same = [one for one in changes(case.directive, by) if one.how is How.SAME and one.waits and one.new is not None]
        rows = case.clauses([one.new.uid for one in same if one.new is not None])
        for row, change in zip(rows, same, strict=True):
            if row.state not in ClauseState.live or change.old is None:
                continue
            if change.matter is not None:
                case.put(row, state=ClauseState.CONFIRMED.value, matter=change.matter.pk, replaces=change.old.pk)
            else:
                case.put(row, state=ClauseState.DROPPED.value, why=change.old.why, note=change.old.note)
        if rows:
            _end(case, rows)

    return write(directive, ReviewAct.ADOPT, by=by, operation=operation, seen=seen, decide=decide)


def keep_gone(directive: Directive, old: Clause, *, by: Actor, operation: uuid.UUID) -> Edit:
    """Let a matter go on although the later version does not demand it any more."""

    def decide(case: Review) -> None:
        _gone(case, old)
        case.describe(gone={**case.directive.gone, str(old.uid): Settled.KEPT.value})

    return write(directive, ReviewAct.ADOPT, by=by, operation=operation, decide=decide)


def cancel_gone(  # noqa: PLR0913 — an act's own arguments
    directive: Directive,
    old: Clause,
    *,
    by: Actor,
    operation: uuid.UUID,
    reason: str = "",
    with_children: bool = False,
) -> Edit:
    """Cancel a matter that the later version does not demand any more; refused while other documents demand it."""

    def decide(case: Review) -> None:
        matter = _gone(case, old)
        others = Clause.objects.filter(matter=matter, state__in=(ClauseState.CONFIRMED, ClauseState.JOINED))
        if others.exclude(pk=old.pk).exclude(directive__in=_earlier(case.directive, besides=old.directive_id)).exists():
            raise case.impossible(
                _("还有其他条目或文件要求“%(number)s”，不能因新版撤销，请选择保留。") % {"number": matter.number}
            )
        words = grounds(reason or _reason(case.directive, "不再要求"))
        _perform(case, matter, Act.CANCEL, reason=words, with_children=with_children)
        case.describe(gone={**case.directive.gone, str(old.uid): Settled.CANCELLED.value})

    return write(directive, ReviewAct.ADOPT, by=by, operation=operation, decide=decide)


# Finding what it is about.


def _require_read(case: Review) -> None:
    if case.directive.stage not in {Stage.REVIEW, Stage.CONFIRMED}:
        raise case.impossible(_("这份文件还没有读完，请等读完再核对。"))


def _paired(case: Review, clause: Clause) -> tuple[Clause, Change, Matter]:
    """Return a live row with how it differs from its earlier version, and the matter which that became."""
    _require_read(case)
    (row,) = case.clauses([clause])
    require_live(case, row)
    change = next(iter(changes(case.directive, case.by, only=row)), None)
    if change is None or change.old is None or change.matter is None:
        raise case.impossible(_("“%(title)s”在前一版没有对应的在办事项，请照常核对、确认。") % {"title": row})
    return row, change, change.matter


def _gone(case: Review, old: Clause) -> Matter:
    _require_read(case)
    change = next(iter(changes(case.directive, case.by, only=old)), None)
    if change is None or change.how is not How.GONE or change.matter is None:
        raise case.impossible(_("“%(title)s”在新版里还有，或者没有对应的事项。请刷新页面。") % {"title": old})
    if not change.waits:
        raise case.impossible(_("“%(title)s”已经处理过，请刷新页面。") % {"title": old})
    return change.matter


def _earlier(directive: Directive, *, besides: int) -> set[int]:
    """Return the versions before the one that is compared with: what they demanded is demanded through it alone."""
    found: set[int] = set()
    at = directive.previous_id
    while at is not None and at not in found:
        found.add(at)
        at = Directive.objects.values_list("previous_id", flat=True).get(pk=at)
    return found - {besides}


def _end(case: Review, settled: Iterable[Clause]) -> None:
    """Let the document be confirmed once nothing of it is left to review."""
    left = case.directive.clauses.filter(state__in=ClauseState.live).exclude(pk__in=[row.pk for row in settled])
    if case.directive.stage == Stage.REVIEW and not left.exists():
        case.describe(stage=Stage.CONFIRMED.value, confirmed_at=case.at)


# Acting on the matter.


def _do(case: Review, matter: Matter, change: Change, row: Clause, only: Collection[str] | None) -> None:
    """Do to the matter what makes it what the row says, as far as it is not."""
    names = {one.name for one in change.fields if one.is_open and (only is None or one.name in only)}
    reason = _reason(case.directive, "有改动")
    if not matter.is_open:
        due = {"due": _day(row)} if "due" in names else {}
        names -= {"due"}
        _perform(case, matter, Act.REOPEN, reason=reason, **due)
    described = {name: _described(row, name) for name in _DESCRIBED if name in names}
    if described:
        _perform(case, matter, Act.EDIT, reason=reason, **described)
    planned = {name: _PLANS[name](row, matter) for name in _PLANNED if name in names}
    if planned:
        _perform(case, matter, Act.PLAN, **planned)
    if names.intersection(_ENTRUSTED):
        _entrust(case, matter, row, names, reason)


def _entrust(case: Review, matter: Matter, row: Clause, names: Collection[str], reason: str) -> None:
    """Assign the matter to the units that the row names; those that nobody asked to change stay."""
    units = _units((row.values.get("lead"), *(row.values.get("support") or ())))
    lead = units.get(row.values.get("lead") or "") if "lead" in names else None
    support = [units[code] for code in row.values.get("support") or () if code in units]
    more: dict[str, Any] = {"lead": lead} if lead is not None else {}
    if "support" in names:
        more["support"] = support
    if matter.state != State.DRAFTED:
        more["reason"] = reason
    else:
        more["note"] = reason
    _perform(case, matter, Act.ASSIGN, **more)


def _units(codes: Iterable[str | None]) -> dict[str, Unit]:
    return {unit.code: unit for unit in Unit.objects.filter(code__in=[code for code in codes if code])}


def _described(row: Clause, name: str) -> Any:
    if name == "due":
        return _day(row)
    return requirement_of(row.values) if name == "requirement" else row.values[name]


def _day(row: Clause) -> dt.date:
    return dt.date.fromisoformat(row.values["due"])


def _targets(row: Clause, matter: Matter) -> list[dict[str, Any]]:
    """Return the row's targets, each with the number of what it was, so that the figure reached stays with it."""
    return _numbered(row.values.get("targets") or (), matter.targets, ("of", "unit"))


def _milestones(row: Clause, matter: Matter) -> list[dict[str, Any]]:
    entries = [
        {"title": one["title"], "due": dt.date.fromisoformat(one["due"]) if one.get("due") else None}
        for one in row.values.get("milestones") or ()
    ]
    return _numbered(entries, matter.milestones, ("title",))


def _numbered(
    wanted: Sequence[Mapping[str, Any]], there: Sequence[Mapping[str, Any]], names: Sequence[str]
) -> list[dict[str, Any]]:
    """Return entries with the numbers of those that are there and of the same names, each number once."""
    left = list(there)
    found = []
    for entry in wanted:
        same = next((one for one in left if all((one.get(n) or "") == (entry.get(n) or "") for n in names)), None)
        if same is not None:
            left.remove(same)
        found.append({**entry, **({} if same is None else {"id": same["id"]})})
    return found


_PLANS: Final[Mapping[str, Callable[[Clause, Matter], list[dict[str, Any]]]]] = {
    "targets": _targets,
    "milestones": _milestones,
}


def _reason(directive: Directive, what: str) -> str:
    """Return why, as the matter's history keeps it; a record reads the same whoever acted."""
    number = f"（{directive.number}）" if directive.number else ""
    return f"新版文件《{directive}》{number}{what}"[:1000]


def _perform(case: Review, matter: Matter, act: Act, **data: Any) -> None:
    """Do one act to the matter; what its state does not allow is told as the review tells it."""
    try:
        perform(matter, act, by=case.by, operation=uuid.uuid5(case.operation, act.value), at=case.at, **data)
    except ActError as error:
        raise case.impossible(str(error)) from error
