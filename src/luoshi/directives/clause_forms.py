"""The forms of a row under review: its fields as people type them, and what dropping, splitting and the rest ask."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from luoshi.directives.actions.review import LABELS
from luoshi.directives.enums import Why
from luoshi.directives.models import Clause
from luoshi.directives.sheet.coverage import label_words
from luoshi.directives.sheet.facts import Names, typed_value
from luoshi.directives.typed import typed_day, typed_unit, typed_units
from luoshi.directives.typed_lists import typed_cadence, typed_milestones, typed_targets
from luoshi.work.registers import Register

__all__ = ["DropForm", "EditForm", "Place", "label_pairs", "places_of"]

OWN: Final = "own-"
_TYPED: Final = ("title", "requirement", "lead", "support", "due", "targets", "cadence", "milestones")


def _line(label: Any, most: int, *, help_text: Any = "", **attributes: str) -> forms.CharField:
    return forms.CharField(
        label=label, max_length=most, required=False, help_text=help_text, widget=forms.TextInput(attributes)
    )


def _box(label: Any, most: int, rows: int, *, help_text: Any = "", **attributes: Any) -> forms.CharField:
    widget = forms.Textarea({"rows": rows, **attributes})
    return forms.CharField(label=label, max_length=most, required=False, help_text=help_text, widget=widget)


class EditForm(forms.Form):
    """The values of a row. Only fields that the form carries are judged, only those that changed are given on."""

    title = _line(_("事项"), 200)
    requirement = _box(_("工作要求"), 5000, 5)
    lead = _line(
        _("牵头单位"),
        200,
        help_text=_("可输入简称、全称、代码或拼音首字母。"),
        autocomplete="off",
        **{"data-pick": "unit"},
    )
    support = _box(
        _("配合单位"),
        20_000,
        2,
        help_text=_("多个单位用顿号隔开；可以写各学校、各幼儿园、各科室。"),
        **{"data-pick": "units"},
    )
    due = _line(_("完成时限"), 60, help_text=_("如：2026-06-30、6月底前、下周五、10天内。"), autocomplete="off")
    targets = _box(pgettext_lazy("clause", "指标"), 20_000, 2, help_text=_("一行一个，如：整改率≥98%。"))
    cadence = _line(pgettext_lazy("clause", "频次"), 400, help_text=_("如：每月、每季度末。"))
    milestones = _box(pgettext_lazy("clause", "节点"), 20_000, 2, help_text=_("一行一个，如：5月底 制定方案。"))

    def __init__(  # noqa: PLR0913 — a row with all that its fields are read by
        self,
        data: Any = None,
        *,
        clause: Clause,
        register: Register,
        written: dt.date | None,
        names: Names,
        only_given: bool = False,
    ) -> None:
        initial: dict[str, Any] = {name: typed_value(clause, name, names) for name in _TYPED}
        stored = clause.values.get("fields") or {}
        own = register.form_fields("editing")
        initial |= {OWN + name: stored.get(name) for name in own}
        super().__init__(data, initial=initial)
        self.clause, self.written, self.only_given = clause, written, only_given
        for name, field in own.items():
            field.required = False
            self.fields[OWN + name] = field
        if data is not None:
            for name in [name for name in self.fields if name not in data]:
                if only_given or not name.startswith(OWN):
                    del self.fields[name]

    def clean_title(self) -> str:
        """Refuse a row without a name."""
        title: str = self.cleaned_data["title"].strip()
        if not title:
            raise ValidationError(_("请填写事项名称。"), code="required")
        return title

    def clean_lead(self) -> str | None:
        """Return the unit's code."""
        return typed_unit(self.cleaned_data["lead"]) if self._is_changed("lead") else None

    def clean_support(self) -> list[str]:
        """Return the units' codes."""
        return typed_units(self.cleaned_data["support"]) if self._is_changed("support") else []

    def clean_due(self) -> dict[str, str | None]:
        """Return the day, and the words where it was typed in words."""
        typed = self.cleaned_data["due"].strip()
        found = typed_day(typed, today=timezone.localdate(), written=self.written) if self._is_changed("due") else None
        if found is None:
            return {"due": None}
        day = found.day.isoformat()
        as_words = any("\u4e00" <= character <= "\u9fff" for character in typed) and not typed.startswith("20")
        return {"due": day, **({"due_text": typed} if as_words else {})}

    def clean_targets(self) -> list[dict[str, str]]:
        """Return targets as rows keep them."""
        return typed_targets(self.cleaned_data["targets"]) if self._is_changed("targets") else []

    def clean_cadence(self) -> list[dict[str, str | None]]:
        """Return rhythms as rows keep them."""
        return typed_cadence(self.cleaned_data["cadence"])

    def clean_milestones(self) -> list[dict[str, str | None]]:
        """Return milestones as rows keep them."""
        return typed_milestones(self.cleaned_data["milestones"], today=timezone.localdate(), written=self.written)

    def _is_changed(self, name: str) -> bool:
        """Tell whether a field counts: one that nobody touched is not judged, its unit may have closed since."""
        return self.only_given or name in self.changed_data

    def values(self) -> dict[str, Any]:
        """Return what `edit` takes; empty where nothing was changed."""
        wanted = self.cleaned_data if self.only_given else {name: self.cleaned_data[name] for name in self.changed_data}
        values = {name: value for name, value in wanted.items() if not name.startswith(OWN) and name != "due"}
        values |= wanted.get("due") or {}
        own = {name.removeprefix(OWN): value for name, value in wanted.items() if name.startswith(OWN)}
        return values | ({"fields": own} if own else {})

    def common(self) -> list[forms.BoundField]:
        """Return the fields that rows of all registers have."""
        return [self[name] for name in self.fields if not name.startswith(OWN)]

    def own(self) -> list[forms.BoundField]:
        """Return the register's own fields."""
        return [self[name] for name in self.fields if name.startswith(OWN)]


def label_pairs() -> list[tuple[str, str]]:
    """Return the kinds of sentences that are no task, with their names."""
    return [(label, label_words(label)) for label in LABELS]


class DropForm(forms.Form):
    """Why no matter is opened of a row."""

    why = forms.ChoiceField(label=_("原因"), choices=Why, widget=forms.RadioSelect, initial=Why.NOT_A_TASK)
    label = forms.ChoiceField(label=_("这句话是"), required=False)
    note = _line(_("说明"), 200)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        choices = [("", "——"), *label_pairs()]
        self.fields["label"] = forms.ChoiceField(label=_("这句话是"), required=False, choices=choices)
        self.order_fields(["why", "label", "note"])

    def clean(self) -> dict[str, Any]:
        """Forget the kind where it does not matter."""
        values = self.cleaned_data
        if values.get("why") != Why.NOT_A_TASK:
            values["label"] = ""
        return values


class Place(tuple[str, str, str]):
    """Where a row can be split: the value that the form sends, the words before and the words behind."""

    __slots__ = ()


_CUTS: Final = "；;，,。"


def places_of(clause: Clause, text: str, sentences: list[dict[str, Any]]) -> list[Place]:
    """Return where a row can be split: before each of its sentences but the first, and behind the marks inside them."""
    return [Place(place) for place in _places(clause, text, sentences)]


def _places(clause: Clause, text: str, sentences: list[dict[str, Any]]) -> Iterator[tuple[str, str, str]]:
    known = [index for index in clause.sentences if 0 <= index < len(sentences)]
    for index in known:
        start = max(sentences[index]["s"], clause.start)
        end = min(sentences[index]["e"], clause.end)
        if index != known[0]:
            yield f"s{index}", text[:start][-24:].strip(), text[start : start + 40].strip()
        yield from _cuts(text, start, end)


def _cuts(text: str, start: int, end: int) -> Iterable[tuple[str, str, str]]:
    for place in range(start + 2, end - 2):
        if text[place - 1] in _CUTS:
            yield f"c{place}", text[max(start, place - 24) : place].strip(), text[place : min(end, place + 40)].strip()
