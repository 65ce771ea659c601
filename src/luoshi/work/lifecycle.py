"""The one lifecycle: which act is possible in which state, and where it leads.

A register never adds a state or an act; it says who verifies, what closing needs and how long things may take. The
table says what is *possible*; `org.policy` says for whom; `work.actions` says under which further conditions.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from luoshi.work.enums import Act, State

__all__ = ["TRANSITIONS", "acts_in", "next_state"]

_OPEN: Final = tuple(State(value) for value in State.open_states)
_RUNNING: Final = (State.ASSIGNED, State.UNDER_WAY)
_WORKED: Final = (State.UNDER_WAY, State.SUBMITTED, State.SUSPENDED)


def _stays(*states: State) -> dict[State, State]:
    return {state: state for state in states}


TRANSITIONS: Final[Mapping[Act, Mapping[State, State]]] = {
    Act.EDIT: _stays(State.DRAFTED, State.ASSIGNED, State.UNDER_WAY),
    Act.PLAN: _stays(State.DRAFTED, State.ASSIGNED, State.UNDER_WAY),
    Act.ASSIGN: dict.fromkeys((State.DRAFTED, State.ASSIGNED, State.UNDER_WAY), State.ASSIGNED),
    Act.ACCEPT: {State.ASSIGNED: State.UNDER_WAY},
    Act.DECLINE: {State.ASSIGNED: State.DRAFTED},
    Act.HAND_OVER: _stays(*_RUNNING, State.SUSPENDED, State.SUBMITTED),
    Act.SPLIT: _stays(State.DRAFTED, *_RUNNING),
    Act.REPORT: _stays(*_RUNNING, State.SUSPENDED),
    Act.ATTACH: _stays(*_OPEN),
    # What was submitted is judged as it was submitted.
    Act.DETACH: _stays(State.DRAFTED, *_RUNNING, State.SUSPENDED),
    Act.SUBMIT: {State.UNDER_WAY: State.SUBMITTED},
    # The last step of the register's chain closes; `work.actions` chooses between the two ends.
    Act.VERIFY: {State.SUBMITTED: State.CLOSED},
    Act.RETURN: {State.SUBMITTED: State.UNDER_WAY},
    # `work.actions` leads back to where the matter stood: a draft stays a draft.
    Act.REOPEN: dict.fromkeys((State.CLOSED, State.CANCELLED), State.UNDER_WAY),
    Act.SUSPEND: {State.UNDER_WAY: State.SUSPENDED},
    Act.RESUME: {State.SUSPENDED: State.UNDER_WAY},
    Act.CANCEL: dict.fromkeys(_OPEN, State.CANCELLED),
    Act.REQUEST_EXTENSION: _stays(*_RUNNING, State.SUSPENDED),
    Act.GRANT_EXTENSION: _stays(*_OPEN),
    Act.REFUSE_EXTENSION: _stays(*_OPEN),
    Act.URGE: _stays(State.ASSIGNED, *_WORKED),
    Act.ESCALATE: _stays(State.ASSIGNED, *_WORKED),
    Act.INSTRUCT: _stays(*_OPEN),
    Act.COMMENT: _stays(*State),
}
"""Act → state → state after it. An act that is missing for a state is impossible in it. `open` begins a matter."""


def next_state(act: Act, state: State) -> State | None:
    """Return the state that `act` leads to from `state`, or None where it is impossible there."""
    return TRANSITIONS.get(act, {}).get(state)


def acts_in(state: State) -> tuple[Act, ...]:
    """Return the acts that are possible in `state`, in the order of the table."""
    return tuple(act for act, moves in TRANSITIONS.items() if state in moves)
