"""The story's two documents: the speech that became matters long ago, and the notice that is being reviewed."""

from __future__ import annotations

import datetime as dt
import io
from typing import Any, Final

from examples.demo.papers import docx_of, filled, moved
from examples.demo.story import Story
from examples.demo.work import work

from luoshi.directives.actions.confirming import confirm
from luoshi.directives.actions.review import check, drop, edit
from luoshi.directives.actions.taking_in import take_in
from luoshi.directives.models import Clause, Directive
from luoshi.directives.readiness import readiness
from luoshi.directives.understanding import understand

__all__ = ["notice", "speech"]

_AGO: Final = 180
"""The speech was held at least so many days before today."""

_TITLES: Final = {
    "会同县公安局": "每学期全面检查校车",
    "会后": "把任务分解到股室和学校",
    "对排名": "派专家组驻校指导",
    "抽查结果": "每月抽查作业管理",
    "每名教师": "组织暑假全员培训",
}
"""What the clerk calls rows whose drafted title begins so."""
_LEADS: Final = {
    "食堂": "QH05",
    "陪餐": "QH05",
    "自查": "QH05",
    "作业": "QH02",
    "入学": "QH02",
    "体育": "QH17",
    "心理": "QH12",
    "教研": "QH07",
    "平台": "QH16",
}
"""Whom the clerk asks where the text names nobody in particular, by a word of the demand."""


def speech(story: Story) -> None:
    """Take the speech in on its day, put right what the draft got wrong, confirm it, and let units work on it."""
    day = _day_of_speech(story.today)
    directive = taken_in(
        story, "讲话.docx", docx_of(moved(day.year)), day + dt.timedelta(days=2), f"{day.year}年工作要点"
    )
    reviewed = day + dt.timedelta(days=4)
    corrected(story, directive, reviewed)
    at = story.at(reviewed, 16)
    done = confirm(directive, by=story.clerk, operation=story.operation(), at=at)
    for matter in done.matters:
        work(story, matter)


def notice(story: Story) -> None:
    """Take the notice in two weeks ago; some of its rows have been checked, one was put right, the others wait."""
    day = story.today - dt.timedelta(days=14)
    lines = [line for line in filled("寒假通知.txt", day) if line]
    directive = taken_in(story, "期末和寒假工作通知.docx", docx_of(lines), day + dt.timedelta(days=1), "")
    rows = list(directive.clauses.order_by("number"))
    at = story.at(story.today - dt.timedelta(days=12), 10)
    check(rows[:3], by=story.clerk, operation=story.operation(), at=at)
    edit(rows[3], by=story.clerk, operation=story.operation(), at=at, support=["QH02"], title="开设寒假托管班")


def taken_in(story: Story, name: str, content: bytes, day: dt.date, programme: str) -> Directive:
    """Take a file in on a day and have it read."""
    at = story.at(day, 9)
    directive = take_in(
        io.BytesIO(content), by=story.clerk, name=name, operation=story.operation(), programme=programme, at=at
    )
    understand(directive.pk, at=at)
    directive.refresh_from_db()
    if directive.stage != "review":
        raise RuntimeError(f"{name}: {directive.stage} {directive.failure}")
    return directive


def corrected(story: Story, directive: Directive, day: dt.date) -> None:
    """Drop the row that is no task, put right what stands in the way of confirming or reads badly, check the rest."""
    unsure = min(directive.clauses.all(), key=lambda row: row.confidence)
    by, at = story.clerk, story.at(day, 10)
    drop([unsure], by=by, operation=story.operation(), why="not_a_task", label="principle", at=at)
    for candidate in readiness(directive, by, today=day).rows:
        values = better(candidate.clause, day, missing=bool(candidate.missing))
        if values:
            edit(candidate.clause, by=by, operation=story.operation(), at=story.at(day, 11), **values)
    left = list(directive.clauses.filter(state="open").order_by("number"))
    check(left, by=by, operation=story.operation(), at=story.at(day, 15))


def better(clause: Clause, day: dt.date, *, missing: bool) -> dict[str, Any]:
    """Return what the clerk changes in a row: a title that is no title, a lead unit and a day that it lacks."""
    now, found = clause.values, dict[str, Any]()
    for words, title in _TITLES.items():
        if now["title"].startswith(words):
            found["title"] = title
    if now["lead"] in {None, "QH"}:  # the authority as a whole does nothing by itself
        words = f"{now['title']}{now['requirement']}"
        found["lead"] = next((code for word, code in _LEADS.items() if word in words), "QH01")
    if missing and (now["due"] is None or now["due"] < day.isoformat()):
        found["due"] = max(dt.date(day.year, 12, 31), day + dt.timedelta(days=60))
    return found


def _day_of_speech(today: dt.date) -> dt.date:
    """Return the day of the speech in the newest year that lies far enough behind."""
    this = dt.date(today.year, 2, 27)
    return this if this <= today - dt.timedelta(days=_AGO) else dt.date(today.year - 1, 2, 27)
