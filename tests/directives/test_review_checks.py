"""Whatever is touched behind the product's back in a document, its rows, edits or notices is found."""

from __future__ import annotations

import datetime as dt
import random
import uuid
from collections.abc import Callable, Generator
from contextlib import contextmanager, suppress
from functools import partial
from typing import Any, Final

import pytest
from django.db import DatabaseError, connection, models, transaction
from django.utils import timezone

from cast import Cast
from directives.reviewing import Table, new
from luoshi.cli import main
from luoshi.directives import checks
from luoshi.directives.actions import review
from luoshi.directives.actions.confirming import confirm
from luoshi.directives.actions.taking_in import read_again
from luoshi.directives.models import Clause, Directive, Edit, Notice, Reading
from luoshi.directives.understanding import understand
from luoshi.ledger.append_only import guard_sql, unguard_sql
from luoshi.ledger.canonical import link
from luoshi.work.integrity import verify

pytestmark = pytest.mark.django_db

COVERED: Final = (Edit, Clause, Reading, Notice, Directive)
UNCOVERED: Final = {
    *((model.__name__, "id") for model in COVERED),
    # Reckoned anew from what others hold, now and then.
    ("Clause", "similar"),
    ("Reading", "previous"),
    # What came in is told in the record of acts; how far reading has come is of no account afterwards.
    *(("Directive", name) for name in ("origin", "evidence_id", "name", "taken_in_by_id", "taken_in_at")),
    *(("Directive", name) for name in ("step", "attempts", "failure", "read_at")),
}


@pytest.fixture
def table(cast: Cast) -> Table:
    """Return a document that two people reviewed and of which two rows are confirmed."""
    table = Table(cast)
    soon = timezone.localdate() + dt.timedelta(days=30)
    review.edit(table.row(1), by=table.me, operation=new(), title="排查校舍", due=soon)
    review.edit(table.row(3), by=table.other, operation=new(), due=soon, milestones=[{"title": "选址", "due": soon}])
    review.merge(table.rows(1, 2), by=table.me, operation=new())
    review.undo(table.directive, by=table.me, operation=new())
    review.split(table.row(4), by=table.other, operation=new(), at_char=table.row(4).start + 20)
    review.drop([table.row(5)], by=table.me, operation=new(), why="not_a_task", label="principle")
    review.check(table.rows(1, 3), by=table.other, operation=new())
    confirm(table.directive, by=table.me, operation=new(), clauses=table.rows(1, 3))
    return table


def kinds() -> set[str]:
    return {finding.kind for finding in checks.findings()}


@contextmanager
def tampered(*deeds: str | Callable[[], object]) -> Generator[None]:
    """Do what somebody would who goes past the product and its guards; undo it after."""
    on_sqlite = connection.vendor == "sqlite"
    with connection.cursor() as cursor, transaction.atomic():
        if on_sqlite:
            for statement in (text for name in checks.APPEND_ONLY for text in unguard_sql("sqlite", name)):
                cursor.execute(statement)
        else:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("SET LOCAL session_replication_role = replica")
        for deed in deeds:
            if isinstance(deed, str):
                cursor.execute(deed)
            else:
                deed()
        if on_sqlite:
            for statement in (text for name in checks.APPEND_ONLY for text in guard_sql("sqlite", name)):
                cursor.execute(statement)
        yield
        transaction.set_rollback(True)


def changed(value: Any, dice: random.Random, field: models.Field[Any, Any]) -> Any:  # noqa: PLR0911 — one a type
    """Return another value of the same kind."""
    match value:
        case bool():
            return not value
        case int():
            return value + dice.choice([1, 2, 7])
        case float():
            return value / 2 + 0.1
        case dt.datetime():
            return value + dt.timedelta(microseconds=dice.choice([1, 1000, 86_400_000_000]))
        case dt.date():
            return value + dt.timedelta(days=1)
        case uuid.UUID():
            return uuid.UUID(int=dice.getrandbits(128))
        case dict() | list():
            return changed_json(value, dice)
        case str():
            place = dice.randrange(len(value) + 1)
            return value[:place] + ("甲" if value[place : place + 1] != "甲" else "乙") + value[place + 1 :]
        case None:
            return dt.datetime(2026, 1, 1, tzinfo=dt.UTC) if isinstance(field, models.DateTimeField) else 1
    raise AssertionError(value)


def changed_json(value: Any, dice: random.Random) -> Any:
    if isinstance(value, dict):
        key = dice.choice(sorted(value)) if value else "x"
        return {**value, key: changed_json(value.get(key), dice)}
    if isinstance(value, list):
        return [*value[:-1], changed_json(value[-1], dice)] if value else [1]
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, int):
        return dice.choice([value + 1, float(value)])
    return f"{value}x"


def test_a_reviewed_document_is_clean(table: Table) -> None:
    assert list(checks.findings()) == []
    assert (Edit.objects.count(), Notice.objects.count()) == (8, 3)


def test_a_document_that_nobody_touched_is_clean_and_one_without_its_chain_is_not(cast: Cast) -> None:
    table = Table(cast)
    assert list(checks.findings()) == []

    Directive.objects.filter(pk=table.directive.pk).update(head="")

    assert kinds() == {"reading.unlinked"}


def test_a_document_read_a_second_time_is_clean(table: Table, cast: Cast) -> None:
    other = Table(cast, "关于防汛的通知\n（2026年5月6日）\n一、主要任务\n安全科要在5月底前排查全部校舍。\n")
    review.edit(other.row(1), by=other.me, operation=new(), title="排查")
    read_again(other.directive, by=other.me, operation=new())
    assert kinds() == set()

    understand(other.directive.pk)

    assert Edit.objects.filter(directive=other.directive, act="reread").count() == 2
    assert kinds() == set()


@pytest.mark.parametrize("model", COVERED, ids=lambda model: model.__name__)
def test_changed_column_is_found(table: Table, model: type[models.Model]) -> None:
    dice = random.Random(model.__name__)
    rows = list(model._default_manager.order_by("pk"))
    fields = [one for one in model._meta.concrete_fields if (model.__name__, one.attname) not in UNCOVERED]
    missed, tried = [], set()
    for field in fields:
        for row in dice.sample(rows, min(3, len(rows))):
            value = changed(getattr(row, field.attname), dice, field)
            rewrite = partial(model._default_manager.filter(pk=row.pk).update, **{field.attname: value})
            with suppress(DatabaseError), tampered(rewrite):  # some the database itself will not have
                tried.add(field.attname)
                if not kinds():
                    missed.append((row, field.attname, value))
    assert missed == []
    assert len(tried) >= len(fields) - 2


@pytest.mark.parametrize(
    ("deed", "kind"),
    [
        (lambda: Clause.objects.filter(number=2).update(values={}), "reading.altered"),
        (lambda: Clause.objects.filter(number=1).update(note="甲"), "reading.altered"),
        (lambda: Clause.objects.filter(number=3).update(state="open"), "clause.column"),
        (lambda: Clause.objects.filter(number=2).update(version=1), "clause.version"),
        (lambda: Clause.objects.filter(number=6).delete(), "clause.column"),
        (lambda: Clause.objects.filter(number=2).update(confidence=0.5), "reading.altered"),
        (lambda: Reading.objects.update(text="别的话"), "reading.altered"),
        (lambda: Directive.objects.update(labels={}), "directive.column"),
        (lambda: Directive.objects.update(labels={"13": "principle", "1": "other"}), "directive.labels"),
        (lambda: Directive.objects.update(confidential=True), "reading.altered"),
        (lambda: Directive.objects.update(stage="withdrawn"), "directive.column"),
        (lambda: Directive.objects.update(version=3), "directive.version"),
        (lambda: Edit.objects.filter(seq=2).update(actor_name="孟小舒"), "edit.content"),
        (lambda: Edit.objects.filter(seq=2).delete(), "edit.missing"),
        (lambda: Edit.objects.filter(seq=8).delete(), "directive.version"),
        (lambda: Notice.objects.filter(pk=Notice.objects.earliest("pk").pk).delete(), "notice.missing"),
        (lambda: Notice.objects.update(rows=[]), "notice.altered"),
        (lambda: Clause.objects.filter(number=2).update(said=[]), "reading.altered"),
    ],
)
def test_what_was_touched_is_named(table: Table, deed: Callable[[], object], kind: str) -> None:
    with tampered(deed):
        assert kind in kinds()
    assert kinds() == set()


def test_an_edit_written_anew_with_its_hash_does_not_fit_the_next(table: Table) -> None:
    edit = Edit.objects.get(seq=2)
    edit.actor_name = "无名"
    rehashed = link(edit.prev, edit.content())

    with tampered(lambda: Edit.objects.filter(pk=edit.pk).update(actor_name="无名", hash=rehashed)):
        assert "edit.link" in kinds()


@pytest.mark.parametrize("name", checks.APPEND_ONLY)
def test_the_database_refuses_to_change_what_was_written(table: Table, name: str) -> None:
    for statement in (f"UPDATE {name} SET operation = operation", f"DELETE FROM {name}"):
        with connection.cursor() as cursor, pytest.raises(DatabaseError), transaction.atomic():
            cursor.execute(statement)


@pytest.mark.parametrize("name", checks.APPEND_ONLY)
def test_a_lifted_guard_is_found(table: Table, name: str) -> None:
    lifted = unguard_sql(connection.vendor, name)
    with transaction.atomic():
        with connection.cursor() as cursor:
            for statement in lifted:
                cursor.execute(statement)
        assert kinds() == {"guard.missing"}
        transaction.set_rollback(True)


def test_findings_name_no_words_of_a_document(table: Table) -> None:
    with tampered(lambda: Clause.objects.update(note="甲"), lambda: Edit.objects.filter(seq=1).update(actor_name="乙")):
        words = "".join(f"{one.where.zh}{one.what.zh}{one.where.en}{one.what.en}" for one in checks.findings())
    assert words
    assert not any(secret in words for secret in ("校舍", "会议", "演练", "苏晓岚"))


def test_verifying_everything_asks_this_room_and_one_matter_does_not(table: Table) -> None:
    with tampered(lambda: Edit.objects.filter(seq=1).update(actor_name="乙")):
        matter = table.row(1).matter
        assert verify(only=matter, rooms=[checks.findings]).clean
        assert "edit.content" in verify(rooms=[checks.findings], evidence=False).counts


def test_the_command_verifies_documents_too(table: Table, capfd: pytest.CaptureFixture[str]) -> None:
    with tampered(lambda: Edit.objects.filter(seq=1).update(actor_name="乙")):
        code = main(["verify", "--no-evidence"])

    assert code == 4
    assert f"部署文件 {table.directive.pk} 核对操作 1" in capfd.readouterr().out
