"""What became of documents, by what each reader may see."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from cast import Cast
from directives.making import taken_in
from directives.standing import became, row, secret_matter, settled
from luoshi.directives.enums import ClauseState, Why
from luoshi.directives.models import Directive, Programme
from luoshi.directives.outcomes import (
    Became,
    became_is,
    became_of,
    coverage,
    figures_of,
    matters_of_programme,
    programme_figures,
    rows_of,
    told_of,
)
from luoshi.org.models import Post
from luoshi.work.enums import State
from luoshi.work.models import Matter
from luoshi.work.queries import with_lights
from work.matters import Maker

TODAY = timezone.localdate()
PAST, AHEAD = TODAY - dt.timedelta(days=1), TODAY + dt.timedelta(days=90)


def late(maker: Maker, *, lead: str) -> Matter:
    """Return a matter under way whose day is past."""
    matter = maker.under_way(lead=lead)
    Matter.objects.filter(pk=matter.pk).update(due=PAST)
    return matter


@pytest.fixture
def document(cast: Cast) -> Directive:
    """Return a document with a closed, a running and a late matter, a row not taken up and one still to be checked."""
    directive, maker = taken_in(cast), Maker(cast)
    became(row(directive, "隐患排查"), maker.closed(lead="YL-JJ"))
    became(row(directive, "消防演练"), late(maker, lead="YL-AQ"))
    became(row(directive, "心理辅导室"), maker.under_way(lead="QH-1"))
    became(row(directive, "课后服务"), None, ClauseState.DROPPED, why=Why.NOT_A_TASK)
    return settled(directive)


def counted(directive: Directive, cast: Cast, who: str) -> dict[str, int]:
    """Return the figures as one of the cast reads them."""
    figures = figures_of(rows_of(directive, cast.actor(who), TODAY))
    return {one.value: count for one, count in figures.listed} | {
        "waiting": figures.waiting,
        "dropped": figures.dropped,
        "total": figures.total,
    }


@pytest.mark.parametrize("who", ["supervisor", "leader", "discipline"])
def test_who_sees_everything_reads_how_every_row_stands(document: Directive, cast: Cast, who: str) -> None:
    assert counted(document, cast, who) == {
        "closed": 1,
        "under_way": 1,
        "late": 1,
        "waiting": 1,
        "dropped": 1,
        "total": 3,
    }


def test_rows_of_units_outside_a_leaders_area_count_as_elsewhere_and_say_no_more(
    document: Directive, cast: Cast
) -> None:
    assert counted(document, cast, "area_leader") == {
        "under_way": 1,
        "elsewhere": 2,
        "waiting": 1,
        "dropped": 1,
        "total": 3,
    }
    hidden = [one for one in rows_of(document, cast.actor("area_leader"), TODAY) if one.became is Became.ELSEWHERE]
    assert [one.matter for one in hidden] == [None, None]


def test_a_row_joined_to_a_matter_that_is_secret_to_the_reader_counts_as_nothing(
    document: Directive, cast: Cast
) -> None:
    became(row(document, "帮扶方案"), secret_matter(cast), ClauseState.JOINED)
    figures = counted(document, cast, "supervisor")
    assert (figures["total"], figures["waiting"], figures.get("elsewhere", 0)) == (3, 0, 0)
    rows = rows_of(document, cast.actor("supervisor"), TODAY)
    (one,) = (found for found in rows if found.is_secret)
    assert (one.matter, one.became) == (None, None)
    told = told_of(document.reading, document.labels, rows)[one.clause.sentences[0]]
    assert (told.kind, told.rows) == ("task", ())


def test_a_row_joined_to_a_secret_matter_counts_for_whom_a_post_names(document: Directive, cast: Cast) -> None:
    became(row(document, "帮扶方案"), secret_matter(cast), ClauseState.JOINED)
    Post.objects.filter(person=cast.people["second_supervisor"]).update(registers=["secret"])
    assert counted(document, cast, "second_supervisor")["drafted"] == 1
    assert "drafted" not in counted(document, cast, "supervisor")


def test_merged_rows_are_told_by_the_row_that_took_them_in(document: Directive, cast: Cast) -> None:
    became(row(document, "帮扶方案"), None, ClauseState.MERGED)
    assert counted(document, cast, "supervisor")["waiting"] == 0
    assert all("帮扶方案" not in str(one.clause) for one in rows_of(document, cast.actor("supervisor"), TODAY))


def test_every_sentence_is_told_once_and_a_persons_word_goes_before_the_models(document: Directive, cast: Cast) -> None:
    document.labels = {"10": "principle", "1": "other"}
    told = told_of(document.reading, document.labels, rows_of(document, cast.actor("supervisor"), TODAY))
    counts = coverage(told)
    assert sum(counts.values()) == len(document.reading.sentences) == len(told)
    assert (counts["matter"], counts["waiting"], counts["dropped"]) == (3, 1, 1)
    assert (told[1].kind, told[1].is_decided) == ("other", True)
    assert told[7].label == "task"


def test_a_row_that_stands_goes_before_a_dropped_one_on_the_same_sentence(document: Directive, cast: Cast) -> None:
    dropped = row(document, "课后服务")
    dropped.sentences = row(document, "心理辅导室").sentences
    dropped.save(update_fields=["sentences"])
    told = told_of(document.reading, {}, rows_of(document, cast.actor("supervisor"), TODAY))
    one = told[dropped.sentences[0]]
    assert (one.kind, [found.clause.state for found in one.rows]) == ("matter", ["confirmed"])


def test_a_sentence_that_was_split_tells_of_each_of_its_rows(document: Directive, cast: Cast) -> None:
    other = row(document, "帮扶方案")
    other.sentences = row(document, "心理辅导室").sentences
    other.save(update_fields=["sentences"])
    told = told_of(document.reading, {}, rows_of(document, cast.actor("supervisor"), TODAY))[other.sentences[0]]
    assert (told.kind, [one.clause.state for one in told.rows]) == ("matter", ["confirmed", "open"])


def test_rows_cost_the_same_queries_however_many_there_are(document: Directive, cast: Cast) -> None:
    supervisor = cast.actor("supervisor")
    rows_of(document, supervisor, TODAY)
    with CaptureQueriesContext(connection) as few:
        rows_of(document, supervisor, TODAY)
    became(row(document, "帮扶方案"), Maker(cast).submitted())
    with CaptureQueriesContext(connection) as more:
        rows_of(document, supervisor, TODAY)
    assert len(few) == len(more) <= 4


@pytest.mark.parametrize("state", list(State))
@pytest.mark.parametrize("due", [PAST, AHEAD, None], ids=["past", "ahead", "none"])
def test_one_matter_and_the_list_agree_on_what_became_of_it(cast: Cast, state: State, due: dt.date | None) -> None:
    matter = Maker(cast).in_state(state, "charge")
    Matter.objects.filter(pk=matter.pk).update(due=due)
    (found,) = with_lights(Matter.objects.filter(pk=matter.pk), TODAY)
    asked = [one for one in Became if Matter.objects.filter(became_is(one, TODAY), pk=matter.pk).exists()]
    assert asked == [became_of(found.state, getattr(found, "light", ""))]


# Programmes.


@pytest.fixture
def programme(document: Directive, cast: Cast) -> Programme:
    """Return a programme of two documents that share one matter."""
    second = settled(taken_in(cast, "二、重点任务\n各学校要在9月底前完成消防演练。\n基教科10月底前印发教研方案。\n"))
    shared = row(document, "消防演练").matter
    became(row(second, "消防演练"), shared, ClauseState.JOINED)
    became(row(second, "教研方案"), Maker(cast).drafted(lead="YL-JJ"))
    made = Programme.objects.create(name="2026年工作要点")
    Directive.objects.filter(pk__in=[document.pk, second.pk]).update(programme=made)
    return made


def test_a_programme_counts_a_matter_once_however_many_documents_demand_it(programme: Programme, cast: Cast) -> None:
    figures = programme_figures(cast.actor("leader"), TODAY, [programme.pk])[programme.pk]
    assert dict(figures.listed) == {
        Became.CLOSED: 1,
        Became.UNDER_WAY: 1,
        Became.LATE: 1,
        Became.DRAFTED: 1,
    }
    assert matters_of_programme(programme.pk, cast.actor("leader")).count() == 4


def test_a_programmes_matters_outside_a_leaders_area_are_elsewhere(programme: Programme, cast: Cast) -> None:
    figures = programme_figures(cast.actor("area_leader"), TODAY, [programme.pk])[programme.pk]
    assert dict(figures.listed) == {Became.UNDER_WAY: 1, Became.ELSEWHERE: 3}
    assert matters_of_programme(programme.pk, cast.actor("area_leader")).count() == 1


def test_a_programme_tells_nothing_of_confidential_documents_and_matters(programme: Programme, cast: Cast) -> None:
    hidden = settled(taken_in(cast, "二、重点任务\n安全科11月底前报送涉密台账。\n"))
    became(row(hidden, "涉密台账"), secret_matter(cast))
    Directive.objects.filter(pk=hidden.pk).update(confidential=True, register="secret", programme=programme)
    assert programme_figures(cast.actor("supervisor"), TODAY, [programme.pk])[programme.pk].total == 4
    Post.objects.filter(person=cast.people["second_supervisor"]).update(registers=["secret"])
    named = cast.actor("second_supervisor")
    assert programme_figures(named, TODAY, [programme.pk])[programme.pk].total == 5
