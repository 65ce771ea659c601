"""The page on which a later version is settled against the earlier one."""

from __future__ import annotations

import datetime as dt
import re
import uuid

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from cast import Cast
from directives.editions import first, row, second
from directives.making import taken_in
from luoshi.directives.actions import review
from luoshi.directives.actions.adopting import open_anew
from luoshi.directives.enums import ClauseState
from luoshi.directives.models import Clause, Directive
from luoshi.work.actions import perform
from luoshi.work.enums import Act
from luoshi.work.models import Event, Matter


def _signed_in(cast: Cast, who: str = "supervisor") -> Client:
    client = Client()
    account = cast.people[who].account
    assert account is not None
    client.force_login(account)
    return client


def _both(cast: Cast) -> tuple[Directive, Directive]:
    old = first(cast)
    return old, second(cast, old)


def _matter(clause: Clause) -> Matter:
    return Matter.objects.get(clauses=clause)


def _url(directive: Directive) -> str:
    return reverse("directives:changes", args=[directive.pk])


def _settle(client: Client, directive: Directive, clause: Clause, act: str, **more: object) -> int:
    data = {"operation": str(uuid.uuid4()), "seen": f"{clause.uid}:{clause.version}", **more}
    return client.post(reverse("directives:settle", args=[directive.pk, clause.uid, act]), data).status_code


def _seen(page: str) -> list[str]:
    """Return the rows that a page shows, by the words that tell how they stand."""
    return re.findall(r'<article.*?<span class="v-how v-(\w+)">', page, re.DOTALL)


def test_the_page_shows_what_changed_with_old_and_new_words_marked(cast: Cast) -> None:
    _old, new = _both(cast)
    page = _signed_in(cast).get(_url(new)).content.decode()
    assert sorted(_seen(page)) == ["gone", "moved", "new", "reworded"]
    assert "<del>基教</del>" in page
    assert "<ins>安全</ins>" in page
    assert "没有变化的 2 条一并处理" in page
    assert "还有 <b>5</b> 条等您决定。" in page


def test_rows_without_changes_are_shown_where_asked_for(cast: Cast) -> None:
    _old, new = _both(cast)
    page = _signed_in(cast).get(_url(new) + "?show=all").content.decode()
    assert sorted(_seen(page)) == ["gone", "moved", "new", "reworded", "same", "same"]


def test_the_page_is_there_in_english(cast: Cast) -> None:
    _old, new = _both(cast)
    client = _signed_in(cast)
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    page = client.get(_url(new))
    assert page.status_code == 200
    assert '<html lang="en"' in page.content.decode()


def test_adopting_by_the_page_takes_over_the_fields_that_are_ticked(cast: Cast) -> None:
    old, new = _both(cast)
    client = _signed_in(cast)
    assert _settle(client, new, row(new, "校舍"), "adopt", field=["due"]) == 302
    matter = _matter(row(old, "校舍"))
    assert (matter.due, matter.targets[0]["value"]) == (dt.date(2027, 7, 31), "95")
    assert "已采纳，事项随新版" in client.get(_url(new)).content.decode()


def test_the_same_form_twice_acts_once(cast: Cast) -> None:
    old, new = _both(cast)
    client, clause, operation = _signed_in(cast), row(new, "校舍"), str(uuid.uuid4())
    for _time in range(2):
        status = _settle(client, new, clause, "adopt", operation=operation, field=["due", "lead"])
        assert status == 302
    acts = Event.objects.filter(matter=row(old, "校舍").matter_id).order_by("seq").values_list("act", flat=True)
    assert list(acts) == ["open", "assign", "edit", "assign"]


def test_declining_joins_the_row_to_the_matter_as_it_is(cast: Cast) -> None:
    old, new = _both(cast)
    assert _settle(_signed_in(cast), new, row(new, "校舍"), "decline") == 302
    assert (row(new, "校舍").state, row(new, "校舍").matter_id) == (ClauseState.JOINED, row(old, "校舍").matter_id)


def test_all_that_is_the_same_is_settled_by_one_button(cast: Cast) -> None:
    _old, new = _both(cast)
    client = _signed_in(cast)
    answer = client.post(reverse("directives:settle_same", args=[new.pk]), {"operation": str(uuid.uuid4())})
    assert answer.status_code == 302
    page = client.get(_url(new)).content.decode()
    assert "一并处理" not in page
    assert "还有 <b>3</b> 条等您决定。" in page


def test_what_is_gone_is_cancelled_with_the_reason_that_was_typed(cast: Cast) -> None:
    old, new = _both(cast)
    gone = row(old, "危险化学品")
    assert _settle(_signed_in(cast), new, gone, "cancel", reason="并入日常检查") == 302
    event = Event.objects.get(matter=gone.matter_id, act=Act.CANCEL)
    assert event.data["reason"] == "并入日常检查"


def test_what_is_gone_can_go_on(cast: Cast) -> None:
    old, new = _both(cast)
    client = _signed_in(cast)
    assert _settle(client, new, row(old, "危险化学品"), "keep") == 302
    assert "保留原事项" in client.get(_url(new)).content.decode()


def test_an_ended_matter_is_offered_to_be_taken_up_again_or_followed_by_a_new_one(cast: Cast) -> None:
    old, new = _both(cast)
    matter = _matter(row(old, "校舍"))
    perform(matter, Act.CANCEL, by=cast.actor("supervisor"), reason="并入其他工作")
    client = _signed_in(cast)
    assert "重开原事项，按新版办" in client.get(_url(new)).content.decode()
    assert _settle(client, new, row(new, "校舍"), "adopt") == 422
    assert _settle(client, new, row(new, "校舍"), "reopen", field=["due", "lead", "targets", "requirement"]) == 302
    matter.refresh_from_db()
    assert (matter.is_open, matter.due) == (True, dt.date(2027, 7, 31))


def test_what_another_reviewer_changed_meanwhile_is_told_and_nothing_done(cast: Cast) -> None:
    old, new = _both(cast)
    clause = row(new, "校舍")
    review.edit(row(new, "校舍"), by=cast.actor("second_supervisor"), operation=uuid.uuid4(), title="校舍排查整改")
    client = _signed_in(cast)
    answer = client.post(
        reverse("directives:settle", args=[new.pk, clause.uid, "adopt"]),
        {"operation": str(uuid.uuid4()), "seen": f"{clause.uid}:{clause.version}", "field": "due"},
    )
    assert (answer.status_code, "孟舒" in answer.content.decode()) == (409, True)
    assert Event.objects.filter(matter=row(old, "校舍").matter_id).count() == 2


@pytest.mark.parametrize(("who", "status"), [("leader", 200), ("discipline", 200), ("head", 403), ("stranger", 403)])
def test_who_may_see_the_page_and_who_not(cast: Cast, who: str, status: int) -> None:
    _old, new = _both(cast)
    client = _signed_in(cast, who)
    answer = client.get(_url(new))
    assert answer.status_code == status
    assert "采纳到事项" not in answer.content.decode()
    assert _settle(client, new, row(new, "校舍"), "adopt") == 403


def test_there_is_nothing_at_other_addresses(cast: Cast) -> None:
    old, new = _both(cast)
    client = _signed_in(cast)
    assert client.get(reverse("directives:changes", args=[10**9])).status_code == 404
    assert _settle(client, new, row(new, "校舍"), "nothing") == 404
    assert _settle(client, new, row(old, "校舍"), "adopt") == 404
    assert _settle(client, new, row(new, "校舍"), "cancel") == 404
    assert client.get(reverse("directives:settle_same", args=[new.pk])).status_code == 405
    assert client.get(reverse("directives:settle", args=[new.pk, row(new, "校舍").uid, "adopt"])).status_code == 405


def test_a_document_in_a_confidential_register_is_not_there_for_others(cast: Cast) -> None:
    _old, new = _both(cast)
    Directive.objects.filter(pk=new.pk).update(confidential=True, register="secret")
    client = _signed_in(cast)
    assert client.get(_url(new)).status_code == 404
    assert _settle(client, new, row(new, "校舍"), "adopt") == 404


def test_a_matter_that_became_confidential_is_neither_named_nor_settled(cast: Cast) -> None:
    old, new = _both(cast)
    number = _matter(row(old, "校舍")).number
    Matter.objects.filter(clauses=row(old, "校舍")).update(confidential=True, register="secret")
    client = _signed_in(cast)
    assert number not in client.get(_url(new) + "?show=all").content.decode()
    assert _settle(client, new, row(new, "校舍"), "adopt") == 422


def test_a_document_without_an_earlier_version_says_so(cast: Cast) -> None:
    page = _signed_in(cast).get(_url(taken_in(cast)))
    assert (page.status_code, "这份文件没有前一版" in page.content.decode()) == (200, True)


def test_a_row_that_gets_a_matter_of_its_own_says_so(cast: Cast) -> None:
    _old, new = _both(cast)
    open_anew(row(new, "校舍"), by=cast.actor("supervisor"), operation=uuid.uuid4())
    assert "另立新事项" in _signed_in(cast).get(_url(new)).content.decode()


def test_words_of_a_document_are_never_markup(cast: Cast) -> None:
    old = first(cast)
    new = second(
        cast, old, new_text := "方案\n一、任务\n安全科要在2027年3月31日前开展<b>消防</b>演练并<script>登记。\n"
    )
    assert "<script>登记" in new_text
    page = _signed_in(cast).get(_url(new) + "?show=all").content.decode()
    assert "<script>登记" not in page
    assert "&lt;script&gt;登记" in page
