"""The components of every page.

Each declares its names: a component that is given a name it does not know, or not given one it needs, fails when the
template is compiled. They are built into every template and need no `{% load %}`; `docs/pages.md` shows each of them.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from django import template
from django.forms import BaseForm, BoundField, CheckboxInput
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from luoshi.org.collectives import collectives
from luoshi.org.told import between, language_now, listed, weekday
from luoshi.work.enums import Light, State

register = template.Library()

COUNT_CAP: Final = 10_000
"""Counting stops here: pages say "10,000+" rather than count on."""

_MANY: Final = 6
"""Units above this number are told in few words."""

_SHAPES: Final = {
    Light.RED: mark_safe(
        '<svg viewBox="0 0 12 12" aria-hidden="true"><path d="M3.5 0h5L12 3.5v5L8.5 12h-5L0 8.5v-5z"/></svg>'
    ),
    Light.AMBER: mark_safe('<svg viewBox="0 0 12 12" aria-hidden="true"><path d="M6 0l6 11.5H0z"/></svg>'),
    Light.GREEN: mark_safe('<svg viewBox="0 0 12 12" aria-hidden="true"><circle cx="6" cy="6" r="5.5"/></svg>'),
    Light.NONE: mark_safe(""),
}


# Blocks: what stands between their ends is their content.


@register.simple_block_tag
def page_head(content: SafeString, *, title: object, kicker: object = "", note: object = "") -> SafeString:
    """Say where the reader is; the content is what can be done here."""
    values = {"title": title, "kicker": kicker, "note": note, "content": mark_safe(content.strip())}  # noqa: S308 — rendered
    return render_to_string("parts/page_head.html", values)


@register.simple_block_tag
def panel(content: SafeString, *, title: object = "", id: str = "") -> SafeString:  # noqa: A002 — the attribute's name
    """Set one subject apart from the others, under a heading of its own."""
    return render_to_string("parts/panel.html", {"title": title, "id": id, "content": content})


@register.simple_block_tag
def facts(content: SafeString) -> SafeString:
    """List facts; the content is made of `fact`."""
    return format_html('<dl class="facts">{}</dl>', content)


@register.simple_block_tag
def fact(content: SafeString, *, label: object) -> SafeString:
    """Show one fact with its name; nothing at all where there is nothing to say."""
    shown = content.strip()
    return format_html("<dt>{}</dt><dd>{}</dd>", label, mark_safe(shown)) if shown else mark_safe("")  # noqa: S308 — rendered by the template


@register.simple_block_tag
def empty(content: SafeString, *, title: object) -> SafeString:
    """Stand where a list has nothing in it; the content says how to begin."""
    return render_to_string("parts/empty.html", {"title": title, "content": content})


@register.simple_block_tag
def dialog(content: SafeString, *, id: str, title: object) -> SafeString:  # noqa: A002 — the attribute's name
    """Hold what a button with `data-opens="<id>"` opens; give those without scripts a link beside it."""
    return render_to_string("parts/dialog.html", {"id": id, "title": title, "content": content})


@register.simple_block_tag(takes_context=True)
def filter_bar(
    context: template.Context, content: SafeString, *, action: str = "", clear: str = "", target: str = ""
) -> SafeString:
    """Hold a list's filters (GET); with `target`, the id of a list, htmx replaces that list only."""
    values = {"content": content, "action": action, "clear": clear, "target": target}
    return render_to_string("parts/filter_bar.html", values, request=context.get("request"))


@register.simple_block_tag
def table(content: SafeString, *, caption: object, folds: bool = False, tall: bool = False) -> SafeString:
    """Hold `thead` and `tbody`; `folds` makes cards of the rows on a phone, `tall` keeps the heads in sight."""
    values = {"content": content, "caption": caption, "folds": folds, "tall": tall}
    return render_to_string("parts/table.html", values)


# Single marks.


@register.simple_tag
def light(value: str) -> SafeString:
    """Show a light by shape, colour and word."""
    kind = Light(value)
    words = {
        Light.RED: pgettext("light", "超期"),
        Light.AMBER: pgettext("light", "临期"),
        Light.GREEN: pgettext("light", "正常"),
        Light.NONE: pgettext("light", "无灯"),
    }
    return format_html(
        '<span class="light light-{}" title="{}">{}{}</span>', kind.value, kind.label, _SHAPES[kind], words[kind]
    )


@register.simple_tag
def state(value: str) -> SafeString:
    """Show where a matter stands."""
    kind = State(value)
    return format_html('<span class="state state-{}">{}</span>', kind.value.replace("_", "-"), kind.label)


@register.simple_tag
def progress(value: int) -> SafeString:
    """Show a progress in percent as a bar and as a figure."""
    label = _("进度")
    return format_html(
        '<span class="bar"><progress max="100" value="{}" aria-label="{}"></progress>{}%</span>', value, label, value
    )


@register.simple_tag
def count(value: int, *, cap: int = COUNT_CAP) -> str:
    """Show a count that was stopped one above `cap`: "10,000+"."""
    return f"{cap:,}+" if value > cap else f"{value:,}"


@register.simple_tag
def unit(value: Any) -> SafeString:
    """Show a unit (a row, or {"code", "name"} of an event) by its name, its code beside it for those who ask."""
    name, code = _named(value, "code")
    return format_html('<span class="unit" title="{}">{}</span>', code, name) if name else _nothing()


@register.simple_tag
def units(rows: Sequence[Mapping[str, Any]], *, without: Any = None) -> SafeString:
    """Show several units of an event by their names; a long list in few words, its names behind them."""
    names = format_html_join(between(), "{}", ((unit(row),) for row in rows))
    if len(rows) <= _MANY:
        return names
    language = language_now()
    told = collectives().told([str(row["code"]) for row in rows], without=without and without.code)
    if len(told) > _MANY:
        told, rest = (
            told[:_MANY],
            ngettext("等 %(count)d 个单位", "等 %(count)d 个单位", len(rows)) % {"count": len(rows)},
        )
    else:
        rest = ""
    words = listed(one.in_(language) for one in told) + rest
    return format_html("<details><summary>{}</summary>{}</details>", words, names)


@register.simple_tag
def person(value: Any) -> SafeString:
    """Show a person (a row, or {"uid", "name"} of an event) by name."""
    name, _uid = _named(value, "uid")
    return format_html('<span class="person">{}</span>', name) if name else _nothing()


@register.simple_tag
def day(value: dt.date | None, *, today: dt.date | None = None, relative: bool = False) -> SafeString:
    """Show a day with its weekday; with `relative`, how far off it is in words."""
    if value is None:
        return _nothing()
    shown = format_html(
        '<time datetime="{}" class="nowrap">{} {}</time>', value.isoformat(), value.isoformat(), weekday(value)
    )
    if not relative:
        return shown
    left = (value - (today or timezone.localdate())).days
    return format_html('{} <span class="{} nowrap">{}</span>', shown, _nearness(left), days_left(left))


@register.simple_tag
def moment(value: dt.datetime | None) -> SafeString:
    """Show a moment in the authority's time."""
    if value is None:
        return _nothing()
    local = timezone.localtime(value)
    shown = local.strftime("%Y-%m-%d %H:%M")
    return format_html('<time datetime="{}" class="nowrap">{}</time>', local.isoformat(timespec="seconds"), shown)


def days_left(days: int) -> str:
    """Say in words how far off a day is."""
    if days == 0:
        return _("就在今天")
    if days > 0:
        return ngettext("还有 %(days)d 天", "还有 %(days)d 天", days) % {"days": days}
    return ngettext("已过 %(days)d 天", "已过 %(days)d 天", -days) % {"days": -days}


# Forms.


@register.inclusion_tag("parts/field.html")
def field(bound: BoundField, *, help: object = "") -> dict[str, Any]:  # noqa: A002 — as in django.forms
    """Show one field of a form: label, help, errors, and the links between them that readers aloud need."""
    grouped = bound.field.widget.use_fieldset
    return {
        "bound": bound,
        "help": help or bound.help_text,
        "grouped": grouped,
        "ticked": isinstance(bound.field.widget, CheckboxInput),
    }


@register.inclusion_tag("parts/form_errors.html")
def form_errors(form: BaseForm) -> dict[str, Any]:
    """Say above a form what stops it: errors of the whole form, and how many of its fields need a look."""
    return {"whole": form.non_field_errors(), "wrong": [name for name in form.errors if name != "__all__"]}


@register.inclusion_tag("parts/hidden.html")
def operation(*, again: object = "", seen: int | None = None) -> dict[str, Any]:
    """Carry the operation's number, so that a form sent twice acts once, and the version that the person saw."""
    return {"operation": again or uuid.uuid4(), "seen": seen}


@register.inclusion_tag("parts/pager.html")
def pager(*, first: str = "", following: str = "", total: object = "") -> dict[str, Any]:
    """Lead on through a list paged by keys: back to its beginning, and to the rows that follow."""
    return {"first": first, "following": following, "total": total}


@register.inclusion_tag("parts/timeline.html")
def timeline(entries: Iterable[Any]) -> dict[str, Any]:
    """Tell what happened: entries with `at`, `who`, `post`, `deputy_for`, `sentence` and `said`."""
    return {"entries": entries}


@register.simple_tag
def options(pairs: Iterable[tuple[str, object]], *, chosen: object = "") -> SafeString:
    """Write the options of a `select`, one of them chosen."""
    return format_html_join(
        "",
        '<option value="{}"{}>{}</option>',
        ((value, mark_safe(" selected") if str(value) == str(chosen) else "", label) for value, label in pairs),
    )


def _named(value: Any, key: str) -> tuple[str, str]:
    if not value:
        return "", ""
    if isinstance(value, Mapping):
        return str(value.get("name", "")), str(value.get(key, ""))
    return str(value.name), str(getattr(value, key))


def _nothing() -> SafeString:
    return format_html('<span class="soft">{}</span>', "—")


def _nearness(left: int) -> str:
    if left < 0:
        return "late"
    return "soon" if left <= 3 else "soft"
