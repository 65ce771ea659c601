"""The source of a document as its page shows it: every word as it was, every sentence with what became of it.

Written by code, not by a template: a long document has fifteen hundred sentences. Everything that comes from a document
is escaped here.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from html import escape
from itertools import groupby
from typing import Any, Final

from django.template import engines
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from luoshi.directives.enums import ClauseState, Why
from luoshi.directives.models import Reading
from luoshi.directives.outcomes import Became, Row, Told
from luoshi.drafting.explain import LABEL_WORDS
from luoshi.drafting.plan import Label
from luoshi.org.told import language_now
from luoshi.work.enums import State
from luoshi.work.models import Matter

__all__ = ["annotated", "days_late", "dropped_words"]

_NAMED: Final = frozenset({"principle", "achievement", "problem", "task"})
"""Labels that are written behind a sentence that is in no row; the others can be told from their looks."""

_LEVELS: Final = (
    re.compile(r"\s*(?:[一二三四五六七八九十]+、|第[一二三四五六七八九十百]+[章节部])"),
    re.compile(r"\s*[（(][一二三四五六七八九十]+[）)]"),
)
"""How headings of the first and of the second level begin."""

Block = Mapping[str, Any]


def annotated(reading: Reading, told: Sequence[Told], *, shows: str = "", review: str = "") -> SafeString:
    """Return the whole source as HTML; each sentence has the id `s` and its index.

    `shows` is a kind of sentence to be pointed out. `review` is the address of the review for who may go there.
    """
    writer = _Writer(reading, told, shows, review)
    return mark_safe("".join(writer.blocks()))  # noqa: S308 — every piece is escaped


class _Writer:
    """Writes one document for one reader."""

    def __init__(self, reading: Reading, told: Sequence[Told], shows: str, review: str) -> None:
        self.reading, self.told, self.shows, self.review = reading, told, shows, review
        self.text: str = reading.text
        self.by_block: dict[int, list[int]] = {}
        for index, sentence in enumerate(reading.sentences):
            self.by_block.setdefault(sentence["block"], []).append(index)
        self.light, self.state = cache(_component("light")), cache(_component("state"))
        self.matter_url = reverse("work:matter", args=[0]).rpartition("0")
        self.names = {label.value: LABEL_WORDS[label].in_(language_now()) for label in Label}
        self.speaks = escape(get_language() or "zh-hans")
        self.today = timezone.localdate()
        self.titles = 0

    def blocks(self) -> Iterable[str]:
        """Yield paragraphs and tables in their order."""
        numbered = enumerate(self.reading.blocks)
        for table, group in groupby(numbered, key=lambda pair: pair[1].get("table")):
            if table is None:
                yield from (self._paragraph(number, block) for number, block in group)
            else:
                yield self._table(list(group))

    def _paragraph(self, number: int, block: Block) -> str:
        return f'<p lang="zh-Hans" class="{self._looks(number, block)}">{self._inside(number, block)}</p>\n'

    def _looks(self, number: int, block: Block) -> str:
        """Return the class of a paragraph: its part of the page, title, heading of a level, or text."""
        if block["role"] != "paragraph":
            return f"role-{escape(block['role'])}"
        words = self.text[block["s"] : block["e"]]
        kinds = {self.told[index].kind for index in self.by_block.get(number, ())}
        if kinds == {"title"}:
            self.titles += 1
            return "p-title" if self.titles == 1 else "p-under-title"
        if kinds == {"heading"}:
            level = next((place for place, begins in enumerate(_LEVELS, 2) if begins.match(words)), 4)
            return f"p-h{block.get('level') or level}"
        return "p-text" if words[:1].strip() else "p-text p-led"  # a document's own indent is enough

    def _table(self, cells: list[tuple[int, Block]]) -> str:
        rows = []
        for _row, group in groupby(cells, key=lambda pair: pair[1].get("row")):
            written, column = "", 0
            for number, block in group:
                here = block.get("column") or 0
                written += "<td></td>" * max(0, here - column)
                written += f'<td lang="zh-Hans">{self._inside(number, block)}</td>'
                column = here + 1
            rows.append(f"<tr>{written}</tr>")
        return f'<div class="table-wrap"><table>{"".join(rows)}</table></div>\n'

    def _inside(self, number: int, block: Block) -> str:
        """Write a block's characters, all of them, its sentences marked."""
        pieces, at = [], block["s"]
        for index in self.by_block.get(number, ()):
            sentence = self.reading.sentences[index]
            pieces += [escape(self.text[at : sentence["s"]]), self._sentence(index)]
            at = max(at, sentence["e"])
        pieces.append(escape(self.text[at : block["e"]]))
        return "".join(pieces)

    def _sentence(self, index: int) -> str:
        told, sentence = self.told[index], self.reading.sentences[index]
        kinds = [f"s k-{told.kind}"]
        kinds += [f"became-{row.became.value}" for row in told.rows[:1] if row.became is not None]
        kinds += ["shown"] if told.kind == self.shows else []
        named = f' data-label="{self._label(told)}"' if self._is_named(index) else ""
        words = escape(self.text[sentence["s"] : sentence["e"]])
        return f'<span id="s{index}" class="{" ".join(kinds)}"{named}>{words}</span>{self._chips(index, told)}'

    def _is_named(self, index: int) -> bool:
        """Tell whether the kind is written behind a sentence: once for those of a kind that stand together."""
        told = self.told[index]
        if told.rows or not (told.label in _NAMED or told.is_decided):
            return False
        if index + 1 == len(self.told):
            return True
        following, blocks = self.told[index + 1], self.reading.sentences
        same = (following.label, following.is_decided, bool(following.rows)) == (told.label, told.is_decided, False)
        return not (same and blocks[index]["block"] == blocks[index + 1]["block"])

    def _label(self, told: Told) -> str:
        name = self.names.get(told.label, told.label)
        return escape(_("%(label)s（人工改定）") % {"label": name} if told.is_decided else name)

    def _chips(self, index: int, told: Told) -> str:
        """Write what became of rows, each behind the last of its sentences that stand together."""
        following = self.told[index + 1].rows if index + 1 < len(self.told) else ()
        going_on = {row.clause.pk for row in following}
        return "".join(self._chip(row) for row in told.rows if row.clause.pk not in going_on)

    def _chip(self, row: Row) -> str:
        if row.became is not None:
            return self._became(row, row.became)
        if row.clause.state == ClauseState.DROPPED:
            return self._plain(escape(dropped_words(row)), " dropped")
        words = escape(_("待核对"))
        if self.review:
            return f' <a class="chip" lang="{self.speaks}" href="{escape(self.review)}">{words}</a>'
        return self._plain(words)

    def _plain(self, words: str, kind: str = "") -> str:
        return f' <span class="chip{kind}" lang="{self.speaks}">{words}</span>'

    def _became(self, row: Row, became: Became) -> str:
        matter = row.matter
        if matter is None:
            return self._plain(escape(str(became.label)))
        mark = self.light(getattr(matter, "light", "none")) if matter.is_open else self.state(matter.state)
        if matter.state == State.DRAFTED:
            mark = self.state(matter.state)
        before, _zero, after = self.matter_url
        return (
            f' <a class="chip chip-{became.value}" lang="{self.speaks}" href="{before}{matter.pk}{after}" '
            f'title="{escape(matter.title)}">{mark} {self._late(matter, became)}'
            f"<small>{escape(matter.number)}</small></a>"
        )

    def _late(self, matter: Matter, became: Became) -> str:
        """Say of a late matter by how many days, and who leads it."""
        if became is not Became.LATE or matter.due is None:
            return ""
        lead = f' <span lang="zh-Hans">{escape(matter.lead.name)}</span>' if matter.lead else ""
        return f"<b>{escape(days_late(matter, self.today))}</b>{lead} "


def days_late(matter: Matter, today: dt.date) -> str:
    """Say for how many days a matter has been due; "" where it is not."""
    days = (today - matter.due).days if matter.due else 0
    return ngettext("已过 %(days)d 天", "已过 %(days)d 天", days) % {"days": days} if days > 0 else ""


def dropped_words(row: Row) -> str:
    """Say why a row was not taken up."""
    clause = row.clause
    why = str(Why(clause.why).label) if clause.why in Why.values else clause.why
    said = _("不立项：%(why)s") % {"why": why} if why else _("不立项")
    return _("%(said)s（%(note)s）") % {"said": said, "note": clause.note} if clause.note else said


def _component(name: str) -> Callable[[str], str]:
    """Return what writes a mark just as the component of that name does on every page."""
    template = engines["django"].from_string("{% " + name + " value %}")
    return lambda value: template.render({"value": value})
