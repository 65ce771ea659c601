"""A day as people type it: 6月底前, 下周五, 3个工作日内, 6-30, 2026.6.30, +10; and units by what people call them."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from dataclasses import dataclass
from functools import cache
from typing import Final

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from luoshi.org.collectives import collectives
from luoshi.org.finding import find_units
from luoshi.org.models import Unit
from luoshi.org.told import language_now
from luoshi.periods import china, find_deadlines
from luoshi.words import Words

__all__ = ["BETWEEN", "TypedDay", "in_words", "typed_day", "typed_unit", "typed_units"]

_LONGEST: Final = 60
BETWEEN: Final = re.compile(r"[、，,;；\n]+")
"""Between several units."""
_BRACKETED: Final = re.compile(r"(?P<name>.*?)[（(](?P<code>[^（()）]+)[)）]")
_YEAR_FIRST: Final = re.compile(r"((?:19|20)\d\d)[-/.]?(0?[1-9]|1[0-2])[-/.]?(0?[1-9]|[12]\d|3[01])")
_MONTH_FIRST: Final = re.compile(r"(0?[1-9]|1[0-2])[-/.](0?[1-9]|[12]\d|3[01])")
_IN_DAYS: Final = re.compile(r"\+?(\d{1,3})(天|日|days?|d)?")
_WEEKDAY: Final = re.compile(r"(?:周|星期|礼拜)([一二三四五六日天])")
_WEEKDAYS: Final = "一二三四五六日"
_NEAR: Final = {"今天": 0, "今日": 0, "today": 0, "明天": 1, "明日": 1, "tomorrow": 1, "后天": 2, "大后天": 3}
_FROM_TODAY: Final = re.compile(
    r"[今明后]天|[今明后]日|本周|这周|上周|下周|[本下]个?月|即日|现在"
    r"|[天日周]之?内|工作日|个月|以内|小时|^月[底末中初]|^年[底末内中初]"
)
"""Words that count from the day they are typed; what names a month or a feast counts from the document's day."""


@dataclass(frozen=True, slots=True)
class TypedDay:
    """The day that was understood, and how."""

    day: dt.date
    why: Words


def in_words(words: Words) -> str:
    """Return both languages' words in the reader's."""
    return words.in_(language_now())


def typed_day(text: str, *, today: dt.date, written: dt.date | None = None) -> TypedDay | None:
    """Return the day that somebody means who reads a document of the day `written`; None for nothing typed.

    A month or a feast without its year is that of the document; 下周五, 月底前, 10天 count from `today`. What cannot be
    told raises `ValidationError` (code `unclear`) that says what to type.
    """
    text = unicodedata.normalize("NFKC", text[: _LONGEST + 1]).strip().rstrip("。.")
    if not text:
        return None
    if len(text) <= _LONGEST:
        found = _by_figures(text, today, written) or _by_words(text, today, written)
        if found is not None:
            return found
    raise ValidationError(_unclear(text), code="unclear")


def _by_figures(text: str, today: dt.date, written: dt.date | None) -> TypedDay | None:
    if match := _YEAR_FIRST.fullmatch(text):
        return _as_typed(*(int(part) for part in match.groups()))
    if match := _MONTH_FIRST.fullmatch(text):
        return _in_the_year_meant(int(match[1]), int(match[2]), written or today)
    return _from_today(text, today)


def _from_today(text: str, today: dt.date) -> TypedDay | None:
    match = _IN_DAYS.fullmatch(text)
    if match and (match[2] or text.startswith("+")):
        days = int(match[1])
        return TypedDay(today + dt.timedelta(days), Words(f"从今天起{days}天", f"{days} days from today"))
    if text.casefold() in _NEAR:
        return TypedDay(today + dt.timedelta(_NEAR[text.casefold()]), Words("从今天算起", "Counted from today"))
    if match := _WEEKDAY.fullmatch(text):
        wanted = _WEEKDAYS.index(match[1].replace("天", "日"))
        ahead = (wanted - today.weekday()) % 7
        return TypedDay(today + dt.timedelta(ahead), Words("今天起最近的一个", "The next one from today"))
    return None


def _as_typed(year: int, month: int, day: int) -> TypedDay:
    try:
        return TypedDay(dt.date(year, month, day), Words("按所填日期", "The day as typed"))
    except ValueError as error:
        raise ValidationError(_("没有这一天，请检查月份和日期。"), code="no_such_day") from error


def _in_the_year_meant(month: int, day: int, base: dt.date) -> TypedDay:
    """Return the first such day from `base` on."""
    same = _as_typed(base.year, month, day) if (month, day) != (2, 29) else None
    if same is not None and same.day >= base:
        return TypedDay(same.day, Words(f"取{base.year}年", f"In {base.year}"))
    for year in range(base.year, base.year + 9):
        try:
            found = dt.date(year, month, day)
        except ValueError:
            continue
        if found >= base:
            return TypedDay(found, Words(f"取{year}年", f"In {year}"))
    raise ValidationError(_("没有这一天，请检查月份和日期。"), code="no_such_day")


def _by_words(text: str, today: dt.date, written: dt.date | None) -> TypedDay | None:
    bases = [today] if written is None or _FROM_TODAY.search(text) else [written, today]
    for base in bases:
        for deadline in find_deadlines(text, base, china())[-1:]:
            if deadline.due is not None and deadline.end - deadline.start >= len(text) - 4:
                return TypedDay(deadline.due, deadline.why)
    return None


def _unclear(text: str) -> str:
    return _("看不出“%(text)s”是哪一天，请写成 2026-06-30、6月底前、下周五、10天内 这样的样子。") % {"text": text[:30]}


_MANY: Final = re.compile("各|所有|全|局|机关|[Aa]ll ")
"""How words begin that can mean many units."""


def typed_unit(text: str) -> str | None:
    """Return the code of the open unit that was typed; None for nothing typed.

    Taken are `name（code）`, a code, a name or a short name that one unit bears, and what finds exactly one unit. What
    fits none or several raises `ValidationError` (`unknown_unit`, `several_units`) that names the likeliest.
    """
    text = text.replace("\0", "\ufffd").strip()  # no database looks for NUL
    if not text:
        return None
    match = _BRACKETED.fullmatch(text)
    exact = _named(match["code"].strip()) if match else []
    exact = exact or _named(text)
    found = exact or find_units(text, 4)
    if len(found) == 1:
        return found[0].code
    names = "、".join(f"{unit.name}（{unit.code}）" for unit in found[:3])
    if found:
        raise ValidationError(
            _("“%(given)s”可能是几个单位：%(names)s，请选一个。") % {"given": text[:40], "names": names},
            code="several_units",
        )
    raise ValidationError(
        _("没有“%(given)s”这个单位，请输入简称、全称、代码或拼音首字母。") % {"given": text[:40]}, code="unknown_unit"
    )


def typed_units(text: str) -> list[str]:
    """Return the codes of several units, each once, in the order typed; 各学校 stands for all that it means."""
    many = cache(collectives)
    codes: list[str | None] = []
    for part in map(str.strip, BETWEEN.split(text[:20_000])):
        meant = many().meant_by(part) if _MANY.match(part) else ()
        codes += meant or [typed_unit(part)]
    return list(dict.fromkeys(code for code in codes if code))


def _named(text: str) -> list[Unit]:
    units = Unit.objects.filter(Q(closed_on=None) | Q(closed_on__gt=timezone.localdate()))
    exact = list(units.filter(code=text)[:1]) or list(units.filter(name=text)[:2])
    if exact or len(text) < 2:
        return exact
    return [unit for unit in units.only("code", "name", "short_names") if text in unit.short_names][:2]
