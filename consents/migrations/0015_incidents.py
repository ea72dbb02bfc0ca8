"""Who was told of an incident."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from privacycenter.database.triggers import refuse, refuse_early


class Migration(migrations.Migration):
    dependencies = [
        ("consents", "0014_recalls"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
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
                ]
            ),
        ),
        migrations.CreateModel(
            name="IncidentNotice",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "person_id", "id", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("id", models.UUIDField(editable=False)),
                ("list_id", models.UUIDField()),
                (
                    "way",
                    models.PositiveSmallIntegerField(
                        choices=[
                            (1, "by mail and on the site"),
                            (2, "on the site"),
                            (3, "in no way: neither an address nor a log-in is known"),
                        ]
                    ),
                ),
                ("told_at", models.DateTimeField()),
                (
                    "person",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="incident_notices",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "person told of an incident",
                "verbose_name_plural": "people told of incidents",
            },
        ),
        refuse("consents", "incidentnotice", "UPDATE"),
        refuse_early("consents", "incidentnotice", "told_at", is_erasable=True),
    ]
