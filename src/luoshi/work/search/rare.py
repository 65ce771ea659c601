"""Which matters hold rare tokens, and what the index keeps of their texts: for comparing texts with all matters.

Whoever asks decides who may see what comes of it: nothing here knows rights.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from django.db import connection, transaction
from django.db.models.expressions import RawSQL

__all__ = ["Text", "Tokens", "holders", "these", "wordings"]

_HOLDERS: Final = """
    SELECT t.place, ARRAY(
        SELECT s.matter_id FROM work_search s WHERE s.all_tokens @@ t.query::tsquery
        ORDER BY s.matter_id + 0 DESC LIMIT %s
    ) FROM unnest(%s::text[]) WITH ORDINALITY AS t(query, place)
"""
_NUMBERS: Final = {
    "sqlite": "SELECT value FROM json_each(%s)",
    "postgresql": "SELECT value::bigint FROM json_array_elements_text(%s::json)",
}


@dataclass(frozen=True, slots=True)
class Text:
    """What a matter demands, folded: its title, and its requirement as far as asked for (empty where it has none)."""

    title: str
    requirement: str


Tokens = tuple[str, ...]
"""Tokens that a matter is to hold all of."""


def holders(asked: Iterable[Tokens], *, most: int) -> dict[Tokens, list[int]]:
    """Return the newest matters, at most `most`, that hold all the tokens asked for together; for each of many.

    Tokens are those of `tokens.tokens`: letters and digits, nothing that would need an escape.
    """
    wanted = sorted(set(asked))
    if not all(some and all(token.isalnum() for token in some) for some in wanted):
        raise ValueError("a token is made of letters and digits")
    if not wanted:
        return {}
    return dict((_one_by_one if connection.vendor == "sqlite" else _at_once)(wanted, most))


def _one_by_one(wanted: Sequence[Tokens], most: int) -> Iterator[tuple[Tokens, list[int]]]:
    """Ask one after another: inside the same process that costs no more than asking for all at once."""
    sql = "SELECT rowid FROM work_search_all WHERE work_search_all MATCH %s ORDER BY rowid DESC LIMIT %s"
    with connection.cursor() as cursor:
        for some in wanted:
            cursor.execute(sql, [" AND ".join(f'"{token}"' for token in some), most])
            yield some, [row[0] for row in cursor.fetchall()]


def _at_once(wanted: Sequence[Tokens], most: int) -> Iterator[tuple[Tokens, list[int]]]:
    """Ask for all in one statement, which is not compiled first: that takes longer than it saves."""
    queries = [" & ".join(f"'{token}'" for token in some) for some in wanted]
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL jit = off")
        cursor.execute(_HOLDERS, [most, queries])
        for place, numbers in cursor.fetchall():
            yield wanted[place - 1], numbers


def these(numbers: Iterable[int]) -> RawSQL:
    """Return numbers as a subquery: thousands of parameters would cost more than what is asked."""
    return RawSQL(_NUMBERS[connection.vendor], [json.dumps(sorted(set(numbers)))])  # noqa: S611 — our own words


def wordings(ids: Iterable[int], *, most: int) -> dict[int, Text]:
    """Return what the index keeps of the titles and requirements of matters, `most` characters of each requirement."""
    sql = f"""
        SELECT s.matter_id, s.head, CASE WHEN m.requirement = '' THEN '' ELSE substr(s.body, 1, %s) END
        FROM work_search s JOIN work_matter m ON m.id = s.matter_id
        WHERE s.matter_id IN ({_NUMBERS[connection.vendor]})
    """  # noqa: S608 — our own words; values are parameters
    with connection.cursor() as cursor:
        cursor.execute(sql, [most, json.dumps(sorted(set(ids)))])
        return {
            pk: Text(head.rpartition("\n")[2], requirement.partition("\n")[0])
            for pk, head, requirement in cursor.fetchall()
        }
