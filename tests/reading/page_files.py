"""Makers of real page files: pdf written by hand and by LibreOffice, ofd by hand, pictures by Pillow.

The pdf made by hand needs no font file: its Chinese stands in a font that is not embedded, whose metrics and meaning the
file states itself, as old office programs wrote it.
"""

from __future__ import annotations

import io
import shutil
import struct
import subprocess
import zipfile
import zlib
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

import docx
import pytest
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Pt
from docx.text.paragraph import Paragraph

A4 = (595, 842)
NOTO = Path("/usr/share/fonts/opentype/noto/NotoSerifCJK-Regular.ttc")
OFD = 'xmlns:ofd="http://www.ofdspec.org/2016"'


class Words(NamedTuple):
    """Text that begins at a place of the page, in points from its left and upper edge."""

    text: str
    x: float
    y: float
    size: float = 16
    turn: int = 0


def _object(number: int, content: bytes) -> bytes:
    return b"%d 0 obj\n%s\nendobj\n" % (number, content)


def _stream(content: bytes, entries: str = "") -> bytes:
    return f"<< /Length {len(content)} {entries} >>\nstream\n".encode() + content + b"\nendstream"


def _matrix(words: Words, height: float) -> str:
    x, y = words.x, height - words.y
    turned = {0: "1 0 0 1", 90: "0 1 -1 0", 180: "-1 0 0 -1", 270: "0 -1 1 0", 45: "0.7071 0.7071 -0.7071 0.7071"}
    return f"{turned[words.turn]} {x} {y} Tm"


def _drawn(words: Words, height: float) -> str:
    chinese = any(ord(character) > 0x7F for character in words.text)
    code = words.text.encode("utf-16-be").hex() if chinese else words.text.encode("latin-1").hex()
    return f"BT /{'F2' if chinese else 'F1'} {words.size} Tf {_matrix(words, height)} <{code}> Tj ET\n"


def pdf_of(
    pages: Iterable[Sequence[Words]],
    *,
    size: tuple[float, float] = A4,
    drawing: str = "",
    entries: str = "",
    rotate: int = 0,
    info: str = "",
) -> bytes:
    """Write a pdf: one list of words a page, the same `drawing` (path operators) on every page."""
    fonts = (
        "<< /F1 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >> "
        "/F2 << /Type /Font /Subtype /Type0 /BaseFont /SimSun /Encoding /UniGB-UCS2-H /DescendantFonts "
        "[<< /Type /Font /Subtype /CIDFontType0 /BaseFont /SimSun /DW 1000 "
        "/CIDSystemInfo << /Registry (Adobe) /Ordering (GB1) /Supplement 4 >> >>] >> >>"
    )
    objects: list[bytes] = []
    kids: list[int] = []
    for words in pages:
        content = drawing + "".join(_drawn(each, size[1]) for each in words)
        number = 4 + len(objects)
        kids.append(number)
        page = f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {size[0]} {size[1]}] /Rotate {rotate} "
        page += f"/Resources << /Font {fonts} >> /Contents {number + 1} 0 R {entries} >>"
        objects += [page.encode(), _stream(content.encode("latin-1"))]
    root = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Count {len(kids)} /Kids [{' '.join(f'{kid} 0 R' for kid in kids)}] >>".encode(),
        f"<< {info} >>".encode(),
    ]
    return _file(root + objects, "/Info 3 0 R")


def _file(objects: Sequence[bytes], trailer: str = "") -> bytes:
    out = bytearray(b"%PDF-1.5\n")
    places = []
    for number, content in enumerate(objects, start=1):
        places.append(len(out))
        out += _object(number, content)
    start = len(out)
    out += f"xref\n0 {len(places) + 1}\n0000000000 65535 f \n".encode()
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    out += f"trailer\n<< /Size {len(places) + 1} /Root 1 0 R {trailer} >>\nstartxref\n{start}\n%%EOF\n".encode()
    return bytes(out)


def pdf_of_picture(pixels: bytes, width: int, height: int, *, with_text: Sequence[Words] = ()) -> bytes:
    """Write a pdf of one A4 page that is a grey picture, as scanners do, with a page of text behind it where asked."""
    image = _stream(
        zlib.compress(pixels),
        f"/Type /XObject /Subtype /Image /Width {width} /Height {height} /ColorSpace /DeviceGray "
        "/BitsPerComponent 8 /Filter /FlateDecode",
    )
    font = "<< /F1 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >>"
    box = f"/MediaBox [0 0 {A4[0]} {A4[1]}]"
    text = "".join(_drawn(words, A4[1]) for words in with_text)
    kids = "[4 0 R 7 0 R]" if with_text else "[4 0 R]"
    return _file(
        [
            b"<< /Type /Catalog /Pages 2 0 R >>",
            f"<< /Type /Pages /Count {2 if with_text else 1} /Kids {kids} >>".encode(),
            b"<< >>",
            f"<< /Type /Page /Parent 2 0 R {box} /Resources << /XObject << /I 5 0 R >> >> /Contents 6 0 R >>".encode(),
            image,
            _stream(f"q {A4[0]} 0 0 {A4[1]} 0 0 cm /I Do Q".encode()),
            f"<< /Type /Page /Parent 2 0 R {box} /Resources << /Font {font} >> /Contents 8 0 R >>".encode(),
            _stream(text.encode()),
        ]
    )


def locked_pdf() -> bytes:
    """Write a pdf that asks for a password: its encryption dictionary fits no password that is tried by itself."""
    key = "41" * 32
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Count 1 /Kids [3 0 R] >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 100 100] >>",
        f"<< /Filter /Standard /V 1 /R 2 /Length 40 /P -4 /O <{key}> /U <{key}> >>".encode(),
    ]
    return _file(objects, f"/Encrypt 4 0 R /ID [<{'42' * 16}> <{'42' * 16}>]")


def columns_of(
    lines: Sequence[str], x: float, *, top: float = 100, pitch: float = 18, size: float = 10.5
) -> list[Words]:
    """Set lines one under the other."""
    return [Words(line, x, top + pitch * index, size) for index, line in enumerate(lines)]


def office_pdf(
    folder: Path,
    title: str,
    paragraphs: Sequence[str],
    *,
    table: Sequence[Sequence[str]] = (),
    after: Sequence[str] = (),
    header: str = "",
) -> bytes:
    """Let LibreOffice print a document with a title of size 22 and indented paragraphs of size 16, then a table.

    The test is skipped where LibreOffice is not installed.
    """
    program = shutil.which("soffice")
    if program is None:
        pytest.skip("LibreOffice is not installed")
    document = docx.Document()
    document.sections[0].header.paragraphs[0].text = header
    _set(document.add_paragraph(), title, 22, WD_ALIGN_PARAGRAPH.CENTER)
    for text in paragraphs:
        _set(document.add_paragraph(), text, 16, WD_ALIGN_PARAGRAPH.JUSTIFY)
    if table:
        grid = document.add_table(len(table), len(table[0]), style="Table Grid")
        for at, row in enumerate(table):
            for cell, text in zip(grid.rows[at].cells, row, strict=True):
                _set(cell.paragraphs[0], text, 12, WD_ALIGN_PARAGRAPH.LEFT)
    for text in after:
        _set(document.add_paragraph(), text, 16, WD_ALIGN_PARAGRAPH.JUSTIFY)
    document.save(str(folder / "page.docx"))
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    command = [
        program,
        profile,
        "--headless",
        "--convert-to",
        "pdf",
        "--outdir",
        str(folder),
        str(folder / "page.docx"),
    ]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    return (folder / "page.pdf").read_bytes()


def _set(paragraph: Paragraph, text: str, size: int, how: WD_ALIGN_PARAGRAPH) -> None:
    run = paragraph.add_run(text)
    run.font.size = Pt(size)
    run.font.name = "Noto Serif CJK SC"
    run._element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), "Noto Serif CJK SC")
    paragraph.alignment = how
    paragraph.paragraph_format.space_after = Pt(0)
    if how is WD_ALIGN_PARAGRAPH.JUSTIFY:
        paragraph.paragraph_format.first_line_indent = Pt(2 * size)


def ofd_of(
    pages: Sequence[str],
    *,
    template: str = "",
    info: str = "",
    area: str = "0 0 210 297",
    without: Sequence[str] = (),
) -> bytes:
    """Write an ofd of one document: the text objects of each page, and those of a template under all of them."""
    listed = "".join(f'<ofd:Page ID="{10 + at}" BaseLoc="Pages/Page_{at}/Content.xml"/>' for at in range(len(pages)))
    named = '<ofd:TemplatePage ID="5" BaseLoc="Tpls/Tpl_0/Content.xml"/>' if template else ""
    use = '<ofd:Template TemplateID="5" ZOrder="Background"/>' if template else ""
    common = f"<ofd:CommonData><ofd:PageArea><ofd:PhysicalBox>{area}</ofd:PhysicalBox></ofd:PageArea>{named}</ofd:CommonData>"
    parts = {
        "OFD.xml": f'<ofd:OFD {OFD} Version="1.0"><ofd:DocBody><ofd:DocInfo>{info}</ofd:DocInfo>'
        "<ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot></ofd:DocBody></ofd:OFD>",
        "Doc_0/Document.xml": f"<ofd:Document {OFD}>{common}<ofd:Pages>{listed}</ofd:Pages></ofd:Document>",
        "Doc_0/Tpls/Tpl_0/Content.xml": _ofd_page(template),
    }
    for at, page in enumerate(pages):
        parts[f"Doc_0/Pages/Page_{at}/Content.xml"] = _ofd_page(page, use)
    return zip_of({name: text for name, text in parts.items() if name not in without})


def _ofd_page(objects: str, use: str = "") -> str:
    layer = f'<ofd:Content><ofd:Layer ID="20">{objects}</ofd:Layer></ofd:Content>'
    return f"<ofd:Page {OFD}>{use}{layer}</ofd:Page>"


def ofd_text(text: str, x: float, y: float, *, size: float = 5.6, deltas: str | None = None, more: str = "") -> str:
    """Write one text object with its boundary at a place of the page, in millimetres."""
    steps = f"g {len(text) - 1} {size}" if deltas is None else deltas
    return (
        f'<ofd:TextObject ID="30" Boundary="{x} {y - size} 180 {size}" Font="3" Size="{size}" {more}>'
        f'<ofd:TextCode X="0" Y="{size}" DeltaX="{steps}">{text}</ofd:TextCode></ofd:TextObject>'
    )


def zip_of(parts: dict[str, str]) -> bytes:
    """Pack parts into a zip, always the same bytes."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, text in parts.items():
            archive.writestr(zipfile.ZipInfo(name), text, compress_type=zipfile.ZIP_DEFLATED)
    return out.getvalue()


def png_header(width: int, height: int) -> bytes:
    """Write a png that states a size and holds next to nothing."""
    chunks = [
        (b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)),
        (b"IDAT", zlib.compress(b"\0")),
        (b"IEND", b""),
    ]
    body = b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)) for kind, data in chunks
    )
    return b"\x89PNG\r\n\x1a\n" + body


def picture_of(
    lines: Sequence[str], *, size: int = 32, width: int = 1240, height: int | None = None, kind: str = "PNG"
) -> bytes:
    """Draw lines of text with the Noto font; the test is skipped where Pillow or the font is missing."""
    pillow = pytest.importorskip("PIL.Image")
    draw_module = pytest.importorskip("PIL.ImageDraw")
    font_module = pytest.importorskip("PIL.ImageFont")
    if not NOTO.exists():
        pytest.skip("the Noto CJK fonts are not installed")
    font = font_module.truetype(str(NOTO), size, index=2)
    image = pillow.new("L", (width, height or 120 + 2 * size * len(lines)), 255)
    draw = draw_module.Draw(image)
    for index, line in enumerate(lines):
        draw.text((100, 60 + 2 * size * index), line, font=font, fill=0)
    out = io.BytesIO()
    image.save(out, kind)
    return out.getvalue()
