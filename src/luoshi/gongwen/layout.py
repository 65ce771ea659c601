"""The layout of official documents, GB/T 9704-2012, as numbers.

Lengths are millimetres and sizes of type are points, unless a name says otherwise. What a secondary source says, and
not the standard's own text, is marked so.
"""

from typing import Final

# --- paper and type area ------------------------------------------------------------------------------------------

PAGE_WIDTH_MM: Final = 210.0
"""Short side of A4."""

PAGE_HEIGHT_MM: Final = 297.0
"""Long side of A4."""

MARGIN_TOP_MM: Final = 37.0
"""天头: blank edge at the head of an upright page."""

MARGIN_BINDING_MM: Final = 28.0
"""订口: blank edge at the side that is bound, the left of an odd page."""

MARGIN_CUT_MM: Final = 26.0
"""切口: blank edge opposite the binding; what 210 mm leave beside the type area."""

MARGIN_BOTTOM_MM: Final = 35.0
"""地脚: blank edge at the foot; what 297 mm leave under the type area."""

TYPE_WIDTH_MM: Final = 156.0
"""Width of the type area (版心) of an upright page."""

TYPE_HEIGHT_MM: Final = 225.0
"""Height of the type area (版心) of an upright page."""

LINES_PER_PAGE: Final = 22
"""Lines of body text that fill a page."""

CHARACTERS_PER_LINE: Final = 28
"""Characters of body text that fill a line."""

LINE_PITCH_POINTS: Final = 28.95
"""Fixed line spacing with which a word processor sets 22 lines (secondary source)."""

CHARACTER_PITCH_POINTS: Final = 15.79
"""Distance of characters with which a word processor sets 28 on a line (secondary source)."""

# --- head and foot of a document ----------------------------------------------------------------------------------

RED: Final = "E60012"
"""Colour of the issuing body's name and of the rule under the document's number; the standard says red, no shade."""

ISSUER_DROP_MM: Final = 35.0
"""发文机关标志: from the top of the type area to the top of the issuing body's name."""

ISSUER_MOST_POINTS: Final = 50.0
"""Size of the issuing body's name where it is short; the standard leaves it to the office, under 22 mm of height."""

RULE_GAP_MM: Final = 4.0
"""From the document's number to the red rule under it."""

RULE_POINTS: Final = 1.5
"""Strength of the red rule, on which the standard is silent."""

TEXT_INDENT_CHARACTERS: Final = 2
"""A paragraph's first line, and the attachment note, stand in by this much."""

SEALED_DATE_INDENT_CHARACTERS: Final = 4
"""From the date to the right edge of the type area, where a seal covers the signature."""

TITLE_CHARACTERS_PER_LINE: Final = 20
"""Characters of a title that fill a line."""

# --- landscape tables ---------------------------------------------------------------------------------------------
# A table across the long side is bound into the upright document: turned a quarter to the left, its head lies at the
# binding edge of an odd page. Held so that it can be read, the edges of the upright page therefore stand as follows.

LANDSCAPE_TOP_MM: Final = MARGIN_BINDING_MM
"""Above a landscape table lies the binding edge."""

LANDSCAPE_RIGHT_MM: Final = MARGIN_TOP_MM
"""To its right lies the head of the upright page."""

LANDSCAPE_BOTTOM_MM: Final = MARGIN_CUT_MM
"""Under it lies the cut edge."""

LANDSCAPE_LEFT_MM: Final = MARGIN_BOTTOM_MM
"""To its left lies the foot of the upright page, and there the page number."""

LANDSCAPE_TYPE_WIDTH_MM: Final = TYPE_HEIGHT_MM
"""Room across a landscape page."""

LANDSCAPE_TYPE_HEIGHT_MM: Final = TYPE_WIDTH_MM
"""Room down a landscape page."""

# --- page number --------------------------------------------------------------------------------------------------

PAGE_NUMBER_GAP_MM: Final = 7.0
"""From the type area to the top of the dashes beside the page number."""

PAGE_NUMBER_INDENT_CHARACTERS: Final = 1
"""An odd number keeps this far from the right edge of the type area, an even one from the left."""

# --- sizes of type (字号) -----------------------------------------------------------------------------------------

SIZE_2: Final = 22.0
"""2号: titles."""

SIZE_3: Final = 16.0
"""3号: body text, and all that the standard names no size for."""

SIZE_4: Final = 14.0
"""4号: page numbers and the end block."""

SIZE_SMALL_4: Final = 12.0
"""小四: table text where the columns leave room for it; the standard sets no size for tables."""

SIZE_5: Final = 10.5
"""五号: text of wide tables, and notes under a table."""

# --- faces --------------------------------------------------------------------------------------------------------

TITLE_FACE: Final = "方正小标宋简体"
"""小标宋: titles. Licensed, so named and never shipped."""

BODY_FACE: Final = "仿宋_GB2312"
"""仿宋: body text."""

HEADING_FACE: Final = "黑体"
"""黑体: headings of the first level, heads of tables."""

SUBHEADING_FACE: Final = "楷体_GB2312"
"""楷体: headings of the second level, source lines under a title."""

NUMBER_FACE: Final = "宋体"
"""宋体: page numbers."""

LATIN_FACE: Final = "Times New Roman"
"""Letters and figures outside page numbers: the standard names no face for them, and offices use this one."""

FALLBACK_FACES: Final = {
    TITLE_FACE: ("方正小标宋_GBK", "小标宋", "华文中宋", "STZhongsong", "宋体", "SimSun", "Noto Serif CJK SC"),
    BODY_FACE: ("仿宋", "FangSong", "华文仿宋", "STFangsong", "FandolFang R", "Noto Serif CJK SC"),
    HEADING_FACE: ("SimHei", "华文黑体", "STHeiti", "Noto Sans CJK SC"),
    SUBHEADING_FACE: ("楷体", "KaiTi", "华文楷体", "STKaiti", "LXGW WenKai", "Noto Serif CJK SC"),
    NUMBER_FACE: ("SimSun", "华文宋体", "STSong", "Noto Serif CJK SC"),
}
"""What stands in for each face on a machine without it, best first."""

# --- conversions --------------------------------------------------------------------------------------------------

_MM_PER_INCH: Final = 25.4
_POINTS_PER_INCH: Final = 72
_TWIPS_PER_POINT: Final = 20


def mm_to_points(mm: float) -> float:
    """Return a length in points (1/72 inch)."""
    return mm / _MM_PER_INCH * _POINTS_PER_INCH


def mm_to_inches(mm: float) -> float:
    """Return a length in inches, the unit of page margins in xlsx."""
    return mm / _MM_PER_INCH


def points_to_twips(points: float) -> int:
    """Return a length in twentieths of a point, the unit of docx, to the nearest whole one."""
    return round(points * _TWIPS_PER_POINT)


def mm_to_twips(mm: float) -> int:
    """Return a length in twentieths of a point, the unit of docx, to the nearest whole one."""
    return points_to_twips(mm_to_points(mm))
