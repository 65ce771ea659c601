"""Fields whose values stand for something else: options, units, people, places."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Annotated, ClassVar, Final, Literal

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from pydantic import AfterValidator, Field

from luoshi.ledger.canonical import Json
from luoshi.org.models import Person, Unit
from luoshi.words import Language
from luoshi.work.registers.bilingual import Bilingual, Frozen, ShortText, complaint
from luoshi.work.registers.fields import FieldBase, FieldName, NumberField, plain_text

__all__ = ["ChoiceField", "Option", "PersonField", "PlaceField", "UnitField"]

_PARTS: Final = re.compile(r"[、，,;；\n]")
_IN_BRACKETS: Final = re.compile(r"(?P<name>.*?)[（(](?P<code>[^（()）]+)[)）]")
_SHORT_UID: Final = re.compile(r"(?P<name>.*)#(?P<uid>[0-9a-f]{8})")


class Option(Frozen):
    """One thing that can be chosen: `value` is stored, `words` are read."""

    value: FieldName
    words: ShortText


def _once_each(options: tuple[Option, ...]) -> tuple[Option, ...]:
    seen: set[str] = set()
    for index, option in enumerate(options):
        if option.value in seen:
            raise complaint(
                f"选项 {option.value} 重复，每个选项的 value 只能出现一次",
                f"Option {option.value} stands here twice; give each option a value of its own",
                index,
            )
        seen.add(option.value)
    return options


class ChoiceField(FieldBase):
    """One of the options, or several in their declared order where `multiple`."""

    type: Literal["choice"]
    options: Annotated[tuple[Option, ...], Field(min_length=2, max_length=200), AfterValidator(_once_each)]
    multiple: bool = False

    def _clean(self, value: object) -> Json:
        chosen = {self._value(part) for part in self._parts(value)}
        if not self.multiple and len(chosen) > 1:
            raise ValidationError(_("只能选一项。"), code="only_one")
        found: list[Json] = [option.value for option in self.options if option.value in chosen]
        if not found:
            return None
        return found if self.multiple else found[0]

    def _parts(self, value: object) -> Iterable[str]:
        if isinstance(value, (list, tuple, set)):
            return filter(None, map(plain_text, value))
        text = plain_text(value)
        if not self.multiple or any(text in {option.words.zh, option.words.en} for option in self.options):
            return (text,)
        return filter(None, (part.strip() for part in _PARTS.split(text)))

    def _value(self, text: str) -> str:
        for option in self.options:
            if text in {option.value, option.words.zh, option.words.en}:
                return option.value
        raise ValidationError(
            _("没有“%(given)s”这个选项，请从列出的选项中选。"), code="unknown_option", params={"given": text[:40]}
        )

    def _display(self, value: Json, language: Language) -> str:
        names = {option.value: option.words.in_(language) for option in self.options}
        parts = value if isinstance(value, list) else [value]
        return ("、" if language == "zh" else ", ").join(names.get(str(part), str(part)) for part in parts)


def _named(value: Json) -> str:
    return str(value.get("name", "")) if isinstance(value, dict) else str(value)


class UnitField(FieldBase):
    """A unit, stored as {"code", "name"} with its name as it was.

    Takes a unit's code, full name, short name or `name（code）`. What is stored already stays good when the unit has
    closed since; only open units can be named anew.
    """

    type: Literal["unit"]

    def _clean(self, value: object) -> Json:
        if isinstance(value, Unit):
            return {"code": value.code, "name": value.name}
        if isinstance(value, Mapping):
            return self._stored(value)
        text = plain_text(value)
        match = _IN_BRACKETS.fullmatch(text)
        found = self._found(match["code"].strip()) if match else []
        found = found or self._found(text)
        if len(found) == 1:
            return {"code": found[0].code, "name": found[0].name}
        if found:
            raise ValidationError(_("有几个单位都叫“%(given)s”，请填单位代码。"), "several_units", {"given": text[:40]})
        raise ValidationError(_("没有“%(given)s”这个单位，请填单位全称或代码。"), "unknown_unit", {"given": text[:40]})

    def _stored(self, value: Mapping[object, object]) -> Json:
        code = plain_text(value.get("code", ""))
        unit = Unit.objects.filter(code=code).first()
        if set(value) - {"code", "name"} or unit is None:
            raise ValidationError(
                _("没有“%(given)s”这个单位，请填单位全称或代码。"), "unknown_unit", {"given": code[:40]}
            )
        return {"code": unit.code, "name": plain_text(value.get("name") or unit.name)[:120]}

    def _found(self, text: str) -> list[Unit]:
        units = Unit.objects.filter(Q(closed_on=None) | Q(closed_on__gt=timezone.localdate()))
        exact = list(units.filter(code=text)[:1]) or list(units.filter(name=text)[:2])
        if exact or len(text) < 2:
            return exact
        return [unit for unit in units.only("code", "name", "short_names") if text in unit.short_names][:2]

    def _display(self, value: Json, language: Language) -> str:  # noqa: ARG002 — the base class's signature
        return _named(value)


class PersonField(FieldBase):
    """A person, stored as {"uid", "name"} with their name as it was.

    Takes a uid, a staff number, or a full name that only one person has. A value that is stored already stays good when
    the person has left; only people who are here can be named anew.
    """

    type: Literal["person"]

    def _clean(self, value: object) -> Json:
        if isinstance(value, Person):
            return {"uid": str(value.uid), "name": value.name}
        if isinstance(value, Mapping):
            return self._stored(value)
        text = plain_text(value)
        found = self._found(text)
        if len(found) == 1:
            return {"uid": str(found[0].uid), "name": found[0].name}
        if found:
            raise ValidationError(_("有几个人都叫“%(given)s”，请填工号。"), "several_people", {"given": text[:40]})
        raise ValidationError(_("没有“%(given)s”这个人，请填姓名或工号。"), "unknown_person", {"given": text[:40]})

    def _stored(self, value: Mapping[object, object]) -> Json:
        uid = _uid(plain_text(value.get("uid", "")))
        person = Person.objects.filter(uid=uid).first() if uid else None
        if set(value) - {"uid", "name"} or person is None:
            given = plain_text(value.get("name", ""))[:40]
            raise ValidationError(_("没有“%(given)s”这个人，请填姓名或工号。"), "unknown_person", {"given": given})
        return {"uid": str(person.uid), "name": plain_text(value.get("name") or person.name)[:80]}

    def _found(self, text: str) -> list[Person]:
        here = Person.objects.filter(Q(left_on=None) | Q(left_on__gte=timezone.localdate()))
        uid = _uid(text)
        if uid is not None:
            return list(here.filter(uid=uid))
        match = _SHORT_UID.fullmatch(text)
        if match:
            return [one for one in here.filter(name=match["name"].strip()) if str(one.uid).startswith(match["uid"])]
        return list(here.filter(staff_no=text)) or list(here.filter(name=text)[:2])

    def _display(self, value: Json, language: Language) -> str:  # noqa: ARG002 — the base class's signature
        return _named(value)


def _uid(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None


_LATITUDE: Final = NumberField(
    type="number", name="lat", words=Bilingual(zh="纬度", en="Latitude"), min=Decimal(-90), max=Decimal(90), decimals=6
)
_LONGITUDE: Final = NumberField(
    type="number",
    name="lon",
    words=Bilingual(zh="经度", en="Longitude"),
    min=Decimal(-180),
    max=Decimal(180),
    decimals=6,
)


class PlaceField(FieldBase):
    """A place in words, with coordinates where somebody gave them: {"text"}, or with "lat", "lon" as decimal text."""

    filterable: ClassVar[bool] = False

    type: Literal["place"]
    max: int = Field(default=200, ge=1, le=1000)

    def _clean(self, value: object) -> Json:
        given = value if isinstance(value, Mapping) else {"text": value}
        if set(given) - {"text", "lat", "lon"}:
            raise ValidationError(_("地点只有文字、纬度和经度三项。"), code="not_a_place")
        text = " ".join(plain_text(given.get("text") or "").split())
        if len(text) > self.max:
            raise ValidationError(
                _("最多%(limit)d个字符，现在有%(length)d个。"), "too_long", {"limit": self.max, "length": len(text)}
            )
        lat, lon = _LATITUDE.clean(given.get("lat")), _LONGITUDE.clean(given.get("lon"))
        if (lat is None) != (lon is None):
            raise ValidationError(_("纬度和经度要么都填，要么都不填。"), code="half_a_position")
        if not text and lat is not None:
            raise ValidationError(_("请用文字写明地点。"), code="position_without_words")
        if not text:
            return None
        return {"text": text} if lat is None else {"text": text, "lat": lat, "lon": lon}

    def _display(self, value: Json, language: Language) -> str:
        if not isinstance(value, dict):
            return str(value)
        position = f"{value['lat']}, {value['lon']}" if "lat" in value else ""
        if not position:
            return str(value.get("text", ""))
        return f"{value.get('text', '')}（{position}）" if language == "zh" else f"{value.get('text', '')} ({position})"
