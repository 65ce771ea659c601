"""Which lines are the title of a document, and what a line at the head of a document is.

A title is short, ends no sentence, and mostly ends with the word for its kind (通知, 方案, 讲话). It may run over up to
four lines. A page that announces a document (转发《…》, 某局长《…讲话》) repeats its title below; the document's own
wording is taken.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from luoshi.reading.late import late

__all__ = ["ANNOUNCED", "KINDS", "date_words", "ends_as_title", "find_title", "is_addressed", "is_marked", "joined"]

KINDS: Final = (
    "讲话|发言|致辞|致词|演讲|报告|通知|通报|意见|方案|要点|计划|规划|纲要|办法|规定|细则|决定|决议|公告|通告|公报|批复|函|"
    "纪要|总结|思路|安排|清单|台账|分工|分解表|任务表|任务分解|摘要|主持词|倡议书|汇报|简报|条例|章程|规程|指南|预案|制度|"
    "责任书|承诺书|行动|举措|措施|建议|工作重点|重点工作|述职|提纲|解读|公开信"
)
_KIND_END: Final = late(
    rf"(?:{KINDS})(?:稿|词|书|提纲|要点|摘要|实录|全文|材料)?(?:精选|范文|文档|模板|大全|最新|通用|优秀)*[》”]?"
    r"(?:[（(【][^（()）】]{1,20}[）)】]|\d{0,3}篇|[一二三四五六七八九十]{1,2})*[》”]?$"
)
_KIND_ONLY: Final = late(rf"(?:会议|工作)?(?:{KINDS})")
_DAY: Final = late(r"[年-]\d{1,2}[月-]\d{1,2}日?$")
_SENTENCE: Final = late(r"[。！；;]")
_MARKER: Final = late(
    r"[一二三四五六七八九十]{1,3}[、.]|[（(][一二三四五六七八九十\d]{1,3}[）)]|\d{1,2}[.、](?!\d)|"
    r"第[一二三四五六七八九十百\d]{1,3}[章节条]|[一二三四五六七八九十]是"
)
_ADDRESSED: Final = late(
    r"(?:尊敬的|亲爱的|各位|同志们|老师们|同学们|家长们|朋友们|女士们|大家).{0,60}[：:！!，,]?$|.{2,200}[：:]$"
)
_DATE: Final = late(
    r"[（(—\-–]*(?:(?:19|20)\d\d|[一二][〇零一二三四五六七八九]{3})"
    r"[-/.年](?:\d{1,2}|[一二三四五六七八九十]{1,3})[-/.月]"
    r"(?:(?:\d{1,2}|[一二三四五六七八九十]{1,3})日?)?"
)
_FURNITURE: Final = late(
    r"[★☆]|(?:特急|加急|急件|平急|机密|秘密|绝密|内部资料|内部文件)|签发人|"
    r".{0,20}〔(?:19|20)\d\d〕第? ?\d{1,5} ?[号期]|"
    r"[（(]?(?:总)?第 ?[\d一二三四五六七八九十百]{1,5} ?[期号]|"
    r".{2,30}文件$|附件[一二三四五六七八九十\d]{0,2}[：:]?$|编号：|密级|份号"
)
ANNOUNCED: Final = late(r"[—–\- ]*(?:转发[：:] ?)?")
"""What may stand in front of a title and is no part of it."""

_LONGEST: Final = 70
_SHORTEST: Final = 6
_LINES: Final = 4
_HEAD: Final = 20
_LOOK_AHEAD: Final = 5
_PUNCTUATION: Final = late(r"[\s《》“”\"—\-–：:·、]")


def is_marked(line: str) -> bool:
    """Tell whether a line begins with a list marker."""
    return _MARKER.match(line) is not None


def is_addressed(line: str) -> bool:
    """Tell whether a line greets its hearers or names its addressees."""
    return _ADDRESSED.fullmatch(line) is not None


def date_words(line: str) -> bool:
    """Tell whether a line begins with a date."""
    return _DATE.match(line) is not None


def ends_as_title(line: str) -> bool:
    """Tell whether a line ends with the word for a kind of document."""
    return _KIND_END.search(line) is not None


def joined(lines: Sequence[str], span: tuple[int, int]) -> str:
    """Return the title that stands in lines `span[0]` to `span[1]`, both included, without a leading 转发：."""
    return ANNOUNCED.sub("", "".join(line.strip() for line in lines[span[0] : span[1] + 1]), count=1)


def find_title(lines: Sequence[str], skip: Sequence[bool]) -> tuple[int, int] | None:
    """Return the first and last line of the title, None where the text has none.

    `skip` marks lines that are no part of the document.
    """
    places = [i for i, line in enumerate(lines[: _HEAD * 3]) if line.strip() and not skip[i]][:_HEAD]
    first = _first_title(lines, places)
    if first is None:
        return None
    announced = _letters(joined(lines, first))
    for place in [place for place in places if first[1] < place][:_LOOK_AHEAD]:
        if is_addressed(lines[place].strip()):
            break
        inner = _run_on(lines, places, place)
        if inner and _repeats(announced, _letters(joined(lines, inner))):
            return inner
    return first


def _repeats(announced: str, inner: str) -> bool:
    """Tell whether a line below gives the announced title in the document's own words."""
    return (
        _SHORTEST < len(inner) < len(announced) and announced.endswith(inner) and "印发" not in announced[: -len(inner)]
    )


def _first_title(lines: Sequence[str], places: Sequence[int]) -> tuple[int, int] | None:
    """Return the first run of lines that ends as a title does, else the first short line."""
    fallback = None
    for place in places:
        line = lines[place].strip()
        if _FURNITURE.match(line) or (date_words(line) and not ends_as_title(line)):
            continue
        if not _may_be_title(line):
            break
        found = None if _KIND_ONLY.fullmatch(line) or _DAY.search(line) else _run_on(lines, places, place)
        if found:
            return found
        fallback = fallback or (place, place)
    return fallback


def _run_on(lines: Sequence[str], places: Sequence[int], place: int) -> tuple[int, int] | None:
    """Return the lines from `place` to the one that ends as a title, None where none of the next few does."""
    at = places.index(place)
    for last in places[at : at + _LINES]:
        line = lines[last].strip()
        if not _may_be_title(line) or _FURNITURE.match(line):
            return None
        if ends_as_title(line):
            return place, last
    return None


def _may_be_title(line: str) -> bool:
    return len(line) <= _LONGEST and not (_SENTENCE.search(line) or is_marked(line) or is_addressed(line))


def _letters(text: str) -> str:
    return _PUNCTUATION.sub("", text)
