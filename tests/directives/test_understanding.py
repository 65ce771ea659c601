from __future__ import annotations

import pytest

from cast import Cast
from directives.making import taken_in
from luoshi.directives.enums import ClauseState, Stage, Step
from luoshi.directives.models import Directive
from luoshi.directives.understanding import understand

pytestmark = pytest.mark.django_db


def rows(directive: Directive) -> list[tuple[str, str | None, list[str], str | None]]:
    return [
        (row.values["title"], row.values["lead"], row.values["support"], row.values["due"])
        for row in directive.clauses.order_by("number")
    ]


def test_a_speech_is_read_into_rows_that_wait_for_review(cast: Cast) -> None:
    directive = taken_in(cast)

    assert (directive.stage, directive.step, directive.attempts) == (Stage.REVIEW, Step.DONE, 1)
    assert (directive.title, directive.kind) == ("在云岭市教育工作会议上的讲话", "speech")
    assert str(directive.date) == "2026-03-02"
    assert rows(directive) == [
        ("完成校舍隐患排查", "YL-JJ", ["YL-AQ"], "2026-06-30"),
        ("每月开展一次消防演练", "YL-AQ", [], None),
        ("建成心理辅导室", "QH-1", [], "2026-09-01"),
        ("制定帮扶方案", "HS", [], "2026-05-31"),
        ("严格落实课后服务制度", None, ["HS", "HS-1", "QH-1"], None),
    ]
    assert {row.state for row in directive.clauses.all()} == {ClauseState.OPEN}


def test_reading_a_document_twice_changes_nothing(cast: Cast) -> None:
    directive = taken_in(cast)
    before = list(directive.clauses.values())

    understand(directive.pk)

    directive.refresh_from_db()
    assert list(directive.clauses.values()) == before
    assert directive.attempts == 1
