"""What argparse says, in Chinese.

argparse looks its sentences up with gettext, which would need compiled catalogues and a process-wide domain. Its
sentences are few, so they are turned here, one by one; one that a later Python words differently stays English.
"""

from __future__ import annotations

import re
from typing import Final

from luoshi.words import Language, Words

__all__ = ["COMMANDS", "OPTIONS", "POSITIONALS", "USAGE", "say_error"]

USAGE: Final = Words("用法：", "Usage: ")
POSITIONALS: Final = Words("参数", "Arguments")
OPTIONS: Final = Words("选项", "Options")
COMMANDS: Final = Words("命令", "Commands")

_NAMES: Final = {"FILE": "文件", "COMMAND": "命令"}

_ERRORS: Final = tuple(
    (re.compile(pattern, re.DOTALL), chinese)
    for pattern, chinese in (
        (r"the following arguments are required: (?P<names>.*)", "还缺少：{names}"),
        (r"unrecognized arguments: (?P<what>.*)", "不认识的参数：{what}"),
        (r"argument (?P<name>.*?): invalid choice: (?P<value>.*?) \(choose from (?P<choices>.*)\)",
         "{name} 不能是 {value}，可选：{choices}"),
        (r"argument (?P<name>.*?): expected one argument", "{name} 后面要有一个值"),
        (r"argument (?P<name>.*?): expected at least one argument", "{name} 后面至少要有一个值"),
        (r"argument (?P<name>.*?): invalid (?:int|_positive) value: (?P<value>.*)",
         "{name} 要一个正整数，不能是 {value}"),
        (r"argument (?P<name>.*?): ignored explicit argument (?P<value>.*)", "{name} 不带值，去掉 {value}"),
        (r"argument (?P<name>.*?): not allowed with argument (?P<other>.*)", "{name} 不能和 {other} 一起用"),
        (r"ambiguous option: (?P<what>.*?) could match (?P<matches>.*)", "{what} 不明确，可能是：{matches}"),
        (r"argument (?P<name>.*?): (?P<message>.*)", "{name}：{message}"),
    )
)  # fmt: skip


def say_error(message: str, language: Language) -> str:
    """Return what argparse found wrong, in the language of the reader."""
    if language == "en":
        return message
    for pattern, chinese in _ERRORS:
        match = pattern.fullmatch(message)
        if match:
            return chinese.format_map({key: _chinese_names(value) for key, value in match.groupdict().items()})
    return message


def _chinese_names(text: str) -> str:
    return re.sub(r"\b(?:FILE|COMMAND)\b", lambda match: _NAMES[match[0]], text).replace(", ", "、")
