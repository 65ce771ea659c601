"""The words around a name that tell what part it plays: who is charged, who helps, who is only acted on."""

from __future__ import annotations

import re
from functools import cache
from typing import Final

from luoshi.drafting.bodies import read_words
from luoshi.drafting.word_sets import WordSet

__all__ = ["CLAUSE_END", "clause_leads", "modal", "openings", "predicate_end"]

CLAUSE_END: Final = re.compile(r"[，；。！？：\n—](?:(?<!—)|—)")
"""A mark between clauses, or a dash of two characters. It begins with a set, which a search passes over fast."""

_TIME = (
    r"(?:(?:20\d\d|\d{1,2}|[一二三四五六七八九十]+|今|明|本|上|下|每|当|全)(?:年|个月|月|季度|学期|学年|周|旬|天|日|半年)(?:份|度|底|初|末|中旬|上旬|下旬|内|中|终)?"
    r"|年内|年底|年初|年末|月底|期末|期初|学期末|学期初|假期|暑假|寒假|近期|目前|当前|今后|日前|春季|秋季|秋季学期|春季学期|第[一二三四]季度)"
    r"(?:之?前|以前|前后|之内|以内|内|起|后|开始|期间)?"
)
_LINK = (
    r"特别是|尤其是|另外|此外|同时|其中|并且|而且|并|且|另|然后|最后|首先|其次|再次|因此|为此|对此|下一步|接下来|下阶段|下一阶段|刚才|"
    r"具体由|我们|作为|身为|原则上|必要时|建议|希望|责成|责令|请|即|也|又|还|凡|但|而"
)
_MARKER = (
    r"[（(]?[一二三四五六七八九十\d]{1,3}[）)．.、](?=\D)|[①-⑳⑴-⒇]|第[一二三四五六七八九十]+[，、]?|"
    r"[一二三四五六七八九十]{1,2}(?:是|要(?=[^求]))|[一二三四五六七八九十]来"
)
clause_leads: Final = re.compile(f"(?:{_MARKER}|{_LINK}|{_TIME}|\\s)*")
"""What may stand before the subject of a clause: list markers, conjunctions, times."""

_LIGHT: Final = "都也均还则更就"
_BEFORE_DUTY: Final = (
    f"[{_LIGHT}仍再必]", "一律", "一定", "原则上", "同时", "尤其", "特别", "首先", "务必", "今后", "今年", "明年",
    "年内", "另", "再次", "全部", "既", "又",
)  # fmt: skip
_DUTY: Final = (
    "要(?!求|点|素|闻|件|务|塞|害|案)",
    "应(?!急|用|届|试|聘|邀|对(?!照|接|[^的，。；]{1,20}(?:进行|开展|实施)))",
    "须", "必须", "务必", "需(?!求)", "将(?!军|来)", "拟(?!定)", "可(?!能|靠|行|控)", "不得", "不能", "不准", "不许",
    "不可", "严禁", "决定", "计划(?!总结|书|表)", "考虑", "有权", "有责任", "原则上",
)  # fmt: skip
modal: Final = re.compile(rf"(?:(?:{'|'.join(_BEFORE_DUTY)})*(?:{'|'.join(_DUTY)})|(?:一律|务必|原则上|[都均])(?=\S))")
"""Words of duty, intention or leave right after a name: whoever is named before them is charged."""

_TIMES: Final = (
    r"每(?:年|月|周|天|日|学期|季度|学年|人|半年|半月|两|三|\d|校|班|个)",
    "年内",
    "年底前",
    "今年",
    "明年",
)
_DATED: Final = r"(?:20\d\d年)?\d+月|20\d\d年(?:底|末|初|前|内|上半年|下半年|春季|秋季)"
_ADVERBS: Final = (
    "自", "本着", "会同", "在(?!职(?!责)|岗|校生|读|编|籍|建|绍|册|线)", "对(?!口|外)", "把", "将", "按(?!钮|时)",
    "按照", "以(?!上|下|内|外|及|来)", "从(?!业|教)", "于", "向", "与", "同", "由", "共同", "联合", "负总责", "负主责",
    "是(?=[^，。；]{0,12}(?:责任人|责任主体|责任单位|牵头单位))",
    "具体", "分别", "先", "再", "各自", "一把手", "至少", "不少于", "不再",
)  # fmt: skip
_CHARGES: Final = ("负责", "牵头")
_PREDICATE: Final = re.compile(
    rf"[{_LIGHT}]|{'|'.join(_TIMES)}|{_DATED}|(?:应|要)?(?:{'|'.join(_ADVERBS)})|"
    rf"(?:{'|'.join(_CHARGES)})(?!人(?!才)|制(?!定|订|作|止)|同志|单位|部门)"
)
"""What opens a predicate right after a name, but for the verbs of the list: an adverb, a preposition, a charge."""

_NOUN_GOES_ON: Final = re.compile(
    r"者|人(?!才)|同志|制(?!定|订|作|止|发)|率|比例|机构|单位|小组|中心|"
    r"工作(?!专班|组|小组)|项目|方案|制度|情况|水平|能力|质量|队伍|体系|机制|力度|条件|标准|规划|方面|过程|活动(?!的)|经费|资金|"
    r"的(?!同时|基础)|中|与|和|、"
)
"""Behind a verb: it was part of a noun (学校管理水平), so what stands before it is no subject."""

_OFFICE_GOES_ON: Final = re.compile(r"部(?!署|分)|处(?!理|置)|科(?!技|学|普)|股|室|局|办(?!理|好|学)|组(?!织|建)")
"""The same behind verbs that offices are named for (组织部, 督办室)."""


@cache
def _verbs() -> tuple[WordSet, WordSet]:
    """Return the verbs that open a predicate: those never in a name, and those that offices are named for."""
    words = {word: flag for word, *flag in read_words("bodies_verbs.txt") if flag in ([], ["both"])}
    plain = (word for word, flag in words.items() if not flag and word not in _CHARGES)
    return WordSet(plain), WordSet(word for word, flag in words.items() if flag)


@cache
def openings() -> tuple[frozenset[str], frozenset[str]]:
    """Return the characters, and the pairs of characters, with one of which words of duty and predicates begin.

    Beside these they begin only with digits (6月, 2027年1月).
    """
    words = [*_BEFORE_DUTY[1:], *_DUTY, *_TIMES, *_ADVERBS, *_CHARGES]
    words += [word for verbs in _verbs() for word in verbs]
    whole = re.compile(r"\w\w")
    return (
        frozenset(f"{_LIGHT}仍再必").union(word[0] for word in words if not whole.match(word)),
        frozenset(word[:2] for word in words if whole.match(word)),
    )


def predicate_end(text: str, at: int, end: int) -> int:
    """Return where the word ends that opens a predicate at `at`, right after a name; -1 where none does."""
    if found := _PREDICATE.match(text, at, end):
        return found.end()
    plain, naming = _verbs()
    for stop in plain.ends(text, at, end):
        if not _NOUN_GOES_ON.match(text, stop, end):
            return stop
    for stop in naming.ends(text, at, end):
        if not (_NOUN_GOES_ON.match(text, stop, end) or _OFFICE_GOES_ON.match(text, stop, end)):
            return stop
    return -1
