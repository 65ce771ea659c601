"""What accounts put into the record, each act with its name for readers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from django.utils.translation import gettext_lazy as _

from luoshi.accounts.models import Account
from luoshi.ledger.actions import Author, Entry, Subject, record
from luoshi.ledger.canonical import Json

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

__all__ = ["ACTS", "NOBODY", "author_of", "entry", "note"]

ACTS: Final[Mapping[str, _StrPromise]] = {
    "account.signed_in": _("登录"),
    "account.sign_in_failed": _("登录失败"),
    "account.code_failed": _("验证码不对"),
    "account.recovery_code_used": _("使用恢复码"),
    "account.locked_out": _("连续失败，暂停登录"),
    "account.lock_out_lifted": _("解除暂停登录"),
    "account.signed_out": _("退出"),
    "account.session_ended": _("会话结束"),
    "account.sessions_ended": _("结束全部会话"),
    "account.created": _("建立账号"),
    "account.password_changed": _("修改密码"),
    "account.password_reset": _("重置密码"),
    "account.locked": _("停用账号"),
    "account.unlocked": _("启用账号"),
    "account.totp_on": _("开启两步验证"),
    "account.totp_off": _("关闭两步验证"),
    "account.recovery_codes_made": _("生成恢复码"),
    "account.rules_changed": _("修改登录规则"),
}
"""Act → what it is called. An act that is not here cannot be written."""

NOBODY: Final = Author(None, "未登录")
"""Who acted where nobody was signed in."""


def author_of(account: Account) -> Author:
    """Return an account's holder as the ledger writes them down."""
    return Author(account.pk, account.shown_name)


def note(act: str, *, by: Author, account: Account | None, data: dict[str, Json] | None = None) -> None:
    """Write one act on `account` into the record; KeyError for an act that nobody has named."""
    ACTS[act]
    subject = Subject("account") if account is None else Subject("account", str(account.pk), account.username)
    record(act, by=by, subject=subject, data=data)


def entry(act: str, account: Account, data: dict[str, Json]) -> Entry:
    """Return one act on `account`, to be written together with others; KeyError for an act that nobody has named."""
    ACTS[act]
    return Entry(act, Subject("account", str(account.pk), account.username), data)
