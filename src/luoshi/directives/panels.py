"""What a matter's page shows of the documents that demand it: the paragraph, its sentence marked, and the way there."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from django.db.models import ExpressionWrapper, F, IntegerField, QuerySet, Value
from django.db.models.functions import Greatest, Substr
from django.template.loader import render_to_string

from luoshi.directives.enums import ClauseState, Stage
from luoshi.directives.models import Clause, Directive, Notice, Reading
from luoshi.org.policy import Actor, Placement, may, visible
from luoshi.work.models import Matter

if TYPE_CHECKING:
    from luoshi.org.gate import SignedIn

__all__ = ["Demand", "demands_of", "source_panel"]

AROUND: Final = 400
"""Characters of the paragraph that are shown before and after the sentence, at most."""
LONGEST: Final = 1500
"""Characters of the sentences themselves that are shown, at most."""


@dataclass(frozen=True, slots=True)
class Demand:
    """One document's words for a matter: pieces of its paragraph, each marked or not.

    `may_open` tells whether the reader may see the document itself; `notices` are those that they may read.
    """

    directive: Directive
    pieces: Sequence[tuple[str, bool]]
    sentence: int | None
    is_joined: bool
    may_open: bool
    notices: Sequence[Notice] = ()


def source_panel(request: SignedIn, matter: Matter) -> str:
    """Return the panel; "" where no document is known to demand the matter. One query then, else up to three."""
    demands = demands_of(matter, request.actor)
    if not demands:
        return ""
    return render_to_string("directives/matter_source.html", {"demands": demands}, request=request)


def demands_of(matter: Matter, actor: Actor) -> list[Demand]:
    """Return what demands `matter`, which `actor` may see; the document it came from first, then the newest.

    The words of a confidential document are shown to those only whom a post names for its register.
    """
    clauses = [clause for clause in _clauses(matter) if _may_read(actor, clause.directive)]
    if not clauses:
        return []
    own = matter.source.get("clause", "")
    clauses.sort(key=lambda clause: str(clause.uid) != own)
    scattered = _scattered(clauses)
    notices = _notices(actor, matter, {clause.directive_id for clause in clauses})
    return [
        Demand(
            directive=clause.directive,
            pieces=_pieces(clause, scattered.get(clause.pk)),
            sentence=min(clause.sentences, default=None),
            is_joined=clause.state == ClauseState.JOINED,
            may_open=may(actor, "directive.see", _place(clause.directive)) is None,
            notices=notices.get(clause.directive_id, ()),
        )
        for clause in clauses
    ]


def _clauses(matter: Matter) -> QuerySet[Clause]:
    """Fetch the rows that became the matter, each with the text around it (`around`, from `begins` on)."""
    number = IntegerField()
    begins = Greatest(F("start") - Value(AROUND), Value(0), output_field=number)
    length = ExpressionWrapper(F("end") - F("begins") + Value(AROUND), output_field=number)
    taken = Clause.objects.filter(matter=matter, state__in=(ClauseState.CONFIRMED, ClauseState.JOINED))
    found = taken.exclude(directive__stage=Stage.WITHDRAWN).select_related("directive").order_by("-pk")
    document = ("title", "name", "number", "date", "register", "confidential", "stage")
    slim = found.only("uid", "start", "end", "sentences", "state", *(f"directive__{name}" for name in document))
    return slim.annotate(begins=begins).annotate(
        around=Substr("directive__reading__text", F("begins") + Value(1), length)
    )


def _place(directive: Directive) -> Placement:
    return Placement(None, confidential=directive.register if directive.confidential else "")


def _may_read(actor: Actor, directive: Directive) -> bool:
    named = {code for post in actor.posts for code in post.registers}
    return not directive.confidential or directive.register in named


def _scattered(clauses: Iterable[Clause]) -> dict[int, list[tuple[int, int]]]:
    """Return where the sentences of rows stand that have others between them; asks nothing where no row is such."""
    apart = [
        clause
        for clause in clauses
        if clause.sentences and max(clause.sentences) - min(clause.sentences) + 1 > len(clause.sentences)
    ]
    if not apart:
        return {}
    readings = Reading.objects.filter(directive__in=[clause.directive_id for clause in apart])
    sentences = dict(readings.values_list("directive_id", "sentences"))
    return {
        clause.pk: [
            (sentences[clause.directive_id][index]["s"], sentences[clause.directive_id][index]["e"])
            for index in sorted(clause.sentences)
        ]
        for clause in apart
    }


def _pieces(clause: Clause, spans: Sequence[tuple[int, int]] | None) -> list[tuple[str, bool]]:
    """Cut the paragraph into pieces; "…" stands where it is too long to be shown whole."""
    text: str = getattr(clause, "around", "") or ""
    shift: int = getattr(clause, "begins", 0)
    first, last = clause.start - shift, min(clause.end - shift, len(text))
    begin = text.rfind("\n", 0, first) + 1
    end = text.find("\n", last)
    cut_before = begin == 0 and shift > 0
    cut_after = end < 0 and len(text) >= last + AROUND
    end = len(text) if end < 0 else end
    pieces: list[tuple[str, bool]] = [("…" if cut_before else "", False)]
    at = begin
    for start, stop in spans or [(clause.start, clause.end)]:
        between = text[at : start - shift]
        pieces += [(between if at == begin else _gap(between), False)]
        pieces += [(_shortened(text[start - shift : stop - shift]), True)]
        at = stop - shift
    return [piece for piece in (*pieces, (text[at:end], False), ("…" if cut_after else "", False)) if piece[0]]


def _gap(text: str) -> str:
    """Return what stands between two sentences of a row, without its middle where it is long."""
    half = AROUND // 2
    return text if len(text) <= AROUND else f"{text[:half]}…{text[-half:]}"


def _shortened(text: str) -> str:
    return text if len(text) <= LONGEST else text[:LONGEST] + "…"


def _notices(actor: Actor, matter: Matter, directives: Iterable[int]) -> dict[int, list[Notice]]:
    """Return the notices that told units of the matter, by document, as far as `actor` may read them."""
    issued: dict[int, list[Notice]] = defaultdict(list)
    readable: Any = visible(actor, Notice.objects.filter(directive__in=directives), "notice.see")
    for notice in readable.select_related("unit").order_by("issued_at", "pk").defer("head"):
        if any(row.get("matter") == matter.pk for row in notice.rows):
            issued[notice.directive_id].append(notice)
    return issued
