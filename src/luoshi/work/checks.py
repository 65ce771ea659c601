"""What must hold of registers, numbers, evidence files and the database's own guards around this room's tables."""

from __future__ import annotations

import hashlib
import os
import re
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

from django.conf import settings

from luoshi.ledger import checks as ledger
from luoshi.ledger.checks import Finding, Unreadable, reading_errors, rows_of, windows
from luoshi.ledger.models import Record
from luoshi.org.models import Deputy, Membership, Post, Unit, UnitVersion
from luoshi.words import Words
from luoshi.work import registers
from luoshi.work.models import Attachment, Event, Evidence, Involvement, Matter, Numbering, RegisterVersion, Seal
from luoshi.work.registers.store import UnreadableRegisterError

__all__ = ["APPEND_ONLY", "files", "guards", "numbering", "register_texts", "strays"]

APPEND_ONLY: Final = ("ledger_record", "work_event", "work_registerversion", "work_seal")
"""Tables whose rows the database itself refuses to change."""

_RULED: Final = (
    Matter,
    Involvement,
    Event,
    Attachment,
    RegisterVersion,
    Numbering,
    Seal,
    Evidence,
    Record,
    Unit,
    UnitVersion,
    Membership,
    Post,
    Deputy,
)
_BLOCK: Final = 1 << 20
_BATCH: Final = 500
_SETTLED: Final = 3600
"""Seconds after which a file without a row is a stray: its upload began before, and so did this verification."""
_SHELF: Final = re.compile(r"([0-9a-f]{2})/([0-9a-f]{2})/\1\2[0-9a-f]{60}")


def guards() -> Iterator[Finding]:
    """Check that the database still refuses what it was told to refuse."""
    yield from ledger.guards(APPEND_ONLY)
    yield from ledger.constraints(_RULED)
    yield from ledger.misread(_RULED)


# Registers and numbers.


def register_texts() -> Iterator[Finding]:
    """Check each stored text against its own hash and against the record of its being stored."""
    told = {
        (record.subject_key, record.data["version"]): record.data.get("sha256")
        for record in rows_of(Record.objects.filter(act="register.change").order_by("seq"))
        if isinstance(record, Record) and isinstance(record.data, dict) and isinstance(record.data.get("version"), int)
    }
    stored = set()
    for row in rows_of(RegisterVersion.objects.order_by("pk")):
        if isinstance(row, Unreadable):
            where = Words(f"台账版本 {row.pk}", f"register version {row.pk}")
            yield Finding("register.unreadable", where, Words(f"读不出来：{row.why}", f"cannot be read: {row.why}"))
            continue
        stored.add((row.code, row.version))
        yield from _register_text(row, told.get((row.code, row.version), row.sha256))
    for code, version in sorted(set(told) - stored):
        what = Words("启用过，现在却不见了", "was put in force and is gone")
        yield Finding("register.missing", Words(f"台账 {code} 第{version}版", f"register {code} v{version}"), what)


def _register_text(row: RegisterVersion, told: str | None) -> Iterator[Finding]:
    where = Words(f"台账 {row.code} 第{row.version}版", f"register {row.code} v{row.version}")
    if hashlib.sha256(str(row.text).encode(errors="surrogatepass")).hexdigest() != row.sha256:
        what = Words("全文与哈希不符：被改动过", "text and hash differ: it was altered")
        yield Finding("register.text", where, what)
    if row.sha256 != told:
        what = Words("与启用时的操作记录不符", "not what was recorded when it was put in force")
        yield Finding("register.record", where, what)


def numbering() -> Iterator[Finding]:
    """Check that every register's numbers of a year run from 1 to its count, each used once."""
    used: dict[tuple[str, int], bytearray] = {}
    shapes: dict[int, re.Pattern[str] | None] = {}
    for row in _numbered():
        version = row.register_version_id
        if version not in shapes:
            shapes[version] = _shape(version)
        shape = shapes[version]
        if shape is None:
            continue
        found = shape.fullmatch(str(row.number))
        if found is None:
            what = Words("编号不合台账的格式", "its number is not of the register's pattern")
            yield Finding("number.shape", Words(f"{row.number}", f"{row.number}"), what)
            continue
        _mark(used.setdefault((row.register, int(found["year"])), bytearray()), int(found["n"]))
    yield from _counts(used)


def _numbered() -> Iterator[Matter]:
    """Return all matters with what numbering needs; one that cannot be read is told with its history."""
    for window in windows(Matter.objects.only("register", "register_version", "number")):
        for row in rows_of(window):
            if not isinstance(row, Unreadable):
                yield row


def _mark(marks: bytearray, place: int) -> None:
    """Count one use of a number."""
    if place > len(marks):
        marks.extend(bytes(place - len(marks)))
    marks[place - 1] = min(marks[place - 1] + 1, 2)


def _shape(version: int) -> re.Pattern[str] | None:
    """Return how numbers of a register's version look; None where its text cannot be read, which is told elsewhere."""
    try:
        pattern = registers.of_version(version).number
    except (RegisterVersion.DoesNotExist, UnreadableRegisterError):
        return None
    except reading_errors():
        return None
    text = re.escape(pattern).replace(r"\{year\}", r"(?P<year>\d{4})").replace(r"\{n\}", r"(?P<n>[1-9]\d{0,6})")
    return re.compile(text)


def _counts(used: dict[tuple[str, int], bytearray]) -> Iterator[Finding]:
    counts: dict[tuple[str, int], int] = {}
    for row in rows_of(Numbering.objects.order_by("pk")):
        if isinstance(row, Unreadable):
            where = Words(f"编号计数 {row.pk}", f"count of numbers {row.pk}")
            yield Finding("number.unreadable", where, Words(f"读不出来：{row.why}", f"cannot be read: {row.why}"))
        else:
            counts[row.register, row.year] = row.last
    for register, year in sorted(set(used) | set(counts)):
        marks, last = used.get((register, year), bytearray()), counts.get((register, year), 0)
        where = Words(f"台账 {register} {year}年编号", f"numbers of register {register} in {year}")
        for kind, numbers, zh, en in (
            ("number.missing", [n for n, mark in enumerate(marks, 1) if mark == 0], "缺号", "missing"),
            ("number.missing", list(range(len(marks) + 1, last + 1)), "缺号", "missing"),
            ("number.doubled", [n for n, mark in enumerate(marks, 1) if mark > 1], "重号", "used twice"),
        ):
            if numbers:
                shown = ", ".join(map(str, numbers[:10])) + ("…" if len(numbers) > 10 else "")
                yield Finding(kind, where, Words(f"{zh} {len(numbers)} 个：{shown}", f"{len(numbers)} {en}: {shown}"))
        if last < len(marks):
            what = Words(f"计数为 {last}，却用到了 {len(marks)} 号", f"the count is {last}, but {len(marks)} is in use")
            yield Finding("number.count", where, what)


# Evidence files.


def files(seen: Callable[[], None] = lambda: None, *, thorough: bool = True) -> Iterator[Finding]:
    """Check that each piece of evidence is there, as long as it was, and (`thorough`) with the content it had.

    `seen` is called once a file. Files that belong to nothing are told by :func:`strays`.
    """
    folder = Path(settings.LUOSHI_EVIDENCE)
    for window in windows(Evidence.objects.all()):
        for row in rows_of(window):
            if isinstance(row, Unreadable):
                where = Words(f"佐证 {row.pk}", f"evidence {row.pk}")
                what = Words(f"读不出来：{row.why}", f"cannot be read: {row.why}")
                yield Finding("evidence.unreadable", where, what)
            else:
                yield from _file(folder, row, thorough=thorough)
            seen()


def _file(folder: Path, row: Evidence, *, thorough: bool) -> Iterator[Finding]:
    where = Words(f"佐证文件 {row.sha256}", f"evidence file {row.sha256}")
    path = folder / row.sha256[:2] / row.sha256[2:4] / row.sha256
    try:
        size = path.stat().st_size
        content = _sha256(path) if thorough and size == row.size else row.sha256
    except FileNotFoundError:
        yield Finding("evidence.missing", where, Words("文件不见了", "the file is gone"))
        return
    except (OSError, ValueError) as error:
        yield Finding("evidence.unreadable", where, Words(f"文件读不出来：{error}", f"cannot be read: {error}"))
        return
    if size != row.size:
        what = Words(f"应有 {row.size} 字节，现有 {size}", f"{size} bytes instead of {row.size}")
        yield Finding("evidence.changed", where, what)
    elif content != row.sha256:
        yield Finding("evidence.changed", where, Words("内容被改动过", "its content was altered"))


def _sha256(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as stream:
        while block := stream.read(_BLOCK):
            digest.update(block)
    return digest.hexdigest()


def strays() -> Iterator[Finding]:
    """Check that the evidence folder holds nothing that belongs to no row, apart from what is just being stored."""
    folder = Path(settings.LUOSHI_EVIDENCE)
    batch: list[Path] = []
    for path in _walk(folder):
        if not _SHELF.fullmatch(path.relative_to(folder).as_posix()):
            yield _stray(path, folder)
            continue
        batch.append(path)
        if len(batch) == _BATCH:
            yield from _unknown(batch, folder)
            batch = []
    yield from _unknown(batch, folder)


def _walk(folder: Path) -> Iterator[Path]:
    """Return all files but those under way: in `.incoming`, or given their place so late that their row may be new."""
    settled = time.time() - _SETTLED
    for place, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if name != ".incoming" or Path(place) != folder)
        for name in sorted(names):
            path = Path(place) / name
            if path.lstat().st_mtime < settled:
                yield path


def _unknown(batch: list[Path], folder: Path) -> Iterator[Finding]:
    known = set(Evidence.objects.filter(sha256__in=[path.name for path in batch]).values_list("sha256", flat=True))
    for path in batch:
        if path.name not in known:
            yield _stray(path, folder)


def _stray(path: Path, folder: Path) -> Finding:
    name = path.relative_to(folder).as_posix().encode(errors="surrogateescape").decode(errors="replace")
    what = Words("不属于任何佐证材料", "belongs to no piece of evidence")
    return Finding("evidence.stray", Words(f"文件 {name}", f"file {name}"), what)
