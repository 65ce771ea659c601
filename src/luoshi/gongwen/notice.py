"""A notice (通知) with a table behind it, as a document for Word, WPS and LibreOffice, in the national layout.

The letter stands on upright pages: the issuing body in red, the number, the title, whom it is to, the text, the name of
the attachment, signature and date. The table follows on landscape pages. Room is left for a seal; none is drawn, and a
number that nobody has given is left blank.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final

from luoshi.gongwen import layout
from luoshi.gongwen.docx import paragraph, table_xml
from luoshi.gongwen.docx_parts import NAMESPACES, SECTION, fixed_parts
from luoshi.gongwen.grid import share_page
from luoshi.gongwen.layout import mm_to_points
from luoshi.gongwen.measure import text_width
from luoshi.gongwen.notice_parts import BROKEN_SECTION, FOOTERS, STYLES, characters
from luoshi.gongwen.package import UNDATED, archive, deliver
from luoshi.gongwen.table import Sheet, clean_text
from luoshi.words import Language, Words

__all__ = ["NoticeText", "broken_by_sense", "write_docx_notice"]

_ATTACHMENT: Final = Words("附件", "Attachment")
_COLON: Final = Words("：", ": ")
_EMPTY: Final = "\u3000"
_MONTHS: Final = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
_TWO_CHARACTERS: Final = 2


@dataclass(frozen=True, slots=True)
class NoticeText:
    """What a notice says. `number` may be empty: the line stays blank to be filled in by hand.

    `addressee` comes without its colon. `table` becomes the attachment; its title is the attachment's name.
    """

    issuer: str
    title: str
    addressee: str
    paragraphs: Sequence[str]
    day: dt.date
    table: Sheet
    number: str = ""


def write_docx_notice(
    notice: NoticeText,
    target: Path | BinaryIO,
    *,
    language: Language = "zh",
    created: dt.datetime | None = None,
) -> None:
    """Write a notice with its attachment after GB/T 9704; the same notice gives the same bytes.

    Without `created` the file names the first day that its format can name. Raises OSError when the target cannot be
    written.
    """
    grid = share_page(notice.table, language)
    parts = fixed_parts(
        title=clean_text(notice.title),
        created=created or UNDATED,
        size=grid.size,
        language=language,
        styles=STYLES,
        footers=FOOTERS,
    )
    mark = paragraph("AttachmentMark", _ATTACHMENT.in_(language))
    parts["word/document.xml"] = (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
        f"<w:document {NAMESPACES}><w:body>{_letter(notice, language)}{mark}"
        f"{table_xml(notice.table, grid, language)}{SECTION}</w:body></w:document>"
    )
    deliver(archive(parts), target)


def _letter(notice: NoticeText, language: Language) -> str:
    attached = _ATTACHMENT.in_(language) + _COLON.in_(language) + notice.table.title
    return "".join(
        (
            _issuer(notice.issuer),
            paragraph("DocumentNumber", notice.number) or _blank("DocumentNumber"),
            paragraph("NoticeTitle", broken_by_sense(notice.title)),
            paragraph("Addressee", notice.addressee + _COLON.in_(language)),
            *_text(notice.paragraphs),
            paragraph("AttachmentNote", attached),
            _signature(notice.issuer, _day_words(notice.day, language)),
            _blank("BodyText", BROKEN_SECTION, size=True),
        )
    )


def _text(paragraphs: Sequence[str]) -> list[str]:
    """Return the text; its last paragraph goes with the signature, which never stands alone on a page."""
    *first, last = paragraphs or [""]
    return [
        *(paragraph("BodyText", one) for one in first),
        paragraph("BodyText", last, "<w:keepNext/>" if first else ""),
    ]


def _blank(style: str, properties: str = "", *, size: bool = False) -> str:
    """Return an empty line; one of no `size` of its own can stand at the foot of a full page."""
    flat = '<w:spacing w:before="0" w:after="0" w:line="20" w:lineRule="exact"/>' if size else ""
    return f'<w:p><w:pPr><w:pStyle w:val="{style}"/>{flat}{properties}</w:pPr></w:p>'


def _issuer(name: str) -> str:
    """Return the issuing body's name, as large as fits one line; a very long one takes two."""
    name = " ".join(clean_text(name).split())
    room = mm_to_points(layout.TYPE_WIDTH_MM) / max(text_width(name), 1.0)
    points = min(layout.ISSUER_MOST_POINTS, max(int(room * 2) / 2 - 0.5, layout.SIZE_3))
    half = round(points * 2)
    return paragraph("Issuer", name, run=f'<w:sz w:val="{half}"/><w:szCs w:val="{half}"/>') or _blank("Issuer")


def _signature(name: str, day: str) -> str:
    """Return name and date with room for a seal: the date four characters in, the name centred above it.

    A name that would then stand out over the edge keeps to the edge.
    """
    day_in = float(layout.SEALED_DATE_INDENT_CHARACTERS)
    name_in = max(day_in + (text_width(day) - text_width(name)) / 2, 0.0)
    room = '<w:spacing w:before="{}" w:after="0" w:line="{}" w:lineRule="exact"/>'
    line = round(layout.LINE_PITCH_POINTS * 20)
    above, right = room.format(_TWO_CHARACTERS * line, line), '<w:ind w:right="{}"/>'
    return paragraph("Signature", name, above + right.format(characters(name_in))) + paragraph(
        "Signature", day, right.format(characters(day_in))
    )


def _day_words(day: dt.date, language: Language) -> str:
    return Words(f"{day.year}年{day.month}月{day.day}日", f"{day.day} {_MONTHS[day.month - 1]} {day.year}").in_(
        language
    )


_NEVER_BEFORE: Final = frozenset("》）”’、，。：；！？〕]】)的")
_NEVER_AFTER: Final = frozenset("《（“‘〔[【(")
_GOOD_AFTER: Final = frozenset("》的、，")
_GOOD_BEFORE: Final = frozenset("《")


def broken_by_sense(title: str) -> str:
    """Return a long title as lines of about equal length, with line feeds where the sense lets it be broken.

    Never inside a word of Latin letters or figures, nor between a mark and what it belongs to.
    """
    title = " ".join(clean_text(title).split())
    count = -(-int(text_width(title) + 0.999) // layout.TITLE_CHARACTERS_PER_LINE)
    lines: list[str] = []
    while count > 1 and len(title) > 1:
        cut = _cut(title, text_width(title) / count)
        lines.append(title[:cut].strip())
        title, count = title[cut:].strip(), count - 1
    return "\n".join([*lines, title] if title else lines)


def _cut(title: str, wanted: float) -> int:
    """Return where the first line of a title ends."""
    best, least, width = len(title), 1e9, 0.0
    for place in range(1, len(title)):
        width += text_width(title[place - 1])
        before, after = title[place - 1], title[place]
        if width > layout.TITLE_CHARACTERS_PER_LINE:
            break
        if after in _NEVER_BEFORE or before in _NEVER_AFTER or (_is_word(before) and _is_word(after)):
            continue
        good = before in _GOOD_AFTER or after in _GOOD_BEFORE
        cost = abs(width - wanted) - (3.0 if good else 0.0)
        if cost < least:
            best, least = place, cost
    return best


def _is_word(character: str) -> bool:
    return character.isascii() and character.isalnum()
