"""Standard output: text in the terminal's own encoding, JSON and files always as the bytes that they are."""

from __future__ import annotations

import io
import json
import os
import shutil
import sys
from pathlib import Path
from typing import Any, Final

__all__ = ["json_bytes", "prepare", "print_bytes", "print_text", "screen_width"]

_DEFAULT_WIDTH: Final = 80
_LEAST_WIDTH: Final = 40
_MOST_WIDTH: Final = 200


def prepare() -> None:
    """Let a character that the terminal's encoding lacks be shown as its code instead of ending the run.

    A stream that the caller has closed is one that nobody reads: what goes there is dropped.
    """
    if sys.stdout is None:
        sys.stdout = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115 — open as long as the process
    if sys.stderr is None:
        sys.stderr = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115 — open as long as the process
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def screen_width() -> int | None:
    """Return the columns of the screen to draw for; None where the output goes to a file or another program.

    A person who sets `COLUMNS` gets the drawing wherever it goes.
    """
    if not (sys.stdout.isatty() or os.environ.get("COLUMNS", "").isdigit()):
        return None
    columns = shutil.get_terminal_size((_DEFAULT_WIDTH, 24)).columns
    return min(max(columns, _LEAST_WIDTH), _MOST_WIDTH)


def print_text(text: str) -> None:
    """Print text as it is."""
    sys.stdout.write(text)


def print_bytes(content: bytes) -> None:
    """Print bytes as they are."""
    sys.stdout.flush()
    sys.stdout.buffer.write(content)


def json_bytes(value: Any) -> bytes:
    """Return a value as one line of JSON in UTF-8; half a character, which UTF-8 cannot hold, as its JSON escape."""
    return (json.dumps(value, ensure_ascii=False) + "\n").encode("utf-8", "backslashreplace")
