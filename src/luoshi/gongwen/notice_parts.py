"""The upright pages of a notice: their styles, edges and page numbers, after GB/T 9704."""

from __future__ import annotations

from typing import Final

from luoshi.gongwen import layout
from luoshi.gongwen.docx_parts import NAMESPACES, NUMBER_LINE_POINTS, PAGE_FIELD, Style
from luoshi.gongwen.layout import mm_to_points, mm_to_twips, points_to_twips

__all__ = ["BROKEN_SECTION", "FOOTERS", "LINE", "STYLES", "characters"]

LINE: Final = points_to_twips(layout.LINE_PITCH_POINTS)
"""One line of body text, in the unit of docx."""


def characters(number: float) -> int:
    """Return the width of so many characters of body text, in the unit of docx."""
    return points_to_twips(number * layout.CHARACTER_PITCH_POINTS)


_CENTRED: Final = '<w:jc w:val="center"/>'
_TIGHTENED: Final = f'<w:spacing w:val="{points_to_twips(layout.CHARACTER_PITCH_POINTS - layout.SIZE_3 - 0.04)}"/>'
"""Brings characters of 16 points to the pitch at which 28 fill a line."""


def _lines(before: int = 0, after: int = 0, *, height: int = LINE, rule: str = "exact") -> str:
    return f'<w:spacing w:before="{before}" w:after="{after}" w:line="{height}" w:lineRule="{rule}"/>'


_TEXT_IN: Final = characters(layout.TEXT_INDENT_CHARACTERS)
_NAME_IN: Final = characters(layout.TEXT_INDENT_CHARACTERS + 3)
_TITLE_LINE: Final = points_to_twips(layout.SIZE_2 * 1.6)
_BODY: Final = (layout.BODY_FACE, layout.SIZE_3)
_RULE: Final = (
    f'<w:pBdr><w:bottom w:val="single" w:sz="{round(layout.RULE_POINTS * 8)}" '
    f'w:space="{round(mm_to_points(layout.RULE_GAP_MM))}" w:color="{layout.RED}"/></w:pBdr>'
)

STYLES: Final = (
    Style(
        "Issuer",
        layout.TITLE_FACE,
        layout.ISSUER_MOST_POINTS,
        _lines(mm_to_twips(layout.ISSUER_DROP_MM), height=240, rule="auto") + _CENTRED,
        f'<w:color w:val="{layout.RED}"/>',
    ),
    Style("Document Number", *_BODY, _RULE + _lines(2 * LINE) + _CENTRED),
    Style(
        "Notice Title",
        layout.TITLE_FACE,
        layout.SIZE_2,
        _lines(2 * LINE, height=_TITLE_LINE) + _CENTRED + '<w:outlineLvl w:val="0"/>',
    ),
    Style("Addressee", *_BODY, _lines(LINE), _TIGHTENED),
    Style("Body Text", *_BODY, _lines() + f'<w:ind w:firstLine="{_TEXT_IN}"/><w:jc w:val="both"/>', _TIGHTENED),
    Style(
        "Attachment Note",
        *_BODY,
        "<w:keepNext/>" + _lines(LINE) + f'<w:ind w:left="{_NAME_IN}" w:hanging="{_NAME_IN - _TEXT_IN}"/>',
        _TIGHTENED,
    ),
    Style("Signature", *_BODY, "<w:keepNext/>" + _lines() + '<w:jc w:val="right"/>'),
    Style("Attachment Mark", layout.HEADING_FACE, layout.SIZE_3, "<w:keepNext/>" + _lines(after=LINE)),
)


def _footer(side: str) -> str:
    """Return `— 1 —` under the text: right on odd pages, left on even ones, one character in."""
    indent = points_to_twips(layout.SIZE_4 * layout.PAGE_NUMBER_INDENT_CHARACTERS)
    runs = "".join(f"<w:r>{piece}</w:r>" for piece in PAGE_FIELD)
    return (
        f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<w:ftr {NAMESPACES}><w:p><w:pPr>'
        f'<w:pStyle w:val="PageNumberLine"/><w:ind w:{side}="{indent}"/><w:jc w:val="{side}"/></w:pPr>'
        f"{runs}</w:p></w:ftr>"
    )


FOOTERS: Final = (_footer("right"), _footer("left"))
"""Page numbers of odd and of even pages, related as rId6 and rId7."""

_FOOT_MM: Final = layout.MARGIN_BOTTOM_MM - layout.PAGE_NUMBER_GAP_MM - NUMBER_LINE_POINTS * 25.4 / 72

BROKEN_SECTION: Final = (
    '<w:sectPr><w:footerReference w:type="default" r:id="rId6"/><w:footerReference w:type="even" r:id="rId7"/>'
    f'<w:pgSz w:w="{mm_to_twips(layout.PAGE_WIDTH_MM)}" w:h="{mm_to_twips(layout.PAGE_HEIGHT_MM)}"/>'
    f'<w:pgMar w:top="{mm_to_twips(layout.MARGIN_TOP_MM)}" w:right="{mm_to_twips(layout.MARGIN_CUT_MM)}" '
    f'w:bottom="{mm_to_twips(layout.MARGIN_BOTTOM_MM)}" w:left="{mm_to_twips(layout.MARGIN_BINDING_MM)}" '
    f'w:header="{mm_to_twips(15)}" w:footer="{mm_to_twips(_FOOT_MM)}" w:gutter="0"/></w:sectPr>'
)
"""The upright pages, as the last paragraph on them ends them; landscape pages follow."""
