"""The plan as JSON: the contract with every program that reads task tables, kept by `plan.schema.json` beside it.

Keys may be added; none changes its meaning or goes away within one major version.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from importlib import resources
from typing import Any, Final

from luoshi.drafting.plan import Cadence, Deadline, Owner, Plan, Support, Target, Task
from luoshi.words import Language, Words

__all__ = ["schema", "to_json"]

Json = dict[str, Any]

_DIGITS: Final = 3
"""Decimals of a confidence; the model knows no more."""


def to_json(plan: Plan, language: Language = "en") -> Json:
    """Return the plan as plain dictionaries and lists; the reasons are sentences in `language`.

    Every `start` and `end` counts characters of the document's original text, and `text` is what stands there. The one
    exception is an implied owner: its text is the directory's name of the body, its place the words that led to it.
    """
    return {
        "source": _source(plan, language),
        "speeches": [asdict(speech) for speech in plan.document.speeches],
        "sentences": _sentences(plan),
        "tasks": [_task(task, language) for task in plan.tasks],
    }


def schema() -> Json:
    """Return the JSON Schema (draft 2020-12) that every output of :func:`to_json` satisfies."""
    loaded: Json = json.loads(resources.files("luoshi.drafting").joinpath("plan.schema.json").read_bytes())
    return loaded


def _source(plan: Plan, language: Language) -> Json:
    document = plan.document
    found = {"title": document.origin.title, "issuer": document.origin.issuer, "number": document.origin.number}
    return {
        "file": document.name,
        "format": document.format,
        "sha256": document.sha256,
        "chars": len(document.text),
        "date": plan.date.day.isoformat() if plan.date else None,
        "date_why": plan.date.why.in_(language) if plan.date else None,
        "repairs": [repair.name for repair in document.repairs],
        "warnings": [warning.in_(language) for warning in document.warnings],
        **{
            key: {"text": what.text, "start": what.start, "end": what.end} if what else None
            for key, what in found.items()
        },
    }


def _sentences(plan: Plan) -> list[Json]:
    sentences = plan.document.sentences
    return [
        {
            "start": sentences[labelled.sentence].start,
            "end": sentences[labelled.sentence].end,
            "label": labelled.label.value,
            "task": labelled.task,
            "speech": sentences[labelled.sentence].speech,
            "part": sentences[labelled.sentence].part.value,
            "confidence": round(labelled.confidence, _DIGITS),
        }
        for labelled in plan.labels
    ]


def _task(task: Task, language: Language) -> Json:
    return {
        "id": task.id,
        "speech": task.speech,
        "start": task.start,
        "end": task.end,
        "text": task.text,
        "path": list(task.path),
        "title": task.title,
        "owners": [{**_body(owner, language), "implied": owner.implied} for owner in task.owners],
        "support": [_body(support, language) for support in task.support],
        "deadlines": [_deadline(deadline, language) for deadline in task.deadlines],
        "cadence": [_cadence(cadence, language) for cadence in task.cadence],
        "targets": [_target(target, language) for target in task.targets],
        "confidence": round(task.confidence, _DIGITS),
        "why": _reasons(task.why, language),
    }


def _span(field: Owner | Support | Deadline | Cadence | Target) -> Json:
    return {"text": field.text, "start": field.start, "end": field.end}


def _body(body: Owner | Support, language: Language) -> Json:
    return {**_span(body), "unit": body.unit, "why": body.why.in_(language)}


def _deadline(deadline: Deadline, language: Language) -> Json:
    due = deadline.due.isoformat() if deadline.due else None
    return {**_span(deadline), "due": due, "why": deadline.why.in_(language)}


def _cadence(cadence: Cadence, language: Language) -> Json:
    return {**_span(cadence), "rrule": cadence.rrule, "why": cadence.why.in_(language)}


def _target(target: Target, language: Language) -> Json:
    whole = float(target.value).is_integer()
    return {
        **_span(target),
        "op": target.op,
        "value": int(target.value) if whole else target.value,
        "unit": target.unit,
        "of": target.of,
        "why": target.why.in_(language),
    }


def _reasons(reasons: Sequence[Words], language: Language) -> list[str]:
    return [reason.in_(language) for reason in reasons]
