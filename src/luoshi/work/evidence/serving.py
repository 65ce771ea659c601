"""Giving files out over HTTP: as downloads that no browser runs, whole or from where a broken download stopped."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import BinaryIO, Final

from django.http import FileResponse, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.http import content_disposition_header, parse_etags

from luoshi.work.evidence.kinds import content_type
from luoshi.work.evidence.names import safe_name
from luoshi.work.evidence.store import opened
from luoshi.work.models import Attachment

__all__ = ["as_download", "is_unchanged", "sealed_off"]

_RANGE: Final = re.compile(r"bytes=(\d{0,18})-(\d{0,18})")
_CHUNK: Final = 1 << 18


def as_download(request: HttpRequest, attachment: Attachment) -> HttpResponseBase:
    """Return the file under the name it has in this matter; FileNotFoundError where the folder has lost it."""
    evidence = attachment.evidence
    etag = f'"{evidence.sha256}"'
    if is_unchanged(request, etag):
        return sealed_off(HttpResponse(status=304), etag)
    file = opened(evidence)
    span = _span(request, etag, evidence.size)
    response: HttpResponseBase
    if span is None:
        response = FileResponse(file, content_type=content_type(evidence.kind))
        response["Content-Length"] = str(evidence.size)
    elif not span:
        file.close()
        response = HttpResponse(status=416)
        response["Content-Range"] = f"bytes */{evidence.size}"
    else:
        response = _part(file, span, evidence.size, content_type(evidence.kind))
    response["Content-Disposition"] = content_disposition_header(
        as_attachment=True, filename=safe_name(attachment.name)
    )
    response["Accept-Ranges"] = "bytes"
    return sealed_off(response, etag)


def is_unchanged(request: HttpRequest, etag: str) -> bool:
    """Tell whether the browser already holds what `etag` names."""
    return etag in parse_etags(request.headers.get("If-None-Match", ""))


def sealed_off(response: HttpResponseBase, etag: str) -> HttpResponseBase:
    """Let nothing in the answer run, be guessed at, or be kept by anybody but the reader's own browser."""
    response["ETag"] = etag
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["Cache-Control"] = "private, no-cache"
    return response


def _span(request: HttpRequest, etag: str, size: int) -> range | None:
    """Return which bytes are asked for: None for all of them, an empty range for bytes that there are not."""
    match = _RANGE.fullmatch(request.headers.get("Range", "").strip())
    if match is None or request.headers.get("If-Range", etag) != etag or not any(match.groups()):
        return None
    first, last = match.groups()
    if not first:
        return range(max(0, size - int(last)), size)
    end = min(int(last) + 1, size) if last else size
    return None if last and int(last) < int(first) else range(int(first), end)


def _part(file: BinaryIO, span: range, size: int, kind: str) -> StreamingHttpResponse:
    response = StreamingHttpResponse(_bytes(file, span), status=206, content_type=kind)
    response["Content-Range"] = f"bytes {span.start}-{span.stop - 1}/{size}"
    response["Content-Length"] = str(len(span))
    return response


def _bytes(file: BinaryIO, span: range) -> Iterator[bytes]:
    with file:
        file.seek(span.start)
        left = len(span)
        while left and (chunk := file.read(min(_CHUNK, left))):
            left -= len(chunk)
            yield chunk
