"""From a register's text to the register, or to everything that must be mended first."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final, get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from luoshi.words import Words
from luoshi.work.registers.bilingual import Bilingual
from luoshi.work.registers.choices import ChoiceField, Option, PersonField, PlaceField, UnitField
from luoshi.work.registers.fields import DateField, FieldBase, MoneyField, NumberField, TextField, YesNoField
from luoshi.work.registers.model import OPENERS, SIGNERS, Closing, Column, Due, Feedback, Filter, Register, Step
from luoshi.work.registers.positions import KeyPath, line_of, positions
from luoshi.work.registers.problems import Problem, did_you_mean, said_of_syntax, said_of_value

__all__ = ["LARGEST", "check", "decoded"]

LARGEST: Final = 256 * 1024
"""Bytes; a register is a page or two."""

_KINDS: Final[dict[str, type[FieldBase]]] = {
    "text": TextField,
    "number": NumberField,
    "money": MoneyField,
    "date": DateField,
    "choice": ChoiceField,
    "unit": UnitField,
    "person": PersonField,
    "place": PlaceField,
    "yes_no": YesNoField,
}
_PARTS: Final[dict[str, type[BaseModel]]] = {
    "due": Due,
    "chain": Step,
    "closing": Closing,
    "feedback": Feedback,
    "options": Option,
    **_KINDS,
}
_RESERVED: Final = frozenset(get_args(Column)) | frozenset(get_args(Filter))
_TEXT: Final = "<text>"


def check(source: Path | str) -> tuple[Register | None, list[Problem]]:
    """Return the register that a file (or a text) holds, and nothing; or nothing, and all that is wrong with it.

    Never raises for what the file holds, nor when it cannot be read.
    """
    if isinstance(source, str):
        return _checked(_TEXT, source)
    try:
        text = decoded(source.read_bytes())
    except OSError as error:
        why = error.strerror or type(error).__name__
        what = Words(f"读不了这个文件：{why}", f"The file cannot be read: {why}")
        return None, [Problem(source.name, None, what, Words("检查文件和权限", "Check the file and its permissions"))]
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        what = Words("文件不是 UTF-8 编码", "The file is not in UTF-8")
        return None, [Problem(source.name, line, what, Words("用 UTF-8 编码另存", "Save it again in UTF-8"))]
    return _checked(source.name, text)


def decoded(data: bytes) -> str:
    """Return a file's text as it is stored: without a byte order mark, lines ended by LF. UnicodeDecodeError else."""
    return data.decode("utf-8-sig").replace("\r\n", "\n")


def _checked(file: str, text: str) -> tuple[Register | None, list[Problem]]:
    if len(text) > LARGEST:
        what = Words("文件太大，不像台账", "The file is too large to be a register")
        return None, [Problem(file, None, what, Words("每个文件只写一本台账", "Write one register a file"))]
    try:
        data = tomllib.loads(text)
        as_json = json.dumps(data, default=lambda moment: {"": str(moment)})
    except tomllib.TOMLDecodeError as error:
        line, column, what, remedy = said_of_syntax(str(error), text)
        return None, [Problem(file, line, what, remedy, column)]
    except (RecursionError, ValueError):  # nested a thousand deep, or a number of thousands of digits
        what = Words("这个文件读不下去", "The file cannot be read through")
        remedy = Words("删去套得过深的括号或过长的数字", "Remove brackets nested too deep or numbers too long")
        return None, [Problem(file, None, what, remedy)]
    return _modelled(file, text, data, as_json)


def _modelled(file: str, text: str, data: dict[str, Any], as_json: str) -> tuple[Register | None, list[Problem]]:
    register, errors = None, []
    try:
        register = Register.model_validate_json(as_json)
    except ValidationError as error:
        errors = _without_echoes(error.errors(include_url=False))
    found = [*(_said(error, data) for error in errors), *_of_the_whole(data)]
    if not found:
        return register, []
    lines = positions(text)
    problems = [Problem(file, line_of(lines, path), what, remedy) for path, what, remedy in found]
    return None, sorted(set(problems), key=lambda problem: (problem.line or 0, problem.what))


def _without_echoes(errors: list[ErrorDetails]) -> list[ErrorDetails]:
    """Leave out "too few items" where the items are there and wrong."""
    inner = {error["loc"][:depth] for error in errors for depth in range(len(error["loc"]))}
    return [error for error in errors if error["type"] != "too_short" or error["loc"] not in inner]


_Found = tuple[KeyPath, Words, Words]


def _said(error: ErrorDetails, data: dict[str, Any]) -> _Found:
    kind, path, context = error["type"], tuple(error["loc"]), error.get("ctx", {})
    if kind == "extra_forbidden":
        known = sorted(info.alias or name for name, info in _model_at(path[:-1]).model_fields.items())
        what = Words(f"不认识 {path[-1]} 这个键", f"The key {path[-1]} is not known here")
        return _plain(path), what, did_you_mean(str(path[-1]), known)
    if kind == "union_tag_not_found":
        remedy = Words(f"补上 type，可以写：{'、'.join(_KINDS)}", f"Add type, one of: {', '.join(_KINDS)}")
        return _plain(path), Words("字段缺少 type", "The field has no type"), remedy
    if kind == "union_tag_invalid":
        what = Words(f"没有 {context['tag']} 这种字段", f"There is no field of type {context['tag']}")
        return (*_plain(path), "type"), what, did_you_mean(str(context["tag"]), _KINDS)
    plain = _written((*_plain(path), *context.get("at", ())), data)
    label = ".".join(str(key) for key in plain if isinstance(key, str)) or "TOML"
    if kind == "enum":  # not every role there is can open or sign
        context = {"expected": ", ".join(f"'{role}'" for role in (OPENERS if path[0] == "opened_by" else SIGNERS))}
    return plain, *said_of_value(kind, label, error["input"], context)


def _written(path: KeyPath, data: dict[str, Any]) -> KeyPath:
    """Return the path without the language where one plain text stands for both."""
    place: Any = data
    for depth, key in enumerate(path):
        if isinstance(place, str):
            return path[:depth]
        try:
            place = place[key]
        except (KeyError, IndexError, TypeError):
            break
    return path


def _plain(path: tuple[str | int, ...]) -> KeyPath:
    """Return pydantic's path without the type that it puts behind a field's place."""
    if len(path) > 2 and path[0] == "fields" and path[2] in _KINDS:
        return (*path[:2], *path[3:])
    return path


def _model_at(path: tuple[str | int, ...]) -> type[BaseModel]:
    """Return what stands at a path of pydantic's: it ends in a type for fields, in a key or a place else."""
    keys = [key for key in path if isinstance(key, str)]
    return Register if not keys else _PARTS.get(keys[-1], Bilingual)


def _of_the_whole(data: dict[str, Any]) -> Iterator[_Found]:
    """Say what can only be seen by looking at several tables, whether or not each is right by itself."""
    names: dict[str, int] = {}
    for index, field in enumerate(_tables(data.get("fields"))):
        name = field.get("name")
        if not isinstance(name, str):
            continue
        if name in names:
            what = Words(f"字段名 {name} 重复", f"The field name {name} stands here twice")
            yield ("fields", index, "name"), what, Words("每个字段起不同的名字", "Give each field a name of its own")
        if name in _RESERVED:
            what = Words(f"字段名 {name} 是系统自带的栏目", f"{name} is the name of a built-in column")
            yield ("fields", index, "name"), what, Words(f"换一个名字，如 own_{name}", f"Choose another, as own_{name}")
        names[name] = index
    steps = _tables(data.get("chain"))
    for index, step in enumerate(steps[:-1]):
        if step.get("grade") is True:
            what = Words("只有最后一个核查环节能评价", "Only the last step of the chain can grade")
            yield ("chain", index, "grade"), what, Words("把 grade 移到最后一个环节", "Move grade to the last step")


def _tables(value: object) -> list[dict[str, Any]]:
    """Return the tables of a list, an empty one for whatever else stands in it."""
    return [item if isinstance(item, dict) else {} for item in value] if isinstance(value, list) else []
