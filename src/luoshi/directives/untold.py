"""Which matters of a document no unit has a notice of yet, from this document.

Matters stay untold when a document is confirmed without assigning, and when a later version changes what its units were
told by the earlier one. What the later version says as before was told already.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from luoshi.directives.enums import ClauseState, Stage
from luoshi.directives.models import Clause, Directive
from luoshi.directives.revisions import How, changes
from luoshi.org.policy import visible
from luoshi.work.enums import State
from luoshi.work.models import Matter

if TYPE_CHECKING:
    from luoshi.org.policy import Actor

__all__ = ["Untold", "untold"]


class Untold(NamedTuple):
    """A confirmed row and its open matter; `changed` where the units know the matter from an earlier version."""

    clause: Clause
    matter: Matter
    changed: bool

    @property
    def is_drafted(self) -> bool:
        """Whether nobody has been asked to do it yet."""
        return self.matter.state == State.DRAFTED


def untold(directive: Directive, actor: Actor) -> list[Untold]:
    """Return what the document's notices do not tell of, as far as `actor` may see it, in the order of the document.

    Two queries; those of `revisions.changes` besides where something of a later version is left.
    """
    if directive.stage not in {Stage.REVIEW, Stage.CONFIRMED}:
        return []
    told = {row["matter"] for rows in directive.notices.values_list("rows", flat=True) for row in rows}
    seen = visible(actor, Matter.objects.filter(is_open=True))
    rows = directive.clauses.filter(state=ClauseState.CONFIRMED, matter__in=seen).exclude(matter__in=told)
    found = [
        Untold(row, row.matter, _is_known(row))
        for row in rows.select_related("matter__lead", "replaces").order_by("number")
        if row.matter is not None
    ]
    if directive.previous_id is None or not found:
        return found
    same = {one.new.pk for one in changes(directive, actor) if one.how is How.SAME and one.new is not None}
    return [one for one in found if not (one.changed and one.clause.pk in same)]


def _is_known(row: Clause) -> bool:
    return row.replaces is not None and row.replaces.matter_id == row.matter_id
