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

    def ready(self) -> None:
        """Show on the page of a matter which documents demand it."""
        from luoshi.directives.panels import source_panel  # noqa: PLC0415 — tables first
        from luoshi.work.panels import add_panel  # noqa: PLC0415 — as above

        add_panel(source_panel)
