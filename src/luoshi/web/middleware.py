"""From refusals to pages."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from luoshi.org.policy import RefusedError

__all__ = ["refusals"]


class refusals:  # noqa: N801 — named in the settings as what it does
    """Answer a refused act with a page that says why (403)."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on."""
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Turn the policy's refusal into a page; leave every other exception alone."""
        if isinstance(exception, RefusedError):
            return render(request, "403.html", {"reason": exception.reason}, status=403)
        return None
