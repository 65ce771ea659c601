"""Tables as a workbook for Excel, WPS and LibreOffice.

Every text is written as a text, whatever it begins with: a cell of a written workbook never computes. A text that
could become a formula when somebody edits the cell or saves the sheet as CSV also carries the quote prefix.
"""

from __future__ import annotations

import datetime as dt
import io
import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, Final

from luoshi.gongwen import layout
from luoshi.gongwen.marks import CUT_MARK, EMPTY, OVERLONG_MARK, QUERY_MARK, cut_to_units, is_marked, legend
from luoshi.gongwen.measure import count_lines, text_width
from luoshi.gongwen.package import UNDATED, deliver
from luoshi.gongwen.table import CHECK_MARK, CellValue, Column, Sheet, as_cell, clean_text, shown_text
from luoshi.words import Language, Words

__all__ = ["MAX_CELL_UNITS", "MAX_ROWS", "sheet_names", "write_xlsx"]

MAX_ROWS: Final = 1_000_000
"""Rows of one sheet; the format ends at 1,048,576 lines, of which the title and the notes take some."""

MAX_CELL_UNITS: Final = 32_767
"""UTF-16 units of text that one cell can hold."""

MAX_LINE_FEEDS: Final = 253
"""Line breaks that one cell can hold; further ones become spaces."""

MAX_ROW_POINTS: Final = 408.75
"""Height of a row that no spreadsheet exceeds."""

MAX_COMMENTS: Final = 2_000
"""Comments on one sheet: each costs the more time the further down it stands. The foot of the sheet says so."""

STREAMED_ROWS: Final = 20_000
"""Sheets longer than this are written row by row through a temporary file, which costs speed and saves memory."""

TITLE_POINTS: Final = 20.0
SOURCE_POINTS: Final = 11.0
BODY_POINTS: Final = 11.0
SHRUNK_POINTS: Final = (11.0, 10.0, 9.0, 8.0)
"""Sizes that are tried, in this order, until a long text fits the tallest row."""

LINE_FACTOR: Final = 1.32
"""Height of a line over the size of its type, for the tallest of the faces in use."""

OVERLONG_CHARACTERS: Final = 800
"""A text too long for its row is printed under the table in pieces of this many characters."""

ROW_PADDING_POINTS: Final = 7.0
SIDE_PADDING_POINTS: Final = 6.0
_SPARE: Final = 0.86
"""Share of a column's width that is counted on: the faces that take the place of 宋体 set the same text wider."""
LOW_COLOUR: Final = "#FFE699"
HEAD_COLOUR: Final = "#DDEBF7"
PRINT_MARGIN_MM: Final = 13.0

_A4 = 9
_PIXELS_PER_CHARACTER, _PIXELS_BESIDE, _POINTS_PER_PIXEL = 7, 5, 0.75
_OPENS_FORMULA = ("=", "+", "-", "@", "\t", "\uff1d", "\uff0b", "\uff0d", "\uff20")  # and their full-width twins
_EXACT_INTEGER = 2**53
_FIRST_YEAR = 1900
_MAX_NAME_UNITS = 31
_NOT_IN_NAMES = re.compile(r"[\[\]:*?/\\]")
_COMMENTS_END = Words(
    f"待核原因写在批注中；本表待核处较多，只有前{MAX_COMMENTS}处附批注。",
    f"Comments give the reasons for checking; only the first {MAX_COMMENTS} marked cells of this sheet have one.",
)
_PAGE_FOOTER = Words("&C第 &P 页，共 &N 页", "&CPage &P of &N")


def write_xlsx(
    sheets: Sequence[Sheet],
    target: Path | BinaryIO,
    *,
    title: str = "",
    language: Language = "zh",
    created: dt.datetime | None = None,
) -> None:
    """Write the sheets into one workbook, each ready to be printed on landscape A4.

    `title` and `created` are properties of the file. The same sheets give the same bytes: without `created` the file
    names the first day that its format can name. Raises ValueError when there is no sheet or more rows than a sheet
    can hold, and OSError when the target cannot be written.
    """
    from xlsxwriter import Workbook  # noqa: PLC0415 — heavy, and not every run needs it

    if not sheets:
        raise ValueError("A workbook needs at least one sheet.")
    if any(len(sheet.rows) > MAX_ROWS for sheet in sheets):
        raise ValueError(f"A sheet holds at most {MAX_ROWS} rows.")
    buffer = io.BytesIO()
    streamed = any(len(sheet.rows) > STREAMED_ROWS for sheet in sheets)
    workbook = Workbook(buffer, _options(streamed=streamed))
    workbook.set_properties({"title": clean_text(title)[:255], "created": created or UNDATED})
    formats = _Formats(workbook)
    for name, sheet in zip(sheet_names([sheet.name for sheet in sheets], language), sheets, strict=True):
        _SheetWriter(workbook.add_worksheet(name), formats, sheet, language).write()
    workbook.close()
    deliver(buffer.getvalue(), target)


def sheet_names(names: Sequence[str], language: Language = "zh") -> list[str]:
    """Return names that a spreadsheet takes: 31 UTF-16 units, no brackets, no `: * ? /` or backslash, no two alike.

    Names that differ only in case are alike to a spreadsheet.
    """
    taken: set[str] = {"history"}  # Excel keeps this name for itself
    result = []
    for number, name in enumerate(names, 1):
        wanted = _NOT_IN_NAMES.sub(" ", clean_text(name).replace("\n", " ").replace("\t", " ")).strip("' ")
        wanted = wanted or Words(f"表{number}", f"Sheet {number}").in_(language)
        result.append(_free_name(wanted, taken))
        taken.add(result[-1].casefold())
    return result


def _free_name(wanted: str, taken: set[str]) -> str:
    name, count = cut_to_units(wanted, _MAX_NAME_UNITS, "…"), 1
    while name.casefold() in taken:
        count += 1
        name = cut_to_units(wanted, _MAX_NAME_UNITS - len(f" ({count})"), "…") + f" ({count})"
    return name


def _options(*, streamed: bool) -> dict[str, Any]:
    return {
        "constant_memory": streamed,
        "in_memory": not streamed,
        "strings_to_formulas": False,
        "strings_to_numbers": False,
        "strings_to_urls": False,
    }


class _Formats:
    """The cell formats of one workbook, each made once."""

    def __init__(self, workbook: Any) -> None:
        self._workbook = workbook
        self._made: dict[tuple[tuple[str, object], ...], Any] = {}

    def get(self, **properties: object) -> Any:
        key = tuple(sorted(properties.items()))
        if key not in self._made:
            common = {"text_wrap": True, "valign": "vcenter", "font_name": layout.NUMBER_FACE, "font_size": BODY_POINTS}
            self._made[key] = self._workbook.add_format(common | properties)
        return self._made[key]


@dataclass(frozen=True, slots=True)
class _Fitted:
    """A text as its cell takes it: how large it is set, and how high it stands."""

    text: str
    points: float
    height: float


class _SheetWriter:
    """Writes one sheet from top to bottom; rows are never touched twice, so that they can be streamed."""

    def __init__(self, worksheet: Any, formats: _Formats, sheet: Sheet, language: Language) -> None:
        self._worksheet = worksheet
        self._formats = formats
        self._sheet = sheet
        self._language = language
        self._last_column = len(sheet.columns) - 1
        self._widths = [_points_of(column) for column in sheet.columns]
        self._line = 0
        self._first_row = 0
        self._overlong: list[str] = []
        self._comments = 0

    def write(self) -> None:
        for place, column in enumerate(self._sheet.columns):
            self._worksheet.set_column(place, place, column.width)
        self._banner(self._sheet.title, TITLE_POINTS, font_name=layout.TITLE_FACE, align="center")
        self._banner(self._sheet.source, SOURCE_POINTS, font_name=layout.SUBHEADING_FACE, align="center")
        head = self._line
        self._head()
        self._first_row = self._line
        for row in self._sheet.rows:
            self._row([as_cell(cell) for cell in row])
        last = self._line - 1
        self._foot()
        self._worksheet.freeze_panes(head + 1, 0)
        self._worksheet.autofilter(head, 0, last, self._last_column)
        self._page(head)

    def _page(self, head: int) -> None:
        sheet, margin = self._worksheet, layout.mm_to_inches(PRINT_MARGIN_MM)
        sheet.set_landscape()
        sheet.set_paper(_A4)
        sheet.set_margins(left=margin, right=margin, top=margin, bottom=margin * 1.5)
        sheet.center_horizontally()
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(head)
        sheet.print_area(0, 0, self._line - 1, self._last_column)
        sheet.set_footer(_PAGE_FOOTER.in_(self._language), {"margin": margin * 0.6})
        sheet.ignore_errors({"number_stored_as_text": f"A1:XFD{self._line}"})

    def _banner(self, text: str, points: float, **properties: object) -> None:
        """Write a line across all columns; nothing for an empty text."""
        text = cut_to_units(clean_text(text).strip(), MAX_CELL_UNITS, CUT_MARK.in_(self._language))
        if not text:
            return
        fitted = _fit(text, sum(self._widths), (points,))
        style = self._formats.get(font_size=points, quote_prefix=_opens_formula(text), **properties)
        self._worksheet.set_row(self._line, min(fitted.height, MAX_ROW_POINTS))
        if self._last_column:
            self._worksheet.merge_range(self._line, 0, self._line, self._last_column, "", style)
        self._worksheet.write_string(self._line, 0, text, style)
        self._line += 1

    def _head(self) -> None:
        style = self._formats.get(font_name=layout.HEADING_FACE, align="center", border=1, bg_color=HEAD_COLOUR)
        titles = [clean_text(column.title) for column in self._sheet.columns]
        heights = [_fit(text, width, (BODY_POINTS,)).height for text, width in zip(titles, self._widths, strict=True)]
        self._worksheet.set_row(self._line, min(max(*heights, 28.0), MAX_ROW_POINTS))
        for place, text in enumerate(titles):
            self._worksheet.write_string(self._line, place, text, style)
        self._line += 1

    def _foot(self) -> None:
        if not self._sheet.rows:
            self._banner(EMPTY.in_(self._language), BODY_POINTS, align="center")
        for text in self._overlong:
            for start in range(0, len(text), OVERLONG_CHARACTERS):
                self._banner(text[start : start + OVERLONG_CHARACTERS], BODY_POINTS - 1, align="left")
        if self._comments > MAX_COMMENTS:
            self._banner(_COMMENTS_END.in_(self._language), BODY_POINTS - 1, align="left")
        self._banner(self._sheet.footnote, BODY_POINTS - 1, align="left")
        marks = (CHECK_MARK.in_(self._language), QUERY_MARK)
        self._banner(legend(self._sheet, self._language, *marks), BODY_POINTS - 1, align="left")

    def _row(self, cells: Sequence[CellValue]) -> None:
        height = 0.0
        for place, column in enumerate(self._sheet.columns):
            cell = cells[place] if place < len(cells) else CellValue("")
            height = max(height, self._cell(place, column, cell))
        self._worksheet.set_row(self._line, min(max(height, 22.0), MAX_ROW_POINTS))
        self._line += 1

    def _cell(self, place: int, column: Column, cell: CellValue) -> float:
        """Write one cell and return the height that it needs."""
        marked = is_marked(column, cell)
        fitted = self._fitted(cell, place, marked=marked)
        properties: dict[str, object] = {"align": column.align, "border": 1, "font_size": fitted.points}
        if marked:
            properties["bg_color"] = LOW_COLOUR
        if fitted.height > MAX_ROW_POINTS:
            properties["valign"] = "top"
        self._value(place, cell, fitted.text, properties, marked=marked)
        note = clean_text(cell.note).strip()
        if marked and note:
            self._comments += 1
            if self._comments <= MAX_COMMENTS:
                self._comment(place, note)
        return fitted.height

    def _fitted(self, cell: CellValue, place: int, *, marked: bool) -> _Fitted:
        cut_mark = CUT_MARK.in_(self._language)
        text = cut_to_units(shown_text(cell, self._language, marked=marked), MAX_CELL_UNITS, cut_mark)
        text = " ".join(text.rsplit("\n", max(text.count("\n") - MAX_LINE_FEEDS, 0)))
        fitted = _fit(text, self._widths[place], SHRUNK_POINTS)
        if fitted.height > MAX_ROW_POINTS:
            self._overlong.append(self._place_name(place) + text)
            text = OVERLONG_MARK.in_(self._language) + text
        return _Fitted(cut_to_units(text, MAX_CELL_UNITS, cut_mark), fitted.points, fitted.height)

    def _place_name(self, place: int) -> str:
        row, column = self._line - self._first_row + 1, clean_text(self._sheet.columns[place].title)
        return Words(f"附：第{row}行“{column}”全文：", f"Row {row}, {column}, in full: ").in_(self._language)

    def _value(self, place: int, cell: CellValue, text: str, properties: dict[str, object], *, marked: bool) -> None:
        """Write a number or a day as such, so that it sorts; its mark then stands in the number format."""
        value, worksheet, line = cell.text, self._worksheet, self._line
        kind = self._number_format(cell, place, marked=marked)
        if kind and isinstance(value, dt.date):
            day = dt.date(value.year, value.month, value.day)
            worksheet.write_datetime(line, place, day, self._formats.get(num_format=kind, **properties))
        elif kind:
            worksheet.write_number(line, place, value, self._formats.get(num_format=kind, **properties))
        elif text:
            style = self._formats.get(quote_prefix=_opens_formula(text), **properties)
            worksheet.write_string(line, place, text, style)
        else:
            worksheet.write_blank(line, place, None, self._formats.get(**properties))

    def _number_format(self, cell: CellValue, place: int, *, marked: bool) -> str:
        """Return "" for what is written as text: words, and numbers for which a spreadsheet would show ####."""
        mark = QUERY_MARK if marked else ""
        shown = shown_text(cell, self._language, marked=False) + mark
        if isinstance(cell.text, str) or text_width(shown) * BODY_POINTS > self._widths[place]:
            return ""
        pattern = _pattern_of(cell.text)
        return f'{pattern}"{mark}"' if pattern and mark else pattern

    def _comment(self, place: int, note: str) -> None:
        note = cut_to_units(note, MAX_CELL_UNITS, CUT_MARK.in_(self._language))
        lines = count_lines(note, 18)
        options = {"font_name": layout.NUMBER_FACE, "font_size": 9, "width": 240, "height": 20 + 16 * min(lines, 20)}
        self._worksheet.write_comment(self._line, place, note, options)


def _points_of(column: Column) -> float:
    """Return the room for text in a column, in points."""
    pixels = column.width * _PIXELS_PER_CHARACTER + _PIXELS_BESIDE
    return pixels * _POINTS_PER_PIXEL - SIDE_PADDING_POINTS


def _fit(text: str, width: float, sizes: Iterable[float]) -> _Fitted:
    """Set a text in the first of the sizes at which it fits a row, else in the last; the height may be too great."""
    fitted = _Fitted(text, BODY_POINTS, 0)
    for points in sizes:
        height = count_lines(text, width * _SPARE / points) * points * LINE_FACTOR + ROW_PADDING_POINTS
        fitted = _Fitted(text, points, height)
        if height <= MAX_ROW_POINTS:
            break
    return fitted


def _opens_formula(text: str) -> bool:
    return text.startswith(_OPENS_FORMULA)


def _pattern_of(value: float | dt.date) -> str:
    """Return how a value is shown that a spreadsheet can hold exactly, "" for another."""
    if isinstance(value, dt.date):
        return "yyyy-mm-dd" if value.year >= _FIRST_YEAR else ""
    exact = abs(value) <= _EXACT_INTEGER if isinstance(value, int) else math.isfinite(value)
    return "General" if exact else ""
