"""The sheet of new accounts with their one-time passwords, for a spreadsheet."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Sequence
from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from luoshi.accounts.passwords import ONE_TIME_LASTS
from luoshi.gongwen import Column, Sheet, write_xlsx

if TYPE_CHECKING:
    from luoshi.org.account_bulk import Line
    from luoshi.words import Language

__all__ = ["last_day", "workbook"]


def last_day() -> dt.date:
    """Return the last whole day on which a one-time password that is made now can be used."""
    return timezone.localdate(timezone.now() + ONE_TIME_LASTS) - dt.timedelta(days=1)


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
