"""Conditions that an index stands for: they are written into it word for word, so they hold no values of a query."""

from __future__ import annotations

from django.db.models import BooleanField, Func

__all__ = ["AsksForDays"]


class AsksForDays(Func):
    """Tells whether a matter waits for an answer about its days: `AsksForDays("extension")`.

    What a JSON field compares with is a value of the query, from which no database concludes that an index covers it.
    """

    arity = 1
    template = "%(expressions)s <> '{}'"
    output_field = BooleanField()
