"""Which matters units take part in: asked in one way where they are few, in another where they are many.

A list of few matters is quickest when the database begins with these; one of many when it walks along the order of the
list and looks each matter up. A database does not know beforehand which it is, so it is counted, up to :data:`FEW`, and
the outcome kept for a while. It decides how is asked, never what is found.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any, Final

from django.core.exceptions import EmptyResultSet
from django.db.models import Exists, OuterRef, Q, QuerySet

if TYPE_CHECKING:
    from luoshi.work.models import Involvement

__all__ = ["FEW", "taking_part"]

FEW: Final = 3000
"""So many matters are rather fetched one by one than met with on the way through everybody's."""

_KEPT_SECONDS: Final = 600
_MOST_KEPT: Final = 10_000

_known: dict[Any, tuple[float, bool]] = {}


def taking_part(parts: QuerySet[Involvement]) -> Q:
    """Return the condition that a matter is one of `parts`."""
    try:
        few = _are_few(parts)
    except EmptyResultSet:  # an area without units
        return Q(pk__in=())
    if few:
        return Q(pk__in=parts.values("matter"))
    return Q(Exists(parts.filter(matter=OuterRef("pk"))))


def _are_few(parts: QuerySet[Involvement]) -> bool:
    key, now = (parts.db, *parts.query.sql_with_params()), time.monotonic()
    kept = _known.get(key)
    if kept is None or kept[0] < now:
        if len(_known) >= _MOST_KEPT:
            _known.clear()
        kept = _known[key] = (now + _KEPT_SECONDS, parts.order_by()[: FEW + 1].count() <= FEW)
    return kept[1]
