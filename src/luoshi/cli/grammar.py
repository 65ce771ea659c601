"""What the grammar of every command is made of: help in Chinese or English, errors in one sentence, common options."""

from __future__ import annotations

import argparse
import datetime as dt
import re
import sys
from functools import partial
from typing import Any, Final, NoReturn

from luoshi.cli.argparse_words import OPTIONS, POSITIONALS, USAGE, say_error
from luoshi.cli.outcome import Exit
from luoshi.cli.terminal import wrap
from luoshi.words import Language, Words

__all__ = ["LANGUAGES", "Formatter", "Parser", "add_common", "add_help", "add_language", "command", "day"]

LANGUAGES: Final = ("zh", "en")

_DAY = re.compile(r"(\d{4})(?:-|/|\.|年)(\d{1,2})(?:-|/|\.|月)(\d{1,2})日?")
_HELP = Words("显示这段帮助", "show this help")
_VERBOSE = Words(
    "在标准错误上说明读了什么、修了什么、时限从哪天算起、用时多少",
    "tell on standard error what was read and mended, which day times count from, and how long it took",
)
_LANGUAGE = Words(
    "说中文还是英文（平时看 LUOSHI_LANGUAGE 和系统区域设置）",
    "speak Chinese or English (else as LUOSHI_LANGUAGE or the locale say)",
)


class Formatter(argparse.HelpFormatter):
    """Help that knows how wide Chinese is, and keeps the line breaks of what stands around the options."""

    def __init__(self, prog: str, language: Language = "zh") -> None:
        super().__init__(prog)
        self._usage = USAGE.in_(language)

    def add_usage(self, usage: str | None, actions: Any, groups: Any, prefix: str | None = None) -> None:
        """Begin the line of usage in the reader's language."""
        super().add_usage(usage, actions, groups, self._usage if prefix is None else prefix)

    def add_argument(self, action: argparse.Action) -> None:
        """Leave room for the names of commands, whose further indent argparse forgets to count."""
        super().add_argument(action)
        for inner in self._iter_indented_subactions(action):
            width = len(self._format_action_invocation(inner)) + self._current_indent
            self._action_max_length = max(self._action_max_length, width)

    def _split_lines(self, text: str, width: int) -> list[str]:
        return wrap(text, width)

    def _fill_text(self, text: str, width: int, indent: str) -> str:
        return "\n".join(indent + line for line in wrap(text, width - len(indent)))


class Parser(argparse.ArgumentParser):
    """A parser that says its errors in one sentence, in the reader's language."""

    language: Language = "zh"

    def error(self, message: str) -> NoReturn:
        """Say what is wrong and where the help is, and end with the code for wrong use."""
        said = say_error(message, self.language)
        hint = Words(f"{said}。用法见 {self.prog} --help。", f"{said}; see {self.prog} --help.")
        sys.stderr.write(f"luoshi: {hint.in_(self.language)}\n")
        raise SystemExit(int(Exit.MISUSED))


def command(commands: Any, name: str, about: Words, language: Language) -> tuple[Any, Any]:
    """Add a command and return its groups for what it works on and for its options."""
    text = about.in_(language)
    formatter = partial(Formatter, language=language)
    parser = commands.add_parser(
        name, help=text, description=text, formatter_class=formatter, add_help=False, allow_abbrev=False
    )
    return parser.add_argument_group(POSITIONALS.in_(language)), parser.add_argument_group(OPTIONS.in_(language))


def add_common(options: Any, language: Language) -> None:
    """Add what every command understands."""
    options.add_argument("-v", "--verbose", action="store_true", help=_VERBOSE.in_(language))
    add_language(options, language)
    add_help(options, language)


def add_language(options: Any, language: Language) -> None:
    """Let the option stand anywhere; `chosen_language` has found it before anything is parsed."""
    options.add_argument("--language", choices=LANGUAGES, help=_LANGUAGE.in_(language))


def add_help(options: Any, language: Language) -> None:
    """Add the help, which argparse would say in English."""
    options.add_argument("-h", "--help", action="help", help=_HELP.in_(language))


def day(language: Language) -> Any:
    """Return what reads a day from the command line, and says in `language` where it cannot."""

    def parse(text: str) -> dt.date:
        match = _DAY.fullmatch(text.strip())
        try:
            if match:
                return dt.date(int(match[1]), int(match[2]), int(match[3]))
        except ValueError:
            pass  # a 30 February is as wrong as a word
        wrong = Words(f"看不懂日期 {text}，请写成 2026-03-06 的样子", f"{text} is no date; write it like 2026-03-06")
        raise argparse.ArgumentTypeError(wrong.in_(language))

    return parse
