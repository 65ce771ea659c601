"""Tables to which rows can only be added: the database itself refuses UPDATE and DELETE, whoever asks."""

from __future__ import annotations

from typing import Any, Final

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState

__all__ = ["AppendOnly", "guard_sql", "unguard_sql"]

_REFUSAL: Final = "rows of {table} can only be added"

_SQLITE: Final = (
    "CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table} BEGIN SELECT RAISE(ABORT, '{refusal}'); END",
    "CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} BEGIN SELECT RAISE(ABORT, '{refusal}'); END",
)
_SQLITE_OFF: Final = (
    "DROP TRIGGER IF EXISTS {table}_no_update",
    "DROP TRIGGER IF EXISTS {table}_no_delete",
)
_POSTGRES: Final = (
    """CREATE OR REPLACE FUNCTION {table}_refuse() RETURNS trigger LANGUAGE plpgsql
    AS $$ BEGIN RAISE EXCEPTION '{refusal}'; END $$""",
    """CREATE TRIGGER {table}_no_change BEFORE UPDATE OR DELETE ON {table}
    FOR EACH ROW EXECUTE FUNCTION {table}_refuse()""",
    """CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table}
    FOR EACH STATEMENT EXECUTE FUNCTION {table}_refuse()""",
)
_POSTGRES_OFF: Final = (
    "DROP TRIGGER IF EXISTS {table}_no_change ON {table}",
    "DROP TRIGGER IF EXISTS {table}_no_truncate ON {table}",
)


def guard_sql(vendor: str, table: str) -> list[str]:
    """Return the statements that make `table` append-only on `vendor` (`sqlite` or `postgresql`)."""
    return _filled(_SQLITE if vendor == "sqlite" else _POSTGRES, table)


def unguard_sql(vendor: str, table: str) -> list[str]:
    """Return the statements that lift the guard; only a migration backwards and tests that clean up use them."""
    return _filled(_SQLITE_OFF if vendor == "sqlite" else _POSTGRES_OFF, table)


def _filled(statements: tuple[str, ...], table: str) -> list[str]:
    return [text.format(table=table, refusal=_REFUSAL.format(table=table)) for text in statements]


class AppendOnly(Operation):
    """Migration step: guard the table of one model.

    SQLite lets `INSERT OR REPLACE` remove a row without asking a trigger unless the connection has
    `recursive_triggers` on; the settings turn it on, and the hash chain shows what another program did.
    """

    reversible = True

    def __init__(self, model: str) -> None:
        self.model = model

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        """Change nothing that Django knows of."""

    def database_forwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,  # noqa: ARG002 — Django's signature
        to_state: ProjectState,
    ) -> None:
        """Create the triggers."""
        self._run(guard_sql, app_label, schema_editor, to_state)

    def database_backwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,  # noqa: ARG002 — Django's signature
    ) -> None:
        """Drop the triggers."""
        self._run(unguard_sql, app_label, schema_editor, from_state)

    def _run(self, sql: Any, app_label: str, schema_editor: BaseDatabaseSchemaEditor, state: ProjectState) -> None:
        table = state.apps.get_model(app_label, self.model)._meta.db_table  # noqa: SLF001 — Django's documented name
        for statement in sql(schema_editor.connection.vendor, table):
            schema_editor.execute(statement, params=None)

    def describe(self) -> str:
        """Say what this step does, for `migrate` and `sqlmigrate`."""
        return f"Let rows of {self.model} only be added"
