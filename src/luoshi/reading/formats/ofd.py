"""Ofd (GB/T 33190), the layout format of Chinese official documents: a zip of XML pages.

Read are the text of pages and of the templates under them, in every document body of the file, placed by boundary, CTM
and the deltas between characters. Pictures are not read; text that is only drawn (glyphs without characters) is left
out, and said so in a warning. Paths stay inside the archive by the archive's own rules.
"""

from __future__ import annotations

import datetime as dt
import math
import posixpath
from collections.abc import Iterator
from functools import lru_cache
from itertools import chain
from typing import TYPE_CHECKING, Final, NamedTuple

from luoshi.reading.archive import Archive, open_zip, parse_xml
from luoshi.reading.errors import DamagedError, EmptyFileError, TooLargeError
from luoshi.reading.extract import Builder, Extract
from luoshi.reading.formats.lines import Glyph, is_wide
from luoshi.reading.formats.sheets import Layout, Sheet
from luoshi.reading.limits import MAX_CHARACTERS, MAX_PAGES
from luoshi.words import Words

if TYPE_CHECKING:
    from lxml import etree

__all__ = ["read"]

_A4: Final = (0.0, 0.0, 210.0, 297.0)
_SIZE: Final = 4.0
"""Size of the characters, in millimetres, where the file states none."""
_FARTHEST: Final = 1e6
_TEMPLATES: Final = 64
"""Templates of one document that are kept at hand."""

Matrix = tuple[float, float, float, float, float, float]


def read(data: bytes, name: str) -> Extract:
    """Read an ofd.

    Raises DamagedError when it is no ofd or no page can be read, LockedError when its parts are encrypted,
    TooLargeError, and EmptyFileError when no page shows a character. Single pages that are missing or damaged are left
    out and counted in a warning.
    """
    del name  # an ofd is known by its content
    return _Reader(open_zip(data)).run()


class _Body(NamedTuple):
    """One document of the file: where its parts lie, what its pages are, and the page size it falls back on."""

    folder: str
    pages: list[str]
    templates: dict[str, str]
    area: tuple[float, float, float, float]


class _Reader:
    """One pass over the pages of one file."""

    def __init__(self, archive: Archive) -> None:
        self._archive = archive
        self._builder = Builder("ofd")
        self._layout = Layout()
        self._pages = 0
        self._left_out = 0
        self._drawn = 0
        self._objects = 0
        self._characters = 0
        self._template = lru_cache(maxsize=_TEMPLATES)(self._texts)

    def run(self) -> Extract:
        """Read all pages of all documents."""
        root = parse_xml(self._archive.read("OFD.xml"))
        bodies = [body for body in root if _name(body) == "DocBody"]
        for body in bodies:
            self._properties(body)
            document = self._body(body)
            for path in document.pages if document else ():
                self._page(document, path)
        if not self._pages or self._left_out == self._pages:
            raise _damaged()
        self._warn()
        if not self._characters:
            raise EmptyFileError(
                "文件里没有文字（可能是图片），请换一个文件。",
                "The file holds no text (perhaps pictures); choose another file.",
            )
        self._layout.fill(self._builder)
        return self._builder.done()

    def _body(self, body: etree._Element) -> _Body:
        root = _text(_child(body, "DocRoot"))
        folder = posixpath.dirname(root)
        document = self._load(root) if root else None
        if document is None:
            self._pages += 1
            self._left_out += 1
            return _Body(folder, [], {}, _A4)
        common = _child(document, "CommonData")
        templates = {
            part.get("ID", ""): _join(folder, part.get("BaseLoc", ""))
            for part in (common if common is not None else ())
            if _name(part) == "TemplatePage"
        }
        listed = _child(document, "Pages")
        pages = [part.get("BaseLoc", "") for part in (listed if listed is not None else ()) if _name(part) == "Page"]
        return _Body(folder, [_join(folder, page) for page in pages], templates, _area(common) or _A4)

    def _page(self, body: _Body, path: str) -> None:
        self._pages += 1
        if self._pages > MAX_PAGES:
            raise TooLargeError(
                f"文件超过{MAX_PAGES}页，请拆成几个文件再读。",
                f"The file has more than {MAX_PAGES} pages; split it into several files.",
            )
        page = self._load(path)
        if page is None:
            self._left_out += 1
            return
        left, top, width, height = _area(page) or body.area
        layers = [self._template(body.templates[key]) for key in _template_keys(page) if key in body.templates]
        glyphs: list[Glyph] = []
        for text in chain(*layers, page.iter("{*}TextObject")):
            glyphs += self._text_object(text, left, top)
        self._characters += sum(not glyph.text.isspace() for glyph in glyphs)
        self._layout.add(Sheet(self._pages, width, height, glyphs))

    def _text_object(self, text: etree._Element, left: float, top: float) -> Iterator[Glyph]:
        """Return the characters of one text object, those of slanted text apart."""
        box = _numbers(text.get("Boundary"), 4) or (0.0, 0.0, 0.0, 0.0)
        matrix = _matrix(text.get("CTM"))
        a, b, c, d, e, f = matrix
        upright = a > 0 and abs(b) < 0.05 * a
        self._objects += 1
        if self._objects > MAX_CHARACTERS:
            raise _too_many_objects()
        characters = "".join(code.text or "" for code in _children(text, "TextCode"))
        if not characters or not all(map(_has_meaning, characters)):
            self._drawn += 1
        if not upright or text.get("Visible") == "false":
            return
        size = _number(text.get("Size"), _SIZE) * math.hypot(c, d)
        for character, x, y, advance in _placed(text):
            start, base = box[0] - left + a * x + c * y + e, box[1] - top + b * x + d * y + f
            if max(abs(start), abs(base)) < _FARTHEST:
                yield Glyph(character, start, start + a * advance, base, min(max(size, 0.1), _FARTHEST))

    def _texts(self, path: str) -> list[etree._Element]:
        part = self._load(path)
        return list(part.iter("{*}TextObject")) if part is not None else []

    def _load(self, path: str) -> etree._Element | None:
        """Return one part, None when it is missing or damaged."""
        if not self._archive.has(path):
            return None
        try:
            return parse_xml(self._archive.read(path))
        except DamagedError:
            return None

    def _properties(self, body: etree._Element) -> None:
        info = _child(body, "DocInfo")
        for name, tag in (
            ("title", "Title"),
            ("author", "Author"),
            ("created", "CreationDate"),
            ("modified", "ModDate"),
        ):
            value = _text(_child(info, tag)) if info is not None else ""
            if name in ("created", "modified"):
                value = _iso(value)
            if value:
                self._builder.properties.setdefault(name, value)

    def _warn(self) -> None:
        if self._left_out:
            self._builder.warnings.append(
                Words(
                    f"有{self._left_out}页缺失或已损坏，没有读出。",
                    f"{self._left_out} pages are missing or damaged and were left out.",
                )
            )
        if self._drawn:
            self._builder.warnings.append(
                Words(
                    f"有{self._drawn}处文字只有字形、没有字符，没有读出；如有遗漏，请打印成 PDF 后用文字识别读取。",
                    f"{self._drawn} pieces of text have shapes but no characters and were left out; if something is "
                    "missing, print the file to a pdf and read that with recognition.",
                )
            )


def _placed(text: etree._Element) -> Iterator[tuple[str, float, float, float]]:
    """Return the characters of a text object with their place in it and their width."""
    size = _number(text.get("Size"), _SIZE)
    stretch = _number(text.get("HScale"), 1.0)
    x = y = 0.0
    for code in _children(text, "TextCode"):
        characters = (code.text or "").strip("\r\n\t")
        x, y = _number(code.get("X"), x), _number(code.get("Y"), y)
        across, down = _deltas(code.get("DeltaX"), len(characters)), _deltas(code.get("DeltaY"), len(characters))
        for index, character in enumerate(characters):
            width = size * stretch * (1.0 if _is_square(character) else 0.5)
            step = across[min(index, len(across) - 1)] if across else 0.0 if down else width
            if _has_meaning(character):
                last = index == len(characters) - 1
                yield character, x, y, width if last else _advance(character, width, step)
            x += step
            y += down[min(index, len(down) - 1)] if down else 0.0


def _advance(character: str, width: float, step: float) -> float:
    """Return the width of a character that is followed by `step`: Latin letters fill it, Chinese may stand spread."""
    if step <= 0 or (not _is_square(character) and step > 2 * width):
        return width
    return min(width, step) if _is_square(character) else step


def _is_square(character: str) -> bool:
    return is_wide(character) or character == "\u3000"


def _has_meaning(character: str) -> bool:
    """Tell whether a character is one, and not a stand-in for a shape of the font."""
    return character not in "\x00\ufffd\ufffe" and not "\ue000" <= character <= "\uf8ff"


def _deltas(value: str | None, most: int) -> list[float]:
    """Return the steps between characters; `g 3 2.5` stands for three steps of 2.5. No more than `most` are needed."""
    steps: list[float] = []
    parts = iter((value or "").split())
    for part in parts:
        if len(steps) >= most:
            break
        if part == "g":
            count, step = _number(next(parts, None), 0.0), _number(next(parts, None), 0.0)
            steps += [step] * min(int(max(count, 0)), most)
        else:
            steps.append(_number(part, 0.0))
    return steps


def _matrix(value: str | None) -> Matrix:
    numbers = _numbers(value, 6)
    return (numbers[0], numbers[1], numbers[2], numbers[3], numbers[4], numbers[5]) if numbers else (1, 0, 0, 1, 0, 0)


def _area(part: etree._Element | None) -> tuple[float, float, float, float] | None:
    """Return left, top, width and height of a page area in millimetres, None where none is stated."""
    area = _child(part, "Area") if part is not None and _name(part) == "Page" else _child(part, "PageArea")
    for tag in ("PhysicalBox", "CropBox"):
        box = _numbers(_text(_child(area, tag)), 4)
        if box and 1 < box[2] < _FARTHEST and 1 < box[3] < _FARTHEST:
            return (box[0], box[1], box[2], box[3])
    return None


def _template_keys(page: etree._Element) -> list[str]:
    return [part.get("TemplateID", "") for part in _children(page, "Template")]


def _join(folder: str, path: str) -> str:
    """Return the place of a part; one that points out of the archive names nothing there."""
    path = path.strip().replace("\\", "/")
    return path if path.startswith("/") else posixpath.normpath(posixpath.join(folder, path))


def _name(part: etree._Element) -> str:
    tag = part.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def _children(part: etree._Element | None, name: str) -> list[etree._Element]:
    return [child for child in (part if part is not None else ()) if _name(child) == name]


def _child(part: etree._Element | None, name: str) -> etree._Element | None:
    return next(iter(_children(part, name)), None)


def _text(part: etree._Element | None) -> str:
    return (part.text or "").strip() if part is not None else ""


def _numbers(value: str | None, count: int) -> list[float] | None:
    parts = (value or "").split()
    return [_number(part, 0.0) for part in parts[:count]] if len(parts) >= count else None


def _number(value: str | None, default: float) -> float:
    """Return a finite number of a bearable size, `default` where there is none."""
    try:
        number = float(value) if value else default
    except ValueError:
        return default
    return number if abs(number) < _FARTHEST else default


def _iso(value: str) -> str:
    try:
        return dt.datetime.fromisoformat(value.replace("/", "-")).date().isoformat()
    except ValueError:
        return ""


def _too_many_objects() -> TooLargeError:
    return TooLargeError(
        f"文件的文字超过{MAX_CHARACTERS}处，请拆成几个文件再读。",
        f"The file holds more than {MAX_CHARACTERS} pieces of text; split it into several files.",
    )


def _damaged() -> DamagedError:
    return DamagedError(
        "OFD 文件已损坏或不完整，请重新获取，或用阅读器打开后另存一份再读。",
        "The ofd is damaged or incomplete; get it again, or open it in a viewer and save it anew.",
    )
