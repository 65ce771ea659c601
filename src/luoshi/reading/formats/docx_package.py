"""The parts of a docx file, how they refer to one another, and small helpers for their XML."""

from __future__ import annotations

import posixpath
import re
from typing import TYPE_CHECKING, Final, NamedTuple

from luoshi.reading.archive import Archive, parse_xml
from luoshi.reading.errors import DamagedError

if TYPE_CHECKING:
    from lxml.etree import _Element

__all__ = ["Package", "Relation", "W", "flag", "local", "number", "value"]

_MAIN: Final = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
W: Final = "{" + _MAIN + "}"
_RELATED: Final = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"
_STRICT: Final = (
    (b"http://purl.oclc.org/ooxml/wordprocessingml/main", _MAIN.encode()),
    (
        b"http://purl.oclc.org/ooxml/officeDocument/relationships",
        b"http://schemas.openxmlformats.org/officeDocument/2006/relationships",
    ),
    (b"http://purl.oclc.org/ooxml/officeDocument/math", b"http://schemas.openxmlformats.org/officeDocument/2006/math"),
)
"""The strict dialect differs, for what is read here, in the names of its namespaces only."""
_INTEGER: Final = re.compile(r"\s*[+-]?\d{1,9}(?:\.0*)?\s*\Z")


class Relation(NamedTuple):
    """One relation of a part: its `kind` is the last word of its type (styles, header, officeDocument)."""

    id: str
    kind: str
    target: str


class Package:
    """A docx archive seen as parts and relations."""

    def __init__(self, archive: Archive) -> None:
        self._archive = archive
        self.main = self._find_main()

    @property
    def has_macros(self) -> bool:
        """Whether the file carries a macro project (which nothing here ever opens)."""
        return any(name.lower().endswith("vbaproject.bin") for name in self._archive.names())

    def has(self, name: str) -> bool:
        """Tell whether the file has a part of this name."""
        return self._archive.has(name)

    def xml(self, name: str) -> _Element:
        """Return the root of a part, the strict dialect's namespaces rewritten to the usual ones."""
        data = self._archive.read(name)
        for strict, usual in _STRICT:
            data = data.replace(strict, usual)
        return parse_xml(data)

    def relations(self, part: str) -> list[Relation]:
        """Return the relations of a part ("" for the package itself) to other parts inside the file."""
        folder, base = posixpath.split(part)
        name = posixpath.join(folder, "_rels", base + ".rels")
        if not self._archive.has(name):
            return []
        found = []
        for element in self.xml(name).iter(_RELATED):
            if element.get("TargetMode") != "External":
                target = posixpath.normpath(posixpath.join("/", folder, element.get("Target", "")))
                kind = element.get("Type", "").rpartition("/")[2]
                found.append(Relation(element.get("Id", ""), kind, target.lstrip("/")))
        return found

    def related(self, kind: str) -> _Element | None:
        """Return the root of the main part's first relation of this kind, None where there is none to be had."""
        for relation in self.relations(self.main):
            if relation.kind == kind and self._archive.has(relation.target):
                return self.xml(relation.target)
        return None

    def core(self) -> _Element | None:
        """Return the root of the core properties, None where the file has none."""
        for relation in self.relations(""):
            if relation.kind == "core-properties" and self._archive.has(relation.target):
                return self.xml(relation.target)
        return None

    def _find_main(self) -> str:
        candidates = [relation.target for relation in self.relations("") if relation.kind == "officeDocument"]
        for name in [*candidates, "word/document.xml"]:
            if self._archive.has(name):
                return name
        raise DamagedError(
            "文件里没有正文，不是完整的 Word 文档，请用 WPS 或 Word 打开后另存一份再读。",
            "The file holds no document part; open it in WPS or Word and save it anew.",
        )


def local(element: _Element) -> str:
    """Return an element's name without its namespace."""
    return str(element.tag).rpartition("}")[2]


def value(parent: _Element | None, name: str) -> str | None:
    """Return `w:val` of the child `w:name`, None where there is no such child or value."""
    child = parent.find(W + name) if parent is not None else None
    return child.get(W + "val") if child is not None else None


def number(parent: _Element | None, name: str) -> int | None:
    """Return `w:val` of the child `w:name` as a whole number, None where it is none."""
    text = value(parent, name)
    return int(float(text)) if text is not None and _INTEGER.match(text) else None


def flag(parent: _Element | None, name: str) -> bool | None:
    """Return whether the on/off child `w:name` is on, None where it is absent."""
    child = parent.find(W + name) if parent is not None else None
    return None if child is None else child.get(W + "val", "true") not in {"0", "false", "off"}
