from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st

from luoshi.ledger.canonical import canonical
from luoshi.org.models import Person, Unit

from .texts import EVERY_FIELD, register

if TYPE_CHECKING:
    from cast import Cast

REGISTER = register(EVERY_FIELD)
TODAY = timezone.localdate()


def _clean(name: str, value: object) -> Any:
    return REGISTER.field(name).clean(value)


def _code(name: str, value: object) -> str | None:
    with pytest.raises(ValidationError) as error:
        _clean(name, value)
    assert error.value.messages
    return error.value.code


@pytest.mark.parametrize("name", [field.name for field in REGISTER.fields])
@pytest.mark.parametrize("nothing", [None, "", "  ", "\n", "\u3000"])
def test_nothing_given_is_nothing(name: str, nothing: str | None) -> None:
    assert _clean(name, nothing) is None


@pytest.mark.parametrize(
    ("name", "given", "value"),
    [
        ("words", "  校门口  积水 ", "校门口 积水"),
        ("words", "一\r\n二", "一 二"),
        ("words", "字" * 20, "字" * 20),
        ("words", 12, "12"),
        ("story", " 一\r\n\r\n二\r三 ", "一\n\n二\n三"),
        ("heads", "1,200", 1200),
        ("heads", "\uff11\uff12", 12),
        ("heads", 12.0, 12),
        ("heads", Decimal("7.00"), 7),
        ("heads", "+5", 5),
        ("heads", 0, 0),
        ("heads", "100000", 100000),
        ("share", "32.4", "32.40"),
        ("share", 0.1, "0.10"),
        ("share", "-0.5", "-0.50"),
        ("share", "\u22120.5", "-0.50"),
        ("share", "-0", "0.00"),
        ("share", ".5", "0.50"),
        ("share", "100", "100.00"),
        ("cost", "12,345.6元", "12345.60"),
        ("cost", "￥100", "100.00"),
        ("cost", "0", "0.00"),
        ("cost", "999999999999999.99", "999999999999999.99"),
        ("seen_on", "2026-03-06", "2026-03-06"),
        ("seen_on", "2026/3/6", "2026-03-06"),
        ("seen_on", "2026年3月6日", "2026-03-06"),
        ("seen_on", "\uff12\uff10\uff12\uff16．\uff13．\uff16", "2026-03-06"),
        ("seen_on", "2026-03-06 00:00:00", "2026-03-06"),
        ("seen_on", dt.date(2026, 3, 6), "2026-03-06"),
        ("seen_on", dt.datetime(2026, 3, 6, tzinfo=dt.UTC), "2026-03-06"),
        ("seen_on", TODAY, TODAY.isoformat()),
        ("kind", "two", "two"),
        ("kind", "乙类", "two"),
        ("kind", "Second", "two"),
        ("kind", ["two"], "two"),
        ("topics", ["c", "a"], ["a", "c"]),
        ("topics", "安全、教学", ["a", "c"]),
        ("topics", "后勤、食堂", ["a_b"]),
        ("topics", "c;c", ["c"]),
        ("topics", [], None),
        ("where", "二号楼三层", {"text": "二号楼三层"}),
        (
            "where",
            {"text": "操场", "lat": "30.5", "lon": 114.25},
            {"text": "操场", "lat": "30.500000", "lon": "114.250000"},
        ),
        ("where", {"text": "", "lat": "", "lon": ""}, None),
        ("stopped", True, True),
        ("stopped", False, False),
        ("stopped", "是", True),
        ("stopped", "没有", False),
        ("stopped", "NO", False),
        ("stopped", "0", False),
    ],
)
def test_what_people_write_becomes_the_canonical_value(name: str, given: object, value: Any) -> None:
    cleaned = _clean(name, given)
    assert cleaned == value
    assert type(cleaned) is type(value)
    canonical(cleaned)
    assert _clean(name, cleaned) == cleaned


@pytest.mark.parametrize(
    ("name", "given", "code"),
    [
        ("words", "字" * 21, "too_long"),
        ("words", "a\x00b", "control_characters"),
        ("words", "a\ud800b", "control_characters"),
        ("words", ["a"], "not_text"),
        ("words", {"text": "a"}, "not_text"),
        ("words", b"a", "not_text"),
        ("story", "字" * 101, "too_long"),
        ("story", "字" * 30_000, "too_long"),
        ("story", "a\x1bb", "control_characters"),
        ("heads", "12人", "not_a_number"),
        ("heads", "1,2", "not_a_number"),
        ("heads", "1e3", "not_a_number"),
        ("heads", "十二", "not_a_number"),
        ("heads", True, "not_a_number"),
        ("heads", float("nan"), "not_a_number"),
        ("heads", float("inf"), "not_a_number"),
        ("heads", Decimal("NaN"), "not_a_number"),
        ("heads", [1], "not_text"),
        ("heads", "1.5", "too_many_decimals"),
        ("heads", "-1", "too_small"),
        ("heads", "100001", "too_big"),
        ("heads", "9" * 40, "too_big"),
        ("share", "32.435", "too_many_decimals"),
        ("share", "-0.51", "too_small"),
        ("share", "100.01", "too_big"),
        ("share", "1." + "0" * 40 + "1", "too_big"),
        ("cost", "-0.01", "too_small"),
        ("cost", "1.005", "too_many_decimals"),
        ("cost", "一百元", "not_a_number"),
        ("cost", "1000000000000000", "too_big"),
        ("seen_on", "2026-02-30", "not_a_date"),
        ("seen_on", "3月6日", "not_a_date"),
        ("seen_on", "20260306", "not_a_date"),
        ("seen_on", "2026-03-06 08:00:00", "not_a_date"),
        ("seen_on", 46000, "not_a_date"),
        ("seen_on", "0000-01-01", "not_a_date"),
        ("seen_on", TODAY + dt.timedelta(days=1), "in_the_future"),
        ("kind", "four", "unknown_option"),
        ("kind", "甲类、乙类", "unknown_option"),
        ("kind", ["one", "two"], "only_one"),
        ("kind", {"value": "one"}, "not_text"),
        ("topics", "教学、体育", "unknown_option"),
        ("topics", [["a"]], "not_text"),
        ("where", "长" * 201, "too_long"),
        ("where", {"text": "操场", "lat": "30"}, "half_a_position"),
        ("where", {"lat": "30", "lon": "114"}, "position_without_words"),
        ("where", {"text": "操场", "lat": "91", "lon": "0"}, "too_big"),
        ("where", {"text": "操场", "lat": "x", "lon": "0"}, "not_a_number"),
        ("where", {"text": "操场", "height": "3"}, "not_a_place"),
        ("where", ["操场"], "not_text"),
        ("stopped", "也许", "not_yes_or_no"),
        ("stopped", "2", "not_yes_or_no"),
        ("stopped", [], "not_text"),
    ],
)
def test_what_is_wrong_is_refused_with_its_code(name: str, given: object, code: str) -> None:
    assert _code(name, given) == code


@pytest.mark.parametrize("given", ["HS-1", "槐树镇第一小学", "槐树一小", " 槐树镇第一小学（HS-1） ", "乱写（HS-1）"])
def test_unit_is_found_by_whatever_names_it(cast: Cast, given: str) -> None:
    assert _clean("school", given) == {"code": "HS-1", "name": "槐树镇第一小学"}


@pytest.mark.parametrize(
    "given",
    ["HS-9", "第一小学", "hs-1", "小", {"code": "HS-9", "name": "槐树镇第一小学"}, {}, {"code": "HS-1", "x": 1}],
)
def test_unit_that_nobody_knows_is_refused(cast: Cast, given: object) -> None:
    assert _code("school", given) == "unknown_unit"


def test_unit_name_of_two_units_asks_for_the_code(cast: Cast) -> None:
    Unit.objects.filter(code__in=["HS-1", "QH-1"]).update(name="第一学校")
    assert _code("school", "第一学校") == "several_units"
    assert _clean("school", "HS-1") == {"code": "HS-1", "name": "第一学校"}


def test_closed_unit_stays_where_it_stands_and_cannot_be_named_anew(cast: Cast) -> None:
    stored = _clean("school", cast.units["HS-1"])
    Unit.objects.filter(code="HS-1").update(closed_on=TODAY, name="改了名")
    assert _clean("school", stored) == {"code": "HS-1", "name": "槐树镇第一小学"}
    assert _code("school", "HS-1") == "unknown_unit"
    Unit.objects.filter(code="HS-1").update(closed_on=TODAY + dt.timedelta(days=1))
    assert _clean("school", "HS-1") == {"code": "HS-1", "name": "改了名"}


def test_person_is_found_by_uid_number_or_name(cast: Cast) -> None:
    head = cast.people["school_head"]
    stored = {"uid": str(head.uid), "name": "宋立"}
    assert [_clean("who", given) for given in (head, head.uid, str(head.uid), "school_head", "宋立", stored)] == [
        stored
    ] * 6


@pytest.mark.parametrize(
    "given", ["宋", "nobody", "00000000-0000-4000-8000-000000000000", {"uid": "x"}, {"name": "宋立"}, {}]
)
def test_person_that_nobody_knows_is_refused(cast: Cast, given: object) -> None:
    assert _code("who", given) == "unknown_person"


def test_name_of_two_people_asks_for_the_staff_number(cast: Cast) -> None:
    other = Person.objects.create(name="宋立", staff_no="S2")
    assert _code("who", "宋立") == "several_people"
    assert _clean("who", "S2") == {"uid": str(other.uid), "name": "宋立"}
    assert _clean("who", f"宋立 #{str(other.uid)[:8]}") == {"uid": str(other.uid), "name": "宋立"}
    assert _code("who", "宋立 #00000000") == "unknown_person"


def test_person_who_left_stays_where_they_stand_and_cannot_be_named_anew(cast: Cast) -> None:
    stored = _clean("who", "宋立")
    Person.objects.filter(name="宋立").update(left_on=TODAY - dt.timedelta(days=1))
    assert _clean("who", stored) == stored
    assert _code("who", "宋立") == "unknown_person"
    assert _code("who", stored["uid"]) == "unknown_person"


@pytest.mark.parametrize(
    ("name", "value", "zh", "en"),
    [
        ("heads", 1200, "1200人", "1200 people"),
        ("share", "32.40", "32.40", "32.40"),
        ("cost", "12345.60", "12,345.60元", "¥12,345.60"),
        ("seen_on", "2026-03-06", "2026-03-06", "2026-03-06"),
        ("kind", "two", "乙类", "Second"),
        ("kind", "no_longer_there", "no_longer_there", "no_longer_there"),
        ("topics", ["a", "c"], "教学、安全", "教学, 安全"),
        ("school", {"code": "HS-1", "name": "槐树镇第一小学"}, "槐树镇第一小学", "槐树镇第一小学"),
        ("where", {"text": "操场"}, "操场", "操场"),
        (
            "where",
            {"text": "操场", "lat": "1.000000", "lon": "2.000000"},
            "操场（1.000000, 2.000000）",
            "操场 (1.000000, 2.000000)",
        ),
        ("told_by", "王大明", "王大明", "王大明"),
        ("words", None, "", ""),
    ],
)
def test_value_reads_as_people_read_it(name: str, value: Any, zh: str, en: str) -> None:
    assert (REGISTER.display(name, value, "zh"), REGISTER.display(name, value, "en")) == (zh, en)


def test_yes_and_no_read_as_words_in_chinese() -> None:
    assert [REGISTER.display("stopped", value, "zh") for value in (True, False, None)] == ["是", "否", ""]


def test_personal_value_is_masked_in_lists_and_nothing_else_is() -> None:
    assert REGISTER.display("told_by", "王大明", "zh", masked=True) == "王**"
    assert REGISTER.display("words", "王大明", "zh", masked=True) == "王大明"
    assert REGISTER.display("told_by", None, "zh", masked=True) == ""


without_database = [field.name for field in REGISTER.fields if field.type not in {"unit", "person"}]
anything = st.one_of(
    st.none(),
    st.text(max_size=30),
    st.integers(),
    st.floats(),
    st.decimals(),
    st.booleans(),
    st.dates(),
    st.datetimes(),
    st.lists(st.text(max_size=5), max_size=3),
    st.dictionaries(
        st.sampled_from(["text", "lat", "lon", "code", "uid"]), st.text(max_size=8) | st.floats() | st.none()
    ),
)


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(without_database), anything)
def test_whatever_comes_in_is_canonical_or_refused(name: str, given: object) -> None:
    try:
        cleaned = _clean(name, given)
    except ValidationError:
        return  # which code it is, the cases above say
    canonical(cleaned)
    assert _clean(name, cleaned) == cleaned
    assert isinstance(REGISTER.display(name, cleaned, "zh"), str)
