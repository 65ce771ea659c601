"""Checks the documents against the program: `python tools/check_docs.py`.

Links between documents lead somewhere, commands in code blocks exist with their options, the limits written down are
those of the program, and both READMEs have the same sections and the same code. Prints every fault and returns 1.
"""

from __future__ import annotations

import argparse
import re
import shlex
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from luoshi.cli.parser import build_parser
from luoshi.reading import limits

ROOT = Path(__file__).parent.parent
FENCE = re.compile(r"(?ms)^```(\w*)\n(.*?)^```$")
LINK = re.compile(r"\]\(([^)\s]+)\)")
ADDRESS = re.compile(r"[a-z]+:")
LIMIT_ROW = re.compile(r"(?m)^\| `([A-Z_]+)` \| ([^|]+?) \|")
TARGET = re.compile(r"(?m)^([a-z]+):")


def main(root: Path = ROOT) -> int:
    """Check every document and print what is wrong."""
    documents = {path.relative_to(root): path.read_text(encoding="utf-8") for path in document_paths(root)}
    faults = [fault for path, text in documents.items() for fault in faults_of(root, path, text)]
    faults += limit_faults(documents.get(Path("docs/reading.md"), ""))
    faults += readme_faults(documents.get(Path("README.md"), ""), documents.get(Path("README.zh.md"), ""))
    print("\n".join(faults) or f"{len(documents)} documents agree with the program.")
    return 1 if faults else 0


def document_paths(root: Path) -> list[Path]:
    """Return the documents of the project."""
    return sorted([*root.glob("*.md"), *root.glob("docs/**/*.md")])


def faults_of(root: Path, path: Path, text: str) -> Iterator[str]:
    """Yield the faults of one document."""
    for target in LINK.findall(FENCE.sub("", text)):
        if not link_leads_somewhere(root / path, target):
            yield f"{path}: the link {target} leads nowhere"
    for language, block in FENCE.findall(text):
        for line in block.splitlines() if language == "sh" else ():
            yield from (f"{path}: {line.strip()}: {fault}" for fault in command_faults(root, line))


def link_leads_somewhere(document: Path, target: str) -> bool:
    """Tell whether a link's file exists and holds the heading it names; addresses are not followed."""
    if ADDRESS.match(target):
        return True
    name, _, anchor = target.partition("#")
    file = document.parent / name if name else document
    if not file.exists():
        return False
    return not anchor or anchor in anchors(file.read_text(encoding="utf-8"))


def anchors(text: str) -> set[str]:
    """Return the anchors that a document's headings make."""
    headings = re.findall(r"(?m)^#+ (.+)$", FENCE.sub("", text))
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def command_faults(root: Path, line: str) -> Iterator[str]:
    """Yield what is wrong with one line of a shell example, as far as it runs luoshi or make."""
    for part in re.split(r"\s\|\s|&&", line):
        words = shlex.split(part, comments=True)
        while words and re.fullmatch(r"[A-Z_]+=.*", words[0]):
            words.pop(0)
        if words[:1] == ["make"]:
            targets = TARGET.findall((root / "Makefile").read_text(encoding="utf-8"))
            yield from (f"no target {word}" for word in words[1:] if "=" not in word and word not in targets)
        elif words[:1] == ["luoshi"] and not understood(words[1:]):
            yield "luoshi does not understand it"


def understood(arguments: list[str]) -> bool:
    """Tell whether the command line's grammar takes the arguments."""
    parser = build_parser("en")
    try:
        parser.parse_args(arguments)
    except (SystemExit, argparse.ArgumentError) as error:
        return isinstance(error, SystemExit) and error.code == 0
    return True


def limit_faults(text: str) -> Iterator[str]:
    """Yield every limit that is written down wrongly or not at all."""
    written = dict(LIMIT_ROW.findall(text))
    real = {name: shown(name, value) for name, value in vars(limits).items() if name.isupper()}
    for name in sorted(written.keys() | real.keys()):
        if written.get(name) != real.get(name):
            yield f"docs/reading.md: {name} is {real.get(name)} in the program, {written.get(name)} in the table"


def shown(name: str, value: int) -> str:
    """Return a limit as documents write it."""
    return f"{value // 2**20} MiB" if name.endswith("BYTES") else f"{value:,}"


def readme_faults(english: str, chinese: str) -> Iterator[str]:
    """Yield where the two READMEs differ in what does not depend on the language."""
    parts: dict[str, Callable[[str], object]] = {
        "sections": lambda text: [mark for mark, _ in re.findall(r"(?m)^(#+) (.+)$", FENCE.sub("", text))],
        "code": FENCE.findall,
        "rows of tables": lambda text: [line.count("|") for line in text.splitlines() if line.startswith("|")],
        "pictures": re.compile(r"!\[[^\]]*\]\(([^)]+)\)").findall,
    }
    for what, of in parts.items():
        if of(english) != of(chinese):
            yield f"README.md and README.zh.md differ in their {what}"


if __name__ == "__main__":
    sys.exit(main())
