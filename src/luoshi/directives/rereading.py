"""A second reading of a document under review: the program, its units or the day that times count from have changed.

What a person decided stays, and so does every row that people shaped; what was only proposed is proposed anew.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from luoshi.directives.actions.door import Review, write
from luoshi.directives.bodies import bodies
from luoshi.directives.enums import ClauseState, ReviewAct, Stage
from luoshi.directives.fold import reading_hash
from luoshi.directives.models import Clause, Directive, Reading
from luoshi.directives.proposing import fields_for, reading_of, said_of, values_of
from luoshi.org.policy import SYSTEM_ACTOR
from luoshi.words import Words
from luoshi.work import registers

if TYPE_CHECKING:
    from luoshi.drafting.plan import Plan, Task

__all__ = ["give_back", "keep_again"]

_CUT_ANEW: Final = Words(
    "程序更新后断句与原来不同，没有重新读取；需要时请撤回后重新收文。",
    "This version of the program cuts the sentences otherwise, so nothing was read anew; withdraw the document and "
    "take it in again where that is wanted.",
)


def keep_again(directive: Directive, plan: Plan, engine: Mapping[str, Any]) -> None:
    """Let the rows that nobody decided follow from what was read now; one edit of the system says what changed.

    Raises ImpossibleError where the document was withdrawn meanwhile.
    """
    decide = partial(_decide, plan=plan, engine=engine)
    write(directive, ReviewAct.REREAD, by=SYSTEM_ACTOR, operation=uuid.uuid4(), decide=decide)


def give_back(directive: Directive, why: Words) -> None:
    """Let the review go on as it was, with the reason why nothing could be read anew."""

    def decide(case: Review) -> None:
        case.said = f"{why.zh} {why.en}"
        case.describe(stage=Stage.REVIEW.value)

    write(directive, ReviewAct.REREAD, by=SYSTEM_ACTOR, operation=uuid.uuid4(), decide=decide)


def _decide(case: Review, *, plan: Plan, engine: Mapping[str, Any]) -> None:
    case.describe(stage=Stage.REVIEW.value)
    reading, columns = Reading.objects.get(directive=case.directive), reading_of(plan)
    if (columns["text"], _cuts(columns["sentences"])) != (reading.text, _cuts(reading.sentences)):
        case.said = f"{_CUT_ANEW.zh} {_CUT_ANEW.en}"
        return
    number_of = _propose_again(case, plan)
    for sentence in columns["sentences"]:
        sentence["clause"] = number_of.get(sentence["clause"])
    before = reading_hash(reading)
    reading.sentences, reading.found, reading.warnings = columns["sentences"], columns["found"], columns["warnings"]
    reading.engine = dict(engine)
    reading.save(update_fields=["sentences", "found", "warnings", "engine"])
    case.describe(reading=[before, reading_hash(reading)])


def _cuts(sentences: Iterable[Mapping[str, Any]]) -> list[tuple[int, int]]:
    return [(sentence["s"], sentence["e"]) for sentence in sentences]


def _propose_again(case: Review, plan: Plan) -> dict[int | None, int]:
    """Propose values for rows anew, and add rows for tasks that have none; return the rows by drafted number."""
    row = case.directive
    fields = fields_for(registers.current(row.register), kind=row.kind, number=row.number, title=row.title)
    clauses = case.clauses(row.clauses.values_list("uid", flat=True))
    drafted = {tuple(clause.said["sentences"]): clause for clause in clauses if clause.said}
    held = {index for clause in clauses for index in clause.sentences}
    number_of: dict[int | None, int] = {}
    known = bodies()
    for task in plan.tasks:
        said = known.completed(said_of(task), plan.document)
        clause = drafted.get(task.sentences)
        if clause is not None:
            number_of[task.id] = clause.number
            if clause.state in ClauseState.live:
                _propose(case, clause, plan, said, fields)
        elif held.isdisjoint(task.sentences):
            number_of[task.id] = _added(case, task, plan, said, fields).number
    return number_of


def _propose(case: Review, clause: Clause, plan: Plan, said: dict[str, Any], fields: Mapping[str, Any]) -> None:
    """Replace those values that stand as they were once proposed; a row that was checked is to be checked again."""
    old, new = (values_of(words, plan.document, fields) for words in (clause.said, said))
    open_names = [name for name in new if name not in clause.decided and clause.values.get(name) == old[name]]
    values = {**clause.values, **{name: new[name] for name in open_names}}
    if values != clause.values:
        case.put(clause, values=values, state=ClauseState.OPEN.value)
    case.put(clause, said=said, confidence=said["confidence"])


def _added(case: Review, task: Task, plan: Plan, said: dict[str, Any], fields: Mapping[str, Any]) -> Clause:
    return case.add(
        start=task.start,
        end=task.end,
        sentences=list(task.sentences),
        said=said,
        values=values_of(said, plan.document, fields),
        confidence=said["confidence"],
    )
