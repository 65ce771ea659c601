"""The grammar of the command line, with its help in both languages."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from functools import partial
from typing import Any, Final, NoReturn

from luoshi.cli.argparse_words import COMMANDS, OPTIONS
from luoshi.cli.grammar import LANGUAGES, Formatter, Parser, add_common, add_help, add_language, command, day
from luoshi.cli.outcome import Exit
from luoshi.cli.product_parser import add_product
from luoshi.words import Language, Words, language_of

__all__ = ["DRAFT_FORMATS", "READ_FORMATS", "build_parser", "chosen_language"]

READ_FORMATS: Final = ("text", "outline", "json")
DRAFT_FORMATS: Final = ("table", "json", "xlsx", "docx")


_ABOUT = Words(
    "把部署变成落实：从讲话和公文中拟出任务分解表（每项附原文），并交办、跟踪、佐证、核查、销号。不联网。",
    "From what is decided to what is done: draft the task table of Chinese official documents, each row with the very "
    "words it came from, and see the work assigned, evidenced, verified and closed. Offline.",
)
_EXAMPLES = Words("例：", "Examples:")
_EXAMPLE_LINES: Final = (
    "  luoshi draft 讲话.docx -o 任务分解表.xlsx",
    "  luoshi draft 讲话.docx 通知.pdf --format json",
    "  luoshi explain 讲话.docx --task 3",
    "  luoshi serve",
)
_VERSION = Words("显示版本", "show the version")
_FILES = Words(
    "要读的文件：txt md html mhtml docx xlsx csv pdf ofd doc wps png jpg；- 表示标准输入",
    "files to read: txt md html mhtml docx xlsx csv pdf ofd doc wps png jpg; - is standard input",
)
_DATE = Words(
    "时限从哪天算起，如 2026-03-06；不写就从文中或文件里找",
    "the day that times count from, such as 2026-03-06; without it the document's own date is looked for",
)
_UNITS = Words(
    "本单位名录（csv 或 xlsx，有 code name short duties 几列），用来对上单位代码",
    "your directory of units (csv or xlsx with the columns code, name, short, duties) to match named bodies with",
)


def chosen_language(arguments: Sequence[str]) -> Language:
    """Return the language asked for with `--language`, which the help itself must know before anything is parsed."""
    for index, argument in enumerate(arguments):
        value = arguments[index + 1] if argument == "--language" and index + 1 < len(arguments) else argument
        value = value.removeprefix("--language=")
        if argument.startswith("--language") and value in LANGUAGES:
            return "zh" if value == "zh" else "en"
        if argument == "--":
            break
    return language_of()


def build_parser(language: Language) -> argparse.ArgumentParser:
    """Return the parser of the whole command line; it says everything in `language`."""
    kind: type[Parser] = type("Parser", (Parser,), {"language": language})
    parser = kind(
        prog="luoshi",
        description=_ABOUT.in_(language),
        epilog=_epilog(language),
        formatter_class=partial(Formatter, language=language),
        add_help=False,
        allow_abbrev=False,
    )
    commands = parser.add_subparsers(
        dest="command", metavar="COMMAND", parser_class=kind, title=COMMANDS.in_(language), prog="luoshi"
    )
    _add_read(commands, language)
    _add_draft(commands, language)
    _add_explain(commands, language)
    add_product(commands, language)
    options = parser.add_argument_group(OPTIONS.in_(language))
    options.add_argument("--version", action=_Version, nargs=0, help=_VERSION.in_(language))
    add_language(options, language)
    add_help(options, language)
    return parser


def _add_read(commands: Any, language: Language) -> None:
    about = Words("读文件，输出文字、提纲或全部结构", "read files; print their text, outline or whole structure")
    what, options = command(commands, "read", about, language)
    what.add_argument("files", nargs="+", metavar="FILE", help=_FILES.in_(language))
    formats = Words(
        "text 原文（偏移量以它为准）、outline 提纲、json 全部结构；默认 text",
        "text: the original text, whose characters all offsets count; outline; json: all that was read (default: text)",
    )
    options.add_argument("--format", choices=READ_FORMATS, default="text", help=formats.in_(language))
    add_common(options, language)


def _add_draft(commands: Any, language: Language) -> None:
    about = Words("从文件拟出任务分解表", "draft the task table of files")
    what, options = command(commands, "draft", about, language)
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
    add_common(options, language)


def _add_explain(commands: Any, language: Language) -> None:
    about = Words("说明一项任务的每一栏是怎么来的", "tell why a task and each of its fields were read so")
    what, options = command(commands, "explain", about, language)
    what.add_argument("file", metavar="FILE", help=_FILES.in_(language))
    number = Words("任务分解表里的序号", "the number of the task in the table")
    options.add_argument("--task", type=_positive(language), required=True, metavar="N", help=number.in_(language))
    _add_drafting(options, language)
    add_common(options, language)


def _add_drafting(options: Any, language: Language) -> None:
    options.add_argument("--date", type=day(language), metavar="DATE", help=_DATE.in_(language))
    options.add_argument("--units", metavar="CSV", help=_UNITS.in_(language))


class _Version(argparse.Action):
    """Prints the version, which is looked up only when somebody asks."""

    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> NoReturn:
        from importlib.metadata import version  # noqa: PLC0415 — slow, and not every run needs it

        sys.stdout.write(f"luoshi {version('luoshi')}\n")
        parser.exit()


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
