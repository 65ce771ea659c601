"""Take the organisation in from files, and write it out; the parser hands its arguments in, Django is set up before.

Both return an exit code: 0 done, 1 problems (nothing was changed), 2 a file that cannot be read or written.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from luoshi.words import Words, language_of

if TYPE_CHECKING:
    from luoshi.org.exchange import Plan

__all__ = ["export_organisation", "import_organisation"]

_LISTED = 200


def import_organisation(files: Sequence[Path], *, dry_run: bool = False, confirm: bool = False) -> int:
    """Import sheets from files: list every problem and what would change, and unless it is a dry run, apply it.

    With `confirm` the posts are in force at once; without it the security's administrator confirms them.
    """
    from django.core.exceptions import ValidationError  # noqa: PLC0415 — the command line starts without Django

    from luoshi.org.exchange import apply_tables, plan_tables, read_tables  # noqa: PLC0415 — as above
    from luoshi.org.policy import SYSTEM_ACTOR  # noqa: PLC0415 — as above
    from luoshi.reading.errors import ReadError  # noqa: PLC0415 — as above

    try:
        tables = read_tables([(path.name, path.read_bytes()) for path in files])
    except ReadError as error:
        print(error.words.in_(language_of()), file=sys.stderr)
        return 2
    except OSError as error:
        print(f"{error.filename}: {error.strerror}", file=sys.stderr)
        return 2
    plan = plan_tables(tables)
    _show(plan)
    if not plan.is_sound:
        return 1
    if dry_run:
        return 0
    try:
        apply_tables(tables, by=SYSTEM_ACTOR, digest=plan.digest, confirm=confirm)
    except ValidationError as refused:
        print(" ".join(refused.messages), file=sys.stderr)
        return 1
    return 0


def _show(plan: Plan) -> None:
    language = language_of()
    for name, new, changed, unchanged in plan.counts():
        print(
            Words(
                f"{name}：新增{new}，修改{changed}，不变{unchanged}",
                f"{name}: {new} new, {changed} changed, {unchanged} unchanged",
            ).in_(language)
        )
    for problem in plan.problems[:_LISTED]:
        row = Words(f"第{problem.row}行", f"row {problem.row}").in_(language) if problem.row else ""
        print(" ".join(filter(None, (problem.sheet, row, problem.column, problem.message))), file=sys.stderr)
    left = len(plan.problems) - _LISTED
    if left > 0:
        print(Words(f"另有{left}处问题未列出。", f"{left} more problems.").in_(language), file=sys.stderr)


def export_organisation(target: Path) -> int:
    """Write the organisation into a workbook, or only its heads where nothing stands yet."""
    from luoshi.org.exchange import write_workbook  # noqa: PLC0415 — the command line starts without Django

    try:
        with target.open("wb") as file:
            write_workbook(file)
    except OSError as error:
        print(f"{error.filename}: {error.strerror}", file=sys.stderr)
        return 2
    return 0
