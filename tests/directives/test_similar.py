"""Which open matters, and which rows of the same document, may hold what a row demands."""

from __future__ import annotations

import uuid
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from cast import Cast
from directives.making import taken_in
from luoshi.directives import similar
from luoshi.directives.actions import review
from luoshi.directives.enums import ClauseState
from luoshi.directives.likeness import Weights, demand_of, likeness, shared_words
from luoshi.directives.models import Clause, Directive, Edit
from luoshi.work import registers, search
from luoshi.work.actions import open_matter, perform
from luoshi.work.enums import Act
from luoshi.work.models import Matter

PAIRS = Path(__file__).parent / "demand_pairs.txt"

PLAN = """云岭市2026年校园安全工作方案
一、工作任务
（一）开展校舍安全隐患排查。基教科牵头，6月底前完成全市校舍安全隐患排查，逐栋建立隐患台账。
（二）更换食堂燃气报警装置。安全科负责，9月1日前更换全市学校食堂燃气报警装置。
（三）加强组织领导。各学校要切实加强组织领导，压实工作责任。
（四）抓好校舍排查。安全科要在6月底前完成校舍安全隐患排查，建立隐患台账。
"""


def _pairs(which: str) -> list[tuple[bool, str, str]]:
    found, at = [], ""
    for line in PAIRS.read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            at = line.strip("[]")
        elif at == which and line[:1] in {"+", "-"}:
            one, other = line[2:].split(" | ")
            found.append((line[0] == "+", one, other))
    return found


def _measured(which: str) -> tuple[float, float]:
    """Return precision and recall over one set of pairs."""
    pairs = [(true, demand_of(one), demand_of(other)) for true, one, other in _pairs(which)]
    weights = Weights(demand.tokens for _true, *both in pairs for demand in both)
    said = [(likeness(one, other, weights) >= similar.LIKELY, true) for true, one, other in pairs]
    right = said.count((True, True))
    return right / (right + said.count((True, False))), right / (right + said.count((False, True)))


@pytest.mark.parametrize(("which", "precision", "recall"), [("tuned", 0.90, 0.90), ("unseen", 0.90, 0.85)])
def test_pairs_are_told_apart_as_well_as_measured(which: str, precision: float, recall: float) -> None:
    measured = _measured(which)
    assert (measured[0] >= precision, measured[1] >= recall) == (True, True), measured


def test_likeness_is_the_same_from_both_sides() -> None:
    weights = Weights()
    for _true, one, other in _pairs("tuned"):
        here, there = demand_of(one), demand_of(other)
        assert likeness(here, there, weights) == pytest.approx(likeness(there, here, weights))


def test_slogans_and_nothing_are_like_nothing() -> None:
    weights = Weights()
    slogan = demand_of("切实加强组织领导，压实工作责任，确保各项任务落实到位")
    assert likeness(slogan, slogan, weights) == 0
    assert likeness(demand_of(""), demand_of(""), weights) == 0
    assert shared_words(slogan, demand_of("加强组织领导")) == []


def test_shared_words_stand_in_the_first_text() -> None:
    here, there = demand_of("6月底前完成校舍安全隐患排查"), demand_of("校舍安全隐患排查，建立台账")
    assert shared_words(here, there) == ["校舍安全隐患排查"]


def _opened(cast: Cast, title: str, *, register: str = "task", **more: Any) -> Matter:
    fields = {"origin": "document"} if register == "task" else {}
    return open_matter(register, by=cast.actor("supervisor"), title=title, fields=fields, **more)


def _row(directive: Directive, words: str) -> Clause:
    return next(row for row in directive.clauses.order_by("number") if words in row.values["requirement"])


def _matters(row: Clause) -> list[int]:
    return [entry["matter"] for entry in row.similar if "matter" in entry]


def test_an_open_matter_with_the_same_demand_is_found(cast: Cast) -> None:
    registers.sync()
    same = _opened(cast, "校舍安全隐患排查", requirement="对全市校舍逐栋排查安全隐患，建立隐患台账。")
    _opened(cast, "组织防溺水安全教育")
    directive = taken_in(cast, PLAN)
    similar.compare(directive)
    row = _row(directive, "基教科牵头")
    assert _matters(row) == [same.pk]
    entry = row.similar[0]
    assert similar.LIKELY <= entry["likeness"] <= 1
    assert "校舍安全隐患排查" in entry["shared"]


def test_a_slogan_in_both_is_not_found(cast: Cast) -> None:
    registers.sync()
    _opened(cast, "加强组织领导", requirement="各学校要切实加强组织领导，压实工作责任。")
    directive = taken_in(cast, PLAN)
    similar.compare(directive)
    assert [number for row in directive.clauses.all() for number in _matters(row)] == []


def test_an_ended_matter_is_not_found(cast: Cast) -> None:
    registers.sync()
    ended = _opened(cast, "更换学校食堂燃气报警装置")
    perform(ended, Act.CANCEL, by=cast.actor("supervisor"), reason="重复立项")
    directive = taken_in(cast, PLAN)
    similar.compare(directive)
    assert _matters(_row(directive, "燃气报警")) == []


def test_a_confidential_matter_is_neither_kept_nor_shown_to_anybody(cast: Cast) -> None:
    registers.sync()
    hidden = _opened(cast, "更换学校食堂燃气报警装置")
    directive = taken_in(cast, PLAN)
    similar.compare(directive)
    row = _row(directive, "燃气报警")
    assert _matters(row) == [hidden.pk]
    Matter.objects.filter(pk=hidden.pk).update(confidential=True, register="secret")
    assert similar.shown(cast.actor("supervisor"), [row])[row.uid] == []
    similar.compare(directive)
    row.refresh_from_db()
    assert _matters(row) == []


def test_rows_that_say_the_same_name_each_other(cast: Cast) -> None:
    directive = taken_in(cast, PLAN)
    similar.compare(directive)
    one, other = _row(directive, "基教科牵头"), _row(directive, "安全科要在")
    assert [entry.get("clause") for entry in one.similar] == [str(other.uid)]
    assert [entry.get("clause") for entry in other.similar] == [str(one.uid)]
    shown = similar.shown(cast.actor("supervisor"), [one])
    assert [(entry.clause, entry.title) for entry in shown[one.uid]] == [(other, str(other))]


def test_a_dropped_row_is_not_shown_as_a_repeat(cast: Cast) -> None:
    directive = taken_in(cast, PLAN)
    similar.compare(directive)
    one, other = _row(directive, "基教科牵头"), _row(directive, "安全科要在")
    Clause.objects.filter(pk=other.pk).update(state=ClauseState.DROPPED)
    assert similar.shown(cast.actor("supervisor"), [one])[one.uid] == []


def test_what_the_rows_became_themselves_is_not_found(cast: Cast) -> None:
    directive = taken_in(cast, PLAN)
    row = _row(directive, "燃气报警")
    own = _opened(cast, row.values["title"], requirement=row.values["requirement"])
    other = _row(directive, "基教科牵头")
    Clause.objects.filter(pk=other.pk).update(matter=own, state=ClauseState.CONFIRMED)
    similar.compare(directive)
    row.refresh_from_db()
    assert _matters(row) == []


def test_shown_asks_two_queries_and_leaves_out_what_the_reader_may_not_see(cast: Cast) -> None:
    registers.sync()
    matter = _opened(cast, "更换学校食堂燃气报警装置", lead=cast.unit("YL-AQ"))
    directive = taken_in(cast, PLAN)
    similar.compare(directive)
    rows = list(directive.clauses.all())
    row = _row(directive, "燃气报警")
    supervisor, stranger = cast.actor("supervisor"), cast.actor("stranger")
    with CaptureQueriesContext(
        connection,
    ) as queries:
        shown = similar.shown(supervisor, [row])
        names = [(one.matter.number, one.matter.lead.name) for one in shown[row.uid] if one.matter and one.matter.lead]
    assert names == [(matter.number, "安全科")]
    assert len(queries) <= 2
    assert [one for some in similar.shown(stranger, rows).values() for one in some if one.matter] == []


def test_comparing_twice_is_as_comparing_once(cast: Cast) -> None:
    registers.sync()
    _opened(cast, "更换学校食堂燃气报警装置")
    directive = taken_in(cast, PLAN)
    similar.compare(directive)
    first = list(directive.clauses.order_by("number").values_list("similar", flat=True))
    similar.compare(directive)
    assert list(directive.clauses.order_by("number").values_list("similar", flat=True)) == first


def test_queries_do_not_grow_with_the_rows(cast: Cast) -> None:
    registers.sync()
    _opened(cast, "更换学校食堂燃气报警装置")
    directive = taken_in(cast, PLAN)
    many = [Clause(directive=directive, number=100 + at, start=0, end=0, values={"requirement": f"{words}第{at}项"})
            for at, words in enumerate(["更换食堂燃气报警装置", "校舍安全隐患排查", "购置消防器材"] * 20)]  # fmt: skip
    with CaptureQueriesContext(connection) as few:
        similar.compare(directive)
    Clause.objects.bulk_create(many)
    with CaptureQueriesContext(connection) as more:
        similar.compare(directive)
    others = [len([one for one in some if "MATCH" not in one["sql"]]) for some in (few, more)]
    assert others[1] - others[0] <= 1


def test_the_index_gives_the_newest_holders_of_tokens(cast: Cast) -> None:
    registers.sync()
    made = [_opened(cast, f"粉刷围墙第{at}段").pk for at in range(4)]
    both = _opened(cast, "粉刷教室").pk
    asked = [("围墙",), ("粉刷",), ("围墙", "粉刷"), ("围墙", "教室"), ("无此",)]
    assert search.holders(asked, most=3) == {
        ("围墙",): made[:0:-1],
        ("粉刷",): [both, *made[:1:-1]],
        ("围墙", "粉刷"): made[:0:-1],
        ("围墙", "教室"): [],
        ("无此",): [],
    }
    assert search.holders([], most=3) == {}


@pytest.mark.parametrize("asked", [("围' OR",), (), ("围墙", "")])
def test_the_index_takes_nothing_but_tokens(asked: tuple[str, ...], cast: Cast) -> None:
    with pytest.raises(ValueError, match="letters and digits"):
        search.holders([asked], most=3)


def test_wordings_are_the_folded_title_and_requirement(cast: Cast) -> None:
    registers.sync()
    bare = _opened(cast, "粉刷 围墙")
    whole = _opened(cast, "粉刷围墙", requirement="6月底前，\n粉刷完毕")
    perform(bare, Act.ASSIGN, by=cast.actor("supervisor"), lead=cast.unit("HS-1"))
    perform(bare, Act.REPORT, by=cast.actor("school_head"), note="已开工")
    assert search.wordings([bare.pk, whole.pk], most=100) == {
        bare.pk: search.Text("粉刷围墙", ""),
        whole.pk: search.Text("粉刷围墙", " 6 月底前粉刷完毕"),
    }
    assert search.wordings([], most=100) == {}


def test_a_row_made_later_can_be_compared_by_itself(cast: Cast) -> None:
    registers.sync()
    matter = _opened(cast, "购置校车定位终端")
    directive = taken_in(cast, PLAN)
    made = Clause.objects.create(
        directive=directive, number=90, start=0, end=0, uid=uuid.uuid4(), values={"requirement": "为校车购置定位终端"}
    )
    similar.compare(directive, [made])
    made.refresh_from_db()
    assert _matters(made) == [matter.pk]


def _posted(cast: Cast, directive: Directive, address: str, *args: object, **data: object) -> int:
    client = Client()
    account = cast.people["supervisor"].account
    assert account is not None
    client.force_login(account)
    data = {"operation": str(uuid.uuid4()), **data}
    return client.post(reverse(f"directives:{address}", args=[directive.pk, *args]), data).status_code


def test_a_row_that_a_reviewer_makes_is_compared_at_once(cast: Cast) -> None:
    registers.sync()
    matter = _opened(cast, "校车安装定位终端")
    directive = taken_in(cast, PLAN + "校车都装上了定位终端。\n")
    last = len(directive.reading.sentences) - 1
    assert _posted(cast, directive, "sentences_act", "make", sentence=last) == 302
    made = directive.clauses.order_by("-number")[0]
    assert (made.values["requirement"], _matters(made)) == ("校车都装上了定位终端。", [matter.pk])


def test_a_row_with_other_words_is_compared_by_these(cast: Cast) -> None:
    registers.sync()
    before, matter = _opened(cast, "更换学校食堂燃气报警装置"), _opened(cast, "购置校车定位终端")
    directive = taken_in(cast, PLAN)
    row = _row(directive, "燃气报警")
    assert _matters(row) == [before.pk]
    posted = _posted(
        cast, directive, "clause", row.uid, seen=f"{row.uid}:0", requirement="为校车购置定位终端", title="购置定位终端"
    )
    row.refresh_from_db()
    assert (posted, _matters(row)) == (302, [matter.pk])


def test_both_halves_of_a_row_and_what_an_undo_brings_back_are_compared(cast: Cast) -> None:
    registers.sync()
    first, second = _opened(cast, "排查校舍安全隐患"), _opened(cast, "建立食堂留样台账")
    directive = taken_in(cast, "云岭市校园安全方案\n一、任务\n基教科牵头，排查校舍安全隐患，建立食堂留样台账。\n")
    (row,) = directive.clauses.all()
    at = directive.reading.text.index("建立食堂")
    assert _posted(cast, directive, "clause_act", row.uid, "split", seen=f"{row.uid}:0", at=f"c{at}") == 302
    one, other = directive.clauses.order_by("number")
    assert (_matters(one), _matters(other)) == ([first.pk], [second.pk])
    assert _posted(cast, directive, "undo") == 302
    (row,) = directive.clauses.all()
    assert set(_matters(row)) == {first.pk, second.pk}


def test_an_edit_that_leaves_the_words_compares_nothing(cast: Cast) -> None:
    directive = taken_in(cast, PLAN)
    row = _row(directive, "燃气报警")
    how: dict[str, Any] = {"by": cast.actor("supervisor"), "operation": uuid.uuid4()}
    edits: list[Edit] = [
        review.check([row], **how),
        review.edit(row, **{**how, "operation": uuid.uuid4()}, lead="YL-JJ"),
    ]
    for edit in edits:
        with CaptureQueriesContext(connection) as queries:
            similar.follow(directive, edit)
        assert len(queries) == 0


def test_the_one_matter_with_two_common_phrases_is_found_however_many_newer_ones_have_one(cast: Cast) -> None:
    registers.sync()
    version = registers.current_row("task")
    words = [
        "全市学校食堂里的燃气报警装置要更换",
        *["食堂桌椅更换"] * 450,
        *["燃气报警装置巡检"] * 450,
        *["粉刷围墙"] * 2000,
    ]
    rows = [
        Matter(origin=uuid.uuid4(), register="task", register_version=version, number=f"旧{at}", title=title, is_open=True,
               state="under_way", opened_at=timezone.now())
        for at, title in enumerate(words)
    ]  # fmt: skip
    made = Matter.objects.bulk_create(rows)
    search.index_many([one.pk for one in made])
    row = _row(taken_in(cast, PLAN), "燃气报警")
    assert _matters(row)[:1] == [made[0].pk]
