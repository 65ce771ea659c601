"""What people made of documents goes out as labelled documents that the training tools read."""

from __future__ import annotations

import datetime as dt
import importlib.util
import json
import sys
import uuid
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from django.utils import timezone

from cast import Cast
from directives.making import MEETING, taken_in
from directives.standing import row, settled
from luoshi.directives.actions.review import drop, edit, label
from luoshi.directives.actions.rows import make, merge, move
from luoshi.directives.corrections import Labelled, export_corrections, labelled
from luoshi.directives.enums import ClauseState, Why
from luoshi.directives.models import Clause, Directive
from luoshi.drafting.plan import Label
from luoshi.ledger.models import Record

TOOLS = Path(__file__).parents[2] / "tools"
SURVEY, DRILL, ROOM, PRINCIPLE, HELP, CARE = 7, 8, 9, 10, 12, 13
"""The sentences of the meeting by their indexes."""


@pytest.fixture
def corpus_tool(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """Return the training tools' own loader."""
    spec = importlib.util.spec_from_file_location("corpus", TOOLS / "corpus.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    monkeypatch.setitem(sys.modules, "corpus", module)
    spec.loader.exec_module(module)
    return module


def op() -> uuid.UUID:
    """Return a new operation's number."""
    return uuid.uuid4()


def made(directive: Directive) -> Labelled:
    """Return the document as its labels stand now."""
    return labelled(Directive.objects.select_related("reading").get(pk=directive.pk))


def at(found: Labelled, index: int) -> dict[str, Any]:
    """Return one sentence's label without its number."""
    entry = dict(found.labels[index])
    assert entry.pop("i") == index
    return entry


@pytest.fixture
def document(cast: Cast) -> Directive:
    return taken_in(cast)


def confirmed(directive: Directive, on: dt.datetime | None = None) -> Directive:
    """Let a document stand as confirmed, whatever became of its rows."""
    directive.clauses.filter(state__in=ClauseState.live).update(state=ClauseState.CONFIRMED)
    Directive.objects.filter(pk=directive.pk).update(confirmed_at=on or timezone.now())
    return settled(directive)


# Labels and grouping.


def test_what_nobody_touched_is_as_it_was_drafted(document: Directive) -> None:
    found = made(document)
    assert [entry["label"] for entry in found.labels] == [one["label"] for one in document.reading.sentences]
    assert at(found, SURVEY) == {
        "label": "task",
        "task": 1,
        "owners": ["基教科"],
        "support": ["安全科"],
        "deadlines": [{"quote": "6月底前", "end": "2026-06-30"}],
        "targets": [{"quote": "98%", "op": ">=", "value": 98, "unit": "%"}],
    }
    assert at(found, DRILL)["cadence"] == ["每月"]
    assert found.corrected == 0


def test_sentences_of_one_row_share_a_number_and_merged_rows_become_one(document: Directive, cast: Cast) -> None:
    rows = [row(document, "消防演练"), row(document, "心理辅导室")]
    merge(rows, by=cast.actor("supervisor"), operation=op())
    found = made(document)
    assert at(found, DRILL)["task"] == at(found, ROOM)["task"]
    assert at(found, HELP)["task"] != at(found, ROOM)["task"]
    assert (at(found, ROOM)["owners"], at(found, DRILL)["owners"]) == (["青禾第一中学"], ["安全科"])
    assert found.corrected == 1


def test_a_row_made_by_a_person_is_a_task(document: Directive, cast: Cast) -> None:
    make(document, by=cast.actor("supervisor"), operation=op(), sentences=[PRINCIPLE])
    found = made(document)
    assert at(found, PRINCIPLE)["label"] == "task"
    assert found.corrected == 1


def test_a_dropped_row_that_is_no_task_has_the_label_that_was_given(document: Directive, cast: Cast) -> None:
    drop(
        [row(document, "课后服务")],
        by=cast.actor("supervisor"),
        operation=op(),
        why=Why.NOT_A_TASK,
        label="principle",
    )
    assert at(made(document), CARE) == {"label": "principle"}


def test_a_dropped_row_that_is_no_task_is_never_exported_as_one(document: Directive, cast: Cast) -> None:
    drop([row(document, "课后服务")], by=cast.actor("supervisor"), operation=op(), why=Why.NOT_A_TASK)
    found = made(document)
    assert at(found, CARE)["label"] in {one.value for one in Label} - {"task"}
    assert "task" not in at(found, CARE)
    assert found.corrected == 1


@pytest.mark.parametrize("why", [Why.NOT_OURS, Why.DONE, Why.REPEATED])
def test_a_row_dropped_for_another_reason_stays_a_task(document: Directive, cast: Cast, why: Why) -> None:
    drop([row(document, "课后服务")], by=cast.actor("supervisor"), operation=op(), why=why)
    found = made(document)
    assert at(found, CARE)["label"] == "task"
    assert found.corrected == 0


def test_a_persons_label_goes_before_the_drafted_one(document: Directive, cast: Cast) -> None:
    label(document, by=cast.actor("supervisor"), operation=op(), sentences=[PRINCIPLE], label="other")
    found = made(document)
    assert at(found, PRINCIPLE) == {"label": "other"}
    assert found.corrected == 1


def test_a_sentence_moved_to_another_row_has_its_number(document: Directive, cast: Cast) -> None:
    move(
        row(document, "隐患排查"),
        by=cast.actor("supervisor"),
        operation=op(),
        sentences=[SURVEY, PRINCIPLE],
    )
    found = made(document)
    assert at(found, PRINCIPLE)["task"] == at(found, SURVEY)["task"] == 1


# Fields.


def fields(document: Directive, index: int, cast: Cast, words: str, **values: Any) -> dict[str, Any]:
    """Return the fields of a sentence after a person set values of its row."""
    edit(row(document, words), by=cast.actor("supervisor"), operation=op(), **values)
    return at(made(document), index)


def test_another_day_is_what_the_words_mean(document: Directive, cast: Cast) -> None:
    found = fields(document, SURVEY, cast, "隐患排查", due="2026-06-20")
    assert found["deadlines"] == [{"quote": "6月底前", "end": "2026-06-20"}]


def test_the_same_day_of_another_year_is_what_the_words_mean(document: Directive, cast: Cast) -> None:
    found = fields(document, SURVEY, cast, "隐患排查", due="2027-06-30")
    assert found["deadlines"] == [{"quote": "6月底前", "end": "2027-06-30"}]


def test_a_day_months_away_is_granted_for_the_work_and_not_what_the_words_mean(document: Directive, cast: Cast) -> None:
    found = fields(document, SURVEY, cast, "隐患排查", due="2026-11-20")
    assert found["deadlines"] == [{"quote": "6月底前", "end": "2026-06-30"}]


def came_in(document: Directive, day: int) -> None:
    """Let the document have come in at noon of a day in June of its year."""
    moment = dt.datetime(2026, 6, day, 12, tzinfo=dt.UTC)
    Directive.objects.filter(pk=document.pk).update(taken_in_at=moment)


def test_a_day_to_come_that_was_taken_away_is_no_deadline(document: Directive, cast: Cast) -> None:
    came_in(document, 1)
    assert "deadlines" not in fields(document, SURVEY, cast, "隐患排查", due=None)


def test_a_day_that_was_past_when_the_document_came_in_is_still_what_the_words_mean(
    document: Directive, cast: Cast
) -> None:
    edit(row(document, "隐患排查"), by=cast.actor("supervisor"), operation=op(), due=None)
    Directive.objects.filter(pk=document.pk).update(taken_in_at=dt.datetime(2026, 7, 1, 12, tzinfo=dt.UTC))
    assert at(made(document), SURVEY)["deadlines"] == [{"quote": "6月底前", "end": "2026-06-30"}]


def test_of_several_days_the_person_decided_on_the_first(document: Directive, cast: Cast) -> None:
    found = fields(document, HELP, cast, "帮扶方案", due="2026-05-20")
    assert found["deadlines"] == [
        {"quote": "5月底前", "end": "2026-05-20"},
        {"quote": "12月底前", "end": "2026-12-31"},
    ]


def test_a_lead_that_the_sentence_names_changes_places_with_the_one_drafted(document: Directive, cast: Cast) -> None:
    found = fields(document, SURVEY, cast, "隐患排查", lead="YL-AQ", support=["YL-JJ"])
    assert (found["owners"], found["support"]) == (["安全科"], ["基教科"])


def test_a_lead_that_the_sentence_does_not_name_leaves_its_words_alone(document: Directive, cast: Cast) -> None:
    found = fields(document, SURVEY, cast, "隐患排查", lead="QH-1")
    assert (found["owners"], found["support"]) == (["基教科"], ["安全科"])


def test_a_lead_taken_away_is_no_owner(document: Directive, cast: Cast) -> None:
    assert "owners" not in fields(document, DRILL, cast, "消防演练", lead=None)


def test_a_unit_that_the_sentence_names_by_a_short_name_and_a_person_chose_is_found(cast: Cast) -> None:
    directive = taken_in(cast, "二、重点任务\n9月底前由槐树一小建成心理辅导室。\n")
    Clause.objects.update(said={})
    clause = directive.clauses.get()
    edit(clause, by=cast.actor("supervisor"), operation=op(), lead="HS-1")
    assert at(made(directive), clause.sentences[0])["owners"] == ["槐树一小"]


def test_support_taken_away_is_gone_and_support_that_is_named_is_found(document: Directive, cast: Cast) -> None:
    assert "support" not in fields(document, SURVEY, cast, "隐患排查", support=[])
    document.clauses.update(said={})
    found = fields(document, SURVEY, cast, "隐患排查", support=["YL-AQ", "QH-1"])
    assert found["support"] == ["安全科"]


def test_figures_that_a_person_set_count_as_far_as_the_sentence_says_them(document: Directive, cast: Cast) -> None:
    targets = [
        {"of": "薄弱学校", "op": "=", "value": "12", "unit": "所"},
        {"of": "学校", "op": ">=", "value": "40", "unit": "所"},
    ]
    found = fields(document, HELP, cast, "帮扶方案", targets=targets)
    assert found["targets"] == [{"quote": "12所", "op": "=", "value": 12, "unit": "所"}]
    assert "targets" not in fields(document, SURVEY, cast, "隐患排查", targets=[])


def test_a_rhythm_taken_away_is_gone(document: Directive, cast: Cast) -> None:
    assert "cadence" not in fields(document, DRILL, cast, "消防演练", cadence=[])


# The folder.


def test_the_training_tools_read_what_was_written(
    document: Directive, cast: Cast, tmp_path: Path, corpus_tool: ModuleType
) -> None:
    label(document, by=cast.actor("supervisor"), operation=op(), sentences=[PRINCIPLE], label="other")
    confirmed(document)
    done = export_corrections(tmp_path / "corpus")
    assert (done.documents, done.sentences, done.tasks, done.corrected) == (1, 15, 5, 1)
    (example,) = corpus_tool.load_examples(tmp_path / "corpus")
    assert example.labels == [entry["label"] for entry in made(document).labels]
    assert [example.document.quote(one.start, one.end) for one in example.document.sentences][SURVEY].startswith(
        "基教科"
    )
    assert len(example.features) == 15


def test_every_quote_stands_in_its_sentence_and_every_sentence_in_its_text(document: Directive, tmp_path: Path) -> None:
    confirmed(document)
    export_corrections(tmp_path / "corpus")
    (name,) = (path.stem for path in (tmp_path / "corpus" / "labels").iterdir())
    text = (tmp_path / "corpus" / "text" / f"{name}.txt").read_bytes().decode()
    rows = {kind: _rows(tmp_path / "corpus" / kind / f"{name}.jsonl") for kind in ("sentences", "labels")}
    assert text == document.reading.text
    assert [row["i"] for row in rows["labels"]] == [row["i"] for row in rows["sentences"]] == list(range(15))
    for sentence, entry in zip(rows["sentences"], rows["labels"], strict=True):
        assert text[sentence["start"] : sentence["end"]] == sentence["text"]
        quotes = [one["quote"] for name in ("deadlines", "targets") for one in entry.get(name, ())]
        quotes += [one for name in ("owners", "support", "cadence") for one in entry.get(name, ())]
        assert [quote for quote in quotes if quote not in sentence["text"]] == []


def _rows(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text().splitlines()]


@pytest.mark.parametrize("text", [MEETING.replace("\n", "\r\n"), "\ufeff" + MEETING, MEETING + "\x00\n𠮷田"])
def test_texts_with_odd_characters_are_read_back_as_they_were(cast: Cast, tmp_path: Path, text: str) -> None:
    confirmed(taken_in(cast, text))
    done = export_corrections(tmp_path / "corpus")
    assert (done.documents, done.unreadable) == (1, 0)


def test_only_confirmed_documents_go_out_and_none_that_is_confidential(cast: Cast, tmp_path: Path) -> None:
    taken_in(cast, MEETING + "一。\n")
    secret = confirmed(taken_in(cast, MEETING + "二。\n"))
    Directive.objects.filter(pk=secret.pk).update(confidential=True)
    kept = confirmed(taken_in(cast, MEETING + "三。\n"))
    assert export_corrections(tmp_path / "corpus").documents == 1
    (name,) = (path.stem for path in (tmp_path / "corpus" / "text").iterdir())
    assert name == f"2026-03-02_{kept.uid.hex[:12]}"
    assert "1 份" in (tmp_path / "corpus" / "README.md").read_text()


def test_a_day_leaves_out_what_was_confirmed_before(cast: Cast, tmp_path: Path) -> None:
    noon = dt.datetime(2026, 3, 9, 4, tzinfo=dt.UTC)
    confirmed(taken_in(cast), noon)
    assert export_corrections(tmp_path / "a", since=dt.date(2026, 3, 9)).documents == 1
    assert export_corrections(tmp_path / "b", since=dt.date(2026, 3, 10)).documents == 0


def test_the_folder_is_its_owners_alone(document: Directive, tmp_path: Path) -> None:
    confirmed(document)
    export_corrections(tmp_path / "corpus")
    modes = {path.stat().st_mode & 0o077 for path in [tmp_path / "corpus", *(tmp_path / "corpus").rglob("*")]}
    assert modes == {0}


def test_a_folder_that_is_there_is_left_alone(document: Directive, tmp_path: Path) -> None:
    (tmp_path / "corpus").mkdir()
    (tmp_path / "corpus" / "mine.txt").write_text("x")
    with pytest.raises(FileExistsError):
        export_corrections(tmp_path / "corpus")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["corpus", "evidence"]
    assert [path.name for path in (tmp_path / "corpus").iterdir()] == ["mine.txt"]
    assert not Record.objects.filter(act="directive.export").exists()


def test_a_place_that_cannot_be_written_leaves_nothing_behind(document: Directive, tmp_path: Path) -> None:
    with pytest.raises(OSError, match="No such file"):
        export_corrections(tmp_path / "nowhere" / "corpus")
    assert [path.name for path in tmp_path.iterdir()] == ["evidence"]


def test_the_export_is_on_record(document: Directive, tmp_path: Path) -> None:
    confirmed(document)
    export_corrections(tmp_path / "corpus", since=dt.date(2026, 1, 1))
    (one,) = Record.objects.filter(act="directive.export")
    assert (one.actor_id, one.subject_name) == (None, "corpus")
    assert one.data == {"documents": 1, "sentences": 15, "since": "2026-01-01"}
