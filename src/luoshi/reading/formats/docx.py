"""Word documents (docx, docm, dotx; transitional and strict), read the way their reader sees them.

Paragraphs and tables in document order with their automatic numbers, text boxes after the paragraph they hang on;
then footnotes and endnotes, headers and footers. Tracked changes count as accepted; comments, hidden text and field
instructions are left out. Macros and embedded objects are never opened.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from luoshi.reading.archive import open_zip
from luoshi.reading.errors import DamagedError
from luoshi.reading.extract import Builder, Cell, Extract, Role
from luoshi.reading.formats import office
from luoshi.reading.formats.docx_inline import Inline
from luoshi.reading.formats.docx_package import Package, W, flag, local, value
from luoshi.reading.formats.docx_revisions import settle
from luoshi.reading.formats.docx_styles import Styles, list_place
from luoshi.reading.formats.docx_tables import Slot, grid
from luoshi.reading.formats.numbering import Numbering
from luoshi.words import Words

if TYPE_CHECKING:
    from lxml.etree import _Element

__all__ = ["read"]

_P: Final = W + "p"
_TABLE: Final = W + "tbl"
_ID: Final = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_PROPERTIES: Final = {"title": "title", "creator": "author", "created": "created", "modified": "modified"}
_MACROS: Final = Words(
    "文件带有宏，宏没有运行，也没有读取。", "The file carries macros; they were neither run nor read."
)
_PICTURES: Final = Words(
    "文件里只有图片没有文字，可能是扫描件；请另存为 PDF 再用文字识别读取。",
    "The file holds pictures and no text, so it may be a scan; save it as PDF and read that with recognition.",
)
_EMBEDDED: Final = Words(
    "文件里嵌入了别的文件，嵌入的内容没有读取。", "Another file is embedded in this one; what it holds was not read."
)


def read(data: bytes, name: str) -> Extract:  # noqa: ARG001 — every format is read by a call of this form
    """Read a Word document; raises ReadError (see the module) for what cannot be read."""
    office.refuse_locked(data)
    return _Reader(Package(open_zip(data))).read()


class _Reader:
    """The reading of one file."""

    def __init__(self, package: Package) -> None:
        self._package = package
        self._styles = Styles(package.related("styles"))
        self._numbering = Numbering(package.related("numbering"), self._styles)
        self._inline = Inline(self._styles)
        self._builder = Builder("docm" if package.has_macros else "docx")
        self._notes: list[tuple[str, str]] = []

    def read(self) -> Extract:
        root = self._package.xml(self._package.main)
        settle(root)
        body = root.find(W + "body")
        if body is None:
            raise DamagedError(
                "文件里没有正文，不是完整的 Word 文档，请用 WPS 或 Word 打开后另存一份再读。",
                "The file holds no document body; open it in WPS or Word and save it anew.",
            )
        self._story(body, Role.PARAGRAPH)
        self._read_notes()
        self._read_margins(root)
        self._describe(root)
        return self._builder.done()

    def _story(self, container: _Element, role: Role) -> None:
        """Append what a body or a text box holds, each text box right after the block it hangs on."""
        self._inline.begin(container)
        for item in _items(container):
            if item.tag == _P:
                self._builder.add(self._paragraph(item), role=role, level=self._styles.level(item.find(W + "pPr")))
            else:
                rows = self._rows(item)
                if rows:
                    self._builder.table(rows)
            self._notes += self._take_notes()
            for box in self._take_boxes():
                outside, self._inline = self._inline, Inline(self._styles)
                self._story(box, Role.TEXTBOX)
                self._inline = outside

    def _paragraph(self, paragraph: _Element) -> str:
        """Return a paragraph's number and text."""
        properties = paragraph.find(W + "pPr")
        text = self._inline.text(paragraph)
        place, style = list_place(properties), value(properties, "pStyle")
        if not text.strip() and flag(_mark(properties), "vanish"):
            return ""
        marker = self._numbering.marker(place, style)
        return (marker + text.lstrip()).rstrip() if marker else text

    def _rows(self, table: _Element) -> list[list[Cell]]:
        return [[self._cell(slot) for slot in row] for row in grid(table)]

    def _cell(self, slot: Slot) -> Cell:
        return Cell("\n".join(self._lines(slot.element)), slot.column, slot.row_span, slot.column_span)

    def _lines(self, container: _Element, between: str = " ") -> list[str]:
        """Return the paragraphs of a cell, note or margin; a table inside it gives a line a row."""
        lines = []
        for item in _items(container):
            if item.tag == _P:
                lines.append(self._paragraph(item).replace("\t", between).strip("\n"))
            else:
                lines += [between.join(filter(None, (cell.text for cell in row))) for row in self._rows(item)]
        return [line for line in lines if line.strip()]

    def _read_notes(self) -> None:
        """Append the notes that the text refers to, footnotes first, each as often as it is printed: once."""
        wanted = dict.fromkeys(self._notes)
        for kind in ("footnotes", "endnotes"):
            root = self._package.related(kind) if any(of == kind for of, _ in wanted) else None
            if root is None:
                continue
            settle(root)
            notes = {note.get(W + "id", ""): note for note in root}
            for of, id_ in wanted:
                if of == kind and id_ in notes:
                    self._aside(notes[id_], Role.FOOTNOTE)

    def _read_margins(self, root: _Element) -> None:
        """Append headers and then footers as far as a section shows them, equal ones once."""
        parts = {relation.id: relation.target for relation in self._package.relations(self._package.main)}
        settings = self._package.related("settings")
        both_sides = bool(flag(settings, "evenAndOddHeaders"))
        for kind, role in (("headerReference", Role.HEADER), ("footerReference", Role.FOOTER)):
            shown = dict.fromkeys(parts.get(id_, "") for id_ in _references(root, kind, even=both_sides))
            seen: set[str] = set()
            for part in shown:
                if self._package.has(part):
                    margin = self._package.xml(part)
                    settle(margin)
                    self._aside(margin, role, seen)

    def _aside(self, container: _Element, role: Role, seen: set[str] | None = None) -> None:
        """Append a note or margin, without the lines in `seen`, which grows by what is appended."""
        self._inline.begin(container)
        lines = self._lines(container, "\t")
        for box in self._take_boxes():
            lines += self._lines(box, "\t")
        self._take_boxes()
        self._take_notes()
        for line in lines:
            if seen is None or line.strip() not in seen:
                self._builder.add(line, role=role)
            if seen is not None:
                seen.add(line.strip())

    def _describe(self, root: _Element) -> None:
        core = self._package.core()
        for element in core if core is not None else ():
            name, text = _PROPERTIES.get(local(element)), (element.text or "").strip()
            if name and text:
                self._builder.properties.setdefault(name, text)
        if self._package.has_macros:
            self._builder.warnings.append(_MACROS)
        if next(root.iter(W + "altChunk"), None) is not None:
            self._builder.warnings.append(_EMBEDDED)
        pictures = next(root.iter(W + "drawing", W + "pict", W + "object"), None)
        if pictures is not None and not self._builder.done().blocks:
            self._builder.warnings.append(_PICTURES)

    def _take_boxes(self) -> list[_Element]:
        taken, self._inline.boxes = self._inline.boxes, []
        return taken

    def _take_notes(self) -> list[tuple[str, str]]:
        taken, self._inline.notes = self._inline.notes, []
        return taken


def _items(container: _Element) -> Iterator[_Element]:
    """Yield the paragraphs and tables of a container in order, through content controls and the like."""
    for child in container:
        if child.tag in {_P, _TABLE}:
            yield child
        else:
            yield from _items(child)


def _mark(properties: _Element | None) -> _Element | None:
    return properties.find(W + "rPr") if properties is not None else None


def _references(root: _Element, kind: str, *, even: bool) -> Iterator[str]:
    """Yield the relation ids of the headers (or footers) that are shown."""
    for section in root.iter(W + "sectPr"):
        first = bool(flag(section, "titlePg"))
        for reference in section.iter(W + kind):
            which = reference.get(W + "type", "default")
            if which == "default" or (which == "first" and first) or (which == "even" and even):
                yield reference.get(_ID, "")
