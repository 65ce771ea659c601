"""The Django app of this room."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    """The shell of every page."""

    name = "luoshi.web"
    label = "web"
