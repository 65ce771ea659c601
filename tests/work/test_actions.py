"""The acts, one by one."""

from __future__ import annotations

import pytest

from cast import Cast
from luoshi.work import fold
from luoshi.work.enums import State
from work.matters import Maker

pytestmark = pytest.mark.django_db


@pytest.fixture
def make(cast: Cast) -> Maker:
    return Maker(cast)


@pytest.mark.parametrize("register", ["errand", "charge"])
@pytest.mark.parametrize("state", list(State))
def test_row_is_what_its_events_lead_to(make: Maker, state: State, register: str) -> None:
    matter = make.in_state(state, register)
    assert matter.state == state
    again = fold.replay(matter.events.order_by("seq"))
    columns = [f.attname for f in matter._meta.concrete_fields]
    matter.refresh_from_db()
    assert {c: getattr(again, c) for c in columns} == {c: getattr(matter, c) for c in columns}
