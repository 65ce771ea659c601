"""How is asked for few and for many matters never changes what is found; counts that are kept, and those that are not."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import connection
from django.db.models import QuerySet
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from cast import Cast
from luoshi.org.policy import Actor
from luoshi.work import paging, parts, registers, search
from luoshi.work.actions import open_matter, perform
from luoshi.work.forms import ListFilter
from luoshi.work.lists import MatterList
from luoshi.work.models import Involvement, Matter
from luoshi.work.paging import about
from luoshi.work.queries import matters_for, needing
from luoshi.work.search import finding

TODAY = dt.date(2026, 11, 22)
STANDING: tuple[dict[str, Any], ...] = (
    {"state": "assigned"},
    {"state": "submitted", "step": 0, "workers": []},
    {"state": "submitted", "step": 1, "workers": [1]},
    {"state": "under_way", "returned": 1, "due": dt.date(2020, 1, 1)},
    {"state": "assigned", "extension": {"to": "2027-01-01", "why": "暴雨", "by": "校长", "people": [], "event": 2}},
    {"state": "drafted"},
)
PEOPLE = ("supervisor", "school_head", "other_head", "school_officer", "audit_admin")


@pytest.fixture
def opened(cast: Cast) -> Cast:
    """Return the cast with matters of three units."""
    registers.sync()
    by = cast.actor("supervisor")
    for number in range(12):
        lead = cast.unit(("HS-1", "QH-1", "YL-JJ")[number % 3])
        open_matter("task", by=by, title=f"排查校舍{number}", lead=lead, fields={"origin": "meeting"})
    return cast


def few(monkeypatch: pytest.MonkeyPatch, most: int) -> None:
    monkeypatch.setattr(parts, "_known", {})
    monkeypatch.setattr(parts, "FEW", most)


@pytest.mark.parametrize("who", PEOPLE)
def test_the_same_matters_are_seen_whether_few_or_many(opened: Cast, monkeypatch: pytest.MonkeyPatch, who: str) -> None:
    few(monkeypatch, 3000)
    as_few = list(matters_for(opened.actor(who)).order_by("pk").values_list("pk", flat=True))
    few(monkeypatch, 0)
    assert list(matters_for(opened.actor(who)).order_by("pk").values_list("pk", flat=True)) == as_few


def asked_for(rows: QuerySet[Matter]) -> str:
    """Return the SQL of a query as it is sent."""
    with CaptureQueriesContext(connection) as asked:
        list(rows)
    return asked[-1]["sql"]


def test_many_are_looked_up_one_by_one_and_few_are_listed(opened: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    of_school = Involvement.objects.filter(unit=opened.unit("HS-1"))
    few(monkeypatch, 3)
    assert "EXISTS" in asked_for(Matter.objects.filter(parts.taking_part(of_school)).order_by("due", "pk")[:51])
    few(monkeypatch, 4)
    assert "EXISTS" not in asked_for(Matter.objects.filter(parts.taking_part(of_school)).order_by("due", "pk")[:51])
    assert Matter.objects.filter(parts.taking_part(of_school)).count() == 4


@pytest.mark.sqlite
def test_whoever_wants_all_of_many_or_counts_them_is_given_a_list(
    opened: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    few(monkeypatch, 3)
    many = Matter.objects.filter(parts.taking_part(Involvement.objects.filter(unit=opened.unit("HS-1"))))
    for rows in (many.order_by("due", "pk"), many.order_by("due")[:10_001], many.order_by("closed_at")[:51], many):
        assert "EXISTS" not in asked_for(rows)
        assert len(rows) == 4
    with CaptureQueriesContext(connection) as asked:
        assert about(many, 10_000) == 4
    assert "EXISTS" not in asked[-1]["sql"]


@pytest.mark.parametrize("most", [0, 3000])
@pytest.mark.parametrize(("side", "expected"), [("", 8), ("lead", 4)])
def test_a_unit_is_filtered_by_what_it_does_whether_few_or_many(
    opened: Cast, monkeypatch: pytest.MonkeyPatch, most: int, side: str, expected: int
) -> None:
    by, lead, support = opened.actor("supervisor"), opened.unit("QH-1"), [opened.unit("HS-1")]
    for number in range(4):
        open_matter("task", by=by, title=f"配合{number}", lead=lead, support=support, fields={"origin": "meeting"})
    few(monkeypatch, most)
    form = ListFilter({"unit": "HS-1", "side": side}, register=None)
    assert form.is_valid()
    for rows in (Matter.objects.filter(form.condition()), Matter.objects.filter(form.condition()).order_by("due")[:50]):
        assert len(rows) == expected


LARGE = {
    ("work_involvement", "work_involvement_matter_id_b969d753"): "1985175 2",
    ("work_involvement", "sqlite_autoindex_work_involvement_1"): "1985175 1947 1",
    ("work_matter", "matter_by_due"): "1000000 921 1",
    ("work_matter", "matter_open_by_due"): "349271 322 1 1 1 1",
    ("work_matter", "matter_register_by_due"): "349271 349271 322 1 1 1",
    ("work_matter", "matter_register_all_by_due"): "1000000 1000000 921 1",
    ("work_matter", "matter_register_newest"): "1000000 1000000 1",
    ("work_matter", "work_matter_lead_id_6134ccc6"): "1000000 981",
    ("work_matter", "work_matter_register_version_id_675bc754"): "1000000 1000000",
}
"""What SQLite knows of a million matters of 1,000 schools."""


@pytest.fixture
def million(opened: Cast) -> Cast:
    """Return the cast where SQLite plans as if there were a million matters."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
        cursor.execute("DELETE FROM sqlite_stat1")
        for (table, index), figures in LARGE.items():
            cursor.execute("INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES (%s, %s, %s)", [table, index, figures])
        cursor.execute("ANALYZE sqlite_schema")
    return opened


@pytest.mark.sqlite
@pytest.mark.parametrize("also", ["", "&light=red", "&side=lead", "&state=all", "&light=amber&sort=-opened"])
def test_few_matters_of_a_unit_are_begun_with_not_met_along_the_due_dates(million: Cast, also: str) -> None:
    asked = QueryDict(f"unit=HS-1&sort=due{also}")
    listed = MatterList(million.actor("supervisor"), registers.current("task"), asked, TODAY)
    for rows in (listed.found().order_by("due", "pk")[:51], listed.found().order_by()):
        first, *_others = plan = rows.explain().splitlines()
        assert "SEARCH work_matter USING INTEGER PRIMARY KEY" in first
        assert not any("_by_due" in line for line in plan)


@pytest.mark.sqlite
@pytest.mark.parametrize("who", ["supervisor", "leader", "school_head", "school_officer"])
def test_what_needs_somebody_is_not_looked_for_among_all_that_is_open(million: Cast, who: str) -> None:
    plan = needing(million.actor(who), TODAY).order_by("due", "pk")[:51].explain()
    assert "SCAN work_matter" not in plan
    assert "_by_due" not in plan


def needs(actor: Actor, today: dt.date) -> list[tuple[int, str]]:
    """Return what needs somebody, and why."""
    return [(row.pk, row.need) for row in needing(actor, today).order_by("pk")]  # type: ignore[attr-defined]


@pytest.mark.parametrize("who", ["supervisor", "leader", "school_head", "school_officer", "audit_admin"])
def test_the_same_needs_somebody_whether_few_or_many(opened: Cast, monkeypatch: pytest.MonkeyPatch, who: str) -> None:
    by, today = opened.actor("supervisor"), timezone.localdate()
    for number, row in enumerate(Matter.objects.order_by("pk")):
        perform(row, "assign", by=by, due=today + dt.timedelta(days=number))
        Matter.objects.filter(pk=row.pk).update(**STANDING[number % len(STANDING)])
    few(monkeypatch, 3000)
    as_few = needs(opened.actor(who), today)
    few(monkeypatch, 0)
    assert needs(opened.actor(who), today) == as_few
    assert bool(as_few) is (who in {"supervisor", "leader", "school_head"})


def test_no_unit_takes_part_in_nothing(opened: Cast) -> None:
    assert not Matter.objects.filter(parts.taking_part(Involvement.objects.filter(unit__in=[]))).exists()


def test_how_many_there_are_is_asked_once_for_a_while(opened: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    few(monkeypatch, 3)
    of_school = Involvement.objects.filter(unit=opened.unit("HS-1"))
    with CaptureQueriesContext(connection) as asked:
        parts.taking_part(of_school)
        parts.taking_part(of_school)
    assert len(asked) == 1


@pytest.mark.parametrize("who", PEOPLE)
@pytest.mark.parametrize(("patience", "most"), [(500, 3000), (1, 3000), (1, 2)])
def test_every_way_of_searching_gives_the_same(
    opened: Cast, monkeypatch: pytest.MonkeyPatch, who: str, patience: int, most: int
) -> None:
    monkeypatch.setattr(finding, "_CHUNKS", (2,))
    monkeypatch.setattr(finding, "_COUNTED", (2, 2, 2, 2, 2, 2, 2))
    monkeypatch.setattr(finding, "_see_many", {})
    monkeypatch.setattr(finding, "_PATIENCE", patience)
    monkeypatch.setattr(finding, "_FEW", most)
    few(monkeypatch, most)
    actor = opened.actor(who)
    expected = list(matters_for(actor).order_by("-pk").values_list("pk", flat=True))
    found = search.find("校舍", actor=actor, limit=3)
    assert [row.pk for row in found.matters] == expected[:3]
    assert found.found == search.Found(len(expected))


def test_a_reader_of_many_is_told_that_there_may_be_more(opened: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(finding, "_COUNTED", (5,))
    monkeypatch.setattr(finding, "_FEW", 2)
    monkeypatch.setattr(finding, "_see_many", {})
    assert str(search.find("校舍", actor=opened.actor("supervisor"), limit=3).found) == "5+"


def test_a_small_count_is_never_old(opened: Cast) -> None:
    before = about(Matter.objects.all(), 100)
    Matter.objects.filter(title="排查校舍3").update(title="改了")
    assert (before, about(Matter.objects.filter(title="改了"), 100)) == (12, 1)
    assert about(Matter.objects.exclude(title="改了"), 100) == 11
    Matter.objects.filter(title="排查校舍4").update(title="改了")
    assert about(Matter.objects.exclude(title="改了"), 100) == 10


def test_a_large_count_is_kept_for_the_same_question_only(opened: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paging, "_kept", {})
    monkeypatch.setattr(paging, "_MANY", 3)
    assert about(Matter.objects.exclude(title="改了"), 100) == 12
    Matter.objects.filter(title="排查校舍4").update(title="改了")
    assert about(Matter.objects.exclude(title="改了"), 100) == 12
    assert about(Matter.objects.exclude(title="改了"), 5) == 6
    assert about(Matter.objects.filter(pk__in=[]), 5) == 0
    monkeypatch.setattr(paging, "_kept", {})
    assert about(Matter.objects.exclude(title="改了"), 100) == 11
