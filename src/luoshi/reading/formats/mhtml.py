"""Web archives (.mht, .mhtml, and Word's 单个文件网页): the first page in them.

Only the bytes up to the end of that page are parsed, so pictures behind it cost nothing.
"""

from __future__ import annotations

import re
from email import message_from_bytes, policy
from email.message import Message
from typing import Final

from luoshi.reading.encoding import MAX_BYTES
from luoshi.reading.errors import DamagedError, TooLargeError
from luoshi.reading.extract import Extract
from luoshi.reading.formats import html

__all__ = ["read"]

_HEAD: Final = 65_536
_MOST_NESTED: Final = 20
_PAGE: Final = re.compile(rb"^content-type:[ \t]*text/html\b", re.MULTILINE | re.IGNORECASE)
_NESTED: Final = re.compile(rb"^content-type:[ \t]*multipart/", re.MULTILINE | re.IGNORECASE)
_BOUNDARY: Final = re.compile(rb"boundary=(?:\"([^\"\r\n]{1,200})\"|([^\s;\"]{1,200}))", re.IGNORECASE)


def read(data: bytes, name: str) -> Extract:  # noqa: ARG001 — every reader takes the name
    """Read the first `text/html` part of a web archive.

    Raises:
        DamagedError: no page in it.
    """
    message = message_from_bytes(_up_to_page(data), policy=policy.compat32)
    page = next((part for part in message.walk() if part.get_content_type() == "text/html"), None)
    payload = page.get_payload(decode=True) if page is not None else None
    if page is None or not isinstance(payload, bytes):
        raise _damaged()
    return html.extract(payload, _charset(page), "mhtml")


def _up_to_page(data: bytes) -> bytes:
    """Return the archive up to the end of its first page; what stands behind it is never looked at."""
    page = _PAGE.search(data)
    if page is None or len(_NESTED.findall(data, 0, page.start())) > _MOST_NESTED:
        raise _damaged()
    boundary = _BOUNDARY.search(data[:_HEAD])
    end = -1
    if boundary is not None and boundary.start() < page.start():
        end = data.find(b"\n--" + (boundary[1] or boundary[2]), page.end())
    if (len(data) if end < 0 else end) - page.end() > 2 * MAX_BYTES:
        raise TooLargeError(
            "网页存档里的网页太大，请把正文另存为 docx 或 txt 后再读。",
            "The page in this web archive is too large; save its text as docx or txt.",
        )
    return data if end < 0 else data[:end]


def _charset(page: Message) -> str | None:
    """Return the encoding that the part's header names."""
    try:
        return page.get_content_charset()
    except (LookupError, UnicodeError, ValueError):
        return None


def _damaged() -> DamagedError:
    return DamagedError(
        "网页存档里没有找到网页，请在浏览器里打开，另存为“网页，仅 HTML”后再读。",
        "The web archive holds no page; open it in a browser and save it as a plain web page.",
    )
