from __future__ import annotations

import datetime as dt

import pytest

from luoshi.drafting.brackets import find_brackets
from luoshi.drafting.columns import understand_table
from luoshi.drafting.fields import Fields, Reader
from luoshi.reading import read
from luoshi.reading.extract import Builder, Cell
from luoshi.reading.structure import build

DAY = dt.date(2026, 3, 5)


def _fields(text: str, day: dt.date | None = DAY) -> Fields:
    """Return what all sentences of a text say, each field being checked against its place."""
    document = read(text.encode(), "方案.txt")
    reader = Reader(document, {speech.id: day for speech in document.speeches}, None)
    into = Fields()
    for sentence in document.sentences:
        reader.sentence(sentence, find_brackets(sentence.clean), into)
    spans = [(one.text, one.start, one.end) for one in into.owners] + [
        (one.text, one.start, one.end) for one in into.support
    ]
    spans += [(one.text, one.start, one.end) for one in into.deadlines] + [
        (one.text, one.start, one.end) for one in into.cadence
    ]
    spans += [(one.text, one.start, one.end) for one in into.targets]
    assert all(document.text[start:end] == words for words, start, end in spans)
    return into


def _names(fields: Fields) -> tuple[list[str], list[str]]:
    return [one.text for one in fields.owners], [one.text for one in fields.support]


def test_running_text_gives_every_kind_of_field() -> None:
    found = _fields("县教育局牵头，县公安局配合，每月检查一次，6月底前整改率达到95%以上。\n")

    assert _names(found) == (["县教育局"], ["县公安局"])
    assert [(one.text, one.due) for one in found.deadlines] == [("6月底前", dt.date(2026, 6, 30))]
    assert [one.rrule for one in found.cadence] == ["FREQ=MONTHLY"]
    assert [(one.op, one.value, one.unit) for one in found.targets] == [(">=", 95, "%")]


def test_bracket_gives_its_fields_once() -> None:
    found = _fields("完成校舍排查（责任单位：安全办；配合单位：各学校；完成时限：6月底前）。\n")

    assert _names(found) == (["安全办"], ["各学校"])
    assert [(one.text, one.due) for one in found.deadlines] == [("6月底前", dt.date(2026, 6, 30))]


@pytest.mark.parametrize("text", ["教育是最大的民生。\n", "完成校舍排查（见附件1）。\n", "对校长进行考核。\n"])
def test_text_that_names_nothing_gives_no_field(text: str) -> None:
    assert _fields(text) == Fields()


def test_time_without_a_known_day_stays_open() -> None:
    assert [one.due for one in _fields("各学校要在6月底前完成排查。\n", None).deadlines] == [None]
    assert [one.due for one in _fields("完成排查（安全办牵头，6月底前完成）。\n", None).deadlines] == [None]


def test_fields_of_repaired_text_show_the_original_characters() -> None:
    found = _fields("由縣教育局牽頭，各學校配合，抓緊完成校舍隱患排查，６月底前報縣教育局。\n")

    assert _names(found) == (["縣教育局"], ["各學校"])
    assert [(one.text, one.due) for one in found.deadlines] == [("６月底前", dt.date(2026, 6, 30))]


def test_fields_of_wrapped_lines_stand_at_their_characters() -> None:
    line = "各学校要认真落实安全责任逐栋排查校舍逐车检查校车逐人培训保安逐项整改隐患由县教\n"

    assert "县教\n育局" in [one.text for one in _fields(line * 6 + "育局牵头，6月底前完成。\n").owners]


def test_columns_give_the_fields_of_a_row_at_their_cells() -> None:
    builder = Builder("xlsx")
    builder.table(
        [
            [
                Cell(text, number)
                for number, text in enumerate(("工作任务", "责任单位", "配合单位", "完成时限", "频次"))
            ],
            [
                Cell(text, number)
                for number, text in enumerate(("查校舍", "安全办", "各学校", "2026年6月底前", "每月一次"))
            ],
            [Cell(text, number) for number, text in enumerate(("查校车", "安全办", "无", "长期坚持", ""))],
        ]
    )
    document = build(builder.done(), name="", sha256="")
    reader = Reader(document, {1: DAY}, None)
    first, second = Fields(), Fields()
    for row, into in zip(understand_table(document.blocks, document.text), (first, second), strict=True):
        reader.row(row, 1, into)

    assert _names(first) == (["安全办"], ["各学校"])
    assert [(one.text, one.due) for one in first.deadlines] == [("2026年6月底前", dt.date(2026, 6, 30))]
    assert [(one.text, one.rrule) for one in first.cadence] == [("每月一次", "FREQ=MONTHLY")]
    assert _names(second) == (["安全办"], [])
    assert second.deadlines == []
    assert all(document.text[one.start : one.end] == one.text for one in first.owners)
    assert all(document.text[one.start : one.end] == one.text for one in first.support)
