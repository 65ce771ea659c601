"""From the words on the command line to an exit code."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence

from luoshi.cli.console import Console
from luoshi.cli.outcome import Exit, StopError
from luoshi.cli.parser import build_parser, chosen_language
from luoshi.cli.stdout import prepare
from luoshi.cli.system_errors import reason
from luoshi.words import Words

__all__ = ["main"]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code; `arguments` are those of the process unless given."""
    arguments = sys.argv[1:] if arguments is None else arguments
    prepare()
    language = chosen_language(arguments)
    parser = build_parser(language)
    try:
        if not arguments:
            parser.print_help(sys.stderr)
            return int(Exit.MISUSED)
        parsed = parser.parse_args(arguments)
        if parsed.command is None:
            parser.error(Words("还缺少：命令", "a command is missing").in_(language))
        return int(_run(parsed, Console(language, verbose=parsed.verbose)))
    except BrokenPipeError:
        _leave_quietly()
        return int(Exit.PIPE_CLOSED)


def _run(parsed: argparse.Namespace, console: Console) -> Exit:
    from luoshi.cli.commands import COMMANDS  # noqa: PLC0415 — help and errors of usage need no command

    try:
        outcome = COMMANDS[parsed.command](parsed, console)
        sys.stdout.flush()
    except StopError as error:
        console.error(error.words)
        return error.exit
    except KeyboardInterrupt:
        console.error(Words("已中断", "interrupted"))
        return Exit.INTERRUPTED
    except BrokenPipeError:
        raise
    except OSError as error:
        _leave_quietly()
        why = reason(error)
        console.error(Words(f"写不到标准输出：{why.zh}。", f"Cannot write to standard output: {why.en}."))
        return Exit.UNWRITABLE
    return outcome


def _leave_quietly() -> None:
    """Point standard output at nothing, so that Python's own flush on leaving does not complain a second time."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
