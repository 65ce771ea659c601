"""Bringing an existing register in: upload, look, open."""

from __future__ import annotations

import tempfile
from typing import Any, Final

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import FileResponse, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from luoshi.org.exchange.reading import MAX_BYTES
from luoshi.org.gate import SignedIn, gated
from luoshi.org.policy import RefusedError
from luoshi.org.told import language_now
from luoshi.reading.errors import ReadError
from luoshi.work.enums import Act
from luoshi.work.intake import RowError, StaleIntakeError, bring_in, mark_of, sheet_of
from luoshi.work.intake_plan import IntakePlan, plan_sheet
from luoshi.work.intake_sheet import MOST_ROWS, Sheet, read_sheet
from luoshi.work.intake_template import write_template
from luoshi.work.registers import Register
from luoshi.work.views.fetching import may_open_in, register_or_404
from luoshi.work.views.taking_out import XLSX

__all__ = ["apply", "template", "upload"]

_PROBLEMS: Final = 500
_SHOWN: Final = 200


class SheetForm(forms.Form):
    """A file to be looked at before anything is opened."""

    file = forms.FileField(
        label=gettext_lazy("文件"),
        help_text=gettext_lazy("xlsx 工作簿，或一张表的 csv；先检查，不会马上立项。"),
        widget=forms.FileInput({"accept": ".xlsx,.xls,.ods,.csv"}),
    )

    def clean_file(self) -> Any:
        """Refuse a file that is too large before it is read into memory."""
        file = self.cleaned_data["file"]
        if file.size > MAX_BYTES:
            message = _("文件超过%(most)dMB，请只留下要导入的那张表。")
            raise ValidationError(message, code="too_large", params={"most": MAX_BYTES >> 20})
        return file


def _register(request: SignedIn, code: str) -> Register:
    """Return the register where the reader could open matters at all; where, the action decides."""
    kind = register_or_404(request, code)
    if not may_open_in(request, kind):
        raise RefusedError(Act.OPEN, _("这本台账不由您的岗位立项"))
    return kind


@gated("open")
@require_http_methods(["GET", "HEAD", "POST"])
def upload(request: SignedIn, code: str) -> HttpResponse:
    """Ask for a file (GET); show every problem of it and what it would open (POST). Nothing is changed or kept."""
    kind = _register(request, code)
    form = SheetForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            sheet = read_sheet(file.name, file.read(), kind)
            mark = mark_of(sheet, kind, request.actor)
        except ReadError as error:
            form.add_error("file", error.words.in_(language_now()))
        except ValidationError as refused:
            form.add_error("file", refused)
        else:
            return _shown(request, kind, sheet, plan_sheet(sheet, kind, request.actor), mark)
    context = {"register": kind, "form": form, "most": MOST_ROWS}
    return render(request, "work/intake.html", context, status=422 if form.errors else 200)


def _shown(  # noqa: PLR0913 — what the page is made of
    request: SignedIn, kind: Register, sheet: Sheet, plan: IntakePlan, mark: str, *, status: int = 200
) -> HttpResponse:
    new = plan.new
    context = {
        "register": kind,
        "sheet": sheet,
        "plan": plan,
        "mark": mark,
        "problems": plan.problems[:_PROBLEMS],
        "more_problems": max(len(plan.problems) - _PROBLEMS, 0),
        "new": new[:_SHOWN],
        "more": max(len(new) - _SHOWN, 0),
        "number": len(new),
        "drafts": sum(not entry.assigned for entry in new),
        "alike": sum(bool(entry.like) for entry in new),
        "there": len(plan.there),
    }
    return render(request, "work/intake_plan.html", context, status=status)


@require_POST
@gated("open")
def apply(request: SignedIn, code: str) -> HttpResponse:
    """Open everything that was shown, or nothing; where it no longer holds, show what does."""
    kind = _register(request, code)
    mark = request.POST.get("mark", "")
    sheet = sheet_of(mark, kind, request.actor)
    if sheet is None:
        messages.error(request, _("核对页已经过期，什么都没有导入。请重新上传文件。"))
        return redirect("work:intake", code)
    try:
        done = bring_in(sheet, kind, by=request.actor, digest=request.POST.get("digest", ""))
    except StaleIntakeError as stale:
        messages.warning(request, _("看过之后有了变化，什么都没有导入。请重新核对下面的清单。"))
        return _shown(request, kind, sheet, stale.plan, mark, status=409)
    except RowError as error:
        said = _("第%(row)d行不能立项，什么都没有导入：%(why)s") % {"row": error.row, "why": error.message}
        messages.error(request, said)
        return redirect("work:intake", code)
    if done.opened:
        words = _("已立项%(opened)d件，其中交办%(assigned)d件。") % done._asdict()
        messages.success(request, words)
    else:
        messages.success(request, _("这个文件已经导入过，没有重复立项。"))
    return redirect("work:register", code)


@require_GET
@gated("open")  # type: ignore[arg-type]  # a file is an answer too
def template(request: SignedIn, code: str) -> HttpResponseBase:
    """Give out the register's sheet with its heads only."""
    kind = _register(request, code)
    file = tempfile.TemporaryFile()  # noqa: SIM115 — the answer closes it when it has been sent
    write_template(file, kind)
    file.seek(0)
    name = _("%(register)s-导入模板.xlsx") % {"register": kind.short}
    return FileResponse(file, as_attachment=True, filename=name, content_type=XLSX)
