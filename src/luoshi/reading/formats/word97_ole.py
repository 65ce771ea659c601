"""Streams of the container (OLE) that doc, wps and xls files are, opened by the optional `olefile`."""

from __future__ import annotations

import io

__all__ = ["is_available", "streams"]


def is_available() -> bool:
    """Tell whether `olefile` (extra `office`) is installed."""
    try:
        import olefile  # noqa: F401, PLC0415 — optional
    except ImportError:
        return False
    return True


def streams(data: bytes, *names: str) -> list[bytes]:
    """Return those of the named streams that the container holds; none where it is broken or cannot be opened."""
    if not is_available():
        return []
    import olefile  # noqa: PLC0415 — optional

    try:
        with olefile.OleFileIO(io.BytesIO(data)) as container:
            return [container.openstream(name).read() for name in names if container.exists(name)]
    except (OSError, ValueError, IndexError, TypeError, AttributeError, RecursionError):
        return []  # olefile checks little of what it is given
