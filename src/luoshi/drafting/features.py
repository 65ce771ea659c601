"""What the label model looks at in a sentence: its words, its place, its neighbours and the headings above it.

A feature is a short string; its first character(s) name the family, so that an explanation can be put into words (see
`explain.py`). Families: `g` characters, `b` beginning, `e` end, `c` and `x` beginnings and ends of clauses, `k` clauses
by word class, `w` word classes, `m` list marker, `s` shape, `p` place, `y` years, `h` heading above, `t` topmost
heading, `<` previous sentence, `>` next sentence.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from importlib.resources import files
from typing import Final, NamedTuple

from luoshi.reading.document import Document, Part, Sentence
from luoshi.reading.extract import Role
from luoshi.reading.outline import find_marker

__all__ = ["document_features"]

_CLAUSE: Final = re.compile(r"[，,、；;：:。]")
_DIGITS: Final = re.compile(r"\d+(?:\.\d+)?")
_YEAR: Final = re.compile(r"(?:19|20)\d\d(?=年)")
_QUANTITY: Final = re.compile(
    r"\d(?:[\d.,]*)(?:余|多)?(?:%|个百分点|[万亿]?(?:元|人|名|个|所|家|项|次|场|套|亩|公里|平方米|户|条|处|台|件|起|例|吨|斤))"
)
_ENDS: Final = "。；;！!？?：:，,、"
_RUN_IN: Final = 24
"""Characters; a sentence up to this long at the head of a longer paragraph may be a run-in heading."""
_LENGTHS: Final = (4, 8, 12, 18, 25, 35, 50, 75, 110, 160)


@lru_cache(maxsize=1)
def _word_classes() -> tuple[tuple[str, re.Pattern[str]], ...]:
    """Return the word classes of `data/words.txt`, each as one pattern that prefers the longest word."""
    classes: dict[str, list[str]] = {}
    name = ""
    for line in files("luoshi.drafting").joinpath("data/words.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            name = line.strip("[]")
        elif line and not line.startswith("#"):
            classes.setdefault(name, []).extend(line.split())
    return tuple(
        (name, re.compile("|".join(sorted(map(re.escape, words), key=len, reverse=True))))
        for name, words in classes.items()
    )


def document_features(document: Document) -> Iterator[list[str]]:
    """Yield the features of every sentence of a document, in order; a large document's are never all in memory."""
    year = document.origin.date.day.year if document.origin.date else None
    sentences = document.sentences
    bodies = [_body(sentence) for sentence in sentences]
    places = _places(document)
    classes = [_classes_in(body) for body in bodies]
    for index, sentence in enumerate(sentences):
        row = list(_text_features(sentence, bodies[index], classes[index], year))
        row += places[index]
        row += _heading_features(sentence, bodies)
        row += _neighbour_features(sentences, bodies, classes, index)
        yield row


def _body(sentence: Sentence) -> str:
    """Return the sentence without its list marker."""
    return sentence.clean[len(sentence.marker) :].strip(" 　、.．")


def _classes_in(text: str) -> list[str]:
    return [name for name, pattern in _word_classes() if pattern.search(text)]


def _text_features(sentence: Sentence, body: str, found: Sequence[str], year: int | None) -> Iterator[str]:
    core = body.rstrip(_ENDS + "”’」』）)")
    yield from _grams(_DIGITS.sub("0", body))
    for size in (1, 2, 3, 4):
        yield f"b{size}{body[:size]}"
        yield f"e{size}{core[-size:]}"
    yield from {f"c{clause[:2]}" for clause in _CLAUSE.split(body) if len(clause) > 1}
    part = sentence.part.value
    yield from _clauses(body, part)
    for name in found:
        yield f"w{name}"
        yield f"w{name}/{part}"
    yield "w" + "+".join(found) if found else "wnone"
    yield from _shape(sentence, body)
    yield from _years(body, year)


def _clauses(body: str, part: str) -> Iterator[str]:
    """Yield what each clause begins and ends with, by word class: 建立…机制 is `make>product`."""
    heads: dict[str, int] = {}
    for clause in _CLAUSE.split(body):
        if len(clause) > 1:
            head = _class_at_start(clause)
            tail = _class_at_end(clause)
            heads[head] = heads.get(head, 0) + 1
            yield f"k{head}>{tail}"
            yield f"x{clause[-2:]}"
    for head, count in heads.items():
        yield f"k{head}*{min(3, count)}"
        yield f"k{head}/{part}"


_ADVERBS: Final = re.compile(
    r"^(?:要|将|应|须|必须|继续|进一步|认真|切实|积极|大力|全面|深入|扎实|着力|努力|不断|持续|加快|坚决|严格|充分|有效|同时|并|还要?|及时|"
    r"定期|逐步|稳步|全力|重点|特别要?|尤其要?|也要?|都要|再|统筹|有序|精心|科学|主动|高度|牢牢)+"
)
_CLASSES_OF_VERBS: Final = ("make", "do", "improve", "attitude", "past", "value", "future", "who", "problem")


def _class_at_start(clause: str) -> str:
    rest = _ADVERBS.sub("", clause)
    for name, pattern in _word_classes():
        if name in _CLASSES_OF_VERBS and pattern.match(rest):
            return name
    return "none"


def _class_at_end(clause: str) -> str:
    for name, pattern in _word_classes():
        if name in {"product", "value", "attitude", "past", "problem"}:
            for match in pattern.finditer(clause, max(0, len(clause) - 6)):
                if match.end() >= len(clause) - 1:
                    return name
    return "none"


def _grams(text: str) -> set[str]:
    """Return the single characters, pairs and triples of a text, each once."""
    return (
        {f"g{character}" for character in text}
        | {f"g{text[i : i + 2]}" for i in range(len(text) - 1)}
        | {f"g{text[i : i + 3]}" for i in range(len(text) - 2)}
    )


def _shape(sentence: Sentence, body: str) -> Iterator[str]:
    kind = _kind(sentence)
    end = sentence.clean[-1] if sentence.clean[-1] in _ENDS else "open"
    length = _bucket(len(body))
    yield f"m{kind}"
    yield f"m{kind}/{end}"
    yield f"m{kind}/{sentence.part.value}"
    yield f"slength{length}"
    yield f"slength{length}/{end}"
    yield f"slength{length}/{kind}"
    yield f"send{end}"
    yield f"sclauses{min(8, len(_CLAUSE.findall(body)))}"
    yield f"squantities{min(3, len(_QUANTITY.findall(body)))}/{sentence.part.value}"
    if "《" in body:
        yield "sbook"
    if "“" in body:
        yield "squoted"


def _bucket(length: int) -> int:
    return sum(length > limit for limit in _LENGTHS)


def _years(body: str, year: int | None) -> Iterator[str]:
    for named in {int(match) for match in _YEAR.findall(body)}:
        if year is None:
            yield "ynamed"
        elif named < year:
            yield "ybefore"
        else:
            yield "ysame" if named == year else "yafter"


def _places(document: Document) -> list[list[str]]:
    """Return what each sentence's place tells: in its block, in its speech, and the part it stands in."""
    sentences = document.sentences
    siblings = _siblings(sentences)
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


def _siblings(sentences: Sequence[Sentence]) -> dict[int, list[str]]:
    """Tell of each block how its first sentence rhymes with the first sentences of the two blocks before and after."""
    firsts = [sentence for sentence in sentences if sentence.order == 0]
    bodies = [_body(sentence).rstrip(_ENDS) for sentence in firsts]
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
            rows[sentence.block].append(f"pstyle{style.share[sentence.speech]}/{_bucket(len(bodies[index]))}")
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
    short = _bucket(len(sentence.clean))
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


def _heading_features(sentence: Sentence, bodies: Sequence[str]) -> Iterator[str]:
    if sentence.path:
        yield from {f"h{gram[1:]}" for gram in _grams(bodies[sentence.path[-1]][:40]) if len(gram) == 3}
        yield from {f"t{gram[1:]}" for gram in _grams(bodies[sentence.path[0]][:40]) if len(gram) == 3}


def _neighbour_features(
    sentences: Sequence[Sentence], bodies: Sequence[str], classes: Sequence[Sequence[str]], index: int
) -> Iterator[str]:
    here = sentences[index]
    for sign, other in (("<", index - 1), (">", index + 1)):
        if not 0 <= other < len(sentences):
            yield f"{sign}edge"
            continue
        near, body = sentences[other], bodies[other]
        kind = _kind(near)
        same = near.block == here.block
        yield f"{sign}same{same}"
        yield f"{sign}m{kind}/{same}"
        yield f"{sign}m{kind}/{_kind(here)}"
        yield f"{sign}length{_bucket(len(body))}/{same}"
        yield f"{sign}end{near.clean[-1] if near.clean[-1] in _ENDS else 'open'}"
        yield f"{sign}b{body[:2]}"
        yield from (f"{sign}w{name}" for name in classes[other])
        if near.noise:
            yield f"{sign}noise"


def _kind(sentence: Sentence) -> str:
    marker = find_marker(sentence.clean)
    if marker:
        return marker.kind
    return "none" if sentence.level is None else "run-in"
