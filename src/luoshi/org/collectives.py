"""Many units in few words: 各学校, 各幼儿园, 各股室 — what documents say, and how a long list of units is told.

Which units are meant follows from their kinds and stages, never from a list that somebody must keep. What names a
body that is no kind of unit here (各乡镇人民政府, 各教育集团) means nothing, and a person decides.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final, NamedTuple

from luoshi.org.enums import Stage, UnitKind
from luoshi.org.queries import open_units
from luoshi.org.rules import squeezed
from luoshi.words import Language, Words

__all__ = ["FEW", "Collectives", "Told", "collectives"]

_SCHOOLS: Final = frozenset({UnitKind.SCHOOL, UnitKind.CENTRE_SCHOOL})
FEW: Final = 4
"""So many units are told by their own names."""


class _Member(NamedTuple):
    code: str
    name: str
    kind: str
    stage: str


class Told(NamedTuple):
    """Some units in words: a collective with all that it means, or one unit by its name."""

    words: Words
    codes: tuple[str, ...]

    def in_(self, language: Language) -> str:
        """Return the words, those of a collective with how many they are."""
        words, count = self.words.in_(language), len(self.codes)
        if count == 1:
            return words
        return f"{words} ({count})" if language == "en" else f"{words}（{count}个）"


def _of_kind(*kinds: UnitKind) -> Callable[[_Member], bool]:
    return lambda unit: unit.kind in kinds


def _of_stage(*stages: Stage) -> Callable[[_Member], bool]:
    return lambda unit: unit.kind in _SCHOOLS and unit.stage in stages


@dataclass(frozen=True, slots=True)
class _Collective:
    """What a core of words means, and how lists of just these units are told."""

    words: Words
    core: re.Pattern[str]
    holds: Callable[[_Member], bool]


def _collective(zh: str, en: str, core: str, holds: Callable[[_Member], bool]) -> _Collective:
    return _Collective(Words(zh, en), re.compile(core), holds)


_KNOWN: Final = (
    _collective(
        "各单位", "all units", r"单位|股室和学校|科室和学校",
        _of_kind(*(kind for kind in UnitKind if kind not in {UnitKind.AUTHORITY, UnitKind.MEMBER})),
    ),
    _collective(
        "各级各类学校", "all schools and kindergartens", r"级各类学校|校园|中小学幼儿园|学校幼儿园|学校园",
        _of_kind(*_SCHOOLS, UnitKind.KINDERGARTEN),
    ),
    _collective("各中小学校", "all schools", r"中小学|中小学校|学校|校", _of_kind(*_SCHOOLS)),
    _collective("各幼儿园", "all kindergartens", r"幼儿园|园", _of_kind(UnitKind.KINDERGARTEN)),
    _collective("各中心学校", "all centre schools", r"中心学校|中心校|学区|学区校", _of_kind(UnitKind.CENTRE_SCHOOL)),
    _collective("各小学", "all primary schools", r"小学|完全小学", _of_stage(Stage.PRIMARY, Stage.NINE_YEAR)),
    _collective(
        "各中学", "all secondary schools", r"中学",
        _of_stage(Stage.JUNIOR, Stage.NINE_YEAR, Stage.COMPLETE, Stage.SENIOR),
    ),
    _collective(
        "各初中", "all junior schools", r"初中|初级中学|初中学校",
        _of_stage(Stage.JUNIOR, Stage.NINE_YEAR, Stage.COMPLETE),
    ),
    _collective("各高中", "all senior schools", r"高中|普通高中|高中学校", _of_stage(Stage.SENIOR, Stage.COMPLETE)),
    _collective(
        "各职业学校", "all vocational schools", r"职业学校|中职学校|职校|中等职业学校", _of_stage(Stage.VOCATIONAL)
    ),
    _collective("各特殊教育学校", "all special schools", r"特殊教育学校|特教学校", _of_stage(Stage.SPECIAL)),
    _collective(
        "各科室", "all departments", r"科室|股室|处室|科|股|部门|业务科室|业务股室|职能科室",
        _of_kind(UnitKind.DEPARTMENT),
    ),
    _collective("各直属单位", "all institutions", r"直属单位|事业单位|下属单位", _of_kind(UnitKind.INSTITUTION)),
)  # fmt: skip

_HEAD: Final = re.compile(
    r"(?:(?:全|各|本)[省市县区州旗]|[省市县区]教育局|县局|市局|区局|[市县区]|局|机关|局机关|局属|局直属|直属|[市县区]属|[市县区]直|乡镇|农村"
    r"|所属|辖区|城区|义务教育|有关|相关|的|内)*(?P<every>各|所有|全体|每所|每个|每一所|全部)?(?:乡镇|城区|局属|直属|局直属|[市县区]属|[市县区]直)*"
)
_NARROWER: Final = re.compile("农村|乡镇|城区|义务教育|有关|相关")
"""Words that mean fewer units than can be told by kind: then a person says which."""
_WHOLE: Final = re.compile("全[省市县区州旗]")
_COUNTED: Final = re.compile(r"\(\d+个?\)$")
"""How many they are, as :meth:`Told.in_` adds it."""
_BETWEEN: Final = re.compile("[、，,；;]|和|及|与|以及")


@dataclass(frozen=True)
class Collectives:
    """What collective words mean among some units."""

    units: Sequence[_Member]
    _spoken: dict[str, tuple[str, ...]] = field(default_factory=dict, compare=False)

    @cached_property
    def _sets(self) -> Mapping[str, tuple[str, ...]]:
        """Return the codes that each collective means, in the order of the tree; nothing that nobody belongs to."""
        found = {one.words.zh: tuple(unit.code for unit in self.units if one.holds(unit)) for one in _KNOWN}
        return {words: codes for words, codes in found.items() if codes}

    @cached_property
    def _names(self) -> Mapping[str, str]:
        return {unit.code: unit.name for unit in self.units}

    def meant_by(self, text: str) -> tuple[str, ...]:
        """Return the codes of the units that words such as 各学校、幼儿园 mean; none where they mean no kind of unit.

        All parts must be understood: 各学校和乡镇人民政府 means nothing here.
        """
        if text not in self._spoken:
            self._spoken[text] = self._meaning(_COUNTED.sub("", squeezed(text)))
        return self._spoken[text]

    def _meaning(self, text: str) -> tuple[str, ...]:
        for words in _KNOWN:
            if text in {squeezed(words.words.en), words.words.zh}:  # as told
                return self._sets.get(words.words.zh, ())
        codes: dict[str, None] = {}
        for number, part in enumerate(filter(None, _BETWEEN.split(text))):
            found = self._part(part, first=number == 0)
            if not found:
                return ()
            codes.update(dict.fromkeys(found))
        return tuple(unit.code for unit in self.units if unit.code in codes)

    def _part(self, text: str, *, first: bool) -> tuple[str, ...]:
        head = _HEAD.match(text)
        before = head.group() if head else ""
        core = text[len(before) :]
        whole = bool(head and head["every"]) or _WHOLE.search(before) is not None or core in {"中小学", "中小学校"}
        if first and not whole:
            return ()
        narrower = _NARROWER.search(before)
        if narrower and not (narrower.group() == "乡镇" and core in {"中心学校", "中心校"}):
            return ()
        for one in _KNOWN:
            if one.core.fullmatch(core):
                return self._sets.get(one.words.zh, ())
        return ()

    def told(self, codes: Collection[str], *, without: str | None = None) -> list[Told]:
        """Return how a list of units is told: collective words first, the widest before others, then single names.

        A collective stands for its units where all of them are in the list, apart from the one in `without` (who leads
        does not help as well) and where there are more than a few.
        """
        left = set(codes)
        told: list[Told] = []
        for one in sorted(_KNOWN, key=lambda one: -len(self._sets.get(one.words.zh, ()))):
            members = tuple(code for code in self._sets.get(one.words.zh, ()) if code != without)
            if len(members) > FEW and left.issuperset(members):
                told.append(Told(one.words, members))
                left.difference_update(members)
        names = ((self._names.get(code, code), code) for code in codes if code in left)
        return [*told, *(Told(Words(name, name), (code,)) for name, code in names)]


def collectives(units: Iterable[tuple[str, str, str, str]] | None = None) -> Collectives:
    """Return what collective words mean among units (code, name, kind, stage): those open today unless told."""
    rows = open_units().values_list("code", "name", "kind", "stage") if units is None else units
    return Collectives(tuple(_Member(*row) for row in rows))
