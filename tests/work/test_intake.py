"""Bringing an existing register in: what is read, what is refused by row, what is opened, and only once."""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
import zipfile
from typing import Any

import pytest
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError
from django.utils import timezone

from cast import Cast
from luoshi.ledger.models import Record
from luoshi.org.exchange.reading import read_grids
from luoshi.org.models import Post
from luoshi.reading.errors import ReadError
from luoshi.work import registers
from luoshi.work.actions import open_matter
from luoshi.work.intake import bring_in, mark_of, sheet_of
from luoshi.work.intake_plan import plan_sheet
from luoshi.work.intake_sheet import MOST_ROWS, read_sheet
from luoshi.work.models import Event, Matter, Numbering
from web.signed_in import as_
from work.matters import store_registers

HEADS = ("事项", "工作要求", "牵头单位", "配合单位", "经办人", "完成时限", "任务来源", "状态")
LATER = timezone.localdate() + dt.timedelta(days=90)


@pytest.fixture(autouse=True)
def _registers(cast: Cast) -> None:
    assert cast
    registers.sync()
    store_registers()


def book(*rows: tuple[object, ...], heads: tuple[str, ...] = HEADS, above: int = 0, merge: str = "") -> bytes:
    """Return a workbook with these heads and rows."""
    target = io.BytesIO()
    made = xlsxwriter.Workbook(target, {"strings_to_formulas": False})
    day = made.add_format({"num_format": "yyyy-mm-dd"})
    sheet = made.add_worksheet("重点任务")
    for number, row in enumerate(((),) * above + (heads, *rows)):
        for place, value in enumerate(row):
            if isinstance(value, dt.date):
                sheet.write_datetime(number, place, dt.datetime.combine(value, dt.time.min), day)
            else:
                sheet.write(number, place, value)
    if merge:
        sheet.merge_range(merge, "合并")
    made.close()
    return target.getvalue()


def row(title: str = "完成校舍排查", **more: object) -> tuple[object, ...]:
    """Return a row of a task as `HEADS` has it."""
    values = {"事项": title, "牵头单位": "HS-1", "完成时限": LATER, "任务来源": "会议议定", **more}
    return tuple(values.get(head, "") for head in HEADS)


def plan_of(cast: Cast, data: bytes, code: str = "task", who: str = "supervisor", name: str = "表.xlsx") -> Any:
    """Return the plan of a file."""
    kind = registers.current(code)
    return plan_sheet(read_sheet(name, data, kind), kind, cast.actor(who))


def bring(cast: Cast, data: bytes, code: str = "task", who: str = "supervisor") -> Any:
    """Bring a file in as its page does."""
    kind, by = registers.current(code), cast.actor(who)
    sheet = read_sheet("表.xlsx", data, kind)
    return bring_in(sheet, kind, by=by, digest=plan_sheet(sheet, kind, by).digest)


def upload(cast: Cast, data: bytes, who: str = "supervisor", code: str = "task", name: str = "表.xlsx") -> Any:
    """Return the answer to an upload."""
    return as_(cast, who).post(f"/registers/{code}/import/", {"file": SimpleUploadedFile(name, data)})


def _text(response: Any) -> str:
    return str(response.content.decode())


def _hidden(said: str) -> dict[str, str]:
    return dict(re.findall(r'name="(digest|mark)" value="([^"]+)"', said))


# What is read.


def test_a_row_becomes_an_assigned_matter_with_all_that_it_says(cast: Cast) -> None:
    full = row(工作要求="逐栋排查", 配合单位="槐树镇幼儿园、安全办；YL-JJ", 经办人="宋小禾")
    done = bring(cast, book(full))
    made = Matter.objects.get()
    assert (done.opened, done.assigned, made.state) == (1, 1, "assigned")
    assert (made.title, made.requirement, made.due) == ("完成校舍排查", "逐栋排查", LATER)
    assert made.lead is not None
    assert (made.lead.code, made.handler) == ("HS-1", cast.people["school_officer"])
    assert [unit["code"] for unit in made.support] == ["HS-Y", "YL-AQ", "YL-JJ"]
    assert (made.fields, made.source["document"]) == ({"origin": "meeting"}, "表.xlsx 第2行")
    assert list(Event.objects.order_by("seq").values_list("act", flat=True)) == ["open", "assign"]
    assert [(one.act, one.data["opened"]) for one in Record.objects.filter(act="matter.import")] == [
        ("matter.import", 1)
    ]


@pytest.mark.parametrize("lead", ["HS-1", "槐树镇第一小学", "槐树一小", "槐树镇第一小学（HS-1）"])
def test_a_unit_is_known_by_code_full_and_short_name(cast: Cast, lead: str) -> None:
    assert [entry.lead for entry in plan_of(cast, book(row(牵头单位=lead))).entries] == [cast.unit("HS-1")]


def test_english_heads_and_other_names_of_a_column_are_known(cast: Cast) -> None:
    data = book(
        ("Inspect", "HS-1", LATER.isoformat(), "会议议定"), heads=("Matter *", "责任单位", "due DATE", "origin")
    )
    plan = plan_of(cast, data)
    assert (plan.problems, [entry.due for entry in plan.entries]) == ([], [LATER])


def test_heads_below_a_title_of_the_sheet_are_found_and_rows_counted_as_the_spreadsheet_does(cast: Cast) -> None:
    plan = plan_of(cast, book(row("甲"), (), row("乙"), above=3))
    assert [(entry.row, entry.title) for entry in plan.entries] == [(5, "甲"), (7, "乙")]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030"])
def test_a_csv_is_read_in_the_encodings_that_spreadsheets_write(cast: Cast, encoding: str) -> None:
    target = io.StringIO()
    csv.writer(target).writerows([HEADS, [str(one) for one in row()]])
    plan = plan_of(cast, target.getvalue().encode(encoding), name="表.csv")
    assert (plan.problems, [entry.title for entry in plan.entries]) == ([], ["完成校舍排查"])


@pytest.mark.parametrize("words", ["=1+1", '=HYPERLINK("http://x","y")', "+86", "-1", "@sum"])
def test_what_looks_like_a_formula_is_text(cast: Cast, words: str) -> None:
    bring(cast, book(row(words, 工作要求=words)))
    assert Matter.objects.values_list("title", "requirement").get() == (words, words)


def test_a_row_without_a_lead_unit_stays_a_draft(cast: Cast) -> None:
    done = bring(cast, book(row(牵头单位="", 完成时限="")))
    assert (done.opened, done.assigned, Matter.objects.get().state) == (1, 0, "drafted")


def test_who_may_open_but_not_assign_leaves_drafts(cast: Cast) -> None:
    done = bring(cast, book(row(任务来源=""), heads=HEADS), code="errand", who="school_officer")
    assert (done.assigned, Matter.objects.get().state) == (0, "drafted")


@pytest.mark.parametrize("status", ["已完成", "已办结", " 已销号 ", "Done"])
def test_a_row_that_is_done_is_opened_for_the_office_to_close_and_no_history_is_made_up(
    cast: Cast, status: str
) -> None:
    bring(cast, book(row(状态=status, 完成时限=dt.date(2025, 3, 1))))
    made = Matter.objects.get()
    assert (made.state, made.events.count(), made.last_report, made.progress) == ("assigned", 2, "", 0)
    assert made.due is not None
    assert made.due > timezone.localdate()
    assert made.source["quote"] == f"状态：{status.strip()}；完成时限：2025-03-01"


# What is refused.


@pytest.mark.parametrize(
    ("values", "column", "words"),
    [
        ({"title": ""}, "事项", "请填写"),
        ({"title": "长" * 201}, "事项", "最多200个字符"),
        ({"牵头单位": "没有的单位"}, "牵头单位", "没有“没有的单位”这个单位"),
        ({"配合单位": "HS-Y、没有的"}, "配合单位", "没有“没有的”这个单位"),
        ({"经办人": "查无此人"}, "经办人", "没有“查无此人”这个人"),
        ({"经办人": "秦小雨"}, "经办人", "没有生效的任职"),
        ({"完成时限": "年底"}, "完成时限", "不是能认出的日期"),
        ({"完成时限": "2026-02-30"}, "完成时限", "不是能认出的日期"),
        ({"完成时限": "2020-01-01"}, "完成时限", "已经过了"),
        ({"任务来源": "梦里"}, "任务来源", "没有“梦里”这个选项"),
    ],
)
def test_each_problem_is_named_by_row_and_column_with_what_to_do(
    cast: Cast, values: dict[str, str], column: str, words: str
) -> None:
    plan = plan_of(cast, book(row("第一件"), row(**values)))
    assert [(one.row, one.column) for one in plan.problems] == [(3, column)]
    assert words in plan.problems[0].message


def test_all_problems_of_a_file_are_listed_at_once(cast: Cast) -> None:
    plan = plan_of(cast, book(row("甲", 牵头单位="无", 完成时限="明天"), row("乙"), row("丙", 经办人="无")))
    assert [(one.row, one.column) for one in plan.problems] == [(2, "牵头单位"), (2, "完成时限"), (4, "经办人")]


def test_a_file_with_one_problem_opens_nothing(cast: Cast) -> None:
    response = upload(cast, book(row("甲"), row("乙", 牵头单位="无")))
    said = _text(response)
    assert (response.status_code, "没有“无”这个单位" in said, _hidden(said)) == (200, True, {})
    assert not Matter.objects.exists()


def test_double_heads_missing_heads_and_merged_rows_are_problems(cast: Cast) -> None:
    twice = plan_of(cast, book(("甲", "乙", "会议议定"), heads=("事项", "事项名称", "任务来源")))
    assert ["表头重复" in one.message for one in twice.problems] == [True]
    source = plan_of(cast, book(("甲",), heads=("事项",)), code="problem")
    assert [(one.row, "缺少列：问题来源、问题类别" in one.message) for one in source.problems] == [(0, True)]
    merged = plan_of(cast, book(row("甲"), merge="B3:B5"))
    assert any("合并单元格" in one.message for one in merged.problems)


@pytest.mark.parametrize(
    ("data", "name"), [(b"", "空.xlsx"), (b"PK\x03\x04no", "坏.xlsx"), (b"a,b\n1,2", "别的.csv"), (b"\0" * 99, "x.bin")]
)
def test_a_file_that_cannot_be_read_is_refused_with_a_sentence(cast: Cast, data: bytes, name: str) -> None:
    response = upload(cast, data, name=name)
    assert response.status_code == 422
    assert 'class="errors"' in _text(response)


def test_more_rows_than_the_limit_are_refused_before_anything_is_looked_up(cast: Cast) -> None:
    assert cast
    many = book(*(row(f"第{n}件") for n in range(MOST_ROWS + 1)))
    with pytest.raises(ReadError) as caught:
        read_sheet("表.xlsx", many, registers.current("task"))
    assert "一次最多导入1000行" in caught.value.words.zh


def test_a_matter_that_has_the_same_title_is_pointed_out(cast: Cast) -> None:
    first = open_matter(
        "task", by=cast.actor("supervisor"), title="完成校舍排查", lead=cast.unit("HS-1"), fields={"origin": "meeting"}
    )
    plan = plan_of(cast, book(row(), row("另一件")))
    assert ([entry.like for entry in plan.entries], plan.is_sound) == ([first.number, ""], True)


# Once, and all or nothing.


def test_the_same_file_brought_in_twice_opens_nothing_twice(cast: Cast) -> None:
    data = book(row("甲"), row("乙"))
    first, second = bring(cast, data), bring(cast, data)
    assert (first.opened, second.opened, second.there, Matter.objects.count()) == (2, 0, 2, 2)
    assert bring(cast, data, who="second_supervisor").opened == 0
    assert Record.objects.filter(act="matter.import").count() == 1
    said = _text(upload(cast, data))
    assert "读了工作表“重点任务”，共 2 行" in said
    assert ("这个文件已经导入过" in said, _hidden(said)) == (True, {})


def test_the_same_plan_sent_twice_opens_nothing_twice(cast: Cast) -> None:
    client = as_(cast, "supervisor")
    sent = _hidden(_text(upload(cast, book(row("甲"), row("乙")))))
    for _time in range(2):
        assert client.post("/registers/task/import/apply/", sent)["Location"] == "/registers/task/"
    assert (Matter.objects.count(), Event.objects.count()) == (2, 4)


def test_a_plan_that_no_longer_holds_is_shown_anew_and_opens_nothing(cast: Cast) -> None:
    sent = _hidden(_text(upload(cast, book(row("甲"), row("乙", 经办人="宋小禾")))))
    Post.objects.filter(person=cast.people["school_officer"]).update(until=timezone.localdate() - dt.timedelta(days=1))
    response = as_(cast, "supervisor").post("/registers/task/import/apply/", sent)
    assert (response.status_code, "没有生效的任职" in _text(response)) == (409, True)
    assert not Matter.objects.exists()


def test_what_fails_at_a_later_row_undoes_the_rows_before_it(cast: Cast) -> None:
    office = cast.actor("supervisor")
    for title in ("占一", "占二"):
        open_matter("task", by=office, title=title, lead=cast.unit("HS-1"), fields={"origin": "meeting"})
    Matter.objects.filter(title="占一").update(number="旧号")
    Numbering.objects.filter(register="task").update(last=0)
    with pytest.raises(IntegrityError):
        bring(cast, book(row("甲"), row("乙")))
    assert set(Matter.objects.values_list("title", flat=True)) == {"占一", "占二"}
    assert not Record.objects.filter(act="matter.import").exists()


@pytest.mark.parametrize("change", [{"mark": "x"}, {"mark": ""}, {"digest": "0" * 64}, {"digest": ""}])
def test_a_tampered_plan_opens_nothing(cast: Cast, change: dict[str, str]) -> None:
    sent = _hidden(_text(upload(cast, book(row())))) | change
    assert as_(cast, "supervisor").post("/registers/task/import/apply/", sent).status_code in {302, 409}
    assert not Matter.objects.exists()


def test_a_mark_is_good_for_its_account_and_register_alone(cast: Cast) -> None:
    kind, by = registers.current("task"), cast.actor("supervisor")
    sheet = read_sheet("表.xlsx", book(row()), kind)
    mark = mark_of(sheet, kind, by)
    assert sheet_of(mark, kind, by) == sheet
    assert sheet_of(mark, kind, cast.actor("second_supervisor")) is None
    assert sheet_of(mark, registers.current("problem"), by) is None


# Who may.


def test_only_those_who_may_open_in_a_register_reach_its_pages(cast: Cast) -> None:
    addresses = ("/registers/task/import/", "/registers/task/import/template/")
    for who, status in (("supervisor", 200), ("discipline", 403), ("observer", 403), ("stranger", 403)):
        answers = [as_(cast, who).get(one) for one in addresses]
        for answer in answers:
            answer.close()
        assert [answer.status_code for answer in answers] == [status] * 2, who
    assert as_(cast, "supervisor").get("/registers/task/import/apply/").status_code == 405
    assert as_(cast, "supervisor").get("/registers/nonsense/import/").status_code == 404
    assert "/registers/task/import/" in _text(as_(cast, "supervisor").get("/registers/task/open/"))


def test_a_confidential_register_is_not_found_by_those_whom_no_post_names(cast: Cast) -> None:
    assert as_(cast, "supervisor").get("/registers/secret/import/").status_code == 404
    Post.objects.filter(person=cast.people["supervisor"]).update(registers=["secret"])
    assert as_(cast, "supervisor").get("/registers/secret/import/").status_code == 200
    bring(cast, book(row(任务来源="")), code="secret")
    assert Matter.objects.get().confidential


def test_the_way_in_is_offered_on_a_registers_list_to_those_who_may_open_there(cast: Cast) -> None:
    link = 'href="/registers/task/import/"'
    said = {who: _text(as_(cast, who).get("/registers/task/")).count(link) for who in ("supervisor", "discipline")}
    assert said == {"supervisor": 2, "discipline": 0}  # the empty list says it once more
    bring(cast, book(row()))
    assert _text(as_(cast, "supervisor").get("/registers/task/")).count(link) == 1
    assert "/import/" not in _text(as_(cast, "supervisor").get("/matters/"))


@pytest.mark.parametrize("address", ["", "open/", "import/", "import/template/"])
def test_no_page_of_a_confidential_register_is_found_by_those_whom_no_post_names(cast: Cast, address: str) -> None:
    assert as_(cast, "supervisor").get(f"/registers/secret/{address}").status_code == 404
    Post.objects.filter(person=cast.people["supervisor"]).update(registers=["secret"])
    answer = as_(cast, "supervisor").get(f"/registers/secret/{address}")
    answer.close()
    assert answer.status_code == 200


def test_a_confidential_register_is_not_taken_out_nor_named_by_a_saved_view(cast: Cast) -> None:
    client = as_(cast, "supervisor")
    assert client.post("/registers/secret/export/").status_code == 404
    assert client.post("/views/save/", {"register": "secret", "name": "甲", "query": ""}).status_code == 404


def test_a_head_cannot_open_for_other_units_and_the_row_says_so(cast: Cast) -> None:
    plan = plan_of(cast, book(row("甲"), row("乙", 牵头单位="QH-1")), code="errand", who="school_head")
    assert [(one.row, one.column) for one in plan.problems] == [(3, "牵头单位")]
    assert "您不能在这里立项" in plan.problems[0].message
    missing = plan_of(cast, book(row(牵头单位="")), code="errand", who="school_head")
    assert [one.message for one in missing.problems] == ["请选择牵头单位。"]


# The template.


@pytest.mark.parametrize("code", ["task", "problem", "hazard"])
def test_the_template_has_the_registers_heads_and_is_read_back(cast: Cast, code: str) -> None:
    response = as_(cast, "supervisor").get(f"/registers/{code}/import/template/")
    data = b"".join(response.streaming_content)  # type: ignore[attr-defined]
    kind = registers.current(code)
    heads = [cell.rstrip("*") for cell in read_grids("模板.xlsx", data)[0].rows[0]]
    assert heads[:7] == ["事项", "工作要求", "牵头单位", "配合单位", "经办人", "完成时限", "状态"]
    assert heads[7:] == [field.words.zh for field in kind.fields]
    with zipfile.ZipFile(io.BytesIO(data)) as made:
        assert made.read("xl/worksheets/sheet1.xml").count(b"<dataValidation ") >= 2
    sheet = read_sheet("模板.xlsx", data, kind)
    assert (sheet.name, sheet.lines, sheet.twice, sheet.unused) == ("事项", (), (), ())
    assert [one.row for one in plan_of(cast, data, code=code).problems] == [0]


def test_a_thousand_rows_are_looked_at_with_no_more_questions_than_ten(
    cast: Cast, django_assert_max_num_queries: Any
) -> None:
    def asked(number: int) -> int:
        data = book(*(row(f"第{n}件", 经办人="宋小禾", 配合单位="HS-Y、YL-AQ") for n in range(number)))
        sheet, by = read_sheet("表.xlsx", data, kind), cast.actor("supervisor")
        with django_assert_max_num_queries(30) as questions:
            plan = plan_sheet(sheet, kind, by)
        assert (plan.problems, len(plan.new)) == ([], number)
        return len(questions)

    kind = registers.current("task")
    assert asked(1000) == asked(10)
