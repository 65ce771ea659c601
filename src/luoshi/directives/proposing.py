"""From a plan to what is stored of it: the reading, what each row says, and the values that are proposed from that.

Plain data out, ready for JSON columns; nothing here asks or changes the database.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from itertools import groupby
from typing import Any, Final

from luoshi.directives.enums import Kind
from luoshi.drafting.plan import Cadence, Deadline, Owner, Plan, Support, Target, Task
from luoshi.reading.document import Document
from luoshi.words import Words
from luoshi.work.registers import Register, RegisterField
from luoshi.work.registers.choices import ChoiceField
from luoshi.work.registers.fields import TextField

__all__ = ["fields_for", "kind_of", "reading_of", "said_of", "storable", "values_of"]

_TITLE: Final = 200
_REQUIREMENT: Final = 5000
_MILESTONE: Final = 60
_UNSTORABLE: Final = re.compile("[\x00\ud800-\udfff]")
_BREAKS: Final = re.compile(r"[，,；;。：:！!？?\n]")

_KINDS: Final = (
    (re.compile(r"纪要"), Kind.MINUTES),
    (re.compile(r"讲话|致辞|致词|发言|演讲|主持词"), Kind.SPEECH),
    (re.compile(r"方案|计划|要点|安排|规划|行动"), Kind.PLAN),
    (re.compile(r"通知|意见|函|通报|决定|批复"), Kind.NOTICE),
)


def storable(data: Any) -> Any:
    """Return data with what no database keeps (NUL, halves of characters) marked as lost; lengths stay the same."""
    if isinstance(data, str):
        return _UNSTORABLE.sub("\ufffd", data)
    if isinstance(data, Mapping):
        return {storable(name): storable(value) for name, value in data.items()}
    if isinstance(data, (list, tuple)):
        return [storable(value) for value in data]
    return data


def _kept(data: dict[str, Any], document: Document) -> dict[str, Any]:
    """Return what was made of a document's words as it can be stored; nearly no document needs a change."""
    if _UNSTORABLE.search(document.text) is None:
        return data
    stored: dict[str, Any] = storable(data)
    return stored


def kind_of(title: str) -> Kind:
    """Return what a document's title says that it is; 关于印发…方案的通知 is the plan that it issues."""
    last = max(
        ((match.end(), kind) for pattern, kind in _KINDS for match in pattern.finditer(title)),
        default=(0, Kind.OTHER),
        key=lambda found: found[0],
    )[1]
    issued = last is Kind.NOTICE and re.search(r"印发.*(?:方案|计划|要点|安排|规划)", title)
    return Kind.PLAN if issued else last


# What was read.


def reading_of(plan: Plan) -> dict[str, Any]:
    """Return the columns of the reading, apart from what it is compared with."""
    document = plan.document
    columns = {
        "text": document.text,
        "blocks": [_block(block) for block in document.blocks],
        "sentences": _sentences(plan),
        "speeches": [{"id": one.id, "title": one.title, "s": one.start, "e": one.end} for one in document.speeches],
        "found": _found_in(document),
        "warnings": [_words(warning) for warning in document.warnings],
    }
    return _kept(columns, document)


def _found_in(document: Document) -> dict[str, Any]:
    """Return what a document says of itself, with where it says it."""
    origin = document.origin
    found: dict[str, Any] = {}
    for name in ("title", "number", "issuer"):
        part = getattr(origin, name)
        if part is not None:
            found[name] = {"text": part.text, "s": part.start, "e": part.end}
    if origin.date is not None:
        date = origin.date
        found["date"] = {"day": date.day.isoformat(), "s": date.start, "e": date.end, "why": _words(date.why)}
    return found


def _block(block: Any) -> dict[str, Any]:
    place = block.place
    return {
        "s": block.start,
        "e": block.end,
        "role": block.role.value,
        "level": block.level,
        "table": None if place is None else place.table,
        "row": None if place is None else place.row,
        "column": None if place is None else place.column,
    }


def _sentences(plan: Plan) -> list[dict[str, Any]]:
    return [
        {
            "s": sentence.start,
            "e": sentence.end,
            "block": sentence.block,
            "speech": sentence.speech,
            "part": sentence.part.value,
            "level": sentence.level,
            "label": labelled.label.value,
            "p": round(labelled.confidence, 4),
            "clause": labelled.task,
            "why": [_words(why) for why in labelled.why],
        }
        for sentence, labelled in zip(plan.document.sentences, plan.labels, strict=True)
    ]


def _words(words: Words) -> dict[str, str]:
    return {"zh": words.zh, "en": words.en}


# What a row says.


def said_of(task: Task) -> dict[str, Any]:
    """Return what was drafted as one row, for good."""
    said = {
        "title": task.title,
        "path": list(task.path),
        "sentences": list(task.sentences),
        "confidence": round(task.confidence, 4),
        "why": [_words(why) for why in task.why],
        "owners": [{**_found(one), "unit": one.unit, "implied": one.implied} for one in task.owners],
        "support": [{**_found(one), "unit": one.unit} for one in task.support],
        "deadlines": [{**_found(one), "due": one.due.isoformat() if one.due else None} for one in task.deadlines],
        "cadence": [{**_found(one), "rrule": one.rrule} for one in task.cadence],
        "targets": [
            {**_found(one), "of": one.of, "op": one.op, "value": _decimal(one.value), "unit": one.unit}
            for one in task.targets
        ],
    }
    stored: dict[str, Any] = storable(said)
    return stored


def _found(one: Owner | Support | Deadline | Cadence | Target) -> dict[str, Any]:
    return {"text": one.text, "s": one.start, "e": one.end, "why": _words(one.why)}


def _decimal(value: float) -> str:
    """Return a number as plain decimal text, without needless zeros."""
    shown = f"{Decimal(repr(value)):f}"
    return shown.rstrip("0").rstrip(".") if "." in shown else shown


# What is proposed.


def values_of(said: Mapping[str, Any], document: Document, fields: Mapping[str, Any]) -> dict[str, Any]:
    """Return the values that are proposed for a row: who leads, who helps, by when, and the words of the demand.

    The first body named leads and the others help; words that mean many units (各学校) help, and the next leads.
    `fields` are the register's own, as :func:`fields_for` gives them.
    """
    requirement = _requirement(document, said["sentences"])
    owners = said["owners"]
    lead = _lead_of(owners)
    others = [*(one for one in owners if "units" in one or one is not lead), *said["support"]]
    found = _once(code for one in others for code in _codes(one))
    due = _first_due(said["deadlines"])
    values = {
        "title": (said["title"] or requirement)[:_TITLE].strip(),
        "requirement": requirement,
        "lead": lead["unit"] if lead else None,
        "lead_text": lead["text"] if lead and lead["unit"] is None else "",
        "support": [code for code in found if not (lead and code == lead["unit"])],
        "support_text": _once(one["text"] for one in others if not _codes(one)),
        "due": due["due"] if due else None,
        "due_text": due["text"] if due else "",
        "cadence": [{"text": one["text"], "rrule": one["rrule"]} for one in said["cadence"]],
        "targets": [{name: one[name] for name in ("of", "op", "value", "unit")} for one in said["targets"]],
        "milestones": _milestones(said["deadlines"], document.text),
        "fields": dict(fields),
    }
    return _kept(values, document)


def _codes(body: Mapping[str, Any]) -> Sequence[str]:
    """Return the units that a name comes to: one, those that collective words mean, or none."""
    return [body["unit"]] if body["unit"] else body.get("units", ())


def _lead_of(owners: Sequence[Mapping[str, Any]]) -> Mapping[str, Any] | None:
    """Return the first owner that is one unit, unless a body outside the authority stands before it."""
    single = (one for one in owners if not one.get("units"))
    return next(single, owners[0] if owners else None)


def fields_for(register: Register, *, kind: str, number: str, title: str) -> dict[str, Any]:
    """Return what the document tells of the register's own fields; only names and options that the register has."""
    told = {
        "origin": "meeting" if kind in {Kind.SPEECH, Kind.MINUTES} else "document",
        "origin_no": (number or title)[:100],
    }
    return {
        field.name: told[field.name]
        for field in register.fields
        if told.get(field.name) and _takes(field, told[field.name])
    }


def _takes(field: RegisterField, value: str) -> bool:
    if isinstance(field, ChoiceField):
        return any(option.value == value for option in field.options)
    return isinstance(field, TextField) and (field.max is None or len(value) <= field.max)


def _requirement(document: Document, members: Sequence[int]) -> str:
    """Return the row's sentences as repaired, those of one paragraph in one line."""
    sentences = (document.sentences[index] for index in members)
    lines = ("".join(one.clean for one in those).strip() for _block, those in groupby(sentences, lambda one: one.block))
    return "\n".join(filter(None, lines))[:_REQUIREMENT]


def _once(words: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(words))


def _first_due(deadlines: Sequence[Mapping[str, Any]]) -> Mapping[str, Any] | None:
    """Return the earliest deadline that is a day, else the first that is none."""
    dated = [one for one in deadlines if one["due"]]
    if dated:
        return min(dated, key=lambda one: str(one["due"]))
    return deadlines[0] if deadlines else None


def _milestones(deadlines: Sequence[Mapping[str, Any]], text: str) -> list[dict[str, str]]:
    """Return the days of a row that names several, each with the words around it."""
    days = {str(one["due"]) for one in deadlines if one["due"]}
    if len(days) < 2:
        return []
    steps = {(one["due"], _around(one, text)) for one in deadlines if one["due"]}
    return [{"title": title, "due": due} for due, title in sorted(steps)]


def _around(deadline: Mapping[str, Any], text: str) -> str:
    """Return the words between the marks around a deadline; a deadline that stands alone takes what follows along."""
    before = max(
        (match.end() for match in _BREAKS.finditer(text, max(0, deadline["s"] - 80), deadline["s"])), default=0
    )
    start = before or deadline["s"]
    end = _next_break(text, deadline["e"])
    if text[start:end].strip() == deadline["text"] and end < len(text) and text[end] in "，,：:":
        end = _next_break(text, end + 1)
    return " ".join(text[start:end].split())[:_MILESTONE]


def _next_break(text: str, start: int) -> int:
    match = _BREAKS.search(text, start, start + 80)
    return match.start() if match else min(len(text), start + 20)
