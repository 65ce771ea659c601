"""Which open matters, and which other rows of the same document, may already hold what a row demands.

Candidates come from the index of the search by the tokens of a row that tell most; how likely each is, is judged on
the texts (`likeness`). What is found is kept with the row, whoever may see it; :func:`shown` gives each reader theirs.
"""

from __future__ import annotations

import heapq
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

from django.db.models import Q

from luoshi.directives.enums import ClauseState
from luoshi.directives.likeness import Demand, Weights, demand_of, likeness, shared_words
from luoshi.directives.models import Clause, Directive, Reading
from luoshi.org.policy import visible
from luoshi.work import search
from luoshi.work.models import Matter
from luoshi.work.search.tokens import tokens as index_tokens

if TYPE_CHECKING:
    from luoshi.org.policy import Actor

__all__ = ["LIKELY", "Similar", "compare", "shown"]

LIKELY: Final = 0.5
"""From here on two demands are shown as alike; `tests/directives/demand_pairs.txt` tells what that finds and misses."""

_MOST_SHOWN: Final = 4
_TELLING: Final = 14
"""Tokens of a row that the index is asked for."""
_HOLDERS: Final = 400
_CANDIDATES: Final = 15
_PART: Final = 0.25
"""Who holds less than this part of what tells a row from others is no candidate."""
_SAMPLE: Final = 1500
_CHARACTERS: Final = 600
"""Characters of a matter's requirement that are compared."""


@dataclass(frozen=True, slots=True)
class Similar:
    """One thing that may hold a row's demand: a matter, or another row of the document (`clause`)."""

    likeness: float
    shared: tuple[str, ...]
    matter: Matter | None = None
    clause: Clause | None = None

    @property
    def title(self) -> str:
        """What it is called."""
        return str(self.matter.title if self.matter is not None else self.clause)


# Finding.


def compare(directive: Directive, clauses: Iterable[Clause] | None = None) -> None:
    """Find anew what the live rows of a document may repeat, or only some of them, and keep it with each row.

    Matters of confidential registers count only where they are of the document's own register. What became of this
    document's rows does not count, nor what the same rows of an earlier version became: `versions` shows that.
    """
    rows = list(directive.clauses.filter(state__in=ClauseState.live).order_by("number"))
    if not rows:
        return
    asked = rows if clauses is None else [row for row in rows if row.pk in {clause.pk for clause in clauses}]
    demands = {row.pk: _demand(row) for row in rows}
    eligible = _eligible(directive)
    weights = _weights(eligible, demands.values())
    found = _likely_matters(asked, demands, weights, eligible, _paired(directive))
    among = _repeats(rows, demands, weights)
    changed = []
    for row in asked:
        new = [*found.get(row.pk, ()), *among.get(row.pk, ())]
        if new != row.similar:
            row.similar = new
            changed.append(row)
    Clause.objects.bulk_update(changed, ["similar"], batch_size=200)


def _demand(clause: Clause) -> Demand:
    values = clause.values
    return demand_of(str(values.get("requirement") or values.get("title") or ""))


def _eligible(directive: Directive) -> set[int]:
    """Return the numbers of the open matters that the document's rows may be compared with."""
    open_to = Q(confidential=False) | Q(register=directive.register)
    numbers = set(Matter.objects.filter(open_to, is_open=True).order_by().values_list("pk", flat=True))
    own = directive.clauses.filter(matter__isnull=False).values_list("matter_id", flat=True)
    return numbers - set(own)


def _weights(eligible: set[int], demands: Iterable[Demand]) -> Weights:
    """Weigh tokens by a sample of the open matters, evenly taken, and the document itself."""
    every = sorted(eligible)
    step = max(1, len(every) // _SAMPLE)
    sample = search.wordings(every[::step][:_SAMPLE], most=_CHARACTERS)
    return Weights([*(_demand_of(text).tokens for text in sample.values()), *(one.tokens for one in demands)])


def _demand_of(text: search.Text) -> Demand:
    return demand_of(f"{text.title} {text.requirement}", is_folded=True)


def _paired(directive: Directive) -> Mapping[int, set[int]]:
    """Return the matters that each row's own earlier version became, by the row's number."""
    pairs = Reading.objects.filter(directive=directive).values_list("previous", flat=True).first() or []
    old = {pair["old"]: pair["new"] for pair in pairs if pair["old"] and pair["new"]}
    found: dict[int, set[int]] = defaultdict(set)
    if old and directive.previous_id is not None:
        earlier = Clause.objects.filter(directive=directive.previous_id, matter__isnull=False)
        for uid, matter in earlier.values_list("uid", "matter_id"):
            if str(uid) in old and matter is not None:
                found[old[str(uid)]].add(matter)
    return found


def _likely_matters(
    rows: Sequence[Clause],
    demands: Mapping[int, Demand],
    weights: Weights,
    eligible: set[int],
    paired: Mapping[int, set[int]],
) -> dict[int, list[dict[str, Any]]]:
    """Return what is kept of the matters like each row, by the row's key, the likeliest first."""
    if not eligible:
        return {}
    telling = {row.pk: _telling(demands[row.pk], weights) for row in rows}
    holders = search.holders({token for some in telling.values() for token in some}, most=_HOLDERS)
    allowed = {token: [number for number in some if number in eligible] for token, some in holders.items()}
    candidates = {row.pk: _candidates(telling[row.pk], weights, allowed, paired.get(row.number, set())) for row in rows}
    wanted = {number for some in candidates.values() for number in some}
    others = {number: _demand_of(text) for number, text in search.wordings(wanted, most=_CHARACTERS).items()}
    return {
        pk: [
            {"matter": number, "likeness": round(value, 2), "shared": shared_words(demands[pk], others[number])}
            for value, number in _likely(demands[pk], some, others, weights)
        ]
        for pk, some in candidates.items()
    }


def _telling(demand: Demand, weights: Weights) -> list[str]:
    """Return the tokens of a row that tell most, as the index knows them."""
    known = demand.tokens.intersection(index_tokens(demand.whole))
    return heapq.nsmallest(_TELLING, known, key=lambda token: (-weights[token], token))


def _candidates(
    telling: Sequence[str], weights: Weights, holders: Mapping[str, list[int]], without: set[int]
) -> list[int]:
    """Return the matters that hold most of what tells a row from others."""
    held: dict[int, float] = defaultdict(float)
    for token in telling:
        weight = weights[token]
        for number in holders[token]:
            held[number] += weight
    enough = _PART * weights.of(telling)
    able = [(weight, number) for number, weight in held.items() if weight >= enough and number not in without]
    return [number for _weight, number in heapq.nlargest(_CANDIDATES, able)]


def _likely(
    demand: Demand, candidates: Iterable[int], others: Mapping[int, Demand], weights: Weights
) -> list[tuple[float, int]]:
    judged = ((likeness(demand, others[number], weights), number) for number in candidates if number in others)
    return heapq.nlargest(_MOST_SHOWN, (one for one in judged if one[0] >= LIKELY))


def _repeats(
    rows: Sequence[Clause], demands: Mapping[int, Demand], weights: Weights
) -> dict[int, list[dict[str, Any]]]:
    """Return what is kept of the rows of the document that are like each other; both of a pair name the other."""
    found: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for one, other in _meeting(rows, demands, weights):
        here, there = demands[one.pk], demands[other.pk]
        value = likeness(here, there, weights)
        if value >= LIKELY:
            found[one.pk].append({"clause": str(other.uid), **_judged(value, here, there)})
            found[other.pk].append({"clause": str(one.uid), **_judged(value, there, here)})
    for entries in found.values():
        entries.sort(key=lambda entry: (-entry["likeness"], entry["clause"]))
        del entries[_MOST_SHOWN:]
    return found


def _judged(value: float, one: Demand, other: Demand) -> dict[str, Any]:
    return {"likeness": round(value, 2), "shared": shared_words(one, other)}


def _meeting(
    rows: Sequence[Clause], demands: Mapping[int, Demand], weights: Weights
) -> Iterator[tuple[Clause, Clause]]:
    """Give the pairs of rows of which one holds most of what tells the other from the rest, each pair once."""
    telling = [_telling(demands[row.pk], weights) for row in rows]
    holders: dict[str, list[int]] = defaultdict(list)
    for at, some in enumerate(telling):
        for token in some:
            holders[token].append(at)
    pairs = {
        (min(at, other), max(at, other))
        for at, some in enumerate(telling)
        for other in _candidates(some, weights, holders, {at})
    }
    yield from ((rows[one], rows[other]) for one, other in sorted(pairs))


# Showing.


def shown(actor: Actor, clauses: Iterable[Clause]) -> dict[UUID, list[Similar]]:
    """Return by each row's `uid` what may repeat it and `actor` may see, the likeliest first: two queries at most.

    Cancelled matters are left out; one that was closed since is shown with its state.
    """
    given = list(clauses)
    entries = [entry for clause in given for entry in clause.similar]
    numbers = {entry["matter"] for entry in entries if "matter" in entry}
    uids = {entry["clause"] for entry in entries if "clause" in entry}
    rows = visible(actor, Matter.objects.filter(pk__in=numbers).exclude(state="cancelled"))
    matters = rows.select_related("lead", "handler").in_bulk() if numbers else {}
    others = _others(given, uids)
    return {clause.uid: list(_shown(clause, matters, others)) for clause in given}


def _others(given: Sequence[Clause], uids: set[str]) -> dict[str, Clause]:
    """Return the rows that others repeat; the document's whole page has them all already."""
    known = {str(clause.uid): clause for clause in given}
    missing = uids - known.keys()
    if missing:
        known |= {str(clause.uid): clause for clause in Clause.objects.filter(uid__in=missing)}
    return known


def _shown(clause: Clause, matters: Mapping[int, Matter], others: Mapping[str, Clause]) -> Iterator[Similar]:
    for entry in sorted(clause.similar, key=lambda one: -one["likeness"]):
        matter, other = matters.get(entry.get("matter", 0)), others.get(entry.get("clause", ""))
        if matter is not None and matter.pk != clause.matter_id:
            yield Similar(entry["likeness"], tuple(entry["shared"]), matter=matter)
        elif other is not None and other.state in {*ClauseState.live, ClauseState.CONFIRMED}:
            yield Similar(entry["likeness"], tuple(entry["shared"]), clause=other)
