"""Text to rows: the tasks that a document contains, each with the very words it came from.

::

    from pathlib import Path
    from luoshi.drafting import draft
    from luoshi.reading import read

    plan = draft(read(Path("讲话.docx")))
    for task in plan.tasks:
        print(task.title, [owner.text for owner in task.owners], [deadline.due for deadline in task.deadlines])
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from luoshi.reading.document import Document

if TYPE_CHECKING:
    from luoshi.drafting.directory import Directory
    from luoshi.drafting.plan import Plan

__all__ = ["draft"]


def draft(document: Document, date: dt.date | None = None, directory: Directory | None = None) -> Plan:
    """Return the plan that a document contains; see :func:`luoshi.drafting.drafter.draft`."""
    from luoshi.drafting.drafter import draft as draft_  # noqa: PLC0415 — the grammars are heavy

    return draft_(document, date, directory)
