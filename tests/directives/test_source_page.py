"""The source as HTML, and what of the plan yields no task."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import docx
import pytest
from lxml import html

from luoshi.directives.models import Clause, Directive, Reading
from luoshi.directives.proposing import reading_of, said_of
from luoshi.directives.sheet.coverage import coverage_of, held_by, left_out
from luoshi.directives.sheet.source import source_html
from luoshi.drafting import draft
from luoshi.reading import read

pytestmark = pytest.mark.django_db

PLAN = """云岭市校园安全工作方案
一、工作要求
基教科牵头，6月底前完成校舍排查，整改率达到98%以上。
安全是底线。
"""


def understood(data: bytes, name: str) -> tuple[Reading, list[Clause]]:
    plan = draft(read(data, name=name))
    rows = [
        Clause(number=task.id, pk=task.id, start=task.start, end=task.end, sentences=list(task.sentences), said=said_of(task))
        for task in plan.tasks
    ]  # fmt: skip
    return Reading(**reading_of(plan)), rows


def parsed(page: str) -> Any:
    """Read what was written; lxml's types know too little of it."""
    return html.fromstring(f"<div>{page}</div>")


def words(page: str) -> str:
    return "".join("".join(parsed(page).itertext()).split())


def test_markup_in_a_text_is_shown_as_words() -> None:
    reading, rows = understood((PLAN + "<script>alert(1)</script>&amp;\n").encode(), "方案.txt")
    page = source_html(Directive(), reading, rows)
    assert "<script>" not in page
    assert words(page) == "".join(reading.text.split())


def test_a_table_is_shown_as_a_table_with_each_cell_in_its_column() -> None:
    book = docx.Document()
    book.add_paragraph("云岭市教育局重点任务分工表")
    table = book.add_table(rows=3, cols=3)
    cells = (("任务", "牵头单位", "时限"), ("完成校舍排查", "基教科", "6月底前"), ("开展食堂检查", "", "9月底前"))
    for line, texts in zip(table.rows, cells, strict=True):
        for cell, text in zip(line.cells, texts, strict=True):
            cell.text = text
    stream = BytesIO()
    book.save(stream)
    reading, rows = understood(stream.getvalue(), "分工表.docx")
    page = parsed(source_html(Directive(), reading, rows))
    shown = [[cell.text_content().strip() for cell in line.findall("td")] for line in page.iter("tr")]
    assert shown[0] == list(cells[0])
    assert shown[2][0] == "开展食堂检查"
    assert shown[2][2] == "9月底前"


def test_a_persons_word_on_a_sentence_goes_before_what_was_read() -> None:
    reading, rows = understood(PLAN.encode(), "方案.txt")
    index = next(n for n, one in enumerate(reading.sentences) if "底线" in reading.text[one["s"] : one["e"]])
    page = source_html(Directive(labels={str(index): "problem"}), reading, rows)
    assert parsed(page).get_element_by_id(f"s{index}").get("data-l") == "problem"


def test_every_sentence_of_the_plan_is_counted_once() -> None:
    reading, rows = understood(PLAN.encode(), "方案.txt")
    found = coverage_of(Directive(), reading.sentences, rows)
    assert sum(share.count for share in found.shares) == found.total
    assert round(sum(share.percent for share in found.shares)) == 100
    listed = list(left_out(Directive(), reading.text, reading.sentences, rows))
    assert len(listed) == found.left
    assert "安全是底线。" in {one.text for one in listed}


def test_a_sentence_of_a_dropped_row_counts_as_dropped_unless_another_row_stands_on_it() -> None:
    reading, rows = understood(PLAN.encode(), "方案.txt")
    (row,) = rows
    row.state, row.why = "dropped", "not_ours"
    found = {share.kind: share.count for share in coverage_of(Directive(), reading.sentences, rows).shares}
    assert found["dropped"] == 1
    assert "task" not in found
    other = Clause(number=2, pk=2, start=row.start, end=row.end, sentences=row.sentences, said={})
    assert held_by([row, other]) == held_by([other, row]) == {row.sentences[0]: other}


def test_a_merged_row_holds_nothing() -> None:
    assert held_by([Clause(number=1, pk=1, sentences=[3], state="merged")]) == {}


def test_an_empty_text_has_no_bar() -> None:
    found = coverage_of(Directive(), [], [])
    assert (found.total, list(found.shares), found.left) == (0, [], 0)
