"""What is wrong with a register's text: where, what, and what to do about it, in both languages."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any, Final

from luoshi.words import Language, Words

__all__ = ["Problem", "did_you_mean", "said_of_syntax", "said_of_value"]


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing to mend in one file; `line` and `column` count from 1, None where the file as a whole is meant."""

    file: str
    line: int | None
    what: Words
    remedy: Words
    column: int | None = None

    def in_(self, language: Language) -> str:
        """Return place, problem and remedy as one line."""
        what, remedy = self.what.in_(language), self.remedy.in_(language)
        if language == "zh":
            line = "" if self.line is None else f"第{self.line}行"
            place = line + ("" if self.column is None else f"第{self.column}列")
            return f"{self.file}{' ' if place else ''}{place}：{what}。{remedy}。"
        numbers = [str(number) for number in (self.line, self.column) if number is not None]
        return f"{':'.join([self.file, *numbers])}: {what}. {remedy}."


_PLACE: Final = re.compile(r" \(at (?:line (\d+), column (\d+)|end of document)\)$")

_SYNTAX: Final[tuple[tuple[str, Words, Words], ...]] = (
    (
        "Expected '=' after a key",
        Words("键后面缺少等号", "An equals sign is missing after the key"),
        Words(
            '每行写成 键 = 值，文字用英文双引号括起来，如 title = "督办任务"',
            'Write key = "value", as in title = "Tasks"',
        ),
    ),
    (
        "Invalid value",
        Words("这个值看不懂", "This value cannot be understood"),
        Words(
            '文字要用英文双引号 " 括起来（不是 “ ”），数字不加引号，是否写 true 或 false',
            'Put text in straight quotes ("), leave numbers without, and write yes and no as true and false',
        ),
    ),
    (
        "Unterminated string",
        Words("文字没有写完，缺少后面的引号", "The text has no closing quote"),
        Words('在文字末尾补上英文双引号 "', 'Add a straight quote (") at its end'),
    ),
    (
        "Unclosed array",
        Words("列表没有写完，缺少 ] 或中间的逗号", "The list is not closed, or a comma is missing in it"),
        Words("各项用英文逗号分开，最后写 ]", "Part the items with commas and close the list with ]"),
    ),
    (
        "Unclosed inline table",
        Words("花括号没有写完，缺少 } 或中间的逗号", "The braces are not closed, or a comma is missing in them"),
        Words("各项用英文逗号分开，写在同一行，最后写 }", "Part the items with commas, on one line, and close with }"),
    ),
    (
        "Cannot overwrite a value",
        Words("同一个键写了两次", "The same key stands here twice"),
        Words("删去其中一个", "Remove one of them"),
    ),
    (
        "Duplicate inline table key",
        Words("同一个键写了两次", "The same key stands here twice"),
        Words("删去其中一个", "Remove one of them"),
    ),
    (
        "Cannot declare",
        Words("同一个表头写了两次", "The same table stands here twice"),
        Words(
            "把两处内容合在一个表头下；字段和核查环节用两层方括号，如 [[fields]]",
            "Put both under one head; fields and steps have double brackets, as in [[fields]]",
        ),
    ),
    (
        "Expected newline or end of document",
        Words("一行里写了两样东西", "Two things stand on one line"),
        Words("每个键另起一行", "Give each key a line of its own"),
    ),
    (
        "Expected ']",
        Words("表头缺少后面的方括号", "The table's head is not closed"),
        Words("写成 [due] 或 [[fields]]", "Write it like [due] or [[fields]]"),
    ),
    (
        "Unescaped",
        Words("文字里的反斜杠没有写对", "A backslash in a text is not written right"),
        Words("反斜杠写两个：\\\\", "Write the backslash twice: \\\\"),
    ),
    (
        "Invalid statement",
        Words("这一行看不懂", "This line cannot be understood"),
        Words(
            "每行写成 键 = 值，或表头 [due]、[[fields]]；说明文字前面加 #；标点用英文的",
            "Write key = value or a head such as [due] or [[fields]]; begin remarks with #; use ASCII punctuation",
        ),
    ),
    (
        "Invalid initial character for a key part",
        Words("键的写法不对", "The key is not written right"),
        Words(
            "键用英文字母、数字和下划线，标点用英文的",
            "Keys have letters, digits and underscores; use ASCII punctuation",
        ),
    ),
    (
        "Illegal character '\\n'",
        Words("文字没有写完，缺少后面的引号", "The text has no closing quote"),
        Words('在这一行的末尾补上英文双引号 "', 'Add a straight quote (") at the end of this line'),
    ),
    (
        "Invalid date",
        Words("没有这个日期或时间", "There is no such date or time"),
        Words("改成真实的日期，如 2026-03-06", "Write one that exists, such as 2026-03-06"),
    ),
    (
        "Cannot mutate",
        Words("这个表已经写完，不能再添", "This table was closed before; nothing can be added to it"),
        Words("把内容写到它第一次出现的地方", "Write it where the table stands first"),
    ),
    (
        "Illegal character",
        Words("文字里有看不见的控制字符", "The text holds an invisible control character"),
        Words("删去这一处重新输入；换行写成 \\n", "Delete it and type it anew; write a line break as \\n"),
    ),
    (
        "Found invalid character",
        Words("这一行里有看不见的控制字符", "The line holds an invisible control character"),
        Words("删去这一处重新输入", "Delete it and type it anew"),
    ),
)
_OTHER_SYNTAX: Final = (
    Words("这里不合 TOML 的写法", "This is no valid TOML"),
    Words("对照自带台账的写法改正", "Write it as the registers do that come with the product"),
)


def said_of_syntax(message: str, text: str) -> tuple[int, int, Words, Words]:
    """Return line, column, problem and remedy for what the TOML reader said about `text`."""
    match = _PLACE.search(message)
    if match and match[1]:
        line, column = int(match[1]), int(match[2])
    else:
        line, column = text.count("\n") + 1, len(text) - text.rfind("\n")
    for beginning, what, remedy in _SYNTAX:
        if message.startswith(beginning):
            return line, column, what, remedy
    return line, column, *_OTHER_SYNTAX


def did_you_mean(given: str, known: Iterable[str]) -> Words:
    """Return the remedy for a word that is not one of those known: the nearest one, or all of them."""
    names = list(known)
    near = get_close_matches(given.lower(), names, n=1, cutoff=0.6)
    if near:
        return Words(f"大概要写 {near[0]}", f"Perhaps {near[0]} is meant")
    return Words(f"这里可以写：{'、'.join(names)}", f"Possible here: {', '.join(names)}")


_TYPES: Final[tuple[tuple[tuple[str, ...], Words, Words], ...]] = (
    (
        ("string_pattern_mismatch",),
        Words("只能用小写英文字母、数字和下划线，以字母开头", "is not a plain name"),
        Words("写成 found_on 的样子", "Write it with small letters, digits and underscores, like found_on"),
    ),
    (
        ("string_",),
        Words("要写文字", "must be text"),
        Words('用英文双引号括起来，如 "督办任务"', 'Put it in quotes, as "Tasks"'),
    ),
    (("bool_",), Words("要写 true 或 false", "must be true or false"), Words("不加引号", "Write it without quotes")),
    (("int_",), Words("要写整数", "must be a whole number"), Words("不加引号，如 7", "Write it without quotes, as 7")),
    (
        ("decimal_",),
        Words("要写数字", "must be a number"),
        Words("不加引号，如 0.5", "Write it without quotes, as 0.5"),
    ),
    (("finite_",), Words("要写数字", "must be a number"), Words("不加引号，如 0.5", "Write it without quotes, as 0.5")),
    (
        ("tuple_", "list_"),
        Words("要写列表", "must be a list"),
        Words(
            '用方括号，如 ["supervisor", "head"]；表用两层方括号，如 [[fields]]',
            'Use brackets, as ["head"] or [[fields]]',
        ),
    ),
    (
        ("model_", "dict_", "dataclass_"),
        Words("要写成一组键和值", "must be a set of keys and values"),
        Words(
            '写成 { zh = "中文", en = "English" } 或表头 [due] 的样子', 'Write { zh = "中文", en = "English" } or [due]'
        ),
    ),
)


def said_of_value(kind: str, label: str, given: object, context: Mapping[str, Any]) -> tuple[Words, Words]:
    """Return problem and remedy for one error of pydantic's about the key `label`; unknown keys are said elsewhere."""
    if kind == "luoshi":
        return Words(f"{label}：{context['zh']}", f"{label}: {context['en']}"), _MEND
    if kind == "missing":
        return Words(f"缺少 {label}", f"{label} is missing"), Words(f"补上 {label}", f"Add {label}")
    if kind in {"literal_error", "enum"}:
        known = re.findall(r"'([^']*)'", str(context["expected"]))
        return _not_known(label, given, known)
    if kind in _LIMITS:
        return _limit(kind, label, context)
    return _wrong_kind(kind, label)


def _wrong_kind(kind: str, label: str) -> tuple[Words, Words]:
    for beginnings, what, remedy in _TYPES:
        if kind.startswith(beginnings):
            return Words(f"{label} {what.zh}", f"{label} {what.en}"), remedy
    return Words(f"{label} 的值不对", f"{label} has a wrong value"), _MEND


_MEND: Final = Words("改正后再检查一次", "Mend it and check again")


def _not_known(label: str, given: object, known: list[str]) -> tuple[Words, Words]:
    shown = str(given)[:40]
    what = Words(f"{label} 不能写 {shown}", f"{label} cannot be {shown}")
    remedy = did_you_mean(shown, known)
    if remedy.zh.startswith("大概"):
        remedy = Words(f"{remedy.zh}；可以写：{'、'.join(known)}", f"{remedy.en}; possible here: {', '.join(known)}")
    return what, remedy


_LIMITS: Final[Mapping[str, tuple[str, Words]]] = {
    "greater_than_equal": ("ge", Words("{label} 不能小于{limit}", "{label} must be at least {limit}")),
    "less_than_equal": ("le", Words("{label} 不能大于{limit}", "{label} must be at most {limit}")),
    "string_too_short": ("min_length", Words("{label} 是空的或太短", "{label} is empty or too short")),
    "string_too_long": (
        "max_length",
        Words("{label} 最多{limit}个字符", "{label} must have at most {limit} characters"),
    ),
    "too_short": ("min_length", Words("{label} 至少要有{limit}项", "{label} needs at least {limit} items")),
    "too_long": ("max_length", Words("{label} 最多{limit}项", "{label} can have at most {limit} items")),
}


def _limit(kind: str, label: str, context: Mapping[str, Any]) -> tuple[Words, Words]:
    key, words = _LIMITS[kind]
    zh, en = (text.format(label=label, limit=context[key]) for text in words)
    return Words(zh, en), Words("改到这个范围里", "Bring it within this limit")
