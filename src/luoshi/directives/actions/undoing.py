"""Taking the last act back."""

from __future__ import annotations

import uuid

from django.utils.translation import gettext as _

from luoshi.directives.actions.door import Review, write
from luoshi.directives.enums import ReviewAct
from luoshi.directives.fold import CLAUSE, DIRECTIVE, decoded, keys_of, reverse
from luoshi.directives.models import Directive, Edit
from luoshi.org.policy import Actor

__all__ = ["undo"]


def undo(directive: Directive, *, by: Actor, operation: uuid.UUID) -> Edit:
    """Take back this person's newest act that can be taken back and that nobody built upon; once more, the one before.

    What others did stays: an act whose rows, sentences or facts somebody changed since is left alone. ImpossibleError
    where nothing is left to take back.
    """

    def decide(case: Review) -> None:
        edit = _newest(case)
        if edit is None:
            raise case.impossible(_("没有可以撤销的操作。"))
        case.undoes, case.said = edit.seq, edit.act
        _take_back(case, edit)

    return write(directive, ReviewAct.UNDO, by=by, operation=operation, decide=decide)


def _newest(case: Review) -> Edit | None:
    """Return the edit to be taken back: all behind it that touched the same were taken back themselves."""
    undone: set[int | None] = set()
    touched: set[str] = set()
    for edit in case.directive.edits.order_by("-seq").iterator(chunk_size=20):
        if edit.act == ReviewAct.UNDO:
            undone.add(edit.undoes)
        elif edit.seq not in undone:
            keys = keys_of(edit.data)
            if edit.actor_id == case.by.person_id and edit.act not in ReviewAct.lasting and not keys & touched:
                return edit
            touched |= keys
    return None


def _take_back(case: Review, edit: Edit) -> None:
    data = reverse(edit.data)
    rows = {str(row.uid): row for row in case.clauses(e["uid"] for e in data["clauses"] if e["was"] is not None)}
    for entry in data["clauses"]:
        if entry["set"] is None:
            case.take_away(rows[entry["uid"]])
        elif entry["was"] is None:
            case.add(uid=uuid.UUID(entry["uid"]), **decoded(CLAUSE, entry["set"]))
        else:
            case.put(rows[entry["uid"]], **decoded(CLAUSE, entry["set"]))
    for index, (_was, label) in data["labels"].items():
        case.label(index, label)
    case.describe(**decoded(DIRECTIVE, {name: value for name, (_was, value) in data["directive"].items()}))
