"""Which blocks are no part of the document: page furniture, collectors' remarks, advertising, page numbers.

A block is judged by its words (from `data/noise.txt`), by its place (a related-links line takes the short lines after
it along; a font-size button needs buttons beside it), and by repetition (a running head that cuts sentences in two).
What a document itself may say (扫码入校, 版权保护, 供参考 in a circular) is left alone: precision comes first.

The line of a web page that names time, source and clicks is noise, although the date in it is of use to
:func:`luoshi.reading.origin.find_origin`, which reads it there.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import pairwise
from typing import Final

from luoshi.reading.document import Noise
from luoshi.reading.extract import Role
from luoshi.reading.late import late

__all__ = ["find_noise"]

_LONGEST: Final = {"line": 120, "begins": 80, "tail": 80, "contains": 120, "passage": 500}
_LENGTHS: Final = sorted(set(_LONGEST.values()))
_TAIL: Final = 12
"""Lines from the end of the file that count as its tail."""
_WORD: Final = re.compile(r"[^\s|\uff5c/·•>»：:【】\[\]（）()「」,，、\-—]+")
_ENDS_SENTENCE: Final = re.compile(r"[。！？；：…”）]$")
_SENTENCE: Final = re.compile(r"[。！？；]")
_ISO_DAY: Final = late(r"(?:19|20)\d\d[-/.年]\d{1,2}[-/.月]\d{1,2}")
_CLOCK: Final = late(r"\d{1,2}:\d\d")
_MARKER: Final = late(
    r"[一二三四五六七八九十]{1,3}、|[（(][一二三四五六七八九十\d]{1,3}[）)]|\d{1,2}[.、]|第[一二三四五六七八九十\d]{1,3}[章节条篇]"
)
_TITLE: Final = re.compile(r"讲话|通知|方案|意见|报告|致辞|发言|篇[一二三四五六七八九十\d]")
_RELATED_LENGTH: Final = 60
_REPEATED: Final = 3


@dataclass(frozen=True, slots=True)
class _Row:
    """An expression, and the words one of which it `needs`; none where it is asked of every line."""

    kind: Noise
    scope: str
    pattern: re.Pattern[str]
    needs: tuple[str, ...]

    def test(self) -> Callable[[str], re.Match[str] | None]:
        """Return what is asked of a line."""
        if self.scope == "line":
            return self.pattern.fullmatch
        return self.pattern.match if self.scope in {"begins", "tail"} else self.pattern.search


@dataclass(frozen=True, slots=True)
class _Lexicon:
    words: frozenset[str]
    short: frozenset[str]
    fields: re.Pattern[str]
    strong: re.Pattern[str]
    rows: tuple[_Row, ...]


@cache
def _lexicon() -> _Lexicon:
    lists: dict[str, list[str]] = defaultdict(list)
    rows: list[_Row] = []
    for entry in files("luoshi.reading").joinpath("data/noise.txt").read_text("utf-8").splitlines():
        if entry and not entry.startswith("#"):
            kind, scope, value, *needs = entry.split("\t")
            if scope in _LONGEST:
                _add_row(rows, Noise(kind), scope, value, needs)
            else:
                lists[scope] += value.split()
    strong = "|".join(sorted(map(re.escape, lists["field"]), key=len, reverse=True))
    weak = "|".join(map(re.escape, lists["weak"]))
    return _Lexicon(
        frozenset(lists["words"]),
        frozenset(lists["short"]),
        late(rf"[\s|【（\[]*(?:{strong}|{weak})[：:][^：。；！？]*?(?=[\s|【（\[]+(?:{strong}|{weak})[：:]|$)"),
        late(rf"(?:{strong})[：:]"),
        tuple(rows),
    )


def _add_row(rows: list[_Row], kind: Noise, scope: str, value: str, needs: Sequence[str]) -> None:
    """Add an expression, joined to the one before where both ask the same; searches are faster apart."""
    if not needs and rows and (rows[-1].kind, rows[-1].scope) == (kind, scope):
        value = f"{rows.pop().pattern.pattern}|{value}"
    rows.append(_Row(kind, scope, late(value), tuple(" ".join(needs).split())))


class _Tests:
    """What the lines of one file are asked."""

    def __init__(self, text: str) -> None:
        letters = frozenset(text)  # most words are told by their letters alone
        self._rows = [
            row
            for row in _lexicon().rows
            if not row.needs or any(letters.issuperset(word) and word in text for word in row.needs)
        ]
        self._tests: dict[tuple[int, bool], list[tuple[Noise, Callable[[str], re.Match[str] | None]]]] = {}

    def kind(self, line: str, *, in_tail: bool) -> Noise | None:
        """Return the kind of the first expression that matches a line."""
        length = next((longest for longest in _LENGTHS if len(line) <= longest), None)
        if length is None:
            return None
        if (length, in_tail) not in self._tests:
            self._tests[length, in_tail] = [
                (row.kind, row.test())
                for row in self._rows
                if length <= _LONGEST[row.scope] and (in_tail or row.scope != "tail")
            ]
        for kind, test in self._tests[length, in_tail]:
            if test(line):
                return kind
        return None


def find_noise(lines: Sequence[str], roles: Sequence[Role]) -> list[Noise | None]:
    """Return for every block why it is noise, None where it is not; `lines` are the repaired texts of the blocks."""
    stripped = [line.strip() for line in lines]
    tail = len(lines) - _TAIL
    tests = _Tests("\n".join(stripped))
    found = [
        _by_words(tests, line, role, i >= tail) for i, (line, role) in enumerate(zip(stripped, roles, strict=True))
    ]
    _add_fields(stripped, roles, found)
    _add_runs(stripped, roles, found)
    _add_related(stripped, found)
    _add_running_heads(stripped, roles, found)
    _add_page_numbers(stripped, found)
    return found


def _by_words(tests: _Tests, line: str, role: Role, in_tail: bool) -> Noise | None:
    if not line:
        return None
    kind = tests.kind(line, in_tail=in_tail)
    if role is Role.CELL:
        return kind if kind in {Noise.INDECENT, Noise.ADVERTISING} else None
    if kind is None and len(line) <= _LONGEST["line"] and _is_made_of(line, _lexicon().words):
        kind = Noise.NAVIGATION
    return kind or (Noise.STRAY if role in {Role.HEADER, Role.FOOTER} else None)


def _is_made_of(line: str, words: frozenset[str]) -> bool:
    """Tell whether a line holds nothing but such words."""
    if line in words:
        return True
    part = None
    for part in _WORD.finditer(line):
        if part[0] not in words:
            return False
    return part is not None


def _add_fields(lines: Sequence[str], roles: Sequence[Role], found: list[Noise | None]) -> None:
    """Mark the lines that are made of the fields of a web page's head (发布时间：… 来源：… 点击：…).

    A line of weak fields only (时间：2026年3月5日 may be the time of a meeting) needs a strong one beside it, the time
    of day, or a second field in the form in which programs write dates.
    """
    strong = [
        i
        for i, line in enumerate(lines)
        if found[i] is None and roles[i] is not Role.CELL and _is_fields(line) and _lexicon().strong.search(line)
    ]
    for i in strong:
        found[i] = Noise.NAVIGATION
    for i, line in enumerate(lines):
        if found[i] is None and roles[i] is not Role.CELL and _is_fields(line):
            beside = {i - 1, i + 1} & set(strong)
            machine = _ISO_DAY.search(line) and (_CLOCK.search(line) or "作者：" in line)
            if beside or machine:
                found[i] = Noise.NAVIGATION


def _is_fields(line: str) -> bool:
    """Tell whether fields and their short values make up the whole line."""
    if len(line) > _LONGEST["line"] or not ("：" in line or ":" in line) or _SENTENCE.search(line):
        return False
    at = 0
    while at < len(line):
        match = _lexicon().fields.match(line, at)
        if match is None or match.end() == at:
            return False
        at = match.end()
    return True


def _add_runs(lines: Sequence[str], roles: Sequence[Role], found: list[Noise | None]) -> None:
    """Mark short buttons (大 中 小) and lone brackets that stand in a run with page tools."""
    short = _lexicon().short
    i = 0
    while i < len(lines):
        j = i
        while (
            j < len(lines)
            and roles[j] is not Role.CELL
            and (found[j] is Noise.NAVIGATION or _is_made_of_short(lines[j], short))
        ):
            j += 1
        if j - i >= _REPEATED and any(kind is Noise.NAVIGATION for kind in found[i:j]):
            found[i:j] = [kind or Noise.NAVIGATION for kind in found[i:j]]
        i = max(j, i + 1)


def _is_made_of_short(line: str, short: frozenset[str]) -> bool:
    return not line or line in short or _is_made_of(line, short)


def _add_related(lines: Sequence[str], found: list[Noise | None]) -> None:
    """Mark the titles listed below a line such as 相关阅读 at the end of the file."""
    for i, kind in enumerate(found):
        if kind is Noise.RELATED:
            rest = range(i + 1, len(lines))
            if all(found[j] or (len(lines[j]) <= _RELATED_LENGTH and not _SENTENCE.search(lines[j])) for j in rest):
                for j in rest:
                    found[j] = found[j] or Noise.RELATED
                return


def _add_running_heads(lines: Sequence[str], roles: Sequence[Role], found: list[Noise | None]) -> None:
    """Mark short lines that stand in the file three times or more and cut a sentence in two at least once."""
    counts = Counter(line for line in lines if 1 < len(line) <= 40)
    places: dict[str, list[int]] = defaultdict(list)
    for i, line in enumerate(lines):
        if counts[line] >= _REPEATED and found[i] is None and roles[i] is not Role.CELL and _may_be_running_head(line):
            places[line].append(i)
    for numbers in places.values():
        if len(numbers) >= _REPEATED and any(_cuts_a_sentence(lines, i) for i in numbers):
            for i in numbers:
                found[i] = Noise.STRAY


def _may_be_running_head(line: str) -> bool:
    return not (_ENDS_SENTENCE.search(line) or _MARKER.match(line) or _SENTENCE.search(line))


def _cuts_a_sentence(lines: Sequence[str], i: int) -> bool:
    """Tell whether the line before runs on in the line after: it is long, and no sentence ends with it."""
    before = lines[i - 1] if i else ""
    after = lines[i + 1] if i + 1 < len(lines) else ""
    return len(before) > 20 and len(after) > 1 and not _ENDS_SENTENCE.search(before) and not _MARKER.match(after)


def _add_page_numbers(lines: Sequence[str], found: list[Noise | None]) -> None:
    """Mark bare numbers where at least three of them count the pages up."""
    bare = [(i, int(line)) for i, line in enumerate(lines) if found[i] is None and line.isdecimal() and len(line) < 4]
    if len(bare) >= _REPEATED and all(b - a == 1 for (_, a), (_, b) in pairwise(bare)):
        for i, _ in bare:
            found[i] = Noise.STRAY
