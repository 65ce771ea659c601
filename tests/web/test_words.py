"""What the product says, in both languages: the catalogue is whole, and English pages hold no Chinese but people's own."""

from __future__ import annotations

import importlib.util
import re
from collections import deque
from pathlib import Path
from types import ModuleType
from typing import Final
from urllib.parse import urljoin, urlsplit

import pytest
from django.apps import apps
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.test import Client
from django.utils.translation import gettext, ngettext, override, pgettext
from lxml import html

from cast import Cast
from luoshi.org.policy import SYSTEM_ACTOR
from luoshi.work import registers
from luoshi.work.actions import open_matter
from luoshi.work.enums import Act, State
from web.signed_in import as_
from work.matters import Maker


def _tool() -> ModuleType:
    """Load the tool that keeps the catalogue; it is no part of the package."""
    path = Path(__file__).parents[2] / "tools" / "messages.py"
    spec = importlib.util.spec_from_file_location("messages_tool", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


messages = _tool()

HAN: Final = re.compile(r"[\u4e00-\u9fff]+")
ROOMS: Final = ("ledger", "accounts", "org", "work")
"""The rooms whose tables hold what people wrote."""
WALKED: Final = 60
READ: Final = ("placeholder", "title", "aria-label", "alt", "data-head", "data-say", "data-leave", "data-sending",
               "data-kept", "data-hint")  # fmt: skip
"""The attributes that reach a reader."""
NOT_DATA: Final = {"中文"}
"""The one Chinese word of an English page: the way back."""


def test_everything_said_has_its_english_and_nothing_is_left_over() -> None:
    catalogue, wrong = messages.merged()
    assert wrong == []
    assert messages.CATALOGUE.read_text(encoding="utf-8") == str(catalogue) + (
        "" if str(catalogue).endswith("\n") else "\n"
    )
    assert messages.COMPILED.read_bytes() == messages.compiled(catalogue)
    assert sorted((messages.ENGLISH / "fragments").glob("*.po")) == []


def test_the_collector_finds_what_is_said_in_code_and_in_templates() -> None:
    said = messages.said()
    assert any(place.endswith("work/enums.py") for place in said[messages.Message(None, "交办")])
    assert any(place.endswith("home.html") for place in said[messages.Message(None, "我的待办")])
    assert messages.Message("verb", "立项") in said
    assert any(message.plural for message in said)


def test_a_name_that_only_the_english_has_is_a_fault() -> None:
    entry = messages.polib.POEntry(msgid="共 %(all)d 条", msgstr="%(every)d in all")
    assert list(messages._faults(entry)) == ["names differ: '共 %(all)d 条' / '%(every)d in all'"]
    assert list(messages._faults(messages.polib.POEntry(msgid="共 %(all)d 条", msgstr="%(all)d in all"))) == []


def test_chinese_in_the_english_is_a_fault() -> None:
    assert list(messages._faults(messages.polib.POEntry(msgid="台账", msgstr="台账"))) == [
        "not English: '台账' / '台账'"
    ]


def test_the_compiled_catalogue_is_in_force() -> None:
    with override("en"):
        assert HAN.findall(gettext("我的待办") + pgettext("light", "超期")) == []
        one, two = (ngettext("还有 %(days)d 天", "还有 %(days)d 天", days) % {"days": days} for days in (1, 2))
        assert (HAN.findall(one + two), one.replace("1", "2") == two) == ([], False)
    with override("zh-hans"):
        assert gettext("我的待办") == "我的待办"


def written_by_people() -> set[str]:
    """Return every run of Chinese that stands in a table: names, titles, words. Pages may show those in any language."""
    found: set[str] = set()
    for room in ROOMS:
        for model in apps.get_app_config(room).get_models():
            for row in model._default_manager.values():
                found.update(HAN.findall(" ".join(str(value) for value in row.values())))
    return found


def found_in(page: str, path: str) -> list[str]:
    """Return the texts or attributes that an XPath finds."""
    found = html.fromstring(page).xpath(path)
    assert isinstance(found, list)
    return [str(one) for one in found]


def shown(page: str) -> list[str]:
    """Return the runs of Chinese that a page shows or reads aloud."""
    texts = found_in(page, "//text()[not(ancestor::script or ancestor::*[@lang='zh-Hans'])]")
    for name in READ:
        texts += found_in(page, f"//@{name}")
    return [run for text in texts for run in HAN.findall(text)]


@pytest.fixture
def busy(cast: Cast) -> Cast:
    """Return the cast in an installation with a matter in every state, of the product's own registers too."""
    registers.sync(by=SYSTEM_ACTOR)
    password = make_password("青禾-Luoshi-2026")
    for person in cast.people.values():
        if person.account is not None:
            person.account.password = password
            person.account.save(update_fields=["password"])
    maker = Maker(cast)
    for state in State:
        maker.in_state(state, "charge")
    open_matter(
        "task", by=cast.actor("supervisor"), title="完成校舍排查", lead=cast.unit("HS-1"), fields={"origin": "meeting"}
    )
    return cast


def walk(client: Client) -> dict[str, str]:
    """Follow links from the first page, each address once whatever its query; return the pages."""
    waiting = deque(["/", "/search/?q=a", "/matters/?state=all", "/nowhere/"])
    pages: dict[str, str] = {}
    known = {urlsplit(url).path for url in waiting}
    while waiting and len(pages) < WALKED:
        url = waiting.popleft()
        answer = client.get(url)
        is_page = answer.headers["Content-Type"].startswith("text/html") and answer.status_code not in {301, 302}
        page = answer.content.decode() if is_page else ""
        answer.close()
        if not is_page:
            continue
        pages[url] = page
        for link in found_in(pages[url], "//a/@href"):
            target = urljoin(url, link)
            path = urlsplit(target).path
            if target.startswith("/") and path not in known:
                known.add(path)
                waiting.append(target)
    return pages


@pytest.mark.parametrize(
    "who", ["supervisor", "school_head", "system_admin", "security_admin", "audit_admin", "stranger"]
)
def test_english_pages_hold_no_chinese_but_what_people_wrote(busy: Cast, who: str) -> None:
    client = as_(busy, who)
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    pages = walk(client)
    allowed = written_by_people() | NOT_DATA
    found = {url: sorted(set(shown(page)) - allowed) for url, page in pages.items()}
    assert {url: runs for url, runs in found.items() if runs} == {}
    assert len(pages) > 5
    assert all('<html lang="en">' in page for page in pages.values())


@pytest.mark.parametrize("act", list(Act))
def test_every_act_has_a_word_in_both_languages(act: Act) -> None:
    with override("en"):
        english = str(act.label)
    with override("zh-hans"):
        chinese = str(act.label)
    assert HAN.findall(english) == []
    assert "".join(HAN.findall(chinese)) == chinese


def test_refusals_and_errors_of_forms_are_english_too(busy: Cast) -> None:
    client = as_(busy, "supervisor")
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    answer = client.post("/registers/task/open/", {"title": "", "due": "2026-02-30", "lead": "nowhere"})
    assert answer.status_code == 422
    assert sorted(set(shown(answer.content.decode())) - written_by_people() - NOT_DATA) == []
    refused = as_(busy, "officer").get("/records/", headers={"accept-language": "en"})
    assert refused.status_code == 403
    assert sorted(set(shown(refused.content.decode())) - written_by_people() - NOT_DATA) == []
