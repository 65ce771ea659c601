"""Pages for whoever keeps the installation running."""

from __future__ import annotations

from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from luoshi.org.gate import SignedIn, gated, public
from luoshi.web.health import examine

__all__ = ["alive", "health"]


@require_safe
@gated("health.see")
def health(request: SignedIn) -> HttpResponse:
    """Show how the installation is, and what to do about what is wrong."""
    return render(request, "web/health.html", {"readings": examine()})


@require_safe
@public
def alive(_request: HttpRequest) -> HttpResponse:
    """Tell a watching program that the server and its database answer; nothing else."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return HttpResponse("ok\n", content_type="text/plain")
