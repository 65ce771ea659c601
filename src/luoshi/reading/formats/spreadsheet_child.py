"""Opens one workbook in a process of its own; run as a program by `spreadsheet.py`.

The Rust code that opens workbooks ends its whole process when a file asks it for more memory than there is. So it
works here, where little is lost: the workbook comes in by standard input, its sheets go out as JSON by standard
output, and the exit code says the rest. This file is run by its path, without the package around it, and so imports
nothing of Luoshi.
"""

import datetime as dt
import io
import json
import sys
from typing import Any

DAMAGED = 3
TOO_LARGE = 4
LOCKED = 5
_MEMORY = 4 << 30


class TooManyError(Exception):
    """More cells or characters than are allowed."""


def main(cells: int, characters: int) -> int:
    """Read a workbook of at most that many cells and characters; return the exit code."""
    from python_calamine import PasswordError  # noqa: PLC0415 — nothing of it may run before the limit is set

    try:
        sheets = read_sheets(sys.stdin.buffer.read(), cells, characters)
    except TooManyError:
        return TOO_LARGE
    except PasswordError:
        return LOCKED
    json.dump(sheets, sys.stdout)
    return 0


def read_sheets(data: bytes, cells: int, characters: int) -> list[dict[str, Any]]:
    """Return name, first place, merged ranges and rows of each sheet that is shown, of a hidden one the name only."""
    from python_calamine import (  # noqa: PLC0415 — nothing of it may run before the limit is set
        CalamineWorkbook,
        SheetTypeEnum,
        SheetVisibleEnum,
    )

    workbook = CalamineWorkbook.from_filelike(io.BytesIO(data))
    found: list[dict[str, Any]] = []
    for known in workbook.sheets_metadata:
        if known.typ != SheetTypeEnum.WorkSheet:
            continue
        if known.visible != SheetVisibleEnum.Visible:
            found.append({"name": known.name, "rows": None})
            continue
        sheet = workbook.get_sheet_by_name(known.name)
        cells -= sheet.width * sheet.height
        if cells < 0:
            raise TooManyError
        rows = []
        for row in sheet.to_python():
            rows.append([written(value) for value in row])
            characters -= sum(map(len, rows[-1]))
            if characters < 0:
                raise TooManyError
        merged = sheet.merged_cell_ranges or []
        found.append({"name": known.name, "start": sheet.start or (0, 0), "merged": merged, "rows": rows})
    return found


def written(value: Any) -> str:
    """Return a cell's value as text."""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        return f"{value:.0f}" if value.is_integer() and abs(value) < 1e15 else f"{value:.15g}"
    if isinstance(value, dt.datetime):
        return f"{value:%Y-%m-%d}" if value.time() == dt.time() else f"{value:%Y-%m-%d %H:%M}"
    if isinstance(value, dt.time):
        return f"{value:%H:%M}"
    return str(value).replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ").strip()


def limit_memory() -> None:
    """Let the system refuse this process more memory than any honest workbook needs, where it can."""
    try:
        import resource  # noqa: PLC0415 — not on every system
    except ImportError:
        return
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


if __name__ == "__main__":
    limit_memory()
    sys.exit(main(*map(int, sys.argv[1:3])))
