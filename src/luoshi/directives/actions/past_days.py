"""Due days that had gone by before a document was taken in: cleared together, as one edit that can be undone."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from luoshi.directives.actions.door import Review, write
from luoshi.directives.actions.standing import document_of
from luoshi.directives.enums import ClauseState, ReviewAct
from luoshi.directives.models import Clause, Edit
from luoshi.directives.values import NAMES
from luoshi.org.policy import Actor

__all__ = ["clear_past"]


def clear_past(
    clauses: Sequence[Clause],
    *,
    by: Actor,
    operation: uuid.UUID,
    today: dt.date,
    seen: Mapping[Any, int] | None = None,
) -> Edit:
    """Clear the due days of rows that lie before `today`, so that the register's rule says when; the rest stays.

    Rows that are live no more, or whose day is still to come, are left as they are; ImpossibleError where none is left.
    Refusals else are those of :func:`luoshi.directives.actions.door.write`.
    """

    def decide(case: Review) -> None:
        past = [row for row in case.clauses(clauses) if row.state in ClauseState.live and _is_past(row, today)]
        if not past:
            raise case.impossible(_("没有已过的时限，不用清空。"))
        for row in past:
            decided = [name for name in NAMES if name in row.decided or name == "due"]
            case.put(row, values={**row.values, "due": None, "due_text": ""}, decided=decided)

    return write(document_of(clauses), ReviewAct.EDIT, by=by, operation=operation, seen=seen, decide=decide)


def _is_past(row: Clause, today: dt.date) -> bool:
    due = row.values.get("due")
    return bool(due) and dt.date.fromisoformat(due) < today
