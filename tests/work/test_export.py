"""Lists as workbooks: what is in them, what is not, and that it is written down."""

from __future__ import annotations

import io
import zipfile
from typing import Any

import pytest
from django.utils.translation import override
from python_calamine import CalamineWorkbook

from cast import Cast
from luoshi.ledger.models import Record
from luoshi.work import export, registers
from luoshi.work.actions import open_matter
from luoshi.work.columns import COLUMNS
from luoshi.work.models import Matter
from web.signed_in import as_


@pytest.fixture
def matters(cast: Cast) -> list[Matter]:
    """Return two tasks of different schools, one with a title that looks like a formula."""
    registers.sync()
    by = cast.actor("supervisor")
    return [
        open_matter("task", by=by, title=title, lead=cast.unit(unit), fields={"origin": "meeting"})
        for title, unit in (("=1+2 整改", "HS-1"), ("检查食堂", "QH-1"))
    ]


def _taken(cast: Cast, who: str, address: str) -> tuple[bytes, dict[str, list[list[Any]]]]:
    response: Any = as_(cast, who).post(address)
    assert response.status_code == 200
    content = b"".join(response.streaming_content)
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    return content, {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}


def test_a_list_is_taken_out_with_its_columns_and_a_cover(cast: Cast, matters: list[Matter]) -> None:
    _content, sheets = _taken(
        cast, "supervisor", "/registers/task/export/?col=number&col=title&col=lead&sort=opened&q=整改"
    )
    assert sheets["事项"] == [["编号", "事项", "牵头单位"], [matters[0].number, "=1+2 整改", "槐树镇第一小学"]]
    cover = {row[0]: row[1] for row in sheets["说明"]}
    assert (cover["导出人"], cover["条数"], cover["编号或事项"]) == ("苏晓岚", "1", "整改")


def test_no_cell_of_it_computes(cast: Cast, matters: list[Matter]) -> None:
    content, _sheets = _taken(cast, "supervisor", "/matters/export/")
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        sheets = [book.read(name).decode() for name in book.namelist() if name.startswith("xl/worksheets/")]
    assert [sheet for sheet in sheets if "<f>" in sheet or "<f " in sheet] == []


def test_only_what_one_may_take_out_is_in_it(cast: Cast, matters: list[Matter]) -> None:
    _content, sheets = _taken(cast, "school_head", "/matters/export/?col=title")
    assert sheets["事项"] == [["事项"], ["=1+2 整改"]]
    assert as_(cast, "observer").post("/matters/export/").status_code == 403


def test_taking_out_is_written_down(cast: Cast, matters: list[Matter]) -> None:
    _taken(cast, "supervisor", "/registers/task/export/?q=食堂")
    record = Record.objects.get(act="matter.export")
    assert (record.actor_name, record.subject_name, record.data["rows"]) == ("苏晓岚", "督办任务", 1)


def test_a_refused_file_is_not_written_down(cast: Cast, matters: list[Matter]) -> None:
    as_(cast, "observer").post("/matters/export/")
    assert not Record.objects.filter(act="matter.export").exists()


def test_a_confidential_matter_is_in_no_file_of_others(cast: Cast, matters: list[Matter]) -> None:
    Matter.objects.update(confidential=True)
    _content, sheets = _taken(cast, "supervisor", "/matters/export/?state=all&col=title")
    assert sheets["事项"] == [["事项"]]


def test_too_long_a_list_is_refused_with_what_to_do(
    cast: Cast, matters: list[Matter], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(export, "MOST_ROWS", 1)
    response = as_(cast, "supervisor").post("/matters/export/?q=&state=all", follow=True)
    assert "缩小范围" in response.content.decode()
    assert not Record.objects.filter(act="matter.export").exists()


def test_rows_without_a_date_come_after_the_others(cast: Cast, matters: list[Matter]) -> None:
    Matter.objects.filter(pk=matters[1].pk).update(due="2026-03-01")
    Matter.objects.filter(pk=matters[0].pk).update(due=None)
    _content, sheets = _taken(cast, "supervisor", "/matters/export/?col=title&sort=due")
    assert [row[0] for row in sheets["事项"][1:]] == ["检查食堂", "=1+2 整改"]


@pytest.mark.parametrize(("language", "short"), [("zh-hans", "督办"), ("en", "Tasks")])
def test_a_register_is_named_in_words_in_the_readers_language(
    cast: Cast, matters: list[Matter], language: str, short: str
) -> None:
    with override(language):
        assert [str(COLUMNS["register"].value(row)) for row in matters] == [short, short]
