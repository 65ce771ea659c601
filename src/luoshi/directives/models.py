"""Documents, what was read from them, the rows under review, and the notices that come of them.

What the text says (`Reading`), what was proposed from it (`Clause.said`) and what a person decided (`Clause.values`,
`Directive.labels`) are stored apart, so that nobody mistakes one for the other and corrections can teach the model.
"""

from __future__ import annotations

import datetime as dt
import uuid
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from luoshi.directives.enums import ClauseState, Kind, ReviewAct, Stage, Step
from luoshi.org.enums import Reach
from luoshi.org.models import Person, Unit
from luoshi.org.policy import reach_of
from luoshi.work.models import Evidence, Matter

if TYPE_CHECKING:
    from luoshi.org.policy import Actor, Grant, HeldPost

__all__ = ["Clause", "Directive", "Edit", "Notice", "Programme", "Reading"]


class Programme(models.Model):
    """A plan of work (工作计划) that several documents serve: 2026年工作要点, a campaign, an inspection's findings."""

    name = models.CharField(_("工作计划"), max_length=120, unique=True)
    opened_at = models.DateTimeField(_("设立时间"), auto_now_add=True)
    opened_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("工作计划")
        verbose_name_plural = _("工作计划")

    def __str__(self) -> str:
        return self.name


class Directive(models.Model):
    """One document (部署文件) as it was taken in. The file itself is evidence: kept once, unchanged.

    `version` counts the edits of the review: the number of the last one. `labels` are the kinds of sentences that a
    person decided, by the sentence's index (as text): {"12": "principle"}. `gone` says what became of the matters whose
    words a later version no longer has: {uid of the earlier clause: "kept" or "cancelled"}. `failure` is why it could
    not be read, in both languages: {"zh", "en"}.
    """

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    origin = models.UUIDField(_("操作号"), unique=True, editable=False)
    evidence = models.ForeignKey(Evidence, on_delete=models.PROTECT, related_name="directives")
    name = models.CharField(_("文件名"), max_length=200)
    title = models.CharField(_("标题"), max_length=300, blank=True)
    kind = models.CharField(_("文种"), max_length=12, choices=Kind, default=Kind.OTHER)
    number = models.CharField(_("文号"), max_length=120, blank=True)
    issuer = models.CharField(_("发文单位"), max_length=200, blank=True)
    date = models.DateField(_("成文日期"), null=True, blank=True)
    register = models.CharField(_("台账"), max_length=40, default="task")
    confidential = models.BooleanField(_("保密"), default=False)
    programme = models.ForeignKey(
        Programme,
        verbose_name=_("工作计划"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="directives",
    )
    previous = models.ForeignKey(
        "self", verbose_name=_("前一版"), null=True, blank=True, on_delete=models.PROTECT, related_name="later"
    )
    stage = models.CharField(_("进度"), max_length=12, choices=Stage, default=Stage.WAITING)
    step = models.CharField(max_length=12, choices=Step, default=Step.QUEUED)
    attempts = models.PositiveSmallIntegerField(default=0)
    failure = models.JSONField(default=dict, blank=True)
    labels = models.JSONField(default=dict, blank=True)
    gone = models.JSONField(default=dict, blank=True)
    version = models.PositiveIntegerField(default=0)
    head = models.CharField(max_length=64, default="", blank=True)
    taken_in_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    taken_in_at = models.DateTimeField(_("收文时间"))
    read_at = models.DateTimeField(_("读取时间"), null=True, blank=True)
    confirmed_at = models.DateTimeField(_("确认时间"), null=True, blank=True)

    class Meta:
        verbose_name = _("部署文件")
        verbose_name_plural = _("部署文件")
        indexes = (models.Index(name="directive_newest", fields=["stage", "taken_in_at"]),)

    def __str__(self) -> str:
        return self.title or self.name

    @classmethod
    def reached_by(cls, actor: Actor, post: HeldPost, grant: Grant) -> Q:  # noqa: ARG003 — the protocol's signature
        """Return which documents a grant reaches: all that are not confidential, and those whose register it names."""
        open_to = Q(confidential=False)
        if post.registers:
            open_to |= Q(register__in=sorted(post.registers))
        return open_to


class Reading(models.Model):
    """What a document says, as it was read: never changed by a person. Offsets count characters of `text`.

    `blocks`: [{"s", "e", "role", "level", "table", "row", "column"}], paragraphs and cells in order.
    `sentences`: [{"s", "e", "block", "speech", "part", "level", "label", "p" (confidence), "clause" (number of the
    drafted row or null), "why": [{"zh", "en"}]}], in order; a sentence's index is its place here.
    `speeches`: [{"id", "title", "s", "e"}]. `warnings`: [{"zh", "en"}].
    `found`, what the text says of itself: {"title" | "number" | "issuer": {"text", "s", "e"}, "date": {"day", "s", "e",
    "why": {"zh", "en"}}}.
    `engine`: {"version", "model", "date": the day that relative times count from}.
    `previous`, where the document is a later version: [{"old": uid of the earlier document's clause or null, "new":
    number of the drafted row or null, "likeness": 0 to 1}].
    """

    directive = models.OneToOneField(Directive, on_delete=models.CASCADE, related_name="reading")
    text = models.TextField()
    blocks = models.JSONField(default=list)
    sentences = models.JSONField(default=list)
    speeches = models.JSONField(default=list)
    found = models.JSONField(default=dict)
    warnings = models.JSONField(default=list)
    engine = models.JSONField(default=dict)
    previous = models.JSONField(default=list)

    def __str__(self) -> str:
        return str(self.directive_id)


class Clause(models.Model):
    """One row (条款) of a document under review: what may become a matter.

    `said` is what was drafted, frozen; empty for a row that a person made: {"title", "path": [...], "sentences": [...],
    "confidence", "why": [{"zh", "en"}], "owners": [{"text", "s", "e", "unit", "implied", "why"}], "support": [...],
    "deadlines": [{"text", "s", "e", "due", "why"}], "cadence": [{"text", "s", "e", "rrule", "why"}], "targets":
    [{"text", "s", "e", "of", "op", "value", "unit", "why"}]}.
    `values` is what stands now, and is what confirming takes: {"title", "requirement", "lead" (unit code or null),
    "lead_text" (words that no unit matched), "support": [unit codes], "support_text": [words], "due" (ISO day or
    null), "due_text", "cadence": [{"text", "rrule"}], "targets": [{"of", "op", "value" (decimal text), "unit"}],
    "milestones": [{"title", "due"}], "fields": the register's own fields by name}.
    `decided` are the names in `values` that a person set: they are not proposals any more.
    `similar`: [{"matter": number of a matter (its id), "likeness": 0–1, "shared": words}], other matters that may hold
    the same demand, as computed when the document was read; show only those the reader may see.
    `matter` is the matter that it became (confirmed) or that it was joined to.
    """

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    directive = models.ForeignKey(Directive, on_delete=models.CASCADE, related_name="clauses")
    number = models.PositiveIntegerField(_("序号"))
    start = models.PositiveIntegerField()
    end = models.PositiveIntegerField()
    sentences = models.JSONField(default=list)
    said = models.JSONField(default=dict)
    values = models.JSONField(default=dict)
    decided = models.JSONField(default=list)
    confidence = models.FloatField(_("把握"), default=1.0)
    state = models.CharField(_("状态"), max_length=12, choices=ClauseState, default=ClauseState.OPEN)
    into = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="absorbed")
    why = models.CharField(_("不立项原因"), max_length=20, blank=True)
    note = models.CharField(_("说明"), max_length=200, blank=True)
    replaces = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="replaced_by")
    similar = models.JSONField(default=list)
    matter = models.ForeignKey(Matter, null=True, blank=True, on_delete=models.PROTECT, related_name="clauses")
    version = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("条款")
        verbose_name_plural = _("条款")
        constraints = (models.UniqueConstraint(name="one_number_a_directive_clause", fields=["directive", "number"]),)

    def __str__(self) -> str:
        return str(self.values.get("title", "")) or str(self.uid)


class Edit(models.Model):
    """One act of a review. Append-only; chained by `prev` and `hash` within its document, like a matter's events.

    `data`: {"clauses": [{"uid", "was": {column: value} or null where it did not exist, "set": {column: value} or null
    where it is taken away}], "labels": {index: [was, is]} (null: as drafted), "directive": {column: [was, is]},
    "said": words for the reader}. `undoes` is the number of the edit that an undoing takes back.
    """

    directive = models.ForeignKey(Directive, on_delete=models.PROTECT, related_name="edits")
    seq = models.PositiveIntegerField(_("序号"))
    act = models.CharField(_("操作"), max_length=12, choices=ReviewAct)
    at = models.DateTimeField(_("时间"))
    actor = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    actor_name = models.CharField(_("操作人"), max_length=200)
    operation = models.UUIDField(_("操作号"))
    undoes = models.PositiveIntegerField(null=True)
    data = models.JSONField(_("内容"), default=dict)
    prev = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    class Meta:
        verbose_name = pgettext_lazy("directive", "核对操作")
        verbose_name_plural = pgettext_lazy("directive", "核对操作")
        constraints = (
            models.UniqueConstraint(name="one_edit_a_place_in_the_review", fields=["directive", "seq"]),
            models.UniqueConstraint(name="one_edit_a_review_and_operation", fields=["directive", "operation"]),
        )

    def __str__(self) -> str:
        return f"{self.directive_id}/{self.seq} {self.act}"

    def content(self) -> dict[str, Any]:
        """Return what the hash covers, apart from the link before."""
        return {
            "v": 1,
            "directive": str(self.directive.uid),
            "seq": self.seq,
            "act": self.act,
            "at": self.at.astimezone(dt.UTC).isoformat(timespec="microseconds"),
            "actor": {"id": self.actor_id, "name": self.actor_name},
            "operation": str(self.operation),
            "undoes": self.undoes,
            "data": self.data,
        }


class Notice(models.Model):
    """The notice (交办通知) by which a unit is told its rows of a document: frozen when they are confirmed.

    `rows`: [{"matter": its id, "number", "title", "requirement", "quote", "side": "lead" | "support", "lead",
    "support": [names], "due", "targets": words, "cadence": words}]. One a unit and confirmation; append-only.
    `head`: {"issuer", "number" (may be empty), "title", "addressee", "day" (ISO), "document": {"title", "number",
    "date"}, "programme"}, words in Chinese as they were issued.
    """

    directive = models.ForeignKey(Directive, on_delete=models.PROTECT, related_name="notices")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    operation = models.UUIDField(_("操作号"))
    issued_at = models.DateTimeField(_("发出时间"))
    issued_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    head = models.JSONField(default=dict)
    rows = models.JSONField(default=list)

    class Meta:
        verbose_name = _("交办通知")
        verbose_name_plural = _("交办通知")
        constraints = (
            models.UniqueConstraint(
                name="one_notice_a_unit_and_confirmation", fields=["directive", "unit", "operation"]
            ),
        )

    def __str__(self) -> str:
        return f"{self.directive_id} {self.unit_id}"

    @classmethod
    def reached_by(cls, actor: Actor, post: HeldPost, grant: Grant) -> Q:  # noqa: ARG003 — the protocol's signature
        """Return which notices a grant reaches: those to units within it, of documents that the post may know of."""
        open_to = Q(directive__confidential=False)
        if post.registers:
            open_to |= Q(directive__register__in=sorted(post.registers))
        match reach_of(post, grant):
            case Reach.ALL:
                return open_to
            case Reach.OWN:  # a notice is to a unit, not to a person
                return Q(pk__in=())
            case Reach.UNIT:
                return open_to & Q(unit=post.unit.id)
            case Reach.SUBTREE:
                return open_to & Q(unit__path__startswith=post.unit.path)
            case Reach.AREA:
                return open_to & Q(unit__in=sorted(post.area or ()))
