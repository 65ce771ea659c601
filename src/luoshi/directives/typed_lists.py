"""Targets, rhythms and milestones as people type them: one a line, 整改率≥98%, 每月, 5月底 制定方案."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from decimal import Decimal
from typing import Final

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from luoshi.directives.typed import typed_day
from luoshi.drafting.quantities import find_targets
from luoshi.periods import find_cadence

__all__ = ["typed_cadence", "typed_milestones", "typed_targets"]

_LONGEST: Final = 20_000
_MOST: Final = 110
"""Lines that are read; a row may hold fewer, and says so itself."""
_SIGNED: Final = re.compile(
    r"(?P<of>[^<>=≥≤≧≦]*?)\s*(?P<sign>>=|<=|[≥≤≧≦=<>]|不低于|不少于|不高于|不超过|(?<=\s)[+-])\s*"
    r"(?P<value>\d{1,12}(?:\.\d{1,6})?)\s*(?P<unit>\D{0,20})"
)
_SIGNS: Final = {
    "≥": ">=", "≧": ">=", "不低于": ">=", "不少于": ">=", "≤": "<=", "≦": "<=", "不高于": "<=", "不超过": "<=",
}  # fmt: skip
_LINES: Final = re.compile(r"[\n；;]+")
_RHYTHMS: Final = re.compile(r"[\n；;、，,]+")
_ENGLISH: Final = {
    "daily": "每天",
    "weekly": "每周",
    "monthly": "每月",
    "quarterly": "每季度",
    "half-yearly": "每半年",
    "yearly": "每年",
}
"""Rhythms as readers of the English pages type them: rows and notices are written in Chinese."""
_DAY_FIRST: Final = re.compile(r"(?P<day>\S{1,30})[\s：:]+(?P<title>.+)")
_DAY_LAST: Final = re.compile(r"(?P<title>.+?)[\s：:]+(?P<day>\S{1,30})")


def _lines(text: str, between: re.Pattern[str] = _LINES) -> list[str]:
    parts = [part.strip() for part in between.split(text[:_LONGEST])]
    return [part for part in parts if part][:_MOST]


def typed_targets(text: str) -> list[dict[str, str]]:
    """Return targets as rows keep them; a line without a figure raises `ValidationError` (`not_a_target`)."""
    found: list[dict[str, str]] = []
    for line in _lines(text):
        signed = _SIGNED.fullmatch(unicodedata.normalize("NFKC", line))
        if signed:
            sign = signed["sign"]
            found.append(
                {
                    "of": signed["of"].strip(),
                    "op": _SIGNS.get(sign, sign),
                    "value": signed["value"],
                    "unit": signed["unit"].strip(),
                }
            )
            continue
        read = find_targets(line)
        if not read:
            raise ValidationError(
                _("“%(line)s”里没有数量，请写成“新建食堂≥3所”的样子，一行一个。") % {"line": line[:40]},
                code="not_a_target",
            )
        found += [{"of": one.of, "op": one.op, "value": _decimal(one.value), "unit": one.unit} for one in read]
    return found


def _decimal(value: float) -> str:
    shown = f"{Decimal(repr(value)):f}"
    return shown.rstrip("0").rstrip(".") if "." in shown else shown


def typed_cadence(text: str) -> list[dict[str, str | None]]:
    """Return rhythms as rows keep them; words that set no rhythm a calendar could keep stay as words."""
    found: list[dict[str, str | None]] = []
    for typed in _lines(text, _RHYTHMS):
        part = _ENGLISH.get(typed.casefold(), typed)
        read = find_cadence(part)
        found.append({"text": part, "rrule": read[0].rrule if len(read) == 1 else None})
    return found


def typed_milestones(text: str, *, today: dt.date, written: dt.date | None) -> list[dict[str, str | None]]:
    """Return milestones as rows keep them, one a line, the day before or behind its words; no day is none yet."""
    return [_milestone(line, today, written) for line in _lines(text)]


def _milestone(line: str, today: dt.date, written: dt.date | None) -> dict[str, str | None]:
    for pattern in (_DAY_FIRST, _DAY_LAST):
        match = pattern.fullmatch(line)
        if match is None:
            continue
        try:
            found = typed_day(match["day"], today=today, written=written)
        except ValidationError:
            continue
        if found is not None:
            return {"title": match["title"].strip(), "due": found.day.isoformat()}
    return {"title": line, "due": None}
