"""Every act, in every state, by everybody: `matrix.txt` says who can, and it has been read by eye.

A line `act -> state: people` names who succeeds and where that leads; `act unmet: people` and `act own: people` name
who may but not yet, or not here; everybody who is not named is refused by policy. `act impossible` is so for all.
To write the file anew: `LUOSHI_WRITE_MATRIX=1 pytest -n0 tests/work/test_matrix.py`; then read what changed.
"""

from __future__ import annotations

import datetime as dt
import os
from collections import defaultdict
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone

from cast import Cast
from luoshi.org.policy import SYSTEM_ACTOR, Actor, RefusedError
from luoshi.work.actions import perform
from luoshi.work.enums import Act, State
from luoshi.work.errors import ImpossibleError, OwnWorkError, UnmetError
from luoshi.work.models import Event, Matter
from work.matters import Maker, file

pytestmark = pytest.mark.django_db

FILE = Path(__file__).with_name("matrix.txt")
PEOPLE = [
    "leader",
    "area_leader",
    "supervisor",
    "discipline",
    "head",
    "officer",
    "centre_head",
    "school_head",
    "school_officer",
    "other_head",
    "observer",
    "inspector",
    "system_admin",
    "stranger",
]
ACTS = [act for act in Act if act not in {Act.OPEN, Act.SPLIT}]
DECISIONS = {Act.GRANT_EXTENSION, Act.REFUSE_EXTENSION}


def data_for(act: Act, cast: Cast) -> dict[str, Any]:
    later = timezone.localdate() + dt.timedelta(days=60)
    table: dict[Act, dict[str, Any]] = {
        Act.EDIT: {"title": "完成校舍和围墙排查", "reason": "范围扩大"},
        Act.PLAN: {"milestones": [{"title": "摸底"}]},
        Act.ASSIGN: {"lead": cast.unit("HS-1"), "reason": "重新交办"},
        Act.ACCEPT: {"handler": cast.people["school_officer"]},
        Act.HAND_OVER: {"handler": cast.people["school_head"]},
        Act.REPORT: {"note": "已排查两栋"},
        Act.ATTACH: {"evidence": [file("清单.xlsx")]},
        Act.DETACH: {"evidence": [file("旧照片.jpg")[0]]},
        Act.REQUEST_EXTENSION: {"to": later, "why": "等待专家"},
        Act.ESCALATE: {"why": "需要住建部门"},
        Act.INSTRUCT: {"note": "抓紧"},
        Act.COMMENT: {"note": "收到"},
        Act.REFUSE_EXTENSION: {"why": "时间足够"},
        **{
            act: {"reason": "有此必要"}
            for act in (Act.DECLINE, Act.RETURN, Act.REOPEN, Act.SUSPEND, Act.RESUME, Act.CANCEL)
        },
    }
    return table.get(act, {})


def outcome(matter: Matter, act: Act, by: Actor, data: dict[str, Any]) -> str:
    """Try an act and take it back."""
    try:
        with transaction.atomic():
            before = Event.objects.count()
            event = perform(matter.pk, act, by=by, **data)
            assert (Event.objects.count(), event.act, event.actor_name) == (before + 1, act, by.name)
            after = Matter.objects.values_list("state", flat=True).get(pk=matter.pk)
            transaction.set_rollback(True)
    except RefusedError:
        return "refused"
    except ImpossibleError:
        return "impossible"
    except UnmetError:
        return "unmet"
    except OwnWorkError:
        return "own"
    return f"-> {after}"


def matters(make: Maker, state: State) -> tuple[Matter, Matter]:
    """Return two matters in a state, each with evidence, the second with a request for an extension if it can be."""
    office, head = make.cast.actor("supervisor"), make.cast.actor("school_head")
    made: list[Matter] = []
    for asked in (False, True):
        matter = make.drafted()
        perform(matter, Act.ATTACH, by=office, evidence=[file("旧照片.jpg")])
        for wanted, act, who in PATHS[state]:
            perform(matter, act, by=make.cast.actor(who), **data_for(act, make.cast))
            if asked and wanted:
                perform(matter, Act.REQUEST_EXTENSION, by=head, **data_for(Act.REQUEST_EXTENSION, make.cast))
        assert matter.state == state
        made.append(matter)
    return made[0], made[1]


ASSIGN = (False, Act.ASSIGN, "supervisor")
ASSIGNED = (True, Act.ASSIGN, "supervisor")
ACCEPTED = (True, Act.ACCEPT, "school_head")
SUBMITTED = (ASSIGN, ACCEPTED, (False, Act.SUBMIT, "school_officer"))
PATHS: dict[State, tuple[tuple[bool, Act, str], ...]] = {
    State.DRAFTED: (),
    State.ASSIGNED: (ASSIGNED,),
    State.UNDER_WAY: (ASSIGN, ACCEPTED),
    State.SUSPENDED: (ASSIGN, ACCEPTED, (False, Act.SUSPEND, "supervisor")),
    State.SUBMITTED: SUBMITTED,
    State.CLOSED: (*SUBMITTED, (False, Act.VERIFY, "supervisor")),
    State.CANCELLED: (ASSIGN, ACCEPTED, (False, Act.CANCEL, "supervisor")),
}
"""State → the acts that lead there, each with whether an extension may be asked for after it."""


def measured(make: Maker, state: State) -> list[str]:
    people = {name: make.cast.actor(name) for name in PEOPLE} | {"system": SYSTEM_ACTOR}
    plain, asked = matters(make, state)
    lines = []
    for act in ACTS:
        found: dict[str, list[str]] = defaultdict(list)
        for name, actor in people.items():
            subject = asked if act in DECISIONS else plain
            found[outcome(subject, act, actor, data_for(act, make.cast))].append(name)
        found.pop("refused", None)
        if "impossible" in found:
            assert list(found) == ["impossible"]
            lines.append(f"{act.value} impossible")
        else:
            lines += [f"{act.value} {result}: {' '.join(names)}" for result, names in sorted(found.items())]
    return lines


def expected() -> dict[str, list[str]]:
    blocks: dict[str, list[str]] = {}
    for line in FILE.read_text(encoding="utf-8").splitlines() if FILE.exists() else ():
        if line.startswith("["):
            blocks[line.strip("[]")] = []
        elif line and not line.startswith("#"):
            blocks[list(blocks)[-1]].append(line)
    return blocks


@pytest.mark.parametrize("state", list(State))
def test_everybody_can_do_what_the_reviewed_table_says(cast: Cast, state: State) -> None:
    lines = measured(Maker(cast), state)
    if os.environ.get("LUOSHI_WRITE_MATRIX"):
        write({**expected(), state.value: lines})
    assert lines == expected()[state.value]


def write(blocks: dict[str, list[str]]) -> None:
    head = "# Who can do what to a matter led by 槐树镇第一小学, handled by 宋小禾, opened by 苏晓岚. See test_matrix.py.\n"
    text = "\n".join(f"[{state}]\n" + "\n".join(lines) + "\n" for state, lines in blocks.items())
    FILE.write_text(head + "\n" + text, encoding="utf-8")
