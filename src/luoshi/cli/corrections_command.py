"""`luoshi export-corrections`: what people made of documents, as a labelled corpus; Django is set up before."""

from __future__ import annotations

import datetime as dt
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from luoshi.cli.console import Console
from luoshi.cli.outcome import Exit, StopError
from luoshi.cli.stdout import print_text
from luoshi.cli.system_errors import reason
from luoshi.cli.terminal import visible
from luoshi.words import Words

if TYPE_CHECKING:
    from luoshi.directives.corrections import Exported

__all__ = ["export_corrections"]


def export_corrections(folder: Path, since: dt.date | None, console: Console) -> Exit:
    """Write the folder and say what it holds; StopError where it is there already or cannot be written."""
    from luoshi.directives import corrections  # noqa: PLC0415 — the command line starts without Django

    try:
        done = corrections.export_corrections(folder, since=since)
    except FileExistsError as error:
        raise StopError(
            Exit.UNWRITABLE,
            f"{folder} 已经存在，没有动它；请另取一个名称。",
            f"{folder} is there already and was left alone; choose another name.",
        ) from error
    except OSError as error:
        why = reason(error)
        raise StopError(
            Exit.UNWRITABLE,
            f"{folder} 写不进去：{why.zh}；请换一个位置。",
            f"{folder} cannot be written: {why.en}; choose another place.",
        ) from error
    _say(_written(folder, done), console)
    if done.unreadable:
        left_out = Words(
            f"{done.unreadable} 份文件的文字存成文本后读不回原样，没有写出。",
            f"Documents left out because their text cannot be read back as it was: {done.unreadable}.",
        )
        _say(left_out, console)
    return Exit.FINE


def _written(folder: Path, done: Exported) -> Words:
    return Words(
        f"已写出 {done.documents} 份文件、{done.sentences} 句、{done.tasks} 条任务到 {folder}，"
        f"其中 {done.corrected} 句由人改过。里面是内部文件的全文，请妥善保管。",
        f"Written to {folder}: documents: {done.documents}, sentences: {done.sentences}, tasks: {done.tasks}; "
        f"sentences that people corrected: {done.corrected}. These are whole internal documents: keep them safe.",
    )


def _say(words: Words, console: Console) -> None:
    text = words.in_(console.language)
    print_text((visible(text) if sys.stdout.isatty() else text) + "\n")
