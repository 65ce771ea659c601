"""Telling units of a document's matters that they have no notice of, and assigning those that are still drafts."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from luoshi.directives.actions.door import Review, write
from luoshi.directives.enums import ReviewAct, Stage
from luoshi.directives.models import Directive, Notice, Reading
from luoshi.directives.notices import Opened, issue
from luoshi.directives.readiness import ConfirmError, Missing, Opening, cadence_words, quote_of
from luoshi.directives.untold import Untold, untold
from luoshi.org.models import Unit
from luoshi.org.policy import Actor, RefusedError
from luoshi.org.rules import clean_line
from luoshi.work import registers
from luoshi.work.actions import perform
from luoshi.work.enums import Act
from luoshi.work.errors import ActError

__all__ = ["tell"]

_NUMBER: Final = 60


def tell(
    directive: Directive,
    *,
    by: Actor,
    operation: uuid.UUID,
    number: str = "",
    at: dt.datetime | None = None,
) -> list[Notice]:
    """Write one notice to every unit of the matters that the document's notices do not tell of, and return them.

    Those that are still drafts are assigned first; all or none. A notice says how a matter stands now, not what its row
    once said. `number` is the notices' own, where the office has one.

    Raises RefusedError, `ImpossibleError` (there is nothing to tell), ConfirmError (a matter cannot be assigned, or has
    no lead unit), ValidationError. Whatever is raised, nothing has changed; the same `operation` again acts once.
    """
    number = clean_line(number, what=_("通知文号"), longest=_NUMBER, needed=False)

    def decide(case: Review) -> None:
        rows = [] if case.directive.stage in Stage.unread else untold(case.directive, by)
        if not rows:
            raise case.impossible(_("各单位都已经有通知，没有要补发的。"))
        _assign(case, rows)
        register = registers.of_version(registers.current_row(case.directive.register).pk)
        day = timezone.localdate(case.at)
        opened = _opened(case, rows)
        case.issued(
            issue(
                case.directive,
                opened,
                by=by,
                register=register,
                operation=case.operation,
                at=case.at,
                day=day,
                number=number,
            )
        )

    write(directive, ReviewAct.CONFIRM, by=by, operation=operation, at=at, decide=decide)
    return list(directive.notices.filter(operation=operation).select_related("unit").order_by("unit__path"))


def _assign(case: Review, rows: Iterable[Untold]) -> None:
    """Assign what is still a draft; matters are locked in the order in which others lock them."""
    for row in sorted(rows, key=lambda one: one.matter.pk):
        if not row.is_drafted:
            continue
        operation = uuid.uuid5(case.operation, f"assign {row.matter.pk}")
        try:
            perform(row.matter, Act.ASSIGN, by=case.by, operation=operation, at=case.at)
        except ValidationError as error:
            raise ConfirmError([Missing(row.clause, " ".join(error.messages))]) from error
        except (ActError, RefusedError) as error:
            raise ConfirmError([Missing(row.clause, str(error))]) from error


def _opened(case: Review, rows: Sequence[Untold]) -> list[Opened]:
    """Return the rows as a notice takes them, with what their matters have now."""
    reading = Reading.objects.get(directive=case.directive)
    units = Unit.objects.in_bulk({unit["id"] for row in rows for unit in row.matter.support})
    return [
        Opened(row.clause, _opening(row, units), row.matter, quote_of(reading, row.clause), changed=row.changed)
        for row in rows
    ]


def _opening(row: Untold, units: Mapping[int, Unit]) -> Opening:
    matter = row.matter
    if matter.lead is None:
        raise ConfirmError([Missing(row.clause, _("还没有牵头单位，请选择。"))])
    return Opening(
        title=matter.title,
        requirement=matter.requirement,
        lead=matter.lead,
        support=tuple(units[unit["id"]] for unit in matter.support if unit["id"] in units),
        due=matter.due,
        fields=matter.fields,
        milestones=tuple(matter.milestones),
        targets=tuple(matter.targets),
        cadence=cadence_words(row.clause.values),
        helpers=tuple(row.clause.values.get("support_text", ())),
    )
