"""Lists that people keep: theirs alone, no one else's business, so no record is written."""

from __future__ import annotations

from django.db import transaction
from django.http import QueryDict

from luoshi.work.models import SavedView

__all__ = ["drop_view", "save_view"]


@transaction.atomic
def save_view(person: int, *, register: str, name: str, query: str) -> SavedView:
    """Keep a list under a name; a view of that name is replaced."""
    asked = QueryDict(query, mutable=True)
    asked.pop("after", None)
    view, _new = SavedView.objects.update_or_create(
        person_id=person, register=register, name=name, defaults={"query": asked.urlencode()}
    )
    return view


def drop_view(view: SavedView) -> None:
    """Forget a saved list; does nothing the second time."""
    view.delete()
