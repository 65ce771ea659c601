"""The components of every page; a component that gets a name it does not know fails when the template is compiled."""

from __future__ import annotations

from django import template

register = template.Library()
