"""The door through which every change of a document under review goes: lock, ask, change, and write one edit."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, cast

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from luoshi.directives.enums import ClauseState, ReviewAct, Stage
from luoshi.directives.errors import ChangedMeanwhileError, ImpossibleError
from luoshi.directives.fold import CLAUSE, DIRECTIVE, notice_hash, row_of, seed, standing_of
from luoshi.directives.models import Clause, Directive, Edit, Notice, Reading
from luoshi.ledger.canonical import GENESIS, Json, link
from luoshi.org import policy
from luoshi.org.policy import Actor, Placement, RefusedError

__all__ = ["Review", "begin", "write"]

_PERMISSION: Final = {
    ReviewAct.REREAD: "directive.take_in",
    ReviewAct.WITHDRAW: "directive.take_in",
    ReviewAct.CONFIRM: "directive.confirm",
    ReviewAct.ADOPT: "directive.confirm",
}
_REVIEW: Final = "directive.review"

_NOT_NOW: Final[Mapping[str, str | Promise]] = {
    Stage.WAITING: gettext_lazy("这份文件还没有读完，请等读完再核对。"),
    Stage.READING: gettext_lazy("这份文件还没有读完，请等读完再核对。"),
    Stage.FAILED: gettext_lazy("这份文件没有读出来，请重新读取，或撤回后换一个文件。"),
    Stage.WITHDRAWN: gettext_lazy("这份文件已经撤回，不能再改。"),
}

Named = Clause | uuid.UUID | str
"""A row as callers name it."""


@dataclass
class Review:
    """One act of a review while it is being decided, with the document locked.

    Whoever decides fetches the rows that the act concerns by :meth:`clauses`, and says what changes. Columns go by
    their names and have the values of the models' fields; other rows (`into`, `matter`, `programme` …) go by their
    numbers. Nothing is written before the door makes one edit of it.
    """

    directive: Directive
    act: ReviewAct
    by: Actor
    at: dt.datetime
    operation: uuid.UUID
    seen: Mapping[str, int] = field(default_factory=dict)
    undoes: int | None = None
    said: str = ""
    _rows: dict[str, Clause] = field(default_factory=dict)
    _before: dict[str, dict[str, Json] | None] = field(default_factory=dict)
    _gone: set[str] = field(default_factory=set)
    _labels: dict[str, list[str | None]] = field(default_factory=dict)
    _columns: dict[str, list[Json]] = field(default_factory=dict)
    _notices: list[dict[str, Json]] = field(default_factory=list)
    _callers: list[Clause] = field(default_factory=list)

    def impossible(self, sentence: str | Promise) -> ImpossibleError:
        """Return the refusal of this act with its sentence."""
        return ImpossibleError(self.act, sentence)

    # Rows.

    @property
    def fetched(self) -> Mapping[str, Clause]:
        """Return the rows that were fetched or added so far, by uid, as they stand in this act."""
        return {uid: row for uid, row in self._rows.items() if uid not in self._gone}

    def clauses(self, wanted: Iterable[Named]) -> list[Clause]:
        """Return rows of the document in the order given, each once.

        ChangedMeanwhileError where somebody else touched one since the version that `seen` tells of it; ImpossibleError
        where one is not there. What the actor did to it themselves does not count.
        """
        wanted = list(wanted)
        self._callers += [one for one in wanted if isinstance(one, Clause)]
        uids = list(dict.fromkeys(str(one.uid if isinstance(one, Clause) else one) for one in wanted))
        missing = [uid for uid in uids if uid not in self._rows]
        if missing:
            found = {str(row.uid): row for row in self.directive.clauses.filter(uid__in=missing)}
            self._refuse_stale([uid for uid in missing if uid not in found], found)
            self._rows.update(found)
        return [self._rows[uid] for uid in uids]

    def _refuse_stale(self, lost: list[str], found: Mapping[str, Clause]) -> None:
        old = {uid: self.seen[uid] for uid, row in found.items() if self.seen.get(uid, row.version) != row.version}
        if any(version > found[uid].version or version < 0 for uid, version in old.items()):
            raise ValidationError(_("页面与记录不符，请刷新页面后再试。"), code="seen")
        old.update({uid: self.seen.get(uid, 0) for uid in lost})
        if not old:
            return
        since = self.directive.edits.filter(seq__gt=min(old.values())).order_by("seq")
        edits = [
            edit
            for edit in since
            if any(entry["uid"] in old and edit.seq > old[entry["uid"]] for entry in edit.data.get("clauses", ()))
        ]
        if any(edit.actor_id != self.by.person_id for edit in edits):
            raise ChangedMeanwhileError(self.act, edits)
        if lost:
            raise self.impossible(_("这一条已经不在了，请刷新页面。"))

    def put(self, clause: Clause, **columns: Any) -> None:
        """Let columns of a row have new values; one that does not change is not mentioned in the edit."""
        before = self._before.setdefault(str(clause.uid), {})
        for name, value in columns.items():
            column = CLAUSE[name]
            if before is not None and name not in before:
                before[name] = column.encode(getattr(clause, column.attribute))
            setattr(clause, column.attribute, value)

    def add(self, *, uid: uuid.UUID | None = None, **columns: Any) -> Clause:
        """Add a row behind all others by number; columns that are not given are as the table has them."""
        numbers = [row.number for row in self._rows.values()]
        last = self.directive.clauses.aggregate(last=models.Max("number"))["last"] or 0
        clause = Clause(uid=uid or uuid.uuid4(), directive=self.directive, number=max((last, *numbers)) + 1)
        self._rows[str(clause.uid)] = clause
        self._before[str(clause.uid)] = None
        self.put(clause, **columns)
        return clause

    def take_away(self, clause: Clause) -> None:
        """Take a row away that an act added; what was drafted is never taken away, only dropped."""
        self._before[str(clause.uid)] = row_of(clause)
        self._gone.add(str(clause.uid))

    # Sentences, and the document itself.

    def label(self, index: int | str, label: str | None) -> None:
        """Let a person's word on the kind of a sentence be `label`; None for as drafted."""
        was = self.directive.labels.get(str(index))
        if was == label:
            self._labels.pop(str(index), None)
        else:
            self._labels[str(index)] = [was, label]

    def describe(self, **columns: Any) -> None:
        """Let columns of the document have new values; `reading` takes the hashes (before, after) of a new reading."""
        for name, value in columns.items():
            if name == "reading":
                self._columns[name] = list(value)
                continue
            column = DIRECTIVE[name]
            was, new = column.encode(getattr(self.directive, column.attribute)), column.encode(value)
            was = self._columns.pop(name, [was])[0]
            if was != new:
                self._columns[name] = [was, new]
            setattr(self.directive, column.attribute, value)

    def issued(self, notices: Iterable[Notice]) -> None:
        """Let the edit vouch for what units are told by it."""
        self._notices += [{"unit": notice.unit_id, "sha256": notice_hash(notice)} for notice in notices]

    def data(self) -> dict[str, Any]:
        """Return the edit's content."""
        self._reopen()
        entries = [entry for uid in self._before if (entry := self._entry(uid)) is not None]
        data: dict[str, Any] = {"clauses": entries} if entries else {}
        if self._labels:
            data["labels"] = self._labels
        if self._columns:
            data["directive"] = self._columns
        if self._notices:
            data["notices"] = self._notices
        if data and self.said:
            data["said"] = self.said
        return data

    def _reopen(self) -> None:
        """Put a confirmed document back under review where it gets a row that could still be confirmed."""
        if self.directive.stage == Stage.CONFIRMED and self.act != ReviewAct.CONFIRM:
            rows = (self._rows[uid] for uid in self._before if uid not in self._gone)
            if any(row.state in ClauseState.live for row in rows):
                self.describe(stage=Stage.REVIEW.value)

    def _entry(self, uid: str) -> dict[str, Any] | None:
        clause, was = self._rows[uid], self._before[uid]
        if uid in self._gone:
            return {"uid": uid, "title": _title(was), "was": was, "set": None}
        if was is None:
            return {"uid": uid, "title": _title(row_of(clause)), "was": None, "set": row_of(clause)}
        new = {name: CLAUSE[name].encode(getattr(clause, CLAUSE[name].attribute)) for name in was}
        changed = [name for name in was if was[name] != new[name]]
        if not changed:
            return None
        return {
            "uid": uid,
            "title": _title(was if "values" in was else new) or str(clause)[:60],
            "was": {name: was[name] for name in changed},
            "set": {name: new[name] for name in changed},
        }

    # Writing.

    def commit(self) -> Edit:
        """Write the one edit of a decided act, and let the rows and the document follow from it."""
        row, data = self.directive, self.data()
        if not data:
            raise ValidationError(_("没有改动，请修改后再提交。"), code="unchanged")
        edit = Edit(
            directive=row,
            seq=row.version + 1,
            act=self.act.value,
            at=self.at,
            actor_id=self.by.person_id,
            actor_name=self.by.name,
            operation=self.operation,
            undoes=self.undoes,
            data=data,
            prev=row.head or GENESIS,
        )
        edit.hash = link(edit.prev, cast("Json", edit.content()))
        edit.save(force_insert=True)
        self._store(edit)
        return edit

    def _store(self, edit: Edit) -> None:
        row = self.directive
        for entry in edit.data.get("clauses", ()):
            clause = self._rows[entry["uid"]]
            clause.version = edit.seq
            if entry["set"] is None:
                clause.delete()
            elif entry["was"] is None:
                clause.save(force_insert=True)
            else:
                clause.save(update_fields=[*entry["set"], "version"])
        for index, (_was, label) in self._labels.items():
            if label is None:
                row.labels.pop(index, None)
            else:
                row.labels[index] = label
        row.version, row.head = edit.seq, edit.hash
        columns = [name for name in self._columns if name != "reading"]
        row.save(update_fields=["version", "head", *(["labels"] if self._labels else []), *columns])

    def bring_up_to_date(self, directive: Directive) -> None:
        """Give the rows that the caller holds what the stored ones have now."""
        _copy(self.directive, directive)
        for given in self._callers:
            stored = self._rows.get(str(given.uid))
            if stored is not None and stored is not given:
                _copy(stored, given)


def write(  # noqa: PLR0913 — who, how, when, and what
    directive: Directive,
    act: ReviewAct,
    *,
    by: Actor,
    operation: uuid.UUID,
    decide: Callable[[Review], None],
    seen: Mapping[Any, int] | None = None,
    at: dt.datetime | None = None,
) -> Edit:
    """Do one act of a review in one transaction: `decide` says what changes, the door makes one edit of it.

    The same `operation` again returns the first edit and does nothing. `seen` are the versions of rows as the page had
    them, by uid; a row that it does not name is taken as it is. `directive`, and clauses that `decide` fetched by the
    caller's own instances, are brought up to date in place.

    Raises `org.policy.RefusedError`, `ChangedMeanwhileError`, `ImpossibleError` and ValidationError (a value; with the
    code "unchanged" where nothing would change). Whatever is raised, nothing has changed.
    """
    with transaction.atomic():
        row = _locked(directive.pk, act, by)
        done = row.edits.filter(operation=operation).first()
        if done is not None:
            if (done.act, done.actor_id) != (act, by.person_id):
                raise ValidationError(_("这一操作号已经用过，请刷新页面后再试。"), code="operation")
            _copy(row, directive)
            return done
        _refuse_stage(row, act)
        if row.stage in {Stage.REVIEW, Stage.CONFIRMED} and not row.head:
            begin(row)
        case = Review(
            directive=row,
            act=act,
            by=by,
            at=at or dt.datetime.now(dt.UTC),
            operation=operation,
            seen={str(uid): version for uid, version in (seen or {}).items()},
        )
        decide(case)
        edit = case.commit()
    case.bring_up_to_date(directive)
    return edit


def begin(directive: Directive) -> None:
    """Let the chain of a document's edits begin with, or go on behind, what was read and drafted.

    Called once when the drafted rows stand, in the same transaction; `directive` is a locked row.
    """
    drafted = standing_of(directive, directive.clauses.all(), Reading.objects.get(directive=directive))
    directive.head = link(directive.head or GENESIS, seed(drafted))
    directive.save(update_fields=["head"])


def _locked(number: int, act: ReviewAct, by: Actor) -> Directive:
    """Return a document's row, locked until the transaction ends, for whom may do the act to it."""
    permission = _PERMISSION.get(act, _REVIEW)
    row = policy.visible(by, Directive.objects.select_for_update().filter(pk=number), permission).first()
    if row is None:
        hidden = Directive.objects.get(pk=number)
        place = Placement(None, confidential=hidden.register if hidden.confidential else "")
        raise policy.may(by, permission, place) or RefusedError(permission, "")
    return row


def _refuse_stage(row: Directive, act: ReviewAct) -> None:
    reviewing = act not in ReviewAct.lasting or act == ReviewAct.UNDO
    sentence = _NOT_NOW.get(row.stage)
    if sentence is not None and (reviewing or row.stage == Stage.WITHDRAWN):
        raise ImpossibleError(act, sentence)


def _title(row: Mapping[str, Any] | None) -> str:
    values = (row or {}).get("values")
    return str(values.get("title", ""))[:60] if isinstance(values, dict) else ""


def _copy(stored: models.Model, given: models.Model) -> None:
    for column in stored._meta.concrete_fields:  # noqa: SLF001 — Django's documented name
        setattr(given, column.attname, getattr(stored, column.attname))
