"""Find the parts of a matter without reading all matters."""

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    """Index those matters that are parts of others."""

    dependencies = [("work", "0004_lists")]

    operations = [
        migrations.AddIndex(
            "matter", models.Index(name="matter_parts", fields=["parent"], condition=Q(parent__isnull=False))
        ),
    ]
