"""Names of the streams in an OLE file (.doc, .xls, .wps), read from its directory and nothing else of it."""

from __future__ import annotations

import struct
from collections.abc import Sequence
from typing import Final

__all__ = ["MAGIC", "stream_names"]

MAGIC: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"

_MAX_SECTORS: Final = 1024  # of directory: some 4,000 entries and more; an office file has a few dozen
_NONE: Final = 0xFFFFFFFF
_ENTRY: Final = 128
_STREAM: Final = 2


def stream_names(data: bytes) -> frozenset[str]:
    """Return the names of the streams at the top of an OLE file, not those of objects embedded in it.

    A directory that is damaged gives what can be read of it, at worst nothing.
    """
    entries = _entries(data)
    names: set[str] = set()
    waiting = [_link(entries[0], 76)] if entries else []
    seen: set[int] = set()
    while waiting:
        number = waiting.pop()
        if number < len(entries) and number not in seen:
            seen.add(number)
            entry = entries[number]
            waiting += [_link(entry, 68), _link(entry, 72)]
            if entry[66] == _STREAM:
                names.add(_name(entry))
    return frozenset(names)


def _link(entry: bytes, offset: int) -> int:
    """Return the number of another entry that this one points to."""
    return int(struct.unpack_from("<I", entry, offset)[0])


def _name(entry: bytes) -> str:
    length = min(64, int(struct.unpack_from("<H", entry, 64)[0]))
    return entry[: max(0, length - 2)].decode("utf-16-le", "replace")


def _entries(data: bytes) -> list[bytes]:
    """Follow the chain of directory sectors and cut them into entries."""
    if len(data) < 512:
        return []
    size = 1 << min(max(struct.unpack_from("<H", data, 30)[0], 9), 12)
    sector = struct.unpack_from("<I", data, 48)[0]
    tables = _tables(data, size)
    entries: list[bytes] = []
    for _ in range(_MAX_SECTORS):
        chunk = data[(sector + 1) * size : (sector + 2) * size]
        entries += [chunk[at : at + _ENTRY] for at in range(0, len(chunk) - _ENTRY + 1, _ENTRY)]
        sector = _next(data, tables, sector, size)
        if sector >= _NONE - 5:
            break
    return entries


def _tables(data: bytes, size: int) -> list[int]:
    """Return the sectors that hold the allocation table: 109 in the header, those of a large file in a chain behind."""
    tables = list(struct.unpack_from("<109I", data, 76))
    sector = struct.unpack_from("<I", data, 68)[0]
    for _ in range(_MAX_SECTORS):
        chunk = data[(sector + 1) * size : (sector + 2) * size]
        if len(chunk) < size or sector >= _NONE - 5:
            break
        *more, sector = struct.unpack(f"<{size // 4}I", chunk)
        tables += more
    return tables


def _next(data: bytes, tables: Sequence[int], sector: int, size: int) -> int:
    """Return the sector that follows in a chain, as the allocation table has it."""
    table, place = divmod(sector, size // 4)
    at = (tables[table] + 1) * size + 4 * place if table < len(tables) else len(data)
    return int(struct.unpack_from("<I", data, at)[0]) if at + 4 <= len(data) else _NONE
