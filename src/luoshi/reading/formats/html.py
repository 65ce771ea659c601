"""Web pages: the text that a browser shows, in the order of the page.

Nothing is left out as navigation or advertising here, because that can only be told by reading. What the page itself
marks as such keeps its place in the text (other than in formats with pages, whose headers follow the body): blocks in
its `nav`, `header` and `aside` have the role HEADER, those in its `footer` the role FOOTER.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from typing import Final

from luoshi.reading.encoding import decode, loss_warnings
from luoshi.reading.extract import Builder, Extract
from luoshi.reading.formats.html_flow import Line, flow
from luoshi.reading.formats.html_tree import Page, parse

__all__ = ["extract", "read"]

_DATA_URI: Final = re.compile(rb"data:[\w/+.-]{1,80};base64,[A-Za-z0-9+/=\s%]+")
_CHARSET: Final = re.compile(
    rb"<(?:meta|\?xml)\b[^>]{0,300}?(?:charset|encoding)\s*=\s*[\"']?\s*([\w:.-]+)", re.IGNORECASE
)
_DATE: Final = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?:[T\s]+(\d{1,2}):(\d{2})(?::(\d{2}))?)?")

# Names of `meta` elements, the most reliable first: those of government sites, of Open Graph, of Dublin Core.
_META: Final = {
    "title": ("articletitle", "og:title", "dc.title"),
    "author": ("author", "contentsource", "article:author", "dc.creator"),
    "created": ("pubdate", "publishdate", "article:published_time", "dcterms.issued", "dc.date", "created", "date"),
    "modified": ("article:modified_time", "dcterms.modified", "last-modified", "changed"),
}


def read(data: bytes, name: str) -> Extract:  # noqa: ARG001 — every reader takes the name
    """Read a web page in whatever encoding it is."""
    return extract(data, None, "html")


def extract(data: bytes, charset: str | None, format_: str) -> Extract:
    """Read a page whose envelope names `charset`; without one the page's own `meta` is asked."""
    data = _DATA_URI.sub(b"data:,", data)
    decoded = decode(data, charset or _declared(data))
    page = parse(decoded.text)
    builder = Builder(format_)
    for item in flow(page.root):
        if isinstance(item, Line):
            builder.add(item.text, role=item.role, level=item.level, depth=item.depth)
        else:
            builder.table(item.rows)
    builder.properties.update(_properties(page))
    builder.warnings.extend(loss_warnings(decoded))
    return builder.done()


def _declared(data: bytes) -> str | None:
    """Return the encoding that a page's first bytes name."""
    match = _CHARSET.search(data[:4096])
    return match[1].decode("ascii", "replace") if match else None


def _properties(page: Page) -> dict[str, str]:
    """Return what the page says of itself."""
    said = _said(page.metas)
    found = {key: next((said[name] for name in names if said.get(name)), "") for key, names in _META.items()}
    found["title"] = found["title"] or page.title
    for key in ("created", "modified"):
        found[key] = _iso(found[key])
    return {key: value for key, value in found.items() if value}


def _said(metas: Sequence[Mapping[str, str]]) -> dict[str, str]:
    """Return the contents of `meta` elements by name in lower case; the first of a name counts."""
    said: dict[str, str] = {}
    for meta in metas:
        name = meta.get("name") or meta.get("property") or meta.get("http-equiv") or ""
        said.setdefault(name.strip().lower(), " ".join(meta.get("content", "").split()))
    return said


def _iso(text: str) -> str:
    """Return a date (and time) in ISO form, "" for what is none."""
    match = _DATE.search(text)
    if match is None:
        return ""
    year, month, day, hour, minute, second = (int(part or 0) for part in match.groups())
    try:
        if match[4] is None:
            return dt.date(year, month, day).isoformat()
        return dt.datetime(year, month, day, hour, minute, second).isoformat()  # noqa: DTZ001 — the time that it shows
    except ValueError:
        return ""
