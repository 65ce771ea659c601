"""What happened to a document under review: edits in words, and everything that changed since a version.

The words name rows by their titles and say nothing of matters, which not every reader of a document may see.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from luoshi.directives.enums import ClauseState, ReviewAct, Why
from luoshi.directives.models import Clause, Directive, Edit
from luoshi.directives.values import NAMES
from luoshi.org.told import listed

__all__ = ["Changes", "line", "name_words", "sentence", "since"]

Data = Mapping[str, Any]

_NAMES: Final[Mapping[str, Callable[[], str]]] = {
    "title": lambda: _("事项名称"),
    "requirement": lambda: _("工作要求"),
    "lead": lambda: _("牵头单位"),
    "support": lambda: _("配合单位"),
    "due": lambda: _("完成时限"),
    "cadence": lambda: pgettext("clause", "周期"),
    "targets": lambda: _("目标"),
    "milestones": lambda: _("节点"),
    "fields": lambda: _("台账字段"),
}


@dataclass(frozen=True, slots=True)
class Changes:
    """What a page that stands at an older version must bring up to date.

    `clauses` are the rows that changed or came, `gone` the uids of those that were taken away, `labels` the sentences
    whose kind changed with what a person says of them now (None: as drafted), `columns` the names of the document's own
    columns that changed; `edits` say who did what, the oldest first.
    """

    version: int
    clauses: Sequence[Clause] = ()
    gone: frozenset[str] = frozenset()
    labels: Mapping[int, str | None] | None = None
    columns: frozenset[str] = frozenset()
    edits: Sequence[Edit] = ()


def since(directive: Directive, version: int) -> Changes:
    """Return what changed behind `version` of a document that was just fetched; two queries, none where nothing did."""
    if directive.version <= version:
        return Changes(directive.version, labels={})
    edits = list(directive.edits.filter(seq__gt=version).order_by("seq"))
    clauses = list(directive.clauses.filter(version__gt=version).order_by("start", "number"))
    there = {str(clause.uid) for clause in clauses}
    touched = {entry["uid"] for edit in edits for entry in edit.data.get("clauses", ())}
    labels = {int(index) for edit in edits for index in edit.data.get("labels", {})}
    return Changes(
        version=max((edit.seq for edit in edits), default=directive.version),
        clauses=clauses,
        gone=frozenset(touched - there),
        labels={index: directive.labels.get(str(index)) for index in sorted(labels)},
        columns=frozenset(name for edit in edits for name in edit.data.get("directive", {})),
        edits=edits,
    )


# In words.


def line(edit: Edit) -> str:
    """Return who did what and when, in one sentence."""
    return _("%(when)s，%(name)s%(what)s。") % {
        "when": date_format(timezone.localtime(edit.at), "Y-m-d H:i"),
        "name": edit.actor_name,
        "what": sentence(edit),
    }


def sentence(edit: Edit) -> str:
    """Return what was done, to stand behind the name of who did it: 合并了3条."""
    return _SAYINGS[ReviewAct(edit.act)](edit.data)


def name_words(name: str) -> str:
    """Return the name of a value of a row as people call it; words that no unit matched go by the unit's."""
    return _NAMES[name.removesuffix("_text")]()


def _rows(data: Data) -> str:
    """Return the rows that an edit touched: one by its title, several by their number."""
    entries = data.get("clauses", ())
    if len(entries) == 1:
        return _("“%(title)s”") % {"title": entries[0].get("title") or _("（无标题）")}
    return ngettext("%(count)d条", "%(count)d条", len(entries)) % {"count": len(entries)}


def _edited(data: Data) -> str:
    names: dict[str, None] = {}
    for entry in data.get("clauses", ()):
        was, new = ((entry[side] or {}).get("values", {}) for side in ("was", "set"))
        names.update(dict.fromkeys(name_words(name) for name in NAMES if name in new and new[name] != was.get(name)))
    if not names:
        return _("确定了%(rows)s的内容") % {"rows": _rows(data)}
    return _("修改了%(rows)s的%(names)s") % {"rows": _rows(data), "names": listed(names)}


def _split(data: Data) -> str:
    old = [entry for entry in data.get("clauses", ()) if entry["was"] is not None]
    return _("拆分了%(rows)s") % {"rows": _rows({"clauses": old})}


def _dropped(data: Data) -> str:
    why = next((entry["set"].get("why", "") for entry in data.get("clauses", ()) if entry["set"]), "")
    reason = Why(why).label if why in Why.values else why
    return _("把%(rows)s定为不立项（%(why)s）") % {"rows": _rows(data), "why": reason}


def _labelled(data: Data) -> str:
    count = len(data.get("labels", {}))
    return ngettext("改了%(count)d句的类别", "改了%(count)d句的类别", count) % {"count": count}


def _confirmed(data: Data) -> str:
    if not data.get("clauses") and data.get("notices"):
        count = len(data["notices"])
        return ngettext("补发了%(count)d份交办通知", "补发了%(count)d份交办通知", count) % {"count": count}
    opened = [e for e in data.get("clauses", ()) if (e["set"] or {}).get("state") == ClauseState.CONFIRMED]
    return _("确认立项%(rows)s") % {"rows": _rows({"clauses": opened})}


def _adopted(data: Data) -> str:
    if data.get("clauses"):
        return _("处理了新版文件中%(rows)s的改动") % {"rows": _rows(data)}
    was, new = data.get("directive", {}).get("gone", ({}, {}))
    count = len(new.keys() - was.keys())
    return ngettext("决定了新版不再要求的%(count)d条", "决定了新版不再要求的%(count)d条", count) % {"count": count}


def _undone(data: Data) -> str:
    act = data.get("said", "")
    label = ReviewAct(act).label if act in ReviewAct.values else ""
    return _("撤销了“%(act)s”，涉及%(rows)s") % {"act": label, "rows": _rows(data)} if label else _("撤销了一步")


def _withdrawn(data: Data) -> str:
    if not data.get("said"):
        return _("撤回了这份文件")
    return _("撤回了这份文件，理由是“%(words)s”") % {"words": data["said"]}


_SAYINGS: Final[Mapping[ReviewAct, Callable[[Data], str]]] = {
    ReviewAct.DESCRIBE: lambda _data: _("修改了文件信息"),
    ReviewAct.REREAD: lambda _data: _("重新读取了文件"),
    ReviewAct.EDIT: _edited,
    ReviewAct.CHECK: lambda data: _("核对了%(rows)s") % {"rows": _rows(data)},
    ReviewAct.UNCHECK: lambda data: _("取消了%(rows)s的核对") % {"rows": _rows(data)},
    ReviewAct.MOVE: lambda data: _("调整了%(rows)s的句子") % {"rows": _rows(data)},
    ReviewAct.MERGE: lambda data: _("合并了%(rows)s") % {"rows": _rows(data)},
    ReviewAct.SPLIT: _split,
    ReviewAct.DROP: _dropped,
    ReviewAct.RESTORE: lambda data: _("恢复了%(rows)s") % {"rows": _rows(data)},
    ReviewAct.MAKE: lambda data: _("用句子立了%(rows)s") % {"rows": _rows(_new(data))},
    ReviewAct.LABEL: _labelled,
    ReviewAct.JOIN: lambda data: _("把%(rows)s并入在办事项") % {"rows": _rows(data)},
    ReviewAct.CONFIRM: _confirmed,
    ReviewAct.ADOPT: _adopted,
    ReviewAct.WITHDRAW: _withdrawn,
    ReviewAct.UNDO: _undone,
}


def _new(data: Data) -> Data:
    return {"clauses": [entry for entry in data.get("clauses", ()) if entry["was"] is None]}
