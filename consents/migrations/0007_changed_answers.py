"""An answer can be changed item by item, by a later answer that names it."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("consents", "0006_seals")]

    operations = [
        migrations.RemoveConstraint(
            model_name="decision",
            name="an_open_request_is_answered_once",
        ),
        migrations.AddField(
            model_name="decision",
            name="changes_id",
            field=models.UUIDField(blank=True, null=True),
        ),
        migrations.AddConstraint(
            model_name="decision",
            constraint=models.UniqueConstraint(
                condition=models.Q(
                    ("changes_id__isnull", True), ("undoes_id__isnull", True), ("withdraws_id__isnull", True)
                ),
                fields=("person", "request_id", "opening"),
                name="an_open_request_is_answered_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="decision",
            constraint=models.UniqueConstraint(
                condition=models.Q(("changes_id__isnull", False)),
                fields=("person", "changes_id"),
                name="an_answer_is_changed_once",
            ),
        ),
    ]
