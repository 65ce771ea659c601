"""What rooms above this one show on the page of a matter: each adds a panel once, when the product starts."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from django.utils.safestring import SafeString

if TYPE_CHECKING:
    from luoshi.org.gate import SignedIn
    from luoshi.work.models import Matter

__all__ = ["Panel", "add_panel", "panels_of"]

Panel = Callable[["SignedIn", "Matter"], SafeString | str]
"""Given who asks and a matter that they may see, the panel's HTML; "" where it has nothing to say to them."""

_panels: list[Panel] = []


def add_panel(panel: Panel) -> None:
    """Show a panel on the page of every matter; the same again changes nothing."""
    if panel not in _panels:
        _panels.append(panel)


def panels_of(request: SignedIn, matter: Matter) -> list[SafeString | str]:
    """Return the panels that have something to say of a matter, in the order in which they were added."""
    return [shown for shown in (panel(request, matter) for panel in _panels) if shown]
