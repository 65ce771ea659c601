"""What the shell of every page needs."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

__all__ = ["shell"]


def shell(request: HttpRequest) -> dict[str, Any]:
    """Return whom the page speaks to; nobody before the gate."""
    return {"actor": getattr(request, "actor", None)}
