"""Measures a workbook before it is read.

The reader of workbooks keeps every cell between the first and the last filled one in memory, so two filled cells in
opposite corners, or one that is repeated a million times, are enough to use up the machine. Here the filled area is
measured from the file's own marks, row by row, without keeping anything. An xls, which has no marks that can be read
as easily, is only told here; its cells are counted when it is open.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from luoshi.reading.archive import Archive, open_zip
from luoshi.reading.errors import DamagedError, TooLargeError
from luoshi.reading.formats import office
from luoshi.reading.limits import MAX_CELLS

if TYPE_CHECKING:
    from lxml.etree import _Element

__all__ = ["damaged", "refuse_oversize", "too_many_cells"]

_ODS: Final = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_MOST: Final = 1 << 20


def refuse_oversize(data: bytes) -> str:
    """Return the kind of a workbook (xlsx, xls, ods), or raise TooLargeError or DamagedError."""
    if office.is_ole(data):
        return "xls"
    archive = open_zip(data)
    is_ods = not archive.has("[Content_Types].xml")
    room = MAX_CELLS
    for name in archive.names():
        room -= _part_area(archive, name, is_ods=is_ods)
        if room < 0:
            raise too_many_cells()
    return "ods" if is_ods else "xlsx"


def too_many_cells() -> TooLargeError:
    """Return the error for a workbook over the limit."""
    return TooLargeError(
        f"工作簿超过{MAX_CELLS}个单元格，请只留下要读的工作表，另存后再读。",
        f"The workbook has more than {MAX_CELLS} cells; keep only the sheets to be read and save it anew.",
    )


def damaged() -> DamagedError:
    """Return the error for a workbook that cannot be opened."""
    return DamagedError(
        "工作簿已损坏或不完整，请用 WPS 或 Excel 打开后另存一份再读。",
        "The workbook is damaged or incomplete; open it in WPS or Excel and save it anew.",
    )


def _part_area(archive: Archive, name: str, *, is_ods: bool) -> int:
    """Return the cells between the first and the last filled one of a part, 0 for a part without cells.

    Every part is unpacked once, so that none of them is over the limits of an archive.
    """
    data = archive.read(name)
    if is_ods:
        return _ods_area(data) if name == "content.xml" else 0
    if b"sheetData" in data or "sheetData".encode("utf-16-le") in data or "sheetData".encode("utf-16-be") in data:
        return _xlsx_area(data)
    return 0


def _rows(data: bytes, row: str) -> Iterator[_Element]:
    """Yield the rows of a sheet one by one, each forgotten when the next is read."""
    from lxml import etree  # noqa: PLC0415 — heavy, and not every run needs it

    marks = etree.iterparse(
        io.BytesIO(data), events=("end",), tag=row, resolve_entities=False, no_network=True, huge_tree=True
    )
    try:
        for _, element in marks:
            yield element
            element.clear()
            while element.getprevious() is not None and (parent := element.getparent()) is not None:
                del parent[0]
    except (etree.XMLSyntaxError, ValueError) as error:
        raise damaged() from error


def _xlsx_area(data: bytes) -> int:
    """Measure a sheet whose cells name their place (B7), or stand next to the one before."""
    bottom = right = 0
    for row in _rows(data, "{*}row"):
        bottom = max(bottom + 1, _whole(row.get("r"), bottom + 1))
        column = 0
        for cell in row.iterchildren("{*}c"):
            place = cell.get("r", "")
            column = max(_column(place), column + 1) if not place else _column(place)
            bottom = max(bottom, _whole(place.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"), 0))
            right = max(right, column)
    return bottom * right


def _column(place: str) -> int:
    column = 0
    for letter in place[:4].upper():
        if not "A" <= letter <= "Z":
            break
        column = column * 26 + ord(letter) - ord("A") + 1
    return column


def _ods_area(data: bytes) -> int:
    """Measure all sheets of an OpenDocument file together; empty cells and rows at an end do not count."""
    above = bottom = right = 0
    for row in _rows(data, _ODS + "table-row"):
        repeated = _whole(row.get(_ODS + "number-rows-repeated"), 1)
        column = filled = 0
        for cell in row:
            column += _whole(cell.get(_ODS + "number-columns-repeated"), 1)
            filled = column if _is_filled(cell) else filled
        above += repeated
        if filled:
            bottom, right = above, max(right, filled)
    return bottom * right


def _is_filled(cell: _Element) -> bool:
    return len(cell) > 0 or any(name.endswith(("}value-type", "}formula")) for name in map(str, cell.keys()))


def _whole(text: str | None, otherwise: int) -> int:
    """Return a whole number, a large one where the digits have no end."""
    text = (text or "").strip()
    if not (text.isascii() and text.isdigit()):
        return otherwise
    return int(text[-20:] if len(text) <= 20 else str(_MOST * _MOST))
