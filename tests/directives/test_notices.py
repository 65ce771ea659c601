"""Notices: what each unit is told, who may read it, and the files that are made of it."""

from __future__ import annotations

import datetime as dt
import io
import uuid
import zipfile
from typing import Any

import docx
import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone
from django.utils.translation import override
from python_calamine import CalamineWorkbook

from cast import Cast
from directives.making import taken_in
from luoshi.directives.actions.confirming import confirm
from luoshi.directives.models import Directive, Notice
from luoshi.directives.notices import docx_of, file_name, for_actor, xlsx_of, zip_of
from luoshi.org.models import Post, Unit
from luoshi.org.policy import Placement, UnitAt, may, visible

pytestmark = pytest.mark.django_db

SPEECH = """在云岭市教育工作会议上的讲话
同志们：
一、今年的重点任务
基教科牵头，安全科配合，完成校舍隐患排查，整改率达到98%以上。
安全科每月开展一次消防演练。
槐树镇第一小学要建成心理辅导室。
"""


@pytest.fixture
def directive(cast: Cast) -> Directive:
    return taken_in(cast, SPEECH)


@pytest.fixture
def notices(directive: Directive, cast: Cast) -> dict[str, Notice]:
    return issued(directive, cast)


def issued(directive: Directive, cast: Cast, **how: Any) -> dict[str, Notice]:
    done = confirm(directive, by=cast.actor("supervisor"), operation=uuid.uuid4(), **how)
    return {one.unit.code: one for one in done.notices}


# --- what it says -------------------------------------------------------------------------------------------------


def test_each_unit_gets_one_notice_with_the_rows_that_it_leads_and_supports(notices: dict[str, Notice]) -> None:
    told = {code: [(row["side"], row["lead"]) for row in one.rows] for code, one in notices.items()}
    assert told == {
        "YL-JJ": [("lead", "基础教育科")],
        "YL-AQ": [("support", "基础教育科"), ("lead", "安全科")],
        "HS-1": [("lead", "槐树镇第一小学")],
    }


def test_a_row_is_told_with_its_number_words_day_figures_and_rhythm(notices: dict[str, Notice]) -> None:
    due = (timezone.localdate() + dt.timedelta(days=7)).isoformat()
    (row,) = notices["YL-JJ"].rows
    assert row == {
        "matter": row["matter"],
        "number": f"督办〔{timezone.localdate().year}〕1号",
        "title": "完成校舍隐患排查",
        "requirement": "基教科牵头，安全科配合，完成校舍隐患排查，整改率达到98%以上。",
        "quote": "基教科牵头，安全科配合，完成校舍隐患排查，整改率达到98%以上。",
        "lead": "基础教育科",
        "support": ["安全科"],
        "side": "lead",
        "due": due,
        "targets": "整改率≥98%",
        "cadence": "",
    }
    assert notices["YL-AQ"].rows[1]["cadence"] == "每月"


def test_the_authority_issues_it_and_no_number_is_made_up(notices: dict[str, Notice]) -> None:
    head = notices["YL-AQ"].head
    assert (head["issuer"], head["number"], head["addressee"]) == ("云岭市教育局", "", "安全科")
    assert head["title"] == "关于交办《在云岭市教育工作会议上的讲话》任务的通知"
    assert "2项任务交办给你们（牵头1项、配合1项）" in head["paragraphs"][0]
    assert "1个工作日内签收" in head["paragraphs"][1]


def test_a_number_that_the_office_gives_stands_on_every_notice(directive: Directive, cast: Cast) -> None:
    told = issued(directive, cast, number=" 云教督〔2026〕12号 ")
    assert {one.head["number"] for one in told.values()} == {"云教督〔2026〕12号"}


def test_marks_within_a_title_are_those_of_a_title_within_a_title(directive: Directive, cast: Cast) -> None:
    Directive.objects.filter(pk=directive.pk).update(title="关于落实《条例》的意见")
    directive.refresh_from_db()
    assert issued(directive, cast)["HS-1"].head["title"] == "关于交办《关于落实〈条例〉的意见》任务的通知"


def test_its_words_are_chinese_whoever_confirms(directive: Directive, cast: Cast) -> None:
    with override("en"):
        told = issued(directive, cast)
    assert told["HS-1"].head["title"].startswith("关于交办《")


def test_a_notice_stays_as_it_was_when_the_unit_is_named_otherwise(notices: dict[str, Notice]) -> None:
    Unit.objects.filter(code="HS-1").update(name="槐树镇实验小学")
    again = Notice.objects.select_related("unit").get(pk=notices["HS-1"].pk)
    assert again.unit.name == "槐树镇实验小学"
    assert again.head["addressee"] == "槐树镇第一小学"
    assert file_name(again, "docx").startswith("交办通知-槐树镇第一小学-")


def test_a_notice_is_never_changed(notices: dict[str, Notice]) -> None:
    with pytest.raises(DatabaseError), transaction.atomic():
        Notice.objects.filter(pk=notices["HS-1"].pk).update(rows=[])


# --- who may read it ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("who", "codes"),
    [
        ("supervisor", {"YL-JJ", "YL-AQ", "HS-1"}),
        ("leader", {"YL-JJ", "YL-AQ", "HS-1"}),
        ("discipline", {"YL-JJ", "YL-AQ", "HS-1"}),
        ("head", {"YL-JJ"}),
        ("officer", {"YL-JJ"}),
        ("safety_officer", {"YL-AQ"}),
        ("centre_head", {"HS-1"}),
        ("school_officer", {"HS-1"}),
        ("kindergarten_head", set()),
        ("inspector", {"HS-1"}),
        ("area_leader", set()),
        ("observer", set()),
        ("system_admin", set()),
        ("stranger", set()),
    ],
)
def test_who_may_read_which(notices: dict[str, Notice], cast: Cast, who: str, codes: set[str]) -> None:
    actor = cast.actor(who)
    seen = set(visible(actor, Notice.objects.all(), "notice.see").values_list("unit__code", flat=True))
    assert seen == codes
    for code, one in notices.items():
        here = UnitAt(one.unit.pk, one.unit.path)
        assert (may(actor, "notice.see", Placement(here, (here,))) is None) == (code in codes)


def test_those_of_a_confidential_document_only_through_a_post_that_names_its_register(
    notices: dict[str, Notice], directive: Directive, cast: Cast
) -> None:
    Directive.objects.filter(pk=directive.pk).update(confidential=True)
    every = Notice.objects.all()
    assert not visible(cast.actor("supervisor"), every, "notice.see").exists()
    assert not for_actor(cast.actor("head")).exists()
    Post.objects.filter(person=cast.people["head"]).update(registers=["task"])
    assert [one.unit.code for one in visible(cast.actor("head"), every, "notice.see")] == ["YL-JJ"]


def test_heads_and_officers_find_their_own_units_notices(notices: dict[str, Notice], cast: Cast) -> None:
    assert [one.unit.code for one in for_actor(cast.actor("school_officer"))] == ["HS-1"]
    assert list(for_actor(cast.actor("centre_head"))) == [], "the notice is to the school, not to the one above"
    assert list(for_actor(cast.actor("supervisor"))) == []
    assert list(for_actor(cast.actor("stranger"))) == []


# --- files --------------------------------------------------------------------------------------------------------


def test_the_document_has_letter_and_table(notices: dict[str, Notice]) -> None:
    document = docx.Document(io.BytesIO(docx_of(notices["YL-AQ"])))
    words = [one.text for one in document.paragraphs]
    assert words[0] == "云岭市教育局"
    assert not words[1]
    assert "安全科：" in words
    cells = [[cell.text for cell in row.cells] for row in document.tables[0].rows]
    assert [row[3] for row in cells] == ["职责", "牵头", "配合"]
    assert "开展一次消防演练" in cells[1][1]


def test_a_number_typed_later_stands_in_the_document_where_it_had_none(directive: Directive, cast: Cast) -> None:
    one = issued(directive, cast)["HS-1"]
    typed = docx.Document(io.BytesIO(docx_of(one, number="云教督〔2026〕9号")))
    assert typed.paragraphs[1].text == "云教督〔2026〕9号"


def test_a_number_typed_later_replaces_none(directive: Directive, cast: Cast) -> None:
    one = issued(directive, cast, number="云教督〔2026〕1号")["HS-1"]
    document = docx.Document(io.BytesIO(docx_of(one, number="云教督〔2026〕9号")))
    assert document.paragraphs[1].text == "云教督〔2026〕1号"


def test_the_workbook_has_a_line_for_each_row(notices: dict[str, Notice]) -> None:
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(xlsx_of(notices["YL-AQ"]))).get_sheet_by_index(0)
    lines = [line for line in sheet.to_python() if line[0] in {1, 2}]
    assert [(line[5], line[6], line[10]) for line in lines] == [("牵头", "安全科", "每月"), ("配合", "基础教育科", "")]


def test_the_archive_holds_every_notice_twice_and_is_the_same_each_time(notices: dict[str, Notice]) -> None:
    with zip_of(notices.values()) as first, zip_of(notices.values()) as second:
        content = first.read()
        assert content == second.read()
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        assert packed.testzip() is None
        names = packed.namelist()
    assert len(names) == len(set(names)) == 6
    assert {name.rpartition(".")[2] for name in names} == {"docx", "xlsx"}
