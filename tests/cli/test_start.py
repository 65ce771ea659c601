from __future__ import annotations

import pytest

from luoshi.cli import main
from luoshi.cli.argparse_words import say_error
from luoshi.cli.outcome import Exit
from luoshi.cli.parser import build_parser, chosen_language
from luoshi.cli.terminal import text_width

from .runs import luoshi, python

HEAVY = (
    "lxml",
    "opencc",
    "docx",
    "xlsxwriter",
    "pypdfium2",
    "charset_normalizer",
    "python_calamine",
    "importlib.metadata",
)

LOADED = """
import sys
import luoshi.cli
from luoshi.cli.parser import build_parser
build_parser("zh").format_help()
print("\\n".join(sys.modules))
"""


def test_help_loads_nothing_heavy() -> None:
    bare = set(python("import sys; print('\\n'.join(sys.modules))").split())
    loaded = set(python(LOADED).split()) - bare
    assert {name for name in loaded if name.split(".")[0] in HEAVY or name in HEAVY} == set()
    rooms = {name for name in loaded if name.startswith("luoshi.")}
    assert {name for name in rooms if not name.startswith("luoshi.cli")} == {"luoshi.words"}


@pytest.mark.parametrize("command", ["read", "draft", "explain"])
@pytest.mark.parametrize(("language", "word"), [("zh", "用法："), ("en", "Usage: ")])
def test_help_of_every_command_is_in_the_language(
    capsys: pytest.CaptureFixture[str], command: str, language: str, word: str
) -> None:
    with pytest.raises(SystemExit) as ended:
        main([command, "--help", "--language", language])
    assert ended.value.code == Exit.FINE
    assert capsys.readouterr().out.startswith(f"{word}luoshi {command}")


@pytest.mark.parametrize("language", ["zh", "en"])
def test_help_names_every_exit_code(capsys: pytest.CaptureFixture[str], language: str) -> None:
    with pytest.raises(SystemExit):
        main(["--language", language, "--help"])
    help_ = capsys.readouterr().out
    assert [code for code in Exit if f"\n  {code.value:<4}" not in help_] == []


@pytest.mark.parametrize("command", ["", "read", "draft", "explain"])
def test_help_fits_eighty_columns(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    with pytest.raises(SystemExit):
        main([*([command] if command else []), "--help"])
    assert [line for line in capsys.readouterr().out.splitlines() if text_width(line) > 80] == []


def test_version_is_printed() -> None:
    run = luoshi("--version")
    assert (run.returncode, run.stdout, run.stderr) == (0, b"luoshi 0.1.0\n", b"")


def test_nothing_asked_shows_help_and_is_wrong_use(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == Exit.MISUSED
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.startswith("用法：luoshi")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["draft"], "还缺少：文件。用法见 luoshi draft --help。"),
        (
            ["fly"],
            "命令 不能是 'fly'，可选：'read'、'draft'、'explain'、'serve'、'setup'、'account'、'org'、'register'、'seal'、'verify'、'export-record'、'export-corrections'。用法见 luoshi --help。",
        ),
        (["draft", "a.txt", "--format", "pdf"], None),
        (
            ["draft", "a.txt", "--date", "明天"],
            "--date：看不懂日期 明天，请写成 2026-03-06 的样子。用法见 luoshi draft --help。",
        ),
        (["draft", "a.txt", "--date", "2026-02-30"], None),
        (["explain", "a.txt", "--task", "0"], "--task：要一个正整数，不能是 0。用法见 luoshi explain --help。"),
        (["explain", "a.txt", "--task", "三"], None),
        (["explain", "a.txt"], "还缺少：--task。用法见 luoshi explain --help。"),
        (["read", "a.txt", "--nope"], "不认识的参数：--nope。用法见 luoshi --help。"),
        (["read", "a.txt", "--format"], "--format 后面要有一个值。用法见 luoshi read --help。"),
    ],
)
def test_wrong_use_is_told_in_one_line(
    capsys: pytest.CaptureFixture[str], arguments: list[str], said: str | None
) -> None:
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    captured = capsys.readouterr()
    assert (ended.value.code, captured.out, captured.err.count("\n")) == (Exit.MISUSED, "", 1)
    assert said is None or captured.err == f"luoshi: {said}\n"


def test_option_is_not_taken_from_its_beginning(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["draft", "a.txt", "--form", "json"])
    assert "不认识的参数：--form" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026-03-06", "2026-03-06"),
        ("2026年3月6日", "2026-03-06"),
        ("2026/3/6", "2026-03-06"),
        ("2026.3.6", "2026-03-06"),
    ],
)
def test_day_is_understood_as_people_write_it(text: str, day: str) -> None:
    assert build_parser("zh").parse_args(["draft", "a.txt", "--date", text]).date.isoformat() == day


@pytest.mark.parametrize(
    ("arguments", "language"),
    [
        (["draft", "--language", "en"], "en"),
        (["draft", "--language=en"], "en"),
        (["draft", "--language"], "zh"),
        (["draft", "--language", "fr"], "zh"),
        (["draft", "en"], "zh"),
        (["draft", "--", "--language=en"], "zh"),
    ],
)
def test_language_is_known_before_anything_is_parsed(arguments: list[str], language: str) -> None:
    assert chosen_language(arguments) == language


def test_unknown_sentence_of_argparse_stays_as_it_is() -> None:
    assert say_error("something new", "zh") == "something new"
    assert say_error("the following arguments are required: FILE", "en") == "the following arguments are required: FILE"
