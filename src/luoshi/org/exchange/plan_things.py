"""What the sheets of units, groups and people would change."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from luoshi.org.actions.groups import LONGEST_NAME as LONGEST_GROUP_NAME
from luoshi.org.actions.people import LONGEST_NAME as LONGEST_PERSON_NAME
from luoshi.org.actions.people import LONGEST_PHONE
from luoshi.org.actions.units import LONGEST_DUTIES, LONGEST_NAME
from luoshi.org.exchange.cells import Cells
from luoshi.org.exchange.draft import Draft
from luoshi.org.exchange.reading import Row, Table
from luoshi.org.exchange.standing import Known
from luoshi.org.rules import MAX_DEPTH, clean_code, clean_line, clean_short_names, clean_text

__all__ = ["plan_groups", "plan_people", "plan_units"]


@dataclass(slots=True)
class _UnitRow:
    table: Table
    row: Row
    cells: Cells
    code: str
    values: dict[str, Any]


def plan_units(draft: Draft, tables: Sequence[Table]) -> None:
    """Plan units: every row first, then who belongs under whom, for a superior may stand further down."""
    rows: dict[str, _UnitRow] = {}
    for table in tables:
        for row in table.rows:
            read = _unit(draft, table, row)
            if read is None:
                continue
            key = read.code.casefold()
            if key in rows:
                _refuse_twice(read.cells, "code", read.code, rows[key].row)
                continue
            rows[key] = read
    for key, read in rows.items():
        standing = draft.standing.units.get(key)
        draft.standing.units[key] = standing or Known(None, read.values.get("name") or "", None, read.code)
    parents = {**draft.standing.parents, **{key: _parent(draft, read, key) for key, read in rows.items()}}
    _refuse_cycles(rows, parents)
    for key, read in rows.items():
        if read.cells.ok:
            _change_unit(draft, key, read, parents[key])


def _refuse_twice(cells: Cells, key: str, value: str, first: Row) -> None:
    cells.refuse(key, _("“%(value)s”与第%(row)d行重复，请只留一行。") % {"value": value, "row": first.number})


def _unit(draft: Draft, table: Table, row: Row) -> _UnitRow | None:
    cells = Cells(draft, table, row)
    code = cells.read("code", clean_code, what=gettext_lazy("单位代码"))
    values: dict[str, Any] = {
        "name": cells.read("name", clean_line, what=gettext_lazy("单位全称"), longest=LONGEST_NAME)
    }
    values["kind"] = cells.choice("kind")
    if cells.has("short_names"):
        values["short_names"] = cells.read("short_names", clean_short_names)
    if cells.has("stage"):
        values["stage"] = cells.choice("stage")
    if cells.has("duties"):
        values["duties"] = cells.read("duties", clean_text, what=gettext_lazy("职责"), longest=LONGEST_DUTIES)
    values["opened_on"] = cells.day("opened_on")
    if values["opened_on"] is not None and values["opened_on"] > draft.on:
        cells.refuse("opened_on", _("启用日期还没有到，请到那一天再导入，或改正日期。"))
    return None if code is None else _UnitRow(table, row, cells, code, values)


def _parent(draft: Draft, read: _UnitRow, key: str) -> str:
    """Return the key of the superior, "" for the top; what cannot be found is a problem."""
    if not read.cells.has("parent"):
        return draft.standing.parents.get(key, "")
    if not read.cells.raw("parent"):
        return ""
    code = read.cells.read("parent", clean_code, what=gettext_lazy("上级代码"))
    if code is None:
        return ""
    known = draft.standing.units.get(code.casefold())
    if known is None:
        read.cells.refuse("parent", _("没有代码为%(code)s的单位，请改正，或在“单位”表里加上它。") % {"code": code})
        return ""
    if known.closed is not None:
        read.cells.refuse("parent", _("上级“%(name)s”已停用，请改用在用的单位。") % {"name": known.name})
        return ""
    return str(code).casefold()


def _refuse_cycles(rows: dict[str, _UnitRow], parents: dict[str, str]) -> None:
    """Refuse units that would stand below themselves, and a tree that is too deep."""
    depths: dict[str, int] = {"": 0}
    for key, read in rows.items():
        trail: list[str] = []
        place = key
        while place not in depths and place not in trail:
            trail.append(place)
            place = parents.get(place, "")
        if place in depths:
            for step in reversed(trail):
                depths[step] = depths[parents.get(step, "")] + 1
        elif key in trail[trail.index(place) :]:
            names = " → ".join(rows[k].code if k in rows else k for k in [*trail, key])
            read.cells.refuse("parent", _("上级绕成了圈：%(names)s。请改正其中一个上级。") % {"names": names[:200]})
        else:
            read.cells.ok = False  # below a circle: the circle's own rows say so
        if depths.get(key, 0) > MAX_DEPTH:
            read.cells.refuse("parent", _("单位最多%(most)d级，请放到更高一级的单位下。") % {"most": MAX_DEPTH})


def _change_unit(draft: Draft, key: str, read: _UnitRow, parent: str) -> None:
    unit = draft.standing.unit_rows.get(key)
    values = dict(read.values)
    values["parent"] = draft.standing.units[parent].code if parent else ""
    name = values["name"]
    if unit is None:
        draft.change(read.table, read.row, (read.code,), name, values)
        return
    if unit.closed_on is not None:
        read.cells.refuse(
            "code", _("“%(name)s”已停用，代码不能再用。请先在页面上重新启用，或换一个代码。") % {"name": unit.name}
        )
        return
    opened = values.pop("opened_on")
    if opened is not None and opened != unit.opened_on:
        message = _("启用日期与系统里的（%(day)s）不同，导入不能改它，请改回或留空。")
        read.cells.refuse("opened_on", message % {"day": unit.opened_on or _("未填")})
        return
    above = draft.standing.parents[key]
    was = {field: getattr(unit, field) for field in values if field != "parent"}
    was["parent"] = draft.standing.units[above].code if above else ""
    draft.change(read.table, read.row, (unit.code,), name, values, was=was, target=unit.pk)


def plan_people(draft: Draft, tables: Sequence[Table]) -> None:
    """Plan people: known by their staff number, which never changes."""
    seen: dict[str, Row] = {}
    for table in tables:
        for row in table.rows:
            cells = Cells(draft, table, row)
            number = cells.read("staff_no", clean_code, what=gettext_lazy("工号"))
            values = {"name": cells.read("name", clean_line, what=gettext_lazy("姓名"), longest=LONGEST_PERSON_NAME)}
            if cells.has("phone"):
                values["phone"] = cells.read(
                    "phone", clean_line, what=gettext_lazy("办公电话"), longest=LONGEST_PHONE, needed=False
                )
            if number is None:
                continue
            key = number.casefold()
            if key in seen:
                _refuse_twice(cells, "staff_no", number, seen[key])
                continue
            seen[key] = row
            _change_person(draft, table, row, cells, number, values)


def _change_person(  # noqa: PLR0913, PLR0917 — one row and what was read of it
    draft: Draft, table: Table, row: Row, cells: Cells, number: str, values: dict[str, Any]
) -> None:
    key = number.casefold()
    person = draft.standing.person_rows.get(key)
    if person is None:
        draft.standing.people[key] = Known(None, values["name"] or "", None, number)
    elif person.left_on is not None:
        cells.refuse("staff_no", _("%(name)s已离岗，请先在页面上办理返岗，或删去这一行。") % {"name": person.name})
    if not cells.ok:
        return
    if person is None:
        draft.change(table, row, (number,), values["name"], values)
    else:
        was = {field: getattr(person, field) for field in values}
        draft.change(table, row, (person.staff_no,), values["name"], values, was=was, target=person.pk)


def plan_groups(draft: Draft, tables: Sequence[Table]) -> None:
    """Plan groups: a row for each member; rows of one group name it alike. Members not in the file stay members."""
    first: dict[str, tuple[Row, dict[str, Any]]] = {}
    members: dict[tuple[str, str], Row] = {}
    for table in tables:
        for row in table.rows:
            cells = Cells(draft, table, row)
            code = cells.read("code", clean_code, what=gettext_lazy("组代码"))
            values: dict[str, Any] = {
                "name": cells.read("name", clean_line, what=gettext_lazy("组名称"), longest=LONGEST_GROUP_NAME),
                "kind": cells.choice("kind"),
            }
            if code is None:
                continue
            key = code.casefold()
            if key not in first:
                first[key] = row, values
                before = len(draft.plan.changes), draft.plan.unchanged[table.form.kind]
                _change_group(draft, table, row, cells, code, values)
                draft.plan.unchanged[table.form.kind] = before[1]  # the row is counted once, with its member
                is_new_row = len(draft.plan.changes) > before[0]
            else:
                is_new_row = False
                if first[key][1] != values:
                    message = _("同一组的名称和类别要与第%(row)d行一致，请改正。")
                    cells.refuse("name", message % {"row": first[key][0].number})
            _member(draft, table, row, cells, key, members, counted=is_new_row)


def _change_group(  # noqa: PLR0913, PLR0917 — one row and what was read of it
    draft: Draft, table: Table, row: Row, cells: Cells, code: str, values: dict[str, Any]
) -> None:
    group = draft.standing.group_rows.get(code.casefold())
    if group is None:
        draft.standing.groups[code.casefold()] = Known(None, values["name"] or "", None, code)
    elif group.closed_on is not None:
        cells.refuse("code", _("组“%(name)s”已停用，代码不能再用，请换一个代码。") % {"name": group.name})
    if not cells.ok:
        return
    if group is None:
        draft.change(table, row, (code,), values["name"], values)
    else:
        was = {"name": group.name, "kind": group.kind}
        draft.change(table, row, (group.code,), values["name"], values, was=was, target=group.pk)


def _member(  # noqa: PLR0913, PLR0917 — one row and what was read of it
    draft: Draft,
    table: Table,
    row: Row,
    cells: Cells,
    group: str,
    seen: dict[tuple[str, str], Row],
    *,
    counted: bool,
) -> None:
    since = cells.day("since")
    code = cells.read("unit", clean_code, what=gettext_lazy("单位代码")) if cells.raw("unit") else ""
    if not code:
        if cells.ok and not counted:
            draft.plan.unchanged[table.form.kind] += 1
        return
    unit = draft.standing.units.get(code.casefold())
    if unit is None or unit.closed is not None:
        cells.refuse("unit", _("没有代码为%(code)s的在用单位，请改正，或在“单位”表里加上它。") % {"code": code})
        return
    if (group, code.casefold()) in seen:
        _refuse_twice(cells, "unit", code, seen[group, code.casefold()])
        return
    seen[group, code.casefold()] = row
    known = draft.standing.groups.get(group)
    standing = None if known is None or known.id is None else draft.standing.members.get((known.id, unit.id or 0))
    if standing is not None and since is not None and since != standing:
        message = _("“%(name)s”已从%(day)s起在组里，导入不能改这个日期，请改回或留空。")
        cells.refuse("since", message % {"name": unit.name, "day": standing.isoformat()})
    if not cells.ok or known is None:
        return
    if standing is None:
        values = {"unit": unit.code, "since": since or draft.on}
        draft.change(table, row, (known.code, unit.code), f"{known.name} · {unit.name}", values)
    elif not counted:
        draft.plan.unchanged[table.form.kind] += 1
