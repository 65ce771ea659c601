"""The plan as rows of plain words for people: what a spreadsheet, a document and a terminal all show."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Final, TypeVar

from luoshi.drafting.explain import LABEL_WORDS
from luoshi.drafting.plan import Cadence, Deadline, Label, Labelled, Owner, Plan, Support, Target, Task
from luoshi.reading.document import Document, Part, Sentence
from luoshi.words import Language, Words

__all__ = ["LOW_CONFIDENCE", "Field", "LeftRow", "PlanTable", "SentenceRow", "TaskRow", "to_table"]

LOW_CONFIDENCE: Final = 0.6
"""Below this a person should look before the row is used."""

_LEFT: Final = {
    Label.PRINCIPLE: Words("原则性要求，没有可以检查的内容", "an exhortation that names nothing to check"),
    Label.ACHIEVEMENT: Words("说的是已经做过的事", "tells what has been done"),
    Label.PROBLEM: Words("说的是存在的问题", "tells what is wrong"),
    Label.OTHER: Words("说明或过渡性的话", "explains or leads over"),
    Label.TASK: Words("像任务，但没有列入任务表", "looks like a task but joined no row"),
}
"""Why a sentence of the planning part yielded no task. Titles, headings and web noise are not asked for one."""

_Entry = TypeVar("_Entry")
_SIGNS: Final = {">=": "≥", "<=": "≤", "=": "", "<": "<", ">": ">", "+": "+", "-": "-"}
_SAYS_ITSELF = re.compile("[上下内不超至≥≤<>+-]")
"""In the words of a target: they tell the direction themselves (以上, 以内, 不低于, 超过, 至少)."""

_MARKER = re.compile(r"第?[一二三四五六七八九十百\d]{1,4}[、.．章节条]|[（(][一二三四五六七八九十百\d]{1,4}[）)]")
_FULL_DAY = re.compile(r"\d{4}年\d{1,2}月\d{1,2}[日号]")


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a row; `doubt` says why a person must check it, "" where there is no need."""

    text: str
    doubt: str = ""


@dataclass(frozen=True, slots=True)
class TaskRow:
    """One task; several entries of a field stand one a line, a resolved day in brackets on a line of its own."""

    number: int
    title: Field
    words: Field
    targets: Field
    owners: Field
    support: Field
    deadlines: Field
    cadence: Field
    place: Field


@dataclass(frozen=True, slots=True)
class SentenceRow:
    """One sentence of the document with its label; `task` is the number of its row, None where it has none."""

    number: int
    text: str
    label: Field
    confidence: float
    task: int | None
    place: str


@dataclass(frozen=True, slots=True)
class LeftRow:
    """One sentence of the planning part that yielded no task, and why."""

    number: int
    text: str
    reason: str
    place: str


@dataclass(frozen=True, slots=True)
class PlanTable:
    """The three tables of a plan.

    `name` is the file's, `title` stands over the task table, and `source` says in one line which file the rows come
    from and which day their times count from.
    """

    name: str
    title: str
    source: str
    tasks: tuple[TaskRow, ...]
    sentences: tuple[SentenceRow, ...]
    left: tuple[LeftRow, ...]


def to_table(plan: Plan, language: Language) -> PlanTable:
    """Return the plan in words. The words of the document stay as they are, whatever the language."""
    return PlanTable(
        plan.document.name,
        _title(plan.document, language),
        _source(plan, language),
        tuple(_task_row(plan.document, task, language) for task in plan.tasks),
        tuple(_sentence_rows(plan, language)),
        tuple(_left_rows(plan, language)),
    )


def _title(document: Document, language: Language) -> str:
    found = document.origin.title
    of = _one_line(found.text).strip("《》") if found else ""
    if not of:
        return Words("任务分解表", "Task table").in_(language)
    return Words(f"《{of}》任务分解表", f"Task table of 《{of}》").in_(language)


def _source(plan: Plan, language: Language) -> str:
    name = plan.document.name
    if plan.date is None:
        missing = Words(
            f"来源：{name}；没有找到成文日期，时限未能推算到日，可用 --date 指定",
            f"Source: {name}; it names no date, so times could not be counted to a day: give one with --date",
        )
        return missing.in_(language)
    day, why = plan.date.day.isoformat(), plan.date.why
    return Words(
        f"来源：{name}；时限按 {day} 推算（{why.zh}）",
        f"Source: {name}; times count from {day} ({why.en})",
    ).in_(language)


def _task_row(document: Document, task: Task, language: Language) -> TaskRow:
    return TaskRow(
        number=task.id,
        title=Field(task.title, _doubt_of_task(task, language)),
        words=Field(task.text),
        targets=_field(task.targets, _target_words, language),
        owners=_field(task.owners, _body_words, language, _doubt_of_owner),
        support=_field(task.support, _body_words, language),
        deadlines=_field(task.deadlines, _deadline_words, language, _doubt_of_deadline),
        cadence=_field(task.cadence, _cadence_words, language),
        place=Field(_task_place(document, task, language)),
    )


def _field(
    entries: Iterable[_Entry],
    words: Callable[[_Entry, Language], str],
    language: Language,
    doubt: Callable[[_Entry, Language], str] = lambda _entry, _language: "",
) -> Field:
    """Return the entries one a line, each once, with the doubts about them."""
    entries = list(entries)
    texts = dict.fromkeys(words(entry, language) for entry in entries)
    doubts = dict.fromkeys(filter(None, (doubt(entry, language) for entry in entries)))
    return Field("\n".join(texts), "\n".join(doubts))


def _doubt_of_task(task: Task, language: Language) -> str:
    if task.confidence >= LOW_CONFIDENCE:
        return ""
    percent = f"{task.confidence:.0%}"
    because = Words("；".join(why.zh for why in task.why[:3]), "; ".join(why.en for why in task.why[:3]))
    return Words(
        f"把握只有{percent}，请核对是不是一项任务。{because.zh}",
        f"Only {percent} sure: check whether this is a task. {because.en}",
    ).in_(language)


def _doubt_of_owner(owner: Owner, language: Language) -> str:
    if not owner.implied:
        return ""
    return Words(
        f"原文没有写明“{owner.text}”，是按职责建议的：{owner.why.zh}",
        f"The text does not name {owner.text}; it is proposed from duties: {owner.why.en}",
    ).in_(language)


def _doubt_of_deadline(deadline: Deadline, language: Language) -> str:
    if deadline.due is not None:
        return ""
    return Words(
        f"“{deadline.text}”推算不出具体日期：{deadline.why.zh}",
        f"No day can be told from {deadline.text}: {deadline.why.en}",
    ).in_(language)


def _body_words(body: Owner | Support, _language: Language) -> str:
    return _one_line(body.text)


def _deadline_words(deadline: Deadline, language: Language) -> str:
    text = _one_line(deadline.text)
    if deadline.due is None or _FULL_DAY.search(text):
        return text
    day = deadline.due.isoformat()
    return Words(f"{text}\n（{day}）", f"{text}\n({day})").in_(language)


def _cadence_words(cadence: Cadence, _language: Language) -> str:
    return _one_line(cadence.text)


def _target_words(target: Target, _language: Language) -> str:
    text = _one_line(target.text)
    number = text if _SAYS_ITSELF.search(text) else _SIGNS[target.op] + text
    return " ".join(filter(None, (_one_line(target.of), number)))


def _task_place(document: Document, task: Task, language: Language) -> str:
    first = document.sentences[task.sentences[0]]
    lines = [*_speech_title(document, task.speech), _short_path(task.path), _place(document, first, language)]
    return "\n".join(filter(None, lines))


def _short_path(path: Sequence[str]) -> str:
    """Return the headings above a task as offices cite them: numbers of all, words of the last (三、（一）1.…)."""
    if not path:
        return ""
    *above, last = map(_one_line, path)
    numbers = [marker[0] if (marker := _MARKER.match(heading)) else f"{heading} / " for heading in above]
    return "".join(numbers) + last.rstrip("。：；")


def _speech_title(document: Document, speech: int) -> list[str]:
    """Return the title of the speech where the document is a bundle, which is the only case that needs it."""
    if len(document.speeches) == 1:
        return []
    return [found.title for found in document.speeches if found.id == speech]


def _place(document: Document, sentence: Sentence, language: Language) -> str:
    block = document.blocks[sentence.block]
    if block.place is not None:
        table, row = block.place.table + 1, block.place.row + 1
        return Words(f"表{table}第{row}行", f"table {table}, row {row}").in_(language)
    paragraph = Words(f"第{sentence.block + 1}段", f"paragraph {sentence.block + 1}")
    if block.page is None:
        return paragraph.in_(language)
    return Words(f"第{block.page}页{paragraph.zh}", f"page {block.page}, {paragraph.en}").in_(language)


def _sentence_rows(plan: Plan, language: Language) -> Iterable[SentenceRow]:
    document = plan.document
    for number, labelled in enumerate(plan.labels, 1):
        sentence = document.sentences[labelled.sentence]
        label = Field(LABEL_WORDS[labelled.label].in_(language), _doubt_of_label(labelled, language))
        text = document.quote(sentence.start, sentence.end)
        place = _place(document, sentence, language)
        yield SentenceRow(number, text, label, labelled.confidence, labelled.task, place)


def _doubt_of_label(labelled: Labelled, language: Language) -> str:
    if labelled.confidence >= LOW_CONFIDENCE:
        return ""
    return Words(
        f"把握只有{labelled.confidence:.0%}。" + "；".join(why.zh for why in labelled.why[:3]),
        f"Only {labelled.confidence:.0%} sure. " + "; ".join(why.en for why in labelled.why[:3]),
    ).in_(language)


def _left_rows(plan: Plan, language: Language) -> Iterable[LeftRow]:
    document = plan.document
    planning = _planning(document.sentences)
    for number, labelled in enumerate(plan.labels, 1):
        if labelled.sentence in planning and labelled.task is None and labelled.label in _LEFT:
            sentence = document.sentences[labelled.sentence]
            text = document.quote(sentence.start, sentence.end)
            yield LeftRow(number, text, _LEFT[labelled.label].in_(language), _place(document, sentence, language))


def _planning(sentences: Sequence[Sentence]) -> set[int]:
    """Return the sentences that could be expected to yield tasks.

    They are those of the planning part. A speech whose headings tell no such part, as most notices, could plan
    anywhere outside the parts that its headings do tell.
    """
    with_plan = {sentence.speech for sentence in sentences if sentence.part is Part.PLAN}
    return {
        index
        for index, sentence in enumerate(sentences)
        if sentence.part is (Part.PLAN if sentence.speech in with_plan else Part.NONE)
    }


def _one_line(text: str) -> str:
    return " ".join(text.split())
