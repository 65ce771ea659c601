"""Bringing an existing register in: the sheet between its dry run and its opening, and the opening itself."""

from __future__ import annotations

import json
import uuid
from dataclasses import asdict
from typing import Any, Final, NamedTuple

from django.core import signing
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from luoshi.ledger.actions import Subject, record
from luoshi.org.policy import Actor, RefusedError
from luoshi.work.actions import open_matter, perform
from luoshi.work.enums import Act
from luoshi.work.errors import ActError
from luoshi.work.intake_plan import Entry, IntakePlan, plan_sheet
from luoshi.work.intake_sheet import Line, Sheet
from luoshi.work.planner import keep_up
from luoshi.work.registers import Register

__all__ = ["BroughtIn", "RowError", "StaleIntakeError", "bring_in", "mark_of", "sheet_of"]

_SALT: Final = "luoshi.work.intake"
_AGE: Final = 24 * 60 * 60
_MOST: Final = 3 * 1024 * 1024
"""Characters of a mark; a form takes four million in all."""


class StaleIntakeError(Exception):
    """The sheet means something else than what was shown; `plan` is what it means now."""

    def __init__(self, plan: IntakePlan) -> None:
        self.plan = plan
        super().__init__(plan.digest)


class RowError(Exception):
    """An act refused one row, and so nothing was opened."""

    def __init__(self, row: int, message: str) -> None:
        self.row, self.message = row, message
        super().__init__(f"row {row}")


class BroughtIn(NamedTuple):
    """What was done: how many matters were opened, how many of them assigned, how many had been there before."""

    opened: int
    assigned: int
    there: int


def mark_of(sheet: Sheet, register: Register, by: Actor) -> str:
    """Return a signed text that holds the sheet until somebody applies it: good for a day, an account and a register.

    So nothing of a file that is only looked at stays on the server. ValidationError where the text would be too long
    for a form.
    """
    mark = signing.dumps([by.account_id, register.code, asdict(sheet)], salt=_SALT, serializer=_Json, compress=True)
    if len(mark) > _MOST:
        raise ValidationError(_("文件里的文字太多，请分成几个文件导入。"), code="too_long")
    return mark


class _Json:
    """JSON for what holds sets and Chinese; the serializer of signing knows neither."""

    def dumps(self, obj: object) -> bytes:
        """Return the text."""
        return json.dumps(obj, default=sorted, ensure_ascii=False, separators=(",", ":")).encode()

    def loads(self, data: bytes) -> Any:
        """Return what the text holds."""
        return json.loads(data)


def sheet_of(mark: str, register: Register, by: Actor) -> Sheet | None:
    """Return the sheet that a mark holds; None for one that is too old, was changed, or is not for this person here."""
    try:
        account, code, held = signing.loads(mark, salt=_SALT, serializer=_Json, max_age=_AGE)
    except signing.BadSignature:
        return None
    if (account, code) != (by.account_id, register.code):
        return None
    return Sheet(
        file=held["file"],
        name=held["name"],
        lines=tuple(Line(**one) for one in held["lines"]),
        present=frozenset(held["present"]),
        twice=tuple(held["twice"]),
        unused=tuple(held["unused"]),
    )


def bring_in(sheet: Sheet, register: Register, *, by: Actor, digest: str) -> BroughtIn:
    """Open every matter of the sheet and assign those that can be, all or none, in one transaction.

    A row that was opened before, by this very sheet, is left alone. Raises :class:`StaleIntakeError` where there is a
    problem or the plan is not the one of `digest`, :class:`RowError` where an act refuses a row.
    """
    with transaction.atomic():
        plan = plan_sheet(sheet, register, by)
        if not plan.is_sound or plan.digest != digest:
            raise StaleIntakeError(plan)
        new = plan.new
        for entry in new:
            _bring(entry, sheet, register, by)
        done = BroughtIn(len(new), sum(entry.assigned for entry in new), len(plan.there))
        if new:
            data = {"file": sheet.file, "sheet": sheet.digest, **done._asdict()}
            record(
                "matter.import", by=by.author, subject=Subject("register", register.code, register.title.zh), data=data
            )
    keep_up()
    return done


def _bring(entry: Entry, sheet: Sheet, register: Register, by: Actor) -> None:
    try:
        row = open_matter(
            register.code,
            by=by,
            title=entry.title,
            requirement=entry.requirement,
            source={"document": f"{sheet.file} 第{entry.row}行", "quote": entry.source},
            lead=entry.lead,
            support=entry.support,
            handler=entry.handler,
            due=entry.due,
            fields=entry.fields,
            operation=entry.operation,
        )
        if entry.assigned:
            perform(row, Act.ASSIGN, by=by, operation=uuid.uuid5(entry.operation, "assign"))
    except ValidationError as error:
        raise RowError(entry.row, " ".join(error.messages)) from error
    except (ActError, RefusedError) as error:
        raise RowError(entry.row, str(error)) from error
