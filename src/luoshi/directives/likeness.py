"""How likely two texts demand the same: what they share of the words that tell demands apart.

Texts are compared in the folded form of the search (`work.search.folding`) by their pairs of characters. Three things
keep a shared topic from looking like a shared demand. Words that every document is full of (加强组织领导, 进一步) are
left out. What many texts say weighs little, as a sample of the texts at hand tells, and whom many demands are about
(幼儿园, 乡村教师) weighs less. And where both say what is to be done, it must be the same kind of doing: 消防安全培训
is not 消防安全检查.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from luoshi.drafting.lexicon import word_classes
from luoshi.work.search.folding import folded

__all__ = ["Demand", "Weights", "demand_of", "likeness", "shared_words"]

_EMPTY_CLASSES: Final = ("improve", "strengthen", "attitude", "purpose", "time", "future", "who")
_EMPTY: Final = (
    "加强 强化 推进 落实 组织 领导 组织领导 统筹 协调 部署 安排 要求 有关 相关 情况 问题 方面 各项 全面 深入 扎实 "
    "积极 认真 切实 大力 着力 坚持 坚决 严格 提高 认识 思想 高度 重视 建立 健全 机制 责任 压紧 压实 任务 措施 目标 "
    "开展 组织开展 完成 做好 抓好 抓实 及时 按时 确保 保障 保证 力度 水平 能力 质量 到位 见效 取得 实效 营造 氛围 "
    "各学校 各地 各校 各级 全县 全市 全区 学年 学期 年度 本年 一次 每月 每学期 全部 所有 "
    "以上 以内 之前 以前 左右 不少于 不低于 不超过 达到 达 及 的 和 与 对 将 由 等 各 其 并"
)
"""Words that tell nothing about which demand it is."""

_SAME_DOING: Final = (
    "筛查 排查 检查 督查 自查 摸排 核查 复查 抽查 巡查 暗访 督导 巡检 检测 普查 清点 摸底",
    "培训 轮训 研修 集训 跟岗",
    "演练",
    "宣传 讲座",
    "审计",
    "查处 严查 惩处",
    "新建 改建 扩建 建成 改造 修缮 维修 翻新 修补 建设",
    "制定 制订 编制 出台 印发 修订 起草 拟定 编写 编印",
    "整改 整治 治理 清理 取缔 拆除",
    "报送 上报 汇报 报告 填报",
    "评比 评选 表彰 评优",
    "招聘 招录 引进 选拔 补充 选聘",
    "安装 购置 配备 更新 采购 配齐 添置 更换 加装",
    "资助 补助 发放 奖励 兑现",
    "竞赛 比赛 展演 运动会 艺术节",
    "公示 公布 公开",
    "家访 走访 慰问",
    "考核 考评 评估 验收",
)
"""Kinds of doing: words of one line can stand for each other, words of two lines cannot."""

_MONTH: Final = r" \d+ 月(?:底前?|上旬|中旬|下旬|份|初)?(?: \d+ [日号]前?)?前?"
_TIMES: Final = re.compile(
    rf" ?\d+ 年(?:{_MONTH}|第? ?[一二三四\d]+ ?季度|底前?|内)?|{_MONTH}| \d+ [日号]前?|[一二三四]季度|[上下]半年"
)
_NAME: Final = re.compile(r"《([^《》]{2,40})》|“([^“”]{2,20})”|「([^「」]{2,20})」")
_TOPICS: Final = (
    "中小学生 中小学校 中小学 义务教育 幼儿园 幼儿 学前教育 特殊教育 职业教育 普通高中 高中阶段 高中学业水平考试 "
    "民办 公办 农村 乡村 乡镇 城区 城乡 小规模学校 寄宿制学校 校园 学校 学生 教师 校长 班主任 教职工 家长 师生 新生 "
    "毕业生 家庭经济困难学生 留守儿童 青少年 未成年人 党组织 党建 安全 教育教学 教育 教学 培训机构 专项 中考 高考 "
    "招生 学科 课程"
)
"""Whom or what many demands are about: it takes more than the same topic to be the same demand."""

_PLACE: Final = re.compile(r"^.{1,4}[省市县区](?=..)")
_PIECE: Final = re.compile(r"[^\W\d]+|\d+")
_ENOUGH: Final = 1.8
"""Less weight than this is too little to call two texts the same demand."""

_TOPICAL: Final = 0.45
_MOST_OF_A_NAME: Final = 0.75
_OTHER_DOING: Final = 0.62
_OTHER_PRODUCT: Final = 0.72
_SAME_PRODUCT: Final = 0.12


@dataclass(frozen=True, slots=True)
class Demand:
    """What of a text tells its demand from others: pairs of characters, kinds of doing, named products.

    `names` holds the pairs of each product that the text names between 《》 or “”; `whole` is the folded text.
    """

    tokens: frozenset[str]
    doings: frozenset[int]
    names: tuple[frozenset[str], ...]
    whole: str


class Weights(dict[str, float]):
    """How much a pair of characters tells, from 0 to 1: the fewer of the texts at hand have it, the more."""

    _BELIEF = 200

    def __init__(self, texts: Iterable[Iterable[str]] = ()) -> None:
        self._seen: Counter[str] = Counter()
        number = 0
        for tokens in texts:
            self._seen.update(tokens)
            number += 1
        self._number = number
        self._all = number + self._BELIEF

    def __missing__(self, token: str) -> float:
        rare = math.log(self._all / (self._seen[token] + 2)) / math.log(self._all / 2)
        self[token] = weight = rare * _TOPICAL if token in _topics() else rare
        return weight

    def share(self, token: str) -> float:
        """Return in what part of the texts at hand a token is."""
        return self._seen[token] / self._number if self._number else 0.0

    def of(self, tokens: Iterable[str]) -> float:
        """Return what several weigh together."""
        return sum(map(self.__getitem__, tokens))


def demand_of(text: str, *, is_folded: bool = False) -> Demand:
    """Return what a text demands, as it is compared."""
    whole = text if is_folded else folded(text)
    plain = _TIMES.sub(" ", whole)
    products = () if is_folded else (next(filter(None, match.groups())) for match in _NAME.finditer(text))
    names = (_tokens(_PLACE.sub("", folded(product))) for product in products)
    return Demand(_tokens(plain), _doings(plain), tuple(filter(None, names)), whole)


def _tokens(plain: str) -> frozenset[str]:
    found: set[str] = set()
    for run in _empty().split(plain):
        for piece in _PIECE.findall(run):
            found.update((piece[at : at + 2] for at in range(len(piece) - 1)) if not piece.isascii() else (piece,))
    return frozenset(found)


def likeness(one: Demand, other: Demand, weights: Weights) -> float:
    """Return from 0 to 1 how likely two texts demand the same; symmetric but for the products that each names."""
    shared = weights.of(one.tokens & other.tokens)
    if shared < _ENOUGH:
        return 0.0
    first, second = weights.of(one.tokens), weights.of(other.tokens)
    value = 0.65 * shared / min(first, second) + 0.35 * 2 * shared / (first + second)
    if one.doings and other.doings and not one.doings & other.doings:
        value *= _OTHER_DOING
    named = _named(one, other, weights)
    if named is not None:
        value = min(1.0, value + _SAME_PRODUCT) if named else value * _OTHER_PRODUCT
    return min(1.0, value)


def shared_words(one: Demand, other: Demand, most: int = 3) -> list[str]:
    """Return the longest stretches of the first text that are made of pairs both have, longest first."""
    both = one.tokens & other.tokens
    found: list[str] = []
    for piece in _PIECE.findall(one.whole):
        if piece.isascii():
            found += [piece] if piece in both and not piece.isdigit() else []
            continue
        begun = -1
        for at in range(len(piece)):
            if piece[at : at + 2] in both and at < len(piece) - 1:
                begun = at if begun < 0 else begun
            elif begun >= 0:
                found.append(piece[begun : at + 1])
                begun = -1
    return sorted(dict.fromkeys(found), key=len, reverse=True)[:most]


def _named(one: Demand, other: Demand, weights: Weights) -> bool | None:
    """Tell whether a product that one text names is in the other; None where neither names any."""
    if not one.names and not other.names:
        return None
    return any(
        weights.of(name & there.tokens) >= _MOST_OF_A_NAME * weights.of(name)
        for here, there in ((one, other), (other, one))
        for name in here.names
    )


def _doings(text: str) -> frozenset[int]:
    return frozenset(_kinds()[word] for word in _doing().findall(text))


@lru_cache(maxsize=1)
def _kinds() -> Mapping[str, int]:
    return {word: number for number, line in enumerate(_SAME_DOING) for word in line.split()}


@lru_cache(maxsize=1)
def _doing() -> re.Pattern[str]:
    return re.compile(_any_of(_kinds()))


@lru_cache(maxsize=1)
def _topics() -> frozenset[str]:
    return frozenset(word[at : at + 2] for word in _TOPICS.split() for at in range(len(word) - 1))


@lru_cache(maxsize=1)
def _empty() -> re.Pattern[str]:
    """Match words that tell nothing; a word that says a kind of doing is never one of them."""
    words = set(_EMPTY.split())
    for name in _EMPTY_CLASSES:
        words.update(folded(word) for word in word_classes()[name] if len(word) > 1)
    return re.compile(rf"{_any_of(words - set(_kinds()) - {''})}|工作(?![室站坊])")


def _any_of(words: Iterable[str]) -> str:
    return "|".join(sorted(map(re.escape, words), key=lambda word: (-len(word), word)))
