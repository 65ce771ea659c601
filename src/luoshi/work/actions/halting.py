"""Acts that stop or resume the work: suspend, resume, cancel."""

from __future__ import annotations

import datetime as dt

from django.utils.translation import gettext as _

from luoshi.org.enums import Role
from luoshi.work.actions.case import Case
from luoshi.work.actions.door import child_operation, locked, perform_locked
from luoshi.work.actions.planning import may_set_due
from luoshi.work.actions.table import does
from luoshi.work.actions.values import day, grounds
from luoshi.work.actions.working import open_children
from luoshi.work.enums import Act, State
from luoshi.work.errors import UnmetError

__all__: list[str] = []


@does(Act.SUSPEND)
def suspend(case: Case, *, reason: str = "") -> None:
    """Let the work rest."""
    case.tell(reason=grounds(reason))


@does(Act.RESUME)
def resume(case: Case, *, reason: str = "", due: dt.date | None = None) -> None:
    """Let the work go on, with another due date where one is given."""
    if due is not None:
        may_set_due(case)
        case.put(due=day(due, "due", not_before=case.today).isoformat())
    case.tell(reason=grounds(reason))


def _only_drafts_of_ones_own(case: Case) -> None:
    if case.state is not State.DRAFTED:
        case.act_as(Role.SUPERVISOR, why=_("交办以后，事项只能由督办员撤销"))


@does(Act.CANCEL, ready=_only_drafts_of_ones_own)
def cancel(case: Case, *, reason: str = "", with_children: bool = False) -> None:
    """End the matter undone. Open parts of it are cancelled too `with_children`, each with its own event."""
    words = grounds(reason)
    if with_children:
        _cancel_children(case, words)
    conditions = open_children(case)
    if conditions:
        raise UnmetError(case.act, conditions)
    case.put(extension={})
    case.tell(reason=words)


def _cancel_children(case: Case, words: str) -> None:
    numbers = case.matter.children.filter(is_open=True).order_by("pk").values_list("pk", flat=True)
    for number in list(numbers):
        child = locked(number)
        if child.is_open:
            perform_locked(
                child,
                Act.CANCEL,
                by=case.by,
                operation=child_operation(case.operation, child),
                at=case.at,
                reason=words,
                with_children=True,
            )
