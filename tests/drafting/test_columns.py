from __future__ import annotations

import time
from collections.abc import Sequence

import pytest

from luoshi.drafting.columns import Column, TableRow, column_of, understand_table
from luoshi.reading.extract import Builder, Cell, Extract

Row = Sequence[str | tuple[str, int] | tuple[str, int, int] | tuple[str, int, int, int]]


def _document(*tables: Sequence[Row]) -> Extract:
    builder = Builder("docx")
    builder.add("附件：任务分解表")
    for rows in tables:
        builder.table(
            [[Cell(cell, at) if isinstance(cell, str) else Cell(*cell) for at, cell in enumerate(row)] for row in rows]
        )
    return builder.done()


def _rows(*tables: Sequence[Row]) -> tuple[Extract, list[TableRow]]:
    extract = _document(*tables)
    return extract, understand_table(extract.blocks, extract.text)


def _cell(extract: Extract, index: int) -> str:
    return extract.text[extract.blocks[index].start : extract.blocks[index].end]


def _plain(extract: Extract, row: TableRow) -> tuple[str, list[str], list[str], list[str], list[str]]:
    return (
        _cell(extract, row.task),
        [one.text for one in row.owners],
        [one.text for one in row.support],
        [one.text for one in row.deadlines],
        [one.text for one in row.cadence],
    )


def test_simple_table_gives_one_row_a_task() -> None:
    extract, rows = _rows(
        [
            ["序号", "工作任务", "责任单位", "完成时限"],
            ["1", "新建幼儿园2所", "基教科、计财科", "2026年10月底前"],
            ["2", "开展全员培训", "师训科\n人事科", "每季度"],
        ]
    )

    assert [_plain(extract, row) for row in rows] == [
        ("新建幼儿园2所", ["基教科", "计财科"], [], ["2026年10月底前"], []),
        ("开展全员培训", ["师训科", "人事科"], [], [], ["每季度"]),
    ]


def test_names_and_times_are_places_in_the_original_text() -> None:
    extract, rows = _rows([["任务", "责任单位", "时限"], ["办好园", "基教科，人事科;张　三", "6月"]])

    places = [(one.start, one.end) for one in rows[0].owners] + [(one.start, one.end) for one in rows[0].deadlines]
    assert [extract.text[start:end] for start, end in places] == ["基教科", "人事科", "张　三", "6月"]


def test_head_below_a_title_row_is_found() -> None:
    extract, rows = _rows(
        [
            [("2026年重点任务分解表", 0, 1, 4)],
            ["序号", "重点任务", "牵头单位", "配合单位"],
            ["1", "改造食堂", "计财科", "各学校"],
        ]
    )

    assert [_plain(extract, row)[:3] for row in rows] == [("改造食堂", ["计财科"], ["各学校"])]


def test_head_of_two_lines_is_read_as_one() -> None:
    extract, rows = _rows(
        [
            [("序号", 0, 2), ("工作内容", 1, 2), ("责任分工", 2, 1, 2), ("时限", 4, 2)],
            [("牵头单位", 2), ("责任单位", 3)],
            ["1", "制定方案", "县教育局", "县财政局/县人社局", "长期坚持"],
        ]
    )

    assert [_plain(extract, row) for row in rows] == [
        ("制定方案", ["县教育局"], ["县财政局", "县人社局"], [], ["长期坚持"])
    ]


def test_merged_category_is_the_title_of_every_row_beside_it() -> None:
    extract, rows = _rows(
        [
            ["类别", "具体措施", "责任科室"],
            [("学前教育", 0, 2), ("新建园", 1), ("基教科", 2)],
            [("改造园", 1), ("计财科", 2)],
        ]
    )

    assert [[_cell(extract, title) for title in row.titles] for row in rows] == [["学前教育"], ["学前教育"]]


def test_unit_merged_over_two_tasks_owns_both() -> None:
    extract, rows = _rows([["任务", "责任单位"], [("甲项", 0), ("基教科", 1, 2)], [("乙项", 0)]])

    assert [[one.text for one in row.owners] for row in rows] == [["基教科"], ["基教科"]]
    assert _cell(extract, rows[1].task) == "乙项"


def test_task_merged_over_two_rows_has_the_units_of_both() -> None:
    _, rows = _rows([["任务", "责任单位"], [("甲项", 0, 2), ("基教科", 1)], [("人事科", 1)]])

    assert [[one.text for one in row.owners] for row in rows] == [["基教科", "人事科"]]


def test_row_with_an_outline_heading_alone_is_the_title_of_what_follows() -> None:
    extract, rows = _rows([["任务", "责任人"], [("一、学前教育", 0, 1, 2)], ["办好园", "王五"]])

    assert [(_cell(extract, row.task), [_cell(extract, one) for one in row.titles]) for row in rows] == [
        ("办好园", ["一、学前教育"])
    ]


def test_more_exact_head_holds_the_task_and_the_wider_its_title() -> None:
    extract, rows = _rows([["重点任务", "工作措施", "责任单位"], ["提质", "开展调研", "教研室"]])

    assert (_cell(extract, rows[0].task), [_cell(extract, one) for one in rows[0].titles]) == ("开展调研", ["提质"])


def test_goal_beside_a_task_is_its_target() -> None:
    extract, rows = _rows(
        [
            ["工作任务", "目标任务", "主办", "协办", "频次", "备注"],
            ["开班会", "每班4次", "德育科", "各学校", "每月", "无"],
        ]
    )

    assert _plain(extract, rows[0]) == ("开班会", ["德育科"], ["各学校"], [], ["每月"])
    assert [_cell(extract, one) for one in rows[0].targets] == ["每班4次"]
    assert rows[0].remark is not None
    assert _cell(extract, rows[0].remark) == "无"


def test_same_as_above_means_the_cell_above() -> None:
    _, rows = _rows([["任务", "责任单位", "时限"], ["甲项", "基教科", "6月底"], ["乙项", "同上", "同上"]])

    assert [one.text for one in rows[1].owners] == ["基教科"]
    assert [one.text for one in rows[1].deadlines] == ["6月底"]


def test_head_repeated_on_the_next_page_is_no_task() -> None:
    extract, rows = _rows([["工作任务", "责任单位"], ["甲项", "基教科"], ["工作任务", "责任单位"], ["乙项", "人事科"]])

    assert [_cell(extract, row.task) for row in rows] == ["甲项", "乙项"]


def test_note_below_the_table_is_no_task() -> None:
    extract, rows = _rows(
        [["工作任务", "责任单位"], ["甲项", "基教科"], [("注：每月5日前报送", 0, 1, 2)], ["合计", ""]]
    )

    assert [_cell(extract, row.task) for row in rows] == ["甲项"]


def test_time_in_figures_alone_is_kept_as_it_stands() -> None:
    _, rows = _rows([["工作任务", "责任单位", "完成时间"], ["甲项", "基教科", "2026.9"], ["乙项", "基教科", "第3周"]])

    assert [[one.text for one in row.deadlines] for row in rows] == [["2026.9"], ["第3周"]]


def test_tables_are_counted_apart() -> None:
    head = ["工作任务", "责任单位"]

    _, rows = _rows([head, ["甲项", "基教科"]], [["姓名", "电话"], ["张三", "123"]], [head, ["乙项", "人事科"]])

    assert [(row.table, row.row) for row in rows] == [(0, 1), (2, 1)]


@pytest.mark.parametrize(
    "rows",
    [
        [["姓名", "单位", "电话"], ["张三", "教育局", "123"]],
        [["工作目标", "量化指标", "牵头部门"], ["提高质量", "85%", "教研室"]],
        [["学校", "班级数", "学生数"], ["一小", "12", "500"]],
        [["工作任务"], ["甲项"]],
        [["甲项", "基教科"], ["乙项", "人事科"]],
        [[("工作任务及责任单位一览", 0, 1, 3)], ["甲", "乙", "丙"]],
        [["时间", "地点", "参加人员"], ["9月1日", "会议室", "各学校校长"]],
    ],
)
def test_table_that_is_no_task_table_gives_nothing(rows: Sequence[Row]) -> None:
    assert _rows(rows)[1] == []


def test_document_without_a_table_gives_nothing() -> None:
    assert _rows()[1] == []


@pytest.mark.parametrize(
    ("head", "column"),
    [
        ("序号", Column.SERIAL),
        ("工 作 任 务", Column.TASK),
        ("具体措施", Column.TASK),
        ("量化指标", Column.TARGET),
        ("牵头（责任）单位", Column.OWNER),
        ("责任单位及责任人", Column.OWNER),
        ("主办\n科室", Column.OWNER),
        ("配合单位", Column.SUPPORT),
        ("完成时限", Column.DEADLINE),
        ("时间节点", Column.DEADLINE),
        ("任务来源", Column.SOURCE),
        ("完成情况", Column.REMARK),
        ("类别", Column.TITLE),
    ],
)
def test_head_says_what_its_column_holds(head: str, column: Column) -> None:
    found = column_of(head)

    assert found is not None
    assert found[0] is column


@pytest.mark.parametrize(
    "head", ["", "姓名", "学校", "电话", "一小", "新建幼儿园2所", "完成新建幼儿园的工作任务并按时报送有关材料"]
)
def test_other_words_are_no_head(head: str) -> None:
    assert column_of(head) is None


def test_monstrous_spans_are_bounded() -> None:
    started = time.process_time()

    rows: list[Row] = [["工作任务", "责任单位"]]
    rows += [[("甲", 0, 1_000_000_000, 1_000_000_000), ("乙", 1, 1_000_000, 1)] for _ in range(300)]
    _rows(rows)

    assert time.process_time() - started < 5
