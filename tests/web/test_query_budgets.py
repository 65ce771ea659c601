"""No list asks more of the database when it has more rows."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cast import Cast
from luoshi.work import registers
from luoshi.work.actions import open_matter, perform
from web.signed_in import as_

BUDGETS = Path(__file__).parent.parent / "query_budgets.txt"
LINES = [line.split() for line in BUDGETS.read_text().splitlines() if line and not line.startswith("#")]


@pytest.fixture
def full(cast: Cast) -> Cast:
    """Return the cast with two dozen matters in several states."""
    registers.sync()
    by = cast.actor("supervisor")
    for number in range(24):
        unit = ("HS-1", "QH-1", "YL-JJ")[number % 3]
        matter = open_matter(
            "task", by=by, title=f"完成校舍排查{number}", lead=cast.unit(unit), fields={"origin": "meeting"}
        )
        if number % 2:
            perform(matter, "assign", by=by, support=[cast.unit("HS-Y")])
    return cast


@pytest.mark.parametrize(("address", "who", "most"), LINES, ids=str)
def test_a_list_stays_within_its_budget(full: Cast, address: str, who: str, most: str) -> None:
    client: Any = as_(full, who)
    client.get(address)
    with CaptureQueriesContext(
        connection,
    ) as asked:
        assert client.get(address).status_code == 200
    assert len(asked) <= int(most), "\n".join(query["sql"][:200] for query in asked.captured_queries)
