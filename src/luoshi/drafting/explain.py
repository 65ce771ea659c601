"""Why a sentence got its label and a task its fields, in sentences that are true to what the program did."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Sequence
from typing import Final, overload

from luoshi.drafting.model import Model
from luoshi.drafting.plan import Label, Plan, Task
from luoshi.words import Language, Words

__all__ = ["LABEL_WORDS", "Reasons", "explain"]

LABEL_WORDS: Final = {
    Label.TITLE: Words("标题", "title"),
    Label.HEADING: Words("小标题", "heading"),
    Label.TASK: Words("任务", "task"),
    Label.PRINCIPLE: Words("原则要求", "principle"),
    Label.ACHIEVEMENT: Words("已有成绩", "achievement"),
    Label.PROBLEM: Words("问题", "problem"),
    Label.OTHER: Words("其他", "other"),
    Label.BOILERPLATE: Words("网页杂质", "boilerplate"),
}
_SHOWN: Final = 3
"""How many reasons a label shows."""

_PARTS: Final = {
    "opening": Words("开头", "the opening"),
    "review": Words("工作回顾部分", "the part that looks back"),
    "problems": Words("问题部分", "the part about problems"),
    "plan": Words("工作部署部分", "the part that plans"),
    "closing": Words("结尾", "the closing"),
    "none": Words("没有标明部分的正文", "running text of no named part"),
}
_CLASSES: Final = {
    "make": Words("建立、制定一类的动词", "a verb such as set up or issue"),
    "do": Words("开展、检查一类的动词", "a verb such as hold or inspect"),
    "forbid": Words("严禁、不得一类的词", "words that forbid"),
    "improve": Words("完善、优化一类的动词", "a verb such as improve"),
    "strengthen": Words("加强、推进一类的动词", "a verb such as strengthen or advance"),
    "support": Words("支持、鼓励一类的动词", "a verb such as support or encourage"),
    "play": Words("发挥作用一类的说法", "words such as play a part"),
    "abstract": Words("水平、质量一类的抽象名词", "an abstract noun such as level or quality"),
    "purpose": Words("表示目的的词", "words of purpose"),
    "define": Words("下定义的词", "words that define"),
    "person": Words("人或人群", "people"),
    "product": Words("方案、制度一类的成果", "a product such as a plan or a rule"),
    "attitude": Words("认识、作风一类的词", "words of attitude"),
    "value": Words("意义、道理一类的词", "words of meaning"),
    "past": Words("表示已经完成的词", "words for what is done already"),
    "pastime": Words("过去的时间", "a time in the past"),
    "future": Words("要、将一类的词", "words such as shall and will"),
    "time": Words("期限一类的时间", "a time that could be a term"),
    "who": Words("单位或分工的词", "a body or a division of work"),
    "problem": Words("问题、不足一类的词", "words for what is wrong"),
    "greeting": Words("称呼、致谢的话", "greetings or thanks"),
    "meeting": Words("交代会议的话", "words about the meeting itself"),
    "letter": Words("公文格式用语", "formulas of official letters"),
    "title": Words("讲话、通知一类的文种", "the kind of a document"),
    "web": Words("网页用语", "words of web pages"),
    "quote": Words("引用的话", "a quotation"),
    "none": Words("没有提示词", "no telling word"),
}


_BY_SEQUENCE: Final = Words("前后句子的类别使它更合理", "The labels of its neighbours make it likelier")


class Reasons(Sequence[Words]):
    """The strongest reasons for a label against the second best, put into words when somebody asks.

    A reason is a feature that speaks for the label more than for its rival. `known` are the numbers of the sentence's
    features in the model.
    """

    __slots__ = ("_known", "_label", "_model", "_rival", "_told")

    def __init__(self, model: Model, known: array[int], label: str, rival: str) -> None:
        self._model = model
        self._known = known
        self._label = model.labels.index(label)
        self._rival = model.labels.index(rival)
        self._told: tuple[Words, ...] | None = None

    @overload
    def __getitem__(self, index: int) -> Words: ...

    @overload
    def __getitem__(self, index: slice) -> tuple[Words, ...]: ...

    def __getitem__(self, index: int | slice) -> Words | tuple[Words, ...]:
        return self._words()[index]

    def __len__(self) -> int:
        return len(self._words())

    def _words(self) -> tuple[Words, ...]:
        if self._told is None:
            self._told = self._strongest() or (_BY_SEQUENCE,)
        return self._told

    def _strongest(self) -> tuple[Words, ...]:
        names = self._model.names
        gains = zip(self._model.gains(self._known, self._label, self._rival), self._known, strict=True)
        told: dict[Words, None] = {}
        for gain, number in sorted(gains, reverse=True):
            words = _in_words(names[number]) if gain > 0 else None
            if words:
                told[words] = None
            if len(told) == _SHOWN:
                break
        return tuple(told)


def _in_words(feature: str) -> Words | None:
    """Put a feature into words; None for those that would tell a reader nothing."""
    family, rest = feature[0], feature[1:]
    teller = _TELLERS.get(family)
    return teller(rest) if teller else None


def _tell_text(rest: str) -> Words | None:
    return Words(f"含有“{rest}”", f"It contains 「{rest}」") if len(rest) > 1 else None


def _tell_begin(rest: str) -> Words | None:
    text = rest[1:]
    return Words(f"以“{text}”开头", f"It begins with 「{text}」") if text else None


def _tell_end(rest: str) -> Words | None:
    text = rest[1:]
    return Words(f"以“{text}”结尾", f"It ends with 「{text}」") if text else None


def _tell_clause(rest: str) -> Words:
    return Words(f"有分句以“{rest}”开头", f"A clause begins with 「{rest}」")


def _tell_clause_end(rest: str) -> Words:
    return Words(f"有分句以“{rest}”结尾", f"A clause ends with 「{rest}」")


def _tell_class(rest: str) -> Words | None:
    name, _, part = rest.partition("/")
    words = _CLASSES.get(name)
    if words is None:
        return None
    if part in _PARTS:
        place = _PARTS[part]
        return Words(f"在{place.zh}里有{words.zh}", f"In {place.en} it has {words.en}")
    return Words(f"有{words.zh}", f"It has {words.en}")


def _tell_clause_classes(rest: str) -> Words | None:
    head, _, tail = rest.partition(">")
    if tail in _CLASSES and head in _CLASSES and "none" not in {head, tail}:
        one, other = _CLASSES[head], _CLASSES[tail]
        return Words(
            f"有分句以{one.zh}开头、以{other.zh}结尾", f"A clause begins with {one.en} and ends with {other.en}"
        )
    words = _CLASSES.get(head.partition("/")[0].partition("*")[0])
    if words is None or head.startswith("none"):
        return None
    return Words(f"有分句以{words.zh}开头", f"A clause begins with {words.en}")


def _tell_marker(rest: str) -> Words | None:
    kind = rest.partition("/")[0]
    if kind == "none":
        return Words("前面没有序号", "No list marker stands before it")
    if kind == "run-in":
        return Words("它是段首领起后文的短句", "It is a short sentence that leads longer ones")
    return Words("前面有序号", "A list marker stands before it")


def _tell_shape(rest: str) -> Words | None:
    if rest.startswith("length"):
        return Words("句子的长短像", "Its length is typical")
    if rest.startswith("end"):
        return Words("句末的标点像", "Its closing mark is typical")
    if rest.startswith("quantities") and not rest.startswith("quantities0"):
        return Words("有带单位的数字", "It has figures with units")
    return None


def _tell_place(rest: str) -> Words | None:
    if rest.startswith("part"):
        place = _PARTS.get(rest.removeprefix("part"))
        return Words(f"它在{place.zh}", f"It stands in {place.en}") if place else None
    if rest.startswith(("like", "style", "runin")):
        return Words("它与前后段落的首句相似", "It is like the first sentences of the paragraphs around it")
    if rest.startswith(("first", "opening")):
        return Words("它靠近全文开头", "It stands near the beginning")
    if rest.startswith("last"):
        return Words("它靠近全文结尾", "It stands near the end")
    if rest.startswith(("alone", "order")):
        return Words("它在段落里的位置像", "Its place in the paragraph is typical")
    return None


def _tell_manner(rest: str) -> Words | None:
    if rest.startswith("named"):
        return Words("有专门名称的工程、行动或文件", "It names a project, campaign or document of its own")
    if rest.startswith(("hard", "first", "last", "prod")):
        return Words("动词和宾语的具体程度像", "How concrete its verbs and objects are is typical")
    if rest.startswith("list"):
        return Words("并列的项数像", "The number of things that it lists is typical")
    modal = rest.partition("/")[0]
    return Words(f"有“{modal}”", f"It has 「{modal}」") if "/" in rest and not modal.isascii() else None


def _tell_tense(_rest: str) -> Words:
    return Words("前后文是回顾还是部署", "What is around looks back or plans")


def _tell_under(_rest: str) -> Words:
    return Words("它下面和同级条目下面有没有内容", "What stands under it and under its siblings")


def _tell_behind_adverbs(rest: str) -> Words | None:
    text = rest.partition(">")[0]
    return Words(f"有分句讲“{text}”", f"A clause is about 「{text}」") if text and not text.isascii() else None


def _tell_year(rest: str) -> Words | None:
    return {
        "before": Words("提到以前的年份", "It names an earlier year"),
        "same": Words("提到当年", "It names the document's own year"),
        "after": Words("提到以后的年份", "It names a later year"),
    }.get(rest)


def _tell_heading(_rest: str) -> Words:
    return Words("上级标题的用词提示", "The words of the heading above suggest it")


def _tell_before(_rest: str) -> Words:
    return Words("前一句的样子提示", "The sentence before suggests it")


def _tell_after(_rest: str) -> Words:
    return Words("后一句的样子提示", "The sentence after suggests it")


_TELLERS: Final[dict[str, Callable[[str], Words | None]]] = {
    "g": _tell_text,
    "b": _tell_begin,
    "e": _tell_end,
    "c": _tell_clause,
    "x": _tell_clause_end,
    "k": _tell_clause_classes,
    "w": _tell_class,
    "m": _tell_marker,
    "s": _tell_shape,
    "p": _tell_place,
    "y": _tell_year,
    "h": _tell_heading,
    "u": _tell_manner,
    "d": _tell_tense,
    "o": _tell_under,
    "v": _tell_behind_adverbs,
    "<": _tell_before,
    ">": _tell_after,
}


def explain(plan: Plan, task_id: int, language: Language) -> list[str]:
    """Return sentences that say why a task is one, and where each of its fields comes from.

    Raises KeyError where the plan has no such task.
    """
    task = next((one for one in plan.tasks if one.id == task_id), None)
    if task is None:
        raise KeyError(task_id)
    lines = [_sentence_line(plan, index, language) for index in task.sentences]
    return lines + _field_lines(task, language)


def _sentence_line(plan: Plan, index: int, language: Language) -> str:
    labelled = plan.labels[index]
    sentence = plan.document.sentences[index]
    quote = plan.document.quote(sentence.start, sentence.end)
    label = LABEL_WORDS[labelled.label].in_(language)
    because = ("；" if language == "zh" else "; ").join(words.in_(language) for words in labelled.why)
    share = f"{labelled.confidence:.0%}"
    if language == "zh":
        return f"“{quote}”判为{label}（把握 {share}）：{because}。"
    return f"「{quote}」 is a {label} ({share} sure): {because}."


def _field_lines(task: Task, language: Language) -> list[str]:
    names = (
        (Words("牵头单位", "Owner"), task.owners),
        (Words("配合单位", "Support"), task.support),
        (Words("完成时限", "Deadline"), task.deadlines),
        (Words("频次", "Cadence"), task.cadence),
        (Words("量化目标", "Target"), task.targets),
    )
    colon = "：" if language == "zh" else ": "
    return [
        f"{name.in_(language)} “{field.text}”{colon}{field.why.in_(language)}"
        for name, fields in names
        for field in fields
    ]
