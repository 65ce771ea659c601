"""The words for times: one pattern whose outer groups name the kinds.

`time()` finds where a phrase begins and ends; what it stands for is settled in `resolve.py`, and whether the sentence
sets it as a deadline in `when.py`. Order matters: the longer reading of the same characters stands first.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Final

from luoshi.periods.festivals import FESTIVAL, JUBILEE
from luoshi.periods.letters import HAN_OR_DIGIT

__all__ = ["LINK", "NOT_INSIDE", "guard", "masked", "suffix", "time"]

_DIGITS: Final = "〇○零一二三四五六七八九"
_MASK: Final = r"[xX\u00d7＊*某ＸＸ○]{1,2}"
LINK: Final = r"(?:至|到|—+|-+|–+|~|～|―+|－+|─+)"
"""Between the two ends of a span of time."""
NOT_INSIDE: Final = r"(?!涵|部|容|地|在|设|控|外|需|陆|蒙|参|生|向|务|核|行|业|化)"
"""After 内: the words that merely begin with it (三年内涵建设, 年内部审计)."""

_YEAR_NUMBER: Final = rf"(?:19|20)\d\d|[一二][{_DIGITS}]{{3}}"
_YEAR: Final = (
    rf"(?P<year>{_YEAR_NUMBER})年|(?P<year_masked>20{_MASK}|{_MASK})年"
    r"|(?P<year_word>今年|明年|后年|本年|当年|来年)(?!级|度?学)"
)
_MONTH_NUMBER: Final = r"1[0-2]|0?[1-9]|十[一二]?|[一二三四五六七八九]"
_DAY_NUMBER: Final = r"3[01]|[12]\d|0?[1-9]|三十一?|二?十[一二三四五六七八九]?|[一二三四五六七八九]"
# 月 also begins words that are no month (月考, 月报); 3个月 never matches, since 个 stands between.
_MONTH: Final = (
    rf"(?:(?P<month_from>{_MONTH_NUMBER})(?:月份?)?{LINK})?"
    rf"(?:(?P<month>{_MONTH_NUMBER})|(?P<month_masked>{_MASK}))月(?!刊|考|报|嫂|饼|薪|均|度|评|调|会|例会)份?"
    rf"(?:(?:(?P<day_from>{_DAY_NUMBER})[日号]?{LINK})?(?:(?P<day>{_DAY_NUMBER})|(?P<day_masked>{_MASK}))[日号]"
    r"|(?P<third>上中旬|中下旬|[上中下]旬|月?底|月?末|初(?!级|中|步|三|一|二|始)|中(?=前|之前|[，。；]))(?:之?前夕)?)?"
)
_PARTS: Final = (
    r"(?P<half{n}>[上下]半年)",
    r"第?(?P<quarter{n}>[一二三四1-4])季度(?P<quarter_edge{n}>末|底|初)?",
    r"(?P<season{n}>春秋两?季|[春秋夏冬]季)(?P<season_term{n}>学期)?(?P<season_open{n}>开学)?",
)


def _renamed(pattern: str, suffix: str) -> str:
    return re.sub(r"\(\?P<(\w+)>", lambda found: f"(?P<{found[1]}{suffix}>", pattern)


def _calendar_year() -> str:
    month = _renamed(_MONTH, "_y")
    parts = "|".join(part.format(n="_y") for part in _PARTS)
    edge = (
        r"(?P<edge_y>年?(?:[底末](?!考核|测评|总结)|终(?=前|之前)|初(?!步|级|中|一|二|三|始)"
        rf"|中(?=前|之前|[，。；])|内{NOT_INSIDE}))"
    )
    named = rf"(?P<festival_y>{FESTIVAL})"
    return (
        rf"(?P<dated>(?:(?P<year_from>{_YEAR_NUMBER})年?{LINK})?(?:{_YEAR})"
        rf"(?:[，的]?(?:{month})|(?:{parts})|{edge}|{named}|(?P<school_y>寒假|暑假|暑期|开学|新学期))?)"
    )


_BARE_EDGE: Final = (
    r"(?P<edged>(?<![\d每同周多青少幼成老中壮童近往历去几半学全两一二三四五六七八九十])(?:本)?"
    r"(?P<edge>年(?:[底末](?!考核|测评|总结|绩效|述职|评比)|终(?=前|之前)|初(?!步|级|中|一|二|三|始)"
    rf"|中(?=前|之前)|内{NOT_INSIDE})))"
)
_WHOLE_YEAR: Final = rf"(?P<whole>全年|(?:本年度|(?<!{HAN_OR_DIGIT})年度)(?=内|完成|实现|新增|投资|计划|力争))"
_RELATIVE: Final = (
    r"(?P<relative>(?:(?P<month_word>本|这个|下个?|次)月|(?<![\d每个两几数份某xX\u00d7＊*一二三四五六七八九十半岁当])月(?=[底末内]))"
    rf"(?P<month_edge>[底末](?!考|测)|[上中下]旬|初|内{NOT_INSIDE}|(?<!^)(?P<month_day>{_DAY_NUMBER})[日号])?"
    rf"|(?P<week_word>本|这|下)(?:周|星期)(?P<week_day>[一二三四五六日天末]|内{NOT_INSIDE})?(?!期|年)"
    r"|(?<![每上本下两\d一二三四五六七八九十])(?:周|星期)(?P<week_day_only>[一二三四五六日])(?=前|之前|以前)"
    rf"|(?<![月\d年{_DIGITS}十每第])(?P<day_only>{_DAY_NUMBER})[日号](?=前(?!后)|之前|以前)"
    r"|(?P<tomorrow>明天|明日|后天))"
)
_DURATION: Final = (
    r"(?P<duration>(?:(?P<ahead>今后|未来|接下来)的?)?"
    r"(?P<least>\d{1,4}|[一二两三四五六七八九十百半]{1,5})(?:(?:—+|-+|–|~|～|至|到)(?P<most>\d{1,4}|[一二两三四五六七八九十]{1,5}))?"
    r"(?P<unit>个?工作日|个?自然日|年|个半?月|个?季度|周|个?星期|天|日|个?学期|小时|分钟)"
    rf"(?:(?P<about>左右)?的?(?P<inside>时间(?:以内|之内|内)?|以内|之内|内{NOT_INSIDE})"
    # 未来三年 needs no 内
    r"|(?(ahead)|(?!))))"
)
_PLAN: Final = (
    r"(?P<planned>[“‘]?(?P<plan>十[一二三四五六七八九]?|二十)五[”’]?(?:规划)?"
    r"(?P<plan_edge>期?末(?:期|年)?|收官之年|期间|时期|(?=前)))"
)
_SCHOOL: Final = (
    r"(?P<school>(?P<vacation>寒暑假|寒假|暑假|暑期|节假日|假期)(?P<vacation_list>(?:[、和](?:寒暑假|节假日|双休日|周末))*)"
    r"|(?P<term>(?<!每)(?<!上)(?:(?P<which>本|下|新|这)(?:个)?)?学期)(?P<term_edge>开学|结束|末|底|初|中)?"
    r"|(?P<school_year>(?:本|下|新)学年|学年(?=末|底|内))(?P<school_year_edge>末|底|初)?"
    r"|(?P<end_of_term>期末|期中)(?P<exam>考试)?(?=前|之前)"
    r"|(?P<event>(?:(?:开学|放假|离校|返校|入学|毕业|报到|中考|汛期|供暖期?|封冻|考试|检查|验收|换届|会议|活动)(?:[、和](?=离校|返校|放假|开学))?)+)"
    r"(?P<event_edge>第[一二三四]周|首周|第一天|当天|初)?)"
)
_LISTED: Final = (
    rf"(?P<named>(?P<festival>(?:{FESTIVAL}[、和及]?)+(?<![、和及]))(?P<nodes>等(?:重要|关键|敏感)*(?:时间)?节点)?)"
)


# Every phrase begins with one of these; looking at one character first makes the search three times as fast.
_FIRST: Final = (
    r"(?=[\dxX\u00d7＊*某ＸＸ〇○零一二两三四五六七八九十半第今明后本当来下上春夏秋冬年全月周星寒暑假节学期开放离返入毕报中汛供封考检验换会活这次未接新"
    r"“‘\"元农除妇植清劳青儿端建军教国重宪高党人共])"
)


@cache
def time() -> re.Pattern[str]:
    """Return the pattern of one phrase of time."""
    bare_parts = "|".join(part.format(n="") for part in _PARTS)
    kinds = (
        _calendar_year(),
        _DURATION,
        rf"(?P<monthly>(?<![\d.一二三四五六七八九十年第百]){_MONTH})",
        rf"(?P<part>(?<![每\d十]){'(?:' + bare_parts + ')'})",
        _BARE_EDGE,
        _WHOLE_YEAR,
        _PLAN,
        rf"(?P<anniversary>{JUBILEE})",
        _LISTED,
        _RELATIVE,
        _SCHOOL,
    )
    return re.compile(_FIRST + "(?:" + "|".join(kinds) + ")")


@cache
def suffix() -> re.Pattern[str]:
    """Return the pattern of what follows a time and says how the work stands to it."""
    return re.compile(
        r"(?P<around>前后)"
        r"|(?P<before>(?:来临|到来|结束|开始|正式)?(?:之前|以前|前夕|前(?!后|[三一二四五六七八九十\d]|期|沿|列|往|提|景|瞻|置|身|端|者|面|夜|教育|班)))"
        rf"|(?P<within>期间|期内|之际|以内|之内|内{NOT_INSIDE}|时期)"
    )


@cache
def guard() -> re.Pattern[str]:
    """Return a quick pattern without which no sentence names a time that could be a deadline.

    It begins with one set of characters, which a search passes over many times as fast as the parts behind it.
    """
    return re.compile(
        r"[年月季学工时天日号周本下前期之假考校节十暑开明](?:"
        r"(?<=年)(?:(?<=[\d今明后本当来上下半全〇一二三四五六七八九ｘxX\u00d7＊*某]年)|[底内末初终中度])"
        r"|(?<=月)(?:(?<=[\dxX\u00d7＊*某一二三四五六七八九十本下次]月)"
        r"|(?<=[\dxX\u00d7＊*某一二三四五六七八九十本下次]个月)|[底末内])"
        r"|(?<=季)(?:[度开]|(?<=[春秋]季))|(?<=学)[期年前]|(?<=工)作日|(?<=时)间|(?<=[天日号周时])之?以?[前内]"
        r"|(?<=[本下])周|(?<=期)[间末]|(?<=前)[间夕后]|(?<=之)[前际内]|(?<=[假考校])前|(?<=[假节])[日期]|(?<=十).?五"
        r"|(?<=暑)期|(?<=开)学|(?<=明)[天日]|(?<=节)点|(?<=前)(?<![目当以提]前)(?![期沿提进景后]))"
    )


@cache
def masked() -> re.Pattern[str]:
    """Return the pattern of what never holds a deadline: titles, document numbers, and quotations that are names."""
    return re.compile(r"《[^《》]*》|〔[^〔〕]*〕|“[^“”]*”")
