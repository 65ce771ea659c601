"""Let the database itself refuse to change what has happened."""

from django.db import migrations

from luoshi.ledger.append_only import AppendOnly


class Migration(migrations.Migration):
    """Guard events, seals and the texts of registers."""

    dependencies = [("work", "0001_initial")]

    operations = [AppendOnly("event"), AppendOnly("seal"), AppendOnly("registerversion")]
