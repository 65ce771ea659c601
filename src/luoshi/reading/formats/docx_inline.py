"""The visible text of one Word paragraph: runs, field results, symbols, breaks; without what is hidden."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from luoshi.reading.formats.docx_package import W, flag, value
from luoshi.reading.formats.docx_styles import Styles
from luoshi.reading.formats.numbering_formats import formatted

if TYPE_CHECKING:
    from lxml.etree import _Element

__all__ = ["Inline", "fields_balance"]

_BOX: Final = W + "txbxContent"
_FIELD: Final = W + "fldChar"
_MATH: Final = "{http://schemas.openxmlformats.org/officeDocument/2006/math}t"
_RUN: Final = W + "r"
_SPACE: Final = "{http://www.w3.org/XML/1998/namespace}space"
_TEXT: Final = W + "t"
_SIGNS: Final = {
    W + "tab": "\t",
    W + "ptab": "\t",
    W + "br": "\n",
    W + "cr": "\n",
    W + "noBreakHyphen": "-",
}
_NO_TEXT: Final = frozenset(
    W + name for name in ("pPr", "rPr", "sdtPr", "sdtEndPr", "smartTagPr", "customXmlPr", "fldData", "rubyPr", "rt")
)
_NOTES: Final = {W + "footnoteReference": "footnotes", W + "endnoteReference": "endnotes"}
_SHAPES: Final = frozenset(W + name for name in ("drawing", "pict", "object"))
_ENCLOSED: Final = re.compile(r"\s*eq\s*\\o\s*\\ac\s*\(\s*([^,，\s]+)\s*[,，]\s*([^()]{1,9}?)\s*\)\s*\Z", re.IGNORECASE)
_WHITE: Final = str.maketrans("\t\r\n", "   ", "\u00ad")
_PRIVATE: Final = 0xF000
_PICTURE_FONTS: Final = {
    "wingdings": {0x6C: "●", 0x6E: "■", 0xA8: "□", 0xFB: "✗", 0xFC: "✓", 0xFD: "☒", 0xFE: "☑"},
    "wingdings 2": {0x4F: "✗", 0x50: "✓", 0x51: "☒", 0x52: "☑", 0xA3: "□"},
    "symbol": {0xB1: "±", 0xB3: "≥", 0xA3: "≤", 0xB4: "\u00d7", 0xB7: "·", 0xB0: "°", 0xB9: "≠"},
}
"""Signs of fonts that are not text, as far as forms use them."""


@dataclass(slots=True)
class _Field:
    """A field that has begun; what stands before its separator is its instruction, not text."""

    instruction: list[str] = field(default_factory=list)
    shown: bool = False


class Inline:
    """Reads paragraphs one after another; a field may begin in one and end in a later one.

    `boxes` gathers the text boxes met, `notes` the kind and id of the notes referred to; whoever reads a paragraph
    empties them.
    """

    def __init__(self, styles: Styles) -> None:
        self.boxes: list[_Element] = []
        self.notes: list[tuple[str, str]] = []
        self._styles = styles
        self._fields: list[_Field] | None = []
        self._pieces: list[str] = []
        self._style: str | None = None

    def begin(self, root: _Element) -> None:
        """Begin a part of the file or a text box; where its fields do not close, its marks of fields are ignored."""
        self._fields = [] if fields_balance(root) else None

    def text(self, paragraph: _Element) -> str:
        """Return a paragraph's visible text, lines separated by line feeds."""
        self._pieces = []
        self._style = value(paragraph.find(W + "pPr"), "pStyle")
        self._walk(paragraph)
        return "".join(self._pieces)

    def _walk(self, element: _Element) -> None:
        for child in element:
            tag = child.tag
            if tag == _RUN:
                self._run(child)
            elif tag == _MATH:
                self._say(child.text or "")
            elif tag in _SHAPES:
                self._shape(child)
            elif tag not in _NO_TEXT and not _is_placeholder(child):
                self._walk(child)

    def _run(self, run: _Element) -> None:
        hidden = self._styles.hidden(run.find(W + "rPr"), self._style)
        for child in run:
            tag = child.tag
            if tag == _FIELD:
                self._field(child.get(W + "fldCharType", ""))
            elif tag == W + "instrText":
                self._instruct(child.text or "")
            elif hidden:
                continue
            elif tag == _TEXT:
                self._say(_written(child))
            else:
                self._part(child)

    def _part(self, child: _Element) -> None:
        tag = str(child.tag)
        if tag in _SIGNS:
            self._say(_SIGNS[tag])
        elif tag in _NOTES:
            self.notes.append((_NOTES[tag], child.get(W + "id", "")))
        elif tag in _SHAPES:
            self._shape(child)
        elif tag == W + "sym":
            self._say(_symbol(child))
        elif tag == W + "ruby":
            self._walk(child)

    def _say(self, text: str) -> None:
        if not self._fields or all(open_.shown for open_ in self._fields):
            self._pieces.append(text)

    def _field(self, kind: str) -> None:
        if self._fields is None:
            return
        if kind == "begin":
            self._fields.append(_Field())
        elif self._fields and kind == "separate":
            self._fields[-1].shown = True
        elif self._fields and kind == "end":
            ended = self._fields.pop()
            if not ended.shown:
                self._say(_enclosed("".join(ended.instruction)))

    def _instruct(self, text: str) -> None:
        if self._fields and not self._fields[-1].shown:
            self._fields[-1].instruction.append(text)

    def _shape(self, shape: _Element) -> None:
        """Gather the text boxes of a drawing, not those inside them; looked for with a stack, for drawings nest."""
        waiting = [shape]
        while waiting:
            element = waiting.pop()
            if element.tag == _BOX:
                self.boxes.append(element)
            else:
                waiting += reversed(element)


def fields_balance(root: _Element) -> bool:
    """Tell whether every field of a part that begins also ends."""
    depth = 0
    for mark in root.iter(_FIELD):
        kind = mark.get(W + "fldCharType")
        depth += (kind == "begin") - (kind == "end")
        if depth < 0:
            return False
    return depth == 0


def _written(element: _Element) -> str:
    text = element.text or ""
    if element.get(_SPACE) != "preserve":
        text = text.strip(" \t\r\n")
    return text.translate(_WHITE)


def _is_placeholder(element: _Element) -> bool:
    """Tell whether a content control still shows its 单击此处输入文字."""
    return element.tag == W + "sdt" and bool(flag(element.find(W + "sdtPr"), "showingPlcHdr"))


def _symbol(element: _Element) -> str:
    """Return the character of a `w:sym`; of a picture font only the signs that forms use."""
    try:
        code = int(element.get(W + "char", ""), 16)
    except ValueError:
        return ""
    signs = _PICTURE_FONTS.get(element.get(W + "font", "").lower())
    if signs is not None:
        return signs.get(code & 0xFF, "")
    code -= _PRIVATE if _PRIVATE <= code <= _PRIVATE + 0xFF else 0
    return chr(code) if 0x20 <= code < 0xD800 or 0xE000 <= code < 0xFFFE else ""


def _enclosed(instruction: str) -> str:
    r"""Return what Word draws for its enclosed characters, `eq \o\ac(○,1)`, and "" for other fields without result."""
    found = _ENCLOSED.match(instruction)
    if found is None:
        return ""
    inner = found[2]
    if found[1] in {"○", "〇", "◯"} and inner.isascii() and inner.isdigit() and 0 < int(inner) <= 20:
        return formatted(int(inner), "decimalEnclosedCircle")
    return inner
