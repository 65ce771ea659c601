"""Which matters hold rare tokens, and what the index keeps of their texts: for comparing texts with all matters.

Whoever asks decides who may see what comes of it: nothing here knows rights.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from django.db import connection

__all__ = ["Text", "holders", "wordings"]

_BATCH: Final = 500
_HOLDERS: Final = """
    SELECT t.token, found.matter_id FROM unnest(%s::text[]) AS t(token) CROSS JOIN LATERAL (
        SELECT s.matter_id FROM work_search s WHERE s.all_tokens @@ ('''' || t.token || '''')::tsquery
        ORDER BY s.matter_id + 0 DESC LIMIT %s
    ) AS found
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


def holders(tokens: Iterable[str], *, most: int) -> dict[str, list[int]]:
    """Return the newest matters, at most `most`, that hold each token; of common tokens so only a few.

    Tokens are those of `tokens.tokens`: letters and digits, nothing that would need an escape.
    """
    wanted = sorted(set(tokens))
    if any(not token.isalnum() for token in wanted):
        raise ValueError("a token is made of letters and digits")
    if connection.vendor == "sqlite":
        return dict(_one_by_one(wanted, most))
    found: dict[str, list[int]] = {token: [] for token in wanted}
    for some in _batches(wanted):
        with connection.cursor() as cursor:
            cursor.execute(_HOLDERS, [some, most])
            for token, number in cursor.fetchall():
                found[token].append(number)
    return found


def _one_by_one(tokens: Sequence[str], most: int) -> Iterator[tuple[str, list[int]]]:
    """Ask for each token by itself: inside the same process that costs no more than asking for all at once."""
    sql = "SELECT rowid FROM work_search_all WHERE work_search_all MATCH %s ORDER BY rowid DESC LIMIT %s"
    with connection.cursor() as cursor:
        for token in tokens:
            cursor.execute(sql, [f'"{token}"', most])
            yield token, [row[0] for row in cursor.fetchall()]


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


def _batches(values: Sequence[str]) -> Iterator[list[str]]:
    yield from (list(values[at : at + _BATCH]) for at in range(0, len(values), _BATCH))
