"""Searching: which matters a person may see hold certain words."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from itertools import islice
from typing import Any, Final

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet
from django.db.models.expressions import RawSQL

from luoshi.org import policy
from luoshi.org.policy import Actor
from luoshi.work.models import Matter
from luoshi.work.parts import FEW
from luoshi.work.search.candidates import NEWEST, Where, among, candidates
from luoshi.work.search.question import Question, question_of

__all__ = ["MOST_COUNTED", "Found", "Page", "find"]

MOST_COUNTED: Final = 1000
"""Hits are counted up to here and no further."""

_CHUNKS: Final = (100, 400, 1500)
_COUNTED: Final = (MOST_COUNTED + 1, 2000)
"""So many candidates are counted at a time; where these do not suffice, and the person sees many matters, no more."""

_PATIENCE: Final = 500
"""After so many candidates without a full page, one asks how many matters the person can see at all."""

_FEW: Final = FEW
"""So many matters are rather compared one by one than picked out of everybody's."""

_KEPT_SECONDS: Final = 600
_MOST_KEPT: Final = 10_000

_NUMBERS: Final = {
    "sqlite": "SELECT value FROM json_each(%s)",
    "postgresql": "SELECT value::bigint FROM json_array_elements_text(%s::json)",
}
"""How thousands of numbers are handed over as one value, which is far quicker than as thousands of values."""

_CURSOR: Final = re.compile(r"(head|rest)-(\d{1,18})")


_see_many: dict[Any, float] = {}
"""Questions about rights → until when they are known to give more than a few matters, so as not to ask each time."""


@dataclass(frozen=True, slots=True)
class Found:
    """How many matters were found; `more` tells that there may be more than were counted."""

    number: int
    more: bool = False

    def __str__(self) -> str:
        return f"{self.number:,}+" if self.more else f"{self.number:,}"


@dataclass(frozen=True)
class Page:
    """One page of hits: first those with all words in number or title, then the others, each from the newest on.

    `after` asks for the next page and is empty on the last. `shortened` tells that the question was so long that its
    end did not count. `found` is counted when it is first asked for.
    """

    matters: list[Matter]
    after: str
    shortened: bool
    _search: _Search = field(repr=False)
    _complete: bool = False

    @cached_property
    def found(self) -> Found:
        """Count the hits of all pages, up to :data:`MOST_COUNTED` and as far as it can be done in a moment."""
        if self._complete:
            return Found(len(self.matters))
        counted = self._search.count()
        return Found(max(counted.number, len(self.matters)), counted.more)


def find(  # noqa: PLR0913 — each narrows the search in its own way
    text: str,
    *,
    actor: Actor,
    register: str | None = None,
    open_only: bool = False,
    limit: int = 50,
    after: str = "",
) -> Page:
    """Return the matters that `actor` may see and that hold every word of `text`.

    Words stand between spaces or commas. An unknown `after` begins at the first page; a question without any letter,
    digit or character finds nothing.
    """
    base = Matter.objects.all()
    if register is not None:
        base = base.filter(register=register)
    if open_only:
        base = base.filter(is_open=True)
    search = _Search(question_of(text), policy.visible(actor, base))
    return search.page(limit, after)


@dataclass
class _Search:
    """One search while it runs. The list that policy gives decides about every row that leaves it."""

    question: Question
    visible: QuerySet[Matter]
    _few: list[int] | None = None
    _asked_whether_few: bool = False

    def page(self, limit: int, after: str) -> Page:
        cursor = _CURSOR.fullmatch(after)
        hits = list(islice(self._from(cursor), limit + 1)) if self.question else []
        shown = [pk for _, pk in hits[:limit]]
        rows = self.visible.filter(pk__in=shown).select_related("lead", "handler").in_bulk()
        more = len(hits) > limit and bool(shown)
        return Page(
            matters=[rows[pk] for pk in shown if pk in rows],
            after=f"{hits[limit - 1][0]}-{shown[-1]}" if more else "",
            shortened=self.question.shortened,
            _search=self,
            _complete=not more and cursor is None,
        )

    def _from(self, cursor: re.Match[str] | None) -> Iterator[tuple[Where, int]]:
        """Yield hits in the order of pages, behind the last one of the page before."""
        begun = Where(cursor[1]) if cursor else Where.HEAD
        below = int(cursor[2]) if cursor else None
        if begun is Where.HEAD:
            yield from ((Where.HEAD, pk) for pk in self.hits(Where.HEAD, below))
            below = None
        yield from ((Where.REST, pk) for pk in self.hits(Where.REST, below))

    def hits(self, where: Where, below: int | None) -> Iterator[int]:
        """Yield the numbers of visible hits from the newest on."""
        at = NEWEST if below is None else below
        seen, turn = 0, 0
        while self._few is None:
            size = _CHUNKS[min(turn, len(_CHUNKS) - 1)]
            some = candidates(self.question, where, below=at, limit=size)
            allowed = self._allowed(some)
            yield from (pk for pk in some if pk in allowed)
            if len(some) < size:
                return
            at, seen, turn = some[-1], seen + size, turn + 1
            if seen >= _PATIENCE:
                self._ask_whether_few()
        yield from self._by_few(where, at)

    def count(self) -> Found:
        """Count the visible hits."""
        at, number = NEWEST, 0
        for size in _COUNTED if self._few is None else ():
            some = candidates(self.question, Where.ALL, below=at, limit=size)
            number += len(self._allowed(some))
            if number > MOST_COUNTED or len(some) < size:
                return Found(min(number, MOST_COUNTED), number > MOST_COUNTED)
            at = some[-1]
            self._ask_whether_few()
            if self._few is not None:
                break
        if self._few is None:
            return Found(number, more=True)
        number += sum(1 for _ in islice(self._by_few(Where.ALL, at), MOST_COUNTED + 1))
        return Found(min(number, MOST_COUNTED), number > MOST_COUNTED)

    def _allowed(self, some: list[int]) -> set[int]:
        if not some:
            return set()
        numbers = RawSQL(_NUMBERS[connection.vendor], [json.dumps(some)])  # noqa: S611 — our own words, one value
        return set(self.visible.order_by().filter(pk__in=numbers).values_list("pk", flat=True))

    def _ask_whether_few(self) -> None:
        if self._asked_whether_few:
            return
        self._asked_whether_few = True
        rows = self.visible.order_by().values_list("pk", flat=True)[: _FEW + 1]
        try:
            key, now = (rows.db, *rows.query.sql_with_params()), time.monotonic()
        except EmptyResultSet:
            self._few = []
            return
        if _see_many.get(key, now) > now:
            return
        ids = list(rows)
        if len(ids) <= _FEW:
            self._few = sorted(ids, reverse=True)
            return
        if len(_see_many) >= _MOST_KEPT:
            _see_many.clear()
        _see_many[key] = now + _KEPT_SECONDS

    def _by_few(self, where: Where, below: int) -> Iterator[int]:
        older = [pk for pk in self._few or () if pk < below]
        for at in range(0, len(older), 1000):
            yield from among(older[at : at + 1000], self.question, where)
