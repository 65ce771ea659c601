"""Let the database itself refuse to change what was recorded."""

from django.db import migrations

from luoshi.ledger.append_only import AppendOnly


class Migration(migrations.Migration):
    """Guard the records."""

    dependencies = [("ledger", "0001_initial")]

    operations = [AppendOnly("record")]
