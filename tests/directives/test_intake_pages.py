"""The pages of taking in: who opens them, what they answer, and what one bad file does to the others."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from lxml import html

from cast import Cast
from directives.making import MEETING, taken_in
from luoshi.directives.actions.taking_in import take_in_text
from luoshi.directives.enums import ClauseState, Stage
from luoshi.directives.models import Clause, Directive
from luoshi.directives.understanding import understand
from luoshi.work import registers
from web.signed_in import as_

pytestmark = pytest.mark.django_db

NEW = "/directives/new/"


def parsed(answer: Any) -> Any:
    """Read a page; lxml's types know too little of what XPath gives."""
    return html.fromstring(answer.content.decode())


@pytest.fixture(autouse=True)
def _registers(cast: Cast) -> None:
    registers.sync()


@pytest.fixture
def supervisor(cast: Cast) -> Client:
    return as_(cast, "supervisor")


def sent(client: Client, *files: tuple[str, bytes], **more: Any) -> Any:
    values = {"operation": str(uuid.uuid4()), "register": "task", "programme": "", "previous": "", "text": ""} | more
    uploads = [SimpleUploadedFile(name, content) for name, content in files]
    return client.post(NEW, {**values, **({"upload": uploads} if uploads else {})})


def waiting(cast: Cast, text: str = MEETING) -> Directive:
    return take_in_text(text, by=cast.actor("supervisor"), operation=uuid.uuid4())


# Who.


@pytest.mark.parametrize(
    ("who", "status"),
    [("supervisor", 200), ("leader", 200), ("discipline", 200), ("head", 403), ("officer", 403), ("stranger", 403)],
)
def test_the_list_is_for_those_who_may_see_documents(cast: Cast, who: str, status: int) -> None:
    assert as_(cast, who).get("/directives/").status_code == status


@pytest.mark.parametrize(("who", "status"), [("supervisor", 200), ("leader", 403), ("head", 403), ("stranger", 403)])
def test_taking_in_is_for_the_office(cast: Cast, who: str, status: int) -> None:
    assert as_(cast, who).get(NEW).status_code == status


def test_who_has_not_signed_in_is_asked_to(cast: Cast) -> None:
    assert Client().get("/directives/")["Location"].startswith(reverse("account_login"))


@pytest.mark.parametrize("name", ["reading", "status", "describe", "withdraw"])
def test_a_document_that_is_not_there_is_not_found(supervisor: Client, name: str) -> None:
    for number in (999_999, 10**30):
        assert supervisor.get(f"/directives/{number}/{name}/").status_code == 404


@pytest.mark.parametrize("name", ["reading", "status", "describe", "withdraw"])
def test_a_confidential_document_is_not_found_by_who_may_not_know_of_it(cast: Cast, name: str) -> None:
    directive = waiting(cast)
    Directive.objects.filter(pk=directive.pk).update(confidential=True, register="petition")
    assert as_(cast, "second_supervisor").get(f"/directives/{directive.pk}/{name}/").status_code == 404
    page = as_(cast, "second_supervisor").get("/directives/").content.decode()
    assert str(directive) not in page


def test_the_navigation_leads_to_documents_for_who_may_see_them(cast: Cast) -> None:
    assert 'href="/directives/"' in as_(cast, "leader").get("/").content.decode()
    assert 'href="/directives/"' not in as_(cast, "head").get("/").content.decode()


# Taking in.


def test_one_file_leads_to_the_page_that_waits(supervisor: Client) -> None:
    answer = sent(supervisor, ("讲话.txt", MEETING.encode()))
    directive = Directive.objects.get()
    assert answer["Location"] == f"/directives/{directive.pk}/reading/"
    assert supervisor.get(answer["Location"]).status_code == 200


def test_several_files_become_a_document_each(supervisor: Client) -> None:
    answer = sent(supervisor, ("一.txt", b"one"), ("二.txt", b"two"), text=MEETING, programme="2026年工作要点")
    assert answer["Location"] == "/directives/"
    assert Directive.objects.count() == 3
    assert {str(one.programme) for one in Directive.objects.all()} == {"2026年工作要点"}


def test_one_bad_file_does_not_hold_up_the_others_and_is_named(supervisor: Client) -> None:
    answer = sent(supervisor, ("坏.exe", b"\x7fELF" + b"\0" * 99), ("好.txt", MEETING.encode()))
    page = parsed(answer)
    assert answer.status_code == 422
    assert Directive.objects.get().name == "好.txt"
    told = page.xpath("//ul[@class='outcome']/li")
    assert [("坏.exe" in one.text_content(), "好.txt" in one.text_content()) for one in told] == [
        (True, False),
        (False, True),
    ]


def test_the_form_sent_twice_takes_in_once(supervisor: Client) -> None:
    operation = str(uuid.uuid4())
    first = sent(supervisor, ("讲话.txt", MEETING.encode()), operation=operation)
    second = sent(supervisor, ("讲话.txt", MEETING.encode()), operation=operation)
    assert first["Location"] == second["Location"]
    assert Directive.objects.count() == 1


def test_a_known_file_is_linked_and_taken_in_all_the_same_without_sending_it_again(
    supervisor: Client, cast: Cast
) -> None:
    first = taken_in(cast)
    answer = sent(supervisor, text=MEETING)
    page = parsed(answer)
    assert answer.status_code == 422
    assert page.xpath(f"//ul[@class='outcome']//a[@href='/directives/{first.pk}/']")
    mark = page.xpath("//input[@name='kept']/@value")[0]
    assert sent(supervisor, text=MEETING, kept=[mark])["Location"].endswith("/reading/")
    assert Directive.objects.count() == 2


def test_a_mark_of_somebody_else_takes_nothing_in(supervisor: Client, cast: Cast) -> None:
    taken_in(cast)
    page = parsed(sent(supervisor, text=MEETING))
    mark = page.xpath("//input[@name='kept']/@value")[0]
    assert sent(as_(cast, "second_supervisor"), kept=[mark]).status_code == 422
    assert Directive.objects.count() == 1


@pytest.mark.parametrize(
    "values",
    [
        {},
        {"text": " \n"},
        {"text": "x", "register": "nothing"},
        {"text": "x", "previous": "999999"},
        {"text": "x", "previous": "x"},
    ],
)
def test_a_form_that_makes_no_sense_is_shown_again(supervisor: Client, values: dict[str, str]) -> None:
    assert sent(supervisor, **values).status_code == 422
    assert Directive.objects.count() == 0


def test_more_files_than_a_form_takes_are_refused_together(supervisor: Client) -> None:
    answer = sent(supervisor, *((f"{number}.txt", b"%d" % number) for number in range(21)))
    assert answer.status_code == 422
    assert Directive.objects.count() == 0


def test_a_later_version_comes_alone(supervisor: Client, cast: Cast) -> None:
    first = taken_in(cast)
    assert sent(supervisor, ("a.txt", b"a"), ("b.txt", b"b"), previous=str(first.pk)).status_code == 422
    sent(supervisor, ("a.txt", b"a b c"), previous=str(first.pk))
    assert Directive.objects.order_by("-pk")[0].previous == first


def test_the_form_begins_with_what_another_page_asks_for(supervisor: Client, cast: Cast) -> None:
    first = taken_in(cast)
    page = parsed(supervisor.get(f"{NEW}?previous={first.pk}&programme=平安"))
    assert page.xpath("//select[@name='previous']/option[@selected]/@value") == [str(first.pk)]
    assert page.xpath("//input[@name='programme']/@value") == ["平安"]


# Waiting.


def test_the_page_that_waits_asks_on_until_the_document_is_read(supervisor: Client, cast: Cast) -> None:
    directive = waiting(cast)
    status = f"/directives/{directive.pk}/status/"
    assert f'hx-get="{status}"' in supervisor.get(f"/directives/{directive.pk}/reading/").content.decode()
    assert f'hx-get="{status}"' in supervisor.get(status).content.decode()

    understand(directive.pk)

    done = supervisor.get(status)
    assert (done.status_code, done["HX-Redirect"]) == (204, f"/directives/{directive.pk}/review/")
    assert supervisor.get(f"/directives/{directive.pk}/reading/")["Location"] == f"/directives/{directive.pk}/review/"
    assert as_(cast, "leader").get(status)["HX-Redirect"] == f"/directives/{directive.pk}/"


def test_documents_before_are_counted(supervisor: Client, cast: Cast) -> None:
    waiting(cast, "第一份")
    second = waiting(cast, "第二份")
    assert "前面还有 1 份文件" in supervisor.get(f"/directives/{second.pk}/status/").content.decode()


@pytest.mark.parametrize(("language", "word"), [("zh-hans", "没有文字"), ("en", "holds no text")])
def test_a_document_that_failed_says_why_and_what_to_do(cast: Cast, language: str, word: str) -> None:
    supervisor = as_(cast, "supervisor")
    sent(supervisor, ("空白.txt", "　\n".encode()))
    directive = Directive.objects.get()
    understand(directive.pk)
    page = supervisor.get(
        f"/directives/{directive.pk}/reading/", headers={"Accept-Language": language}
    ).content.decode()
    assert word in page
    assert "hx-get" not in page
    assert f'action="/directives/{directive.pk}/again/"' in page


def test_a_document_that_failed_is_read_again_and_withdrawn(supervisor: Client) -> None:
    sent(supervisor, ("空白.txt", "　\n".encode()))
    directive = Directive.objects.get()
    understand(directive.pk)
    assert supervisor.post(f"/directives/{directive.pk}/again/")["Location"] == f"/directives/{directive.pk}/reading/"
    directive.refresh_from_db()
    assert (directive.stage, directive.attempts, directive.failure) == (Stage.WAITING, 0, {})
    assert supervisor.post(f"/directives/{directive.pk}/withdraw/", {"reason": " "}).status_code == 422
    assert supervisor.post(f"/directives/{directive.pk}/withdraw/", {"reason": "空文件"})["Location"] == "/directives/"
    directive.refresh_from_db()
    assert directive.stage == Stage.WITHDRAWN


def test_reading_again_is_no_business_of_a_leader(cast: Cast) -> None:
    directive = waiting(cast)
    assert as_(cast, "leader").post(f"/directives/{directive.pk}/again/").status_code == 403
    assert as_(cast, "supervisor").get(f"/directives/{directive.pk}/again/").status_code == 405


# Describing.


def described(client: Client, directive: Directive, **values: str) -> Any:
    now = {"title": directive.title, "kind": directive.kind, "number": "", "issuer": "", "register": "task"}
    now["date"] = directive.date.isoformat() if directive.date else ""
    return client.post(
        f"/directives/{directive.pk}/describe/", now | {"operation": str(uuid.uuid4()), "programme": ""} | values
    )


def test_a_document_is_described_and_its_rows_follow(supervisor: Client, cast: Cast) -> None:
    directive = taken_in(cast)
    answer = described(supervisor, directive, number="云教〔2026〕3号", kind="notice", programme="平安校园")
    directive.refresh_from_db()
    assert answer["Location"] == f"/directives/{directive.pk}/review/"
    assert (directive.number, directive.kind, str(directive.programme)) == ("云教〔2026〕3号", "notice", "平安校园")
    fields = [clause.values["fields"] for clause in directive.clauses.all()]
    assert fields == [{"origin": "document", "origin_no": "云教〔2026〕3号"}] * 5


def test_another_day_lets_the_document_be_read_again(supervisor: Client, cast: Cast) -> None:
    directive = taken_in(cast)
    answer = described(supervisor, directive, date="2027-03-02")
    assert answer["Location"] == f"/directives/{directive.pk}/reading/"
    understand(directive.pk)
    assert directive.clauses.get(number=1).values["due"] == "2027-06-30"


def test_nothing_changed_changes_nothing(supervisor: Client, cast: Cast) -> None:
    directive = taken_in(cast)
    assert described(supervisor, directive).status_code == 302
    assert directive.edits.count() == 0


@pytest.mark.parametrize("values", [{"title": ""}, {"kind": "novel"}, {"date": "2026-02-30"}, {"register": "nothing"}])
def test_what_does_not_describe_a_document_is_refused(supervisor: Client, cast: Cast, values: dict[str, str]) -> None:
    directive = taken_in(cast)
    assert described(supervisor, directive, **values).status_code == 422
    assert directive.edits.count() == 0


def test_the_register_stays_once_a_row_is_confirmed(supervisor: Client, cast: Cast) -> None:
    directive = taken_in(cast)
    Clause.objects.filter(directive=directive, number=1).update(state=ClauseState.CONFIRMED)
    assert described(supervisor, directive, register="hazard").status_code == 302
    directive.refresh_from_db()
    assert directive.register == "task"


# The list.


def test_the_list_finds_by_words_stage_and_kind_and_leaves_out_what_was_withdrawn(
    supervisor: Client, cast: Cast
) -> None:
    taken_in(cast)
    waiting(cast, "关于做好防汛工作的通知\n各学校要做好防汛准备。")
    gone = waiting(cast, "写错的一份")
    supervisor.post(f"/directives/{gone.pk}/withdraw/", {"reason": "错"})

    def listed(query: str) -> int:
        return len(parsed(supervisor.get(f"/directives/?{query}")).xpath("//tr[@data-row]"))

    assert listed("") == 2
    assert listed("q=教育工作会议") == 1
    assert listed("stage=waiting") == 1
    assert listed("stage=withdrawn") == 1
    assert listed("kind=speech") == 1
    assert listed("q=没有的字") == 0
    assert listed("stage=nonsense&kind=%00&after=x") == 2


def test_the_list_goes_on_page_by_page_with_few_queries(
    supervisor: Client, cast: Cast, django_assert_max_num_queries: Any
) -> None:
    for number in range(53):
        waiting(cast, f"第{number}份文件")
    with django_assert_max_num_queries(12):
        page = parsed(supervisor.get("/directives/"))
    assert len(page.xpath("//tr[@data-row]")) == 50
    following = page.xpath("//nav[@class='pager']//a[@rel='next']/@href")[0]
    rest = parsed(supervisor.get(f"/directives/{following}"))
    assert len(rest.xpath("//tr[@data-row]")) == 3
