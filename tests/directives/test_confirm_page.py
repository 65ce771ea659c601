"""The page that confirms, and the pages of notices, as browsers ask for them."""

from __future__ import annotations

import io
import re
import uuid
import zipfile

import pytest
from django.test import Client

from cast import Cast
from directives.making import taken_in
from luoshi.directives.actions.confirming import confirm
from luoshi.directives.actions.review import check, edit
from luoshi.directives.enums import Stage
from luoshi.directives.models import Clause, Directive, Notice
from luoshi.ledger.models import Record
from luoshi.org.models import Post
from luoshi.work.enums import State
from luoshi.work.models import Matter
from web.signed_in import as_

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
    done = confirm(directive, by=cast.actor("supervisor"), operation=uuid.uuid4())
    return {one.unit.code: one for one in done.notices}


def address(directive: Directive) -> str:
    return f"/directives/{directive.pk}/confirm/"


def sent(client: Client, directive: Directive, **more: str) -> dict[str, str]:
    """Return what the page's own form would send."""
    page = client.get(address(directive)).content.decode()
    values = dict(re.findall(r'<input type="hidden" name="(operation|seen)" value="([^"]*)"', page))
    return {**values, "assign": "on", "number": "", **more}


def spoil(clause: Clause, cast: Cast) -> None:
    edit(clause, by=cast.actor("supervisor"), operation=uuid.uuid4(), lead=None)


# --- confirming ---------------------------------------------------------------------------------------------------


def test_the_page_says_what_would_be_opened_and_one_button_does_it(directive: Directive, cast: Cast) -> None:
    client = as_(cast, "supervisor")
    page = client.get(address(directive)).content.decode()
    assert "<b>3</b> 条要立项。" in page
    assert "交办到 <b>3</b> 个单位。" in page
    assert page.count("autofocus") == 1
    answer = client.post(address(directive), sent(client, directive, number="云教督〔2026〕3号"))
    assert (answer.status_code, answer.headers["Location"]) == (302, f"/directives/{directive.pk}/notices/")
    assert set(Matter.objects.values_list("state", flat=True)) == {State.ASSIGNED}
    assert {one.head["number"] for one in Notice.objects.all()} == {"云教督〔2026〕3号"}


def test_the_same_form_sent_twice_opens_once(directive: Directive, cast: Cast) -> None:
    client = as_(cast, "supervisor")
    values = sent(client, directive)
    assert [client.post(address(directive), values).status_code for _ in range(2)] == [302, 302]
    assert Matter.objects.count() == 3


def test_without_the_tick_the_matters_stay_drafts(directive: Directive, cast: Cast) -> None:
    client = as_(cast, "supervisor")
    values = sent(client, directive)
    del values["assign"]
    answer = client.post(address(directive), values)
    assert answer.headers["Location"] == f"/directives/{directive.pk}/"
    assert set(Matter.objects.values_list("state", flat=True)) == {State.DRAFTED}


def test_what_is_missing_is_listed_with_a_link_to_its_row_and_no_button(directive: Directive, cast: Cast) -> None:
    clause = directive.clauses.get(number=2)
    spoil(clause, cast)
    client = as_(cast, "supervisor")
    page = client.get(address(directive)).content.decode()
    assert "还没有牵头单位，请选择。" in page
    assert f'href="/directives/{directive.pk}/review/#c-{clause.uid}"' in page
    assert "autofocus" not in page
    answer = client.post(address(directive), sent(client, directive))
    assert answer.status_code == 422
    assert "没有立项：还有1处要补全" in answer.content.decode()
    assert Matter.objects.count() == 0


def test_the_complete_rows_can_be_confirmed_first(directive: Directive, cast: Cast) -> None:
    spoil(directive.clauses.get(number=2), cast)
    client = as_(cast, "supervisor")
    answer = client.post(address(directive), sent(client, directive, only="ready"))
    assert answer.headers["Location"] == f"/directives/{directive.pk}/review/"
    assert Matter.objects.count() == 2
    directive.refresh_from_db()
    assert directive.stage == Stage.REVIEW


def test_what_others_changed_meanwhile_is_shown_and_confirmed_by_the_next_press(
    directive: Directive, cast: Cast
) -> None:
    client = as_(cast, "supervisor")
    values = sent(client, directive)
    clauses = list(directive.clauses.all())
    check(clauses, by=cast.actor("second_supervisor"), operation=uuid.uuid4())
    answer = client.post(address(directive), values)
    assert answer.status_code == 409
    assert "孟舒" in answer.content.decode()
    assert Matter.objects.count() == 0
    assert client.post(address(directive), sent(client, directive)).status_code == 302
    assert Matter.objects.count() == 3


def test_a_number_that_is_too_long_is_refused_by_the_form(directive: Directive, cast: Cast) -> None:
    client = as_(cast, "supervisor")
    assert client.post(address(directive), sent(client, directive, number="号" * 61)).status_code == 422
    assert Matter.objects.count() == 0


def test_a_confirmed_document_says_so_and_leads_to_its_notices(notices: dict[str, Notice], cast: Cast) -> None:
    directive = notices["HS-1"].directive
    page = as_(cast, "supervisor").get(address(directive)).content.decode()
    assert "这份文件已经确认" in page
    assert f'href="/directives/{directive.pk}/notices/"' in page


@pytest.mark.parametrize("stage", [Stage.WAITING, Stage.READING, Stage.FAILED])
def test_a_document_that_is_not_read_yet_leads_to_where_it_waits(directive: Directive, cast: Cast, stage: str) -> None:
    Directive.objects.filter(pk=directive.pk).update(stage=stage)
    answer = as_(cast, "supervisor").get(address(directive))
    assert (answer.status_code, answer.headers["Location"]) == (302, f"/directives/{directive.pk}/reading/")


def test_a_withdrawn_document_is_not_confirmed(directive: Directive, cast: Cast) -> None:
    Directive.objects.filter(pk=directive.pk).update(stage=Stage.WITHDRAWN)
    client = as_(cast, "supervisor")
    assert "这份文件已经撤回" in client.get(address(directive)).content.decode()
    assert client.post(address(directive), {"assign": "on"}).status_code == 409
    assert Matter.objects.count() == 0


@pytest.mark.parametrize(
    ("who", "status"), [("leader", 403), ("head", 403), ("stranger", 403), ("second_supervisor", 200)]
)
def test_who_may_see_the_page(directive: Directive, cast: Cast, who: str, status: int) -> None:
    assert as_(cast, who).get(address(directive)).status_code == status


@pytest.mark.parametrize("number", ["0", "9" * 30])
def test_a_document_that_is_not_there_is_not_found(cast: Cast, number: str) -> None:
    assert as_(cast, "supervisor").get(f"/directives/{number}/confirm/").status_code == 404


def test_a_confidential_document_is_not_found_without_a_post_that_names_it(directive: Directive, cast: Cast) -> None:
    Directive.objects.filter(pk=directive.pk).update(confidential=True)
    assert as_(cast, "supervisor").get(address(directive)).status_code == 404
    Post.objects.filter(person=cast.people["supervisor"]).update(registers=["task"])
    assert as_(cast, "supervisor").get(address(directive)).status_code == 200
    assert Record.objects.filter(act="directive.look").count() == 1


# --- notices ------------------------------------------------------------------------------------------------------


def test_a_head_finds_the_notice_reads_it_and_opens_the_matter(notices: dict[str, Notice], cast: Cast) -> None:
    client, one = as_(cast, "school_head"), notices["HS-1"]
    assert f'href="/directives/notices/{one.pk}/"' in client.get("/directives/notices/").content.decode()
    page = client.get(f"/directives/notices/{one.pk}/").content.decode()
    assert "关于交办《在云岭市教育工作会议上的讲话》任务的通知" in page
    assert f'href="/matters/{one.rows[0]["matter"]}/"' in page
    assert f"/directives/{one.directive_id}/notices/" not in page, "a school does not see the whole document"


@pytest.mark.parametrize("form", ["", "docx/", "xlsx/"])
def test_a_notice_to_another_unit_is_not_found(notices: dict[str, Notice], cast: Cast, form: str) -> None:
    assert as_(cast, "school_head").get(f"/directives/notices/{notices['YL-AQ'].pk}/{form}").status_code == 404


@pytest.mark.parametrize("ending", ["docx", "xlsx"])
def test_a_notice_is_downloaded_under_its_name(notices: dict[str, Notice], cast: Cast, ending: str) -> None:
    answer = as_(cast, "school_head").get(f"/directives/notices/{notices['HS-1'].pk}/{ending}/")
    assert answer.status_code == 200
    assert f".{ending}" in answer.headers["Content-Disposition"]
    assert zipfile.is_zipfile(io.BytesIO(answer.content))


def test_a_typed_number_is_shown_and_goes_along_with_the_download(notices: dict[str, Notice], cast: Cast) -> None:
    page = as_(cast, "school_head").get(f"/directives/notices/{notices['HS-1'].pk}/?number=云教督〔2026〕5号")
    assert '<p class="letter-number">云教督〔2026〕5号</p>' in page.content.decode()
    assert "docx/?number=%E4%BA%91" in page.content.decode()


def test_all_notices_of_a_document_are_one_archive_and_its_taking_is_recorded(
    notices: dict[str, Notice], cast: Cast
) -> None:
    number = notices["HS-1"].directive_id
    answer = as_(cast, "supervisor").get(f"/directives/{number}/notices/zip/")
    with zipfile.ZipFile(io.BytesIO(b"".join(answer))) as packed:
        assert len(packed.namelist()) == 6
    answer.close()
    assert Record.objects.get(act="notice.export").data == {"rows": 3}


def test_a_document_without_notices_says_how_they_come_about(directive: Directive, cast: Cast) -> None:
    client = as_(cast, "supervisor")
    assert "这份文件还没有交办通知" in client.get(f"/directives/{directive.pk}/notices/").content.decode()
    assert client.get(f"/directives/{directive.pk}/notices/zip/").status_code == 302


@pytest.mark.parametrize("path", ["notices/", "notices/zip/"])
def test_the_notices_of_a_document_are_for_those_who_see_it(notices: dict[str, Notice], cast: Cast, path: str) -> None:
    number = notices["HS-1"].directive_id
    answers = [as_(cast, who).get(f"/directives/{number}/{path}") for who in ("school_head", "discipline")]
    for one in answers:
        one.close()
    assert [one.status_code for one in answers] == [403, 200]


def test_an_empty_list_says_why(cast: Cast) -> None:
    assert "没有交办通知" in as_(cast, "stranger").get("/directives/notices/?before=0").content.decode()


def test_reading_a_confidential_notice_is_recorded(notices: dict[str, Notice], cast: Cast) -> None:
    one = notices["HS-1"]
    Directive.objects.filter(pk=one.directive_id).update(confidential=True)
    Post.objects.filter(person=cast.people["school_head"]).update(registers=["task"])
    assert as_(cast, "school_head").get(f"/directives/notices/{one.pk}/docx/").status_code == 200
    assert Record.objects.filter(act="directive.look").count() == 1
