from __future__ import annotations

import pytest

from luoshi.work import registers

pytestmark = pytest.mark.django_db


def test_shipped_registers_are_stored_once() -> None:
    first = registers.sync()
    assert first.problems == ()
    assert "task" in {row.code for row in first.stored}
    assert registers.sync() == registers.Synced((), ())
    assert registers.current("task").code == "task"
    assert registers.of_version(registers.current_row("task").pk).code == "task"
    assert registers.problems() == []
