"""What several tests of written files need: a table of invented work, and looks into the parts of an office file."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from collections.abc import Sequence
from typing import BinaryIO, Protocol

from lxml import etree

from luoshi.gongwen import Cell, CellValue, Column, Sheet

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
S = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"

COLUMNS = (
    Column("number", "序号", 6, align="center", low_marks=False),
    Column("task", "工作任务", 28),
    Column("quote", "原文要求", 48),
    Column("lead", "牵头单位", 16),
    Column("due", "完成时限", 14, align="center"),
)


class Writer(Protocol):
    def __call__(self, target: BinaryIO) -> None: ...


def work_row(number: int, quote: str = "组织各学校逐校排查校舍，建立台账，9月底前整改到位。") -> list[Cell]:
    return [number, "排查校舍安全隐患", quote, "青禾县教育局", dt.date(2026, 9, 30)]


def work_sheet(rows: Sequence[Sequence[Cell]], *, footnote: str = "") -> Sheet:
    return Sheet(
        "任务分解表",
        COLUMNS,
        rows,
        title="青禾县教育工作任务分解表",
        source="来源：全县教育工作会议讲话",
        footnote=footnote,
    )


def one_cell(cell: Cell, width: float = 30) -> Sheet:
    return Sheet("表", [Column("only", "内容", width)], [[cell]])


def doubtful(text: str = "青禾县教育局", note: str = "原文只写“有关科室”") -> CellValue:
    return CellValue(text, low=True, note=note)


def written(writer: Writer) -> bytes:
    buffer = io.BytesIO()
    writer(buffer)
    return buffer.getvalue()


def part(content: bytes, name: str) -> etree._Element:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return etree.fromstring(archive.read(name))


def part_names(content: bytes) -> list[str]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.testzip() is None
        return archive.namelist()


def text_of(element: etree._Element) -> str:
    return "".join(map(str, element.itertext()))
