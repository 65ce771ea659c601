"""Measures speed and memory: `python bench/run.py [FOLDER]`.

FOLDER holds texts to measure with, as .txt files (also below it); without it one is made from the examples, repeated
with other figures so that nothing is the same twice. Times are the best of several runs, and what a promise is made
about is a ratio to something else that was measured in the same run, so the figures hold on slow machines too.
"""

from __future__ import annotations

import os
import random
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parent.parent
SIZE: Final = 55_000
"""Characters of the text: five long speeches, or a provincial plan with its annexes."""

ROUNDS: Final = 3
STARTS: Final = 7


def main(folder: Path | None = None) -> int:
    """Print every figure beside its promise; return 1 where a promise is broken."""
    texts = corpus_texts(folder) if folder else {"examples": made_text()}
    with tempfile.TemporaryDirectory() as scratch:
        path = Path(scratch) / "text.txt"
        path.write_text(mixed(list(texts.values())), encoding="utf-8")
        # jieba comes last into this process: a child's peak of memory begins with what its parent held.
        kept = [start(), memory(path), from_the_shell(path), in_process(texts)]
    return 0 if all(kept) else 1


def made_text() -> str:
    """Return the examples over and over, each time with other figures, names of places kept."""
    source = "\n".join(
        (ROOT / "examples" / name).read_text(encoding="utf-8") for name in ("source/speech.txt", "通知.txt")
    )
    source = re.sub(r"(?m)^#+ ", "", source)
    chance = random.Random(20260227)  # noqa: S311 — the same text every time, nothing secret
    parts: list[str] = []
    while sum(map(len, parts)) < SIZE:
        parts.append(re.sub(r"\d{2,}", lambda match: str(chance.randrange(10, 10 ** len(match[0]))), source))
    return "".join(parts)[:SIZE]


def corpus_texts(folder: Path) -> dict[str, str]:
    """Return all texts of a folder by their names."""
    texts = {path.stem: path.read_text(encoding="utf-8", errors="replace") for path in sorted(folder.rglob("*.txt"))}
    if not texts:
        raise SystemExit(f"{folder} holds no .txt file.")
    return texts


def mixed(texts: list[str]) -> str:
    """Return a text of the measured size: the beginnings of all texts, of each the same share."""
    share = SIZE // len(texts) + 1
    text = "\n".join(text[:share] for text in texts)
    return (text * (SIZE // len(text) + 1))[:SIZE]


def best(work: Callable[[], object], rounds: int) -> float:
    """Return the shortest time of several runs, in seconds."""
    times = []
    for _ in range(rounds):
        began = time.perf_counter()
        work()
        times.append(time.perf_counter() - began)
    return min(times)


def told(what: str, figure: str, promise: str, *, kept: bool) -> bool:
    """Print one figure with its promise and whether it is kept."""
    print(f"{what:<58} {figure:>24}   {promise:<22} {'ok' if kept else 'BROKEN'}")
    return kept


def in_process(texts: dict[str, str]) -> bool:
    """From text to JSON, against jieba.posseg cutting the same texts; both warm. Each text counts by its length."""
    import jieba.posseg  # noqa: PLC0415 — imported only where it is measured

    from luoshi.cli.stdout import json_bytes  # noqa: PLC0415
    from luoshi.drafting import draft  # noqa: PLC0415
    from luoshi.drafting.contract import to_json  # noqa: PLC0415
    from luoshi.reading import read  # noqa: PLC0415

    def ours(text: str) -> bytes:
        return json_bytes(to_json(draft(read(text.encode(), name="text.txt"))))

    jieba.setLogLevel("ERROR")
    own = theirs = 0.0
    ratios = {}
    for name, text in texts.items():
        ours(text[:1000])
        jieba.posseg.lcut(text[:1000])
        one = best(lambda text=text: ours(text), ROUNDS)  # type: ignore[misc]
        other = best(lambda text=text: jieba.posseg.lcut(text), 1 if len(texts) > 1 else ROUNDS)  # type: ignore[misc]
        own, theirs, ratios[name] = own + one, theirs + other, other / one
    figure = f"{theirs:.2f} s / {own:.2f} s = {theirs / own:.1f}"
    kept = told("jieba.posseg / text to JSON, one process", figure, "at least 5", kept=theirs >= 5 * own)
    if len(ratios) > 1:
        ordered = sorted(ratios, key=lambda name: ratios[name])
        for word, name in (("lowest", ordered[0]), ("middle", ordered[len(ordered) // 2]), ("highest", ordered[-1])):
            print(f"    {word}: {ratios[name]:.1f} ({name}, {len(texts[name])} characters)")
    return kept


def run(command: list[str]) -> None:
    """Run a command to its end, without what it prints."""
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=environment())


def environment() -> dict[str, str]:
    """The environment of measured processes: one that lets Python keep its compiled files, as users have it."""
    return {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}


def luoshi(*arguments: str) -> list[str]:
    """Return the command line of Luoshi in this environment."""
    return [str(Path(sys.executable).with_name("luoshi")), *arguments]


def from_the_shell(path: Path) -> bool:
    """A whole file from the shell, start included, against a fresh process that makes jieba ready."""
    ours = luoshi("draft", "--format", "json", str(path))
    theirs = [sys.executable, "-c", "import jieba; jieba.initialize()"]
    run(ours)
    run(theirs)
    own, other = best(lambda: run(ours), ROUNDS), best(lambda: run(theirs), ROUNDS)
    ratio = own / other
    figure = f"{own:.2f} s / {other:.2f} s = {ratio:.2f}"
    return told("file from the shell / import and initialise jieba", figure, "under 2", kept=ratio < 2)


def memory(path: Path) -> bool:
    """The peak memory of drafting a file."""
    code = (
        "import resource, runpy, sys; sys.argv = ['luoshi', 'draft', '--format', 'json', sys.argv[1]]\n"
        "try: runpy.run_module('luoshi.cli', run_name='__main__')\n"
        "finally: print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code, str(path)], check=True, capture_output=True, env=environment())
    unit = 1 if sys.platform == "darwin" else 1024
    megabytes = int(done.stderr.split()[-1]) * unit / 1e6
    return told("peak memory of drafting the file", f"{megabytes:.0f} MB", "under 200 MB", kept=megabytes < 200)


def start() -> bool:
    """`luoshi --help` against Python that does nothing."""
    ours, bare = luoshi("--help"), [sys.executable, "-c", "pass"]
    run(ours)
    more = (best(lambda: run(ours), STARTS) - best(lambda: run(bare), STARTS)) * 1000
    return told("luoshi --help, more than python -c pass", f"{more:.0f} ms", "under 150 ms", kept=more < 150)


if __name__ == "__main__":
    sys.exit(main(*map(Path, sys.argv[1:2])))
