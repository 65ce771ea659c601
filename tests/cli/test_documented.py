"""What the documentation tells people to type is what the command line understands, and the other way round."""

from __future__ import annotations

import argparse
import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest

from luoshi.cli.parser import build_parser

ROOT = Path(__file__).parent.parent.parent
PAGES = [*ROOT.glob("README*.md"), *ROOT.glob("docs/**/*.md")]


def _typed() -> Iterator[tuple[str, str]]:
    """Yield every line of a code block that begins with our command, without what a shell does with its output."""
    for page in PAGES:
        for block in re.findall(r"```sh\n(.*?)```", page.read_text(), flags=re.DOTALL):
            for line in block.splitlines():
                if line.startswith("luoshi "):
                    yield page.name, re.split(r" [|>#]", line)[0]


def _mentioned() -> Iterator[tuple[str, str]]:
    """Yield every command named within a sentence."""
    for page in PAGES:
        for span in re.findall(r"`(?:[A-Z]+=\S+ )?(luoshi [^`]+)`", page.read_text()):
            yield page.name, span


def _inner(parser: argparse.ArgumentParser) -> dict[str, argparse.ArgumentParser]:
    held = (action for action in parser._actions if isinstance(action, argparse._SubParsersAction))
    return {name: inner for action in held for name, inner in action.choices.items()}


def _commands(parser: argparse.ArgumentParser, before: str = "luoshi") -> Iterator[str]:
    for name, inner in _inner(parser).items():
        yield from _commands(inner, f"{before} {name}") if _inner(inner) else [f"{before} {name}"]


@pytest.mark.parametrize(("page", "line"), sorted(set(_typed())))
def test_a_documented_line_is_understood(page: str, line: str) -> None:
    assert build_parser("zh").parse_args(shlex.split(line)[1:]).command, page


@pytest.mark.parametrize(("page", "span"), sorted(set(_mentioned())))
def test_a_command_named_in_a_sentence_is_there_with_its_options(page: str, span: str) -> None:
    parser, words = build_parser("en"), re.sub(r"[\[\]]", "", span).split()[1:]
    while words and _inner(parser):
        if words[0].startswith("-"):
            break
        assert words[0] in _inner(parser), page
        parser = _inner(parser)[words.pop(0)]
    assert [word for word in words if word.startswith("-") and word not in parser._option_string_actions] == []


@pytest.mark.parametrize("command", sorted(_commands(build_parser("en"))))
def test_every_command_stands_on_the_page_of_the_command_line(command: str) -> None:
    text = (ROOT / "docs" / "command-line.md").read_text()
    assert re.search(rf"^{re.escape(command)}(?![\w-])", text, flags=re.MULTILINE)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_help_of_a_command_stands_beside_its_name(language: str) -> None:
    said = _inner(build_parser(language))["account"].format_help()  # type: ignore[arg-type]  # a literal
    assert re.search(r"^    create-all  \S", said, flags=re.MULTILINE)
    assert re.search(r"^    list        \S", said, flags=re.MULTILINE)
