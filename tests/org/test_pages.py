"""The pages of the organisation: who may open them, what they show to whom, and what their forms do."""

from __future__ import annotations

import datetime as dt
import io
import re

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import get_resolver, reverse
from django.utils import timezone

from cast import Cast
from luoshi.ledger.models import Record
from luoshi.org import actions
from luoshi.org import urls as org_urls
from luoshi.org.exchange import write_workbook
from luoshi.org.gate import GATED
from luoshi.org.models import Deputy, Group, Membership, Post, Unit, Upload
from luoshi.org.policy import SYSTEM_ACTOR

pytestmark = pytest.mark.django_db

TODAY = timezone.localdate


def signed_in(cast: Cast, who: str) -> Client:
    client = Client()
    account = cast.people[who].account
    assert account is not None
    client.force_login(account, backend=settings.AUTHENTICATION_BACKENDS[-1])
    return client


def get(cast: Cast, who: str, name: str, *args: object) -> tuple[int, str]:
    answer = signed_in(cast, who).get(reverse(f"org:{name}", args=args))
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content  # type: ignore[attr-defined]
    return answer.status_code, content.decode("utf-8", "replace")


def proposal(cast: Cast) -> Post:
    return actions.propose_post(cast.people["stranger"], cast.unit("HS"), by=cast.actor("system_admin"), role="officer")


READ = (("tree",), ("vacancies",), ("people",), ("groups",), ("deputies",), ("unit", "HS"), ("group", "Z1"))
CHANGE = (
    ("new_unit",), ("change_unit", "HS"), ("move_unit", "HS"), ("merge_unit", "HS"), ("close_unit", "HS"),
    ("reopen_unit", "HS"), ("new_person",), ("new_group",), ("change_group", "Z1"), ("close_group", "Z1"),
    ("add_members", "Z1"), ("import",), ("template",),
)  # fmt: skip
PERSONAL = ("change_person", "person_left", "person_returned", "propose")
BUSINESS = ("leader", "supervisor", "discipline", "head", "officer", "inspector", "observer")


def test_every_page_is_behind_the_gate() -> None:
    patterns = [pattern.callback for pattern in org_urls.urlpatterns]
    assert [view for view in patterns if not hasattr(view, GATED)] == []
    assert get_resolver().reverse_dict is not None


@pytest.mark.parametrize("page", READ, ids=lambda page: page[0])
def test_pages_to_read_are_open_to_whoever_has_a_post(cast: Cast, page: tuple[str, ...]) -> None:
    assert {who: get(cast, who, *page)[0] for who in (*BUSINESS, "system_admin", "security_admin", "audit_admin")} == dict.fromkeys(
        (*BUSINESS, "system_admin", "security_admin", "audit_admin"), 200
    )  # fmt: skip
    assert get(cast, "stranger", *page)[0] == 403
    answer = Client().get(reverse(f"org:{page[0]}", args=page[1:]))
    assert (answer.status_code, "next=" in answer["Location"]) == (302, True)


@pytest.mark.parametrize("page", CHANGE, ids=lambda page: page[0])
def test_pages_that_change_are_open_to_the_systems_administrator_only(cast: Cast, page: tuple[str, ...]) -> None:
    assert get(cast, "system_admin", *page)[0] == 200
    others = (*BUSINESS, "security_admin", "audit_admin", "stranger")
    assert {who: get(cast, who, *page)[0] for who in others} == dict.fromkeys(others, 403)


@pytest.mark.parametrize("name", PERSONAL)
def test_pages_of_a_person_that_change_are_the_system_administrators(cast: Cast, name: str) -> None:
    uid = cast.people["head"].uid
    assert get(cast, "system_admin", name, uid)[0] == 200
    assert {get(cast, who, name, uid)[0] for who in (*BUSINESS, "security_admin", "audit_admin")} == {403}


def test_unknown_things_are_not_found(cast: Cast) -> None:
    assert get(cast, "leader", "unit", "没有")[0] == 404
    assert get(cast, "leader", "group", "没有")[0] == 404
    assert get(cast, "leader", "person", "00000000-0000-0000-0000-000000000000")[0] == 404
    assert get(cast, "system_admin", "plan", "00000000-0000-0000-0000-000000000000")[0] == 404


@pytest.mark.parametrize("name", ["confirm"])
def test_acts_are_not_done_by_looking(cast: Cast, name: str) -> None:
    assert get(cast, "security_admin", name)[0] == 405


def test_staff_numbers_are_shown_to_two_administrators_only(cast: Cast) -> None:
    cast.people["officer"].staff_no = "GH20260001"
    cast.people["officer"].save(update_fields=["staff_no"])
    uid = cast.people["officer"].uid
    for page in (("people",), ("person", uid)):
        shown = {who: "GH20260001" in get(cast, who, *page)[1] for who in ("leader", "officer", "audit_admin")}
        assert shown == {"leader": False, "officer": False, "audit_admin": False}
        assert "GH20260001" in get(cast, "system_admin", *page)[1]
        assert "GH20260001" in get(cast, "security_admin", *page)[1]
    found = signed_in(cast, "leader").get(reverse("org:people"), {"q": "GH2026"}).content.decode()
    assert "没有相符的人员" in found
    assert "何清" in signed_in(cast, "system_admin").get(reverse("org:people"), {"q": "gh2026"}).content.decode()


def test_tree_page_nests_and_finds_and_goes_back_in_time(cast: Cast) -> None:
    client = signed_in(cast, "officer")
    page = client.get(reverse("org:tree")).content.decode()
    assert page.count('<ul class="tree">') == 3
    assert len(re.findall(r"<ul[ >]", page)) == page.count("</ul>")
    assert len(re.findall(r"<li[ >]", page)) == page.count("</li>")
    found = client.get(reverse("org:tree"), {"q": "槐一小"}).content.decode()
    assert ("槐树镇第一小学" in found, "青禾第一中学" in found) == (True, False)
    before = client.get(reverse("org:tree"), {"on": "2019-01-01"}).content.decode()
    assert "还没有单位" in before
    assert client.get(reverse("org:tree"), {"on": "昨天"}).status_code == 200


def test_number_of_statements_of_the_lists_does_not_grow_with_their_rows(
    cast: Cast, django_assert_max_num_queries: object
) -> None:
    for number in range(60):
        person = actions.add_person(by=SYSTEM_ACTOR, name=f"王{number}", staff_no=f"W{number}")
        actions.confirm_post(
            actions.propose_post(person, cast.unit("HS"), by=SYSTEM_ACTOR, role="officer"), by=SYSTEM_ACTOR
        )
    for name, args in (("tree", []), ("people", []), ("unit", ["HS"]), ("groups", []), ("waiting", [])):
        client = signed_in(cast, "system_admin")
        with django_assert_max_num_queries(20):  # type: ignore[operator]
            assert client.get(reverse(f"org:{name}", args=args)).status_code == 200


def test_unit_is_opened_and_changed_through_forms(cast: Cast) -> None:
    client = signed_in(cast, "system_admin")
    new = {"code": "HS-3", "name": "槐树镇第三小学", "kind": "school", "stage": "primary", "parent": "槐树中心校"}
    answer = client.post(reverse("org:new_unit"), new)
    assert answer["Location"] == reverse("org:unit", args=["HS-3"])
    client.post(reverse("org:change_unit", args=["HS-3"]), {**new, "name": "槐树三小", "short_names": "三小、小三"})
    client.post(reverse("org:move_unit", args=["HS-3"]), {"to": "YL"})
    row = Unit.objects.get(code="HS-3")
    assert (row.name, row.short_names, row.depth) == ("槐树三小", ["三小", "小三"], 2)
    client.post(reverse("org:close_unit", args=["HS-3"]), {"children": ""})
    assert Unit.objects.get(code="HS-3").closed_on == TODAY()
    client.post(reverse("org:reopen_unit", args=["HS-3"]), {"why": ""})
    assert Unit.objects.get(code="HS-3").closed_on is None
    client.post(
        reverse("org:merge_unit", args=["HS-3"]), {"into": "HS-1", "posts": "move", "groups": "end", "why": "撤并"}
    )
    assert Unit.objects.get(code="HS-3").merged_into == cast.unit("HS-1")
    assert "槐树镇第一小学" in client.get(reverse("org:unit", args=["HS-3"])).content.decode()


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("new_unit", {"code": "hs", "name": "新", "kind": "school"}, "已经是“槐树镇中心学校”的代码"),
        ("new_unit", {"code": "N", "name": "新", "kind": "school", "parent": "小学"}, ""),
        (
            "new_unit",
            {"code": "N", "name": "新", "kind": "school", "parent": "不存在的学校"},
            "没有叫“不存在的学校”的在用单位",
        ),
        ("new_unit", {"code": "N", "name": "新", "kind": "school", "parent": "槐树镇"}, "请填代码"),
        ("new_person", {"staff_no": "HEAD", "name": "某"}, "已经是江一鸣的"),
        ("new_group", {"code": "z1", "name": "某", "kind": "zone"}, "请换一个代码"),
    ],
)
def test_refused_form_keeps_its_words_and_says_what_to_do(
    cast: Cast, name: str, data: dict[str, str], said: str
) -> None:
    answer = signed_in(cast, "system_admin").post(reverse(f"org:{name}"), data)
    if said:
        assert answer.status_code == 422
        assert said in answer.content.decode()
        assert data["name"] in answer.content.decode()
        assert Record.objects.filter(act__endswith=".change").count() == 0
    else:
        assert answer.status_code == 302


def test_proposal_is_confirmed_in_bulk_by_the_security_administrator(cast: Cast) -> None:
    row = proposal(cast)
    admin = signed_in(cast, "security_admin")
    assert "陌生" in admin.get(reverse("org:waiting")).content.decode()
    answer = admin.post(reverse("org:confirm"), {"post": [row.pk, "x", "9" * 40]}, follow=True)
    assert "已确认1个任职" in answer.content.decode()
    row.refresh_from_db()
    assert (row.confirmed_by, row.confirmed_at is not None) == (cast.people["security_admin"], True)
    again = admin.post(reverse("org:confirm"), {"post": [row.pk]}, follow=True)
    assert "没有勾选" in again.content.decode()


@pytest.mark.parametrize("who", [*BUSINESS, "system_admin", "audit_admin", "stranger"])
def test_nobody_else_confirms_or_refuses(cast: Cast, who: str) -> None:
    row = proposal(cast)
    client = signed_in(cast, who)
    assert client.post(reverse("org:confirm"), {"post": [row.pk]}).status_code == 403
    assert client.post(reverse("org:refuse", args=[row.pk]), {"why": "x"}).status_code == 403
    row.refresh_from_db()
    assert row.confirmed_at is None
    assert client.get(reverse("org:waiting")).status_code == (200 if who == "system_admin" else 403)


def test_refusing_needs_a_reason_and_removes_the_proposal(cast: Cast) -> None:
    row = proposal(cast)
    client = signed_in(cast, "security_admin")
    assert client.post(reverse("org:refuse", args=[row.pk]), {"why": ""}).status_code == 422
    assert client.post(reverse("org:refuse", args=[row.pk]), {"why": "单位不对"}).status_code == 302
    assert not Post.objects.filter(pk=row.pk).exists()
    assert Record.objects.order_by("-seq")[0].data["why"] == "单位不对"


def test_holder_sets_a_deputy_on_the_page_and_ends_it(cast: Cast) -> None:
    post = cast.people["head"].posts.get()
    client = signed_in(cast, "head")
    days = {"since": TODAY().isoformat(), "until": (TODAY() + dt.timedelta(days=3)).isoformat()}
    assert client.post(reverse("org:new_deputy", args=[post.pk]), {"person": "何清", **days}).status_code == 302
    row = Deputy.objects.get()
    assert signed_in(cast, "officer").post(reverse("org:end_deputy", args=[row.pk])).status_code == 403
    assert client.post(reverse("org:end_deputy", args=[row.pk])).status_code == 302
    assert not Deputy.objects.filter(until__gte=TODAY()).exists()


@pytest.mark.parametrize("who", ["officer", "leader", "security_admin"])
def test_nobody_sets_a_deputy_for_somebody_elses_post(cast: Cast, who: str) -> None:
    post = cast.people["head"].posts.get()
    assert signed_in(cast, who).get(reverse("org:new_deputy", args=[post.pk])).status_code == 403


def test_person_is_added_given_a_post_and_let_go(cast: Cast) -> None:
    client = signed_in(cast, "system_admin")
    answer = client.post(reverse("org:new_person"), {"staff_no": "900", "name": "赵七"})
    page = answer["Location"]
    uid = re.findall(r"people/([^/]+)/", page)[0]
    client.post(reverse("org:propose", args=[uid]), {"unit": "HS", "role": "officer"})
    assert "待确认" in client.get(page).content.decode()
    client.post(reverse("org:person_left", args=[uid]), {"why": ""})
    assert Post.objects.filter(person__uid=uid).count() == 0
    assert "离岗日期" in client.get(page).content.decode()
    client.post(reverse("org:person_returned", args=[uid]), {"x": "1"})
    assert "离岗日期" not in client.get(page).content.decode()


def test_group_gets_and_loses_members(cast: Cast) -> None:
    client = signed_in(cast, "system_admin")
    client.post(reverse("org:new_group"), {"code": "L1", "name": "第一联盟", "kind": "alliance"})
    client.post(reverse("org:add_members", args=["L1"]), {"units": "HS-1\n槐树镇幼儿园\n\n"})
    assert Membership.objects.filter(group__code="L1").count() == 2
    client.post(reverse("org:remove_member", args=["Z1", "HS-Y"]))
    assert not Membership.objects.filter(group__code="Z1", unit__code="HS-Y", until=None).exists()
    client.post(reverse("org:close_group", args=["L1"]), {"x": "1"})
    assert Group.objects.get(code="L1").closed_on == TODAY()
    assert client.post(reverse("org:close_group", args=["Z1"]), {"x": "1"}).status_code == 422


def upload(client: Client, text: str, name: str = "人员.csv") -> str:
    answer = client.post(reverse("org:import"), {"file": SimpleUploadedFile(name, text.encode())})
    assert answer.status_code == 302, answer.content.decode()
    return str(answer["Location"])


def test_file_is_looked_at_then_applied_once(cast: Cast) -> None:
    client = signed_in(cast, "system_admin")
    plan = upload(client, "工号,姓名\n900,赵七\nhead,江二鸣\n")
    page = client.get(plan).content.decode()
    assert ("江一鸣" in page, "江二鸣" in page, "赵七" in page) == (True, True, True)
    assert cast.people["head"].name == "江一鸣"
    digest = re.findall(r'name="digest" value="([0-9a-f]+)"', page)[0]
    assert client.post(f"{plan}apply/", {"digest": "0" * 64}).status_code == 409
    assert client.post(f"{plan}apply/", {"digest": digest}).status_code == 302
    cast.people["head"].refresh_from_db()
    assert cast.people["head"].name == "江二鸣"
    assert client.post(f"{plan}apply/", {"digest": digest}).status_code == 404
    assert Upload.objects.count() == 0


def test_file_with_problems_cannot_be_applied(cast: Cast) -> None:
    client = signed_in(cast, "system_admin")
    plan = upload(client, "工号,姓名\n,赵七\n")
    page = client.get(plan).content.decode()
    assert "有1处问题" in page
    assert "确认导入" not in page
    answer = client.post(f"{plan}apply/", {}, follow=True)
    assert "什么都没有导入" in answer.content.decode()


def test_uploaded_file_is_its_uploaders_alone_and_can_be_thrown_away(cast: Cast) -> None:
    plan = upload(signed_in(cast, "system_admin"), "工号,姓名\n900,赵七\n")
    second = actions.add_person(by=SYSTEM_ACTOR, name="席二", staff_no="S2")
    post = actions.propose_post(second, cast.unit("YL"), by=SYSTEM_ACTOR, role="system_admin")
    actions.confirm_post(post, by=SYSTEM_ACTOR)
    second.account = type(cast.people["head"].account).objects.create_user("second")  # type: ignore[union-attr]
    second.save(update_fields=["account"])
    cast.people["second"] = second
    assert signed_in(cast, "second").get(plan).status_code == 404
    assert signed_in(cast, "leader").get(plan).status_code == 403
    assert signed_in(cast, "system_admin").post(f"{plan}discard/").status_code == 302
    assert Upload.objects.count() == 0


@pytest.mark.parametrize(
    ("name", "data"), [("a.pdf", b"%PDF-1.7 x"), ("a.xlsx", b"PK\x03\x04zzz"), ("a.csv", b"\xd7\xf8,x\n1")]
)
def test_wrong_file_is_refused_on_the_page(cast: Cast, name: str, data: bytes) -> None:
    answer = signed_in(cast, "system_admin").post(reverse("org:import"), {"file": SimpleUploadedFile(name, data)})
    assert answer.status_code == 422
    assert Upload.objects.count() == 0


def test_export_is_recorded_and_leaves_out_staff_numbers_for_the_supervisor(cast: Cast) -> None:
    answer = signed_in(cast, "system_admin").get(reverse("org:export"))
    data = b"".join(answer.streaming_content)  # type: ignore[attr-defined]
    whole = io.BytesIO()
    write_workbook(whole)
    assert (data[:2], abs(len(data) - len(whole.getvalue())) < 400) == (b"PK", True)
    assert get(cast, "supervisor", "export_csv", "people")[0] == 403
    assert "槐树镇第一小学" in get(cast, "supervisor", "export_csv", "units")[1]
    assert get(cast, "supervisor", "export")[0] == 200
    assert [row.data.get("sheets") for row in Record.objects.filter(act="org.export").order_by("seq")] == [
        ["units", "people", "posts", "groups"],
        ["units"],
        ["units", "groups"],
    ]
    assert get(cast, "officer", "export")[0] == 403
    assert get(cast, "system_admin", "export_csv", "secrets")[0] == 404


def test_empty_installation_says_how_to_begin(cast: Cast) -> None:
    Post.objects.exclude(role="system_admin").delete()
    Membership.objects.all().delete()
    client = signed_in(cast, "system_admin")
    for name in ("tree", "people", "groups", "waiting", "deputies"):
        assert client.get(reverse(f"org:{name}")).status_code == 200
