"""File names as they are kept and given out again: harmless on every system, and still what people called the file."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

__all__ = ["LONGEST_NAME", "extension", "safe_name"]

LONGEST_NAME: Final = 120
"""Characters of a name, with its extension."""

_MOST_BYTES: Final = 240  # file systems take 255
_LONGEST_EXTENSION: Final = 12
_FORBIDDEN: Final = re.compile(r'[<>:"|?*]')
_SPACES: Final = re.compile(r"\s+")
_INVISIBLE: Final = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
_RESERVED: Final = re.compile(r"(?:con|prn|aux|nul|conin\$|conout\$|(?:com|lpt)[0-9¹²³])", re.IGNORECASE)
_NAMELESS: Final = "未命名"


def safe_name(name: str) -> str:
    """Return `name` as the last part of a path, at most :data:`LONGEST_NAME` characters with the extension kept.

    Left out are control characters, those that turn the direction of writing or cannot be seen, and dots and spaces at
    both ends; characters and names that Windows reserves are changed. Never empty. Doing it twice changes nothing.
    """
    last = re.split(r"[\\/]", unicodedata.normalize("NFC", name))[-1]
    seen = "".join(
        " " if c in "\t\n\r" else c for c in last if c in "\t\n\r" or unicodedata.category(c) not in _INVISIBLE
    )
    plain = _SPACES.sub(" ", _FORBIDDEN.sub("_", seen)).strip(" .")
    stem, dot, ending = plain.rpartition(".")
    if not dot or len(ending) > _LONGEST_EXTENSION or not ending.isalnum():
        stem, ending = plain, ""
    stem = stem.strip(" .") or _NAMELESS
    if _RESERVED.fullmatch(stem.split(".")[0].strip()):
        stem = f"_{stem}"
    return _shortened(stem, f".{ending}" if ending else "")


def extension(name: str) -> str:
    """Return a name's last part in small letters, without its dot; empty for none."""
    stem, dot, ending = name.rpartition(".")
    return ending.casefold() if dot and stem else ""


def _shortened(stem: str, ending: str) -> str:
    stem = stem[: LONGEST_NAME - len(ending)]
    while len((stem + ending).encode()) > _MOST_BYTES:
        stem = stem[:-1]
    return stem.rstrip(" .") + ending
