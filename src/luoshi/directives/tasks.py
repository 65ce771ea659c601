"""What is worked off beside the server: rows of the database that survive a restart."""

from __future__ import annotations

from django.db import transaction
from django_tasks import task
from django_tasks_db.models import DBTaskResult

from luoshi.directives.enums import Stage
from luoshi.directives.models import Directive
from luoshi.directives.understanding import understand

__all__ = ["recover", "understand_later"]


@task()
def understand_later(directive_id: int) -> None:
    """Read one document and draft its rows; nothing happens where that is no longer wanted."""
    understand(directive_id)


@transaction.atomic
def recover() -> list[int]:
    """Give every document that waits to be read a task again where it has lost its own; return their numbers.

    For the process that works tasks off, when none is running: after a crash, or after a task that ended in a fault.
    """
    DBTaskResult.objects.running().update(status="READY", started_at=None)
    waiting = Directive.objects.filter(stage__in=(Stage.WAITING, Stage.READING)).order_by("pk")
    lost = set(waiting.values_list("pk", flat=True)) - _planned()
    for number in sorted(lost):
        understand_later.enqueue(number)
    return sorted(lost)


def _planned() -> set[int]:
    """Return the documents that some task to come will read."""
    rows = DBTaskResult.objects.filter(status="READY", task_path=understand_later.module_path)
    return {int(arguments["args"][0]) for arguments in rows.values_list("args_kwargs", flat=True)}
