"""Evidence over HTTP: only through a matter that the reader may see, and shown only as pictures of our own making."""

from __future__ import annotations

from typing import Final, cast

from django.http import FileResponse, Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from luoshi.ledger.actions import Subject, record
from luoshi.org.gate import SignedIn, gated
from luoshi.work.evidence.previews import BusyError, Side, preview
from luoshi.work.evidence.queries import attachments_for
from luoshi.work.evidence.serving import as_download, is_unchanged, sealed_off
from luoshi.work.models import Attachment

__all__ = ["download", "large", "thumb"]

_BIGGEST: Final = 1 << 62


@require_safe
@gated("see")
def download(request: SignedIn, number: int) -> HttpResponse:
    """Give out one attachment as it was handed in."""
    attachment = _fetched(request, number)
    try:
        response = as_download(request, attachment)
    except FileNotFoundError:
        message = _("这份材料的文件在服务器上找不到了，请告诉系统管理员从备份恢复。")
        return render(request, "evidence/lost.html", {"attachment": attachment, "message": message}, status=410)
    return _kept_private(response, attachment)


@require_safe
@gated("see")
def large(request: SignedIn, number: int) -> HttpResponse:
    """Show one attachment as a picture that fills a page."""
    return _picture(request, number, Side.LARGE)


@require_safe
@gated("see")
def thumb(request: SignedIn, number: int) -> HttpResponse:
    """Show one attachment as a small picture."""
    return _picture(request, number, Side.THUMB)


def _fetched(request: SignedIn, number: int) -> Attachment:
    """Return an attachment that the reader may see; a look at a confidential one is written down first."""
    attachment = attachments_for(request.actor).filter(pk=number).first() if number < _BIGGEST else None
    if attachment is None:
        raise Http404
    matter = attachment.matter
    if matter.confidential:
        subject = Subject("matter", str(matter.uid), matter.number)
        seen = {"page": request.path, "evidence": attachment.evidence.sha256}
        record("matter.look", by=request.actor.author, subject=subject, data=dict(seen))
    return attachment


def _picture(request: SignedIn, number: int, side: Side) -> HttpResponse:
    attachment = _fetched(request, number)
    etag = f'"{attachment.evidence.sha256}-{side:d}"'
    if is_unchanged(request, etag):
        return _kept_private(sealed_off(HttpResponse(status=304), etag), attachment)
    try:
        made = preview(attachment.evidence, side)
    except BusyError:
        made = None
    if made is None:
        words = {"message": _("没有预览，请下载后查看")}
        return render(request, "evidence/none.svg", words, content_type="image/svg+xml")  # never to be kept
    response = FileResponse(made.open("rb"), content_type="image/jpeg")
    response["Content-Disposition"] = "inline"
    return _kept_private(sealed_off(response, etag), attachment)


def _kept_private(response: HttpResponseBase, attachment: Attachment) -> HttpResponse:
    if attachment.matter.confidential:
        response["Cache-Control"] = "private, no-store"
    return cast("HttpResponse", response)  # the gate, and Django's own names, do not tell streams from answers
