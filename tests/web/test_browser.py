"""The product as its people meet it: one matter from opening to closing in a real browser, and what every page owes."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

from web.browser import PHONE, Town, Visitor, chromium, running

pytestmark = pytest.mark.skipif(chromium() is None, reason="no Chromium on this machine (Debian: apt install chromium)")

CSS: Final = Path(__file__).parents[2] / "src" / "luoshi" / "web" / "static" / "web" / "luoshi.css"
SOON: Final = (dt.date.today() + dt.timedelta(days=3)).isoformat()  # noqa: DTZ011 — whichever day it is
REQUIREMENT: Final = "逐栋检查校舍、围墙和消防通道，列出清单，限期整改。"
PAPER: Final = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
WALKS: Final = {
    "supervisor": ("/", "/matters/", "/matters/?state=all", "/registers/", "/registers/task/", "/registers/hazard/",
                   "/registers/task/open/", "/search/?q=校舍", "/search/?q=没有这样的字", "/org/", "/org/people/"),
    "school_head": ("/", "/matters/", "/registers/hazard/open/", "/org/units/HS-1/", "/account/password/",
                    "/account/second-factor/", "/account/sessions/"),
    "system_admin": ("/", "/org/", "/org/new-unit/", "/org/new-person/", "/org/import/", "/org/groups/", "/org/posts/",
                     "/org/vacancies/", "/org/deputies/", "/health/"),
    "security_admin": ("/accounts/", "/accounts/rules/", "/org/posts/"),
    "audit_admin": ("/records/", "/health/"),
    "stranger": ("/", "/matters/"),
}  # fmt: skip
"""The pages that each of the cast has; the ones of a matter are walked in its story."""


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """Serve one installation for all tests of this module."""
    with running(tmp_path_factory.mktemp("town")) as town:
        yield town


@pytest.fixture
def town(served: Town) -> Iterator[Town]:
    """Return the running product; nobody may have heard a complaint from the browser afterwards."""
    yield served
    complaints = [one for visitor in served.visitors for one in visitor.complaints]
    served.leave()
    assert complaints == []


def opened(supervisor: Visitor, title: str) -> str:
    """Open a matter and assign it to a school; return its address."""
    supervisor.go("/registers/")
    supervisor.follow("督办任务")
    supervisor.follow("立项")
    page = supervisor.page
    page.fill("input[name=title]", title)
    page.get_by_label("工作要求").fill(REQUIREMENT)
    page.get_by_label("牵头单位").fill("槐树一小")
    page.get_by_label("完成时限").fill(SOON)
    page.get_by_label("任务来源").select_option(label="会议议定")
    supervisor.send("立项")
    assert "待交办" in supervisor.text
    where = supervisor.path
    supervisor.follow("交办")
    assert page.get_by_label("牵头单位").input_value().startswith("槐树镇第一小学")
    supervisor.send("交办")
    assert supervisor.path == where
    assert "待签收" in supervisor.text
    return where


def well_made(visitor: Visitor) -> None:
    """Hold a page to what every page owes: names for everything, and no pushing sideways."""
    assert visitor.unlabelled() == [], visitor.path
    assert visitor.wider_than_the_screen() <= 0, visitor.path


def test_a_matter_goes_from_opening_to_closing_through_the_pages(town: Town, tmp_path: Path) -> None:
    supervisor = town.visitor("supervisor")
    where = opened(supervisor, "完成校舍安全排查")

    head = town.visitor("school_head", viewport=PHONE)
    assert "等您签收" in head.text
    well_made(head)
    head.follow("完成校舍安全排查")
    well_made(head)
    head.follow("签收")
    head.page.get_by_label("经办人").select_option(label="宋小禾")
    well_made(head)
    head.send("签收")
    assert "办理中" in head.text
    assert "签收，经办人宋小禾" in head.text

    officer = town.visitor("school_officer")
    report_by_keyboard(officer, "已查看三栋，发现一处围墙开裂。")
    assert officer.path == "/"
    officer.go(where)
    assert "已查看三栋" in officer.text
    assert "40%" in officer.text
    paper = tmp_path / "排查清单.pdf"
    paper.write_bytes(PAPER)
    officer.follow("报结")
    well_made(officer)
    officer.page.get_by_label("办理结果").fill("三栋校舍、围墙和通道都已排查，开裂处已修复。")
    officer.send("报结")
    assert "还差1份佐证材料" in officer.text
    assert officer.page.get_by_label("办理结果").input_value().startswith("三栋校舍")
    assert [one for one in officer.complaints if "422" not in one] == []
    officer.complaints.clear()
    officer.page.get_by_label("佐证材料").set_input_files(str(paper))
    officer.send("报结")
    assert "待核查" in officer.text
    assert "排查清单.pdf" in officer.text

    sign_without_scripts(town, "完成校舍安全排查")

    supervisor.go("/")
    assert "等您核查" in supervisor.text
    supervisor.go(where)
    supervisor.follow("核查通过")
    well_made(supervisor)
    supervisor.page.get_by_label("良好").check()
    supervisor.send("核查通过")
    assert "已销号" in supervisor.text
    assert "良好" in supervisor.text
    well_made(supervisor)
    supervisor.go("/matters/")
    assert "完成校舍安全排查" not in supervisor.text
    supervisor.go("/matters/?state=all")
    assert "完成校舍安全排查" in supervisor.text
    supervisor.go("/search/?q=排查清单")
    assert "完成校舍安全排查" in supervisor.text


def report_by_keyboard(officer: Visitor, words: str) -> None:
    """Report from the first page on without touching the mouse."""
    page = officer.page
    page.keyboard.press("j")
    officer.press_and_arrive(lambda: page.keyboard.press("a"))
    assert officer.path.endswith("/report/")
    well_made(officer)
    tab_to(officer, "note")
    page.keyboard.type(words)
    tab_to(officer, "progress")
    page.keyboard.press("Control+a")
    page.keyboard.type("40")
    tab_to(officer, "")
    officer.press_and_arrive(lambda: page.keyboard.press("Enter"))


def tab_to(visitor: Visitor, name: str) -> None:
    """Press Tab until the field of that name has the focus, or the form's button where there is no name; see the focus."""
    for _ in range(40):
        visitor.page.keyboard.press("Tab")
        focused = visitor.page.evaluate(
            "(() => { const one = document.activeElement;"
            " return [one.tagName, one.name ?? '', one.className, getComputedStyle(one).outlineStyle] })()"
        )
        if focused[1] == name if name else focused[0] == "BUTTON" and "first" in focused[2]:
            assert focused[3] == "solid", f"nobody can see the focus on {focused}"
            return
    raise AssertionError(f"no way to {name or 'the button'} with Tab")


def sign_without_scripts(town: Town, title: str) -> None:
    """Let the head sign in a browser that runs no scripts."""
    head = town.visitor("school_head", java_script_enabled=False)
    assert "等您核查" in head.page.locator("main").inner_text()
    head.follow(title)
    head.follow("核查通过")
    head.page.locator("textarea[name=note]").fill("属实。")
    head.send("核查通过")
    assert "待核查" in head.page.locator("main").inner_text()
    assert "属实。" in head.page.locator("#events").inner_text()


def test_the_second_of_two_is_told_what_changed_and_keeps_their_words(town: Town) -> None:
    supervisor, other = town.visitor("supervisor"), town.visitor("second_supervisor")
    where = opened(supervisor, "更新校门口防撞设施")
    other.go(where + "edit/")
    other.page.get_by_label("工作要求").fill("两处校门都要更新。")
    other.page.get_by_label("修改理由").fill("漏了西门。")
    supervisor.go(where + "edit/")
    supervisor.page.get_by_label("工作要求").fill("先更新东门。")
    supervisor.page.get_by_label("修改理由").fill("分两步走。")
    supervisor.send("修改")
    assert "先更新东门。" in supervisor.text

    other.send("修改")
    assert "别人动过这一事项" in other.text
    assert "苏晓岚" in other.text
    assert other.page.get_by_label("工作要求").input_value() == "两处校门都要更新。"
    assert other.page.get_by_label("修改理由").input_value() == "漏了西门。"
    assert len(other.complaints) == 1
    assert "409" in other.complaints.pop()
    other.send("修改")
    assert "两处校门都要更新。" in other.text


def test_a_form_sent_twice_acts_once(town: Town) -> None:
    supervisor = town.visitor("supervisor")
    where = opened(supervisor, "清理楼道杂物")
    supervisor.follow("催办") if supervisor.page.get_by_role("link", name="催办", exact=True).is_visible() else (
        supervisor.go(where + "urge/")
    )
    supervisor.page.get_by_label("说明").fill("请今天签收。")
    button = supervisor.page.locator("main form").get_by_role("button", name="催办", exact=True)
    supervisor.press_and_arrive(button.dblclick)
    supervisor.go(where)
    assert supervisor.text.count("请今天签收。") == 1


def test_words_not_yet_sent_survive_a_reload(town: Town) -> None:
    supervisor = town.visitor("supervisor")
    supervisor.go("/registers/task/open/")
    supervisor.page.get_by_label("工作要求").fill("写到一半的要求。")
    supervisor.page.on("dialog", lambda dialog: dialog.accept())
    supervisor.page.reload()
    assert supervisor.page.get_by_label("工作要求").input_value() == "写到一半的要求。"
    assert "上次没有提交的内容已放回表单" in supervisor.text


@pytest.mark.parametrize("who", WALKS)
@pytest.mark.parametrize("size", ["desk", "phone"])
def test_pages_name_everything_and_fit_the_screen(town: Town, who: str, size: str) -> None:
    visitor = town.visitor(who, **({"viewport": PHONE} if size == "phone" else {}))
    for path in WALKS[who]:
        assert visitor.go(path) == 200, path
        well_made(visitor)


def test_switching_to_english_leaves_no_chinese_in_the_shell(town: Town) -> None:
    visitor = town.visitor("supervisor")
    visitor.press_and_arrive(visitor.page.get_by_role("button", name="English").click)
    for path in ("/", "/matters/", "/registers/task/open/", "/org/"):
        visitor.go(path)
        assert visitor.page.get_attribute("html", "lang") == "en"
        shell = " ".join(
            visitor.page.locator(part).all_inner_texts()[0] for part in ("header nav", "h1", "footer > span", "title")
        )
        assert re.findall(r"[\u4e00-\u9fff]+", shell) == [], path
        labels = " ".join(visitor.page.locator("main label").all_inner_texts())
        assert re.findall(r"[\u4e00-\u9fff]+", labels) == [], path
    visitor.press_and_arrive(visitor.page.get_by_role("button", name="中文").click)
    assert visitor.page.get_attribute("html", "lang") == "zh-hans"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_colours_can_be_told_from_what_they_stand_on(town: Town, scheme: str) -> None:
    visitor = town.visitor(color_scheme=scheme)
    visitor.go("/account/login/")
    names = sorted(set(re.findall(r"(--[a-z-]+):\s*#", CSS.read_text(encoding="utf-8"))))
    colours = visitor.page.evaluate(
        "names => Object.fromEntries(names.map((name) => "
        "[name, getComputedStyle(document.documentElement).getPropertyValue(name).trim()]))",
        names,
    )
    inks: dict[str, tuple[str, ...]] = {
        "--ink": ("--paper", "--ground", "--accent-soft", "--red-soft", "--amber-soft", "--green-soft", "--mark")
    }
    inks |= {"--ink-soft": ("--paper", "--ground", "--accent-soft"), "--accent-ink": ("--accent",)}
    inks |= dict.fromkeys(("--accent", "--red", "--amber", "--green"), ("--paper", "--accent-soft"))
    inks["--red"] += ("--red-soft",)
    weak = {
        (ink, ground): round(contrast(colours[ink], colours[ground]), 2)
        for ink, grounds in inks.items()
        for ground in grounds
        if contrast(colours[ink], colours[ground]) < 4.5
    }
    assert weak == {}
    assert contrast(colours["--line-strong"], colours["--paper"]) >= 3  # the edges of fields


def contrast(one: str, other: str) -> float:
    """Return the contrast of two colours as WCAG 2.2 counts it."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    digits = colour.removeprefix("#")
    digits = "".join(digit * 2 for digit in digits) if len(digits) == 3 else digits
    parts = [int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def test_contrast_is_counted_as_the_standard_says() -> None:
    assert contrast("#000", "#ffffff") == 21
    assert round(contrast("#767676", "#fff"), 2) == 4.54


def test_a_list_is_printed_across_with_its_head_and_without_buttons(town: Town) -> None:
    visitor = town.visitor("supervisor")
    opened(visitor, "修订校园应急预案")
    visitor.go("/matters/")
    visitor.page.emulate_media(media="print")
    visitor.page.set_viewport_size({"width": 700, "height": 1000})  # paper's width: no cards as on a phone
    table = visitor.page.locator("table")
    assert table.evaluate("one => getComputedStyle(one).display") == "table"
    assert table.locator("thead").evaluate("one => getComputedStyle(one).display") == "table-header-group"
    shown = visitor.page.locator("button:visible, .filters:visible, nav:visible")
    assert shown.count() == 0
    assert visitor.page.pdf(prefer_css_page_size=True).startswith(b"%PDF")


def test_forced_colours_keep_lights_apart_by_word_and_shape(town: Town) -> None:
    visitor = town.visitor("supervisor", forced_colors="active")
    opened(visitor, "检查食堂留样")
    visitor.go("/")
    visitor.go("/matters/")
    light = visitor.page.locator("tbody .light").first
    assert light.inner_text().strip() in {"超期", "临期", "正常"}
    assert light.locator("svg path, svg circle").count() == 1
