"""What the sheet of posts would change.

A post is found again by person, unit and role. What a confirmed post entitles to is not changed by an import: that
would go past the security's administrator. Its title may change, and it may end earlier.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from luoshi.org.actions.posts import LONGEST_TITLE, NEEDS_AREA, TAKES_AREA
from luoshi.org.enums import Role
from luoshi.org.exchange.cells import Cells
from luoshi.org.exchange.draft import Draft
from luoshi.org.exchange.reading import Row, Table
from luoshi.org.exchange.standing import Known
from luoshi.org.models import Post
from luoshi.org.rules import Tenure, check_period, clashing, clean_code, clean_line, clean_registers, refuse_clash

__all__ = ["plan_posts"]

_Times = defaultdict[str, list[Tenure]]


def plan_posts(draft: Draft, tables: Sequence[Table]) -> None:
    """Plan posts, and refuse whatever would make an administrator anything else besides."""
    if not tables:
        return
    planner = _Posts(draft)
    for table in tables:
        for row in table.rows:
            planner.row(table, row)


class _Posts:
    """Goes through the rows with what it has already seen."""

    def __init__(self, draft: Draft) -> None:
        self._draft = draft
        by_id = draft.standing.tenures()
        self._times: _Times = defaultdict(list)
        for key, person in draft.standing.people.items():
            if person.id is not None and person.id in by_id:
                self._times[key] += by_id[person.id]
        self._seen: dict[tuple[str, str, str], tuple[Row, list[Tenure]]] = {}

    def row(self, table: Table, row: Row) -> None:
        """Plan one row."""
        cells = Cells(self._draft, table, row)
        person = self._known(cells, "staff_no", self._draft.standing.people, gettext_lazy("工号"))
        unit = self._known(cells, "unit", self._draft.standing.units, gettext_lazy("单位代码"))
        role = cells.choice("role")
        values = self._values(cells)
        if person is None or unit is None or not role or not cells.ok:
            return
        values["area"] = self._area(cells, Role(role))
        standing = self._standing(cells, person, unit, role, values)
        since = values["since"] or (standing.since if standing else self._draft.on)
        self._check(cells, person, unit, Tenure(Role(role), since, values["until"]), standing=standing)
        if not cells.ok:
            return
        name = f"{person.name} · {unit.name} · {Role(role).label}"
        key = (person.code, unit.code, role)
        if standing is None:
            values["since"] = since
            self._draft.change(table, row, key, name, {**values, "role": role})
        else:
            self._change(table, row, cells, key, name, values, standing)

    def _known(self, cells: Cells, column: str, among: dict[str, Known], what: str | Promise) -> Known | None:
        code = cells.read(column, clean_code, what=what)
        if code is None:
            return None
        known = among.get(code.casefold())
        if known is None:
            sheet = {"staff_no": _("人员"), "unit": _("单位"), "area": _("单位组")}[column]
            message = _("没有%(what)s为%(code)s的记录，请改正，或在“%(sheet)s”表里加上它。")
            cells.refuse(column, message % {"what": what, "code": code, "sheet": sheet})
            return None
        if known.closed is not None:
            message = _("“%(name)s”已停用或已离岗，请改用在用的，或删去这一行。")
            cells.refuse(column, message % {"name": known.name})
            return None
        return known

    def _values(self, cells: Cells) -> dict[str, Any]:
        title = cells.read("title", clean_line, what=gettext_lazy("职务"), longest=LONGEST_TITLE, needed=False)
        registers = cells.read("registers", clean_registers)
        return {"title": title, "registers": registers, "since": cells.day("since"), "until": cells.day("until")}

    def _area(self, cells: Cells, role: Role) -> str:
        if not cells.raw("area"):
            if role in NEEDS_AREA and cells.has("area"):
                cells.refuse("area", _("%(role)s要有包片或责任区才看得到事项，请填上。") % {"role": role.label})
            elif role in NEEDS_AREA:
                cells.refuse("role", _("%(role)s要有包片或责任区，请加上“包片代码”一列。") % {"role": role.label})
            return ""
        group = self._known(cells, "area", self._draft.standing.groups, gettext_lazy("包片代码"))
        if role not in TAKES_AREA:
            cells.refuse("area", _("只有局领导和督学按包片范围行使权限，%(role)s请不要填包片。") % {"role": role.label})
        return "" if group is None else group.code

    def _standing(self, cells: Cells, person: Known, unit: Known, role: str, values: dict[str, Any]) -> Post | None:
        """Return the post that this row means: the one that its time meets."""
        posts = self._draft.standing.posts.get((person.id or 0, unit.id or 0, role), [])
        since: dt.date = values["since"] or (posts[0].since if posts else self._draft.on)
        if values["until"] is not None and values["until"] < since:
            self._try(cells, "until", lambda: check_period(since, values["until"]))
            return None
        tenure = Tenure(Role(role), since, values["until"])
        return next((post for post in posts if tenure.meets(_tenure(post))), None)

    def _check(self, cells: Cells, person: Known, unit: Known, tenure: Tenure, *, standing: Post | None) -> None:
        key = (person.code.casefold(), unit.code.casefold(), tenure.role.value)
        first = self._seen.get(key)
        if first is not None and any(tenure.meets(other) for other in first[1]):
            message = _("与第%(row)d行是同一个人在同一单位的同一角色，时间重叠，请只留一行或改日期。")
            cells.refuse("role", message % {"row": first[0].number})
            return
        self._seen[key] = (first[0] if first else cells.row, [*(first[1] if first else ()), tenure])
        times = self._times[person.code.casefold()]
        if standing is not None:
            return
        if clashing([*times, tenure]) is not None:
            self._try(cells, "role", lambda: refuse_clash(person.name, [*times, tenure]))
        elif cells.ok:
            times.append(tenure)

    def _try(self, cells: Cells, key: str, check: Any) -> None:
        try:
            check()
        except ValidationError as refused:
            cells.refuse(key, " ".join(refused.messages))

    def _change(  # noqa: PLR0913, PLR0917 — one row and what was read of it
        self,
        table: Table,
        row: Row,
        cells: Cells,
        key: tuple[str, ...],
        name: str,
        values: dict[str, Any],
        post: Post,
    ) -> None:
        was = {
            "title": post.title,
            "registers": list(post.registers),
            "since": post.since,
            "until": post.until,
            "area": post.area.code if post.area else "",
        }
        values = {k: value for k, value in values.items() if cells.has(k) and not (k == "since" and value is None)}
        if post.confirmed_at is not None:
            for column in ("registers", "area", "since"):
                if column in values and values[column] != was[column]:
                    message = _("这个任职已经生效，导入不能改这一项。请在页面上结束它，再提一个新的任职。")
                    cells.refuse(column, message)
            later = was["until"] is not None and (values.get("until") is None or values["until"] > was["until"])
            if "until" in values and later:
                message = _("这个任职到%(day)s为止，不能延长，请另提一个新的任职。")
                cells.refuse("until", message % {"day": post.until})
        if cells.ok:
            self._draft.change(table, row, key, name, values, was=was, target=post.pk)


def _tenure(post: Post) -> Tenure:
    return Tenure(Role(post.role), post.since, post.until)
