"""What drafting returns: the plan that a document contains, as rows whose every field shows the words it came from."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from luoshi.reading.document import Document, FoundDate
from luoshi.words import Words

__all__ = ["Cadence", "Deadline", "Label", "Labelled", "Owner", "Plan", "Support", "Target", "Task"]

Operator = Literal[">=", "<=", "=", "<", ">", "+", "-"]


class Label(StrEnum):
    """What a sentence as a whole is."""

    TITLE = "title"
    HEADING = "heading"
    TASK = "task"
    PRINCIPLE = "principle"
    ACHIEVEMENT = "achievement"
    PROBLEM = "problem"
    OTHER = "other"
    BOILERPLATE = "boilerplate"


@dataclass(frozen=True, slots=True)
class Owner:
    """A body that must act.

    `unit` is its code in the authority's directory; an `implied` owner is one that the text does not name.
    """

    text: str
    start: int
    end: int
    why: Words
    unit: str | None = None
    implied: bool = False


@dataclass(frozen=True, slots=True)
class Support:
    """A body that must help."""

    text: str
    start: int
    end: int
    why: Words
    unit: str | None = None


@dataclass(frozen=True, slots=True)
class Deadline:
    """A time by which, or in which, the work is due; `due` is its last day, None where it cannot be told."""

    text: str
    start: int
    end: int
    due: dt.date | None
    why: Words


@dataclass(frozen=True, slots=True)
class Cadence:
    """A rhythm; `rrule` in the form of RFC 5545, None where the words set no rhythm that a calendar could keep."""

    text: str
    start: int
    end: int
    rrule: str | None
    why: Words


@dataclass(frozen=True, slots=True)
class Target:
    """A number that the work must reach: `op` `value` `unit`, measured of `of` ("" where the text does not say)."""

    text: str
    start: int
    end: int
    op: Operator
    value: float
    unit: str
    of: str
    why: Words


@dataclass(frozen=True, slots=True)
class Labelled:
    """A sentence's label, by index into :attr:`Document.sentences`; `why` names the strongest reasons first."""

    sentence: int
    label: Label
    confidence: float
    task: int | None
    why: Sequence[Words]


@dataclass(frozen=True, slots=True)
class Task:
    """One row of the task table.

    `start` and `end` reach from the first to the last of its `sentences` (indexes into :attr:`Document.sentences`);
    `text` is the original text between them; `title` a short name for the row; `path` the headings above it.
    """

    id: int
    speech: int
    start: int
    end: int
    text: str
    title: str
    path: tuple[str, ...]
    sentences: tuple[int, ...]
    owners: tuple[Owner, ...]
    support: tuple[Support, ...]
    deadlines: tuple[Deadline, ...]
    cadence: tuple[Cadence, ...]
    targets: tuple[Target, ...]
    confidence: float
    why: Sequence[Words]


@dataclass(frozen=True, slots=True)
class Plan:
    """What was drafted from one document; `date` is the day that its relative times count from."""

    document: Document
    date: FoundDate | None
    labels: tuple[Labelled, ...]
    tasks: tuple[Task, ...]
