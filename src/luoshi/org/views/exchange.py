"""Import (upload, look, apply) and export."""

from __future__ import annotations

import tempfile
import uuid
from collections.abc import Callable
from functools import partial
from typing import IO, Any, Final, cast

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import FileResponse, Http404, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from luoshi.ledger.actions import Subject, record
from luoshi.ledger.canonical import Json
from luoshi.org.actions.uploads import keep_upload, withdraw_upload
from luoshi.org.exchange import (
    Plan,
    StalePlanError,
    Table,
    apply_tables,
    plan_tables,
    read_tables,
    write_csv,
    write_template,
    write_workbook,
)
from luoshi.org.exchange.columns import FORMS, Kind
from luoshi.org.forms import UploadForm
from luoshi.org.gate import SignedIn, gated
from luoshi.org.models import Upload
from luoshi.org.policy import RefusedError
from luoshi.org.told import language_now
from luoshi.org.views.asking import knows_numbers
from luoshi.reading.errors import ReadError

MOST_PROBLEMS: Final = 1000
MOST_CHANGES: Final = 200
_XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@gated("org.import")
def upload(request: SignedIn) -> HttpResponse:
    """Take a file in and lead to what importing it would do."""
    form = UploadForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        data = file.read()
        try:
            read_tables([(file.name, data)])
            row = keep_upload(file.name, data, by=request.actor)
        except ReadError as error:
            form.add_error("file", error.words.in_(language_now()))
        except ValidationError as refused:
            form.add_error("file", refused)
        else:
            return redirect("org:plan", row.token)
    return render(request, "org/upload.html", {"form": form}, status=422 if form.errors else 200)


def _mine(request: SignedIn, token: uuid.UUID) -> Upload:
    return get_object_or_404(Upload, token=token, person_id=request.actor.person_id)


def _tables(row: Upload) -> list[Table]:
    return read_tables([(row.name, bytes(row.content))])


@require_GET
@gated("org.import")
def plan(request: SignedIn, token: uuid.UUID) -> HttpResponse:
    """Show every problem of a file and everything that importing it would change; nothing is changed."""
    row = _mine(request, token)
    return _shown(request, row, plan_tables(_tables(row)))


def _shown(request: SignedIn, row: Upload, made: Plan, *, status: int = 200) -> HttpResponse:
    language = language_now()
    page: dict[str, Any] = {
        "upload": row,
        "plan": made,
        "counts": made.counts(),
        "problems": made.problems[:MOST_PROBLEMS],
        "more_problems": max(len(made.problems) - MOST_PROBLEMS, 0),
        "changes": [
            (FORMS[kind].name.in_(language), made.of(kind)[:MOST_CHANGES], max(len(made.of(kind)) - MOST_CHANGES, 0))
            for kind in Kind
            if made.of(kind)
        ],
    }
    return render(request, "org/plan.html", page, status=status)


@require_POST
@gated("org.import")
def apply(request: SignedIn, token: uuid.UUID) -> HttpResponse:
    """Carry out the plan that was shown; where it no longer holds, show the one that does."""
    row = _mine(request, token)
    try:
        done = apply_tables(_tables(row), by=request.actor, digest=request.POST.get("digest", ""))
    except StalePlanError as stale:
        messages.warning(request, _("看过之后又有人改了数据，什么都没有导入。请重新核对下面的清单。"))
        return _shown(request, row, stale.plan, status=409)
    except ValidationError as refused:
        messages.error(request, " ".join(refused.messages))
        return redirect("org:plan", row.token)
    withdraw_upload(row, by=request.actor)
    messages.success(request, _("已导入。新的任职等安全管理员确认后生效。"))
    waits = any(change.kind is Kind.POSTS and change.is_new for change in done.plan.changes)
    return redirect("org:waiting" if waits else "org:tree")


@require_POST
@gated("org.import")
def discard(request: SignedIn, token: uuid.UUID) -> HttpResponse:
    """Throw an uploaded file away."""
    withdraw_upload(_mine(request, token), by=request.actor)
    messages.success(request, _("文件已丢弃，什么都没有导入。"))
    return redirect("org:import")


@require_GET
@gated("org.import")
def template(request: SignedIn) -> HttpResponse:  # noqa: ARG001 — the gate's signature
    """Give out the workbook with its heads only."""
    return _file(write_template, _("单位人员模板"))


@require_GET
@gated("org.export")
def export(request: SignedIn) -> HttpResponse:
    """Give out what the reader may have of the organisation as a workbook. That it was done is recorded."""
    kinds = _exported(request)
    sheets: list[Json] = [kind.value for kind in kinds]
    record("org.export", by=request.actor.author, subject=Subject("org"), data={"form": "xlsx", "sheets": sheets})
    return _file(partial(write_workbook, kinds=kinds), _("单位人员"))


@require_GET
@gated("org.export")
def export_csv(request: SignedIn, kind: str) -> HttpResponse:
    """Give out one sheet as CSV. That it was done is recorded."""
    if kind not in set(Kind):
        raise Http404
    if Kind(kind) not in _exported(request):
        raise RefusedError("org.export", _("人员和任职表里有工号，只有系统管理员和安全管理员可以看"))
    record("org.export", by=request.actor.author, subject=Subject("org"), data={"form": "csv", "sheets": [kind]})
    answer = StreamingHttpResponse(write_csv(Kind(kind)), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{kind}-{_stamp()}.csv"'
    return cast("HttpResponse", answer)


def _exported(request: SignedIn) -> tuple[Kind, ...]:
    """Return the sheets the reader may take along: those with staff numbers only where they may see them."""
    return tuple(Kind) if knows_numbers(request) else (Kind.UNITS, Kind.GROUPS)


def _file(write: Callable[[IO[bytes]], None], name: str) -> HttpResponse:
    file = tempfile.TemporaryFile()  # noqa: SIM115 — the answer closes it when it has been sent
    write(file)
    file.seek(0)
    return cast("HttpResponse", _attached(file, name))


def _attached(file: IO[bytes], name: str) -> FileResponse:
    return FileResponse(file, as_attachment=True, filename=f"{name}-{_stamp()}.xlsx", content_type=_XLSX)


def _stamp() -> str:
    return f"{timezone.localdate():%Y%m%d}"
