"""The commands of the running product: set up, serve, and what an operator does at the terminal.

Each starts Django for the installation that `--data` or the environment names, and hands over to the rooms.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

from luoshi.cli.console import Console
from luoshi.cli.outcome import Exit, StopError
from luoshi.words import Words

__all__ = ["PRODUCT"]


def _start(arguments: argparse.Namespace) -> None:
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


def _setup(arguments: argparse.Namespace, console: Console) -> Exit:
    """Create or bring up to date: data folder, database, registers."""
    _start(arguments)
    _prepare(console)
    return Exit.FINE


def _serve(arguments: argparse.Namespace, console: Console) -> Exit:
    """Set up what is missing, ask for the first administrators at a terminal, and answer browsers."""
    _start(arguments)
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

    def ready() -> None:
        _say(said, console)
        if arguments.open:
            _open_in_browser(str(address))

    serve(address, workers=arguments.workers, ready=ready)
    return Exit.FINE


def _open_in_browser(url: str) -> None:
    """Open a page where there is a screen to show it on; elsewhere the address has been said."""
    if sys.platform in {"darwin", "win32"} or os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"):
        import webbrowser  # noqa: PLC0415 — only here

        webbrowser.open(url)


def _account(arguments: argparse.Namespace, console: Console) -> Exit:
    """Do what concerns accounts."""
    _start(arguments)
    _prepare(console)
    from luoshi.cli import account_commands as accounts  # noqa: PLC0415 — only this command needs it

    match arguments.subcommand:
        case "create":
            return accounts.create_administrators(console)
        case "create-all":
            from luoshi.cli.account_bulk_command import create_all  # noqa: PLC0415 — only this command needs it

            return create_all(Path(arguments.out), arguments.under, console)
        case "list":
            return accounts.list_accounts(console)
        case _:
            return _one_account(arguments, console)


def _one_account(arguments: argparse.Namespace, console: Console) -> Exit:
    """Do what concerns the account of one name."""
    from luoshi.cli import account_commands as accounts  # noqa: PLC0415 — only this command needs it

    match arguments.subcommand:
        case "reset":
            return accounts.reset_password(arguments.username, console)
        case "unlock":
            return accounts.unlock(arguments.username, console)
        case "lock":
            return accounts.lock(arguments.username, arguments.why, console)
        case _:
            return accounts.remove_second_factor(arguments.username, console)


def _org(arguments: argparse.Namespace, console: Console) -> Exit:
    """Take the organisation in, or write it out."""
    _start(arguments)
    _prepare(console)
    from luoshi.cli import org_commands as org  # noqa: PLC0415 — only this command needs it

    if arguments.subcommand == "export":
        return Exit(org.export_organisation(Path(arguments.file)))
    files = [Path(file) for file in arguments.files]
    return Exit(org.import_organisation(files, dry_run=arguments.dry_run, confirm=arguments.confirm))


def _register(arguments: argparse.Namespace, console: Console) -> Exit:
    """Check, show or list registers."""
    _start(arguments)
    from luoshi.cli import register_commands as texts  # noqa: PLC0415 — only this command needs it

    if arguments.subcommand == "check":
        return texts.check_registers([Path(file) for file in arguments.files], console)
    _prepare(console)
    if arguments.subcommand == "show":
        return texts.show_register(arguments.code, console)
    return texts.list_registers(console)


def _integrity(arguments: argparse.Namespace, console: Console) -> Exit:
    """Seal, verify, or export the record."""
    _start(arguments)
    _prepare(console)
    from luoshi.cli import integrity_commands as integrity  # noqa: PLC0415 — only this command needs it

    match arguments.command:
        case "seal":
            return integrity.seal(arguments.until, console)
        case "verify":
            return integrity.verify(arguments.number, console, evidence=not arguments.no_evidence)
        case _:
            file = Path(arguments.file)
            return integrity.export_record(
                file, console, evidence=arguments.evidence, confidential=arguments.confidential
            )


def _corrections(arguments: argparse.Namespace, console: Console) -> Exit:
    """Write out what people made of documents."""
    _start(arguments)
    _prepare(console)
    from luoshi.cli.corrections_command import export_corrections  # noqa: PLC0415 — only this command needs it

    return export_corrections(Path(arguments.out), arguments.since, console)


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
        "还没有管理员，谁也登不进来；请在终端运行 luoshi account create。",
        "There is no administrator yet, so nobody can sign in; run luoshi account create in a terminal.",
    )
    console.error(hint)


def _say(words: Words, console: Console) -> None:
    sys.stdout.write(words.in_(console.language) + "\n")
    sys.stdout.flush()


PRODUCT: Final[Mapping[str, Callable[[argparse.Namespace, Console], Exit]]] = {
    "serve": _serve,
    "setup": _setup,
    "account": _account,
    "org": _org,
    "register": _register,
    "seal": _integrity,
    "verify": _integrity,
    "export-record": _integrity,
    "export-corrections": _corrections,
}
"""The commands by name."""
