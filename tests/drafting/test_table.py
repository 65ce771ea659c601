from __future__ import annotations

import dataclasses
import datetime as dt

import pytest

from luoshi.drafting.plan import Plan, Target
from luoshi.drafting.table import Field, to_table
from luoshi.words import Words

WHY = Words("依据", "reason")


def with_target(plan: Plan, target: Target) -> Plan:
    return dataclasses.replace(plan, tasks=(dataclasses.replace(plan.tasks[0], targets=(target,)),))


def test_row_shows_every_field_in_the_words_of_the_text(made_plan: Plan) -> None:
    row = to_table(made_plan, "zh").tasks[0]
    assert row.number == 1
    assert row.title == Field("完成校舍排查")
    assert row.words == Field(made_plan.tasks[0].text)
    assert row.targets == Field("整改率 ≥98.5%")
    assert row.owners == Field("县教育局")
    assert row.support == Field("县住房和城乡建设局")
    assert row.deadlines == Field("6月底前\n（2026-06-30）")
    assert row.cadence == Field("")
    assert row.place == Field("二、（一）守牢安全底线\n第7段")


def test_table_speaks_english_but_leaves_the_document_its_words(made_plan: Plan) -> None:
    table = to_table(made_plan, "en")
    assert table.tasks[0].deadlines == Field("6月底前\n(2026-06-30)")
    assert table.tasks[0].place.text.endswith("paragraph 7")
    assert table.source == "Source: 讲话.txt; times count from 2026-02-27 (reason)"


@pytest.mark.parametrize(
    ("path", "cited"),
    [
        ((), ""),
        (("三、重点工作",), "三、重点工作\n"),
        (("三、重点工作", "（二）守牢底线", "1.整改隐患。"), "三、（二）1.整改隐患\n"),
        (("重点工作", "（二）守牢底线"), "重点工作 / （二）守牢底线\n"),
        (("2026年工作要点", "1.整改隐患"), "2026年工作要点 / 1.整改隐患\n"),
    ],
)
def test_headings_above_a_task_are_cited_by_number(made_plan: Plan, path: tuple[str, ...], cited: str) -> None:
    plan = dataclasses.replace(made_plan, tasks=(dataclasses.replace(made_plan.tasks[0], path=path),))
    assert to_table(plan, "zh").tasks[0].place == Field(f"{cited}第7段")


def test_low_confidence_is_a_doubt_with_its_reason(made_plan: Plan) -> None:
    first, second = to_table(made_plan, "zh").tasks
    assert first.title.doubt == ""
    assert second.title.doubt == "把握只有40%，请核对是不是一项任务。依据"


def test_implied_owner_is_a_doubt_and_a_named_one_is_not(made_plan: Plan) -> None:
    first, second = to_table(made_plan, "zh").tasks
    assert first.owners.doubt == ""
    assert second.owners == Field("各学校\n安全办", "原文没有写明“安全办”，是按职责建议的：依据")


def test_deadline_without_a_day_is_a_doubt(made_plan: Plan) -> None:
    assert to_table(made_plan, "zh").tasks[1].deadlines == Field("假期结束前", "“假期结束前”推算不出具体日期：依据")


def test_deadline_that_names_the_whole_day_is_not_repeated(made_plan: Plan) -> None:
    task = made_plan.tasks[0]
    day = dataclasses.replace(task.deadlines[0], text="2026年6月30日前", due=dt.date(2026, 6, 30))
    plan = dataclasses.replace(made_plan, tasks=(dataclasses.replace(task, deadlines=(day,)),))
    assert to_table(plan, "zh").tasks[0].deadlines == Field("2026年6月30日前")


def test_same_entry_twice_stands_once(made_plan: Plan) -> None:
    task = made_plan.tasks[0]
    plan = dataclasses.replace(made_plan, tasks=(dataclasses.replace(task, owners=task.owners * 2),))
    assert to_table(plan, "zh").tasks[0].owners == Field("县教育局")


@pytest.mark.parametrize(
    ("target", "shown"),
    [
        (Target("85%", 0, 3, ">=", 85, "%", "满意度", WHY), "满意度 ≥85%"),
        (Target("90分钟", 0, 4, "<=", 90, "分钟", "", WHY), "≤90分钟"),
        (Target("120所", 0, 4, "=", 120, "所", "", WHY), "120所"),
        (Target("不少于6个", 0, 5, ">=", 6, "个", "教育集团", WHY), "教育集团 不少于6个"),
        (Target("5%", 0, 2, "+", 5, "%", "增长", WHY), "增长 +5%"),
    ],
)
def test_target_shows_its_direction_once(made_plan: Plan, target: Target, shown: str) -> None:
    assert to_table(with_target(made_plan, target), "zh").tasks[0].targets == Field(shown)


def test_every_sentence_stands_on_the_second_table(made_plan: Plan) -> None:
    table = to_table(made_plan, "zh")
    document = made_plan.document
    assert [row.text for row in table.sentences] == [document.quote(s.start, s.end) for s in document.sentences]
    assert [row.task for row in table.sentences if row.task] == [1, 2]


def test_left_rows_are_those_of_the_planning_part_without_a_task(made_plan: Plan) -> None:
    left = to_table(made_plan, "zh").left
    assert [(row.text, row.reason) for row in left] == [("教育是最大的民生。", "说明或过渡性的话")]


def test_achievements_of_the_review_are_not_missed(made_plan: Plan) -> None:
    assert all("去年新建" not in row.text for row in to_table(made_plan, "zh").left)


def test_missing_date_says_what_to_do(made_plan: Plan) -> None:
    source = to_table(dataclasses.replace(made_plan, date=None), "zh").source
    assert source == "来源：讲话.txt；没有找到成文日期，时限未能推算到日，可用 --date 指定"
