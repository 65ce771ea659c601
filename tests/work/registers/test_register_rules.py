from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest
from django.core.exceptions import ValidationError
from django.utils.translation import override
from pydantic import ValidationError as FrozenError

from luoshi.org.enums import Role
from luoshi.org.policy import HeldPost, UnitAt
from luoshi.periods import Calendar
from luoshi.work.registers import Register

from .texts import EVERY_FIELD, register

if TYPE_CHECKING:
    from cast import Cast

THURSDAY = dt.date(2026, 4, 30)
CALENDAR = Calendar(
    off={dt.date(2026, 5, day): "劳动节" for day in (1, 2, 3, 4, 5)},
    work={dt.date(2026, 5, 9): "劳动节"},
    years=frozenset({2026}),
)
FIELDS = """
[[fields]]
name = "origin"
type = "text"
words = { zh = "来源", en = "Origin" }
required = "opening"
[[fields]]
name = "outcome"
type = "text"
words = { zh = "成效", en = "Outcome" }
required = "submitting"
[[fields]]
name = "sure"
type = "yes_no"
words = "确认"
required = "submitting"
[[fields]]
name = "remark"
type = "text"
words = "备注"
"""


def test_number_counts_within_the_year() -> None:
    assert register().number_of(2026, 12) == "走访〔2026〕12号"


@pytest.mark.parametrize(
    ("due", "day"),
    [
        ("", None),
        ('[due]\nrule = "none"\n', None),
        ('[due]\nrule = "days"\ndays = 7\n', dt.date(2026, 5, 7)),
        ('[due]\nrule = "days"\ndays = 7\nfrom = "opening"\n', dt.date(2026, 4, 27)),
        ('[due]\nrule = "working_days"\ndays = 1\n', dt.date(2026, 5, 6)),
        ('[due]\nrule = "working_days"\ndays = 4\n', dt.date(2026, 5, 9)),
        ('[due]\nrule = "working_days"\ndays = 1\nfrom = "opening"\n', dt.date(2026, 4, 21)),
    ],
)
def test_due_day_follows_the_rule(due: str, day: dt.date | None) -> None:
    assert register(due).due_day(dt.date(2026, 4, 20), THURSDAY, CALENDAR) == day


def test_due_day_in_a_year_without_holidays_asks_for_the_date() -> None:
    rule = register('[due]\nrule = "working_days"\ndays = 3\n')
    with pytest.raises(ValidationError) as error:
        rule.due_day(dt.date(2026, 12, 30), dt.date(2026, 12, 31), CALENDAR)
    assert error.value.code == "calendar"


def test_time_to_accept_counts_working_days_and_never_fails() -> None:
    one = register(accept_within_days="1")
    assert one.accept_by(THURSDAY, CALENDAR) == dt.date(2026, 5, 6)
    assert one.accept_by(dt.date(2026, 12, 31), CALENDAR) == dt.date(2027, 1, 1)
    assert register().accept_by(THURSDAY, CALENDAR) is None


def test_terms_count_days_and_are_none_where_the_text_names_none() -> None:
    terms = register(warn_days="5", report_every_days="7", escalate_after_days="3", reopen_within_days="30")
    assert terms.warn_from(THURSDAY) == dt.date(2026, 4, 25)
    assert terms.report_by(THURSDAY) == dt.date(2026, 5, 7)
    assert terms.escalate_on(THURSDAY) == dt.date(2026, 5, 3)
    assert terms.reopens_until(THURSDAY) == dt.date(2026, 5, 30)
    none = register()
    assert (none.report_by(THURSDAY), none.escalate_on(THURSDAY), none.reopens_until(THURSDAY)) == (None, None, None)
    assert none.warn_days == 3


def test_register_cannot_be_changed() -> None:
    with pytest.raises(FrozenError):
        register().version = 9


def test_only_named_roles_open() -> None:
    assert [role for role in Role if register().may_be_opened_by(role)] == [Role.SUPERVISOR, Role.HEAD]
    assert not any(register(opened_by="[]").may_be_opened_by(role) for role in Role)


# Who signs.

LEAD = UnitAt(3, "000100020003")


def _post(role: Role, unit: UnitAt, area: frozenset[int] | None = None) -> HeldPost:
    return HeldPost(id=1, role=role, unit=unit, unit_name="", area=area)


def _step(role: str, scope: str, unit: str = "") -> Register:
    named = f'unit = "{unit}"\n' if unit else ""
    first = f'[[chain]]\nwords = "一"\nrole = "{role}"\nscope = "{scope}"\n{named}'
    return register(first)


@pytest.mark.parametrize(
    ("role", "scope", "post", "takes"),
    [
        ("head", "lead", _post(Role.HEAD, LEAD), True),
        ("head", "lead", _post(Role.HEAD, UnitAt(2, "00010002")), False),
        ("head", "lead", _post(Role.OFFICER, LEAD), False),
        ("head", "parent", _post(Role.HEAD, UnitAt(2, "00010002")), True),
        ("head", "parent", _post(Role.HEAD, UnitAt(1, "0001")), True),
        ("head", "parent", _post(Role.HEAD, LEAD), False),
        ("head", "parent", _post(Role.HEAD, UnitAt(9, "00010009")), False),
        ("head", "parent", _post(Role.SUPERVISOR, UnitAt(1, "0001")), False),
        ("supervisor", "office", _post(Role.SUPERVISOR, UnitAt(9, "00010009")), True),
        ("supervisor", "office", _post(Role.LEADER, UnitAt(1, "0001")), False),
        ("inspector", "area", _post(Role.INSPECTOR, UnitAt(1, "0001"), frozenset({3})), True),
        ("inspector", "area", _post(Role.INSPECTOR, UnitAt(1, "0001"), frozenset({4})), False),
        ("inspector", "area", _post(Role.INSPECTOR, UnitAt(1, "0001")), False),
        ("leader", "area", _post(Role.LEADER, UnitAt(1, "0001")), True),
        ("leader", "area", _post(Role.LEADER, UnitAt(1, "0001"), frozenset({4})), False),
    ],
)
def test_step_is_signed_where_its_scope_says(role: str, scope: str, post: HeldPost, takes: bool) -> None:
    assert _step(role, scope).chain[1].takes(post, LEAD) is takes


def test_step_of_a_named_unit_is_signed_there_only(cast: Cast) -> None:
    step = _step("supervisor", "unit", "YL-AQ").chain[1]
    there, elsewhere = cast.units["YL-AQ"], cast.units["YL"]
    assert step.takes(_post(Role.SUPERVISOR, UnitAt(there.pk, there.path)), LEAD)
    assert not step.takes(_post(Role.SUPERVISOR, UnitAt(elsewhere.pk, elsewhere.path)), LEAD)


def test_only_the_last_step_grades() -> None:
    assert not register().graded
    assert register('[[chain]]\nwords = "二"\nrole = "supervisor"\nscope = "office"\ngrade = true\n').graded


# Values.


def _codes(kind: Register, values: dict[str, object], stage: str) -> dict[str, list[str | None]]:
    with pytest.raises(ValidationError) as error:
        kind.clean(values, stage=stage)  # type: ignore[arg-type]
    return {name: [one.code for one in errors] for name, errors in error.value.error_dict.items()}


def test_values_come_back_canonical_in_declared_order_without_the_empty_ones() -> None:
    cleaned = register(FIELDS).clean({"sure": "否", "remark": " ", "origin": " 会议 "})
    assert list(cleaned.items()) == [("origin", "会议"), ("sure", False)]


def test_required_field_is_missed_at_its_step_and_after() -> None:
    kind = register(FIELDS)
    assert _codes(kind, {}, "opening") == {"origin": ["required"]}
    assert _codes(kind, {"origin": ""}, "editing") == {"origin": ["required"]}
    assert _codes(kind, {}, "submitting") == {name: ["required"] for name in ("origin", "outcome", "sure")}
    assert kind.clean({"origin": "会议", "outcome": "好", "sure": False}, stage="submitting")["sure"] is False


def test_all_wrong_fields_are_told_at_once() -> None:
    codes = _codes(register(EVERY_FIELD), {"heads": "x", "kind": "x", "nonsense": 1, "words": "好"}, "opening")
    assert codes == {"heads": ["not_a_number"], "kind": ["unknown_option"], "nonsense": ["unknown_field"]}


def test_missing_names_the_fields_that_submitting_needs() -> None:
    kind = register(FIELDS)
    assert [field.name for field in kind.missing({"origin": "会议"})] == ["outcome", "sure"]
    assert [field.name for field in kind.missing({}, "opening")] == ["origin"]
    assert kind.missing({"origin": "会议", "outcome": "好", "sure": False}) == ()


def test_message_names_the_field_in_the_readers_language() -> None:
    with pytest.raises(ValidationError) as error:
        register(FIELDS).clean({})
    assert error.value.message_dict == {"origin": ["请填写“来源”。"]}


def test_words_follow_the_page_and_can_be_asked_for() -> None:
    title = register().title
    assert (str(title), title.in_("en")) == ("走访", "Visits")
    with override("en"):
        assert str(title) == "Visits"
    with override(None):
        assert str(title) == "走访"


def test_unknown_field_is_a_key_error() -> None:
    with pytest.raises(KeyError):
        register().field("nonsense")


def test_list_shows_built_in_columns_then_own_ones() -> None:
    assert register(EVERY_FIELD, columns='["number", "due"]').list_columns() == ("number", "due", "told_by")
