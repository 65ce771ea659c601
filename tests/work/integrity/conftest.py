"""A world for every test of this room."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.conf import LazySettings

from cast import Cast
from work.integrity.world import World


@pytest.fixture
def world(cast: Cast, tmp_path: Path, settings: LazySettings) -> World:
    settings.LUOSHI_EVIDENCE = tmp_path / "evidence"
    settings.LUOSHI_EVIDENCE.mkdir()
    return World(cast, settings.LUOSHI_EVIDENCE)
