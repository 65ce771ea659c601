"""Outcomes as pages show them: one bar with its words, and the lines of a list."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from luoshi.directives.outcomes import Became, Figures
from luoshi.work.models import Matter

__all__ = ["Line", "Piece", "bar"]

_WIDTH: Final = 1000
_LEAST: Final = 8
"""Of a bar: how long it is, and how short a piece of it may be so that it is still seen."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of a bar and its words; `url` leads to what it counts, "" where the reader does not see that."""

    name: str
    words: str
    start: int
    width: int
    url: str


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a list: a matter with its light, or a title and what is said of it instead.

    `sentence` is the first of those in the document that demand it.
    """

    matter: Matter | None
    title: str = ""
    words: str = ""
    sentence: int | None = None


def bar(figures: Figures, url: str) -> list[Piece]:
    """Return the pieces of a bar; together they are about :data:`_WIDTH` long. None where nothing is counted."""
    total, start, pieces = figures.total, 0, []
    for became, count in figures.listed:
        width = max(_LEAST, _WIDTH * count // total)
        leads = "" if became is Became.ELSEWHERE else f"{url}?became={became.value}"
        pieces.append(Piece(became.value, became.counted(count), start, width, leads))
        start += width
    return pieces
