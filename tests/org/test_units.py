"""Units open, change, move, merge and close; their history can be read; the tree stays a tree."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Callable

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import override

from cast import BEGIN, Cast
from luoshi.ledger.models import Record
from luoshi.org import actions, checks
from luoshi.org.enums import Role, UnitKind
from luoshi.org.models import Group, Membership, Post, Unit
from luoshi.org.policy import SYSTEM_ACTOR, Actor, RefusedError
from luoshi.org.queries import search_units, successor_of, tree_on, vacancies
from luoshi.org.told import listed

pytestmark = pytest.mark.django_db

YEAR = dt.timedelta(days=365)
MARCH, JUNE = dt.date(2024, 3, 1), dt.date(2024, 6, 1)
OTHERS = ("leader", "supervisor", "head", "officer", "observer", "security_admin", "audit_admin", "stranger")


def code_of(refused: pytest.ExceptionInfo[ValidationError]) -> str | None:
    return refused.value.code


def names_on(day: dt.date) -> list[tuple[int, str]]:
    return [(unit.depth, unit.name) for unit in tree_on(day)]


def last_record() -> tuple[str, object, str, str]:
    row = Record.objects.order_by("-seq")[0]
    return row.act, row.data["what"], row.subject_key, row.actor_name


ACTS: dict[str, Callable[[Cast, Actor], object]] = {
    "open": lambda _, by: actions.open_unit(by=by, code="N", name="新", kind="school"),
    "rename": lambda cast, by: actions.rename_unit(cast.unit("HS"), by=by, name="新"),
    "move": lambda cast, by: actions.move_unit(cast.unit("HS-1"), by=by, to=cast.unit("YL")),
    "merge": lambda cast, by: actions.merge_units([cast.unit("HS-Y")], by=by, into=cast.unit("HS-1")),
    "close": lambda cast, by: actions.close_unit(cast.unit("HS-Y"), by=by, posts="end"),
    "reopen": lambda cast, by: actions.reopen_unit(cast.unit("HS-Y"), by=by),
    "open group": lambda _, by: actions.open_group(by=by, code="G", name="新", kind="area"),
    "change group": lambda cast, by: actions.change_group(area(cast), by=by, name="新"),
    "close group": lambda cast, by: actions.close_group(area(cast), by=by),
    "add to group": lambda cast, by: actions.add_to_group(area(cast), [cast.unit("HS")], by=by),
    "remove from group": lambda cast, by: actions.remove_from_group(area(cast), cast.unit("QH-1"), by=by),
}


def area(cast: Cast) -> Group:
    return Group.objects.get(code="A1")


@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize("who", OTHERS)
def test_only_the_systems_administrator_changes_units_and_groups(cast: Cast, act: str, who: str) -> None:
    before = list(Unit.objects.values()), list(Membership.objects.values())
    with pytest.raises(RefusedError):
        ACTS[act](cast, cast.actor(who))
    assert (list(Unit.objects.values()), list(Membership.objects.values())) == before
    assert Record.objects.count() == 0


def test_unit_is_opened_with_history_and_one_record(cast: Cast) -> None:
    by = cast.actor("system_admin")
    unit = actions.open_unit(
        by=by, code=" \uff28\uff33－\uff12 ", name=" 槐树镇 第二小学 ", kind="school", stage="primary", parent=cast.unit("HS"),
        short_names="槐树二小、 二小；槐树二小", opened_on=MARCH,
    )  # fmt: skip
    assert (unit.code, unit.name, unit.short_names) == ("HS-2", "槐树镇 第二小学", ["槐树二小", "二小"])
    assert [(v.since, v.name, v.parent.code if v.parent else None) for v in unit.versions.all()] == [
        (MARCH, "槐树镇 第二小学", "HS")
    ]
    assert last_record() == ("unit.change", "open", "HS-2", "席统")
    assert Record.objects.count() == 1


def test_opening_the_same_unit_twice_does_nothing(cast: Cast) -> None:
    def again() -> Unit:
        return actions.open_unit(
            by=cast.actor("system_admin"), code="HS-2", name="二小", kind="school", parent=cast.unit("HS")
        )

    assert again() == again()
    assert Record.objects.count() == 1


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"code": "hs-1"}, "code_taken"),
        ({"code": "a b"}, "bad_code"),
        ({"code": ""}, "required"),
        ({"code": "x" * 41}, "too_long"),
        ({"name": "\u200b \x00"}, "required"),
        ({"name": "长" * 121}, "too_long"),
        ({"kind": "university"}, "bad_choice"),
        ({"stage": "doctor"}, "bad_choice"),
        ({"opened_on": dt.date(2999, 1, 1)}, "bad_day"),
        ({"opened_on": dt.date(1066, 1, 1)}, "bad_day"),
    ],
)
def test_bad_values_open_nothing(cast: Cast, values: dict[str, object], code: str) -> None:
    given: dict[str, object] = {"code": "N-1", "name": "新", "kind": "school", **values}
    with pytest.raises(ValidationError) as refused:
        actions.open_unit(by=cast.actor("system_admin"), **given)  # type: ignore[arg-type]
    assert code_of(refused) == code
    assert (Unit.objects.count(), Record.objects.count()) == (7, 0)


def test_day_to_come_is_refused(cast: Cast) -> None:
    tomorrow = timezone.localdate() + dt.timedelta(days=1)
    with pytest.raises(ValidationError) as refused:
        actions.rename_unit(cast.unit("HS"), by=cast.actor("system_admin"), name="新", on=tomorrow)
    assert code_of(refused) == "in_the_future"


def test_code_of_a_closed_unit_is_never_given_again(cast: Cast) -> None:
    by = cast.actor("system_admin")
    actions.close_unit(cast.unit("HS-Y"), by=by, posts="end")
    with pytest.raises(ValidationError) as refused:
        actions.open_unit(by=by, code="HS-Y", name="槐树镇幼儿园", kind="kindergarten", parent=cast.unit("HS"))
    assert code_of(refused) == "code_taken"


def test_tree_can_be_read_as_it_was_on_a_day(cast: Cast) -> None:
    by = cast.actor("system_admin")
    actions.rename_unit(cast.unit("QH-1"), by=by, name="青禾中学", on=MARCH)
    actions.move_unit(cast.unit("HS-1"), by=by, to=cast.unit("YL"), on=JUNE)
    actions.close_unit(cast.unit("HS-Y"), by=by, posts="end", on=JUNE)
    first = [
        (1, "云岭市教育局"), (2, "基础教育科"), (2, "安全科"), (2, "槐树镇中心学校"), (3, "槐树镇第一小学"),
        (3, "槐树镇幼儿园"), (2, "青禾第一中学"),
    ]  # fmt: skip
    assert names_on(BEGIN - YEAR) == []
    assert sorted(names_on(BEGIN)) == sorted(first)
    assert (2, "青禾中学") in names_on(MARCH)
    assert (2, "青禾第一中学") in names_on(MARCH - dt.timedelta(days=1))
    assert (3, "槐树镇幼儿园") in names_on(JUNE - dt.timedelta(days=1))
    after = names_on(JUNE)
    assert [(2, "槐树镇第一小学") in after, (3, "槐树镇第一小学") in after] == [True, False]
    assert "槐树镇幼儿园" not in {name for _, name in after}


def test_day_before_the_last_change_is_refused(cast: Cast) -> None:
    by = cast.actor("system_admin")
    actions.rename_unit(cast.unit("HS"), by=by, name="甲", on=JUNE)
    with pytest.raises(ValidationError) as refused:
        actions.rename_unit(cast.unit("HS"), by=by, name="乙", on=MARCH)
    assert code_of(refused) == "before_last_change"
    actions.rename_unit(cast.unit("HS"), by=by, name="丙", on=JUNE)
    assert [v.name for v in cast.unit("HS").versions.order_by("since")] == ["槐树镇中心学校", "丙"]


def test_change_keeps_what_is_not_given_and_records_before_and_after(cast: Cast) -> None:
    by = cast.actor("system_admin")
    unit = actions.change_unit(cast.unit("HS"), by=by, duties="管理全镇学校\r\n ", short_names=["槐树中心校"])
    assert (unit.name, unit.duties) == ("槐树镇中心学校", "管理全镇学校")
    row = Record.objects.get()
    assert (row.data["was"], row.data["now"]) == ({"duties": ""}, {"duties": "管理全镇学校"})
    assert unit.versions.count() == 1
    actions.change_unit(unit, by=by, duties="管理全镇学校")
    assert Record.objects.count() == 1


def test_subtree_moves_whole_and_moving_again_does_nothing(cast: Cast) -> None:
    by = cast.actor("system_admin")
    actions.move_unit(cast.unit("HS"), by=by, to=cast.unit("YL-JJ"))
    actions.move_unit(cast.unit("HS"), by=by, to=cast.unit("YL-JJ"))
    assert [unit.code for unit in Unit.objects.get_tree(cast.unit("YL-JJ"))] == ["YL-JJ", "HS", "HS-1", "HS-Y"]
    assert Record.objects.count() == 1
    assert list(checks.findings()) == []


@pytest.mark.parametrize("to", ["HS", "HS-1"])
def test_unit_cannot_move_into_itself_or_below(cast: Cast, to: str) -> None:
    with pytest.raises(ValidationError) as refused:
        actions.move_unit(cast.unit("HS"), by=cast.actor("system_admin"), to=cast.unit(to))
    assert code_of(refused) == "cycle"


def test_unit_moves_to_the_top_but_not_too_deep(cast: Cast) -> None:
    by = cast.actor("system_admin")
    assert actions.move_unit(cast.unit("HS"), by=by, to=None).depth == 1
    under = cast.unit("QH-1")
    for level in range(10):
        under = actions.open_unit(by=by, code=f"D{level}", name="深", kind="school", parent=under)
    with pytest.raises(ValidationError) as refused:
        actions.move_unit(cast.unit("HS"), by=by, to=under)
    assert code_of(refused) == "too_deep"


def test_merged_unit_hands_over_people_groups_and_children(cast: Cast) -> None:
    by = cast.actor("system_admin")
    into = actions.merge_units([cast.unit("HS")], into=cast.unit("QH-1"), by=by, on=JUNE, why="撤并")
    gone = cast.unit("HS")
    assert (gone.closed_on, gone.merged_into, successor_of(gone)) == (JUNE, into, into)
    assert {unit.code for unit in Unit.objects.get_children(into)} == {"HS-1", "HS-Y"}
    old, new = Post.objects.filter(person=cast.people["centre_head"]).order_by("since")
    assert (old.until, new.since, new.unit, new.role) == (dt.date(2024, 5, 31), JUNE, into, Role.HEAD)
    assert (new.confirmed_at, new.proposed_by) == (None, cast.people["system_admin"])
    assert last_record() == ("unit.change", "merge", "HS", "席统")
    actions.merge_units([cast.unit("HS")], into=cast.unit("QH-1"), by=by)
    assert Record.objects.count() == 1
    assert list(checks.findings()) == []


def test_members_of_a_group_go_over_once(cast: Cast) -> None:
    actions.merge_units(
        [cast.unit("HS-1"), cast.unit("HS-Y")], into=cast.unit("HS"), by=cast.actor("system_admin"), on=JUNE
    )
    zone = Membership.objects.filter(group__code="Z1").order_by("unit__code")
    assert [(m.unit.code, m.since, m.until) for m in zone] == [
        ("HS", JUNE, None),
        ("HS-1", BEGIN, dt.date(2024, 5, 31)),
        ("HS-Y", BEGIN, dt.date(2024, 5, 31)),
    ]


def test_command_line_merges_with_posts_in_force_at_once(cast: Cast) -> None:
    actions.merge_units([cast.unit("HS-Y")], into=cast.unit("HS-1"), by=SYSTEM_ACTOR)
    assert Post.objects.filter(person=cast.people["kindergarten_head"], unit__code="HS-1").get().confirmed_at


def test_merge_that_ends_posts_proposes_none(cast: Cast) -> None:
    actions.merge_units(
        [cast.unit("HS-Y")], into=cast.unit("HS-1"), by=cast.actor("system_admin"), posts="end", groups="end", on=JUNE
    )
    assert Post.objects.get(person=cast.people["kindergarten_head"]).until == dt.date(2024, 5, 31)


def test_unit_cannot_be_merged_into_one_of_its_own(cast: Cast) -> None:
    with pytest.raises(ValidationError) as refused:
        actions.merge_units([cast.unit("HS")], into=cast.unit("HS-1"), by=cast.actor("system_admin"))
    assert code_of(refused) == "cycle"


@pytest.mark.parametrize(
    ("unit", "given", "code"),
    [
        ("HS", {"posts": "end"}, "open_children"),
        ("HS-Y", {}, "open_posts"),
        ("HS", {"children": "close"}, "open_posts"),
    ],
)
def test_unit_with_posts_or_children_closes_only_when_their_fate_is_told(
    cast: Cast, unit: str, given: dict[str, object], code: str
) -> None:
    with pytest.raises(ValidationError) as refused:
        actions.close_unit(cast.unit(unit), by=cast.actor("system_admin"), **given)  # type: ignore[arg-type]
    assert code_of(refused) == code
    assert Record.objects.count() == 0


def test_closing_with_all_below_ends_everything_and_reopening_brings_back_only_the_unit(cast: Cast) -> None:
    by = cast.actor("system_admin")
    actions.close_unit(cast.unit("HS"), by=by, posts="end", children="close", on=MARCH)
    assert {unit.code for unit in Unit.objects.filter(closed_on=MARCH)} == {"HS", "HS-1", "HS-Y"}
    assert not Post.objects.filter(unit__path__startswith=cast.unit("HS").path, until=None).exists()
    with pytest.raises(ValidationError) as refused:
        actions.reopen_unit(cast.unit("HS-1"), by=by)
    assert code_of(refused) == "unit_closed"
    actions.reopen_unit(cast.unit("HS"), by=by, on=JUNE)
    assert {unit.name for unit in tree_on(dt.date(2024, 4, 1))} & {"槐树镇中心学校"} == set()
    assert (2, "槐树镇中心学校") in names_on(JUNE)
    assert Unit.objects.filter(closed_on=MARCH).count() == 2
    assert list(checks.findings()) == []


def test_closing_moves_the_units_below_where_told(cast: Cast) -> None:
    by = cast.actor("system_admin")
    actions.close_unit(cast.unit("HS"), by=by, posts="end", children=cast.unit("YL"))
    actions.close_unit(cast.unit("HS"), by=by, posts="end")
    assert {cast.unit(code).depth for code in ("HS-1", "HS-Y")} == {2}
    assert list(checks.findings()) == []


def test_closing_the_authority_may_not_leave_it_without_administrators(cast: Cast) -> None:
    with pytest.raises(ValidationError) as refused:
        actions.close_unit(cast.unit("YL"), by=cast.actor("system_admin"), posts="end", children="close")
    assert code_of(refused) == "last_administrator"
    assert Unit.objects.filter(closed_on=None).count() == 7


def test_database_refuses_a_unit_that_closes_before_it_opens(cast: Cast) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Unit.objects.filter(code="HS").update(closed_on=BEGIN - YEAR)


@pytest.mark.parametrize("seed", range(6))
def test_tree_stays_a_tree_whatever_is_moved_merged_and_closed(cast: Cast, seed: int) -> None:
    rng = random.Random(seed)
    for number in range(12):
        parent = rng.choice(list(Unit.objects.all()))
        actions.open_unit(by=SYSTEM_ACTOR, code=f"R{number}", name=f"单位{number}", kind=UnitKind.SCHOOL, parent=parent)
    for _ in range(25):
        one, other = rng.sample(list(Unit.objects.all()), 2)
        act = rng.choice(["move", "move", "top", "merge", "close", "reopen"])
        try:
            if act == "merge":
                actions.merge_units([one], into=other, by=SYSTEM_ACTOR)
            elif act == "close":
                actions.close_unit(one, by=SYSTEM_ACTOR, posts="end", children=rng.choice([other, "close", None]))
            elif act == "reopen":
                actions.reopen_unit(one, by=SYSTEM_ACTOR)
            else:
                actions.move_unit(one, to=None if act == "top" else other, by=SYSTEM_ACTOR)
        except ValidationError as refused:
            assert refused.code in {"cycle", "unit_closed", "open_children", "too_deep"}  # noqa: PT017
        assert Unit.objects.find_problems() == ([], [], [], [], [])
    assert list(checks.findings()) == []


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("槐树一小", "HS-1"), ("槐一小", "HS-1"), ("\uff48\uff53－\uff11", "HS-1"), ("第一 小学", "HS-1"), ("青禾一中", "QH-1"),
        ("基教", "YL-JJ"), ("市局", "YL"),
    ],
)  # fmt: skip
def test_unit_is_found_by_what_people_type(cast: Cast, typed: str, code: str) -> None:
    assert search_units(typed)[0].code == code


@pytest.mark.parametrize("typed", ["", "  ", "园幼儿", "%", "_", "云岭大学"])
def test_nothing_is_found_for_what_no_unit_is_called(cast: Cast, typed: str) -> None:
    assert search_units(typed) == []


def test_closed_units_are_not_found_and_vacant_ones_are_listed(cast: Cast) -> None:
    assert list(vacancies(timezone.localdate())) == []
    Post.objects.filter(unit__code="HS-1").update(until=BEGIN)
    assert [unit.code for unit in vacancies(timezone.localdate())] == ["HS-1"]
    actions.close_unit(cast.unit("HS-1"), by=SYSTEM_ACTOR)
    assert search_units("槐树一小") == []
    assert list(vacancies(timezone.localdate())) == []


@pytest.mark.parametrize(
    ("language", "said"), [("zh-hans", "教育局、科室、直属单位"), ("en", "Authority, Department, Institution")]
)
def test_choices_are_listed_as_the_readers_language_lists(language: str, said: str) -> None:
    with override(language):
        assert listed(UnitKind.labels[:3]) == said
