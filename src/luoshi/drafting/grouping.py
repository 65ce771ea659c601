"""Which sentences make up one row.

Most rows are one sentence. Sentences belong together when a bracket at the end names the unit for all of them, when the
text was broken in mid-sentence, when one list of prohibitions runs through several items, when a sentence says what
happens to those who do not comply, or by what means (通过…), and when it only makes sense as the continuation of the
one before (其中, 对发现的问题).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Final

from luoshi.drafting.brackets import BracketFound
from luoshi.drafting.columns import TableRow
from luoshi.drafting.labels import Choice
from luoshi.drafting.plan import Label
from luoshi.reading.document import Document, Sentence
from luoshi.words import Words

__all__ = ["apply_brackets", "group", "is_bracket_only"]

_ENDS: Final = frozenset("。；;！!？?：:”’」』）)")
_CONTINUES: Final = re.compile(
    r"(?:其中|具体(?:包括|是|为)|主要(?:包括|是指)|对(?:于)?(?:发现|排查|检查|查出|自查|督查)[^，]{0,12}(?:的|出的)?(?:问题|隐患|情况)|"
    r"(?:检查|排查|评估|考核|活动|培训|会议|整改)(?:结束|完成)后|逾期|重点(?:是|看|查)|通过(?!率)|[、”，])"
)
_SANCTIONS: Final = re.compile(
    r"(?:对(?:于)?|凡)[^，；。]{3,50}，[^。；]{0,40}(?:处分|处罚|查处|追究|追责|问责|处理|通报批评|约谈|取消|移送|惩处|吊销)"
)
_FORBIDS: Final = re.compile(r"(?:严禁|不得|禁止|不准|不许|严格禁止)")
_NAMED: Final = Words("后面的括号写明了责任单位或时限", "The bracket behind it names who answers for it or by when")
_NAMED_SURE: Final = 0.9
_TURNS: Final = frozenset({Label.HEADING, Label.PRINCIPLE, Label.OTHER, Label.PROBLEM})
"""Labels that a bracket turns into a task; a past success keeps its label, whoever is named."""


def apply_brackets(
    document: Document, choices: list[Choice], brackets: Mapping[int, Sequence[BracketFound]]
) -> list[list[int]]:
    """Make tasks of what brackets assign; return the sentences of each such row, the bracket's own last.

    `brackets` gives the assignments found in each sentence. A bracket speaks for the task sentences since the bracket
    before it in the same paragraph; one that stands in a paragraph of its own, for the paragraph above, and so do the
    lines 责任单位：…, 完成时限：… that follow it.
    """
    rows: list[list[int]] = []
    for index in sorted(brackets):
        if rows and rows[-1][-1] == index - 1 and _goes_on(document.sentences, brackets, index):
            choices[index] = Choice(Label.TASK, _NAMED_SURE, (_NAMED,))
            rows[-1].append(index)
            continue
        members = _spoken_for(document.sentences, choices, index, brackets)
        for member in members:
            if choices[member].label is not Label.TASK:
                choices[member] = Choice(Label.TASK, _NAMED_SURE, (_NAMED, *choices[member].why[:1]))
        if members:
            rows.append(members)
    return rows


def _spoken_for(
    sentences: Sequence[Sentence],
    choices: Sequence[Choice],
    index: int,
    brackets: Mapping[int, Sequence[BracketFound]],
) -> list[int]:
    """Return the sentences that the bracket in sentence `index` speaks for, that sentence included."""
    first = index
    alone = is_bracket_only(sentences[index], brackets[index])
    block = sentences[index].block
    if alone and sentences[index].order == 0:
        block -= 1
    while first and sentences[first - 1].block in {block, sentences[index].block} and first - 1 not in brackets:
        first -= 1
    span = range(first, index + 1)
    tasks = [i for i in span if choices[i].label is Label.TASK and not (alone and i == index)]
    if not tasks:
        tasks = [i for i in (index, index - 1) if i >= first and not (alone and i == index)][:1]
        tasks = [i for i in tasks if choices[i].label in _TURNS]
    if not tasks:
        return []
    return list(range(tasks[0], index + 1)) if _no_break(choices, tasks[0], index) else sorted({*tasks, index})


def _goes_on(sentences: Sequence[Sentence], brackets: Mapping[int, Sequence[BracketFound]], index: int) -> bool:
    """Tell whether a sentence and the one before it are both lines of nothing but an assignment."""
    return all(
        one in brackets and sentences[one].order == 0 and is_bracket_only(sentences[one], brackets[one])
        for one in (index - 1, index)
    )


def _no_break(choices: Sequence[Choice], first: int, last: int) -> bool:
    """Tell whether everything from `first` to `last` may be one row: nothing between is noise, a title or a heading."""
    kept = {Label.TASK, Label.PRINCIPLE, Label.OTHER, Label.PROBLEM}
    return all(choice.label in kept for choice in choices[first:last])


def is_bracket_only(sentence: Sentence, found: Sequence[BracketFound]) -> bool:
    """Tell whether a sentence is nothing but an assignment."""
    covered = sum(bracket.end - bracket.start for bracket in found)
    return covered >= len(sentence.clean.rstrip("。；; ")) - 2


def group(
    document: Document, choices: Sequence[Choice], rows: Sequence[TableRow], assigned: Sequence[Sequence[int]]
) -> list[list[int]]:
    """Return the rows of the task table as lists of sentence indexes, in the order of the text."""
    row_of_block = {row.task: number for number, row in enumerate(rows)}
    taken = {index: tuple(members) for members in assigned for index in members}
    groups: list[list[int]] = []
    for index, choice in enumerate(choices):
        if choice.label is not Label.TASK:
            continue
        last = groups[-1] if groups else None
        if last and _belongs(document, last[-1], index, row_of_block, taken):
            last.append(index)
        else:
            groups.append([index])
    return groups


def _belongs(
    document: Document,
    before: int,
    index: int,
    row_of_block: Mapping[int, int],
    taken: Mapping[int, tuple[int, ...]],
) -> bool:
    one, other = document.sentences[before], document.sentences[index]
    if one.speech != other.speech:
        return False
    row = row_of_block.get(other.block)
    if row is not None or one.block in row_of_block:
        return one.block == other.block
    if index in taken or before in taken:
        return taken.get(index) == taken.get(before)
    return index == before + 1 and _runs_on(one, other)


def _runs_on(one: Sentence, other: Sentence) -> bool:
    if one.clean[-1] not in _ENDS and not other.marker:
        return True
    if one.block == other.block and (_CONTINUES.match(other.clean) or _SANCTIONS.match(other.clean)):
        return True
    bodies = (one.clean[len(one.marker) :].lstrip(), other.clean[len(other.marker) :].lstrip())
    return bool(one.marker and other.marker) and all(_FORBIDS.match(body) for body in bodies)
