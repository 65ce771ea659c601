"""What people may write into an act: one validator for each kind of value, with the field's name and a code."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any, Final, NoReturn, TypeVar

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _

from luoshi.work.registers.fields import plain_text

__all__ = ["LONG", "TITLE", "choice", "day", "figure", "grounds", "keys", "line", "one_of", "percent", "text", "wrong"]

TITLE: Final = 200
LONG: Final = 5000

M = TypeVar("M", bound=models.Model)
C = TypeVar("C", bound=models.TextChoices)

_FIGURE: Final = re.compile(r"[+-]?\d{1,15}(?:\.\d{1,6})?")


def wrong(field: str, message: str, code: str, **params: object) -> NoReturn:
    """Refuse the value of one field."""
    raise ValidationError({field: ValidationError(message, code=code, params=params or None)})


def text(value: object, field: str, *, most: int = LONG, required: bool = False) -> str:
    """Return words as they are stored: no outer space, no invisible characters, at most `most` characters."""
    try:
        words = "" if value is None else plain_text(value)
    except ValidationError as error:
        raise ValidationError({field: error}) from error
    if required and not words:
        wrong(field, _("请填写这一项。"), "required")
    if len(words) > most:
        wrong(field, _("最多%(limit)d个字符，现在有%(length)d个。"), "too_long", limit=most, length=len(words))
    return words


def line(value: object, field: str, *, most: int = TITLE, required: bool = False) -> str:
    """Return words that stand on one line."""
    words = " ".join(text(value, field, most=LONG).split())
    return text(words, field, most=most, required=required)


def grounds(value: object) -> str:
    """Return the reason that an act needs."""
    words = text(value, "reason", most=1000)
    if not words:
        wrong("reason", _("请写明理由。"), "required")
    return words


def percent(value: object, field: str = "progress") -> int:
    """Return a whole number from 0 to 100."""
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= 100:
        wrong(field, _("进度请填0到100的整数。"), "not_a_percentage")
    return value


def day(value: object, field: str, *, not_before: dt.date | None = None) -> dt.date:
    """Return a day; a datetime is none. `not_before` names the first day that is accepted."""
    if isinstance(value, dt.datetime) or not isinstance(value, dt.date):
        wrong(field, _("请填写日期。"), "not_a_date")
    if not_before is not None and value < not_before:
        wrong(field, _("日期不能早于%(day)s。"), "too_early", day=not_before.isoformat())
    if value.year > 2200:
        wrong(field, _("日期太远，请核对。"), "too_late")
    return value


def figure(value: object, field: str) -> str:
    """Return a number as decimal text, without needless zeros."""
    shown = str(value) if isinstance(value, (int, float, Decimal)) and not isinstance(value, bool) else value
    plain = unicodedata.normalize("NFKC", shown).replace(",", "").strip() if isinstance(shown, str) else ""
    if not _FIGURE.fullmatch(plain):
        wrong(field, _("请填数字，如 12 或 3.5。"), "not_a_number")
    try:
        number = Decimal(plain)
    except InvalidOperation:
        wrong(field, _("请填数字，如 12 或 3.5。"), "not_a_number")
    shortest = f"{number:f}"
    shortest = shortest.rstrip("0").rstrip(".") if "." in shortest else shortest
    return "0" if shortest == "-0" else shortest


def choice(value: object, field: str, choices: type[C]) -> C:
    """Return one of `choices`."""
    if value not in choices.values:
        wrong(field, _("请从列出的选项中选。"), "unknown_choice")
    return choices(str(value))


def one_of(value: object, field: str, kind: type[M]) -> M:
    """Return a stored row of a model; TypeError for anything else, which is the caller's mistake."""
    if not isinstance(value, kind) or value.pk is None:
        raise TypeError(f"{field} must be a stored {kind.__name__}, not {value!r}")
    return value


def keys(given: object, field: str, known: Sequence[str]) -> Mapping[str, Any]:
    """Return named values of which every name is known; TypeError for anything else, which is the caller's mistake."""
    if not isinstance(given, Mapping) or set(given) - set(known):
        raise TypeError(f"{field} takes {', '.join(known)}, not {given!r}")
    return given
