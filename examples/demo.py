"""Fill an installation with living demo data: `python examples/demo.py FOLDER`.

An invented county, its people, the example speech and notice drafted into matters, problems and hazards, and months of
work on them up to today. Everything is done through the product's own acts, as its people would do it, so this is also
a test of the whole. The same day gives the same story.
"""

from __future__ import annotations

import datetime as dt
import io
import random
import re
import sys
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from luoshi.web.server import prepare, start_django

if TYPE_CHECKING:
    from luoshi.drafting.plan import Task
    from luoshi.org.models import Person, Unit
    from luoshi.org.policy import Actor
    from luoshi.work.enums import Act
    from luoshi.work.models import Evidence, Matter

HERE: Final = Path(__file__).parent
PASSWORD: Final = "luoshi-Demo-2026"  # noqa: S105 — of invented people, in a demo folder only
BEGIN: Final = dt.date(2021, 9, 1)

SCHOOLS: Final = (
    ("C1", "槐树镇中心学校", "槐树中心校", "centre_school", "nine_year", ""),
    ("C2", "柳河乡中心学校", "柳河中心校", "centre_school", "nine_year", ""),
    ("S01", "青禾县第一中学", "县一中;一中", "school", "senior", ""),
    ("S02", "青禾县第四中学", "四中", "school", "junior", ""),
    ("S03", "青禾县城东小学", "城东小学", "school", "primary", ""),
    ("S04", "青禾县职业教育中心", "职教中心", "school", "vocational", ""),
    ("S05", "槐树镇第二小学", "槐树二小", "school", "primary", "C1"),
    ("S06", "槐树镇石桥完全小学", "石桥小学", "school", "primary", "C1"),
    ("S07", "柳河乡北塘小学", "北塘小学", "school", "primary", "C2"),
    ("K01", "青禾县第五幼儿园", "五幼", "kindergarten", "kindergarten", ""),
    ("K02", "柳河乡中心幼儿园", "柳河幼儿园", "kindergarten", "kindergarten", "C2"),
)
NAMES: Final = (  # noqa: SIM905 — a line of names reads better than a column of strings
    "江一鸣 何清 安国平 纪晓 苏岚 孟舒 卢远 宋立 宋小禾 尤佳 秦川 秦雨 杜衡 关宁 席同 沈简 陶然 温故 祁山 骆宾 "
    "白洛 简宁 柯蓝 黎昕 梅若 聂远 庞立 屈原野 任重 石磊 谭越 万里 夏至 严谨 叶知秋 于归 章程 钟声 朱砚 卓然 "
    "左思远 常青 戴星 段落 范例 高歌 韩江 侯鸟 贾平"
).split()
PROBLEMS: Final = (
    ("第二批教学设备验收单缺少签字", "audit", "building_works", "QH03"),
    ("个别教师校外有偿补课线索未及时核查", "public", "conduct", "QH04"),
    ("课后服务费收支公示不完整", "school_inspection", "money", "S03"),
    ("食堂进货台账连续三周缺票据", "school_inspection", "canteen", "S02"),
    ("学籍异动审批超过规定时限", "self_check", "enrolment", "QH02"),
    ("来信来访登记后没有按时答复", "disciplinary_inspection", "service", "QH01"),
    ("安全责任书只签到中心校没有签到教学点", "campaign", "safety", "C2"),
)
HAZARDS: Final = (
    ("教学楼东侧消防通道堆放旧课桌", "ordinary", "fire", "教学楼东侧一层", "S05"),
    ("食堂后厨燃气报警器失灵", "serious", "power_gas", "食堂一层后厨", "S02"),
    ("围墙根部开裂约三米", "major", "buildings", "操场北侧围墙", "S07"),
    ("校车应急锤缺失两把", "ordinary", "school_bus", "校车青A-0217", "C1"),
    ("实验室废液桶没有标签", "ordinary", "laboratory", "实验楼三层化学准备室", "S01"),
    ("宿舍插线板私拉乱接", "ordinary", "dormitory", "男生宿舍二层", "S04"),
    ("校门口坡道汛期积水", "ordinary", "weather", "南门外坡道", "K01"),
    ("滑梯连接处螺栓松动", "ordinary", "sports", "活动场西侧", "K02"),
)
_NEWS: Final = (
    "已完成现场查看，正在准备材料。",
    "方案已经分管领导审定，下周开始实施。",
    "完成过半，剩余部分月底前收尾。",
)
_DOCUMENTS: Final = (("讲话.docx", "document", 2, 27), ("通知.txt", "document", 4, 8))


@dataclass
class Story:
    """Who plays, and by what day."""

    today: dt.date
    chance: random.Random
    units: dict[str, Unit] = field(default_factory=dict)
    heads: dict[str, Person] = field(default_factory=dict)
    officers: dict[str, Person] = field(default_factory=dict)
    others: dict[str, Person] = field(default_factory=dict)

    def actor(self, person: Person) -> Actor:
        """Return somebody as policy knows them today."""
        from luoshi.org.policy import actor_of

        return actor_of(person, self.today)

    def at(self, day: dt.date, hour: int = 9) -> dt.datetime | None:
        """Return a moment in office hours of a day, None where that day is not over yet."""
        from django.utils import timezone

        if day >= self.today:
            return None
        return timezone.make_aware(dt.datetime.combine(day, dt.time(hour, self.chance.randrange(60))))


def main(folder: Path) -> int:
    """Fill a new installation; leave one alone that has units already."""
    start_django(folder)
    prepare()
    from django.utils import timezone

    from luoshi.org.models import Unit

    if not Unit.objects.exists():
        story = Story(timezone.localdate(), random.Random(20260227))  # noqa: S311 — the same story every time
        people(story)
        year = story.today.year if story.today > dt.date(story.today.year, 3, 10) else story.today.year - 1
        for name, origin, month, day in _DOCUMENTS:
            tasks(story, name, origin, dt.date(year, month, day))
        problems(story)
        hazards(story)
    return 0


# People.


def people(story: Story) -> None:
    """Open the units, and give each its people."""
    from luoshi.org.actions import add_to_group, open_group, open_unit
    from luoshi.org.policy import SYSTEM_ACTOR as SYSTEM

    root = open_unit(
        by=SYSTEM,
        code="QH",
        name="青禾县教育局",
        kind="authority",
        short_names="县教育局;县局;教育局",
        opened_on=BEGIN,
    )
    story.units["QH"] = root
    for line in (HERE / "units.csv").read_text(encoding="utf-8").splitlines()[1:]:
        code, name, short, duties = line.split(",")
        story.units[code] = open_unit(
            by=SYSTEM, code=code, name=name, kind="department", parent=root, short_names=short, duties=duties,
            opened_on=BEGIN,
        )  # fmt: skip
    for code, name, short, kind, stage, parent in SCHOOLS:
        above = story.units[parent] if parent else root
        story.units[code] = open_unit(
            by=SYSTEM, code=code, name=name, kind=kind, stage=stage, parent=above, short_names=short, opened_on=BEGIN
        )  # fmt: skip
    area = open_group(by=SYSTEM, code="P1", name="槐树片区", kind="area")
    add_to_group(area, [story.units[code] for code in ("C1", "S05", "S06", "S03")], by=SYSTEM, since=BEGIN)
    names = iter(NAMES)
    for username, role, title in (
        ("duban", "supervisor", "督查督办股股长"), ("juzhang", "leader", "局长"), ("jijian", "discipline", "纪检组长"),
        ("xitong", "system_admin", ""), ("anquan", "security_admin", ""), ("shenji", "audit_admin", ""),
    ):  # fmt: skip
        story.others[username] = hire(next(names), username, root, role, title)
    story.others["fenguan"] = hire(next(names), "fenguan", root, "leader", "副局长", area=area)
    known = {"QH02": "jijiao", "S03": "chengdong"}
    for code, unit in story.units.items():
        if code != "QH":
            head = "校长" if code[0] in "CS" else "园长" if code[0] == "K" else "股长"
            login = known.get(code, code.lower())
            story.heads[code] = hire(next(names), login, unit, "head", head)
            story.officers[code] = hire(next(names), f"{login}1", unit, "officer", "干事")


def hire(name: str, username: str, unit: Unit, role: str, title: str, **more: Any) -> Person:
    """Take somebody on: a person, a confirmed post, an account that opens with the demo's password."""
    from luoshi.accounts.models import Account
    from luoshi.org.actions import add_person, confirm_post, propose_post
    from luoshi.org.policy import SYSTEM_ACTOR as SYSTEM

    person = add_person(by=SYSTEM, name=name, staff_no=username)
    post = propose_post(person, unit, by=SYSTEM, role=role, title=title, since=BEGIN, **more)
    confirm_post(post, by=SYSTEM)
    person.account = Account.objects.create(username=username, password=hashed())
    person.save(update_fields=["account"])
    return person


@cache
def hashed() -> str:
    """Return the demo's password as it is stored; hashing is slow on purpose, so once is enough here."""
    from django.contrib.auth.hashers import make_password

    return make_password(PASSWORD)


# Matters.


def tasks(story: Story, name: str, origin: str, day: dt.date) -> None:
    """Draft an example document and make its tasks matters, each with the words that it came from."""
    from luoshi.drafting import draft
    from luoshi.drafting.directory import Directory
    from luoshi.reading import read

    plan = draft(read(HERE / name), directory=Directory.load(HERE / "units.csv"), date=day)
    for task in plan.tasks:
        leads = [owner.unit for owner in task.owners if owner.unit in story.units] or ["QH01"]
        support = [body.unit for body in task.support if body.unit in story.units and body.unit != leads[0]]
        matter = opened(
            story,
            "task",
            day + dt.timedelta(days=story.chance.randint(2, 9)),
            title=task.title[:200],
            requirement=task.text[:4000],
            source={"document": name, "quote": task.text, "start": task.start, "end": task.end},
            lead=story.units[str(leads[0])],
            support=[story.units[str(code)] for code in dict.fromkeys(support)],
            due=due_of(task, day),
            targets=targets_of(task),
            fields={"origin": origin, "difficulty": "hard"},
        )
        if matter is not None:
            work(story, matter)


def due_of(task: Task, day: dt.date) -> dt.date:
    """Return the last day that the text names, else the end of the half year that follows."""
    said_ = [deadline.due for deadline in task.deadlines if deadline.due and deadline.due > day + dt.timedelta(days=12)]
    return max(said_, default=dt.date(day.year, 12, 31) if task.id % 3 else dt.date(day.year, 6, 30))


def targets_of(task: Task) -> list[dict[str, object]]:
    """Return the figures that the text asks for."""
    return [
        {"of": (target.of or task.title)[:60], "op": target.op, "value": f"{target.value:g}", "unit": target.unit}
        for target in task.targets[:3]
        if target.op in {">=", "<=", "="}
    ]


def problems(story: Story) -> None:
    """Open problems, and have them put right with both feedbacks."""
    for title, source, category, code in PROBLEMS:
        day = story.today - dt.timedelta(days=story.chance.randint(5, 70))
        matter = opened(
            story, "problem", day, title=title, requirement=f"{title}：查清原因，落实整改，举一反三。",
            lead=story.units[code], due=day + dt.timedelta(days=30),
            fields={"source": source, "category": category, "found_on": day.isoformat()},
        )  # fmt: skip
        if matter is not None:
            work(story, matter, feedback={"person": "已当面反馈。", "published": "已在公示栏公示七天。"})


def hazards(story: Story) -> None:
    """Let schools open the hazards that they found themselves."""
    for title, level, category, place, code in HAZARDS:
        day = story.today - dt.timedelta(days=story.chance.randint(2, 20))
        values = {
            "level": level, "category": category, "place": {"text": place}, "found_on": day.isoformat(),
            "control": "已围挡并安排专人看守。", "found_by": "self_check",
        }  # fmt: skip
        matter = opened(
            story, "hazard", day, title=title, lead=story.units[code], fields=values, by=story.heads[code],
            due=day + dt.timedelta(days=7 if level == "ordinary" else 30),
        )  # fmt: skip
        if matter is not None:
            work(story, matter)


def opened(story: Story, register: str, day: dt.date, *, by: Person | None = None, **values: Any) -> Matter | None:
    """Open and hand out a matter on a day; None where that day has not come."""
    from luoshi.work.actions import open_matter
    from luoshi.work.enums import Act

    at = story.at(day)
    if at is None:
        return None
    supervisor = story.others["duban"]
    matter = open_matter(register, by=story.actor(by or supervisor), at=at, **values)
    act(story, matter, Act.ASSIGN, supervisor, day, 10)
    return matter


def act(story: Story, matter: Matter, what: Act, by: Person, day: dt.date, hour: int, **data: Any) -> bool:
    """Do one act on a day; tell whether that day has come."""
    from luoshi.work.actions import perform

    at = story.at(day, hour)
    if at is None:
        return False
    perform(matter, what, by=story.actor(by), at=at, **data)
    return True


def work(story: Story, matter: Matter, feedback: dict[str, str] | None = None) -> None:
    """Let the lead unit work on a matter, mostly in time, as far as today."""
    from django.utils import timezone

    from luoshi.work.enums import Act

    matter.refresh_from_db()
    lead = matter.lead
    if lead is None or matter.due is None or matter.assigned_at is None:
        return
    head, officer, supervisor = story.heads[lead.code], story.officers[lead.code], story.others["duban"]
    begin = timezone.localdate(matter.assigned_at)
    mood = story.chance.random()
    if mood < 0.05 or not act(story, matter, Act.ACCEPT, head, begin + dt.timedelta(days=1), 9, handler=officer):
        return
    end = matter.due + dt.timedelta(days=story.chance.randint(-20, -2) if mood < 0.8 else story.chance.randint(3, 25))
    end = max(end, begin + dt.timedelta(days=4))
    for share in (0.3, 0.6):
        day = begin + dt.timedelta(days=max(2, int((end - begin).days * share)))
        news = story.chance.choice(_NEWS)
        act(story, matter, Act.REPORT, officer, day, 15, note=news, progress=int(share * 100))
    if mood > 0.9 and matter.due < story.today:
        act(story, matter, Act.URGE, supervisor, min(matter.due, end) + dt.timedelta(days=1), 16, note="请说明进度。")
    if mood < 0.85 or end < story.today - dt.timedelta(days=30):
        finish(story, matter, end, feedback or {})
    elif mood > 0.93:
        why = "设备到货推迟，需要顺延。"
        later = max(story.today, matter.due) + dt.timedelta(days=20)
        act(story, matter, Act.REQUEST_EXTENSION, head, story.today - dt.timedelta(days=1), 11, to=later, why=why)


def finish(story: Story, matter: Matter, end: dt.date, feedback: dict[str, str]) -> None:
    """Hand in, sign and verify; a few come back once."""
    from luoshi.work.enums import Act

    matter.refresh_from_db()
    lead = matter.lead
    if lead is None or story.at(end) is None:
        return
    head, officer, supervisor = story.heads[lead.code], story.officers[lead.code], story.others["duban"]
    paper = proof(story, matter)
    act(story, matter, Act.ATTACH, officer, end, 9, evidence=[(paper, f"{matter.title[:30]}办结情况.pdf", "")])
    fields = closing_fields(matter, head)
    if fields:
        act(story, matter, Act.EDIT, supervisor, end, 10, fields=fields)
    actuals = {target["id"]: target["value"] for target in matter.targets}
    data = {"note": "已按要求完成，材料附后。", "feedback": feedback, "actuals": actuals}
    act(story, matter, Act.SUBMIT, officer, end, 14, **{name: value for name, value in data.items() if value})
    if not act(story, matter, Act.VERIFY, head, end + dt.timedelta(days=1), 9):
        return
    if story.chance.random() < 0.12:
        back = "佐证材料看不出完成数量，请补充。"
        if act(story, matter, Act.RETURN, supervisor, end + dt.timedelta(days=2), 9, reason=back):
            act(story, matter, Act.SUBMIT, officer, end + dt.timedelta(days=4), 9, note="已补充清单。")
            act(story, matter, Act.VERIFY, head, end + dt.timedelta(days=4), 15)
    checked = end + dt.timedelta(days=story.chance.randint(5, 8))
    matter.refresh_from_db()
    if matter.state == "submitted":
        graded = (
            {}
            if matter.register == "hazard"
            else {"grade": story.chance.choice(("excellent", "good", "good", "passed"))}
        )
        act(story, matter, Act.VERIFY, supervisor, checked, 10, note="材料齐全，同意销号。", **graded)


def closing_fields(matter: Matter, head: Person) -> dict[str, object]:
    """Return the register's fields that must be filled before a matter is handed in."""
    if matter.register == "problem":
        return {
            **matter.fields,
            "responsible": str(head.uid),
            "measure": "逐项核对，补齐手续，明确专人。",
            "outcome": "已整改到位。",
        }
    if matter.register == "hazard":
        return {**matter.fields, "removal": "已更换损坏部件并复查合格。"}
    return {}


def proof(story: Story, matter: Matter) -> Evidence:
    """Return a made paper as evidence: a page with the matter's number."""
    from PIL import Image, ImageDraw

    from luoshi.work.evidence import store

    page = Image.new("RGB", (595, 842), "white")
    draw = ImageDraw.Draw(page)
    draw.rectangle((40, 40, 555, 802), outline="black")
    draw.text(
        (60, 60), f"{re.sub(r'[^0-9]+', '-', matter.number).strip('-')}  {story.chance.random():.12f}", fill="black"
    )
    stream = io.BytesIO()
    page.save(stream, "PDF")
    stream.seek(0)
    return store(stream, name="办结情况.pdf")


if __name__ == "__main__":
    raise SystemExit(main(Path(sys.argv[1] if len(sys.argv) > 1 else "build/demo")))
