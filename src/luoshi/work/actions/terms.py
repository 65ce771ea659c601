"""Acts about time: request, grant and refuse an extension."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any, cast

from django.utils.translation import gettext as _

from luoshi.work.actions.case import Case, posts_permitting
from luoshi.work.actions.table import does
from luoshi.work.actions.values import day, text
from luoshi.work.enums import Act
from luoshi.work.errors import OwnWorkError, UnmetError

if TYPE_CHECKING:
    from luoshi.ledger.canonical import Json

__all__: list[str] = []


def _none_asked_for(case: Case) -> None:
    if case.matter.extension:
        raise UnmetError(case.act, [_("已有一份延期申请在等待审批，请等它批复。")])
    if case.matter.due is None:
        raise UnmetError(case.act, [_("这一事项没有完成时限，不需要延期。")])


@does(Act.REQUEST_EXTENSION, ready=_none_asked_for)
def request_extension(case: Case, *, to: dt.date | None = None, why: str = "") -> None:
    """Ask for a later due date."""
    words = text(why, "why", most=1000, required=True)
    until = _later(case, to).isoformat()
    case.put(
        extension={
            "to": until,
            "why": words,
            "by": {"id": case.by.person_id, "name": case.by.name},
            "people": cast("Json", sorted(case.people)),
            "event": case.matter.version + 1,
        }
    )
    case.tell(to=until, why=words)


def _asked_for_by_others(case: Case) -> None:
    """Choose a post through which none of those decides who asked."""
    asked: dict[str, Any] = case.matter.extension
    if not asked:
        raise UnmetError(case.act, [_("没有等待审批的延期申请。")])
    if case.is_system:
        return
    for post in posts_permitting(case.by, case.act, case.place):
        if not case.people_behind(post).intersection(asked["people"]):
            case.post = post
            return
    raise OwnWorkError(case.act, _("延期是您或您代理的人申请的"))


@does(Act.GRANT_EXTENSION, ready=_asked_for_by_others)
def grant_extension(case: Case, *, to: dt.date | None = None, why: str = "") -> None:
    """Set a later due date: the one asked for, or another."""
    asked: dict[str, Any] = case.matter.extension
    until = dt.date.fromisoformat(asked["to"]) if to is None else to
    case.put(due=_later(case, until).isoformat(), extension={})
    case.tell(why=text(why, "why", most=1000), asked=asked["to"])


@does(Act.REFUSE_EXTENSION, ready=_asked_for_by_others)
def refuse_extension(case: Case, *, why: str = "") -> None:
    """Let the due date stand."""
    words = text(why, "why", most=1000, required=True)
    case.put(extension={})
    case.tell(why=words, asked=case.matter.extension["to"])


def _later(case: Case, value: object) -> dt.date:
    """Return a day after the due date."""
    due = case.matter.due
    return day(value, "to", not_before=None if due is None else due + dt.timedelta(days=1))
