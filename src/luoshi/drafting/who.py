"""Who must act on a task sentence, and who must help: told by grammar.

An owner is the subject of a clause (各学校要…, 由教研室牵头…), a supporter follows a word of going together (会同…,
邀请…). Whoever is only acted on (对校长进行考核, 督促各校…), a possessor (学校的…) or a place (深入各校…) is neither.
"""

from __future__ import annotations

import re
from bisect import bisect
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from luoshi.drafting.bodies import (
    MASK,
    BodyKind,
    Head,
    flatten,
    head_before,
    head_ends,
    is_clean,
    name_ends,
    split_names,
    verbs,
)
from luoshi.drafting.who_grammar import CLAUSE_END, clause_leads, modal, openings, predicate_end
from luoshi.words import Words

__all__ = ["NameFound", "Who", "find_who"]


@dataclass(frozen=True, slots=True)
class NameFound:
    """A name as it stands in the text: characters `start` to `end`, and what told its part."""

    start: int
    end: int
    text: str
    why: Words


@dataclass(frozen=True, slots=True)
class Who:
    """Who acts (`owners`) and who helps (`support`), both in the order of the text; no name stands in both."""

    owners: tuple[NameFound, ...] = ()
    support: tuple[NameFound, ...] = ()


_NOBODY: Final = Who()
_MAY_OWN: Final = frozenset({BodyKind.ORG, BodyKind.POST, BodyKind.AREA})
_REACH: Final = 60
_EVERY = re.compile(r"各|全体|所有|每|全[省市县区校局]|有条件|上级|相关|有关|\d|[省市县区]|我|本")


def find_who(text: str) -> Who:
    """Return the owners and supporters that a task sentence names."""
    flat = flatten(text)
    if not name_ends(flat):
        return _NOBODY
    support = _unique((place for place in _supporters(flat) if not _forbidden(flat, place[0])), [])
    owners = _unique(_owners(flat), support)
    if not (owners or support) or next(head_ends(flat), None) is None:
        return _NOBODY
    return Who(tuple(_named(text, *place) for place in owners), tuple(_named(text, *place) for place in support))


_Place = tuple[int, int, Words]


def _named(text: str, start: int, end: int, why: Words) -> NameFound:
    return NameFound(start, end, text[start:end], why)


def _unique(places: Iterator[_Place], taken: list[_Place]) -> list[_Place]:
    """Return in order the places that share no character with a taken one or with one that was found before."""
    kept: list[_Place] = []
    occupied = [(start, end) for start, end, _ in taken]
    for place in places:
        at = bisect(occupied, (place[0], place[1]))
        free_before = at == 0 or occupied[at - 1][1] <= place[0]
        free_behind = at == len(occupied) or place[1] <= occupied[at][0]
        if free_before and free_behind:
            occupied.insert(at, place[:2])
            kept.append(place)
    return sorted(kept, key=lambda place: place[0])


def _clauses(text: str) -> list[tuple[int, int]]:
    """Return start and end of every clause between marks."""
    clauses: list[tuple[int, int]] = []
    start = 0
    for mark in CLAUSE_END.finditer(text):
        end = mark.start()
        if end > start:
            clauses.append((start, end))
        start = mark.end()
    if len(text) > start:
        clauses.append((start, len(text)))
    return clauses


def _behind_leads(text: str, start: int, end: int) -> int:
    """Return where a clause begins behind its markers, conjunctions and times."""
    lead = clause_leads.match(text, start, end)
    return start if lead is None else lead.end()


def _reach(text: str, start: int) -> int:
    """Return how far a list that begins at `start` may go: to the end of the clause, at most `_REACH`."""
    mark = CLAUSE_END.search(text, start, start + _REACH)
    return min(start + _REACH, len(text)) if mark is None else mark.start()


# Owners

_SUBJECT = Words("“{name}”在分句开头，后接“{cue}”。", "「{name}」 opens a clause and 「{cue}」 follows.")
_SUBJECT_OF_ALL = Words(
    "“{name}”在“从…到…”之中，后接“{cue}”。", "「{name}」 stands within 从…到…, and 「{cue}」 follows."
)
_TOPIC = Words("“{name}”单独成分句，后面以“{cue}”提出要求。", "「{name}」 is a clause of its own before 「{cue}」.")
_BY = Words("“{name}”在“由”字后，后接“{cue}”。", "「{name}」 follows 由 and 「{cue}」 comes next.")


def _owners(text: str) -> Iterator[_Place]:
    yield from _from_to(text)
    yield from _subjects(text)
    yield from _by_whom(text)


def _subjects(text: str) -> Iterator[_Place]:
    """Give the subjects of all clauses; only the names behind which something is said of them are looked at."""
    ends = [end for end in name_ends(text) if _may_be_subject(text, end)]
    clauses = _clauses(text) if ends else []
    done = 0
    for number, (start, end) in enumerate(clauses):
        if done < len(ends) and ends[done] <= end:
            first, done = done, bisect(ends, end, done)
            following = clauses[number + 1] if number + 1 < len(clauses) else None
            yield from _subject(text, (_behind_leads(text, start, end), end), ends[first:done], following)


_BEHIND_SUBJECT: Final = frozenset(f"：{MASK}层自内一二三四五六七八九至到")
"""Behind a subject, beside a predicate: the mark behind an office, and what remarks begin with."""
_LIST_OF_YEARS: Final = frozenset("一二三四五六七八九、至到")
_REMARK_OPENS: Final = _BEHIND_SUBJECT | _LIST_OF_YEARS
_SLOGAN_ENDS: Final = "学讲抓查改评谈督干做促练帮带"
_SLOGAN_VERBS: Final = frozenset(_SLOGAN_ENDS)
_SLOGAN = re.compile(f"[^的地得、]{{1,3}}[{_SLOGAN_ENDS}]")
_SLOGAN_AHEAD = re.compile(f"[^的地得、]{{1,3}}[{_SLOGAN_ENDS}](?:[，；。！？：\n—]|$)")


def _may_be_subject(text: str, end: int) -> bool:
    """Tell by the next few characters whether a name that ends here can be a subject; most cannot."""
    letters, pairs = openings()
    letter = text[end : end + 1]
    if letter == "，":
        return text[end + 1 : end + 2] in letters or text[end + 1 : end + 3] in pairs
    if letter == "、":
        return text[end + 1 : end + 2] in _LIST_OF_YEARS
    if letter in letters or text[end : end + 2] in pairs or letter in _BEHIND_SUBJECT or letter.isdecimal():
        return True
    return not _SLOGAN_VERBS.isdisjoint(text[end + 1 : end + 4]) and _SLOGAN_AHEAD.match(text, end) is not None


_MAY_BE_NAMED: Final = frozenset("办组小专单部科处股机学工")


def _opens_with_verb(text: str, start: int, end: int) -> bool:
    """Tell whether the clause begins with a verb that begins no name (落实办 and 承担试点的学校 are names): most do."""
    stop = verbs(inside=False).end(text, start, end)
    return stop > 0 and text[stop : stop + 1] not in _MAY_BE_NAMED and text.find("的", start, end) < 0


def _subject(
    text: str, clause: tuple[int, int], ends: list[int], following: tuple[int, int] | None
) -> Iterator[_Place]:
    """Give the names that are the subject of the clause; the shortest name that a predicate follows is taken."""
    start, end = clause
    if _opens_with_verb(text, start, end):
        return
    for stop in ends:
        head = head_before(text, stop, start) if start < stop <= start + _REACH else None
        if head is None:
            continue
        by_field = head.kind is BodyKind.FIELD and text[start] in "省市县区"  # 县财政要…
        if head.kind not in _MAY_OWN and not by_field:
            continue
        behind = _behind_remark(text, stop, end)
        if behind >= end:
            if following is not None and (cue := _topic_cue(text, end, following)):
                yield from _listed(text, start, stop, cue, _TOPIC)
            return
        cue = _predicate(text, start, stop, behind, head) or _slogan(text, behind, end, head)
        if cue:
            yield from _listed(text, start, stop, cue, _SUBJECT)
            return


_REMARK = re.compile(f"{MASK}*(?:层面|自身|内部|[一二三四五六七八九、至到]+年级)?")


def _behind_remark(text: str, stop: int, end: int) -> int:
    """Step over a remark in brackets and over 层面, 自身 and the like between a subject and its predicate."""
    found = _REMARK.match(text, stop, end) if text[stop : stop + 1] in _REMARK_OPENS else None
    return found.end() if found else stop


_DUTIES = re.compile("负责|牵头|承担|做好|组织|协调")


def _topic_cue(text: str, end: int, following: tuple[int, int]) -> str:
    """Return the word of duty that opens the clause behind `end`, or the verb behind 办公室：."""
    if text[end] == "：":
        found = _DUTIES.match(text, _behind_leads(text, *following))
    else:
        found = modal.match(text, end + 1) if text[end] == "，" else None
    return found[0] if found else ""


def _slogan(text: str, behind: int, end: int, head: Head) -> str:
    """Return the rest of a clause like 党员带着学: a person and a few characters that end in a verb."""
    found = _SLOGAN.fullmatch(text, behind, end) if head.kind is BodyKind.POST else None
    return found[0] if found else ""


_NO_ACT = re.compile("[了过]|[^，。；]{0,40}的(?:积极性|热情|意愿|比例)")
"""Behind a verb: it tells of the past, or the whole clause names an attitude."""


def _predicate(text: str, start: int, stop: int, behind: int, head: Head) -> str:
    """Return the words that show that the name from `start` to `stop` is a subject, "" where nothing does."""
    if found := modal.match(text, behind):
        return found[0]
    end = predicate_end(text, behind, len(text))
    if end < 0 or _NO_ACT.match(text, end):
        return ""
    return _weak_predicate(text, start, stop, text[behind:end], head)


def _weak_predicate(text: str, start: int, stop: int, cue: str, head: Head) -> str:
    """Return the cue unless the name is a bare noun for persons, which needs more to be the one who is charged."""
    bare = head.kind is BodyKind.POST and not _EVERY.match(text, start, stop)
    if bare and cue not in {"带头", "负责", "牵头", "是", "负总责"} and not cue.startswith("每"):
        return ""
    return cue if stop - start > 1 else ""


def _listed(text: str, start: int, end: int, cue: str, why: Words) -> Iterator[_Place]:
    """Give the names of a list if every one of them can be a name."""
    names = split_names(text, start, end)
    if names and all(is_clean(text, *name) for name in names):
        for left, right in names:
            name = text[left:right]
            yield left, right, Words(why.zh.format(name=name, cue=cue), why.en.format(name=name, cue=cue))


_FROM_TO = re.compile(
    r"从(?P<first>[^。；到]{2,60}?)，?[再]?到(?P<last>[^。；，]{2,60}?)(?:等)?，?(?:人人)?(?P<cue>[都均](?:要|应|须|必须|得))"
)


def _from_to(text: str) -> Iterator[_Place]:
    """Give the names of 从校长到教师都要 and the like."""
    for found in _FROM_TO.finditer(text) if "从" in text and "到" in text else ():
        for part in ("first", "last"):
            if head_before(text, found.end(part), found.start(part)):
                yield from _listed(text, *found.span(part), found["cue"], _SUBJECT_OF_ALL)


_BY_WORD = re.compile(r"由(?<![理自缘因]由)(?!于|此|来|衷)")
_BY_VERB = re.compile(
    r"(?:共同|具体|联合|统一|分别|集中|会同|[^，。；、]{1,20}?[会联][同合])?(?:牵头|负责(?!人|制)|负总责|负主责|组织|承担|实施|主办|承办|统筹|制定|完成|落实|审核|审批|管理|指导|开展|考核|验收|"
    r"安排|解决|提供|汇总|报送|督促|督办|协调|办理|起草|建立|进行|统一|研究|对|按|依法|按照|主持|带队|带头)"
)


def _by_whom(text: str) -> Iterator[_Place]:
    for word in _BY_WORD.finditer(text) if "由" in text else ():
        end = _reach(text, word.end())
        for stop, head in head_ends(text, word.end(), end):
            cue = _by_verb(text, stop, end) if head.kind is not BodyKind.HELPER else ""
            if cue:
                yield from _listed(text, word.end(), stop, cue, _BY)
                break


def _by_verb(text: str, at: int, end: int) -> str:
    """Return the verb that follows a name behind 由, "" without one."""
    if found := _BY_VERB.match(text, at, end):
        return found[0]
    return text[at : max(at, predicate_end(text, at, end))]


# Support

_TOGETHER = re.compile(
    r"会同|联合(?!会|体|执法|检查|开展|发文|国|教研|办学|培养|评)|协同(?!育人|推进|治理|机制|发展|创新|配合|联动)|配合(?<![做相密积极]配合)(?!做好|开展|度|[、，。；])|积极配合|"
    r"邀请|聘请|商请|提请|报请|争取(?=[^，。；]{2,12}(?:支持|帮助|配合))|协调(?=[^，。；]{2,30}(?:部门|局|单位|委|办))|联手|携手"
)
_WITH = re.compile(r"[与和同](?<![参普赋授给].)(?!时|步|意|等|学|类|志|样|级|谐|平)")
_WITH_END = re.compile(
    r"的?(?:进行)?(?:一起|共同|联合|密切)?(?:联系|沟通|合作|协作|协调|协同|配合|对接|联动(?!发展)|联合(?!会|体|国)|联手|携手|一起|会商|共建|共同(?=[^体的]))|的(?:密切|深度)?(?:联系|沟通|合作|协作|配合|对接)"
)
_SIDE_BY_SIDE = re.compile(r"一起|共同(?=[^体的])")
_COMPANY = re.compile("联系|联动|联合|联手|沟通|合作|协作|协调|协同|配合|对接|携手|会商|共建")
"""Without one of these words, 一起 or 共同 nobody is worked with by 与."""
_JOINING = re.compile(
    r"(?:等)?(?:积极|主动|共同|广泛|深度|全程)?(?:参与(?!度|率|情况)|参加的|配合|协助|协同(?!推进|育人|发展)|对口帮扶|定点帮扶|评议|评鉴)"
    r"(?![^，。；]{0,40}的(?:积极性|热情|程度|意愿|比例|能力))"
)
_GUIDED = re.compile(
    r"在([^，。；]{2,30}?)的?(?:具体|正确|业务|大力|统一|坚强|有力)*(?:指导|支持|配合|协助|帮助|监督)下"
)
_GOES = Words("“{name}”在“{cue}”之后，为共同参与的一方。", "「{name}」 follows 「{cue}」 as one who takes part.")
_JOINS = Words("“{name}”后接“{cue}”。", "「{cue}」 follows 「{name}」.")
_HELPS = Words("“{name}”与“{cue}”搭配，为合作的一方。", "「{name}」 is whom to work with: 「{cue}」.")
_UNDER = Words("任务在“{name}”的“{cue}”下进行。", "The work is done under 「{name}」: 「{cue}」.")


_FORBIDS = re.compile("严禁|禁止|严查|杜绝|防止|制止|不得|不准|不许|查处")


def _forbidden(text: str, at: int) -> bool:
    """Tell whether the clause forbids what the names are in (严禁与培训机构联合办班)."""
    start = max(0, at - _REACH)
    for mark in CLAUSE_END.finditer(text, start, at):
        start = mark.end()
    return _FORBIDS.search(text, start, at) is not None


def _supporters(text: str) -> Iterator[_Place]:
    for word in _TOGETHER.finditer(text):
        yield from _list_after(text, word.end(), word[0], _GOES)
    together = "一起" in text or "共同" in text
    for word in _WITH.finditer(text) if together or _COMPANY.search(text) else ():
        if word[0] != "和":
            yield from _list_before_end(text, word.end(), _WITH_END)
        elif together:
            yield from _list_before_end(text, word.end(), _SIDE_BY_SIDE)
    for found in _GUIDED.finditer(text) if "下" in text and "在" in text else ():
        if len(found[1]) > 2 and any(stop == found.end(1) for stop, _ in head_ends(text, *found.span(1))):
            yield from _listed(text, *found.span(1), found[0][-3:-1], _UNDER)
    yield from _joining(text)


def _list_after(text: str, start: int, cue: str, why: Words) -> Iterator[_Place]:
    """Give the longest list of names that begins at `start`."""
    end = _reach(text, start)
    best = -1
    for stop, _ in head_ends(text, start, end):
        if not all(is_clean(text, *name) for name in split_names(text, start, stop)):
            break
        best = stop
    head = head_before(text, best, start) if best > start else None
    alone = head is not None and head.kind is BodyKind.FIELD and "、" not in text[start:best]
    if head and not (alone and cue != "会同"):
        yield from _listed(text, start, best, cue, why)


def _list_before_end(text: str, start: int, ending: re.Pattern[str]) -> Iterator[_Place]:
    """Give the names between 与 and a word of working together."""
    end = _reach(text, start)
    for stop, _ in head_ends(text, start, end):
        if found := ending.match(text, stop):
            yield from _listed(text, start, stop, found[0], _HELPS)
            return


_BEFORE_LIST = re.compile("[，。；：！？]|由|鼓励|支持|动员|引导|完善")


def _joining(text: str) -> Iterator[_Place]:
    """Give the names before 参与, 配合, 协助: the list that ends there, from the mark or verb before it."""
    if not ("参" in text or "配合" in text or "协" in text or "评" in text or "帮扶" in text):
        return
    for found in _JOINING.finditer(text):
        start = max(0, found.start() - _REACH)
        for mark in _BEFORE_LIST.finditer(text, start, found.start()):
            start = mark.end()
        if any(stop == found.start() for stop, _ in head_ends(text, max(start, found.start() - 12), found.start())):
            yield from _listed(text, start, found.start(), found[0], _JOINS)
