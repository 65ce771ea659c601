"""Walk through all matters by due date, also those that have ended."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """Index all matters by due date."""

    dependencies = [("work", "0005_parts")]

    operations = [
        migrations.AddIndex("matter", models.Index(name="matter_by_due", fields=["due", "id"])),
        migrations.AddIndex(
            "matter", models.Index(name="matter_register_all_by_due", fields=["register", "due", "id"])
        ),
    ]
