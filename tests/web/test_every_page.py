"""Our own rules for pages: every view behind the gate, every template sound, nothing inline."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.template import TemplateSyntaxError, engines
from django.template.loader import get_template
from django.urls import URLPattern, URLResolver, get_resolver

import luoshi
from luoshi.org.gate import GATED, PUBLIC
from luoshi.org.policy import TABLE

PUBLIC_NAMES = {
    "alive",
    "set_language",
    "account_login",
    "account_logout",
    "account_inactive",
    "mfa_authenticate",
}
"""Every address that somebody can open who has not signed in, and signing out."""

SOURCE = Path(luoshi.__file__).parent
TEMPLATES = sorted(SOURCE.glob("*/templates/**/*.html")) + sorted(SOURCE.glob("*/templates/**/*.svg"))


def _views(patterns: Any, before: str = "") -> Iterator[tuple[str, str, Any]]:
    for one in patterns:
        if isinstance(one, URLResolver):
            yield from _views(one.url_patterns, before + str(one.pattern))
        elif isinstance(one, URLPattern):
            yield before + str(one.pattern), one.name or "", one.callback


def test_every_view_names_its_act_or_stands_on_the_short_public_list() -> None:
    ungated = {name for _address, name, view in _views(get_resolver().url_patterns) if not hasattr(view, GATED)}
    marked = {name for _address, name, view in _views(get_resolver().url_patterns) if hasattr(view, PUBLIC)}
    assert ungated == PUBLIC_NAMES
    assert marked == PUBLIC_NAMES


def test_every_act_that_a_view_names_is_in_the_policys_table() -> None:
    acts = {getattr(view, GATED) for *_, view in _views(get_resolver().url_patterns) if hasattr(view, GATED)}
    own = {"own_account"}  # what everybody does to their own account, whatever their posts
    assert acts - own <= set(TABLE)
    assert "see" in acts


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_a_template_compiles(path: Path) -> None:
    get_template(path.as_posix().partition("/templates/")[2])


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_a_template_has_nothing_inline_and_is_short(path: Path) -> None:
    text = path.read_text()
    assert re.findall(r"<style|\sstyle=|\son[a-z]+=[\"']|javascript:", text) == []
    assert [tag for tag in re.findall(r"<script[^>]*>", text) if "src=" not in tag] == []
    assert len(text.splitlines()) <= 150


@pytest.mark.parametrize(
    "source",
    [
        '{% page_head titel="x" %}{% endpage_head %}',
        "{% page_head %}{% endpage_head %}",
        "{% light %}",
        '{% day value kind="short" %}',
        '{% table caption="x" wide=True %}{% endtable %}',
        "{% pager before=1 %}",
    ],
)
def test_a_component_refuses_names_that_it_does_not_know(source: str) -> None:
    with pytest.raises(TemplateSyntaxError):
        engines["django"].from_string(source)


def test_no_address_of_another_machine_is_named_in_scripts_and_styles() -> None:
    files = [*SOURCE.glob("web/static/web/*.js"), *SOURCE.glob("web/static/web/*.css")]
    assert len(files) > 5
    found = {path.name: re.findall(r"https?://(?!www\.w3\.org)[^\s\"')]+", path.read_text()) for path in files}
    assert {name: urls for name, urls in found.items() if urls} == {}
