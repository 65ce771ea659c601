"""What the acts of a review do to rows and sentences."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import ValidationError

from cast import Cast
from directives.reviewing import Table, new
from luoshi.directives.actions import review
from luoshi.directives.errors import ImpossibleError
from luoshi.directives.models import Clause, Directive, Edit
from luoshi.work.actions import open_matter, perform
from luoshi.work.enums import Act
from luoshi.work.models import Matter

pytestmark = pytest.mark.django_db

LONG = """关于做好汛期安全工作的通知
（2026年5月6日）
一、主要任务
安全科要在5月底前排查全部校舍。基教科要在6月10日前完成整改，整改率达到95%以上。各学校每周报送一次进展。
青禾第一中学负责，槐树镇中心学校配合，7月底前建成应急物资库。
汛情就是命令。
"""
"""An invented notice: one paragraph of three demands that stand in three rows, another one, and a slogan."""


@pytest.fixture
def table(cast: Cast) -> Table:
    return Table(cast)


@pytest.fixture
def flood(cast: Cast) -> Table:
    return Table(cast, LONG)


def shape(table: Table) -> list[tuple[int, str, list[int]]]:
    return [(row.number, row.state, row.sentences) for row in table.directive.clauses.order_by("number")]


# Checking.


def test_rows_are_checked_and_unchecked(table: Table) -> None:
    review.check(table.rows(1, 2), by=table.me, operation=new())
    review.uncheck([table.row(2)], by=table.me, operation=new())

    assert table.states() == {1: "checked", 2: "open", 3: "open", 4: "open", 5: "open"}


def test_rows_that_are_checked_already_are_left_out(table: Table) -> None:
    review.check([table.row(1)], by=table.other, operation=new())

    edit = review.check(table.rows(1, 2), by=table.me, operation=new())

    assert [entry["title"] for entry in edit.data["clauses"]] == ["每月开展一次消防演练"]


def test_checking_what_is_checked_changes_nothing(table: Table) -> None:
    review.check([table.row(1)], by=table.me, operation=new())

    with pytest.raises(ValidationError) as refused:
        review.check([table.row(1)], by=table.other, operation=new())

    assert refused.value.code == "unchanged"


def test_a_row_of_another_document_is_not_found(table: Table, flood: Table) -> None:
    with pytest.raises(ImpossibleError):
        review.check([table.row(1), flood.row(1)], by=table.me, operation=new())

    assert Edit.objects.count() == 0


# Dropping and restoring.


def test_a_dropped_row_says_why_and_its_sentences_get_a_kind(table: Table) -> None:
    row = table.row(5)

    review.drop([row], by=table.me, operation=new(), why="not_a_task", label="principle")

    assert (row.state, row.why, row.note) == ("dropped", "not_a_task", "")
    table.directive.refresh_from_db()
    assert table.directive.labels == {str(row.sentences[0]): "principle"}


def test_restoring_takes_the_reason_and_the_kind_back(table: Table) -> None:
    row = table.row(5)
    review.drop([row], by=table.me, operation=new(), why="other", note="由市里统一办理")

    review.restore([row], by=table.other, operation=new())

    assert (row.state, row.why, row.note) == ("open", "", "")
    table.directive.refresh_from_db()
    assert table.directive.labels == {}


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"why": "other"}, "note"),
        ({"why": "other", "note": "  "}, "note"),
        ({"why": "nonsense"}, "why"),
        ({"why": ""}, "why"),
        ({"why": "not_a_task", "label": "task"}, "label"),
        ({"why": "not_a_task", "label": "nonsense"}, "label"),
        ({"why": "done", "label": "principle"}, "label"),
        ({"why": "other", "note": "x" * 201}, "note"),
    ],
)
def test_a_reason_that_says_nothing_is_refused(table: Table, given: dict[str, Any], field: str) -> None:
    with pytest.raises(ValidationError) as refused:
        review.drop([table.row(5)], by=table.me, operation=new(), **given)

    assert list(refused.value.message_dict) == [field]
    assert table.states()[5] == "open"


def test_a_row_whose_sentence_another_holds_stays_dropped(table: Table) -> None:
    row = table.row(5)
    review.drop([row], by=table.me, operation=new(), why="not_a_task")
    review.make(table.directive, by=table.me, operation=new(), sentences=row.sentences)

    with pytest.raises(ImpossibleError, match="现在属于“严格落实课后服务制度”"):
        review.restore([table.row(5)], by=table.me, operation=new())

    assert table.states()[5] == "dropped"


def test_two_dropped_rows_of_one_sentence_are_not_both_restored(table: Table) -> None:
    index = table.row(5).sentences
    review.drop([table.row(5)], by=table.me, operation=new(), why="done")
    review.make(table.directive, by=table.me, operation=new(), sentences=index)
    review.drop([table.row(6)], by=table.me, operation=new(), why="done")

    with pytest.raises(ImpossibleError):
        review.restore(table.rows(5, 6), by=table.me, operation=new())
    review.restore([table.row(5)], by=table.me, operation=new())

    assert (table.states()[5], table.states()[6]) == ("open", "dropped")


def test_a_row_that_is_there_is_not_restored(table: Table) -> None:
    with pytest.raises(ImpossibleError, match="不用恢复"):
        review.restore([table.row(1)], by=table.me, operation=new())


# Merging.


def test_merged_rows_come_together_in_the_first(table: Table) -> None:
    first, second = table.rows(3, 1)

    review.merge([first, second], by=table.me, operation=new())

    assert first.values == {
        **first.values,
        "title": "建成心理辅导室",
        "lead": "QH-1",
        "support": ["YL-JJ", "YL-AQ"],
        "due": "2026-06-30",
        "due_text": "6月底前",
        "requirement": (
            "基教科牵头，安全科配合，6月底前完成校舍隐患排查，整改率达到98%以上。\n"
            "青禾第一中学要在9月1日前建成心理辅导室。"
        ),
    }
    assert [target["value"] for target in first.values["targets"]] == ["98"]
    assert (first.sentences, second.state, second.into_id) == ([7, 9], "merged", first.pk)
    assert second.sentences == [7]


def test_merging_says_nothing_twice(table: Table) -> None:
    target = {"of": "整改率", "op": ">=", "value": "98", "unit": "%"}
    for number in (1, 2):
        review.edit(
            table.row(number),
            by=table.me,
            operation=new(),
            targets=[target],
            milestones=[{"title": "中期", "due": None}],
        )
    review.merge(table.rows(1, 2), by=table.me, operation=new())

    assert table.value(1, "targets") == [target]
    assert table.value(1, "milestones") == [{"title": "中期", "due": None}]


@pytest.mark.parametrize(("checked", "state"), [((1, 2), "checked"), ((1,), "open"), ((2,), "open")])
def test_a_merged_row_is_checked_where_all_were(table: Table, checked: tuple[int, ...], state: str) -> None:
    review.check(table.rows(*checked), by=table.me, operation=new())

    review.merge(table.rows(1, 2), by=table.me, operation=new())

    assert table.states()[1] == state


def test_what_a_person_decided_stays_decided_when_rows_merge(table: Table) -> None:
    review.edit(table.row(2), by=table.me, operation=new(), title="演练", due="2026-04-01")

    review.merge(table.rows(1, 2), by=table.me, operation=new())

    assert table.row(1).decided == ["due"]
    assert (table.value(1, "title"), table.value(1, "due")) == ("完成校舍隐患排查", "2026-04-01")


def test_one_row_cannot_be_merged_with_itself(table: Table) -> None:
    with pytest.raises(ValidationError):
        review.merge(table.rows(1, 1), by=table.me, operation=new())


def test_words_that_are_too_many_for_one_row_are_refused(table: Table) -> None:
    for number in (1, 2):
        review.edit(table.row(number), by=table.me, operation=new(), requirement=f"{number}" * 4000)

    with pytest.raises(ValidationError) as refused:
        review.merge(table.rows(1, 2), by=table.me, operation=new())

    assert list(refused.value.message_dict) == ["requirement"]
    assert table.states()[2] == "open"


def test_a_merged_row_comes_back_with_its_sentences(table: Table) -> None:
    review.merge(table.rows(1, 2), by=table.me, operation=new())

    review.restore([table.row(2)], by=table.other, operation=new())

    assert shape(table)[:2] == [(1, "open", [7]), (2, "open", [8])]
    assert table.row(2).into is None
    assert table.value(1, "requirement").count("消防演练") == 0
    assert table.overlapping() == []


# Splitting.


def merged(flood: Table) -> Clause:
    """Return the rows of the one paragraph as one row."""
    rows = [row for row in flood.directive.clauses.order_by("number") if "物资" not in str(row)]
    if len(rows) > 1:
        review.merge(rows, by=flood.me, operation=new())
    return flood.row(rows[0].number)


def test_a_split_row_takes_along_what_its_words_say(flood: Table) -> None:
    row = merged(flood)
    at = flood.sentence("基教科要在6月10日前")

    edit = review.split(row, by=flood.me, operation=new(), at=at)

    new_uid = next(entry["uid"] for entry in edit.data["clauses"] if entry["was"] is None)
    half = Clause.objects.get(uid=new_uid)
    assert half.sentences[0] == at
    assert row.sentences[-1] == at - 1
    assert (half.values["lead"], half.values["due"]) == ("YL-JJ", "2026-06-10")
    assert [target["value"] for target in half.values["targets"]] == ["95"]
    assert (row.values["lead"], row.values["due"], row.values["targets"]) == ("YL-AQ", "2026-05-31", [])
    assert "整改" not in row.values["requirement"]
    assert half.number == max(flood.states())
    assert flood.overlapping() == []


def test_a_row_of_one_sentence_is_split_inside_it(table: Table) -> None:
    place = table.directive.reading.text.index("12月底前")

    review.split(table.row(4), by=table.me, operation=new(), at_char=place)

    first, second = table.rows(4, 6)
    assert (first.values["requirement"], first.values["due"]) == (
        "槐树镇中心学校要在5月底前制定帮扶方案",
        "2026-05-31",
    )
    assert (second.values["requirement"], second.values["due"]) == ("12月底前完成帮扶12所薄弱学校。", "2026-12-31")
    assert second.values["title"] == "完成帮扶12所薄弱学校"
    assert [first.end, second.start] == [place, place]
    assert (first.values["targets"], [one["value"] for one in second.values["targets"]]) == ([], ["12"])
    assert [found["due"] for found in second.said["deadlines"]] == ["2026-12-31"]
    assert table.overlapping() == []


def test_what_the_new_words_do_not_say_it_has_from_the_row(table: Table) -> None:
    review.edit(table.row(4), by=table.other, operation=new(), lead="HS-1")
    place = table.directive.reading.text.index("12月底前")

    review.split(table.row(4), by=table.me, operation=new(), at_char=place)

    assert (table.value(6, "lead"), table.row(6).decided) == ("HS-1", ["lead"])
    assert table.value(6, "fields") == table.value(4, "fields")


def test_words_that_a_person_wrote_stay_when_a_row_is_split(table: Table) -> None:
    review.edit(table.row(4), by=table.me, operation=new(), requirement="一个字也不动。")
    place = table.directive.reading.text.index("12月底前")

    review.split(table.row(4), by=table.me, operation=new(), at_char=place)

    assert table.value(4, "requirement") == "一个字也不动。"


def test_a_checked_row_is_to_be_checked_again_when_it_is_split(table: Table) -> None:
    review.check([table.row(4)], by=table.me, operation=new())

    review.split(table.row(4), by=table.me, operation=new(), at_char=table.row(4).start + 5)

    assert [table.states()[4], table.states()[6]] == ["open", "open"]


def test_halves_of_a_sentence_come_together_again(table: Table) -> None:
    before = table.row(4)
    review.split(table.row(4), by=table.me, operation=new(), at_char=before.start + 8)

    review.merge(table.rows(6, 4), by=table.me, operation=new())

    row = table.row(6)
    assert (row.sentences, row.start, row.end) == (before.sentences, before.start, before.end)


def test_half_a_sentence_is_not_merged_over_the_other_half(table: Table) -> None:
    review.split(table.row(4), by=table.me, operation=new(), at_char=table.row(4).start + 8)

    with pytest.raises(ImpossibleError, match="连同那几条"):
        review.merge(table.rows(4, 5), by=table.me, operation=new())

    assert table.overlapping() == []


def test_half_a_sentence_neither_moves_nor_is_taken(table: Table) -> None:
    review.split(table.row(4), by=table.me, operation=new(), at_char=table.row(4).start + 8)
    sentences = table.row(4).sentences

    with pytest.raises(ImpossibleError, match="一部分"):
        review.move(table.row(4), by=table.me, operation=new(), sentences=[*sentences, sentences[0] + 1])
    with pytest.raises(ImpossibleError, match="一部分"):
        review.make(table.directive, by=table.me, operation=new(), sentences=sentences)


@pytest.mark.parametrize("shift", [0, -1, 10_000])
def test_there_is_nothing_to_split_outside_the_row(table: Table, shift: int) -> None:
    row = table.row(4)

    with pytest.raises(ValidationError):
        review.split(row, by=table.me, operation=new(), at_char=row.start + shift)
    with pytest.raises(ValidationError):
        review.split(row, by=table.me, operation=new(), at=row.sentences[0] + shift)


def test_a_split_leaves_words_on_both_sides(table: Table) -> None:
    with pytest.raises(TypeError):
        review.split(table.row(4), by=table.me, operation=new())
    with pytest.raises(TypeError):
        review.split(table.row(4), by=table.me, operation=new(), at=1, at_char=2)


# Moving and making.


def test_a_sentence_moves_into_a_row_with_what_it_says(table: Table) -> None:
    index = table.sentence("教育是民生")

    review.move(table.row(3), by=table.me, operation=new(), sentences=[*table.row(3).sentences, index])

    row = table.row(3)
    assert row.sentences == [9, index]
    assert row.values["requirement"] == "青禾第一中学要在9月1日前建成心理辅导室。\n教育是民生之基。"
    assert (row.values["title"], row.values["lead"], row.values["due"]) == ("建成心理辅导室", "QH-1", "2026-09-01")


def test_a_row_without_a_day_gets_that_of_the_words_it_gains(flood: Table) -> None:
    review.drop([merged(flood)], by=flood.me, operation=new(), why="done")
    at = flood.sentence("各学校每周报送")
    review.make(flood.directive, by=flood.me, operation=new(), sentences=[at])
    row = flood.directive.clauses.latest("number")
    assert (row.values["due"], row.values["targets"]) == (None, [])

    review.move(row, by=flood.me, operation=new(), sentences=[at - 1, at])

    assert row.values["due"] == "2026-06-10"
    assert [target["value"] for target in row.values["targets"]] == ["95"]
    assert flood.overlapping() == []


def test_a_row_that_gives_a_sentence_up_gives_up_what_it_says(flood: Table) -> None:
    first = merged(flood)
    at = flood.sentence("基教科要在6月10日前")
    other = next(row for row in flood.directive.clauses.all() if "物资" in str(row))

    review.move(other, by=flood.me, operation=new(), sentences=[at, *other.sentences])

    first.refresh_from_db()
    assert at not in first.sentences
    assert first.values["targets"] == []
    assert "整改" not in first.values["requirement"]
    assert [target["value"] for target in other.values["targets"]] == ["95"]
    assert other.values["due"] == "2026-07-31"


def test_a_row_is_not_left_without_sentences(table: Table) -> None:
    with pytest.raises(ImpossibleError, match="移走就空了"):
        review.move(table.row(1), by=table.me, operation=new(), sentences=[7, 8])
    with pytest.raises(ImpossibleError, match="移走就空了"):
        review.make(table.directive, by=table.me, operation=new(), sentences=[8])

    assert Edit.objects.count() == 0


@pytest.mark.parametrize("sentences", [[], [-1], [10_000]])
def test_sentences_that_are_not_there_are_refused(table: Table, sentences: list[int]) -> None:
    with pytest.raises(ValidationError):
        review.move(table.row(1), by=table.me, operation=new(), sentences=sentences)
    with pytest.raises(ValidationError):
        review.make(table.directive, by=table.me, operation=new(), sentences=sentences)
    with pytest.raises(ValidationError):
        review.label(table.directive, by=table.me, operation=new(), sentences=sentences, label="other")


def test_a_made_row_says_what_its_words_say(flood: Table) -> None:
    row = next(row for row in flood.directive.clauses.all() if "物资" in str(row))
    review.drop([row], by=flood.me, operation=new(), why="not_a_task", label="other")

    review.make(flood.directive, by=flood.me, operation=new(), sentences=row.sentences)

    made = flood.directive.clauses.latest("number")
    assert made.said == {}
    assert made.decided == []
    assert made.values == {**row.values, "fields": made.values["fields"]}
    assert made.values["fields"] == row.values["fields"]
    flood.directive.refresh_from_db()
    assert flood.directive.labels == {}


def test_a_slogan_can_be_made_a_row(table: Table) -> None:
    review.make(table.directive, by=table.me, operation=new(), sentences=[table.sentence("教育是民生")])

    row = table.row(6)
    assert (row.values["title"], row.values["lead"], row.values["due"]) == ("教育是民生之基", None, None)
    assert (row.start, row.end) == (row.directive.reading.sentences[10]["s"], row.directive.reading.sentences[10]["e"])


# Kinds of sentences.


def test_the_kind_of_a_sentence_is_set_and_taken_back(table: Table) -> None:
    index = table.sentence("教育是民生")
    review.label(table.directive, by=table.me, operation=new(), sentences=[index], label="achievement")
    assert table.directive.labels == {str(index): "achievement"}

    review.label(table.directive, by=table.me, operation=new(), sentences=[index], label="")

    assert Directive.objects.get(pk=table.directive.pk).labels == {}


def test_a_sentence_of_a_row_keeps_its_kind(table: Table) -> None:
    with pytest.raises(ImpossibleError, match="属于“完成校舍隐患排查”"):
        review.label(table.directive, by=table.me, operation=new(), sentences=[7], label="other")


@pytest.mark.parametrize("kind", ["task", "nonsense"])
def test_a_kind_that_is_none_is_refused(table: Table, kind: str) -> None:
    with pytest.raises(ValidationError):
        review.label(table.directive, by=table.me, operation=new(), sentences=[10], label=kind)


# Joining.


def matter_of(table: Table) -> Matter:
    return open_matter("task", by=table.me, title="校舍排查", lead=table.cast.unit("YL-AQ"), fields={"origin": "other"})


def test_a_row_is_joined_to_an_open_matter_and_comes_back(table: Table) -> None:
    matter, row = matter_of(table), table.row(1)

    review.join(row, by=table.me, operation=new(), matter=matter)
    assert (row.state, row.matter_id) == ("joined", matter.pk)

    review.restore([row], by=table.me, operation=new())
    assert (row.state, row.matter_id) == ("open", None)


def test_a_matter_that_has_ended_or_is_not_there_is_refused(table: Table) -> None:
    matter = matter_of(table)
    perform(matter, Act.CANCEL, by=table.me, reason="重复")

    with pytest.raises(ImpossibleError, match="已经办结或撤销"):
        review.join(table.row(1), by=table.me, operation=new(), matter=matter)
    with pytest.raises(ImpossibleError, match="找不到"):
        review.join(table.row(1), by=table.me, operation=new(), matter=10_000)


def test_a_confidential_matter_is_as_if_not_there(table: Table) -> None:
    matter = matter_of(table)
    Matter.objects.filter(pk=matter.pk).update(confidential=True)

    with pytest.raises(ImpossibleError, match="找不到"):
        review.join(table.row(1), by=table.me, operation=new(), matter=matter)


def test_confidential_and_open_work_are_not_joined(table: Table) -> None:
    matter = matter_of(table)
    Matter.objects.filter(pk=matter.pk).update(confidential=True, register="letters")
    post = table.cast.people["supervisor"].posts.get()
    post.registers = ["letters"]
    post.save()

    with pytest.raises(ImpossibleError, match="同一本台账"):
        review.join(table.row(1), by=table.cast.actor("supervisor"), operation=new(), matter=matter)
