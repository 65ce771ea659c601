"""Units and people offered while somebody types, in a real browser: keys, a finger, and words that are good as they are."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from web.browser import PHONE, Town, Visitor, chromium, running

pytestmark = pytest.mark.skipif(chromium() is None, reason="no Chromium on this machine (Debian: apt install chromium)")

OPENING = "/registers/task/open/"
LEAD = "input[name=lead]"
FIRST = ".offers:visible li"


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """Serve one installation for all tests of this module."""
    with running(tmp_path_factory.mktemp("offers-town")) as town:
        yield town


@pytest.fixture
def town(served: Town) -> Iterator[Town]:
    """Return the running product; nobody may have heard a complaint from the browser afterwards."""
    yield served
    complaints = [one for visitor in served.visitors for one in visitor.complaints]
    served.leave()
    assert complaints == []


def typing(visitor: Visitor, words: str, *, field: str = LEAD, page: str = OPENING) -> None:
    """Type into a field of a page."""
    assert visitor.go(page) == 200
    visitor.page.click(field)
    visitor.page.keyboard.type(words)


def test_initials_offer_the_department_and_enter_takes_it_without_sending_the_form(town: Town) -> None:
    visitor = town.visitor("supervisor")
    typing(visitor, "jjk")
    visitor.page.wait_for_selector(FIRST)
    assert visitor.page.locator(FIRST).all_inner_texts() == ["基础教育科（YL-JJ）"]
    visitor.page.keyboard.press("Enter")
    visitor.page.wait_for_selector(".offers:visible", state="hidden")
    assert visitor.page.input_value(LEAD) == "基础教育科（YL-JJ）"
    assert visitor.path == OPENING


def test_a_quick_typist_need_not_wait_for_the_offers(town: Town) -> None:
    visitor = town.visitor("supervisor")
    typing(visitor, "aqk")
    visitor.page.keyboard.press("Enter")
    expect(visitor.page.locator(LEAD)).to_have_value("安全科（YL-AQ）")
    assert visitor.path == OPENING


def test_arrows_choose_and_escape_leaves_what_was_typed(town: Town) -> None:
    visitor = town.visitor("supervisor")
    typing(visitor, "槐树")
    visitor.page.wait_for_selector(FIRST)
    offered = visitor.page.locator(FIRST).all_inner_texts()
    assert len(offered) == 3
    visitor.page.keyboard.press("ArrowDown")
    chosen = visitor.page.get_attribute(LEAD, "aria-activedescendant")
    assert visitor.page.inner_text(f"#{chosen}") == offered[1]
    visitor.page.keyboard.press("Escape")
    assert visitor.page.locator(FIRST).count() == 0
    assert visitor.page.input_value(LEAD) == "槐树"
    assert visitor.page.get_attribute(LEAD, "aria-expanded") == "false"


def test_words_that_nobody_goes_by_are_left_and_enter_sends_the_form(town: Town) -> None:
    visitor = town.visitor("supervisor")
    typing(visitor, "云岭大学")
    visitor.page.keyboard.press("Enter")
    expect(visitor.page.locator("[name=title]")).to_be_focused()  # the browser: this is to be filled first
    assert visitor.page.input_value(LEAD) == "云岭大学"
    assert visitor.page.locator(FIRST).count() == 0


def test_several_units_are_added_one_by_one_and_words_left_in_the_line_are_not_lost(town: Town) -> None:
    visitor = town.visitor("supervisor")
    typing(visitor, "jjk", field="input.adds")
    visitor.page.wait_for_selector(FIRST)
    visitor.page.keyboard.press("Enter")
    visitor.page.keyboard.type("安全科")
    visitor.page.wait_for_selector(FIRST)
    visitor.page.click(FIRST)
    visitor.page.keyboard.type("云岭大学")
    visitor.page.keyboard.press("Tab")
    assert visitor.page.input_value("textarea[name=support]") == "基础教育科（YL-JJ）、安全科（YL-AQ）、云岭大学"
    assert visitor.page.input_value("input.adds") == ""


def test_a_filter_goes_by_a_part_of_names_and_takes_initials_too(town: Town) -> None:
    visitor = town.visitor("supervisor")
    visitor.page.set_viewport_size({"width": 1366, "height": 768})
    field = ".filters [data-pick=unit]"
    typing(visitor, "槐树", field=field, page="/registers/task/")
    visitor.page.wait_for_selector(FIRST)
    visitor.press_and_arrive(lambda: visitor.page.keyboard.press("Enter"))
    assert visitor.page.input_value(field) == "槐树"
    typing(visitor, "jjk", field=field, page="/registers/task/")
    visitor.page.wait_for_selector(FIRST)
    visitor.page.keyboard.press("Enter")
    expect(visitor.page.locator(field)).to_have_value("基础教育科（YL-JJ）")


def test_offers_are_big_enough_for_a_finger_and_are_read_aloud(town: Town) -> None:
    visitor = town.visitor("supervisor", viewport=PHONE, has_touch=True)
    typing(visitor, "槐树")
    visitor.page.wait_for_selector(FIRST)
    boxes = [one.bounding_box() for one in visitor.page.locator(FIRST).all()]
    assert [box["height"] >= 44 for box in boxes if box] == [True] * 3
    assert visitor.wider_than_the_screen() <= 0
    found = Axe().run(visitor.page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"]})
    assert [one["id"] for one in found.response["violations"]] == []
    visitor.page.tap(FIRST)
    assert visitor.page.input_value(LEAD).startswith("槐树")
    assert visitor.page.locator(FIRST).count() == 0
