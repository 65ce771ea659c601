"""Pages of notices: one as it was issued, all of a document, all that a reader may see; and their files."""

from __future__ import annotations

import datetime as dt
from typing import Any, Final
from urllib.parse import urlencode

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import URLPattern, path, reverse
from django.utils.http import content_disposition_header
from django.utils.text import get_valid_filename
from django.views.decorators.http import require_safe

from luoshi.directives.actions.taking_in import subject_of
from luoshi.directives.models import Directive, Notice
from luoshi.directives.notices import docx_of, file_name, in_order, share_of, xlsx_of, zip_of
from luoshi.directives.views.fetching import directive_or_404
from luoshi.ledger.actions import record
from luoshi.org.enums import Side
from luoshi.org.gate import SignedIn, gated
from luoshi.org.policy import may, visible
from luoshi.work.queries import matters_for

__all__ = ["look_at", "urlpatterns"]

DOCX: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_BIGGEST: Final = 1 << 62
_PAGE: Final = 50
_NUMBER: Final = 60


def look_at(request: SignedIn, directive: Directive) -> None:
    """Write down that somebody looked, where the document is confidential."""
    if directive.confidential:
        record("directive.look", by=request.actor.author, subject=subject_of(directive), data={"page": request.path})


@gated("see")
@require_safe
def inbox(request: SignedIn) -> HttpResponse:
    """List the notices that the reader may see, newest first."""
    rows = visible(request.actor, Notice.objects.all(), "notice.see").select_related("unit", "directive")
    before = _whole(request.GET.get("before", ""))
    if before is not None:
        rows = rows.filter(pk__lt=before)
    shown = list(rows.order_by("-pk")[: _PAGE + 1])
    context = {
        "lines": [_line(row) for row in shown[:_PAGE]],
        "first": "?" if before is not None else "",
        "following": f"?before={shown[_PAGE - 1].pk}" if len(shown) > _PAGE else "",
    }
    return render(request, "directives/inbox.html", context)


@gated("directive.see")
@require_safe
def of_document(request: SignedIn, number: int) -> HttpResponse:
    """List the notices of one document."""
    directive = directive_or_404(request, number)
    look_at(request, directive)
    rows = list(_of(request, directive))
    context = {
        "directive": directive,
        "lines": [_line(row) for row in rows],
        "asks_number": any(not row.head["number"] for row in rows),
        "number": _number(request),
        "may_confirm": may(request.actor, "directive.confirm") is None,
    }
    return render(request, "directives/notices.html", context)


@gated("directive.see")  # type: ignore[arg-type]  # a file is an answer too
@require_safe
def archive(request: SignedIn, number: int) -> HttpResponseBase:
    """Answer with all notices of a document as one archive; who took it away is written down."""
    directive = directive_or_404(request, number)
    rows = list(_of(request, directive))
    if not rows:
        return redirect("directives:notices", number)
    file = zip_of(rows, number=_number(request))
    data: dict[str, Any] = {"rows": len(rows)}
    record("notice.export", by=request.actor.author, subject=subject_of(directive), data=data)
    name = get_valid_filename(f"交办通知-{str(directive)[:60]}.zip")
    return FileResponse(file, as_attachment=True, filename=name, content_type="application/zip")


@gated("see")
@require_safe
def notice(request: SignedIn, number: int) -> HttpResponse:
    """Show a notice as it was issued."""
    row = _notice_or_404(request, number)
    look_at(request, row.directive)
    rows = list(in_order(row))
    known = set(matters_for(request.actor).filter(pk__in=[one["matter"] for one in rows]).values_list("pk", flat=True))
    typed = _number(request)
    context = {
        "notice": row,
        "head": row.head,
        "day": dt.date.fromisoformat(row.head["day"]),
        "rows": [_row(one, known) for one in rows],
        "number": row.head["number"] or typed,
        "query": f"?{urlencode({'number': typed})}" if typed else "",
        "may_see_document": visible(
            request.actor, Directive.objects.filter(pk=row.directive_id), "directive.see"
        ).exists(),
    }
    return render(request, "directives/notice.html", context)


@gated("see")
@require_safe
def docx(request: SignedIn, number: int) -> HttpResponse:
    """Answer with a notice as a document in the official layout."""
    row = _notice_or_404(request, number)
    look_at(request, row.directive)
    return _download(docx_of(row, number=_number(request)), file_name(row, "docx"), DOCX)


@gated("see")
@require_safe
def xlsx(request: SignedIn, number: int) -> HttpResponse:
    """Answer with a notice's rows as a workbook."""
    row = _notice_or_404(request, number)
    look_at(request, row.directive)
    return _download(xlsx_of(row), file_name(row, "xlsx"), XLSX)


def _download(content: bytes, name: str, kind: str) -> HttpResponse:
    headers = {"Content-Disposition": content_disposition_header(as_attachment=True, filename=name) or "attachment"}
    return HttpResponse(content, headers=headers, content_type=kind)


def _notice_or_404(request: SignedIn, number: int) -> Notice:
    rows = visible(request.actor, Notice.objects.select_related("unit", "directive"), "notice.see")
    row = rows.filter(pk=number).first() if number < _BIGGEST else None
    if row is None:
        raise Http404
    return row


def _of(request: SignedIn, directive: Directive) -> Any:
    rows = visible(request.actor, directive.notices.select_related("unit", "directive"), "notice.see")
    return rows.order_by("issued_at", "unit__path", "pk")


def _line(row: Notice) -> dict[str, Any]:
    leads = sum(one["side"] == Side.LEAD.value for one in row.rows)
    return {"notice": row, "leads": leads, "supports": len(row.rows) - leads}


def _row(one: dict[str, Any], known: set[int]) -> dict[str, Any]:
    due = dt.date.fromisoformat(one["due"]) if one["due"] else None
    url = reverse("work:matter", args=[one["matter"]]) if one["matter"] in known else ""
    return {**one, "due": due, "url": url, "share": share_of(one), "helpers": "、".join(one["support"])}


def _number(request: HttpRequest) -> str:
    """Return the number that was typed for a notice that was issued without one."""
    return " ".join(request.GET.get("number", "").replace("\x00", "").split())[:_NUMBER]


def _whole(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None


urlpatterns: list[URLPattern] = [
    path("notices/", inbox, name="inbox"),
    path("notices/<int:number>/", notice, name="notice"),
    path("notices/<int:number>/docx/", docx, name="notice_docx"),
    path("notices/<int:number>/xlsx/", xlsx, name="notice_xlsx"),
    path("<int:number>/notices/", of_document, name="notices"),
    path("<int:number>/notices/zip/", archive, name="notices_zip"),
]
