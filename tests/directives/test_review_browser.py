"""The page of a review in a real browser: keys and clicks, two people at once, a lost network, a reload, a phone."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe

from directives.shelves import put
from web.browser import PHONE, Town, Visitor, chromium, running

pytestmark = pytest.mark.skipif(chromium() is None, reason="no Chromium on this machine (Debian: apt install chromium)")

MEETINGS = 10


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("review-town")


@pytest.fixture(scope="module")
def served(folder: Path) -> Iterator[Town]:
    """Serve one installation for all tests of this module."""
    with running(folder) as town:
        yield town


@pytest.fixture(scope="module")
def shelf(served: Town, folder: Path) -> dict[str, int]:
    """Return the documents that are there."""
    return put(
        folder, served.environment, *(f"meeting:{number}" for number in range(MEETINGS)), "speech", "long", "empty"
    )


_FRESH = itertools.count()


@pytest.fixture
def meeting(shelf: dict[str, int]) -> str:
    """Return the address of a document that no other test has touched."""
    return f"/directives/{shelf[f'meeting:{next(_FRESH)}']}/review/"


@pytest.fixture
def town(served: Town, shelf: dict[str, int]) -> Iterator[Town]:
    """Return the running product; nobody may have heard a complaint from the browser afterwards."""
    yield served
    complaints = [one for visitor in served.visitors for one in visitor.complaints]
    served.leave()
    assert complaints == []


class Desk:
    """One reviewer at the page."""

    def __init__(self, visitor: Visitor, address: str) -> None:
        self.visitor, self.page = visitor, visitor.page
        self.acts = 0
        assert visitor.go(address) == 200
        self.page.wait_for_selector("#rows .clause.at, #rows:empty")

    def press(self, *keys: str) -> None:
        """Press keys, and count them."""
        for key in keys:
            self.page.keyboard.press(key)
            self.acts += 1

    def row(self, number: int) -> str:
        """Return what selects a row by its number."""
        return f"#rows > [data-no='{number}']"

    def text(self, number: int) -> str:
        """Return what a row says."""
        return self.page.inner_text(self.row(number))

    def wait(self, number: int, kind: str) -> None:
        """Wait until a row is of a class."""
        self.page.wait_for_selector(f"{self.row(number)}.{kind}", state="attached")

    def wait_for(self, number: int, words: str) -> None:
        """Wait until a row says something."""
        self.page.wait_for_selector(f"{self.row(number)}:has-text('{words}')", state="attached")

    def forgive(self, *marks: str) -> None:
        """Forget the browser's complaints of answers that were meant."""
        self.visitor.complaints[:] = [one for one in self.visitor.complaints if not any(mark in one for mark in marks)]


def test_a_speech_with_nothing_wrong_is_reviewed_in_forty_acts(town: Town, shelf: dict[str, int]) -> None:
    desk = Desk(town.visitor("supervisor"), f"/directives/{shelf['speech']}/review/")
    desk.press(*["y"] * 30)
    desk.page.wait_for_selector("#rows:not(:has(> .st-open))")
    assert desk.page.locator("#rows > .st-checked").count() == 30
    with desk.page.expect_navigation():
        desk.press("c")
    assert desk.visitor.path.endswith("/confirm/")
    assert desk.acts <= 31


def test_unit_and_day_are_set_by_typing(town: Town, meeting: str) -> None:
    desk = Desk(town.visitor("supervisor"), meeting)
    desk.press("e")
    desk.page.keyboard.type("jjk")
    desk.page.wait_for_selector(".offers li:has-text('基础教育科')")
    desk.press("Enter", "d")
    desk.page.keyboard.type("明年6月底前")
    desk.page.wait_for_selector(".said-back:has-text('2027-06-30')")
    desk.press("Enter")
    desk.page.wait_for_selector(f"{desk.row(5)} .n-due.is-decided:has-text('2027-06-30')")
    assert "基础教育科 已定" in " ".join(desk.text(5).split())


def test_a_quick_typist_need_not_wait_for_offers(town: Town, meeting: str) -> None:
    desk = Desk(town.visitor("supervisor"), meeting)
    desk.press("a")
    desk.page.keyboard.type("aqk")
    desk.press("Enter")
    desk.page.wait_for_selector(f"{desk.row(5)} .n-lead.is-decided:has-text('安全科')")


def test_what_cannot_be_taken_is_told_beside_the_field_and_kept(town: Town, meeting: str) -> None:
    desk = Desk(town.visitor("supervisor"), meeting)
    desk.press("a")
    desk.page.keyboard.type("云岭大学")
    desk.press("Enter")
    desk.page.wait_for_selector(".said-back.wrong:has-text('没有“云岭大学”这个单位')")
    assert desk.page.input_value(".inplace input") == "云岭大学"
    desk.press("Escape")
    assert desk.page.locator(".inplace").count() == 0
    desk.forgive("422")


def test_clicking_either_side_shows_the_other(town: Town, meeting: str) -> None:
    desk = Desk(town.visitor("supervisor"), meeting)
    desk.page.click("#s9")
    assert "at" in str(desk.page.get_attribute(desk.row(3), "class")).split()
    desk.page.click(f"{desk.row(2)} .c-no")
    assert desk.page.locator("#text .s.at").get_attribute("id") == "s8"


def test_a_sentence_without_a_row_becomes_one_and_goes_again(town: Town, meeting: str) -> None:
    desk = Desk(town.visitor("supervisor"), meeting)
    desk.page.click("#s10")
    desk.page.click("#act button:has-text('立为条目')")
    desk.page.wait_for_selector("#rows > [data-no='6'].at")
    assert desk.page.get_attribute("#s10", "data-row") == "6"
    desk.press("u")
    desk.page.wait_for_selector("#rows > [data-no='6']", state="detached")
    desk.page.click("#s10")
    desk.page.select_option("#act select[name=label]", "other")
    desk.page.click("#act form[data-act=label] button")
    desk.page.wait_for_selector("#s10.l-other")


def test_rows_are_split_merged_dropped_restored_and_undone_by_keys(town: Town, meeting: str) -> None:
    desk = Desk(town.visitor("supervisor"), f"{meeting}?order=text")
    desk.press("m")
    desk.wait(2, "st-merged")
    desk.press("u")
    desk.wait(2, "st-open")
    desk.press("s")
    desk.page.wait_for_selector("#act input[name=at]")
    desk.press("2", "Enter")
    desk.page.wait_for_selector("#rows > [data-no='6']")
    desk.press("u")
    desk.page.wait_for_selector("#rows > [data-no='6']", state="detached")
    desk.page.click(f"{desk.row(3)} .c-no")
    desk.press("x")
    desk.page.wait_for_selector("#act input[name=why]")
    desk.press("2", "Enter")
    desk.wait(3, "st-dropped")
    assert "不归本局办理" in desk.text(3)
    desk.page.click(f"{desk.row(3)} .c-no")
    desk.press("r")
    desk.wait(3, "st-open")


def test_ticked_rows_are_treated_together(town: Town, meeting: str) -> None:
    desk = Desk(town.visitor("supervisor"), f"{meeting}?order=text")
    for number in (2, 3):
        desk.page.click(f"{desk.row(number)} .c-tick")
    assert "已勾选 2" in desk.page.inner_text("#ticked")
    desk.page.click("[data-many=check]")
    desk.wait(3, "st-checked")
    desk.wait(2, "st-checked")


def test_two_reviewers_see_each_other_and_nothing_typed_is_lost(town: Town, meeting: str) -> None:
    one = Desk(town.visitor("supervisor"), meeting)
    other = Desk(town.visitor("second_supervisor"), meeting)
    other.press("a")
    other.page.keyboard.type("基教")
    one.press("e")
    one.page.keyboard.type("安全科")
    one.press("Enter")
    one.wait_for(5, "安全科")
    other.wait_for(5, "安全科")
    assert "苏晓岚" in other.page.inner_text("#told")
    assert other.page.input_value(".inplace input") == "基教"
    other.page.keyboard.type("科")
    other.press("Enter")
    other.page.wait_for_selector(f"{other.row(5)} .n-lead.is-decided:has-text('基础教育科')")
    one.wait_for(5, "基础教育科")
    assert "孟舒" in one.page.inner_text("#told")


def test_acts_wait_for_a_lost_network_and_typing_for_a_reload(town: Town, meeting: str) -> None:
    desk = Desk(town.visitor("supervisor"), meeting)
    desk.page.context.set_offline(True)
    desk.press("y")
    desk.page.wait_for_selector("#net:has-text('网络断了')")
    desk.page.context.set_offline(False)
    desk.wait(5, "st-checked")
    desk.press("d")
    desk.page.keyboard.type("明年三月")
    desk.page.reload()
    desk.page.wait_for_selector(".inplace input")
    assert desk.page.input_value(".inplace input") == "明年三月"
    desk.press("Escape")
    desk.page.reload()
    desk.page.wait_for_selector("#rows .clause.at")
    assert desk.page.locator(".inplace").count() == 0
    desk.forgive("ERR_INTERNET_DISCONNECTED")


@pytest.mark.parametrize("locale", ["zh-CN", "en-GB"])
@pytest.mark.parametrize("viewport", [{"width": 1440, "height": 900}, {"width": 1366, "height": 768}, PHONE])
def test_the_page_fits_and_is_open_to_everybody(
    town: Town, shelf: dict[str, int], viewport: dict[str, int], locale: str
) -> None:
    visitor = town.visitor("supervisor", viewport=viewport, locale=locale, bypass_csp=True)
    for name in ("speech", "empty"):
        visitor.go(f"/directives/{shelf[name]}/review/")
        visitor.page.wait_for_timeout(300)
        assert visitor.unlabelled() == []
        assert visitor.wider_than_the_screen() <= 0
        found = Axe().run(visitor.page).response["violations"]
        grave = [
            (one["id"], one["nodes"][0]["html"][:200]) for one in found if one["impact"] in {"serious", "critical"}
        ]
        assert grave == []


def test_a_phone_shows_rows_and_the_source_on_demand(town: Town, shelf: dict[str, int]) -> None:
    visitor = town.visitor("supervisor", viewport=PHONE)
    visitor.go(f"/directives/{shelf['speech']}/review/")
    page = visitor.page
    assert not page.locator("#source").is_visible()
    page.locator("#rows > .clause .c-no").nth(3).click()
    assert page.locator("#source").is_visible()
    assert page.locator("#text .s.at").is_visible()
    page.click("[data-source=close]")
    assert not page.locator("#source").is_visible()


def test_everything_can_be_done_without_scripts(town: Town, meeting: str) -> None:
    visitor = town.visitor("supervisor", java_script_enabled=False)
    visitor.go(meeting)
    page = visitor.page
    visitor.press_and_arrive(page.locator("#rows > [data-no='5'] .c-title").click)
    page.get_by_label("牵头单位").fill("基教科")
    visitor.send("保存")
    assert "基础教育科" in page.inner_text("#rows > [data-no='5']")
    visitor.press_and_arrive(page.locator("#rows > [data-no='5'] [data-do=check]").click)
    visitor.send("核对无误")
    assert "已核对" in page.inner_text("#rows > [data-no='5']")
