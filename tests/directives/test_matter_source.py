"""The page of a matter shows which documents demand it, as far as the reader may know of them."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.safestring import mark_safe
from lxml import html

from cast import Cast
from directives.making import taken_in
from directives.standing import became, row, secret_matter, settled
from luoshi.directives.enums import ClauseState, Stage
from luoshi.directives.models import Clause, Directive
from luoshi.directives.panels import demands_of
from luoshi.org.models import Post
from luoshi.work import panels
from luoshi.work.models import Matter
from web.signed_in import as_
from work.matters import Maker

WORDS = "基教科牵头，安全科配合，6月底前完成校舍隐患排查，整改率达到98%以上。"


@pytest.fixture
def matter(cast: Cast) -> Matter:
    """Return a matter that came out of a speech."""
    made = Maker(cast).under_way(lead="YL-JJ")
    became(row(taken_in(cast), "隐患排查"), made)
    settled(Directive.objects.get())
    return made


def panel(client: Client, matter: Matter) -> Any:
    """Return the panel of a matter's page; None where there is none."""
    page = client.get(f"/matters/{matter.pk}/").content.decode()
    found: Any = html.fromstring(page).xpath("//section[@id='source']")
    return found[0] if found else None


def marked(found: Any) -> list[str]:
    """Return the marked words of the panel."""
    return [mark.text for mark in found.xpath(".//mark")]


def test_the_sentence_is_marked_in_its_paragraph_and_leads_to_its_place(cast: Cast, matter: Matter) -> None:
    found = panel(as_(cast, "supervisor"), matter)
    assert marked(found) == [WORDS]
    assert found.xpath(".//figcaption/a/@href") == [f"/directives/{Directive.objects.get().pk}/#s7"]
    assert "在云岭市教育工作会议上的讲话" in found.text_content()


def test_a_paragraph_shows_what_stands_around_the_sentence_on_its_line_and_no_more(cast: Cast) -> None:
    text = "关于做好开学工作的通知\n开学在即。安全科8月底前完成校车检查。教育是民生之基。\n另起一段。\n"
    directive, made = taken_in(cast, text), Maker(cast).under_way(lead="YL-AQ")
    became(row(directive, "校车检查"), made)
    (demand,) = demands_of(made, cast.actor("supervisor"))
    assert demand.pieces == [("开学在即。", False), ("安全科8月底前完成校车检查。", True), ("教育是民生之基。", False)]


def test_a_long_paragraph_is_cut_on_both_sides(cast: Cast) -> None:
    filling = "开学在即，同志们辛苦了。" * 60
    directive = taken_in(cast, f"通知\n{filling}安全科8月底前完成校车检查。{filling}\n")
    made, start = Maker(cast).under_way(lead="YL-AQ"), directive.reading.text.index("安全科")
    clause = Clause.objects.create(directive=directive, number=99, start=start, end=start + 14, sentences=[3])
    became(clause, made)
    (demand,) = demands_of(made, cast.actor("supervisor"))
    assert [len(text) for text, is_marked in demand.pieces if not is_marked] == [1, 400, 400, 1]
    assert demand.pieces[0] == demand.pieces[-1] == ("…", False)


def test_scattered_sentences_are_marked_each_by_itself(cast: Cast) -> None:
    directive, made = taken_in(cast), Maker(cast).under_way(lead="YL-AQ")
    first, second = row(directive, "消防演练"), row(directive, "帮扶方案")
    first.sentences, first.end = [*first.sentences, *second.sentences], second.end
    first.save(update_fields=["sentences", "end"])
    became(first, made)
    (demand,) = demands_of(made, cast.actor("supervisor"))
    assert [text for text, is_marked in demand.pieces if is_marked] == [
        "安全科每月开展一次消防演练。",
        "槐树镇中心学校要在5月底前制定帮扶方案，12月底前完成帮扶12所薄弱学校。",
    ]


def test_who_may_not_see_documents_reads_the_paragraph_without_a_way_to_the_document(
    cast: Cast, matter: Matter
) -> None:
    found = panel(as_(cast, "officer"), matter)
    assert marked(found) == [WORDS]
    assert found.xpath(".//a") == []


def test_all_documents_that_demand_a_matter_are_named(cast: Cast, matter: Matter) -> None:
    second = taken_in(cast, "关于校舍安全的通知\n各学校7月底前完成校舍排查整改。\n")
    became(row(second, "校舍排查"), matter, ClauseState.JOINED)
    found = panel(as_(cast, "supervisor"), matter)
    assert len(found.xpath(".//figure")) == 2
    assert "有 2 份文件要求办这件事。" in found.text_content()
    assert found.text_content().count("并入在办事项") == 1


def test_a_matter_without_a_document_has_no_panel_and_keeps_the_source_it_was_opened_with(cast: Cast) -> None:
    source = {"document": "巡视反馈意见", "quote": "整改校舍"}
    matter = Maker(cast).under_way(source=source)
    client = as_(cast, "school_officer")
    assert panel(client, matter) is None
    assert "巡视反馈意见" in client.get(f"/matters/{matter.pk}/").content.decode()


def test_a_confidential_document_is_not_named_to_whom_no_post_names_its_register(cast: Cast, matter: Matter) -> None:
    Directive.objects.update(confidential=True, register="secret")
    assert panel(as_(cast, "supervisor"), matter) is None
    Post.objects.filter(person=cast.people["supervisor"]).update(registers=["secret"])
    found = panel(as_(cast, "supervisor"), matter)
    assert len(found.xpath(".//figcaption/a")) == 1


def test_a_named_officer_reads_the_paragraph_of_a_confidential_document(cast: Cast, matter: Matter) -> None:
    Directive.objects.update(confidential=True, register="secret")
    Post.objects.filter(person=cast.people["officer"]).update(registers=["secret"])
    found = panel(as_(cast, "officer"), matter)
    assert (marked(found), found.xpath(".//a")) == ([WORDS], [])


def test_a_withdrawn_document_demands_nothing(cast: Cast, matter: Matter) -> None:
    settled(Directive.objects.get(), Stage.WITHDRAWN)
    assert panel(as_(cast, "supervisor"), matter) is None


def test_rows_that_were_not_taken_up_are_no_demand(cast: Cast, matter: Matter) -> None:
    became(row(Directive.objects.get(), "隐患排查"), matter, ClauseState.DROPPED)
    assert demands_of(matter, cast.actor("supervisor")) == []


def test_words_of_a_document_are_escaped(cast: Cast) -> None:
    directive = taken_in(cast, "通知\n安全科8月底前完成<script>alert(1)</script>检查。\n")
    made = Maker(cast).under_way(lead="YL-AQ")
    became(directive.clauses.get(), made)
    page = as_(cast, "supervisor").get(f"/matters/{made.pk}/").content.decode()
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page


def test_one_query_where_no_document_demands_a_matter_and_two_where_one_does(cast: Cast, matter: Matter) -> None:
    other, supervisor = secret_matter(cast), cast.actor("supervisor")
    with CaptureQueriesContext(connection) as none:
        assert demands_of(other, supervisor) == []
    with CaptureQueriesContext(connection) as one:
        assert len(demands_of(matter, supervisor)) == 1
    assert (len(none), len(one)) == (1, 2)


def test_a_panel_is_shown_once_however_often_it_is_added(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(panels, "_panels", [])

    def says(_request: object, _matter: Matter) -> str:
        return mark_safe("<p>来自别的房间</p>")

    for _ in range(2):
        panels.add_panel(says)
    panels.add_panel(lambda _request, _matter: "")
    page = as_(cast, "supervisor").get(f"/matters/{Maker(cast).under_way().pk}/").content.decode()
    assert page.count("<p>来自别的房间</p>") == 1
