"""Which open matters, and which other rows of the same document, may already hold what a row demands.

Candidates come from the index of the search by the tokens of a row that tell most; how likely each is, is judged on
the texts (`likeness`). What is found is kept with the row, whoever may see it; :func:`shown` gives each reader theirs.
"""

from __future__ import annotations

import heapq
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

from django.db.models import Max, Min, Q, QuerySet

from luoshi.directives.enums import ClauseState
from luoshi.directives.likeness import Demand, Weights, demand_of, likeness, shared_words
from luoshi.directives.models import Clause, Directive, Edit, Reading
from luoshi.org.policy import visible
from luoshi.work import search
from luoshi.work.models import Matter
from luoshi.work.search.tokens import tokens as index_tokens

if TYPE_CHECKING:
    from luoshi.org.policy import Actor

__all__ = ["LIKELY", "Similar", "compare", "follow", "shown"]

LIKELY: Final = 0.5
"""From here on two demands are shown as alike; `tests/directives/demand_pairs.txt` tells what that finds and misses."""

_MOST_SHOWN: Final = 4
_TELLING: Final = 14
"""Tokens of a row that the index is asked for."""
_HOLDERS: Final = 400
"""As many matters, the newest, are asked for that hold a token; tokens of more are asked for in pairs."""
_CANDIDATES: Final = 15
_PART: Final = 0.25
"""Who holds less than this part of what tells a row from others is no candidate."""
_SAMPLE: Final = 1500
_SMALL_SAMPLE: Final = 250
_AFTER_AN_EDIT: Final = 10
"""For so few rows a smaller sample must do: somebody waits for the answer."""
_FEW: Final = 20_000
"""Above so many, finding out which matters are open is faster by reading all that are."""
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
    live = directive.clauses.filter(state__in=ClauseState.live).order_by("number")
    rows = list(live.only("uid", "directive", "number", "values", "similar"))
    asked = rows if clauses is None else [row for row in rows if row.pk in {clause.pk for clause in clauses}]
    if not asked:
        return
    demands = {row.pk: _demand(row) for row in rows}
    matters = _Matters(directive)
    weights = _weights(matters, list(demands.values()), _SAMPLE if len(asked) > _AFTER_AN_EDIT else _SMALL_SAMPLE)
    found = _likely_matters(asked, demands, weights, matters)
    among = _repeats(rows, demands, weights, asked)
    changed = []
    for row in asked:
        new = [*found.get(row.pk, ()), *among.get(row.pk, ())]
        if new != row.similar:
            row.similar = new
            changed.append(row)
    Clause.objects.bulk_update(changed, ["similar"], batch_size=200)


def follow(directive: Directive, edit: Edit) -> None:
    """Compare the rows anew that an edit gave other words; after its transaction, so that nobody waits for it."""
    uids = [entry["uid"] for entry in edit.data.get("clauses", ()) if _is_reworded(entry)]
    if uids:
        compare(directive, list(directive.clauses.filter(uid__in=uids, state__in=ClauseState.live)))


def _is_reworded(entry: Mapping[str, Any]) -> bool:
    """Tell whether an edit left a row with other words than it had, or brought a row (back) under review."""
    was, new = entry["was"], entry["set"]
    if was is None or new is None:
        return new is not None
    back = new.get("state") in ClauseState.live and was.get("state") not in ClauseState.live
    words = ((side.get("values") or {}) for side in (was, new))
    return back or len({str(values.get("requirement") or values.get("title") or "") for values in words}) > 1


def _demand(clause: Clause) -> Demand:
    return _demand_in(str(clause.values.get("requirement") or clause.values.get("title") or ""))


@lru_cache(maxsize=1024)
def _demand_in(words: str) -> Demand:
    """Kept for a while: after an edit the other rows are compared again as they were."""
    return demand_of(words)


class _Matters:
    """The open matters that a document's rows may be compared with."""

    def __init__(self, directive: Directive) -> None:
        open_to = Q(confidential=False) | Q(register=directive.register)
        self._open: QuerySet[Matter] = Matter.objects.filter(open_to, is_open=True).order_by()
        own = directive.clauses.filter(matter__isnull=False).values_list("matter_id", flat=True)
        self._without = set(own)
        self.earlier = _paired(directive)
        ends = Matter.objects.aggregate(first=Min("pk"), last=Max("pk"))
        self._first, self._last = ends["first"] or 0, ends["last"] or -1
        self.number = self._last - self._first + 1
        """How many there are about, ended ones too."""

    def among(self, numbers: set[int]) -> set[int]:
        """Return those of `numbers` that are open and may be compared with."""
        if len(numbers) > _FEW:
            every = self._open.values_list("pk", flat=True)
            return numbers.intersection(every) - self._without
        return set(self._open.filter(pk__in=search.these(numbers)).values_list("pk", flat=True)) - self._without

    def sample(self, size: int) -> list[int]:
        """Return at most `size` of them, evenly taken from old to new."""
        step = max(1, self.number // (2 * size))
        points = self.among(set(range(self._first, self._last + 1, step)))
        return sorted(points)[:: max(1, len(points) // size)][:size]


def _weights(matters: _Matters, demands: Sequence[Demand], size: int) -> Weights:
    """Weigh tokens by a sample of the open matters and, in the same measure, of the document itself."""
    sample = search.wordings(matters.sample(size), most=_CHARACTERS)
    own = demands[:: _SAMPLE // size]
    return Weights([*(_demand_of(text).tokens for text in sample.values()), *(one.tokens for one in own)])


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
    rows: Sequence[Clause], demands: Mapping[int, Demand], weights: Weights, matters: _Matters
) -> dict[int, list[dict[str, Any]]]:
    """Return what is kept of the matters like each row, by the row's key, the likeliest first."""
    if not matters.number:
        return {}
    many = _HOLDERS / matters.number
    telling = {row.pk: _telling(demands[row.pk], weights) for row in rows}
    asked = {row.pk: _asked(telling[row.pk], demands[row.pk], weights, many) for row in rows}
    holders = search.holders({tokens for some in asked.values() for tokens in some}, most=_HOLDERS)
    allowed = matters.among({number for some in holders.values() for number in some})
    open_holders = {tokens: [number for number in some if number in allowed] for tokens, some in holders.items()}
    candidates = {
        row.pk: _candidates(
            asked[row.pk], telling[row.pk], weights, open_holders, matters.earlier.get(row.number, set())
        )
        for row in rows
    }
    wanted = {number for some in candidates.values() for number in some}
    others = {number: _demand_of(text) for number, text in search.wordings(wanted, most=_CHARACTERS).items()}
    return {
        pk: [
            {"matter": number, "likeness": round(value, 2), "shared": shared_words(demands[pk], others[number])}
            for value, number in _likely(demands[pk], some, others, weights)
        ]
        for pk, some in candidates.items()
    }


def _asked(telling: Sequence[str], demand: Demand, weights: Weights, many: float) -> list[search.Tokens]:
    """Return what the index is asked for about a row: its rare tokens one by one, those of many matters in pairs.

    Of the holders of a common token the newest alone would be found, at a high price. Two that stand far apart in the
    row are asked for together: whatever holds more than half of them holds such a pair.
    """
    common = sorted((token for token in telling if weights.share(token) > many), key=demand.whole.find)
    rare: list[search.Tokens] = [(token,) for token in telling if token not in common]
    half = len(common) // 2
    if not half:
        return [*rare, *((token,) for token in common)]
    pairs = zip(common[:half], common[half:], strict=False)
    odd = [(common[-1], common[0])] if len(common) % 2 else []
    return [*rare, *((min(pair), max(pair)) for pair in (*pairs, *odd))]


def _telling(demand: Demand, weights: Weights) -> list[str]:
    """Return the tokens of a row that tell most, as the index knows them."""
    known = demand.tokens.intersection(index_tokens(demand.whole))
    return heapq.nsmallest(_TELLING, known, key=lambda token: (-weights[token], token))


def _candidates(
    asked: Iterable[search.Tokens],
    telling: Sequence[str],
    weights: Weights,
    holders: Mapping[search.Tokens, list[int]],
    without: set[int],
) -> list[int]:
    """Return the matters that hold most of what tells a row from others."""
    bits = {token: 1 << place for place, token in enumerate(telling)}
    held: dict[int, int] = defaultdict(int)
    for tokens in asked:
        these = sum(bits[token] for token in tokens)
        for number in holders[tokens]:
            held[number] |= these
    weigh = {some: weights.of(token for token, bit in bits.items() if some & bit) for some in set(held.values())}
    enough = _PART * weights.of(telling)
    able = [(weigh[some], number) for number, some in held.items() if weigh[some] >= enough and number not in without]
    return [number for _weight, number in heapq.nlargest(_CANDIDATES, able)]


def _likely(
    demand: Demand, candidates: Iterable[int], others: Mapping[int, Demand], weights: Weights
) -> list[tuple[float, int]]:
    judged = ((likeness(demand, others[number], weights), number) for number in candidates if number in others)
    return heapq.nlargest(_MOST_SHOWN, (one for one in judged if one[0] >= LIKELY))


def _repeats(
    rows: Sequence[Clause], demands: Mapping[int, Demand], weights: Weights, asked: Sequence[Clause]
) -> dict[int, list[dict[str, Any]]]:
    """Return what is kept of the rows of the document that are like those asked for; both of a pair name the other."""
    found: dict[int, list[dict[str, Any]]] = defaultdict(list)
    few = len(asked) <= _AFTER_AN_EDIT
    for one, other in _every_pair(asked, rows) if few else _meeting(rows, demands, weights):
        here, there = demands[one.pk], demands[other.pk]
        value = likeness(here, there, weights)
        if value >= LIKELY:
            found[one.pk].append({"clause": str(other.uid), **_judged(value, here, there)})
            found[other.pk].append({"clause": str(one.uid), **_judged(value, there, here)})
    for entries in found.values():
        entries.sort(key=lambda entry: (-entry["likeness"], entry["clause"]))
        del entries[_MOST_SHOWN:]
    return found


def _every_pair(asked: Sequence[Clause], rows: Sequence[Clause]) -> Iterator[tuple[Clause, Clause]]:
    """Give the rows asked for with all others, each pair once."""
    done: set[int] = set()
    for one in asked:
        done.add(one.pk)
        yield from ((one, other) for other in rows if other.pk not in done)


def _judged(value: float, one: Demand, other: Demand) -> dict[str, Any]:
    return {"likeness": round(value, 2), "shared": shared_words(one, other)}


def _meeting(
    rows: Sequence[Clause], demands: Mapping[int, Demand], weights: Weights
) -> Iterator[tuple[Clause, Clause]]:
    """Give the pairs of rows of which one holds most of what tells the other from the rest, each pair once."""
    telling = [_telling(demands[row.pk], weights) for row in rows]
    holders: dict[search.Tokens, list[int]] = defaultdict(list)
    for at, some in enumerate(telling):
        for token in some:
            holders[token,].append(at)
    pairs = {
        (min(at, other), max(at, other))
        for at, some in enumerate(telling)
        for other in _candidates([(token,) for token in some], some, weights, holders, {at})
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
