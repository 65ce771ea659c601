"""The pages of one's own sessions, and of what cannot be used; the other pages of one's own account are allauth's."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, Any, cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.response import SimpleTemplateResponse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from luoshi.accounts import actions
from luoshi.accounts.acts import author_of
from luoshi.accounts.adapter import FACTOR_LOST
from luoshi.accounts.queries import sessions_of

if TYPE_CHECKING:
    from luoshi.accounts.models import Account

__all__ = ["end_one", "end_others", "no_password", "own_sessions", "with_factor"]


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


@require_GET
@login_required
@never_cache
def no_password(request: HttpRequest) -> HttpResponse:
    """Tell the holder of an account without a password who gives them one; a session alone gives nobody a password."""
    if cast("Account", request.user).has_usable_password():
        return redirect("account_change_password")
    return render(request, "account/no_password.html")


def with_factor(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Let a page that reads the second factor's secrets say what to do where no key fits them any more."""

    @wraps(view)
    def inner(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            answer = view(request, *args, **kwargs)
            # The secrets are read while the page is put together, which must not happen after this function.
            return answer.render() if isinstance(answer, SimpleTemplateResponse) else answer
        except ValidationError as error:
            if getattr(error, "code", "") != FACTOR_LOST:
                raise
            return render(request, "mfa/lost.html", {"why": error.messages[0]}, status=409)

    return inner
