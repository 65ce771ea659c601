from __future__ import annotations

import tomllib
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from luoshi.work.registers.positions import line_of, positions

from .texts import as_toml, toml_key

TEXT = '''# a remark with [brackets] and = signs
code = "x" # another
title = { zh = "一", en = "one }, [" }
a.b.c = 1
a.b."d e" = 2
list = [ 1, "two # no remark",  # remark
  [ 3,
    4 ],
  { deep = { er = 5 } },
]
long = """
[[not.a.table]]
key = "no"
""\\""""
raw = \'\'\'
it's = 1\'\'\'\'
when = 2026-03-06 10:00:00
empty = []
none = {}

[due]
rule = "days"

[[fields]]
name = "first"
  [[fields.options]]
  value = "one"
  [[fields.options]]
  value = "two"
  [fields.options.words]
  zh = "二"
[[fields]]
name = "second"
[fields.more."and more"]
x = 1
'''


@pytest.mark.parametrize(
    ("path", "line"),
    [
        (("code",), 2),
        (("title",), 3),
        (("title", "en"), 3),
        (("a", "b"), 4),
        (("a", "b", "d e"), 5),
        (("list",), 6),
        (("list", 1), 6),
        (("list", 2), 7),
        (("list", 2, 1), 8),
        (("list", 3, "deep", "er"), 9),
        (("long",), 11),
        (("raw",), 15),
        (("when",), 17),
        (("empty",), 18),
        (("none",), 19),
        (("due",), 21),
        (("due", "rule"), 22),
        (("fields",), 24),
        (("fields", 0), 24),
        (("fields", 0, "name"), 25),
        (("fields", 0, "options"), 26),
        (("fields", 0, "options", 0, "value"), 27),
        (("fields", 0, "options", 1), 28),
        (("fields", 0, "options", 1, "words", "zh"), 31),
        (("fields", 1), 32),
        (("fields", 1, "name"), 33),
        (("fields", 1, "more", "and more", "x"), 35),
    ],
)
def test_every_key_is_found_on_its_line(path: tuple[str | int, ...], line: int) -> None:
    assert positions(TEXT)[path] == line


def test_missing_key_is_said_to_be_where_its_table_is() -> None:
    lines = positions(TEXT)
    assert line_of(lines, ("fields", 1, "type")) == 32
    assert line_of(lines, ("due", "days")) == 21
    assert line_of(lines, ("version",)) == 1
    assert line_of(lines, ("fields", 0, "options", 1, "words", "en")) == 30


def test_strings_inside_multi_line_text_are_no_keys() -> None:
    assert {path[0] for path in positions(TEXT)} == set(tomllib.loads(TEXT))


def _paths(value: Any, path: tuple[str | int, ...] = ()) -> set[tuple[str | int, ...]]:
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return {path, *(inner for key, one in items for inner in _paths(one, (*path, key)))}


keys = st.one_of(st.from_regex(r"[A-Za-z0-9_-]{1,4}", fullmatch=True), st.text(max_size=4).filter(str.isprintable))
values = st.recursive(
    st.one_of(st.integers(-9, 9), st.booleans(), st.text(alphabet="ab\n\"'\\#[]{}=,. 中", max_size=6)),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(keys, inner, max_size=3),
    max_leaves=8,
)


@settings(max_examples=150, deadline=None)
@given(st.dictionaries(keys, values, max_size=4))
def test_whatever_the_reader_reads_has_a_line(data: dict[str, Any]) -> None:
    text = as_toml(data)
    assert tomllib.loads(text) == data
    found = positions(text)
    assert {()} | set(found) == _paths(data)
    lines = text.split("\n")
    for path, line in found.items():
        if isinstance(path[-1], str):
            assert toml_key(path[-1]) in lines[line - 1]
