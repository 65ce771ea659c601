"""Whatever is touched behind the product's back is found and named."""

from __future__ import annotations

import datetime as dt
import random
import uuid
from collections.abc import Iterator
from contextlib import suppress
from functools import partial
from typing import Any, Final

import pytest
from django.db import DatabaseError, connection, models

from luoshi.ledger.canonical import link
from luoshi.ledger.models import Record
from luoshi.work.integrity import verify
from luoshi.work.models import (
    Attachment,
    Event,
    Evidence,
    Involvement,
    Matter,
    Numbering,
    RegisterVersion,
    Seal,
)
from work.integrity.world import World, kinds, tampered

COVERED: Final = (Event, Matter, Involvement, Attachment, RegisterVersion, Record, Seal, Evidence, Numbering)
UNCOVERED: Final = {
    # What follows from nothing that was written: storage numbers, and when and as what a file came in.
    *((model.__name__, "id") for model in COVERED),
    ("Evidence", "kind"),
    ("Evidence", "stored_at"),
    ("RegisterVersion", "added_at"),
}


def columns(model: type[models.Model]) -> list[models.Field[Any, Any]]:
    return [field for field in model._meta.concrete_fields if (model.__name__, field.attname) not in UNCOVERED]


def named(value: Any) -> str:
    return value.__name__ if isinstance(value, type) else str(value)


def changed(value: Any, dice: random.Random, field: models.Field[Any, Any]) -> Any:  # noqa: PLR0911 — one a type
    """Return another value of the same kind."""
    match value:
        case bool():
            return not value
        case int():
            return value + dice.choice([1, 2, 7])
        case dt.datetime():
            return value + dt.timedelta(microseconds=dice.choice([1, 1000, 86_400_000_000]))
        case dt.date():
            return value + dt.timedelta(days=dice.choice([-1, 1]))
        case uuid.UUID():
            return uuid.UUID(int=dice.getrandbits(128))
        case dict() | list():
            return changed_json(value, dice)
        case str():
            place = dice.randrange(len(value) + 1)
            other = dice.choice([letter for letter in "0a甲" if letter != value[place : place + 1]])
            return value[:place] + other + value[place + 1 :]
        case None:
            return {"DateTimeField": dt.datetime(2026, 1, 1, tzinfo=dt.UTC), "DateField": dt.date(2026, 1, 1)}.get(
                field.get_internal_type(), 1
            )
    raise AssertionError(value)


def changed_json(value: Any, dice: random.Random) -> Any:
    if isinstance(value, dict):
        if not value:
            return {"x": 1}
        key = dice.choice(sorted(value))
        return {**value, key: changed_json(value[key], dice)}
    if isinstance(value, list):
        return [*value[:-1], changed_json(value[-1], dice)] if value else [1]
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, int):
        return dice.choice([value + 1, float(value), bool(value) if value in {0, 1} else value - 1])
    return f"{value}x"


@pytest.mark.parametrize("model", COVERED, ids=named)
def test_changed_column_is_found(world: World, model: type[models.Model]) -> None:
    dice = random.Random(model.__name__)
    rows = list(model._default_manager.order_by("pk"))
    missed, tried = [], set()
    for field in columns(model):
        for row in dice.sample(rows, min(3, len(rows))):
            value = changed(getattr(row, field.attname), dice, field)
            rewrite = partial(model._default_manager.filter(pk=row.pk).update, **{field.attname: value})
            with suppress(DatabaseError), tampered(rewrite):  # some the database itself will not have
                tried.add(field.attname)
                if verify().clean:
                    missed.append((row, field.attname, value))
    assert missed == []
    assert len(tried) >= len(columns(model)) - 2


if connection.vendor == "sqlite":  # only SQLite stores what is of no type: elsewhere there is no such row to look at

    @pytest.mark.parametrize("model", COVERED, ids=named)
    def test_bytes_of_no_type_are_found_and_hide_nothing_else(world: World, model: type[models.Model]) -> None:
        dice = random.Random(model.__name__)
        rows = list(model._default_manager.order_by("pk").values_list("pk", flat=True))
        other = "UPDATE org_unit SET numchild = 7 WHERE code = 'YL'"
        missed = []
        for field in columns(model):
            spoilt = dice.choice(["X'FF00'", "'{'", "X'7B22FF'", "'甲'"])
            table, column, pk = model._meta.db_table, field.column, dice.choice(rows)
            with tampered(f"UPDATE {table} SET {column} = CAST({spoilt} AS TEXT) WHERE id = {pk}", other):
                found = verify()
            if found.total < 2 or "organisation" not in found.counts:
                missed.append((column, spoilt, found.findings))
        assert missed == []


def test_altered_act_is_named_with_what_it_was(world: World) -> None:
    event = world.closed.events.get(act="urge")
    with tampered(f"UPDATE work_event SET act = 'comment' WHERE id = {event.pk}"):
        (finding,) = verify().findings
    assert finding.kind == "event.content"
    assert finding.where.zh == f"{world.closed.number} 事件 {event.seq}"
    assert finding.what.zh == "act 被改动：原为“urge”，现为“comment”"
    assert finding.what.en == "act was altered: written as “urge”, now “comment”"


def test_altered_value_in_the_data_is_named_with_what_it_was(world: World) -> None:
    event = world.closed.events.get(act="report")
    data = {**event.data, "set": {**event.data["set"], "progress": 90}}
    with tampered(lambda: Event.objects.filter(pk=event.pk).update(data=data)):
        first = verify().findings[0]
    assert (first.kind, first.what.zh) == ("event.content", "data.set.progress 被改动：原为“40”，现为“90”")


def test_only_the_stored_hash_altered_leaves_the_content_whole(world: World) -> None:
    event = world.closed.events.get(seq=4)
    with tampered(f"UPDATE work_event SET hash = '{'0' * 64}' WHERE id = {event.pk}"):
        found = [finding.kind for finding in verify().findings]
    assert found == ["event.hash", "seal.content"]


def test_event_rewritten_with_a_fitting_hash_breaks_the_link_behind_it(world: World) -> None:
    event = world.closed.events.get(act="report")
    event.actor_name = "别人"
    hash_ = link(event.prev, event.content())
    with tampered(f"UPDATE work_event SET actor_name = '别人', hash = '{hash_}' WHERE id = {event.pk}"):
        report = verify()
    assert [f"{f.kind} {f.where.zh}" for f in report.findings] == [
        f"event.link {world.closed.number} 事件 {event.seq + 1}",
        f"seal.content {world.seals[1].day} 的封存",
    ]


def test_missing_event_in_the_middle_is_named(world: World) -> None:
    with tampered(f"DELETE FROM work_event WHERE matter_id = {world.closed.pk} AND seq IN (3, 4)"):
        report = verify()
    gap = next(finding for finding in report.findings if finding.kind == "event.missing")
    assert gap.where.zh == f"{world.closed.number} 事件 3–4"
    assert gap.what.en == "2 missing"
    assert report.counts["seal.events"] == 2


def test_missing_tail_shows_in_the_row(world: World) -> None:
    with tampered(f"DELETE FROM work_event WHERE matter_id = {world.closed.pk} AND seq = 11"):
        report = verify(only=world.closed)
    gap = report.findings[0]
    assert (gap.kind, gap.where.zh) == ("event.missing", f"{world.closed.number} 事件 11")


def test_tail_cut_off_together_with_the_row_shows_in_the_seal(world: World) -> None:
    last = world.running.events.get(seq=3)
    with tampered(
        f"DELETE FROM work_event WHERE id = {last.pk}",
        f"UPDATE work_matter SET version = 2, head = '{last.prev}' WHERE id = {world.running.pk}",
    ):
        report = verify()
    assert [(f.kind, f.where.zh) for f in report.findings] == [("seal.events", f"{world.seals[2].day} 的封存")]


def test_forged_event_at_the_end_shows_in_the_row(world: World) -> None:
    last = world.running.events.get(seq=3)
    last.pk, last.seq, last.prev, last.operation = None, 4, last.hash, uuid.uuid4()
    last.hash = link(last.prev, last.content())
    with tampered(lambda: last.save(force_insert=True)):
        assert kinds() == {"event.added"}


def test_swapped_events_are_found(world: World) -> None:
    table = f"UPDATE work_event SET seq = %d WHERE matter_id = {world.closed.pk} AND seq = %d"
    with tampered(table % (100, 3), table % (3, 4), table % (4, 100)):
        report = verify(only=world.closed)
    assert [(f.kind, f.what.zh) for f in report.findings[:2]] == [
        ("event.content", "seq 被改动：原为“4”，现为“3”"),
        ("event.content", "seq 被改动：原为“3”，现为“4”"),
    ]


def test_matter_removed_with_everything_leaves_holes(world: World) -> None:
    key = world.running.pk
    with tampered(
        f"DELETE FROM work_involvement WHERE matter_id = {key}",
        f"DELETE FROM work_event WHERE matter_id = {key}",
        f"DELETE FROM work_matter WHERE id = {key}",
    ):
        assert kinds() == {"number.missing", "seal.events"}


def test_matter_removed_without_its_events_is_named(world: World) -> None:
    with tampered(f"DELETE FROM work_matter WHERE id = {world.running.pk}"):
        assert "matter.missing" in kinds()


def test_record_removed_added_or_altered_is_named(world: World) -> None:
    with tampered("DELETE FROM ledger_record WHERE seq = 2"):
        report = verify()
    assert [(f.kind, f.where.zh) for f in report.findings if f.kind.startswith("record")] == [
        ("record.missing", "操作记录 2")
    ]
    assert "seal.records" in report.counts
    with tampered("UPDATE ledger_record SET actor_name = '别人' WHERE seq = 2"):
        report = verify()
    assert [(f.kind, f.where.en) for f in report.findings] == [("record.content", "record 2")]


def test_last_records_cut_off_show_in_the_seals(world: World) -> None:
    last = Record.objects.order_by("-seq")[0].seq
    with tampered(f"DELETE FROM ledger_record WHERE seq > 1 AND seq <= {last}"):
        assert kinds() == {"seal.records"}


def test_removed_or_invented_seals_are_found(world: World) -> None:
    first, _second, third = world.seals
    with tampered(f"DELETE FROM work_seal WHERE id = {third.pk}"):
        assert kinds() == {"seal.missing"}
    with tampered(f"DELETE FROM work_seal WHERE id = {first.pk}"):
        assert {"seal.missing", "seal.link"} <= kinds()


def test_number_used_up_without_a_matter_is_found(world: World) -> None:
    with tampered("UPDATE work_numbering SET last = last + 1 WHERE register = 'errand'"):
        report = verify()
    assert [f.what.zh for f in report.findings] == ["缺号 1 个：3"]


def test_confidential_content_is_not_printed(world: World) -> None:
    with tampered(f"UPDATE work_matter SET title = '另一个题目' WHERE id = {world.secret.pk}"):
        (finding,) = verify().findings
    assert (finding.kind, finding.what.zh) == ("matter.column", "title 与事件重放不符")


def test_register_text_changed_with_its_hash_is_found_by_those_opened_under_it(world: World) -> None:
    row = RegisterVersion.objects.get(code="errand")
    with tampered(f"UPDATE work_registerversion SET sha256 = '{'a' * 64}', text = 'x' WHERE id = {row.pk}"):
        assert {"register.text", "matter.register"} <= kinds()


def guards_of(table: str) -> Iterator[str]:
    names = ("no_update", "no_delete") if connection.vendor == "sqlite" else ("no_change", "no_truncate")
    on = "" if connection.vendor == "sqlite" else f" ON {table}"
    return (f"DROP TRIGGER {table}_{name}{on}" for name in names)


@pytest.mark.parametrize("table", ["work_event", "work_seal", "work_registerversion", "ledger_record"])
def test_dropped_guard_is_found(world: World, table: str) -> None:
    for statement in guards_of(table):
        with tampered():
            with connection.cursor() as cursor:
                cursor.execute(statement)
            (finding,) = verify().findings
            assert (finding.kind, finding.where.en) == ("guard.missing", f"table {table}")


def test_organisation_out_of_order_is_found(world: World) -> None:
    with tampered("UPDATE org_unit SET numchild = 7 WHERE code = 'YL'"):
        (finding,) = verify().findings
    assert finding.kind == "organisation"
    assert "YL" in finding.what.zh


def test_findings_beyond_the_limit_are_counted(world: World) -> None:
    with tampered("UPDATE work_event SET actor_post = 'x'"):
        report = verify(limit=3)
    assert len(report.findings) == 3
    assert report.total >= Event.objects.count()
    assert not Matter.objects.filter(head="").exists()
