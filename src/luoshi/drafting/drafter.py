"""From a document to its plan: labels, brackets and tables, rows, fields."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

from luoshi.drafting.brackets import BracketFound, find_brackets, says_first_leads
from luoshi.drafting.columns import TableRow, understand_table
from luoshi.drafting.directory import Directory
from luoshi.drafting.fields import Fields, Reader
from luoshi.drafting.grouping import apply_brackets, group, is_bracket_only
from luoshi.drafting.labels import Choice, choose_labels
from luoshi.drafting.model import Model, load
from luoshi.drafting.naming import row_name
from luoshi.drafting.plan import Deadline, Label, Labelled, Owner, Plan, Support, Task
from luoshi.drafting.proposals import Proposer
from luoshi.reading.document import Document, FoundDate, Sentence
from luoshi.words import Words

__all__ = ["draft"]

_GIVEN: Final = Words("由使用者指定", "given by the user")
_MARKED_YEAR: Final = re.compile(r"(?:19|20)?[xX*]{2}年")


def draft(
    document: Document,
    date: dt.date | None = None,
    directory: Directory | None = None,
    model: Model | None = None,
) -> Plan:
    """Return the plan that a document contains.

    `date` is the day that relative times (年底前, 明年) count from; without it the day that the document itself tells.
    With a `directory` the bodies named are matched to the authority's units. `model` takes the place of the label model
    that comes with the package.
    """
    first_leads = says_first_leads(document.view.text)
    table_rows = understand_table(document.blocks, document.text, first_leads=first_leads)
    choices = choose_labels(document, table_rows, model or load())
    brackets = _brackets(document, choices, table_rows, first_leads=first_leads)
    assigned = apply_brackets(document, choices, brackets)
    groups = group(document, choices, table_rows, assigned)
    day = FoundDate(date, None, None, _GIVEN) if date else document.origin.date
    reader = Reader(document, _days(document, day), directory)
    proposer = Proposer(directory) if directory else None
    drafter = _Drafter(document, _Found(choices, brackets, table_rows), reader, proposer)
    tasks = tuple(drafter.task(number, members) for number, members in enumerate(groups, 1))
    task_of = {index: task.id for task in tasks for index in task.sentences}
    labels = tuple(
        Labelled(index, choice.label, choice.confidence, task_of.get(index), choice.why)
        for index, choice in enumerate(choices)
    )
    return Plan(document, day, labels, tasks)


def _brackets(
    document: Document, choices: Sequence[Choice], table_rows: Sequence[TableRow], *, first_leads: bool
) -> dict[int, Sequence[BracketFound]]:
    """Return the assignments in each sentence of running text and of cells; what a task table says has its columns."""
    tables = {row.table for row in table_rows}
    found: dict[int, Sequence[BracketFound]] = {}
    for index, sentence in enumerate(document.sentences):
        place, label = document.blocks[sentence.block].place, choices[index].label
        in_column = place is not None and place.table in tables and label is not Label.TASK
        if in_column or label in {Label.BOILERPLATE, Label.ACHIEVEMENT}:
            continue
        brackets = find_brackets(sentence.clean, first_leads=first_leads)
        if brackets and (label is not Label.TITLE or is_bracket_only(sentence, brackets)):
            found[index] = brackets
    return found


def _days(document: Document, day: FoundDate | None) -> dict[int, dt.date | None]:
    """Return for each speech the day that its times count from.

    The day that a web page was published says nothing of the speeches collected on it, least of all of one that hides
    its year (20xx年).
    """
    days: dict[int, dt.date | None] = {}
    collected = len(document.speeches) > 1 and day is not None and _is_on_page(document, day)
    for speech in document.speeches:
        hidden = _MARKED_YEAR.search(document.text, speech.start, speech.end) is not None
        known = day is not None and (day.start is None or not (collected or (hidden and _is_on_page(document, day))))
        days[speech.id] = day.day if day is not None and known else None
    return days


def _is_on_page(document: Document, day: FoundDate) -> bool:
    """Tell whether a date was read from the furniture of a web page rather than from the document."""
    if day.start is None:
        return False
    return any(sentence.noise and sentence.start <= day.start < sentence.end for sentence in document.sentences)


class _Found(NamedTuple):
    """What is known of a document's sentences and tables before its rows are made."""

    choices: Sequence[Choice]
    brackets: Mapping[int, Sequence[BracketFound]]
    table_rows: Sequence[TableRow]


class _Drafter:
    """Makes the rows of one document."""

    def __init__(self, document: Document, found: _Found, reader: Reader, proposer: Proposer | None) -> None:
        self._document = document
        self._choices = found.choices
        self._brackets = found.brackets
        self._row_of_block = {row.task: row for row in found.table_rows}
        self._reader = reader
        self._proposer = proposer
        self._leads = _leads(document.sentences, found.choices)
        self._sentences_of_block: dict[int, list[Sentence]] = {}
        for sentence in document.sentences if found.table_rows else ():
            self._sentences_of_block.setdefault(sentence.block, []).append(sentence)

    def task(self, number: int, members: Sequence[int]) -> Task:
        """Make one row of the sentences `members`."""
        sentences = [self._document.sentences[index] for index in members]
        start, end = sentences[0].start, sentences[-1].end
        row = self._row_of_block.get(sentences[0].block)
        fields = self._fields(members, row)
        tasks = [index for index in members if self._choices[index].label is Label.TASK]
        return Task(
            id=number,
            speech=sentences[0].speech,
            start=start,
            end=end,
            text=self._document.text[start:end],
            title=self._name(sentences[0], fields),
            path=self._path(members[0], row),
            sentences=tuple(members),
            owners=tuple(fields.owners),
            support=tuple(fields.support),
            deadlines=tuple(fields.deadlines),
            cadence=tuple(fields.cadence),
            targets=tuple(fields.targets),
            confidence=min(self._choices[index].confidence for index in tasks),
            why=self._choices[members[0]].why,
        )

    def _name(self, sentence: Sentence, fields: Fields) -> str:
        """Return a short name for a row that begins with `sentence`."""
        body = sentence.clean[len(sentence.marker) :].strip(" 　、.．")
        return row_name(body, self._said([*fields.owners, *fields.support]), self._said(fields.deadlines))

    def _said(self, fields: Sequence[Owner | Support | Deadline]) -> list[str]:
        """Return the fields' words as they stand in the repaired text, the longest first."""
        view = self._document.view
        words = {view.text[view.clean(field.start) : view.clean(field.end)] for field in fields}
        return sorted(words, key=len, reverse=True)

    def _fields(self, members: Sequence[int], row: TableRow | None) -> Fields:
        named = any(bracket.owners for index in members for bracket in self._brackets.get(index, ()))
        fields = Fields(assigned=named or bool(row and row.owners))
        for index in members:
            self._reader.sentence(self._document.sentences[index], self._brackets.get(index, ()), fields)
        if row is not None:
            self._reader.row(row, self._document.sentences[members[0]].speech, fields)
            for block in row.targets:
                for sentence in self._sentences_of_block.get(block, ()):
                    self._reader.targets_in(sentence, fields)
        if not fields.owners and self._proposer:
            self._propose(self._proposer, members, fields)
        return fields

    def _propose(self, proposer: Proposer, members: Sequence[int], fields: Fields) -> None:
        """Add the unit whose duties fit the row best, marked as not said by the text."""
        view = self._document.view
        start = view.clean(self._document.sentences[members[0]].start)
        end = view.clean(self._document.sentences[members[-1]].end)
        proposal = proposer.propose(view.text[start:end])
        if proposal:
            place = view.original(start + proposal.start, start + proposal.end)
            unit = proposal.unit
            fields.owners.append(Owner(unit.name, *place, proposal.why, unit.code, implied=True))

    def _path(self, index: int, row: TableRow | None) -> tuple[str, ...]:
        """Return the headings above a sentence as they stand in the text, or the category cells of its table row."""
        if row is not None:
            blocks = [self._document.blocks[block] for block in row.titles]
            return tuple(self._document.text[block.start : block.end].strip() for block in blocks)
        sentence = self._document.sentences[index]
        above = [item for item in sentence.path if self._is_heading(item)]
        lead = self._leads[index]
        if lead is not None and lead not in above:
            above.append(lead)
        return tuple(self._quote(item) for item in above)

    def _is_heading(self, index: int) -> bool:
        declared = self._document.blocks[self._document.sentences[index].block].level is not None
        return declared or self._choices[index].label is Label.HEADING

    def _quote(self, index: int) -> str:
        sentence = self._document.sentences[index]
        return self._document.text[sentence.start : sentence.end]


def _leads(sentences: Sequence[Sentence], choices: Sequence[Choice]) -> list[int | None]:
    """Return for each sentence the unmarked heading before it in its own paragraph and under the same outline item."""
    leads: list[int | None] = []
    lead: int | None = None
    for index, sentence in enumerate(sentences):
        if sentence.order == 0 or sentence.level is not None:
            lead = None
        leads.append(lead)
        if sentence.level is None and choices[index].label is Label.HEADING:
            lead = index
    return leads
