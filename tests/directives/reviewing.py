"""A document under review, and how a test looks at it."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from typing import Any

from cast import Cast
from directives.making import taken_in
from luoshi.directives.actions.sentences import HOLDING, pieces_of
from luoshi.directives.fold import Standing, standing_of
from luoshi.directives.models import Clause, Directive, Reading
from luoshi.org.policy import Actor

__all__ = ["Table", "new"]


def new() -> uuid.UUID:
    """Return the number of a form that was just opened."""
    return uuid.uuid4()


class Table:
    """One document on the table of two reviewers."""

    def __init__(self, cast: Cast, text: str | None = None, register: str = "task") -> None:
        self.cast = cast
        self.directive = taken_in(cast, register=register) if text is None else taken_in(cast, text, register=register)
        self.me: Actor = cast.actor("supervisor")
        self.other: Actor = cast.actor("second_supervisor")

    def row(self, number: int) -> Clause:
        """Return a row as it is stored now."""
        return Clause.objects.get(directive=self.directive, number=number)

    def rows(self, *numbers: int) -> list[Clause]:
        """Return rows as they are stored now, in this order."""
        return [self.row(number) for number in numbers]

    def value(self, number: int, name: str) -> Any:
        """Return one value of a row."""
        return self.row(number).values[name]

    def states(self) -> dict[int, str]:
        """Return the state of every row by its number."""
        return dict(self.directive.clauses.order_by("number").values_list("number", "state"))

    def sentence(self, words: str) -> int:
        """Return the index of the sentence that begins with these words."""
        reading = Reading.objects.get(directive=self.directive)
        places = [reading.text[one["s"] : one["e"]].startswith(words) for one in reading.sentences]
        assert places.count(True) == 1
        return places.index(True)

    def standing(self) -> Standing:
        """Return everything that edits can change, as it is stored."""
        directive = Directive.objects.get(pk=self.directive.pk)
        return standing_of(directive, directive.clauses.all(), directive.reading)

    def overlapping(self) -> list[tuple[int, int]]:
        """Return pairs of rows that hold the same words."""
        sentences = Reading.objects.get(directive=self.directive).sentences
        held = [
            (row.number, piece)
            for row in self.directive.clauses.filter(state__in=HOLDING)
            for piece in pieces_of(row, sentences)
        ]
        return [
            (one, other)
            for place, (one, first) in enumerate(held)
            for other, second in held[place + 1 :]
            if first.start < second.end and second.start < first.end
        ]


def titles(rows: Iterable[Clause]) -> list[str]:
    """Return rows by what they are called."""
    return [str(row) for row in rows]
