"""The Django app of this room."""

from django.apps import AppConfig


class WorkConfig(AppConfig):
    """Registers, matters, events, evidence."""

    name = "luoshi.work"
    label = "work"
    default_auto_field = "django.db.models.BigAutoField"
