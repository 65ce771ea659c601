"""Make the tables by which matters are searched for."""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

from luoshi.work.search.tables import create_sql, drop_sql


def create(_apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Make the tables; an installation that already has matters fills them with `search.rebuild` afterwards."""
    for statement in create_sql(schema_editor.connection.vendor):
        schema_editor.execute(statement, params=None)


def drop(_apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Remove the tables; nothing is lost that could not be made again."""
    for statement in drop_sql(schema_editor.connection.vendor):
        schema_editor.execute(statement, params=None)


class Migration(migrations.Migration):
    """Search for matters."""

    dependencies = [("work", "0002_append_only")]

    operations = [migrations.RunPython(create, drop)]
