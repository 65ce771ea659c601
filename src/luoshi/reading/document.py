"""What reading returns: a document with its sentences, each of which knows where it stands.

Every `start` and `end` counts characters of :attr:`Document.text`, the original; the repaired text that the rest of
Luoshi understands is a side view (:class:`~luoshi.reading.repair.View`) whose every character points back.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from luoshi.reading.extract import Block, Repair
from luoshi.words import Words

if TYPE_CHECKING:
    from luoshi.reading.repair import View

__all__ = ["Document", "Found", "FoundDate", "Noise", "Origin", "Part", "Sentence", "Speech"]


class Part(StrEnum):
    """The part of a speech or plan that a sentence stands in, told by the words of the headings above it."""

    OPENING = "opening"
    REVIEW = "review"
    PROBLEMS = "problems"
    PLAN = "plan"
    CLOSING = "closing"
    NONE = "none"


class Noise(StrEnum):
    """Why a passage is no part of the document proper."""

    NAVIGATION = "navigation"
    COLLECTOR = "collector"  # 下面是小编为大家整理的…
    ADVERTISING = "advertising"
    INDECENT = "indecent"
    COPYRIGHT = "copyright"
    RELATED = "related"
    WALL = "wall"  # 阅读全文, 下载全文
    STRAY = "stray"  # page headers and footers, lost fragments


@dataclass(frozen=True, slots=True)
class Found:
    """Something that the text says, with the place where it says it."""

    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class FoundDate:
    """The day that a document's own times count from, where it was found, and why it was taken."""

    day: dt.date
    start: int | None
    end: int | None
    why: Words


@dataclass(frozen=True, slots=True)
class Origin:
    """What a document says about itself; None where it does not say."""

    title: Found | None = None
    issuer: Found | None = None
    number: Found | None = None
    date: FoundDate | None = None


@dataclass(frozen=True, slots=True)
class Speech:
    """One speech or document of a bundle. A file that is no bundle holds exactly one.

    `same_as` is the id of an earlier speech in the file with nearly the same text. `about` is what the title says the
    speech is about, as far as it says so.
    """

    id: int
    title: str
    start: int
    end: int
    same_as: int | None = None
    about: str = ""


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence: characters `start` to `end` of the original text, and where it stands.

    `clean` is its repaired text without line breaks; `marker` the list marker it begins with (一、 （一） 1.), else "";
    `level` its depth in the outline where it opens an outline item (1 the highest), else None. `path` holds the
    indexes, in :attr:`Document.sentences`, of the outline items above it, the highest first. `block` is an index into
    :attr:`Document.blocks`; `order` its place among the sentences of that block, from 0.
    """

    start: int
    end: int
    clean: str
    block: int
    order: int
    speech: int
    marker: str
    level: int | None
    path: tuple[int, ...]
    part: Part
    noise: Noise | None


@dataclass(frozen=True, slots=True)
class Document:
    """A file that was read."""

    name: str
    format: str
    sha256: str
    text: str
    view: View
    blocks: tuple[Block, ...]
    speeches: tuple[Speech, ...]
    sentences: tuple[Sentence, ...]
    origin: Origin
    repairs: tuple[Repair, ...]
    warnings: tuple[Words, ...]
    properties: Mapping[str, str]

    def quote(self, start: int, end: int) -> str:
        """Return the original characters from `start` to `end`."""
        return self.text[start:end]
