"""What a row of a review may hold: one check for each name of `Clause.values`, for pages, programs and acts alike.

A row may be unfinished: nothing is required but a title. What a matter needs is asked when it is confirmed.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from luoshi.org.models import Unit
from luoshi.work.actions.planning import milestones_of, targets_of
from luoshi.work.actions.values import LONG, day, keys, line, text, wrong

if TYPE_CHECKING:
    from luoshi.work.registers import Register

__all__ = ["NAMES", "clean"]

NAMES: Final = (
    "title",
    "requirement",
    "lead",
    "lead_text",
    "support",
    "support_text",
    "due",
    "due_text",
    "cadence",
    "targets",
    "milestones",
    "fields",
)
"""The names of `Clause.values`."""

_MOST_UNITS: Final = 500
_MOST: Final = 100
_WORDS: Final = 120
_RRULE: Final = re.compile(r"[A-Z0-9=;,+-]{1,200}")


def clean(given: Mapping[str, object], now: Mapping[str, Any], register: Callable[[], Register]) -> dict[str, Any]:
    """Return the values that change together when a person sets `given` in a row that holds `now`.

    Only what is given is checked. What follows comes along: a new lead unit is no longer a supporting one and leaves no
    unmatched words behind, another day leaves the words of the old one behind. `fields` are merged: a name with None or
    nothing is emptied, one that is not given stays. A day in the past is taken: confirming asks for another.

    Raises one ValidationError with all errors by name; TypeError for a name that rows do not have.
    """
    unknown = set(given) - set(NAMES)
    if unknown:
        raise TypeError(f"a row has no {', '.join(sorted(unknown))}")
    found: dict[str, Any] = {}
    errors: dict[str, list[ValidationError]] = {}
    for name, value in given.items():
        try:
            found[name] = _fields(value, now, register()) if name == "fields" else _CLEAN[name](value)
        except ValidationError as error:
            for field, those in error.error_dict.items():
                errors.setdefault(field, []).extend(those)
    if errors:
        raise ValidationError(errors)
    return {**found, **_following(found, now)}


def _following(found: Mapping[str, Any], now: Mapping[str, Any]) -> dict[str, Any]:
    following: dict[str, Any] = {}
    lead = found.get("lead", now.get("lead"))
    if found.get("lead") is not None and "lead_text" not in found:
        following["lead_text"] = ""
    support = found.get("support", now.get("support") or [])
    if lead in support:
        following["support"] = [code for code in support if code != lead]
    if "due" in found and found["due"] != now.get("due") and "due_text" not in found:
        following["due_text"] = ""
    return following


def _unit(value: object, field: str) -> str | None:
    return next(iter(_units([value], field)), None) if value not in {None, ""} else None


def _units(values: Sequence[object], field: str) -> list[str]:
    """Return the codes of units that are there today, each once; a unit may be given as itself or by its code."""
    codes = list(dict.fromkeys(value.code if isinstance(value, Unit) else str(value) for value in values))
    if len(codes) > _MOST_UNITS:
        wrong(field, _("最多%(most)d个单位，请分成几条。"), "too_many", most=_MOST_UNITS)
    units = {unit.code: unit for unit in Unit.objects.filter(code__in=codes).only("code", "name", "closed_on")}
    for code in codes:
        if code not in units:
            wrong(field, _("没有“%(unit)s”这个单位，请从列出的单位中选。"), "unknown_unit", unit=code[:60])
        closed = units[code].closed_on
        if closed is not None and closed <= timezone.localdate():
            wrong(field, _("“%(unit)s”已经停用，请选择其他单位。"), "closed_unit", unit=units[code].name)
    return codes


def _list(value: object, field: str) -> Sequence[Any]:
    """Return what is a list; TypeError for anything else, which is the caller's mistake."""
    if value is None:
        return []
    if not isinstance(value, (list, tuple)):
        raise TypeError(f"{field} is a list, not {value!r}")
    if len(value) > _MOST and field != "support":
        wrong(field, _("最多%(most)d条，请合并或分成几条。"), "too_many", most=_MOST)
    return value


def _words(value: object) -> list[str]:
    found = (line(words, "support_text", most=_WORDS) for words in _list(value, "support_text"))
    return list(dict.fromkeys(filter(None, found)))


def _day(value: object, field: str) -> str | None:
    if value is None or value == "":
        return None
    if isinstance(value, str):
        try:
            value = dt.date.fromisoformat(value)
        except ValueError:
            wrong(field, _("看不懂这个日期，请写成 2026-03-06 的样子。"), "not_a_date")
    return day(value, field).isoformat()


def _cadence(value: object) -> list[dict[str, str | None]]:
    found = []
    for entry in _list(value, "cadence"):
        rule = keys(entry, "cadence", ("text", "rrule")).get("rrule") or None
        if rule is not None and not _RRULE.fullmatch(str(rule)):
            wrong("cadence", _("看不懂这个周期，请改写，例如“每月”。"), "not_a_rhythm")
        words = line(entry.get("text"), "cadence", most=_WORDS, required=True)
        found.append({"text": words, "rrule": None if rule is None else str(rule)})
    return found


def _targets(value: object) -> list[dict[str, str]]:
    entries = [{**keys(entry, "targets", ("of", "op", "value", "unit"))} for entry in _list(value, "targets")]
    names = ("of", "op", "value", "unit")
    return [{name: stored[name] for name in names} for stored in targets_of(entries)]


def _milestones(value: object) -> list[dict[str, str | None]]:
    entries = [
        {"title": entry.get("title"), "due": None if due is None else dt.date.fromisoformat(due)}
        for entry in _list(value, "milestones")
        for due in [_day(keys(entry, "milestones", ("title", "due")).get("due"), "milestones")]
    ]
    return [{"title": stored["title"], "due": stored["due"]} for stored in milestones_of(entries)]


def _fields(value: object, now: Mapping[str, Any], register: Register) -> dict[str, Any]:
    """Return the register's own fields with those that are given changed; none is required here."""
    given = keys(value, "fields", [str(name) for name in value] if isinstance(value, Mapping) else ())
    there = {field.name: field for field in register.fields}
    found = {name: stored for name, stored in (now.get("fields") or {}).items() if name in there}
    for name, entry in given.items():
        if name not in there:
            wrong("fields", _("这本台账没有“%(name)s”这一栏。"), "unknown_field", name=str(name)[:40])
        try:
            stored = there[name].clean(entry)
        except ValidationError as error:
            raise ValidationError({f"fields.{name}": error}) from error
        found.pop(name, None)
        if stored is not None:
            found[name] = stored
    return found


_CLEAN: Final[Mapping[str, Callable[[object], Any]]] = {
    "title": lambda value: line(value, "title", required=True),
    "requirement": lambda value: text(value, "requirement", most=LONG),
    "lead": lambda value: _unit(value, "lead"),
    "lead_text": lambda value: line(value, "lead_text", most=_WORDS),
    "support": lambda value: _units(_list(value, "support"), "support"),
    "support_text": _words,
    "due": lambda value: _day(value, "due"),
    "due_text": lambda value: line(value, "due_text", most=_WORDS),
    "cadence": _cadence,
    "targets": _targets,
    "milestones": _milestones,
}
