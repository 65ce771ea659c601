"""Which matters units take part in: asked in one way where they are few, in another where they are many.

A list of few matters is quickest when the database begins with these; one of many when it walks along the order of the
list and looks each matter up. A database does not know beforehand which it is, so it is counted, up to :data:`FEW`, and
the outcome kept for a while. Walking pays only where it ends soon, at a page's last row: whoever counts or wants all of
them is given the list of numbers, however long. It decides how is asked, never what is found.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any, Final

from django.core.exceptions import EmptyResultSet
from django.db.models import BooleanField, Exists, F, OuterRef, Q, QuerySet
from django.db.models.expressions import Expression
from django.db.models.lookups import In

if TYPE_CHECKING:
    from luoshi.work.models import Involvement

__all__ = ["FEW", "are_few", "taking_part"]

FEW: Final = 3000
"""So many matters are rather fetched one by one than met with on the way through everybody's."""

_PAGE: Final = 1000
_WALKED: Final = frozenset({"due", "pk", "id"})
_KEPT_SECONDS: Final = 600
_MOST_KEPT: Final = 10_000

_known: dict[Any, tuple[float, bool]] = {}


class _OneOfMany(Expression):
    """Tells whether a matter is one of many: looked up while walking to a page's last row, else held against a list.

    SQLite does as it is told, so it is told what the query at hand makes best; PostgreSQL finds out by itself.
    """

    output_field = BooleanField()
    conditional = True

    def __init__(self, parts: QuerySet[Involvement]) -> None:
        super().__init__()
        self.looked_up: Any = Exists(parts.filter(matter=OuterRef("pk")))
        self.listed: Any = In(F("pk"), parts.values("matter").query)

    def get_source_expressions(self) -> list[Any]:
        """Return both ways of asking."""
        return [self.looked_up, self.listed]

    def set_source_expressions(self, exprs: Any) -> None:
        """Take both ways of asking, as Django resolves them."""
        self.looked_up, self.listed = exprs

    def as_sql(self, compiler: Any, _connection: Any) -> tuple[str, Any]:
        """Look up."""
        sql: tuple[str, Any] = compiler.compile(self.looked_up)
        return sql

    def as_sqlite(self, compiler: Any, connection: Any) -> tuple[str, Any]:
        """Look up where a walk along an index ends soon."""
        query = compiler.query
        first = str(query.order_by[0]).removeprefix("-") if query.order_by else ""
        if query.high_mark is not None and query.high_mark <= _PAGE and first in _WALKED:
            return self.as_sql(compiler, connection)
        sql: tuple[str, Any] = compiler.compile(self.listed)
        return sql


def taking_part(parts: QuerySet[Involvement]) -> Q:
    """Return the condition that a matter is one of `parts`."""
    try:
        few = are_few(parts)
    except EmptyResultSet:  # an area without units
        return Q(pk__in=())
    return Q(pk__in=parts.values("matter")) if few else Q(_OneOfMany(parts))


def are_few(parts: QuerySet[Any]) -> bool:
    """Tell whether there are at most :data:`FEW` rows; EmptyResultSet where there can be none."""
    key, now = (parts.db, *parts.query.sql_with_params()), time.monotonic()
    kept = _known.get(key)
    if kept is None or kept[0] < now:
        if len(_known) >= _MOST_KEPT:
            _known.clear()
        kept = _known[key] = (now + _KEPT_SECONDS, parts.order_by()[: FEW + 1].count() <= FEW)
    return kept[1]
