"""What the shell of every page needs."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from luoshi.org.policy import Actor, may
from luoshi.web import demo

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

__all__ = ["Entry", "shell"]


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the navigation: where it leads, and whether the reader is there."""

    url: str
    label: str
    here: bool


_MAIN: Final[tuple[tuple[str, str, _StrPromise], ...]] = (
    ("home", "", _("我的待办")),
    ("work:matters", "", _("全部事项")),
    ("work:registers", "", pgettext_lazy("all", "台账")),
    ("directives:list", "directive.see", _("部署文件")),
    ("directives:inbox", "", _("交办通知")),
    ("org:tree", "org.see", _("单位人员")),
    ("accounts:list", "account.change", _("账号")),
    ("records", "records.see", _("操作记录")),
    ("health", "health.see", _("运行状况")),
)
"""Name of the address, the act it needs (none: everybody who is signed in), what it is called."""

_PERSONAL: Final[tuple[tuple[str, str, _StrPromise], ...]] = (
    ("account_change_password", "", _("修改密码")),
    ("mfa_index", "", _("两步验证")),
    ("usersessions_list", "", _("登录的设备")),
)


def shell(request: HttpRequest) -> dict[str, Any]:
    """Return whom the page speaks to and where they can go; nobody and nowhere before the gate.

    Asks no database, but for the guide of a demo on its first page.
    """
    actor: Actor | None = getattr(request, "actor", None)
    if actor is None:
        return {"actor": None, **demo.for_page(request, None)}
    return {
        "actor": actor,
        "navigation": list(_entries(_MAIN, actor, request.path)),
        "personal": list(_entries(_PERSONAL, actor, request.path)),
        "sign_out_url": reverse("account_logout"),
        "search_url": reverse("work:search"),
        **demo.for_page(request, actor),
        "search_text": request.GET.get("q", "") if request.path == reverse("work:search") else "",
    }


def _entries(lines: Iterable[tuple[str, str, _StrPromise]], actor: Actor, path: str) -> Iterable[Entry]:
    shown = [(reverse(name), label) for name, act, label in lines if not act or may(actor, act) is None]
    # An address within another's stands for itself.
    here = max(
        (url for url, _label in shown if path == url or (url != "/" and path.startswith(url))), key=len, default=""
    )
    return [Entry(url, str(label), url == here) for url, label in shown]
