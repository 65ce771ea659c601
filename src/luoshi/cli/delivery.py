"""Results into files: where each goes, and the writing that leaves the old file whole when it fails."""

from __future__ import annotations

import os
import secrets
import shutil
import stat
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from luoshi.cli.outcome import Exit, StopError
from luoshi.cli.sources import STANDARD_INPUT
from luoshi.cli.system_errors import reason

__all__ = ["Destination", "choose_destination", "write_safely"]

_EXTENSIONS: Final = {"table": ".txt", "json": ".json", "xlsx": ".xlsx", "docx": ".docx"}
_FORMATS: Final = {extension: format_ for format_, extension in _EXTENSIONS.items()}
_BINARY: Final = ("xlsx", "docx")


@dataclass(frozen=True, slots=True)
class Destination:
    """Where results go: `paths` holds one file for each source, or one for all; it is empty for standard output."""

    format: str
    paths: tuple[Path, ...] = ()
    joined: bool = False
    """All sources go into one file."""


def choose_destination(sources: Sequence[str], format_: str | None, output: str | None) -> Destination:
    """Decide on the format and on the file or files to write, or refuse with what to write instead."""
    if output is None or output == STANDARD_INPUT:
        return _standard_output(format_ or "table", to_file=output is not None, count=len(sources))
    if not output.strip():
        raise StopError(Exit.MISUSED, "-o 后面是空的，请写明文件或文件夹。", "-o is empty; name a file or a folder.")
    path = Path(output)
    extension_format = _FORMATS.get(path.suffix.lower())
    if path.is_dir() or output.endswith(("/", os.sep)) or (not path.suffix and len(sources) > 1):
        destination = _folder(path, sources, format_ or "xlsx")
    else:
        destination = _one_file(path, format_, extension_format, len(sources))
    _spare_sources(destination.paths, sources)
    return destination


def write_safely(path: Path, content: bytes) -> None:
    """Write a whole file beside its place and move it there: whoever looks sees the old file or the new one.

    A device or pipe is written to as it is. Raises StopError where writing fails; the old file is then untouched.
    """
    try:
        path = Path(os.path.realpath(path))
        if path.exists() and not stat.S_ISREG(path.stat().st_mode):
            path.write_bytes(content)
        else:
            _replace(path, content)
    except BrokenPipeError:
        raise
    except OSError as error:
        why = reason(error)
        raise StopError(
            Exit.UNWRITABLE,
            f"写不了 {path}：{why.zh}；请换一个位置，或关掉正在打开它的程序。",
            f"Cannot write {path}: {why.en}; choose another place, or close the program that has it open.",
        ) from error


def _replace(path: Path, content: bytes) -> None:
    beside = path.with_name(f".{path.name[:80]}.{secrets.token_hex(4)}.part")
    try:
        with beside.open("xb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        if path.exists():
            if not os.access(path, os.W_OK):
                raise PermissionError(13, os.strerror(13))
            shutil.copymode(path, beside)
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)


def _standard_output(format_: str, *, to_file: bool, count: int) -> Destination:
    if format_ in _BINARY and (not to_file or count > 1):
        extension = _EXTENSIONS[format_]
        raise StopError(
            Exit.MISUSED,
            f"{format_} 不能显示在屏幕上，请用 -o 写明文件，如 -o 任务分解表{extension}。",
            f"{format_} cannot be shown on a screen; name a file with -o, such as -o tasks{extension}.",
        )
    return Destination(format_)


def _one_file(path: Path, format_: str | None, by_extension: str | None, count: int) -> Destination:
    chosen = format_ or by_extension
    if chosen is None:
        raise StopError(
            Exit.MISUSED,
            f"从 {path.name} 的扩展名看不出格式，请用 .xlsx .docx .json .txt，或写明 --format。",
            f"The extension of {path.name} tells no format; use .xlsx, .docx, .json or .txt, or give --format.",
        )
    if by_extension is not None and by_extension != chosen and {chosen, by_extension} & set(_BINARY):
        raise StopError(
            Exit.MISUSED,
            f"--format {chosen} 和文件名 {path.name} 不一致，这样的文件打不开，请改其中一个。",
            f"--format {chosen} and the name {path.name} disagree, and the file would not open; change one of them.",
        )
    if chosen in _BINARY and count > 1:
        raise StopError(
            Exit.MISUSED,
            f"{count} 个文件不能写进同一个 {chosen}，请用 -o 写明文件夹，如 -o 任务分解表/ --format {chosen}。",
            f"{count} files do not go into one {chosen}; name a folder with -o, such as -o tasks/ --format {chosen}.",
        )
    return Destination(chosen, (path,), joined=True)


def _folder(folder: Path, sources: Sequence[str], format_: str) -> Destination:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        why = reason(error)
        raise StopError(
            Exit.UNWRITABLE,
            f"建不了文件夹 {folder}：{why.zh}；请换一个位置。",
            f"Cannot make the folder {folder}: {why.en}; choose another place.",
        ) from error
    return Destination(format_, tuple(folder / (name + _EXTENSIONS[format_]) for name in _result_names(sources)))


def _result_names(sources: Sequence[str]) -> list[str]:
    """Name each result after its file; with the extension, and then a number, where two would be called the same."""
    paths = [Path("stdin") if source == STANDARD_INPUT else Path(source) for source in sources]
    stems = Counter(path.stem for path in paths)
    names = [path.stem if stems[path.stem] == 1 else path.name for path in paths]
    seen: Counter[str] = Counter()
    for index, name in enumerate(names):
        seen[name] += 1
        if seen[name] > 1:
            names[index] = f"{name}-{seen[name]}"
    return names


def _spare_sources(paths: Sequence[Path], sources: Sequence[str]) -> None:
    real = {os.path.realpath(source) for source in sources if source != STANDARD_INPUT}
    for path in paths:
        if os.path.realpath(path) in real:
            raise StopError(
                Exit.MISUSED,
                f"-o 会盖掉原文件 {path}，请换一个名称。",
                f"-o would overwrite the source file {path}; choose another name.",
            )
