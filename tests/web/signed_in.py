"""Clients that are signed in as one of the cast."""

from __future__ import annotations

from django.conf import settings
from django.test import Client

from cast import Cast

__all__ = ["as_"]


def as_(cast: Cast, name: str) -> Client:
    """Return a browser in which one of the cast has signed in."""
    account = cast.people[name].account
    assert account is not None
    client = Client()
    client.force_login(account, backend=settings.AUTHENTICATION_BACKENDS[-1])
    return client
