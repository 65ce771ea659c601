"""The last step of every office file: fixed dates inside the archive, and out to a path or an open file."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import BinaryIO, Final

__all__ = ["UNDATED", "archive", "deliver"]

UNDATED: Final = dt.datetime(1980, 1, 1)  # noqa: DTZ001 — office files hold dates without a zone
"""Creation date of a file whose caller names none: the first day that a zip archive can name."""

_REGULAR_FILE = 0o600 << 16


def archive(parts: Mapping[str, str]) -> bytes:
    """Return a zip archive of texts by name; every member is dated :data:`UNDATED`, so equal parts are equal bytes."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, text in parts.items():
            member = zipfile.ZipInfo(name, UNDATED.timetuple()[:6])
            member.compress_type = zipfile.ZIP_DEFLATED
            member.external_attr = _REGULAR_FILE
            member.create_system = 0  # the same on every machine
            packed.writestr(member, text.encode())
    return buffer.getvalue()


def deliver(content: bytes, target: Path | BinaryIO) -> None:
    """Write a finished file to a path, or into an open binary file at its present place."""
    if isinstance(target, Path):
        target.write_bytes(content)
    else:
        target.write(content)
