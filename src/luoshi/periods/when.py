"""Deadlines: the times by which, or in which, the work of one sentence is due.

See `docs/periods.md` for the grammar with examples. What is *not* returned: times of the past, starting points
(从2019年起), bases of comparison (比2020年), times inside titles, document numbers and quoted names, rhythms
(每年9月底前), lengths of anything but the work (3年以上经验).
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass, replace
from functools import cache
from typing import Final

from luoshi.periods import phrases
from luoshi.periods.calendar import Calendar
from luoshi.periods.festivals import festival
from luoshi.periods.letters import HAN
from luoshi.periods.moments import Moment
from luoshi.periods.resolve import resolve
from luoshi.words import Words

__all__ = ["DeadlineFound", "find_deadlines"]

_ONE_DAY: Final = dt.timedelta(days=1)
_MARKS: Final = frozenset("年月季日天周期间前内际假节五暑初时明")
"""Without one of these characters a sentence names no time; asking so is ten times as fast as the guard's pattern."""


@dataclass(frozen=True, slots=True)
class DeadlineFound:
    """A deadline: characters `start` to `end` of the sentence; `due` is None where it cannot be told, as `why` says."""

    start: int
    end: int
    text: str
    due: dt.date | None
    begins: dt.date | None
    why: Words


@dataclass(frozen=True, slots=True)
class _Phrase:
    """A phrase of time in its place: `end` includes its suffix, `stance` is how the work stands to the time."""

    start: int
    end: int
    match: re.Match[str]
    stance: str
    before: str
    after: str


def find_deadlines(text: str, today: dt.date | None, calendar: Calendar | None = None) -> list[DeadlineFound]:
    """Return the deadlines of one clean sentence in their order; `today` is the document's own date.

    The caller asks only for sentences that order work. No `due` lies before `today` unless the words name its year
    themselves (2021年底前). Spans do not overlap.
    """
    if _MARKS.isdisjoint(text) or not phrases.guard().search(text):
        return []
    found: list[DeadlineFound] = []
    pending: _Phrase | None = None
    for phrase in _phrases(_blank(text)):
        first, pending = pending, None
        if first and _fits(first, phrase):
            deadline = _span(text, first, phrase, today, calendar)
        elif _is_start(text, phrase):
            pending = phrase
            continue
        else:
            deadline = _single(text, phrase, today, calendar)
        if deadline:
            found.append(deadline)
    return found


def _blank(text: str) -> str:
    """Blank out what holds no deadline, keeping every place; a quotation that is itself a time (“七一”) stays."""
    if "《" not in text and "“" not in text and "〔" not in text:
        return text

    def blanked(found: re.Match[str]) -> str:
        quote = found.group()
        if quote[0] == "“" and _quoted_time().fullmatch(quote):
            return quote
        return quote[0] + "\0" * (len(quote) - 2) + quote[-1]

    return phrases.masked().sub(blanked, text)


@cache
def _quoted_time() -> re.Pattern[str]:
    return re.compile(r"“(?:[三五六七八十][·.•]?[一八四]|[一二]?十[一二三四五六七八九]?五|元旦|春节|国庆|中秋)”")


def _phrases(text: str) -> list[_Phrase]:
    result = []
    for match in phrases.time().finditer(text):
        tail = phrases.suffix().match(text, match.end())
        end = tail.end() if tail else match.end()
        stance = (tail.lastgroup or "") if tail else ""
        result.append(
            _Phrase(
                match.start(),
                end,
                match,
                stance,
                text[max(0, match.start() - 14) : match.start()],
                text[end : end + 10],
            )
        )
    return result


@cache
def _start_before() -> re.Pattern[str]:
    return re.compile(r"(?:从|自|由|时间[为：是]?|即日起|现在[起始]?)$")


@cache
def _link() -> re.Pattern[str]:
    return re.compile(rf"(?:起|开始|启动|开展)?[，]?(?:{phrases.LINK}|持续到)")


def _is_start(text: str, phrase: _Phrase) -> bool:
    """Tell whether a span of time begins here: another time follows after 至."""
    following = _link().match(text, phrase.end)
    return bool(following) and following is not None and phrases.time().match(text, following.end()) is not None


def _fits(first: _Phrase, second: _Phrase) -> bool:
    return second.match.lastgroup in {
        "dated",
        "monthly",
        "edged",
        "part",
        "relative",
        "named",
        "school",
        "planned",
    } and (first.match.lastgroup != "duration")


def _span(
    text: str, first: _Phrase, last: _Phrase, today: dt.date | None, calendar: Calendar | None
) -> DeadlineFound | None:
    """Return the deadline of a span of time: its last day."""
    opening = resolve(first.match, today, calendar)
    base = opening.begins if opening.begins and first.match["year"] else today
    closing = _due(resolve(last.match, base, calendar), last, base, calendar)
    if opening.begins is None and today and opening.ends is None and first.match["month"]:
        opening = resolve(first.match, today.replace(month=1, day=1), calendar)
    begins, ends = opening.begins, closing.ends
    if ends and today and ends < today:
        return None
    if begins and ends and begins > ends:
        begins = None
    apart = "，" in text[first.end : last.start]  # 从5月启动，到10月结束: two statements, the second is the deadline
    return _deadline(text, last.start if apart else first.start, last.end, replace(closing, begins=begins))


def _single(text: str, phrase: _Phrase, today: dt.date | None, calendar: Calendar | None) -> DeadlineFound | None:
    if _is_rhythm(phrase) or not _is_due(phrase):
        return None
    start = phrase.start - 1 if phrase.before.endswith("到") else phrase.start
    strong = bool(phrase.stance) or start < phrase.start or _named_end(phrase)
    if not strong and _is_mere_mention(phrase):
        return None
    moment = _due(resolve(phrase.match, today, calendar), phrase, today, calendar)
    if _from_event(phrase):
        moment = replace(
            moment, begins=None, ends=None, zh="从所说的事项发生之日起算", en="counted from an event in the text"
        )
    if moment.ends and today and moment.ends < today:
        if not (strong and moment.explicit and phrase.match.lastgroup == "dated"):
            return None
        moment = replace(moment, zh=moment.zh + "，早于文件日期", en=moment.en + ", before the document's own date")
    begins = moment.begins if _names_start(phrase) else None
    if phrase.before.endswith(("即日起至", "现在起到", "现在起至", "即日起到")):
        start, begins = phrase.start - 4, today
    return _deadline(text, start, phrase.end, replace(moment, begins=begins))


def _deadline(text: str, start: int, end: int, moment: Moment) -> DeadlineFound:
    zh = f"“{text[start:end]}”：{moment.zh}" + (f"，即{moment.ends.isoformat()}。" if moment.ends else "。")
    en = f"{moment.en}" + (f": {moment.ends.isoformat()}." if moment.ends else ".")
    quote = text[start:end]
    return DeadlineFound(start, end, quote, moment.ends, moment.begins, Words(zh, en[0].upper() + en[1:]))


def _due(moment: Moment, phrase: _Phrase, today: dt.date | None, calendar: Calendar | None) -> Moment:
    """Apply what follows the time: 前 means the day before a time begins, or its end where the words name an end."""
    if phrase.stance == "around":
        return replace(moment, ends=None, zh="“前后”没有确定的最后一天", en="before and after: no certain last day")
    if phrase.stance == "within" and phrase.match.lastgroup == "named" and moment.ends:
        return _holiday(moment, phrase, calendar)
    if phrase.stance != "before" or moment.edge or moment.begins is None:
        return moment
    if "结束" in phrase.match.string[phrase.match.end() : phrase.end]:
        return moment
    day = moment.begins - _ONE_DAY
    if today and day < today and moment.ends and moment.ends >= today:
        return replace(
            moment, zh=moment.zh + "，开始日已过，取最后一天", en=moment.en + ", which has begun, so its last day"
        )
    return replace(moment, ends=day, zh=moment.zh + "，“前”取前一天", en=moment.en + ", the day before")


def _holiday(moment: Moment, phrase: _Phrase, calendar: Calendar | None) -> Moment:
    """Return the last day off of the holiday that a named day brings, as far as the calendar knows it."""
    named = festival(phrase.match.group())
    if named is None or moment.ends is None or not named.holiday:
        return moment
    days = calendar.holiday(named.holiday, moment.ends.year) if calendar else None
    if days:
        return replace(moment, ends=days[1], zh=f"{named.name}假期至{days[1]}", en=f"that holiday lasts to {days[1]}")
    if named.name == "国庆节":
        ends = moment.ends + dt.timedelta(days=6)
        return replace(moment, ends=ends, zh="国庆假期按七天计", en="the National Day holiday, taken as seven days")
    return replace(moment, ends=None, zh=f"{named.name}假期的起止没有给出", en="the days off are not in the calendar")


_STARTS: Final = ("year_from", "month_from", "day_from", "month_from_y", "day_from_y")


def _names_start(phrase: _Phrase) -> bool:
    return any(phrase.match.group(*_STARTS))


_ENDS: Final = ("third", "third_y", "edge", "edge_y", "quarter_edge", "quarter_edge_y", "term_edge", "year_from")


def _named_end(phrase: _Phrase) -> bool:
    """Tell whether the phrase itself can only be a limit: 月底, 9月10日, 三季度末, 年内."""
    return any(phrase.match.group(*_ENDS)) and "初" not in phrase.match.group()


@cache
def _rhythm() -> re.Pattern[str]:
    return re.compile(
        r"(?:每|逐)(?:年度?|个?月|个?学期|个?学年|个?季度|周)?的?$|每[^，。；]{0,2}$|(?:上|去年|历年|往年|同年)$"
    )


def _is_rhythm(phrase: _Phrase) -> bool:
    return bool(_rhythm().search(phrase.before))


@cache
def _no_deadline_after() -> re.Pattern[str]:
    return re.compile(
        r"以来|以后|之后|起(?!草|步|底|用|动|航)|后(?!勤|备|进|续)|开始(?!前)|以上|以下|年限|工龄|经验|教龄|同期"
    )


@cache
def _no_deadline_before() -> re.Pattern[str]:
    return re.compile(r"(?:截至|比|较|自|近|过去|此前|距|连续|历时|已|超过|年均|时隔|早在|最近|[去前]年)$")


def _is_due(phrase: _Phrase) -> bool:
    """Tell whether the words around allow a deadline at all."""
    kind = phrase.match.lastgroup
    if kind == "duration":
        return _is_term_of_work(phrase)
    if kind in {"school", "named", "anniversary"}:
        return _is_school_deadline(phrase)
    if (
        phrase.stance == "before"
        and "以前" in phrase.match.string[phrase.match.end() : phrase.end]
        and _whole_year(phrase)
    ):
        return False
    if _no_deadline_before().search(phrase.before):
        return False
    return not _no_deadline_after().match(phrase.after)


def _whole_year(phrase: _Phrase) -> bool:
    return phrase.match.lastgroup == "dated" and phrase.match.group().endswith("年")


@cache
def _spends() -> re.Pattern[str]:
    return re.compile(r"(?:用|通过|经过|利用|力争|争取|计划|花|[，。；：]|^)(?:约|大约|不到)?$")


def _is_term_of_work(phrase: _Phrase) -> bool:
    inside, unit = phrase.match["inside"] or "", phrase.match["unit"] or ""
    if not inside:
        return unit == "年" and not phrase.after.startswith(("的", "来", "是", "行动", "规划"))
    if _no_deadline_before().search(phrase.before) or re.search(
        r"[控限]制?在$|不超过$|不少于$|第$|前$|少于$", phrase.before
    ):
        return False
    if inside.startswith("时间"):
        spends = _spends().search(phrase.before) is not None
        return unit not in {"小时", "分钟"} and (spends or inside in {"时间内", "时间以内", "时间之内"})
    return not phrase.after.startswith(("的交通", "通勤", "可达", "平均"))


def _from_event(phrase: _Phrase) -> bool:
    if phrase.match.lastgroup != "duration":
        return False
    return bool(re.search(r"(?:之日起|[后起]|收到[^，。；]{0,6}|接到[^，。；]{0,6})[，的在]{0,2}$", phrase.before))


def _is_school_deadline(phrase: _Phrase) -> bool:
    """Tell whether a vacation, term, event or feast is a time of the work, not what the work is about."""
    groups = phrase.match.groupdict()
    if groups["nodes"]:
        return "、" in phrase.match.group() and phrase.match.group().count("、") < 2
    if groups["vacation_list"] and re.match(r"等(?:重要|关键)?(?:时间)?节点", phrase.after):
        return True
    if groups["school_year"] or groups["end_of_term"]:
        return True
    if groups["term"]:
        limits = groups["which"] in {"本", "下", "这"} or groups["term_edge"] in {"末", "底", "结束"}
        return bool(phrase.stance) or (limits and not phrase.after.startswith(("的", "期末", "以来")))
    return _is_time_of_work(phrase, groups)


def _is_time_of_work(phrase: _Phrase, groups: dict[str, str | None]) -> bool:
    if groups["event_edge"]:
        return not phrase.after.startswith("的")
    if phrase.stance:
        return not phrase.after.startswith(("的教育", "教育活动"))
    bare = groups["vacation"] in {"假期", "寒假", "暑假"} and not groups["vacation_list"]
    clause = not phrase.before or phrase.before[-1] in "，。；：（"
    return bool(bare and clause) and not phrase.after.startswith(("的", "作业", "工作", "安全", "是", "、"))


@cache
def _mention_before() -> re.Pattern[str]:
    return re.compile(
        r"(?:比|较|同比|对|为|应对|迎接|自|从|近|截至|截止|以|过去|发布|制定|印发|超过|相比|与|每|全国|按照|根据|对照|落实|贯彻|总结"
        rf"|结合|纪念|参照|依据|持平|{HAN}{{2}}的)$|(?:按照|根据|依据|对照)[^，。；]{{0,10}}$"
    )


@cache
def _mention_after() -> re.Pattern[str]:
    return re.compile(
        r"的|度(?!完成|实现|内|投资|新增|力争)|版|级|届|高考|中考|预计|春晚|远景|预算|工作(?:要点|计划|总结|报告|安排|目标|任务|重点)|是|来(?!临)|春[节运]"
        r"|(?:全?国|省|市|县|区)?(?:两会|教育工作会议)|学年|出台|印发的|下达|以前|份|考试|周年"
    )


def _is_mere_mention(phrase: _Phrase) -> bool:
    """Tell whether a bare year, month or part of a year only names something: 2011年高考, 2025年工作要点, 今年的."""
    match = phrase.match
    if match.lastgroup in {"duration", "school", "named", "anniversary"}:
        return match.lastgroup == "anniversary"
    if match.lastgroup == "part" and match["season"]:
        wanted = re.search(r"(?:确保|力争|争取|计划|[，。；：]|^)$", phrase.before)
        return not (wanted or match["season_term"] or match["season_open"])
    if "初" in match.group():
        return not (
            re.search(r"(?:确保|力争|争取|计划|于|在)$", phrase.before)
            or re.match(r"动工|开工|启动|完成|投入", phrase.after)
        )
    if match.lastgroup == "whole" and match.group() == "全年":
        wanted = re.search(r"(?:确保|力争|争取|计划|预计|[，。；：（]|^)$", phrase.before)
        return not wanted or bool(re.match(r"的|各|工作|目标|任务", phrase.after))
    return bool(_mention_before().search(phrase.before) or _mention_after().match(phrase.after))
