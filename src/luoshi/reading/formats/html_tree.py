"""Web pages as a small tree of what a browser shows, built in one pass whose time and depth are bounded.

Scripts, styles, templates, comments, form controls and everything hidden never enter the tree; neither does the
pronunciation written over characters. Elements deeper than `limits.py` allows stand at the greatest depth, as text with
line breaks.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from luoshi.reading.encoding import printable
from luoshi.reading.errors import DamagedError, TooLargeError
from luoshi.reading.limits import MAX_DEPTH

__all__ = ["BLOCKS", "HEADINGS", "Element", "Page", "parse"]

MAX_TAGS: Final = 2_000_000
"""Tags in one page; the longest pages that offices publish have some ten thousand."""

_CHUNK: Final = 65_536
_MAX_EFFORT: Final = 300_000_000
"""Steps for end tags: each may be compared with all elements that are open."""

HEADINGS: Final = {f"h{level}": level for level in range(1, 7)}
BLOCKS: Final = frozenset(
    {
        *("html", "body", "address", "article", "aside", "blockquote", "caption", "center", "dd", "details", "dialog"),
        *("dir", "div", "dl", "dt", "fieldset", "figcaption", "figure", "footer", "form", "header", "hgroup", "hr"),
        *("legend", "li", "listing", "main", "menu", "nav", "ol", "p", "plaintext", "pre", "search", "section"),
        *("summary", "table", "tbody", "td", "tfoot", "th", "thead", "title", "tr", "ul", "xmp", *HEADINGS),
    }
)
_UNSHOWN: Final = frozenset(
    {
        *(
            "script",
            "style",
            "template",
            "noscript",
            "noframes",
            "iframe",
            "object",
            "embed",
            "applet",
            "svg",
            "canvas",
        ),
        *("audio", "video", "map", "select", "datalist", "textarea", "title", "rt", "rp", "xml"),
    }
)
_HIDING: Final = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden|mso-hide\s*:\s*all", re.IGNORECASE)


@dataclass(slots=True)
class Element:
    """One element that is shown, with its text and elements in order."""

    tag: str
    attributes: Mapping[str, str] = field(default_factory=dict)
    children: list[Element | str] = field(default_factory=list)

    def attribute(self, name: str) -> str:
        """Return an attribute's value in lower case without blanks around it, "" where there is none."""
        return self.attributes.get(name, "").strip().lower()


@dataclass(slots=True)
class Page:
    """A page: what it shows, its title, and its `meta` elements as they came."""

    root: Element
    title: str
    metas: list[Mapping[str, str]]


def parse(text: str) -> Page:
    """Build the tree of a page.

    Raises:
        TooLargeError: more tags than a document has.
        DamagedError: mark-up so entangled that reading it would take minutes.
    """
    from lxml import etree  # noqa: PLC0415 — heavy, and not every run needs it

    if text.count("<") > MAX_TAGS:
        raise TooLargeError(
            f"网页的标签超过{MAX_TAGS}个，请把正文另存为 docx 或 txt 后再读。",
            f"The page has more than {MAX_TAGS} tags; save its text as docx or txt.",
        )
    grower = _Grower()
    target: Any = grower  # the stubs ask for bytes and comments, which lxml does not hand over
    parser = etree.HTMLParser(target=target, huge_tree=True, encoding="utf-8")
    data = text.encode("utf-8", "replace")
    effort = 0
    for start in range(0, len(data), _CHUNK):
        chunk = data[start : start + _CHUNK]
        effort += len(grower.open) * chunk.count(b"</")
        if effort > _MAX_EFFORT:
            raise DamagedError(
                "网页的标签嵌套混乱，无法读取，请在浏览器里打开，把正文复制到 docx 或 txt 后再读。",
                "The page's mark-up is too entangled; open it in a browser and copy its text into a docx or txt file.",
            )
        parser.feed(chunk)
    if data.strip():
        parser.close()
    return Page(grower.root, " ".join("".join(grower.title).split()), grower.metas)


class _Grower:
    """Grows the tree from the parser's reports; `open` holds the open elements, None for those that are not shown."""

    def __init__(self) -> None:
        self.root = Element("html")
        self.title: list[str] = []
        self.metas: list[Mapping[str, str]] = []
        self.open: list[Element | None] = [self.root]
        self._in_title = False

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        """Take note of an element's begin."""
        parent = self.open[-1]
        if tag == "meta":
            self.metas.append(dict(attributes))
        elif tag == "title":
            self._in_title = not self.title
        if parent is None or tag in _UNSHOWN or _is_hidden(tag, attributes):
            self.open.append(None)
        elif len(self.open) > MAX_DEPTH:
            self._break(parent, tag)
            self.open.append(parent)
        else:
            element = Element(tag, dict(attributes))
            parent.children.append(element)
            self.open.append(element)

    def end(self, tag: str) -> None:
        """Take note of an element's end."""
        if tag == "title":
            self._in_title = False
        element = self.open.pop() if len(self.open) > 1 else None
        if element is not None and len(self.open) > MAX_DEPTH:
            self._break(element, tag)

    def data(self, text: str) -> None:
        """Take note of characters."""
        parent = self.open[-1]
        if self._in_title:
            self.title.append(printable(text))
        elif parent is not None:
            parent.children.append(printable(text))

    def close(self) -> None:
        """Take note of the page's end; what has grown stays in the attributes."""

    @staticmethod
    def _break(parent: Element, tag: str) -> None:
        if tag in BLOCKS or tag == "br":
            parent.children.append(Element("br"))


def _is_hidden(tag: str, attributes: Mapping[str, str]) -> bool:
    """Tell whether a browser leaves out an element; a whole page that waits for a script to show it is shown."""
    if tag in {"html", "body"} or not attributes:
        return False
    return "hidden" in attributes or _HIDING.search(attributes.get("style", "")) is not None
