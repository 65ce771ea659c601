"""The demo as its visitor meets it: three steps from a speech to a school at work on it, in both languages."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from web.browser import PASSWORD, PHONE, Town, Visitor, chromium, serving

pytestmark = pytest.mark.skipif(chromium() is None, reason="no Chromium on this machine (Debian: apt install chromium)")

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """Build the demo's data and serve them."""
    folder = tmp_path_factory.mktemp("demo") / "data"
    environment = {name: value for name, value in os.environ.items() if not name.startswith("LUOSHI_")}
    environment |= {"LUOSHI_DEMO_PASSWORD": PASSWORD}
    subprocess.run([sys.executable, "-m", "examples.demo", str(folder)], cwd=ROOT, env=environment, check=True)
    with serving(folder, environment) as town:
        yield town


@pytest.fixture
def town(served: Town) -> Iterator[Town]:
    """Return the running demo; nobody may have heard a complaint from the browser afterwards."""
    yield served
    complaints = [one for visitor in served.visitors for one in visitor.complaints]
    served.leave()
    assert complaints == []


def guide(visitor: Visitor) -> str:
    """Return what the guide says, in one line."""
    visitor.go("/")
    return " ".join(visitor.page.inner_text("#demo-guide").split())


def test_the_three_steps_lead_from_the_speech_to_a_school(town: Town) -> None:
    visitor = town.visitor()
    page = visitor.page
    visitor.go("/account/login/")
    visitor.press_and_arrive(page.locator("#demo-accounts").get_by_role("link", name="duban", exact=True).click)
    enter(visitor, "duban")
    assert "✓" not in guide(visitor)
    visitor.press_and_arrive(page.get_by_role("button", name="收下样例讲话").click)
    page.wait_for_url("**/review/")
    assert guide(visitor).count("✓") == 1
    visitor.follow("去确认")
    assert "29 条要立项" in visitor.text
    visitor.send("确认立项 Enter")
    assert "已立项29件" in visitor.text
    assert guide(visitor).count("✓") == 2
    visitor.press_and_arrive(page.get_by_role("button", name="退出，换 chengdong 登录").click)
    enter(visitor, "chengdong")
    assert "您现在就是这个账号" in guide(visitor)
    visitor.press_and_arrive(page.get_by_role("button", name="签收", exact=True).first.click)
    assert guide(visitor).count("✓") == 3
    assert "三步都走完了" in visitor.text


def enter(visitor: Visitor, name: str) -> None:
    """Sign in where the name is filled in and the password is waited for."""
    assert visitor.page.input_value("input[name=login]") == name
    assert visitor.page.evaluate("document.activeElement.name") == "password"
    visitor.page.keyboard.type(PASSWORD)
    visitor.press_and_arrive(lambda: visitor.page.keyboard.press("Enter"))
    assert visitor.path == "/"


@pytest.mark.parametrize("who", ["duban", "juzhang", "fenguan", "dudao", "jiazhang", "jijian", "xitong", "shenji"])
def test_every_account_of_the_list_opens_a_first_page_that_fits_a_phone(town: Town, who: str) -> None:
    visitor = town.visitor(who, viewport=PHONE)
    assert visitor.page.locator("#demo-guide").count() == 1
    assert visitor.wider_than_the_screen() <= 0
    assert visitor.unlabelled() == []


def test_the_guide_speaks_english(town: Town) -> None:
    visitor = town.visitor(locale="en-GB")
    visitor.go("/account/login/")
    assert re.findall(r"[\u4e00-\u9fff]+", visitor.page.inner_text("#demo-accounts")) == []
