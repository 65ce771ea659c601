"""Evidence within acts: what is attached, what is taken away."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, cast

from django.utils.translation import gettext as _

from luoshi.ledger.canonical import Json
from luoshi.work.actions.case import Case
from luoshi.work.actions.values import line, one_of, wrong
from luoshi.work.models import Evidence

__all__ = ["add_files", "attached_hashes", "remove_files"]

_MOST: Final = 50


def attached_hashes(case: Case) -> set[str]:
    """Return the hashes of the evidence that the matter has before the act."""
    return set(case.matter.attachments.filter(detached=None).values_list("evidence__sha256", flat=True))


def add_files(case: Case, given: Sequence[tuple[Evidence, str, str]]) -> int:
    """Let the act attach evidence, leaving out what is attached already; return how much is new."""
    if len(given) > _MOST:
        wrong("evidence", _("一次最多上传%(most)d份材料，请分几次上传。"), "too_many", most=_MOST)
    have = attached_hashes(case) if given else set()
    for evidence, name, note in given:
        one_of(evidence, "evidence", Evidence)
        if evidence.sha256 in have:
            continue
        have.add(evidence.sha256)
        case.files.append((evidence, line(name, "evidence", required=True), line(note, "evidence")))
    case.tell(
        files=[
            {"sha256": evidence.sha256, "size": evidence.size, "kind": evidence.kind, "name": name, "note": note}
            for evidence, name, note in case.files
        ]
    )
    return len(case.files)


def remove_files(case: Case, given: Sequence[Evidence]) -> None:
    """Let the act take evidence away; refuses what is not attached."""
    if not given:
        wrong("evidence", _("请选择要撤下的材料。"), "required")
    have = attached_hashes(case)
    wanted = sorted({one_of(evidence, "evidence", Evidence).sha256 for evidence in given})
    if not have.issuperset(wanted):
        wrong("evidence", _("这份材料已经不在这一事项里，请刷新页面。"), "not_attached")
    names = case.matter.attachments.filter(detached=None, evidence__sha256__in=wanted)
    case.tell(
        removed=cast("list[Json]", wanted),
        names=cast("list[Json]", list(names.order_by("pk").values_list("name", flat=True))),
    )
