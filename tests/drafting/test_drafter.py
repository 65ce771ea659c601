"""Documents to task tables, end to end, with the label model that comes with the package."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Callable, Sequence

import pytest

from luoshi.drafting import draft
from luoshi.drafting.plan import Label, Plan, Task
from luoshi.reading import read

SPEECH = """在全县教育工作会议上的讲话
青禾县教育局局长　李明
（2026年2月27日）
同志们：
今天我们召开全县教育工作会议，主要任务是总结去年工作，部署今年任务。
一、2025年工作回顾
2025年，全县新建幼儿园6所，新增学位1800个，学前三年毛入园率达到96%。
建成县级教研基地4个，培训教师2300人次。
二、存在的问题
城区学校大班额问题依然突出，部分学校班额超过55人，与群众的期盼还有差距。
三、2026年工作安排
（一）守牢安全底线
各学校要在3月底前完成校舍安全排查，建立隐患台账。县教育局每月开展一次督查，6月底前整改率达到98.5%以上。
（二）提升教育质量
由县教研室牵头，各学校配合，制定教学质量提升方案，4月15日前报县教育局。
新建幼儿园3所，年底前投入使用。
同志们，教育是最大的民生。让我们携手并进，奋力谱写教育新篇章！
谢谢大家！
"""
DIVISION = """青禾县教育局关于印发2026年重点工作任务分工的通知
各学校、机关各股室：
现将2026年重点工作任务分工印发给你们，请认真贯彻落实。
一、推进学前教育普及普惠
1.新建公办幼儿园3所，新增学位900个。（责任单位：基础教育股；配合单位：计划财务股、项目办；完成时限：2026年8月底前）
2.开展无证幼儿园专项整治，建立动态监管台账。（责任单位：民办教育股、县公安局；完成时限：6月底前）3.制定保育教育质量评估办法。（责任单位：教研室；完成时限：10月底前）
二、加强教师队伍建设
4.组织骨干教师培训，每季度通报一次进展。
（责任单位：人事股；配合单位：教师进修学校；完成时限：12月底前）
5.教师交流轮岗（人事股牵头，各学校配合，9月底前完成）
青禾县教育局
2026年3月5日
"""


def _draft(text: str, name: str = "讲话.txt", date: dt.date | None = None) -> Plan:
    return draft(read(text.encode(), name), date)


def _row(plan: Plan, words: str) -> Task:
    """Return the one row whose text holds some words."""
    found = [task for task in plan.tasks if words in task.text]
    assert len(found) == 1, words
    return found[0]


def _owners(task: Task) -> list[str]:
    return [owner.text for owner in task.owners]


def _support(task: Task) -> list[str]:
    return [support.text for support in task.support]


def _dues(task: Task) -> list[tuple[str, str | None]]:
    return [(one.text, one.due.isoformat() if one.due else None) for one in task.deadlines]


def _labels(plan: Plan, words: str) -> set[Label]:
    sentences = plan.document.sentences
    return {one.label for one in plan.labels if words in sentences[one.sentence].clean}


# A speech


def test_speech_gives_the_rows_that_it_plans_and_no_others() -> None:
    assert [task.text for task in _draft(SPEECH).tasks] == [
        "各学校要在3月底前完成校舍安全排查，建立隐患台账。",
        "县教育局每月开展一次督查，6月底前整改率达到98.5%以上。",
        "由县教研室牵头，各学校配合，制定教学质量提升方案，4月15日前报县教育局。",
        "新建幼儿园3所，年底前投入使用。",
    ]


@pytest.mark.parametrize(
    "words", ["新建幼儿园6所", "培训教师2300", "大班额", "最大的民生", "谢谢大家", "李明", "今天我们"]
)
def test_what_a_speech_looks_back_on_or_exhorts_to_is_no_row(words: str) -> None:
    plan = _draft(SPEECH)

    assert not any(words in task.text for task in plan.tasks)
    assert Label.TASK not in _labels(plan, words)


def test_clear_sentences_get_their_labels() -> None:
    plan = _draft(SPEECH)

    assert _labels(plan, "讲话") == {Label.TITLE}
    assert _labels(plan, "新建幼儿园6所") == {Label.ACHIEVEMENT}
    assert _labels(plan, "三、2026年工作安排") == {Label.HEADING}
    assert _labels(plan, "校舍安全排查") == {Label.TASK}


def test_row_of_a_speech_shows_owner_deadline_and_headings() -> None:
    task = _row(_draft(SPEECH), "校舍安全排查")

    assert _owners(task) == ["各学校"]
    assert _support(task) == []
    assert _dues(task) == [("3月底前", "2026-03-31")]
    assert task.path == ("三、2026年工作安排", "（一）守牢安全底线")
    assert task.title == "完成校舍安全排查"


def test_row_of_a_speech_shows_rhythm_and_target() -> None:
    task = _row(_draft(SPEECH), "督查")

    assert _owners(task) == ["县教育局"]
    assert [(one.text, one.rrule) for one in task.cadence] == [("每月", "FREQ=MONTHLY")]
    assert [(one.text, one.op, one.value, one.unit) for one in task.targets] == [("98.5%", ">=", 98.5, "%")]


def test_leading_body_owns_and_helping_body_supports() -> None:
    task = _row(_draft(SPEECH), "提升方案")

    assert (_owners(task), _support(task)) == (["县教研室"], ["各学校"])


def test_row_that_names_nobody_has_no_owner() -> None:
    assert _owners(_row(_draft(SPEECH), "新建幼儿园3所")) == []


def test_given_date_takes_the_place_of_the_document_s_own() -> None:
    plan = _draft(SPEECH, date=dt.date(2027, 1, 4))

    assert _dues(_row(plan, "校舍安全排查")) == [("3月底前", "2027-03-31")]
    assert plan.date is not None
    assert plan.date.day == dt.date(2027, 1, 4)


def test_document_without_a_date_leaves_relative_times_open() -> None:
    plan = _draft("工作安排\n一、安全工作\n各学校要在3月底前完成校舍安全排查，建立隐患台账。\n")

    assert plan.date is None
    assert _dues(_row(plan, "排查")) == [("3月底前", None)]


# A division of work


def test_division_gives_one_row_for_each_assignment() -> None:
    assert [task.title for task in _draft(DIVISION).tasks] == [
        "新建公办幼儿园3所",
        "开展无证幼儿园专项整治",
        "制定保育教育质量评估办法",
        "组织骨干教师培训",
        "教师交流轮岗",
    ]


@pytest.mark.parametrize(
    ("words", "owners", "support", "due"),
    [
        ("新建公办", ["基础教育股"], ["计划财务股", "项目办"], "2026-08-31"),
        ("专项整治", ["民办教育股", "县公安局"], [], "2026-06-30"),
        ("质量评估", ["教研室"], [], "2026-10-31"),
        ("骨干教师", ["人事股"], ["教师进修学校"], "2026-12-31"),
        ("交流轮岗", ["人事股"], ["各学校"], "2026-09-30"),
    ],
)
def test_bracket_tells_who_and_when(words: str, owners: list[str], support: list[str], due: str) -> None:
    task = _row(_draft(DIVISION), words)

    assert (_owners(task), _support(task)) == (owners, support)
    assert [day for _, day in _dues(task)] == [due]


def test_item_that_became_a_row_is_no_heading_above_it_or_its_neighbours() -> None:
    assert [task.path for task in _draft(DIVISION).tasks] == [
        *[("一、推进学前教育普及普惠",)] * 3,
        *[("二、加强教师队伍建设",)] * 2,
    ]


def test_bracket_on_its_own_line_makes_a_row_of_the_heading_above() -> None:
    plan = _draft(
        "一、重点任务\n（一）规范校外培训机构\n（责任单位：校外教育中心；完成时限：10月底前）\n",
        date=dt.date(2026, 3, 5),
    )
    task = _row(plan, "校外培训")

    assert task.text == "（一）规范校外培训机构\n（责任单位：校外教育中心；完成时限：10月底前）"
    assert (_owners(task), task.path) == (["校外教育中心"], ("一、重点任务",))


def test_heading_like_item_with_an_assignment_is_a_row() -> None:
    plan = _draft(
        "一、重点任务\n（一）组织教师培训（人事股牵头）\n（二）修订考核办法（督导室负责，5月底前完成）\n",
        date=dt.date(2026, 3, 5),
    )

    assert [(task.title, _owners(task)) for task in plan.tasks] == [
        ("组织教师培训", ["人事股"]),
        ("修订考核办法", ["督导室"]),
    ]


def test_item_that_says_who_and_when_is_a_row_however_like_a_heading() -> None:
    plan = _draft(
        "二、工作安排\n（一）各学校要在6月底前完成校舍安全排查。\n（二）督导室每月通报一次。\n",
        date=dt.date(2026, 3, 5),
    )

    assert [_owners(task) for task in plan.tasks] == [["各学校"], ["督导室"]]


@pytest.mark.parametrize(
    "text",
    [
        "一、工作安排\n（一）守牢安全底线\n（二）提升教学质量（见附件1）\n",
        "一、工作回顾\n去年新建幼儿园3所（含民办1所），新增学位900个，受到群众好评。\n",
        "教育是最大的民生。\n安全责任重于泰山。\n",
        "谢谢大家！\n",
    ],
)
def test_text_that_assigns_nothing_gives_no_row(text: str) -> None:
    assert _draft(text).tasks == ()


# Tables


def _word(*rows: Sequence[str], heading: str = "") -> bytes:
    import docx  # noqa: PLC0415 — heavy, and not every test needs it

    document = docx.Document()
    if heading:
        document.add_heading(heading, 1)
    table = document.add_table(len(rows), len(rows[0]))
    for row, words in zip(table.rows, rows, strict=True):
        for cell, text in zip(row.cells, words, strict=True):
            cell.text = text
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def test_columns_of_a_word_table_give_the_fields() -> None:
    data = _word(
        ("序号", "工作任务", "责任单位", "配合单位", "完成时限"),
        ("1", "新建公办幼儿园3所。", "基础教育股", "计划财务股、项目办", "2026年8月底前"),
        ("2", "开展校园安全检查。发现隐患立即整改。", "安全办", "各学校", "6月底"),
        ("3", "组织教师培训", "人事股", "", ""),
    )
    plan = draft(read(data, "分解表.docx"), dt.date(2026, 3, 5))

    assert [(_owners(task), _support(task), [day for _, day in _dues(task)]) for task in plan.tasks] == [
        (["基础教育股"], ["计划财务股", "项目办"], ["2026-08-31"]),
        (["安全办"], ["各学校"], ["2026-06-30"]),
        (["人事股"], [], []),
    ]
    assert _labels(plan, "序号") == {Label.OTHER}


def test_serial_number_in_a_task_table_is_no_page_number() -> None:
    data = _word(("序号", "工作任务", "责任单位"), ("1", "查校舍。", "安全办"), ("2", "查校车。", "安全办"))
    plan = draft(read(data, "分解表.docx"), dt.date(2026, 3, 5))

    assert Label.BOILERPLATE not in {one.label for one in plan.labels}


def test_bracket_inside_a_cell_gives_the_fields() -> None:
    data = _word(
        ("工作任务", "进展"),
        ("开展校园安全检查，建立隐患台账。（责任单位：安全办；完成时限：6月底前）", "正在推进"),
    )
    task = _row(draft(read(data, "分解表.docx"), dt.date(2026, 3, 5)), "安全检查")

    assert (_owners(task), _dues(task)) == (["安全办"], [("6月底前", "2026-06-30")])


def test_unit_named_in_task_and_column_is_listed_once() -> None:
    data = _word(("工作任务", "责任单位"), ("开展校园安全检查（安全办牵头）", "安全办"))

    assert _owners(_row(draft(read(data, "分解表.docx"), dt.date(2026, 3, 5)), "检查")) == ["安全办"]


# Bounds


@pytest.mark.parametrize(
    "text", ["首页\n打印本页\n关闭窗口\n", "。\n", "😀\n", "（责任单位：安全办；完成时限：6月底前）\n"]
)
def test_document_without_work_gives_an_empty_table(text: str) -> None:
    assert _draft(text).tasks == ()


@pytest.mark.parametrize("make", [lambda plan: plan.labels, lambda plan: plan.tasks])
def test_confidence_lies_between_none_and_certain(make: Callable[[Plan], Sequence[Task]]) -> None:
    assert all(0 <= one.confidence <= 1 for one in make(_draft(DIVISION)))


def test_assignment_lines_under_a_task_belong_to_its_row() -> None:
    text = "（一）健全制度。\n完善督学挂牌制度。\n责任单位：督导室\n配合单位：基教科、人事科\n完成时限：2026年6月底\n"
    plan = draft(read(text.encode(), "分工.txt"), date=dt.date(2026, 1, 10))

    assert [task.title for task in plan.tasks] == ["完善督学挂牌制度"]
    assert [owner.text for owner in plan.tasks[0].owners] == ["督导室"]
    assert [support.text for support in plan.tasks[0].support] == ["基教科", "人事科"]
    assert [deadline.due for deadline in plan.tasks[0].deadlines] == [dt.date(2026, 6, 30)]
