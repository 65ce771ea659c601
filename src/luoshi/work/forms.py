"""What people fill in about matters: filters, saved views. The forms of acts stand in `act_forms`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, cast

from django import forms
from django.db.models import Q
from django.utils.translation import gettext as _g
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from luoshi.org.enums import Side
from luoshi.org.models import Unit
from luoshi.work.enums import Grade, Light, State
from luoshi.work.models import Involvement
from luoshi.work.parts import taking_part
from luoshi.work.registers import Register

__all__ = ["ListFilter", "SaveView"]

_DAY: Final = {"type": "date"}
_OWN: Final = "own-"
_ALWAYS: Final = ("q", "state", "light", "unit")
_MOST_UNITS: Final = 200


def _day(label: Any) -> forms.DateField:
    return forms.DateField(label=label, required=False, widget=forms.DateInput(_DAY, format="%Y-%m-%d"))


class ListFilter(forms.Form):
    """The filter bar of a list of matters; nothing in it is required."""

    q = forms.CharField(
        label=_("编号或事项"), required=False, max_length=100, widget=forms.TextInput({"type": "search"})
    )
    state = forms.ChoiceField(
        label=_("状态"),
        required=False,
        choices=[
            ("", _("未办结")),
            ("all", pgettext_lazy("states", "全部")),
            *[(value, State(value).label) for value in State.open_states],
            ("ended", _("已办结")),
            *[(value, State(value).label) for value in State.ended_states],
        ],
    )
    light = forms.ChoiceField(
        label=_("亮灯"),
        required=False,
        choices=[
            ("", pgettext_lazy("lights", "不限")),
            *[(one.value, one.label) for one in Light if one is not Light.NONE],
        ],
    )
    unit = forms.CharField(
        label=pgettext_lazy("one", "单位"),
        required=False,
        max_length=120,
        widget=forms.TextInput({"data-pick": "unit", "autocomplete": "off"}),
    )
    side = forms.ChoiceField(
        label=_("单位作为"), required=False, choices=[("", _("牵头或配合")), ("lead", _("牵头单位"))]
    )
    handler = forms.CharField(label=_("经办人"), required=False, max_length=80)
    due_from = _day(_("时限从"))
    due_to = _day(_("时限至"))
    opened_from = _day(_("立项从"))
    opened_to = _day(_("立项至"))
    grade = forms.ChoiceField(
        label=_("评价"), required=False, choices=[("", pgettext_lazy("grades", "不限")), *Grade.choices]
    )

    def __init__(self, data: Mapping[str, Any] | None, *, register: Register | None) -> None:
        super().__init__(data if data is not None else {}, auto_id="filter-%s")
        self.register = register
        for name, own in (register.filter_fields() if register else {}).items():
            self.fields[_OWN + name] = own

    def shown(self) -> list[forms.BoundField]:
        """Return the filters that stand open: the usual ones, and those that are in use."""
        return [self[name] for name in self.fields if name in _ALWAYS]

    def folded(self) -> list[forms.BoundField]:
        """Return the filters that fold away."""
        return [self[name] for name in self.fields if name not in _ALWAYS]

    def unfold(self) -> bool:
        """Tell whether one of the folded filters is in use or wrong."""
        return any(self.cleaned_data.get(name) or name in self.errors for name in self.fields if name not in _ALWAYS)

    def own_values(self) -> dict[str, Any]:
        """Return what was asked of the register's own fields."""
        return {name.removeprefix(_OWN): value for name, value in self.cleaned_data.items() if name.startswith(_OWN)}

    def condition(self) -> Q:
        """Return the condition of everything that needs neither the reader nor the day."""
        values = self.cleaned_data
        condition = Q()
        if text := (values.get("q") or "").strip():
            condition &= Q(number__icontains=text) | Q(title__icontains=text)
        if values.get("unit"):
            condition &= _at_units(values["unit"], lead_only=values.get("side") == "lead")
        if (handler := (values.get("handler") or "").strip()) and handler != "me":
            condition &= Q(handler__name=handler)
        for name, lookup in (("due_from", "due__gte"), ("due_to", "due__lte"), ("grade", "grade")):
            if values.get(name):
                condition &= Q(**{lookup: values[name]})
        for name, lookup in (("opened_from", "opened_at__date__gte"), ("opened_to", "opened_at__date__lte")):
            if values.get(name):
                condition &= Q(**{lookup: values[name]})
        return condition

    def in_words(self) -> list[tuple[str, str]]:
        """Return what is asked for as label and words."""
        words = []
        for name, value in self.cleaned_data.items():
            field = self.fields[name]
            if value in (None, "", []) and name != "state":
                continue
            shown = (
                dict(cast("list[tuple[str, Any]]", field.choices)).get(value, value)
                if isinstance(field, forms.ChoiceField) and not isinstance(value, list)
                else value
            )
            words.append((str(field.label), "、".join(map(str, shown)) if isinstance(shown, list) else str(shown)))
        return words


def _at_units(typed: str, *, lead_only: bool) -> Q:
    """Return the condition for what was typed as a unit: its code, its name, or a part of the names of several."""
    code = typed.rstrip("）)").replace("(", "（").rpartition("（")[2].strip()
    units = list(Unit.objects.filter(Q(code=code) | Q(name=typed.strip())).values_list("pk", flat=True)[:1])
    if not units:
        units = list(Unit.objects.filter(name__icontains=typed.strip()).values_list("pk", flat=True)[:_MOST_UNITS])
    parts = Involvement.objects.filter(unit__in=units)
    return taking_part(parts.filter(side=Side.LEAD) if lead_only else parts)


class SaveView(forms.Form):
    """The name under which somebody keeps a list."""

    name = forms.CharField(label=_("名称"), max_length=60)
    query = forms.CharField(required=False, max_length=4000, widget=forms.HiddenInput)

    def clean_name(self) -> str:
        """Return the name without needless space."""
        name = " ".join(self.cleaned_data["name"].split())
        if not name:
            raise forms.ValidationError(_g("请给这个视图起个名称。"), code="required")
        return name
