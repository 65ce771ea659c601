"""What must hold of documents under review: the edits as they were written, and rows that follow from nothing else.

For each document the rows as they stand are taken back edit by edit to what was drafted; what was drafted, and what the
text says, is covered by the hash that the chain of edits goes on from. Findings name documents and rows by their
numbers, never by their words: a document may be confidential.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator
from dataclasses import dataclass, field
from typing import Any, Final

from luoshi.directives import fold
from luoshi.directives.enums import Stage
from luoshi.directives.fold import Standing
from luoshi.directives.models import Clause, Directive, Edit, Notice, Programme, Reading
from luoshi.ledger import checks as ledger
from luoshi.ledger.canonical import GENESIS, link
from luoshi.ledger.checks import Finding, Unreadable, linked, reading_errors, rows_of, windows
from luoshi.words import Words

__all__ = ["APPEND_ONLY", "findings"]

APPEND_ONLY: Final = ("directives_edit", "directives_notice")
"""Tables of this room whose rows the database itself refuses to change."""

_RULED: Final = (Programme, Directive, Reading, Clause, Edit, Notice)
_SPOILT: Final = (TypeError, ValueError, AttributeError, KeyError)
"""What reckoning with a column raises that does not hold what it should."""


def findings() -> Iterator[Finding]:
    """Check the guards of this room's tables, and every document with its rows, edits and notices."""
    yield from ledger.guards(APPEND_ONLY)
    yield from ledger.constraints(_RULED)
    yield from ledger.misread(_RULED)
    for window in windows(Directive.objects.all(), size=200):
        for row in rows_of(window):
            if isinstance(row, Unreadable):
                what = Words(f"读不出来：{row.why}", f"cannot be read: {row.why}")
                yield Finding("directive.unreadable", Words(f"部署文件 {row.pk}", f"document {row.pk}"), what)
            else:
                yield from _document(row)


@dataclass
class _Found:
    """One document as it was found."""

    directive: Directive
    edits: list[Edit] = field(default_factory=list)
    clauses: list[Clause] = field(default_factory=list)
    notices: list[Notice] = field(default_factory=list)
    reading: Reading | None = None
    touched: bool = False

    def at(self, kind: str, what: Words, place: Words | None = None) -> Finding:
        """Return a finding in this document, which then is no base for further reckoning."""
        self.touched = True
        where = Words(f"部署文件 {self.directive.pk}", f"document {self.directive.pk}")
        if place is not None:
            where = Words(f"{where.zh} {place.zh}", f"{where.en}, {place.en}")
        return Finding(kind, where, what)


def _document(directive: Directive) -> Iterator[Finding]:
    found = _Found(directive)
    yield from _load(found)
    seed_at = yield from _chain(found)
    if not found.touched:
        yield from _replay(found, seed_at)
    yield from _notices(found)


_TABLES: Final = (
    ("edits", Edit, "seq", Words("核对操作", "edit")),
    ("clauses", Clause, "number", Words("条款", "row")),
    ("notices", Notice, "pk", Words("交办通知", "notice")),
)


def _load(found: _Found) -> Iterator[Finding]:
    for name, model, order, words in _TABLES:
        rows: Any = model._default_manager.filter(directive=found.directive.pk).order_by(order)  # noqa: SLF001 — Django's documented name
        for row in rows_of(rows):
            if isinstance(row, Unreadable):
                what = Words(f"读不出来：{row.why}", f"cannot be read: {row.why}")
                place = Words(f"{words.zh} {row.pk}", f"{words.en} {row.pk}")
                yield found.at(f"{words.en}.unreadable", what, place)
            else:
                row.directive = found.directive
                getattr(found, name).append(row)
    try:
        found.reading = Reading.objects.filter(directive=found.directive.pk).first()
    except reading_errors():
        yield found.at("reading.unreadable", Words("原文读不出来", "its text cannot be read"))


# The chain.


def _chain(found: _Found) -> Generator[Finding, None, int | None]:
    """Check the edits against one another; return behind how many of them the reading stands in the chain."""
    before, due, seed_at = GENESIS, 1, None
    for place, edit in enumerate(found.edits):
        name = Words(f"核对操作 {edit.seq}", f"edit {edit.seq}")
        if edit.seq != due:
            missing = Words("之前有缺失，或序号被改动", "something before it is missing, or its number was altered")
            yield found.at("edit.missing", missing, name)
        weighed = linked(edit, before)
        if not weighed.fits:
            what = Words("内容与哈希不符：这一步被改动过", "content and hash differ: it was altered")
            yield found.at("edit.content", what, name)
        if not weighed.follows:
            if seed_at is None:
                seed_at = place
            else:
                what = Words("与前一步接不上：被改写、替换或调换过", "does not follow the one before")
                yield found.at("edit.link", what, name)
        before, due = edit.hash, edit.seq + 1
    directive = found.directive
    if directive.version != due - 1:
        what = Words(
            f"停在第 {directive.version} 步，却存有到第 {due - 1} 步", f"stands at {directive.version}, not {due - 1}"
        )
        yield found.at("directive.version", what)
    if directive.head not in {before, ""} or (not directive.head and found.edits):
        if seed_at is None:
            seed_at = len(found.edits)
        else:
            what = Words("记的末个哈希与末一步不符", "its head is not the hash of its last edit")
            yield found.at("directive.head", what)
    return seed_at


# Rows.


def _replay(found: _Found, seed_at: int | None) -> Iterator[Finding]:
    """Take the rows back edit by edit, compare at every step, and at the beginning with what was drafted."""
    try:
        yield from _take_back(found, seed_at)
    except _SPOILT as error:
        what = Words(
            f"有一栏不是应有的类型（{type(error).__name__}）", f"a column is not of its type ({type(error).__name__})"
        )
        yield found.at("clause.unreadable", what)


def _take_back(found: _Found, seed_at: int | None) -> Iterator[Finding]:
    standing = fold.standing_of(found.directive, found.clauses, found.reading)
    yield from _versions(found)
    newest: set[str] = set()
    if seed_at == len(found.edits):
        yield from _drafted(found, standing, found.edits[-1].hash if found.edits else GENESIS, found.directive.head)
    for place in reversed(range(len(found.edits))):
        edit = found.edits[place]
        for uid, column in list(fold.differences(standing, edit.data)):
            if _of_background(found, edit, column, newest):
                continue
            what = Words(f"“{column}”与核对操作 {edit.seq} 不符", f"“{column}” is not as edit {edit.seq} left it")
            yield found.at("clause.column" if uid else "directive.column", what, _row_name(found, uid))
        newest |= set(edit.data.get("directive", {}))
        fold.apply(standing, fold.reverse(edit.data))
        if place == seed_at:
            yield from _drafted(found, standing, found.edits[place - 1].hash if place else GENESIS, edit.prev)
    if "stage" not in newest and found.directive.stage not in {*Stage.unread, Stage.REVIEW}:
        yield found.at("directive.column", Words("进度不是任何一步改的", "its stage was changed by no edit"))
    if standing.labels:
        what = Words("有句子的类别不是任何一步改的", "the kind of a sentence was changed by no edit")
        yield found.at("directive.labels", what)
    if seed_at is None and found.directive.stage in {Stage.REVIEW, Stage.CONFIRMED}:
        what = Words("操作记录没有接在原文之后", "its edits do not go on from its text")
        yield found.at("reading.unlinked", what)


def _of_background(found: _Found, edit: Edit, column: str, newest: set[str]) -> bool:
    """Tell whether a difference is the work of the queue, which moves a document on its way to being read."""
    if column != "stage":
        return False
    return (
        column in newest or found.directive.stage in Stage.unread or edit.data["directive"]["stage"][1] in Stage.unread
    )


def _drafted(found: _Found, standing: Standing, before: str, told: str) -> Iterator[Finding]:
    if link(before, fold.seed(standing)) != told:
        what = Words(
            "原文、句子或起草的条款被改动过，或有条款增减",
            "its text, its sentences or what was drafted from them was altered, or rows were added or removed",
        )
        yield found.at("reading.altered", what)


def _versions(found: _Found) -> Iterator[Finding]:
    last = {entry["uid"]: edit.seq for edit in found.edits for entry in edit.data.get("clauses", ())}
    for clause in found.clauses:
        if clause.version != last.get(str(clause.uid), 0):
            what = Words("版本与最后一步操作不符", "its version is not that of the last edit")
            yield found.at("clause.version", what, _row_name(found, str(clause.uid)))


def _row_name(found: _Found, uid: str) -> Words | None:
    number = next((clause.number for clause in found.clauses if str(clause.uid) == uid), None)
    if number is None:
        return Words(f"条款 {uid}", f"row {uid}") if uid else None
    return Words(f"条款 {number}", f"row {number}")


# Notices.


def _notices(found: _Found) -> Iterator[Finding]:
    """Check that each notice is what the confirmation vouched for, and that none is missing."""
    wanted = set()
    for edit in found.edits:
        told = edit.data.get("notices") if isinstance(edit.data, dict) else None
        for entry in told if isinstance(told, list) else ():
            if isinstance(entry, dict):
                wanted.add(str(entry.get("sha256")))
    for notice in found.notices:
        try:
            own = fold.notice_hash(notice)
        except _SPOILT:
            own = ""
        if own not in wanted:
            what = Words("与确认立项时发出的不符，或未经确认", "is not what was issued, or no confirmation issued it")
            yield found.at("notice.altered", what, Words(f"交办通知 {notice.pk}", f"notice {notice.pk}"))
        wanted.discard(own)
    if wanted:
        count = len(wanted)
        yield found.at(
            "notice.missing", Words(f"有 {count} 份交办通知缺失或被改动", f"{count} of its notices missing or altered")
        )
