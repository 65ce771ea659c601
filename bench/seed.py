"""A large installation to measure with: one authority, 20 departments, 1,000 schools, and as many matters as asked for.

Rows are written in bulk, but every event is a true one: it goes through `fold.apply`, is chained, and `luoshi verify`
finds nothing wrong with what comes out. Of the matters 60 % were cancelled, 30 % are assigned, 10 % have five events
(half of these closed, half handed in). The same count gives the same data.
"""

from __future__ import annotations

import datetime as dt
import random
import uuid
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, Final, cast

from django.db import connection, transaction
from django.db.models import Model
from django.utils import timezone

from luoshi.accounts.models import Account
from luoshi.ledger.canonical import GENESIS, link
from luoshi.org.enums import Role, Stage, UnitKind
from luoshi.org.models import Person, Post, Unit, UnitVersion
from luoshi.work import registers, search
from luoshi.work.enums import Act, State
from luoshi.work.fold import apply, involvements, moment, person_ref, unit_ref
from luoshi.work.models import Event, Involvement, Matter, Numbering, RegisterVersion

__all__ = ["DEPARTMENTS", "SCHOOLS", "seed_matters", "seed_organisation"]

DEPARTMENTS: Final = 20
SCHOOLS: Final = 1_000
TOWNS: Final = 40
BEGIN: Final = dt.date(2020, 1, 1)

_SURNAMES: Final = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦许何吕施张孔曹严华金魏陶姜"
_GIVEN: Final = "一鸣小禾晓岚启明远舟佳宁安国平书涵思源雨桐子轩若溪景行知远"
_VERBS: Final = ("完成", "推进", "开展", "建立", "排查", "整改", "制定", "落实", "修缮", "组织")
_THINGS: Final = (
    "食堂燃气报警装置更换", "校车行驶路线复核", "教学楼外墙空鼓修补", "课后服务课程安排", "心理健康档案",
    "实验室危化品清点", "学籍变动核对", "寄宿生晚间查寝", "运动场地翻新", "阅读角建设", "新教师跟岗培训",
    "作业总量公示", "营养餐台账", "消防通道清理", "午休躺睡条件改善", "家长开放日",
)  # fmt: skip
_PLACES: Final = ("槐树", "青禾", "云岭", "石桥", "柳河", "东湾", "南坡", "北塘", "西岗", "杏林")


_SAID: Final[dict[Act, dict[str, Any]]] = {
    Act.CANCEL: {"reason": "并入其他事项"},
    Act.VERIFY: {"step": {"n": 2, "of": 2, "zh": "督办核查", "en": "Verified by the supervision office"}},
}
"""What the door writes into events of these acts beside the columns that they set."""


@dataclass
class Ground:
    """The organisation that matters are placed in."""

    departments: list[Unit] = field(default_factory=list)
    schools: list[Unit] = field(default_factory=list)
    supervisor: Person | None = None


def seed_organisation() -> Ground:
    """Make units, and a head and an officer for each; accounts `supervisor`, `head-…` and `officer-…` by unit code."""
    chance = random.Random(1)  # noqa: S311 — the same every time, nothing secret
    ground = Ground()
    with transaction.atomic():
        root = Unit.objects.add_root(create_kwargs=_unit("YL", "云岭市教育局", UnitKind.AUTHORITY))
        for number in range(1, DEPARTMENTS + 1):
            name = f"第{number}科"
            ground.departments.append(_below(root, f"K{number:02}", name, UnitKind.DEPARTMENT))
        towns = [
            _below(root, f"T{number:02}", f"{_PLACES[number % 10]}{number}镇中心学校", UnitKind.CENTRE_SCHOOL)
            for number in range(1, TOWNS + 1)
        ]
        for number in range(1, SCHOOLS + 1):
            name = f"{_PLACES[number % 10]}第{number}小学"
            ground.schools.append(_below(towns[number % TOWNS], f"S{number:04}", name, UnitKind.SCHOOL, Stage.PRIMARY))
        ground.supervisor = _person("supervisor", "苏晓岚", root, Role.SUPERVISOR)
        _person("audit", "沈记", root, Role.AUDIT_ADMIN)
        for unit in (*ground.departments, *ground.schools):
            for role in (Role.HEAD, Role.OFFICER):
                name = chance.choice(_SURNAMES) + "".join(chance.sample(_GIVEN, 2))
                _person(f"{role.value}-{unit.code}".lower(), name, unit, role)
    return ground


def _unit(code: str, name: str, kind: UnitKind, stage: Stage = Stage.NONE) -> dict[str, Any]:
    return {"code": code, "name": name, "kind": kind, "stage": stage, "opened_on": BEGIN}


def _below(parent: Unit, code: str, name: str, kind: UnitKind, stage: Stage = Stage.NONE) -> Unit:
    fresh = Unit.objects.get(pk=parent.pk)
    unit = cast("Unit", Unit.objects.add_child(fresh, create_kwargs=_unit(code, name, kind, stage)))
    UnitVersion.objects.create(unit=unit, since=BEGIN, name=name, kind=kind, parent=fresh)
    return unit


def _person(username: str, name: str, unit: Unit, role: Role) -> Person:
    account = Account.objects.create(username=username, password="!")  # noqa: S106 — nobody signs in with it
    person = Person.objects.create(name=name, staff_no=username, account=account)
    Post.objects.create(person=person, unit=unit, role=role, since=BEGIN, confirmed_at=timezone.now())
    return person


def seed_matters(ground: Ground, count: int, *, batch: int = 5_000) -> None:
    """Write `count` matters with their events, parts and words to search for."""
    maker = _Maker(ground, count)
    registers.of_version(maker.register.pk)  # kept from now on: inside a transaction it would be read each time
    matters, events, parts = _Table(Matter), _Table(Event, numbered=False), _Table(Involvement, numbered=False)
    for start in range(0, count, batch):
        made = [maker.matter(number) for number in range(start + 1, min(start + batch, count) + 1)]
        with transaction.atomic():
            matters.write(matter for matter, _events in made)
            events.write(event for _matter, happened in made for event in happened)
            parts.write(part for matter, _events in made for part in _parts(matter))
            search.index_many([matter.id for matter, _events in made])
    with transaction.atomic():
        for year, last in maker.numbered.items():
            Numbering.objects.create(register="task", year=year, last=last)


class _Row:
    """A row before it is a model's: making a million of these takes seconds, of the others minutes."""

    content: Callable[..., dict[str, Any]] = Event.content
    uid: uuid.UUID
    hash: str
    matter: _Row

    def __init__(self, **values: Any) -> None:
        self.__dict__.update(values)

    def __getattr__(self, name: str) -> Any:
        raise AttributeError(name)


class _Table:
    """Writes plain rows into a model's table, as the model's own fields would."""

    def __init__(self, model: type[Model], *, numbered: bool = True) -> None:
        self.fields = [one for one in model._meta.concrete_fields if numbered or not one.primary_key]
        names = ", ".join(connection.ops.quote_name(str(one.column)) for one in self.fields)
        marks = ", ".join(["%s"] * len(self.fields))
        self.sql = f"INSERT INTO {model._meta.db_table} ({names}) VALUES ({marks})"  # noqa: S608 — names of ours

    def write(self, rows: Iterable[_Row]) -> None:
        with connection.cursor() as cursor:
            cursor.executemany(self.sql, [self._values(row) for row in rows])

    def _values(self, row: _Row) -> list[Any]:
        return [one.get_db_prep_save(getattr(row, one.attname), connection) for one in self.fields]


def _defaults() -> dict[str, Any]:
    blank = Matter()
    return {one.attname: getattr(blank, one.attname) for one in Matter._meta.concrete_fields}


def _parts(matter: _Row) -> Iterator[_Row]:
    for unit, side in involvements(cast("Matter", matter)).items():
        yield _Row(matter_id=matter.id, unit_id=unit, side=side.value)


class _Maker:
    """Makes matters and their events, the same ones every time."""

    def __init__(self, ground: Ground, count: int) -> None:
        self.chance = random.Random(20261122)  # noqa: S311 — the same every time, nothing secret
        self.ground = ground
        self.register: RegisterVersion = registers.current_row("task")
        self.now = dt.datetime(2026, 11, 1, 8, tzinfo=dt.UTC)
        self.step = dt.timedelta(days=1000) / count
        self.supervisor = ground.supervisor.pk if ground.supervisor else None
        self.defaults = {name: value for name, value in _defaults().items() if name != "id"}
        self.numbered: dict[int, int] = {}
        posts = Post.objects.filter(role__in=(Role.HEAD, Role.OFFICER)).select_related("person")
        self.people = {(post.unit_id, post.role): post.person for post in posts}

    def matter(self, number: int) -> tuple[_Row, list[_Row]]:
        at = self.now - dt.timedelta(days=1000) + number * self.step
        year = at.year
        self.numbered[year] = self.numbered.get(year, 0) + 1
        matter = _Row(**self.defaults, id=number)
        events = [self._open(matter, at, f"督办〔{year}〕{self.numbered[year]}号")]
        path = self.chance.random()
        if path < 0.6:
            events.append(self._event(matter, Act.CANCEL, at, state=State.CANCELLED.value))
        else:
            events.append(self._assign(matter, at))
        if path >= 0.9:
            events += self._work(matter, at, closed=path >= 0.95)
        return matter, events

    def _open(self, matter: _Row, at: dt.datetime, number: str) -> _Row:
        units = self.ground.schools if self.chance.random() < 0.7 else self.ground.departments
        lead, support = self.chance.choice(units), self.chance.choice(self.ground.departments)
        title = self._title(lead)
        due = (at + dt.timedelta(days=self.chance.randint(5, 90))).date().isoformat()
        values: dict[str, Any] = {
            "uid": str(uuid.UUID(int=self.chance.getrandbits(128), version=4)),
            "origin": str(uuid.UUID(int=self.chance.getrandbits(128), version=4)),
            "register": "task",
            "register_version": {"id": self.register.pk, "version": 1, "sha256": self.register.sha256},
            "number": number,
            "title": title,
            "requirement": f"{title}，明确责任人，按期报结，结果在全市通报。",
            "state": State.DRAFTED.value,
            "lead": unit_ref(lead),
            "support": [] if support.pk == lead.pk else [unit_ref(support)],
            "opened_by": person_ref(self.ground.supervisor),
            "opened_at": moment(at),
            "due": due,
            "first_due": due,
            "fields": {"origin": self.chance.choice(("meeting", "document", "instruction"))},
        }
        return self._event(matter, Act.OPEN, at, **values)

    def _title(self, lead: Unit) -> str:
        where = self.chance.choice(("学校", "学校", "学校", lead.name, lead.name, *_PLACES[:5]))
        return f"{self.chance.choice(_VERBS)}{where}{self.chance.choice(_THINGS)}（第{self.chance.randint(1, 9999)}批）"

    def _assign(self, matter: _Row, at: dt.datetime) -> _Row:
        later = at + dt.timedelta(hours=1)
        return self._event(matter, Act.ASSIGN, later, state=State.ASSIGNED.value, assigned_at=moment(later))

    def _work(self, matter: _Row, at: dt.datetime, *, closed: bool) -> list[_Row]:
        officer = self.people[matter.lead_id, Role.OFFICER]
        days = [at + dt.timedelta(days=day) for day in (1, 5, 9)]
        events = [
            self._event(
                matter, Act.ACCEPT, days[0], state=State.UNDER_WAY.value, accepted_at=moment(days[0]),
                handler=person_ref(officer), workers=[officer.pk],
            ),
            self._event(matter, Act.REPORT, days[1], note="已完成现场查看，材料正在准备。", progress=60),
        ]  # fmt: skip
        state = State.CLOSED if closed else State.SUBMITTED
        values: dict[str, Any] = {"state": state.value, "submitted_at": moment(days[2]), "progress": 100}
        if closed:
            values |= {"closed_at": moment(days[2]), "grade": "good"}
        return [*events, self._event(matter, Act.VERIFY if closed else Act.SUBMIT, days[2], **values)]

    def _event(self, matter: _Row, act: Act, at: dt.datetime, *, note: str = "", **values: Any) -> _Row:
        event = _Row(
            matter_id=matter.id,
            seq=matter.version + 1,
            act=act.value,
            at=at,
            actor_id=self.supervisor,
            deputy_for="",
            actor_name="苏晓岚",
            actor_post="云岭市教育局 督办员",
            operation=uuid.UUID(int=self.chance.getrandbits(128), version=4),
            data={"set": values, "was": {}, **({"note": note} if note else {}), **_SAID.get(act, {})},
            prev=matter.head or GENESIS,
        )
        if matter.version == 0:
            matter.uid = uuid.UUID(values["uid"])  # the event's content names it
        event.matter = matter
        event.hash = link(event.prev, event.content())
        apply(cast("Matter", matter), cast("Event", event))
        return event
