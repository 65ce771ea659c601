"""Rules of the project itself: what reviews would otherwise have to look for."""

from __future__ import annotations

import importlib.util
import os
import re
import subprocess
import sys
import tomllib
from importlib import metadata
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).parents[1]
SOURCES = sorted((ROOT / "src" / "luoshi").rglob("*.py"))
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def tool(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, ROOT / "tools" / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def package_name(requirement: str) -> str:
    match = re.match(r"[\w.-]+", requirement)
    assert match is not None
    return match[0].lower().replace("_", "-")


def required(name: str) -> list[str]:
    lines = (ROOT / "requirements" / name).read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line and not line.startswith(("#", "-"))]


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT / "src")))
def test_module_stays_short(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 500


def test_no_module_is_a_drawer_for_everything() -> None:
    assert [path for path in SOURCES if path.stem in {"utils", "util", "helpers", "common", "misc"}] == []


def test_version_installed_is_the_version_declared() -> None:
    assert metadata.version("luoshi") == PROJECT["version"]


@pytest.mark.parametrize("name", ["core", "dev", "ocr", "office", "uv"])
def test_pins_carry_hashes_and_no_address(name: str) -> None:
    pins = (ROOT / "requirements" / f"{name}.txt").read_text(encoding="utf-8")
    packages = re.findall(r"(?m)^[\w.-]+(?:\[[\w,-]+\])?==\S+.*$", pins)
    assert packages
    assert [package for package in packages if not package.endswith("\\")] == []
    assert pins.count("--hash=sha256:") >= len(packages)
    assert re.findall(r"\w+://", pins) == []


@pytest.mark.parametrize(
    ("declared", "name"),
    [
        (PROJECT["dependencies"], "core.in"),
        (PROJECT["optional-dependencies"]["ocr"], "ocr.in"),
        (PROJECT["optional-dependencies"]["office"], "office.in"),
    ],
    ids=["core", "ocr", "office"],
)
def test_dependencies_are_declared_and_pinned_alike(declared: list[str], name: str) -> None:
    wanted = {package_name(requirement): requirement for requirement in declared}
    pinned = {package_name(requirement): requirement for requirement in required(name)}
    assert {package: pinned.get(package) for package in wanted} == wanted


def test_every_target_of_make_is_explained() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    phony = re.search(r"(?m)^\.PHONY: (.*)$", makefile)
    assert phony is not None
    assert set(re.findall(r"(?m)^([a-z-]+):.*## ", makefile)) == set(phony[1].split())


def test_scripts_can_be_run() -> None:
    assert os.access(ROOT / ".ci" / "run", os.X_OK)
    for script in (ROOT / ".ci" / "run", ROOT / "examples" / "demo.sh"):
        subprocess.run(["bash", "-n", script], check=True)


def test_example_speech_is_what_its_source_builds(tmp_path: Path) -> None:
    tool("make_examples").main(tmp_path)
    assert (tmp_path / "讲话.docx").read_bytes() == (ROOT / "examples" / "讲话.docx").read_bytes()


@pytest.mark.parametrize("readme", ["README.md", "README.zh.md"])
def test_python_example_of_the_readme_runs(readme: str) -> None:
    (example,) = re.findall(r"(?ms)^```python\n(.*?)^```$", (ROOT / readme).read_text(encoding="utf-8"))
    command = [sys.executable, "-c", example]
    utf8 = os.environ | {"PYTHONIOENCODING": "utf-8"}
    run = subprocess.run(command, capture_output=True, check=True, cwd=ROOT / "examples", env=utf8, timeout=120)
    assert "'计划财务股'" in run.stdout.decode()
    assert "datetime.date(2026, 8, 31)" in run.stdout.decode()


def test_skipped_test_fails_where_skips_are_forbidden(tmp_path: Path) -> None:
    (tmp_path / "conftest.py").write_bytes((ROOT / "tests" / "conftest.py").read_bytes())
    (tmp_path / "test_it.py").write_text(
        "import pytest\n"
        "def test_skipped(): pytest.skip('no')\n"
        "@pytest.mark.xfail(strict=True, reason='known')\n"
        "def test_known(): assert False\n"
        "def test_fine(): pass\n"
    )
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-c", "/dev/null", str(tmp_path)]
    summaries = {}
    for value in ("", "1"):
        run = subprocess.run(
            command, capture_output=True, text=True, check=False, env=os.environ | {"LUOSHI_NO_SKIPS": value}
        )
        summaries[value] = run.stdout.splitlines()[-1].split(" in ")[0]
    assert summaries == {"": "1 passed, 1 skipped, 1 xfailed", "1": "1 failed, 1 passed, 1 xfailed"}


class TestDocumentChecks:
    """The checks of the documents find what they are for."""

    check = tool("check_docs")

    def faults(self, tmp_path: Path, text: str) -> list[str]:
        (tmp_path / "Makefile").write_bytes((ROOT / "Makefile").read_bytes())
        (tmp_path / "other.md").write_text("# One Heading\n")
        path = tmp_path / "page.md"
        path.write_text(text, encoding="utf-8")
        return [fault.partition(": ")[2] for fault in self.check.faults_of(tmp_path, Path("page.md"), text)]

    @pytest.mark.parametrize(
        "text",
        [
            "[a](other.md) [b](other.md#one-heading) [c](https://example.org)",
            "```sh\nmake demo\nCOLUMNS=100 luoshi draft a.docx | less\nls nothing\n```",
            "```text\nluoshi fly\n```",
            "```sh\nluoshi --help\n```",
        ],
    )
    def test_right_page_has_no_fault(self, tmp_path: Path, text: str) -> None:
        assert self.faults(tmp_path, text) == []

    @pytest.mark.parametrize(
        ("text", "fault"),
        [
            ("[a](none.md)", "the link none.md leads nowhere"),
            ("[a](other.md#two)", "the link other.md#two leads nowhere"),
            ("```sh\nmake tea\n```", "make tea: no target tea"),
            ("```sh\nluoshi fly a.docx\n```", "luoshi fly a.docx: luoshi does not understand it"),
            ("```sh\nluoshi draft a --form x\n```", "luoshi draft a --form x: luoshi does not understand it"),
        ],
    )
    def test_fault_is_found(self, tmp_path: Path, text: str, fault: str) -> None:
        assert self.faults(tmp_path, text) == [fault]

    def test_wrong_limit_is_found(self) -> None:
        text = (ROOT / "docs" / "reading.md").read_text(encoding="utf-8")
        assert list(self.check.limit_faults(text)) == []
        wrong = text.replace("| 12,000 |", "| 1,000 |")
        assert list(self.check.limit_faults(wrong)) == [
            "docs/reading.md: MAX_PAGES is 12,000 in the program, 1,000 in the table"
        ]

    def test_difference_of_the_readmes_is_found(self) -> None:
        assert list(self.check.readme_faults("# A\n\n## B\n", "# 甲\n\n## 乙\n")) == []
        assert list(self.check.readme_faults("# A\n\n## B\n", "# 甲\n")) == [
            "README.md and README.zh.md differ in their sections"
        ]
