"""Rows of lists: what they show, what they escape, what is made once."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.utils import translation

from cast import Cast
from luoshi.web.rows import rows_of
from luoshi.work import registers
from luoshi.work.actions import open_matter
from luoshi.work.columns import ALL_REGISTERS, COLUMNS
from luoshi.work.models import Matter
from luoshi.work.queries import with_lights

TODAY = dt.date(2026, 11, 22)


@pytest.fixture
def matter(cast: Cast) -> Matter:
    """Return a matter with words that must not become HTML."""
    registers.sync()
    by = cast.actor("supervisor")
    opened = open_matter("task", by=by, title='<b>排查</b>"校舍"', lead=cast.unit("HS-1"), fields={"origin": "meeting"})
    Matter.objects.filter(pk=opened.pk).update(due=TODAY)
    return with_lights(Matter.objects.filter(pk=opened.pk), TODAY).get()


def shown(matter: Matter, *names: str, **changes: Any) -> str:
    for name, value in changes.items():
        setattr(matter, name, value)
    with translation.override("zh-hans"):
        return rows_of([matter], [COLUMNS[name] for name in names], today=TODAY, words={"task": "任<务"})


def test_a_row_has_a_box_to_tick_and_its_cells_in_order(matter: Matter) -> None:
    html = shown(matter, "number", "title", "progress")
    assert html.startswith(
        f'<tr data-row>\n<td class="pick brief"><input type="checkbox" name="row" value="{matter.pk}"'
    )
    assert html.index('<td class="brief">') < html.index('<td class="title">') < html.index('<td data-head="进度">')
    assert html.endswith("</td>\n</tr>\n")
    assert html.count("<td") == html.count("</td>") == 4


def test_words_of_people_are_escaped(matter: Matter) -> None:
    html = shown(matter, "title", "register", "stuck", "requirement", stuck="<i>", requirement="a&b")
    assert f'<a href="/matters/{matter.pk}/" data-open>&lt;b&gt;排查&lt;/b&gt;&quot;校舍&quot;</a>' in html
    assert '<td class="brief">任&lt;务</td>' in html
    assert '<td data-head="卡点">&lt;i&gt;</td>' in html
    assert ">a&amp;b</td>" in html
    assert "<b>" not in html
    assert "<i>" not in html


def test_an_unknown_register_is_shown_by_its_code(matter: Matter) -> None:
    assert '<td class="brief">a&lt;b</td>' in shown(matter, "register", register="a<b")


@pytest.mark.parametrize(("confidential", "marks"), [(True, 1), (False, 0)])
def test_only_confidential_matters_are_marked(matter: Matter, confidential: bool, marks: int) -> None:
    assert shown(matter, "number", confidential=confidential).count('<span class="state secret">保密</span>') == marks


def test_a_due_date_is_near_or_far_only_while_the_matter_is_open(matter: Matter) -> None:
    assert "就在今天" in shown(matter, "due")
    assert "就在今天" not in shown(matter, "due", is_open=False)
    assert '<time datetime="2026-11-22" class="nowrap">2026-11-22 周日</time>' in shown(matter, "due")


def test_nothing_is_shown_as_a_dash_or_as_nothing(matter: Matter) -> None:
    html = shown(matter, "due", "reported_at", "stuck", "handler", "urged", due=None)
    assert html.count('<span class="soft">—</span>') == 2
    assert '<td data-head="卡点"></td><td data-head="经办人"></td><td class="number" data-head="催办次数"></td>' in html


def test_long_texts_are_cut_and_short_ones_are_not(matter: Matter) -> None:
    assert 70 <= shown(matter, "last_report", last_report="长" * 81).count("长") < 80
    assert f"{'长' * 80}</td>" in shown(matter, "last_report", last_report="长" * 80)


def test_every_column_can_be_written(matter: Matter) -> None:
    html = shown(matter, *COLUMNS)
    assert html.count("<td") == html.count("</td>") == len(COLUMNS) + 1


def test_rows_speak_the_readers_language(matter: Matter) -> None:
    with translation.override("en"):
        english = rows_of([matter], [COLUMNS[name] for name in ALL_REGISTERS], today=TODAY, words={})
    assert english != shown(matter, *ALL_REGISTERS)
    assert "周日" not in english
