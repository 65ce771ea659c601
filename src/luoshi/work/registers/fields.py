"""The kinds of fields that a register can ask for, and the one validator of each.

`clean` takes what a form, a file or a program brings and returns the canonical value: text, whole numbers, yes/no,
lists and named values, never a fraction (decimals are text). `None` stands for "nothing given".
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from decimal import Decimal, InvalidOperation
from typing import Annotated, ClassVar, Final, Literal, Self, TypeAlias

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override, pgettext
from pydantic import Field, StringConstraints, model_validator

from luoshi.ledger.canonical import Json
from luoshi.org.told import language_now
from luoshi.words import Language
from luoshi.work.registers.bilingual import BilingualText, Frozen, ShortText, complaint

__all__ = [
    "DateField",
    "FieldBase",
    "MoneyField",
    "NumberField",
    "Required",
    "Stage",
    "TextField",
    "YesNoField",
    "plain_text",
]

Stage = Literal["opening", "editing", "submitting"]
"""When values are checked: opening a matter, changing it, submitting it as done."""

Required = Literal["opening", "submitting"]

FieldName: TypeAlias = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9]*(_[a-z0-9]+)*$", max_length=40)]

_LONGEST: Final = 20_000
_CONTROL: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")
_DAY: Final = re.compile(r"(\d{4})(?:-|/|\.|年)(\d{1,2})(?:-|/|\.|月)(\d{1,2})日?(?:[ T]00:00(?::00)?)?")
_NUMBER: Final = re.compile(r"[+-]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d*)?|[+-]?\.\d+")
_BIGGEST: Final = Decimal(10) ** 15
_DIGITS: Final = 28  # as many as decimal arithmetic keeps without rounding


def plain_text(value: object) -> str:
    """Return what was typed without outer space, line ends as LF; ValidationError for what is no text."""
    if isinstance(value, (list, tuple, dict, set, bytes)):
        raise ValidationError(_("这里只要一段文字，请重新填写。"), code="not_text")
    text = str(value).replace("\r\n", "\n").replace("\r", "\n").strip()
    if len(text) > _LONGEST:
        raise ValidationError(_("文字太长，请精简后再填。"), code="too_long")
    if _CONTROL.search(text):
        raise ValidationError(_("文字里有看不见的控制字符，请删去后再填。"), code="control_characters")
    return text


class FieldBase(Frozen):
    """What every field says of itself.

    `required` names the step before which it must be filled; `filter` and `column` offer it in lists; `personal` data
    are masked there and cannot be filtered by.
    """

    filterable: ClassVar[bool] = True

    name: FieldName
    words: ShortText
    help: BilingualText | None = None
    required: Required | None = None
    filter: bool = False
    column: bool = False
    personal: bool = False

    @model_validator(mode="after")
    def _filters_find_something(self) -> Self:
        if self.filter and self.personal:
            raise complaint("personal 的字段不能 filter", "A personal field cannot be filtered by", "filter")
        if self.filter and not self.can_filter:
            raise complaint("这种字段不能 filter", "This kind of field cannot be filtered by", "filter")
        return self

    @property
    def can_filter(self) -> bool:
        """Tell whether both databases can look for values of this field."""
        return self.filterable

    def is_required(self, stage: Stage) -> bool:
        """Tell whether the field must be filled at this step."""
        return self.required == "opening" or (self.required == "submitting" and stage == "submitting")

    def clean(self, value: object) -> Json:
        """Return the canonical value, None where nothing was given; ValidationError with a code for what is wrong."""
        if value is None or (isinstance(value, str) and not value.strip()):
            return None
        return self._clean(value)

    def _clean(self, value: object) -> Json:
        raise NotImplementedError

    def display(self, value: Json, language: Language | None = None, *, masked: bool = False) -> str:
        """Return a canonical value as people read it, empty for none; `masked` hides what is personal, for lists."""
        if value is None:
            return ""
        with override({"zh": "zh-hans", "en": "en"}[language or language_now()]):
            shown = self._display(value, language or language_now())
        return shown[:1] + "**" if masked and self.personal else shown

    def _display(self, value: Json, language: Language) -> str:  # noqa: ARG002 — some kinds need it
        return str(value)


class TextField(FieldBase):
    """Words: one line unless `multiline`."""

    type: Literal["text"]
    max: int = Field(default=200, ge=1, le=_LONGEST)
    multiline: bool = False

    @property
    def can_filter(self) -> bool:
        """One line can be looked for; longer words are what the search is for."""
        return not self.multiline

    def _clean(self, value: object) -> Json:
        text = plain_text(value)
        if not self.multiline:
            text = " ".join(text.split())
        if len(text) > self.max:
            raise ValidationError(
                _("最多%(limit)d个字符，现在有%(length)d个。"),
                code="too_long",
                params={"limit": self.max, "length": len(text)},
            )
        return text or None


def _decimal(value: object) -> Decimal:
    """Return a number as it was meant, commas and full-width digits allowed."""
    if isinstance(value, bool):
        raise ValidationError(_("请填数字，如 12 或 3.5。"), code="not_a_number")
    if isinstance(value, Decimal):
        number = value
    else:
        text = unicodedata.normalize("NFKC", plain_text(repr(value) if isinstance(value, float) else value))
        text = text.replace("\u2212", "-").replace(" ", "")
        try:
            number = Decimal(text.replace(",", "")) if _NUMBER.fullmatch(text) else Decimal("NaN")
        except InvalidOperation:
            number = Decimal("NaN")
    if not number.is_finite():
        raise ValidationError(_("请填数字，如 12 或 3.5。"), code="not_a_number")
    if abs(number) >= _BIGGEST or len(number.as_tuple().digits) > _DIGITS:
        raise ValidationError(_("数字太大，请核对。"), code="too_big")
    return number


def _fixed(number: Decimal, decimals: int) -> str:
    """Return a number with exactly so many decimals; ValidationError where it has more."""
    exponent = number.normalize().as_tuple().exponent
    if isinstance(exponent, int) and -exponent > decimals:
        message = _("请填整数。") if decimals == 0 else _("最多%(decimals)d位小数。")
        raise ValidationError(message, code="too_many_decimals", params={"decimals": decimals})
    text = f"{number:.{decimals}f}"
    return text.removeprefix("-") if not number else text


class NumberField(FieldBase):
    """A number with a fixed number of decimals: whole numbers are stored as such, others as decimal text."""

    type: Literal["number"]
    min: Decimal | None = None
    max: Decimal | None = None
    decimals: int = Field(default=0, ge=0, le=6)
    unit: ShortText | None = None

    @property
    def can_filter(self) -> bool:
        """Whole numbers can; decimals are text, which no database orders by size."""
        return not self.decimals

    @model_validator(mode="after")
    def _bounds_leave_room(self) -> Self:
        if self.min is not None and self.max is not None and self.min > self.max:
            raise complaint("最小值 min 大于最大值 max", "min is greater than max", "min")
        return self

    def _clean(self, value: object) -> Json:
        number = _decimal(value)
        text = _fixed(number, self.decimals)
        if self.min is not None and number < self.min:
            raise ValidationError(_("不能小于%(limit)s。"), code="too_small", params={"limit": self.min})
        if self.max is not None and number > self.max:
            raise ValidationError(_("不能大于%(limit)s。"), code="too_big", params={"limit": self.max})
        return text if self.decimals else int(text)

    def _display(self, value: Json, language: Language) -> str:
        if self.unit is None:
            return str(value)
        return f"{value}{self.unit.zh}" if language == "zh" else f"{value} {self.unit.en}"


class MoneyField(FieldBase):
    """Yuan and fen, exact, as decimal text."""

    filterable: ClassVar[bool] = False

    type: Literal["money"]
    min: Decimal = Field(default=Decimal(0))
    max: Decimal | None = None

    def _clean(self, value: object) -> Json:
        text = unicodedata.normalize("NFKC", value).strip() if isinstance(value, str) else value
        number = _decimal(text.removeprefix("¥").removesuffix("元") if isinstance(text, str) else text)
        fixed = _fixed(number, 2)
        if number < self.min:
            raise ValidationError(_("不能小于%(limit)s元。"), code="too_small", params={"limit": self.min})
        if self.max is not None and number > self.max:
            raise ValidationError(_("不能大于%(limit)s元。"), code="too_big", params={"limit": self.max})
        return fixed

    def _display(self, value: Json, language: Language) -> str:
        amount = f"{Decimal(str(value)):,.2f}"
        return f"{amount}元" if language == "zh" else f"¥{amount}"


class DateField(FieldBase):
    """A day; `past` allows none after today."""

    type: Literal["date"]
    past: bool = False

    def _clean(self, value: object) -> Json:
        day = _day(value)
        if self.past and day > timezone.localdate():
            raise ValidationError(_("日期不能晚于今天。"), code="in_the_future")
        return day.isoformat()


def _day(value: object) -> dt.date:
    if isinstance(value, dt.datetime):
        return value.date()
    if isinstance(value, dt.date):
        return value
    match = _DAY.fullmatch(unicodedata.normalize("NFKC", plain_text(value)))
    try:
        if match:
            return dt.date(int(match[1]), int(match[2]), int(match[3]))
    except ValueError:
        pass  # a 30 February is as wrong as a word
    raise ValidationError(_("看不懂这个日期，请写成 2026-03-06 的样子。"), code="not_a_date")


class YesNoField(FieldBase):
    """Yes or no; not answered is neither."""

    type: Literal["yes_no"]

    _meanings: ClassVar[dict[str, bool]] = {
        **dict.fromkeys(("true", "1", "yes", "y", "on", "是", "有", "对", "√"), True),
        **dict.fromkeys(("false", "0", "no", "n", "off", "否", "无", "没有", "不是", "×"), False),
    }

    def _clean(self, value: object) -> Json:
        meaning = self._meanings.get(unicodedata.normalize("NFKC", plain_text(value)).lower())
        if meaning is None:
            raise ValidationError(_("请填是或否。"), code="not_yes_or_no")
        return meaning

    def _display(self, value: Json, language: Language) -> str:  # noqa: ARG002 — the base class's signature
        return pgettext("answer", "是") if value else pgettext("answer", "否")
