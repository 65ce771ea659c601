"""Whether a row can be worked on, and whose document it is."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _

from luoshi.directives.actions.door import Review
from luoshi.directives.enums import ClauseState
from luoshi.directives.models import Clause, Directive

__all__ = ["document_of", "require_live"]


def document_of(clauses: Sequence[Clause]) -> Directive:
    """Return the document of rows, asking the database no more than it must; TypeError where there are no rows."""
    if not clauses:
        raise TypeError("an act on rows needs one")
    first = clauses[0]
    return first.directive if Clause.directive.is_cached(first) else Directive(pk=first.directive_id)


def require_live(case: Review, row: Clause) -> None:
    """Refuse a row that is not under review any more, and say what to do instead."""
    if row.state in ClauseState.live:
        return
    raise case.impossible(
        {
            ClauseState.DROPPED: _("“%(title)s”已定为不立项，请先恢复。"),
            ClauseState.JOINED: _("“%(title)s”已并入在办事项，请先恢复。"),
            ClauseState.MERGED: _("“%(title)s”已并入另一条，请改那一条，或先恢复。"),
            ClauseState.CONFIRMED: _("“%(title)s”已经立项，请到事项页修改。"),
        }[ClauseState(row.state)]
        % {"title": row}
    )
