"""The authority's units as the drafting of rows knows them."""

from __future__ import annotations

from functools import lru_cache

from luoshi.drafting.directory import Directory
from luoshi.drafting.directory import Unit as Named
from luoshi.org.models import Unit
from luoshi.org.queries import open_units

__all__ = ["directory"]

_Row = tuple[str, str, str, tuple[str, ...], str]


def directory() -> Directory:
    """Return the units that are open today, with short names and duties, by code.

    Asks the database every time; what is derived of the units is kept until one of them changes.
    """
    rows = open_units().values_list("path", "code", "name", "short_names", "duties")
    return _of(tuple((path, code, name, tuple(short), duties) for path, code, name, short, duties in rows))


@lru_cache(maxsize=1)
def _of(rows: tuple[_Row, ...]) -> Directory:
    code_at = {path: code for path, code, _name, _short, _duties in rows}
    step = Unit.steplen
    return Directory(
        Named(code, name, short, code_at.get(path[:-step], ""), duties) for path, code, name, short, duties in rows
    )
