"""Pdf: text with its place from PDFium, and pages that are pictures through recognition.

PDFium runs neither scripts nor forms here: the form environment is never set up. A page is closed as soon as it is
read.
"""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from typing import TYPE_CHECKING, Any, Final

from luoshi.reading.errors import DamagedError, EmptyFileError, LockedError, TooLargeError
from luoshi.reading.extract import Builder, Extract, Repair
from luoshi.reading.formats.grids import Rule, part_grids
from luoshi.reading.formats.pdf_layout import PageText, page_text
from luoshi.reading.formats.pdf_rules import page_rules
from luoshi.reading.formats.sheets import Layout, Sheet
from luoshi.reading.limits import MAX_OCR_PAGES, MAX_PAGES, MAX_PIXELS
from luoshi.words import Words

if TYPE_CHECKING:
    import pypdfium2

__all__ = ["read"]

_DPI: Final = 170
_FEW: Final = 15
"""Characters that a scanned page may carry besides its picture (a stamp of the copier, a page number)."""
_OUTLINES: Final = 40
"""Drawn shapes from which a page without text may be text turned into outlines."""
_OBJECTS: Final = 2_000
"""Objects of a page that are looked at in search of pictures."""
_DATE = re.compile(r"D?:?(\d{4})(\d\d)?(\d\d)?(\d\d)?(\d\d)?(\d\d)?(?:([+-])(\d\d)'?(\d\d)?|(Z))?")
_PROPERTIES: Final = {"title": "Title", "author": "Author", "created": "CreationDate", "modified": "ModDate"}


def read(data: bytes, name: str) -> Extract:
    """Read a pdf.

    Raises LockedError for a password, DamagedError, TooLargeError for too many pages, EmptyFileError when no page shows
    a character, and MissingHelperError when every page is a picture and the extra `ocr` is not installed. Where only
    some pages are pictures and it is not installed, they are left out and named in a warning.
    """
    del name  # a pdf is known by its content
    with _opened(data) as document:
        if len(document) > MAX_PAGES:
            raise TooLargeError(
                f"文件超过{MAX_PAGES}页，请拆成几个文件再读。",
                f"The file has more than {MAX_PAGES} pages; split it into several files.",
            )
        return _Reader(document).run()


@contextmanager
def _opened(data: bytes) -> Iterator[pypdfium2.PdfDocument]:
    import pypdfium2  # noqa: PLC0415 — heavy, and not every run needs it
    from pypdfium2 import raw  # noqa: PLC0415 — as above

    if not data:
        raise EmptyFileError("文件是空的，请换一个文件。", "The file is empty; choose another file.")
    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        if error.err_code in (raw.FPDF_ERR_PASSWORD, raw.FPDF_ERR_SECURITY):
            raise LockedError(
                "文件设了密码，请先去掉密码再读。", "The file asks for a password; remove the password first."
            ) from error
        raise _damaged() from error
    try:
        yield document
    finally:
        document.close()


def _damaged() -> DamagedError:
    return DamagedError(
        "PDF 文件已损坏或不完整，请重新获取，或用阅读器打开后另存一份再读。",
        "The pdf is damaged or incomplete; get it again, or open it in a viewer and save it anew.",
    )


class _Reader:
    """One pass over the pages of one document."""

    def __init__(self, document: pypdfium2.PdfDocument) -> None:
        self._document = document
        self._builder = Builder("pdf")
        self._layout = Layout()
        self._characters = 0
        self._mended = 0
        self._broken: list[int] = []
        self._pictures: list[tuple[int, PageText]] = []

    def run(self) -> Extract:
        """Read all pages; pictures come last, so that a missing helper is only spoken of when it matters."""
        for number in range(1, len(self._document) + 1):
            self._page(number)
        if len(self._broken) == len(self._document):
            raise _damaged()
        if self._broken:
            self._warn("第{}页已损坏，没有读出。", "Damaged pages were left out: {}.", self._broken)
        if self._pictures:
            self._read_pictures()
        if not self._characters:
            raise _no_text()
        return self._finish()

    def _page(self, number: int) -> None:
        import pypdfium2  # noqa: PLC0415 — heavy, and not every run needs it

        try:
            page = self._document[number - 1]
        except pypdfium2.PdfiumError:
            self._broken.append(number)
            return
        try:
            text = page_text(page)
            if _is_picture(page, text):
                self._pictures.append((number, text))
            else:
                self._add(number, text, page_rules(page) if text.turn == 0 else ())
        except pypdfium2.PdfiumError:
            self._broken.append(number)
        finally:
            page.close()

    def _add(self, number: int, text: PageText, rules: Sequence[Rule] = ()) -> None:
        self._characters += sum(not glyph.text.isspace() for glyph in text.glyphs)
        self._mended += text.mended
        grids, rest = part_grids(rules, text.glyphs)
        self._layout.add(Sheet(number, text.width, text.height, rest, grids))

    def _read_pictures(self) -> None:
        """Recognise the pages that are pictures, or take what little text they have and say what is missing."""
        from luoshi.reading.formats import picture  # noqa: PLC0415 — heavy, and not every run needs it

        numbers = [number for number, _ in self._pictures]
        if not picture.is_installed():
            if not self._characters:
                raise picture.missing_helper()
            for number, text in self._pictures:
                self._add(number, text)
            self._warn(
                "第{}页是图片，图片里的文字没有读出；请安装 luoshi[ocr] 后再读。",
                "Pages that are pictures were left out: {}; install luoshi[ocr] to read them.",
                numbers,
            )
            return
        if len(numbers) > MAX_OCR_PAGES:
            raise TooLargeError(
                f"文件有超过{MAX_OCR_PAGES}页是图片，请拆成几个文件再读。",
                f"More than {MAX_OCR_PAGES} pages of the file are pictures; split it into several files.",
            )
        mending = picture.Mending()
        for number in numbers:
            sheet = picture.recognise(*_render(self._document, number), number=number, mending=mending)
            self._characters += len(sheet.glyphs)
            self._layout.add(sheet)
        self._builder.repairs += mending.repairs()

    def _warn(self, zh: str, en: str, numbers: Sequence[int]) -> None:
        self._builder.warnings.append(Words(zh.format(_ranges(numbers, "、")), en.format(_ranges(numbers, ", "))))

    def _finish(self) -> Extract:
        if self._mended:
            words = Words(
                f"把字体里的{self._mended}个部首字符还原成了汉字。",
                f"Turned {self._mended} radicals of the fonts back into characters.",
            )
            self._builder.repairs.append(Repair("radicals", self._mended, words))
        self._builder.properties.update(_properties(self._document))
        self._layout.fill(self._builder)
        return self._builder.done()


def _no_text() -> EmptyFileError:
    return EmptyFileError("文件里没有文字，请换一个文件。", "The file holds no text; choose another file.")


def _ranges(numbers: Sequence[int], comma: str) -> str:
    """Write page numbers with runs drawn together: 1, 3-5."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][1] + 1:
            runs[-1][1] = number
        else:
            runs.append([number, number])
    return comma.join(str(first) if first == last else f"{first}-{last}" for first, last in runs)


def _is_picture(page: pypdfium2.PdfPage, text: PageText) -> bool:
    """Tell whether what a reader sees on the page is a picture (or outlines) rather than its few characters."""
    from pypdfium2 import raw  # noqa: PLC0415 — heavy, and not every run needs it

    known = sum(not glyph.text.isspace() for glyph in text.glyphs)
    if known >= _FEW and text.unknown <= known:
        return False
    if text.unknown > known:
        return True
    kinds: Counter[int] = Counter()
    area = 0.0
    for object_ in islice(page.get_objects(max_depth=3), _OBJECTS):
        kinds[object_.type] += 1
        if object_.type == raw.FPDF_PAGEOBJ_IMAGE:
            left, bottom, right, top = object_.get_bounds()
            area = max(area, (right - left) * (top - bottom))
    if kinds[raw.FPDF_PAGEOBJ_IMAGE] and (not known or area > 0.4 * text.width * text.height):
        return True
    return not known and kinds[raw.FPDF_PAGEOBJ_PATH] >= _OUTLINES


def _render(document: pypdfium2.PdfDocument, number: int) -> tuple[Any, float]:
    """Draw a page; return its pixels (blue, green, red) and how many of them go to a point."""
    page = document[number - 1]
    try:
        width, height = page.get_size()
        scale = _DPI / 72
        if width * height * scale * scale > MAX_PIXELS:
            scale = (MAX_PIXELS / (width * height)) ** 0.5
        bitmap = page.render(scale=scale, may_draw_forms=False, rev_byteorder=False, prefer_bgrx=False)
        try:
            return bitmap.to_numpy()[:, :, :3].copy(), scale
        finally:
            bitmap.close()
    finally:
        page.close()


def _properties(document: pypdfium2.PdfDocument) -> dict[str, str]:
    found: dict[str, str] = {}
    for name, key in _PROPERTIES.items():
        value = document.get_metadata_value(key).replace("\0", "").strip()
        if name in ("created", "modified"):
            value = _iso(value)
        if value:
            found[name] = value
    return found


def _iso(date: str) -> str:
    """Return a date of pdf (D:20250301093000+08'00') in the form of ISO 8601, "" when it is none."""
    match = _DATE.match(date)
    if match is None:
        return ""
    year, month, day, hour, minute, second, sign, hours, minutes, utc = match.groups()
    zone = f"{sign}{hours}:{minutes or '00'}" if sign else "+00:00" if utc else ""
    iso = f"{year}-{month or '01'}-{day or '01'}T{hour or '00'}:{minute or '00'}:{second or '00'}{zone}"
    try:
        return dt.datetime.fromisoformat(iso).isoformat()
    except ValueError:
        return ""
