"""The pages on which the security's administrator makes accounts for many people at once."""

from __future__ import annotations

from typing import Final

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from luoshi.accounts import preparing
from luoshi.accounts.preparing import KeyLostError
from luoshi.org import account_bulk as bulk
from luoshi.org.account_forms import ManyForm
from luoshi.org.account_gate import asked_again
from luoshi.org.account_sheet import last_day, opened, sealed, workbook
from luoshi.org.gate import SignedIn, gated

__all__ = ["begin", "choose", "finish", "give_up", "go_on", "progress", "sheet"]

KEY: Final = "luoshi_sheet"
"""The cookie that keeps the key to the passwords in the administrator's browser, and nowhere else."""

_SECONDS: Final = 2.0
_LISTED: Final = 100
_XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@gated("account.change")
@require_GET
def choose(request: SignedIn) -> HttpResponse:
    """Show who would get an account, and whose number will not do."""
    form = ManyForm(request.GET)
    found = bulk.survey(**form.chosen) if form.is_valid() else bulk.Survey((), ())
    values = {
        "form": form,
        "count": len(found.wanted),
        "people": found.wanted[:_LISTED],
        "problems": found.problems[:_LISTED],
        "more": max(0, len(found.wanted) - _LISTED),
        "more_problems": max(0, len(found.problems) - _LISTED),
        "begun": preparing.progress(by=request.user),
    }
    return render(request, "accounts/many.html", values)


@gated("account.change")
@require_POST
@asked_again
def begin(request: SignedIn) -> HttpResponse:
    """Begin to prepare accounts for all whom the filter lets through."""
    form = ManyForm(request.POST)
    wanted = bulk.survey(**form.chosen).wanted if form.is_valid() else ()
    if not wanted:
        messages.warning(request, _("没有要建账号的人。"))
        return redirect("accounts:many")
    key = bulk.begin(wanted, by=request.actor)
    answer = redirect("accounts:many_progress")
    answer.set_cookie(KEY, key, httponly=True, secure=settings.SESSION_COOKIE_SECURE, samesite="Strict")
    return answer


@gated("account.change")
@require_GET
def progress(request: SignedIn) -> HttpResponse:
    """Show how far the preparation is; the page goes on by itself."""
    now = preparing.progress(by=request.user)
    if not now.count:
        return redirect("accounts:many")
    return render(request, "accounts/many_progress.html", {"progress": now})


@gated("account.change")
@require_POST
def go_on(request: SignedIn) -> HttpResponse:
    """Prepare some more."""
    try:
        now = preparing.go_on(request.COOKIES.get(KEY, ""), by=request.user, seconds=_SECONDS)
    except KeyLostError:
        return _lost(request)
    if not request.htmx:
        return redirect("accounts:many_progress")
    return render(request, "accounts/many_preparing.html", {"progress": now})


@gated("account.change")
@require_POST
@asked_again
def finish(request: SignedIn) -> HttpResponse:
    """Make the accounts, and show their passwords this once."""
    try:
        made = bulk.finish(request.COOKIES.get(KEY, ""), by=request.actor)
    except KeyLostError:
        return _lost(request)
    except ValidationError as refused:
        messages.error(request, " ".join(refused.messages))
        return redirect("accounts:many_progress")
    if not made.lines:
        messages.warning(request, _("没有新建账号：要么还没有准备好，要么这些人都已有账号。密码只显示一次，不能再看。"))
        return redirect("accounts:many")
    values = {
        "made": made,
        "last_day": last_day(),
        "address": request.build_absolute_uri("/"),
        "sealed": sealed(made.lines, by=request.actor),
    }
    answer = render(request, "accounts/many_made.html", values)
    answer.delete_cookie(KEY, samesite="Strict")
    return answer


@gated("account.change")
@require_POST
def sheet(request: SignedIn) -> HttpResponse:
    """Answer the page of slips with what it holds, as a workbook; the server has kept nothing of it."""
    lines = opened(request.POST.get("sealed", ""), by=request.actor)
    if not lines:
        messages.error(request, _("这张表只能从刚刚建账号的那一页下载，一小时内有效。密码没留下的，请逐个重置。"))
        return redirect("accounts:many")
    answer = HttpResponse(workbook(lines), content_type=_XLSX)
    answer["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=_("新建账号") + ".xlsx")
    return answer


@gated("account.change")
@require_POST
def give_up(request: SignedIn) -> HttpResponse:
    """Drop what was prepared; no account was made."""
    preparing.give_up(by=request.user)
    messages.info(request, _("已放弃，一个账号也没有建。"))
    answer = redirect("accounts:many")
    answer.delete_cookie(KEY, samesite="Strict")
    return answer


def _lost(request: SignedIn) -> HttpResponse:
    messages.error(request, _("这批账号是在另一个浏览器里准备的，在这里打不开。请回到那里，或者在这里重新开始。"))
    if request.htmx:
        return HttpResponse(status=204, headers={"HX-Redirect": reverse("accounts:many")})
    return redirect("accounts:many")
