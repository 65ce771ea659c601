"""What an event says to people: one sentence for each act, in the reader's language."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from luoshi.org.told import language_now, listed
from luoshi.work.enums import Act, Grade
from luoshi.work.models import Event

__all__ = ["line", "sentence"]

Data = dict[str, Any]
Saying = Callable[[Data], str]


def sentence(event: Event) -> str:
    """Return what was done, without who did it: the timeline shows that beside. Words that people wrote are quoted."""
    said = _SAYINGS[Act(event.act)](event.data)
    return said + _quoted(event.data)


def line(event: Event) -> str:
    """Return who did what and when, in one sentence."""
    post = _("（%(post)s）") % {"post": event.actor_post} if event.actor_post else ""
    name = (
        _("%(name)s（代%(holder)s）") % {"name": event.actor_name, "holder": event.deputy_for}
        if (event.deputy_for)
        else event.actor_name
    )
    return _("%(when)s，%(name)s%(post)s：%(what)s") % {
        "when": date_format(timezone.localtime(event.at), "Y-m-d H:i"),
        "name": name,
        "post": post,
        "what": sentence(event),
    }


def _quoted(data: Data) -> str:
    words = next((data[key] for key in ("note", "reason", "why") if data.get(key)), "")
    return _("“%(words)s”") % {"words": words} if words else ""


def _set(data: Data) -> Data:
    found: Data = data.get("set", {})
    return found


def _stop(parts: list[str]) -> str:
    return _("%(clauses)s。") % {"clauses": listed(parts, "，")}


def _name(ref: Data | None) -> str:
    return "" if ref is None else str(ref.get("name", ""))


def _opened(data: Data) -> str:
    new = _set(data)
    return _("立项，编号%(number)s，“%(title)s”。") % {"number": new.get("number", ""), "title": new.get("title", "")}


_COLUMNS: Final[dict[str, Callable[[], str]]] = {
    "title": lambda: _("事项名称"),
    "requirement": lambda: _("工作要求"),
    "fields": lambda: _("台账字段"),
    "milestones": lambda: _("节点"),
    "targets": lambda: _("目标"),
}


def _edited(data: Data) -> str:
    new, old = _set(data), data.get("was", {})
    parts = [_("修改%(what)s") % {"what": words()} for column, words in _COLUMNS.items() if column in new]
    if "due" in new:
        parts.append(_due_moved(old.get("due"), new["due"]))
    return _stop(parts)


def _due_moved(before: str | None, after: str | None) -> str:
    if before is None:
        return _("完成时限%(day)s") % {"day": after}
    return _("完成时限由%(before)s改为%(after)s") % {"before": before, "after": after}


def _assigned(data: Data) -> str:
    new, old = _set(data), data.get("was", {})
    parts = [_("交办给%(unit)s") % {"unit": _name(new["lead"])} if new.get("lead") else pgettext("event", "交办")]
    if new.get("handler"):
        parts.append(_("经办人%(person)s") % {"person": _name(new["handler"])})
    if new.get("support"):
        parts.append(_("配合单位%(units)s") % {"units": listed(map(_name, new["support"]))})
    if "due" in new:
        parts.append(_due_moved(old.get("due"), new["due"]))
    elif "first_due" in new:
        parts.append(_("完成时限%(day)s") % {"day": new["first_due"]})
    return _stop(parts)


def _accepted(data: Data) -> str:
    handler = _set(data).get("handler")
    return _("签收，经办人%(person)s。") % {"person": _name(handler)} if handler else pgettext("event", "签收。")


def _handed_over(data: Data) -> str:
    return _("经办人由%(before)s改为%(after)s。") % {
        "before": _name(data.get("was", {}).get("handler")) or _("（未定）"),
        "after": _name(_set(data).get("handler")),
    }


def _split(data: Data) -> str:
    return _("分解出%(number)s“%(title)s”。") % {"number": data["child"]["number"], "title": data["child"]["title"]}


def _reported(data: Data) -> str:
    new = _set(data)
    parts = [pgettext("event", "反馈进展")]
    if "progress" in new:
        parts.append(_("进度%(percent)d%%") % {"percent": new["progress"]})
    if "milestones" in new:
        parts.append(pgettext("event", "更新节点"))
    if "targets" in new:
        parts.append(pgettext("event", "更新目标完成数"))
    if "feedback" in new:
        parts.append(pgettext("event", "记录反馈情况"))
    parts += _files(data)
    if data.get("stuck"):
        parts.append(_("卡点：%(words)s") % {"words": data["stuck"]})
    return _stop(parts)


def _files(data: Data) -> list[str]:
    names = [file["name"] for file in data.get("files", ())]
    if not names:
        return []
    return [
        ngettext("附材料%(names)s", "附%(count)d份材料：%(names)s", len(names))
        % {"count": len(names), "names": listed(names)}
    ]


def _attached(data: Data) -> str:
    return _stop([pgettext("event", "上传佐证"), *_files(data)])


def _detached(data: Data) -> str:
    return _("撤下佐证%(names)s。") % {"names": listed(data.get("names", ()))}


def _submitted(data: Data) -> str:
    parts = [pgettext("event", "报结"), *_files(data)]
    if data.get("signed"):
        parts.append(_("并以本岗位完成前%(count)d个核查环节") % {"count": data["signed"]})
    return _stop(parts)


def _verified(data: Data) -> str:
    step = data.get("step") or {"n": 0, "of": 1}  # an imported history may not know which step it was
    words = step.get(language_now(), Act.VERIFY.label)
    parts = [_("“%(step)s”通过（%(n)d/%(of)d）") % {"step": words, "n": step["n"], "of": step["of"]}]
    if data.get("in_place"):
        parts.append(_("因无人可办，由督办员代为核查"))
    grade = _set(data).get("grade")
    if grade:
        parts.append(_("评为%(grade)s") % {"grade": Grade(grade).label})
    if step["n"] == step["of"]:
        parts.append(pgettext("event", "销号"))
    return _stop(parts)


def _requested(data: Data) -> str:
    return _("申请延期到%(day)s。") % {"day": data["to"]}


def _granted(data: Data) -> str:
    return _stop([pgettext("event", "同意延期"), _due_moved(data.get("was", {}).get("due"), _set(data).get("due"))])


def _escalated(data: Data) -> str:
    return _("提级至%(unit)s。") % {"unit": _name(_set(data).get("escalated_to"))}


def _with_due(words: Callable[[], str]) -> Saying:
    def say(data: Data) -> str:
        new = _set(data)
        moved = [_due_moved(data.get("was", {}).get("due"), new["due"])] if "due" in new else []
        return _stop([words(), *moved])

    return say


_SAYINGS: Final[dict[Act, Saying]] = {
    Act.OPEN: _opened,
    Act.EDIT: _edited,
    Act.PLAN: _edited,
    Act.ASSIGN: _assigned,
    Act.ACCEPT: _accepted,
    Act.DECLINE: _with_due(lambda: pgettext("event", "退回交办")),
    Act.HAND_OVER: _handed_over,
    Act.SPLIT: _split,
    Act.REPORT: _reported,
    Act.ATTACH: _attached,
    Act.DETACH: _detached,
    Act.SUBMIT: _submitted,
    Act.VERIFY: _verified,
    Act.RETURN: _with_due(lambda: pgettext("event", "退回继续办理")),
    Act.REOPEN: _with_due(lambda: pgettext("event", "重开")),
    Act.SUSPEND: _with_due(lambda: pgettext("event", "中止办理")),
    Act.RESUME: _with_due(lambda: pgettext("event", "恢复办理")),
    Act.CANCEL: _with_due(lambda: pgettext("event", "撤销")),
    Act.REQUEST_EXTENSION: _requested,
    Act.GRANT_EXTENSION: _granted,
    Act.REFUSE_EXTENSION: _with_due(lambda: pgettext("event", "不同意延期")),
    Act.URGE: _with_due(lambda: pgettext("event", "催办")),
    Act.ESCALATE: _escalated,
    Act.INSTRUCT: _with_due(lambda: pgettext("event", "批示")),
    Act.COMMENT: _with_due(lambda: pgettext("event", "留言")),
}
