"""Posts, people and deputies: proposed by one administrator, confirmed by another, and never two powers in one hand."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from cast import BEGIN, Cast
from luoshi.ledger.models import Record
from luoshi.org import actions, checks
from luoshi.org.enums import Role
from luoshi.org.models import Deputy, Group, Person, Post
from luoshi.org.policy import SYSTEM_ACTOR, Actor, RefusedError, actor_of
from luoshi.org.queries import people, posts_now
from luoshi.org.rules import Tenure, clashing

pytestmark = pytest.mark.django_db

DAY = dt.timedelta(days=1)


def today() -> dt.date:
    return timezone.localdate()


def propose(cast: Cast, who: str = "stranger", role: str = "officer", unit: str = "HS", **given: object) -> Post:
    by = cast.actor("system_admin")
    return actions.propose_post(cast.people[who], cast.unit(unit), by=by, role=role, **given)  # type: ignore[arg-type]


def refused(act: Callable[[], object]) -> str | None:
    posts = list(Post.objects.order_by("pk").values())
    records = Record.objects.count()
    with pytest.raises(ValidationError) as error, transaction.atomic():
        act()
    assert (list(Post.objects.order_by("pk").values()), Record.objects.count()) == (posts, records)
    return error.value.code


ACTS: dict[str, tuple[set[str], Callable[[Cast, Actor], object]]] = {
    "add": ({"system_admin"}, lambda _, by: actions.add_person(by=by, name="赵七", staff_no="900")),
    "change": ({"system_admin"}, lambda cast, by: actions.change_person(cast.people["officer"], by=by, phone="1")),
    "left": ({"system_admin"}, lambda cast, by: actions.person_left(cast.people["officer"], by=by)),
    "returned": ({"system_admin"}, lambda cast, by: actions.person_returned(cast.people["officer"], by=by)),
    "propose": (
        {"system_admin"},
        lambda cast, by: actions.propose_post(cast.people["stranger"], cast.unit("HS"), by=by, role="officer"),
    ),
    "confirm": ({"security_admin"}, lambda cast, by: actions.confirm_post(cast.people["officer"].posts.get(), by=by)),
    "refuse": (
        {"security_admin"},
        lambda cast, by: actions.refuse_post(
            Post(pk=0, person=cast.people["officer"], unit=cast.units["HS"]), by=by, why="x"
        ),
    ),
    "end": (
        {"system_admin", "security_admin"},
        lambda cast, by: actions.end_post(cast.people["officer"].posts.get(), by=by),
    ),
}
WHO = (
    *("leader", "supervisor", "discipline", "head", "officer", "inspector", "observer"),
    *("system_admin", "security_admin", "audit_admin", "stranger"),
)


@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize("who", WHO)
def test_acts_on_people_and_posts_are_the_administrators(cast: Cast, act: str, who: str) -> None:
    allowed, do = ACTS[act]
    if who in allowed:
        do(cast, cast.actor(who))
    else:
        with pytest.raises(RefusedError):
            do(cast, cast.actor(who))
        assert Record.objects.count() == 0


def test_proposed_post_entitles_to_nothing_until_somebody_else_confirms_it(cast: Cast) -> None:
    post = propose(cast, registers="dropout、dropout", title=" 干事 ")
    assert actor_of(cast.people["stranger"], today()).posts == ()
    confirmed = actions.confirm_post(post, by=cast.actor("security_admin"))
    (held,) = actor_of(cast.people["stranger"], today()).posts
    assert (held.role, held.title, held.registers) == (Role.OFFICER, "干事", frozenset({"dropout"}))
    assert confirmed.confirmed_by == cast.people["security_admin"]
    rows = Record.objects.order_by("seq").values_list("act", "actor_name")
    assert list(rows) == [("post.propose", "席统"), ("post.confirm", "安权")]


def test_doing_it_twice_does_nothing(cast: Cast) -> None:
    post = propose(cast)
    assert propose(cast) == post
    by = cast.actor("security_admin")
    assert (actions.confirm_posts([post], by=by), actions.confirm_posts([post], by=by)) == (1, 0)
    assert propose(cast) == post
    actions.end_post(post, by=by)
    actions.end_post(post, by=by)
    assert Record.objects.count() == 3


def test_nobody_confirms_their_own_post_or_their_own_proposal(cast: Cast) -> None:
    own = Post.objects.create(
        person=cast.people["security_admin"], unit=cast.unit("HS"), role=Role.SECURITY_ADMIN, since=today()
    )
    by = cast.actor("security_admin")
    assert refused(lambda: actions.confirm_post(own, by=by)) == "own_post"
    post = propose(cast)
    Post.objects.filter(pk=post.pk).update(proposed_by=cast.people["security_admin"])
    assert refused(lambda: actions.confirm_posts([post], by=by)) == "own_post"


@pytest.mark.parametrize(
    ("who", "role"),
    [
        ("head", "system_admin"),
        ("system_admin", "officer"),
        ("system_admin", "security_admin"),
        ("security_admin", "audit_admin"),
        ("audit_admin", "discipline"),
    ],
)
def test_administrators_hold_nothing_else_at_the_same_time(cast: Cast, who: str, role: str) -> None:
    assert refused(lambda: propose(cast, who, role)) == "separate_duties"


def test_administrator_may_change_over_when_the_other_post_has_ended(cast: Cast) -> None:
    cast.people["head"].posts.update(until=today())
    assert propose(cast, "head", "audit_admin", since=today() + DAY).role == Role.AUDIT_ADMIN
    assert list(checks.findings()) == []


def test_two_proposals_that_clash_are_not_both_confirmed(cast: Cast) -> None:
    first = propose(cast, "stranger", "system_admin")
    second = Post.objects.create(person=cast.people["stranger"], unit=cast.unit("HS"), role="officer", since=today())
    assert refused(lambda: actions.confirm_posts([first, second], by=cast.actor("security_admin"))) == "separate_duties"
    assert next(iter(checks.findings())) == "陌生在同一时间既任管理员又任别的岗位。"


def test_administrator_does_not_deputise_nor_does_a_deputy_become_one(cast: Cast) -> None:
    by = cast.actor("system_admin")
    post = cast.people["head"].posts.get()
    assert deputies_refusal(cast, cast.people["audit_admin"]) == "separate_duties"
    actions.set_deputy(post, cast.people["stranger"], by=by, since=today(), until=today() + DAY)
    assert refused(lambda: propose(cast, "stranger", "audit_admin")) == "separate_duties"


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"role": "king"}, "bad_choice"),
        ({"role": "inspector"}, "area_needed"),
        ({"since": dt.date(2026, 5, 1), "until": dt.date(2026, 4, 1)}, "ends_before_it_begins"),
        ({"since": dt.date(1800, 1, 1)}, "bad_day"),
        ({"title": "长" * 81}, "too_long"),
        ({"registers": ["a b"]}, "bad_code"),
    ],
)
def test_bad_post_is_not_proposed(cast: Cast, given: dict[str, object], code: str) -> None:
    assert refused(lambda: propose(cast, **given)) == code  # type: ignore[arg-type]


def test_area_belongs_to_those_who_measure_by_it_and_must_be_open(cast: Cast) -> None:
    group = Group.objects.get(code="A1")
    assert refused(lambda: propose(cast, area=group)) == "area_not_taken"
    assert propose(cast, role="inspector", area=group).area == group
    Group.objects.filter(code="Z1").update(closed_on=today())
    closed = Group.objects.get(code="Z1")
    assert refused(lambda: propose(cast, "head", role="inspector", area=closed)) == "group_closed"


def test_second_post_of_the_same_role_at_the_same_time_is_refused(cast: Cast) -> None:
    assert refused(lambda: propose(cast, "head", "head", "YL-JJ", title="别的")) == "post_exists"
    with pytest.raises(IntegrityError), transaction.atomic():
        Post.objects.create(person=cast.people["head"], unit=cast.units["YL-JJ"], role="head", since=today())


def test_post_at_a_closed_unit_or_for_somebody_gone_is_refused(cast: Cast) -> None:
    actions.person_left(cast.people["officer"], by=SYSTEM_ACTOR, on=today() - DAY)
    assert refused(lambda: propose(cast, "officer")) == "person_left"
    post = propose(cast, unit="HS-Y")
    actions.close_unit(cast.unit("HS-Y"), by=SYSTEM_ACTOR, posts="end")
    assert not Post.objects.filter(pk=post.pk).exists()
    assert refused(lambda: propose(cast, unit="HS-Y")) == "unit_closed"


def test_post_ends_on_its_last_day_and_takes_its_deputies_along(cast: Cast) -> None:
    post = cast.people["head"].posts.get()
    by = cast.actor("system_admin")
    actions.set_deputy(post, cast.people["officer"], by=by, since=today(), until=today() + 9 * DAY)
    actions.set_deputy(post, cast.people["stranger"], by=by, since=today() + 5 * DAY, until=today() + 9 * DAY)
    actions.end_post(post, by=by, on=today() + DAY)
    assert [(d.person.name, d.until) for d in Deputy.objects.all()] == [("何清", today() + DAY)]
    assert (posts_now(today() + DAY).contains(post), posts_now(today() + 2 * DAY).contains(post)) == (True, False)
    assert refused(lambda: actions.end_post(post, by=by, on=today() + 5 * DAY)) == "post_ended"
    assert refused(lambda: actions.end_post(post, by=by, on=BEGIN - DAY)) == "ends_before_it_begins"


@pytest.mark.parametrize("role", ["system_admin", "security_admin", "audit_admin"])
def test_last_administrator_of_a_kind_cannot_go(cast: Cast, role: str) -> None:
    by = cast.actor("system_admin")
    post = cast.people[role].posts.get()
    assert refused(lambda: actions.end_post(post, by=by)) == "last_administrator"
    assert refused(lambda: actions.person_left(cast.people[role], by=by)) == "last_administrator"
    second = propose(cast, "stranger", role)
    assert refused(lambda: actions.end_post(post, by=by)) == "last_administrator"
    actions.confirm_post(second, by=SYSTEM_ACTOR)
    assert actions.end_post(post, by=by).until == today()


def test_proposal_is_withdrawn_and_refused_with_a_record(cast: Cast) -> None:
    actions.end_post(propose(cast), by=cast.actor("system_admin"))
    actions.refuse_post(propose(cast), by=cast.actor("security_admin"), why="单位不对")
    assert Post.objects.filter(person=cast.people["stranger"]).count() == 0
    whats = Record.objects.order_by("seq").values_list("data__what", flat=True)
    assert list(whats) == ["propose", "withdraw", "propose", "refuse"]
    confirmed = cast.people["head"].posts.get()
    by = cast.actor("security_admin")
    assert refused(lambda: actions.refuse_post(confirmed, by=by, why="x")) == "confirmed"


def test_person_is_known_by_staff_number_and_the_record_keeps_neither_number_nor_telephone(cast: Cast) -> None:
    by = cast.actor("system_admin")
    person = actions.add_person(by=by, name="赵 七", staff_no=" GH\uff19\uff10\uff10 ", phone="0555-123")
    assert (person.name, person.staff_no) == ("赵 七", "GH900")
    assert actions.add_person(by=by, name="赵 七", staff_no="gh900", phone="0555-123") == person
    with pytest.raises(ValidationError) as error:
        actions.add_person(by=by, name="钱八", staff_no="GH900")
    assert error.value.code == "staff_no_taken"
    actions.change_person(person, by=by, phone="0555-999", name="赵七")
    text = " ".join(str(row.content()) for row in Record.objects.all())
    assert [word in text for word in ("GH900", "0555-123", "0555-999", "赵 七")] == [False, False, False, True]


def test_whoever_left_holds_nothing_and_may_come_back(cast: Cast) -> None:
    by = cast.actor("system_admin")
    officer = cast.people["officer"]
    propose(cast, "officer", "observer", "HS")
    actions.set_deputy(cast.people["head"].posts.get(), officer, by=by, since=today(), until=today() + 9 * DAY)
    ended = actions.person_left(officer, by=by, on=today() - DAY)
    assert [post.unit.code for post in ended] == ["YL-JJ"]
    assert actor_of(officer, today()).posts == ()
    assert officer not in people(on=today())
    assert actions.person_left(officer, by=by) == []
    assert actions.person_returned(officer, by=by).left_on is None
    assert list(people("何", on=today())) == [officer]


def test_staff_number_finds_people_only_for_those_who_may_know_it(cast: Cast) -> None:
    assert list(people("sys", on=today())) == []
    assert [person.name for person in people("SYS", on=today(), by_number=True)] == ["席统"]


@pytest.mark.parametrize("who", ["officer", "leader", "security_admin", "school_head", "stranger"])
def test_only_the_holder_and_the_systems_administrator_set_a_deputy(cast: Cast, who: str) -> None:
    post = cast.people["head"].posts.get()
    with pytest.raises(RefusedError):
        actions.set_deputy(post, cast.people["officer"], by=cast.actor(who), since=today(), until=today())
    assert Deputy.objects.count() == 0


def test_deputy_cannot_hand_the_post_on(cast: Cast) -> None:
    post = cast.people["head"].posts.get()
    actions.set_deputy(post, cast.people["officer"], by=cast.actor("head"), since=today(), until=today())
    assert cast.actor("officer").posts[1].deputy_for == "江一鸣"
    with pytest.raises(RefusedError):
        actions.set_deputy(post, cast.people["stranger"], by=cast.actor("officer"), since=today(), until=today())


def deputies_refusal(cast: Cast, person: Person, holder: str = "head", **days: dt.date) -> str | None:
    post = cast.people[holder].posts.get()
    given = {"since": today(), "until": today() + DAY, **days}
    return refused(lambda: actions.set_deputy(post, person, by=cast.actor("system_admin"), **given))  # type: ignore[arg-type]


def test_deputyships_that_cannot_be_are_refused(cast: Cast) -> None:
    stranger = cast.people["stranger"]
    assert deputies_refusal(cast, cast.people["head"]) == "own_post"
    assert deputies_refusal(cast, stranger, "audit_admin") == "admin_post"
    assert deputies_refusal(cast, stranger, until=today() - DAY, since=today() - DAY) == "in_the_past"
    assert deputies_refusal(cast, stranger, until=today() + 400 * DAY) == "too_long"
    assert deputies_refusal(cast, stranger, since=BEGIN - DAY) == "post_not_in_force"
    actions.person_left(stranger, by=SYSTEM_ACTOR, on=today() - DAY)
    assert deputies_refusal(cast, stranger) == "person_left"


def test_deputyship_stands_once_and_ends_at_once(cast: Cast) -> None:
    post, by = cast.people["head"].posts.get(), cast.actor("head")
    officer = cast.people["officer"]
    row = actions.set_deputy(post, officer, by=by, since=today() - DAY, until=today() + DAY)
    assert actions.set_deputy(post, officer, by=by, since=today() - DAY, until=today() + DAY) == row
    assert deputies_refusal(cast, officer) == "deputy_exists"
    actions.end_deputy(row, by=by)
    actions.end_deputy(row, by=by)
    assert len(cast.actor("officer").posts) == 1
    later = actions.set_deputy(post, officer, by=by, since=today() + DAY, until=today() + DAY)
    actions.end_deputy(later, by=by)
    assert [d.until for d in Deputy.objects.all()] == [today() - DAY]
    assert Record.objects.filter(act="deputy.set").count() == 4


def test_tenures_clash_only_where_their_days_meet() -> None:
    admin = Tenure(Role.AUDIT_ADMIN, today(), today() + DAY)
    assert clashing([admin, Tenure(Role.OFFICER, today() + DAY, None)]) is not None
    assert clashing([admin, Tenure(Role.OFFICER, today() + 2 * DAY, None)]) is None
    assert clashing([admin, admin]) is None
    assert clashing([Tenure(Role.HEAD, today(), None), Tenure(Role.OFFICER, today(), None)]) is None
