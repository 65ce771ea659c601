"""Evidence in a folder of its own for each test."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.conf import LazySettings


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, settings: LazySettings) -> Path:
    """Return the folder in which this test's evidence lies."""
    settings.LUOSHI_EVIDENCE = tmp_path / "evidence"
    return tmp_path / "evidence"
