"""Build the labelled documents of our own from their sources: one line a sentence, its label first.

    label.py [FOLDER]

FOLDER (examples/labelled) holds `source/*.txt` and gets `text/`, `sentences/` and `labels/`, in the form of every
labelled corpus. A line of a source is a code, a blank and a sentence. The codes: T title, h heading, k task,
K the same task as the sentence before, p principle, a achievement, r problem, o other, b boilerplate; `+` before a
code continues the paragraph. Sentences must be cut where the reader cuts them; where they are not is told.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from luoshi.reading import read

LABELS = {
    "T": "title",
    "h": "heading",
    "k": "task",
    "K": "task",
    "p": "principle",
    "a": "achievement",
    "r": "problem",
    "o": "other",
    "b": "boilerplate",
}


class SourceError(Exception):
    """A source that cannot be read; the message names file and line."""


@dataclass(frozen=True, slots=True)
class Line:
    """One sentence of a source: its number, its label's code, whether it goes on in the paragraph, its text."""

    number: int
    code: str
    joined: bool
    text: str


def source_lines(path: Path) -> Iterator[Line]:
    """Yield the sentences of a source."""
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        code, _, text = line.partition(" ")
        if code.lstrip("+") not in LABELS or not text.strip():
            raise SourceError(f"{path.name}:{number}: not a code, a blank and a sentence: {line[:20]}")
        yield Line(number, code.lstrip("+"), code.startswith("+"), text.strip())


def build(folder: Path, source: Path) -> list[str]:
    """Write the text, sentences and labels of one source; return where the reader cuts otherwise."""
    lines = list(source_lines(source))
    text, starts = joined(lines)
    path = folder / "text" / source.name
    path.write_text(text + "\n", encoding="utf-8")
    sentences = [
        {"i": index, "start": start, "end": start + len(line.text), "text": line.text}
        for index, (start, line) in enumerate(zip(starts, lines, strict=True))
    ]
    for name, rows in (("sentences", sentences), ("labels", list(label_rows(lines)))):
        content = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
        (folder / name / f"{source.stem}.jsonl").write_text(content, encoding="utf-8")
    cuts = {sentence.start for sentence in read(path).sentences}
    missing = [line.number for start, line in zip(starts, lines, strict=True) if start not in cuts]
    more = sorted(cuts.difference(starts))
    return [f"{source.name}:{number}: the reader does not cut before it" for number in missing] + [
        f"{source.name}: the reader cuts before {text[start : start + 20]!r}" for start in more
    ]


def joined(lines: Sequence[Line]) -> tuple[str, list[int]]:
    """Return the text of a source, a line a paragraph, and where its sentences start."""
    text, starts = "", []
    for index, line in enumerate(lines):
        text += "\n" if index and not line.joined else ""
        starts.append(len(text))
        text += line.text
    return text, starts


def label_rows(lines: Sequence[Line]) -> Iterator[dict[str, object]]:
    """Yield the label of every sentence; those of one task share its number."""
    task = 0
    for index, line in enumerate(lines):
        task += line.code == "k"
        label = {"i": index, "label": LABELS[line.code]}
        yield {**label, "task": task} if line.code in "kK" else label


def main() -> None:
    """Build every document of a folder."""
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else "examples/labelled")
    for name in ("text", "sentences", "labels"):
        (folder / name).mkdir(exist_ok=True)
    faults = [fault for source in sorted((folder / "source").glob("*.txt")) for fault in build(folder, source)]
    if faults:
        raise SystemExit("\n".join(faults))


if __name__ == "__main__":
    main()
