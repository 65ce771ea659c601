"""Acts that say what is to be done: edit, plan."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any, Final, cast

from django.utils.translation import gettext as _

from luoshi.ledger.canonical import Json
from luoshi.org.enums import Role
from luoshi.work.actions.case import Case
from luoshi.work.actions.table import does
from luoshi.work.actions.values import LONG, day, figure, grounds, keys, line, text, wrong
from luoshi.work.enums import Act, State

__all__ = ["FIGURE_SIGNS", "may_set_due", "milestones_of", "targets_of"]

FIGURE_SIGNS: Final = (">=", "<=", "=", "<", ">", "+", "-")
"""How a target's figure is meant: at least, at most, exactly, less, more, an increase of, a decrease of."""

_MOST: Final = 100


@does(Act.EDIT)
def edit(  # noqa: PLR0913 — the act's data
    case: Case,
    *,
    title: str | None = None,
    requirement: str | None = None,
    fields: Mapping[str, object] | None = None,
    due: dt.date | None = None,
    reason: str = "",
) -> None:
    """Change what is asked; what is None stays.

    Once assigned, title, requirement and due date are changed by supervisors only, and with a reason; the register's
    own fields by whoever may edit.
    """
    if title is not None:
        case.put(title=line(title, "title", required=True))
    if requirement is not None:
        case.put(requirement=text(requirement, "requirement", most=LONG))
    if due is not None and due != case.matter.due:
        may_set_due(case)
        case.put(due=day(due, "due", not_before=case.today).isoformat())
    asked = bool(case.set)
    if fields is not None:
        case.put(fields=cast("Json", case.register.clean({**case.matter.fields, **fields}, stage="editing")))
    if not case.set:
        wrong("", _("没有改动，请修改后再提交。"), "unchanged")
    if asked and case.state is not State.DRAFTED:
        case.act_as(Role.SUPERVISOR, why=_("交办以后，事项名称、工作要求和完成时限只能由督办员修改"))
        reason = grounds(reason)
    case.tell(reason=text(reason, "reason"))


def may_set_due(case: Case) -> None:
    """Refuse another due date than the one once set, except by those who assign for the authority."""
    if case.matter.first_due is not None:
        case.act_as(Role.SUPERVISOR, Role.LEADER, why=_("完成时限已经定下，请申请延期，或由督办员、局领导调整"))


@does(Act.PLAN)
def plan(
    case: Case,
    *,
    milestones: Sequence[Mapping[str, object]] | None = None,
    targets: Sequence[Mapping[str, object]] | None = None,
) -> None:
    """Replace the milestones, the targets, or both; an entry that carries the `id` of an old one keeps what it reached.

    Once assigned, targets are changed by supervisors only: whoever must reach a figure does not lower it.
    """
    if milestones is not None:
        case.put(milestones=cast("Json", milestones_of(milestones, case.matter.milestones)))
    if targets is not None:
        new = targets_of(targets, case.matter.targets)
        if new != case.matter.targets and case.state is not State.DRAFTED:
            case.act_as(Role.SUPERVISOR, why=_("交办以后，目标只能由督办员修改"))
        case.put(targets=cast("Json", new))
    if not case.set:
        wrong("", _("没有改动，请修改后再提交。"), "unchanged")


def milestones_of(given: Sequence[Mapping[str, object]], old: Sequence[Mapping[str, Any]] = ()) -> list[dict[str, Any]]:
    """Return milestones as they are stored: {"id", "title", "due", "done"}."""
    done = {entry["id"]: entry["done"] for entry in old}
    found = []
    for number, entry in _numbered(given, "milestones", ("id", "title", "due"), done):
        due = entry.get("due")
        title = line(entry.get("title"), "milestones", required=True)
        when = None if due is None else day(due, "milestones").isoformat()
        found.append({"id": number, "title": title, "due": when, "done": done.get(number)})
    return found


def targets_of(given: Sequence[Mapping[str, object]], old: Sequence[Mapping[str, Any]] = ()) -> list[dict[str, Any]]:
    """Return targets as they are stored: {"id", "of", "op", "value", "unit", "actual"}."""
    actual = {entry["id"]: entry["actual"] for entry in old}
    found = []
    for number, entry in _numbered(given, "targets", ("id", "of", "op", "value", "unit"), actual):
        op = entry.get("op", ">=")
        if op not in FIGURE_SIGNS:
            wrong("targets", _("请从列出的选项中选。"), "unknown_choice")
        found.append(
            {
                "id": number,
                "of": line(entry.get("of"), "targets"),
                "op": op,
                "value": figure(entry.get("value"), "targets"),
                "unit": line(entry.get("unit"), "targets", most=20),
                "actual": actual.get(number),
            }
        )
    return found


def _numbered(
    given: Sequence[Mapping[str, object]], field: str, known: Sequence[str], old: Mapping[int, object]
) -> list[tuple[int, Mapping[str, Any]]]:
    """Return the entries with their numbers: the old one where it is named, else the next free."""
    if len(given) > _MOST:
        wrong(field, _("最多%(most)d条，请合并或分解事项。"), "too_many", most=_MOST)
    free = max(old, default=0) + 1
    found: list[tuple[int, Mapping[str, Any]]] = []
    for entry in given:
        number = keys(entry, field, known).get("id")
        if number is None:
            number, free = free, free + 1
        elif number not in old or number in {taken for taken, _entry in found}:
            wrong(field, _("这一条已经不在了，请刷新页面后再试。"), "unknown_entry")
        found.append((cast("int", number), entry))
    return found
