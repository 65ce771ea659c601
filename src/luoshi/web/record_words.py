"""What the records page says of each act: the record keeps codes, which never change; people read words.

A code that has no words yet is shown as it is: nothing in the record is ever hidden for want of a name.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, Final

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from luoshi.accounts.acts import ACTS as ACCOUNT_ACTS
from luoshi.org.enums import Role

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

    from luoshi.ledger.models import Record

__all__ = ["ACTS", "facts_of", "said_of"]

ACTS: Final[Mapping[str, _StrPromise]] = {
    **ACCOUNT_ACTS,
    "unit.change open": _("设立单位"),
    "unit.change change": _("修改单位"),
    "unit.change move": _("移动单位"),
    "unit.change merge": _("并入别的单位"),
    "unit.change close": _("停用单位"),
    "unit.change reopen": _("重新启用单位"),
    "group.change open": _("新设单位组"),
    "group.change change": _("修改单位组"),
    "group.change close": _("停用单位组"),
    "group.change add": _("单位加入组"),
    "group.change remove": _("单位退出组"),
    "person.change add": _("新增人员"),
    "person.change change": _("修改人员"),
    "person.change import": _("导入人员"),
    "person.change left": _("人员离岗"),
    "person.change returned": _("人员回岗"),
    "post.propose propose": _("提出任职"),
    "post.confirm confirm": _("确认任职"),
    "post.confirm refuse": _("退回任职"),
    "post.end end": _("结束任职"),
    "post.end withdraw": _("撤回任职"),
    "deputy.set set": _("设代理"),
    "deputy.set end": _("结束代理"),
    "org.import": _("导入单位人员"),
    "org.export": _("导出单位人员"),
    "matter.look": _("查看保密事项"),
    "matter.export": _("导出事项"),
    "matter.import": _("导入事项"),
    "register.change": _("启用台账版本"),
    "records.export": _("导出记录"),
    "records.seal": _("封存记录"),
}
"""Act, with what was done where one act covers several things → its words."""

_FACTS: Final[Mapping[str, _StrPromise]] = {
    "address": _("地址"),
    "area": _("包片"),
    "changed": _("改动"),
    "columns": pgettext_lazy("record", "列"),
    "file": _("文件"),
    "page": _("页面"),
    "posts": _("任职"),
    "query": _("条件"),
    "registers": _("保密台账"),
    "role": _("角色"),
    "rows": _("行数"),
    "since": pgettext_lazy("period", "从"),
    "title": _("职务"),
    "until": pgettext_lazy("period", "至"),
    "version": _("版本"),
    "was": _("原为"),
    "why": _("缘由"),
}


def said_of(record: Record) -> str:
    """Return what was done, in the reader's language; the code itself where nobody has named it."""
    what = f"{record.act} {record.data.get('what', '')}".strip()
    return str(ACTS.get(what) or ACTS.get(record.act) or what)


def facts_of(record: Record) -> Iterator[tuple[str, Any]]:
    """Yield what else the record says: name and value, without what is empty or already said by the act's words."""
    for name, value in record.data.items():
        if name == "what" or value in (None, "", [], {}):
            continue
        shown = str(Role(value).label) if name == "role" and value in Role.values else value
        yield str(_FACTS.get(name, name)), shown
