"""Verification: everything stored against what was written, in one pass that needs the same memory at any size."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from typing import Final

from django.utils import translation

from luoshi.ledger import checks as ledger
from luoshi.ledger.checks import Finding
from luoshi.ledger.models import Record
from luoshi.org import checks as organisation
from luoshi.words import Words
from luoshi.work import checks
from luoshi.work.integrity.chains import chain
from luoshi.work.integrity.histories import histories, matter_count
from luoshi.work.integrity.report import Report
from luoshi.work.integrity.rows import rows
from luoshi.work.integrity.sealed import sealed
from luoshi.work.integrity.snapshot import snapshot
from luoshi.work.models import Evidence, Matter, RegisterVersion, Seal

__all__ = ["Progress", "verify"]

Progress = Callable[[Words, int, int], None]
"""Called now and then with what is being checked, how much of it is done, and how much there is."""

_EVERY: Final = 500


def verify(
    *,
    only: Matter | None = None,
    evidence: bool = True,
    limit: int = 200,
    progress: Progress = lambda _what, _done, _all: None,
    rooms: Iterable[Callable[[], Iterable[Finding]]] = (),
) -> Report:
    """Check everything stored, or one matter's events and rows, and say exactly where something was touched.

    Writes nothing and keeps nobody waiting; all database reads see one moment. `evidence` says whether the content of
    files is read, which takes as long as the disk takes. `rooms` are the checks of the rooms above this one, asked when
    everything is checked. The report counts every finding and keeps the first `limit`.
    """
    report, begun = Report(limit=limit), time.monotonic()
    with snapshot():
        for finding in _everything(report, progress, evidence=evidence) if only is None else _matters(report, only):
            report.add(finding)
        for findings in rooms if only is None else ():
            for finding in findings():
                report.add(finding)
    report.seconds = time.monotonic() - begun
    return report


def _everything(report: Report, progress: Progress, *, evidence: bool) -> Iterator[Finding]:
    yield from ledger.database_file()
    yield from checks.guards()
    yield from checks.register_texts()
    yield from _matters(report, None, progress)
    yield from checks.numbering()
    report.records = Record.objects.count()
    yield from ledger.records()
    yield from _seals(report, progress)
    yield from _organisation()
    yield from _evidence(report, progress, thorough=evidence)


def _matters(
    report: Report, only: Matter | None, progress: Progress = lambda _what, _done, _all: None
) -> Iterator[Finding]:
    what, total = Words("事项与事件", "matters and events"), matter_count(only)
    versions = {pk: (version, sha) for pk, version, sha in _versions()}
    for history in histories(only):
        report.matters += 1
        report.events += len(history.events)
        yield from chain(history)
        yield from rows(history, versions)
        if report.matters % _EVERY == 0:
            progress(what, report.matters, total)
    progress(what, report.matters, total)


def _versions() -> Iterator[tuple[int, int, str]]:
    for row in ledger.rows_of(RegisterVersion.objects.order_by("pk")):
        if isinstance(row, RegisterVersion):
            yield row.pk, row.version, row.sha256


def _seals(report: Report, progress: Progress) -> Iterator[Finding]:
    what, total = Words("封存", "seals"), Seal.objects.count()

    def seen(_events: int) -> None:
        report.seals += 1
        progress(what, report.seals, total)

    yield from sealed(seen)


def _organisation() -> Iterator[Finding]:
    where = Words("组织机构", "organisation")
    found = []
    try:
        for language in ("zh-hans", "en"):
            with translation.override(language):
                found.append(list(organisation.findings()))
    except ledger.reading_errors() as error:
        yield Finding("organisation.unreadable", where, Words(f"读不出来：{error}", f"cannot be read: {error}"))
        return
    for zh, en in zip(*found, strict=True):
        yield Finding("organisation", where, Words(zh, en))


def _evidence(report: Report, progress: Progress, *, thorough: bool) -> Iterator[Finding]:
    what, total = Words("佐证文件", "evidence files"), Evidence.objects.count()

    def seen() -> None:
        report.files += 1
        progress(what, report.files, total)

    yield from checks.files(seen, thorough=thorough)
    yield from checks.strays()
