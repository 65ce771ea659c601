"""Lists that look for values of a register's own fields, in SQL, alike on SQLite and PostgreSQL.

A filter bar has one input a field, and two for days and numbers (`name__from`, `name__to`). Its cleaned data go to
:func:`filters_q`. Every condition is of the form `fields__name__lookup=value`, over the canonical values.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from django import forms
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from luoshi.work.registers.choices import ChoiceField, PersonField, UnitField
from luoshi.work.registers.fields import DateField, FieldBase, NumberField, TextField, YesNoField
from luoshi.work.registers.inputs import FieldInput, widget_of

if TYPE_CHECKING:
    from luoshi.work.registers.model import Register

__all__ = ["filter_inputs", "filter_q", "filters_q"]

_BOUNDS: Final = {"from": "gte", "to": "lte"}


def filter_inputs(register: Register) -> dict[str, forms.Field]:
    """Return the filter bar's inputs for the register's own fields; none is required."""
    inputs: dict[str, forms.Field] = {}
    for field in register.fields:
        if not field.filter:
            continue
        if isinstance(field, DateField | NumberField):
            label = {"label": field.words}
            inputs[f"{field.name}__from"] = _input(field, _("%(label)s从") % label)
            inputs[f"{field.name}__to"] = _input(field, _("%(label)s至") % label)
        elif isinstance(field, ChoiceField):
            options = [(option.value, str(option.words)) for option in field.options]
            inputs[field.name] = forms.MultipleChoiceField(label=str(field.words), required=False, choices=options)
        elif isinstance(field, YesNoField):
            answers = [("", "——"), ("yes", pgettext("answer", "是")), ("no", pgettext("answer", "否"))]
            inputs[field.name] = _input(field, str(field.words), forms.Select(choices=answers))
        else:
            inputs[field.name] = _input(field, str(field.words))
    return inputs


def _input(field: FieldBase, label: str, widget: forms.Widget | None = None) -> FieldInput:
    return FieldInput(field, label=label, required=False, widget=widget or widget_of(field))


def filters_q(register: Register, cleaned: Mapping[str, object]) -> Q:
    """Return the condition for the cleaned data of a form with :func:`filter_inputs`; other names are left alone."""
    found = Q()
    for field in register.fields:
        if not field.filter:
            continue
        found &= filter_q(field, cleaned.get(field.name))
        for bound in _BOUNDS:
            found &= filter_q(field, cleaned.get(f"{field.name}__{bound}"), bound)
    return found


def filter_q(field: FieldBase, value: Any, bound: str = "") -> Q:
    """Return the condition that a matter's field has a canonical `value`; of a list any one of it; nothing for none.

    `bound` is `from` or `to` for days and numbers, both included. Text is looked for anywhere, whatever its case.
    ValueError for a field that does not filter.
    """
    if not field.filter:
        raise ValueError(f"lists do not filter by {field.name}")
    if value is None or value in ("", []):
        return Q()
    if isinstance(field, DateField | NumberField):
        return Q(**{f"fields__{field.name}__{_BOUNDS.get(bound, 'exact')}": value})
    found = Q()
    for one in value if isinstance(value, (list, tuple, set)) else [value]:
        lookup, wanted = _lookup(field, one)
        found |= Q(**{f"fields__{field.name}__{lookup}": wanted})
    return found


def _lookup(field: FieldBase, value: Any) -> tuple[str, Any]:
    match field:
        case ChoiceField(multiple=True):
            return "icontains", f'"{value}"'
        case TextField():
            return "icontains", value
        case UnitField():
            return "code__exact", value["code"] if isinstance(value, Mapping) else value
        case PersonField():
            return "uid__exact", value["uid"] if isinstance(value, Mapping) else value
        case _:
            return "exact", value
