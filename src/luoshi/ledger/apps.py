"""The Django app of this room."""

from django.apps import AppConfig


class LedgerConfig(AppConfig):
    """Records that may not be altered."""

    name = "luoshi.ledger"
    label = "ledger"
    default_auto_field = "django.db.models.BigAutoField"
