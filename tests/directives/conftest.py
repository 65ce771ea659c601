"""What every test of documents shares: the files that they take in lie in a folder of their own."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.conf import LazySettings


@pytest.fixture(autouse=True)
def evidence(tmp_path: Path, settings: LazySettings) -> Path:
    """Return the folder of evidence of this test, which nobody else's files are in."""
    settings.LUOSHI_EVIDENCE = tmp_path / "evidence"
    return tmp_path / "evidence"
