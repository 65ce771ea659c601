"""The fields of a task as a labelled document holds them: the words of one sentence that say who, by when, how much.

They are the words that were found when the document was drafted, less what a person took away, and with what a person
put there as far as the sentence says it. What a person decided without a word in the text (another unit because duties
changed) does not change what the text says.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any, Final, NamedTuple

from luoshi.directives.models import Clause
from luoshi.org.models import Unit

__all__ = ["Names", "fields_of", "names_of"]

Names = Mapping[str, Sequence[str]]
"""The names of units by code, the longest first."""
Entry = dict[str, Any]


class Found(NamedTuple):
    """Words of a sentence for one field: from `start` of the whole text on, as the labels write them."""

    start: int
    entry: Any


def names_of(clauses: Iterable[Clause]) -> dict[str, list[str]]:
    """Return the names of all units that rows name. One query."""
    codes = {code for clause in clauses for code in (clause.values.get("lead"), *clause.values.get("support", ()))}
    units = Unit.objects.filter(code__in=codes - {None}).values_list("code", "name", "short_names")
    return {code: sorted({name, *short} - {""}, key=len, reverse=True) for code, name, short in units}


def fields_of(
    row: Clause, clauses: Iterable[Clause], sentence: Mapping[str, Any], words: str, names: Names
) -> dict[str, list[Any]]:
    """Return the fields of one sentence of `row` by their names, those that have any.

    What was drafted of the sentence counts whichever of the document's `clauses` it was drafted into.
    """
    place = _Sentence(row, sentence["s"], words, _said_within(clauses, sentence))
    owners, support = _bodies(place, names)
    found = {
        "owners": owners,
        "support": support,
        "deadlines": _deadlines(place),
        "cadence": _cadence(place),
        "targets": _targets(place),
    }
    return {
        name: [one.entry for one in sorted(those, key=lambda one: one.start)] for name, those in found.items() if those
    }


class _Sentence(NamedTuple):
    """One sentence with the row that stands on it; `said` is what was drafted of it by field."""

    row: Clause
    start: int
    words: str
    said: Mapping[str, list[Entry]]

    def decided(self, *names: str) -> bool:
        """Tell whether a person decided one of these."""
        return not set(names).isdisjoint(self.row.decided)

    def place_of(self, words: str) -> int | None:
        """Return where the whole text has these words within the sentence."""
        at = self.words.find(words) if words else -1
        return None if at < 0 else self.start + at


def _said_within(clauses: Iterable[Clause], sentence: Mapping[str, Any]) -> dict[str, list[Entry]]:
    found: dict[str, dict[tuple[int, int], Entry]] = {name: {} for name in _FIELDS}
    for clause in clauses:
        for name in _FIELDS:
            for entry in clause.said.get(name, ()):
                if sentence["s"] <= entry["s"] and entry["e"] <= sentence["e"] and not entry.get("implied"):
                    found[name].setdefault((entry["s"], entry["e"]), entry)
    return {name: list(entries.values()) for name, entries in found.items()}


_FIELDS: Final = ("owners", "support", "deadlines", "cadence", "targets")


# Who.


def _bodies(place: _Sentence, names: Names) -> tuple[list[Found], list[Found]]:
    """Return owners and helpers. A unit that a person chose and that the sentence names takes its part in the text."""
    values = place.row.values
    chosen = values.get("lead") if place.decided("lead") else None
    helpers = set(values.get("support", ())) if place.decided("support") else set()
    lead = _named(place, chosen, names)
    owners = [one for one in place.said["owners"] if not _is_replaced(one, place, lead)]
    support = list(place.said["support"])
    if place.decided("support"):
        support = [one for one in support if one["unit"] is None or one["unit"] in helpers]
    if lead is not None:
        behind = [one for one in owners if one["unit"] in helpers and one["unit"] == _first_owner(place)]
        owners = [one for one in owners if one not in behind]
        support = [one for one in (*behind, *support) if one["s"] != lead["s"]]
        owners += [lead] if all(one["s"] != lead["s"] for one in owners) else []
    taken = [(one["s"], one["e"]) for one in (*owners, *support)]
    for code in sorted(helpers):
        one = _named(place, code, names)
        if one is not None and all(one["e"] <= start or end <= one["s"] for start, end in taken):
            support.append(one)
            taken.append((one["s"], one["e"]))
    return [Found(one["s"], one["text"]) for one in owners], [Found(one["s"], one["text"]) for one in support]


def _is_replaced(owner: Entry, place: _Sentence, lead: Entry | None) -> bool:
    """Tell whether a person put another lead unit, named in the same sentence, or none in an owner's place."""
    if not place.decided("lead") or owner["unit"] is None:
        return False
    values = place.row.values
    if values.get("lead") is None:
        return bool(owner["unit"] == _first_owner(place))
    return lead is not None and owner["unit"] not in {values["lead"], *values.get("support", ())}


def _first_owner(place: _Sentence) -> str | None:
    """Return the unit that was proposed as the lead."""
    return next((one["unit"] for one in place.row.said.get("owners", ()) if not one.get("implied")), None)


def _named(place: _Sentence, code: str | None, names: Names) -> Entry | None:
    """Return the words by which the sentence names a unit: those that were found, else one of its names."""
    if code is None:
        return None
    said = (one for one in (*place.said["owners"], *place.said["support"]) if one["unit"] == code)
    found = next(said, None)
    if found is not None:
        return found
    for name in names.get(code, ()):
        at = place.place_of(name)
        if at is not None:
            return {"text": name, "s": at, "e": at + len(name), "unit": code}
    return None


# When.


def _deadlines(place: _Sentence) -> list[Found]:
    said, values = place.said["deadlines"], place.row.values
    days = {one["s"]: one["due"] for one in said}
    if place.decided("due"):
        due = values.get("due")
        proposed = _proposed(place)
        if due is None and not _was_past(place.row, proposed):
            said = [one for one in said if proposed is None or one["s"] != proposed["s"]]
        elif due is not None and proposed is not None and _may_mean(proposed["due"], due):
            days[proposed["s"]] = due
        at = place.place_of(values.get("due_text", ""))
        if due is not None and not said and at is not None:
            return [Found(at, {"quote": values["due_text"], "end": due})]
    return [Found(one["s"], {"quote": one["text"], "end": days[one["s"]]}) for one in said]


def _was_past(row: Clause, proposed: Entry | None) -> bool:
    """Tell whether a proposed day was past when the document came in: whoever takes it away decides about the work."""
    arrived = row.directive.taken_in_at.date().isoformat()
    return proposed is not None and proposed["due"] is not None and str(proposed["due"]) < arrived


def _may_mean(drafted: str | None, decided: str) -> bool:
    """Tell whether a day that a person decided says what the words mean, and is no later day granted for the work.

    It does where the words could not be told, and where the day is of the same month, or the same in another year.
    """
    return drafted is None or drafted[:7] == decided[:7] or drafted[4:] == decided[4:]


def _proposed(place: _Sentence) -> Entry | None:
    """Return the deadline from which the row's day was proposed: the earliest that is a day, else the first."""
    said: list[Entry] = place.row.said.get("deadlines") or place.said["deadlines"]
    dated: list[Entry] = [one for one in said if one["due"]]
    return min(dated, key=lambda one: str(one["due"])) if dated else next(iter(said), None)


def _cadence(place: _Sentence) -> list[Found]:
    said = [(one["s"], one["text"]) for one in place.said["cadence"]]
    if place.decided("cadence"):
        wanted = {one["text"] for one in place.row.values.get("cadence", ())}
        said = [(start, text) for start, text in said if text in wanted]
        said += _new(place, wanted - {text for _start, text in said}, lambda text: text)
    return [Found(start, text) for start, text in said]


def _new(place: _Sentence, wanted: Iterable[Any], words: Callable[[Any], str]) -> Iterator[tuple[int, Any]]:
    """Yield what a person put into the row and the sentence says, with its place."""
    for one in wanted:
        at = place.place_of(words(one))
        if at is not None:
            yield at, one


# How much.


def _targets(place: _Sentence) -> list[Found]:
    said = place.said["targets"]
    if not place.decided("targets"):
        return [Found(one["s"], _target(one["text"], one)) for one in said]
    wanted = {(one["value"], one["unit"]): one for one in place.row.values.get("targets", ())}
    kept = [one for one in said if (one["value"], one["unit"]) in wanted]
    found = [Found(one["s"], _target(one["text"], wanted[one["value"], one["unit"]])) for one in kept]
    missing = [wanted[key] for key in wanted.keys() - {(one["value"], one["unit"]) for one in kept}]
    new = _new(place, missing, lambda one: f"{one['value']}{one['unit']}")
    return found + [Found(at, _target(f"{one['value']}{one['unit']}", one)) for at, one in new]


def _target(quote: str, target: Mapping[str, Any]) -> Entry:
    value = Decimal(target["value"])
    whole = value == value.to_integral_value()
    return {"quote": quote, "op": target["op"], "value": int(value) if whole else float(value), "unit": target["unit"]}
