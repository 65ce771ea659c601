"""The room as Django knows it."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

__all__ = ["DirectivesConfig"]


class DirectivesConfig(AppConfig):
    """Documents taken in, and their review."""

    name = "luoshi.directives"
    label = "directives"
    verbose_name = _("部署文件")
