"""Handing in again what one's unit has handed in before: choosing evidence instead of uploading it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext as _g
from django.utils.translation import gettext_lazy as _

from luoshi.org.policy import Actor
from luoshi.work.evidence import my_evidence
from luoshi.work.models import Attachment, Evidence, Matter

__all__ = ["AGAIN", "SEARCH", "Again", "Shelf"]

AGAIN: Final = "again"
"""The name of the field."""

SEARCH: Final = "again_text"
"""The name of its search box."""

_SHOWN: Final = 20
_MOST: Final = 50


class Shelf:
    """What one person can hand in again to one matter: what was found, newest first, behind what is chosen already."""

    def __init__(self, actor: Actor, matter: Matter, text: str = "", chosen: Sequence[str] = ()) -> None:
        self.actor, self.matter, self.text = actor, matter, text.strip()[:200]
        self.numbers = _numbers(chosen)

    def chosen(self) -> list[Attachment]:
        """Return what is chosen, as far as it may be."""
        return list(my_evidence(self.actor).filter(evidence__in=self.numbers)) if self.numbers else []

    def found(self) -> list[Attachment]:
        """Return the newest that the search finds, at most twenty, without what the matter has or what is chosen."""
        return list(self._offered().exclude(evidence__in=self.numbers)[:_SHOWN])

    def more(self) -> bool:
        """Tell whether the search finds more than is shown."""
        return self._offered().exclude(evidence__in=self.numbers)[_SHOWN : _SHOWN + 1].exists()

    def is_needed(self) -> bool:
        """Tell whether there is anything to choose from, whatever was searched for."""
        return bool(self.text or self.numbers) or self._offered("").exists()

    def _offered(self, text: str | None = None) -> QuerySet[Attachment]:
        attached = self.matter.attachments.filter(detached=None).values("evidence")
        return my_evidence(self.actor, self.text if text is None else text).exclude(evidence__in=attached)


class Again(forms.Field):
    """Any number of pieces of evidence, by their numbers; each is looked up again in what the actor may hand in."""

    def __init__(self, actor: Actor) -> None:
        super().__init__(label=_("已有材料"), required=False, widget=forms.SelectMultiple())
        self.actor = actor

    def clean(self, value: Any) -> list[tuple[Evidence, str, str]]:
        """Return the evidence as acts take it; ValidationError where one piece is not, or no longer, theirs to use."""
        given = list(value or ())
        numbers = _numbers(given)
        if len(given) > _MOST:
            raise ValidationError(_g("一次最多选%(most)d份材料。"), code="too_many", params={"most": _MOST})
        uses = list(my_evidence(self.actor).filter(evidence__in=numbers)) if numbers else []
        if len(uses) != len(set(given)):
            message = _g("选中的材料里有的您不能用，或者已经撤下。请重新勾选。")
            raise ValidationError(message, code="not_yours")
        return [(use.evidence, use.name, "") for use in uses]


def _numbers(given: Sequence[str]) -> list[int]:
    """Return what can be the number of a row; everything else stands for nothing."""
    return [int(one) for one in given[: _MOST + 1] if one.isascii() and one.isdigit() and len(one) < 19]
