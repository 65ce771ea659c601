"""The whole way in a real browser: a document is dropped, understood, mended, confirmed, worked on, and told of."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest
from docx import Document
from PIL import Image

from web.browser import PHONE, Town, Visitor, chromium, running

pytestmark = pytest.mark.skipif(chromium() is None, reason="no Chromium on this machine (Debian: apt install chromium)")

TODAY: Final = dt.date.today()  # noqa: DTZ011 — whichever day it is
TITLE: Final = "完成校舍安全排查"


def day(ahead: int) -> str:
    """Return a day to come as documents write it."""
    due = TODAY + dt.timedelta(days=ahead)
    return f"{due.year}年{due.month}月{due.day}日"


SPEECH: Final = f"""在云岭市学校安全推进会上的讲话
（{day(0)}）
同志们：
一、前一段的工作
去年我市新建幼儿园3所，改造食堂12个。
二、近期的任务
1.排查校舍。槐树镇第一小学要在{day(20)}前{TITLE}，整改率达到98%以上。
2.开展演练。安全科要在{day(25)}前组织一次消防演练。
3.食堂安全。安全科要在{day(30)}前检查食堂30个。
4.公布结果。安全科要在{day(40)}前公布食堂检查结果。
5.帮扶学校。基教科要在{day(35)}前制定帮扶方案，并在{day(60)}前完成帮扶12所薄弱学校。
同志们，让我们一起努力。"""
"""Five rows: one that a school leads, two that belong together, one that is two."""


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """Serve one installation."""
    with running(tmp_path_factory.mktemp("way")) as town:
        yield town


@pytest.fixture
def town(served: Town) -> Iterator[Town]:
    """Return the running product; nobody may have heard a complaint from the browser afterwards."""
    yield served
    complaints = [one for visitor in served.visitors for one in visitor.complaints]
    served.leave()
    assert complaints == []


def docx(folder: Path) -> Path:
    """Write the speech as a word processor would."""
    document = Document()
    for line in SPEECH.splitlines():
        document.add_paragraph(line)
    path = folder / "讲话.docx"
    document.save(str(path))
    return path


def picture(folder: Path) -> Path:
    """Return a photograph of a repaired wall, as far as the product can tell."""
    path = folder / "围墙修复后.jpg"
    buffer = io.BytesIO()
    Image.new("RGB", (320, 240), (180, 170, 150)).save(buffer, "JPEG")
    path.write_bytes(buffer.getvalue())
    return path


def test_a_document_becomes_work_that_is_closed_and_the_document_tells_so(town: Town, tmp_path: Path) -> None:
    clerk = town.visitor("supervisor")
    document = dropped(clerk, docx(tmp_path))
    reviewed(clerk)
    confirmed(clerk)
    matter = accepted(town.visitor("school_head", viewport=PHONE))
    officer = town.visitor("school_officer")
    handed_in(officer, matter, picture(tmp_path))
    head = town.visitor("school_head")
    signed(head, matter)
    clerk.go(matter)
    clerk.page.locator(".menu summary").first.click()
    clerk.follow("退回")
    clerk.page.locator("main textarea").first.fill("照片只看得出东墙，请补充西墙。")
    clerk.send("退回")
    officer.go("/")
    assert "退回" in officer.text
    officer.go(matter)
    assert "请补充西墙" in officer.text
    officer.follow("报结")
    officer.page.get_by_label("办理结果").fill("西墙也已修复，照片里左边就是。")
    officer.send("报结")
    signed(head, matter)
    clerk.go(matter)
    clerk.follow("核查通过")
    clerk.page.get_by_label("良好").check()
    clerk.send("核查通过")
    assert "已销号" in clerk.text
    told(clerk, document)


def dropped(clerk: Visitor, file: Path) -> str:
    """Take the file in, wait until it is read; return the document's address."""
    clerk.go("/directives/")
    clerk.follow("收文")
    clerk.page.set_input_files("input[type=file]", str(file))
    clerk.press_and_arrive(clerk.page.get_by_role("button", name="收文并读取").click)
    clerk.page.wait_for_url("**/review/")
    return clerk.path.removesuffix("review/")


def reviewed(clerk: Visitor) -> None:
    """Put a lead unit right by typing, merge two rows, split one, and say that all are right."""
    page = clerk.page
    page.goto(page.url + "?order=text")
    page.wait_for_selector("#rows > .clause.at")
    rows = page.locator("#rows > .clause")
    assert rows.count() == 5
    page.click("#rows > [data-no='2'] .c-no")
    page.keyboard.press("a")
    page.keyboard.type("jjk")
    page.wait_for_selector(".offers li:has-text('基础教育科')")
    page.keyboard.press("Enter")
    page.wait_for_selector("#rows > [data-no='2'] .n-lead.is-decided:has-text('基础教育科')")
    page.click("#rows > [data-no='3'] .c-no")
    page.keyboard.press("m")
    page.wait_for_selector("#rows > [data-no='4'].st-merged", state="attached")
    page.click("#rows > [data-no='5'] .c-no")
    page.keyboard.press("s")
    page.wait_for_selector("#act input[name=at]")
    page.keyboard.press("1")
    page.keyboard.press("Enter")
    page.wait_for_selector("#rows > [data-no='6']:has-text('帮扶12所')")
    for number in (1, 2, 3, 5, 6):
        page.click(f"#rows > [data-no='{number}'] .c-no")
        page.keyboard.press("y")
        page.wait_for_selector(f"#rows > [data-no='{number}'].st-checked", state="attached")


def confirmed(clerk: Visitor) -> None:
    """Confirm: five matters are opened, and three units are told."""
    clerk.press_and_arrive(lambda: clerk.page.keyboard.press("c"))
    assert "5 条要立项" in clerk.text
    clerk.send("确认立项 Enter")
    assert "已立项5件" in clerk.text
    assert "3 份通知" in clerk.text


def accepted(head: Visitor) -> str:
    """Let the head find the work on a phone and hand it to the officer; return the matter's address."""
    assert "等您签收" in head.text
    head.follow(TITLE)
    matter = head.path
    assert "槐树镇第一小学要在" in head.text
    head.follow("签收")
    head.page.get_by_label("经办人").select_option(label="宋小禾")
    head.send("签收")
    assert "办理中" in head.text
    return matter


def handed_in(officer: Visitor, matter: str, photograph: Path) -> None:
    """Report with a picture, then hand in."""
    officer.go(matter)
    officer.follow("反馈进展")
    officer.page.get_by_label("进展情况").fill("东墙已经修好，附照片。")
    officer.page.fill("input[name=progress]", "80")
    officer.page.locator("main input[type=file]").set_input_files(str(photograph))
    officer.send("反馈进展")
    assert photograph.name in officer.text
    officer.follow("报结")
    officer.page.get_by_label("办理结果").fill("校舍都已排查，开裂处已修复。")
    officer.page.get_by_label("整改率").fill("100")
    officer.send("报结")
    assert "待核查" in officer.text


def signed(head: Visitor, matter: str) -> None:
    """Let the head of the unit sign what the officer handed in."""
    head.go(matter)
    head.follow("核查通过")
    head.page.locator("textarea[name=note]").fill("属实。")
    head.send("核查通过")


def told(clerk: Visitor, document: str) -> None:
    """Read on the document's page what became of it."""
    clerk.go(document)
    outcome = " ".join(clerk.page.inner_text("#outcome").split())
    assert outcome == "落实情况 5 条任务 1 条已销号 4 条办理中"
    clerk.page.locator("#text").get_by_text("排查校舍").first.wait_for()
