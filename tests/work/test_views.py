"""Pages of matters: who gets in, what acts do, what happens when two act at once."""

from __future__ import annotations

import datetime as dt
import re
import uuid
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from cast import Cast
from luoshi.ledger.models import Record
from luoshi.org.actions import propose_post
from luoshi.org.models import Post
from luoshi.work import registers
from luoshi.work.act_forms import FORMS
from luoshi.work.actions import open_matter, perform
from luoshi.work.enums import Act
from luoshi.work.models import Attachment, Matter, SavedView
from web.signed_in import as_


@pytest.fixture
def matter(cast: Cast) -> Matter:
    """Return a task of the primary school, drafted by the supervisor."""
    registers.sync()
    return open_matter(
        "task",
        by=cast.actor("supervisor"),
        title="完成校舍排查",
        requirement="逐栋排查",
        lead=cast.unit("HS-1"),
        fields={"origin": "meeting"},
        source={"document": "会议纪要", "quote": "月底前完成"},
        milestones=[{"title": "摸底", "due": timezone.localdate()}],
        targets=[{"of": "整改率", "op": ">=", "value": "98.5", "unit": "%"}],
    )


@pytest.fixture
def accepted(cast: Cast, matter: Matter) -> Matter:
    """Return the same task under way in the officer's hands."""
    perform(matter, "assign", by=cast.actor("supervisor"))
    perform(matter, "accept", by=cast.actor("school_head"), handler=cast.people["school_officer"])
    return matter


def _text(response: Any) -> str:
    return str(response.content.decode())


# The ladder.


def test_a_matter_is_found_by_those_who_may_see_it_and_by_nobody_else(cast: Cast, matter: Matter) -> None:
    statuses = {name: as_(cast, name).get(f"/matters/{matter.pk}/").status_code for name in cast.people}
    seeing = {
        "leader",
        "supervisor",
        "second_supervisor",
        "discipline",
        "centre_head",
        "school_head",
        "school_officer",
        "inspector",
    }
    assert {name for name, status in statuses.items() if status == 200} == seeing
    assert {status for name, status in statuses.items() if name not in seeing} == {404}


@pytest.mark.parametrize(
    "address",
    [
        "/matters/0/",
        "/matters/99999999999999999999999/",
        "/matters/1/nonsense/",
        "/registers/nonsense/",
        "/registers/nonsense/open/",
        "/matters/bulk/close/",
    ],
)
def test_an_address_of_nothing_is_not_found(cast: Cast, address: str) -> None:
    registers.sync()
    assert as_(cast, "supervisor").get(address).status_code == 404


@pytest.mark.parametrize("address", ["/matters/", "/registers/", "/registers/task/", "/search/", "/"])
def test_a_list_is_read_and_not_posted_to(cast: Cast, address: str) -> None:
    registers.sync()
    client = as_(cast, "supervisor")
    assert (client.get(address).status_code, client.post(address).status_code) == (200, 405)


@pytest.mark.parametrize("address", ["/matters/export/", "/views/save/", "/views/1/drop/"])
def test_what_changes_something_is_not_read(cast: Cast, address: str) -> None:
    assert as_(cast, "supervisor").get(address).status_code == 405


def test_an_act_that_is_not_ones_own_is_refused_with_its_reason(cast: Cast, matter: Matter) -> None:
    client = as_(cast, "discipline")
    for response in (
        client.get(f"/matters/{matter.pk}/cancel/"),
        client.post(f"/matters/{matter.pk}/cancel/", {"reason": "试试"}),
    ):
        assert response.status_code == 403
        assert "您的岗位没有这项权限" in _text(response)
    assert Matter.objects.get(pk=matter.pk).version == 1


def test_every_act_has_a_form_and_every_form_opens(cast: Cast, accepted: Matter) -> None:
    assert set(FORMS) == set(Act) - {Act.OPEN, Act.SPLIT}
    client = as_(cast, "supervisor")
    statuses = {act: client.get(f"/matters/{accepted.pk}/{act.value}/").status_code for act in FORMS}
    assert set(statuses.values()) <= {200, 403}
    assert [statuses[act] for act in (Act.URGE, Act.EDIT, Act.PLAN, Act.ASSIGN)] == [200] * 4


# Acts.


def test_the_whole_way_of_a_matter_through_its_pages(cast: Cast, matter: Matter) -> None:
    address = f"/matters/{matter.pk}/"
    photo = SimpleUploadedFile("现场.txt", "照片说明".encode())
    steps: list[tuple[str, str, dict[str, Any]]] = [
        ("supervisor", "assign", {"lead": "槐树一小", "support": "槐树镇幼儿园（HS-Y）、YL-AQ", "due": "2099-01-01"}),
        ("school_head", "accept", {"handler": cast.people["school_officer"].pk}),
        ("school_officer", "report", {"note": "完成摸底", "progress": "40", "done": "1", "actual-1": "60"}),
        ("school_officer", "submit", {"note": "全部完成", "actual-1": "99", "files": photo}),
        ("school_head", "verify", {"note": "属实"}),
        ("second_supervisor", "verify", {"grade": "good"}),
    ]
    for who, act, data in steps:
        response = as_(cast, who).post(f"{address}{act}/", data)
        assert (act, response.status_code) == (act, 302), _text(response)
    row = Matter.objects.get(pk=matter.pk)
    assert (row.state, row.grade, row.targets[0]["actual"], bool(row.milestones[0]["done"])) == (
        "closed",
        "good",
        "99",
        True,
    )
    assert [unit["code"] for unit in row.support] == ["HS-Y", "YL-AQ"]
    page = _text(as_(cast, "supervisor").get(address))
    for words in ("已销号", "月底前完成", "现场.txt", "宋小禾", "≥ 98.5%", "时限的由来"):
        assert words in page


def test_an_act_sent_twice_happens_once(cast: Cast, accepted: Matter) -> None:
    client, data = as_(cast, "supervisor"), {"note": "请抓紧", "operation": str(uuid.uuid4())}
    statuses = [client.post(f"/matters/{accepted.pk}/urge/", data).status_code for _turn in range(2)]
    assert statuses == [302, 302]
    assert Matter.objects.get(pk=accepted.pk).urged == 1


def test_who_comes_second_is_told_what_changed_and_keeps_what_was_typed(cast: Cast, accepted: Matter) -> None:
    seen = Matter.objects.get(pk=accepted.pk).version
    perform(accepted, "edit", by=cast.actor("supervisor"), title="完成全部校舍排查", reason="范围扩大")
    client, data = as_(cast, "school_officer"), {"note": "我写了很久的进展", "seen": str(seen)}
    response = client.post(f"/matters/{accepted.pk}/report/", data)
    assert response.status_code == 409
    page = _text(response)
    assert "我写了很久的进展" in page
    assert "苏晓岚" in page
    newer = re.search(r'name="seen" value="(\d+)"', page)
    assert newer is not None
    again = client.post(f"/matters/{accepted.pk}/report/", data | {"seen": newer[1]})
    assert again.status_code == 302
    assert Matter.objects.get(pk=accepted.pk).last_report == "我写了很久的进展"


def test_what_is_missing_is_said_and_nothing_is_lost(cast: Cast, accepted: Matter) -> None:
    client = as_(cast, "school_officer")
    response = client.post(f"/matters/{accepted.pk}/submit/", {"note": "完成了"})
    assert response.status_code == 422
    assert "完成了" in _text(response)
    assert "data-errors" in _text(response)
    assert Matter.objects.get(pk=accepted.pk).state == "under_way"


def test_a_file_of_a_refused_try_comes_along_with_the_next(cast: Cast, accepted: Matter) -> None:
    client = as_(cast, "school_officer")
    first = client.post(
        f"/matters/{accepted.pk}/submit/", {"note": "好", "files": SimpleUploadedFile("清单.txt", b"list")}
    )
    assert first.status_code == 422
    mark = re.search(r'name="kept" value="([^"]+)"', _text(first))
    assert mark is not None
    assert not Attachment.objects.exists()
    second = client.post(f"/matters/{accepted.pk}/submit/", {"note": "好", "actual-1": "99", "kept": mark[1]})
    assert second.status_code == 302, _text(second)
    assert [use.name for use in Attachment.objects.all()] == ["清单.txt"]


def test_a_mark_of_another_persons_file_stands_for_nothing(cast: Cast, accepted: Matter) -> None:
    client = as_(cast, "school_officer")
    first = client.post(
        f"/matters/{accepted.pk}/submit/", {"note": "好", "files": SimpleUploadedFile("清单.txt", b"list")}
    )
    mark = re.search(r'name="kept" value="([^"]+)"', _text(first))
    assert mark is not None
    for who, sent in (("school_head", mark[1]), ("school_officer", mark[1][:-2] + "xx"), ("school_officer", "1")):
        as_(cast, who).post(f"/matters/{accepted.pk}/report/", {"note": "看看", "kept": sent})
    assert not Attachment.objects.exists()


@pytest.mark.parametrize(
    "data",
    [{"lead": "没有的单位"}, {"lead": "HS-1", "due": "明天"}, {"lead": "HS-1", "handler": "查无此人"}, {"lead": ""}],
)
def test_values_that_make_no_sense_are_named_at_their_field(cast: Cast, matter: Matter, data: dict[str, str]) -> None:
    response = as_(cast, "supervisor").post(f"/matters/{matter.pk}/assign/", data)
    assert response.status_code == 422
    assert 'aria-invalid="true"' in _text(response)
    assert Matter.objects.get(pk=matter.pk).version == 1


def test_milestones_are_planned_row_by_row(cast: Cast, matter: Matter) -> None:
    data = {
        "milestone-TOTAL_FORMS": "3",
        "milestone-INITIAL_FORMS": "1",
        "target-TOTAL_FORMS": "1",
        "target-INITIAL_FORMS": "1",
        "milestone-0-id": "1",
        "milestone-0-title": "摸底完成",
        "milestone-0-due": "2099-01-05",
        "milestone-2-title": "验收",
        "target-0-id": "1",
        "target-0-of": "整改率",
        "target-0-op": ">=",
        "target-0-value": "98.5",
        "target-0-unit": "%",
    }
    response = as_(cast, "supervisor").post(f"/matters/{matter.pk}/plan/", data)
    assert response.status_code == 302, _text(response)
    row = Matter.objects.get(pk=matter.pk)
    assert [(one["id"], one["title"], one["due"]) for one in row.milestones] == [
        (1, "摸底完成", "2099-01-05"),
        (2, "验收", None),
    ]
    assert len(row.targets) == 1


def test_a_matter_is_opened_from_its_registers_form(cast: Cast) -> None:
    registers.sync()
    client = as_(cast, "supervisor")
    data = {"title": "检查食堂", "lead": "HS-1", "own-origin": "document", "operation": str(uuid.uuid4())}
    response = client.post("/registers/task/open/", data)
    again = client.post("/registers/task/open/", data)
    row = Matter.objects.get()
    assert response["Location"] == again["Location"] == f"/matters/{row.pk}/"
    assert (row.title, row.fields["origin"], row.state) == ("检查食堂", "document", "drafted")


def test_a_form_that_lacks_what_the_register_needs_opens_nothing(cast: Cast) -> None:
    registers.sync()
    response = as_(cast, "supervisor").post("/registers/task/open/", {"title": "检查食堂", "lead": "HS-1"})
    assert response.status_code == 422
    assert "检查食堂" in _text(response)
    assert not Matter.objects.exists()


def test_who_cannot_open_in_a_register_is_told_so(cast: Cast) -> None:
    registers.sync()
    assert as_(cast, "discipline").get("/registers/task/open/").status_code == 403


def test_a_part_is_split_off_by_its_form(cast: Cast, accepted: Matter) -> None:
    data = {"title": "教学楼排查", "own-origin": "meeting", "lead": "HS-1"}
    response = as_(cast, "school_head").post(f"/matters/{accepted.pk}/split/", data)
    assert response.status_code == 302, _text(response)
    assert Matter.objects.get(title="教学楼排查").parent_id == accepted.pk


def test_several_matters_are_urged_at_once_with_a_result_for_each(cast: Cast, accepted: Matter) -> None:
    drafted = open_matter(
        "task", by=cast.actor("supervisor"), title="另一件", lead=cast.unit("QH-1"), fields={"origin": "meeting"}
    )
    client, operation = as_(cast, "supervisor"), str(uuid.uuid4())
    data = {"row": [accepted.pk, drafted.pk, 10**15], "note": "请抓紧", "operation": operation}
    for _turn in range(2):
        page = _text(client.post("/matters/bulk/urge/", data))
    assert "办成 1 件，共 2 件" in page
    assert "没有办成" in page
    assert [Matter.objects.get(pk=one.pk).urged for one in (accepted, drafted)] == [1, 0]


@pytest.mark.parametrize("back", ["https://example.org/", "//example.org", "/\\example.org", "javascript:alert(1)"])
def test_the_way_back_leads_only_to_our_own_lists(cast: Cast, back: str) -> None:
    page = _text(as_(cast, "supervisor").get("/matters/bulk/urge/", {"back": back}))
    assert "example.org" not in page[page.index("<main") : page.index("<footer")]
    assert "javascript:" not in page[page.index("<main") : page.index("<footer")]


# What needs me.


def test_what_needs_me_is_signed_for_with_one_click(cast: Cast, matter: Matter) -> None:
    perform(matter, "assign", by=cast.actor("supervisor"))
    client = as_(cast, "school_head")
    assert "等您签收" in _text(client.get("/"))
    response = client.post(f"/matters/{matter.pk}/accept/", {"from": "home", "seen": "2"})
    assert (response.status_code, response["Location"]) == (302, "/")
    assert Matter.objects.get(pk=matter.pk).state == "under_way"


def test_an_empty_desk_says_how_to_begin(cast: Cast) -> None:
    assert "到台账里立项" in _text(as_(cast, "supervisor").get("/"))
    assert "您还没有生效的任职" in _text(as_(cast, "stranger").get("/"))


def _confirmable(cast: Cast, who: str) -> list[str]:
    return re.findall(r"有 (\d+) 个任职等您确认", _text(as_(cast, who).get("/")))


def test_posts_wait_on_the_desk_of_who_can_confirm_them_and_of_nobody_else(cast: Cast) -> None:
    assert _confirmable(cast, "security_admin") == []
    by = cast.actor("system_admin")
    propose_post(cast.people["stranger"], cast.unit("HS"), by=by, role="officer")
    propose_post(cast.people["officer"], cast.unit("HS"), by=by, role="observer")
    assert {who: said for who in cast.people if (said := _confirmable(cast, who))} == {"security_admin": ["2"]}
    assert 'href="/org/posts/"' in _text(as_(cast, "security_admin").get("/"))


def test_a_post_that_the_administrator_proposed_or_is_to_hold_does_not_wait_on_their_desk(cast: Cast) -> None:
    by = cast.actor("system_admin")
    other = propose_post(cast.people["stranger"], cast.unit("HS"), by=by, role="officer")
    propose_post(cast.people["security_admin"], cast.unit("HS"), by=by, role="security_admin")
    assert _confirmable(cast, "security_admin") == ["1"]
    Post.objects.filter(pk=other.pk).update(proposed_by=cast.people["security_admin"])
    assert _confirmable(cast, "security_admin") == []
    Post.objects.filter(pk=other.pk).update(proposed_by=None)
    assert _confirmable(cast, "security_admin") == ["1"]


# Confidential registers.


def test_a_look_at_a_confidential_matter_is_written_down(cast: Cast, matter: Matter) -> None:
    Matter.objects.filter(pk=matter.pk).update(confidential=True)
    client = as_(cast, "supervisor")
    assert client.get(f"/matters/{matter.pk}/").status_code == 404
    assert not Record.objects.filter(act="matter.look").exists()
    cast.people["supervisor"].posts.update(registers=["task"])
    assert client.get(f"/matters/{matter.pk}/").status_code == 200
    record = Record.objects.get(act="matter.look")
    assert (record.actor_name, record.subject_name) == ("苏晓岚", matter.number)


def test_a_confidential_matter_shines_through_no_list_and_no_count(cast: Cast, matter: Matter) -> None:
    Matter.objects.filter(pk=matter.pk).update(confidential=True)
    client = as_(cast, "second_supervisor")
    for address in (
        "/",
        "/matters/?state=all",
        "/registers/task/?state=all",
        "/search/?q=校舍",
        f"/matters/bulk/urge/?row={matter.pk}",
    ):
        assert matter.title not in _text(client.get(address))
    assert "共 1 条" not in _text(client.get("/matters/?state=all"))


# Saved views.


def test_a_list_is_kept_under_a_name_by_one_person_alone(cast: Cast) -> None:
    registers.sync()
    client = as_(cast, "supervisor")
    response = client.post("/views/save/", {"register": "task", "name": " 超期 的 ", "query": "light=red&after=x"})
    view = SavedView.objects.get()
    assert (view.name, view.query, response["Location"]) == ("超期 的", "light=red", "/registers/task/?light=red")
    assert "超期 的" in _text(client.get("/registers/task/"))
    assert as_(cast, "head").post(f"/views/{view.pk}/drop/").status_code == 404
    client.post(f"/views/{view.pk}/drop/")
    assert not SavedView.objects.exists()


def test_half_a_page_is_answered_to_htmx(cast: Cast, matter: Matter) -> None:
    response = as_(cast, "supervisor").get("/matters/", headers={"HX-Request": "true"})
    assert "<html" not in _text(response)
    assert matter.title in _text(response)
    assert "HX-Request" in response["Vary"]


@pytest.mark.parametrize(
    "query",
    [
        "state=nonsense",
        "light=purple",
        "due_from=bad",
        "sort=secret",
        "after=%00",
        "col=nonsense",
        "own-origin=zzz",
        "unit=' OR 1=1 --",
        "q=%E2%80%AE",
        "grade=x&opened_to=9999-12-31",
    ],
)
def test_a_list_asked_nonsense_is_still_a_page(cast: Cast, matter: Matter, query: str) -> None:
    assert as_(cast, "supervisor").get(f"/registers/task/?{query}").status_code == 200


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", 1),
        ("q=校舍", 1),
        ("q=食堂", 0),
        ("unit=槐树", 1),
        ("unit=HS-1", 1),
        ("unit=槐树镇第一小学（HS-1）", 1),
        ("unit=青禾", 0),
        ("unit=YL-AQ&side=lead", 0),
        ("state=ended", 0),
        ("state=under_way", 1),
        ("handler=宋小禾", 1),
        ("handler=me", 0),
        ("due_from=2000-01-01&due_to=2099-01-01", 1),
        ("due_to=2000-01-01", 0),
        ("own-origin=meeting", 1),
        ("own-origin=document", 0),
        ("light=red", 0),
        ("light=green", 1),
    ],
)
def test_a_filter_finds_what_it_names(cast: Cast, accepted: Matter, query: str, found: int) -> None:
    Matter.objects.filter(pk=accepted.pk).update(due=timezone.localdate() + dt.timedelta(days=30))
    page = _text(as_(cast, "supervisor").get(f"/registers/task/?{query}"))
    assert page.count("data-row") == found


def test_units_and_people_are_offered_while_typing(cast: Cast) -> None:
    client = as_(cast, "supervisor")
    assert client.get("/pick/unit/?q=槐树一小").json() == {"offers": ["槐树镇第一小学（HS-1）"]}
    assert client.get("/pick/person/?q=宋小").json() == {"offers": ["宋小禾"]}
    assert client.get("/pick/unit/?q=").json() == {"offers": []}
    assert as_(cast, "stranger").get("/pick/unit/?q=槐树").status_code == 403


def test_the_records_are_listed_newest_first_and_filtered(cast: Cast) -> None:
    registers.sync()
    client = as_(cast, "audit_admin")
    page = _text(client.get("/records/?act=register"))
    assert page.count("data-row") == 3
    assert "没有符合条件的记录" in _text(client.get("/records/?who=没有这个人"))
    assert client.get("/records/?since=nonsense&after=zzz").status_code == 200


def test_several_matters_of_somebody_who_leaves_go_to_another_at_once(cast: Cast, accepted: Matter) -> None:
    data = {"row": accepted.pk, "handler": "宋立", "note": "岗位调整", "operation": uuid.uuid4()}
    page = _text(as_(cast, "school_head").post("/matters/bulk/hand_over/", data))
    accepted.refresh_from_db()
    assert (accepted.handler, "办成 1 件，共 1 件。" in page) == (cast.people["school_head"], True)


def test_strangers_to_a_matter_cannot_hand_it_over(cast: Cast, accepted: Matter) -> None:
    data = {"row": accepted.pk, "handler": "秦川", "operation": uuid.uuid4()}
    page = _text(as_(cast, "other_head").post("/matters/bulk/hand_over/", data))
    accepted.refresh_from_db()
    assert (accepted.handler, "没有勾选事项" in page) == (cast.people["school_officer"], True)
