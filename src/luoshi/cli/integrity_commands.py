"""Seal days, verify what is stored, export the record; Django is set up before.

Whoever runs these at the terminal acts as the system: they can read the files anyway.
"""

from __future__ import annotations

import datetime as dt
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Final

from luoshi.cli.console import Console
from luoshi.cli.outcome import Exit, StopError
from luoshi.cli.stdout import print_text
from luoshi.cli.terminal import visible
from luoshi.words import Words

if TYPE_CHECKING:
    from luoshi.work.integrity import Report
    from luoshi.work.models import Matter

__all__ = ["export_record", "seal", "verify"]

_PAUSE: Final = 0.2


def seal(until: dt.date | None, console: Console) -> Exit:
    """Seal every day up to `until` (yesterday unless told) and print the last seal as it goes on paper."""
    from django.core.exceptions import ValidationError  # noqa: PLC0415 — the command line starts without Django

    from luoshi.org.policy import SYSTEM_ACTOR  # noqa: PLC0415
    from luoshi.work import integrity  # noqa: PLC0415
    from luoshi.work.models import Seal  # noqa: PLC0415

    try:
        made = integrity.seal(until, by=SYSTEM_ACTOR)
    except ValidationError as error:
        raise StopError(
            Exit.MISUSED,
            "这一天还没有过完，不能封存；请用昨天或更早的日期。",
            "That day is not over and cannot be sealed; name yesterday or an earlier day.",
        ) from error
    last = Seal.objects.order_by("-day").first()
    if last is None:
        _say(
            Words("还没有任何事件和操作记录，无可封存。", "Nothing is stored yet, so there is nothing to seal."),
            console,
        )
        return Exit.FINE
    _say(_sealed(len(made)), console)
    hash_ = " ".join(last.hash[at : at + 8] for at in range(0, 64, 8))
    print_text(f"{last.day}  {hash_}\n")
    return Exit.FINE


def _sealed(count: int) -> Words:
    return Words(
        f"新封存 {count} 天。末个封存（请打印留存）：",
        f"Days newly sealed: {count}. The last seal, to be kept on paper:",
    )


def verify(number: str, console: Console, *, evidence: bool = True, limit: int = 200) -> Exit:
    """Check everything stored, or the matter with `number`; code 4 where something was touched."""
    from luoshi.directives import checks  # noqa: PLC0415 — the command line starts without Django
    from luoshi.work import integrity  # noqa: PLC0415

    only = _matter(number) if number else None
    shown = 0.0

    def progress(what: Words, done: int, total: int) -> None:
        nonlocal shown
        if time.monotonic() - shown >= _PAUSE:
            shown = time.monotonic()
            console.progress(done, total, what.in_(console.language))

    report = integrity.verify(only=only, evidence=evidence, limit=limit, progress=progress, rooms=[checks.findings])
    console.wipe_progress()
    for finding in report.findings:
        where, what = finding.where.in_(console.language), finding.what.in_(console.language)
        print_text(_shown(f"✗ {where}: {what}") + "\n")
    _conclude(report, console, evidence=evidence and only is None)
    return Exit.FINE if report.clean else Exit.FOUND


def _matter(number: str) -> Matter:
    from luoshi.work.models import Matter  # noqa: PLC0415 — the command line starts without Django

    row = Matter.objects.filter(number=number).first()
    if row is None:
        raise StopError(
            Exit.MISUSED,
            f"没有编号为 {number} 的事项；请核对编号，或不写 --matter 核验全部。",
            f"There is no matter {number}; check the number, or leave --matter out to verify everything.",
        )
    return row


def _conclude(report: Report, console: Console, *, evidence: bool) -> None:
    more = report.total - len(report.findings)
    if more:
        _say(Words(f"……另有 {more} 处未列出。", f"… and {more} more."), console)
    for kind, count in sorted(report.counts.items()):
        console.detail(Words(f"{kind}：{count}", f"{kind}: {count}"))
    _say(
        Words(
            f"核验了 {report.matters} 个事项、{report.events} 个事件、{report.records} 条操作记录、"
            f"{report.seals} 个封存、{report.files} 个佐证文件，"
            f"用时 {report.seconds:.1f} 秒，每秒 {report.speed} 个事件。",
            f"Verified matters: {report.matters}, events: {report.events}, records: {report.records}, "
            f"seals: {report.seals}, evidence files: {report.files}; {report.seconds:.1f} s, {report.speed} events/s.",
        ),
        console,
    )
    if not evidence:
        _say(Words("佐证文件的内容没有核验。", "The content of evidence files was not checked."), console)
    if report.clean:
        _say(Words("✓ 全部相符。", "✓ Everything agrees."), console)
    else:
        _say(Words(f"✗ {report.total} 处不符。", f"✗ Findings: {report.total}."), console)


def export_record(path: Path, console: Console, *, evidence: bool = False, confidential: bool = False) -> Exit:
    """Write the record into a new zip file for an auditor, and say what it holds."""
    from luoshi.org.policy import SYSTEM_ACTOR  # noqa: PLC0415 — the command line starts without Django
    from luoshi.work import integrity  # noqa: PLC0415

    try:
        done = integrity.export_record(path, by=SYSTEM_ACTOR, evidence=evidence, confidential=confidential)
    except FileExistsError as error:
        raise StopError(
            Exit.UNWRITABLE, f"{path} 已经存在；请换一个文件名。", f"{path} exists already; choose another name."
        ) from error
    except OSError as error:
        raise StopError(
            Exit.UNWRITABLE,
            f"{path} 写不进去（{error.strerror}）；请检查文件夹和磁盘空间。",
            f"{path} cannot be written ({error.strerror}); check the folder and the disk.",
        ) from error
    counts = ", ".join(f"{count} {name}" for name, count in done.lines.items())
    _say(Words(f"已导出到 {path}（{counts}）。", f"Exported to {path} ({counts})."), console)
    if done.withheld:
        withheld = Words(
            f"{done.withheld} 个保密事项只有哈希，没有内容；如需内容请加 --confidential。",
            f"Confidential matters by their hashes only: {done.withheld}; add --confidential for their content.",
        )
        _say(withheld, console)
    _say(Words(f"清单哈希 {done.manifest}", f"Hash of the manifest {done.manifest}"), console)
    return Exit.FINE


def _say(words: Words, console: Console) -> None:
    print_text(_shown(words.in_(console.language)) + "\n")


def _shown(text: str) -> str:
    return visible(text) if sys.stdout.isatty() else text
