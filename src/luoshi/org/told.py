"""How what is told is set in the reader's language: which one it is, words one after another, days of the week."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Final

from django.utils.translation import get_language, pgettext

from luoshi.words import Language

__all__ = ["between", "language_now", "listed", "weekday"]

_MARKS: Final = {"、": ", ", "，": ", ", "；": "; ", "": " "}
"""What English sets where Chinese sets a mark."""


def language_now() -> Language:
    """Return the language that a person reads now."""
    return "zh" if (get_language() or "zh").startswith("zh") else "en"


def between(mark: str = "、") -> str:
    """Return what the reader's language sets between words where Chinese sets `mark`."""
    return mark if language_now() == "zh" else _MARKS[mark]


def listed(words: Iterable[object], mark: str = "、") -> str:
    """Return words one after another, as the reader's language sets them apart; `mark` is what Chinese sets."""
    return between(mark).join(map(str, words))


def weekday(day: dt.date) -> str:
    """Return the short name of a day of the week."""
    names = (
        pgettext("weekday", "周一"),
        pgettext("weekday", "周二"),
        pgettext("weekday", "周三"),
        pgettext("weekday", "周四"),
        pgettext("weekday", "周五"),
        pgettext("weekday", "周六"),
        pgettext("weekday", "周日"),
    )
    return names[day.weekday()]
