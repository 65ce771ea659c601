"""The words that figures stand among: units, bounds, verbs of reaching, growing and shrinking."""

from __future__ import annotations

import re
from functools import cache
from typing import Final

from luoshi.drafting.plan import Operator
from luoshi.periods.letters import HAN

__all__ = [
    "BOUNDS",
    "GROWTH",
    "LIMITS",
    "MEASURES",
    "OPERATORS",
    "REACHES",
    "SHARES",
    "SHRINKING",
    "SIGNS_ZH",
    "TIMES_UNITS",
    "acts_before",
    "adds",
    "ahead_of",
    "any_verb",
    "attribute_after",
    "base",
    "builds",
    "figure",
    "grows_from_base",
    "guard",
    "lead",
    "named",
    "never_before",
    "noun_after",
    "origin",
    "stated",
    "strives",
    "subject_after",
    "verb_after",
    "verb_before",
]

TIMES_UNITS: Final = frozenset({"小时", "分钟", "个月", "学时", "课时", "天", "节课", "年", "个工作日", "个小时"})
"""Units of time: targets only where a length is what must be reached."""

MEASURES: Final = frozenset(
    {
        "元",
        "美元",
        "吨",
        "千瓦",
        "千瓦时",
        "立方米",
        "平方米",
        "平方公里",
        "公里",
        "米",
        "亩",
        "公顷",
        "人口",
        "人",
        "斤",
        "公斤",
        "年",
    }
    | TIMES_UNITS
)
"""Units of measure, which with 以上 often only describe (投资2000万元以上的项目); counted things do not."""

SHARES: Final = frozenset({"%", "％", "‰", "百分点", "个百分点"})

_COUNTERS: Final = (
    "个百分点|个名次|个工作日|个小时|个月|百分点|个点|班次|人次|车次|场次|项次|册次|台套|名次|节课|课时|学时|小时|分钟|平方公里|平方米|立方米|千瓦时|千瓦"
    "|公里|公顷|公斤|美元|人口|例|元|亩|吨|斤|米|人|名|位|个|所|家|项|条|起|间|场|次|遍|件|处|座|套|户|辆|台|幢|栋|张|册|篇|部|门|对|支|种|类|批"
    "|只|株|期|轮|份|床|村|校|分(?!之|别|类|批|层|级|析|校|局|管)|天|倍|%|％|‰"
)
# Words that begin with a counter but count nothing: 3个月 is above; 5号, 2期工程, 1部分, 3名单 here.
_NOT_COUNTED: Final = r"(?!年级|类型|门课程标准|部分|件事|项机制|家长|校区|体两翼|批次|个方面)"
_DIGITS: Final = r"\d{1,3}(?:,\d{3}){1,4}|\d{1,12}(?:\.\d{1,6})?"
_WORDS: Final = r"[一二两三四五六七八九十百千][一二两三四五六七八九十百千零]{0,6}"
_MORE: Final = r"余|多"
_BOUND: Final = r"左右|以上|及以上|以下|及以下|以内|之内|上下"


@cache
def figure() -> re.Pattern[str]:
    """Return the pattern of a figure with its unit; the group `core` ends where the quotation of the target ends."""
    number = (
        rf"(?P<number>(?<![\d.第〔+\-*—xX\u00d7]){_DIGITS}|(?<![第一二三四五六七八九十百千万初高大小]){_WORDS})"
        rf"(?:[—\-–~～至]+(?P<upper>{_DIGITS}|{_WORDS})(?=[万亿个名所项家场次件处例条人元%％]))?(?P<more_first>{_MORE})?"
        rf"(?P<scale>万亿|千万|百万|[万亿])?(?P<more>{_MORE})?(?P<unit>{_COUNTERS}){_NOT_COUNTED}"
    )
    part = r"(?P<part>[一二三四五六七八九十百]{1,3}分之[一二三四五六七八九十百零]{1,5})"
    return re.compile(
        # looking at one character first makes the search three times as fast
        rf"(?=[\d一二两三四五六七八九十百千半零])(?:(?P<core>{number})(?P<bound>{_BOUND})?"
        rf"|(?:(?P<half>(?<!另)一半|半数)|{part})(?P<bound_part>{_BOUND})?"
        rf"|(?<![\d:：])(?P<ratio>\d{{1,3}}(?:\.\d{{1,3}})?)[:：](?P<ratio_to>\d{{1,3}}(?:\.\d{{1,3}})?)(?=左右|以[上下内]|[，。；、）]|$)"
        r"|(?<=为)(?P<zero>零)(?!距离|容忍|基础|星|散|售|起))"
    )


@cache
def guard() -> re.Pattern[str]:
    """Return a quick pattern without which no sentence holds a figure.

    It begins with one set of characters, which a search passes over many times as fast as the parts behind it.
    """
    return re.compile(
        r"[\d一二两三四五六七八九十百千分半为](?:"
        rf"(?<=\d)(?<![\d.,].)[\d.,]*[—\-–~～至\d余多]*[万亿千百]?(?:{HAN}|[%％:：])"
        r"|(?<=[一二两三四五六七八九十百千])[余多]?[万亿]?[个名所家场次件处例项条起人位间座套遍]"
        r"|(?<=分)之|(?<=一)半|(?<=半)数|(?<=为)零)"
    )


@cache
def named() -> re.Pattern[str]:
    """Return the pattern of what never holds a target: titles, document numbers, quotations."""
    return re.compile(r"《[^《》]*》|〔[^〔〕]*〕[\d]*号?|“[^“”]*”|以(?=\d)[^。；“]{2,80}为(?=“)")


OPERATORS: Final[dict[str, Operator]] = {
    **dict.fromkeys(
        ("不低于", "不少于", "不得少于", "不得低于", "至少", "不小于", "不少于总数的", "最少", "起码"), ">="
    ),
    **dict.fromkeys(
        ("不超过", "不得超过", "不高于", "不得高于", "不大于", "不多于", "至多", "最多", "控制在", "控制到"), "<="
    ),
    **dict.fromkeys(("低于", "少于", "小于", "不足", "不满"), "<"),
    **dict.fromkeys(("超过", "突破", "高于", "超", "多于", "大于"), ">"),
}
"""Comparisons that stand right before the figure and settle its direction."""

REACHES: Final[dict[str, Operator]] = {
    **dict.fromkeys(("达到", "达", "达到了", "保持在", "稳定在", "维持在"), ">="),
    **dict.fromkeys(
        (
            "提高到",
            "提升到",
            "扩大到",
            "增加到",
            "增长到",
            "提高至",
            "提升至",
            "扩大至",
            "增加至",
            "增至",
            "提至",
            "为",
        ),
        "=",
    ),
    **dict.fromkeys(
        (
            "降到",
            "降至",
            "下降到",
            "下降至",
            "降低到",
            "降低至",
            "减少到",
            "减少至",
            "减至",
            "压减到",
            "压减至",
            "压缩到",
            "压缩至",
        ),
        "<=",
    ),
}
"""Verbs that name the level to reach."""

GROWTH: Final = frozenset(
    {"增长", "增加", "提高", "提升", "新增", "增幅", "上升", "前进", "扩大", "多", "再增加", "增", "增速", "净增"}
)
SHRINKING: Final = frozenset(
    {"下降", "降低", "减少", "压减", "压缩", "精简", "削减", "降幅", "缩短", "缩减", "核减", "减"}
)
LIMITS: Final = frozenset(OPERATORS) | frozenset({"达到", "达"})

BOUNDS: Final[dict[str, Operator]] = {
    "以上": ">=",
    "及以上": ">=",
    "以下": "<=",
    "及以下": "<=",
    "以内": "<=",
    "之内": "<=",
}

SIGNS_ZH: Final[dict[Operator, str]] = {
    ">=": "不低于",
    "<=": "不超过",
    "=": "",
    "<": "低于",
    ">": "超过",
    "+": "增加",
    "-": "减少",
}


@cache
def verb_before() -> re.Pattern[str]:
    """Return the pattern of the verb that stands right before a figure."""
    verbs = sorted((*OPERATORS, *REACHES, *GROWTH, *SHRINKING), key=len, reverse=True)
    return re.compile(
        rf"(?:分别|(?<![校生人户])均|都|力争|要|应|原则上|年均|同比|平均|一般)*(?P<verb>{'|'.join(verbs)})(?:约|大约|近|了|到|再|建设|配备|建成|配齐|设立|召开|开展|组织)?$"
    )


@cache
def any_verb() -> re.Pattern[str]:
    """Return the pattern of a verb that begins another statement within a list."""
    return re.compile(r"新|建|培育|投资|实施|完成|改造|打造|举办|开展|推进|增|降|减|提")


@cache
def adds() -> re.Pattern[str]:
    """Return the pattern of a clause that adds to what there is: 新增幸福河湖70个."""
    return re.compile(r"^(?:力争|全市|全省|全县|全区|全年|再|确保|城镇|年内)*(?:净增|新增(?!长))")


@cache
def never_before() -> re.Pattern[str]:
    """Return the pattern of words before a figure that is no target: 后20%学生, 预估投资20万元, 由32%."""
    return re.compile(
        r"(?:第|前|后|近|预估投资|预估|预计|约合|由|从|自|已有|现有|共有|仅有|只有|只占|仅占|仅|已|原有|原来的?|去年的?|上年的?|此前|上述|其中|这|那|每|另|任何|同|某|各"
        r"|[xX\u00d7＊*]|减负|[“‘])$|预[估计][^，。；]{0,10}$"
    )


@cache
def stated() -> re.Pattern[str]:
    """Return the pattern of a clause about today or the past."""
    return re.compile(
        r"目前|现有|已(?:经|有|建|达|完)|截至|只占|仅占|(?<![比较])(?:去年|上年)(?!.{0,3}基础)|近年|连续|历时|其中[^，。；]{1,3}可|通报的|[吸汲]取|教训|^(?:发挥|依托|聚焦|围绕|利用|运用|针对)"
    )


@cache
def attribute_after() -> re.Pattern[str]:
    """Return the pattern after a count that only describes what follows: 100项的推进工作, but 100项的目标."""
    return re.compile(r"的(?!目标|要求|任务|标准|水平|基础)")


@cache
def base() -> re.Pattern[str]:
    """Return the pattern after a figure that is where the change starts."""
    return re.compile(r"(?:的)?基础上")


@cache
def grows_from_base() -> re.Pattern[str]:
    """Return the pattern after a figure that must be passed: 在600元的基础上有所增长."""
    return re.compile(r"(?:、\d+元)?的?基础上(?:有所|稳步|适当|逐步|进一步|再)*(?:增长|提高|增加|提升)")


@cache
def subject_after() -> re.Pattern[str]:
    """Return the pattern after a counted noun that is the one who acts: 17所示范校要…."""
    return re.compile(rf"{HAN}{{1,8}}?(?:要|应|须|必须|均要|都要)")


@cache
def verb_after() -> re.Pattern[str]:
    """Return the pattern of a verb that goes on after a figure, so that the bound before it describes nothing."""
    return re.compile(r"接受|进入|达到|参加|用于|通过|实现|完成|取得|获得|纳入|要|的要求|的目标|比例")


@cache
def acts_before() -> re.Pattern[str]:
    """Return the pattern of verbs whose object is counted by 次: 进行一次, 作一次."""
    return re.compile(r"(?:进行|作|做|组织|开展|召开|举行|举办|集中|分别|各|每人每年|平均每人每年)$")


@cache
def builds() -> re.Pattern[str]:
    """Return the pattern of a clause that makes new things, in which also 一所, 两个 are counted."""
    return re.compile(r"(?:新(?:申报|建|增|设|培育|创建|开|改|扩)|力争|争取|确保|创建|建成|新)[^，。；]{0,8}$")


@cache
def strives() -> re.Pattern[str]:
    """Return the pattern of words that set an aim."""
    return re.compile(r"力争|争取|推动|确保|努力")


@cache
def lead() -> re.Pattern[str]:
    """Return the pattern of verbs and adverbs that begin a clause and are no part of what is measured."""
    times = r"今年|明年|(?:20\d\d|[今明])年(?:底|内)?前?|年内|全年|[一二三四五两]年内|每(?:年|月|周|个?学期|学年)"
    adverbs = (
        r"要|将|使|到|并|且|对|把|在|其中|计划|累计|着力|不断|全面|逐步|大力|加快|稳步|进一步|力争|争取|确保|努力|推动"
    )
    deeds = (
        r"实现|保障|保持|新增|新建|改扩建|新改建|新改扩建|建成|建设|培育|打造|完成|组织|举办|选树|培训|投入|选派|配备|开展|实施"
        r"|安排|新?招聘|招收"
    )
    return re.compile(rf"^(?:[\d一二三四五六七八九十]{{1,3}}[.、．]|{times}|{adverbs}|(?:{deeds})(?!合?格?率))+")


@cache
def origin() -> re.Pattern[str]:
    """Return the pattern of where a change starts (由32%), which is no part of what is measured."""
    return re.compile(
        r"(?:(?:由|从)[^，。；]*|(?:比|较|高于|快于|领先)(?:去年|上年|20\d\d年|同期|往年|全|同)[^，。；]*|每[年月周]|在)$"
    )


@cache
def ahead_of() -> re.Pattern[str]:
    """Return the pattern of a clause that compares with others: 增速高于全省平均水平2个百分点."""
    return re.compile(r"(?:高于|快于|超过|领先)[^，。；]{2,14}$")


@cache
def noun_after() -> re.Pattern[str]:
    """Return the pattern of the counted noun after a figure, up to a verb or mark."""
    return re.compile(rf"的?(?P<noun>{HAN}{{2,12}})")
