"""Texts of registers for tests: small, whole, and easy to spoil in one place."""

from __future__ import annotations

import json
from typing import Any

from luoshi.work.registers import Register, check

__all__ = ["EVERY_FIELD", "SMALL", "as_toml", "register", "small", "toml_key"]

SMALL = """\
code = "visit"
version = 1
title = { zh = "走访", en = "Visits" }
short = "走访"
about = "走访中发现的事"
number = "走访〔{year}〕{n}号"
opened_by = ["supervisor", "head"]

[[chain]]
words = { zh = "核查", en = "Verify" }
role = "supervisor"
scope = "office"
"""

EVERY_FIELD = """
[[fields]]
name = "words"
type = "text"
words = "文字"
max = 20
filter = true

[[fields]]
name = "story"
type = "text"
words = "经过"
max = 100
multiline = true

[[fields]]
name = "heads"
type = "number"
words = { zh = "人数", en = "Heads" }
unit = { zh = "人", en = "people" }
min = 0
max = 100000
filter = true

[[fields]]
name = "share"
type = "number"
words = "占比"
min = -0.5
max = 100
decimals = 2

[[fields]]
name = "cost"
type = "money"
words = { zh = "金额", en = "Cost" }

[[fields]]
name = "seen_on"
type = "date"
words = "日期"
past = true
filter = true

[[fields]]
name = "kind"
type = "choice"
words = "类别"
filter = true
options = [
    { value = "one", words = { zh = "甲类", en = "First" } },
    { value = "two", words = { zh = "乙类", en = "Second" } },
    { value = "three", words = { zh = "丙类", en = "Third" } },
]

[[fields]]
name = "topics"
type = "choice"
words = "主题"
multiple = true
filter = true
options = [
    { value = "a", words = "教学" },
    { value = "a_b", words = { zh = "后勤、食堂", en = "Canteen, services" } },
    { value = "c", words = "安全" },
]

[[fields]]
name = "school"
type = "unit"
words = "学校"
filter = true

[[fields]]
name = "who"
type = "person"
words = "责任人"
filter = true

[[fields]]
name = "where"
type = "place"
words = "地点"

[[fields]]
name = "stopped"
type = "yes_no"
words = "已停用"
filter = true

[[fields]]
name = "told_by"
type = "text"
words = "反映人"
personal = true
column = true
"""


def small(more: str = "", **top: str) -> str:
    """Return the small register with top-level lines replaced or (before the first table) added, and more after it."""
    lines = SMALL.splitlines()
    for key, value in top.items():
        at = next((place for place, line in enumerate(lines) if line.startswith(f"{key} =")), None)
        if at is None:
            lines.insert(0, f"{key} = {value}")
        else:
            lines[at] = f"{key} = {value}"
    return "\n".join(lines) + "\n" + more


def register(more: str = "", **top: str) -> Register:
    """Return the register of such a text; the text must be right."""
    found, problems = check(small(more, **top))
    assert found is not None, [problem.in_("en") for problem in problems]
    return found


def toml_key(key: str) -> str:
    return json.dumps(key, ensure_ascii=False)


def _inline(value: Any) -> str:
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{toml_key(key)} = {_inline(one)}" for key, one in value.items()) + " }"
    if isinstance(value, list):
        return "[\n" + ",\n# ] remark\n".join(map(_inline, value)) + "\n]"
    return json.dumps(value, ensure_ascii=False)


def as_toml(data: dict[str, Any], head: str = "") -> str:
    """Write dictionaries as tables, lists of dictionaries as arrays of tables, everything else in line."""
    lines = [
        f"{toml_key(key)} = {_inline(one)}" for key, one in data.items() if not isinstance(one, dict) and not _many(one)
    ]
    for key, one in data.items():
        name = head + toml_key(key)
        if isinstance(one, dict):
            lines.append(f"[ {name} ]\n{as_toml(one, name + ' . ')}")
        elif _many(one):
            lines += [f"[[{name}]] # remark\n{as_toml(item, name + '.')}" for item in one]
    return "\n".join(lines)


def _many(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(item, dict) for item in value)
