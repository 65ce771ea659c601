"""The outline of a document: what its list markers and declared headings say about levels.

Official documents number their parts 一、（一）1.（1）, in this order by the national layout standard; speeches add
第一，, 一是 and 首先. Many documents use another order (1. above （一）), so levels follow the document's own order
wherever it is consistent, and the standard order elsewhere.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from luoshi.reading.document import Part

__all__ = ["Marker", "Plain", "Stack", "find_marker", "kind_order", "part_of_heading", "run_ins"]

_DIGITS: Final = {c: i for i, c in enumerate("〇一二三四五六七八九")} | {"零": 0, "两": 2}
_NUMERAL: Final = "[一二三四五六七八九十百零〇]{1,4}"
_KINDS: Final = (
    # name, pattern; in the order of the layout standard, which is also the order of trying
    ("chapter", rf"第({_NUMERAL}|\d{{1,2}})(?:章|部分|编|篇)[ 、：:　]?"),
    ("section", rf"第({_NUMERAL}|\d{{1,2}})节[ 、：:　]?"),
    ("article", rf"第({_NUMERAL}|\d{{1,3}})条[ 、：:　]?"),
    ("han", rf"({_NUMERAL})(?:[、．.]|[,，：:](?=.{{2,30}}[。\n]?$))"),
    ("han-bracket", rf"(?:[（(]({_NUMERAL})[）)]|([㈠-㈩]))[、.．]?"),
    ("arabic", r"(?:(\d{1,2})(?:[、．]|\.(?!\d)|\.(?=(?:19|20)\d\d年|\d{1,2}月)|(?=[　 ]+[^\d\s]))|([⒈-⒛]))[　 ]*"),
    ("arabic-bracket", r"(?:[（(](\d{1,2})[）)]|(\d{1,2})[）)])[、.．]?"),
    ("circled", r"([①-⑳⑴-⒇❶-❿])[、.．]?"),
    (
        "ordinal",
        rf"第({_NUMERAL})(?:[,，、：:]|(?:个?方面|阶段)(?:[,，、：:]|(?=[（(])|是|要)?|(?:步|类|批|层面)[,，、：:])",
    ),
    ("point", rf"({_NUMERAL})(?:是|要(?!求|素|件|害|点(?![面名线])|务(?![实必]))|则[,，])[,，：:]?"),
    (
        "first",
        r"(?:(首先|其次|再次|再者|最后|一方面|另一方面)(?:[,，、：:]|(?=[要是]))|其([一二三四五六七八九])[,，、：:])",
    ),
    ("dash", r"(——|—|--|[●■◆★▲•·])[ 　]*(?=[^\d\s—\-])"),
)
_KIND_RANK: Final = {name: rank for rank, (name, _) in enumerate(_KINDS)}
_MARKER: Final = re.compile("|".join(f"(?P<{name.replace('-', '_')}>{pattern})" for name, pattern in _KINDS))
_BEGINNINGS: Final = frozenset("第一二三四五六七八九十百零〇（(首其再最另—-●■◆★▲•·").union(
    *(map(chr, range(ord(first), ord(last) + 1)) for first, last in ("①⑳", "⑴⒇", "❶❿", "㈠㈩", "⒈⒛"))
)
"""What markers begin with, digits aside; most sentences are told by their first character to have none."""
_ENUMERATED: Final = re.compile(
    r"第?(?P<one>[一二三四五六七八九]|\d{1,2})、第?(?P<next>[一二三四五六七八九]|\d{1,2})"
    r"(?=[、和]|年级|季度|月(?![底初末前内起\d]|中旬)|学期|产业|线|类|批|期|届|号|楼|班|级|中学|小学|幼儿园)"
)
"""Neighbouring numbers that share what they count (三、四年级), which look like a marker and its heading."""
_WORDS: Final = {"首先": 1, "一方面": 1, "其次": 2, "另一方面": 2, "再次": 3, "再者": 3, "最后": 9}
_ROWS_OF_SIGNS: Final = (("①", "⑳"), ("⑴", "⒇"), ("❶", "❿"), ("㈠", "㈩"), ("⒈", "⒛"))
"""Signs that hold a number of their own: the first and the last of each row."""
_DEEP: Final = frozenset({"ordinal", "point", "first", "dash"})
_RUN_IN_SHORT: Final = 4
_RUN_IN_LONG: Final = 18
"""Characters of a run-in heading, at least and at most."""
_RUN_IN_AROUND: Final = 20
"""Characters that the sentences around a run-in heading have at least."""
_BROKEN: Final = re.compile(r"[，,、；：:\d]")


@dataclass(frozen=True, slots=True)
class Marker:
    """A list marker: its `text`, its `kind` (one of twelve) and the `number` that it counts."""

    text: str
    kind: str
    number: int


def find_marker(clean: str) -> Marker | None:
    """Return the list marker that a sentence begins with, or None.

    二〇二六年, 一些, 2.5万, 3月5日, 第一中学 and 三、四年级 are no markers.
    """
    if clean[:1] not in _BEGINNINGS and not clean[:1].isdecimal():
        return None
    if _counts_neighbours(clean):
        return None
    match = _MARKER.match(clean)
    if match is None or match.lastgroup is None:
        return None
    kind = match.lastgroup.replace("_", "-")
    inner = next((group for group in match.groups()[match.re.groupindex[match.lastgroup] :] if group), "")
    if kind == "arabic" and re.match(r"(?:年|月|日|个|万|亿|％|%)", clean[match.end() :]):
        return None
    return Marker(match[0].rstrip(" 　"), kind, _number(inner))


def _counts_neighbours(clean: str) -> bool:
    """Tell whether a sentence begins with two or more numbers in a row that share a noun (一、二年级)."""
    match = _ENUMERATED.match(clean)
    return match is not None and _number(match["next"]) == _number(match["one"]) + 1


def _number(text: str) -> int:
    if text in _WORDS:
        return _WORDS[text]
    if text.isdecimal():
        return int(text)
    for first, last in _ROWS_OF_SIGNS:
        if first <= text <= last:
            return ord(text) - ord(first) + 1
    return _han_number(text)


def _han_number(text: str) -> int:
    """Read a Chinese ordinal up to 999; a marker needs no more."""
    total = digit = 0
    for character in text:
        if character in "十百":
            total += (digit or 1) * (10 if character == "十" else 100)
            digit = 0
        else:
            digit = _DIGITS.get(character, 0)
    return total + digit


def kind_order(markers: Iterable[Marker]) -> dict[str, int]:
    """Return the level (1 the highest) of each kind of marker in one speech, by the order in which it nests them.

    A kind that the standard ranks lower stands above another only where the text shows it: the other restarts from 1
    under several of its items, or it counts on (1. 2. 3.) over an inner list and never starts anew below one.
    """
    sequence = list(markers)
    kinds = sorted({marker.kind for marker in sequence}, key=_KIND_RANK.__getitem__)
    order: list[str] = []
    for kind in kinds:
        place = len(order)
        while place and _nests(sequence, kind, order[place - 1]):
            place -= 1
        order.insert(place, kind)
    return {kind: level for level, kind in enumerate(order, 1)}


def _nests(sequence: Sequence[Marker], outer: str, inner: str) -> bool:
    """Tell whether `inner` is counted anew below the items of `outer`, and never the other way round.

    What the standard ranks above both closes both lists.
    """
    above = min(_KIND_RANK[outer], _KIND_RANK[inner])
    items = last_outer = last_inner = 0
    between = counts_on = False
    under: set[int] = set()
    for marker in sequence:
        if marker.kind == outer:
            if marker.number == 1 and last_inner:
                return False
            counts_on |= last_inner > 1 and items in under and marker.number == last_outer + 1
            items, last_outer, between = items + 1, marker.number, True
        elif marker.kind == inner:
            if between and last_inner and marker.number == last_inner + 1:
                return False
            if between and marker.number == 1:
                under.add(items)
            last_inner, between = marker.number, False
        elif _KIND_RANK[marker.kind] < above:
            last_inner, between = 0, False
    return len(under) > 1 or counts_on


@dataclass(frozen=True, slots=True)
class Plain:
    """An unmarked sentence: its text, the section it stands in, and the lengths of what stands around it.

    `before` is the length of the sentence before it in its paragraph (None at the head of the paragraph, or right after
    a marked sentence), `after` of the one behind it (0 at the end of the paragraph).
    """

    text: str
    section: int
    before: int | None
    after: int


def run_ins(sentences: Sequence[Plain]) -> set[int]:
    """Return the indexes of the run-in headings: short unmarked sentences, each leading longer ones, that come in rows.

    One short sentence proves nothing; a section has run-in headings when it has at least two.
    """
    found: dict[int, list[int]] = {}
    for index, sentence in enumerate(sentences):
        if _leads(sentence):
            found.setdefault(sentence.section, []).append(index)
    return {index for group in found.values() if len(group) > 1 for index in group}


def _leads(sentence: Plain) -> bool:
    text = sentence.text
    if not _RUN_IN_SHORT <= len(text) <= _RUN_IN_LONG or text[-1] != "。" or _BROKEN.search(text):
        return False
    return sentence.after >= _RUN_IN_AROUND and (sentence.before is None or sentence.before >= _RUN_IN_AROUND)


class Stack:
    """The outline items that are open at a place of the text."""

    def __init__(self) -> None:
        self._open: list[tuple[float, int]] = []
        self._path: tuple[int, ...] = ()

    def enter(self, level: float, item: int) -> None:
        """Open `item` at `level`, closing every open item at the same level or below."""
        self.leave(level)
        self._open.append((level, item))
        self._path = (*self._path, item)

    def leave(self, level: float) -> None:
        """Close every open item at `level` or below."""
        while self._open and self._open[-1][0] >= level:
            self._open.pop()
            self._path = self._path[:-1]

    def lowest(self, of: Callable[[float], bool]) -> float:
        """Return the lowest of those open levels that `of` accepts, 0 where it accepts none."""
        return next((level for level, _ in reversed(self._open) if of(level)), 0)

    def path(self) -> tuple[int, ...]:
        """Return the open items, the highest first."""
        return self._path


_EXPLICIT_PARTS: Final = (
    (Part.CLOSING, re.compile(r"结束语|结语")),
    (Part.PLAN, re.compile(r"下一?步|今后|安排|部署|打算|工作(?:任务|思路|重点|要点|目标|要求|措施)|重点任务")),
    (
        Part.REVIEW,
        re.compile(
            r"回顾|总结(?!评估|阶段|表彰)|(?:取得|主要|工作)的?成[绩效就]|过去|工作(?:开展|完成|进展)?情况|去年|年来"
        ),
    ),
    (Part.PROBLEMS, re.compile(r"(?:存在|面临|突出|主要)的?.{0,4}(?:问题|困难|挑战|不足)|问题和|短板")),
)
_VAGUE_PLAN: Final = re.compile(r"任务|要求|措施|保障|目标|今年|做好|抓好|推进|加强|强化|实施|落实|完善|提升|提高|建设")
_YEAR: Final = re.compile(r"(?:19|20)\d\d(?=年)")


_QUOTED: Final = re.compile(r"“[^”]*”|《[^》]*》")


def part_of_heading(clean: str, year: int | None, *, top: bool) -> Part | None:
    """Return the part of a document that a heading opens by its words, None where it tells nothing.

    `year` is the document's own: 2020年工作 looks back in a document of 2021 and plans in one of 2020. Headings below
    the `top` level change the part only by explicit words (工作回顾, 存在的问题), never by a verb such as 加强. What
    stands in quotation or title marks tells nothing: it is a name.
    """
    clean = _QUOTED.sub("", clean)
    for part, pattern in _EXPLICIT_PARTS:
        if pattern.search(clean):
            return part
    if not top:
        return None
    named = _YEAR.search(clean)
    if named and year:
        return Part.REVIEW if int(named[0]) < year else Part.PLAN
    return Part.PLAN if _VAGUE_PLAN.search(clean) else None
