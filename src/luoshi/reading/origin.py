"""What a document says about itself: its title, who issued it, under which number, and when.

The day matters most, since the document's own times (年底前, 下个月) count from it. Places are tried in the order in
which they can be trusted: under the title; in the red head; in the signature; the printer's line; the head of a web
page; 今天（3月5日） with a year found elsewhere; a year alone; what the file says of itself. Only the frame of the
document is looked at, so that a day quoted in its body, a deadline or the day of another document, is never taken.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from luoshi.reading.document import Found, FoundDate, Noise, Origin
from luoshi.reading.extract import Block, Role
from luoshi.reading.late import late
from luoshi.reading.origin_dates import DATE, FrameDate, dates_in, first_year, school_year
from luoshi.reading.repair import View
from luoshi.reading.titles import ANNOUNCED, date_words, find_title, is_addressed, is_marked, joined
from luoshi.words import Words

__all__ = ["find_origin"]

_NUMBER: Final = late(
    r"[（(]?(?P<number>[\u4e00-\u9fff（）()A-Za-z]{1,16}〔(?:19|20)\d\d〕第?\d{1,5}号(?:[-—]\d{1,3})?)[）)]?"
    r"(?: ?签发人.*)?"
)
_ISSUE: Final = late(
    r"[（(]?(?P<number>〔(?:19|20)\d\d〕第?\d{1,5}[期号]|(?:(?:19|20)\d\d年)?总?第[\d一二三四五六七八九十百]{1,5}期)[）)]?.{0,20}"
)
_BODY: Final = (
    "国务院|省委|市委|县委|区委|州委|旗委|委员会|人民政府|政府|办公厅|办公室|教育厅|教育局|教育部|体育局|厅|局|部|委|办|处|科|院|会|"
    "组|团|中心|学校|中学|小学|幼儿园|大学|学院|[一二三四五六七八九十]中|[一二三四五六七八九十]小|公司|集团|支部|党委|党组|总支|队|站|所|园|校"
)
_ISSUER_LINE: Final = late(rf"[（(]?[\u4e00-\u9fff（）()、· ]{{1,40}}?(?:{_BODY})(?:[（(](?:盖章|代章|章|印章)[）)])?")
_NOT_ISSUER: Final = late(r"[：:，。；]|^(?:附件|抄送|附：|表|一、|关于|主题)|单位$|部门$|^第")
_PRINTED: Final = late(
    rf"(?P<issuer>[\u4e00-\u9fff（）()、]{{2,30}}?)? ?(?P<date>{DATE}) ?印发(?:[ （(]?共印\d{{1,5}}份[）)]?)?"
)
_SIGNED_TOGETHER: Final = late(
    rf"(?P<issuer>[\u4e00-\u9fff（）()、]{{2,30}}?(?:{_BODY})) ?[（(]?(?P<date>{DATE})[）)]?"
)
_ONLY_DATE: Final = late(rf"[（(]?{DATE}(?:通过|印发|发布|讲话|修订)?[）)]?")
_MEETING_DATE: Final = late(rf"[—–―-]{{1,4}} ?{DATE}.{{0,60}}")
_UNDER_TITLE: Final = late(rf"[（(](?P<before>[^（()）]{{0,30}}?){DATE}[^（()）]{{0,40}}[）)]")
_BY_NAME: Final = late(rf"[\u4e00-\u9fff· ]{{2,24}} {{0,2}}[（(]?{DATE}[）)]?")
_RED_HEAD: Final = late(r"(?P<issuer>[\u4e00-\u9fff（）()、 ]{3,40}?)(?:文件|公报|会议纪要)")
_TITLE_ISSUER: Final = late(r"(?:转发[：:]?《?)?(?P<issuer>[\u4e00-\u9fff（）()、 ]{2,50}?)(?:关于|印发|转发)")
_TITLE_BODY: Final = late(
    rf"(?P<issuer>[\u4e00-\u9fff（）()]{{1,24}}?(?:{_BODY}))(?=(?:19|20)\d\d|[一二]〇|“十|关于|进一步|工作)"
)
_PAGE_DATE: Final = late(rf"(?:^|[ |])(?:发布|发表|更新|录入|印发|成文|发文)?(?:时间|日期)[：:] ?{DATE}")
_DATE_LABEL: Final = late(r"(?:成文|发文|印发|发布)(?:日期|时间)[：:]?")
_BARE_PAGE_DATE: Final = late(rf"(?:.{{0,24}}[：:| ])?{DATE}(?: ?\d{{1,2}}:\d\d(?::\d\d)?)?(?:[ |].{{0,40}})?")
_TODAY: Final = late(r"(?:今天|今日|本日)[（(](?P<month>\d{1,2})月(?P<day>\d{1,2})日")
_YEARS: Final = late(r"〔((?:19|20)\d\d)〕")
_HEAD: Final = 25
_UNDER: Final = 6
_PARAGRAPH: Final = 60


@dataclass(frozen=True, slots=True)
class _Line:
    """A line of the document with its place in the view. Cells of tables count as noise here: no frame is in them."""

    text: str
    start: int
    noise: bool


class _Finder:
    """The frame of one document."""

    def __init__(self, view: View, blocks: Sequence[Block], noise: Sequence[Noise | None]) -> None:
        self.view = view
        self.page = list(_lines(view, blocks, noise))
        self.lines = [line for line in self.page if not line.noise]
        texts = [line.text for line in self.lines]
        self.title = find_title(texts, [False] * len(texts))
        self.title_text = joined(texts, self.title) if self.title else ""

    def found(self, line: _Line, start: int, end: int) -> Found:
        text = line.text[start:end]
        left = start + len(text) - len(text.lstrip())
        right = start + len(text.rstrip())
        return Found(line.text[left:right], *self.view.original(line.start + left, line.start + right))

    def dated(self, line: _Line, date: FrameDate, why: Words) -> FoundDate:
        if not date.exact:
            why = Words(f"{why.zh}；原文只写到月，按当月1日计", f"{why.en}, first of the month as no day is named")
        return FoundDate(date.day, *self.view.original(line.start + date.start, line.start + date.end), why)

    def head(self) -> list[_Line]:
        """Return the lines before the first paragraph, the greeting or the addressees, with the title."""
        first_body = self.title[1] + 1 if self.title else 0
        for i, line in enumerate(self.lines[:_HEAD]):
            if i >= first_body and (len(line.text) > _PARAGRAPH or is_addressed(line.text) or is_marked(line.text)):
                return self.lines[:i]
        return self.lines[:_HEAD]


def find_origin(
    view: View, blocks: Sequence[Block], noise: Sequence[Noise | None], properties: Mapping[str, str]
) -> Origin:
    """Return what the document says about itself.

    Texts are the repaired wording (a title of several lines is joined), places are those in the original text.
    """
    finder = _Finder(view, blocks, noise)
    signature = _signature(finder)
    number = _number(finder)
    return Origin(
        title=_title(finder),
        issuer=_issuer(finder, signature),
        number=number,
        date=_date(finder, signature, number, properties),
    )


def _lines(view: View, blocks: Sequence[Block], noise: Sequence[Noise | None]) -> Iterator[_Line]:
    for block, kind in zip(blocks, noise, strict=True):
        if block.role is Role.FOOTNOTE:
            continue
        at = view.clean(block.start)
        for text in view.text[at : view.clean(block.end)].split("\n"):
            if text.strip():
                left = len(text) - len(text.lstrip())
                yield _Line(text.strip(), at + left, kind is not None or block.role is Role.CELL)
            at += len(text) + 1


def _title(finder: _Finder) -> Found | None:
    if finder.title is None:
        return None
    first, last = finder.lines[finder.title[0]], finder.lines[finder.title[1]]
    announced = ANNOUNCED.match(first.text)
    left = announced.end() if announced else 0
    start, end = finder.view.original(first.start + left, last.start + len(last.text))
    return Found(finder.title_text, start, end)


def _number(finder: _Finder) -> Found | None:
    """Return the document's own number, which stands on a line of its own near the beginning."""
    for pattern, signs in ((_NUMBER, "〔"), (_ISSUE, "〔期")):
        for line in finder.lines[:_HEAD]:
            match = pattern.fullmatch(line.text) if any(sign in line.text for sign in signs) else None
            if match:
                return finder.found(line, *match.span("number"))
    return None


@dataclass(frozen=True, slots=True)
class _Signature:
    issuer: Found | None
    date: FoundDate


def _signature(finder: _Finder) -> _Signature | None:
    """Return the first signature: a body and a day, on two lines or one, or a day alone at the very end."""
    why = Words("取自落款日期", "the day of the signature")
    lines = finder.lines
    for i, line in enumerate(lines):
        if len(line.text) > _PARAGRAPH or "年" not in line.text or (finder.title and i <= finder.title[1]):
            continue
        date = next(dates_in(line.text), None)
        if date is None:
            continue
        above = lines[i - 1] if i else None
        if _ONLY_DATE.fullmatch(line.text) and date.exact and above and _is_issuer(above.text):
            return _Signature(_signed(finder, i - 1), finder.dated(line, date, why))
        together = _SIGNED_TOGETHER.fullmatch(line.text)
        if together and date.exact and _is_issuer(together["issuer"]) and i > 0 and len(lines[i - 1].text) > 0:
            return _Signature(finder.found(line, *together.span("issuer")), finder.dated(line, date, why))
    return _last_day(finder, why)


def _last_day(finder: _Finder, why: Words) -> _Signature | None:
    for line in reversed(finder.lines[-4:]):
        if _ONLY_DATE.fullmatch(line.text) and len(finder.lines) > _UNDER:
            date = next(dates_in(line.text), None)
            return _Signature(None, finder.dated(line, date, why)) if date else None
    return None


def _signed(finder: _Finder, last: int) -> Found:
    """Return the first of the bodies that signed one below the other."""
    first = last
    while first > 0 and last - first < 5 and _is_issuer(finder.lines[first - 1].text):
        first -= 1
    line = finder.lines[first]
    return finder.found(line, 0, len(re.sub(r"[（(](?:盖章|代章|章|印章)[）)]$", "", line.text)))


def _is_issuer(text: str) -> bool:
    return _ISSUER_LINE.fullmatch(text) is not None and not _NOT_ISSUER.search(text)


def _issuer(finder: _Finder, signature: _Signature | None) -> Found | None:
    """Return who issued the document: the signature, the title, the red head, the printer's line, in this order."""
    if signature and signature.issuer:
        return signature.issuer
    if finder.title:
        line = finder.lines[finder.title[0]]
        for pattern in (_TITLE_ISSUER, _TITLE_BODY):
            match = pattern.match(line.text)
            if match and _is_issuer(match["issuer"]):
                return finder.found(line, *match.span("issuer"))
    for line in finder.head():
        match = _RED_HEAD.fullmatch(line.text) if line.text.endswith(("文件", "公报", "会议纪要")) else None
        if match:
            return finder.found(line, *match.span("issuer"))
    for line in finder.lines[-6:]:
        match = _is_printed(line)
        if match and match["issuer"] and _is_issuer(match["issuer"].strip()):
            return finder.found(line, *match.span("issuer"))
    return None


def _is_printed(line: _Line) -> re.Match[str] | None:
    """Match the printer's line."""
    return _PRINTED.fullmatch(line.text) if "印发" in line.text else None


def _date(
    finder: _Finder, signature: _Signature | None, number: Found | None, properties: Mapping[str, str]
) -> FoundDate | None:
    return (
        _under_title(finder)
        or _above_title(finder)
        or (signature.date if signature else None)
        or _printed(finder)
        or _page_date(finder)
        or _today(finder, number)
        or _year_only(finder, number)
        or _of_file(properties)
    )


def _under_title(finder: _Finder) -> FoundDate | None:
    """Return the day right under the title: alone, in brackets, or ——3月5日在…会议上."""
    if finder.title is None:
        return None
    why = Words("取自标题下的日期", "the day under the title")
    after = finder.title[1] + 1
    for line in finder.lines[after : after + _UNDER]:
        if is_addressed(line.text) and not date_words(line.text):
            return None
        forms = (_ONLY_DATE, _MEETING_DATE, _UNDER_TITLE, _BY_NAME)
        date = next(dates_in(line.text), None)
        if date and any(form.fullmatch(line.text) for form in forms) and not _is_printed(line):
            return finder.dated(line, date, why) if not _belongs_to_signature(finder, line) else None
        if len(line.text) > _PARAGRAPH:
            return None
    return None


def _above_title(finder: _Finder) -> FoundDate | None:
    """Return the day of the red head (the issuer of a bulletin or of minutes, and the day, on one line)."""
    for line in finder.lines[: finder.title[0]] if finder.title else []:
        date = next(dates_in(line.text), None)
        together = _SIGNED_TOGETHER.fullmatch(line.text) if date and date.exact else None
        if together and date and _is_issuer(together["issuer"]):
            return finder.dated(line, date, Words("取自版头日期", "the day in the head of the document"))
    return None


def _belongs_to_signature(finder: _Finder, line: _Line) -> bool:
    """Tell whether a day under the title closes a covering notice: the line above names who signs."""
    return any(below is line and _is_issuer(above.text) for above, below in pairwise(finder.lines))


def _printed(finder: _Finder) -> FoundDate | None:
    why = Words("取自印发日期", "the day of printing")
    for line in finder.lines[-6:] + finder.head():
        if _is_printed(line) and (date := next(dates_in(line.text), None)):
            return finder.dated(line, date, why)
    return None


def _page_date(finder: _Finder) -> FoundDate | None:
    """Return the day that the web page around the document gives for itself."""
    why = Words("取自网页发布时间，可能晚于成文日期", "the day the page was published, maybe after the document's own")
    head = finder.head()
    before = ""
    for line in finder.page[: 2 * _HEAD]:
        framed = line.noise or line in head
        labelled = _DATE_LABEL.fullmatch(before) and _ONLY_DATE.fullmatch(line.text)
        before = line.text.replace(" ", "")
        date = next(dates_in(line.text), None) if framed else None
        says = date and (labelled or _PAGE_DATE.search(line.text) or _BARE_PAGE_DATE.fullmatch(line.text))
        if date and date.exact and says:
            return finder.dated(line, date, why)
    return None


def _today(finder: _Finder, number: Found | None) -> FoundDate | None:
    """Return the day of 今天（3月5日） with the year of the number or the title."""
    year = _known_year(finder, number)
    for line in finder.lines[:_HEAD] if year else []:
        match = _TODAY.search(line.text)
        if match and year:
            try:
                day = dt.date(year, int(match["month"]), int(match["day"]))
            except ValueError:
                continue
            why = Words(
                f"取自“今天”的月日，年份{year}取自标题或文号", f"the day called today, in the {year} of the frame"
            )
            return finder.dated(line, FrameDate(day, match.start("month"), match.end(), True), why)
    return None


def _known_year(finder: _Finder, number: Found | None) -> int | None:
    match = _YEARS.search(number.text) if number else None
    if match:
        return int(match[1])
    named = first_year(finder.title_text)
    return named[0] if named else None


def _year_only(finder: _Finder, number: Found | None) -> FoundDate | None:
    """Return the first day of the year that the number or the title names."""
    match = _YEARS.search(number.text) if number else None
    if match and number:
        why = Words(
            f"只知文号年份{match[1]}，按当年1月1日计",
            f"the first day of {match[1]}, the number's year; no day is named",
        )
        return FoundDate(dt.date(int(match[1]), 1, 1), number.start, number.end, why)
    for line in finder.lines[finder.title[0] : finder.title[1] + 1] if finder.title else []:
        if school := school_year(line.text):
            why = Words(
                f"只知标题中的学年，按{school[0]}年9月1日计", f"the first day of the title's school year {school[0]}"
            )
            return finder.dated(line, FrameDate(dt.date(school[0], 9, 1), *school[1:], True), why)
        if named := first_year(line.text):
            why = Words(
                f"只知标题中的年份{named[0]}，按当年1月1日计",
                f"the first day of {named[0]}, the title's year; no day is named",
            )
            return finder.dated(line, FrameDate(dt.date(named[0], 1, 1), *named[1:], True), why)
    return None


def _of_file(properties: Mapping[str, str]) -> FoundDate | None:
    """Return the day on which the file says it was made, which may be that of a copy."""
    for key in ("created", "modified"):
        try:
            day = dt.date.fromisoformat(properties.get(key, "")[:10])
        except ValueError:
            continue
        if day.year > 1990:
            why = Words(
                "文中无日期，暂取文件属性中的日期，请核对",
                "the file's own day, as the text names none; please check it",
            )
            return FoundDate(day, None, None, why)
    return None
