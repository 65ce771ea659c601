"""Due days that had gone by when a document was taken in: cleared together, told once, taken back together."""

from __future__ import annotations

import datetime as dt
import re
import uuid
from collections.abc import Iterator

import pytest
from django.utils import timezone

from cast import Cast
from directives.making import taken_in
from luoshi.directives import checks
from luoshi.directives.actions.past_days import clear_past
from luoshi.directives.actions.review import drop, edit, undo
from luoshi.directives.errors import ChangedMeanwhileError, ImpossibleError
from luoshi.directives.models import Clause, Directive
from luoshi.org.policy import RefusedError
from web.signed_in import as_

pytestmark = pytest.mark.django_db

NEXT = timezone.now().year + 1
SPEECH = f"""在云岭市教育工作会议上的讲话
（2026年2月2日）
同志们：
一、今年的重点任务
基教科牵头，2月底前完成校舍隐患排查。
安全科牵头，3月底前完成消防演练。
青禾第一中学牵头，{NEXT}年6月底前建成心理辅导室。
尽快清理校门口违规摊点，3月底前见成效。
"""


def past_of(directive: Directive) -> list[int]:
    """Return the numbers of the rows whose day has gone by."""
    today = timezone.localdate().isoformat()
    rows = directive.clauses.order_by("number")
    return [row.number for row in rows if row.values.get("due") and row.values["due"] < today]


@pytest.fixture
def directive(cast: Cast) -> Iterator[Directive]:
    made = taken_in(cast, SPEECH)
    assert past_of(made) == [1, 2, 4]
    yield made
    assert list(checks.findings()) == []


def rows_of(directive: Directive) -> list[Clause]:
    return list(directive.clauses.order_by("number"))


def clear(directive: Directive, cast: Cast, who: str = "supervisor", **more: object) -> object:
    today = timezone.localdate()
    return clear_past(rows_of(directive), by=cast.actor(who), operation=uuid.uuid4(), today=today, **more)  # type: ignore[arg-type]


def address(directive: Directive, more: str = "") -> str:
    return f"/directives/{directive.pk}/confirm/{more}"


# --- the act ------------------------------------------------------------------------------------------------------


def test_only_days_gone_by_are_cleared_in_one_edit_and_one_undo_brings_them_back(
    directive: Directive, cast: Cast
) -> None:
    before = [(row.values, row.decided) for row in rows_of(directive)]
    clear(directive, cast)
    after = rows_of(directive)
    assert [row.values["due"] for row in after] == [None, None, before[2][0]["due"], None]
    assert [row.values["due_text"] for row in after if row.number != 3] == ["", "", ""]
    assert ["due" in row.decided for row in after] == [True, True, False, True]
    assert directive.edits.count() == 1
    undo(directive, by=cast.actor("supervisor"), operation=uuid.uuid4())
    assert [(row.values, row.decided) for row in rows_of(directive)] == before


def test_the_same_form_clears_once(directive: Directive, cast: Cast) -> None:
    operation, today = uuid.uuid4(), timezone.localdate()
    for _time in range(2):
        clear_past(rows_of(directive), by=cast.actor("supervisor"), operation=operation, today=today)
    assert directive.edits.count() == 1


def test_a_day_is_past_from_the_next_day_on(directive: Directive, cast: Cast) -> None:
    row = directive.clauses.get(number=3)
    due = dt.date.fromisoformat(row.values["due"])
    with pytest.raises(ImpossibleError, match="没有已过的时限"):
        clear_past([row], by=cast.actor("supervisor"), operation=uuid.uuid4(), today=due)
    later = due + dt.timedelta(days=1)
    clear_past([row], by=cast.actor("supervisor"), operation=uuid.uuid4(), today=later)
    assert directive.clauses.get(number=3).values["due"] is None


def test_a_row_that_is_not_taken_up_keeps_its_day(directive: Directive, cast: Cast) -> None:
    drop([directive.clauses.get(number=1)], by=cast.actor("supervisor"), operation=uuid.uuid4(), why="done")
    clear(directive, cast)
    assert past_of(directive) == [1]


def test_what_others_changed_since_the_page_is_not_cleared(directive: Directive, cast: Cast) -> None:
    seen = {row.uid: row.version for row in rows_of(directive)}
    first = directive.clauses.get(number=1)
    edit(first, by=cast.actor("second_supervisor"), operation=uuid.uuid4(), title="另一个标题")
    with pytest.raises(ChangedMeanwhileError):
        clear(directive, cast, seen=seen)
    assert past_of(directive) == [1, 2, 4]


@pytest.mark.parametrize("who", ["leader", "head", "school_head"])
def test_who_does_not_review_clears_nothing(directive: Directive, cast: Cast, who: str) -> None:
    with pytest.raises(RefusedError):
        clear(directive, cast, who)
    assert past_of(directive) == [1, 2, 4]


# --- the page -----------------------------------------------------------------------------------------------------


def test_the_page_clears_rows_that_lack_nothing_else_and_takes_it_back(directive: Directive, cast: Cast) -> None:
    client = as_(cast, "supervisor")
    page = client.get(address(directive)).content.decode()
    assert "把已过的时限清空，按台账规则推算 2 条" in page
    answer = client.post(address(directive, "past/"))
    assert answer.headers["Location"] == address(directive, "?cleared=1")
    assert past_of(directive) == [4], "a row without a lead wants a person anyway"
    page = client.get(answer.headers["Location"]).content.decode()
    assert "清空了2条已过的时限。" in page
    assert "按台账规则推算 " not in page
    answer = client.post(address(directive, "past/back/"))
    assert answer.headers["Location"] == address(directive)
    assert past_of(directive) == [1, 2, 4]
    page = client.get(address(directive)).content.decode()
    assert "2条恢复原样。" in page
    assert "撤销清空时限" not in page


def test_a_row_that_lacks_two_things_is_listed_once_with_both(directive: Directive, cast: Cast) -> None:
    page = as_(cast, "supervisor").get(address(directive)).content.decode()
    listed = page[page.index('class="confirm-missing"') :]
    listed = listed[: listed.index("</ul>")]
    assert re.findall(r"第 (\d+) 条", listed) == ["1", "2", "4"]
    assert listed.count('<p class="late">') == 4


def test_undoing_is_offered_only_to_who_cleared_and_while_nothing_followed(directive: Directive, cast: Cast) -> None:
    as_(cast, "supervisor").post(address(directive, "past/"))
    told = "撤销清空时限"
    assert told in as_(cast, "supervisor").get(address(directive, "?cleared=1")).content.decode()
    assert told not in as_(cast, "second_supervisor").get(address(directive, "?cleared=1")).content.decode()
    edit(directive.clauses.get(number=3), by=cast.actor("supervisor"), operation=uuid.uuid4(), title="甲")
    assert told not in as_(cast, "supervisor").get(address(directive, "?cleared=1")).content.decode()


def test_nothing_to_clear_is_said_and_changes_nothing(directive: Directive, cast: Cast) -> None:
    client = as_(cast, "supervisor")
    for _time in range(2):
        client.post(address(directive, "past/"))
    assert "没有已过的时限，不用清空。" in client.get(address(directive)).content.decode()
    assert directive.edits.count() == 1


@pytest.mark.parametrize("more", ["past/", "past/back/"])
@pytest.mark.parametrize(("who", "status"), [("leader", 403), ("head", 403), ("stranger", 403)])
def test_who_may_not_review_is_refused(directive: Directive, cast: Cast, who: str, status: int, more: str) -> None:
    assert as_(cast, who).post(address(directive, more)).status_code == status
    assert past_of(directive) == [1, 2, 4]


@pytest.mark.parametrize("more", ["past/", "past/back/"])
def test_asking_with_get_is_not_allowed_and_an_unknown_document_is_not_found(
    directive: Directive, cast: Cast, more: str
) -> None:
    client = as_(cast, "supervisor")
    assert client.get(address(directive, more)).status_code == 405
    assert client.post(f"/directives/{'9' * 30}/confirm/{more}").status_code == 404
    Directive.objects.filter(pk=directive.pk).update(confidential=True)
    assert client.post(address(directive, more)).status_code == 404
    Directive.objects.filter(pk=directive.pk).update(confidential=False)
