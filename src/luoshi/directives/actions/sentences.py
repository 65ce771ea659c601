"""Which sentences belong to which row: a sentence belongs to one, but for one that was split in the middle."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from luoshi.directives.actions.door import Review
from luoshi.directives.actions.standing import require_live
from luoshi.directives.anew import FOUND, Piece, read_anew, said_within
from luoshi.directives.enums import ClauseState
from luoshi.directives.models import Clause, Reading

__all__ = [
    "HOLDING",
    "holders",
    "indexes_of",
    "is_cut",
    "keep",
    "listed",
    "pieces_of",
    "sentences_of",
    "source_of",
    "stand_on",
    "take_from",
]

HOLDING = (*ClauseState.live, ClauseState.JOINED, ClauseState.CONFIRMED)
"""The states in which a row holds its sentences: no other row can have them."""

Sentences = Sequence[Mapping[str, Any]]


def sentences_of(case: Review) -> Sentences:
    """Return where the document's sentences stand, without its text."""
    found: Sentences = Reading.objects.values_list("sentences", flat=True).get(directive=case.directive)
    return found


def source_of(case: Review) -> tuple[str, Sentences, dt.date | None]:
    """Return the document's text, its sentences, and the day that relative times count from."""
    text, sentences, engine = Reading.objects.values_list("text", "sentences", "engine").get(directive=case.directive)
    day = engine.get("date")
    return text, sentences, dt.date.fromisoformat(day) if day else case.directive.date


def indexes_of(given: Iterable[int], sentences: Sentences) -> list[int]:
    """Return sentences that a form names, in order and each once; ValidationError where there are none such."""
    chosen = sorted(set(given))
    if not chosen:
        raise ValidationError({"sentences": ValidationError(_("请先选句子。"), code="required")})
    if chosen[0] < 0 or chosen[-1] >= len(sentences):
        raise ValidationError({"sentences": ValidationError(_("没有这个句子，请刷新页面。"), code="unknown_sentence")})
    return chosen


def holders(case: Review, *, besides: Iterable[Clause]) -> dict[int, list[str]]:
    """Return for each sentence the rows that hold it, by uid, as they stand in this act, leaving out some rows."""
    left_out = {str(row.uid) for row in besides}
    here = {uid: (row.sentences, row.state) for uid, row in case.fetched.items()}
    rows = case.directive.clauses.filter(state__in=HOLDING).order_by("start", "number")
    stored = {str(uid): (sentences, state) for uid, sentences, state in rows.values_list("uid", "sentences", "state")}
    held: dict[int, list[str]] = {}
    for uid, (sentences, state) in {**stored, **here}.items():
        if state in HOLDING and uid not in left_out:
            for index in sentences:
                held.setdefault(index, []).append(uid)
    return held


def listed(rows: Iterable[Clause]) -> str:
    """Return rows by their titles, for a sentence."""
    names = [_("“%(title)s”") % {"title": row} for row in rows]
    return ("、" if (get_language() or "zh").startswith("zh") else ", ").join(names)


# What a row stands on.


def pieces_of(row: Clause, sentences: Sentences) -> list[Piece]:
    """Return the stretches of text that a row stands on, one a sentence; the first and last may be cut."""
    return [
        Piece(max(one["s"], row.start), min(one["e"], row.end), one["block"])
        for one in (sentences[index] for index in row.sentences)
    ]


def is_cut(row: Clause, sentences: Sentences) -> bool:
    """Tell whether a row holds but a part of a sentence."""
    return bool(row.sentences) and (
        row.start > sentences[row.sentences[0]]["s"] or row.end < sentences[row.sentences[-1]]["e"]
    )


def stand_on(case: Review, row: Clause, chosen: Sequence[int], sentences: Sentences) -> None:
    """Let a row stand on whole sentences."""
    case.put(row, sentences=list(chosen), start=sentences[chosen[0]]["s"], end=sentences[chosen[-1]]["e"])


def take_from(case: Review, rows: Iterable[Clause], taken: Iterable[int]) -> None:
    """Let live rows give sentences up, and keep what the rest of their words says; refused where none would be left."""
    text, sentences, day = source_of(case)
    for row in rows:
        require_live(case, row)
        rest = [index for index in row.sentences if index not in set(taken)]
        if is_cut(row, sentences):
            raise case.impossible(
                _("“%(title)s”只是一句话的一部分，不能移走这句；请先把拆开的几条合并。") % {"title": row}
            )
        if not rest:
            raise case.impossible(
                _("“%(title)s”只有这些句子，移走就空了；请改用合并，或先把它定为不立项。") % {"title": row}
            )
        stand_on(case, row, rest, sentences)
        keep(case, row, pieces_of(row, sentences), text, day)


def keep(case: Review, row: Clause, pieces: Sequence[Piece], text: str, day: dt.date | None) -> None:
    """Let a row whose words changed say what they say now; what a person decided stays, and nothing is left empty."""
    _said, anew = read_anew(text, pieces, day)
    old, open_names = row.values, set(row.values) - set(row.decided)
    new = {**old, "requirement": anew["requirement"]} if "requirement" in open_names else {**old}
    here = said_within(row.said, pieces) if row.said else {}
    for name in sorted(open_names & {"targets", "cadence"}):
        gone = _shown(row.said, name) - _shown(here, name)
        kept = [entry for entry in old[name] if _key(entry) not in gone]
        new[name] = kept + [entry for entry in anew[name] if entry not in kept]
    for name, words, kind in (("lead", "lead_text", "owners"), ("due", "due_text", "deadlines")):
        lost = bool(row.said) and bool(row.said.get(kind)) and not here[kind]
        if name in open_names and (anew[name] or anew[words]) and (lost or not (old[name] or old[words])):
            new[name], new[words] = anew[name], anew[words]
    if "support" in open_names:
        those = [*old["support"], *(code for code in anew["support"] if code not in old["support"])]
        new["support"] = [code for code in those if code != new["lead"]]
    if "milestones" in open_names and old["milestones"]:
        new["milestones"] = anew["milestones"]
    case.put(row, values=new)


def _shown(said: Mapping[str, Any], kind: str) -> set[tuple[str, ...]]:
    assert kind in FOUND
    return {_key(entry) for entry in said.get(kind, ())}


def _key(entry: Mapping[str, Any]) -> tuple[str, ...]:
    names = ("of", "op", "value", "unit") if "op" in entry else ("text",)
    return tuple(str(entry[name]) for name in names)
