"""A short name for a row: the first clause that says what is done, without who does it, by when, and its 要."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Final

from luoshi.drafting.lexicon import word_classes

__all__ = ["row_name"]

_LONGEST: Final = 36
_SHORTEST: Final = 4
_CLAUSE_END: Final = re.compile(r"[，；。：！？]|（(?=[^）]*(?:单位|负责|牵头|时限))")
_LEAD_IN: Final = re.compile(
    r"(?:为(?!主)|在|按照|根据|围绕|以|通过|结合|针对|坚持|对照|依据|依托|利用|随着|从|聚焦|紧盯|瞄准|遇有|重点是)"
    r"|(?:同时|此外|另外|特别是|其中|一方面|另一方面|目前|当前)$"
)
_ASSIGNS: Final = re.compile(r"(?:由.{2,24})?(?:牵头|负责|配合|协助)$|^由[^，]{2,24}(?:牵头|负责)")
_OPENERS: Final = re.compile(
    r"^(?:同时|此外|另外|还|并且?|再|特别|尤其|重点)?"
    r"(?:要|将|应当?|须|必须|还要|都要|也要|继续要|拟|会(?![同后议]))?(?![求点员计])(?:于|在)?"
)

_ADVERBS: Final = (
    *("认真", "切实", "积极", "大力", "全面", "深入", "扎实", "着力", "努力", "不断", "持续", "加快", "坚决", "严格"),
    *("进一步", "继续", "及时", "定期", "逐步", "彻底", "集中", "统筹", "重点", "公开", "联合", "抓紧"),
)


def row_name(body: str, names: Sequence[str], times: Sequence[str]) -> str:
    """Return the name of a row.

    `body` is the clean text of its first sentence without the marker; `names` and `times` are the bodies and times that
    were found in it, which the name leaves out where they only lead up to the work.
    """
    clauses = [clause for clause in _CLAUSE_END.split(body) if clause]
    stripped = [_without(clause, names, times) for clause in clauses]
    telling = [
        clause
        for clause in stripped
        if len(clause) >= _SHORTEST
        and clause not in times
        and not _LEAD_IN.match(clause)
        and not _ASSIGNS.search(clause)
    ]
    acting = [
        clause
        for number, clause in enumerate(telling)
        if _act().match(clause) or (number == 0 and any(time in clause for time in times))
    ]
    name = next(iter((*acting, *telling, *stripped)), body) or body
    return name if len(name) <= _LONGEST else name[: _LONGEST - 1] + "…"


@lru_cache(maxsize=1)
def _act() -> re.Pattern[str]:
    """Match what begins with a verb of work, adverbs allowed, or with its object drawn forward (对…进行排查)."""
    classes = word_classes()
    verbs = "|".join(sorted({*classes["make"], *classes["do"], *classes["improve"]}, key=len, reverse=True))
    adverbs = "|".join(_ADVERBS)
    return re.compile(f"(?:{adverbs})*(?:{verbs}|[对把将].+?(?:{verbs}))")


def _without(clause: str, names: Sequence[str], times: Sequence[str]) -> str:
    """Strip names, times and 要 from the head of a clause, in whatever order they stand."""
    before = ""
    while before != clause:
        before = clause
        clause = _OPENERS.sub("", clause).lstrip("、和及与")
        for lead in (*(f"由{name}" for name in names), *names, *times):
            if clause.startswith(lead) and len(clause) > len(lead):
                clause = clause[len(lead) :]
    return clause
