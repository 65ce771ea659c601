"""What each command does with the files it was given."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from luoshi.cli.console import Console
from luoshi.cli.delivery import choose_destination
from luoshi.cli.outcome import Exit, StopError
from luoshi.cli.product import PRODUCT
from luoshi.cli.results import Results
from luoshi.cli.sources import Sources, open_document
from luoshi.cli.stdout import json_bytes, print_bytes, print_text
from luoshi.cli.system_errors import reason
from luoshi.cli.terminal import visible
from luoshi.words import Words

if TYPE_CHECKING:
    from luoshi.drafting.directory import Directory
    from luoshi.drafting.plan import Plan
    from luoshi.reading.document import Document

__all__ = ["COMMANDS"]

_NO_TASKS: Final = Words(
    "没有读出任务；可用 luoshi read --format outline 看看读到了什么。",
    "no task was found; luoshi read --format outline shows what was read.",
)


def _read(arguments: argparse.Namespace, console: Console) -> Exit:
    from luoshi.cli.shown import document_json, outline_lines  # noqa: PLC0415 — not every run needs it

    many = len(arguments.files) > 1
    sources = Sources(arguments.files, console)
    structures: list[Any] = []
    for index, document in sources:
        if arguments.format == "json":
            structures.append(document_json(document, console.language))
            continue
        console.wipe_progress()
        if many:
            _print_lines([f"==> {arguments.files[index]} <=="])
        if arguments.format == "outline":
            _print_lines(outline_lines(document, console.language))
        else:
            _print_original(document.text, many=many)
    if arguments.format == "json" and (structures or many):
        print_bytes(json_bytes(structures if many else structures[0]))
    return sources.outcome


def _print_original(text: str, *, many: bool) -> None:
    """Print a document's text to the letter, for whoever counts its characters; a screen also gets a last line end."""
    on_screen = sys.stdout.isatty()
    print_text(visible(text) if on_screen else text)
    if (on_screen or many) and not text.endswith("\n"):
        print_text("\n")


def _print_lines(lines: Iterable[str]) -> None:
    text = "".join(line + "\n" for line in lines)
    print_text(visible(text) if sys.stdout.isatty() else text)


def _draft(arguments: argparse.Namespace, console: Console) -> Exit:
    sources = Sources(arguments.files, console)
    destination = choose_destination(arguments.files, arguments.format, arguments.output)
    directory = _directory(arguments.units)
    results = Results(destination, console, arguments.files)
    for index, document in sources:
        plan = _plan(document, arguments, directory, console)
        if not plan.tasks:
            console.warn(_NO_TASKS, about=arguments.files[index])
        results.take(index, plan)
    results.finish()
    return sources.outcome


def _explain(arguments: argparse.Namespace, console: Console) -> Exit:
    from luoshi.drafting.explain import explain  # noqa: PLC0415 — heavy, and not every run needs it

    directory = _directory(arguments.units)
    document = open_document(arguments.file, console)
    if document is None:
        return Exit.UNREADABLE
    plan = _plan(document, arguments, directory, console)
    numbers = [task.id for task in plan.tasks]
    if arguments.task not in numbers:
        raise _no_such_task(arguments.task, numbers)
    _print_lines(explain(plan, arguments.task, console.language))
    return Exit.FINE


def _no_such_task(asked: int, numbers: list[int]) -> StopError:
    if not numbers:
        return StopError(Exit.MISUSED, "这个文件里没有读出任务。", "No task was found in this file.")
    first, last = min(numbers), max(numbers)
    return StopError(
        Exit.MISUSED,
        f"没有第 {asked} 项任务，请用 {first} 到 {last} 之间的序号。",
        f"There is no task {asked}; use a number from {first} to {last}.",
    )


def _plan(document: Document, arguments: argparse.Namespace, directory: Directory | None, console: Console) -> Plan:
    from luoshi.drafting import draft  # noqa: PLC0415 — heavy, and not every run needs it

    began = time.perf_counter()
    plan: Plan = draft(document, date=arguments.date, directory=directory)
    console.detail(_what_was_drafted(plan, time.perf_counter() - began))
    return plan


def _what_was_drafted(plan: Plan, seconds: float) -> Words:
    count = len(plan.tasks)
    if plan.date is None:
        date = Words("没有找到成文日期", "no date found")
    else:
        day = plan.date.day.isoformat()
        date = Words(f"时限从 {day} 算起（{plan.date.why.zh}）", f"times count from {day} ({plan.date.why.en})")
    return Words(f"  {date.zh}；{count} 项任务，{seconds:.2f} 秒", f"  {date.en}; {count} tasks, {seconds:.2f} s")


def _directory(path: str | None) -> Directory | None:
    if path is None:
        return None
    from luoshi.drafting.directory import Directory  # noqa: PLC0415 — not every run needs it
    from luoshi.reading.errors import ReadError  # noqa: PLC0415 — with the directory

    try:
        return Directory.load(Path(path))
    except ReadError as error:
        raise StopError(Exit.UNREADABLE, f"{path}: {error.words.zh}", f"{path}: {error.words.en}") from error
    except OSError as error:
        why = reason(error)
        raise StopError(
            Exit.UNREADABLE,
            f"读不了名录 {path}：{why.zh}，请检查名称和路径。",
            f"Cannot read the directory {path}: {why.en}; check its name and folder.",
        ) from error


COMMANDS: Final[Mapping[str, Callable[[argparse.Namespace, Console], Exit]]] = {
    "read": _read,
    "draft": _draft,
    "explain": _explain,
    **PRODUCT,
}
