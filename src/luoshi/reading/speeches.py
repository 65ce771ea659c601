"""A bundle taken apart into its speeches.

Collections on the web put many speeches into one file: 篇一 篇二, or one title after the other, each followed by its
greeting. A document of one speech stays one. So does a notice with the plan that it issues: both are one piece of
work, the plan's tasks are the notice's, and an office files them as one. Text in front of the first speech (an editor's
note, a covering notice) belongs to the first speech, and every block of the file to exactly one.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Final

from luoshi.reading.document import Noise
from luoshi.reading.late import late
from luoshi.reading.titles import KINDS, date_words, find_title, is_addressed, is_marked, joined

__all__ = ["Piece", "about", "split"]

_NUMERAL: Final = r"[一二三四五六七八九十\d]{1,3}"
_PIECE: Final = late(
    rf"(?P<before>.{{0,50}}?)[（(【]?(?:范文|篇|（|\()(?P<number>{_NUMERAL})[）)】]?(?:[：:、 .](?P<after>.{{0,60}}))?$"
)
_PIECE_FIRST: Final = late(rf"[（(【]?第(?P<number>{_NUMERAL})篇[）)】]?(?:[：:、 .]?(?P<after>.{{0,60}}))?$")
_SPOKEN: Final = "讲话|发言|致辞|致词|演讲|主持词|工作报告"
_SPOKEN_WORDS: Final = tuple(_SPOKEN.split("|"))
_SPEECH: Final = late(
    rf"(?:在.{{2,50}}(?:会|会议|大会|仪式|活动|班|典礼|现场|座谈|论坛)上?的?|.{{1,40}}的?)(?:总结|表态|主持|动员|主题|重要|开班|结业)?"
    rf"(?:{_SPOKEN})(?:稿|词|摘要|提纲|要点|材料|实录|全文)?(?:精选|范文|文档|模板|大全|最新|通用|优秀|\d{{1,3}}篇)*"
    r"(?:[（(【][^（()）】]{1,16}[）)】])?"
)
_NO_TITLE: Final = late(
    r"[^在]*(?:学习|贯彻|传达|落实|领会|践行|牢记|宣传|围绕|根据|按照|结合)|(?:要|以|下面|请|现在|今天|刚才)"
)
_MEETING: Final = late(
    rf"在(?P<matter>.{{2,60}}?(?:会议?|大会|仪式|活动|班|典礼|座谈|论坛))上?的?(?:.{{0,4}})(?:{_SPOKEN})"
)
_MATTER: Final = late(rf"关于(?:印发|转发|批转|发布|公布|下达)?《?(?P<matter>.{{2,80}}?)》?的(?:.{{0,4}})(?:{KINDS})")
_PLAN: Final = late(rf"(?P<matter>.{{3,60}}?)的?(?:实施)?(?:{KINDS})稿?(?:[（(].{{1,16}}[）)])?$")
_SPEAKER: Final = late(
    r".{0,16}?(?:局长|书记|校长|园长|县长|区长|市长|省长|镇长|厅长|部长|主任|主席|处长|科长|同志|领导)(?:同志)?(?:在|的|关于)?"
)
_THANKS: Final = late(r"(?:我的(?:讲话|发言).{0,12}|最后.{0,60})?(?:谢谢|感谢)(?:大家|各位)?[！!。]?(?:谢谢.{0,6})?$")
_NO_LETTERS: Final = re.compile(r"\W+")
_SAMPLED: Final = late("([的一和是要教学工])(?=(..))")
_GREETING_REACH: Final = 6
_BODY: Final = 200
"""Characters of text that a speech must have; titles closer together belong to one speech."""
_FRONT: Final = 600
_LONG_LINE: Final = 50
_SAME: Final = 0.8
_CONTAINED: Final = 0.9
_SHORT: Final = 100


@dataclass(frozen=True, slots=True)
class Piece:
    """One speech: blocks `first_block` to `last_block`, both included.

    `same_as` counts from 1 and names an earlier piece with nearly the same text, or one that holds this one or is held
    by it. `about` is the matter that the title names, "" where it names none.
    """

    title: str
    first_block: int
    last_block: int
    same_as: int | None = None
    about: str = ""


def split(lines: Sequence[str], noise: Sequence[Noise | None], levels: Sequence[int | None]) -> list[Piece]:
    """Return the speeches of a file in order; together they hold every block. A file without blocks holds none."""
    if not lines:
        return []
    stripped = ["" if kind else line.strip() for line, kind in zip(lines, noise, strict=True)]
    starts = _starts(stripped, levels)
    if len(starts) < 2:
        title = find_title(stripped, [not line for line in stripped])
        starts = [(0, joined(stripped, title) if title else "")]
    ends = [start - 1 for start, _ in starts[1:]] + [len(lines) - 1]
    pieces = [Piece(title, start, end, None, about(title)) for (start, title), end in zip(starts, ends, strict=True)]
    return _with_same(pieces, stripped)


def about(title: str) -> str:
    """Return the matter that a title names: 关于…的通知, 在…会议上的讲话, …实施方案."""
    for pattern in (_MATTER, _MEETING, _PLAN):
        match = pattern.search(title)
        if match:
            matter = _SPEAKER.sub("", match["matter"], count=1).strip("《》“” ")
            return "" if re.fullmatch(_SPOKEN, matter) else matter
    return ""


def _starts(lines: Sequence[str], levels: Sequence[int | None]) -> list[tuple[int, str]]:
    """Return where speeches begin, with their titles; fewer than two where the file is no bundle."""
    found = _numbered(lines, _PIECE) or _numbered(lines, _PIECE_FIRST) or _titled(lines, levels) or _greeted(lines)
    lengths = _lengths(lines)
    starts: list[tuple[int, str]] = []
    for place, title in found:
        if starts and lengths[place] - lengths[starts[-1][0]] < _BODY:
            starts[-1] = (starts[-1][0], title or starts[-1][1])
        else:
            starts.append((place, title))
    if starts and lengths[-1] - lengths[starts[-1][0]] < _BODY:
        starts.pop()
    return _with_front(starts, lines, lengths)


def _with_front(starts: list[tuple[int, str]], lines: Sequence[str], lengths: Sequence[int]) -> list[tuple[int, str]]:
    """Give what stands in front of the first title to the first speech, or make it one where it is long."""
    if not starts or lengths[starts[0][0]] < _FRONT:
        return [(0, starts[0][1]), *starts[1:]] if starts else []
    title = find_title(lines[: starts[0][0]], [not line for line in lines[: starts[0][0]]])
    return [(0, joined(lines, title) if title else ""), *starts]


def _lengths(lines: Sequence[str]) -> list[int]:
    """Return the number of characters in front of every line, and of all."""
    total, lengths = 0, [0]
    for line in lines:
        total += len(line)
        lengths.append(total)
    return lengths


def _numbered(lines: Sequence[str], pattern: re.Pattern[str]) -> list[tuple[int, str]]:
    """Return the lines that count pieces up from 1 (篇一, 第二篇).

    第一篇 may also be a chapter of a long plan; it opens a speech only where a title or a greeting follows.
    """
    found: list[tuple[int, str]] = []
    signs = ("篇",) if pattern is _PIECE_FIRST else ("篇", "范文", "（", "(")
    for i, line in enumerate(lines):
        match = pattern.fullmatch(line) if any(sign in line for sign in signs) else None
        if match is None or _number(match["number"]) != len(found) + 1:
            continue
        title = _piece_title(lines, i, match)
        if pattern is _PIECE_FIRST and not (re.search(KINDS, title) or _greets(lines, i)):
            continue
        if pattern is _PIECE and "篇" not in line and "范文" not in line and not re.search(_SPOKEN, match["before"]):
            continue
        found.append((i, title))
    return found if len(found) > 1 else []


def _piece_title(lines: Sequence[str], i: int, match: re.Match[str]) -> str:
    after = (match["after"] or "").strip()
    before = (match.groupdict().get("before") or "").strip(" （(【")
    following = next((line for line in lines[i + 1 : i + 4] if line), "")
    short = following if len(following) <= _LONG_LINE and not is_addressed(following) else ""
    return after or (short if _is_speech_title(short) else before) or lines[i]


def _number(text: str) -> int:
    if text.isdecimal():
        return int(text)
    tens, has_ten, ones = text.rpartition("十")
    digits = "〇一二三四五六七八九"
    return (digits.find(tens) if tens else 1) * 10 * bool(has_ten) + (digits.find(ones) if ones else 0)


def _titled(lines: Sequence[str], levels: Sequence[int | None]) -> list[tuple[int, str]]:
    """Return the lines that are titles of speeches and are followed by one."""
    return [
        (i, line)
        for i, line in enumerate(lines)
        if line and (levels[i] or 1) <= 2 and _is_speech_title(line) and _follows_end(lines, i) and _opens(lines, i)
    ]


def _is_speech_title(line: str) -> bool:
    return (
        len(line) <= _LONG_LINE
        and any(word in line for word in _SPOKEN_WORDS)
        and _SPEECH.fullmatch(line) is not None
        and not (_NO_TITLE.match(line) or is_marked(line))
    )


def _follows_end(lines: Sequence[str], i: int) -> bool:
    """Tell whether what stands before a title is at an end: a sentence, a signature, or nothing but titles."""
    before = next((line for line in reversed(lines[:i][-8:]) if line), "")
    return not before or before[-1] not in "，、：；,;:" or len(before) <= _LONG_LINE


def _opens(lines: Sequence[str], i: int) -> bool:
    """Tell whether a greeting or a paragraph follows soon."""
    following = [line for line in lines[i + 1 : i + 1 + _GREETING_REACH * 2] if line][:_GREETING_REACH]
    return any(is_addressed(line) or len(line) >= _LONG_LINE for line in following)


def _greets(lines: Sequence[str], i: int) -> bool:
    return any(is_addressed(line) and len(line) < _LONG_LINE for line in lines[i + 1 : i + 1 + _GREETING_REACH] if line)


def _greeted(lines: Sequence[str]) -> list[tuple[int, str]]:
    """Return the places after a closing 谢谢大家 where a new greeting follows: speeches without titles."""
    starts = [(0, "")]
    last = ""
    opened = 0
    for i, line in enumerate(lines):
        if not line:
            continue
        if _THANKS.fullmatch(last) and len(line) <= _LONG_LINE and (is_addressed(line) or _greets(lines, i)):
            starts.append((i, "" if is_addressed(line) or date_words(line) else line))
            opened = i
        last = line
    return starts if opened else []


def _with_same(pieces: list[Piece], lines: Sequence[str]) -> list[Piece]:
    """Mark every speech that repeats an earlier one, by the three-character pieces that both hold."""
    if len(pieces) < 2:
        return pieces
    texts = [_Text(lines[piece.first_block : piece.last_block + 1]) for piece in pieces]
    result: list[Piece] = []
    for i, piece in enumerate(pieces):
        twin = next((j for j in range(i) if _is_same(texts[i], texts[j])), None)
        if twin is None:
            result.append(piece)
        else:
            result.append(replace(piece, same_as=result[twin].same_as or twin + 1))
    return result


class _Text:
    """The letters of a speech, and the pieces of three of them.

    The `sample` holds the pieces that begin with one of a few everyday characters: enough to tell two texts apart.
    """

    def __init__(self, lines: Sequence[str]) -> None:
        self.kept = _NO_LETTERS.sub("", "".join(lines))
        self.sample = frozenset(_SAMPLED.findall(self.kept))

    @cached_property
    def grams(self) -> frozenset[str]:
        """All pieces; few speeches are compared so closely."""
        kept = self.kept
        return frozenset([kept[i : i + 3] for i in range(len(kept) - 2)])


def _is_same(one: _Text, other: _Text) -> bool:
    """Compare two speeches exactly, unless a sample of both already tells them apart."""
    if one.kept == other.kept:
        return len(one.grams) >= _SHORT
    if len(one.sample & other.sample) < 0.5 * min(len(one.sample), len(other.sample)):
        return False
    smaller, shared = min(len(one.grams), len(other.grams)), len(one.grams & other.grams)
    if smaller < _SHORT:
        return False
    return shared >= _CONTAINED * smaller or shared >= _SAME * (len(one.grams) + len(other.grams) - shared)
