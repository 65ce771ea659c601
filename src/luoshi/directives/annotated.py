"""The source of a document as its page shows it: every word as it was, every sentence with what became of it.

Written by code, not by a template: a long document has fifteen hundred sentences. Everything that comes from a document
is escaped here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from html import escape
from itertools import groupby
from typing import Any, Final

from django.template import engines
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from luoshi.directives.enums import ClauseState, Why
from luoshi.directives.models import Reading
from luoshi.directives.outcomes import Became, Row, Told
from luoshi.drafting.explain import LABEL_WORDS
from luoshi.drafting.plan import Label
from luoshi.work.enums import State
from luoshi.work.registers.bilingual import language_now

__all__ = ["annotated", "dropped_words"]

_NAMED: Final = frozenset({"principle", "achievement", "problem", "task"})
"""Labels that are written behind a sentence that is in no row; the others can be told from their looks."""

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

    def blocks(self) -> Iterable[str]:
        """Yield paragraphs and tables in their order."""
        numbered = enumerate(self.reading.blocks)
        for table, group in groupby(numbered, key=lambda pair: pair[1].get("table")):
            if table is None:
                yield from (self._paragraph(number, block) for number, block in group)
            else:
                yield self._table(list(group))

    def _paragraph(self, number: int, block: Block) -> str:
        role = "" if block["role"] == "paragraph" else f' class="role-{escape(block["role"])}"'
        return f'<p lang="zh-Hans"{role}>{self._inside(number, block)}</p>\n'

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
        named = f' data-label="{self._label(told)}"' if not told.rows and self._is_named(told) else ""
        words = escape(self.text[sentence["s"] : sentence["e"]])
        return f'<span id="s{index}" class="{" ".join(kinds)}"{named}>{words}</span>{self._chips(index, told)}'

    def _is_named(self, told: Told) -> bool:
        return told.label in _NAMED or told.is_decided

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
            f' <a class="chip" lang="{self.speaks}" href="{before}{matter.pk}{after}" title="{escape(matter.title)}">'
            f"{mark} {escape(matter.number)}</a>"
        )


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
