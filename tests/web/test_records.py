"""The records page in words: every act that is written has its name, and nothing is hidden for want of one."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.utils.translation import override

import luoshi
from cast import Cast
from luoshi.ledger.actions import Subject, record
from luoshi.ledger.models import Record
from luoshi.org.actions import add_person
from luoshi.web.record_words import ACTS, facts_of, said_of
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
