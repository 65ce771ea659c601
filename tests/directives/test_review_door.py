"""The door of the review: who may, when, once, and with what others did told."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.translation import override

from cast import Cast
from directives.reviewing import Table, new
from luoshi.directives.actions import review
from luoshi.directives.changes import line, since
from luoshi.directives.enums import ClauseState, ReviewAct, Stage
from luoshi.directives.errors import ChangedMeanwhileError, ImpossibleError
from luoshi.directives.models import Clause, Directive, Edit
from luoshi.ledger.canonical import link
from luoshi.org.policy import RefusedError

pytestmark = pytest.mark.django_db


@pytest.fixture
def table(cast: Cast) -> Table:
    return Table(cast)


def test_an_edit_says_who_changed_what_from_what(table: Table) -> None:
    row = table.row(1)

    edit = review.edit(row, by=table.me, operation=new(), title="排查全部校舍")

    assert (edit.seq, edit.act, edit.actor_id, edit.actor_name) == (1, "edit", table.me.person_id, "苏晓岚")
    (entry,) = edit.data["clauses"]
    assert entry["uid"] == str(row.uid)
    assert entry["was"]["decided"] == []
    assert entry["set"]["decided"] == ["title"]
    assert entry["was"]["values"]["title"] == "完成校舍隐患排查"
    assert entry["set"]["values"]["title"] == "排查全部校舍"
    assert (row.version, row.values["title"]) == (1, "排查全部校舍")
    assert table.value(1, "title") == "排查全部校舍"


def test_edits_are_chained_behind_what_was_drafted(table: Table) -> None:
    begun = table.directive.head
    first = review.edit(table.row(1), by=table.me, operation=new(), title="排查校舍")
    second = review.check([table.row(2)], by=table.other, operation=new())

    assert len(begun) == 64
    assert [first.prev, second.prev] == [begun, first.hash]
    assert first.hash == link(begun, first.content())
    table.directive.refresh_from_db()
    assert (table.directive.version, table.directive.head) == (2, second.hash)


def test_the_same_operation_again_acts_once(table: Table) -> None:
    operation = new()
    first = review.edit(table.row(1), by=table.me, operation=operation, title="甲")
    again = review.edit(table.row(1), by=table.me, operation=operation, title="乙")

    assert again.pk == first.pk
    assert table.value(1, "title") == "甲"
    assert Edit.objects.count() == 1


def test_an_operation_of_somebody_else_is_refused(table: Table) -> None:
    operation = new()
    review.edit(table.row(1), by=table.me, operation=operation, title="甲")

    with pytest.raises(ValidationError) as refused:
        review.edit(table.row(2), by=table.other, operation=operation, title="乙")
    with pytest.raises(ValidationError):
        review.check([table.row(2)], by=table.me, operation=operation)

    assert refused.value.code == "operation"
    assert Edit.objects.count() == 1


def test_nothing_to_change_is_said_and_writes_nothing(table: Table) -> None:
    review.edit(table.row(1), by=table.me, operation=new(), title="甲")

    with pytest.raises(ValidationError) as refused:
        review.edit(table.row(1), by=table.other, operation=new(), title="甲")

    assert refused.value.code == "unchanged"
    assert Edit.objects.count() == 1


def test_a_value_taken_as_proposed_is_decided(table: Table) -> None:
    edit = review.edit(table.row(1), by=table.me, operation=new(), lead="YL-JJ")

    assert table.row(1).decided == ["lead"]
    assert line(edit).endswith("苏晓岚确定了“完成校舍隐患排查”的内容。")


# Two people at once.


def test_a_row_that_another_changed_is_told_with_who_did_what(table: Table) -> None:
    row = table.row(1)
    seen = {row.uid: row.version}
    review.edit(row, by=table.other, operation=new(), due="2026-07-01", title="排查校舍")

    with pytest.raises(ChangedMeanwhileError) as refused:
        review.edit(table.row(1), by=table.me, operation=new(), seen=seen, title="丙")

    assert [edit.actor_name for edit in refused.value.edits] == ["孟舒"]
    assert "孟舒修改了“完成校舍隐患排查”的事项名称、完成时限。" in str(refused.value)
    assert str(refused.value).endswith("请看过之后再“修改条目”。")
    assert table.value(1, "title") == "排查校舍"


def test_what_another_did_to_other_rows_keeps_nobody(table: Table) -> None:
    seen = {table.row(1).uid: 0, table.row(2).uid: 0}
    review.edit(table.row(2), by=table.other, operation=new(), title="演练")

    review.edit(table.row(1), by=table.me, operation=new(), seen=seen, title="排查")

    assert [table.value(1, "title"), table.value(2, "title")] == ["排查", "演练"]


def test_what_one_did_oneself_keeps_nobody(table: Table) -> None:
    row = table.row(1)
    seen = {str(row.uid): row.version}
    review.edit(row, by=table.me, operation=new(), title="甲")

    review.edit(row, by=table.me, operation=new(), seen=seen, due="2026-07-01")

    assert (table.value(1, "title"), table.value(1, "due")) == ("甲", "2026-07-01")


def test_one_stale_row_of_several_keeps_all(table: Table) -> None:
    seen = {str(row.uid): row.version for row in table.rows(1, 2, 3)}
    review.drop([table.row(2)], by=table.other, operation=new(), why="done")

    with pytest.raises(ChangedMeanwhileError):
        review.check(table.rows(1, 2, 3), by=table.me, operation=new(), seen=seen)

    assert table.states() == {1: "open", 2: "dropped", 3: "open", 4: "open", 5: "open"}


@pytest.mark.parametrize("version", [1, 99, -1])
def test_a_version_that_never_was_is_refused(table: Table, version: int) -> None:
    row = table.row(1)

    with pytest.raises(ValidationError) as refused:
        review.check([row], by=table.me, operation=new(), seen={row.uid: version})

    assert refused.value.code == "seen"


def test_a_row_taken_away_by_another_is_told(table: Table) -> None:
    made = review.make(table.directive, by=table.me, operation=new(), sentences=[table.sentence("教育是民生")])
    row = table.row(6)
    review.undo(table.directive, by=table.me, operation=new())

    with pytest.raises(ChangedMeanwhileError) as refused:
        review.check([row], by=table.other, operation=new(), seen={row.uid: made.seq})
    with pytest.raises(ImpossibleError, match="已经不在了"):
        review.check([row], by=table.me, operation=new())

    assert [edit.act for edit in refused.value.edits] == ["undo"]


# Who, and when.


@pytest.mark.parametrize("who", ["leader", "discipline", "head", "officer", "system_admin", "stranger"])
def test_only_supervisors_review(table: Table, who: str) -> None:
    with pytest.raises(RefusedError):
        review.edit(table.row(1), by=table.cast.actor(who), operation=new(), title="甲")

    assert Edit.objects.count() == 0


def test_a_confidential_document_is_reviewed_by_whom_its_register_names(table: Table) -> None:
    Directive.objects.filter(pk=table.directive.pk).update(confidential=True, register="letters")
    post = table.cast.people["second_supervisor"].posts.get()
    post.registers = ["letters"]
    post.save()

    with pytest.raises(RefusedError, match="保密"):
        review.check([table.row(1)], by=table.me, operation=new())
    review.check([table.row(1)], by=table.cast.actor("second_supervisor"), operation=new())

    assert table.states()[1] == "checked"


@pytest.mark.parametrize(
    ("stage", "words"),
    [("waiting", "还没有读完"), ("reading", "还没有读完"), ("failed", "没有读出来"), ("withdrawn", "已经撤回")],
)
def test_a_document_that_is_not_under_review_is_refused(table: Table, stage: str, words: str) -> None:
    Directive.objects.filter(pk=table.directive.pk).update(stage=stage)

    with pytest.raises(ImpossibleError, match=words):
        review.check([table.row(1)], by=table.me, operation=new())
    with pytest.raises(ImpossibleError, match=words):
        review.undo(table.directive, by=table.me, operation=new())

    assert Edit.objects.count() == 0


def test_a_row_for_a_confirmed_document_brings_it_back_under_review(table: Table) -> None:
    Directive.objects.filter(pk=table.directive.pk).update(stage="confirmed")
    table.directive.clauses.update(state="confirmed")

    edit = review.make(table.directive, by=table.me, operation=new(), sentences=[table.sentence("教育是民生")])

    assert edit.data["directive"] == {"stage": ["confirmed", "review"]}
    assert table.directive.stage == Stage.REVIEW
    review.undo(table.directive, by=table.me, operation=new())
    assert table.directive.stage == Stage.CONFIRMED


@pytest.mark.parametrize(
    ("state", "words"),
    [("dropped", "先恢复"), ("joined", "先恢复"), ("merged", "另一条"), ("confirmed", "到事项页修改")],
)
def test_a_row_that_is_settled_is_not_edited(table: Table, state: str, words: str) -> None:
    table.directive.clauses.filter(number=1).update(state=state)

    acts: list[Callable[[Clause], Edit]] = [
        lambda row: review.edit(row, by=table.me, operation=new(), title="甲"),
        lambda row: review.check([row], by=table.me, operation=new()),
        lambda row: review.drop([row], by=table.me, operation=new(), why="done"),
        lambda row: review.merge([table.row(2), row], by=table.me, operation=new()),
    ]
    for act in acts:
        with pytest.raises(ImpossibleError, match=words):
            act(table.row(1))

    assert Edit.objects.count() == 0


def test_refusals_are_said_in_the_readers_language(table: Table) -> None:
    table.directive.clauses.filter(number=1).update(state="dropped")

    with pytest.raises(ImpossibleError) as refused:
        review.check([table.row(1)], by=table.me, operation=new())

    with override("zh-hans"):
        assert str(refused.value) == "“完成校舍隐患排查”已定为不立项，请先恢复。"


# What the page asks for.


def test_since_tells_rows_labels_and_who_did_what(table: Table) -> None:
    index = table.sentence("教育是民生")
    review.check([table.row(1)], by=table.me, operation=new())
    review.merge(table.rows(2, 3), by=table.other, operation=new())
    review.label(table.directive, by=table.other, operation=new(), sentences=[index], label="principle")
    table.directive.refresh_from_db()

    changes = since(table.directive, 1)

    assert changes.version == 3
    assert [row.number for row in changes.clauses] == [2, 3]
    assert changes.labels == {index: "principle"}
    assert [line(edit).split("，", 1)[1] for edit in changes.edits] == ["孟舒合并了2条。", "孟舒改了1句的类别。"]
    assert (changes.gone, changes.columns) == (frozenset(), frozenset())


def test_since_names_rows_that_were_taken_away(table: Table) -> None:
    review.make(table.directive, by=table.me, operation=new(), sentences=[table.sentence("教育是民生")])
    uid = str(table.row(6).uid)
    review.undo(table.directive, by=table.me, operation=new())

    assert since(table.directive, 1).gone == {uid}


def test_since_costs_two_queries_and_none_where_nothing_changed(table: Table) -> None:
    review.check(table.rows(1, 2), by=table.me, operation=new())
    table.directive.refresh_from_db()

    with CaptureQueriesContext(
        connection,
    ) as asked:
        since(table.directive, 0)
    with CaptureQueriesContext(connection) as asked_again:
        changes = since(table.directive, 1)

    assert (len(asked), len(asked_again)) == (2, 0)
    assert (changes.version, list(changes.clauses), changes.labels) == (1, [], {})


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_act_has_words_in_both_languages(table: Table, language: str) -> None:
    data: dict[str, Any] = {
        "clauses": [{"uid": str(uuid.uuid4()), "title": "排查", "was": {"state": "open"}, "set": {"state": "checked"}}],
        "labels": {"3": [None, "principle"]},
    }
    with override(language):
        for act in ReviewAct:
            edit = Edit(
                directive=table.directive, act=act, at=table.directive.taken_in_at, actor_name="孟舒", data=data
            )
            assert "孟舒" in line(edit)
            assert "%(" not in line(edit)


def test_an_edit_asks_the_database_little_and_never_for_the_text(table: Table) -> None:
    row = table.row(1)
    row.directive = table.directive
    review.check([table.row(2)], by=table.me, operation=new())

    with CaptureQueriesContext(connection) as asked:
        review.edit(row, by=table.me, operation=new(), title="甲")

    assert not any("directives_reading" in query["sql"] for query in asked)
    assert len(asked) <= 9
    assert ClauseState(row.state) is ClauseState.OPEN
