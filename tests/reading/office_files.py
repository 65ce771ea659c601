"""Makers of real office files, down to the XML that no library writes."""

from __future__ import annotations

import io
import shutil
import subprocess
import tempfile
import zipfile
from functools import cache
from pathlib import Path

import pytest

_NAMESPACES = {
    "w": "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
    "r": "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
    "m": "http://schemas.openxmlformats.org/officeDocument/2006/math",
    "mc": "http://schemas.openxmlformats.org/markup-compatibility/2006",
    "wp": "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing",
    "a": "http://schemas.openxmlformats.org/drawingml/2006/main",
    "wps": "http://schemas.microsoft.com/office/word/2010/wordprocessingShape",
    "v": "urn:schemas-microsoft-com:vml",
}
_STRICT = {
    _NAMESPACES["w"]: "http://purl.oclc.org/ooxml/wordprocessingml/main",
    _NAMESPACES["r"]: "http://purl.oclc.org/ooxml/officeDocument/relationships",
}
_WORDML = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_KINDS = {
    "styles": "styles",
    "numbering": "numbering",
    "footnotes": "footnotes",
    "endnotes": "endnotes",
    "settings": "settings",
}


def element(tag: str, content: str) -> str:
    """Return a part's root element with all namespaces declared."""
    spaces = " ".join(f'xmlns:{prefix}="{uri}"' for prefix, uri in _NAMESPACES.items())
    return f'<?xml version="1.0" encoding="UTF-8"?><{tag} {spaces}>{content}</{tag}>'


def p(text: str = "", *, style: str = "", num: tuple[int, int] | None = None, props: str = "", runs: str = "") -> str:
    """Return a paragraph of one run, or of the runs given."""
    properties = f'<w:pStyle w:val="{style}"/>' if style else ""
    if num is not None:
        properties += f'<w:numPr><w:ilvl w:val="{num[1]}"/><w:numId w:val="{num[0]}"/></w:numPr>'
    return f"<w:p><w:pPr>{properties}{props}</w:pPr>{runs or r(text)}</w:p>"


def r(text: str, props: str = "") -> str:
    return f'<w:r><w:rPr>{props}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>' if text else ""


def tc(content: str, props: str = "") -> str:
    inner = content if content.startswith("<w:") else p(content)
    return f"<w:tc><w:tcPr>{props}</w:tcPr>{inner}</w:tc>"


def tbl(*rows: str | list[str]) -> str:
    written = [row if isinstance(row, str) else f"<w:tr>{''.join(row)}</w:tr>" for row in rows]
    return f"<w:tbl><w:tblPr/><w:tblGrid/>{''.join(written)}</w:tbl>"


def level(index: int, style: str, text: str, *, start: int = 1, more: str = "") -> str:
    return (
        f'<w:lvl w:ilvl="{index}"><w:start w:val="{start}"/><w:numFmt w:val="{style}"/>{more}'
        f'<w:lvlText w:val="{text}"/></w:lvl>'
    )


def abstract(number: int, *levels: str) -> str:
    return f'<w:abstractNum w:abstractNumId="{number}">{"".join(levels)}</w:abstractNum>'


def num(number: int, abstract_number: int, overrides: str = "") -> str:
    return f'<w:num w:numId="{number}"><w:abstractNumId w:val="{abstract_number}"/>{overrides}</w:num>'


def paragraph_style(id_: str, *, name: str = "", props: str = "", run: str = "", based_on: str = "") -> str:
    base = f'<w:basedOn w:val="{based_on}"/>' if based_on else ""
    return (
        f'<w:style w:type="paragraph" w:styleId="{id_}"><w:name w:val="{name or id_}"/>{base}'
        f"<w:pPr>{props}</w:pPr><w:rPr>{run}</w:rPr></w:style>"
    )


def textbox(content: str) -> str:
    """Return a run with a text box as Word writes it: for new programs, and once more for old ones."""
    box = f"<w:txbxContent>{content}</w:txbxContent>"
    return (
        '<w:r><mc:AlternateContent><mc:Choice Requires="wps"><w:drawing><wp:anchor><a:graphic><a:graphicData>'
        f"<wps:wsp><wps:txbx>{box}</wps:txbx></wps:wsp></a:graphicData></a:graphic></wp:anchor></w:drawing></mc:Choice>"
        f"<mc:Fallback><w:pict><v:shape><v:textbox>{box}</v:textbox></v:shape></w:pict></mc:Fallback>"
        "</mc:AlternateContent></w:r>"
    )


def field(instruction: str, result: str | None) -> str:
    """Return the runs of a field; without a result it has no separator either."""
    mark = '<w:r><w:fldChar w:fldCharType="{}"/></w:r>'.format
    shown = "" if result is None else mark("separate") + r(result)
    return f"{mark('begin')}<w:r><w:instrText>{instruction}</w:instrText></w:r>{shown}{mark('end')}"


def docx(body: str, **parts: str) -> bytes:
    """Return a docx file with this body; `parts` are the contents of styles, numbering, footnotes, header1, …"""
    return zipped({name: text.encode() for name, text in docx_parts(body, **parts).items()})


def strict_docx(body: str, **parts: str) -> bytes:
    """Return the same in the strict dialect."""
    return zipped({name: _as_strict(text).encode() for name, text in docx_parts(body, **parts).items()})


def docx_parts(body: str, **parts: str) -> dict[str, str]:
    """Return the parts of a docx file by name."""
    contents, relations = ["document"], []
    files = {"word/document.xml": element("w:document", f"<w:body>{body}</w:body>")}
    for name, content in parts.items():
        kind = _KINDS.get(name, name.rstrip("0123456789"))
        tag = {"header": "w:hdr", "footer": "w:ftr"}.get(kind, f"w:{kind}")
        files[f"word/{name}.xml"] = element(tag, content)
        relations.append(f'<Relationship Id="{name}" Type="{_NAMESPACES["r"]}/{kind}" Target="{name}.xml"/>')
        contents.append(name)
    types = "".join(
        f'<Override PartName="/word/{name}.xml" ContentType="{_WORDML}.'
        f'{"document.main" if name == "document" else _KINDS.get(name, name.rstrip("0123456789"))}+xml"/>'
        for name in contents
    )
    package = "http://schemas.openxmlformats.org/package/2006"
    head = '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    head += '<Default Extension="xml" ContentType="application/xml"/>'
    files["[Content_Types].xml"] = f'<Types xmlns="{package}/content-types">{head}{types}</Types>'
    main = f'<Relationship Id="m" Type="{_NAMESPACES["r"]}/officeDocument" Target="word/document.xml"/>'
    files["_rels/.rels"] = f'<Relationships xmlns="{package}/relationships">{main}</Relationships>'
    files["word/_rels/document.xml.rels"] = (
        f'<Relationships xmlns="{package}/relationships">{"".join(relations)}</Relationships>'
    )
    return files


def _as_strict(text: str) -> str:
    for usual, strict in _STRICT.items():
        text = text.replace(usual, strict)
    return text


def zipped(parts: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(zipfile.ZipInfo(name), data, compress_type=zipfile.ZIP_DEFLATED)
    return out.getvalue()


@cache
def by_office(data: bytes, suffix: str, to: str) -> bytes:
    """Let LibreOffice convert a file for a test, which is skipped where it is not installed."""
    program = shutil.which("soffice")
    if program is None:
        pytest.skip("LibreOffice (soffice) is not installed, so no real file of this kind can be made")
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / f"in{suffix}"
        source.write_bytes(data)
        profile = f"-env:UserInstallation={(Path(folder) / 'profile').as_uri()}"
        command = [program, profile, "--headless", "--convert-to", to, "--outdir", f"{folder}/out", str(source)]
        subprocess.run(command, check=True, capture_output=True, timeout=120)
        (result,) = (Path(folder) / "out").iterdir()
        return result.read_bytes()
