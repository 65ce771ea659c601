"""Where a matter stands, in words: what is next, who has it, and how its days came about."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from luoshi.work.enums import Act, Light, State
from luoshi.work.models import Event, Matter
from luoshi.work.registers import Register

__all__ = ["Day", "Standing", "days_of", "light_words", "standing_of"]


@dataclass(frozen=True, slots=True)
class Standing:
    """What happens next and in whose hands it is; `by` is a day that is promised for it, if any."""

    what: str
    who: str = ""
    by: dt.date | None = None


@dataclass(frozen=True, slots=True)
class Day:
    """One change of the due date."""

    at: dt.datetime
    by: str
    before: str
    after: str
    why: str


def standing_of(matter: Matter, register: Register) -> Standing:
    """Say what is next."""
    lead = matter.lead.name if matter.lead else ""
    state = State(matter.state)
    if state is State.ASSIGNED:
        by = register.accept_by(timezone.localdate(matter.assigned_at)) if matter.assigned_at else None
        return Standing(_("等待签收"), lead, by)
    if state is State.UNDER_WAY:
        who = f"{lead} {matter.handler.name}" if matter.handler else lead
        return Standing(_("正在办理，下一步是反馈进展或报结"), who, _next_report(matter, register))
    if state is State.SUBMITTED:
        step = register.chain[min(matter.step, len(register.chain) - 1)]
        return Standing(_("等待核查：%(step)s") % {"step": step.words}, str(step.role.label))
    others = {
        State.DRAFTED: Standing(_("等待交办"), matter.opened_by.name if matter.opened_by else ""),
        State.SUSPENDED: Standing(_("已中止，等督办员恢复"), lead),
        State.CLOSED: Standing(_("已销号")),
    }
    return others.get(state, Standing(_("已撤销")))


def _next_report(matter: Matter, register: Register) -> dt.date | None:
    last = matter.reported_at or matter.accepted_at
    return register.report_by(timezone.localdate(last)) if last else None


def light_words(matter: Matter, light: str, register: Register, today: dt.date) -> str:
    """Say why the light is as it is."""
    match Light(light):
        case Light.RED:
            return _("完成时限已过，事项还没有办结。")
        case Light.AMBER if matter.due and today <= matter.due <= today + dt.timedelta(days=register.warn_days):
            return _("离完成时限不到%(days)d天。") % {"days": register.warn_days + 1}
        case Light.AMBER:
            return _("超过%(days)d天没有反馈进展。") % {"days": register.report_every_days or 0}
        case Light.GREEN if matter.state == State.SUBMITTED:
            return _("已按时报结，等待核查。")
        case Light.GREEN:
            return _("在时限之内。")
        case _:
            return ""


def days_of(matter: Matter) -> list[Day]:
    """Return how the due date came about, oldest first."""
    found = []
    for event in matter.events.filter(data__set__has_key="due").order_by("seq"):
        data: dict[str, Any] = event.data
        before, after = data.get("was", {}).get("due") or "", data["set"]["due"] or ""
        why = data.get("why") or data.get("reason") or Act(event.act).label
        found.append(Day(event.at, event.actor_name, before, after, str(why)))
    return found


def entry_of(event: Event, words: str) -> dict[str, Any]:
    """Return an event as the timeline shows it."""
    return {
        "at": event.at,
        "who": event.actor_name,
        "post": event.actor_post,
        "deputy_for": event.deputy_for,
        "sentence": words,
        "said": "",
    }
