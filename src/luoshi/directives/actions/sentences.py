"""Which sentences belong to which row: a sentence belongs to one, but for one that was split in the middle."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any, NamedTuple
from uuid import UUID

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from luoshi.directives.actions.door import Review
from luoshi.directives.actions.standing import require_live
from luoshi.directives.anew import Piece, read_anew
from luoshi.directives.enums import ClauseState
from luoshi.directives.models import Clause, Reading
from luoshi.org.told import listed

__all__ = [
    "HOLDING",
    "Source",
    "follow",
    "holders",
    "indexes_of",
    "is_cut",
    "named",
    "pieces_of",
    "sentences_of",
    "source_of",
    "stand_on",
    "take_from",
]

HOLDING = (*ClauseState.live, ClauseState.JOINED, ClauseState.CONFIRMED)
"""The states in which a row holds its sentences: no other row can have them."""

Sentences = Sequence[Mapping[str, Any]]


class Source(NamedTuple):
    """What a document says: its text, its sentences, and the day that relative times count from."""

    text: str
    sentences: Sentences
    day: dt.date | None


def sentences_of(case: Review) -> Sentences:
    """Return where the document's sentences stand: {"s", "e", "block"} each."""
    return _cuts_of(case.directive.uid)


def source_of(case: Review) -> Source:
    """Return what the document says."""
    engine = Reading.objects.values_list("engine", flat=True).get(directive=case.directive)
    day = engine.get("date")
    cuts = _cuts_of(case.directive.uid)
    return Source(_text_of(case.directive.uid), cuts, dt.date.fromisoformat(day) if day else case.directive.date)


# A long document's sentences take longer to decode than an act may take. Once a review has begun neither its text nor
# where its sentences are cut ever changes, so each process reads them once.


@lru_cache(maxsize=16)
def _cuts_of(uid: UUID) -> Sentences:
    sentences = Reading.objects.values_list("sentences", flat=True).get(directive__uid=uid)
    return tuple({name: one[name] for name in ("s", "e", "block")} for one in sentences)


@lru_cache(maxsize=16)
def _text_of(uid: UUID) -> str:
    text: str = Reading.objects.values_list("text", flat=True).get(directive__uid=uid)
    return text


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


def named(rows: Iterable[Clause]) -> str:
    """Return rows by their titles, for a sentence."""
    names = [_("“%(title)s”") % {"title": row} for row in rows]
    return listed(names)


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


def stand_on(case: Review, row: Clause, chosen: Sequence[int], source: Source) -> None:
    """Let a row stand on whole sentences, and say what they say."""
    before = pieces_of(row, source.sentences)
    start, end = source.sentences[chosen[0]]["s"], source.sentences[chosen[-1]]["e"]
    case.put(row, sentences=list(chosen), start=start, end=end)
    now = pieces_of(row, source.sentences)
    follow(case, row, now, [piece for piece in before if piece not in now], source)


def take_from(case: Review, rows: Iterable[Clause], taken: Iterable[int]) -> None:
    """Let live rows give sentences up; refused where one would be left without any."""
    source, gone = source_of(case), set(taken)
    for row in rows:
        require_live(case, row)
        rest = [index for index in row.sentences if index not in gone]
        if is_cut(row, source.sentences):
            raise case.impossible(
                _("“%(title)s”只是一句话的一部分，不能移走这句；请先把拆开的几条合并。") % {"title": row}
            )
        if not rest:
            raise case.impossible(
                _("“%(title)s”只有这些句子，移走就空了；请改用合并，或先把它定为不立项。") % {"title": row}
            )
        stand_on(case, row, rest, source)


def follow(case: Review, row: Clause, now: Sequence[Piece], lost: Sequence[Piece], source: Source) -> None:
    """Let the values of a row whose words changed follow from them, apart from those that a person decided.

    `lost` are the words that it has no more: the figures and rhythms in them go. Who and when stay where the words that
    are left name nobody and no day.
    """
    said, anew = read_anew(source.text, now, source.day)
    said_lost, was = read_anew(source.text, lost, source.day) if lost else ({}, {})
    old, open_names = row.values, set(row.values) - set(row.decided)
    new = {**old, "requirement": anew["requirement"]} if "requirement" in open_names else {**old}
    for name in sorted(open_names & {"targets", "cadence"}):
        gone = [entry for entry in was.get(name, ()) if entry not in anew[name]]
        kept = [entry for entry in old[name] if entry not in gone]
        new[name] = kept + [entry for entry in anew[name] if entry not in kept]
    if "lead" in open_names and (anew["lead"] or anew["lead_text"]) and _lost(old["lead"], "owners", said, said_lost):
        new["lead"], new["lead_text"] = anew["lead"], anew["lead_text"]
    if "due" in open_names and (anew["due"] or anew["due_text"]) and _lost(old["due"], "deadlines", said, said_lost):
        new["due"], new["due_text"] = anew["due"], anew["due_text"]
    if "support" in open_names:
        those = dict.fromkeys((*old["support"], *anew["support"]))
        new["support"] = [code for code in those if code != new["lead"]]
    if "milestones" in open_names and (lost or old["milestones"]):
        new["milestones"] = anew["milestones"]
    case.put(row, values=new)


def _lost(value: str | None, kind: str, said: Mapping[str, Any], lost: Mapping[str, Any]) -> bool:
    """Tell whether a row has no such value, or has it from words that it has no more."""
    name = "unit" if kind == "owners" else "due"
    there, gone = ({found[name] for found in one.get(kind, ())} for one in (said, lost))
    return not value or (value in gone and value not in there)
