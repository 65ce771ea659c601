"""Who, when, how often and how much: the fields of one row, each at the very characters it was read from."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from luoshi.drafting.brackets import BracketFound, TimeFound
from luoshi.drafting.columns import TableRow
from luoshi.drafting.directory import Directory
from luoshi.drafting.plan import Cadence, Deadline, Owner, Support, Target
from luoshi.drafting.quantities import find_targets
from luoshi.drafting.who import NameFound, find_who
from luoshi.periods.cadence import find_cadence
from luoshi.periods.when import find_deadlines
from luoshi.reading.document import Document, Sentence
from luoshi.words import Words

__all__ = ["Fields", "Reader"]

_UNRESOLVED = Words("没有说明具体日期", "It names no day")
_COLUMN = Words("任务表的这一栏写明", "The column of the task table says so")
_IN_BRACKET = Words("括号里写明", "The bracket says so")


_MUST = re.compile(r"[要应须将]|必须|都要|负责")
"""Behind a name it says who acts; where a bracket says who answers for the work, other subjects are but part of it."""


class _Spanned(Protocol):
    @property
    def start(self) -> int: ...
    @property
    def end(self) -> int: ...


@dataclass(slots=True)
class Fields:
    """What was found for one row; `assigned` tells that a bracket or a column names who answers for it."""

    assigned: bool = False
    owners: list[Owner] = field(default_factory=list)
    support: list[Support] = field(default_factory=list)
    deadlines: list[Deadline] = field(default_factory=list)
    cadence: list[Cadence] = field(default_factory=list)
    targets: list[Target] = field(default_factory=list)


class Reader:
    """Reads the fields of rows of one document.

    `days` gives the day that relative times count from, by speech; None where it is not known.
    """

    def __init__(self, document: Document, days: dict[int, dt.date | None], directory: Directory | None) -> None:
        self._document = document
        self._days = days
        self._directory = directory

    def sentence(self, sentence: Sentence, brackets: Sequence[BracketFound], into: Fields) -> None:
        """Add what one sentence says, in its running text and in its brackets."""
        spans = _Spans(self._document, sentence)
        today = self._days[sentence.speech]
        self._names(spans, sentence.clean, brackets, into)
        times = self._times(spans, sentence.clean, today, brackets)
        into.deadlines += times
        self._rhythms(spans, sentence.clean, brackets, into)
        self._targets(spans, sentence.clean, brackets, into)

    def row(self, row: TableRow, speech: int, into: Fields) -> None:
        """Add what the columns of a task table say beside one task."""
        named = {owner.text for owner in into.owners} | {support.text for support in into.support}
        for name in (one for one in row.owners if one.text not in named):
            into.owners.append(Owner(name.text, name.start, name.end, name.why, self._unit(name.text)))
        for name in (one for one in row.support if one.text not in named):
            into.support.append(Support(name.text, name.start, name.end, name.why, self._unit(name.text)))
        view = self._document.view
        for time in row.deadlines:
            clean = view.text[view.clean(time.start) : view.clean(time.end)]
            into.deadlines.append(Deadline(time.text, time.start, time.end, *_due(clean, self._days[speech])))
        for time in row.cadence:
            clean = view.text[view.clean(time.start) : view.clean(time.end)]
            into.cadence.append(Cadence(time.text, time.start, time.end, *_rhythm(clean, _COLUMN)))

    def targets_in(self, sentence: Sentence, into: Fields) -> None:
        """Add the targets of a cell in the column of targets."""
        self._targets(_Spans(self._document, sentence), sentence.clean, (), into)

    def _targets(self, spans: _Spans, text: str, brackets: Sequence[BracketFound], into: Fields) -> None:
        for found in find_targets(text):
            if not _covered(found, brackets):
                into.targets.append(Target(*spans.cut(found), found.op, found.value, found.unit, found.of, found.why))

    def _names(self, spans: _Spans, text: str, brackets: Sequence[BracketFound], into: Fields) -> None:
        who = find_who(text)
        owners = [
            name
            for name in who.owners
            if not _covered(name, brackets) and (not into.assigned or _MUST.match(text, name.end))
        ]
        support = [name for name in who.support if not _covered(name, brackets)]
        for bracket in brackets:
            owners += bracket.owners
            support += bracket.support
        for name in _once(owners):
            into.owners.append(Owner(*spans.cut(name), name.why, self._unit(name.text)))
        for name in _once(support):
            into.support.append(Support(*spans.cut(name), name.why, self._unit(name.text)))

    def _times(
        self, spans: _Spans, text: str, today: dt.date | None, brackets: Sequence[BracketFound]
    ) -> Iterable[Deadline]:
        assigned = [time for bracket in brackets for time in bracket.deadlines]
        for found in find_deadlines(text, today):
            if not _covered(found, brackets):
                yield Deadline(*spans.cut(found), found.due, found.why)
        for time in assigned:
            yield Deadline(*spans.cut(time), *_due(time.text, today))

    def _rhythms(self, spans: _Spans, text: str, brackets: Sequence[BracketFound], into: Fields) -> None:
        for found in find_cadence(text):
            if not _covered(found, brackets):
                into.cadence.append(Cadence(*spans.cut(found), found.rrule, found.why))
        times: list[TimeFound] = [time for bracket in brackets for time in bracket.cadence]
        for time in times:
            into.cadence.append(Cadence(*spans.cut(time), *_rhythm(time.text, _IN_BRACKET)))

    def _unit(self, name: str) -> str | None:
        return self._directory.match(name) if self._directory else None


class _Spans:
    """Takes places in a sentence's clean text back to the original text."""

    def __init__(self, document: Document, sentence: Sentence) -> None:
        self._document = document
        view = document.view
        start, end = view.clean(sentence.start), view.clean(sentence.end)
        self._places: Sequence[int] = range(start, end)
        if end - start != len(sentence.clean):
            self._places = [place for place in self._places if view.text[place] != "\n"]

    def cut(self, found: _Spanned) -> tuple[str, int, int]:
        """Return the original characters of a place, and where they stand."""
        first, last = self._places[found.start], self._places[found.end - 1]
        start, end = self._document.view.original(first, last + 1)
        return self._document.text[start:end], start, end


def _due(text: str, today: dt.date | None) -> tuple[dt.date | None, Words]:
    """Return the last day of a time that a bracket or a column gives, and why."""
    found = find_deadlines(text, today)
    return (found[0].due, found[0].why) if found else (None, _UNRESOLVED)


def _rhythm(text: str, otherwise: Words) -> tuple[str | None, Words]:
    """Return the rule of a rhythm that a bracket or a column gives, and why; `otherwise` where it sets none."""
    found = find_cadence(text)
    return (found[0].rrule, found[0].why) if found else (None, otherwise)


def _covered(found: _Spanned, brackets: Sequence[BracketFound]) -> bool:
    return any(bracket.start <= found.start and found.end <= bracket.end for bracket in brackets)


def _once(names: Iterable[NameFound]) -> Iterable[NameFound]:
    """Yield each name once, at its first place."""
    seen = set()
    for name in names:
        if name.text not in seen:
            seen.add(name.text)
            yield name
