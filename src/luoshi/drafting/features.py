"""What the label model looks at in a sentence: its words, its place, its neighbours and the headings above it.

A feature is a short string; its first character(s) name the family, so that an explanation can be put into words (see
`explain.py`). Families: `g` characters, `b` beginning, `e` end, `c` and `x` beginnings and ends of clauses, `v`
beginnings of clauses behind their adverbs, `k` clauses by word class, `u` how the sentence orders or tells, `w` word
classes, `m` list marker, `s` shape, `p` place, `o` what stands under an outline item, `y` years, `d` the tense of what
is around, `h` word classes of the heading above, `<` previous sentence, `>` next sentence.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from luoshi.drafting.looks import CLAUSE, ENDS, Look, bucket, look_at
from luoshi.drafting.surroundings import neighbours, outline, tenses
from luoshi.reading.document import Document, Part, Sentence
from luoshi.reading.extract import Role

__all__ = ["document_features"]

_HALF: Final = re.compile(r"[，,；;：:。！？]")
_YEAR: Final = re.compile(r"(?:19|20)\d\d(?=年)")
_QUANTITY: Final = re.compile(
    r"(?<![\d.,])\d[\d.,]*(?:余|多)?(?:%|个百分点|[万亿]?(?:元|人|名|个|所|家|项|次|场|套|亩|公里|平方米|户|条|处|台|件|起|例|吨|斤))"
)
_NAMED: Final = re.compile(
    r"[”》][一-龥]{0,4}(?:工程|行动|计划|活动|项目|试点|方案|意见|办法|制度|机制|平台|基地|中心)"
)
"""Something with a name of its own: “清风”行动, 《…》实施办法."""
_MODAL: Final = re.compile(r"应当|必须|务必|可以|应该|[要将应须可需拟已曾是有把对]")
_HARD: Final = frozenset({"make", "do", "forbid"})
_SOFT: Final = frozenset({"improve", "strengthen", "support", "play"})
_TALK: Final = frozenset({"attitude", "value", "define", "person", "purpose"})
_LATIN: Final = re.compile(r"[A-Za-z]")
_DIGIT: Final = re.compile(r"\d")
_RUN_IN: Final = 24
"""Characters; a sentence up to this long at the head of a longer paragraph may be a run-in heading."""


def document_features(document: Document) -> Iterator[list[str]]:
    """Yield the features of every sentence of a document, in order; a large document's are never all in memory."""
    year = document.origin.date.day.year if document.origin.date else None
    sentences = document.sentences
    looks = [look_at(sentence) for sentence in sentences]
    places = _places(document, looks)
    around = tenses(sentences, looks)
    under = outline(sentences, looks)
    for index, sentence in enumerate(sentences):
        row = _text_features(sentence, looks[index], year)
        row += places[index]
        row += around[index]
        row += under[index]
        if sentence.path:
            row += [f"hw{name}" for name in looks[sentence.path[-1]].classes]
        row += neighbours(sentences, looks, index)
        yield row


def _text_features(sentence: Sentence, look: Look, year: int | None) -> list[str]:
    part, body, core = sentence.part.value, look.body, look.core
    row = list(look.grams)
    row += (f"b1{body[:1]}", f"b2{body[:2]}", f"b3{body[:3]}", f"b4{body[:4]}")
    row += (f"e1{core[-1:]}", f"e2{core[-2:]}", f"e3{core[-3:]}", f"e4{core[-4:]}")
    row += _clauses(look, part)
    row += _manner(look)
    row += [f"w{name}" for name in look.classes]
    row += [f"w{name}/{part}" for name in look.classes]
    row.append("w" + "+".join(look.classes) if look.classes else "wnone")
    row += _shape(sentence, look)
    if "年" in body:
        row += _years(body, year)
    return row


def _clauses(look: Look, part: str) -> dict[str, None]:
    """Return what each clause begins and ends with, by word class too: 建立…机制 is `make>product`."""
    row: dict[str, None] = {}
    heads: dict[str, int] = {}
    for text, rest, head, tail in look.clauses:
        start, end = rest[:2], text[-2:]
        heads[head] = heads.get(head, 0) + 1
        row[f"c{text[:2]}"] = row[f"v{start}"] = row[f"v{start}>{tail}"] = None
        row[f"v{head}>{end}"] = row[f"k{head}>{tail}"] = row[f"x{end}"] = None
    for head, count in heads.items():
        row[f"k{head}*{min(3, count)}"] = row[f"k{head}/{part}"] = None
    return row


def _manner(look: Look) -> list[str]:
    """Return how the sentence orders or tells: its first modal, its verbs by hardness, what it names and counts."""
    body = look.body
    modal = _MODAL.search(_HALF.split(body, maxsplit=1)[0])
    hard = soft = talk = products = abstracts = 0
    for _, _, head, tail in look.clauses:
        hard += head in _HARD
        soft += head in _SOFT
        talk += head in _TALK
        products += tail == "product"
        abstracts += tail == "abstract"
    named = ("”" in body or "》" in body) and _NAMED.search(body) is not None
    row = [
        f"u{modal[0]}/{min(3, (modal.start() + 2) // 3)}" if modal else "unone",
        f"uhard{min(2, hard)}soft{min(2, soft)}talk{min(2, talk)}",
        f"uhard{hard > 0}/named{named}",
        f"ulist{min(6, body.count('、'))}",
        f"uprod{min(2, products)}abst{min(2, abstracts)}",
    ]
    if look.clauses:
        row += (f"ufirst{look.clauses[0].head}", f"ulast{look.clauses[-1].head}>{look.clauses[-1].tail}")
    if named:
        row.append("unamed")
    if _LATIN.search(body):
        row.append("ulatin")
    if "g0" in look.grams and _DIGIT.search(_YEAR.sub("", body)):
        row.append("udigit")
    return row


def _shape(sentence: Sentence, look: Look) -> list[str]:
    kind, body, part = look.kind, look.body, sentence.part.value
    end = sentence.clean[-1] if sentence.clean[-1] in ENDS else "open"
    length = bucket(len(body))
    figures = len(_QUANTITY.findall(body)) if "g0" in look.grams else 0
    row = [
        f"m{kind}",
        f"m{kind}/{end}",
        f"m{kind}/{part}",
        f"slength{length}",
        f"slength{length}/{end}",
        f"slength{length}/{kind}",
        f"send{end}",
        f"sclauses{min(8, len(CLAUSE.findall(body)))}",
        f"squantities{min(3, figures)}/{part}",
    ]
    if "《" in body:
        row.append("sbook")
    if "“" in body:
        row.append("squoted")
    return row


def _years(body: str, year: int | None) -> Iterator[str]:
    for named in {int(match) for match in _YEAR.findall(body)}:
        if year is None:
            yield "ynamed"
        elif named < year:
            yield "ybefore"
        else:
            yield "ysame" if named == year else "yafter"


def _places(document: Document, looks: Sequence[Look]) -> list[list[str]]:
    """Return what each sentence's place tells: in its block, in its speech, and the part it stands in."""
    sentences = document.sentences
    siblings = _siblings(sentences, looks)
    per_block: dict[int, int] = {}
    per_speech: dict[int, int] = {}
    for sentence in sentences:
        per_block[sentence.block] = per_block.get(sentence.block, 0) + 1
        per_speech[sentence.speech] = per_speech.get(sentence.speech, 0) + 1
    seen: dict[int, int] = {}
    rows = []
    for sentence in sentences:
        at = seen[sentence.speech] = seen.get(sentence.speech, -1) + 1
        row = _place(document, sentence, per_block[sentence.block], at, per_speech[sentence.speech])
        rows.append([*row, *siblings.get(sentence.block, ())] if sentence.order == 0 else row)
    return rows


def _siblings(sentences: Sequence[Sentence], looks: Sequence[Look]) -> dict[int, list[str]]:
    """Tell of each block how its first sentence rhymes with the first sentences of the two blocks before and after."""
    firsts = [sentence for sentence in sentences if sentence.order == 0]
    bodies = [look.body.rstrip(ENDS) for look, one in zip(looks, sentences, strict=True) if one.order == 0]
    style = _run_in_style(sentences)
    rows = {}
    for index, sentence in enumerate(firsts):
        near = [i for i in range(max(0, index - 2), min(len(firsts), index + 3)) if i != index]
        length = sum(abs(len(bodies[i]) - len(bodies[index])) < 3 for i in near)
        start = sum(bodies[i][:1] == bodies[index][:1] for i in near)
        end = sum(bodies[i][-2:] == bodies[index][-2:] for i in near)
        short = min(3, len(bodies[index]) // 12)
        rows[sentence.block] = [f"plike{length}/{short}", f"plikestart{start}/{short}", f"plikeend{end}/{short}"]
        if sentence.block in style.long:
            rows[sentence.block].append(f"pstyle{style.share[sentence.speech]}/{bucket(len(bodies[index]))}")
    return rows


class _Style(NamedTuple):
    """Which blocks hold more than one sentence, and in how many fifths of them a short sentence leads, by speech."""

    long: frozenset[int]
    share: dict[int, int]


def _run_in_style(sentences: Sequence[Sentence]) -> _Style:
    blocks: dict[int, list[Sentence]] = {}
    for sentence in sentences:
        blocks.setdefault(sentence.block, []).append(sentence)
    long = {number: block for number, block in blocks.items() if len(block) > 1}
    share = {}
    for speech in {sentence.speech for sentence in sentences}:
        leads = [len(block[0].clean) <= _RUN_IN for block in long.values() if block[0].speech == speech]
        share[speech] = sum(leads) * 5 // len(leads) if leads else 0
    return _Style(frozenset(long), share)


def _place(document: Document, sentence: Sentence, in_block: int, at: int, in_speech: int) -> list[str]:
    block = document.blocks[sentence.block]
    alone = in_block == 1
    last = sentence.order == in_block - 1
    short = bucket(len(sentence.clean))
    row = [
        f"ppart{sentence.part.value}",
        f"pdepth{len(sentence.path)}",
        f"plevel{sentence.level}",
        f"porder{min(3, sentence.order)}",
        f"porder{min(1, sentence.order)}/last{last}/alone{alone}",
        f"palone{alone}/{short}",
        f"prunin{sentence.order == 0 and not alone}/{short}/{bool(sentence.marker)}",
        f"pfirst{min(8, at)}",
        f"plast{min(6, in_speech - 1 - at)}",
        f"prelative{at * 8 // in_speech}",
        f"prole{block.role.value}",
    ]
    if sentence.noise:
        row += ["pnoise", f"pnoise{sentence.noise.value}"]
    if block.level:
        row.append("pdeclared")
    if block.role is Role.PARAGRAPH and sentence.part is Part.OPENING:
        row.append(f"popening/{min(8, at)}")
    return row
