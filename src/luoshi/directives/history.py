"""What people did to a document in its review, newest first, in words that each reader may read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Final

from luoshi.directives.changes import sentence
from luoshi.directives.enums import ReviewAct
from luoshi.directives.models import Directive, Edit
from luoshi.directives.outcomes import secret_matters
from luoshi.org.policy import Actor
from luoshi.work.paging import Order, page_of

__all__ = ["History", "history_of"]

_PAGE: Final = 20


@dataclass(frozen=True, slots=True)
class History:
    """Some edits as a timeline shows them, and the mark of the last where more follow."""

    entries: list[dict[str, Any]]
    following: str
    is_continued: bool


def history_of(directive: Directive, actor: Actor, *, after: str = "") -> History:
    """Return the edits behind the mark `after`, newest first. One query, two where an edit names matters.

    An edit that tells of a matter in a confidential register that the reader may not know of is named by its act alone.
    """
    page = page_of(Edit.objects.filter(directive=directive), Order("seq", descending=True), after=after, size=_PAGE)
    named = {number for edit in page.rows for number in _matters(edit)}
    secret = secret_matters(named, actor) if named else set()
    entries = [_entry(edit, is_secret=any(number in secret for number in _matters(edit))) for edit in page.rows]
    return History(entries, page.following, bool(after))


def _matters(edit: Edit) -> Iterator[int]:
    """Yield the matters that an edit's rows were given or lost."""
    columns: Iterable[Any] = (
        entry[side] for entry in edit.data.get("clauses", ()) for side in ("was", "set") if entry.get(side)
    )
    for one in columns:
        if one.get("matter"):
            yield one["matter"]


def _entry(edit: Edit, *, is_secret: bool) -> dict[str, Any]:
    return {
        "at": edit.at,
        "who": edit.actor_name,
        "post": "",
        "deputy_for": "",
        "sentence": str(ReviewAct(edit.act).label) if is_secret else sentence(edit),
        "said": "",
    }
