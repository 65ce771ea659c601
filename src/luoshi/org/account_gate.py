"""What people and posts have to say about signing in: who has left, and what is asked of administrators."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final, ParamSpec, cast
from urllib.parse import urlencode

from allauth.account.auth_backends import AuthenticationBackend
from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.db.models import Q
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from luoshi.accounts.middleware import was_touched
from luoshi.accounts.models import Account
from luoshi.accounts.queries import has_totp, must_change_password, rules
from luoshi.accounts.urls import OWN
from luoshi.org.enums import Role
from luoshi.org.gate import GATED
from luoshi.org.models import Person, Post
from luoshi.org.policy import Actor, actor_of

if TYPE_CHECKING:
    from luoshi.org.gate import SignedIn

__all__ = ["PeopleBackend", "asked_again", "demand_on", "demands", "has_left", "is_administrator"]

P = ParamSpec("P")

_DEMAND: Final = "luoshi_demand"
_PASSWORD: Final = "password"  # noqa: S105 — a kind of demand
_TOTP: Final = "totp"
_ALWAYS: Final = frozenset({"account_login", "account_logout", "set_language"})
_MEETING: Final = {
    _PASSWORD: frozenset({"account_change_password", "account_set_password"}),
    _TOTP: frozenset(
        {
            "account_change_password",
            "account_set_password",
            "account_reauthenticate",
            "mfa_reauthenticate",
            "mfa_index",
            "mfa_activate_totp",
            "mfa_view_recovery_codes",
            "mfa_generate_recovery_codes",
        }
    ),
}
_LEADS_TO: Final = {_PASSWORD: "account_change_password", _TOTP: "mfa_activate_totp"}


class PeopleBackend(AuthenticationBackend):  # type: ignore[misc]  # allauth has no types
    """Lets nobody in, nor go on, whose account is locked or who has left; costs one query a request."""

    def get_user(self, user_id: int) -> Account | None:
        """Return the account of a session with its person, None where it is no longer good."""
        account = Account.objects.select_related("person").filter(pk=user_id).first()
        return account if account is not None and self.user_can_authenticate(account) else None

    def user_can_authenticate(self, user: Account) -> bool:
        """Tell whether this account may be used today."""
        return user.is_active and not has_left(user)


def asked_again(view: Callable[P, HttpResponse]) -> Callable[P, HttpResponse]:
    """Open a view only to who has given the password (or a code) again within five minutes; others are asked first.

    What they sent is kept meanwhile, and done once they have given it.
    """
    return cast("Callable[P, HttpResponse]", reauthentication_required(view))


def has_left(account: Account) -> bool:
    """Tell whether the person of this account works here no more; on the day of leaving they still do."""
    person: Person | None = getattr(account, "person", None)
    return person is not None and person.left_on is not None and person.left_on < timezone.localdate()


def is_administrator(account: Account) -> bool:
    """Tell whether the account's person holds one of the three administrators' posts today, or is to hold one."""
    today = timezone.localdate()
    return Post.objects.filter(
        Q(until=None) | Q(until__gte=today), person__account=account, role__in=Role.admins
    ).exists()


def demand_on(account: Account) -> str:
    """Return what the account must do before anything else: `password`, `totp`, or nothing."""
    in_force = rules()
    if must_change_password(account, in_force):
        return _PASSWORD
    if in_force.totp_for_admins and is_administrator(account) and not has_totp(account):
        return _TOTP
    return ""


class demands:  # noqa: N801 — named in the settings as what it does
    """Lead somebody who must change their password, or switch on the second factor, to where they can.

    Asks the database at sign-in, once a minute, and as long as a demand stands; not at every request. Gives the pages
    of one's own account their actor.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on."""
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], _args: Any, _kwargs: Any
    ) -> HttpResponse | None:
        """Stop a request that comes before its time."""
        if not request.user.is_authenticated:
            return None
        if getattr(view, GATED, "") == OWN:
            cast("SignedIn", request).actor = _actor_of(request.user)
        demand = _standing(request, request.user)
        name = request.resolver_match.url_name if request.resolver_match else ""
        if not demand or name in _ALWAYS | _MEETING[demand]:
            return None
        return _led(request, demand)


def _actor_of(account: Account) -> Actor:
    person: Person | None = getattr(account, "person", None)
    if person is None:
        return Actor(None, account.pk, account.username)
    return actor_of(person, timezone.localdate())


def _standing(request: HttpRequest, account: Account) -> str:
    known = request.session.get(_DEMAND)
    if known == "" and not account.must_change_password and not was_touched(request):
        return ""
    now = demand_on(account)
    if now != known:
        request.session[_DEMAND] = now
    return now


def _led(request: HttpRequest, demand: str) -> HttpResponse:
    words = {
        _PASSWORD: _("先改密码：现在的密码是别人设的，或者已经用满了规定的天数。"),
        _TOTP: _("先开启两步验证：本单位要求管理员登录时使用。"),
    }
    back = request.get_full_path() if request.method == "GET" else reverse("home")
    target = f"{reverse(_LEADS_TO[demand])}?{urlencode({REDIRECT_FIELD_NAME: back}, safe='/')}"
    if request.headers.get("HX-Request"):
        answer = HttpResponse(status=204)
        answer["HX-Redirect"] = target
        return answer
    messages.warning(request, words[demand])
    return HttpResponseRedirect(target)
