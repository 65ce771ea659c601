"""The parts of a docx that hardly change from table to table: styles, faces, settings, page numbers, properties.

They are written here and not taken from a library's template, which would bring an American page, Japanese theme faces
and four hundred kilobytes of styles. Elements stand in the order of the schema of ISO/IEC 29500, on which Word insists.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Final

from luoshi.gongwen import layout
from luoshi.gongwen.layout import mm_to_twips, points_to_twips
from luoshi.words import Language

__all__ = ["NAMESPACES", "NUMBER_LINE_POINTS", "PAGE_FIELD", "SECTION", "Style", "fixed_parts"]

_HEAD: Final = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_OFFICE: Final = "http://schemas.openxmlformats.org/officeDocument/2006"
_PACKAGE: Final = "http://schemas.openxmlformats.org/package/2006"
_MAIN_TYPE: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml"

NAMESPACES: Final = (
    f'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" xmlns:r="{_OFFICE}/relationships"'
)
"""Declarations for the root element of every part of text."""

_SHAPE: Final = "http://schemas.microsoft.com/office/word/2010/wordprocessingShape"
_DRAWING_NAMESPACES: Final = (
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" '
    f'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" xmlns:wps="{_SHAPE}"'
)
PAGE_FIELD: Final = (
    '<w:t xml:space="preserve">— </w:t>',
    '<w:fldChar w:fldCharType="begin"/>',
    '<w:instrText xml:space="preserve"> PAGE </w:instrText>',
    '<w:fldChar w:fldCharType="separate"/>',
    "<w:t>1</w:t>",
    '<w:fldChar w:fldCharType="end"/>',
    '<w:t xml:space="preserve"> —</w:t>',
)
"""The runs of a page number between its dashes."""

NUMBER_LINE_POINTS: Final = 20.0
"""Height of the page number's line, enough for the tallest stand-in face."""

_TEXT_PARTS: Final = {
    "rId1": ("styles", "styles"),
    "rId2": ("settings", "settings"),
    "rId3": ("fontTable", "fontTable"),
    "rId4": ("footer", "footer1"),
    "rId5": ("footer", "footer2"),
}
"""Relationships of the document: kind and name of each part."""

SECTION: Final = (
    '<w:sectPr><w:footerReference w:type="default" r:id="rId4"/><w:footerReference w:type="even" r:id="rId5"/>'
    f'<w:pgSz w:w="{mm_to_twips(layout.PAGE_HEIGHT_MM)}" w:h="{mm_to_twips(layout.PAGE_WIDTH_MM)}" '
    'w:orient="landscape"/>'
    f'<w:pgMar w:top="{mm_to_twips(layout.LANDSCAPE_TOP_MM)}" w:right="{mm_to_twips(layout.LANDSCAPE_RIGHT_MM)}" '
    f'w:bottom="{mm_to_twips(layout.LANDSCAPE_BOTTOM_MM)}" w:left="{mm_to_twips(layout.LANDSCAPE_LEFT_MM)}" '
    f'w:header="{mm_to_twips(15)}" w:footer="{mm_to_twips(15)}" w:gutter="0"/></w:sectPr>'
)
"""The page: landscape A4 with the edges of the upright page turned."""


def fixed_parts(  # noqa: PLR0913 — what differs between documents
    *,
    title: str,
    created: dt.datetime,
    size: float,
    language: Language,
    styles: Sequence[Style] = (),
    footers: Sequence[str] = (),
) -> dict[str, str]:
    """Return every part but the document itself, by its name in the archive; `size` is that of the table's text.

    A document that is more than a table brings `styles` and `footers` of its own; these are related as rId6 and on.
    """
    more = {f"rId{number}": ("footer", f"footer{number - 3}") for number, _footer_xml in enumerate(footers, 6)}
    texts = _TEXT_PARTS | more
    return {
        "[Content_Types].xml": _content_types(texts),
        "_rels/.rels": _relationships(
            ("rId1", f"{_OFFICE}/relationships/officeDocument", "word/document.xml"),
            ("rId2", f"{_PACKAGE}/relationships/metadata/core-properties", "docProps/core.xml"),
        ),
        "docProps/core.xml": _properties(title, created, language),
        "word/_rels/document.xml.rels": _relationships(
            *((key, f"{_OFFICE}/relationships/{kind}", f"{name}.xml") for key, (kind, name) in texts.items())
        ),
        "word/styles.xml": _styles(size, styles),
        "word/settings.xml": _settings(),
        "word/fontTable.xml": _font_table(),
        "word/footer1.xml": _footer(even=False),
        "word/footer2.xml": _footer(even=True),
        **{f"word/{name}.xml": footer for (_kind, name), footer in zip(more.values(), footers, strict=True)},
    }


def _content_types(texts: Mapping[str, tuple[str, str]]) -> str:
    overrides = "".join(
        f'<Override PartName="/word/{name}.xml" ContentType="{_MAIN_TYPE}.{kind}+xml"/>'
        for kind, name in (*texts.values(), ("document.main", "document"))
    )
    return (
        f'{_HEAD}<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Default Extension="xml" ContentType="application/xml"/>{overrides}'
        '<Override PartName="/docProps/core.xml" '
        'ContentType="application/vnd.openxmlformats-package.core-properties+xml"/></Types>'
    )


def _relationships(*links: tuple[str, str, str]) -> str:
    inner = "".join(f'<Relationship Id="{key}" Type="{kind}" Target="{target}"/>' for key, kind, target in links)
    return f'{_HEAD}<Relationships xmlns="{_PACKAGE}/relationships">{inner}</Relationships>'


def _properties(title: str, created: dt.datetime, language: Language) -> str:
    moment = created.strftime("%Y-%m-%dT%H:%M:%SZ")
    return (
        f'{_HEAD}<cp:coreProperties xmlns:cp="{_PACKAGE}/metadata/core-properties" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/" '
        f'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><dc:title>{escape(title)}</dc:title>'
        f"<dc:language>{'zh-CN' if language == 'zh' else 'en'}</dc:language>"
        f'<dcterms:created xsi:type="dcterms:W3CDTF">{moment}</dcterms:created>'
        f'<dcterms:modified xsi:type="dcterms:W3CDTF">{moment}</dcterms:modified></cp:coreProperties>'
    )


# --- styles -------------------------------------------------------------------------------------------------------


_UNSPACED: Final = '<w:autoSpaceDE w:val="0"/><w:autoSpaceDN w:val="0"/><w:snapToGrid w:val="0"/>'
"""No extra space between Chinese and figures: it costs a day a line of its own in a narrow column."""

_TIGHT: Final = '<w:spacing w:before="40" w:after="40"/>'
_CENTRED: Final = '<w:jc w:val="center"/>'


@dataclass(frozen=True, slots=True)
class Style:
    """A style of paragraphs; `paragraph` and `run` hold properties in the order of the schema."""

    name: str
    face: str
    points: float
    paragraph: str
    run: str = ""

    def xml(self) -> str:
        """Return the style as an element of the styles' part."""
        latin = self.face if self.face == layout.NUMBER_FACE else layout.LATIN_FACE
        half_points = round(self.points * 2)
        basis = '<w:basedOn w:val="Normal"/>' if self.name != "Normal" else ""
        default = ' w:default="1"' if self.name == "Normal" else ""
        return (
            f'<w:style w:type="paragraph"{default} w:styleId="{self.name.replace(" ", "")}">'
            f'<w:name w:val="{self.name}"/>'
            f"{basis}<w:qFormat/><w:pPr>{self.paragraph}</w:pPr><w:rPr>"
            f'<w:rFonts w:ascii="{latin}" w:eastAsia="{self.face}" w:hAnsi="{latin}" w:cs="{layout.LATIN_FACE}"/>'
            f'{self.run}<w:sz w:val="{half_points}"/><w:szCs w:val="{half_points}"/></w:rPr></w:style>'
        )


def _styles(size: float, more: Sequence[Style]) -> str:
    body, keep, after = layout.BODY_FACE, "<w:keepNext/>", '<w:spacing w:before="0" w:after="120"/>'
    exact = f'<w:spacing w:line="{points_to_twips(NUMBER_LINE_POINTS)}" w:lineRule="exact"/>'
    top = f'{keep}{after}{_CENTRED}<w:outlineLvl w:val="0"/>'
    styles = (
        Style("Normal", body, layout.SIZE_3, _UNSPACED),
        Style("Title", layout.TITLE_FACE, layout.SIZE_2, top),
        Style("Subtitle", layout.SUBHEADING_FACE, layout.SIZE_SMALL_4, keep + after + _CENTRED),
        Style("Table Head", layout.HEADING_FACE, size, keep + _TIGHT + _CENTRED),
        Style("Table Text", body, size, _TIGHT),
        Style("Table Centred", body, size, _TIGHT + _CENTRED),
        Style("Note", body, layout.SIZE_5, '<w:spacing w:before="60" w:after="0"/>'),
        Style("Page Number Line", layout.NUMBER_FACE, layout.SIZE_4, exact),
    )
    return (
        f"{_HEAD}<w:styles {NAMESPACES}><w:docDefaults><w:rPrDefault><w:rPr>"
        '<w:lang w:val="en-US" w:eastAsia="zh-CN" w:bidi="ar-SA"/></w:rPr></w:rPrDefault><w:pPrDefault/>'
        "</w:docDefaults>"
        + "".join(style.xml() for style in (*styles, *more))
        + '<w:style w:type="table" w:default="1" w:styleId="TableNormal"><w:name w:val="Normal Table"/>'
        '<w:tblPr><w:tblInd w:w="0" w:type="dxa"/><w:tblCellMar><w:top w:w="0" w:type="dxa"/><w:left w:w="0" '
        'w:type="dxa"/><w:bottom w:w="0" w:type="dxa"/><w:right w:w="0" w:type="dxa"/></w:tblCellMar></w:tblPr>'
        "</w:style></w:styles>"
    )


def _font_table() -> str:
    """Name what stands in for each licensed face on a machine without it."""
    fonts = "".join(
        f'<w:font w:name="{face}"><w:altName w:val="{",".join(others)}"/><w:charset w:val="86"/>'
        '<w:family w:val="auto"/><w:pitch w:val="variable"/></w:font>'
        for face, others in layout.FALLBACK_FACES.items()
    )
    return f"{_HEAD}<w:fonts {NAMESPACES}>{fonts}</w:fonts>"


def _settings() -> str:
    return (
        f'{_HEAD}<w:settings {NAMESPACES}><w:zoom w:percent="100"/><w:defaultTabStop w:val="420"/>'
        '<w:evenAndOddHeaders/><w:characterSpacingControl w:val="compressPunctuation"/>'
        "<w:compat><w:doNotExpandShiftReturn/><w:useFELayout/>"
        '<w:compatSetting w:name="compatibilityMode" w:uri="http://schemas.microsoft.com/office/word" w:val="15"/>'
        "</w:compat></w:settings>"
    )


# --- page numbers -------------------------------------------------------------------------------------------------


def _footer(*, even: bool) -> str:
    """Return `— 1 —` where the upright pages have it: at the left edge of the landscape page, turned to the right.

    The number of an odd page stands at the foot of that edge, which is the right corner of the upright page; that of
    an even page at its head. The box begins in the page's corner and is as high as the page, so that alignment and
    indents put the number in place: LibreOffice forgets the offset of a box in a document of one page.
    """
    side, edge = ("left", layout.LANDSCAPE_TOP_MM) if even else ("right", layout.LANDSCAPE_BOTTOM_MM)
    indent = mm_to_twips(edge) + points_to_twips(layout.SIZE_4 * layout.PAGE_NUMBER_INDENT_CHARACTERS)
    number = (
        f'<w:p><w:pPr><w:pStyle w:val="PageNumberLine"/><w:ind w:{side}="{indent}"/><w:jc w:val="{side}"/></w:pPr>'
        + "".join(f"<w:r>{piece}</w:r>" for piece in PAGE_FIELD)
        + "</w:p>"
    )
    return (
        f"{_HEAD}<w:ftr {NAMESPACES} {_DRAWING_NAMESPACES}><w:p><w:pPr>"
        '<w:pStyle w:val="PageNumberLine"/></w:pPr><w:r><mc:AlternateContent><mc:Choice Requires="wps">'
        f"{_text_box(number)}</mc:Choice></mc:AlternateContent></w:r></w:p></w:ftr>"
    )


def _text_box(paragraph: str) -> str:
    """Return a box at the left edge of the page in which text runs down; its first line stands at the right."""
    width = layout.LANDSCAPE_LEFT_MM - layout.PAGE_NUMBER_GAP_MM
    extent = f'cx="{_emu(width)}" cy="{_emu(layout.PAGE_WIDTH_MM)}"'
    return (
        '<w:drawing><wp:anchor distT="0" distB="0" distL="0" distR="0" simplePos="0" relativeHeight="1" '
        'behindDoc="1" locked="0" layoutInCell="1" allowOverlap="1"><wp:simplePos x="0" y="0"/>'
        '<wp:positionH relativeFrom="page"><wp:posOffset>0</wp:posOffset></wp:positionH>'
        '<wp:positionV relativeFrom="page"><wp:posOffset>0</wp:posOffset></wp:positionV>'
        f'<wp:extent {extent}/><wp:effectExtent l="0" t="0" r="0" b="0"/><wp:wrapNone/>'
        '<wp:docPr id="1" name="PageNumber"/><wp:cNvGraphicFramePr/><a:graphic>'
        f'<a:graphicData uri="{_SHAPE}"><wps:wsp><wps:cNvSpPr txBox="1"/><wps:spPr>'
        f'<a:xfrm><a:off x="0" y="0"/><a:ext {extent}/></a:xfrm><a:prstGeom prst="rect"><a:avLst/></a:prstGeom>'
        f"<a:noFill/><a:ln><a:noFill/></a:ln></wps:spPr><wps:txbx><w:txbxContent>{paragraph}</w:txbxContent></wps:txbx>"
        '<wps:bodyPr vert="vert" wrap="square" lIns="0" tIns="0" rIns="0" bIns="0" anchor="t"><a:noAutofit/>'
        "</wps:bodyPr></wps:wsp></a:graphicData></a:graphic></wp:anchor></w:drawing>"
    )


def _emu(mm: float) -> int:
    """Return a length in the unit of drawings, 1/36,000 of a millimetre."""
    return round(mm * 36_000)
