"""The story's documents, written when it is told, so that their days fit today."""

from __future__ import annotations

import datetime as dt
import io
import re
import sys
from typing import Final

from examples.demo.story import EXAMPLES

__all__ = ["docx_of", "filled", "moved"]

_AHEAD: Final = re.compile(r"\{\+(\d+)\}")
_YEAR: Final = re.compile(r"20(?:25|26|27)(?=年)")
_WRITTEN_IN: Final = 2026


def filled(name: str, day: dt.date) -> list[str]:
    """Return the lines of a text of the examples as it is written on a day; `{+20}` is twenty days later."""

    def later(found: re.Match[str]) -> str:
        due = day + dt.timedelta(days=int(found[1]))
        return said(due) if due.year != day.year else said(due).partition("年")[2]

    text = _AHEAD.sub(later, (EXAMPLES / name).read_text(encoding="utf-8"))
    for mark, words in {"{year}": str(day.year), "{today}": said(day), "{issued}": said(day), "{n}": "31"}.items():
        text = text.replace(mark, words)
    return text.splitlines()


def moved(year: int) -> list[str]:
    """Return the lines of the example speech as it would be held in a year, by the county's own leader."""
    text = (EXAMPLES / "source" / "speech.txt").read_text(encoding="utf-8").replace("周明远", "江一鸣")
    return _YEAR.sub(lambda found: str(int(found[0]) + year - _WRITTEN_IN), text).splitlines()


def docx_of(lines: list[str]) -> bytes:
    """Return lines as the office's word processor would have saved them; the first three are its head."""
    sys.path.insert(0, str(EXAMPLES.parent / "tools"))
    from make_examples import speech, undated

    buffer = io.BytesIO()
    speech(lines).save(buffer)
    return undated(buffer)


def said(day: dt.date) -> str:
    """Return a day as documents write it."""
    return f"{day.year}年{day.month}月{day.day}日"
