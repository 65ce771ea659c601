"""Why an act of a review did not happen. Every error says what to do, in the reader's language, and changed nothing.

::

    ReviewError
    ├── ImpossibleError         the document or the row does not allow it now; `str()` says why and what to do
    └── ChangedMeanwhileError   somebody else changed the rows since the page was opened; `edits` says who did what

A value that cannot be accepted is Django's ValidationError, by name and with a code; an act that the person's posts do
not allow is :class:`luoshi.org.policy.RefusedError`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from luoshi.work.errors import run_on

if TYPE_CHECKING:
    from luoshi.directives.enums import ReviewAct
    from luoshi.directives.models import Edit

__all__ = ["ChangedMeanwhileError", "ImpossibleError", "ReviewError"]


class ReviewError(Exception):
    """An act of a review that did not happen. `str()` is the sentence for the reader."""

    def __init__(self, act: ReviewAct) -> None:
        self.act = act
        super().__init__(act)


class ImpossibleError(ReviewError):
    """The document, or a row of it, stands so that the act is not possible; `sentence` says why and what to do."""

    def __init__(self, act: ReviewAct, sentence: str | Promise) -> None:
        self.sentence = sentence
        super().__init__(act)

    def __str__(self) -> str:
        return str(self.sentence)


class ChangedMeanwhileError(ReviewError):
    """Others changed the rows since the person looked; `edits` are those since then, oldest first."""

    def __init__(self, act: ReviewAct, edits: Sequence[Edit]) -> None:
        self.edits = tuple(edits)
        super().__init__(act)

    def __str__(self) -> str:
        from luoshi.directives.changes import line  # noqa: PLC0415 — the words of edits know their room, not the reverse

        return _("您打开页面之后，这些条目有了变化：%(lines)s请看过之后再“%(act)s”。") % {
            "lines": run_on(line(edit) for edit in self.edits),
            "act": self.act.label,
        }
