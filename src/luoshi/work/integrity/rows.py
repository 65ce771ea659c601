"""Rows against their events: replaying a matter must give its row, its units' parts and its attachments."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any, Final

from django.db.models import JSONField

from luoshi.ledger.canonical import canonical
from luoshi.ledger.checks import Finding
from luoshi.words import Words
from luoshi.work import fold
from luoshi.work.integrity.histories import History
from luoshi.work.models import Matter

__all__ = ["rows"]

_FIELDS: Final = tuple(
    (field.attname, isinstance(field, JSONField))
    for field in Matter._meta.concrete_fields  # noqa: SLF001 — Django's documented name
    if field.attname not in {"id", "version", "head"}  # the chain weighs these two
)
_UNFOLDABLE: Final = (KeyError, TypeError, ValueError, AttributeError)
_SHOWN: Final = 60


def rows(history: History, versions: Mapping[int, tuple[int, str]]) -> Iterator[Finding]:
    """Compare what is stored about one matter with what its events lead to; nothing for a matter without a row.

    `versions` holds the version and the hash of every stored register text by its number.
    """
    if history.row is None or not history.events:
        return
    replayed = Matter(pk=history.number)
    for event in history.events:
        try:
            fold.apply(replayed, event)
        except _UNFOLDABLE as error:
            what = Words(
                f"内容无法重放（{type(error).__name__}）", f"its content cannot be replayed ({type(error).__name__})"
            )
            yield Finding("event.unfoldable", history.at(event.seq), what)
            return
    yield from _version(history, versions)
    yield from _columns(history, replayed)
    yield from _parts(history, replayed)
    yield from _uses(history)


def _columns(history: History, replayed: Matter) -> Iterator[Finding]:
    for name, is_json in _FIELDS:
        stored, wanted = getattr(history.row, name), getattr(replayed, name)
        if not _same(stored, wanted, is_json=is_json):
            yield _differs("matter.column", history, name.removesuffix("_id"), stored, wanted)


def _version(history: History, versions: Mapping[int, tuple[int, str]]) -> Iterator[Finding]:
    """Check that the register text that the first event names by its hash is still the one stored under its number."""
    changed = history.events[0].data.get("set", {}).get("register_version")
    if isinstance(changed, dict) and versions.get(changed.get("id", 0)) != (
        changed.get("version"),
        changed.get("sha256"),
    ):
        what = Words("立项时的台账全文已不是原文", "the text of its register is not the one it was opened under")
        yield Finding("matter.register", history.name(), what)


def _same(stored: Any, wanted: Any, *, is_json: bool) -> bool:
    """Tell whether two values are one; in Python 1 is also `True` and 1.0, in what was written it is not."""
    if stored != wanted:
        return False
    if not is_json:
        return isinstance(stored, bool) is isinstance(wanted, bool)
    try:
        return not wanted or canonical(stored) == canonical(wanted)
    except TypeError:
        return False


def _parts(history: History, replayed: Matter) -> Iterator[Finding]:
    try:
        wanted = Counter((unit, str(side.value)) for unit, side in fold.involvements(replayed).items())
    except _UNFOLDABLE:
        return  # the column it follows from has been told already
    stored = Counter(history.parts)
    for unit, side in sorted((stored - wanted).elements(), key=str):
        what = Words(f"单位 {unit}（{side}）不应参与", f"unit {unit} ({side}) takes part and should not")
        yield Finding("involvement.extra", history.name(), what)
    for unit, side in sorted((wanted - stored).elements(), key=str):
        what = Words(f"单位 {unit}（{side}）应当参与却没有", f"unit {unit} ({side}) should take part and does not")
        yield Finding("involvement.missing", history.name(), what)


def _uses(history: History) -> Iterator[Finding]:
    try:
        told = Counter(fold.attachments(history.events))
    except _UNFOLDABLE:
        what = Words("有附件的事件内容不完整", "an event about attachments is incomplete")
        yield Finding("event.unfoldable", history.name(), what)
        return
    stored = Counter(history.uses)
    gone = {(use.sha256, use.attached): use for use in (told - stored).elements()}
    for use in (stored - told).elements():
        wanted = gone.pop((use.sha256, use.attached), None)
        if wanted is None:
            yield _use("attachment.extra", history, use, Words("多出来的附件", "an attachment too many"))
            continue
        for name in ("name", "note", "detached"):
            if getattr(use, name) != getattr(wanted, name):
                yield _differs("attachment.column", history, f"附件 {name}", getattr(use, name), getattr(wanted, name))
    for use in gone.values():
        yield _use("attachment.missing", history, use, Words("缺少的附件", "an attachment is missing"))


def _use(kind: str, history: History, use: fold.Use, words: Words) -> Finding:
    name = "" if history.confidential else f" {use.name}"
    told = Words(
        f"{words.zh}：事件 {use.attached}{name} {use.sha256[:12]}",
        f"{words.en}: event {use.attached}{name} {use.sha256[:12]}",
    )
    return Finding(kind, history.name(), told)


def _differs(kind: str, history: History, name: str, stored: object, wanted: object) -> Finding:
    if history.confidential:
        what = Words(f"{name} 与事件重放不符", f"{name} is not what the events lead to")
    else:
        what = Words(
            f"{name} 与事件重放不符：存的是“{_cut(stored)}”，应为“{_cut(wanted)}”",
            f"{name} is “{_cut(stored)}”, but the events lead to “{_cut(wanted)}”",
        )
    return Finding(kind, history.name(), what)


def _cut(value: object) -> str:
    text = str(value)
    return text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"
