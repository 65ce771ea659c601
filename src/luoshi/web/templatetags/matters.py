"""Cells and names that only pages of matters need."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Mapping
from typing import Any, Final

from django import template
from django.urls import reverse
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import Truncator

from luoshi.web.templatetags import parts
from luoshi.work.columns import Column
from luoshi.work.enums import Act
from luoshi.work.lists import MatterList
from luoshi.work.models import Matter

register = template.Library()


@register.simple_tag
def cell(column: Column, matter: Matter, *, today: dt.date, words: Mapping[str, str]) -> SafeString | str:
    """Show one cell of a list."""
    if column.kind == "register":
        return words.get(matter.register, matter.register)
    if column.kind == "due":
        return parts.day(matter.due, today=today, relative=matter.is_open)
    special = _CELLS.get(column.kind)
    return special(column, matter) if special else str(column.value(matter) or "")


@register.simple_tag
def link(matter: Matter) -> SafeString:
    """Lead to a matter by its title."""
    return format_html('<a href="{}" data-open>{}</a>', reverse("work:matter", args=[matter.pk]), matter.title)


@register.simple_tag
def secret(matter: Matter) -> SafeString:
    """Mark what belongs to a confidential register."""
    words = Matter._meta.get_field("confidential").verbose_name  # noqa: SLF001 — Django's documented name
    return format_html(' <span class="state secret">{}</span>', words) if matter.confidential else mark_safe("")


@register.simple_tag
def act_url(matter: Matter, act: Act) -> str:
    """Return the address of an act."""
    if act is Act.SPLIT:
        return reverse("work:split", args=[matter.pk])
    return reverse("work:act", args=[matter.pk, act.value])


@register.simple_tag
def figure(target: Mapping[str, Any]) -> str:
    """Write a target's figure with its sign and unit."""
    sign = {">=": "≥", "<=": "≤"}.get(target["op"], target["op"])
    return f"{sign} {target['value']}{target['unit']}"


@register.simple_tag
def sort_query(listed: MatterList, column: Column) -> SafeString:
    """Return the query string of the same list sorted by a column."""
    return mark_safe(escape(listed.sort_query(column)))  # noqa: S308 — escaped here


@register.filter
def get(mapping: Mapping[str, Any], key: str) -> Any:
    """Return what a mapping holds under a key."""
    return mapping.get(key, "")


@register.filter
def plainly(value: Any) -> str:
    """Write a value of a record as people read it, cut where it is long."""
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return Truncator(text).chars(160)


_CELLS: Final[Mapping[str, Callable[[Column, Matter], SafeString | str]]] = {
    "light": lambda _column, row: parts.light(getattr(row, "light", "none")),
    "number": lambda _column, row: format_html('<span class="nowrap">{}</span>{}', row.number, secret(row)),
    "title": lambda _column, row: link(row),
    "state": lambda _column, row: parts.state(row.state),
    "nowrap": lambda column, row: format_html('<span class="nowrap">{}</span>', column.value(row) or ""),
    "day": lambda column, row: parts.day(getattr(row, column.name)),
    "moment": lambda column, row: parts.moment(getattr(row, column.name)),
    "percent": lambda _column, row: parts.progress(row.progress),
    "long": lambda column, row: Truncator(str(column.value(row) or "")).chars(80),
}
"""Kind of column → how its cell looks, where it is not plain text."""
