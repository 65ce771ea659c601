"""Small pictures of evidence: made when first asked for, kept beside the evidence, never the original itself.

One is made at a time on the whole machine, by a process of its own with little time and memory. What cannot be drawn is
remembered as such. The folder can be emptied at any time.
"""

from __future__ import annotations

import fcntl
import os
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from enum import IntEnum
from pathlib import Path
from typing import IO, Final

from django.conf import settings

from luoshi.work.evidence.kinds import PREVIEWED
from luoshi.work.evidence.store import path_of
from luoshi.work.models import Evidence

__all__ = ["BusyError", "Side", "preview"]

_CHILD: Final = Path(__file__).with_name("preview_child.py")
_SECONDS: Final = 30
_PATIENCE: Final = 15.0
_PAUSE: Final = 0.05


class Side(IntEnum):
    """The longest side of a picture, in pixels."""

    THUMB = 320
    LARGE = 1600


class BusyError(Exception):
    """Other pictures are being made for too long; asking again later will do."""


def preview(evidence: Evidence, side: Side) -> Path | None:
    """Return a JPEG picture of a file, made now where there is none yet; None where none can be made.

    BusyError where the turn to make it has not come within 15 seconds.
    """
    if evidence.kind not in PREVIEWED:
        return None
    place = _folder() / evidence.sha256[:2] / f"{evidence.sha256}-{side:d}.jpg"
    known = _known(place)
    if known is None:
        with _turn():
            known = _known(place)
            if known is None:
                known = _make(evidence, place, side)
    return place if known else None


def _folder() -> Path:
    return Path(settings.LUOSHI_EVIDENCE).parent / "previews"


def _known(place: Path) -> bool | None:
    """Tell whether there is a picture; None where nobody has tried. An empty file says that it cannot be made."""
    try:
        return place.stat().st_size > 0
    except FileNotFoundError:
        return None


def _make(evidence: Evidence, place: Path, side: Side) -> bool:
    """Draw the picture under a passing name, then give it its place; the same for the news that there is none."""
    place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    passing = place.with_name(f".{uuid.uuid4().hex}")
    try:
        os.close(os.open(passing, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        if not path_of(evidence).is_file():
            return False  # lost, not undrawable: not remembered, since it may come back out of a backup
        if not _drawn(path_of(evidence), evidence.kind, passing, side):
            os.truncate(passing, 0)
        passing.replace(place)
    finally:
        passing.unlink(missing_ok=True)
    return place.stat().st_size > 0


def _drawn(source: Path, kind: str, target: Path, side: Side) -> bool:
    command = [sys.executable, "-I", str(_CHILD), str(source), kind, str(target), str(int(side))]
    try:
        done = subprocess.run(  # noqa: S603 — our own program, no shell, and no name that a user gave
            command, stdin=subprocess.DEVNULL, capture_output=True, timeout=_SECONDS, check=False
        )
    except subprocess.TimeoutExpired:
        return False
    return done.returncode == 0


@contextmanager
def _turn() -> Iterator[None]:
    """Wait until nobody else on this machine makes a picture."""
    folder = _folder()
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with (folder / ".turn").open("ab") as file:
        _lock(file)
        yield  # closing the file gives the turn on


def _lock(file: IO[bytes]) -> None:
    until = time.monotonic() + _PATIENCE
    while True:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > until:
                raise BusyError from None
            time.sleep(_PAUSE)
        else:
            return
