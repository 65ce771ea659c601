"""Which sentence is what: the model's choice, and the few rules that come before and after it.

Before: the cells of a task table are what their columns say, page noise is boilerplate. After: an item that looks like
a heading but says who does something and by when, or how often, is a task. (So is a sentence whose responsible unit
stands in a bracket, whatever its words, since somebody is made to answer for it: see `grouping.py`.)
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from luoshi.drafting.columns import TableRow
from luoshi.drafting.explain import Reasons
from luoshi.drafting.features import document_features
from luoshi.drafting.model import Model, decode
from luoshi.drafting.plan import Label
from luoshi.drafting.who import find_who
from luoshi.periods.cadence import find_cadence
from luoshi.periods.when import find_deadlines
from luoshi.reading.document import Document, Noise, Part, Sentence
from luoshi.words import Words

__all__ = ["Choice", "choose_labels"]

_SURE: Final = 0.99
_NOISE_SURE: Final = 0.95
_ASSIGNED_SURE: Final = 0.7

_NOISE_WORDS: Final = {
    Noise.NAVIGATION: Words("这是网页的导航或工具文字", "It is a web page's navigation or tools"),
    Noise.COLLECTOR: Words("这是文章收集者加的话", "A collector of texts added it"),
    Noise.ADVERTISING: Words("这是广告", "It is advertising"),
    Noise.INDECENT: Words("这是夹带的不良信息", "It is indecent spam"),
    Noise.COPYRIGHT: Words("这是版权声明", "It is a copyright notice"),
    Noise.RELATED: Words("这是相关链接", "It is a related link"),
    Noise.WALL: Words("这是“阅读全文”一类的拦截文字", "It asks to unlock or download the full text"),
    Noise.STRAY: Words("这是页眉、页脚或脱落的片段", "It is a page header, footer or stray fragment"),
}
_TASK_CELL: Final = Words("它在任务表的任务栏里", "It stands in the column of tasks of a task table")
_ASSIGNED: Final = Words("它写明了谁在何时或多久做一次", "It says who does it, and by when or how often")
_OTHER_CELL: Final = Words("它在任务表里，但不在任务栏", "It stands in a task table, but not in the column of tasks")


@dataclass(frozen=True, slots=True)
class Choice:
    """The label of one sentence, how sure it is (0 to 1), and the strongest reasons first."""

    label: Label
    confidence: float
    why: Sequence[Words]


def choose_labels(document: Document, rows: Sequence[TableRow], model: Model) -> list[Choice]:
    """Return the label of every sentence; `rows` are the tasks that the document's tables hold."""
    known = [model.known(features) for features in document_features(document)]
    decisions = decode(model, [model.scores(numbers) for numbers in known])
    choices = [
        Choice(Label(found.label), found.confidence, Reasons(model, numbers, found.label, found.runner_up))
        for found, numbers in zip(decisions, known, strict=True)
    ]
    for index, sentence in enumerate(document.sentences):
        if choices[index].label is Label.HEADING and _is_assigned(sentence):
            choices[index] = Choice(Label.TASK, _ASSIGNED_SURE, (_ASSIGNED, *choices[index].why[:1]))
    for index, choice in _certain(document, rows):
        choices[index] = choice
    return choices


def _is_assigned(sentence: Sentence) -> bool:
    """Tell whether a sentence names who acts and when, in a part that may plan."""
    if sentence.part in {Part.REVIEW, Part.PROBLEMS}:
        return False
    text = sentence.clean
    return bool(find_who(text).owners) and bool(find_deadlines(text, None) or find_cadence(text))


def _certain(document: Document, rows: Sequence[TableRow]) -> Iterable[tuple[int, Choice]]:
    """Yield what needs no model: noise, and the cells of tables that were understood."""
    tables = {row.table for row in rows}
    tasks = {row.task for row in rows}
    for index, sentence in enumerate(document.sentences):
        place = document.blocks[sentence.block].place
        if place is not None and place.table in tables:
            is_task = sentence.block in tasks
            label, why = (Label.TASK, _TASK_CELL) if is_task else (Label.OTHER, _OTHER_CELL)
            yield index, Choice(label, _SURE, (why,))
        elif sentence.noise:
            yield index, Choice(Label.BOILERPLATE, _NOISE_SURE, (_NOISE_WORDS[sentence.noise],))
