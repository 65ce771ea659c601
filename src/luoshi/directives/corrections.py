"""What people made of documents, as labelled documents from which the model of sentences can be trained and judged.

The form is that of every labelled corpus of the project: `text/`, `sentences/` and `labels/`, one file a document. Only
confirmed documents go out, and none that is confidential. Whoever runs this can read the database anyway: it is done at
the server's command line only, and it is put on record.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from django.db import transaction
from django.utils import timezone

from luoshi.directives.corrected_fields import Names, fields_of, names_of
from luoshi.directives.enums import ClauseState, Stage, Why
from luoshi.directives.models import Clause, Directive, Reading
from luoshi.drafting.features import document_features
from luoshi.drafting.model import decode, load
from luoshi.ledger.actions import SYSTEM, Subject, record
from luoshi.ledger.canonical import Json
from luoshi.reading import read
from luoshi.reading.document import Document

__all__ = ["Exported", "Labelled", "export_corrections", "labelled"]

_TASK: Final = "task"
_README: Final = """# 改过的文件 · Corrected documents

这里是 {count} 份已确认立项的部署文件，每句话的类别和任务的各栏都以核对人的决定为准。用来训练和评测识别任务的模型：
在落实的源代码里运行 `make train CORPUS=本文件夹` 或 `make eval CORPUS=本文件夹`（评分程序放在旁边的 tools/score.py）。
`text/` 是原文，`sentences/` 是每句话的起止，`labels/` 是每句话的类别；同一条任务的句子编号相同。
这些是单位内部文件的全文：请像原件一样保管，不要外传。保密台账的文件不在里面。

These are {count} documents whose matters were confirmed. The label of every sentence and the fields of every task are
as the people who reviewed them decided. They serve to train and to judge the model that finds tasks: in the source of
Luoshi run `make train CORPUS=this-folder` or `make eval CORPUS=this-folder` (the scorer is tools/score.py beside it).
`text/` holds the texts, `sentences/` where each sentence begins and ends, `labels/` what each sentence is; sentences of
one task share a number.
These are whole internal documents: keep them as you keep the originals, and do not pass them on. Documents of
confidential registers are not among them.
"""


@dataclass(frozen=True, slots=True)
class Labelled:
    """One document: its text, its sentences and their labels as a corpus holds them."""

    text: str
    sentences: Sequence[Mapping[str, Any]]
    labels: Sequence[Mapping[str, Any]]
    corrected: int
    """Sentences whose label or place in a task is not what was drafted."""


@dataclass(slots=True)
class Exported:
    """What was written, and how many documents were left out because their text cannot be read back as it was."""

    documents: int = 0
    sentences: int = 0
    tasks: int = 0
    corrected: int = 0
    unreadable: int = 0


def export_corrections(folder: Path, *, since: dt.date | None = None) -> Exported:
    """Write the corrected documents that were confirmed on `since` or later into a new folder, and record it.

    The folder appears whole or not at all, for its owner only. FileExistsError where there is something of that name,
    OSError where it cannot be written.
    """
    if folder.exists():
        raise FileExistsError(folder)
    passing = Path(tempfile.mkdtemp(prefix=f".{folder.name}.", suffix=".part", dir=folder.parent))
    done = Exported()
    try:
        for name in ("text", "sentences", "labels"):
            (passing / name).mkdir(mode=0o700)
        for directive in _documents(since).iterator(chunk_size=20):
            _write_document(passing, directive, done)
        _write(passing / "README.md", _README.format(count=done.documents))
        with transaction.atomic():
            _put_on_record(folder.name, done, since)
            passing.rename(folder)
    finally:
        shutil.rmtree(passing, ignore_errors=True)
    return done


def _documents(since: dt.date | None) -> Any:
    taken = Directive.objects.filter(stage=Stage.CONFIRMED, confidential=False, reading__isnull=False)
    if since is not None:
        taken = taken.filter(confirmed_at__gte=timezone.make_aware(dt.datetime.combine(since, dt.time.min)))
    return taken.select_related("reading").order_by("pk")


def _write_document(folder: Path, directive: Directive, done: Exported) -> None:
    document = labelled(directive)
    name = f"{directive.date or directive.taken_in_at.date()}_{directive.uid.hex[:12]}"
    text = folder / "text" / f"{name}.txt"
    _write(text, document.text)
    if read(text).text != document.text:
        text.unlink()
        done.unreadable += 1
        return
    _write(folder / "sentences" / f"{name}.jsonl", _lines(document.sentences))
    _write(folder / "labels" / f"{name}.jsonl", _lines(document.labels))
    done.documents += 1
    done.sentences += len(document.sentences)
    done.tasks += len({one["task"] for one in document.labels if "task" in one})
    done.corrected += document.corrected


def _write(path: Path, text: str) -> None:
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(text.encode())


def _lines(rows: Sequence[Mapping[str, Any]]) -> str:
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)


def _put_on_record(name: str, done: Exported, since: dt.date | None) -> None:
    data: dict[str, Json] = {"documents": done.documents, "sentences": done.sentences}
    if since is not None:
        data["since"] = since.isoformat()
    record("directive.export", by=SYSTEM, subject=Subject("export", "", name), data=data)


# One document.


def labelled(directive: Directive, units: Names | None = None) -> Labelled:
    """Return a document with its labels as they stand after its review.

    A sentence of a row that is or may become a matter is a task; so is that of a row which was dropped for a reason
    other than not being a task, unless somebody said what it is instead. All others are what a person said, else what
    was drafted. A task that was dropped as none without another word gets the label that is likeliest after it.
    """
    reading: Reading = directive.reading
    clauses = list(directive.clauses.order_by("start", "number"))
    rows = _rows_by_sentence(clauses)
    names = names_of(clauses) if units is None else units
    sentences, labels = [], []
    likelier = _Likelier(reading.text)
    numbers: dict[int, int] = {}
    corrected = 0
    for index, sentence in enumerate(reading.sentences):
        words = reading.text[sentence["s"] : sentence["e"]]
        sentences.append({"i": index, "start": sentence["s"], "end": sentence["e"], "text": words})
        row = rows.get(index)
        label = directive.labels.get(str(index)) or _label(row, sentence, likelier)
        entry: dict[str, Any] = {"i": index, "label": label}
        if label == _TASK and row is not None:
            entry["task"] = numbers.setdefault(row.pk, len(numbers) + 1)
            entry |= fields_of(row, clauses, sentence, words, names)
        labels.append(entry)
        corrected += label != sentence["label"] or (label == _TASK and _is_moved(row, sentence, index))
    return Labelled(reading.text, sentences, labels, corrected)


def _rows_by_sentence(clauses: Sequence[Clause]) -> dict[int, Clause]:
    """Return which row a sentence belongs to: the first that stands, else the first that was dropped."""
    standing: dict[int, Clause] = {}
    dropped: dict[int, Clause] = {}
    for clause in clauses:
        if clause.state == ClauseState.MERGED:
            continue
        kept = dropped if clause.state == ClauseState.DROPPED else standing
        for index in clause.sentences:
            kept.setdefault(index, clause)
    return {**dropped, **standing}


def _label(row: Clause | None, sentence: Mapping[str, Any], likelier: _Likelier) -> str:
    drafted = str(sentence["label"])
    if row is not None and not (row.state == ClauseState.DROPPED and row.why == Why.NOT_A_TASK):
        return _TASK
    return likelier.than_task(sentence["s"], sentence["e"]) if drafted == _TASK else drafted


def _is_moved(row: Clause | None, sentence: Mapping[str, Any], index: int) -> bool:
    """Tell whether a sentence belongs to another row than it was drafted into."""
    return row is not None and index not in row.said.get("sentences", ()) and sentence["clause"] != row.number


class _Likelier:
    """What the sentences of a document are if they are no tasks, by the model; asked only where that is needed."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._labels: list[tuple[int, int, str]] = []

    def than_task(self, start: int, end: int) -> str:
        """Return the likeliest label other than task for the sentence that shares most with a stretch of the text."""
        self._labels = self._labels or list(_second_best(read(self._text.encode(), name="text.txt")))
        found = max(self._labels, key=lambda one: min(one[1], end) - max(one[0], start), default=(0, 0, "other"))
        return found[2]


def _second_best(document: Document) -> Iterator[tuple[int, int, str]]:
    model = load()
    decisions = decode(model, [model.scores(model.known(features)) for features in document_features(document)])
    for sentence, decision in zip(document.sentences, decisions, strict=True):
        label = decision.runner_up if decision.label == _TASK else decision.label
        yield sentence.start, sentence.end, label
