"""Builders of matters for tests: a register made for tests, and matters brought to any state through the one door."""

from __future__ import annotations

import datetime as dt
import hashlib
import uuid
from typing import Any, Final

from django.utils import timezone

from cast import Cast
from luoshi.work.actions import open_matter, perform
from luoshi.work.enums import Act, Grade, State
from luoshi.work.models import Evidence, Matter, RegisterVersion

__all__ = ["CHAIN_REGISTER", "PLAIN_REGISTER", "SECRET_REGISTER", "Maker", "file", "store_registers"]

PLAIN_REGISTER: Final = """
code = "errand"
version = 1
title = { zh = "试办事项", en = "Errands" }
short = { zh = "试办", en = "Errands" }
about = { zh = "测试用的台账：一级核查，没有条件。", en = "A register for tests: one step, no conditions." }
number = "试〔{year}〕{n}号"
opened_by = ["leader", "supervisor", "head", "officer", "inspector"]

[due]
rule = "days"
days = 10

[[chain]]
words = { zh = "督办科核查", en = "The supervision office verifies" }
role = "supervisor"
scope = "office"

[closing]
note_required = false
targets_need_actuals = true
"""

CHAIN_REGISTER: Final = """
code = "charge"
version = 1
title = { zh = "试办要事", en = "Charges" }
short = { zh = "要事", en = "Charges" }
about = { zh = "测试用的台账：三级核查，条件齐全。", en = "A register for tests: three steps, every condition." }
number = "要〔{year}〕{n}号"
opened_by = ["supervisor", "leader"]
reopen_within_days = 30

[due]
rule = "none"

[[chain]]
words = { zh = "单位负责人签字", en = "The unit's head signs" }
role = "head"
scope = "lead"

[[chain]]
words = { zh = "上级单位核查", en = "The unit above verifies" }
role = "head"
scope = "parent"

[[chain]]
words = { zh = "督办科核查", en = "The supervision office verifies" }
role = "supervisor"
scope = "office"
grade = true

[closing]
min_evidence = 1
note_required = true
targets_need_actuals = true

[[closing.feedback]]
kind = "person"
words = { zh = "向当事人反馈", en = "Tell the person concerned" }

[[fields]]
name = "cause"
type = "text"
words = { zh = "原因", en = "Cause" }

[[fields]]
name = "measure"
type = "text"
words = { zh = "措施", en = "Measure" }
required = "submitting"
"""

SECRET_REGISTER: Final = """
code = "secret"
version = 1
title = { zh = "保密事项", en = "Confidential matters" }
short = { zh = "保密", en = "Confidential" }
about = { zh = "测试用的台账：保密。", en = "A register for tests: confidential." }
number = "密〔{year}〕{n}号"
confidential = true
opened_by = ["leader", "supervisor", "head", "officer", "inspector"]

[due]
rule = "days"
days = 10

[[chain]]
words = { zh = "督办科核查", en = "The supervision office verifies" }
role = "supervisor"
scope = "office"

[closing]
note_required = false
"""


def store_registers() -> None:
    """Store the registers made for tests; does nothing the second time."""
    for code, text in (("errand", PLAIN_REGISTER), ("charge", CHAIN_REGISTER), ("secret", SECRET_REGISTER)):
        RegisterVersion.objects.get_or_create(
            code=code,
            version=1,
            defaults={
                "text": text,
                "sha256": hashlib.sha256(text.encode()).hexdigest(),
                "added_at": timezone.now(),
            },
        )


def file(name: str = "照片.jpg", content: bytes | None = None) -> tuple[Evidence, str, str]:
    """Return a piece of evidence as acts take it: a row without a file behind it, its name and its note."""
    digest = hashlib.sha256(name.encode() if content is None else content).hexdigest()
    row, _made = Evidence.objects.get_or_create(
        sha256=digest, defaults={"size": 1, "kind": "jpeg", "stored_at": timezone.now()}
    )
    return row, name, ""


class Maker:
    """Makes matters of the cast, led by one unit, and brings them where a test needs them.

    Unless told otherwise: register `errand`, led by 槐树镇第一小学, opened by the supervisor, worked on by 宋小禾.
    """

    def __init__(self, cast: Cast) -> None:
        self.cast = cast
        store_registers()

    def drafted(self, register: str = "errand", *, by: str = "supervisor", lead: str = "HS-1", **more: Any) -> Matter:
        """Return a draft."""
        unit = self.cast.unit(lead) if lead else None
        values = {"title": "完成校舍排查", "lead": unit, **more}
        return open_matter(register, by=self.cast.actor(by), **values)

    def assigned(self, register: str = "errand", **more: Any) -> Matter:
        """Return a matter that waits to be accepted."""
        matter = self.drafted(register, **more)
        due = None if matter.due or register != "charge" else timezone.localdate() + dt.timedelta(days=10)
        perform(matter, Act.ASSIGN, by=self.cast.actor("supervisor"), due=due)
        return matter

    def under_way(self, register: str = "errand", **more: Any) -> Matter:
        """Return a matter that its handler works on: the school's officer, or the head where another unit leads."""
        matter = self.assigned(register, **more)
        head, handler = _STAFF[matter.lead.code if matter.lead else ""]
        perform(matter, Act.ACCEPT, by=self.cast.actor(head), handler=self.cast.people[handler])
        return matter

    def submitted(self, register: str = "errand", **more: Any) -> Matter:
        """Return a matter that waits to be verified, with all that its register asks for."""
        matter = self.under_way(register, **more)
        assert matter.lead is not None
        data: dict[str, Any] = {"note": "已完成"}
        if register == "charge":
            data |= {"fields": {"measure": "整改"}, "feedback": {"person": "已告知"}, "evidence": [file()]}
        perform(matter, Act.SUBMIT, by=self.cast.actor(_STAFF[matter.lead.code][1]), **data)
        return matter

    def closed(self, register: str = "errand", **more: Any) -> Matter:
        """Return a matter that is closed."""
        matter = self.submitted(register, **more)
        signers = ["supervisor"] if register != "charge" else ["school_head", "centre_head", "supervisor"]
        for name in signers:
            grade = Grade.GOOD if register == "charge" and name == "supervisor" else ""
            perform(matter, Act.VERIFY, by=self.cast.actor(name), grade=grade)
        return matter

    def in_state(self, state: State, register: str = "errand", **more: Any) -> Matter:
        """Return a matter in any state."""
        office = self.cast.actor("supervisor")
        match state:
            case State.SUSPENDED:
                matter = self.under_way(register, **more)
                perform(matter, Act.SUSPEND, by=office, reason="等待拨款")
                return matter
            case State.CANCELLED:
                matter = self.under_way(register, **more)
                perform(matter, Act.CANCEL, by=office, reason="并入其他事项")
                return matter
        made: Matter = getattr(self, state.value)(register, **more)
        return made


_STAFF: Final = {
    "HS-1": ("school_head", "school_officer"),
    "HS": ("centre_head", "centre_head"),
    "HS-Y": ("kindergarten_head", "kindergarten_head"),
    "QH-1": ("other_head", "other_officer"),
    "YL-JJ": ("head", "officer"),
    "YL-AQ": ("safety_head", "safety_officer"),
}
"""Lead unit → who accepts, and who then handles."""


def operation() -> uuid.UUID:
    """Return a new operation id."""
    return uuid.uuid4()
