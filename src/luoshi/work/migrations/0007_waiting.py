"""Find what waits for a signature, and what waits for an answer about its days, among however many."""

from django.db import migrations, models

from luoshi.work.indexed import AsksForDays


class Migration(migrations.Migration):
    """Index what waits."""

    dependencies = [("work", "0006_all_by_due")]

    operations = [
        migrations.AddIndex(
            "matter",
            models.Index(
                name="matter_to_verify",
                fields=["step", "register_version", "due", "id"],
                condition=models.Q(state="submitted"),
            ),
        ),
        migrations.AddIndex(
            "matter",
            models.Index(
                name="matter_asks_for_days", fields=["due", "id"], condition=models.Q(AsksForDays("extension"))
            ),
        ),
    ]
