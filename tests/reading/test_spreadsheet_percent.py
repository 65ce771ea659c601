"""Percentages of a workbook read as they are shown."""

from __future__ import annotations

import io

import pytest
import xlsxwriter

from luoshi.reading.formats.spreadsheet import read
from luoshi.reading.formats.spreadsheet_percent import percent_cells, shown_as_percent


def workbook(*formats: str) -> bytes:
    """Write 0.85 once in each number format, from B3 downwards."""
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target)
    sheet = book.add_worksheet("目标")
    sheet.write(1, 1, "满意度")
    for row, number_format in enumerate(formats):
        sheet.write(2 + row, 1, 0.85, book.add_format({"num_format": number_format}))
    book.close()
    return target.getvalue()


def test_percentages_of_every_form_read_as_shown() -> None:
    text = read(workbook("0%", "0.00%", "0.0%;[Red]-0.0%"), "目标.xlsx").text
    assert text.split() == ["满意度", "85%", "85%", "85%"]


def test_other_numbers_stay_as_they_are() -> None:
    text = read(workbook("0.00", '0.00"%"', "General"), "目标.xlsx").text
    assert text.split() == ["满意度", "0.85", "0.85", "0.85"]


def test_places_are_counted_from_the_first_cell_of_the_sheet() -> None:
    assert percent_cells(workbook("0.00", "0%")) == {"目标": {(3, 1)}}


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("0.85", "85%"),
        ("1", "100%"),
        ("0.855", "85.5%"),
        ("-0.05", "-5%"),
        ("12", "1200%"),
        ("约八成", "约八成"),
        ("", ""),
    ],
)
def test_bare_number_is_shown_as_percentage(value: str, shown: str) -> None:
    assert shown_as_percent(value) == shown
