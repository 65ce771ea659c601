"""The tables of the search index, on both databases. They are derived from matters and can be made anew at any time.

`work_search` holds for each matter its folded text: `head` (number and title) and `body` (everything else). Which
matters hold which tokens is known by

* SQLite: two FTS5 tables, `work_search_head` and `work_search_all`, without texts and positions of their own, whose
  row numbers are those of the matters: they give them newest first, one by one, and can be stopped at any time;
* PostgreSQL: two `tsvector` columns with a GIN index each, made from our tokens and no dictionary.

They are tables of no model: Django would give them keys, signals and checks that an index has no use for.
"""

from __future__ import annotations

from typing import Final

__all__ = ["create_sql", "drop_sql"]

_FTS: Final = "USING fts5(tokens, content='', detail=none, columnsize=0, tokenize='ascii')"

_SQLITE: Final = (
    "CREATE TABLE work_search (matter_id integer PRIMARY KEY, head text NOT NULL, body text NOT NULL)",
    f"CREATE VIRTUAL TABLE work_search_head {_FTS}",
    f"CREATE VIRTUAL TABLE work_search_all {_FTS}",
)
_POSTGRES: Final = (
    """CREATE TABLE work_search (matter_id bigint PRIMARY KEY, head text NOT NULL, body text NOT NULL,
    head_tokens tsvector NOT NULL, all_tokens tsvector NOT NULL)""",
    "CREATE INDEX work_search_head ON work_search USING gin (head_tokens) WITH (gin_pending_list_limit = 1024)",
    "CREATE INDEX work_search_all ON work_search USING gin (all_tokens) WITH (gin_pending_list_limit = 1024)",
)


def create_sql(vendor: str) -> tuple[str, ...]:
    """Return the statements that make the tables on `vendor` (`sqlite` or `postgresql`)."""
    return _SQLITE if vendor == "sqlite" else _POSTGRES


def drop_sql(vendor: str) -> tuple[str, ...]:
    """Return the statements that remove the tables."""
    views = ("DROP TABLE work_search_head", "DROP TABLE work_search_all") if vendor == "sqlite" else ()
    return (*views, "DROP TABLE work_search")
