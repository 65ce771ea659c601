"""Who may do what, and that lists and single objects agree."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.utils import timezone

from cast import Cast
from luoshi.org.enums import Role
from luoshi.org.models import Deputy
from luoshi.org.policy import SYSTEM_ACTOR, TABLE, Placement, RefusedError, UnitAt, may, permitting_post, require

pytestmark = pytest.mark.django_db


def at(cast: Cast, lead: str, *support: str) -> Placement:
    units = [UnitAt(cast.units[code].pk, cast.units[code].path) for code in (lead, *support)]
    return Placement(units[0], tuple(units[1:]))


@pytest.mark.parametrize(
    ("who", "act", "lead", "allowed"),
    [
        ("supervisor", "assign", "QH-1", True),
        ("leader", "instruct", "QH-1", True),
        ("area_leader", "instruct", "QH-1", True),
        ("area_leader", "instruct", "HS-1", False),
        ("centre_head", "see", "HS-1", True),
        ("school_head", "see", "HS", False),
        ("centre_head", "accept", "HS-1", False),
        ("school_head", "accept", "HS-1", True),
        ("inspector", "see", "HS-Y", True),
        ("inspector", "see", "QH-1", False),
        ("observer", "report", "QH-1", False),
        ("system_admin", "see", "QH-1", False),
        ("stranger", "see", "QH-1", False),
    ],
)
def test_reach_decides(cast: Cast, who: str, act: str, lead: str, *, allowed: bool) -> None:
    assert (may(cast.actor(who), act, at(cast, lead)) is None) is allowed


def test_support_counts_only_where_the_grant_says_so(cast: Cast) -> None:
    place = at(cast, "YL-JJ", "HS-1")
    assert may(cast.actor("school_head"), "report", place) is None
    assert may(cast.actor("school_head"), "submit", place) is not None


def test_confidential_register_needs_a_post_that_names_it(cast: Cast) -> None:
    place = Placement(at(cast, "QH-1").lead, confidential="dropout")
    with pytest.raises(RefusedError, match="保密"):
        require(cast.actor("leader"), "see", place)
    post = cast.people["leader"].posts.get()
    post.registers = ["dropout"]
    post.save(update_fields=["registers"])
    assert permitting_post(cast.actor("leader"), "see", place) is not None


def test_deputy_has_the_posts_rights_but_not_its_confidential_registers(cast: Cast) -> None:
    post = cast.people["leader"].posts.get()
    post.registers = ["dropout"]
    post.save(update_fields=["registers"])
    today = timezone.localdate()
    Deputy.objects.create(post=post, person=cast.people["head"], since=today, until=today)
    open_place = at(cast, "QH-1")
    assert may(cast.actor("head"), "instruct", open_place) is None
    assert may(cast.actor("head"), "see", replace(open_place, confidential="dropout")) is not None


def test_unconfirmed_post_entitles_to_nothing(cast: Cast) -> None:
    cast.people["supervisor"].posts.update(confirmed_at=None)
    refusal = may(cast.actor("supervisor"), "assign", at(cast, "QH-1"))
    assert str(refusal) == "不能这样做：您还没有生效的任职，请联系安全管理员确认。"


def test_administrators_have_no_say_in_matters_nor_in_each_others_work(cast: Cast) -> None:
    matters = [act for act, grants in TABLE.items() if "." not in act and {g.role for g in grants} & set(Role.admins)]
    assert matters == []
    assert may(cast.actor("system_admin"), "account.change") is not None
    assert may(cast.actor("security_admin"), "unit.change") is not None
    assert may(cast.actor("audit_admin"), "post.confirm") is not None


def test_system_may_do_every_act_that_exists_and_no_other() -> None:
    assert may(SYSTEM_ACTOR, "cancel") is None
    with pytest.raises(KeyError):
        may(SYSTEM_ACTOR, "close_the_sun")
