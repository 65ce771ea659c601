"""Acts of those who do the work: report, attach, detach, submit."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any, cast

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from luoshi.ledger.canonical import Json
from luoshi.org.enums import Role
from luoshi.work.actions.case import Case
from luoshi.work.actions.files import add_files, attached_hashes, remove_files
from luoshi.work.actions.table import does
from luoshi.work.actions.values import figure, percent, text, wrong
from luoshi.work.enums import Act
from luoshi.work.errors import UnmetError
from luoshi.work.fold import moment
from luoshi.work.models import Evidence
from luoshi.work.registers import Register

__all__ = ["open_children", "unmet_by"]

Files = Sequence[tuple[Evidence, str, str]]


@does(Act.REPORT)
def report(  # noqa: PLR0913 — the act's data
    case: Case,
    *,
    note: str = "",
    progress: int | None = None,
    actuals: Mapping[int, object] | None = None,
    done: Sequence[int] | None = None,
    stuck: str = "",
    feedback: Mapping[str, str] | None = None,
    evidence: Files = (),
) -> None:
    """Say how far the work is. Whoever reports has worked on the matter and cannot verify it.

    `done` names the milestones that are reached today, `actuals` the figures by target. `stuck` says what holds the
    work up; a report without it says that nothing does.
    """
    if progress is not None:
        case.put(progress=percent(progress))
    case.put(stuck=text(stuck, "stuck", most=500))
    _figures(case, actuals, done, feedback)
    words, files = text(note, "note"), add_files(case, evidence)
    if not (words or files or case.set):
        wrong("note", _("请写一句进展。"), "required")
    case.tell(note=words, stuck=text(stuck, "stuck"))
    case.did_work()


def _figures(
    case: Case,
    actuals: Mapping[int, object] | None,
    done: Sequence[int] | None,
    feedback: Mapping[str, str] | None,
) -> None:
    if actuals:
        case.put(targets=cast("Json", _with_actuals(case.matter.targets, actuals)))
    if done:
        case.put(milestones=cast("Json", _with_done(case.matter.milestones, done, case.today)))
    if feedback:
        case.put(feedback={**case.matter.feedback, **_feedback(case.register, feedback)})


def _with_actuals(targets: list[dict[str, Any]], actuals: Mapping[int, object]) -> list[dict[str, Any]]:
    if not {target["id"] for target in targets}.issuperset(actuals):
        wrong("actuals", _("这一条已经不在了，请刷新页面后再试。"), "unknown_entry")
    given = {number: figure(value, "actuals") for number, value in actuals.items()}
    return [{**target, "actual": given.get(target["id"], target["actual"])} for target in targets]


def _with_done(milestones: list[dict[str, Any]], done: Sequence[int], today: dt.date) -> list[dict[str, Any]]:
    if not {milestone["id"] for milestone in milestones}.issuperset(done):
        wrong("done", _("这一条已经不在了，请刷新页面后再试。"), "unknown_entry")
    reached = today.isoformat()
    return [{**one, "done": one["done"] or (reached if one["id"] in done else None)} for one in milestones]


def _feedback(register: Register, given: Mapping[str, str]) -> dict[str, Json]:
    kinds = {one.kind for one in register.closing.feedback}
    if not kinds.issuperset(given):
        wrong("feedback", _("这本台账不要求这种反馈。"), "unknown_feedback")
    return {kind: text(words, "feedback", required=True) for kind, words in given.items()}


@does(Act.ATTACH)
def attach(case: Case, *, evidence: Files = (), note: str = "") -> None:
    """Attach evidence. For heads and officers it counts as work on the matter, for those who look at it it does not."""
    if not add_files(case, evidence):
        wrong("evidence", _("没有新的材料：请选择还没有上传过的文件。"), "required")
    case.tell(note=text(note, "note"))
    if case.post is not None and case.post.role in {Role.HEAD, Role.OFFICER}:
        case.did_work()


@does(Act.DETACH)
def detach(case: Case, *, evidence: Sequence[Evidence] = (), reason: str = "") -> None:
    """Take evidence away; it stays in the record."""
    remove_files(case, evidence)
    case.tell(reason=text(reason, "reason", most=1000))


# Submitting.


def open_children(case: Case) -> list[str]:
    """Return the unmet condition where parts of the matter are still open."""
    numbers = list(case.matter.children.filter(is_open=True).order_by("pk").values_list("number", flat=True)[:6])
    if not numbers:
        return []
    shown = "、".join(numbers[:5]) + ("……" if len(numbers) > 5 else "")
    return [_("请先办结分解出的事项：%(numbers)s。") % {"numbers": shown}]


def _refuse_open_children(case: Case) -> None:
    conditions = open_children(case)
    if conditions:
        raise UnmetError(case.act, conditions)


@does(Act.SUBMIT, ready=_refuse_open_children)
def submit(  # noqa: PLR0913 — the act's data
    case: Case,
    *,
    note: str = "",
    fields: Mapping[str, object] | None = None,
    actuals: Mapping[int, object] | None = None,
    done: Sequence[int] | None = None,
    feedback: Mapping[str, str] | None = None,
    evidence: Files = (),
) -> None:
    """Report the matter as done, to be verified; what closing needs can come with it.

    Where the submitter's post is the one that signs the first steps of the register's chain, those are signed by this;
    the last step never is.
    """
    words = text(note, "note")
    if case.register.closing.note_required and not words:
        wrong("note", _("请写明办理结果。"), "required")
    _figures(case, actuals, done, feedback)
    if fields is not None:
        case.put(fields=cast("Json", case.register.clean({**case.matter.fields, **fields}, stage="editing")))
    add_files(case, evidence)
    conditions = unmet_by(case)
    if conditions:
        raise UnmetError(case.act, conditions)
    case.put(submitted_at=moment(case.at), step=_signed(case), stuck="")
    case.tell(note=words, signed=_signed(case))
    case.did_work()


def unmet_by(case: Case) -> list[str]:
    """Return what closing still needs, one sentence each, as the matter will be after what the act says so far."""
    closing, found = case.register.closing, list[str]()
    have = len(attached_hashes(case)) + len(case.files) if closing.min_evidence else 0
    if have < closing.min_evidence:
        found.append(
            ngettext("还差%(lacking)d份佐证材料。", "还差%(lacking)d份佐证材料。", closing.min_evidence - have)
            % {"lacking": closing.min_evidence - have}
        )
    found += _missing_fields(case)
    given = cast("dict[str, Json]", case.set.get("feedback", case.matter.feedback))
    found += [
        _("请先完成“%(feedback)s”。") % {"feedback": one.words} for one in closing.feedback if one.kind not in given
    ]
    targets = cast("list[dict[str, Any]]", case.set.get("targets", case.matter.targets))
    if closing.targets_need_actuals and any(target["actual"] is None for target in targets):
        found.append(_("请填写每个目标的实际完成数。"))
    return found


def _missing_fields(case: Case) -> list[str]:
    values = cast("dict[str, Json]", case.set.get("fields", case.matter.fields))
    missing = case.register.missing(values, "submitting")
    return [_("请填写“%(field)s”。") % {"field": field.words} for field in missing]


def _signed(case: Case) -> int:
    """Return how many steps of the chain the submission signs."""
    lead = case.place.lead
    if lead is None:
        return 0
    number = 0
    for step in case.register.chain[:-1]:
        if case.post is None or not step.takes(case.post, lead):
            break
        number += 1
    return number
