"""The commands of the running product: set up, serve, and what an operator does at the terminal.

Each starts Django for the installation that `--data` or the environment names, and hands over to the rooms.
"""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

from luoshi.cli.console import Console
from luoshi.cli.outcome import Exit, StopError
from luoshi.words import Words

__all__ = ["serve", "setup", "start"]


def start(arguments: argparse.Namespace) -> None:
    """Load the settings of the chosen installation; StopError where its folder or database cannot be used."""
    from luoshi.web.installation import SettingError  # noqa: PLC0415 — only the product needs it
    from luoshi.web.server import start_django  # noqa: PLC0415

    try:
        start_django(Path(arguments.data).expanduser().absolute() if arguments.data else None)
    except SettingError as error:
        raise StopError(Exit.MISUSED, str(error), str(error)) from error
    except OSError as error:
        where = arguments.data or os.environ.get("LUOSHI_DATA") or "~/.local/share/luoshi"
        raise StopError(
            Exit.UNWRITABLE,
            f"数据文件夹 {where} 用不了（{error.strerror}）；请用 --data 另指一个可写的文件夹。",
            f"The data folder {where} cannot be used ({error.strerror}); name a writable one with --data.",
        ) from error


def setup(arguments: argparse.Namespace, console: Console) -> Exit:
    """Create or bring up to date: data folder, database, registers."""
    start(arguments)
    _prepare(console)
    return Exit.FINE


def serve(arguments: argparse.Namespace, console: Console) -> Exit:
    """Set up what is missing, ask for the first administrators at a terminal, and answer browsers."""
    start(arguments)
    _prepare(console)
    from luoshi.web.server import Address, serve  # noqa: PLC0415 — only this command needs it

    address = Address(arguments.host, arguments.port)
    if not address.is_free():
        raise StopError(
            Exit.UNWRITABLE,
            f"{address.host}:{address.port} 已被占用；请用 --port 换一个端口。",
            f"{address.host}:{address.port} is taken; choose another port with --port.",
        )
    _first_administrators(console)
    said = Words(f"落实已启动：{address}（按 Ctrl-C 停止）", f"Luoshi is up at {address} (Ctrl-C stops it)")
    serve(address, workers=arguments.workers, ready=lambda: _say(said, console))
    return Exit.FINE


def _prepare(console: Console) -> None:
    from django.db import OperationalError  # noqa: PLC0415 — only the product needs it

    from luoshi.web.server import prepare  # noqa: PLC0415

    try:
        steps = prepare()
    except OperationalError as error:
        raise StopError(
            Exit.UNWRITABLE,
            f"数据库打不开或写不进：{error}；请检查磁盘空间、权限和 LUOSHI_DATABASE_URL。",
            f"The database cannot be opened or written: {error}; check disk space, rights and LUOSHI_DATABASE_URL.",
        ) from error
    if steps:
        done = Words(f"数据库已更新（{len(steps)} 步）", f"The database was brought up to date ({len(steps)} steps)")
        _say(done, console)


def _first_administrators(console: Console) -> None:
    from luoshi.org import first_start  # noqa: PLC0415 — only this command needs it

    if first_start.done():
        return
    if sys.stdin.isatty() and sys.stdout.isatty():
        first_start.ask(console.language)
        return
    hint = Words(
        "还没有管理员，谁也登不进来；请在终端运行 luoshi admin create。",
        "There is no administrator yet, so nobody can sign in; run luoshi admin create in a terminal.",
    )
    console.error(hint)


def _say(words: Words, console: Console) -> None:
    sys.stdout.write(words.in_(console.language) + "\n")
    sys.stdout.flush()
