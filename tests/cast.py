"""The people of every test: an invented authority with two departments, a centre school and three schools.

::

    云岭市教育局 (YL)            leader 卢远舟 · supervisor 苏晓岚 · discipline 纪宏
    ├── 基础教育科 (YL-JJ)        head 江一鸣 · officer 何清
    ├── 安全科 (YL-AQ)           head 安国平 · officer 安小北
    ├── 槐树镇中心学校 (HS)       head 槐启明
    │   ├── 槐树镇第一小学 (HS-1)  head 宋校长 · officer 宋干事
    │   └── 槐树镇幼儿园 (HS-Y)    head 尤园长
    └── 青禾第一中学 (QH-1)       head 秦校长 · officer 秦干事

Inspector 杜学 answers for the zone of the two 槐树镇 schools, leader 包片 (包海) covers 青禾第一中学, observer 关言 belongs
to 青禾第一中学; the three administrators belong to the authority. 陌生 is a person without a post.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.utils import timezone

from luoshi.accounts.models import Account
from luoshi.org.enums import GroupKind, Role, Stage, UnitKind
from luoshi.org.models import Group, Membership, Person, Post, Unit, UnitVersion
from luoshi.org.policy import Actor, actor_of

__all__ = ["BEGIN", "Cast", "make_cast"]

BEGIN = dt.date(2020, 1, 1)
PASSWORD = "青禾-Luoshi-2026"  # an invented password for invented people

_UNITS: tuple[tuple[str, str, str, list[str], UnitKind, Stage], ...] = (
    ("YL", "", "云岭市教育局", ["市教育局", "市局"], UnitKind.AUTHORITY, Stage.NONE),
    ("YL-JJ", "YL", "基础教育科", ["基教科"], UnitKind.DEPARTMENT, Stage.NONE),
    ("YL-AQ", "YL", "安全科", ["安全办"], UnitKind.DEPARTMENT, Stage.NONE),
    ("HS", "YL", "槐树镇中心学校", ["槐树中心校"], UnitKind.CENTRE_SCHOOL, Stage.NINE_YEAR),
    ("HS-1", "HS", "槐树镇第一小学", ["槐树一小"], UnitKind.SCHOOL, Stage.PRIMARY),
    ("HS-Y", "HS", "槐树镇幼儿园", [], UnitKind.KINDERGARTEN, Stage.KINDERGARTEN),
    ("QH-1", "YL", "青禾第一中学", ["青禾一中"], UnitKind.SCHOOL, Stage.SENIOR),
)
_PEOPLE = (
    ("leader", "卢远舟", "YL", Role.LEADER, "局长"),
    ("supervisor", "苏晓岚", "YL", Role.SUPERVISOR, "督办科科长"),
    ("second_supervisor", "孟舒", "YL", Role.SUPERVISOR, "督办员"),
    ("discipline", "纪宏", "YL", Role.DISCIPLINE, "纪检组长"),
    ("head", "江一鸣", "YL-JJ", Role.HEAD, "科长"),
    ("officer", "何清", "YL-JJ", Role.OFFICER, "科员"),
    ("safety_head", "安国平", "YL-AQ", Role.HEAD, "科长"),
    ("safety_officer", "安小北", "YL-AQ", Role.OFFICER, "科员"),
    ("centre_head", "槐启明", "HS", Role.HEAD, "校长"),
    ("school_head", "宋立", "HS-1", Role.HEAD, "校长"),
    ("school_officer", "宋小禾", "HS-1", Role.OFFICER, "办公室干事"),
    ("kindergarten_head", "尤佳", "HS-Y", Role.HEAD, "园长"),
    ("other_head", "秦川", "QH-1", Role.HEAD, "校长"),
    ("other_officer", "秦小雨", "QH-1", Role.OFFICER, "办公室干事"),
    ("observer", "关言", "QH-1", Role.OBSERVER, "家长代表"),
    ("system_admin", "席统", "YL", Role.SYSTEM_ADMIN, ""),
    ("security_admin", "安权", "YL", Role.SECURITY_ADMIN, ""),
    ("audit_admin", "沈记", "YL", Role.AUDIT_ADMIN, ""),
)


@dataclass(frozen=True)
class Cast:
    """The made units by code, and the people by what they are."""

    units: dict[str, Unit]
    people: dict[str, Person]

    def unit(self, code: str) -> Unit:
        """Return a unit as the database has it now."""
        unit: Unit = Unit.objects.get(pk=self.units[code].pk)
        return unit

    def actor(self, name: str, on: dt.date | None = None) -> Actor:
        """Return one of the cast as policy knows them on a day, today unless told."""
        return actor_of(self.people[name], on or timezone.localdate())


def make_cast() -> Cast:
    """Make everybody in the database; each can sign in with their cast name and `PASSWORD` once that is set."""
    units: dict[str, Unit] = {}
    for code, parent, name, short, kind, stage in _UNITS:
        values = {"code": code, "name": name, "short_names": short, "kind": kind, "stage": stage, "opened_on": BEGIN}
        if parent:
            units[code] = Unit.objects.add_child(Unit.objects.get(pk=units[parent].pk), create_kwargs=values)
        else:
            units[code] = Unit.objects.add_root(create_kwargs=values)
        UnitVersion.objects.create(
            unit=units[code], since=BEGIN, name=name, kind=kind, parent=units[parent] if parent else None
        )
    zone = _group("Z1", "槐树责任区", GroupKind.ZONE, units["HS-1"], units["HS-Y"])
    area = _group("A1", "青禾片区", GroupKind.AREA, units["QH-1"])
    people = {name: _person(name, full, units[unit], role, title) for name, full, unit, role, title in _PEOPLE}
    people["inspector"] = _person("inspector", "杜学", units["YL"], Role.INSPECTOR, "责任督学", zone)
    people["area_leader"] = _person("area_leader", "包海", units["YL"], Role.LEADER, "副局长", area)
    people["stranger"] = Person.objects.create(
        name="陌生", staff_no="stranger", account=Account.objects.create_user("stranger")
    )
    return Cast({code: Unit.objects.get(pk=unit.pk) for code, unit in units.items()}, people)


def _group(code: str, name: str, kind: GroupKind, *units: Unit) -> Group:
    group = Group.objects.create(code=code, name=name, kind=kind)
    for unit in units:
        Membership.objects.create(group=group, unit=unit, since=BEGIN)
    return group


def _person(  # noqa: PLR0917 — a line of the table above
    name: str, full: str, unit: Unit, role: Role, title: str, area: Group | None = None
) -> Person:
    person = Person.objects.create(name=full, staff_no=name, account=Account.objects.create_user(name))
    Post.objects.create(
        person=person, unit=unit, role=role, title=title, area=area, since=BEGIN, confirmed_at=timezone.now()
    )
    return person
