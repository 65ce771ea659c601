"""The form of a new matter."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from luoshi.work.act_forms import OWN, own_values
from luoshi.work.models import Matter
from luoshi.work.registers import Register
from luoshi.work.typed import PersonTyped, UnitsTyped, UnitTyped, day_field, words_field

__all__ = ["OpenForm"]


class OpenForm(forms.Form):
    """What opening a matter takes; the register's own fields stand behind the common ones."""

    title = forms.CharField(
        label=_("事项"), max_length=200, help_text=_("一句话写清要做什么，如：完成全县校舍安全排查。")
    )
    requirement = words_field(_("工作要求"), required=False)
    lead = UnitTyped(label=_("牵头单位"), required=False)
    support = UnitsTyped(label=_("配合单位"), required=False, help_text=_("多个单位用顿号隔开。"))
    handler = PersonTyped(label=_("经办人"), required=False)
    due = day_field(_("完成时限"), required=False, help_text=_("不填则按台账的规则推算。"))
    source_document = forms.CharField(label=_("出自哪份文件或会议"), max_length=200, required=False)
    source_quote = words_field(_("原句"), rows=2, most=2000, required=False)

    def __init__(self, *args: Any, register: Register, parent: Matter | None = None, **options: Any) -> None:
        super().__init__(*args, **options)
        self.register = register
        for name, field in register.form_fields("opening").items():
            self.fields[OWN + name] = field
        if parent is not None:
            self.fields["lead"].initial = parent.lead
            self.fields["due"].initial = parent.due

    def common(self) -> list[forms.BoundField]:
        """Return the fields that all registers have."""
        return [self[name] for name in self.fields if not name.startswith(OWN)]

    def own(self) -> list[forms.BoundField]:
        """Return the register's own fields."""
        return [self[name] for name in self.fields if name.startswith(OWN)]

    def matter_data(self) -> dict[str, Any]:
        """Return what `open_matter` takes."""
        values = self.cleaned_data
        source = {"document": values["source_document"], "quote": values["source_quote"]}
        names = ("title", "requirement", "lead", "support", "handler", "due")
        return {name: values[name] for name in names} | {
            "source": source if any(source.values()) else None,
            "fields": own_values(self),
        }
