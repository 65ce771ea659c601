"""The Django app of this room."""

from django.apps import AppConfig


class OrgConfig(AppConfig):
    """Units, people, posts, groups, and who may do and see what."""

    name = "luoshi.org"
    label = "org"
    default_auto_field = "django.db.models.BigAutoField"
