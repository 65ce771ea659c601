"""What axes asks us: who tried, and what to answer to somebody who failed too often."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from luoshi.accounts.address import lock_address
from luoshi.accounts.models import Account
from luoshi.accounts.queries import LOCK_OUT, locked_until

__all__ = ["answer", "name_tried"]


def name_tried(request: HttpRequest, credentials: dict[str, Any] | None) -> str:  # noqa: ARG001 — axes' signature
    """Return the name that failures are counted under, in the form that names are stored in."""
    return Account.normalize_username(str((credentials or {}).get("username") or ""))[:255]


def answer(
    request: HttpRequest,
    original: HttpResponse | None = None,  # noqa: ARG001 — axes' signature
    credentials: dict[str, Any] | None = None,
) -> HttpResponse:
    """Say until when this name cannot sign in from this address (429); the same whether there is such an account."""
    now = timezone.now()
    until = locked_until(name_tried(request, credentials), lock_address(request)) or now + LOCK_OUT
    response = render(request, "account/locked_out.html", {"until": until}, status=429)
    response["Retry-After"] = str(max(1, int((until - now).total_seconds())))
    response["Cache-Control"] = "no-store"
    return response
