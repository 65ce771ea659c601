"""Cells and names that only pages of matters need."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from django import template
from django.urls import reverse
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import Truncator

from luoshi.org.enums import told_role
from luoshi.web.rows import rows_of, secret_mark
from luoshi.work.columns import Column
from luoshi.work.enums import Act
from luoshi.work.lists import MatterList
from luoshi.work.models import Matter

register = template.Library()


@register.simple_tag
def list_rows(listed: MatterList, matters: Iterable[Matter], *, words: Mapping[str, str]) -> SafeString:
    """Write the rows of a list."""
    return rows_of(matters, listed.columns, today=listed.today, words=words)


@register.simple_tag
def link(matter: Matter) -> SafeString:
    """Lead to a matter by its title."""
    return format_html('<a href="{}" data-open>{}</a>', reverse("work:matter", args=[matter.pk]), matter.title)


@register.simple_tag
def secret(matter: Matter) -> SafeString:
    """Mark what belongs to a confidential register."""
    return mark_safe(secret_mark() if matter.confidential else "")  # noqa: S308 — escaped there


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
def told(post: str) -> str:
    """Write the post of an event with its role in the reader's language."""
    return told_role(post)


@register.filter
def plainly(value: Any) -> str:
    """Write a value of a record as people read it, cut where it is long."""
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return Truncator(text).chars(160)
