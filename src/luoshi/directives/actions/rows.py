"""Acts that change which row holds which words: move, merge, split, make."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from luoshi.directives.actions.door import Review, write
from luoshi.directives.actions.sentences import (
    Sentences,
    follow,
    holders,
    indexes_of,
    is_cut,
    pieces_of,
    sentences_of,
    source_of,
    stand_on,
    take_from,
)
from luoshi.directives.actions.standing import document_of, require_live
from luoshi.directives.anew import Piece, read_anew, said_within
from luoshi.directives.enums import ClauseState, ReviewAct
from luoshi.directives.models import Clause, Directive, Edit
from luoshi.directives.proposing import fields_for
from luoshi.directives.values import NAMES
from luoshi.org.policy import Actor
from luoshi.work import registers
from luoshi.work.actions.values import LONG, text

__all__ = ["make", "merge", "move", "split"]

Seen = Mapping[Any, int]


def move(
    clause: Clause, *, by: Actor, operation: uuid.UUID, sentences: Iterable[int], seen: Seen | None = None
) -> Edit:
    """Let a row stand on these sentences and no others; what other rows held of them they give up.

    Refused where another row would be left without any, and for a row that holds but a part of a sentence. The words of
    the demand follow unless a person wrote them.
    """
    wanted = list(sentences)

    def decide(case: Review) -> None:
        (row,) = case.clauses([clause])
        require_live(case, row)
        source = source_of(case)
        chosen = indexes_of(wanted, source.sentences)
        if is_cut(row, source.sentences):
            raise case.impossible(_("这一条只是一句话的一部分，不能调整句子；可以合并或拆分。"))
        _take(case, chosen, besides=[row])
        stand_on(case, row, chosen, source)

    return write(document_of([clause]), ReviewAct.MOVE, by=by, operation=operation, seen=seen, decide=decide)


def _take(case: Review, chosen: Sequence[int], *, besides: Sequence[Clause]) -> None:
    """Take sentences from the rows that hold them, and from the kinds that a person gave them."""
    held = holders(case, besides=besides)
    others = case.clauses(sorted({uid for index in chosen for uid in held.get(index, ())}))
    take_from(case, others, chosen)
    for index in chosen:
        case.label(index, None)


def make(
    directive: Directive,
    *,
    by: Actor,
    operation: uuid.UUID,
    sentences: Iterable[int],
    seen: Seen | None = None,
) -> Edit:
    """Make a row of sentences. What their words say of who, when and how much is proposed, as in any row.

    Sentences that belong to rows are taken from them; refused where such a row would be left without any.
    """
    wanted = list(sentences)

    def decide(case: Review) -> None:
        source = source_of(case)
        chosen = indexes_of(wanted, source.sentences)
        _take(case, chosen, besides=[])
        pieces = [Piece(one["s"], one["e"], one["block"]) for one in (source.sentences[index] for index in chosen)]
        _said, values = read_anew(source.text, pieces, source.day)
        case.add(
            start=pieces[0].start,
            end=pieces[-1].end,
            sentences=list(chosen),
            values={**values, "fields": _fields(case.directive)},
        )

    return write(directive, ReviewAct.MAKE, by=by, operation=operation, seen=seen, decide=decide)


def _fields(directive: Directive) -> dict[str, Any]:
    register = registers.current(directive.register)
    return fields_for(register, kind=directive.kind, number=directive.number, title=directive.title)


# Merging.


def merge(
    clauses: Sequence[Clause],
    *,
    by: Actor,
    operation: uuid.UUID,
    seen: Seen | None = None,
    at: dt.datetime | None = None,
) -> Edit:
    """Put rows together into the first one given.

    Its title stays; the words of the demand stand in the order of the text; other lead units help; the earliest day
    holds; figures, rhythms and milestones come together without repeats. The other rows are marked as merged into it.
    """
    if len({str(one.uid) for one in clauses}) < 2:
        raise ValidationError({"clauses": ValidationError(_("请至少选两条再合并。"), code="too_few")})

    def decide(case: Review) -> None:
        rows = case.clauses(clauses)
        for row in rows:
            require_live(case, row)
        first, *others = rows
        checked = all(row.state == ClauseState.CHECKED for row in rows)
        _unite_words(case, first, rows)
        case.put(
            first,
            values=_united(rows),
            decided=_decided(rows),
            state=(ClauseState.CHECKED if checked else ClauseState.OPEN).value,
        )
        for row in others:
            case.put(row, state=ClauseState.MERGED.value, into=first.pk)

    return write(document_of(clauses), ReviewAct.MERGE, by=by, operation=operation, seen=seen, at=at, decide=decide)


def _unite_words(case: Review, first: Clause, rows: Sequence[Clause]) -> None:
    """Let the first row stand on the words of all; refused where that would take in words of another."""
    sentences = sentences_of(case)
    before = _stretches(piece for row in rows for piece in pieces_of(row, sentences))
    chosen = sorted({index for row in rows for index in row.sentences})
    start, end = min(row.start for row in rows), max(row.end for row in rows)
    case.put(first, sentences=chosen, start=start, end=end)
    if _stretches(pieces_of(first, sentences)) != before:
        raise case.impossible(_("其中一句话拆成了几条，请连同那几条一起合并。"))


def _stretches(pieces: Iterable[Piece]) -> list[tuple[int, int]]:
    """Return pieces as stretches of text, joined where one begins as the other ends."""
    found: list[tuple[int, int]] = []
    for piece in sorted(pieces):
        if found and piece.start <= found[-1][1]:
            found[-1] = found[-1][0], max(found[-1][1], piece.end)
        else:
            found.append((piece.start, piece.end))
    return found


def _united(rows: Sequence[Clause]) -> dict[str, Any]:
    first = rows[0].values
    demands = dict.fromkeys(row.values["requirement"] for row in sorted(rows, key=lambda row: (row.start, row.number)))
    requirement = text("\n".join(filter(None, demands)), "requirement", most=LONG)
    lead = next((row.values["lead"] for row in rows if row.values["lead"]), None)
    helpers = [code for row in rows for code in (row.values["lead"], *row.values["support"]) if code and code != lead]
    due = min((row.values for row in rows if row.values["due"]), key=lambda one: str(one["due"]), default=None)
    return {
        **first,
        "requirement": requirement,
        "lead": lead,
        "lead_text": "" if lead else _first_words(rows, "lead_text"),
        "support": list(dict.fromkeys(helpers)),
        "due": due["due"] if due else None,
        "due_text": due["due_text"] if due else _first_words(rows, "due_text"),
        "fields": {name: value for row in reversed(rows) for name, value in row.values["fields"].items()},
        **{
            name: _once(entry for row in rows for entry in row.values[name])
            for name in ("support_text", "cadence", "targets", "milestones")
        },
    }


def _first_words(rows: Iterable[Clause], name: str) -> str:
    return next((row.values[name] for row in rows if row.values[name]), "")


def _once(entries: Iterable[Any]) -> list[Any]:
    found: list[Any] = []
    for entry in entries:
        if entry not in found:
            found.append(entry)
    return found


def _decided(rows: Sequence[Clause]) -> list[str]:
    names = set(rows[0].decided) | {name for row in rows for name in row.decided if name != "title"}
    return [name for name in NAMES if name in names]


# Splitting.


def split(  # noqa: PLR0913 — an act's own arguments
    clause: Clause,
    *,
    by: Actor,
    operation: uuid.UUID,
    at: int | None = None,
    at_char: int | None = None,
    seen: Seen | None = None,
) -> Edit:
    """Split a row in two: the new row begins with sentence `at`, or with character `at_char` of the document's text.

    The new row takes along what the text says in its words; where they say nothing of who and when, it has what the row
    had. Both are to be checked.
    """
    if (at is None) == (at_char is None):
        raise TypeError("a row is split at a sentence or at a character")

    def decide(case: Review) -> None:
        (row,) = case.clauses([clause])
        require_live(case, row)
        source = source_of(case)
        first, second = _halves(row, source.sentences, at, at_char)
        heads, tails = first.pieces(source.sentences), second.pieces(source.sentences)
        if not all(any(source.text[piece.start : piece.end].strip() for piece in half) for half in (heads, tails)):
            raise _no_place()
        new = case.add(sentences=second.sentences, start=second.start, end=second.end, said={}, values={})
        said, anew = read_anew(source.text, tails, source.day)
        values, decided = _tail_of(row, anew)
        case.put(new, values=values, decided=decided, said=_said_of_tail(row, said, second.sentences, tails))
        case.put(new, confidence=row.confidence)
        case.put(row, sentences=first.sentences, start=first.start, end=first.end, state=ClauseState.OPEN.value)
        follow(case, row, heads, tails, source)

    return write(document_of([clause]), ReviewAct.SPLIT, by=by, operation=operation, seen=seen, decide=decide)


class _Half:
    """One half of a row: its sentences, from where to where."""

    def __init__(self, sentences: list[int], start: int, end: int) -> None:
        self.sentences, self.start, self.end = sentences, start, end

    def pieces(self, sentences: Sentences) -> list[Piece]:
        """Return the stretches of text of this half."""
        return pieces_of(Clause(sentences=self.sentences, start=self.start, end=self.end), sentences)


def _halves(row: Clause, sentences: Sentences, at: int | None, at_char: int | None) -> tuple[_Half, _Half]:
    if at is not None:
        if at not in row.sentences[1:]:
            raise _no_place()
        place = row.sentences.index(at)
        before, behind = row.sentences[:place], row.sentences[place:]
        return _Half(before, row.start, sentences[before[-1]]["e"]), _Half(behind, sentences[at]["s"], row.end)
    assert at_char is not None
    pieces = pieces_of(row, sentences)
    inside = [number for number, piece in enumerate(pieces) if piece.start < at_char < piece.end]
    if not inside:
        raise _no_place()
    place = inside[0]
    before, behind = row.sentences[: place + 1], row.sentences[place:]
    return _Half(before, row.start, at_char), _Half(behind, at_char, row.end)


def _no_place() -> ValidationError:
    message = _("这里不能拆分：请选这一条中间的句子或文字。")
    return ValidationError({"at": ValidationError(message, code="no_place")})


def _said_of_tail(
    row: Clause, anew: Mapping[str, Any], sentences: Sequence[int], pieces: Sequence[Piece]
) -> dict[str, Any]:
    """Return the part of what was drafted that stands in the new row's words; nothing where a person made the row."""
    if not row.said:
        return {}
    return {**said_within(row.said, pieces), "title": anew.get("title", ""), "sentences": list(sentences)}


def _tail_of(row: Clause, anew: Mapping[str, Any]) -> tuple[dict[str, Any], list[str]]:
    """Return the values of the new row, and which of them a person decided."""
    values, decided = {**anew, "fields": dict(row.values["fields"])}, ["fields"] if "fields" in row.decided else []
    for name, words in (("lead", "lead_text"), ("support", "support_text"), ("due", "due_text")):
        if not (anew[name] or anew[words]):
            values[name], values[words] = row.values[name], row.values[words]
            decided += [one for one in (name, words) if one in row.decided]
    values["support"] = [code for code in values["support"] if code != values["lead"]]
    return values, [name for name in NAMES if name in decided]
