"""The words around a name that tell what part it plays: who is charged, who helps, who is only acted on."""

from __future__ import annotations

import re
from functools import cache
from typing import Final

from luoshi.drafting.bodies import any_of, read_words

__all__ = ["CLAUSE_END", "after_name", "clause_leads", "modal"]

CLAUSE_END: Final = re.compile(r"[，；。！？：\n]|——")

_TIME = (
    r"(?:(?:20\d\d|\d\d|[一二三四五六七八九十]+|今|明|本|上|下|每|当|全)(?:年|个月|月|季度|学期|学年|周|旬|天|日|半年)(?:份|度|底|初|末|中旬|上旬|下旬|内|中|终)?"
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

modal: Final = re.compile(
    r"(?:(?:[都也均还则更就仍再必]|一律|一定|原则上|同时|尤其|特别|首先|务必|今后|今年|明年|年内|另|再次|全部|既|又)*"
    r"(?:要(?!求|点|素|闻|件|务|塞|害|案)|应(?!急|用|届|试|聘|邀|对(?!照|接|[^的，。；]{1,20}(?:进行|开展|实施)))|须|必须|务必|需(?!求)|将(?!军|来)|"
    r"拟(?!定)|可(?!能|靠|行|控)|不得|不能|不准|不许|不可|严禁|决定|计划(?!总结|书|表)|考虑|有权|有责任|原则上)|"
    r"(?:一律|务必|原则上|[都均])(?=\S))"
)
"""Words of duty, intention or leave right after a name: whoever is named before them is charged."""

_ADVERB = (
    r"每(?:年|月|周|天|日|学期|季度|学年|人|半年|半月|两|三|\d|校|班|个)|年内|年底前|\d+月|今年|明年|"
    r"(?:应|要)?(?:自|本着|会同|在(?!职(?!责)|岗|校生|读|编|籍|建|绍|册|线)|对(?!口|外)|把|将|按(?!钮|时)|按照|以(?!上|下|内|外|及|来)|从(?!业|教)|于|向|与|同|由|"
    r"共同|联合|负总责|负主责|是(?=[^，。；]{0,12}(?:责任人|责任主体|责任单位|牵头单位))|具体|分别|先|再|各自|一把手|至少|不少于|不再)"
)


_NOUN_GOES_ON = (
    r"者|人(?!才)|同志|制(?!定|订|作|止|发)|率|比例|机构|单位|小组|中心|"
    r"工作(?!专班|组|小组)|项目|方案|制度|情况|水平|能力|质量|队伍|体系|机制|力度|条件|标准|规划|方面|过程|活动(?!的)|经费|资金|"
    r"的(?!同时|基础)|中|与|和|、"
)
"""Behind a verb: it was part of a noun (学校管理水平), so what stands before it is no subject."""

_OFFICE_GOES_ON = r"部(?!署|分)|处(?!理|置)|科(?!技|学|普)|股|室|局|办(?!理|好|学)|组(?!织|建)"
"""The same behind verbs that offices are named for (组织部, 督办室)."""


@cache
def after_name() -> re.Pattern[str]:
    """Return a pattern of what opens a predicate right after a name: an adverb, a preposition or a verb."""
    words = {word: flag for word, *flag in read_words("bodies_verbs.txt") if flag in ([], ["both"])}
    charged = "(?:负责|牵头)(?!人(?!才)|制(?!定|订|作|止)|同志|单位|部门)"
    plain = any_of(word for word, flag in words.items() if not flag and word not in {"负责", "牵头"})
    naming = any_of(word for word, flag in words.items() if flag)
    listed = f"{plain}(?!{_NOUN_GOES_ON})|{naming}(?!{_NOUN_GOES_ON}|{_OFFICE_GOES_ON})"
    return re.compile(f"(?:[都也均还则更就]|{_ADVERB}|{charged}|{listed})")
