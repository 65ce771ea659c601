"""Which text of each register is in force, and under which one a matter was opened.

Texts come from two folders: the registers that ship with the product, and the authority's own, which take the place of
a shipped one with the same code. What was in force once stays in the database for good.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterator
from functools import partial
from itertools import groupby
from pathlib import Path
from typing import Final, NamedTuple

from django.conf import settings
from django.db import IntegrityError, connection, transaction

import luoshi
from luoshi.ledger.actions import Subject, record
from luoshi.org import policy
from luoshi.org.policy import SYSTEM_ACTOR, Actor
from luoshi.words import Words
from luoshi.work.models import Matter, RegisterVersion
from luoshi.work.registers.check import check, decoded
from luoshi.work.registers.model import Register
from luoshi.work.registers.positions import line_of, positions
from luoshi.work.registers.problems import Problem

__all__ = [
    "SHIPPED",
    "Synced",
    "UnknownRegisterError",
    "UnreadableRegisterError",
    "current",
    "current_all",
    "current_row",
    "of",
    "of_row",
    "of_version",
    "problems",
    "sync",
]

SHIPPED: Final = Path(luoshi.__file__).parent / "registers"

_parsed: dict[str, Register] = {}
_by_id: dict[tuple[str, int], Register] = {}


class UnknownRegisterError(LookupError):
    """There is no register with this code."""


class UnreadableRegisterError(Exception):
    """A stored text that this version of the product cannot read; `problems` says why."""

    def __init__(self, row: RegisterVersion, problems: list[Problem]) -> None:
        super().__init__(f"{row}: {'; '.join(problem.in_('en') for problem in problems)}")
        self.problems = problems


class Synced(NamedTuple):
    """What :func:`sync` did: the versions that are new, and what kept others out."""

    stored: tuple[RegisterVersion, ...]
    problems: tuple[Problem, ...]


class _Offer(NamedTuple):
    """A good text that a folder holds."""

    file: str
    text: str
    register: Register

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.text.encode()).hexdigest()

    def problem(self, key: str, what: Words, remedy: Words) -> Problem:
        return Problem(self.file, line_of(positions(self.text), (key,)), what, remedy)


# Reading what is stored.


def of_row(row: RegisterVersion) -> Register:
    """Return the register of a stored version; each text is read once in a process."""
    register = _parsed.get(row.sha256)
    if register is None:
        register, found = check(row.text)
        if register is None:
            raise UnreadableRegisterError(row, found)
        _parsed[row.sha256] = register
    return register


def of_version(version_id: int) -> Register:
    """Return the register of a stored version by its number; asks the database only the first time.

    Rows never change, so a number says all, once the row is committed: a row that is rolled back leaves its number to
    another.
    """
    key = (str(connection.settings_dict["NAME"]), version_id)
    register = _by_id.get(key)
    if register is None:
        register = of_row(RegisterVersion.objects.defer("text").get(pk=version_id))
        transaction.on_commit(partial(_by_id.__setitem__, key, register))
    return register


def of(matter: Matter) -> Register:
    """Return the register that a matter was opened under."""
    if Matter.register_version.is_cached(matter):
        return of_row(matter.register_version)
    return of_version(matter.register_version_id)


def current_row(code: str) -> RegisterVersion:
    """Return the newest stored version of a register that can be read; :class:`UnknownRegisterError` for none."""
    row = next(_readable(RegisterVersion.objects.filter(code=code).order_by("-version").defer("text")), None)
    if row is None:
        raise UnknownRegisterError(code)
    return row


def current(code: str) -> Register:
    """Return the register in force by its code; :class:`UnknownRegisterError` for none."""
    return of_row(current_row(code))


def current_all() -> list[Register]:
    """Return all registers in force, in their order."""
    rows = RegisterVersion.objects.order_by("code", "-version").defer("text")
    newest = (next(_readable(versions), None) for _code, versions in groupby(rows, key=lambda row: row.code))
    return sorted((of_row(row) for row in newest if row), key=lambda register: (register.order, register.code))


def _readable(rows: object) -> Iterator[RegisterVersion]:
    for row in rows:  # type: ignore[attr-defined]
        try:
            of_row(row)
        except UnreadableRegisterError:
            continue
        yield row


# Taking in new texts.


def sync(*, by: Actor = SYSTEM_ACTOR) -> Synced:
    """Store the texts of both folders that are new, each with a record; what is wrong keeps only itself out.

    Doing it twice stores nothing the second time; neither do two processes that start at once.
    """
    policy.require(by, "register.change")
    with transaction.atomic():
        offers, found = _review()
        rows = [row for row in (_stored(offer, by) for offer in offers) if row is not None]
    return Synced(tuple(rows), tuple(found))


def _stored(offer: _Offer, by: Actor) -> RegisterVersion | None:
    register, now = offer.register, dt.datetime.now(dt.UTC)
    try:
        with transaction.atomic():
            row = RegisterVersion.objects.create(
                code=register.code, version=register.version, sha256=offer.sha256, text=offer.text, added_at=now
            )
            record(
                "register.change",
                by=by.author,
                subject=Subject("register", register.code, register.title.zh),
                data={"version": register.version, "sha256": offer.sha256, "file": offer.file},
                at=now,
            )
    except IntegrityError:  # another process stored it just now
        return None
    return row


def problems() -> list[Problem]:
    """Return what is wrong with the texts of both folders and with those stored, for the page on health."""
    found = _review()[1]
    for row in RegisterVersion.objects.order_by("code", "version"):
        try:
            of_row(row)
        except UnreadableRegisterError as error:
            found += [Problem(str(row), one.line, one.what, one.remedy, one.column) for one in error.problems]
    return found


def _review() -> tuple[list[_Offer], list[Problem]]:
    """Return the texts that should be stored, and what is wrong with others."""
    own, own_problems, claimed = _read(Path(settings.LUOSHI_REGISTERS), frozenset())
    shipped, found, _ = _read(SHIPPED, claimed)
    found += own_problems
    new: list[_Offer] = []
    numbers = {register.number: register.code for register in current_all()}
    for offer in [*shipped, *own]:
        problem = _clash(offer, numbers)
        stored = list(RegisterVersion.objects.filter(code=offer.register.code).order_by("-version").defer("text"))
        if stored and stored[0].sha256 == offer.sha256:
            continue
        problem = problem or _not_newer(offer, stored)
        if problem:
            found.append(problem)
        else:
            new.append(offer)
            numbers[offer.register.number] = offer.register.code
    return new, found


def _read(folder: Path, without: frozenset[str]) -> tuple[list[_Offer], list[Problem], frozenset[str]]:
    """Return a folder's good texts, what is wrong with the others, and the codes that its files stand for.

    A file that cannot be read stands for the code it is named after, so that a slip in an authority's own register does
    not bring the shipped one back.
    """
    offers: dict[str, _Offer] = {}
    found: list[Problem] = []
    claimed: set[str] = set()
    for path in sorted(folder.glob("*.toml")):
        register, wrong = check(path)
        claimed.add(register.code if register else path.stem)
        found += wrong
        if register is None or register.code in without:
            continue
        offer = _Offer(path.name, decoded(path.read_bytes()), register)
        if register.code in offers:
            what = Words(
                f"代码 {register.code} 在 {offers[register.code].file} 里已经用过",
                f"The code {register.code} is taken by {offers[register.code].file}",
            )
            found.append(
                offer.problem("code", what, Words("换一个代码，或删去其中一个文件", "Change it or remove a file"))
            )
            continue
        offers[register.code] = offer
    return list(offers.values()), found, frozenset(claimed)


def _clash(offer: _Offer, numbers: dict[str, str]) -> Problem | None:
    other = numbers.get(offer.register.number, offer.register.code)
    if other == offer.register.code:
        return None
    what = Words(f"编号格式与台账 {other} 相同", f"The register {other} has the same number pattern")
    return offer.problem("number", what, Words("换一个编号格式，编号不能重复", "Choose another; numbers must differ"))


def _not_newer(offer: _Offer, stored: list[RegisterVersion]) -> Problem | None:
    if not stored or offer.register.version > stored[0].version:
        return None
    last, given = stored[0].version, offer.register.version
    what = Words(
        f"内容改了，但版本没有提高：这里是版本{given}，正在使用版本{last}",
        f"The text has changed but not its version: this is version {given}, version {last} is in force",
    )
    remedy = Words(
        f"写成 version = {last + 1}；在此之前仍用版本{last}",
        f"Write version = {last + 1}; until then version {last} stays in force",
    )
    return offer.problem("version", what, remedy)
