"""The source as HTML, exactly as it was read: blocks, sentences by kind, the words of fields underlined.

Nothing is added to the text and nothing left out; what pages say about a sentence stands in attributes. Written by
code: a bundle of speeches has thousands of pieces.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from html import escape
from itertools import groupby, pairwise
from typing import Any, Final, NamedTuple

from django.utils.safestring import SafeString, mark_safe

from luoshi.directives.models import Clause, Directive, Reading

__all__ = ["FIELDS", "label_of", "source_html"]

FIELDS: Final = {
    "owners": "owner",
    "support": "support",
    "deadlines": "due",
    "targets": "target",
    "cadence": "cadence",
}
"""The names in `Clause.said` whose words are underlined, with the class of the line."""


class _Mark(NamedTuple):
    start: int
    end: int
    kind: str


def label_of(directive: Directive, index: int, sentence: Mapping[str, Any]) -> str:
    """Return the kind of a sentence: as a person decided, else as it was read."""
    return str(directive.labels.get(str(index)) or sentence["label"])


def source_html(directive: Directive, reading: Reading, clauses: Iterable[Clause]) -> SafeString:
    """Return the whole text of a document; sentence number n has the id `s<n>`, speech number n the id `speech-<n>`."""
    writer = _Writer(directive, reading, list(clauses))
    return mark_safe("".join(writer.blocks()))  # noqa: S308 — every piece is escaped


class _Writer:
    """Writes one document."""

    def __init__(self, directive: Directive, reading: Reading, clauses: Sequence[Clause]) -> None:
        self.text: str = reading.text
        self.all_blocks: list[dict[str, Any]] = reading.blocks
        self.sentences: list[dict[str, Any]] = reading.sentences
        self.labels = [label_of(directive, index, one) for index, one in enumerate(reading.sentences)]
        self.speeches = {one["s"]: one["id"] for one in reading.speeches} if len(reading.speeches) > 1 else {}
        self.of_block: dict[int, list[int]] = {}
        for index, one in enumerate(self.sentences):
            self.of_block.setdefault(one["block"], []).append(index)
        self.marks = self._marks(clauses)

    def _marks(self, clauses: Sequence[Clause]) -> dict[int, list[_Mark]]:
        starts = [one["s"] for one in self.sentences]
        found: dict[int, list[_Mark]] = {}
        for clause in clauses:
            for mark in _marks_of(clause.said):
                index = max(0, bisect_right(starts, mark.start) - 1)
                while index < len(starts) and starts[index] < mark.end:
                    found.setdefault(index, []).append(mark)
                    index += 1
        return found

    def blocks(self) -> Iterator[str]:
        """Yield the document block by block; the cells of one table together."""
        at = 0
        numbered = list(enumerate(self.all_blocks))
        for table, group in groupby(numbered, key=lambda one: one[1]["table"]):
            members = list(group)
            if table is None:
                for number, block in members:
                    yield from self._between(at, block["s"])
                    yield self._paragraph(number, block)
                    at = block["e"]
            else:
                yield from self._between(at, members[0][1]["s"])
                yield self._table(members)
                at = members[-1][1]["e"]
        yield from self._between(at, len(self.text))

    def _between(self, start: int, end: int) -> Iterator[str]:
        """Yield what stands between blocks, where it is more than a line's end."""
        if end > start and self.text[start:end].strip():
            yield f"<p>{escape(self.text[start:end])}</p>\n"

    def _paragraph(self, number: int, block: Mapping[str, Any]) -> str:
        level = f" h{min(int(block['level']), 4)}" if block["level"] else ""
        role = "" if block["role"] == "paragraph" else f" r-{escape(block['role'])}"
        return f'<p class="b{level}{role}">{self._content(number, block)}</p>\n'

    def _table(self, members: Sequence[tuple[int, Mapping[str, Any]]]) -> str:
        rows = []
        for _row, cells in groupby(members, key=lambda one: one[1]["row"]):
            written, column = [], 0
            for place, parts in groupby(cells, key=lambda one: one[1]["column"]):
                written.append("<td></td>" * max(0, (place or 0) - column))
                inner = "<br>".join(self._content(number, block) for number, block in parts)
                written.append(f"<td>{inner}</td>")
                column = (place or 0) + 1
            rows.append(f"<tr>{''.join(written)}</tr>\n")
        return f'<div class="b-table"><table>{"".join(rows)}</table></div>\n'

    def _content(self, number: int, block: Mapping[str, Any]) -> str:
        at, end = block["s"], block["e"]
        begins = [one for start, one in self.speeches.items() if at <= start < max(end, at + 1)]
        pieces = [f'<span id="speech-{int(one)}"></span>' for one in begins]
        for index in self.of_block.get(number, ()):
            one = self.sentences[index]
            pieces += (escape(self.text[at : one["s"]]), self._sentence(index, one))
            at = one["e"]
        pieces.append(escape(self.text[at:end]))
        return "".join(pieces)

    def _sentence(self, index: int, one: Mapping[str, Any]) -> str:
        label = escape(self.labels[index])
        inner = self._marked(one["s"], one["e"], self.marks.get(index, ()))
        return f'<span class="s l-{label}" id="s{index}" data-l="{label}">{inner}</span>'

    def _marked(self, start: int, end: int, marks: Sequence[_Mark]) -> str:
        if not marks:
            return escape(self.text[start:end])
        cuts = {start, end}
        for mark in marks:
            cuts.update(place for place in (mark.start, mark.end) if start < place < end)
        places = sorted(cuts)
        pieces = []
        for begin, stop in pairwise(places):
            kinds = sorted({mark.kind for mark in marks if mark.start <= begin and stop <= mark.end})
            words = escape(self.text[begin:stop])
            pieces.append(f'<u class="{" ".join(kinds)}">{words}</u>' if kinds else words)
        return "".join(pieces)


def _marks_of(said: Mapping[str, Any]) -> Iterator[_Mark]:
    for name, kind in FIELDS.items():
        for one in said.get(name, ()):
            if one["s"] is not None and one["e"] is not None:
                implied = " f-implied" if one.get("implied") else ""
                yield _Mark(one["s"], one["e"], f"f-{kind}{implied}")
