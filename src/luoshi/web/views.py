"""Pages that belong to no room: language, errors."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseServerError
from django.shortcuts import render
from django.template.loader import render_to_string
from django.views.i18n import set_language as choose

from luoshi.org.gate import public

__all__ = ["bad_request", "broken", "not_found", "refused", "set_language"]


@public
def set_language(request: HttpRequest) -> HttpResponse:
    """Keep the reader's language in a cookie (POST) and lead back to where they were."""
    return choose(request)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001 — Django's signature
    """Say that the request cannot be read (400); nothing of it is repeated."""
    return render(request, "400.html", status=400)


def refused(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001 — Django's signature
    """Say that this is not for the reader to do (403)."""
    return render(request, "403.html", status=403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001 — Django's signature
    """Say that there is no such page, or none that the reader may know of (404): both look the same."""
    return render(request, "404.html", status=404)


def broken(request: HttpRequest) -> HttpResponse:  # noqa: ARG001 — Django's signature
    """Say that something broke (500), without asking the database or anything else that may be broken."""
    return HttpResponseServerError(render_to_string("500.html"))
