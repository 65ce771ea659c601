"""Build the labelled documents of our own from their sources: one line a sentence, its label first.

    label.py [FOLDER]

FOLDER (examples/labelled) holds `source/*.txt` and gets `text/`, `sentences/` and `labels/`, in the form of every
labelled corpus. A line of a source is a code, a blank and a sentence. The codes: T title, h heading, k task,
K the same task as the sentence before, p principle, a achievement, r problem, o other, b boilerplate; `+` before a
code continues the paragraph. Sentences must be cut where the reader cuts them; what is not is told and nothing written.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
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
    text, sentences, labels, task = "", [], [], 0
    for index, line in enumerate(lines):
        text += "\n" if index and not line.joined else ""
        sentences.append({"i": index, "start": len(text), "end": len(text) + len(line.text), "text": line.text})
        text += line.text
        label: dict[str, object] = {"i": index, "label": LABELS[line.code]}
        if line.code in "kK":
            task += line.code == "k"
            label["task"] = task
        labels.append(label)
    for name, rows in (("sentences", sentences), ("labels", labels)):
        content = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
        (folder / name / f"{source.stem}.jsonl").write_text(content, encoding="utf-8")
    path = folder / "text" / source.name
    path.write_text(text + "\n", encoding="utf-8")
    read_as = [sentence.start for sentence in read(path).sentences]
    written = {row["start"]: line for row, line in zip(sentences, lines, strict=True)}
    return [
        f"{source.name}:{written[start].number}: not cut by the reader" for start in written if start not in read_as
    ] + [f"{source.name}: cut by the reader: {text[start : start + 20]!r}" for start in read_as if start not in written]


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
