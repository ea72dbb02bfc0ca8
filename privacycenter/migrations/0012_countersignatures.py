"""What recipients sign is sealed in the log."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("privacycenter", "0011_kept_forms"),
    ]

    operations = [
        migrations.AlterField(
            model_name="logentry",
            name="kind",
            field=models.PositiveSmallIntegerField(
                choices=[
                    (1, "disclosure"),
                    (2, "correction"),
                    (3, "approval request"),
                    (4, "cancelled request"),
                    (5, "decision"),
                    (6, "standing rule"),
                    (7, "step after a withdrawal"),
                    (8, "recall"),
                    (9, "step of a recall"),
                    (10, "signature of a recipient"),
                ]
            ),
        ),
    ]
