"""A register's fields as forms have them. What is valid is the field's own say; a form adds only how it is typed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from luoshi.ledger.canonical import Json
from luoshi.org.models import Person
from luoshi.org.told import language_now
from luoshi.work.registers.choices import ChoiceField, PersonField, PlaceField, UnitField
from luoshi.work.registers.fields import DateField, FieldBase, MoneyField, NumberField, TextField, YesNoField

__all__ = ["FieldInput", "PlaceInput", "form_field", "widget_of"]

_ONE_BY_ONE = 5
"""Up to so many options stand open; more of them fold into a list."""


class FieldInput(forms.Field):
    """A form's field that asks the register's field what is valid, and gives back its canonical value."""

    def __init__(self, field: FieldBase, **options: Any) -> None:
        self.field = field
        super().__init__(**options)

    def to_python(self, value: object) -> Json:
        """Return the canonical value; ValidationError with a code."""
        return self.field.clean(value)

    def prepare_value(self, value: Any) -> Any:
        """Return a stored value as a person would type it; what was typed already stays as it is."""
        if isinstance(self.field, UnitField) and isinstance(value, Mapping):
            return f"{value.get('name', '')}（{value.get('code', '')}）"
        if isinstance(self.field, PersonField) and isinstance(value, Mapping):
            return _typed_person(value)
        if isinstance(self.field, YesNoField) and isinstance(value, bool):
            return "yes" if value else "no"
        return value

    def has_changed(self, initial: object, data: object) -> bool:
        """Tell whether what was typed means something else than what is stored."""
        try:
            return self.field.clean(initial) != self.field.clean(data)
        except forms.ValidationError:
            return True


def _typed_person(value: Mapping[str, Any]) -> str:
    """Return the name, with the beginning of the uid where several people have that name."""
    name, uid = str(value.get("name", "")), str(value.get("uid", ""))
    alone = list(Person.objects.filter(name=name).values_list("uid", flat=True)[:2])
    return name if [str(one) for one in alone] == [uid] else f"{name} #{uid[:8]}"


class PlaceInput(forms.MultiWidget):
    """A place in words, and its two coordinates for those who have them; coordinates are never required."""

    def __init__(self, label: str, limit: int) -> None:
        words = forms.TextInput({"maxlength": limit, "aria-label": label})
        degrees = {"inputmode": "decimal", "maxlength": 12, "autocomplete": "off"}
        lat = forms.TextInput({**degrees, "placeholder": _("纬度（可不填）"), "aria-label": _("纬度（可不填）")})
        lon = forms.TextInput({**degrees, "placeholder": _("经度（可不填）"), "aria-label": _("经度（可不填）")})
        super().__init__({"": words, "_lat": lat, "_lon": lon})

    def decompress(self, value: Any) -> list[Any]:
        """Return the three parts of a stored place, or of what was typed."""
        given = value if isinstance(value, Mapping) else {"text": value}
        return [given.get("text"), given.get("lat"), given.get("lon")]

    def value_from_datadict(self, data: Mapping[str, Any], files: MultiValueDict[str, Any], name: str) -> Any:
        """Return the three parts as the field takes them."""
        text, lat, lon = super().value_from_datadict(data, files, name)
        return {"text": text, "lat": lat, "lon": lon}


def form_field(field: FieldBase, *, required: bool) -> FieldInput:
    """Return a field for a page's form, labelled in the language of the page at hand."""
    label = str(field.words)
    if isinstance(field, NumberField) and field.unit is not None:
        label = f"{label}（{field.unit}）" if language_now() == "zh" else f"{label} ({field.unit})"
    elif isinstance(field, MoneyField):
        label = _("%(label)s（元）") % {"label": label}
    return FieldInput(
        field,
        label=label,
        help_text="" if field.help is None else str(field.help),
        required=required,
        widget=widget_of(field),
        error_messages={"required": _("请填写“%(field)s”。") % {"field": field.words}},
    )


def widget_of(field: FieldBase) -> forms.Widget:
    """Return what a field is typed into; `data-pick` names what a script may offer to choose from."""
    widget: forms.Widget
    match field:
        case TextField(multiline=True):
            widget = forms.Textarea({"rows": 4, "maxlength": field.max})
        case TextField():
            widget = forms.TextInput({"maxlength": field.max})
        case NumberField():
            widget = forms.TextInput({"inputmode": "decimal" if field.decimals else "numeric", "autocomplete": "off"})
        case MoneyField():
            widget = forms.TextInput({"inputmode": "decimal", "autocomplete": "off"})
        case DateField():
            widget = forms.DateInput({"type": "date"}, format="%Y-%m-%d")
        case ChoiceField():
            widget = _choices(field)
        case UnitField():
            widget = forms.TextInput({"data-pick": "unit", "autocomplete": "off"})
        case PersonField():
            widget = forms.TextInput({"data-pick": "person", "autocomplete": "off"})
        case PlaceField():
            widget = PlaceInput(str(field.words), field.max)
        case _:
            widget = _one_of(field, [("yes", pgettext("answer", "是")), ("no", pgettext("answer", "否"))])
    return widget


def _choices(field: ChoiceField) -> forms.Widget:
    options = [(option.value, str(option.words)) for option in field.options]
    if field.multiple:
        return forms.CheckboxSelectMultiple(choices=options)
    return _one_of(field, options)


def _one_of(field: FieldBase, options: list[tuple[str, str]]) -> forms.Widget:
    """Return open buttons for a few options of which one must be chosen, else a list with an empty line."""
    if len(options) <= _ONE_BY_ONE and field.required == "opening":
        return forms.RadioSelect(choices=options)
    return forms.Select(choices=[("", "——"), *options])
