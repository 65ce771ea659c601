"""The sheet of new accounts with their one-time passwords: for a spreadsheet, and sealed for the page that shows it.

The page carries the sealed sheet and sends it back for the workbook, so that both come from one showing and the server
keeps nothing.
"""

from __future__ import annotations

import base64
import datetime as dt
import io
import json
from collections.abc import Sequence
from dataclasses import astuple
from typing import TYPE_CHECKING, Final

from cryptography.fernet import Fernet, InvalidToken
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from luoshi.accounts.passwords import ONE_TIME_LASTS
from luoshi.gongwen import Column, Sheet, write_xlsx
from luoshi.org.account_bulk import Line

if TYPE_CHECKING:
    from luoshi.org.policy import Actor
    from luoshi.words import Language

__all__ = ["last_day", "opened", "sealed", "workbook"]

_HOUR: Final = 3600


def last_day() -> dt.date:
    """Return the last whole day on which a one-time password that is made now can be used."""
    return timezone.localdate(timezone.now() + ONE_TIME_LASTS) - dt.timedelta(days=1)


def sealed(lines: Sequence[Line], *, by: Actor) -> str:
    """Return the sheet as text that this installation alone can read, for an hour and for this actor."""
    return _seal(by).encrypt(json.dumps([astuple(line) for line in lines]).encode()).decode()


def opened(text: str, *, by: Actor) -> list[Line]:
    """Return a sheet that was sealed for this actor within the hour; nothing for anything else."""
    try:
        content = _seal(by).decrypt(text.encode(), ttl=_HOUR)
    except InvalidToken:
        return []
    return [Line(*values) for values in json.loads(content)]


def _seal(by: Actor) -> Fernet:
    digest = salted_hmac("luoshi.org.account_sheet", str(by.account_id), algorithm="sha256").digest()
    return Fernet(base64.urlsafe_b64encode(digest))


def workbook(lines: Sequence[Line]) -> bytes:
    """Return the sheet as an xlsx file in the reader's language."""
    columns = [
        Column("number", _("序号"), 6, align="center"),
        Column("unit", pgettext("one", "单位"), 36),
        Column("name", _("姓名"), 14),
        Column("username", _("用户名"), 24),
        Column("once", _("一次性密码"), 20),
    ]
    rows = [(number, line.unit, line.name, line.username, line.once) for number, line in enumerate(lines, 1)]
    title = _("新建账号和一次性密码")
    note = _("一次性密码用到%(day)s为止，第一次登录要改密码。本表含密码，发完请销毁。") % {
        "day": last_day().isoformat()
    }
    sheet = Sheet(_("新建账号"), columns, rows, title=title, source=note)
    language: Language = "en" if (get_language() or "").startswith("en") else "zh"
    file = io.BytesIO()
    write_xlsx([sheet], file, title=title, language=language)
    return file.getvalue()
