"""Lists by each of their columns, both ways, page after page, with many equal values and many that are missing."""

from __future__ import annotations

import datetime as dt
import io
import re
from typing import Any, Final

import pytest
from django.utils import timezone
from python_calamine import CalamineWorkbook

from cast import Cast
from luoshi.work import registers
from luoshi.work.actions import open_matter
from luoshi.work.columns import COLUMNS, ORDERS
from luoshi.work.lists import PAGE_SIZE
from luoshi.work.models import Matter
from web.signed_in import as_

NUMBER: Final = 2 * PAGE_SIZE + 7
BEGIN: Final = dt.date(2026, 3, 1)

COLUMN_OF: Final = {
    "due": "due",
    "opened": "opened_at",
    "progress": "progress",
    "reported": "reported_at",
    "submitted": "submitted_at",
    "closed": "closed_at",
}
"""What each order of the list goes by."""


@pytest.fixture
def many(cast: Cast) -> list[Matter]:
    """Return more than two pages of matters; one in four has no date, and each date stands for a dozen of them."""
    registers.sync()
    for number in range(NUMBER):
        row = open_matter(
            "task",
            by=cast.actor("supervisor"),
            title=f"完成校舍排查{number}",
            lead=cast.unit("HS-1"),
            fields={"origin": "meeting"},
        )
        day = None if number % 4 == 3 else BEGIN + dt.timedelta(days=number * 7 % 6)
        moment = None if day is None else timezone.make_aware(dt.datetime.combine(day, dt.time(9, number % 2, 0, 17)))
        Matter.objects.filter(pk=row.pk).update(
            due=day, progress=number * 30 % 110, reported_at=moment, submitted_at=moment, closed_at=moment
        )
    return list(Matter.objects.order_by("pk"))


def _walked(client: Any, address: str) -> list[int]:
    """Return the numbers of all matters of a list as somebody meets them who turns every page."""
    seen: list[int] = []
    where, query = address.split("?")
    for _page in range(NUMBER):
        said = client.get(f"{where}?{query}").content.decode()
        shown = [int(found) for found in re.findall(r'href="/matters/(\d+)/" data-open', said)]
        assert 0 < len(shown) <= PAGE_SIZE
        seen += shown
        following = re.search(r'href="[^"]*\?([^"]+)" rel="next"', said)
        if following is None:
            return seen
        query = following[1].replace("&amp;", "&")
    raise AssertionError("the list has no end")


def _in_order(rows: list[Matter], column: str, *, descending: bool) -> list[int]:
    known = [row for row in rows if getattr(row, column) is not None]
    unknown = [row for row in rows if getattr(row, column) is None]
    known.sort(key=lambda row: (getattr(row, column), row.pk), reverse=descending)
    unknown.sort(key=lambda row: row.pk, reverse=descending)
    return [row.pk for row in known + unknown]


def test_every_column_that_sorts_names_an_order_and_every_order_has_a_column() -> None:
    assert {column.sort for column in COLUMNS.values() if column.sort} == set(ORDERS) == set(COLUMN_OF)


@pytest.mark.parametrize("address", ["/matters/", "/registers/task/"])
def test_a_list_is_in_order_by_each_column_over_all_its_pages_both_ways(
    cast: Cast, many: list[Matter], address: str
) -> None:
    client = as_(cast, "supervisor")
    for name, column in COLUMN_OF.items():
        for sign in ("", "-"):
            walked = _walked(client, f"{address}?sort={sign}{name}&state=all&col=title")
            assert walked == _in_order(many, column, descending=bool(sign)), (name, sign)


def test_a_click_on_a_head_sorts_by_it_and_the_next_the_other_way_round(cast: Cast, many: list[Matter]) -> None:
    client, query = as_(cast, "supervisor"), "col=title&col=progress"
    shown = []
    for _click in range(3):
        said = client.get(f"/registers/task/?{query}").content.decode()
        shown.append(re.findall(r'aria-sort="(\w+)"', said))
        link = re.search(r'<a href="/registers/task/\?([^"]+)">进度', said)
        assert link is not None
        query = link[1].replace("&amp;", "&")
    assert shown == [[], ["ascending"], ["descending"]]


def test_the_rows_of_a_file_stand_in_the_order_of_its_list(cast: Cast, many: list[Matter]) -> None:
    client, numbers = as_(cast, "supervisor"), {row.pk: row.number for row in many}
    for sort in ("due", "-due", "-progress", "closed"):
        response: Any = client.post(f"/registers/task/export/?state=all&col=number&sort={sort}")
        book = CalamineWorkbook.from_filelike(io.BytesIO(b"".join(response.streaming_content)))
        expected = _in_order(many, COLUMN_OF[sort.removeprefix("-")], descending=sort.startswith("-"))
        said = [row[0] for row in book.get_sheet_by_name("事项").to_python()[1:]]
        assert said == [numbers[pk] for pk in expected], sort
