"""The labelled documents of our own are what their sources say, cut as the reader cuts."""

from __future__ import annotations

import importlib.util
import json
import sys
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).parent.parent
FOLDER = ROOT / "examples" / "labelled"


@pytest.fixture(scope="module")
def label() -> ModuleType:
    spec = importlib.util.spec_from_file_location("label_tool", ROOT / "tools" / "label.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["label_tool"] = module
    spec.loader.exec_module(module)
    return module


def _source(folder: Path, text: str) -> Path:
    for name in ("text", "sentences", "labels"):
        (folder / name).mkdir()
    path = folder / "one.txt"
    path.write_text(text, encoding="utf-8")
    return path


def test_source_gives_text_sentences_and_labels(label: ModuleType, tmp_path: Path) -> None:
    source = _source(tmp_path, "h 一、抓安全\nk 各校要检查校舍。\n+K 发现隐患要上报。\np 安全重于泰山。\n")

    assert label.build(tmp_path, source) == []
    assert (tmp_path / "text/one.txt").read_text(
        "utf-8"
    ) == "一、抓安全\n各校要检查校舍。发现隐患要上报。\n安全重于泰山。\n"
    labels = [json.loads(line) for line in (tmp_path / "labels/one.jsonl").read_text("utf-8").splitlines()]
    assert labels == [
        {"i": 0, "label": "heading"},
        {"i": 1, "label": "task", "task": 1},
        {"i": 2, "label": "task", "task": 1},
        {"i": 3, "label": "principle"},
    ]


def test_sentence_that_the_reader_cuts_otherwise_is_told(label: ModuleType, tmp_path: Path) -> None:
    source = _source(tmp_path, "k 各校要检查校舍。发现隐患要上报。\n")

    assert label.build(tmp_path, source) == ["one.txt: the reader cuts before '发现隐患要上报。'"]


@pytest.mark.parametrize("text", ["x 各校要检查校舍。", "各校要检查校舍。", "k ", "k"])
def test_line_without_code_or_sentence_is_refused(label: ModuleType, tmp_path: Path, text: str) -> None:
    with pytest.raises(label.SourceError, match=r"one\.txt:1: not a code"):
        label.build(tmp_path, _source(tmp_path, text + "\n"))


def test_built_documents_are_what_their_sources_say(label: ModuleType, tmp_path: Path) -> None:
    for name in ("text", "sentences", "labels"):
        (tmp_path / name).mkdir()

    faults = [fault for source in sorted((FOLDER / "source").glob("*.txt")) for fault in label.build(tmp_path, source)]

    assert faults == []
    for name in ("text", "sentences", "labels"):
        built = {path.name: path.read_bytes() for path in (tmp_path / name).iterdir()}
        assert {path.name: path.read_bytes() for path in (FOLDER / name).iterdir()} == built
