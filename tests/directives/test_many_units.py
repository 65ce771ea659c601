"""Rows for many units at once: 各学校 comes to all schools, somebody leads them, and the list is told in few words."""

from __future__ import annotations

import uuid

import pytest
from django.core.exceptions import ValidationError

from cast import Cast
from directives.making import taken_in
from luoshi.directives.actions.confirming import confirm
from luoshi.directives.models import Clause, Notice
from luoshi.directives.sheet.facts import facts_of, typed_value, unit_names
from luoshi.directives.typed import typed_units
from luoshi.org.enums import Stage, UnitKind
from luoshi.org.models import Unit
from web.signed_in import as_

pytestmark = pytest.mark.django_db

SPEECH = """在云岭市校园安全工作会议上的讲话
（2026年3月2日）
一、下一步工作
（一）守住安全底线
1.各学校、幼儿园要在{later}前开展一次消防设施排查，建立隐患台账。
2.各学校要在{later}前制定课后服务方案。
3.各乡镇人民政府要在{later}前排查学校周边道路。
"""
LATER = "2030年6月30日"


def schools(cast: Cast) -> list[str]:
    """Add six primary schools; return the codes of all schools."""
    for number in range(6):
        values = {"code": f"S{number}", "name": f"云岭第{number}小学", "kind": UnitKind.SCHOOL, "stage": Stage.PRIMARY}
        Unit.objects.add_child(cast.unit("YL"), create_kwargs={**values, "opened_on": "2020-01-01"})
    Unit.objects.filter(code="YL-AQ").update(duties="校园安全；消防设施排查")
    return ["HS", "HS-1", "QH-1", *(f"S{number}" for number in range(6))]


def rows(cast: Cast) -> list[Clause]:
    return list(taken_in(cast, SPEECH.format(later=LATER)).clauses.order_by("number"))


def test_collective_words_come_to_their_units_and_duties_say_who_leads(cast: Cast) -> None:
    codes = schools(cast)
    first, second, third = rows(cast)
    assert (first.values["lead"], first.values["lead_text"]) == ("YL-AQ", "")
    assert sorted(first.values["support"]) == sorted([*codes, "HS-Y"])
    assert [one.get("implied") for one in first.said["owners"]][-1] is True
    assert (second.values["lead"], second.values["lead_text"]) == (None, "各学校")
    assert sorted(second.values["support"]) == sorted(codes)
    assert (third.values["lead"], third.values["lead_text"], third.values["support"]) == (None, "各乡镇人民政府", [])


def test_long_list_is_shown_and_typed_in_few_words(cast: Cast) -> None:
    codes = schools(cast)
    (_first, second, _third) = clauses = rows(cast)
    names = unit_names(clauses)
    shown = {fact.name: fact for fact in facts_of(second, names, second.directive.taken_in_at.date())}
    assert shown["support"].words == "各中小学校（9个）"
    assert typed_value(second, "support", names) == "各中小学校"
    assert sorted(typed_units("各中小学校、基教科")) == sorted([*codes, "YL-JJ"])
    assert typed_units("各中小学校（9个）、HS") == typed_units("各学校")


def test_all_names_behind_few_words_can_be_read_on_the_review_and_on_the_row(cast: Cast) -> None:
    schools(cast)
    second = rows(cast)[1]
    client, here = as_(cast, "supervisor"), f"/directives/{second.directive_id}"
    whole = "、".join(Unit.objects.get(code=code).name for code in second.values["support"])
    assert whole.count("、") == 8
    assert f'title="{whole}"' in client.get(f"{here}/review/").content.decode()
    page = client.get(f"{here}/clauses/{second.uid}/").content.decode()
    assert f'<summary>全部名单</summary><p lang="zh-Hans">{whole}</p>' in page


def test_few_units_that_are_told_by_their_names_have_no_second_list(cast: Cast) -> None:
    (clause,) = taken_in(cast, "通知\n一、工作\n基教科牵头，安全科配合，做好隐患排查。\n").clauses.all()
    shown = {fact.name: fact for fact in facts_of(clause, unit_names([clause]), clause.directive.taken_in_at.date())}
    assert (shown["support"].words, shown["support"].whole) == ("安全科", "")


def test_words_for_no_kind_of_unit_are_refused_with_what_to_type(cast: Cast) -> None:
    with pytest.raises(ValidationError, match="没有“各乡镇人民政府”这个单位"):
        typed_units("各乡镇人民政府")


def test_every_school_gets_its_notice_and_the_matter_tells_them_in_few_words(cast: Cast) -> None:
    codes = schools(cast)
    first, *_others = rows(cast)
    confirm(first.directive, by=cast.actor("supervisor"), operation=uuid.uuid4(), clauses=[first])
    first.refresh_from_db()
    assert first.matter is not None
    told = Notice.objects.order_by("unit__path").values_list("unit__code", flat=True)
    assert sorted(told) == sorted([*codes, "HS-Y", "YL-AQ"])
    notice = Notice.objects.get(unit__code="S3")
    assert notice.rows[0]["support"] == ["各级各类学校（10个）"]
    page = as_(cast, "supervisor").get(f"/matters/{first.matter.pk}/").content.decode()
    assert "<summary>各级各类学校（10个）</summary>" in page
    assert "云岭第3小学" in page
