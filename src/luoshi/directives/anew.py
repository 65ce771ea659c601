"""Words that a person makes a row of: the same grammars that draft a document read them anew.

Whether the words are a task is not asked: the person says so. Names, times, rhythms and figures are found in them as in
any row; places count characters of the whole document.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple

from luoshi.directives.bodies import bodies
from luoshi.directives.proposing import said_of, values_of
from luoshi.directives.units import directory
from luoshi.drafting.brackets import BracketFound, find_brackets, says_first_leads
from luoshi.drafting.fields import Fields, Reader
from luoshi.drafting.naming import row_name
from luoshi.drafting.plan import Task
from luoshi.reading import ReadError, read
from luoshi.reading.document import Document, Sentence

__all__ = ["FOUND", "Piece", "read_anew", "said_within"]

FOUND: Final = ("owners", "support", "deadlines", "cadence", "targets")
"""What a row says, by kind; each entry knows where it stands."""


class Piece(NamedTuple):
    """A stretch of the document's text that belongs to a row, and the paragraph that it stands in."""

    start: int
    end: int
    block: int


def said_within(said: Mapping[str, Any], pieces: Sequence[Piece]) -> dict[str, Any]:
    """Return what a row says with only those findings that stand in `pieces`."""

    def inside(found: Mapping[str, Any]) -> bool:
        return any(piece.start <= found["s"] and found["e"] <= piece.end for piece in pieces)

    return {**said, **{kind: [found for found in said.get(kind, ()) if inside(found)] for kind in FOUND}}


def read_anew(text: str, pieces: Sequence[Piece], today: dt.date | None) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return what the words say, and the values that are proposed from it, as for a drafted row.

    `today` is the day that relative times count from. Words that cannot be read say nothing but themselves.
    """
    words, places = _joined(text, pieces)
    try:
        document = read(words.encode(errors="replace"), "words.txt")
    except ReadError:
        document = None
    if document is None or document.text != words:
        return {}, _bare(words)
    task = _task(document, today)
    said = bodies().completed(said_of(task), document)
    values = values_of(said, document, {})
    for kind in FOUND:
        for found in said[kind]:
            found["s"], found["e"] = places[found["s"]], places[found["e"] - 1] + 1
    values["requirement"] = values["requirement"].rstrip("，、,")  # where a sentence was cut
    return said, values


def _joined(text: str, pieces: Sequence[Piece]) -> tuple[str, list[int]]:
    """Return the words of the pieces, a line a paragraph, and for each character its place in the document."""
    words, places = "", []
    for number, piece in enumerate(pieces):
        if number and piece.block != pieces[number - 1].block:
            words += "\n"
            places.append(piece.start)
        words += text[piece.start : piece.end].replace("\n", " ").replace("\r", " ")
        places += range(piece.start, piece.end)
    return words, places


def _bare(words: str) -> dict[str, Any]:
    """Return the values of a row of which nothing is known but its words."""
    plain = "\n".join(filter(None, (" ".join(line.split()) for line in words.split("\n"))))
    none: dict[str, Any] = {"lead": None, "lead_text": "", "support": [], "support_text": [], "due": None}
    lists: dict[str, Any] = {"due_text": "", "cadence": [], "targets": [], "milestones": [], "fields": {}}
    return {"title": " ".join(plain.split())[:200], "requirement": plain[:5000], **none, **lists}


def _task(document: Document, today: dt.date | None) -> Task:
    sentences = document.sentences
    first_leads = says_first_leads(document.view.text)
    brackets = [find_brackets(sentence.clean, first_leads=first_leads) for sentence in sentences]
    fields = _fields(document, brackets, today)
    return Task(
        id=1,
        speech=sentences[0].speech,
        start=0,
        end=len(document.text),
        text=document.text,
        title=_name(document, sentences[0], fields),
        path=(),
        sentences=tuple(range(len(sentences))),
        owners=tuple(fields.owners),
        support=tuple(fields.support),
        deadlines=tuple(fields.deadlines),
        cadence=tuple(fields.cadence),
        targets=tuple(fields.targets),
        confidence=1.0,
        why=(),
    )


def _fields(document: Document, brackets: Sequence[Sequence[BracketFound]], today: dt.date | None) -> Fields:
    reader = Reader(document, {speech.id: today for speech in document.speeches}, directory())
    fields = Fields(assigned=any(bracket.owners for found in brackets for bracket in found))
    for sentence, found in zip(document.sentences, brackets, strict=True):
        reader.sentence(sentence, found, fields)
    return fields


def _name(document: Document, sentence: Sentence, fields: Fields) -> str:
    """Return a short name for the row, as drafting names one."""
    view = document.view

    def words(found: Sequence[Any]) -> list[str]:
        those = {view.text[view.clean(one.start) : view.clean(one.end)] for one in found}
        return sorted(those, key=len, reverse=True)

    body = sentence.clean[len(sentence.marker) :].strip(" 　、.．")
    return row_name(body, words([*fields.owners, *fields.support]), words(fields.deadlines))
