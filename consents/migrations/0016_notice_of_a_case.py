"""The notice of what an officer found."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("consents", "0015_incidents"),
    ]

    operations = [
        migrations.AlterField(
            model_name="notice",
            name="kind",
            field=models.PositiveSmallIntegerField(
                choices=[
                    (1, "a request waits for your answer"),
                    (2, "a company received your data for the first time"),
                    (3, "a disclosure with a warning"),
                    (4, "an approval ends soon"),
                    (5, "a withdrawal went on"),
                    (6, "your file is ready"),
                    (7, "a disclosure that the law had kept from you is shown"),
                    (8, "a log-in from a new device"),
                    (9, "a recall went on"),
                    (10, "an incident with your data"),
                    (11, "what we found about a disclosure"),
                ]
            ),
        ),
    ]
