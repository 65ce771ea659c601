"""Goes through the sheets of a file in the order in which they need one another; nothing is touched here."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.utils import timezone
from django.utils.translation import gettext as _

from luoshi.org.exchange.columns import Form, Kind
from luoshi.org.exchange.draft import Draft, Plan
from luoshi.org.exchange.plan_posts import plan_posts
from luoshi.org.exchange.plan_things import plan_groups, plan_people, plan_units
from luoshi.org.exchange.reading import Table
from luoshi.org.told import language_now, listed

__all__ = ["plan_tables"]


def plan_tables(tables: Sequence[Table], *, on: dt.date | None = None) -> Plan:
    """Return what importing these sheets on a day (today unless told) would change, with every problem in them."""
    draft = Draft(on or timezone.localdate())
    by_kind: dict[Kind, list[Table]] = {kind: [] for kind in Kind}
    for table in tables:
        by_kind[table.form.kind].append(table)
        draft.plan.sheets.append(table.name)
        _whole(draft, table)
    steps = {
        Kind.UNITS: plan_units,
        Kind.GROUPS: plan_groups,
        Kind.PEOPLE: plan_people,
        Kind.POSTS: plan_posts,
    }
    for kind, step in steps.items():
        step(draft, [table for table in by_kind[kind] if not table.missing and not table.twice])
    order = {name: place for place, name in enumerate(draft.plan.sheets)}
    draft.plan.problems.sort(key=lambda problem: (order[problem.sheet], problem.row))
    return draft.plan


def _whole(draft: Draft, table: Table) -> None:
    """Note what is wrong with a sheet as a whole, and with merged rows."""
    form: Form = table.form
    if table.missing:
        heads = listed(form.column(key).head.in_(language_now()) for key in table.missing)
        message = _("缺少列：%(heads)s。请补上这些列的表头（可下载模板对照）。") % {"heads": heads}
        draft.problem(table, None, "", message)
    if table.twice:
        message = _("表头重复：%(heads)s。请每个表头只留一列。") % {"heads": listed(table.twice)}
        draft.problem(table, None, "", message)
    for row in table.rows:
        if row.merged:
            draft.problem(table, row, "", _("这一行有合并单元格，请取消合并，并把每一行都填上。"))
