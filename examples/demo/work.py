"""What the county does about its matters: problems and hazards opened over the year, and how units work on them."""

from __future__ import annotations

import datetime as dt
import io
import re
from typing import Any, Final

from django.utils import timezone
from examples.demo.story import Story
from PIL import Image, ImageDraw

from luoshi.org.models import Person
from luoshi.work.actions import open_matter, perform
from luoshi.work.enums import Act
from luoshi.work.evidence import store
from luoshi.work.models import Evidence, Matter

__all__ = ["hazards", "problems", "work"]

PROBLEMS: Final = (
    ("第二批教学设备验收单缺少签字", "audit", "building_works", "QH03"),
    ("个别教师校外有偿补课线索未及时核查", "public", "conduct", "QH04"),
    ("课后服务费收支公示不完整", "school_inspection", "money", "S06"),
    ("食堂进货台账连续三周缺票据", "school_inspection", "canteen", "S04"),
    ("学籍异动审批超过规定时限", "self_check", "enrolment", "QH02"),
    ("来信来访登记后没有按时答复", "disciplinary_inspection", "service", "QH01"),
    ("安全责任书只签到中心校没有签到教学点", "campaign", "safety", "C2"),
)
HAZARDS: Final = (
    ("教学楼东侧消防通道堆放旧课桌", "ordinary", "fire", "教学楼东侧一层", "T01"),
    ("食堂后厨燃气报警器失灵", "serious", "power_gas", "食堂一层后厨", "S04"),
    ("围墙根部开裂约三米", "major", "buildings", "操场北侧围墙", "T06"),
    ("校车应急锤缺失两把", "ordinary", "school_bus", "校车青A-0217", "C1"),
    ("实验室废液桶没有标签", "ordinary", "laboratory", "实验楼三层化学准备室", "S01"),
    ("宿舍插线板私拉乱接", "ordinary", "dormitory", "男生宿舍二层", "S10"),
    ("校门口坡道汛期积水", "ordinary", "weather", "南门外坡道", "K13"),
    ("滑梯连接处螺栓松动", "ordinary", "sports", "活动场西侧", "K02"),
)
_NEWS: Final = (
    "已完成现场查看，正在准备材料。",
    "方案已经分管领导审定，下周开始实施。",
    "完成过半，剩余部分月底前收尾。",
)


def problems(story: Story) -> None:
    """Open problems, and have them put right with both feedbacks."""
    for title, source, category, code in PROBLEMS:
        day = story.today - dt.timedelta(days=story.chance.randint(5, 280))
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
        day = story.today - dt.timedelta(days=story.chance.randint(2, 150))
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
    at = story.at(day)
    if at is None:
        return None
    supervisor = story.others["duban"]
    matter = open_matter(register, by=story.actor(by or supervisor), at=at, **values)
    act(story, matter, Act.ASSIGN, supervisor, day, 10)
    return matter


def act(story: Story, matter: Matter, what: Act, by: Person, day: dt.date, hour: int, **data: Any) -> bool:
    """Do one act on a day; tell whether that day has come."""
    at = story.at(day, hour)
    if at is None:
        return False
    perform(matter, what, by=story.actor(by), at=at, **data)
    return True


def work(story: Story, matter: Matter, feedback: dict[str, str] | None = None) -> None:
    """Let the lead unit work on a matter, mostly in time, as far as today."""
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
    if mood < 0.82:
        finish(story, matter, end, feedback or {})
    elif mood > 0.93:
        why = "设备到货推迟，需要顺延。"
        later = max(story.today, matter.due) + dt.timedelta(days=20)
        act(story, matter, Act.REQUEST_EXTENSION, head, story.today - dt.timedelta(days=1), 11, to=later, why=why)


def finish(story: Story, matter: Matter, end: dt.date, feedback: dict[str, str]) -> None:
    """Hand in, sign and verify; a few come back once."""
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
