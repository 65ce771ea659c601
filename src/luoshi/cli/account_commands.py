"""Accounts at the server's command line: what no administrator may do to another's account from the pages.

Whoever can run these can read the whole data folder anyway. Each act stands in the record as the system's. Django is
set up before any of them is called. They return the exit code; :class:`StopError` says what stopped them.
"""

from __future__ import annotations

import sys
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Any

from luoshi.cli.console import Console
from luoshi.cli.outcome import Exit, StopError
from luoshi.words import Words

if TYPE_CHECKING:
    from luoshi.accounts.models import Account

__all__ = ["create_administrators", "list_accounts", "lock", "remove_second_factor", "reset_password", "unlock"]


def create_administrators(console: Console) -> Exit:
    """Ask at the terminal for the first three administrators and make them."""
    from luoshi.org import first_start  # noqa: PLC0415 — the command line starts without Django

    if first_start.done():
        raise StopError(
            Exit.MISUSED,
            "已经有管理员了；增加管理员请由系统管理员提出、安全管理员确认。",
            "There are administrators already; further ones are proposed and confirmed on the pages.",
        )
    if not sys.stdin.isatty():
        raise StopError(Exit.MISUSED, "请在终端里运行这个命令。", "Run this command in a terminal.")
    return Exit.FINE if first_start.ask(console.language) else Exit.INTERRUPTED


def reset_password(username: str, console: Console) -> Exit:
    """Give an account a one-time password and print it, once; lift its lock-outs and end its sessions."""
    from luoshi.org.account_actions import reset_password as reset  # noqa: PLC0415 — as above
    from luoshi.org.policy import SYSTEM_ACTOR  # noqa: PLC0415 — as above

    once = reset(_account(username), by=SYSTEM_ACTOR)
    _say(Words(f"一次性密码（登录后要改）：{once}", f"one-time password, to be changed at sign-in: {once}"), console)
    return Exit.FINE


def lock(username: str, why: str, console: Console) -> Exit:
    """Let nobody sign in with an account."""
    from django.core.exceptions import ValidationError  # noqa: PLC0415 — as above

    from luoshi.org.account_actions import lock_account  # noqa: PLC0415 — as above
    from luoshi.org.policy import SYSTEM_ACTOR  # noqa: PLC0415 — as above

    try:
        lock_account(_account(username), by=SYSTEM_ACTOR, why=why)
    except ValidationError as refused:
        raise StopError(Exit.MISUSED, "请写明缘由。", "Say why.") from refused
    _say(Words("账号已停用。", "The account is locked."), console)
    return Exit.FINE


def unlock(username: str, console: Console) -> Exit:
    """Let the holder of an account sign in again, also where failures have locked them out."""
    from luoshi.org import account_actions  # noqa: PLC0415 — as above
    from luoshi.org.policy import SYSTEM_ACTOR  # noqa: PLC0415 — as above

    account = _account(username)
    account_actions.unlock_account(account, by=SYSTEM_ACTOR)
    account_actions.lift_lock_out(account, by=SYSTEM_ACTOR)
    _say(Words("账号可以登录了。", "The account can be used."), console)
    return Exit.FINE


def remove_second_factor(username: str, console: Console) -> Exit:
    """Take the second factor of an account away."""
    from luoshi.org.account_actions import remove_totp  # noqa: PLC0415 — as above
    from luoshi.org.policy import SYSTEM_ACTOR  # noqa: PLC0415 — as above

    remove_totp(_account(username), by=SYSTEM_ACTOR)
    _say(Words("两步验证已关闭。", "The second factor is off."), console)
    return Exit.FINE


def list_accounts(console: Console) -> Exit:
    """Print every account with its person and state, one a line."""
    from luoshi.org.account_queries import accounts, rows  # noqa: PLC0415 — as above

    comma = Words("、", ", ").in_(console.language)
    with _in_words_of(console):
        for row in rows(accounts()):
            name = row.person.name if row.person else ""
            posts = comma.join(f"{post.unit.name} {post.title or post.get_role_display()}" for post in row.posts)
            print("\t".join((row.account.username, name, _state(row).in_(console.language), posts)))
    return Exit.FINE


def _in_words_of(console: Console) -> AbstractContextManager[object]:
    """Let Django's catalogue speak the language of the command line."""
    from django.utils import translation  # noqa: PLC0415 — as above

    return translation.override("zh-hans" if console.language == "zh" else "en")


def _state(row: Any) -> Words:
    if not row.account.is_active:
        return Words("已停用", "locked")
    if row.has_left:
        return Words("已离岗", "left")
    if row.is_locked_out:
        return Words("暂停登录", "locked out for now")
    if row.one_time_is_over:
        return Words("一次性密码过期", "one-time password expired")
    return Words("须改密码", "must change password") if row.account.must_change_password else Words("可登录", "open")


def _account(username: str) -> Account:
    from luoshi.accounts.models import Account  # noqa: PLC0415 — as above

    try:
        return Account.objects.get_by_natural_key(username)
    except Account.DoesNotExist as missing:
        raise StopError(
            Exit.MISUSED, f"没有用户名为 {username} 的账号。", f"There is no account named {username}."
        ) from missing


def _say(words: Words, console: Console) -> None:
    print(words.in_(console.language))
