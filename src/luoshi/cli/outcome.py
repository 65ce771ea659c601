"""How a command ends: the exit codes, and the error that carries one with its sentence."""

from __future__ import annotations

from enum import IntEnum

from luoshi.words import Words

__all__ = ["Exit", "StopError"]


class Exit(IntEnum):
    """What the shell is told. A traceback with code 1 is a fault of Luoshi itself."""

    FINE = 0
    UNREADABLE = 1
    MISUSED = 2
    UNWRITABLE = 3
    FOUND = 4
    INTERRUPTED = 130
    PIPE_CLOSED = 141

    @property
    def words(self) -> Words:
        """What the code means."""
        return _MEANING[self]


_MEANING = {
    Exit.FINE: Words("一切正常", "all went well"),
    Exit.UNREADABLE: Words(
        "有文件读不了（其余文件照常处理）", "some file could not be read (the others were done all the same)"
    ),
    Exit.MISUSED: Words("命令用法不对，什么也没有做", "the command was used wrongly; nothing was done"),
    Exit.UNWRITABLE: Words(
        "结果写不出去（原有文件没有动）", "a result could not be written (the old file is untouched)"
    ),
    Exit.FOUND: Words("核对发现问题（已逐条列出）", "what was checked has faults (all are listed)"),
    Exit.INTERRUPTED: Words("被 Ctrl-C 中断", "interrupted by Ctrl-C"),
    Exit.PIPE_CLOSED: Words("接收输出的程序先退出了", "the program that took the output left early"),
}


class StopError(Exception):
    """Ends the whole command with an exit code and one sentence that says what to do."""

    def __init__(self, exit_: Exit, zh: str, en: str) -> None:
        super().__init__(zh, en)
        self.exit = exit_
        self.words = Words(zh, en)
