"""How long a session lasts: it ends when nobody uses it, and when its day is over."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Final

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import SESSION_KEY, logout
from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from luoshi.accounts.address import client_address

__all__ = ["POLL", "begin", "sessions", "was_touched"]

POLL: Final = "X-Luoshi-Poll"
"""Header of requests that a page makes by itself; they keep no session alive."""

_SINCE: Final = "luoshi_since"
_SEEN: Final = "luoshi_seen"
_TOUCHED: Final = "luoshi_touched"
_AT_MOST_EVERY: Final = 60


def begin(session: SessionBase) -> None:
    """Start both clocks of a session that somebody has just signed in to."""
    session[_SINCE] = session[_SEEN] = int(time.time())


def was_touched(request: HttpRequest) -> bool:
    """Tell whether this request was the first in a minute, so that what is worth asking now and then is asked now."""
    return getattr(request, _TOUCHED, False)


class sessions:  # noqa: N801 — named in the settings as what it does
    """End what has been idle for LUOSHI_IDLE or has lasted LUOSHI_SESSION; keep the rest alive.

    Costs no query, and one write a minute while somebody works.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Check the session before anything sees it."""
        if SESSION_KEY in request.session:
            now = int(time.time())
            why = _why_over(request.session, now)
            if why:
                _end(request, why)
            elif POLL not in request.headers:
                _touch(request, now)
        return self.get_response(request)


def _why_over(session: SessionBase, now: int) -> str:
    if now - session.get(_SINCE, now) >= settings.LUOSHI_SESSION.total_seconds():
        return "day_over"
    if now - session.get(_SEEN, now) >= settings.LUOSHI_IDLE.total_seconds():
        return "idle"
    return ""


def _end(request: HttpRequest, why: str) -> None:
    setattr(request, "luoshi_ended", why)  # noqa: B010 — read where sign-outs are recorded
    logout(request)
    words = {
        "idle": _("您有一段时间没有操作，为安全起见已经退出，请重新登录。"),
        "day_over": _("这次登录的时间已满，请重新登录。"),
    }
    messages.info(request, words[why])


def _touch(request: HttpRequest, now: int) -> None:
    session = request.session
    if _SINCE not in session:
        begin(session)
    elif now - session[_SEEN] < _AT_MOST_EVERY:
        return
    setattr(request, _TOUCHED, True)
    session[_SEEN] = now
    UserSession.objects.filter(session_key=session.session_key).update(
        last_seen_at=timezone.now(), ip=client_address(request)
    )
