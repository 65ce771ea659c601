"""The rows of a review as HTML, written by code: a long document has hundreds, each with a dozen cells.

Every piece that comes from a row is escaped here. A row tells scripts about itself in attributes: `data-c` its uid,
`data-v` its version, `data-n` its sentences, `data-s` its place in the text, `data-rank` its place among what wants a
look first.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from html import escape
from typing import Final
from uuid import UUID

from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from luoshi.directives.enums import ClauseState, Why
from luoshi.directives.models import Clause, Directive
from luoshi.directives.sheet.facts import FEW, LOW, Fact, facts_of, gaps_of, unit_names
from luoshi.directives.similar import Similar
from luoshi.work.enums import State

__all__ = ["Rows", "rank_of"]

_ORIGINS: Final = ("decided", "proposed", "missing", "said", "none")


def rank_of(clause: Clause) -> int:
    """Return how soon a row wants a look: the unsure first, then what lacks a unit or a day, last what is settled."""
    if clause.state != ClauseState.OPEN:
        return 5 if clause.state == ClauseState.CHECKED else 6
    if clause.confidence < LOW:
        return 0
    gaps = gaps_of(clause)
    if "lead" in gaps:
        return 1
    if "due" in gaps:
        return 2
    return 3 if clause.confidence < FEW else 4


class Rows:
    """Writes the rows of one document for one reader; what all rows show alike is made once."""

    def __init__(
        self,
        directive: Directive,
        clauses: Iterable[Clause],
        *,
        today: dt.date,
        similar: Mapping[UUID, Sequence[Similar]] | None = None,
        numbers: Mapping[int, int] | None = None,
    ) -> None:
        self.clauses = list(clauses)
        self.today = today
        self.names = unit_names(self.clauses)
        self.similar = similar or {}
        self.numbers = numbers if numbers is not None else {one.pk: one.number for one in self.clauses}
        self.address = reverse("directives:clause", args=[directive.pk, _NOBODY]).replace(_NOBODY, "%s")
        self.matter = reverse("work:matter", args=[0]).rpartition("0")
        self.words = _words()

    def html(self) -> SafeString:
        """Return all rows."""
        return mark_safe("".join(map(self.row, self.clauses)))  # noqa: S308 — every piece is escaped

    def row(self, clause: Clause) -> str:
        """Return one row."""
        uid, here = str(clause.uid), self.address % clause.uid
        gaps, words = gaps_of(clause), self.words
        classes = ["clause", f"st-{clause.state}", *(f"no-{gap}" for gap in gaps)]
        live = clause.state in ClauseState.live
        sure = self._sure(clause) if live else ""
        facts = "".join(self._fact(fact, here) for fact in facts_of(clause, self.names, self.today))
        title = escape(str(clause.values.get("title") or words["untitled"]))
        decided = f' <i class="mark decided" title="{words["decided"]}">✓</i>' if "title" in clause.decided else ""
        return (
            f'<li class="{" ".join(classes)}" id="c-{uid}" data-c="{uid}" data-v="{clause.version}" '
            f'data-no="{clause.number}" data-n="{" ".join(str(int(one)) for one in clause.sentences)}" '
            f'data-s="{clause.start}" data-rank="{rank_of(clause)}" tabindex="-1">'
            f'<div class="c-top"><input type="checkbox" class="c-tick" value="{uid}" '
            f'aria-label="{words["tick"]} {clause.number}">'
            f'<a class="c-no" href="#s{int(clause.sentences[0]) if clause.sentences else 0}" title="{words["source"]}" '
            f"data-find>{clause.number}</a>"
            f'<a class="c-title" href="{here}" data-f="title">{title}</a>{decided}'
            f'<span class="c-side">{sure}{self._state(clause)}{self._common(clause, here)}</span></div>'
            f'<dl class="c-facts">{facts}</dl>{self._requirement(clause, here)}{self._similar(clause, here)}'
            "</li>\n"
        )

    def _sure(self, clause: Clause) -> str:
        kind = "low" if clause.confidence < LOW else "few" if clause.confidence < FEW else "high"
        percent = round(100 * clause.confidence)
        return f'<span class="sure sure-{kind}" title="{percent}%">{self.words[kind]}</span>'

    def _state(self, clause: Clause) -> str:
        if clause.state == ClauseState.OPEN:
            return ""
        words = escape(str(ClauseState(clause.state).label))
        return f'<span class="state">{words}</span>{self._became(clause)}'

    def _became(self, clause: Clause) -> str:
        """Return what became of a row that is no live one: why it was dropped, where it went."""
        if clause.state == ClauseState.DROPPED:
            reason = str(Why(clause.why).label) if clause.why in Why.values else ""
            told = "：".join(filter(None, (reason, clause.note)))
            return f' <span class="soft">{escape(told)}</span>' if told else ""
        if clause.state == ClauseState.MERGED and clause.into_id:
            number = self.numbers.get(clause.into_id, "")
            return f' <span class="soft">→ {number}</span>'
        if clause.matter_id and clause.matter is not None:
            before, _zero, after = self.matter
            return f' <a href="{before}{clause.matter_id}{after}">{escape(clause.matter.number)}</a>'
        return ""

    def _common(self, clause: Clause, here: str) -> str:
        """Return the one act that a row in this state most wants."""
        if clause.state == ClauseState.OPEN:
            return self._button(here, "check", self.words["check"], "first")
        if clause.state == ClauseState.CHECKED:
            return self._button(here, "uncheck", self.words["uncheck"], "plain")
        if clause.state in {ClauseState.DROPPED, ClauseState.MERGED, ClauseState.JOINED}:
            return self._button(here, "restore", self.words["restore"], "plain")
        return ""

    def _button(self, here: str, act: str, words: str, kind: str) -> str:
        return f'<a class="button small {kind}" href="{here}{act}/" data-do="{act}">{words}</a>'

    def _fact(self, fact: Fact, here: str) -> str:
        words = self.words
        shown = escape(fact.words) if fact.words else words["fill"]
        hint = fact.whole or fact.why
        why = f' title="{escape(hint)}"' if hint else ""
        if fact.typed != fact.words or not fact.words:
            why += f' data-value="{escape(fact.typed)}"'
        mark = (
            f' <i class="mark {fact.origin}">{words[fact.origin]}</i>' if fact.origin in {"decided", "proposed"} else ""
        )
        aside = f' <span class="aside">{words["text"]}“{escape(fact.aside)}”</span>' if fact.aside else ""
        warning = f' <span class="warn">{escape(fact.warning)}</span>' if fact.warning else ""
        return (
            f'<div class="c-fact is-{fact.origin} n-{fact.name}"><dt>{escape(fact.label)}</dt>'
            f'<dd><a href="{here}#id_{fact.name}" data-f="{fact.name}"{why}>{shown}</a>'
            f"{mark}{aside}{warning}</dd></div>"
        )

    def _requirement(self, clause: Clause, here: str) -> str:
        said = escape(str(clause.values.get("requirement") or ""))
        words, empty = (said, "") if said else (self.words["fill"], ' data-value=""')
        mark = f' <i class="mark decided">{self.words["decided"]}</i>' if "requirement" in clause.decided else ""
        return f'<p class="c-req"><a href="{here}#id_requirement" data-f="requirement"{empty}>{words}</a>{mark}</p>'

    def _similar(self, clause: Clause, here: str) -> str:
        if clause.state not in ClauseState.live:
            return ""
        found = self.similar.get(clause.uid, ())
        matters = "".join(self._matter(one, here) for one in found if one.matter is not None)
        return matters + self._alike([one.clause for one in found if one.clause is not None])

    def _alike(self, others: Sequence[Clause]) -> str:
        """Return which other rows of the document say nearly the same."""
        if not others:
            return ""
        links = "、".join(
            f'<a href="#c-{one.uid}" data-go="{one.uid}" title="{escape(str(one))}">{one.number}</a>' for one in others
        )
        return f'<p class="c-sim">{self.words["alike"]}{links}</p>'

    def _matter(self, one: Similar, here: str) -> str:
        shared = "、".join(escape(word) for word in one.shared[:3])
        why = f' <span class="soft">{self.words["shared"]}{shared}</span>' if shared else ""
        matter = one.matter
        if matter is None:
            return ""
        before, _zero, after = self.matter
        lead = escape(matter.lead.name) if matter.lead else ""
        due = matter.due.isoformat() if matter.due else ""
        facts = " · ".join(filter(None, (lead, due, escape(str(State(matter.state).label)))))
        act = (
            f' <a class="button small" href="{here}join/?matter={matter.pk}" data-do="join" '
            f'data-with="matter={matter.pk}">{self.words["join"]}</a>'
            if matter.is_open
            else ""
        )
        return (
            f'<p class="c-sim">{self.words["similar"]}<a href="{before}{matter.pk}{after}" target="_blank">'
            f'{escape(matter.number)} {escape(matter.title)}</a> <span class="soft">{facts}</span>{why}{act}</p>'
        )


_NOBODY: Final = "00000000-0000-0000-0000-000000000000"


def _words() -> dict[str, str]:
    """Return the words that every row shows, in the reader's language, escaped."""
    words = {
        "low": _("把握小"),
        "few": _("把握一般"),
        "high": _("把握大"),
        "decided": _("已定"),
        "proposed": _("推荐"),
        "fill": pgettext("clause", "填写"),
        "untitled": _("（没有标题）"),
        "text": _("原文"),
        "tick": _("勾选条目"),
        "source": _("看原文"),
        "check": _("核对无误"),
        "uncheck": _("取消核对"),
        "restore": pgettext("clause", "恢复"),
        "similar": _("在办事项里可能已有："),
        "alike": _("与本文件这几条相近："),
        "shared": _("都提到"),
        "join": pgettext("clause", "并入"),
    }
    return {name: escape(str(word)) for name, word in words.items()}
