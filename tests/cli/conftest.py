from __future__ import annotations

import pytest


@pytest.fixture(autouse=True)
def _chinese_and_no_screen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LUOSHI_LANGUAGE", "zh")
    monkeypatch.delenv("COLUMNS", raising=False)
