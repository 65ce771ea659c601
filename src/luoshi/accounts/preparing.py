"""Accounts by the hundred: passwords are hashed ahead, a few at a request, and the accounts then made at one stroke.

A hash takes about a tenth of a second, so a thousand do not fit into one request. Until all are hashed no account
exists, so that there is nothing half to clean up: whoever stops in between has made nothing. The one-time passwords
wait sealed under a key that is handed to the caller and kept nowhere here.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from cryptography.fernet import Fernet, InvalidToken
from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.utils import timezone

from luoshi.accounts.models import Account, PreparedAccount
from luoshi.accounts.passwords import Ready, one_time

__all__ = ["KeyLostError", "Progress", "Wanted", "begin", "give_up", "go_on", "made_ready", "progress", "take"]


_AT_MOST: Final = 200
"""More are not hashed in one go, however fast the machine is."""


class KeyLostError(Exception):
    """What was prepared cannot be opened: another browser began it."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Who is to get an account: their key in the room above, their name, and the user name."""

    holder: int
    name: str
    username: str


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the preparation is."""

    done: int
    count: int

    @property
    def is_ready(self) -> bool:
        """Tell whether the accounts can be made."""
        return 0 < self.count == self.done


@transaction.atomic
def begin(wanted: Iterable[Wanted], *, by: Account) -> str:
    """Note down who is to get an account, and return the key to what follows; what the same person began before goes.

    Nothing is hashed yet (:func:`go_on`) and nothing made (:func:`take`).
    """
    give_up(by=by)
    rows = [PreparedAccount(by=by, holder=one.holder, username=one.username) for one in wanted]
    PreparedAccount.objects.bulk_create(rows, batch_size=500)
    return Fernet.generate_key().decode()


def go_on(key: str, *, by: Account, seconds: float) -> Progress:
    """Hash passwords for about so many seconds, outside any transaction; return how far it is.

    Two that go on at once do some work twice and nothing wrong: the first to write a row wins.
    KeyLostError where the rows were begun under another key.
    """
    seal = _seal(key, by)
    until = time.monotonic() + seconds
    for row in list(PreparedAccount.objects.filter(by=by, password="").order_by("pk")[:_AT_MOST]):
        once = one_time(Account(username=row.username))
        values = {"password": make_password(once), "sealed": seal.encrypt(once.encode()).decode(), "at": timezone.now()}
        PreparedAccount.objects.filter(pk=row.pk, password="").update(**values)
        if time.monotonic() >= until:
            break
    return progress(by=by)


def progress(*, by: Account) -> Progress:
    """Return how far somebody's preparation is; no rows means that nothing was begun, or that it is over."""
    rows = PreparedAccount.objects.filter(by=by)
    return Progress(rows.exclude(password="").count(), rows.count())


@transaction.atomic
def take(key: str, *, by: Account) -> list[Ready]:
    """Open everything that was prepared and remove it; its passwords can be had this once.

    Returns nothing where not all is hashed yet. KeyLostError where the key does not fit; nothing is removed then.
    """
    seal = _seal(key, by)
    rows = list(PreparedAccount.objects.select_for_update().filter(by=by).order_by("pk"))
    if not rows or any(not row.password for row in rows):
        return []
    ready = [Ready(row.holder, "", row.username, row.password, _opened(seal, row)) for row in rows]
    give_up(by=by)
    return ready


def give_up(*, by: Account) -> int:
    """Remove what somebody prepared; return how many rows went."""
    return int(PreparedAccount.objects.filter(by=by).delete()[0])


def made_ready(wanted: Sequence[Wanted]) -> Iterator[Ready]:
    """Yield the same in one go, one by one, for callers that need not answer meanwhile; nothing is stored."""
    for one in wanted:
        once = one_time(Account(username=one.username))
        yield Ready(one.holder, one.name, one.username, make_password(once), once)


def _seal(key: str, by: Account) -> Fernet:
    """Return the cipher; KeyLostError where it is no key, or not that of what was hashed already."""
    try:
        seal = Fernet(key.encode())
    except ValueError as error:
        raise KeyLostError from error
    first = PreparedAccount.objects.filter(by=by).exclude(password="").first()
    if first is not None:
        _opened(seal, first)
    return seal


def _opened(seal: Fernet, row: PreparedAccount) -> str:
    try:
        return seal.decrypt(row.sealed.encode()).decode()
    except InvalidToken as error:
        raise KeyLostError from error
