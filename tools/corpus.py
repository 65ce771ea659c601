"""The labelled corpus as examples for training and evaluation."""

from __future__ import annotations

import importlib.util
import json
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

from luoshi.drafting.features import document_features
from luoshi.reading import Document, read

__all__ = ["OWN", "Example", "load_examples", "load_scorer"]

OWN = Path(__file__).parent.parent / "examples" / "labelled"
"""The labelled documents that the project wrote itself; they are trained on wherever others are."""


@dataclass(frozen=True, slots=True)
class Example:
    """A document as read, the features of its sentences, and the label that the annotators gave each."""

    name: str
    document: Document
    features: list[list[str]]
    labels: list[str]
    paths: tuple[Path, Path]
    """The files of its labels and of its sentences."""


def load_examples(corpus: Path) -> list[Example]:
    """Read every labelled document of a corpus, in the order of their names."""
    return [_example(corpus, path) for path in sorted((corpus / "labels").glob("*.jsonl"))]


def _example(corpus: Path, labels_path: Path) -> Example:
    name = labels_path.stem
    sentences_path = corpus / "sentences" / labels_path.name
    document = read(corpus / "text" / f"{name}.txt")
    spans = {row["i"]: row for row in _rows(sentences_path)}
    gold = [(spans[row["i"]]["start"], spans[row["i"]]["end"], row["label"]) for row in _rows(labels_path)]
    labels = [_label_at(gold, sentence.start, sentence.end) for sentence in document.sentences]
    return Example(name, document, list(document_features(document)), labels, (labels_path, sentences_path))


def _rows(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


def _label_at(gold: list[tuple[int, int, str]], start: int, end: int) -> str:
    """Return the label of the annotated sentence that shares most characters with a span."""
    return max(gold, key=lambda row: min(row[1], end) - max(row[0], start))[2]


def load_scorer(path: Path) -> ModuleType:
    """Load the scorer that belongs to the corpus (`score.py`)."""
    spec = importlib.util.spec_from_file_location("score", path)
    if spec is None or spec.loader is None:
        raise SystemExit(f"no scorer at {path}; name it with --scorer")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
