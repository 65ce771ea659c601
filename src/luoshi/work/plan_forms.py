"""Milestones and targets as rows of a table, with empty rows for more."""

from __future__ import annotations

import datetime as dt
from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from luoshi.org.policy import Actor
from luoshi.work.actions.planning import FIGURE_SIGNS
from luoshi.work.models import Matter
from luoshi.work.registers import Register
from luoshi.work.typed import day_field

__all__ = ["MilestoneRows", "PlanForm", "TargetRows"]

_SIGNS: Final = {
    ">=": pgettext_lazy("figure", "不低于"),
    "<=": pgettext_lazy("figure", "不高于"),
    "=": pgettext_lazy("figure", "等于"),
    "<": pgettext_lazy("figure", "低于"),
    ">": pgettext_lazy("figure", "高于"),
    "+": pgettext_lazy("figure", "增加"),
    "-": pgettext_lazy("figure", "减少"),
}


class MilestoneRow(forms.Form):
    """One milestone; a row without a title is none."""

    id = forms.IntegerField(required=False, widget=forms.HiddenInput)
    title = forms.CharField(label=_("节点"), max_length=200, required=False)
    due = day_field(pgettext_lazy("milestone", "时间"), required=False)


class TargetRow(forms.Form):
    """One target; a row without a figure is none."""

    id = forms.IntegerField(required=False, widget=forms.HiddenInput)
    of = forms.CharField(label=_("指标"), max_length=200, required=False)
    op = forms.ChoiceField(label=_("要求"), required=False, choices=[(sign, _SIGNS[sign]) for sign in FIGURE_SIGNS])
    value = forms.CharField(
        label=_("数值"), max_length=30, required=False, widget=forms.TextInput({"inputmode": "decimal"})
    )
    unit = forms.CharField(label=_("单位"), max_length=20, required=False)

    def clean(self) -> dict[str, Any] | None:
        """Refuse a target without its figure."""
        if self.cleaned_data.get("of") and not self.cleaned_data.get("value"):
            self.add_error("value", _("请填写目标数值，或清空这一行。"))
        return self.cleaned_data


MilestoneRows = forms.formset_factory(MilestoneRow, extra=3, max_num=100, absolute_max=110)
TargetRows = forms.formset_factory(TargetRow, extra=2, max_num=100, absolute_max=110)


class PlanForm:
    """Both tables together, with the face of one form."""

    def __init__(
        self, data: Any = None, _files: Any = None, *, matter: Matter, register: Register, actor: Actor, **_options: Any
    ) -> None:
        self.matter, self.register, self.actor, self.data = matter, register, actor, data
        mine = [{**one, "due": _day(one["due"])} for one in matter.milestones]
        self.milestones = MilestoneRows(data, prefix="milestone", initial=mine)
        self.targets = TargetRows(data, prefix="target", initial=matter.targets)
        self._whole: list[str] = []

    @property
    def tables(self) -> list[tuple[Any, Any]]:
        """Return the two tables with their names."""
        return [(_("节点"), self.milestones), (_("目标"), self.targets)]

    @property
    def errors(self) -> dict[str, Any]:
        """Return the errors of all rows."""
        rows = {
            f"{table.prefix}-{index}": errors
            for table in (self.milestones, self.targets)
            for index, errors in enumerate(table.errors)
            if errors
        }
        return rows | ({"__all__": self._whole} if self._whole else {})

    def non_field_errors(self) -> list[str]:
        """Return what is wrong with the whole."""
        return [*self._whole, *self.milestones.non_form_errors(), *self.targets.non_form_errors()]

    def add_error(self, _field: str | None, error: Any) -> None:
        """Add what an action says."""
        self._whole += list(getattr(error, "messages", None) or [str(error)])

    def is_valid(self) -> bool:
        """Tell whether all rows make sense."""
        return self.milestones.is_valid() and self.targets.is_valid() and not self._whole

    def act_data(self) -> dict[str, Any]:
        """Return the rows that say something; what did not change is not named."""
        milestones = [_row(row, ("title", "due")) for row in self.milestones.cleaned_data if row.get("title")]
        targets = [_row(row, ("of", "op", "value", "unit")) for row in self.targets.cleaned_data if row.get("value")]
        data: dict[str, Any] = {}
        if self.milestones.has_changed():
            data["milestones"] = milestones
        if self.targets.has_changed():
            data["targets"] = targets
        return data


def _row(given: dict[str, Any], names: tuple[str, ...]) -> dict[str, Any]:
    found = {name: given[name] for name in names}
    return found | ({"id": given["id"]} if given.get("id") else {})


def _day(value: str | None) -> dt.date | None:
    return dt.date.fromisoformat(value) if value else None
