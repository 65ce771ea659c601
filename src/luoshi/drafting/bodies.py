"""Names of bodies in text: offices, schools, posts and places, told by their head nouns and by what surrounds them.

Chinese puts the head of a name last (青禾县教育局), so a name is looked for from its end: a head noun, and to its left
whatever may stand in a name, as far as the nearest verb, particle or mark. The nouns and verbs are data files.

All functions take the repaired text of one sentence and give places in it.
"""

from __future__ import annotations

import re
from bisect import bisect
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cache, lru_cache
from pathlib import Path
from typing import Final, NamedTuple

from luoshi.drafting.word_sets import WordSet
from luoshi.words import Words

__all__ = [
    "BodyFound",
    "BodyKind",
    "Head",
    "find_bodies",
    "flatten",
    "head_before",
    "head_ends",
    "is_clean",
    "is_name",
    "name_ends",
    "read_words",
    "split_names",
    "verbs",
]

MASK: Final = "\ue000"
"""Stands, in flattened text, for a character that can be part of no name: inside quotation marks, titles, remarks."""

MAX_NAME: Final = 30
_MAX_BRACKET: Final = 14


class BodyKind(StrEnum):
    """What kind of thing a name names."""

    ORG = "org"
    POST = "post"
    AREA = "area"
    FIELD = "field"
    HELPER = "helper"


@dataclass(frozen=True, slots=True)
class Head:
    """A head noun; `not_in` are the words that end like it and name nobody, `needs_more` says that it is no name alone.

    `does` tells which verbs its names hold: "any" (清理整顿办公室), "first" (值班人员: one that names work), or none.
    """

    noun: str
    kind: BodyKind
    not_in: tuple[str, ...] = ()
    needs_more: bool = False
    does: str = ""


@dataclass(frozen=True, slots=True)
class BodyFound:
    """A name of a body: characters `start` to `end`."""

    start: int
    end: int
    text: str
    kind: BodyKind
    why: Words


_HIDDEN = re.compile(r"《[^《》]*》|“[^“”]*”|‘[^‘’]*’|「[^」]*」|『[^』]*』")
_BRACKET = re.compile(r"（([^（）]*)）")
_NO_NAME_IN_BRACKET = re.compile(r"[，。；：！？\d]|以下|简称|附件|含|包括|除|不少于|见|如|即|责任|牵头|负责")


def flatten(text: str) -> str:
    """Return the text with everything masked that is quoted or a mere remark; same length.

    A short bracket that may be part of a name (各县（市、区）) stays; its marks divide no list any more.
    """
    if not ("（" in text or "“" in text or "《" in text or "‘" in text or "「" in text or "『" in text):
        return text
    text = _HIDDEN.sub(lambda found: found[0][0] + MASK * (len(found[0]) - 2) + found[0][-1], text)
    return _BRACKET.sub(_flat_bracket, text)


def _flat_bracket(found: re.Match[str]) -> str:
    inside = found[1]
    if not inside or len(inside) > _MAX_BRACKET or _NO_NAME_IN_BRACKET.search(inside):
        return MASK * (len(inside) + 2)
    return f"（{re.sub('[、/]', '·', inside)}）"


@cache
def read_words(name: str) -> tuple[tuple[str, ...], ...]:
    """Return the lines of one of the word lists, each divided at its spaces, without the remarks at its head."""
    text = (Path(__file__).parent / "data" / name).read_text(encoding="utf-8")
    return tuple(tuple(line.split()) for line in text.splitlines() if line and not line.startswith("#"))


class _Heads(NamedTuple):
    """The head nouns, looked up from their ends.

    `by_noun` has every noun, `lengths` their lengths by last character, the longest first. A name can end only with one
    of the `pairs` of characters or with one of `single`; `last` are the last characters of both.
    """

    by_noun: dict[str, Head]
    lengths: dict[str, tuple[int, ...]]
    pairs: frozenset[str]
    single: frozenset[str]
    last: frozenset[str]


@cache
def _heads() -> _Heads:
    by_noun: dict[str, Head] = {}
    lengths: dict[str, set[int]] = {}
    for noun, kind, *not_in in (*read_words("bodies_heads.txt"), *read_words("bodies_helpers.txt")):
        does = "any" if "*" in kind else "first" if "~" in kind else ""
        more = "+" in kind or len(noun) == 1
        by_noun.setdefault(noun, Head(noun, BodyKind(kind.rstrip("+*~")), tuple(not_in), more, does))
        lengths.setdefault(noun[-1], set()).add(len(noun))
    return _Heads(
        by_noun,
        {last: tuple(sorted(found, reverse=True)) for last, found in lengths.items()},
        pairs=frozenset(noun[-2:] for noun in by_noun if len(noun) > 1),
        single=frozenset(noun for noun in by_noun if len(noun) == 1) | frozenset("）" + _AREA_ENDS),
        last=frozenset(lengths) | frozenset("）" + _AREA_ENDS),
    )


@cache
def verbs(*, inside: bool) -> WordSet:
    """Return the verbs that never stand inside a name or, with `inside`, those that may."""
    return WordSet(word for word, *flag in read_words("bodies_verbs.txt") if (flag in (["name"], ["both"])) is inside)


_GOES_ON: Final = {
    "科": "技学研普创", "处": "理置罚于境", "部": "分署队门长", "办": "理学好公法事园案", "组": "织建合长队阁",
    "会": "议同展商", "所": "有需属在学以谓长", "院": "校长士落", "校": "园长外内企车服舍际本区徽史友医准",
    "园": "区长所丁林地", "委": "员托派属任", "局": "面部长势限", "站": "点位稳长", "社": "会区团", "室": "内外长",
    "厅": "长", "股": "份权长室", "心": "组校城区环任", "学": "生段化前期习科位龄籍历", "中": "生段阶", "业": "家",
    "子": "成", "省": "级委直属域长", "市": "级委直属域长场民", "县": "级委直属域长", "区": "级委直属域长位别",
    "地": "方区位点址理质", "镇": "长", "乡": "村长", "导": "下组", "师": "资德生范", "员": "工", "记": "录",
    "表": "现达彰", "任": "务", "府": "采",
}  # fmt: skip
"""Where the last character of a head noun and the next one make another word: 科 in 科技, 部 in 部署."""

_OTHER_WORDS: Final = {
    **{last + after: frozenset[str]() for last, behind in _GOES_ON.items() for after in behind},
    "处分": frozenset("别管"),
    "组成": frozenset("立"),
}
"""The same as pairs, with the characters behind which they are two words after all (县教育局各处分别报送)."""


def _goes_on(text: str, end: int) -> bool:
    """Tell whether the character before `end` and the next one make another word."""
    unless = _OTHER_WORDS.get(text[end - 1 : end + 1])
    return unless is not None and text[end + 1 : end + 2] not in unless


@lru_cache(maxsize=16)
def name_ends(text: str) -> tuple[int, ...]:
    """Return the places where a name may end by its last two characters: those that `head_before` must be asked for.

    One text is asked about many times in a row, so that the last few answers are kept.
    """
    heads = _heads()
    last, single, pairs = heads.last, heads.single, heads.pairs
    found = [
        end
        for end, letter in enumerate(text, 1)
        if letter in last
        and (letter in single or text[end - 2 : end] in pairs)
        and not (text[end - 1 : end + 1] in _OTHER_WORDS and _goes_on(text, end))
    ]
    return tuple(found)


def head_before(text: str, end: int, start: int = 0) -> Head | None:
    """Return the head noun of the name that ends right before `end`, None where no name can end there.

    A head of one character needs at least one more of the name before it, no earlier than `start`.
    """
    if end <= start or _goes_on(text, end):
        return None
    last = text[end - 1]
    if last == "）":
        return _head_with_bracket(text, end, start)
    heads = _heads()
    for length in heads.lengths.get(last, ()):
        head = heads.by_noun.get(text[end - length : end]) if end - length >= start else None
        if head is not None:
            if head.not_in and any(text.endswith(word, start, end) for word in head.not_in):
                return None
            before = end - length - 1
            return None if head.needs_more and (before < start or not text[before].isalnum()) else head
    return _area_before(text, end, start) if last in _AREA_ENDS else None


def _head_with_bracket(text: str, end: int, start: int) -> Head | None:
    """Read 县（市·区） as a place, 市数据局（市人工智能局） by what stands before its bracket."""
    opened = text.rfind("（", start, end)
    if opened <= start or MASK in text[opened:end]:
        return None
    return head_before(text, opened, start) or _area_before(text, opened, start)


_AREA = re.compile(
    r"(?:各|全|我|本|各级|所有|人口以上的|的)(?:省|市州|市|县|区|旗|镇|乡|乡镇|地|片区|盟|州|县市|局|校|盟区)$"
)
_AREA_ENDS: Final = "省市州县区旗镇乡地盟局校"
_OUR = Head("我", BodyKind.ORG)
_PLACE = Head("县", BodyKind.AREA)


def _area_before(text: str, end: int, start: int) -> Head | None:
    """Tell 各地, 各县（市、区）, 我局: places and offices named by a pointing word and one character."""
    found = _AREA.search(text, max(start, end - 8), end)
    return None if found is None or found[0][0] == "全" else _OUR if found[0][0] in "我本" else _PLACE


_BAD_START = re.compile(
    r"[在把将被让使从向给以为与和及或于按就凡如若因由经令没已又再也都还均须可能会是但而且则这那并等既虽才只到靠借]|"
    r"对(?!口)|(?:未|不)(?!.{2,14}(?:学校|单位|幼儿园|机构|企业|部门|教师)$)|当(?!地)|应(?!急|用|届)|报(?!社|刊)|一大?批|"
    r"有(?!关|条件|需要|意愿|能力|资质|公司|限)|要|并且|我(?!省|市|县|区|局|校|厅|委|处|镇|乡|国)|我们|你们|他们|大家|自己|其(?!他|它|余)|"
    r"(?:两|几|多|\d+)(?:个|所|年|次|项)?$|的|之|作为|出现|"
    r"每(?:年|月|周|天|日|学期|季)|学生(?!家长|会|资助|处|科|工作)|孩子|问题|工作"
)
_BAD_INSIDE = re.compile(
    r"[把被让使并而且须是了着将由既向要]|每[年月周天日学季半]|定期|报(?!社|刊|业|道|名)|不(?!动产)|应(?!急|用)|对(?!口|外|台|点)|在(?!职|岗|校|编|建|.{1,2}高校)|以(?!上|下|内|外)|(?<![所国公现])有(?!关|条件|企)|"
    r"从(?!业|教)|(?<!法|区)为|问题|工作(?!领导|小组|专班|委员会|指导|办|股|科|局|司|组|室|者|人员|部|处|队|联席|站|单位|部门|协调|机构|中心)"
)
_WHO_DOES = re.compile(
    "(?:承担|参加|参与|完成|实施|开展|负责|设有|达到|符合|获得|取得|存在|出现|发生|具备|列入|纳入|通过|申报|使用).{2,16}的"
    "(?:学校|单位|幼儿园|机构|企业|部门|教师|干部|地区|县区|高校)$"
)
"""A name that is a clause: 承担试点任务的学校."""
_SENTENCE_MARK = re.compile(r"[，。；：！？\s—]")
_NAMED_FOR_WORK = re.compile(
    r"各?(?:牵头|主办|承办|协办|配合|参与|责任|实施|申报|参加)(?:单位|部门|科室|股室|处室|机构|学校)|"
    r"(?:落实|推进|提升|整治|整改|协调|统筹|执行|服务|保障|防控|创建)(?:工作)?(?:办|组|小组|专班|办公室|领导小组)$"
)


def is_clean(text: str, start: int, end: int) -> bool:
    """Tell whether `start` to `end` can be one name: it holds nothing that only a sentence has (verbs, particles)."""
    name = text[start:end]
    if not name or len(name) > MAX_NAME or MASK in name[:1] or _BAD_START.match(name):
        return False
    if _NAMED_FOR_WORK.fullmatch(name):
        return True
    opens_with_verb = verbs(inside=False).end(name, 0, len(name)) > 0
    if (opens_with_verb and not _WHO_DOES.match(name)) or _SENTENCE_MARK.search(name):
        return False
    before, _, tail = name.rpartition("的")
    if (
        not tail
        or _BAD_INSIDE.search(re.sub("（[^）]*）", "", tail))
        or (before and verbs(inside=True).end(before, 0, len(before)) > 0)
    ):
        return False
    head = head_before(text, end, start)
    if head and head.kind is BodyKind.FIELD and before:
        return False
    return head is None or head.does == "any" or not _verb_in(tail, head)


def _verb_in(name: str, head: Head) -> bool:
    """Tell whether a verb stands before the head of a school's, a firm's or a person's name (加强学校, 培训教师)."""
    before = name[: len(name) - len(head.noun)]
    if name[0] in "未不":  # 未达标学校, 不合格幼儿园
        return False
    if head.noun == "校" and before[:1].isdigit():  # 20所推进校
        return False
    opens_with_naming = head.does != "first" and verbs(inside=True).end(before, 0, len(before)) > 0
    return opens_with_naming or verbs(inside=False).within(before)


_NOT_BY_ITSELF: Final = frozenset({BodyKind.FIELD, BodyKind.HELPER})


def is_name(text: str) -> bool:
    """Tell whether the whole of a text is the name of one body (as the entry of a list or a table cell)."""
    flat = flatten(text)
    head = head_before(flat, len(flat))
    return head is not None and head.kind not in _NOT_BY_ITSELF and is_clean(flat, 0, len(flat))


_AND = re.compile(r"以及|[和与及跟]|暨")
_ONE_NAME = re.compile(
    "(?:文化|教育|发展|住房|工业|人力资源|自然资源|卫生|科学技术|科技|林业|农业|城市管理|机构编制|商务|广播电视|民族|退役军人)和"
    "(?:旅游|体育|科技|改革|城乡|信息化|社会保障|规划|计划生育|技术|草原|农村|综合|广播|广电|宗教|金融|经济|投资)"
)
"""Names of departments that hold a 和 of their own."""
_OTHERS = re.compile(
    r"等(?:有关|相关|多|各|几)?(?:个|家|方)?(?:职能)?(?:部门|单位|处室|科室|股室|机构|方面|方)?(?:主要|分管)?(?:负责人|负责同志|领导)?$"
)
_COUNT = re.compile(r"等?[两三四五六七八九十\d]+(?:个|家)?(?:部门|单位)$")


def split_names(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Divide a list: at 、 always, at 和 where both sides are names of their own; 等部门 after a full name is left out.

    公安、交通部门 gives 公安 and 交通部门 as they stand; 学校和社区干部 stays one, for its head belongs to both.
    """
    names: list[tuple[int, int]] = []
    at = start
    for mark in [*re.finditer("[、/]", text[start:end]), None]:
        stop = end if mark is None else start + mark.start()
        names.extend(_split_and(text, at, stop))
        at = stop + 1
    return [place for place in (_without_others(text, *name) for name in names) if place[0] < place[1]]


def _split_and(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    own = [found.span() for found in _ONE_NAME.finditer(text, start, end)]
    for mark in _AND.finditer(text, start, end):
        if any(left < mark.start() < right for left, right in own):
            continue
        left, right = head_before(text, mark.start(), start), head_before(text, end, mark.end())
        if left and right and _may_part(text, left, right, mark.end(), end):
            yield start, mark.start()
            start = mark.end()
    yield start, end


def _may_part(text: str, left: Head, right: Head, start: int, end: int) -> bool:
    """Tell whether 和 stands between two names: both of one kind, and no 等 that makes the last head a common one."""
    alike = (left.kind is BodyKind.POST) == (right.kind is BodyKind.POST)
    return alike and left.kind is not BodyKind.POST and "等" not in text[start:end] and is_clean(text, start, end)


def _without_others(text: str, start: int, end: int) -> tuple[int, int]:
    found = _OTHERS.search(text, start, end) or _COUNT.search(text, start, end)
    head = head_before(text, found.start(), start) if found else None
    if found and head and head.kind is not BodyKind.FIELD:  # 财政等部门 stays: its head comes last
        return start, found.start()
    return start, end


_MARKS = re.compile(r"[，。；：！？、\s—\ue000“”《》（]")
_WHY = Words("名称以“{noun}”结尾。", "The name ends in 「{noun}」.")


def head_ends(text: str, start: int = 0, end: int | None = None) -> Iterator[tuple[int, Head]]:
    """Give every place where a name may end, with its head noun."""
    end = len(text) if end is None else end
    places = name_ends(text)
    for number in range(bisect(places, start), len(places)):
        place = places[number]
        if place > end:
            return
        if head := head_before(text, place, start):
            yield place, head


def find_bodies(text: str) -> list[BodyFound]:
    """Return the names of bodies anywhere in a sentence, whatever part they play in it.

    Of names that end at the same head the longest possible is taken. 、 and 和 divide names.
    """
    flat = flatten(text)
    found: list[BodyFound] = []
    for end, head in head_ends(flat):
        start = _name_start(flat, end, len(head.noun))
        if start is None:
            continue
        if found and found[-1].end > start:
            found.pop()
        why = Words(_WHY.zh.format(noun=head.noun), _WHY.en.format(noun=head.noun))
        found.append(BodyFound(start, end, text[start:end], head.kind, why))
    return [one for one in found if one.kind not in _NOT_BY_ITSELF]


def _name_start(text: str, end: int, head: int) -> int | None:
    """Return where the longest clean name that ends at `end` begins."""
    lowest = max(0, end - MAX_NAME)
    for mark in _MARKS.finditer(text, lowest, end - head):
        lowest = mark.end()
    lowest = max(lowest, verbs(inside=False).last_end(text, lowest, end - head))
    return next((start for start in range(lowest, end - head + 1) if is_clean(text, start, end)), None)
