"""A table as a document for Word, WPS and LibreOffice, in the national layout of official documents."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import replace
from html import escape
from pathlib import Path
from typing import BinaryIO, Final

from luoshi.gongwen import layout
from luoshi.gongwen.docx_parts import NAMESPACES, SECTION, fixed_parts
from luoshi.gongwen.grid import CELL_PADDING_POINTS, TABLE_POINTS, Grid, share_page
from luoshi.gongwen.layout import mm_to_points, points_to_twips
from luoshi.gongwen.marks import EMPTY, check_reasons, is_marked, legend
from luoshi.gongwen.measure import count_lines
from luoshi.gongwen.package import UNDATED, archive, deliver
from luoshi.gongwen.table import CHECK_MARK, CellValue, Column, Sheet, as_cell, clean_text, shown_text
from luoshi.words import Language, Words

__all__ = ["paragraph", "table_xml", "write_docx_table"]

LOW_COLOUR: Final = "FFE699"
HEAD_COLOUR: Final = "E7E6E6"

TALL_ROW_POINTS: Final = 0.6 * mm_to_points(layout.LANDSCAPE_TYPE_HEIGHT_MM)
"""A row that needs more may break across pages; kept whole it would leave half a page empty, or lose its end."""

MEASURED_CHARACTERS: Final = 4_000
"""The beginning of a text that is measured; a longer one is taller than a page in any column."""

_AFTER_TABLE = (  # Word wants a paragraph after the last table; a full line could start a page of its own
    '<w:p><w:pPr><w:pStyle w:val="Note"/><w:spacing w:before="0" w:after="0" w:line="20" w:lineRule="exact"/></w:pPr>'
    "</w:p>"
)
_LINE_FACTOR = 1.3
_REASONS = Words("待核说明：", "To be checked:")
_CHINESE = re.compile("[\u2e80-\uffef]")
_CHINESE_MARKS = '<w:rFonts w:hint="eastAsia"/>'  # else “ ” … — come from the Latin face
_BREAK = re.compile("([\n\t])")
_BREAK_ELEMENTS = {"\n": "<w:br/>", "\t": "<w:tab/>"}


def write_docx_table(
    sheet: Sheet,
    target: Path | BinaryIO,
    *,
    title: str = "",
    language: Language = "zh",
    created: dt.datetime | None = None,
) -> None:
    """Write one sheet as a landscape table after GB/T 9704.

    `title` (else the sheet's) and `created` are properties of the file. Why cells are to be checked is listed under
    the table. The same sheet gives the same bytes: without `created` the file names the first day that its format can
    name. Raises OSError when the target cannot be written.
    """
    grid = share_page(sheet, language)
    parts = fixed_parts(
        title=clean_text(title or sheet.title), created=created or UNDATED, size=grid.size, language=language
    )
    parts["word/document.xml"] = _document(sheet, grid, language)
    deliver(archive(parts), target)


def _document(sheet: Sheet, grid: Grid, language: Language) -> str:
    return (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
        f"<w:document {NAMESPACES}><w:body>{table_xml(sheet, grid, language)}{SECTION}</w:body></w:document>"
    )


def table_xml(sheet: Sheet, grid: Grid, language: Language) -> str:
    """Return a sheet with its title and notes, as it stands in the body of a document with landscape pages."""
    above = paragraph("Title", sheet.title) + paragraph("Subtitle", sheet.source)
    rows = "".join(_row(sheet.columns, [as_cell(cell) for cell in row], grid, language) for row in sheet.rows)
    table = _table_head(sheet, grid) + (rows or _empty_row(sheet.columns, language)) + "</w:tbl>"
    return above + table + ("".join(paragraph("Note", line) for line in _notes(sheet, language)) or _AFTER_TABLE)


def _notes(sheet: Sheet, language: Language) -> list[str]:
    reasons = check_reasons(sheet, language)
    lines = [*clean_text(sheet.footnote).split("\n"), legend(sheet, language, CHECK_MARK.in_(language))]
    return [*lines, _REASONS.in_(language), *reasons] if reasons else lines


def paragraph(style: str, text: str, properties: str = "", run: str = "") -> str:
    """Return one paragraph with a style, nothing for an empty text.

    `properties` and `run` are what it has beyond the style, for the paragraph and its text, in the schema's order.
    """
    text = clean_text(text).strip()
    return f'<w:p><w:pPr><w:pStyle w:val="{style}"/>{properties}</w:pPr>{_run(text, run)}</w:p>' if text else ""


def _run(text: str, properties: str = "") -> str:
    if not text:
        return ""
    pieces = (
        _BREAK_ELEMENTS.get(piece) or f'<w:t xml:space="preserve">{escape(piece, quote=False)}</w:t>'
        for piece in _BREAK.split(text)
        if piece
    )
    look = (_CHINESE_MARKS if _CHINESE.search(text) else "") + properties
    return f"<w:r>{f'<w:rPr>{look}</w:rPr>' if look else ''}{''.join(pieces)}</w:r>"


# --- the table ----------------------------------------------------------------------------------------------------


def _table_head(sheet: Sheet, grid: Grid) -> str:
    edges = "".join(
        f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="auto"/>'
        for side in ("top", "left", "bottom", "right", "insideH", "insideV")
    )
    padding = points_to_twips(CELL_PADDING_POINTS)
    caption = escape(clean_text(sheet.title or sheet.name).replace("\n", " "))
    columns = "".join(f'<w:gridCol w:w="{points_to_twips(width)}"/>' for width in grid.widths)
    cells = "".join(
        _cell(width, "TableHead", clean_text(column.title), HEAD_COLOUR)
        for column, width in zip(sheet.columns, grid.widths, strict=True)
    )
    return (
        f'<w:tbl><w:tblPr><w:tblW w:w="{points_to_twips(sum(grid.widths))}" w:type="dxa"/><w:jc w:val="center"/>'
        f'<w:tblBorders>{edges}</w:tblBorders><w:tblLayout w:type="fixed"/>'
        f'<w:tblCellMar><w:left w:w="{padding}" w:type="dxa"/><w:right w:w="{padding}" w:type="dxa"/></w:tblCellMar>'
        '<w:tblLook w:val="0620" w:firstRow="1" w:lastRow="0" w:firstColumn="0" w:lastColumn="0" w:noHBand="1" '
        f'w:noVBand="1"/><w:tblCaption w:val="{caption}"/></w:tblPr><w:tblGrid>{columns}</w:tblGrid>'
        f"<w:tr><w:trPr><w:cantSplit/><w:tblHeader/></w:trPr>{cells}</w:tr>"
    )


def _row(columns: Sequence[Column], cells: Sequence[CellValue], grid: Grid, language: Language) -> str:
    written, height = [], 0.0
    for place, (column, width) in enumerate(zip(columns, grid.widths, strict=True)):
        cell = _dated(cells[place], language) if place < len(cells) else CellValue("")
        marked = is_marked(column, cell)
        text = shown_text(cell, language, marked=marked)
        style = "TableCentred" if column.align == "center" else "TableText"
        written.append(_cell(width, style, text, LOW_COLOUR if marked else ""))
        height = max(height, count_lines(text[:MEASURED_CHARACTERS], grid.room(place)) * grid.size * _LINE_FACTOR)
    whole = "<w:trPr><w:cantSplit/></w:trPr>" if height <= TALL_ROW_POINTS else ""
    return f"<w:tr>{whole}{''.join(written)}</w:tr>"


def _dated(cell: CellValue, language: Language) -> CellValue:
    """Write days out as Chinese official documents do; an English page keeps figures."""
    day = cell.text
    if language == "zh" and isinstance(day, dt.date):
        return replace(cell, text=f"{day.year}年{day.month}月{day.day}日")
    return cell


def _cell(width: float, style: str, text: str, colour: str = "", span: int = 1) -> str:
    across = f'<w:gridSpan w:val="{span}"/>' if span > 1 else ""
    shade = f'<w:shd w:val="clear" w:color="auto" w:fill="{colour}"/>' if colour else ""
    return (
        f'<w:tc><w:tcPr><w:tcW w:w="{points_to_twips(width)}" w:type="dxa"/>{across}{shade}<w:vAlign w:val="center"/>'
        f'</w:tcPr><w:p><w:pPr><w:pStyle w:val="{style}"/></w:pPr>{_run(text)}</w:p></w:tc>'
    )


def _empty_row(columns: Sequence[Column], language: Language) -> str:
    return f"<w:tr>{_cell(TABLE_POINTS, 'TableCentred', EMPTY.in_(language), span=len(columns))}</w:tr>"
