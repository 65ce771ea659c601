"""Check a register's text, print the one in force, list them all; Django is set up before.

A text is checked without the database; what is in force stands in it.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from luoshi.cli.console import Console
from luoshi.cli.outcome import Exit, StopError
from luoshi.cli.stdout import print_text, screen_width
from luoshi.cli.terminal import TableColumn, draw, visible
from luoshi.words import Words

if TYPE_CHECKING:
    from luoshi.work.registers import Register

__all__ = ["check_registers", "list_registers", "show_register"]


def check_registers(files: Sequence[Path], console: Console) -> Exit:
    """Say of each file that it is right, or all that must be mended; code 4 where something must."""
    from luoshi.work.registers import check  # noqa: PLC0415 — the command line starts without Django

    outcome = Exit.FINE
    for file in files:
        register, problems = check(file)
        if register is not None:
            _say(f"{file.name}{_right(register).in_(console.language)}")
            continue
        outcome = Exit.FOUND
        for problem in problems:
            _say(problem.in_(console.language))
    return outcome


def _right(register: Register) -> Words:
    fields, steps = len(register.fields), len(register.chain)
    return Words(
        f"：没有问题（{register.title.zh}，版本{register.version}，{fields}个字段，{steps}个核查环节）。",
        f": no problems ({register.title.en}, version {register.version}, fields: {fields}, steps: {steps}).",
    )


def show_register(code: str, console: Console) -> Exit:  # noqa: ARG001 — all commands are called alike
    """Print the text in force, to be copied into the authority's folder and changed there."""
    from luoshi.work import registers  # noqa: PLC0415 — the command line starts without Django

    try:
        text = registers.current_row(code).text
    except registers.UnknownRegisterError as error:
        known = [register.code for register in registers.current_all()]
        raise StopError(
            Exit.MISUSED,
            f"没有代码为 {code} 的台账；现有：{'、'.join(known) or '无'}。",
            f"There is no register {code}; there are: {', '.join(known) or 'none'}.",
        ) from error
    print_text(visible(text) if sys.stdout.isatty() else text)
    return Exit.FINE


def list_registers(console: Console) -> Exit:
    """Print the registers in force, and what is wrong with texts that are not; code 4 where something is."""
    from luoshi.work import registers  # noqa: PLC0415 — the command line starts without Django

    language = console.language
    kinds = registers.current_all()
    columns = [
        TableColumn(Words("代码", "Code").in_(language), [kind.code for kind in kinds], 8),
        TableColumn(Words("名称", "Name").in_(language), [kind.title.in_(language) for kind in kinds], 10),
        TableColumn(Words("版本", "Version").in_(language), [str(kind.version) for kind in kinds], 7),
        TableColumn(Words("编号", "Number").in_(language), [kind.number for kind in kinds], 12),
        TableColumn(Words("核查", "Verified by").in_(language), [_chain(kind, console) for kind in kinds], 12),
    ]
    width = screen_width()
    if width is not None and kinds:
        lines = list(draw(columns, width))
    else:
        lines = ["\t".join(column.title for column in columns)]
        lines += ["\t".join(cells) for cells in zip(*(column.cells for column in columns), strict=True)]
    _say(*lines)
    problems = registers.problems()
    for problem in problems:
        console.error(Words(problem.in_("zh"), problem.in_("en")))
    return Exit.FOUND if problems else Exit.FINE


def _chain(register: Register, console: Console) -> str:
    return " → ".join(step.words.in_(console.language) for step in register.chain)


def _say(*lines: str) -> None:
    text = "".join(f"{line}\n" for line in lines)
    print_text(visible(text) if sys.stdout.isatty() else text)
