"""The county's units, people and accounts."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from examples.demo.story import BEGIN, EXAMPLES, Story, rows_of

from luoshi.org.account_actions import create_account
from luoshi.org.actions import add_person, add_to_group, confirm_post, open_group, open_unit, propose_post
from luoshi.org.models import Group, Person, Unit
from luoshi.org.policy import SYSTEM_ACTOR as SYSTEM

__all__ = ["LOGINS", "people"]

LOGINS: Final = {"QH02": "jijiao", "S07": "chengdong"}
"""User names of heads that visitors are told; the others' are their unit's code."""

_LEADER: Final = "江一鸣"
_SURNAMES: Final = "何安纪苏孟卢宋尤秦杜关席沈陶温祁骆白简柯黎梅聂庞任石谭万夏严叶于章钟朱卓左常戴段范高韩侯贾"
_GIVEN: Final = """
清 国平 晓 岚 舒 远 立 小禾 佳 川 雨 衡 宁 同 简 然 故 山 宾 洛 蓝 昕 若 立新 重 磊 越 里 至 谨 知秋 归 程 声 砚 思远
青 星 落 例 歌 江 鸟 平 文博 一凡 海棠 望舒 景行 子衿 南枝 庭芳 云起 怀瑾 维桢 静姝 致远 明哲 长风 秋实
"""
_OFFICE: Final = (
    ("duban", "supervisor", "督查督办股股长"),
    ("duban1", "supervisor", "督查督办股干事"),
    ("juzhang", "leader", "局长"),
    ("jijian", "discipline", "纪检组长"),
    ("xitong", "system_admin", ""),
    ("anquan", "security_admin", ""),
    ("shenji", "audit_admin", ""),
)


def people(story: Story, password: str) -> None:
    """Open the units, give each its people, and those who may sign in an account with the password."""
    units(story)
    names = _names()
    root = story.units["QH"]
    area = open_group(by=SYSTEM, code="P1", name="槐树片区", kind="area")
    near = [unit for code, unit in story.units.items() if code in {"C1", "S07"} or unit.path.startswith(_path(story))]
    add_to_group(area, near, by=SYSTEM, since=BEGIN)
    for username, role, title in _OFFICE:
        name = _LEADER if username == "juzhang" else next(names)
        story.others[username] = hire(name, username, root, role, title)
    story.others["fenguan"] = hire(next(names), "fenguan", root, "leader", "副局长", area=area)
    story.others["dudao"] = hire(next(names), "dudao", root, "inspector", "责任督学", area=area)
    story.others["jiazhang"] = hire(next(names), "jiazhang", story.units["S07"], "observer", "家长委员会主任")
    for code, unit in story.units.items():
        if code != "QH":
            title = "校长" if code[0] in "CST" else "园长" if code[0] == "K" else "负责人"
            login = LOGINS.get(code, code.lower())
            story.heads[code] = hire(next(names), login, unit, "head", title)
            story.officers[code] = hire(next(names), f"{login}1", unit, "officer", "干事")
    _accounts(story, password)


def units(story: Story) -> None:
    """Open the authority, its departments, and its schools with the schools below them."""
    root = open_unit(
        by=SYSTEM,
        code="QH",
        name="青禾县教育局",
        kind="authority",
        short_names="县教育局;县局;教育局",
        opened_on=BEGIN,
    )
    story.units["QH"] = root
    for row in (*rows_of(EXAMPLES / "units.csv"), *rows_of(_here("departments.csv"))):
        _open(story, row, "department", root, duties=row["duties"])
    for row in rows_of(_here("schools.csv")):
        above = story.units[row["parent"]] if row["parent"] else root
        _open(story, row, row["kind"], above, stage=row["stage"])


def _open(story: Story, row: dict[str, str], kind: str, parent: Unit, **more: str) -> None:
    story.units[row["code"]] = open_unit(
        by=SYSTEM,
        code=row["code"],
        name=row["name"],
        kind=kind,
        parent=parent,
        short_names=row["short"],
        opened_on=BEGIN,
        **more,
    )


def hire(name: str, staff_no: str, unit: Unit, role: str, title: str, *, area: Group | None = None) -> Person:
    """Take somebody on: a person and a confirmed post."""
    person = add_person(by=SYSTEM, name=name, staff_no=staff_no)
    given: dict[str, Any] = {} if area is None else {"area": area}
    post = propose_post(person, unit, by=SYSTEM, role=role, title=title, since=BEGIN, **given)
    confirm_post(post, by=SYSTEM)
    return person


def _accounts(story: Story, password: str) -> None:
    """Let sign in: all that are named, every head, and the officer of the one department that visitors are told."""
    heads = {LOGINS.get(code, code.lower()): person for code, person in story.heads.items()}
    for username, person in {**story.others, **heads, "jijiao1": story.officers["QH02"]}.items():
        create_account(person, by=SYSTEM, username=username, password=password)
        person.refresh_from_db()


def _names() -> Iterator[str]:
    """Yield invented names, none twice, the same ones every time."""
    found = sorted({surname + given for surname in _SURNAMES for given in _GIVEN.split()} - {_LEADER})
    random.Random(7).shuffle(found)  # noqa: S311 — names
    return iter(found)


def _path(story: Story) -> str:
    return str(story.units["C1"].path)


def _here(name: str) -> Path:
    return Path(__file__).with_name(name)
