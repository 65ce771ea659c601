"""What only a demo has: nothing of it elsewhere, and its address open to those alone who take documents in."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from cast import Cast
from luoshi.directives.models import Directive
from luoshi.web import demo
from luoshi.web.installation import Installation
from luoshi.work import registers
from web.signed_in import as_

pytestmark = pytest.mark.django_db

SAMPLE = "一、重点任务\n槐树镇第一小学要在12月底前完成校舍安全排查。\n".encode()


@pytest.fixture
def folder(tmp_path: Path, settings: Any) -> Iterator[Path]:
    """Let the installation be a demo, built today."""
    (tmp_path / "样例.txt").write_bytes(SAMPLE)
    facts = {
        "day": dt.datetime.now(dt.UTC).date().isoformat(),
        "sample": "样例.txt",
        "sha256": hashlib.sha256(SAMPLE).hexdigest(),
        "heads": {"HS-1": "song"},
        "accounts": [
            {"username": "su", "role": {"zh": "督办员", "en": "supervisor"}, "sees": {"zh": "收文", "en": "all"}}
        ],
    }
    (tmp_path / "demo.json").write_text(json.dumps(facts), encoding="utf-8")
    settings.INSTALLATION = Installation(data=tmp_path)
    registers.sync()
    yield tmp_path
    demo.demo_of.cache_clear()


class TestElsewhere:
    def test_first_page_and_sign_in_show_nothing_of_a_demo(self, cast: Cast) -> None:
        assert b"demo-guide" not in as_(cast, "supervisor").get("/").content
        assert b"demo-accounts" not in Client().get("/account/login/").content

    def test_the_address_is_not_found(self, cast: Cast) -> None:
        assert as_(cast, "supervisor").post("/demo/sample/").status_code == 404


@pytest.mark.usefixtures("folder")
class TestHere:
    def test_the_sample_is_taken_in_once(self, cast: Cast) -> None:
        client = as_(cast, "supervisor")
        answers = [client.post("/demo/sample/") for _ in range(2)]
        directive = Directive.objects.get()
        assert directive.name == "样例.txt"
        assert [answer["Location"] for answer in answers] == [f"/directives/{directive.pk}/reading/"] * 2

    @pytest.mark.parametrize("who", ["school_head", "system_admin", "leader"])
    def test_who_may_not_take_documents_in_may_not_here(self, cast: Cast, who: str) -> None:
        assert as_(cast, who).post("/demo/sample/").status_code == 403
        assert Directive.objects.count() == 0

    def test_the_guide_stands_on_the_first_page_alone(self, cast: Cast) -> None:
        client = as_(cast, "supervisor")
        assert b"demo-guide" in client.get("/").content
        assert b"demo-guide" not in client.get("/matters/").content

    def test_a_sample_whose_days_have_gone_by_is_said_to_be_old(self, cast: Cast, folder: Path) -> None:
        facts = json.loads((folder / "demo.json").read_text(encoding="utf-8"))
        (folder / "demo.json").write_text(json.dumps(facts | {"day": "2026-01-05"}), encoding="utf-8")
        assert "2026-01-05" in as_(cast, "supervisor").get("/").content.decode()

    def test_names_are_offered_where_one_signs_in_and_fill_the_form(self) -> None:
        page = Client().get("/account/login/", {"login": "su"}).content.decode()
        assert 'href="/account/login/?login=su"' in page
        assert 'name="login" value="su"' in page

    def test_a_name_from_the_address_is_escaped(self) -> None:
        page = Client().get("/account/login/", {"login": '"><script>'}).content.decode()
        assert '<script>"' not in page
        assert "&quot;&gt;&lt;script&gt;" in page
