"""Patterns that are compiled when they are first used.

Compiling takes far longer than matching: a class of Chinese characters costs as much as reading a page. Most files need
few of the patterns that reading knows.
"""

from __future__ import annotations

import re
from typing import Any, cast

__all__ = ["late"]


class _Late:
    """Stands in for a pattern; every method is looked up once and then kept."""

    def __init__(self, source: str) -> None:
        self.pattern = source

    def __getattr__(self, name: str) -> Any:
        value = getattr(re.compile(self.pattern), name)
        setattr(self, name, value)
        return value


def late(source: str) -> re.Pattern[str]:
    """Return a pattern that is compiled at its first use; a faulty one raises `re.error` then."""
    return cast("re.Pattern[str]", _Late(source))
