"""The fields of a row as a reviewer meets them: what stands now, where it comes from, and what the text said."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from luoshi.directives.models import Clause
from luoshi.directives.typed import in_words
from luoshi.org.collectives import FEW as MANY
from luoshi.org.collectives import Collectives, Told, collectives
from luoshi.org.models import Unit
from luoshi.org.told import language_now, listed, weekday
from luoshi.words import Words

__all__ = [
    "FEW",
    "LOW",
    "Fact",
    "Names",
    "day_words",
    "facts_of",
    "gaps_of",
    "target_words",
    "typed_value",
    "unit_names",
]

LOW: Final = 0.6
"""Below this confidence a row wants a careful look."""
FEW: Final = 0.85
"""Below this one it wants a look."""
SIGNS: Final = {">=": "≥", "<=": "≤", "=": "=", "<": "<", ">": ">", "+": "+", "-": "-"}


@dataclass(frozen=True, slots=True)
class Fact:
    """One field of a row.

    `origin` is decided (a person set it), said (it stands in the text), proposed (nobody said it), or missing.
    `words` is what stands now, `typed` the same as somebody would type it, `aside` what the text said where that is
    something else, `warning` what is amiss; `whole` are all names of units where `words` tell many of them in few.
    """

    name: str
    label: str
    words: str
    origin: str
    aside: str = ""
    warning: str = ""
    why: str = ""
    typed: str = ""
    whole: str = ""


class Names(dict[str, tuple[str, bool]]):
    """The name of each unit by its code, and whether it is still there; `many` tells long lists of them."""

    many: Collectives | None = None

    def told(self, codes: Sequence[str], lead: str | None) -> list[Told]:
        """Return a list of units in words, a long one in few."""
        if self.many is None:
            return [Told(Words(_name(code, self), _name(code, self)), (code,)) for code in codes]
        return self.many.told(codes, without=lead)


def unit_names(clauses: Iterable[Clause]) -> Names:
    """Return the name of every unit that rows name by its code, now or as drafted, and whether it is still there."""
    codes: set[str] = set()
    clauses = list(clauses)
    for clause in clauses:
        codes.update(filter(None, (clause.values.get("lead"), *clause.values.get("support", ()))))
        codes.update(one["unit"] for one in _bodies(clause.said) if one["unit"])
    rows = Unit.objects.filter(code__in=codes).values_list("code", "name", "closed_on") if codes else ()
    names = Names({code: (name, closed is None) for code, name, closed in rows})
    if any(len(clause.values.get("support", ())) > MANY for clause in clauses):
        names.many = collectives()
    return names


def _bodies(said: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    yield from said.get("owners", ())
    yield from said.get("support", ())


def gaps_of(clause: Clause) -> list[str]:
    """Return what a row lacks of what its unit must know: `lead`, `due`."""
    return [name for name in ("lead", "due") if not clause.values.get(name)]


def facts_of(clause: Clause, names: Names, today: dt.date) -> list[Fact]:
    """Return the fields that a row shows, in the order in which people read them."""
    writers: tuple[Callable[[], Fact], ...] = (
        lambda: _lead(clause, names),
        lambda: _support(clause, names),
        lambda: _due(clause, today),
        lambda: _listed(clause, "targets", pgettext("clause", "指标"), target_words),
        lambda: _listed(clause, "cadence", pgettext("clause", "频次"), lambda one: str(one.get("text", ""))),
        lambda: _listed(clause, "milestones", pgettext("clause", "节点"), _milestone_words),
    )
    return [replace(fact, typed=typed_value(clause, fact.name, names)) for fact in (write() for write in writers)]


def _name(code: str, names: Names) -> str:
    return names.get(code, (code, False))[0]


def _closed(codes: Iterable[str], names: Names) -> str:
    gone = [_name(code, names) for code in codes if not names.get(code, ("", False))[1]]
    return _("%(units)s已停用，请改选") % {"units": listed(gone)} if gone else ""


def _lead(clause: Clause, names: Names) -> Fact:
    label = _("牵头")
    code, owners = clause.values.get("lead"), clause.said.get("owners") or [None]
    said = next((one for one in owners if one and one["unit"] and one["unit"] == code), owners[0])
    as_said = said["text"] if said and not said.get("implied") else ""
    why = _why(said)
    if not code:
        words = clause.values.get("lead_text") or ""
        warning = _("“%(words)s”没有对上单位") % {"words": words} if words else ""
        return Fact("lead", label, "", "missing", warning=warning, why=why)
    if "lead" in clause.decided:
        aside = as_said if said and said["unit"] != code else ""
        return Fact("lead", label, _name(code, names), "decided", aside, _closed([code], names))
    origin = "said" if as_said and said and said["unit"] == code else "proposed"
    return Fact("lead", label, _name(code, names), origin, warning=_closed([code], names), why=why)


def _support(clause: Clause, names: Names) -> Fact:
    codes = clause.values.get("support") or []
    unmatched = clause.values.get("support_text") or []
    warning = _closed(codes, names)
    if unmatched and not warning:
        warning = _("“%(words)s”没有对上单位") % {"words": listed(unmatched)}
    told = names.told(codes, clause.values.get("lead"))
    words = listed(one.in_(language_now()) for one in told)
    whole = listed(_name(code, names) for code in codes) if len(told) < len(codes) else ""
    if "support" in clause.decided:
        said = [one["text"] for one in clause.said.get("support", ())]
        drafted = {code for one in _bodies(clause.said) for code in (one["unit"], *one.get("units", ()))}
        aside = listed(said) if said and not drafted.issuperset(codes) else ""
        return Fact("support", _("配合"), words, "decided" if words else "none", aside, warning, whole=whole)
    return Fact("support", _("配合"), words, "said" if words else "none", warning=warning, whole=whole)


def _due(clause: Clause, today: dt.date) -> Fact:
    due, text = clause.values.get("due"), clause.values.get("due_text") or ""
    said = next((one for one in clause.said.get("deadlines", ()) if one["due"] == due), None)
    why = _why(said or next(iter(clause.said.get("deadlines", ())), None))
    if not due:
        warning = _("“%(words)s”看不出是哪一天") % {"words": text} if text else ""
        return Fact("due", _("时限"), "", "missing", warning=warning, why=why)
    left = (dt.date.fromisoformat(due) - today).days
    warning = _("早于今天") if left < 0 else ""
    decided = "due" in clause.decided
    drafted = [one["text"] for one in clause.said.get("deadlines", ())]
    aside = text if text in drafted else next(iter(drafted), "") if decided and said is None else ""
    origin = "decided" if decided else "said" if said else "proposed"
    return Fact("due", _("时限"), day_words(due), origin, aside, warning, why)


def _listed(clause: Clause, name: str, label: str, words: Callable[[Mapping[str, Any]], str]) -> Fact:
    rows = clause.values.get(name) or []
    shown = listed(filter(None, map(words, rows)), "；")
    origin = "none" if not shown else "decided" if name in clause.decided else "said"
    return Fact(name, label, shown, origin)


def _why(said: Mapping[str, Any] | None) -> str:
    why = (said or {}).get("why")
    return in_words(Words(why["zh"], why["en"])) if why else ""


def target_words(target: Mapping[str, Any]) -> str:
    """Return a target as people write it: 整改率≥98%."""
    sign = SIGNS.get(target.get("op", ""), "")
    return f"{target.get('of') or ''}{sign}{target.get('value', '')}{target.get('unit') or ''}"


def _milestone_words(one: Mapping[str, Any]) -> str:
    return f"{one.get('due') or ''} {one.get('title') or ''}".strip()


def day_words(day: str) -> str:
    """Return a stored day with its weekday."""
    return f"{day} {weekday(dt.date.fromisoformat(day))}"


def typed_value(clause: Clause, name: str, names: Names) -> str:
    """Return a field as somebody would type it."""
    values: dict[str, Any] = clause.values
    typed: dict[str, Callable[[], str]] = {
        "lead": lambda: _as_typed(values["lead"], names) if values.get("lead") else str(values.get("lead_text") or ""),
        "support": lambda: "、".join(
            _as_typed(one.codes[0], names) if len(one.codes) == 1 else one.words.zh
            for one in names.told(values.get("support") or [], values.get("lead"))
        ),
        "due": lambda: str(values.get("due") or values.get("due_text") or ""),
        "targets": lambda: "\n".join(target_words(one) for one in values.get("targets") or ()),
        "cadence": lambda: "、".join(str(one.get("text", "")) for one in values.get("cadence") or ()),
        "milestones": lambda: "\n".join(map(_milestone_words, values.get("milestones") or ())),
    }
    return typed[name]() if name in typed else str(values.get(name) or "")


def _as_typed(code: str, names: Names) -> str:
    return f"{_name(code, names)}（{code}）"
