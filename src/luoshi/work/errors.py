"""Why an act on a matter did not happen. Every error says what to do, in the reader's language, and changed nothing.

::

    ActError
    ├── ImpossibleError         the matter's state does not allow the act
    ├── UnmetError              something must be there first; `conditions` lists what, one sentence each
    ├── ChangedMeanwhileError   somebody else acted since the page was opened; `events` says who did what
    └── OwnWorkError            nobody decides on their own work

A value that cannot be accepted is Django's ValidationError, by field and with a code; an act that the person's posts do
not allow is :class:`luoshi.org.policy.RefusedError`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from luoshi.org.told import listed
from luoshi.work.enums import Act, State

if TYPE_CHECKING:
    from luoshi.work.models import Event

__all__ = ["ActError", "ChangedMeanwhileError", "ImpossibleError", "OwnWorkError", "UnmetError", "run_on"]


def run_on(sentences: Iterable[str]) -> str:
    """Return sentences one after the other, as the reader's language sets them."""
    return listed(sentences, "")


class ActError(Exception):
    """An act that did not happen. `str()` is the sentence for the reader."""

    def __init__(self, act: Act) -> None:
        self.act = act
        super().__init__(act)


class ImpossibleError(ActError):
    """The act is not possible in the state that the matter is in."""

    def __init__(self, act: Act, state: State) -> None:
        self.state = state
        super().__init__(act)

    def __str__(self) -> str:
        return _("这一事项现在是“%(state)s”，不能“%(act)s”。请刷新页面，看看现在能做什么。") % {
            "state": self.state.label,
            "act": self.act.label,
        }


class UnmetError(ActError):
    """The act is possible, but not before `conditions` are met."""

    def __init__(self, act: Act, conditions: Sequence[str]) -> None:
        self.conditions = tuple(conditions)
        super().__init__(act)

    def __str__(self) -> str:
        return _("还不能“%(act)s”：%(conditions)s") % {"act": self.act.label, "conditions": run_on(self.conditions)}


class ChangedMeanwhileError(ActError):
    """Others changed the matter since the person looked; `events` are those since then, oldest first."""

    def __init__(self, act: Act, events: Sequence[Event]) -> None:
        self.events = tuple(events)
        super().__init__(act)

    def __str__(self) -> str:
        from luoshi.work.sentences import line  # noqa: PLC0415 — sentences know the errors' room, not the reverse

        return _("您打开页面之后，这一事项有了变化：%(lines)s请看过之后再“%(act)s”。") % {
            "lines": run_on(line(event) for event in self.events),
            "act": self.act.label,
        }


class OwnWorkError(ActError):
    """The person, or the person they stand in for, would decide on their own work. `reason` says what they did."""

    def __init__(self, act: Act, reason: str) -> None:
        self.reason = reason
        super().__init__(act)

    def __str__(self) -> str:
        return _("不能“%(act)s”：%(reason)s。请由没有经办过这一事项的人来做。") % {
            "act": self.act.label,
            "reason": self.reason,
        }
