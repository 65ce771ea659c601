"""The page of a document, the list of its rows, its file, and programmes: who may open them and what they say."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from lxml import html

from cast import Cast
from directives.making import MEETING, taken_in
from directives.standing import became, row, settled
from luoshi.directives.actions.review import check, join, uncheck
from luoshi.directives.enums import ClauseState, Stage, Why
from luoshi.directives.models import Directive, Notice, Programme
from luoshi.ledger.models import Record
from luoshi.org.models import Post
from luoshi.work.evidence.store import path_of
from luoshi.work.models import Matter
from web.signed_in import as_
from work.matters import Maker

PLAN = "2026年工作要点"


@pytest.fixture
def document(cast: Cast) -> Directive:
    """Return a confirmed document of a programme: one row closed, one late, one under way, one not taken up."""
    directive, maker = taken_in(cast), Maker(cast)
    became(row(directive, "隐患排查"), maker.closed(lead="YL-JJ"))
    late = maker.under_way(lead="YL-AQ")
    Matter.objects.filter(pk=late.pk).update(due=timezone.localdate() - dt.timedelta(days=3))
    became(row(directive, "消防演练"), late)
    became(row(directive, "心理辅导室"), maker.under_way(lead="QH-1"))
    became(row(directive, "课后服务"), None, ClauseState.DROPPED, why=Why.OTHER, note="上级已有安排")
    Directive.objects.update(programme=Programme.objects.create(name=PLAN))
    return settled(directive)


def page_of(client: Client, address: str, *, english: bool = False) -> Any:
    """Return a page, parsed."""
    if english:
        client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    answer = client.get(address)
    assert answer.status_code == 200
    return html.fromstring(answer.content.decode())


def status_of(client: Client, address: str) -> int:
    """Return how an address answers; a file that it gives out is closed again."""
    answer = client.get(address)
    answer.close()
    return answer.status_code


def words(found: Any, path: str) -> list[str]:
    """Return the words of what a path finds, without the breaks of the template."""
    return [" ".join(one.text_content().split()) for one in found.xpath(path)]


def addresses(directive: Directive) -> list[str]:
    """Return every address that is about one document or its programme."""
    here = f"/directives/{directive.pk}/"
    plan = f"/directives/programmes/{directive.programme_id}/"
    return [here, f"{here}rows/", f"{here}file/", plan, f"{plan}matters/"]


# Who may.


@pytest.mark.parametrize("who", ["supervisor", "leader", "area_leader", "discipline"])
def test_the_office_leaders_and_discipline_open_every_page(document: Directive, cast: Cast, who: str) -> None:
    client = as_(cast, who)
    assert [status_of(client, address) for address in addresses(document)] == [200] * 5


@pytest.mark.parametrize("who", ["officer", "school_head", "observer", "inspector", "system_admin", "stranger"])
def test_nobody_else_opens_any(document: Directive, cast: Cast, who: str) -> None:
    client = as_(cast, who)
    assert {client.get(address).status_code for address in addresses(document)} == {403}


def test_pages_only_show(document: Directive, cast: Cast) -> None:
    client = as_(cast, "supervisor")
    assert {client.post(address).status_code for address in addresses(document)} == {405}


@pytest.mark.parametrize("number", ["0", "999", "9" * 30])
def test_what_is_not_there_is_not_found(document: Directive, cast: Cast, number: str) -> None:
    client = as_(cast, "supervisor")
    pages = [address.replace(f"/{document.pk}/", f"/{number}/") for address in addresses(document)[:3]]
    pages += [f"/directives/programmes/{number}/", f"/directives/programmes/{number}/matters/"]
    assert {client.get(address).status_code for address in pages} == {404}


def test_a_confidential_document_and_its_programme_are_not_found_by_whom_no_post_names(
    document: Directive, cast: Cast
) -> None:
    Directive.objects.update(confidential=True, register="secret")
    client = as_(cast, "supervisor")
    assert {client.get(address).status_code for address in addresses(document)} == {404}
    assert PLAN not in client.get("/directives/programmes/").content.decode()


def test_a_look_at_a_confidential_document_is_on_record_without_its_title(document: Directive, cast: Cast) -> None:
    Directive.objects.update(confidential=True, register="secret")
    Post.objects.filter(person=cast.people["supervisor"]).update(registers=["secret"])
    client = as_(cast, "supervisor")
    for address in addresses(document)[:3]:
        assert status_of(client, address) == 200
    looks = Record.objects.filter(act="directive.look").order_by("seq")
    assert [look.data["page"] for look in looks] == addresses(document)[:3]
    assert {(look.subject_key, look.subject_name) for look in looks} == {(str(document.uid), "")}
    client.get("/")
    assert Record.objects.filter(act="directive.look").count() == 3


# What the page says.


def test_the_page_says_how_many_rows_became_what_and_leads_to_each(document: Directive, cast: Cast) -> None:
    page = page_of(as_(cast, "supervisor"), f"/directives/{document.pk}/")
    here = f"/directives/{document.pk}/rows/"
    assert words(page, "//section[@id='outcome']//p[1]/a") == ["3 条任务"]
    assert words(page, "//ul[@class='outcome-words']/li") == ["1 条已销号", "1 条办理中", "1 条超期"]
    links = page.xpath("//ul[@class='outcome-words']//a/@href")
    assert links == [f"{here}?became={one}" for one in ("closed", "under_way", "late")]
    assert words(page, "//section[@id='outcome']/p[@class='soft']/a") == ["另有 1 条待核对", "1 条不立项"]


def test_the_page_says_it_in_english_too(document: Directive, cast: Cast) -> None:
    page = page_of(as_(cast, "supervisor"), f"/directives/{document.pk}/", english=True)
    assert page.get("lang") == "en"
    assert len(words(page, "//ul[@class='outcome-words']/li")) == 3


def test_a_leader_of_an_area_reads_that_others_have_the_rest(document: Directive, cast: Cast) -> None:
    page = page_of(as_(cast, "area_leader"), f"/directives/{document.pk}/")
    assert words(page, "//ul[@class='outcome-words']/li") == ["1 条办理中", "2 条由其他单位办理"]
    assert len(page.xpath("//a[starts-with(@href, '/matters/') and contains(@class, 'chip')]")) == 1
    assert words(page, "//span[@class='chip']").count("其他单位办理") == 2


def test_what_is_late_is_named_with_its_days_its_lead_and_the_way_to_its_sentence(
    document: Directive, cast: Cast
) -> None:
    page = page_of(as_(cast, "supervisor"), f"/directives/{document.pk}/")
    (line,) = page.xpath("//ul[@class='late-rows']/li")
    late = row(document, "消防演练")
    assert line.xpath("string(b)") == "已过 3 天"
    assert line.xpath("a/@href") == [f"/matters/{late.matter_id}/", f"#s{late.sentences[0]}"]
    assert "安全科" in line.text_content()
    (chip,) = page.xpath("//a[contains(@class, 'chip-late')]")
    assert "已过 3 天 安全科" in " ".join(chip.text_content().split())


def test_what_is_late_is_not_told_to_who_may_not_see_the_matter(document: Directive, cast: Cast) -> None:
    Matter.objects.update(confidential=True)
    page = page_of(as_(cast, "supervisor"), f"/directives/{document.pk}/")
    assert page.xpath("//ul[@class='late-rows'] | //a[contains(@class, 'chip-late')]") == []


def test_titles_headings_and_text_look_like_what_they_are(document: Directive, cast: Cast) -> None:
    page = page_of(as_(cast, "supervisor"), f"/directives/{document.pk}/")
    looks = {p.text_content(): p.get("class") for p in page.xpath("//div[@class='source-text']/p")}
    assert looks["在云岭市教育工作会议上的讲话"] == "p-title"
    assert looks["二、今年的重点任务"] == "p-h2"
    assert looks["（一）守牢安全底线"] == "p-h3"
    assert looks["同志们："] == "p-text"


def test_the_source_stands_there_word_for_word_with_what_became_of_it(document: Directive, cast: Cast) -> None:
    page = page_of(as_(cast, "supervisor"), f"/directives/{document.pk}/")
    (source,) = page.xpath("//div[@class='source-text']")
    chips = [chip.text_content().strip() for chip in source.xpath(".//*[contains(@class, 'chip')]")]
    assert ["销号" in chips[0], "超期" in chips[1], "正常" in chips[2]] == [True, True, True]
    assert chips[3:] == ["待核对", "不立项：其他原因（上级已有安排）"]
    for chip in source.xpath(".//*[contains(@class, 'chip')]"):
        chip.drop_tree()
    shown = [one.text_content().strip() for one in source.xpath("./p")]
    assert shown == MEETING.strip().split("\n")


def test_words_of_a_document_are_escaped(cast: Cast) -> None:
    directive = taken_in(cast, '通知\n安全科8月底前完成<b onclick="x()">检查</b>&amp;整改。\n')
    answer = as_(cast, "supervisor").get(f"/directives/{directive.pk}/").content.decode()
    assert '<b onclick="x()">' not in answer
    assert "&lt;b onclick=&quot;x()&quot;&gt;检查&lt;/b&gt;&amp;amp;整改。" in answer


def test_a_figure_of_sentences_points_them_out(document: Directive, cast: Cast) -> None:
    client = as_(cast, "supervisor")
    page = page_of(client, f"/directives/{document.pk}/")
    (link,) = (one for one in page.xpath("//ul[@class='coverage']//a") if one.text == "不立项")
    shown = page_of(client, f"/directives/{document.pk}/{link.get('href').partition('#')[0]}")
    assert words(shown, "//span[contains(@class, 'shown')]") == ["各学校要严格落实课后服务制度。"]
    assert [one.get("id") for one in shown.xpath("//span[contains(@class, 'shown')]")] == [link.get("href")[-3:]]


def test_a_document_that_is_being_read_is_shown_by_the_page_that_waits(cast: Cast) -> None:
    directive = settled(taken_in(cast), Stage.READING)
    answer = as_(cast, "supervisor").get(f"/directives/{directive.pk}/")
    assert (answer.status_code, answer.headers["Location"]) == (302, f"/directives/{directive.pk}/reading/")


def test_a_document_withdrawn_unread_is_shown_without_a_source(cast: Cast) -> None:
    directive = settled(taken_in(cast), Stage.WITHDRAWN)
    directive.reading.delete()
    directive.clauses.all().delete()
    page = page_of(as_(cast, "supervisor"), f"/directives/{directive.pk}/")
    assert words(page, "//section[@id='text']/p") == ["这份文件没有读出文字。"]
    assert words(page, "//p[@class='notice']") == ["这份文件已经撤回，不再立项。"]


def test_a_document_under_review_leads_reviewers_there_and_nobody_else(cast: Cast) -> None:
    directive = taken_in(cast)
    review = f"/directives/{directive.pk}/review/"
    for who, there in (("supervisor", True), ("leader", False), ("discipline", False)):
        page = page_of(as_(cast, who), f"/directives/{directive.pk}/")
        assert bool(page.xpath(f"//a[@href='{review}']")) is there
        assert "还没有确认立项。" in words(page, "//section[@id='outcome']/p")


def test_versions_lead_to_each_other_as_far_as_the_reader_may_see_them(document: Directive, cast: Cast) -> None:
    later = taken_in(cast, MEETING.replace("12所", "13所"))
    Directive.objects.filter(pk=later.pk).update(previous=document)
    client = as_(cast, "leader")
    assert page_of(client, f"/directives/{document.pk}/").xpath(f"//dd/a[@href='/directives/{later.pk}/']")
    assert page_of(client, f"/directives/{later.pk}/").xpath(f"//dd/a[@href='/directives/{document.pk}/']")
    Directive.objects.filter(pk=later.pk).update(confidential=True, register="secret")
    assert not page_of(client, f"/directives/{document.pk}/").xpath(f"//dd/a[@href='/directives/{later.pk}/']")


def test_notices_are_listed_for_who_may_read_them(document: Directive, cast: Cast) -> None:
    for code in ("YL-JJ", "QH-1"):
        Notice.objects.create(
            directive=document, unit=cast.unit(code), operation=uuid.uuid4(), issued_at=timezone.now()
        )
    for who, units in (("supervisor", ["基础教育科", "青禾第一中学"]), ("area_leader", ["青禾第一中学"])):
        page = page_of(as_(cast, who), f"/directives/{document.pk}/")
        assert words(page, "//section[@id='notices']//li/a") == units


# The history of the review.


def test_the_page_tells_who_did_what_in_the_review(cast: Cast) -> None:
    directive = taken_in(cast)
    check([row(directive, "隐患排查")], by=cast.actor("second_supervisor"), operation=uuid.uuid4())
    page = page_of(as_(cast, "leader"), f"/directives/{directive.pk}/")
    (entry,) = words(page, "//section[@id='history']//li")
    assert "孟舒" in entry
    assert "完成校舍隐患排查" in entry


def test_long_histories_are_paged(cast: Cast) -> None:
    directive = taken_in(cast)
    clauses = list(directive.clauses.all())
    for number in range(25):
        act = check if number % 2 == 0 else uncheck
        act([clauses[0]], by=cast.actor("supervisor"), operation=uuid.uuid4())
    client = as_(cast, "supervisor")
    first = page_of(client, f"/directives/{directive.pk}/")
    (more,) = first.xpath("//section[@id='history']//a[@rel='next']/@href")
    second = page_of(client, f"/directives/{directive.pk}/{more.partition('#')[0]}")
    assert [len(page.xpath("//section[@id='history']//li")) for page in (first, second)] == [20, 5]


def test_an_edit_about_a_matter_that_became_secret_is_told_by_the_act_alone(cast: Cast) -> None:
    directive, matter = taken_in(cast), Maker(cast).under_way()
    join(row(directive, "消防演练"), by=cast.actor("supervisor"), operation=uuid.uuid4(), matter=matter)
    client = as_(cast, "second_supervisor")
    (told,) = words(page_of(client, f"/directives/{directive.pk}/"), "//section[@id='history']//li")
    assert "每月开展一次消防演练" in told
    Matter.objects.update(confidential=True, register="secret")
    (hidden,) = words(page_of(client, f"/directives/{directive.pk}/"), "//section[@id='history']//li")
    assert hidden.endswith("苏晓岚 并入在办事项")
    assert matter.number not in client.get(f"/directives/{directive.pk}/").content.decode()
    Post.objects.filter(person=cast.people["second_supervisor"]).update(registers=["secret"])
    (told,) = words(page_of(client, f"/directives/{directive.pk}/"), "//section[@id='history']//li")
    assert "每月开展一次消防演练" in told


# The list of rows.


def test_rows_are_listed_by_what_became_of_them(document: Directive, cast: Cast) -> None:
    client, here = as_(cast, "supervisor"), f"/directives/{document.pk}/rows/"
    assert len(page_of(client, here).xpath("//tbody/tr")) == 5
    late = page_of(client, f"{here}?became=late")
    assert [("超期" in text) for text in words(late, "//tbody/tr")] == [True]
    (dropped,) = words(page_of(client, f"{here}?became=dropped"), "//tbody/tr")
    assert "上级已有安排" in dropped
    assert page_of(client, f"{here}?became=nothing&after=x").xpath("//tbody/tr") == []


def test_rows_in_other_hands_are_listed_without_their_matters(document: Directive, cast: Cast) -> None:
    page = page_of(as_(cast, "area_leader"), f"/directives/{document.pk}/rows/?became=elsewhere")
    assert len(page.xpath("//tbody/tr")) == 2
    assert page.xpath("//tbody//a[starts-with(@href, '/matters/')]") == []


def test_long_lists_of_rows_are_paged(document: Directive, cast: Cast) -> None:
    more = row(document, "帮扶方案")
    for number in range(120):
        more.pk, more.uid, more.number = None, uuid.uuid4(), 100 + number
        more.save(force_insert=True)
    client, here = as_(cast, "supervisor"), f"/directives/{document.pk}/rows/"
    first = page_of(client, f"{here}?became=waiting")
    (following,) = first.xpath("//a[@rel='next']/@href")
    second = page_of(client, here + following)
    assert [len(page.xpath("//tbody/tr")) for page in (first, second)] == [100, 21]


# The file.


def test_the_file_comes_as_a_download_that_no_browser_shows(document: Directive, cast: Cast) -> None:
    answer = as_(cast, "leader").get(f"/directives/{document.pk}/file/")
    body = b"".join(answer.streaming_content)  # type: ignore[attr-defined]
    assert body.decode() == MEETING.strip()
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.headers["Content-Security-Policy"].startswith("sandbox")


def test_a_lost_file_is_told(document: Directive, cast: Cast) -> None:
    path_of(document.evidence).unlink()
    answer = as_(cast, "supervisor").get(f"/directives/{document.pk}/file/")
    assert answer.status_code == 410
    assert "从备份恢复" in answer.content.decode()


# Programmes.


def test_a_programme_shows_its_documents_and_its_matters_in_one_bar(document: Directive, cast: Cast) -> None:
    page = page_of(as_(cast, "leader"), f"/directives/programmes/{document.programme_id}/")
    assert words(page, "//ul[@class='outcome-words']/li") == ["1 条已销号", "1 条办理中", "1 条超期"]
    assert page.xpath("//tbody//a/@href") == [f"/directives/{document.pk}/"]
    late = page_of(as_(cast, "leader"), f"/directives/programmes/{document.programme_id}/matters/?became=late")
    assert len(late.xpath("//tbody/tr")) == 1


def test_programmes_are_listed_with_their_figures_for_who_may_see_a_document(document: Directive, cast: Cast) -> None:
    Programme.objects.create(name="没有文件的计划")
    page = page_of(as_(cast, "area_leader"), "/directives/programmes/")
    assert words(page, "//h2/a") == [PLAN]
    assert words(page, "//ul[@class='outcome-words']/li") == ["1 条办理中", "2 条由其他单位办理"]


def test_no_programme_says_how_to_begin(cast: Cast) -> None:
    assert "收文时写上工作计划的名称" in as_(cast, "leader").get("/directives/programmes/").content.decode()


# What it costs.


def test_the_page_asks_as_much_of_the_database_for_many_rows_as_for_few(document: Directive, cast: Cast) -> None:
    client, address = as_(cast, "supervisor"), f"/directives/{document.pk}/"
    client.get(address)
    with CaptureQueriesContext(connection) as few:
        client.get(address)
    more = row(document, "帮扶方案")
    matter = Maker(cast).under_way()
    for number in range(40):
        more.pk, more.uid, more.number, more.matter, more.state = None, uuid.uuid4(), 100 + number, matter, "confirmed"
        more.save(force_insert=True)
    with CaptureQueriesContext(connection) as many:
        client.get(address)
    assert len(few) == len(many) <= 15
