"""The pages of one's own sessions; the other pages of one's own account are allauth's."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from luoshi.accounts import actions
from luoshi.accounts.acts import author_of
from luoshi.accounts.queries import sessions_of

if TYPE_CHECKING:
    from luoshi.accounts.models import Account

__all__ = ["end_one", "end_others", "own_sessions"]


@require_GET
@login_required
@never_cache
def own_sessions(request: HttpRequest) -> HttpResponse:
    """List where this account is signed in, to its holder."""
    sessions = sessions_of(cast("Account", request.user), key=request.session.session_key)
    return render(request, "usersessions/usersession_list.html", {"sessions": sessions})


@require_POST
@login_required
def end_one(request: HttpRequest, session: int) -> HttpResponse:
    """End one session of one's own; a number that is not one's own ends nothing."""
    account = cast("Account", request.user)
    actions.end_session(account, session=session, by=author_of(account))
    messages.success(request, _("那台设备已退出登录。"))
    return redirect("usersessions_list")


@require_POST
@login_required
def end_others(request: HttpRequest) -> HttpResponse:
    """End all sessions of one's own but this one."""
    account = cast("Account", request.user)
    actions.end_all_sessions(account, by=author_of(account))
    actions.go_on(request, account)
    messages.success(request, _("其他设备都已退出登录。"))
    return redirect("usersessions_list")
