"""Units, people and files as people give them to a form: by typing, by choosing."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, Final

from django import forms
from django.core import signing
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from luoshi.org.models import Person, Unit
from luoshi.org.policy import Actor
from luoshi.work import evidence
from luoshi.work.models import Evidence
from luoshi.work.registers.bilingual import Bilingual
from luoshi.work.registers.choices import PersonField, UnitField

__all__ = ["Files", "PersonTyped", "UnitTyped", "UnitsTyped", "day_field", "kept_files", "remember", "words_field"]

_UNIT: Final = UnitField(type="unit", name="unit", words=Bilingual(zh="单位", en="Unit"))
_PERSON: Final = PersonField(type="person", name="person", words=Bilingual(zh="人员", en="Person"))
_BETWEEN: Final = re.compile(r"[、，,;；\n]+")
_SALT: Final = "luoshi.work.evidence-kept"


def _pick(kind: str) -> dict[str, str]:
    return {"data-pick": kind, "autocomplete": "off"}


class UnitTyped(forms.CharField):
    """One open unit: by code, name, short name, or `name（code）`."""

    def __init__(self, **options: Any) -> None:
        super().__init__(max_length=200, widget=forms.TextInput(_pick("unit")), **options)

    def clean(self, value: Any) -> Any:
        """Return the unit, or None."""
        return _unit(super().clean(value))

    def prepare_value(self, value: Any) -> Any:
        """Return a stored unit as somebody would type it."""
        return f"{value.name}（{value.code}）" if isinstance(value, Unit) else value


class UnitsTyped(forms.CharField):
    """Several open units, with commas or on lines of their own."""

    def __init__(self, **options: Any) -> None:
        super().__init__(
            max_length=20_000,
            widget=forms.Textarea({**_pick("units"), "rows": 2, "data-hint": _("输入名称查找，选中即加入下面")}),
            **options,
        )

    def clean(self, value: Any) -> Any:
        """Return the units, each once, in the order typed."""
        parts = [part.strip() for part in _BETWEEN.split(super().clean(value)) if part.strip()]
        return list({unit.pk: unit for unit in map(_unit, parts) if unit is not None}.values())

    def prepare_value(self, value: Any) -> Any:
        """Return stored units as somebody would type them."""
        if isinstance(value, str) or value is None:
            return value
        return "、".join(f"{unit['name']}（{unit['code']}）" for unit in value)


class PersonTyped(forms.CharField):
    """One person: by name where only one has it, by staff number, or by name and the beginning of the uid."""

    def __init__(self, **options: Any) -> None:
        super().__init__(max_length=120, widget=forms.TextInput(_pick("person")), **options)

    def clean(self, value: Any) -> Any:
        """Return the person, or None."""
        found = _PERSON.clean(super().clean(value))
        return Person.objects.get(uid=str(found["uid"])) if isinstance(found, dict) else None

    def prepare_value(self, value: Any) -> Any:
        """Return a stored person as somebody would type them: a name that several have gets the staff number."""
        if not isinstance(value, Person):
            return value
        alone = Person.objects.filter(name=value.name)[:2].count() == 1
        return value.name if alone else value.staff_no


def _unit(typed: str) -> Unit | None:
    found = _UNIT.clean(typed)
    return Unit.objects.get(code=found["code"]) if isinstance(found, dict) else None


def day_field(label: Any, **options: Any) -> forms.DateField:
    """Return a field for a day."""
    return forms.DateField(label=label, widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"), **options)


def words_field(label: Any, *, rows: int = 4, most: int = 5000, **options: Any) -> forms.CharField:
    """Return a field for words of several lines."""
    return forms.CharField(label=label, max_length=most, widget=forms.Textarea({"rows": rows}), **options)


class _FilesInput(forms.ClearableFileInput):
    allow_multiple_selected = True
    template_name = "django/forms/widgets/file.html"


class Files(forms.FileField):
    """Any number of files at once."""

    def __init__(self, **options: Any) -> None:
        super().__init__(
            label=_("佐证材料"),
            help_text=_("可以一次选多个文件；照片、文档、表格都行。"),
            widget=_FilesInput(),
            required=False,
            **options,
        )

    def clean(self, data: Any, initial: Any = None) -> Any:
        """Return the files, an empty list for none."""
        single = super().clean
        given = data if isinstance(data, list | tuple) else [data]
        return [single(one, initial) for one in given if one]


def kept_files(marks: Sequence[str], actor: Actor) -> list[tuple[Evidence, str, str]]:
    """Return the files that came with an earlier try of the same person; a mark that was changed stands for nothing."""
    found = []
    for mark in marks:
        try:
            account, number, name = signing.loads(mark, salt=_SALT, max_age=24 * 60 * 60)
        except signing.BadSignature:
            continue
        row = Evidence.objects.filter(pk=number).first() if account == actor.account_id else None
        if row is not None:
            found.append((row, str(name), ""))
    return found


def remember(files: Sequence[tuple[Evidence, str, str]], actor: Actor) -> list[tuple[str, str]]:
    """Return a mark and a name for each stored file, for a form that has to be shown again."""
    return [(signing.dumps([actor.account_id, row.pk, name], salt=_SALT), name) for row, name, _note in files]


def stored(files: Sequence[UploadedFile[Any]]) -> list[tuple[Evidence, str, str]]:
    """Store what was uploaded; a file that is stored already is not stored again."""
    return [(evidence.store(one, name=one.name or ""), evidence.safe_name(one.name or ""), "") for one in files]
