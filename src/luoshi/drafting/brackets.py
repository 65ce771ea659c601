"""Who does a task and by when, where the text says it in brackets after the task or on a line below it.

Two forms are read: fields (（责任单位：甲、乙；完成时限：6月底前）, also without brackets) and small clauses
（甲牵头，乙、丙配合，年底前完成）. At the end of a sentence a bare list of
offices （县教育局、县财政局） counts too. Brackets that are remarks, abbreviations or parts of a name give nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache
from typing import Final

from luoshi.drafting.bodies import MASK, BodyKind, flatten, head_before, is_clean, split_names
from luoshi.drafting.who import NameFound
from luoshi.periods.letters import HAN
from luoshi.words import Words

__all__ = ["BracketFound", "TimeFound", "assignment_in", "field_role", "find_brackets", "says_first_leads", "times_in"]


@dataclass(frozen=True, slots=True)
class TimeFound:
    """A time as it stands in the text."""

    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class BracketFound:
    """An assignment: characters `start` to `end`, with the brackets where there are any.

    `kind` is "fields", "clauses" or "list". Times that name a rhythm or say 长期坚持 are `cadence`, others `deadlines`.
    """

    start: int
    end: int
    owners: tuple[NameFound, ...]
    support: tuple[NameFound, ...]
    deadlines: tuple[TimeFound, ...]
    cadence: tuple[TimeFound, ...]
    kind: str


# What the labels of fields and of table columns mean

_SOME_UNIT = r"(?:市|县|区|校|局)?级?(?:领导|单位|部门|科室|处室|股室|机构|主体|责任人|负责人|人员|人|学校|科|处|股|组)"
_UNIT = f"(?:{_SOME_UNIT})?"
_ROLES: Final = (
    ("none", r"(?:参加|参会|参与|参训|出席|列席)(?:人员|对象|范围)"),
    (
        "leader",
        r"(?:第一|直接|具体|主要|整改)?(?:责任|负责)人(?:员)?|(?:责任|分管|包保|挂钩|包联|联系|主管|牵头|包案|挂包)(?:市|县|局|校)?领导",
    ),
    ("lead", rf"(?:总|主要|共同)?(?:牵头|主办|主责|首要责任)(?:负责|责任)?{_UNIT}"),
    ("support", rf"(?:协助|配合|协办|协同|参与|参加|协作|会办|支持|辅助)(?:责任|负责)?{_UNIT}(?:及人员)?"),
    (
        "owner",
        (
            rf"(?:具体|主要|直接|第一|工作|任务)?(?:责任|承办|负责|落实|实施|执行|承担|经办|整改责任|整改){_SOME_UNIT}"
            r"(?:及责任人)?|承办|责任"
        ),
    ),
    (
        "deadline",
        (
            r"(?:计划|拟|预计|要求|整改|责任|工作)?(?:完成|办结|办理|整改|落实|实施|进度|完成任务)?"
            r"(?:时限|期限|时间|进度|节点)(?:要求|安排|节点|进度|表)?|序时进度|截止(?:时间|日期)|完成日期"
        ),
    ),
    ("cadence", r"(?:工作|报送|调度|督查|检查|反馈|通报)?(?:频次|频率|周期)"),
    (
        "other",
        (
            r"联系人|联系电话|联系方式|电话|邮箱|地点|备注|说明|(?:工作|目标|任务|整改)?(?:目标|任务|措施|内容|要求|成效)|"
            r"督办(?:单位|人|领导)|监督(?:单位|部门|电话)|考核(?:单位|部门)|任务来源|来源|依据|验收(?:单位|人)"
        ),
    ),
)


@cache
def _label() -> re.Pattern[str]:
    return re.compile(r"(?<![\w、])(?:" + "|".join(f"(?P<{role}>{words})" for role, words in _ROLES) + r")[：:]")


@cache
def _whole_label() -> re.Pattern[str]:
    return re.compile("|".join(f"(?P<{role}>{words})" for role, words in _ROLES))


def field_role(label: str) -> str | None:
    """Return what a label means: lead, owner, leader, support, deadline, cadence, other; None for any other words."""
    found = _whole_label().fullmatch(label)
    return found.lastgroup if found and found.lastgroup != "none" else None


_FIRST_LEADS = re.compile(
    r"(?:(?:列|排|居|位|处)(?:名|序)?(?:在|于)?(?:首位|第一位?|最前面?|前面|首)的?(?:责任)?(?:单位|部门|科室)?(?:即)?|"
    r"(?:第一|首)(?:个|家|位)?(?:责任)?(?:单位|部门|科室)?的?)(?:为|是|系|作为)(?:总)?(?:牵头|主办|主责)"
)


def says_first_leads(text: str) -> bool:
    """Tell whether a document says that the first of the units named leads (列在首位的为牵头单位)."""
    return _FIRST_LEADS.search(text) is not None


# Times

_DAY = (
    r"20\d\d[-./]\d{1,2}(?:[-./]\d{1,2})?|"
    r"(?:(?:20\d\d|今|明|本)年)?(?:\d{1,2}月(?:\d{1,2}[日号]|底|初|末|份|中旬|上旬|下旬)?|[上下]半年|"
    r"第?[一二三四1-4]季度|年(?:底|内|末|初|中|终))|"
    r"(?:20\d\d年)?(?:[本下上]?学期|[本下]?学年|春季学期|秋季学期|春季|秋季|暑假|寒假|汛期|[本下]?月|[本下]?周)"
    r"(?:学期)?(?:开学|结束|放假)?(?:底|初|末|内)?|20\d\d年(?:底|末|内|初|中)?|"
    r"第?\d+个?(?:工作日|日|天|周|月|年|小时)|[一二两三四五六七八九十]+个?(?:工作日|周|月|年)"
)


@cache
def _time_pattern() -> re.Pattern[str]:
    return re.compile(
        rf"(?:{_DAY})(?:(?:至|到|-|—|–|～)(?:{_DAY}))?(?:[之以]?前|[之以]?内|底|起)?|立行立改|立即(?:整改)?|即知即改"
    )


_RHYTHM = re.compile(
    r"(?:长期|持续|常年|全年|常态化?|一直|定期)(?:坚持|推进|进行|实施|开展|落实|执行|化|有效)*|"
    r"每(?:两|半|\d)?个?(?:年|月|周|天|日|季度?|学期|学年|旬)[^，；。、]{0,8}"
)
_TIME_FRAME = re.compile(
    r"(?:并|于|在|力争|确保|争取|原则上|计划|预计|拟)*(?P<time>.+?)(?:底?全部|基本)?"
    r"(?:整改|落实|办结|建设|推进)?(?:到位|完成|完毕|办结|启动|实施|印发|落实)?"
)


def assignment_in(text: str, start: int, end: int, label: str, *, first_leads: bool = False) -> BracketFound | None:
    """Return whom a table cell or field value names, under the label of its column; None where it names nobody.

    A cell may itself say 牵头单位：甲；配合单位：乙 or 甲牵头，乙配合. An unknown label counts as 责任单位.
    """
    cell = _padded().sub(lambda found: found[1] + MASK * len(found[2]) + found[3], text[start:end])
    role = field_role(label) or "owner"
    gathered = _Gathered()
    if _label().search(cell):
        gathered = _fields(cell, 0, len(cell))
    else:
        _clauses(cell, 0, len(cell), gathered, default=(role, label, _FIELD_WHY))
    gathered.names = [(role, left + start, right + start, why) for role, left, right, why in gathered.names]
    gathered.deadlines = [_time(text, one.start + start, one.end + start) for one in gathered.deadlines]
    gathered.cadence = [_time(text, one.start + start, one.end + start) for one in gathered.cadence]
    return gathered.result(text, start, end, "fields", first_leads=first_leads)


@cache
def _padded() -> re.Pattern[str]:
    """Return the pattern of a person's name of two characters, set apart to the width of three (张　三)."""
    return re.compile(rf"(?<![^\s、，,;；])({HAN})([ 　]+)({HAN})(?![^\s、，,;；])")


def times_in(text: str, start: int, end: int) -> tuple[list[TimeFound], list[TimeFound]]:
    """Return deadlines and rhythms of the value of a field of times, divided at commas."""
    deadlines: list[TimeFound] = []
    cadence: list[TimeFound] = []
    for left, right in _pieces(text, start, end, "，；。、\n"):
        if found := _RHYTHM.search(text, left, right):
            cadence.append(_time(text, *found.span()))
        elif found := _time_pattern().search(text, left, right):
            deadlines.append(_time(text, *found.span()))
    return deadlines, cadence


def _time(text: str, start: int, end: int) -> TimeFound:
    return TimeFound(start, end, text[start:end])


# Gathering what one bracket says


_As = tuple[str, str, Words]
"""As what a name was read: its role, the label or verb that gave it, and the sentence that says so."""


@dataclass
class _Gathered:
    """What one bracket has said so far; each name with the role that its words gave it."""

    names: list[tuple[str, int, int, Words]] = field(default_factory=list)
    deadlines: list[TimeFound] = field(default_factory=list)
    cadence: list[TimeFound] = field(default_factory=list)

    def result(self, text: str, start: int, end: int, kind: str, *, first_leads: bool) -> BracketFound | None:
        """Return the finding; 责任单位 beside 牵头单位 only help, and so do all but the first where the first leads."""
        if not self.names and not (kind == "fields" and (self.deadlines or self.cadence)):
            return None
        led = any(role == "lead" for role, *_ in self.names)
        owners: list[NameFound] = []
        support: list[NameFound] = []
        for role, left, right, why in self.names:
            second = role == "owner" and (led or (first_leads and bool(owners)))
            (support if role == "support" or second else owners).append(NameFound(left, right, text[left:right], why))
        return BracketFound(start, end, tuple(owners), tuple(support), tuple(self.deadlines), tuple(self.cadence), kind)


def find_brackets(text: str, *, first_leads: bool = False) -> list[BracketFound]:
    """Return the assignments in brackets, and in fields without brackets, of one or more sentences.

    `first_leads`: of several units without 牵头 the first is the owner and the others support (see `says_first_leads`).
    """
    found = [_bracket(text, start, end, first_leads=first_leads) for start, end in _outer_brackets(text)]
    loose = _loose_fields(text, first_leads=first_leads)
    return sorted((one for one in (*found, *loose) if one is not None), key=lambda one: one.start)


_OPENING: Final = "（〔［【([{"
_CLOSING: Final = "）〕］】)]}"
_ANY_BRACKET = re.compile(r"[（〔［【(\[{）〕］】)\]}]")


def _outer_brackets(text: str) -> Iterator[tuple[int, int]]:
    """Give the brackets that stand in no other bracket, with their marks; one that is never closed gives nothing."""
    depth = start = 0
    for mark in _ANY_BRACKET.finditer(text):
        if mark[0] in _OPENING:
            start = start if depth else mark.start()
            depth += 1
        elif depth:
            depth -= 1
            if not depth:
                yield start, mark.end()


_REMARK = re.compile(
    r"以下|下称|简称|见附|详见|附件|附表|含|包括|不含|除|如|即|指|其中|原|\d+$|[一二三四五六七八九十]+$|试行|修订|暂行"
)


def _bracket(text: str, start: int, end: int, *, first_leads: bool) -> BracketFound | None:
    inner = (start + 1, end - 1)
    if inner[1] - inner[0] < 2 or _REMARK.match(text, *inner):
        return None
    if _label().search(text, *inner):
        return _fields(text, *inner).result(text, start, end, "fields", first_leads=first_leads)
    gathered = _Gathered()
    _clauses(text, *inner, gathered, default=None)
    if gathered.names:
        return gathered.result(text, start, end, "clauses", first_leads=first_leads)
    if _may_be_list(text, *inner):
        return _list(text, *inner).result(text, start, end, "list", first_leads=first_leads)
    return None


@cache
def _says_little() -> re.Pattern[str]:
    """Return labels that also open other lines (时间：9月10日上午) and make no assignment by themselves."""
    return re.compile(
        "|".join(
            (
                "责任|配合|参与|参加|支持|实施|落实|时间|进度|节点|周期",
                *(x for role, x in _ROLES if role in {"other", "none"}),
            )
        )
    )


def _loose_fields(text: str, *, first_leads: bool) -> Iterator[BracketFound | None]:
    """Give fields outside brackets: from a label at the start of a line or sentence to the end of that line."""
    if "：" not in text and ":" not in text:
        return
    brackets = list(_outer_brackets(text)) if "：" in text else []
    done = 0
    for label in _label().finditer(text):
        inside = any(start < label.start() < end for start, end in brackets)
        opens = not text[: label.start()].strip() or text[: label.start()].rstrip(" \t")[-1:] in "。；！\n"
        if (
            label.start() >= done
            and opens
            and not inside
            and not _says_little().fullmatch(label[0], 0, len(label[0]) - 1)
        ):
            line = text.find("\n", label.end())
            done = len(text) if line < 0 else line
            while done < len(text) and _label().match(text, done + 1):  # fields one a line
                line = text.find("\n", done + 1)
                done = len(text) if line < 0 else line
            yield _fields(text, label.start(), done).result(
                text, label.start(), done, "fields", first_leads=first_leads
            )


# Fields

_FIELD_WHY = Words("“{label}”一栏写明“{name}”。", "The field 「{label}」 names 「{name}」.")


def _fields(text: str, start: int, end: int) -> _Gathered:
    """Read 责任单位：甲、乙；配合单位：丙；完成时限：6月底前."""
    gathered = _Gathered()
    labels = list(_label().finditer(text, start, end))
    stops = [label.start() for label in labels[1:]] + [end]
    for label, stop in zip(labels, stops, strict=True):
        role, left = str(label.lastgroup), label.end()
        if role in {"deadline", "cadence"}:
            _add_times(gathered, text, left, stop)
        elif role not in {"other", "none"}:
            _clauses(text, left, stop, gathered, default=(role, label[0].rstrip("：:"), _FIELD_WHY))
    return gathered


def _add_times(gathered: _Gathered, text: str, start: int, end: int) -> None:
    deadlines, cadence = times_in(text, start, end)
    gathered.deadlines.extend(deadlines)
    gathered.cadence.extend(cadence)


# Clauses

_DUTY = (
    r"(?:等(?:部门|单位)?)?"
    r"(?:[按依](?:照|据)?(?:各自)?(?:职能|职责|分工|职权)(?:和)?(?:职责|分工)?|分别|共同|具体|统一|各自|分工|密切|积极|协同)*"
)
_DOES = re.compile(
    rf"(?P<names>.+?){_DUTY}(?:"
    r"(?P<lead>总?牵头(?:负责|组织|实施|落实|制定|推进|协调|统筹|办理|抓总)*|主办|主责)|"
    r"(?P<support>(?:配合|协助|参与|参加|协办|协同)(?:落实|实施|做好|完成|推进|负责)*)|"
    r"(?P<owner>(?:负责|负总责|承办|组织|实施|落实|承担|督促落实)(?:组织|实施|落实|推进|完成|办理)*))"
)
_CLAUSE_WHY = Words("“{name}”后接“{label}”。", "「{label}」 follows 「{name}」.")
_JOINED = re.compile(r"(?<=.)(?:会同|联合|协同)(?=.)")
_LONGEST_PIECE: Final = 300
_NOT_A_UNIT = re.compile(r"专人|专班|谁|自行|由此|均|都|各自$|党组织领导|人人")


def _clauses(text: str, start: int, end: int, gathered: _Gathered, *, default: _As | None) -> None:
    """Read 甲牵头，乙、丙配合，年底前完成; names without a verb take the next verb's role, or that of their field."""
    waiting: list[tuple[int, int]] = []
    for left, right in _pieces(text, start, end, "，；。,;\n 　"):
        if right - left > _LONGEST_PIECE:
            return
        found = _DOES.fullmatch(text, left, right)
        if found and found.lastgroup and _units(text, found):
            for names in (*waiting, (left, found.end("names"))):
                _add_names(gathered, text, names, (found.lastgroup, found[found.lastgroup], _CLAUSE_WHY))
            waiting = []
        elif _is_time(text, left, right):
            _add_times(gathered, text, left, right)
        elif default is not None or _all_names(text, left, right):
            waiting.append((left, right))
        else:
            waiting = []
    if default is not None:
        for names in waiting:
            _add_names(gathered, text, names, default)


def _is_time(text: str, start: int, end: int) -> bool:
    framed = _TIME_FRAME.fullmatch(text, start, end)
    return framed is not None and bool(_time_pattern().fullmatch(framed["time"]) or _RHYTHM.fullmatch(framed["time"]))


def _units(text: str, found: re.Match[str]) -> bool:
    """Tell whether what stands before the verb names somebody: not 专人负责, not 认真组织."""
    start, end = found.span("names")
    return not _NOT_A_UNIT.match(text, start, end) and _all_names(text, start, end)


def _all_names(text: str, start: int, end: int, only: frozenset[BodyKind] = frozenset(BodyKind)) -> bool:
    """Tell whether every entry is a clean name and the last one, which carries a common head, names a body."""
    entries = list(_entries(text, start, end))
    flat = flatten(text[start:end])
    clean = all(is_clean(flat, left - start, right - start) for left, right, _ in entries)
    last = entries[-1][1] - start if entries else 0
    head = head_before(flat, last)
    return clean and head is not None and head.kind in only


def _add_names(gathered: _Gathered, text: str, names: tuple[int, int], as_: _As) -> None:
    role, label, why = as_
    for left, right, helps in _entries(text, *names):
        name = text[left:right]
        if _NOBODY.fullmatch(name):
            continue
        words = Words(why.zh.format(label=label, name=name), why.en.format(label=label, name=name))
        gathered.names.append(("support" if helps else role, left, right, words))


_NOBODY = re.compile(r"[\W_]+|无|暂无|[xX]+")
_EDGE: Final = " \t　，；。、:：,;由"
_AND_OTHERS = re.compile(r"等(?:部门|单位|有关部门|相关部门|有关单位|相关单位)?$")


def _entries(text: str, start: int, end: int) -> Iterator[tuple[int, int, bool]]:
    """Give the names of a list; those behind 会同 help."""
    joined = _JOINED.search(text, start, end)
    parts = [(start, joined.start(), False), (joined.end(), end, True)] if joined else [(start, end, False)]
    flat = flatten(text[start:end])
    for first, last, helps in parts:
        for left, right in split_names(flat, first - start, last - start):
            others = _AND_OTHERS.search(flat, left, right)
            stop = others.start() if others and others.start() > left else right
            trimmed = _trim(text, left + start, stop + start)
            if trimmed[0] < trimmed[1]:
                yield (*trimmed, helps)


def _trim(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and text[start] in _EDGE:
        start += 1
    while start < end and text[end - 1] in _EDGE:
        end -= 1
    return start, end


def _pieces(text: str, start: int, end: int, marks: Iterable[str]) -> Iterator[tuple[int, int]]:
    """Divide at marks that stand in no bracket of their own, and leave out what is empty."""
    depth, at = 0, start
    for place in range(start, end + 1):
        mark = text[place] if place < end else ""
        if place == end or (mark in marks and not depth):
            piece = _trim(text, at, place)
            if piece[0] < piece[1]:
                yield piece
            at = place + 1
        depth = max(0, depth + (mark in _OPENING) - (mark in _CLOSING)) if mark else depth


# A bare list

_LIST_WHY = Words("句末括号内列出“{name}”。", "The bracket at the end of the sentence lists 「{name}」.")


def _may_be_list(text: str, start: int, end: int) -> bool:
    """Tell whether a bracket stands behind a whole sentence, and not one name behind a name that it explains."""
    if text[start - 2 : start - 1] in tuple("。；！"):
        return True
    at_end = not re.search(r"[^。；！\s]", text[end + 1 : end + 3])
    return at_end and (head_before(text, start - 1) is None or re.search("[、，]", text[start:end]) is not None)


def _list(text: str, start: int, end: int) -> _Gathered:
    """Read 甲、乙 or 甲、乙，8月底前: offices and places only, and nothing else but times."""
    gathered, nothing = _Gathered(), _Gathered()
    for left, right in _pieces(text, start, end, "，；"):
        if _is_time(text, left, right):
            _add_times(gathered, text, left, right)
        elif _all_names(text, left, right, only=_OFFICES):
            _add_names(gathered, text, (left, right), ("owner", "", _LIST_WHY))
        else:
            return nothing
    return gathered


_OFFICES: Final = frozenset({BodyKind.ORG, BodyKind.AREA})
