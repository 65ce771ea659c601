"""Builds the example documents: `python tools/make_examples.py [FOLDER]`, by default into `examples/`.

The speech's text lies in `examples/source/speech.txt`; a line that begins with #, ## or ### is an outline item whose
number the word processor sets itself, as in most real files, so that reading has to work it out. The same source gives
the same bytes. All places, people and figures are invented.
"""

from __future__ import annotations

import datetime as dt
import io
import sys
import zipfile
from pathlib import Path
from typing import Any

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Pt

EXAMPLES = Path(__file__).parent.parent / "examples"
WRITTEN = dt.datetime(2026, 2, 27, 9, 0, tzinfo=dt.UTC)

LEVELS = (("chineseCountingThousand", "%1、"), ("chineseCountingThousand", "（%2）"), ("decimal", "%3."))
FACES = ("黑体", "楷体_GB2312", "仿宋_GB2312")


def main(folder: Path = EXAMPLES) -> None:
    """Write every example that is built."""
    lines = (EXAMPLES / "source" / "speech.txt").read_text(encoding="utf-8").splitlines()
    buffer = io.BytesIO()
    speech(lines).save(buffer)
    (folder / "讲话.docx").write_bytes(undated(buffer))


def speech(lines: list[str]) -> Any:
    """Return the speech as a document: title, date line, then outline items and paragraphs."""
    document = Document()
    properties = document.core_properties
    properties.title, properties.author = lines[0], "青禾县教育局办公室"
    properties.created = properties.modified = WRITTEN
    properties.last_modified_by, properties.revision = "", 1
    number = add_numbering(document)
    centred(document, lines[0], "方正小标宋简体", 22)
    for line in lines[1:3]:
        centred(document, line, "楷体_GB2312", 16)
    for line in filter(None, lines[3:]):
        marks, _, text = line.partition(" ")
        if marks and set(marks) == {"#"}:
            outline_item(document, text, len(marks) - 1, number)
        else:
            paragraph = document.add_paragraph()
            paragraph.paragraph_format.first_line_indent = Pt(0 if line.endswith("：") else 32)
            run_in(paragraph, line, "仿宋_GB2312", 16)
    return document


def add_numbering(document: Any) -> int:
    """Define the numbering 一、（一）1. and return its number."""
    numbering = document.part.numbering_part.element
    levels = "".join(
        f'<w:lvl w:ilvl="{level}"><w:start w:val="1"/><w:numFmt w:val="{kind}"/><w:suff w:val="nothing"/>'
        f'<w:lvlText w:val="{text}"/><w:lvlJc w:val="left"/></w:lvl>'
        for level, (kind, text) in enumerate(LEVELS)
    )
    abstract = parse_xml(f'<w:abstractNum {nsdecls("w")} w:abstractNumId="90">{levels}</w:abstractNum>')
    numbering.insert(0, abstract)
    return int(numbering.add_num(90).numId)


def outline_item(document: Any, text: str, level: int, number: int) -> None:
    """Add an outline item whose number the word processor counts."""
    paragraph = document.add_paragraph()
    properties = paragraph._p.get_or_add_pPr().get_or_add_numPr()  # noqa: SLF001 — python-docx has no public way
    properties.get_or_add_ilvl().val = level
    properties.get_or_add_numId().val = number
    paragraph.paragraph_format.first_line_indent = Pt(32)
    heading, stop, rest = text.partition("。") if level else (text, "", "")
    run_in(paragraph, heading + stop, FACES[level], 16)
    if rest:
        run_in(paragraph, rest, "仿宋_GB2312", 16)


def centred(document: Any, text: str, face: str, points: int) -> None:
    """Add a centred line."""
    paragraph = document.add_paragraph()
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    run_in(paragraph, text, face, points)


def run_in(paragraph: Any, text: str, face: str, points: int) -> None:
    """Add text in one face to a paragraph."""
    run = paragraph.add_run(text)
    run.font.size = Pt(points)
    run.font.name = face
    run._element.rPr.rFonts.set(qn("w:eastAsia"), face)  # noqa: SLF001 — python-docx has no public way


def undated(archive: io.BytesIO) -> bytes:
    """Return the same archive with every member dated alike."""
    copied = io.BytesIO()
    with zipfile.ZipFile(archive) as source, zipfile.ZipFile(copied, "w", zipfile.ZIP_DEFLATED) as copy:
        for name in source.namelist():
            member = zipfile.ZipInfo(name, WRITTEN.timetuple()[:6])
            member.compress_type = zipfile.ZIP_DEFLATED
            copy.writestr(member, source.read(name))
    return copied.getvalue()


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:2]))
