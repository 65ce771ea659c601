"""A register as the product works with it: what its text says, typed, and what follows from it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Final, Literal, Self, TypeAlias

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext as _
from pydantic import AfterValidator, Discriminator, Field, StringConstraints, model_validator

from luoshi.ledger.canonical import Json
from luoshi.org.enums import Role
from luoshi.org.models import Unit
from luoshi.org.policy import HeldPost, UnitAt, grants_of
from luoshi.org.told import language_now
from luoshi.periods import Calendar, CalendarError, china
from luoshi.words import Language
from luoshi.work.registers.bilingual import Bilingual, BilingualText, Frozen, ShortText, complaint
from luoshi.work.registers.choices import ChoiceField, PersonField, PlaceField, UnitField
from luoshi.work.registers.fields import DateField, MoneyField, NumberField, Stage, TextField, YesNoField

if TYPE_CHECKING:
    from django import forms

__all__ = [
    "OPENERS",
    "SIGNERS",
    "Closing",
    "Column",
    "Due",
    "Feedback",
    "Filter",
    "Register",
    "RegisterField",
    "Scope",
    "Step",
]

RegisterField: TypeAlias = Annotated[
    TextField | NumberField | MoneyField | DateField | ChoiceField | UnitField | PersonField | PlaceField | YesNoField,
    Discriminator("type"),
]
"""One of the register's own fields."""

Code: TypeAlias = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9]*(_[a-z0-9]+)*$", max_length=40)]
Days: TypeAlias = Annotated[int, Field(ge=1, le=3660)]
Scope = Literal["lead", "parent", "unit", "area", "office"]
Column = Literal[
    "number",
    "title",
    "requirement",
    "lead",
    "support",
    "handler",
    "state",
    "due",
    "progress",
    "last_report",
    "reported_at",
    "opened_at",
    "submitted_at",
    "closed_at",
    "grade",
    "urged",
    "returned",
]
Filter = Literal["state", "light", "lead", "support", "handler", "opened_at", "due", "grade"]

_SIGNERS: Final[Mapping[str, frozenset[Role]]] = {
    "lead": frozenset({Role.HEAD}),
    "parent": frozenset({Role.HEAD}),
    "unit": frozenset({Role.SUPERVISOR, Role.LEADER, Role.INSPECTOR}),
    "area": frozenset({Role.INSPECTOR, Role.LEADER}),
    "office": frozenset({Role.SUPERVISOR}),
}
"""Scope → who can sign there. A head's word ends at their own unit and those below it, as `org.policy` has it."""

SIGNERS: Final = tuple(sorted({role.value for roles in _SIGNERS.values() for role in roles}))
OPENERS: Final = tuple(sorted({grant.role.value for grant in grants_of("open")}))


class Due(Frozen):
    """The day by which a matter is due where nobody names one, counted from its opening or its assignment."""

    rule: Literal["none", "days", "working_days"] = "none"
    days: Days | None = None
    counted_from: Literal["opening", "assignment"] = Field(default="assignment", alias="from")
    required: bool = True

    @model_validator(mode="after")
    def _days_belong_to_a_rule(self) -> Self:
        if self.rule != "none" and self.days is None:
            raise complaint("写了 rule 就要写 days，如 days = 7", "A rule needs its days, such as days = 7")
        if self.rule == "none" and self.days is not None:
            raise complaint(
                'rule 是 none 时不要写 days；要自动推算时限，请写 rule = "days"',
                'Where rule is none there are no days; to count a due date write rule = "days"',
                "days",
            )
        return self

    def day(self, opened: dt.date, assigned: dt.date, calendar: Calendar | None = None) -> dt.date | None:
        """Return the due date, None where the register has no rule.

        ValidationError where working days cannot be counted because the year's holidays are not known yet.
        """
        start = opened if self.counted_from == "opening" else assigned
        if self.rule == "none" or self.days is None:
            return None
        if self.rule == "days":
            return start + dt.timedelta(days=self.days)
        try:
            return (calendar or china()).add_working_days(start, self.days)[0]
        except CalendarError as error:
            raise ValidationError(
                _("算不出完成时限：%(why)s请直接填写日期。"),
                code="calendar",
                params={"why": error.words.in_(language_now())},
            ) from error


class Step(Frozen):
    """One signature on the way to closing.

    `scope` says where the signer's post must be: `lead` the lead unit · `parent` a unit above it · `unit` the unit with
    the code in `unit` · `area` an area or zone that the post covers and the lead unit lies in · `office` anywhere.
    """

    words: ShortText
    role: Role
    scope: Scope
    unit: Annotated[str, StringConstraints(min_length=1, max_length=40)] | None = None
    grade: bool = False

    @model_validator(mode="after")
    def _somebody_can_sign(self) -> Self:
        if (self.scope == "unit") != (self.unit is not None):
            raise complaint(
                'unit = "单位代码" 和 scope = "unit" 要一起写',
                'unit = "CODE" and scope = "unit" belong together',
                "unit",
            )
        allowed = _SIGNERS[self.scope]
        if self.role not in allowed or self.role not in {grant.role for grant in grants_of("verify")}:
            names = "、".join(sorted(allowed)), ", ".join(sorted(allowed))
            raise complaint(
                f"scope 是 {self.scope} 时，role 只能是 {names[0]}，否则没有人能办这一环节",
                f"With scope {self.scope} the role must be {names[1]}; nobody else could take this step",
                "role",
            )
        return self

    def takes(self, post: HeldPost, lead: UnitAt) -> bool:
        """Tell whether this post signs this step for a matter led by `lead`.

        Asks the database only where the step names a unit.
        """
        if post.role is not self.role:
            return False
        match self.scope:
            case "lead":
                return post.unit.id == lead.id
            case "parent":
                return post.unit.id != lead.id and lead.path.startswith(post.unit.path)
            case "unit":
                return bool(Unit.objects.filter(pk=post.unit.id, code=self.unit).exists())
            case "area":
                return (post.role is Role.LEADER and post.area is None) or lead.id in (post.area or frozenset())
            case "office":
                return True


class Feedback(Frozen):
    """Something that must be said before a matter closes, to the person concerned or in public."""

    kind: Literal["person", "published"]
    words: ShortText


def _one_of_a_kind(kinds: tuple[Feedback, ...]) -> tuple[Feedback, ...]:
    for index, one in enumerate(kinds):
        if one.kind in {earlier.kind for earlier in kinds[:index]}:
            raise complaint(
                f"反馈 {one.kind} 重复，每种只写一次", f"Feedback {one.kind} stands here twice; write each once", index
            )
    return kinds


class Closing(Frozen):
    """What must be there before a matter is submitted as done."""

    min_evidence: int = Field(default=0, ge=0, le=50)
    note_required: bool = True
    targets_need_actuals: bool = True
    feedback: Annotated[tuple[Feedback, ...], AfterValidator(_one_of_a_kind)] = ()


def _numbers_differ(pattern: str) -> str:
    rest = pattern.replace("{n}", "", 1).replace("{year}", "", 1)
    if "{n}" not in pattern or "{year}" not in pattern or "{" in rest or "}" in rest:
        raise complaint(
            "编号格式里要有 {year} 和 {n} 各一次，没有别的花括号，如 督办〔{year}〕{n}号",
            "A number pattern has {year} and {n} once each and no other braces, as in T-{year}-{n}",
        )
    return pattern


def _openers(roles: tuple[Role, ...]) -> tuple[Role, ...]:
    for index, role in enumerate(roles):
        if role.value not in OPENERS:
            raise complaint(
                f"{role.value} 不能立项，这里可以写：{'、'.join(OPENERS)}",
                f"A {role.value} cannot open matters; possible here: {', '.join(OPENERS)}",
                index,
            )
    return roles


class Register(Frozen):
    """A kind of matter. Its text is kept in versions; a matter lives by the one it was opened under.

    `warn_days`, `escalate_after_days`, `report_every_days` and `reopen_within_days` count calendar days,
    `accept_within_days` working days. Without a number a term does not exist.
    """

    code: Code
    version: int = Field(ge=1, le=999_999)
    order: int = Field(default=100, ge=0, le=9999)
    title: ShortText
    short: ShortText
    about: BilingualText
    number: Annotated[str, StringConstraints(min_length=3, max_length=40), AfterValidator(_numbers_differ)]
    confidential: bool = False
    opened_by: Annotated[tuple[Role, ...], AfterValidator(_openers)]
    warn_days: int = Field(default=3, ge=0, le=366)
    accept_within_days: Days | None = None
    report_every_days: Days | None = None
    escalate_after_days: Days | None = None
    reopen_within_days: Days | None = None
    due: Due = Due()
    chain: tuple[Step, ...] = Field(min_length=1, max_length=9)
    closing: Closing = Closing()
    fields: tuple[RegisterField, ...] = Field(default=(), max_length=60)
    columns: tuple[Column, ...] = ("number", "title", "lead", "due", "state", "last_report")
    filters: tuple[Filter, ...] = ("state", "light", "lead", "due")

    def number_of(self, year: int, n: int) -> str:
        """Return the number of the n-th matter of a year."""
        return self.number.replace("{year}", str(year)).replace("{n}", str(n))

    def may_be_opened_by(self, role: Role) -> bool:
        """Tell whether the register lets a role open matters; `org.policy` has been asked before."""
        return role in self.opened_by

    @property
    def graded(self) -> bool:
        """Tell whether the last step of the chain says how well the matter was done."""
        return self.chain[-1].grade

    # Days.

    def due_day(self, opened: dt.date, assigned: dt.date, calendar: Calendar | None = None) -> dt.date | None:
        """Return the due date by the register's rule: see :meth:`Due.day`."""
        return self.due.day(opened, assigned, calendar)

    def accept_by(self, assigned: dt.date, calendar: Calendar | None = None) -> dt.date | None:
        """Return the last day to accept; in a year whose holidays are not known Monday to Friday are worked."""
        if self.accept_within_days is None:
            return None
        known, day, left = calendar or china(), assigned, self.accept_within_days
        while left:
            day += dt.timedelta(days=1)
            left -= known.is_working(day)
        return day

    def warn_from(self, due: dt.date) -> dt.date:
        """Return the first day of amber before a due date."""
        return due - dt.timedelta(days=self.warn_days)

    def escalate_on(self, due: dt.date) -> dt.date | None:
        """Return the day on which a matter that is still open goes up a level."""
        return None if self.escalate_after_days is None else due + dt.timedelta(days=self.escalate_after_days)

    def report_by(self, last: dt.date) -> dt.date | None:
        """Return the day by which the next report is promised, counted from the last one or from acceptance."""
        return None if self.report_every_days is None else last + dt.timedelta(days=self.report_every_days)

    def reopens_until(self, closed: dt.date) -> dt.date | None:
        """Return the last day on which a closed matter can be reopened; None for always."""
        return None if self.reopen_within_days is None else closed + dt.timedelta(days=self.reopen_within_days)

    # The register's own fields.

    def field(self, name: str) -> RegisterField:
        """Return a field by its name; KeyError where the register has none of it."""
        for field in self.fields:
            if field.name == name:
                return field
        raise KeyError(name)

    def clean(self, values: Mapping[str, object], *, stage: Stage = "opening") -> dict[str, Json]:
        """Return all fields that are filled, in their canonical form and declared order.

        `values` is everything that the matter has, not only what changes: a field that is missing is empty. Raises one
        ValidationError with a dictionary of field name → errors, each with its code; an unknown name is an error too.
        """
        errors: dict[str, ValidationError] = {}
        cleaned: dict[str, Json] = {}
        for name in values.keys() - {field.name for field in self.fields}:
            errors[name] = ValidationError(
                _("这本台账没有“%(name)s”这一栏。"), code="unknown_field", params={"name": str(name)[:40]}
            )
        for field in self.fields:
            try:
                value = field.clean(values.get(field.name))
            except ValidationError as error:
                errors[field.name] = error
                continue
            if value is not None:
                cleaned[field.name] = value
            elif field.is_required(stage):
                errors[field.name] = ValidationError(
                    _("请填写“%(field)s”。"), code="required", params={"field": str(field.words)}
                )
        if errors:
            raise ValidationError(errors)
        return cleaned

    def missing(self, values: Mapping[str, Json], stage: Stage = "submitting") -> tuple[RegisterField, ...]:
        """Return the fields that must be filled at a step and are not."""
        return tuple(field for field in self.fields if field.is_required(stage) and values.get(field.name) is None)

    def display(self, name: str, value: Json, language: Language | None = None, *, masked: bool = False) -> str:
        """Return a field's value as people read it: see :meth:`FieldBase.display`."""
        return self.field(name).display(value, language, masked=masked)

    def form_fields(self, stage: Stage = "opening") -> dict[str, forms.Field]:
        """Return the fields as a page's form has them, by name, labelled in the language of the page at hand."""
        from luoshi.work.registers.inputs import form_field  # noqa: PLC0415 — pages only; commands do without widgets

        return {field.name: form_field(field, required=field.is_required(stage)) for field in self.fields}

    def filter_fields(self) -> dict[str, forms.Field]:
        """Return what a list's filter bar offers for the register's own fields: see :mod:`.filters`."""
        from luoshi.work.registers.filters import filter_inputs  # noqa: PLC0415 — pages only

        return filter_inputs(self)

    def filter_q(self, cleaned: Mapping[str, object]) -> Q:
        """Return the condition for what a filter bar brought in: see :mod:`.filters`."""
        from luoshi.work.registers.filters import filters_q  # noqa: PLC0415 — with its form

        return filters_q(self, cleaned)

    def list_columns(self) -> tuple[str, ...]:
        """Return the columns that lists show unless a person chooses others: built-in ones, then own fields."""
        return (*self.columns, *(field.name for field in self.fields if field.column))

    def words_of(self, name: str) -> Bilingual:
        """Return a field's heading."""
        return self.field(name).words
