"""How is asked for few and for many matters never changes what is found; counts that are kept, and those that are not."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cast import Cast
from luoshi.work import paging, parts, registers, search
from luoshi.work.actions import open_matter
from luoshi.work.models import Involvement, Matter
from luoshi.work.paging import about
from luoshi.work.queries import matters_for
from luoshi.work.search import finding

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


def test_many_are_looked_up_one_by_one_and_few_are_listed(opened: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    of_school = Involvement.objects.filter(unit=opened.unit("HS-1"))
    few(monkeypatch, 3)
    assert "EXISTS" in str(Matter.objects.filter(parts.taking_part(of_school)).query)
    few(monkeypatch, 4)
    assert "EXISTS" not in str(Matter.objects.filter(parts.taking_part(of_school)).query)
    assert Matter.objects.filter(parts.taking_part(of_school)).count() == 4


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
