"""Documents whose rows have come to something: brought there row by row, without the review and its confirmation."""

from __future__ import annotations

from cast import Cast
from luoshi.directives.enums import ClauseState, Stage
from luoshi.directives.models import Clause, Directive
from luoshi.org.policy import SYSTEM_ACTOR
from luoshi.work.actions import open_matter
from luoshi.work.models import Matter
from work.matters import store_registers

__all__ = ["became", "row", "secret_matter", "settled"]


def row(directive: Directive, words: str) -> Clause:
    """Return the row whose proposed title holds `words`."""
    (found,) = (clause for clause in directive.clauses.all() if words in clause.values["title"])
    return found


def became(clause: Clause, matter: Matter | None, state: ClauseState = ClauseState.CONFIRMED, **columns: str) -> None:
    """Let a row stand as it does once it was decided upon."""
    Clause.objects.filter(pk=clause.pk).update(state=state, matter=matter, **columns)


def settled(directive: Directive, stage: Stage = Stage.CONFIRMED) -> Directive:
    """Let a document stand as confirmed."""
    Directive.objects.filter(pk=directive.pk).update(stage=stage)
    directive.refresh_from_db()
    return directive


def secret_matter(cast: Cast) -> Matter:
    """Return a matter of a confidential register that no post of the cast names."""
    store_registers()
    return open_matter("secret", by=SYSTEM_ACTOR, title="报送涉密台账", lead=cast.unit("YL-AQ"))
