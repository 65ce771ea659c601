"""From where a request comes: the address that lock-outs, sessions and records go by."""

from __future__ import annotations

import ipaddress
from typing import Final

from django.conf import settings
from django.http import HttpRequest

__all__ = ["client_address", "lock_address"]

UNKNOWN: Final = "0.0.0.0"  # noqa: S104 — "no address known", nothing listens on it


def client_address(request: HttpRequest) -> str:
    """Return the client's address in its one written form; `0.0.0.0` where none can be told.

    A client can write anything into `X-Forwarded-For`, and every proxy adds what it saw at the end. So the header
    counts only as far as settings.LUOSHI_PROXIES says that there are proxies of our own; by default there are none.
    """
    seen = [request.META.get("REMOTE_ADDR", "")]
    hops = settings.LUOSHI_PROXIES
    if hops:
        forwarded = request.headers.get("X-Forwarded-For", "").split(",")
        if len(forwarded) >= hops:
            seen.insert(0, forwarded[-hops])
    return next((address for text in seen if (address := _written(text.strip()))), UNKNOWN)


def lock_address(request: HttpRequest) -> str:
    """Return what a lock-out goes by: the address, or the network (/64) of an IPv6 one, where a client may roam."""
    address = client_address(request)
    if ":" not in address:
        return address
    return str(ipaddress.IPv6Network(f"{address}/64", strict=False).network_address)


def _written(text: str) -> str:
    """Return an address without port and brackets, IPv4 written as such; nothing where it is none."""
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        address = ipaddress.ip_address(text.partition("%")[0])
    except ValueError:
        return ""
    mapped = getattr(address, "ipv4_mapped", None)
    return str(mapped or address)
