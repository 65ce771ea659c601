"""Keeping files: each content once, under its SHA-256, in the folder of evidence.

A file is written under a passing name, made safe on disk, and only then given its place by one rename; its row comes
last. So whoever finds a row finds the whole file, and what a crash leaves is a passing file that :func:`sweep` removes.
"""

from __future__ import annotations

import datetime as dt
import errno
import hashlib
import os
import time
import uuid
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO, Final, Protocol

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from luoshi.work.evidence.kinds import PROGRAM, kind_of
from luoshi.work.evidence.names import safe_name
from luoshi.work.models import Evidence

__all__ = ["LIMIT", "Readable", "opened", "path_of", "store", "sweep"]

LIMIT: Final = 100 * 1024 * 1024
"""Bytes of one file unless the setting `LUOSHI_EVIDENCE_LIMIT` says otherwise."""

_CHUNK: Final = 1 << 20
_INCOMING: Final = ".incoming"
_NO_ROOM: Final = frozenset({errno.ENOSPC, errno.EDQUOT})


class Readable(Protocol):
    """What gives bytes piece by piece: an uploaded file, an open file."""

    def read(self, size: int, /) -> bytes:
        """Return at most `size` further bytes, none at the end."""


def store(stream: Readable, *, name: str, limit: int | None = None) -> Evidence:
    """Keep what `stream` holds and return its row; the same content is kept once, whoever brings it and how often.

    `name` only helps to tell the kind of file. ValidationError for an empty file, one over `limit` bytes, a program, or
    a full disk; nothing is kept then. Reads the whole stream: call it before a transaction, not within one.
    """
    most = getattr(settings, "LUOSHI_EVIDENCE_LIMIT", LIMIT) if limit is None else limit
    passing = _folder(_root() / _INCOMING) / uuid.uuid4().hex
    try:
        sha256, size = _take_in(stream, passing, most)
        kind = kind_of(passing, safe_name(name))
        if kind == PROGRAM:
            raise ValidationError(_("这是程序，不能作为佐证材料，请检查是否选错了文件。"), code="program")
        _give_place(passing, sha256, size)
    except OSError as error:
        if error.errno in _NO_ROOM:
            raise ValidationError(_("服务器磁盘已满，材料没有存入，请联系系统管理员。"), code="no_room") from error
        raise
    finally:
        passing.unlink(missing_ok=True)
    row, _made = Evidence.objects.get_or_create(
        sha256=sha256, defaults={"size": size, "kind": kind, "stored_at": dt.datetime.now(dt.UTC)}
    )
    return row


def path_of(evidence: Evidence | str) -> Path:
    """Return where a file lies: `ab/cd/<sha256>`."""
    sha256 = evidence if isinstance(evidence, str) else evidence.sha256
    return _root() / sha256[:2] / sha256[2:4] / sha256


def opened(evidence: Evidence) -> BinaryIO:
    """Open a file for reading; FileNotFoundError where the folder has lost it."""
    return path_of(evidence).open("rb")


def sweep(*, older_than: dt.timedelta = dt.timedelta(days=1)) -> int:
    """Remove passing files that nobody has been writing for so long; return how many."""
    before = time.time() - older_than.total_seconds()
    gone = 0
    with suppress(FileNotFoundError):
        for path in (_root() / _INCOMING).iterdir():
            with suppress(FileNotFoundError):
                if path.stat().st_mtime < before:
                    path.unlink()
                    gone += 1
    return gone


def _root() -> Path:
    return Path(settings.LUOSHI_EVIDENCE)


def _take_in(stream: Readable, path: Path, most: int) -> tuple[str, int]:
    """Write the stream to disk; return its hash and size."""
    digest = hashlib.sha256()
    size = 0
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        while chunk := stream.read(_CHUNK):
            size += len(chunk)
            if size > most:
                raise ValidationError(
                    _("文件超过%(most)s，不能上传，请压缩或拆分后再传。"),
                    code="too_large",
                    params={"most": f"{most >> 20} MB" if most >> 20 else f"{most} B"},
                )
            digest.update(chunk)
            file.write(chunk)
        if not size:
            raise ValidationError(_("文件是空的，请重新选择文件。"), code="empty")
        file.flush()
        os.fsync(file.fileno())
    return digest.hexdigest(), size


def _give_place(passing: Path, sha256: str, size: int) -> None:
    """Let the file appear under its hash at once and whole, and stay there through a loss of power."""
    place = path_of(sha256)
    with suppress(FileNotFoundError):
        if place.stat().st_size == size:
            return
    _folder(place.parent)
    passing.replace(place)
    for folder in (place.parent, place.parent.parent, _root()):
        _sync(folder)


def _folder(path: Path) -> Path:
    """Return a folder that is there and open to its owner only."""
    for one in (path.parent, path):
        one.mkdir(mode=0o700, parents=True, exist_ok=True)
    return path


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
