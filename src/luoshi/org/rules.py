"""What must hold of the organisation's values, for forms, imports and actions alike.

Every refusal is a :class:`~django.core.exceptions.ValidationError` with a code, and one sentence in the reader's
language that says what to do.
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

from django.core.exceptions import ValidationError
from django.db.models import TextChoices
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from luoshi.org.enums import Role
from luoshi.org.told import listed

__all__ = [
    "LONGEST_WHY",
    "MAX_DEPTH",
    "Tenure",
    "check_past",
    "check_period",
    "chosen",
    "clashing",
    "clean_code",
    "clean_line",
    "clean_registers",
    "clean_short_names",
    "clean_text",
    "day_before",
    "refuse_clash",
    "squeezed",
]

MAX_DEPTH: Final = 12
"""Levels of the tree: a province with all its schools has six."""

MAX_SHORT_NAMES: Final = 20
LONGEST_SHORT_NAME: Final = 60
LONGEST_WHY: Final = 200

_EARLIEST: Final = dt.date(1900, 1, 1)
_LATEST: Final = dt.date(2199, 12, 31)
_CODE: Final = re.compile(r"[\w.·-]+")
_UNSEEN: Final = re.compile("[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff]")
_BETWEEN: Final = re.compile(r"[、,，;；|\uff5c\n]")


def squeezed(text: str) -> str:
    """Return text as two people might both have typed it: one width of letters and figures, no spaces, no case."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text)).casefold()


def clean_line(text: str, *, what: str | Promise, longest: int, needed: bool = True) -> str:
    """Return one line of text without what cannot be seen; refuses an empty one where it is `needed`."""
    text = " ".join(_UNSEEN.sub(" ", text).split())
    if needed and not text:
        raise ValidationError(_("请填写%(what)s。"), code="required", params={"what": what})
    _refuse_long(text, what, longest)
    return text


def clean_text(text: str, *, what: str | Promise, longest: int) -> str:
    """Return text of several lines without what cannot be seen."""
    lines = [" ".join(_UNSEEN.sub(" ", line).split()) for line in text.splitlines()]
    text = "\n".join(lines).strip()
    _refuse_long(text, what, longest)
    return text


def _refuse_long(text: str, what: str | Promise, longest: int) -> None:
    if len(text) > longest:
        raise ValidationError(
            _("%(what)s有%(count)d个字，最多%(longest)d个，请缩短。"),
            code="too_long",
            params={"what": what, "count": len(text), "longest": longest},
        )


def clean_code(text: str, *, what: str | Promise, longest: int = 40) -> str:
    """Return a code (of a unit, a group, a person) with half-width letters and figures, as programs compare it."""
    code = unicodedata.normalize("NFKC", clean_line(text, what=what, longest=4 * longest))
    _refuse_long(code, what, longest)
    if not _CODE.fullmatch(code):
        raise ValidationError(
            _("%(what)s“%(code)s”只能用文字、数字和 - _ . 这几种符号，中间不能有空格，请改正。"),
            code="bad_code",
            params={"what": what, "code": code},
        )
    return code


def clean_short_names(names: Iterable[str] | str) -> list[str]:
    """Return short names, each once, in the order given; a string is cut at 、；;| and line ends."""
    parts = _BETWEEN.split(names) if isinstance(names, str) else names
    cleaned = (clean_line(part, what=_("简称"), longest=LONGEST_SHORT_NAME, needed=False) for part in parts)
    found = list(dict.fromkeys(name for name in cleaned if name))
    if len(found) > MAX_SHORT_NAMES:
        raise ValidationError(
            _("简称最多%(longest)d个，请删去不常用的。"), code="too_many", params={"longest": MAX_SHORT_NAMES}
        )
    return found


def clean_registers(names: Iterable[str] | str) -> list[str]:
    """Return codes of confidential registers, each once, sorted."""
    parts = re.split(r"[、,，;；|\uff5c\s]+", names) if isinstance(names, str) else names
    return sorted({clean_code(part, what=_("台账代码")) for part in parts if part.strip()})


def chosen(value: str, choices: type[TextChoices], *, what: str | Promise) -> str:
    """Return `value` where it is one of the choices, else refuse it and name them."""
    if value not in choices.values:
        raise ValidationError(
            _("%(what)s“%(value)s”不在可选范围内，请从这些里选：%(choices)s。"),
            code="bad_choice",
            params={"what": what, "value": value, "choices": listed(choices.labels)},
        )
    return value


def check_period(since: dt.date, until: dt.date | None) -> None:
    """Refuse days no office means, and an end before the beginning; both days belong to the period."""
    for day in (since, until):
        if day is not None and not _EARLIEST <= day <= _LATEST:
            raise ValidationError(
                _("日期%(day)s不合常理，请检查年份。"), code="bad_day", params={"day": day.isoformat()}
            )
    if until is not None and until < since:
        raise ValidationError(
            _("结束日期%(until)s早于开始日期%(since)s，请改正。"),
            code="ends_before_it_begins",
            params={"until": until.isoformat(), "since": since.isoformat()},
        )


def check_past(on: dt.date | None) -> dt.date:
    """Return the day on which something takes effect, today unless told; refuses a day to come."""
    today = timezone.localdate()
    on = on or today
    check_period(on, None)
    if on > today:
        raise ValidationError(
            _("日期%(day)s还没有到，请到那一天再办，或改用今天的日期。"),
            code="in_the_future",
            params={"day": on.isoformat()},
        )
    return on


def day_before(day: dt.date, *, since: dt.date) -> dt.date:
    """Return the last day of what is over on `day`; what only began then ends with its first day."""
    return max(since, day - dt.timedelta(days=1))


class Tenure(NamedTuple):
    """A role for a time, held or stood in for; both days belong to it."""

    role: Role
    since: dt.date
    until: dt.date | None

    def meets(self, other: Tenure) -> bool:
        """Tell whether the two times share a day."""
        return (self.until is None or other.since <= self.until) and (other.until is None or self.since <= other.until)


def clashing(tenures: Sequence[Tenure]) -> tuple[Tenure, Tenure] | None:
    """Return two tenures of one person that may not meet: one of an administrator and one of any other role."""
    for place, one in enumerate(tenures):
        for other in tenures[place + 1 :]:
            if one.role is not other.role and {one.role, other.role} & set(Role.admins) and one.meets(other):
                return one, other
    return None


def refuse_clash(person: str, tenures: Sequence[Tenure]) -> None:
    """Refuse to let one person be an administrator and anything else at the same time."""
    pair = clashing(tenures)
    if pair is not None:
        admin, other = pair if pair[0].role in Role.admins else reversed(pair)
        raise ValidationError(
            _(
                "%(person)s不能同时担任%(one)s和%(other)s：三类管理员不能互相兼任，也不能兼任业务岗位。"
                "请先结束其中一个任职或代理，或换一个人。"
            ),
            code="separate_duties",
            params={"person": person, "one": admin.role.label, "other": other.role.label},
        )
