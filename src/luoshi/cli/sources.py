"""The files named on the command line, read one by one; one that cannot be read does not stop the others."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from luoshi.cli.console import Console
from luoshi.cli.outcome import Exit, StopError
from luoshi.cli.system_errors import reason
from luoshi.reading.document import Document
from luoshi.reading.errors import ReadError
from luoshi.reading.limits import MAX_FILE_BYTES
from luoshi.words import Words

__all__ = ["STANDARD_INPUT", "Sources", "open_document"]

STANDARD_INPUT: Final = "-"


class Sources:
    """Goes over the files named; `outcome` tells afterwards whether all could be read."""

    def __init__(self, names: Sequence[str], console: Console) -> None:
        if names.count(STANDARD_INPUT) > 1:
            raise StopError(Exit.MISUSED, "标准输入（-）只能写一次。", "Standard input (-) can be named only once.")
        self._names = names
        self._console = console
        self.outcome = Exit.FINE

    def __iter__(self) -> Iterator[tuple[int, Document]]:
        """Read one file after another; say what is wrong with those that cannot be read, and leave them out."""
        for index, name in enumerate(self._names):
            self._console.progress(index + 1, len(self._names), name)
            document = open_document(name, self._console)
            if document is None:
                self.outcome = Exit.UNREADABLE
            else:
                yield index, document
        self._console.wipe_progress()


def open_document(name: str, console: Console) -> Document | None:
    """Read one file; where it cannot be read, say why and return None."""
    from luoshi.reading import read  # noqa: PLC0415 — heavy, and wrong usage is told without it

    began = time.perf_counter()
    try:
        document = read(_standard_input(), name=name) if name == STANDARD_INPUT else read(Path(name))
    except ReadError as error:
        console.error(error.words, about=name)
        return None
    except OSError as error:
        console.error(_system_words(error), about=name)
        return None
    for warning in document.warnings:
        console.warn(warning, about=name)
    console.detail(_what_was_read(name, document, time.perf_counter() - began))
    return document


def _standard_input() -> bytes:
    """Return what stands on standard input; nothing where the caller has closed it."""
    return b"" if sys.stdin is None else sys.stdin.buffer.read(MAX_FILE_BYTES + 1)


def _system_words(error: OSError) -> Words:
    if isinstance(error, FileNotFoundError):
        return Words("没有这个文件，请检查名称和路径。", "There is no such file; check its name and folder.")
    if isinstance(error, PermissionError):
        return Words("没有权限读这个文件，请先取得权限。", "You may not read this file; ask for permission first.")
    why = reason(error)
    return Words(f"系统读不了这个文件：{why.zh}。", f"The system cannot read this file: {why.en}.")


def _what_was_read(name: str, document: Document, seconds: float) -> Words:
    mended = [(repair.words, repair.count) for repair in document.repairs]
    zh = "、".join(f"{words.zh} {count} 处" for words, count in mended) or "没有"
    en = ", ".join(f"{words.en} ({count})" for words, count in mended) or "none"
    size = (document.format, len(document.text), len(document.sentences), len(document.speeches))
    return Words(
        "{}：{}，{} 字，{} 句，{} 篇，{:.2f} 秒；修复：{}".format(name, *size, seconds, zh),
        "{}: {}, {} characters, {} sentences, {} speeches, {:.2f} s; repairs: {}".format(name, *size, seconds, en),
    )
