"""The door of every page: who asks, as policy knows them, and under which act the page stands."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, Any, Concatenate, Final, ParamSpec, cast

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.cache import add_never_cache_headers

from luoshi.org.models import Person
from luoshi.org.policy import Actor, actor_of, grants_of, require

if TYPE_CHECKING:
    from django_htmx.middleware import HtmxDetails

    from luoshi.accounts.models import Account

__all__ = ["GATED", "PUBLIC", "SignedIn", "gated", "public"]

P = ParamSpec("P")

GATED: Final = "luoshi_act"
PUBLIC: Final = "luoshi_public"


class SignedIn(HttpRequest):
    """A request that has passed the gate: `actor` is whom policy is asked about."""

    actor: Actor
    htmx: HtmxDetails
    user: Account  # behind the gate nobody is anonymous


def gated(act: str) -> Callable[[Callable[Concatenate[SignedIn, P], HttpResponse]], Callable[..., HttpResponse]]:
    """Open a view to those who are signed in, under the name of one act of the policy's table.

    An act with a dot in its name concerns no single matter and is required at once. For the others the view fetches
    through `policy.visible`, and its action requires what it does. Answers are never stored by browsers or proxies.
    """
    grants_of(act)

    def decorate(view: Callable[Concatenate[SignedIn, P], HttpResponse]) -> Callable[..., HttpResponse]:
        @wraps(view)
        def inner(request: HttpRequest, /, *args: Any, **kwargs: Any) -> HttpResponse:
            if not request.user.is_authenticated:
                return _to_login(request)
            signed = cast("SignedIn", request)
            signed.actor = _actor(signed.user)
            if "." in act:
                require(signed.actor, act)
            response = view(signed, *args, **kwargs)
            if not response.has_header("Cache-Control"):
                add_never_cache_headers(response)
            return response

        setattr(inner, GATED, act)
        return inner

    return decorate


def public(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Mark a view that anybody may open; the list of these is short, and a test holds it."""
    setattr(view, PUBLIC, True)
    return view


def _actor(account: Account) -> Actor:
    person = Person.objects.filter(account=account).first()
    if person is None:
        return Actor(None, account.pk, account.username)
    return actor_of(person, timezone.localdate())


def _to_login(request: HttpRequest) -> HttpResponse:
    answer = redirect_to_login(request.get_full_path())
    if request.headers.get("HX-Request"):
        moved = HttpResponse(status=204)
        moved["HX-Redirect"] = answer["Location"]
        return moved
    return answer
