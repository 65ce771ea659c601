"""The record of acts that concern no single matter."""

from __future__ import annotations

import datetime as dt
import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

__all__ = ["Record"]


class Record(models.Model):
    """One act of one person (or of the system), with who and what by key *and* by name as they were then.

    A row is only ever written by :func:`luoshi.ledger.actions.record`; the database refuses to change or remove it.
    All records form one chain: `hash` covers the content and the hash of the record before it.
    """

    seq = models.BigIntegerField(_("序号"), unique=True)
    at = models.DateTimeField(_("时间"), db_index=True)
    act = models.CharField(_("操作"), max_length=64)
    actor_id = models.BigIntegerField(_("操作人编号"), null=True)
    actor_name = models.CharField(_("操作人"), max_length=200)
    subject_kind = models.CharField(_("对象类别"), max_length=40, blank=True)
    subject_key = models.CharField(_("对象编号"), max_length=100, blank=True)
    subject_name = models.CharField(_("对象"), max_length=300, blank=True)
    data = models.JSONField(_("内容"), default=dict)
    operation = models.UUIDField(_("操作号"), default=uuid.uuid4)
    prev = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    class Meta:
        verbose_name = _("操作记录")
        verbose_name_plural = _("操作记录")
        indexes = (
            models.Index(fields=["subject_kind", "subject_key", "seq"], name="record_subject"),
            models.Index(fields=["actor_id", "seq"], name="record_actor"),
            models.Index(fields=["act", "seq"], name="record_act"),
        )

    def __str__(self) -> str:
        return f"{self.seq} {self.act} {self.subject_name}"

    def content(self) -> dict[str, object]:
        """Return what the hash covers, apart from the link before."""
        return {
            "v": 1,
            "seq": self.seq,
            "at": self.at.astimezone(dt.UTC).isoformat(timespec="microseconds"),
            "act": self.act,
            "actor": {"id": self.actor_id, "name": self.actor_name},
            "subject": {"kind": self.subject_kind, "key": self.subject_key, "name": self.subject_name},
            "data": self.data,
            "operation": str(self.operation),
        }
