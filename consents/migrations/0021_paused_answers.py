"""What a paused reporter is told is counted as an answer of its own."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("consents", "0020_exports_for_people"),
    ]

    operations = [
        migrations.AlterField(
            model_name="questioncount",
            name="answer",
            field=models.PositiveSmallIntegerField(
                choices=[
                    (1, "Yes"),
                    (2, "Only for some of the items"),
                    (3, "No: you had not allowed it"),
                    (4, "No: you had refused it or withdrawn your approval"),
                    (5, "No: we do not provide it"),
                    (6, "No: the service’s system was paused, whoever it asked about"),
                ]
            ),
        ),
        migrations.AlterField(
            model_name="questiontotal",
            name="answer",
            field=models.PositiveSmallIntegerField(
                choices=[
                    (1, "Yes"),
                    (2, "Only for some of the items"),
                    (3, "No: you had not allowed it"),
                    (4, "No: you had refused it or withdrawn your approval"),
                    (5, "No: we do not provide it"),
                    (6, "No: the service’s system was paused, whoever it asked about"),
                ]
            ),
        ),
    ]
