"""On which line of a TOML text each key stands: what the standard library's reader does not tell."""

from __future__ import annotations

import re
import tomllib
from bisect import bisect_right
from collections.abc import Mapping
from typing import Final, TypeAlias

__all__ = ["KeyPath", "line_of", "positions"]

KeyPath: TypeAlias = tuple[str | int, ...]
"""Keys, and the places in lists, counted from 0."""

_BARE: Final = re.compile(r"[A-Za-z0-9_-]+")
_SPACE: Final = re.compile(r"[ \t]*")
_BLANK: Final = re.compile(r"(?:[ \t\r\n]|#[^\n]*)*")
_STRING: Final = re.compile(
    r'"""(?:\\.|[^\\])*?""""{0,2}' r"|'''.*?''''{0,2}" r'|"(?:\\.|[^"\\\n])*"' r"|'[^'\n]*'", re.DOTALL
)
_SCALAR: Final = re.compile(r"[^\s,\]}#]+(?: \d\d:[^\s,\]}#]+)?")


def positions(text: str) -> dict[KeyPath, int]:
    """Return the line (from 1) of every key and list item of a text that is valid TOML."""
    return _Scanner(text).lines()


def line_of(lines: Mapping[KeyPath, int], path: KeyPath) -> int:
    """Return the line of a key, or of the nearest table around it that the text writes down; else 1."""
    while path and path not in lines:
        path = path[:-1]
    return lines.get(path, 1)


class _Scanner:
    """Walks over a valid text once; it looks at structure only, values are skipped."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0
        self._found: dict[KeyPath, int] = {}
        self._items: dict[KeyPath, int] = {}

    def lines(self) -> dict[KeyPath, int]:
        table: KeyPath = ()
        while self._skip(_BLANK) < len(self._text):
            if self._sees("["):
                table = self._header()
            else:
                self._pair(table)
        ends = [match.start() for match in re.finditer("\n", self._text)]
        return {path: bisect_right(ends, at - 1) + 1 for path, at in self._found.items()}

    def _skip(self, pattern: re.Pattern[str]) -> int:
        match = pattern.match(self._text, self._at)
        self._at = match.end() if match else self._at + 1
        return self._at

    def _sees(self, mark: str) -> bool:
        return self._text.startswith(mark, self._at)

    def _takes(self, mark: str) -> bool:
        seen = self._sees(mark)
        self._at += len(mark) * seen
        return seen

    def _mark(self, path: KeyPath, at: int) -> None:
        self._found.setdefault(path, at)

    def _header(self) -> KeyPath:
        start, many = self._at, self._sees("[[")
        self._at += 1 + many
        keys = self._keys()
        self._at += 1 + many
        path: KeyPath = ()
        for key in keys[:-1]:
            path = self._newest((*path, key))
        path = (*path, keys[-1])
        if many:
            self._mark(path, start)
            self._items[path] = self._items.get(path, -1) + 1
            path = self._newest(path)
        self._mark(path, start)
        return path

    def _newest(self, path: KeyPath) -> KeyPath:
        """Go into the newest item where a path names an array of tables."""
        return (*path, self._items[path]) if path in self._items else path

    def _keys(self) -> list[str]:
        keys: list[str] = []
        while True:
            self._skip(_SPACE)
            start = self._at
            if self._sees('"') or self._sees("'"):
                self._skip(_STRING)
                keys.append(tomllib.loads(f"k={self._text[start : self._at]}")["k"])
            else:
                self._skip(_BARE)
                keys.append(self._text[start : self._at])
            self._skip(_SPACE)
            if not self._takes("."):
                return keys

    def _pair(self, table: KeyPath) -> None:
        start, path = self._at, table
        for key in self._keys():
            path = (*path, key)
            self._mark(path, start)
        self._takes("=")
        self._skip(_SPACE)
        self._value(path)

    def _value(self, path: KeyPath) -> None:
        if self._takes("["):
            self._list(path)
        elif self._takes("{"):
            while self._skip(_SPACE) < len(self._text) and not self._takes("}"):
                if not self._takes(","):
                    self._pair(path)
        else:
            self._skip(_STRING if self._sees('"') or self._sees("'") else _SCALAR)

    def _list(self, path: KeyPath) -> None:
        place = 0
        while self._skip(_BLANK) < len(self._text) and not self._takes("]"):
            if self._takes(","):
                continue
            self._mark((*path, place), self._at)
            self._value((*path, place))
            place += 1
