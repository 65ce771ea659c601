"""What became of a document: of its rows, of each of its sentences, and of all matters of a programme.

Everything goes by what the reader may see. A row whose matter is in other hands counts as *elsewhere* and says no more.
A row that was joined to a matter of a confidential register that the reader may not know of counts as nothing at all:
its sentences keep their label, and no figure tells that there is a matter.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from django.db.models import Count, Q, QuerySet, TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy, pgettext_lazy

from luoshi.directives.enums import ClauseState
from luoshi.directives.models import Clause, Directive, Reading
from luoshi.org.policy import Actor, visible
from luoshi.work.enums import Light, State
from luoshi.work.models import Matter
from luoshi.work.queries import light_is, matters_for, with_lights

__all__ = [
    "KINDS",
    "Became",
    "Figures",
    "Row",
    "Told",
    "became_is",
    "became_of",
    "coverage",
    "figures_of",
    "matters_of_programme",
    "programme_figures",
    "rows_of",
    "secret_matters",
    "told_of",
]


class Became(TextChoices):
    """What became of a demand that is a matter; each matter is one of these."""

    CLOSED = "closed", _("已销号")
    UNDER_WAY = "under_way", _("办理中")
    LATE = "late", pgettext_lazy("light", "超期")
    DRAFTED = "drafted", _("待交办")
    CANCELLED = "cancelled", _("已撤销")
    ELSEWHERE = "elsewhere", pgettext_lazy("outcome", "其他单位办理")

    def counted(self, count: int) -> str:
        """Say how many became this."""
        return str(_COUNTED[self] % {"count": count})


_COUNTED: Final[Mapping[Became, Any]] = {
    Became.CLOSED: ngettext_lazy("%(count)d 条已销号", "%(count)d 条已销号", "count"),
    Became.UNDER_WAY: ngettext_lazy("%(count)d 条办理中", "%(count)d 条办理中", "count"),
    Became.LATE: ngettext_lazy("%(count)d 条超期", "%(count)d 条超期", "count"),
    Became.DRAFTED: ngettext_lazy("%(count)d 条待交办", "%(count)d 条待交办", "count"),
    Became.CANCELLED: ngettext_lazy("%(count)d 条已撤销", "%(count)d 条已撤销", "count"),
    Became.ELSEWHERE: ngettext_lazy("%(count)d 条由其他单位办理", "%(count)d 条由其他单位办理", "count"),
}


@dataclass(frozen=True, slots=True)
class Figures:
    """How many demands became what, and how many wait for a decision or were not taken up."""

    became: Mapping[Became, int] = field(default_factory=dict)
    waiting: int = 0
    dropped: int = 0

    @property
    def total(self) -> int:
        """How many demands are matters."""
        return sum(self.became.values())

    @property
    def listed(self) -> list[tuple[Became, int]]:
        """What there is any of, in the order of :class:`Became`."""
        return [(one, self.became[one]) for one in Became if self.became.get(one)]


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a document and its outcome. `matter` (with `light`) is there only where the reader may see it.

    `became` is None where there is no matter, or none that the reader may know of (`is_secret`).
    """

    clause: Clause
    matter: Matter | None = None
    became: Became | None = None
    is_secret: bool = False


@dataclass(frozen=True, slots=True)
class Told:
    """What became of one sentence: `kind` is a key of :data:`KINDS`, `label` what kind of sentence it is now.

    `rows` are those that stand on it: several where it was split.
    """

    kind: str
    label: str
    is_decided: bool = False
    rows: tuple[Row, ...] = ()


KINDS: Final[Mapping[str, Any]] = {
    "matter": _("已立项"),
    "waiting": _("待核对"),
    "dropped": _("不立项"),
    "task": _("任务句，没有立项"),
    "principle": _("原则要求"),
    "achievement": _("已有成绩"),
    "problem": pgettext_lazy("sentence", "问题"),
    "heading": _("小标题"),
    "title": pgettext_lazy("sentence", "标题"),
    "other": pgettext_lazy("sentence", "其他"),
    "boilerplate": _("网页杂质"),
}
"""What a sentence can be counted as: the first three by its row, the others by its label."""

_ORDER: Final = ("matter", "waiting", "dropped")


# One matter.


def became_of(state: str, light: str) -> Became:
    """Return what became of a matter in `state` under `light`."""
    if state == State.CLOSED:
        return Became.CLOSED
    if state == State.CANCELLED:
        return Became.CANCELLED
    if light == Light.RED:
        return Became.LATE
    return Became.DRAFTED if state == State.DRAFTED else Became.UNDER_WAY


def became_is(became: Became, today: dt.date) -> Q:
    """Return the condition under which :func:`became_of` gives `became`."""
    late = light_is(Light.RED, today)
    match became:
        case Became.CLOSED:
            return Q(state=State.CLOSED)
        case Became.CANCELLED:
            return Q(state=State.CANCELLED)
        case Became.LATE:
            return late
        case Became.DRAFTED:
            return Q(state=State.DRAFTED) & ~late
        case Became.UNDER_WAY:
            return Q(is_open=True) & ~Q(state=State.DRAFTED) & ~late
        case _:
            return Q(pk__in=())


# One document.


def rows_of(directive: Directive, actor: Actor, today: dt.date) -> list[Row]:
    """Return the document's rows in their order, without those merged into others, as far as `actor` may know.

    Three queries, one more where some matter is not for the reader; needs neither text nor sentences.
    """
    clauses = list(
        directive.clauses.exclude(state=ClauseState.MERGED).defer("said", "similar").order_by("start", "number")
    )
    wanted = {clause.matter_id for clause in clauses if clause.matter_id is not None}
    seen = _seen(wanted, actor, today) if wanted else {}
    unseen = wanted.difference(seen)
    secret = secret_matters(unseen, actor) if unseen else set()
    return [_row(clause, seen, secret) for clause in clauses]


def _seen(numbers: Iterable[int], actor: Actor, today: dt.date) -> dict[int, Matter]:
    rows = matters_for(actor).filter(pk__in=numbers).select_related("lead")
    slim = rows.only("number", "title", "state", "is_open", "due", "confidential", "lead__code", "lead__name")
    return {matter.pk: matter for matter in with_lights(slim, today)}


def secret_matters(numbers: Iterable[int], actor: Actor) -> set[int]:
    """Return which of these matters belong to confidential registers that nobody named to the reader."""
    hidden = Matter.objects.filter(pk__in=numbers).exclude(_known_to(actor))
    return set(hidden.values_list("pk", flat=True))


def _row(clause: Clause, seen: Mapping[int, Matter], secret: set[int]) -> Row:
    if clause.matter_id is None:
        return Row(clause)
    if clause.matter_id in secret:
        return Row(clause, is_secret=True)
    matter = seen.get(clause.matter_id)
    if matter is None:
        return Row(clause, became=Became.ELSEWHERE)
    return Row(clause, matter, became_of(matter.state, getattr(matter, "light", Light.NONE)))


def figures_of(rows: Iterable[Row]) -> Figures:
    """Count rows."""
    became: Counter[Became] = Counter()
    waiting = dropped = 0
    for row in rows:
        if row.became is not None:
            became[row.became] += 1
        elif row.clause.state in ClauseState.live:
            waiting += 1
        elif row.clause.state == ClauseState.DROPPED:
            dropped += 1
    return Figures(became, waiting, dropped)


def told_of(reading: Reading, labels: Mapping[str, str], rows: Iterable[Row]) -> list[Told]:
    """Return what became of every sentence; rows that are still there go before one that was dropped."""
    by_sentence: dict[int, list[Row]] = defaultdict(list)
    for row in rows:
        if _kind(row):
            for index in row.clause.sentences:
                by_sentence[index].append(row)
    return [
        _told(by_sentence.get(index, []), labels.get(str(index), ""), sentence["label"])
        for index, sentence in enumerate(reading.sentences)
    ]


def _told(rows: list[Row], decided: str, drafted: str) -> Told:
    kind = min(map(_kind, rows), key=_ORDER.index, default="")
    standing = tuple(row for row in rows if kind == "dropped" or _kind(row) != "dropped")
    label = decided or ("task" if kind in {"matter", "waiting"} else drafted)
    return Told(kind or label, label, bool(decided), standing)


def _kind(row: Row) -> str:
    """Return as what a row's sentences count; "" for a row that tells nothing of itself."""
    if row.became is not None:
        return "matter"
    if row.clause.state in ClauseState.live:
        return "waiting"
    return "dropped" if row.clause.state == ClauseState.DROPPED else ""


def coverage(told: Iterable[Told]) -> dict[str, int]:
    """Count sentences by their kind, in the order of :data:`KINDS`, without those that do not occur."""
    counts = Counter(one.kind for one in told)
    return {kind: counts[kind] for kind in KINDS if counts[kind]}


# Programmes.


def programme_figures(actor: Actor, today: dt.date, programmes: Iterable[int]) -> dict[int, Figures]:
    """Return how the matters of each programme stand, each matter counted once. Two queries for all of them."""
    numbers = list(programmes)
    documents = visible(actor, Directive.objects.filter(programme__in=numbers), "directive.see").order_by()
    demanded = Q(clauses__directive__in=documents.values("pk"))
    became: dict[int, Counter[Became]] = {number: Counter() for number in numbers}
    shown: Any = with_lights(matters_for(actor).filter(demanded), today).order_by()  # Any: annotated
    groups = shown.values_list("clauses__directive__programme", "state", "light")
    for programme, state, light, count in groups.annotate(count=Count("pk", distinct=True)):
        became[programme][became_of(state, light)] += count
    known = Matter.objects.filter(demanded, _known_to(actor)).order_by().values_list("clauses__directive__programme")
    for programme, count in known.annotate(count=Count("pk", distinct=True)):
        became[programme][Became.ELSEWHERE] = count - became[programme].total()
    return {number: Figures(counts) for number, counts in became.items()}


def _known_to(actor: Actor) -> Q:
    """Return which matters the reader may know to exist: what they may see is among them."""
    return Q(confidential=False) | Q(register__in={code for post in actor.posts for code in post.registers})


def matters_of_programme(programme: int, actor: Actor) -> QuerySet[Matter]:
    """Return the matters of a programme that `actor` may see, each once."""
    documents = visible(actor, Directive.objects.filter(programme=programme), "directive.see").order_by()
    clauses = Clause.objects.filter(directive__in=documents.values("pk"), matter__isnull=False)
    return matters_for(actor).filter(pk__in=clauses.values("matter"))
