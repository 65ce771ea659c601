"""The grammar of the command line, with its help in both languages."""

from __future__ import annotations

import argparse
import datetime as dt
import re
import sys
from collections.abc import Sequence
from functools import partial
from typing import Any, Final, NoReturn

from luoshi.cli.argparse_words import OPTIONS, POSITIONALS, USAGE, say_error
from luoshi.cli.outcome import Exit
from luoshi.cli.terminal import wrap
from luoshi.words import Language, Words, language_of

__all__ = ["DRAFT_FORMATS", "READ_FORMATS", "build_parser", "chosen_language"]

READ_FORMATS: Final = ("text", "outline", "json")
DRAFT_FORMATS: Final = ("table", "json", "xlsx", "docx")

_LANGUAGES: Final = ("zh", "en")
_DAY = re.compile(r"(\d{4})(?:-|/|\.|年)(\d{1,2})(?:-|/|\.|月)(\d{1,2})日?")

_ABOUT = Words(
    "从中文公文和讲话中拟出任务分解表：每项任务是什么、谁牵头、谁配合、何时完成、做到多少，并附原文。不联网。",
    "Draft the task table of a Chinese official document: what is to be done, who leads, who supports, by when, how "
    "much, each with the very words it came from. Offline.",
)
_EXAMPLES = Words("例：", "Examples:")
_EXAMPLE_LINES: Final = (
    "  luoshi draft 讲话.docx -o 任务分解表.xlsx",
    "  luoshi draft 讲话.docx 通知.pdf --format json",
    "  luoshi explain 讲话.docx --task 3",
)
_COMMANDS = Words("命令", "Commands")
_VERSION = Words("显示版本", "show the version")
_HELP = Words("显示这段帮助", "show this help")
_FILES = Words(
    "要读的文件：txt md html mhtml docx xlsx csv pdf ofd doc wps png jpg；- 表示标准输入",
    "files to read: txt md html mhtml docx xlsx csv pdf ofd doc wps png jpg; - is standard input",
)
_VERBOSE = Words(
    "在标准错误上说明读了什么、修了什么、时限从哪天算起、用时多少",
    "tell on standard error what was read and mended, which day times count from, and how long it took",
)
_LANGUAGE = Words(
    "说中文还是英文（平时看 LUOSHI_LANGUAGE 和系统区域设置）",
    "speak Chinese or English (else as LUOSHI_LANGUAGE or the locale say)",
)
_DATE = Words(
    "时限从哪天算起，如 2026-03-06；不写就从文中或文件里找",
    "the day that times count from, such as 2026-03-06; without it the document's own date is looked for",
)
_UNITS = Words(
    "本单位名录（csv 或 xlsx，有 code name short duties 几列），用来对上单位代码",
    "your directory of units (csv or xlsx with the columns code, name, short, duties) to match named bodies with",
)


class _Formatter(argparse.HelpFormatter):
    """Help that knows how wide Chinese is, and keeps the line breaks of what stands around the options."""

    def __init__(self, prog: str, language: Language = "zh") -> None:
        super().__init__(prog)
        self._usage = USAGE.in_(language)

    def add_usage(self, usage: str | None, actions: Any, groups: Any, prefix: str | None = None) -> None:
        """Begin the line of usage in the reader's language."""
        super().add_usage(usage, actions, groups, self._usage if prefix is None else prefix)

    def _split_lines(self, text: str, width: int) -> list[str]:
        return wrap(text, width)

    def _fill_text(self, text: str, width: int, indent: str) -> str:
        return "\n".join(indent + line for line in wrap(text, width - len(indent)))


class _Parser(argparse.ArgumentParser):
    """A parser that says its errors in one sentence, in the reader's language."""

    language: Language = "zh"

    def error(self, message: str) -> NoReturn:
        """Say what is wrong and where the help is, and end with the code for wrong use."""
        said = say_error(message, self.language)
        hint = Words(f"{said}。用法见 {self.prog} --help。", f"{said}; see {self.prog} --help.")
        sys.stderr.write(f"luoshi: {hint.in_(self.language)}\n")
        raise SystemExit(int(Exit.MISUSED))


def chosen_language(arguments: Sequence[str]) -> Language:
    """Return the language asked for with `--language`, which the help itself must know before anything is parsed."""
    for index, argument in enumerate(arguments):
        value = arguments[index + 1] if argument == "--language" and index + 1 < len(arguments) else argument
        value = value.removeprefix("--language=")
        if argument.startswith("--language") and value in _LANGUAGES:
            return "zh" if value == "zh" else "en"
        if argument == "--":
            break
    return language_of()


def build_parser(language: Language) -> argparse.ArgumentParser:
    """Return the parser of the whole command line; it says everything in `language`."""
    kind: type[_Parser] = type("_Parser", (_Parser,), {"language": language})
    parser = kind(
        prog="luoshi",
        description=_ABOUT.in_(language),
        epilog=_epilog(language),
        formatter_class=partial(_Formatter, language=language),
        add_help=False,
        allow_abbrev=False,
    )
    commands = parser.add_subparsers(
        dest="command", metavar="COMMAND", parser_class=kind, title=_COMMANDS.in_(language), prog="luoshi"
    )
    _add_read(commands, language)
    _add_draft(commands, language)
    _add_explain(commands, language)
    options = parser.add_argument_group(OPTIONS.in_(language))
    options.add_argument("--version", action=_Version, nargs=0, help=_VERSION.in_(language))
    _add_language(options, language)
    _add_help(options, language)
    return parser


def _add_read(commands: Any, language: Language) -> None:
    about = Words("读文件，输出文字、提纲或全部结构", "read files; print their text, outline or whole structure")
    what, options = _command(commands, "read", about, language)
    what.add_argument("files", nargs="+", metavar="FILE", help=_FILES.in_(language))
    formats = Words(
        "text 原文（偏移量以它为准）、outline 提纲、json 全部结构；默认 text",
        "text: the original text, whose characters all offsets count; outline; json: all that was read (default: text)",
    )
    options.add_argument("--format", choices=READ_FORMATS, default="text", help=formats.in_(language))
    _add_common(options, language)


def _add_draft(commands: Any, language: Language) -> None:
    about = Words("从文件拟出任务分解表", "draft the task table of files")
    what, options = _command(commands, "draft", about, language)
    what.add_argument("files", nargs="+", metavar="FILE", help=_FILES.in_(language))
    formats = Words(
        "table 表格（默认）、json、xlsx、docx；不写时看 -o 的扩展名",
        "table (the default), json, xlsx or docx; when not given, the extension of -o decides",
    )
    options.add_argument("--format", choices=DRAFT_FORMATS, help=formats.in_(language))
    output = Words(
        "写到哪里：文件（.xlsx .docx .json .txt）或文件夹；有几个文件时，文件夹里各出一份，.json 则合成一个列表",
        "where to: a file (.xlsx .docx .json .txt) or a folder; of several files a folder gets one result each, a "
        ".json one list",
    )
    options.add_argument("-o", "--output", metavar="OUT", help=output.in_(language))
    _add_drafting(options, language)
    _add_common(options, language)


def _add_explain(commands: Any, language: Language) -> None:
    about = Words("说明一项任务的每一栏是怎么来的", "tell why a task and each of its fields were read so")
    what, options = _command(commands, "explain", about, language)
    what.add_argument("file", metavar="FILE", help=_FILES.in_(language))
    number = Words("任务分解表里的序号", "the number of the task in the table")
    options.add_argument("--task", type=_positive(language), required=True, metavar="N", help=number.in_(language))
    _add_drafting(options, language)
    _add_common(options, language)


def _command(commands: Any, name: str, about: Words, language: Language) -> tuple[Any, Any]:
    """Add a command and return its groups for what it works on and for its options."""
    text = about.in_(language)
    formatter = partial(_Formatter, language=language)
    parser = commands.add_parser(
        name, help=text, description=text, formatter_class=formatter, add_help=False, allow_abbrev=False
    )
    return parser.add_argument_group(POSITIONALS.in_(language)), parser.add_argument_group(OPTIONS.in_(language))


def _add_drafting(options: Any, language: Language) -> None:
    options.add_argument("--date", type=_day(language), metavar="DATE", help=_DATE.in_(language))
    options.add_argument("--units", metavar="CSV", help=_UNITS.in_(language))


def _add_common(options: Any, language: Language) -> None:
    options.add_argument("-v", "--verbose", action="store_true", help=_VERBOSE.in_(language))
    _add_language(options, language)
    _add_help(options, language)


def _add_language(options: Any, language: Language) -> None:
    """Let the option stand anywhere; :func:`chosen_language` has found it before anything is parsed."""
    options.add_argument("--language", choices=_LANGUAGES, help=_LANGUAGE.in_(language))


def _add_help(options: Any, language: Language) -> None:
    options.add_argument("-h", "--help", action="help", help=_HELP.in_(language))


class _Version(argparse.Action):
    """Prints the version, which is looked up only when somebody asks."""

    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> NoReturn:
        from importlib.metadata import version  # noqa: PLC0415 — slow, and not every run needs it

        sys.stdout.write(f"luoshi {version('luoshi')}\n")
        parser.exit()


def _day(language: Language) -> Any:
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


def _positive(language: Language) -> Any:
    def parse(text: str) -> int:
        if text.isascii() and text.isdigit() and 0 < len(text) < 10 and int(text) > 0:
            return int(text)
        wrong = Words(f"要一个正整数，不能是 {text}", f"{text} is no whole number above 0")
        raise argparse.ArgumentTypeError(wrong.in_(language))

    return parse


def _epilog(language: Language) -> str:
    codes = Words("退出码：", "Exit codes:").in_(language)
    lines = [f"  {code.value:<4}{code.words.in_(language)}" for code in Exit]
    return "\n".join([_EXAMPLES.in_(language), *_EXAMPLE_LINES, "", codes, *lines])
