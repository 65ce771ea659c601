"""What stands around every page, and the pages for what went wrong."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from django.template import engines
from django.test import Client, RequestFactory
from django.utils.translation import override

from cast import Cast
from luoshi.web.templatetags.parts import days_left
from luoshi.web.views import broken
from web.signed_in import as_


def _rendered(source: str, **values: object) -> str:
    return engines["django"].from_string(source).render(values).strip()


def test_somebody_who_has_not_signed_in_is_led_to_signing_in(db: None) -> None:
    response = Client().get("/matters/?light=red")
    assert response.status_code == 302
    assert response["Location"] == "/account/login/?next=/matters/%3Flight%3Dred"


@pytest.mark.parametrize(
    ("who", "there", "not_there"),
    [
        ("supervisor", ["我的待办", "全部事项", "台账"], ["操作记录", "运行状况"]),
        ("audit_admin", ["操作记录", "运行状况"], []),
        ("system_admin", ["运行状况"], ["操作记录"]),
        ("discipline", ["操作记录"], ["运行状况"]),
    ],
)
def test_navigation_shows_what_a_role_can_open(cast: Cast, who: str, there: list[str], not_there: list[str]) -> None:
    page = as_(cast, who).get("/").content.decode()
    navigation = page[page.index("<nav") : page.index("</nav>")]
    assert [words for words in there if words not in navigation] == []
    assert [words for words in not_there if words in navigation] == []


@pytest.mark.parametrize(("who", "offered"), [("school_head", True), ("officer", True), ("audit_admin", False)])
def test_an_empty_desk_offers_opening_only_to_those_who_can(cast: Cast, who: str, offered: bool) -> None:
    assert ("到台账里立项" in as_(cast, who).get("/").content.decode()) is offered


def test_the_page_says_who_i_am_with_my_post(cast: Cast) -> None:
    page = as_(cast, "supervisor").get("/").content.decode()
    assert "苏晓岚" in page
    assert "督办科科长" in page


def test_a_page_that_is_not_there_says_so_and_what_to_do(cast: Cast) -> None:
    response = as_(cast, "supervisor").get("/matters/999999/")
    assert response.status_code == 404
    assert "没有这一页，或者您无权知道它" in response.content.decode()
    assert "苏晓岚" in response.content.decode()
    assert Client().get("/nowhere/").status_code == 404


def test_a_refusal_names_its_reason(cast: Cast) -> None:
    response = as_(cast, "officer").get("/records/")
    assert response.status_code == 403
    assert "您的岗位没有这项权限" in response.content.decode()


def test_the_page_for_what_broke_asks_nothing_of_the_database(django_assert_num_queries: object) -> None:
    response = broken(RequestFactory().get("/"))
    assert response.status_code == 500
    assert "没有生效" in response.content.decode()
    assert "has not taken effect" in response.content.decode()


def test_a_form_without_its_token_gets_a_page_that_explains(cast: Cast) -> None:
    response = Client(enforce_csrf_checks=True).post("/language/", {"language": "en"})
    assert response.status_code == 403
    assert "这一页放得太久了" in response.content.decode()


def test_the_language_is_kept_and_the_reader_led_back(cast: Cast) -> None:
    client = as_(cast, "supervisor")
    response = client.post("/language/", {"language": "en", "next": "/matters/"})
    assert (response.status_code, response["Location"]) == (302, "/matters/")
    assert '<html lang="en">' in client.get("/matters/").content.decode()


def test_the_language_form_leads_to_no_other_site(cast: Cast) -> None:
    response = as_(cast, "supervisor").post("/language/", {"language": "en", "next": "https://example.org/"})
    assert response["Location"] == "/"


def test_answers_forbid_everything_inline_and_are_not_stored(cast: Cast) -> None:
    response = as_(cast, "supervisor").get("/")
    policy = response["Content-Security-Policy"]
    assert re.search(r"script-src [^;]*unsafe", policy) is None
    assert "script-src 'self'" in policy
    assert "no-store" in response["Cache-Control"]


@pytest.mark.parametrize(
    ("days", "words"), [(0, "就在今天"), (3, "还有 3 天"), (-1, "已过 1 天"), (400, "还有 400 天")]
)
def test_days_are_told_in_words(days: int, words: str) -> None:
    with override("zh-hans"):
        assert days_left(days) == words


def test_a_day_shows_its_weekday_and_distance() -> None:
    with override("zh-hans"):
        shown = _rendered("{% day due relative=True today=today %}", due=dt.date(2026, 3, 6), today=dt.date(2026, 3, 4))
    assert "2026-03-06 周五" in shown
    assert "还有 2 天" in shown
    assert _rendered("{% day due %}", due=None) == '<span class="soft">—</span>'


@pytest.mark.parametrize(("value", "word"), [("red", "超期"), ("amber", "临期"), ("green", "正常"), ("none", "无灯")])
def test_a_light_has_a_word_beside_its_colour(value: str, word: str) -> None:
    with override("zh-hans"):
        shown = _rendered("{% light value %}", value=value)
    assert word in shown
    assert f"light-{value}" in shown


def test_lights_differ_in_shape() -> None:
    shapes = {
        re.sub(r".*(<(path|circle)[^>]*>).*", r"\1", _rendered("{% light value %}", value=one))
        for one in ("red", "amber", "green")
    }
    assert len(shapes) == 3


def test_components_escape_what_people_wrote() -> None:
    shown = _rendered(
        "{% page_head title=title %}{% endpage_head %}{% unit one %}", title="<b>x", one={"name": "<i>y", "code": '"'}
    )
    assert "<b>" not in shown
    assert "<i>" not in shown
    assert "&lt;b&gt;x" in shown


def test_a_count_stops_at_its_cap() -> None:
    assert _rendered("{% count 10001 %}") == "10,000+"
    assert _rendered("{% count 9999 %}") == "9,999"
