"""Lists as files."""

from __future__ import annotations

from django.contrib import messages
from django.http import FileResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from luoshi.org.gate import SignedIn, gated
from luoshi.work.export import MOST_ROWS, TooManyError, export
from luoshi.work.lists import MatterList
from luoshi.work.views.fetching import register_or_404

__all__ = ["take_out"]

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@gated("export")  # type: ignore[arg-type]  # a file is an answer too
@require_POST
def take_out(request: SignedIn, code: str = "") -> HttpResponseBase:
    """Answer with the list as a workbook; the query string is the list's own."""
    kind = register_or_404(request, code) if code else None
    listed = MatterList(request.actor, kind, request.GET, timezone.localdate())
    try:
        file = export(listed)
    except TooManyError:
        messages.error(request, _("超过%(most)d条，一个文件装不下。请先用条件缩小范围，再导出。") % {"most": MOST_ROWS})
        back = reverse("work:register", args=[code]) if code else reverse("work:matters")
        return redirect(f"{back}?{listed.query()}")
    name = f"{kind.short.zh if kind else '全部事项'}-{listed.today.isoformat()}.xlsx"
    return FileResponse(file, as_attachment=True, filename=name, content_type=XLSX)
