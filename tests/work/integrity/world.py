"""A small authority with some days of work behind it, and ways to touch what is stored behind everybody's back."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path

from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper
from django.utils import timezone

from cast import Cast
from luoshi.ledger.actions import SYSTEM, Subject, record
from luoshi.ledger.append_only import guard_sql, unguard_sql
from luoshi.ledger.canonical import Json
from luoshi.org.policy import SYSTEM_ACTOR, Actor
from luoshi.work.actions import open_matter, perform
from luoshi.work.checks import APPEND_ONLY
from luoshi.work.enums import Act, Grade
from luoshi.work.integrity import Report, seal, verify
from luoshi.work.models import Evidence, Matter, RegisterVersion, Seal
from work.matters import store_registers

__all__ = ["SECRET_TITLE", "World", "kinds", "tampered"]

SECRET_TITLE = "核查不愿公开的来信"


class World:
    """Three days of matters: one closed after everything that can happen, one under way, one confidential, one today.

    The three days before today are sealed; the matter of today is not.
    """

    def __init__(self, cast: Cast, evidence: Path) -> None:
        self.cast, self.folder = cast, evidence
        store_registers()
        self.today = timezone.localdate()
        for row in RegisterVersion.objects.all():
            data: dict[str, Json] = {"version": row.version, "sha256": row.sha256}
            record("register.change", by=SYSTEM, subject=Subject("register", row.code), data=data, at=self.at(3, 7))
        self.closed = self._closed()
        self.running = self._running()
        self.secret = self._secret()
        self.seals: list[Seal] = seal(by=SYSTEM_ACTOR)
        self.late = open_matter("errand", by=self.actor("supervisor"), title="今天的事", lead=cast.unit("QH-1"))

    def actor(self, name: str) -> Actor:
        return self.cast.actor(name)

    def at(self, days: int, hour: int = 9) -> dt.datetime:
        day = self.today - dt.timedelta(days=days)
        return timezone.make_aware(dt.datetime.combine(day, dt.time(hour)))

    def file(self, name: str, content: bytes) -> tuple[Evidence, str, str]:
        digest = hashlib.sha256(content).hexdigest()
        path = self.folder / digest[:2] / digest[2:4] / digest
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        row, _made = Evidence.objects.get_or_create(
            sha256=digest, defaults={"size": len(content), "kind": "jpeg", "stored_at": self.at(3)}
        )
        return row, name, "现场"

    def _closed(self) -> Matter:
        record("unit.change", by=SYSTEM, subject=Subject("unit", "HS", "槐树镇中心学校"), at=self.at(3, 8))
        office, officer = self.actor("supervisor"), self.actor("school_officer")
        matter = open_matter(
            "charge",
            by=office,
            title="完成校舍排查",
            requirement="逐栋排查，建立台账。",
            lead=self.cast.unit("HS-1"),
            support=[self.cast.unit("HS-Y"), self.cast.unit("YL-AQ")],
            at=self.at(3),
        )
        due = self.today + dt.timedelta(days=20)
        perform(matter, Act.ASSIGN, by=office, due=due, at=self.at(3, 10))
        perform(
            matter,
            Act.ACCEPT,
            by=self.actor("school_head"),
            handler=self.cast.people["school_officer"],
            at=self.at(3, 11),
        )
        perform(matter, Act.REPORT, by=officer, note="已排查两栋。", progress=40, at=self.at(2))
        photo, plan = self.file("照片.jpg", b"photo"), self.file("方案.docx", b"plan")
        perform(matter, Act.ATTACH, by=officer, evidence=[photo, plan], at=self.at(2, 10))
        perform(matter, Act.DETACH, by=officer, evidence=[plan[0]], reason="传错了", at=self.at(2, 11))
        perform(matter, Act.URGE, by=office, note="请抓紧。", at=self.at(2, 12))
        perform(
            matter,
            Act.SUBMIT,
            by=officer,
            note="全部排查完毕。",
            fields={"measure": "加固"},
            feedback={"person": "已当面告知"},
            at=self.at(2, 15),
        )
        perform(matter, Act.VERIFY, by=self.actor("school_head"), at=self.at(2, 16))
        perform(matter, Act.VERIFY, by=self.actor("centre_head"), at=self.at(2, 17))
        perform(matter, Act.VERIFY, by=office, grade=Grade.GOOD, at=self.at(1))
        record("records.see", by=SYSTEM, at=self.at(1, 10))
        return matter

    def _running(self) -> Matter:
        office = self.actor("supervisor")
        matter = open_matter("errand", by=office, title="上报演练方案", lead=self.cast.unit("HS-Y"), at=self.at(2))
        perform(matter, Act.ASSIGN, by=office, at=self.at(2, 10))
        perform(matter, Act.COMMENT, by=office, note="请注意格式。", at=self.at(1))
        return matter

    def _secret(self) -> Matter:
        matter = open_matter(
            "secret", by=SYSTEM_ACTOR, title=SECRET_TITLE, lead=self.cast.unit("YL-JJ"), at=self.at(1, 8)
        )
        perform(matter, Act.ATTACH, by=SYSTEM_ACTOR, evidence=[self.file("信.jpg", b"letter")], at=self.at(1, 9))
        perform(matter, Act.COMMENT, by=SYSTEM_ACTOR, note="来信人不愿公开。", at=self.at(1, 10))
        record("matter.look", by=SYSTEM, subject=Subject("matter", str(matter.pk), matter.number), at=self.at(1, 11))
        return matter


@contextmanager
def tampered(*deeds: str | Callable[[], object]) -> Generator[None]:
    """Do what somebody would who goes past the product and its guards, in SQL or through the models; undo it after."""
    on_sqlite = connection.vendor == "sqlite"
    with connection.cursor() as cursor:
        if on_sqlite:
            cursor.execute("PRAGMA ignore_check_constraints = ON")
        try:
            with transaction.atomic():
                _lift(cursor)
                for deed in deeds:
                    if isinstance(deed, str):
                        cursor.execute(deed)
                    else:
                        deed()
                _restore(cursor)
                yield
                transaction.set_rollback(True)
        finally:
            if on_sqlite:
                cursor.execute("PRAGMA ignore_check_constraints = OFF")


def _lift(cursor: CursorWrapper) -> None:
    if connection.vendor == "postgresql":
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET LOCAL session_replication_role = replica")
        return
    for table in APPEND_ONLY:
        for statement in unguard_sql("sqlite", table):
            cursor.execute(statement)


def _restore(cursor: CursorWrapper) -> None:
    if connection.vendor == "sqlite":
        for table in APPEND_ONLY:
            for statement in guard_sql("sqlite", table):
                cursor.execute(statement)


def kinds(report: Report | None = None) -> set[str]:
    """Return what a verification finds, by kind."""
    return set((report or verify()).counts)
