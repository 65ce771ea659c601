"""What of a document's plan became tasks, and what did not: counted for the bar, listed with reasons."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from luoshi.directives.enums import ClauseState
from luoshi.directives.models import Clause, Directive
from luoshi.directives.sheet.source import label_of
from luoshi.directives.typed import in_words
from luoshi.words import Words

__all__ = ["LABELS", "Coverage", "Left", "Share", "coverage_of", "held_by", "label_words", "left_out"]

LABELS: Final = ("task", "principle", "achievement", "problem", "heading", "title", "other", "boilerplate")
"""The kinds of sentences that a person may decide on, in the order in which they are offered."""
_SHOWN: Final = ("task", "dropped", "unmade", "principle", "achievement", "problem", "heading", "other")
_AS: Final = {"title": "heading", "boilerplate": "other"}
"""Kinds that the bar counts as another."""
_PLAN: Final = "plan"


@dataclass(frozen=True, slots=True)
class Share:
    """One kind of sentence in the bar: from `at` on `percent` of its length."""

    kind: str
    words: str
    count: int
    at: float
    percent: float


@dataclass(frozen=True, slots=True)
class Coverage:
    """The sentences of the plan part by what became of them; `whole` says that the document has no such part."""

    total: int
    shares: Sequence[Share]
    left: int
    whole: bool


@dataclass(frozen=True, slots=True)
class Left:
    """A sentence that yields no task."""

    index: int
    text: str
    label: str
    words: str
    decided: bool
    why: str
    clause: Clause | None


def label_words(label: str) -> str:
    """Return what people call a kind of sentence."""
    words = {
        "task": pgettext("sentence", "任务"),
        "dropped": pgettext("sentence", "不立项"),
        "unmade": pgettext("sentence", "任务句，未成条目"),
        "principle": pgettext("sentence", "原则要求"),
        "achievement": pgettext("sentence", "工作成绩"),
        "problem": pgettext("sentence", "存在问题"),
        "heading": pgettext("sentence", "标题"),
        "title": pgettext("sentence", "文件题目"),
        "other": pgettext("sentence", "其他"),
        "boilerplate": pgettext("sentence", "套话附注"),
    }
    return words.get(label, label)


def held_by(clauses: Iterable[Clause]) -> dict[int, Clause]:
    """Return for each sentence the row that stands on it; one that lives before one that was dropped."""
    found: dict[int, Clause] = {}
    for clause in clauses:
        if clause.state == ClauseState.MERGED:
            continue
        for index in clause.sentences:
            if index not in found or found[index].state == ClauseState.DROPPED:
                found[index] = clause
    return found


def coverage_of(directive: Directive, sentences: Sequence[Mapping[str, Any]], clauses: Iterable[Clause]) -> Coverage:
    """Return what became of the sentences of the plan part; of all where the document has no such part."""
    held = held_by(clauses)
    members = _members(sentences)
    counts = Counter(_kind(directive, index, sentences[index], held) for index in members)
    total = len(members)
    shares, at = [], 0.0
    for kind in _SHOWN:
        if counts[kind]:
            percent = round(100 * counts[kind] / total, 3)
            shares.append(Share(kind, label_words(kind), counts[kind], round(at, 3), percent))
            at += percent
    left = total - counts["task"] - counts["heading"]
    return Coverage(total, shares, left, len(members) == len(sentences))


def _members(sentences: Sequence[Mapping[str, Any]]) -> list[int]:
    plan = [index for index, one in enumerate(sentences) if one["part"] == _PLAN]
    return plan or list(range(len(sentences)))


def _kind(directive: Directive, index: int, sentence: Mapping[str, Any], held: Mapping[int, Clause]) -> str:
    clause = held.get(index)
    if clause is not None:
        return "dropped" if clause.state == ClauseState.DROPPED else "task"
    label = label_of(directive, index, sentence)
    return "unmade" if label == "task" else _AS.get(label, label)


def left_out(
    directive: Directive, text: str, sentences: Sequence[Mapping[str, Any]], clauses: Iterable[Clause]
) -> Iterator[Left]:
    """Yield the sentences of the plan part that yield no task, in order, with the reason; headings are none."""
    held = held_by(clauses)
    for index in _members(sentences):
        one = sentences[index]
        kind = _kind(directive, index, one, held)
        if kind in {"task", "heading"}:
            continue
        label = label_of(directive, index, one)
        decided = str(index) in directive.labels
        yield Left(
            index,
            text[one["s"] : one["e"]].strip(),
            label,
            label_words("dropped" if kind == "dropped" else label),
            decided,
            _reason(one, held.get(index), decided=decided),
            held.get(index),
        )


def _reason(sentence: Mapping[str, Any], clause: Clause | None, *, decided: bool) -> str:
    if clause is not None:
        why = str(clause.get_state_display())
        from luoshi.directives.enums import Why  # noqa: PLC0415 — only here

        reason = str(Why(clause.why).label) if clause.why in Why.values else ""
        return "：".join(filter(None, (why, reason, clause.note)))
    if decided:
        return _("由人改定")
    return "".join(in_words(Words(why["zh"], why["en"])) for why in sentence.get("why", ())[:2])
