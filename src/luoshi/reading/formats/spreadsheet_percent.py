"""Which cells of an xlsx are written as percentages: 0.85 shown as 85%.

The reader of workbooks gives bare values; how a number is dressed stands in the file's styles. A target of 85% must not
come in as 0.85, so the styles are looked up here, and only where one of them is a percentage.
"""

from __future__ import annotations

import io
import posixpath
import re
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from luoshi.reading.archive import Archive, open_zip, parse_xml
from luoshi.reading.formats.spreadsheet_size import damaged

if TYPE_CHECKING:
    from lxml.etree import _Element

__all__ = ["percent_cells", "shown_as_percent"]

_BUILT_IN: Final = frozenset({"9", "10"})
"""The number formats 0% and 0.00%, which every file has without saying so."""

_LITERAL: Final = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]')
_REFERENCE: Final = re.compile(r"([A-Z]{1,3})(\d{1,7})")
_RELATION: Final = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"

_Places = set[tuple[int, int]]


def percent_cells(data: bytes) -> dict[str, _Places]:
    """Return, by the name of each sheet that has any, the (row, column) of its percentages, counted from 0."""
    archive = open_zip(data)
    styles = _percent_styles(archive)
    if not styles:
        return {}
    found = {name: _places(archive.read(part), styles) for name, part in _parts(archive) if archive.has(part)}
    return {name: places for name, places in found.items() if places}


def shown_as_percent(value: str) -> str:
    """Return a bare number as the percentage that a reader of the sheet sees, other text as it is.

    >>> shown_as_percent("0.855")
    '85.5%'
    """
    if not re.fullmatch(r"-?\d+(?:\.\d+)?", value):
        return value
    return f"{(Decimal(value) * 100).normalize():f}%"


def _percent_styles(archive: Archive) -> frozenset[str]:
    """Return the numbers of the cell styles whose number format is a percentage."""
    if not archive.has("xl/styles.xml"):
        return frozenset()
    root = parse_xml(archive.read("xl/styles.xml"))
    formats = {
        str(element.get("numFmtId"))
        for element in root.iterfind(".//{*}numFmts/{*}numFmt")
        if "%" in _LITERAL.sub("", str(element.get("formatCode", "")))
    }
    dressed = _BUILT_IN | formats
    cells = root.iterfind("./{*}cellXfs/{*}xf")
    return frozenset(str(number) for number, cell in enumerate(cells) if cell.get("numFmtId") in dressed)


def _parts(archive: Archive) -> list[tuple[str, str]]:
    """Return the name of every sheet with the part that holds it."""
    relations = "xl/_rels/workbook.xml.rels"
    if not (archive.has("xl/workbook.xml") and archive.has(relations)):
        return []
    targets = {str(one.get("Id")): str(one.get("Target", "")) for one in parse_xml(archive.read(relations))}
    sheets = parse_xml(archive.read("xl/workbook.xml")).iterfind(".//{*}sheets/{*}sheet")
    return [(str(sheet.get("name")), _path(targets.get(str(sheet.get(_RELATION)), ""))) for sheet in sheets]


def _path(target: str) -> str:
    return target.lstrip("/") if target.startswith("/") else posixpath.normpath(posixpath.join("xl", target))


def _places(part: bytes, styles: frozenset[str]) -> _Places:
    """Go through a sheet's cells one by one; nothing of it is kept but the places."""
    from lxml import etree  # noqa: PLC0415 — heavy, and not every run needs it

    places: _Places = set()
    options = {"resolve_entities": False, "no_network": True, "huge_tree": False, "load_dtd": False}
    try:
        for _, cell in etree.iterparse(io.BytesIO(part), tag="{*}c", **options):
            match = _REFERENCE.fullmatch(str(cell.get("r", "")))
            if match and cell.get("s") in styles and cell.get("t", "n") == "n":
                places.add((int(match[2]) - 1, _column(match[1])))
            _forget(cell)
    except etree.XMLSyntaxError:
        raise damaged() from None
    return places


def _forget(cell: _Element) -> None:
    cell.clear()
    parent = cell.getparent()
    while parent is not None and cell.getprevious() is not None:
        del parent[0]


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1
