"""The record as a file that others can check without Luoshi: what `luoshi/auditor.py` reads.

The zip holds one JSON line for every event, record, seal, register text and matter, on request the evidence files, and
last a manifest with the hash of each member. The same stored content gives the same bytes. Matters of confidential
registers are in it by their hashes only, unless they are asked for: chains and seals can be checked all the same.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
import zipfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any, Final, cast

from django.conf import settings
from django.db import transaction

from luoshi.ledger.actions import Subject, record
from luoshi.ledger.canonical import Json, canonical
from luoshi.ledger.checks import windows
from luoshi.ledger.models import Record
from luoshi.org.policy import Actor, require
from luoshi.work.integrity.sealing import content_of, covered
from luoshi.work.integrity.snapshot import snapshot
from luoshi.work.models import Attachment, Event, Evidence, Matter, RegisterVersion, Seal

__all__ = ["Exported", "export_record", "write"]

_FORMAT: Final = "luoshi-record"
_TIME: Final = (1980, 1, 1, 0, 0, 0)
_BLOCK: Final = 1 << 20


@dataclass(slots=True)
class Exported:
    """What an export holds: lines by member, the hash of its manifest, and how many matters are withheld."""

    lines: dict[str, int] = field(default_factory=dict)
    members: dict[str, Json] = field(default_factory=dict)
    withheld: int = 0
    manifest: str = ""


def export_record(path: Path, *, by: Actor, evidence: bool = False, confidential: bool = False) -> Exported:
    """Write the whole record to a new file and put on record that it was done, with the hash of the manifest.

    The file appears whole or not at all, readable by its owner only. FileExistsError where there is one, OSError
    where it cannot be written, RefusedError by policy.
    """
    require(by, "records.verify")
    if path.exists():
        raise FileExistsError(path)
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".part", dir=path.parent)
    part = Path(name)
    try:
        with os.fdopen(handle, "w+b") as stream:
            exported = write(stream, evidence=evidence, confidential=confidential)
            stream.flush()
            os.fsync(stream.fileno())
        with transaction.atomic():
            _put_on_record(path.name, exported, by, evidence=evidence, confidential=confidential)
            part.replace(path)
    finally:
        part.unlink(missing_ok=True)
    return exported


def _put_on_record(name: str, exported: Exported, by: Actor, *, evidence: bool, confidential: bool) -> None:
    data: dict[str, Json] = {
        "manifest": exported.manifest,
        "lines": cast("Json", exported.lines),
        "evidence": evidence,
        "confidential": confidential,
        "withheld": exported.withheld,
    }
    record("records.export", by=by.author, subject=Subject("export", "", name), data=data)


def write(stream: IO[bytes], *, evidence: bool = False, confidential: bool = False) -> Exported:
    """Write the record as it is at this moment into a file that can be read back; records nothing."""
    done = Exported()
    with snapshot(), zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED, allowZip64=True, compresslevel=6) as file:
        hidden = frozenset[int]() if confidential else _confidential()
        done.withheld = len(hidden)
        _lines(file, done, "registers.jsonl", map(_register, RegisterVersion.objects.order_by("pk").iterator()))
        _lines(file, done, "matters.jsonl", _matters(hidden))
        _lines(file, done, "events.jsonl", _events(hidden))
        _lines(file, done, "records.jsonl", _records(hidden))
        _lines(file, done, "seals.jsonl", _seals())
        _lines(file, done, "evidence.jsonl", map(_piece, _evidence(hidden).iterator()))
        if evidence:
            for sha256 in _evidence(hidden).values_list("sha256", flat=True).iterator():
                _file(file, done, sha256)
        manifest = canonical(
            {
                "format": _FORMAT,
                "version": 1,
                "confidential": confidential,
                "withheld": done.withheld,
                "evidence": evidence,
                "members": done.members,
            }
        )
        done.manifest = hashlib.sha256(manifest).hexdigest()
        file.writestr(_info("manifest.json"), manifest)
    return done


def _confidential() -> frozenset[int]:
    return frozenset(Matter.objects.filter(confidential=True).values_list("pk", flat=True))


def _info(name: str) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name, _TIME)
    info.compress_type = zipfile.ZIP_DEFLATED
    info.external_attr = 0o600 << 16
    info.create_system = 3
    return info


def _lines(file: zipfile.ZipFile, done: Exported, name: str, lines: Iterable[Json]) -> None:
    count, digest = 0, hashlib.sha256()
    with file.open(_info(name), "w", force_zip64=True) as member:
        for line in lines:
            text = canonical(line) + b"\n"
            digest.update(text)
            member.write(text)
            count += 1
    done.lines[name.removesuffix(".jsonl")] = count
    done.members[name] = {"lines": count, "sha256": digest.hexdigest()}


def _register(row: RegisterVersion) -> Json:
    return {"code": row.code, "version": row.version, "sha256": row.sha256, "text": row.text}


def _matters(hidden: frozenset[int]) -> Iterator[Json]:
    for row in Matter.objects.order_by("pk").iterator():
        line: dict[str, Json] = {"uid": str(row.uid), "version": row.version, "head": row.head}
        if row.pk in hidden:
            line["withheld"] = True
        else:
            line.update(number=row.number, register=row.register)
        yield line


def _events(hidden: frozenset[int]) -> Iterator[Json]:
    """Return events in the order they were stored, which is the order that seals count in."""
    for window in windows(Event.objects.select_related("matter")):
        for row in window.iterator():
            line: dict[str, Json] = {"id": row.pk, "prev": row.prev, "hash": row.hash}
            if row.matter_id in hidden:
                line.update(withheld=True, matter=str(row.matter.uid), seq=row.seq)
            else:
                line["content"] = cast("Json", row.content())
            yield line


def _records(hidden: frozenset[int]) -> Iterator[Json]:
    says_secrets = _secret_keys(hidden)
    for row in Record.objects.order_by("seq").iterator():
        line: dict[str, Json] = {"prev": row.prev, "hash": row.hash}
        if says_secrets(row):
            line.update(withheld=True, seq=row.seq)
        else:
            line["content"] = cast("Json", row.content())
        yield line


def _secret_keys(hidden: frozenset[int]) -> Callable[[Record], bool]:
    """Return what tells whether a record names a withheld matter: by any of its keys, its number or its title."""
    if not hidden:
        return lambda _row: False
    keys: set[str] = set()
    words: set[str] = set()
    for row in Matter.objects.filter(confidential=True).only("uid", "number", "title").iterator():
        keys |= {str(row.pk), str(row.uid), row.number}
        words |= {str(row.uid), row.number, row.title}

    def says(row: Record) -> bool:
        if row.subject_kind in _OF_MATTERS and row.subject_key in keys:
            return True
        return row.subject_name in words or not words.isdisjoint(_texts(row.data))

    return says


_OF_MATTERS: Final = ("matter", "evidence", "attachment", "event")


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for item in value.values():
            yield from _texts(item)
    elif isinstance(value, list):
        for item in value:
            yield from _texts(item)


def _seals() -> Iterator[Json]:
    before: Seal | None = None
    for row in Seal.objects.order_by("day").iterator():
        yield {"content": content_of(row, covered(before, row)), "prev": row.prev, "hash": row.hash}
        before = row


def _evidence(hidden: frozenset[int]) -> Any:
    """Return the pieces of evidence that serve a matter that is not withheld, or none at all."""
    rows = Evidence.objects.order_by("pk")
    if not hidden:
        return rows
    open_uses = Attachment.objects.filter(matter__confidential=False).values("evidence")
    secret_uses = Attachment.objects.filter(matter__confidential=True).values("evidence")
    return rows.filter(pk__in=open_uses) | rows.exclude(pk__in=secret_uses)


def _piece(row: Evidence) -> Json:
    return {"sha256": row.sha256, "size": row.size}


def _file(file: zipfile.ZipFile, done: Exported, sha256: str) -> None:
    """Add one evidence file as it is on the disk; one that is gone is left out, and the auditor says so."""
    name = f"evidence/{sha256[:2]}/{sha256[2:4]}/{sha256}"
    path, digest = Path(settings.LUOSHI_EVIDENCE, sha256[:2], sha256[2:4], sha256), hashlib.sha256()
    if not path.is_file():
        return
    with path.open("rb") as source, file.open(_info(name), "w", force_zip64=True) as member:
        while block := source.read(_BLOCK):
            digest.update(block)
            member.write(block)
    done.members[name] = {"lines": 0, "sha256": digest.hexdigest()}
