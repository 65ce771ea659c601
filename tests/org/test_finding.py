"""Units by what people type."""

from __future__ import annotations

import time

import pytest

from cast import BEGIN, Cast
from luoshi.org import actions
from luoshi.org.enums import UnitKind
from luoshi.org.finding import find_units
from luoshi.org.models import Unit
from luoshi.org.policy import SYSTEM_ACTOR
from web.signed_in import as_


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("YL-JJ", "YL-JJ"), ("基教科", "YL-JJ"), ("基础教育科", "YL-JJ"), ("基教", "YL-JJ"), ("jjk", "YL-JJ"), ("JJK", "YL-JJ"),
        ("jijiao", "YL-JJ"), ("jijk", "YL-JJ"), ("jcjyk", "YL-JJ"), ("aqb", "YL-AQ"), ("anquan", "YL-AQ"), ("anq", "YL-AQ"),
        ("hsyx", "HS-1"), ("huaishuyixiao", "HS-1"), ("槐一小", "HS-1"), ("\uff48\uff53－\uff11", "HS-1"), ("qhyz", "QH-1"),
        ("yz", "QH-1"), ("第一 小学", "HS-1"), ("市局", "YL"),
    ],
)  # fmt: skip
def test_the_likeliest_unit_stands_first(cast: Cast, typed: str, code: str) -> None:
    assert find_units(typed)[0].code == code


@pytest.mark.parametrize(
    "typed", ["", "  ", "园幼儿", "%", "_", "云岭大学", "zzz", "kjj", "\x00", "x" * 5_000, "an" * 900]
)
def test_nothing_is_found_for_what_no_unit_is_called(cast: Cast, typed: str) -> None:
    assert find_units(typed) == []


def test_a_character_with_two_sounds_is_found_by_both(cast: Cast) -> None:
    actions.open_unit(by=SYSTEM_ACTOR, code="CL", name="长乐小学", kind=UnitKind.SCHOOL, parent=cast.unit("YL"))
    assert {find_units(typed)[0].code for typed in ("clxx", "zlxx", "changle", "zhangyue")} == {"CL"}


def test_a_name_said_whole_comes_before_one_that_only_holds_it(cast: Cast) -> None:
    actions.open_unit(by=SYSTEM_ACTOR, code="AQ2", name="安全科技馆", kind=UnitKind.INSTITUTION, parent=cast.unit("YL"))
    assert [unit.code for unit in find_units("安全科")] == ["YL-AQ", "AQ2"]
    assert [unit.code for unit in find_units("aqk")] == ["YL-AQ", "AQ2"]


def test_at_most_as_many_are_returned_as_asked_for(cast: Cast) -> None:
    assert len(find_units("槐树", 2)) == 2
    assert find_units("槐树", 0) == []


def test_renamed_and_closed_units_are_known_at_once(cast: Cast) -> None:
    assert find_units("jcjyk") != []
    Unit.objects.filter(code="YL-JJ").update(name="学前教育科", short_names=[])
    assert find_units("jcjyk") == []
    assert find_units("xqjyk")[0].code == "YL-JJ"
    Unit.objects.filter(code="YL-JJ").update(closed_on=BEGIN)
    assert find_units("xqjyk") == []
    assert find_units("xqjyk", among=Unit.objects.all())[0].code == "YL-JJ"


def test_a_county_of_two_thousand_units_answers_while_somebody_types(cast: Cast) -> None:
    parent = cast.unit("YL")
    rows = [
        Unit(code=f"N{number}", name=f"云岭市第{number}实验小学", short_names=[f"{number}小"], kind="school", path=f"{parent.path}Z{number:03X}", depth=2)
        for number in range(2_000)
    ]  # fmt: skip
    Unit.objects.bulk_create(rows)
    find_units("syxx")
    began = time.perf_counter()
    assert len(find_units("syxx")) == 12
    assert time.perf_counter() - began < 0.5


def test_the_page_offers_units_for_initials(cast: Cast) -> None:
    client = as_(cast, "supervisor")
    assert client.get("/pick/unit/", {"q": "jjk"}).json() == {"offers": ["基础教育科（YL-JJ）"]}
    assert client.get("/pick/unit/", {"q": ""}).json() == {"offers": []}
    assert client.get("/pick/unit/", {"q": "zzz"}).json() == {"offers": []}
