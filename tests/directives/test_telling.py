"""Telling units of matters that they have no notice of: confirmed without assigning, or changed by a later version."""

from __future__ import annotations

import uuid

import pytest
from django.test import Client
from django.urls import reverse

from cast import Cast
from directives.editions import first, row, second
from directives.making import taken_in
from luoshi.directives.actions.adopting import adopt, adopt_same, open_anew
from luoshi.directives.actions.confirming import confirm
from luoshi.directives.actions.telling import tell
from luoshi.directives.changes import sentence
from luoshi.directives.checks import findings
from luoshi.directives.errors import ImpossibleError
from luoshi.directives.models import Directive, Notice
from luoshi.directives.notices import docx_of, share_of, text_of, xlsx_of
from luoshi.directives.readiness import ConfirmError
from luoshi.directives.untold import untold
from luoshi.org.models import Unit
from luoshi.org.policy import RefusedError
from luoshi.work.actions import perform
from luoshi.work.enums import Act, State
from luoshi.work.integrity.verify import verify
from luoshi.work.models import Event, Matter

pytestmark = pytest.mark.django_db

SPEECH = """在云岭市教育工作会议上的讲话
同志们：
一、今年的重点任务
基教科牵头，安全科配合，完成校舍隐患排查，整改率达到98%以上。
安全科每月开展一次消防演练。
槐树镇第一小学要建成心理辅导室。
"""


def _op() -> uuid.UUID:
    return uuid.uuid4()


@pytest.fixture
def drafted(cast: Cast) -> Directive:
    """A document that was confirmed without assigning."""
    directive = taken_in(cast, SPEECH)
    confirm(directive, by=cast.actor("supervisor"), operation=_op(), assign=False)
    return directive


def _told(notices: list[Notice]) -> dict[str, list[tuple[str, str]]]:
    return {one.unit.code: [(told["side"], told["title"]) for told in one.rows] for one in notices}


def _client(cast: Cast, who: str = "supervisor") -> Client:
    client = Client()
    account = cast.people[who].account
    assert account is not None
    client.force_login(account)
    return client


def test_drafts_are_assigned_and_every_unit_gets_one_notice(drafted: Directive, cast: Cast) -> None:
    notices = tell(drafted, by=cast.actor("supervisor"), operation=_op(), number="云教督〔2026〕8号")
    assert _told(notices) == {
        "YL-JJ": [("lead", "完成校舍隐患排查")],
        "YL-AQ": [("support", "完成校舍隐患排查"), ("lead", "每月开展一次消防演练")],
        "HS-1": [("lead", "建成心理辅导室")],
    }
    assert set(Matter.objects.values_list("state", flat=True)) == {State.ASSIGNED}
    assert {one.head["number"] for one in notices} == {"云教督〔2026〕8号"}
    assert {one.head["title"] for one in notices} == {"关于交办《在云岭市教育工作会议上的讲话》任务的通知"}
    assert notices[0].rows[0]["targets"] == "整改率≥98%"
    assert notices[1].rows[1]["cadence"] == "每月"


def test_the_same_notices_come_of_confirming_and_of_telling_later(drafted: Directive, cast: Cast) -> None:
    other = taken_in(cast, SPEECH.replace("校舍隐患", "校车隐患"))
    at_once = confirm(other, by=cast.actor("supervisor"), operation=_op()).notices
    later = tell(drafted, by=cast.actor("supervisor"), operation=_op())
    compared = ("side", "lead", "support", "due", "targets", "cadence")
    assert [[[told[name] for name in compared] for told in one.rows] for one in later] == [
        [[told[name] for name in compared] for told in one.rows]
        for one in sorted(at_once, key=lambda one: one.unit.path)
    ]
    assert [one.head["paragraphs"] for one in later] == [
        one.head["paragraphs"] for one in sorted(at_once, key=lambda one: one.unit.path)
    ]


def test_the_same_again_assigns_and_tells_nothing_more(drafted: Directive, cast: Cast) -> None:
    operation = _op()
    notices = tell(drafted, by=cast.actor("supervisor"), operation=operation)
    events = Event.objects.count()
    assert tell(drafted, by=cast.actor("supervisor"), operation=operation) == notices
    with pytest.raises(ImpossibleError, match="都已经有通知"):
        tell(drafted, by=cast.actor("supervisor"), operation=_op())
    assert (Event.objects.count(), Notice.objects.count()) == (events, len(notices))


def test_what_was_assigned_by_hand_is_told_as_it_stands_now(drafted: Directive, cast: Cast) -> None:
    matter = Matter.objects.get(title="每月开展一次消防演练")
    lead = Unit.objects.get(code="HS-1")
    perform(matter, Act.ASSIGN, by=cast.actor("supervisor"), operation=_op(), lead=lead)
    before = Event.objects.filter(matter=matter).count()
    assert [(one.matter.title, one.is_drafted) for one in untold(drafted, cast.actor("supervisor"))][1] == (
        "每月开展一次消防演练",
        False,
    )
    told = _told(tell(drafted, by=cast.actor("supervisor"), operation=_op()))
    assert told["HS-1"] == [("lead", "每月开展一次消防演练"), ("lead", "建成心理辅导室")]
    assert Event.objects.filter(matter=matter).count() == before


def test_ended_matters_are_not_told(drafted: Directive, cast: Cast) -> None:
    perform(Matter.objects.get(title="建成心理辅导室"), Act.CANCEL, by=cast.actor("supervisor"), reason="并入别的事项")
    assert "HS-1" not in _told(tell(drafted, by=cast.actor("supervisor"), operation=_op()))


def test_nobody_without_the_right_tells(drafted: Directive, cast: Cast) -> None:
    with pytest.raises(RefusedError):
        tell(drafted, by=cast.actor("head"), operation=_op())
    assert (Notice.objects.count(), set(Matter.objects.values_list("state", flat=True))) == (0, {State.DRAFTED})


def test_a_matter_that_cannot_be_assigned_lets_nothing_be_told(drafted: Directive, cast: Cast) -> None:
    lead = Unit.objects.get(code="HS-1")
    Matter.objects.filter(title="建成心理辅导室").update(lead=None)
    with pytest.raises(ConfirmError, match="第3条"):
        tell(drafted, by=cast.actor("supervisor"), operation=_op())
    assert (Notice.objects.count(), set(Matter.objects.values_list("state", flat=True))) == (0, {State.DRAFTED})
    Matter.objects.filter(title="建成心理辅导室").update(lead=lead)
    assert "HS-1" in _told(tell(drafted, by=cast.actor("supervisor"), operation=_op()))


def test_a_document_under_review_has_nothing_to_tell(cast: Cast) -> None:
    with pytest.raises(ImpossibleError, match="都已经有通知"):
        tell(taken_in(cast, SPEECH), by=cast.actor("supervisor"), operation=_op())


def test_the_chain_vouches_for_what_was_told(drafted: Directive, cast: Cast) -> None:
    notices = tell(drafted, by=cast.actor("supervisor"), operation=_op())
    edit = drafted.edits.order_by("-seq")[0]
    assert len(edit.data["notices"]) == len(notices)
    assert sentence(edit) == "补发了3份交办通知"
    assert (list(findings()), list(verify().findings)) == ([], [])


# --- a later version ----------------------------------------------------------------------------------------------


@pytest.fixture
def later(cast: Cast) -> Directive:
    return second(cast, first(cast))


def test_units_of_adopted_rows_are_told_of_the_change_and_of_nothing_else(later: Directive, cast: Cast) -> None:
    adopt_same(later, by=cast.actor("supervisor"), operation=_op())
    assert untold(later, cast.actor("supervisor")) == []
    adopt(row(later, "校舍安全隐患"), by=cast.actor("supervisor"), operation=_op())
    notices = tell(later, by=cast.actor("supervisor"), operation=_op())
    assert [(one.unit.code, len(one.rows), one.head["title"][:5]) for one in notices] == [("YL-AQ", 1, "关于调整《")]
    assert "作相应调整（牵头1项）" in notices[0].head["paragraphs"][0]
    assert "以本通知为准" in notices[0].head["paragraphs"][1]
    (told,) = notices[0].rows
    assert (told["due"], told["targets"], share_of(told)) == ("2027-07-31", "整改率≥98%", "牵头（调整）")
    assert text_of(notices[0]).title == notices[0].head["title"]
    assert docx_of(notices[0])[:2] == xlsx_of(notices[0])[:2] == b"PK"


def test_rows_adopted_since_the_last_notice_come_in_the_next_one_alone(later: Directive, cast: Cast) -> None:
    by = cast.actor("supervisor")
    adopt(row(later, "校舍安全隐患"), by=by, operation=_op())
    tell(later, by=by, operation=_op())
    adopt(row(later, "心理辅导室"), by=by, operation=_op())
    assert [one.unit.code for one in tell(later, by=by, operation=_op())] == ["QH-1"]


def test_a_row_opened_anew_is_told_as_a_new_one(later: Directive, cast: Cast) -> None:
    by = cast.actor("supervisor")
    adopt(row(later, "心理辅导室"), by=by, operation=_op())
    anew = row(later, "校舍安全隐患")
    open_anew(anew, by=by, operation=_op())
    done = confirm(later, by=by, operation=_op(), clauses=[anew.uid], assign=False)
    assert done.notices == []
    titles = {one.unit.code: one.head["title"][:4] for one in tell(later, by=by, operation=_op())}
    assert titles == {"YL-AQ": "关于交办", "QH-1": "关于调整"}


# --- pages --------------------------------------------------------------------------------------------------------


def test_the_page_of_the_document_offers_it_and_it_is_done(drafted: Directive, cast: Cast) -> None:
    client, address = _client(cast), reverse("directives:document", args=[drafted.pk])
    page = client.get(address).content.decode()
    assert ("3 条任务还没有给承办单位发通知" in page, "交办并发通知" in page) == (True, True)
    answer = client.post(reverse("directives:tell", args=[drafted.pk]), {"operation": str(_op())})
    assert (answer.status_code, answer["Location"]) == (302, reverse("directives:notices", args=[drafted.pk]))
    assert Notice.objects.count() == 3
    assert "交办并发通知" not in client.get(address).content.decode()


def test_the_page_of_changes_offers_a_notice_of_change(later: Directive, cast: Cast) -> None:
    client, address = _client(cast), reverse("directives:changes", args=[later.pk])
    assert "发变更通知" not in client.get(address).content.decode()
    adopt(row(later, "校舍安全隐患"), by=cast.actor("supervisor"), operation=_op())
    assert "发变更通知" in client.get(address).content.decode()


def test_what_is_refused_is_said_on_the_page_of_the_document(cast: Cast) -> None:
    directive = taken_in(cast, SPEECH)
    answer = _client(cast).post(reverse("directives:tell", args=[directive.pk]), {"operation": str(_op())}, follow=True)
    assert "都已经有通知" in answer.content.decode()
    assert Notice.objects.count() == 0


def test_who_may_not_confirm_is_neither_offered_it_nor_obeyed(drafted: Directive, cast: Cast) -> None:
    client = _client(cast, "inspector")
    page = client.get(reverse("directives:document", args=[drafted.pk]))
    assert "交办并发通知" not in page.content.decode()
    answer = client.post(reverse("directives:tell", args=[drafted.pk]), {"operation": str(_op())})
    assert (answer.status_code in {403, 404}, Notice.objects.count()) == (True, 0)
