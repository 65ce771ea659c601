"""A later version beside the earlier one: which rows belong together, and what of them changed."""

from __future__ import annotations

import datetime as dt
import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cast import Cast
from directives.editions import FIRST, first, row, second
from directives.making import taken_in
from luoshi.directives import versions
from luoshi.directives.actions import review
from luoshi.directives.models import Clause, Directive, Reading
from luoshi.directives.revisions import How, Settled, changes, unsettled
from luoshi.directives.wording import Span, differing, same_words, unmarked
from luoshi.work.actions import perform
from luoshi.work.enums import Act


def _how(directive: Directive, cast: Cast) -> list[tuple[str, str]]:
    """Return how each row stands, by a word of it."""
    words = ("报警装置", "校舍", "心理辅导室", "危险化学品", "厕所", "演练")
    found = []
    for change in changes(directive, cast.actor("supervisor")):
        clause = change.new or change.old
        assert clause is not None
        found.append((next(one for one in words if one in clause.values["requirement"]), change.how.value))
    return found


# Pairing.


def test_each_row_is_paired_with_its_earlier_self_wherever_it_stands(cast: Cast) -> None:
    old = first(cast, confirmed=False)
    new = second(cast, old)
    pairs = {pair["new"]: pair["old"] for pair in new.reading.previous if pair["new"] and pair["old"]}
    for words in ("校舍", "报警装置", "心理辅导室", "厕所"):
        assert pairs[row(new, words).number] == str(row(old, words).uid)
    assert {"old": None, "new": row(new, "演练").number, "likeness": 0} in new.reading.previous
    assert {"old": str(row(old, "危险化学品").uid), "new": None, "likeness": 0} in new.reading.previous


def test_equal_words_are_wholly_alike_whatever_their_numbering(cast: Cast) -> None:
    old = first(cast, confirmed=False)
    new = second(cast, old)
    likeness = {pair["new"]: pair["likeness"] for pair in new.reading.previous}
    assert likeness[row(new, "厕所").number] == 1
    assert 0.4 < likeness[row(new, "校舍").number] < 1


def test_the_same_text_again_pairs_every_row_as_same(cast: Cast) -> None:
    old = first(cast)
    new = second(cast, old, FIRST + "教育是民生之基。\n")
    assert [how for _words, how in _how(new, cast)] == ["same"] * 5


def test_a_document_that_is_no_later_version_is_compared_with_nothing(cast: Cast) -> None:
    alone = taken_in(cast)
    versions.compare(alone)
    assert alone.reading.previous == []
    assert changes(alone, cast.actor("supervisor")) == []
    assert unsettled(alone, cast.actor("supervisor")) == []


def test_a_merged_row_takes_no_part(cast: Cast) -> None:
    old = first(cast, confirmed=False)
    kept, merged = row(old, "厕所"), row(old, "危险化学品")
    review.merge([kept, merged], by=cast.actor("supervisor"), operation=uuid.uuid4())
    new = second(cast, old)
    assert str(merged.uid) not in {pair["old"] for pair in new.reading.previous}


def test_rows_that_say_the_same_twice_are_paired_by_their_place(cast: Cast) -> None:
    text = "方案\n一、任务\n安全科要在2027年3月31日前开展消防演练。\n基教科要在2027年5月31日前完成学籍核对。\n安全科要在2027年3月31日前开展消防演练。\n"
    old = first(cast, text, confirmed=False)
    new = second(cast, old, text + "2026年11月20日\n")
    pairs = {pair["old"]: pair["new"] for pair in new.reading.previous}
    numbers = [pairs.get(str(one.uid)) for one in old.clauses.order_by("number")]
    assert numbers == list(new.clauses.order_by("number").values_list("number", flat=True))


def test_three_hundred_rows_are_paired_in_a_second_or_two(cast: Cast) -> None:
    old, new = first(cast, confirmed=False), taken_in(cast)
    Directive.objects.filter(pk=new.pk).update(previous=old)
    new.refresh_from_db()
    for directive in (old, new):
        directive.clauses.all().delete()
        Clause.objects.bulk_create(
            Clause(directive=directive, number=at, start=at, end=at + 1,
                   values={"requirement": f"槐树镇第{at}小学完成第{at * 7}号校舍维修{'并公示' if at % 3 else ''}"})
            for at in range(1, 301)
        )  # fmt: skip
    begun = dt.datetime.now(dt.UTC)
    with CaptureQueriesContext(connection) as queries:
        versions.compare(new)
    assert (dt.datetime.now(dt.UTC) - begun).total_seconds() < 5
    assert len(queries) <= 5
    pairs = Reading.objects.get(directive=new).previous
    uids = dict(old.clauses.values_list("number", "uid"))
    assert all(pair["old"] == str(uids[pair["new"]]) for pair in pairs)


# What changed.


def test_every_row_says_how_it_stands_in_the_order_of_the_later_document(cast: Cast) -> None:
    new = second(cast, first(cast))
    assert sorted(_how(new, cast)) == sorted(
        [
            ("报警装置", "same"),
            ("校舍", "moved"),
            ("心理辅导室", "reworded"),
            ("厕所", "same"),
            ("危险化学品", "gone"),
            ("演练", "new"),
        ]
    )
    there = [words for words, how in _how(new, cast) if how != "gone"]
    assert there == ["报警装置", "校舍", "心理辅导室", "厕所", "演练"]


def test_fields_that_changed_are_told_in_words(cast: Cast) -> None:
    new = second(cast, first(cast))
    (change,) = changes(new, cast.actor("supervisor"), only=row(new, "校舍"))
    told = {one.name: (one.old, one.new) for one in change.fields}
    assert told["lead"] == ("基础教育科", "安全科")
    assert told["due"] == ("2027-06-30", "2027-07-31")
    assert told["targets"] == ("整改率≥95%", "整改率≥98%")
    assert {one.name for one in change.fields} == {"requirement", "lead", "due", "targets"}
    assert not any(one.moved_on or one.agreed for one in change.fields)


def test_a_matter_that_has_moved_on_is_told_with_what_it_has_now(cast: Cast) -> None:
    old = first(cast)
    matter = row(old, "校舍").matter
    assert matter is not None
    perform(matter, Act.EDIT, by=cast.actor("supervisor"), due=dt.date(2027, 8, 31), reason="局长办公会同意")
    new = second(cast, old)
    (change,) = changes(new, cast.actor("supervisor"), only=row(new, "校舍"))
    due = next(one for one in change.fields if one.name == "due")
    assert (due.old, due.new, due.live, due.moved_on, due.agreed) == (
        "2027-06-30",
        "2027-07-31",
        "2027-08-31",
        True,
        False,
    )


def test_what_the_matter_has_already_needs_nothing(cast: Cast) -> None:
    old = first(cast)
    matter = row(old, "校舍").matter
    assert matter is not None
    perform(matter, Act.EDIT, by=cast.actor("supervisor"), due=dt.date(2027, 7, 31), reason="局长办公会同意")
    new = second(cast, old)
    (change,) = changes(new, cast.actor("supervisor"), only=row(new, "校舍"))
    due = next(one for one in change.fields if one.name == "due")
    assert (due.agreed, due.is_open) == (True, False)


def test_what_a_person_decided_in_the_first_review_is_no_change_of_the_document(cast: Cast) -> None:
    old = first(cast, confirmed=False)
    review.edit(row(old, "厕所"), by=cast.actor("supervisor"), operation=uuid.uuid4(), lead="HS-1", due="2027-10-08")
    new = second(cast, old)
    (change,) = changes(new, cast.actor("supervisor"), only=row(new, "厕所"))
    assert (change.how, list(change.fields)) == (How.SAME, [])


def test_what_a_person_decides_in_the_second_review_is_a_change(cast: Cast) -> None:
    new = second(cast, first(cast))
    review.edit(row(new, "厕所"), by=cast.actor("supervisor"), operation=uuid.uuid4(), lead="HS-1")
    (change,) = changes(new, cast.actor("supervisor"), only=row(new, "厕所"))
    assert (change.how, [(one.name, one.old, one.new) for one in change.fields]) == (
        How.MOVED,
        [("lead", "槐树镇中心学校", "槐树镇第一小学")],
    )


def test_a_day_that_is_no_longer_written_cannot_be_adopted(cast: Cast) -> None:
    old = first(cast)
    new = second(cast, old)
    review.edit(row(new, "厕所"), by=cast.actor("supervisor"), operation=uuid.uuid4(), due=None)
    (change,) = changes(new, cast.actor("supervisor"), only=row(new, "厕所"))
    (due,) = change.fields
    assert (due.name, due.is_open, due.hindrance) == ("due", False, "新版没有写明哪一天，保留现在的时限。")


def test_a_matter_that_the_reader_may_not_see_leaves_nothing_to_settle(cast: Cast) -> None:
    old = first(cast)
    new = second(cast, old)
    seen = changes(new, cast.actor("stranger"))
    assert [change.matter for change in seen] == [None] * 5
    assert {change.settled for change in seen if change.how is not How.NEW} == {Settled.NOTHING}
    assert How.GONE not in {change.how for change in seen}


def test_a_row_dropped_before_waits_to_be_dropped_again(cast: Cast) -> None:
    old = first(cast, confirmed=False)
    review.drop([row(old, "厕所")], by=cast.actor("supervisor"), operation=uuid.uuid4(), why="not_ours")
    new = second(cast, old)
    (change,) = changes(new, cast.actor("supervisor"), only=row(new, "厕所"))
    assert (change.how, change.waits, change.dropped_before, change.matter) == (How.SAME, True, True, None)


def test_an_earlier_version_that_was_never_confirmed_leaves_nothing_to_settle(cast: Cast) -> None:
    new = second(cast, first(cast, confirmed=False))
    assert unsettled(new, cast.actor("supervisor")) == []
    assert {change.settled for change in changes(new, cast.actor("supervisor")) if change.old} == {Settled.NOTHING}


def test_a_row_dropped_in_the_later_version_counts_as_gone(cast: Cast) -> None:
    new = second(cast, first(cast))
    review.drop([row(new, "厕所")], by=cast.actor("supervisor"), operation=uuid.uuid4(), why="not_a_task")
    assert ("厕所", "gone") in _how(new, cast)


def test_comparing_asks_six_queries(cast: Cast) -> None:
    new, actor = second(cast, first(cast)), cast.actor("supervisor")
    with CaptureQueriesContext(connection) as queries:
        changes(new, actor)
    assert len(queries) <= 6


# Words.


@pytest.mark.parametrize(
    ("old", "new", "gone", "come"),
    [
        ("6月底前完成排查", "7月底前完成排查", "6", "7"),
        ("完成排查", "安全科完成排查", "", "安全科"),
        ("整改率达到98%以上", "整改率达到100%以上", "98%", "100%"),
        ("", "开展演练", "", "开展演练"),
        ("开展演练", "", "开展演练", ""),
        ("开展演练", "开展演练", "", ""),
    ],
)
def test_what_differs_is_marked_and_nothing_else(old: str, new: str, gone: str, come: str) -> None:
    before, after = differing(old, new)
    assert "".join(span.text for span in before if span.changed) == gone
    assert "".join(span.text for span in after if span.changed) == come
    assert ("".join(span.text for span in before), "".join(span.text for span in after)) == (old, new)


def test_a_wording_of_many_pages_is_compared_sentence_by_sentence() -> None:
    old = "".join(f"第{at}项工作要按时完成。" for at in range(600))
    before, after = differing(old, old.replace("第300项工作", "第300项任务"))
    assert [span for span in before if span.changed] == [Span("第300项工作要按时完成。", True)]
    assert [span for span in after if span.changed] == [Span("第300项任务要按时完成。", True)]


@pytest.mark.parametrize(
    ("text", "bare"),
    [("（三）做好", "做好"), ("3. 做好", "做好"), ("①做好", "做好"), ("3所学校", "3所学校"), ("2027年", "2027年"), ("三个", "三个")],
)  # fmt: skip
def test_a_number_is_left_out_and_a_figure_is_not(text: str, bare: str) -> None:
    assert unmarked(text) == bare


def test_numbering_and_width_make_no_other_words() -> None:
    assert same_words("（三）完成９８％", "4.完成98%")
    assert not same_words("完成98%", "完成99%")
