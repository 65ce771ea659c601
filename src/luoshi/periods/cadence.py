"""Rhythms: work that comes round again (每月, 周调度, 一年两次, 定期), with a rule of RFC 5545 where the words set one.

A school has two terms a year; 每学期 is written `FREQ=YEARLY;BYMONTH=2,9`, the months in which terms begin. 每 before a
person, a school or a thing (每名教师, 每所学校) is no rhythm.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import Final

from luoshi.periods.letters import HAN, HAN_OR_DIGIT
from luoshi.periods.moments import number
from luoshi.words import Words

__all__ = ["CadenceFound", "find_cadence"]


@dataclass(frozen=True, slots=True)
class CadenceFound:
    """A rhythm: characters `start` to `end` of the sentence; `rrule` is None where no calendar could keep it."""

    start: int
    end: int
    text: str
    rrule: str | None
    why: Words


_NUMBER: Final = r"\d{1,3}|[一二两三四五六七八九十]{1,3}|半"
_UNIT: Final = r"个?学年|年度?|个?学期|个?季度?|个?半?月|双?周|个?星期|天|日"
_DATE: Final = r"1[0-2]|0?[1-9]|十[一二]?|[一二三四五六七八九]"
_DAY: Final = r"3[01]|[12]\d|0?[1-9]|三十一?|二?十[一二三四五六七八九]?|[一二三四五六七八九]"
_MEETING: Final = (
    r"调度|通报|考[评核]|例会|小?结|总结|汇报|报告|督查|检查|测评|评比|盘点|排查|研判|点评|述职|评估|自查|巡查|晾晒"
)
_FEAST: Final = r"清明|端午|中秋|国庆|元旦|春节|“?五一”?|寒假|暑假|教师节|“?七一”?"


@cache
def _pattern() -> re.Pattern[str]:
    each = (
        rf"(?P<each>(?:每|逐)(?P<every>{_NUMBER})?(?P<unit>{_UNIT})(?!级|龄|轮)"
        rf"(?:(?P<months>(?:(?:{_DATE})月份?[、和])*(?:{_DATE})月)份?(?:(?P<edge_in_year>底)|(?P<day_in_year>{_DAY})[日号])?"
        rf"|(?P<day>{_DAY})[日号]|(?:(?<=周)|(?<=星期))(?P<weekdays>[一二三四五六日天末](?:[、和至]周?[一二三四五六日天](?![次个名篇场节]))*)(?![次个名篇场节])"
        r"|(?P<edge>[底初末](?!考))|(?P<half>[上下]半年))?"
        r"(?:之?前|以前)?)"
    )
    times = (
        rf"(?P<times>(?P<span>{_NUMBER})个?(?P<span_unit>年|学期|学年|季度?|月|周|天)"
        rf"(?:内|里)?(?:不少于|至少|组织|开展|举办)?(?P<often>{_NUMBER})(?P<cycle>次|轮(?!岗|训)|周期)(?P<about>左右|以上)?)"
    )
    # 日 and 年 end too many words (节日检查, 全年总结), so they begin a rhythm only where a word begins
    whole = (
        rf"(?<!{HAN_OR_DIGIT})(?:日|旬|半年|年)|(?<![每本上下两\d])周"
        rf"|(?<!{HAN_OR_DIGIT})(?:月|季度?)"
    )
    begun = r"(?<=实行|落实|建立|坚持|执行|推行|严格|健全|完善)(?:日|旬|月|季度?|半年|年)"
    short = rf"(?P<short>(?P<short_unit>{begun}|{whole})(?:度)?(?P<deed>{_MEETING})(?:制度?)?)"
    led = (
        r"(?P<led>(?P<led_unit>(?:月度|季度|(?<!本)(?<!20\d\d)(?<!\d年)年度|半年|(?<![\d一二三四五六七八九十上本下])月(?=工作|重点)))"
        rf"(?P<led_deed>{HAN}{{0,4}}?(?:考核|考评|报告|评估|述职|汇报|例会|通报|测评|评价|督导)))"
    )
    vague = (
        r"(?P<vague>不定期|定期|经常性|经常(?=开展|组织|召开)|滚动(?=排查|更新)"
        r"|常态化(?=地?(?:开展|组织|举办|召开|进行|巡查|排查|抽查|走访))|按(?P<by>月|季度?|周|年|学期|旬)(?!级|龄|轮|代|节|边|期|薪))"
    )
    nodes = rf"(?P<nodes>(?:(?:{_FEAST})(?:节)?[、和]?){{3,12}}等(?:重要|关键|敏感)*(?:时间)?节点)"
    return re.compile(f"{each}|{times}|{nodes}|{short}|{led}|{vague}")


@cache
def _guard() -> re.Pattern[str]:
    return re.compile(
        r"[每逐]|定期|经常|常态|滚动|按[月季周年学旬]|[年期季月周][\d一二两三四五六七八九十]+[次轮周]|[日周月季旬度年][调通考例总小汇报督检测评盘排研点述工自巡晾教重目业]|[、和].{2,3}[、和].{2,12}节点"
    )


def find_cadence(text: str) -> list[CadenceFound]:
    """Return the rhythms of one clean sentence in their order; spans do not overlap.

    Words for a rhythm that is only the name of something else (《…定期报告制度》, 年度考核、职务评审) are not returned.
    """
    if not _guard().search(text):
        return []
    found: list[CadenceFound] = []
    for match in _pattern().finditer(_without_titles(text)):
        if not _counts(match):
            continue
        # 每周定期开展: one rhythm, and the first words set it
        if found and match.lastgroup == "vague" and match.start() == found[-1].end and found[-1].rrule:
            continue
        rule = _rule(match)
        found.append(CadenceFound(match.start(), match.end(), match.group(), rule, _why(match.group(), rule)))
    return found


def _without_titles(text: str) -> str:
    if "《" not in text:
        return text
    return re.sub(r"《[^《》]*》", lambda found: "\0" * len(found.group()), text)


def _counts(match: re.Match[str]) -> bool:
    before, after = match.string[max(0, match.start() - 6) : match.start()], match.string[match.end() : match.end() + 4]
    kind = match.lastgroup
    if kind == "each":
        return not re.match(rf"(?:均|人均)?增[长速]|{HAN}?增幅", after) and not before.endswith("年均")
    if kind == "times":
        return match["cycle"] != "轮" or match["about"] is None
    if kind == "led":
        return not re.search(r"(?:纳入|作为|列为|在)$", before) and not after.startswith(
            ("、", "和", "指标", "结果", "得分", "等次")
        )
    if kind == "vague" and "常态" in match.group():
        return not before.endswith(("转向", "成为", "新"))
    return not (kind == "short" and after.startswith(("量", "日", "年", "时间", "者", "人员")))


def _rule(match: re.Match[str]) -> str | None:
    try:
        if match.lastgroup == "each":
            return _each(match)
        if match.lastgroup == "times":
            return _times(match)
    except ValueError:
        return None
    unit = match["short_unit"] or match["led_unit"] or match["by"]
    return _every((unit.removesuffix("度") or unit).removesuffix("份"), 1) if unit else None


def _each(match: re.Match[str]) -> str | None:
    unit = match["unit"].removeprefix("个")
    interval = 1 if match["every"] in {None, "半"} else number(match["every"])
    if match["every"] == "半":
        return {"年": "FREQ=MONTHLY;INTERVAL=6", "月": "FREQ=MONTHLY;BYMONTHDAY=15,-1"}.get(unit)
    if match["edge"] in {"底", "末"} and unit in _CLOSINGS and interval == 1:
        return _CLOSINGS[unit]
    rule = _every(unit, interval)
    return rule + _within(match, unit) if rule else None


def _within(match: re.Match[str], unit: str) -> str:
    """Return the part of the rule that names the day within the period."""
    if unit in {"年", "年度", "学年"}:
        return _within_year(match)
    if unit == "月" and match["day"]:
        return f";BYMONTHDAY={number(match['day'])}"
    if unit in {"周", "星期"} and match["weekdays"]:
        return ";BYDAY=" + _weekdays(match["weekdays"])
    return ";BYMONTHDAY=-1" if unit == "月" and match["edge"] in {"底", "末"} else ""


def _within_year(match: re.Match[str]) -> str:
    if match["months"]:
        month = ";BYMONTH=" + ",".join(str(number(part.rstrip("月份"))) for part in re.split("[、和]", match["months"]))
        if match["day_in_year"]:
            return f"{month};BYMONTHDAY={number(match['day_in_year'])}"
        return f"{month};BYMONTHDAY=-1" if match["edge_in_year"] else month
    if match["edge"] in {"底", "末"}:
        return ";BYMONTH=12;BYMONTHDAY=-1"
    return (";BYMONTH=6" if match["half"] == "上半年" else ";BYMONTH=12") if match["half"] else ""


_WEEKDAYS: Final = dict(zip("一二三四五六日天", ("MO", "TU", "WE", "TH", "FR", "SA", "SU", "SU"), strict=True))
# Quarters and terms end in fixed months, which an interval that counts from the first meeting would miss.
_CLOSINGS: Final = {
    "季度": "FREQ=YEARLY;BYMONTH=3,6,9,12;BYMONTHDAY=-1",
    "季": "FREQ=YEARLY;BYMONTH=3,6,9,12;BYMONTHDAY=-1",
    "学期": "FREQ=YEARLY;BYMONTH=1,7",
    "学年": "FREQ=YEARLY;BYMONTH=7",
}


def _weekdays(words: str) -> str:
    """Return the days of the week that a list (一、周三) or a stretch (一至周五) names."""
    letters = [letter.replace("天", "日").replace("末", "日") for letter in words if letter in "一二三四五六日天末"]
    if "至" in words and len(letters) == 2:
        order = "一二三四五六日"
        letters = list(order[order.index(letters[0]) : order.index(letters[1]) + 1])
    return ",".join(dict.fromkeys(_WEEKDAYS[letter] for letter in letters))


_UNITS: Final = {
    **dict.fromkeys(("年", "年度", "学年", "学年度"), ("YEARLY", 1)),
    **dict.fromkeys(("季", "季度"), ("MONTHLY", 3)),
    **dict.fromkeys(("周", "星期"), ("WEEKLY", 1)),
    **dict.fromkeys(("天", "日"), ("DAILY", 1)),
    "半年": ("MONTHLY", 6),
    "月": ("MONTHLY", 1),
    "双周": ("WEEKLY", 2),
}
_SINGLE: Final = {
    "学期": "FREQ=YEARLY;BYMONTH=2,9",
    "旬": "FREQ=MONTHLY;BYMONTHDAY=10,20,-1",
    "半月": "FREQ=MONTHLY;BYMONTHDAY=15,-1",
}


def _every(unit: str, interval: int) -> str | None:
    """Return the rule for every `interval` units: 每两周, 每季度, 每5年."""
    if not 1 <= interval <= 366:
        return None
    if unit in _SINGLE:
        return _SINGLE[unit] if interval == 1 else None
    frequency, months = _UNITS.get(unit, ("", 0))
    return _with_interval(frequency, interval * months) if frequency else None


def _with_interval(frequency: str, interval: int) -> str:
    return f"FREQ={frequency}" + (f";INTERVAL={interval}" if interval > 1 else "")


def _times(match: re.Match[str]) -> str | None:
    """Return the rule of 一年两次 (every six months) where the times divide the span into whole months or weeks."""
    span, unit = number(match["span"]), match["span_unit"]
    if match["cycle"] == "周期":
        return _every(unit, span * number(match["often"]))
    months = {"年": 12, "学年": 12, "月": 1, "季": 3, "季度": 3}.get(unit)
    often = number(match["often"])
    if months and often and (span * months) % often == 0:
        return _with_interval("MONTHLY", span * months // often) if span * months // often != 12 else "FREQ=YEARLY"
    return _every(unit, span) if often == 1 else None


def _why(quote: str, rule: str | None) -> Words:
    if rule:
        return Words(f"“{quote}”是有规律的周期。", f"A regular rhythm: {rule}.")
    return Words(f"“{quote}”没有确定的周期，请另定时间。", "The words set no certain rhythm; set the times yourself.")
