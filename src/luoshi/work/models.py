"""Matters and what belongs to them. Rows change only through `work.actions.perform` and `work.actions.open_matter`."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from luoshi.org.enums import Reach, Side
from luoshi.org.models import Person, Unit
from luoshi.org.policy import reach_of
from luoshi.work.enums import Act, Grade, State
from luoshi.work.indexed import AsksForDays
from luoshi.work.parts import taking_part

if TYPE_CHECKING:
    from luoshi.org.policy import Actor, Grant, HeldPost

__all__ = [
    "Attachment",
    "Event",
    "Evidence",
    "Involvement",
    "Matter",
    "Numbering",
    "RegisterVersion",
    "SavedView",
    "Seal",
]


class RegisterVersion(models.Model):
    """The text of a register as it once stood; a matter keeps the version it was opened under. Append-only."""

    code = models.CharField(_("台账代码"), max_length=40)
    version = models.PositiveIntegerField(_("版本"))
    sha256 = models.CharField(max_length=64)
    text = models.TextField(_("全文"))
    added_at = models.DateTimeField(_("启用时间"))

    class Meta:
        verbose_name = _("台账版本")
        verbose_name_plural = _("台账版本")
        constraints = (
            models.UniqueConstraint(name="one_text_a_register_version", fields=["code", "version"]),
            models.UniqueConstraint(name="one_version_a_register_text", fields=["code", "sha256"]),
        )

    def __str__(self) -> str:
        return f"{self.code} v{self.version}"


class Numbering(models.Model):
    """How many matters a register has numbered in a year."""

    register = models.CharField(max_length=40)
    year = models.PositiveIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = (models.UniqueConstraint(name="one_count_a_register_year", fields=["register", "year"]),)

    def __str__(self) -> str:
        return f"{self.register} {self.year}: {self.last}"


class Matter(models.Model):
    """One thing that somebody must bring to an end.

    Every column from `register` on is the outcome of the matter's events: replaying them gives the same row. `version`
    is the number of the last event and `head` its hash, so a row tells which history it stands for.

    JSON columns (all values have a canonical form):
    `support`: [{"id", "code", "name"}] · `fields`: the register's own fields by name · `source`: {"document", "quote",
    "start", "end"} or empty; from a document under review also {"directive", "clause"} (their uids) and {"programme"}
    (its name) · `milestones`: [{"id", "title", "due", "done"}] · `targets`: [{"id", "of", "op", "value", "unit",
    "actual"}], figures as decimal text · `extension`: {"to", "why", "by", "people", "event"} while one is asked for,
    `people` being the numbers of those in whose name it was asked · `workers`: numbers of the people who worked on it
    since it was last opened, who may not verify it · `feedback`: {"kind": text} of the feedback given.

    `stuck` says what holds the work up, as the newest report has it; empty where nothing does. `assigned_at` and
    `accepted_at` are those of the standing assignment; `first_due` is the day set at the first one.
    """

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    origin = models.UUIDField(unique=True, editable=False)

    register = models.CharField(_("台账"), max_length=40)
    register_version = models.ForeignKey(RegisterVersion, on_delete=models.PROTECT, related_name="matters")
    confidential = models.BooleanField(_("保密"), default=False)
    number = models.CharField(_("编号"), max_length=60, db_index=True)
    title = models.CharField(_("事项"), max_length=200)
    requirement = models.TextField(_("工作要求"), blank=True, default="")
    source = models.JSONField(_("出处"), default=dict, blank=True)
    state = models.CharField(_("状态"), max_length=12, choices=State, default=State.DRAFTED)
    is_open = models.BooleanField(default=True)
    parent = models.ForeignKey(
        "self", verbose_name=_("上级事项"), null=True, blank=True, on_delete=models.PROTECT, related_name="children"
    )
    lead = models.ForeignKey(
        Unit, verbose_name=_("牵头单位"), null=True, blank=True, on_delete=models.PROTECT, related_name="led"
    )
    support = models.JSONField(_("配合单位"), default=list, blank=True)
    handler = models.ForeignKey(
        Person, verbose_name=_("经办人"), null=True, blank=True, on_delete=models.PROTECT, related_name="handled"
    )
    opened_by = models.ForeignKey(
        Person, verbose_name=_("立项人"), null=True, blank=True, on_delete=models.PROTECT, related_name="opened"
    )
    opened_at = models.DateTimeField(_("立项时间"))
    due = models.DateField(_("完成时限"), null=True, blank=True)
    first_due = models.DateField(_("原定时限"), null=True, blank=True)
    assigned_at = models.DateTimeField(_("交办时间"), null=True, blank=True)
    accepted_at = models.DateTimeField(_("签收时间"), null=True, blank=True)
    submitted_at = models.DateTimeField(_("报结时间"), null=True, blank=True)
    closed_at = models.DateTimeField(_("办结时间"), null=True, blank=True)
    grade = models.CharField(_("评价"), max_length=12, choices=Grade, blank=True, default="")
    progress = models.PositiveSmallIntegerField(_("进度"), default=0)
    last_report = models.TextField(_("最近进展"), blank=True, default="")
    reported_at = models.DateTimeField(_("最近反馈时间"), null=True, blank=True)
    stuck = models.CharField(_("卡点"), max_length=500, blank=True, default="")
    step = models.PositiveSmallIntegerField(_("核查环节"), default=0)
    urged = models.PositiveSmallIntegerField(_("催办次数"), default=0)
    returned = models.PositiveSmallIntegerField(_("退回次数"), default=0)
    escalated_to = models.ForeignKey(
        Unit, verbose_name=_("提级至"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    fields = models.JSONField(_("台账字段"), default=dict, blank=True)
    milestones = models.JSONField(_("节点"), default=list, blank=True)
    targets = models.JSONField(_("目标"), default=list, blank=True)
    extension = models.JSONField(_("延期申请"), default=dict, blank=True)
    workers = models.JSONField(default=list, blank=True)
    feedback = models.JSONField(_("双反馈"), default=dict, blank=True)
    version = models.PositiveIntegerField(default=0)
    head = models.CharField(max_length=64, default="")

    class Meta:
        verbose_name = _("事项")
        verbose_name_plural = _("事项")
        constraints = (
            models.UniqueConstraint(name="one_number_a_register", fields=["register", "number"]),
            models.CheckConstraint(name="matter_progress_is_percent", condition=Q(progress__lte=100)),
            models.CheckConstraint(
                name="matter_is_open_as_its_state_says",
                condition=Q(is_open=True, state__in=State.open_states) | Q(is_open=False, state__in=State.ended_states),
            ),
        )
        # For lists of what is open by due date, and of a register; what stands behind `id` lets rows be counted without
        # being fetched. No index holds what every report changes.
        indexes = (
            models.Index(
                name="matter_open_by_due",
                fields=["due", "id", "is_open", "confidential", "register"],
                condition=Q(is_open=True),
            ),
            models.Index(
                name="matter_register_by_due",
                fields=["register", "due", "id", "is_open", "confidential"],
                condition=Q(is_open=True),
            ),
            # Few matters have a whole that they are part of; an index over all would be passed over for that.
            models.Index(name="matter_parts", fields=["parent"], condition=Q(parent__isnull=False)),
            models.Index(name="matter_drafts", fields=["opened_by"], condition=Q(state=State.DRAFTED)),
            models.Index(name="matter_submitted", fields=["due", "id"], condition=Q(state=State.SUBMITTED)),
            models.Index(name="matter_by_due", fields=["due", "id"]),
            models.Index(name="matter_register_all_by_due", fields=["register", "due", "id"]),
            models.Index(name="matter_register_newest", fields=["register", "id"]),
            # What waits for somebody: few among many, wherever they stand.
            models.Index(
                name="matter_to_verify",
                fields=["step", "register_version", "due", "id"],
                condition=Q(state=State.SUBMITTED),
            ),
            models.Index(name="matter_asks_for_days", fields=["due", "id"], condition=Q(AsksForDays("extension"))),
        )

    def __str__(self) -> str:
        return f"{self.number} {self.title}"

    @classmethod
    def reached_by(cls, actor: Actor, post: HeldPost, grant: Grant) -> Q:
        """Return which matters a grant reaches through a post, for :func:`luoshi.org.policy.visible`.

        Nested as flatly as can be: SQLite then takes an index for each alternative, however many are joined by "or".
        """
        open_to = Q(confidential=False)
        if post.registers:
            open_to |= Q(register__in=sorted(post.registers))
        match reach_of(post, grant):
            case Reach.ALL:
                return open_to
            case Reach.OWN:
                draft = Q(state=State.DRAFTED, opened_by=actor.person_id)
                return (open_to & Q(handler=actor.person_id)) | (open_to & draft)
            case Reach.UNIT:
                units: Any = [post.unit.id]
            case Reach.SUBTREE:
                units = Unit.objects.filter(path__startswith=post.unit.path)
            case Reach.AREA:
                units = sorted(post.area or ())
        if grant.side is Side.LEAD:
            return open_to & Q(lead__in=units)
        parts = Involvement.objects.filter(unit__in=units)
        return open_to & taking_part(parts if grant.side is Side.EITHER else parts.filter(side=grant.side))


class Involvement(models.Model):
    """A unit's part in a matter: the index by which lists find a unit's matters. Follows `lead` and `support`."""

    matter = models.ForeignKey(Matter, on_delete=models.CASCADE, related_name="involvements")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="involvements")
    side = models.CharField(max_length=8, choices=Side)

    class Meta:
        constraints = (models.UniqueConstraint(name="one_part_a_unit_a_matter", fields=["unit", "matter"]),)

    def __str__(self) -> str:
        return f"{self.unit_id} {self.side} {self.matter_id}"


class Event(models.Model):
    """One thing that happened to one matter. Append-only; chained by `prev` and `hash` within the matter.

    `data` holds what was changed and what was said: {"set": {column: value after}, "was": {column: value before},
    "note": text, …}; units and people in it are {"id", "code" or "uid", "name"}.
    """

    matter = models.ForeignKey(Matter, on_delete=models.PROTECT, related_name="events")
    seq = models.PositiveIntegerField(_("序号"))
    act = models.CharField(_("操作"), max_length=24, choices=Act)
    at = models.DateTimeField(_("时间"))
    actor = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    actor_name = models.CharField(_("操作人"), max_length=200)
    actor_post = models.CharField(_("岗位"), max_length=240, blank=True)
    deputy_for = models.CharField(_("代"), max_length=80, blank=True)
    operation = models.UUIDField(_("操作号"))
    data = models.JSONField(_("内容"), default=dict)
    prev = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    class Meta:
        verbose_name = pgettext_lazy("matter", "事件")
        verbose_name_plural = pgettext_lazy("matter", "事件")
        constraints = (
            models.UniqueConstraint(name="one_event_a_place_in_the_chain", fields=["matter", "seq"]),
            models.UniqueConstraint(name="one_event_a_matter_and_operation", fields=["matter", "operation"]),
        )
        indexes = (models.Index(fields=["at"], name="event_at"),)

    def __str__(self) -> str:
        return f"{self.matter_id}/{self.seq} {self.act}"

    def content(self) -> dict[str, Any]:
        """Return what the hash covers, apart from the link before."""
        return {
            "v": 1,
            "matter": str(self.matter.uid),
            "seq": self.seq,
            "act": self.act,
            "at": self.at.astimezone(dt.UTC).isoformat(timespec="microseconds"),
            "actor": {"id": self.actor_id, "name": self.actor_name, "post": self.actor_post, "for": self.deputy_for},
            "operation": str(self.operation),
            "data": self.data,
        }


class Evidence(models.Model):
    """One file, stored once under its SHA-256 in the data folder, whoever handed it in and however often."""

    sha256 = models.CharField(max_length=64, unique=True)
    size = models.PositiveBigIntegerField(_("大小（字节）"))
    kind = models.CharField(_("类型"), max_length=16)
    stored_at = models.DateTimeField(_("存入时间"))

    class Meta:
        verbose_name = _("佐证材料")
        verbose_name_plural = _("佐证材料")

    def __str__(self) -> str:
        return self.sha256


class Attachment(models.Model):
    """One use of a piece of evidence in one matter; follows the matter's attach and detach events."""

    matter = models.ForeignKey(Matter, on_delete=models.CASCADE, related_name="attachments")
    evidence = models.ForeignKey(Evidence, on_delete=models.PROTECT, related_name="attachments")
    name = models.CharField(_("文件名"), max_length=200)
    note = models.CharField(_("说明"), max_length=200, blank=True)
    attached = models.PositiveIntegerField(_("上传事件"))
    detached = models.PositiveIntegerField(_("撤下事件"), null=True)

    class Meta:
        verbose_name = pgettext_lazy("matter", "附件")
        verbose_name_plural = pgettext_lazy("matter", "附件")
        constraints = (
            models.UniqueConstraint(
                name="one_use_a_matter_and_evidence", fields=["matter", "evidence"], condition=Q(detached=None)
            ),
        )

    def __str__(self) -> str:
        return self.name


class Seal(models.Model):
    """A closed day: the hash over all its events and records and the seal before. Append-only.

    It covers what was stored behind the seal before, up to the event with the number (`id`) `last_event` and the record
    with the `seq` `last_record`: whatever comes later, also with an earlier time, belongs to a later seal.
    """

    day = models.DateField(_("日期"), unique=True)
    events = models.PositiveIntegerField(_("事件数"))
    records = models.PositiveIntegerField(_("操作记录数"))
    last_event = models.BigIntegerField(_("末个事件"))
    last_record = models.BigIntegerField(_("末条操作记录"))
    prev = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)
    sealed_at = models.DateTimeField(_("封存时间"))

    class Meta:
        verbose_name = _("封存")
        verbose_name_plural = _("封存")

    def __str__(self) -> str:
        return f"{self.day} {self.hash[:12]}"


class SavedView(models.Model):
    """A list as one person wants to find it again: filters, columns and order, as the query string says them."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="views")
    register = models.CharField(max_length=40, blank=True)
    name = models.CharField(_("名称"), max_length=60)
    query = models.TextField(blank=True)

    class Meta:
        verbose_name = _("保存的视图")
        verbose_name_plural = _("保存的视图")
        constraints = (models.UniqueConstraint(name="one_view_a_name", fields=["person", "register", "name"]),)

    def __str__(self) -> str:
        return self.name
