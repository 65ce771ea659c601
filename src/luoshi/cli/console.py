"""What is said to the person beside the result: errors, warnings, details and progress, all on standard error."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from typing import Final

from luoshi.cli.terminal import visible
from luoshi.words import Language, Words

__all__ = ["Console"]

_WIPE: Final = "\r\x1b[K"


@dataclass(frozen=True, slots=True)
class Console:
    """Speaks one language; `verbose` lets details through."""

    language: Language
    verbose: bool = False

    def error(self, words: Words, about: str = "") -> None:
        """Say one sentence on what went wrong, led by the name of the file that it is about."""
        self._write("luoshi: " + (f"{about}: " if about else "") + words.in_(self.language))

    def warn(self, words: Words, about: str) -> None:
        """Say one sentence on what a person should know although the work goes on."""
        mark = Words("注意：", "note: ").in_(self.language)
        self._write(f"luoshi: {about}: {mark}{words.in_(self.language)}")

    def detail(self, words: Words) -> None:
        """Say what was done, to a person who asked for details."""
        if self.verbose:
            self._write(words.in_(self.language))

    def progress(self, number: int, count: int, name: str) -> None:
        """Show which of many files is worked on; only on a terminal, where the line is wiped again."""
        if count > 1 and sys.stderr.isatty():
            sys.stderr.write(f"{_WIPE}[{number}/{count}] {visible(name)}")
            sys.stderr.flush()

    def wipe_progress(self) -> None:
        """Take the line of progress away before anything else is printed."""
        if sys.stderr.isatty():
            sys.stderr.write(_WIPE)
            sys.stderr.flush()

    def _write(self, line: str) -> None:
        if sys.stderr.isatty():
            line = _WIPE + visible(line)
        print(line, file=sys.stderr)
