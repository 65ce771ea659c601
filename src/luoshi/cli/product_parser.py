"""The grammar of the commands of the running product."""

from __future__ import annotations

import argparse
from functools import partial
from typing import Any, Final

from luoshi.cli.argparse_words import COMMANDS, OPTIONS
from luoshi.cli.grammar import Formatter, add_common, add_help, command, day
from luoshi.words import Language, Words

__all__ = ["add_product"]

_DATA: Final = Words(
    "数据文件夹（平时看 LUOSHI_DATA，再不然是 ~/.local/share/luoshi）",
    "the data folder (else as LUOSHI_DATA says, else ~/.local/share/luoshi)",
)
_USERNAME: Final = Words("用户名", "user name")


def add_product(commands: Any, language: Language) -> None:
    """Add every command that works on an installation."""
    _add_serve(commands, language)
    _plain(commands, "setup", Words("建好或更新数据文件夹、数据库和台账", "create or update the data folder"), language)
    _add_account(_group(commands, "account", Words("管理员和账号", "administrators and accounts"), language), language)
    _add_org(_group(commands, "org", Words("单位人员的导入导出", "units and people, in and out"), language), language)
    _add_register(_group(commands, "register", Words("台账的文本", "the texts of registers"), language), language)
    _add_integrity(commands, language)
    _add_corrections(commands, language)


def _plain(commands: Any, name: str, about: Words, language: Language) -> tuple[Any, Any]:
    what, options = command(commands, name, about, language)
    options.add_argument("--data", metavar="DIR", help=_DATA.in_(language))
    add_common(options, language)
    return what, options


def _group(commands: Any, name: str, about: Words, language: Language) -> Any:
    """Add a command that only holds others, and return what they are added to."""
    text = about.in_(language)
    parser: argparse.ArgumentParser = commands.add_parser(
        name,
        help=text,
        description=text,
        formatter_class=partial(Formatter, language=language),
        add_help=False,
        allow_abbrev=False,
    )
    inner = parser.add_subparsers(
        dest="subcommand",
        metavar="COMMAND",
        required=True,
        title=COMMANDS.in_(language),
        prog=f"luoshi {name}",
        parser_class=type(parser),
    )
    add_help(parser.add_argument_group(OPTIONS.in_(language)), language)
    return inner


def _add_serve(commands: Any, language: Language) -> None:
    about = Words("启动服务：建好缺的，然后用浏览器打开", "set up what is missing and serve browsers")
    _what, options = _plain(commands, "serve", about, language)
    host = Words("在哪个地址上听（默认只有本机）", "the address to listen on (default: this machine only)")
    options.add_argument("--host", default="127.0.0.1", help=host.in_(language))
    options.add_argument("--port", type=int, default=8000, help=Words("端口", "the port").in_(language))
    opened = Words("启动后用浏览器打开", "open it in a browser once it is up")
    options.add_argument("--open", action="store_true", help=opened.in_(language))
    workers = Words("进程数；SQLite 用 1，PostgreSQL 可以更多", "processes: 1 with SQLite, more with PostgreSQL")
    options.add_argument("--workers", type=int, default=1, help=workers.in_(language))


def _add_account(commands: Any, language: Language) -> None:
    first = Words("在终端建立最初的三名管理员", "make the first three administrators at the terminal")
    _plain(commands, "create", first, language)
    every = Words("给任职已确认、还没有账号的人都建账号", "make an account for everybody with a post and none")
    _what, options = _plain(commands, "create-all", every, language)
    out = Words(
        "名单和一次性密码写到哪个新文件（xlsx，含密码，用完销毁）",
        "the new xlsx file for names and one-time passwords; destroy it once they are handed out",
    )
    options.add_argument("--out", required=True, metavar="FILE", help=out.in_(language))
    under = Words("只给这个单位（代码）及其下属单位的人建", "only people of this unit (its code) and those below it")
    options.add_argument("--under", default="", metavar="CODE", help=under.in_(language))
    _plain(commands, "list", Words("列出账号", "list accounts"), language)
    for name, about in (
        ("reset", Words("给账号换一个一次性密码", "give an account a one-time password")),
        ("unlock", Words("让账号重新可以登录", "let an account sign in again")),
        ("no-totp", Words("关掉账号的两步验证", "take an account's second factor away")),
    ):
        what, _options = _plain(commands, name, about, language)
        what.add_argument("username", metavar="NAME", help=_USERNAME.in_(language))
    what, options = _plain(commands, "lock", Words("不让账号登录", "let nobody sign in with an account"), language)
    what.add_argument("username", metavar="NAME", help=_USERNAME.in_(language))
    why = Words("为什么，写进记录", "why, for the records")
    options.add_argument("--why", required=True, metavar="TEXT", help=why.in_(language))


def _add_org(commands: Any, language: Language) -> None:
    about = Words(
        "从 xlsx 或 csv 导入单位、人员、任职和单位组", "take units, people, posts and groups in from xlsx or csv"
    )
    what, options = _plain(commands, "import", about, language)
    files = Words("xlsx，或每张表一个 csv", "an xlsx file, or one csv file a sheet")
    what.add_argument("files", nargs="+", metavar="FILE", help=files.in_(language))
    dry = Words("只说会改什么、哪里有问题，不改动", "only tell what would change and what is wrong")
    options.add_argument("--dry-run", action="store_true", help=dry.in_(language))
    confirm = Words("任职立即生效，不等安全管理员确认", "put the posts in force at once")
    options.add_argument("--confirm", action="store_true", help=confirm.in_(language))
    what, _options = _plain(
        commands, "export", Words("把单位人员写进 xlsx", "write units and people to xlsx"), language
    )
    what.add_argument("file", metavar="FILE", help=Words("写到哪个文件", "the file to write").in_(language))


def _add_register(commands: Any, language: Language) -> None:
    about = Words("检查台账文件，逐行说明问题", "check register files, line by line")
    what, _options = _plain(commands, "check", about, language)
    what.add_argument(
        "files", nargs="+", metavar="FILE", help=Words("台账文件（toml）", "register files").in_(language)
    )
    what, _options = _plain(commands, "show", Words("输出现行文本", "print the text in force"), language)
    what.add_argument("code", metavar="CODE", help=Words("台账代码，如 task", "its code, such as task").in_(language))
    _plain(commands, "list", Words("列出现行台账", "list the registers in force"), language)


def _add_integrity(commands: Any, language: Language) -> None:
    """Add what proves that nothing was touched."""
    about = Words("封存到某一天（默认昨天）的事件和记录", "seal the events and records of days gone by")
    _what, options = _plain(commands, "seal", about, language)
    until = Words("封存到哪一天", "the last day to seal (default: yesterday)")
    options.add_argument("--until", type=day(language), metavar="DATE", help=until.in_(language))
    about = Words("核对所存的一切，指出哪里被动过", "check everything stored, and say where something was touched")
    what, options = _plain(commands, "verify", about, language)
    number = Words("只核对一个事项（编号）", "one matter only (its number)")
    what.add_argument("number", nargs="?", default="", metavar="NUMBER", help=number.in_(language))
    files = Words("不逐个读佐证材料", "do not read the evidence files")
    options.add_argument("--no-evidence", action="store_true", help=files.in_(language))
    about = Words("把记录写进 zip，供审计独立核对", "write the record to a zip that an auditor can check")
    what, options = _plain(commands, "export-record", about, language)
    what.add_argument("file", metavar="FILE", help=Words("写到哪个文件", "the file to write").in_(language))
    with_files = Words("连同佐证材料", "with the evidence files")
    options.add_argument("--evidence", action="store_true", help=with_files.in_(language))
    secret = Words("连同保密台账", "with confidential registers")
    options.add_argument("--confidential", action="store_true", help=secret.in_(language))


def _add_corrections(commands: Any, language: Language) -> None:
    about = Words(
        "把核对过的部署文件连同改正写成训练语料", "write reviewed documents with their corrections as a labelled corpus"
    )
    _what, options = _plain(commands, "export-corrections", about, language)
    out = Words("写到哪个新文件夹（里面是内部文件的全文）", "the new folder; it will hold whole internal documents")
    options.add_argument("--out", required=True, metavar="FOLDER", help=out.in_(language))
    since = Words("只要这一天起确认的", "only those confirmed on this day or later")
    options.add_argument("--since", type=day(language), metavar="DATE", help=since.in_(language))
