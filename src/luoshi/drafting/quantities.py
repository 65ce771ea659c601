"""Targets: the numbers that the work of one sentence must reach.

A figure with its unit is found first (85%, 1.6万人, 1—2个, 一次); then the words around decide whether it is a target
and in which direction. Not targets: masked figures, dates, ages and grades, document numbers, names in quotation marks,
ordinals, thresholds that only describe something (3年以上经验, 600人以上学校, 后20%学生), and what is said of today
(目前, 已, 预计).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from luoshi.drafting import quantity_words as words
from luoshi.drafting.plan import Operator
from luoshi.periods.letters import HAN
from luoshi.periods.numerals import to_number
from luoshi.words import Words

__all__ = ["TargetFound", "find_targets"]

_REACH: Final = 60
"""Characters before a figure that can bear on it."""


@dataclass(frozen=True, slots=True)
class TargetFound:
    """A target: characters `start` to `end` of the sentence, and `op` `value` `unit`, measured of `of` ("" unsaid).

    The value stands in the written unit: 1.6万人 is 1.6 with unit 万人.
    """

    start: int
    end: int
    text: str
    op: Operator
    value: float
    unit: str
    of: str
    why: Words


@dataclass(frozen=True, slots=True)
class _Figure:
    """A figure in its place, with the words around; `verb` is what raises, lowers or limits it, right before it."""

    match: re.Match[str]
    clause: str
    before: str
    after: str
    verb: str

    @property
    def unit(self) -> str:
        return (self.match["scale"] or "") + (self.match["unit"] or "")

    @property
    def is_chinese(self) -> bool:
        number = self.match["number"]
        return bool(number) and not number[0].isdigit()


def find_targets(text: str) -> list[TargetFound]:
    """Return the targets of one clean sentence in their order.

    The caller asks only for sentences that order work. A range (1—2个) gives two entries of the same place, its lower
    and its upper bound; a range of growth (新增3—5家) gives its lower bound.
    """
    if not words.guard().search(text):
        return []
    found: list[TargetFound] = []
    previous: _Figure | None = None
    carried: Operator = "="
    blanked = _blank(text)
    for match in words.figure().finditer(blanked):
        figure = _around(blanked, match)
        if not _is_target(figure):
            continue
        op = _operator(figure)
        if previous and op == "=" and _continues(blanked, previous, figure):
            op = carried
        found += _entries(text, figure, op)
        previous, carried = figure, op
    return found


def _blank(text: str) -> str:
    """Blank out titles, document numbers and quotations, keeping every place."""
    if not any(mark in text for mark in "《“〔"):
        return text
    return words.named().sub(lambda found: "\0" * len(found.group()), text)


def _around(text: str, match: re.Match[str]) -> _Figure:
    start = max(0, match.start() - _REACH)
    start = max(start, max(text.rfind(mark, start, match.start()) for mark in "，。；：（、") + 1)
    clause = text[start : match.start()]
    verb = words.verb_before().search(clause)
    return _Figure(
        match,
        clause,
        text[max(0, match.start() - 16) : match.start()],
        text[match.end() : match.end() + 20],
        verb["verb"] if verb else "",
    )


def _is_target(figure: _Figure) -> bool:
    match = figure.match
    if match["zero"] or match["ratio"]:
        return True
    if words.never_before().search(figure.before) or words.stated().search(figure.clause) or _is_base(figure):
        return False
    if match["half"] or match["part"]:
        return bool(_bound(figure) or figure.verb or "占" in figure.clause)
    if _describes(figure) or _acts_itself(figure) or _is_acted_on(figure):
        return False
    return _is_wanted(figure)


def _acts_itself(figure: _Figure) -> bool:
    """Tell whether the counted are those who act: 17所示范校要总结经验."""
    return not figure.clause and words.subject_after().match(figure.after) is not None


_ACTED_ON = re.compile(r"对(?![口标接比])(?:(?!开展|进行|组织|实施|举办|[建作做])[^，。；]){0,12}$")


def _is_acted_on(figure: _Figure) -> bool:
    """Tell whether the counted are what the work is done to: 对全县41个教学点逐一调研."""
    return not figure.verb and not _bound(figure) and _ACTED_ON.search(figure.clause) is not None


def _is_wanted(figure: _Figure) -> bool:
    if figure.unit in words.TIMES_UNITS:
        return _is_measured_time(figure)
    if figure.is_chinese:
        return _is_wanted_in_words(figure)
    return figure.unit not in {"次", "遍", "轮"} or _is_counted_act(figure)


def _is_base(figure: _Figure) -> bool:
    """Tell whether a change starts from the figure; 在600元的基础上增长 must pass it, 在达到600元的基础上 keep it."""
    return bool(words.base().match(figure.after)) and not (
        words.grows_from_base().match(figure.after) or figure.verb in words.REACHES
    )


def _bound(figure: _Figure) -> str:
    return figure.match["bound"] or figure.match["bound_part"] or ""


def _describes(figure: _Figure) -> bool:
    """Tell whether a bound only describes what follows: 600人以上学校, 投资2000万元以上的项目."""
    bound = _bound(figure)
    if figure.match["unit"] == "人口" and bound:
        return True
    counted = figure.match["unit"] not in words.SHARES | words.TIMES_UNITS | {"次"}
    if counted and words.attribute_after().match(figure.after):
        return True
    follows = (
        bool(figure.after) and figure.after[0] not in "，。；：、）！\0" and not words.verb_after().match(figure.after)
    )
    return follows and bool(bound) and bound != "左右" and figure.match["unit"] in words.MEASURES and not figure.verb


def _is_measured_time(figure: _Figure) -> bool:
    """Tell whether a length of time is what must be reached: 每天不少于2小时, 时间为6个月, 至少1个月."""
    if figure.after.startswith(("内", "以内", "之内", "时间内")) and "控制" not in figure.verb:
        return False
    if re.match(rf"(?:以上)?(?:{HAN}{{0,6}}(?:经验|经历|教龄|工龄|业绩|热线|值班))", figure.after):
        return False
    return bool(
        figure.verb in words.LIMITS or re.search(r"每[天日周人年][^，]{0,6}$|时[间长][^，]{0,4}为$", figure.clause)
    )


def _is_counted_act(figure: _Figure) -> bool:
    """Tell whether 3次 is more than the rhythm's own count: 每3年修订1次 only says how often."""
    return (
        figure.verb in words.LIMITS
        or bool(figure.match["bound"])
        or not re.search(r"每[^，。；]{0,12}$", figure.clause)
    )


def _is_wanted_in_words(figure: _Figure) -> bool:
    """Tell whether a figure in Chinese numerals is one to count: 力争新建两所, 至少一名; not 一批, 三项机制."""
    unit, number = figure.unit, figure.match["number"]
    if not set(number) - set("百千"):  # 百亿斤, 千名: a slogan's round word
        return False
    if "%" in unit or figure.match["scale"] or _bound(figure) or figure.verb in words.LIMITS:
        return True
    if unit in {"次", "遍"}:
        return _is_act_in_words(figure)
    if figure.verb in words.GROWTH or figure.verb in words.SHRINKING:
        return True
    few = number in {"一", "两", "二"} or unit not in {"个", "项", "条"}
    return few and unit not in {"种", "类", "批", "轮"} and words.builds().search(figure.clause) is not None


def _is_act_in_words(figure: _Figure) -> bool:
    """Tell whether 一次, 两次 count work: 作一次检查, 每年召开两次会议; 每学期组织一次 is only the rhythm."""
    if re.search(r"每[^，。；]{0,12}$", figure.clause):
        return figure.match["number"] != "一" or "平均" in figure.clause
    return bool(words.acts_before().search(figure.clause) or re.search(r"[一两三四五]年$", figure.clause))


def _continues(text: str, before: _Figure, figure: _Figure) -> bool:
    """Tell whether a figure goes on with a list that has one verb: 分别达到30%、50%."""
    between = text[before.match.end() : figure.match.start()]
    return (
        between.startswith(("、", "和"))
        and len(between) < 16
        and not figure.verb
        and not words.any_verb().search(between)
    )


def _operator(figure: _Figure) -> Operator:
    """Decide the direction: by a word of comparison (以上, 不低于, 控制在), else by what grows or shrinks."""
    if words.grows_from_base().match(figure.after):
        return ">"
    return _compared(figure) or _changed(figure) or _framed(figure)


def _compared(figure: _Figure) -> Operator | None:
    """Return the direction that a word of comparison beside the figure gives."""
    bound, verb = _bound(figure), figure.verb
    if verb in words.OPERATORS:
        return words.OPERATORS[verb]
    if bound in words.BOUNDS:
        return words.BOUNDS[bound]
    if figure.match["more"] or figure.match["more_first"]:
        return ">"
    if verb not in words.REACHES:
        return None
    about = bound == "左右" and not words.strives().search(figure.clause)
    return "=" if about or figure.match["ratio"] else words.REACHES[verb]


def _changed(figure: _Figure) -> Operator | None:
    """Return the direction of a change by the figure: 增长5%, 压减10%, 新增学位300个."""
    if figure.verb in words.GROWTH or words.adds().search(figure.clause):
        return "+"
    return "-" if figure.verb in words.SHRINKING else None


def _framed(figure: _Figure) -> Operator:
    """Return the direction that the sentence around suggests where no word beside the figure gives one."""
    is_share = figure.match["unit"] in words.SHARES
    if figure.unit.endswith("百分点") and words.ahead_of().search(figure.clause):
        return ">"
    if is_share and re.search(r"完成[^，。；]*的$", figure.clause):
        return ">="
    striving = words.strives().search(figure.before + figure.clause) is not None
    partial = is_share and figure.after.startswith("的") and figure.match["number"] != "100"
    floor = figure.is_chinese or partial or (figure.unit in words.TIMES_UNITS and "力争" not in figure.clause)
    return ">=" if striving and floor else "="


def _entries(text: str, figure: _Figure, op: Operator) -> list[TargetFound]:
    match = figure.match
    if match["zero"]:
        return [_entry(text, figure, "=", 0.0, "")]
    if match["half"]:
        return [_entry(text, figure, op, 50.0, "%")]
    if match["part"]:
        return _parts(text, figure, op)
    value = _value(match["ratio"] or match["number"])
    if value is None:
        return []
    unit = "：" + match["ratio_to"] if match["ratio"] else figure.unit.replace("％", "%")
    upper = _value(match["upper"]) if match["upper"] else None
    if upper is None or op in {"+", "-"}:
        return [_entry(text, figure, op, value, unit)]
    return [_entry(text, figure, ">=", value, unit), _entry(text, figure, "<=", upper, unit)]


def _parts(text: str, figure: _Figure, op: Operator) -> list[TargetFound]:
    """Return the target that 百分之八十五 or 三分之一 stands for, as a percentage."""
    whole, _, part = figure.match["part"].partition("分之")
    divisor, dividend = to_number(whole), to_number(part)
    if not divisor or dividend is None:
        return []
    return [_entry(text, figure, op, round(float(dividend / divisor * 100), 2), "%")]


def _value(numeral: str) -> float | None:
    value = to_number(numeral.replace(",", ""))
    return None if value is None else float(value)


def _entry(text: str, figure: _Figure, op: Operator, value: float, unit: str) -> TargetFound:
    start, end = figure.match.start(), figure.match.end("core") if figure.match["core"] else figure.match.end()
    quote, of = text[start:end], _measured(figure)
    shown = f"{value:g}{unit}"
    zh = f"“{quote}”是要达到的数量：{words.SIGNS_ZH[op]}{shown}" + (f"（{of}）。" if of else "。")
    en = f"A figure to reach: {op} {shown}" + (f" of {of}." if of else ".")
    return TargetFound(start, end, quote, op, value, unit, of, Words(zh, en))


def _measured(figure: _Figure) -> str:
    """Return what is measured: before a verb of reaching (满意度达到85%), else after a counted unit (20所学校)."""
    verb = words.verb_before().search(figure.clause)
    head = figure.clause[: verb.start()] if verb else figure.clause
    head = words.lead().sub("", words.origin().sub("", head.rpartition("\0")[2]))
    if re.search(r"[\d%]", head):
        head = ""
    counted = figure.match["unit"] and figure.match["unit"] not in words.MEASURES and "%" not in figure.unit
    if counted or len(head) < 2:
        noun = words.noun_after().match(figure.after)
        if noun and (counted or len(head) < 2):
            return noun["noun"]
    return head if 2 <= len(head) <= 30 else ""
