"""The chain of records, and a database that refuses to change them."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, connection, transaction

from luoshi.ledger.actions import SYSTEM, Author, Entry, Subject, record, record_many
from luoshi.ledger.canonical import GENESIS, canonical, link
from luoshi.ledger.models import Record


def test_canonical_form_sorts_keys_and_keeps_chinese() -> None:
    assert canonical({"乙": 1, "甲": [True, None, "a"]}) == '{"乙":1,"甲":[true,null,"a"]}'.encode()


@pytest.mark.parametrize("value", [1.5, {1: 2}, {"a": {3}}, b"x"])
def test_what_has_no_canonical_form_is_refused(value: object) -> None:
    with pytest.raises(TypeError, match="canonical"):
        canonical(value)  # type: ignore[arg-type]


@pytest.mark.django_db
def test_records_form_one_chain() -> None:
    first = record(
        "unit.change", by=Author(3, "席统"), subject=Subject("unit", "HS", "槐树镇中心学校"), data={"name": "新名"}
    )
    second = record("records.see", by=SYSTEM)
    assert (first.seq, first.prev, second.seq, second.prev) == (1, GENESIS, 2, first.hash)
    assert [row.hash for row in Record.objects.order_by("seq")] == [
        link(row.prev, row.content())  # type: ignore[arg-type]
        for row in Record.objects.order_by("seq")
    ]


@pytest.mark.django_db
@pytest.mark.parametrize("statement", ["UPDATE ledger_record SET act = 'x'", "DELETE FROM ledger_record"])
def test_database_refuses_to_change_a_record(statement: str) -> None:
    record("records.see", by=SYSTEM)
    with pytest.raises(DatabaseError, match="only be added"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert Record.objects.get().act == "records.see"


@pytest.mark.django_db
def test_many_records_continue_the_chain_under_one_operation() -> None:
    first = record("records.see", by=SYSTEM)
    made = record_many(
        [Entry("unit.change", Subject("unit", code), {"name": code}) for code in ("甲", "乙")], by=SYSTEM
    )
    stored = list(Record.objects.order_by("seq"))
    assert [(row.seq, row.prev) for row in stored] == [(1, GENESIS), (2, first.hash), (3, made[0].hash)]
    assert [row.hash for row in stored] == [link(row.prev, row.content()) for row in stored]  # type: ignore[arg-type]
    assert {row.operation for row in stored[1:]} == {made[0].operation} != {first.operation}


@pytest.mark.django_db
def test_no_entry_writes_no_record_and_a_bad_one_writes_none_of_the_others() -> None:
    assert record_many([], by=SYSTEM) == []
    with pytest.raises(TypeError, match="canonical"):
        record_many([Entry("unit.change"), Entry("unit.change", data={"share": 1.5})], by=SYSTEM)  # type: ignore[dict-item]
    assert Record.objects.count() == 0
