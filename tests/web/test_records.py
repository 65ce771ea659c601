"""The records page in words: every act that is written has its name, and nothing is hidden for want of one."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from django.utils.translation import override

import luoshi
from cast import Cast
from luoshi.ledger.actions import Subject, record
from luoshi.ledger.models import Record
from luoshi.org.actions import add_person, propose_post
from luoshi.org.enums import told_role
from luoshi.web.record_words import ACTS, KINDS, facts_of, said_of
from web.signed_in import as_

SOURCE = Path(luoshi.__file__).parent


def written() -> set[str]:
    """Return every act that the source writes into the record, as the page looks it up."""
    found = set()
    for path in (one for room in ("org", "work") for one in (SOURCE / room).rglob("*.py")):
        text = path.read_text(encoding="utf-8")
        found |= {" ".join(parts) for parts in re.findall(r'\bnote\(\s*"([a-z]+\.[a-z]+)",\s*"([a-z]+)"', text)}
        found |= set(re.findall(r'\brecord\(\s*"([a-z]+\.[a-z]+)"', text))
        found |= set(re.findall(r'RECORD_ACT: Final = "([a-z]+\.[a-z]+)"', text))
    return found


def test_every_act_that_is_written_has_its_words() -> None:
    assert "unit.change merge" in written()
    assert sorted(written() - set(ACTS)) == []


@pytest.mark.parametrize("act", sorted(ACTS))
def test_an_acts_words_are_chinese_and_english(act: str) -> None:
    with override("zh-hans"):
        assert re.search(r"[\u4e00-\u9fff]", str(ACTS[act]))
    with override("en"):
        assert re.search(r"[\u4e00-\u9fff]", str(ACTS[act])) is None


def test_an_act_that_nobody_named_is_shown_by_its_code_and_keeps_its_facts() -> None:
    one = Record(act="future.act", data={"what": "bend", "why": "试试", "empty": [], "odd": 0})
    with override("zh-hans"):
        assert said_of(one) == "future.act bend"
        assert list(facts_of(one)) == [("缘由", "试试"), ("odd", 0)]


def test_a_role_is_told_in_words() -> None:
    with override("zh-hans"):
        assert list(facts_of(Record(act="post.propose", data={"role": "head"}))) == [("角色", "负责人")]


def test_the_page_tells_what_was_done_with_the_code_beside_it(cast: Cast) -> None:
    add_person(by=cast.actor("system_admin"), name="新来的", staff_no="N1")
    record("records.export", by=cast.actor("audit_admin").author, subject=Subject("export", "", "记录.zip"))
    page = as_(cast, "audit_admin").get("/records/").content.decode()
    assert re.search(r"新增人员 <code[^>]*>person.change</code>", page)
    assert re.search(r"导出记录 <code[^>]*>records.export</code>", page)
    assert "记录.zip" in page


def test_a_posts_record_is_in_chinese_whoever_wrote_it_and_read_in_the_readers_language(cast: Cast) -> None:
    with override("en"):
        propose_post(cast.people["stranger"], cast.unit("HS"), by=cast.actor("system_admin"), role="officer")
    one = Record.objects.get(act="post.propose")
    assert one.subject_name == "陌生 槐树镇中心学校 经办人"
    client = as_(cast, "audit_admin")
    assert "陌生 槐树镇中心学校 经办人" in client.get("/records/").content.decode()
    client.cookies["django_language"] = "en"
    assert "陌生 槐树镇中心学校 Officer" in client.get("/records/").content.decode()


@pytest.mark.parametrize(
    ("name", "zh", "en"),
    [
        ("陌生 槐树镇中心学校 officer", "陌生 槐树镇中心学校 经办人", "陌生 槐树镇中心学校 Officer"),
        (
            "陌生 · 云岭市教育局 · 系统管理员",
            "陌生 · 云岭市教育局 · 系统管理员",
            "陌生 · 云岭市教育局 · System administrator",
        ),
        ("云岭市教育局 科长", "云岭市教育局 科长", "云岭市教育局 科长"),
        ("officer", "经办人", "Officer"),
        ("", "", ""),
    ],
)
def test_a_role_at_the_end_of_a_name_is_told_in_words(name: str, zh: str, en: str) -> None:
    with override("zh-hans"):
        assert told_role(name) == zh
    with override("en"):
        assert told_role(name) == en


FACTS: list[tuple[dict[str, Any], str]] = [
    (
        {"kind": "centre_school", "parent": {"code": "YL", "name": "云岭市教育局"}},
        "类别 中心学校，上级单位 云岭市教育局",
    ),
    (
        {"was": {"name": "甲", "stage": ""}, "now": {"name": "乙", "stage": "primary"}},
        "原为 名称 甲、学段 不分学段，现为 名称 乙、学段 小学",
    ),
    ({"changed": ["name", "phone"]}, "改动 名称、电话"),
    ({"units": ["HS-1", "HS-Y"], "why": "idle"}, "单位 HS-1、HS-Y，缘由 长时间没有操作"),
    ({"person": {"uid": "x", "name": "何清"}, "count": 3}, "人员 何清，count 3"),
]


@pytest.mark.parametrize(("data", "said"), FACTS, ids=[str(list(data)) for data, _said in FACTS])
def test_facts_are_told_in_words(data: dict[str, Any], said: str) -> None:
    with override("zh-hans"):
        facts = facts_of(Record(act="unit.change", subject_kind="unit", data=data))
        assert "，".join(f"{name} {value}" for name, value in facts) == said


def test_every_kind_of_thing_that_is_acted_on_has_its_word() -> None:
    rooms = (one for room in ("accounts", "org", "work", "ledger") for one in (SOURCE / room).rglob("*.py"))
    kinds = {kind for path in rooms for kind in re.findall(r'\bSubject\("([a-z]+)"', path.read_text(encoding="utf-8"))}
    assert "unit" in kinds
    assert sorted(kinds - set(KINDS)) == []
