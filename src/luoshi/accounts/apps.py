"""The Django app of this room."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """Accounts and sign-in."""

    name = "luoshi.accounts"
    label = "accounts"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Begin to record what happens at sign-in."""
        from luoshi.accounts.recording import connect  # noqa: PLC0415 — models first

        connect()
