"""A notice about a disclosure that the law had kept from its person. It changes no table."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("consents", "0008_approval_counts")]

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
                ]
            ),
        ),
    ]
