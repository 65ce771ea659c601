"""Let lists be counted without fetching their rows, and find drafts and what waits for a signature at once."""

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    """Change the indexes of matters."""

    dependencies = [("org", "0001_initial"), ("work", "0003_search")]

    operations = [
        migrations.RemoveIndex("matter", "matter_open_due"),
        migrations.RemoveIndex("matter", "matter_register_due"),
        migrations.AddIndex(
            "matter",
            models.Index(
                name="matter_open_by_due",
                fields=["due", "id", "is_open", "confidential", "register"],
                condition=Q(is_open=True),
            ),
        ),
        migrations.AddIndex(
            "matter",
            models.Index(
                name="matter_register_by_due",
                fields=["register", "due", "id", "is_open", "confidential"],
                condition=Q(is_open=True),
            ),
        ),
        migrations.AddIndex(
            "matter", models.Index(name="matter_drafts", fields=["opened_by"], condition=Q(state="drafted"))
        ),
        migrations.AddIndex(
            "matter", models.Index(name="matter_submitted", fields=["due", "id"], condition=Q(state="submitted"))
        ),
    ]
