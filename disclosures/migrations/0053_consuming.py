"""Queues that are read, and messages that could not be recorded."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("disclosures", "0052_reports_by_day"),
    ]

    operations = [
        migrations.CreateModel(
            name="ConsumedQueue",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=200)),
                ("message_count", models.PositiveBigIntegerField(default=0)),
                ("created_count", models.PositiveBigIntegerField(default=0)),
                ("duplicate_count", models.PositiveBigIntegerField(default=0)),
                ("conflict_count", models.PositiveBigIntegerField(default=0)),
                ("invalid_count", models.PositiveBigIntegerField(default=0)),
                ("waiting_count", models.PositiveBigIntegerField(null=True)),
                ("seen_at", models.DateTimeField()),
                (
                    "reporter",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="disclosures.reporter",
                        verbose_name="reporter",
                    ),
                ),
            ],
            options={
                "verbose_name": "queue that is read",
                "verbose_name_plural": "queues that are read",
            },
        ),
        migrations.CreateModel(
            name="RefusedMessage",
            fields=[
                ("id", models.UUIDField(editable=False, primary_key=True, serialize=False)),
                ("position", models.CharField(max_length=120)),
                ("problem", models.JSONField()),
                ("sealed", models.TextField()),
                ("received_at", models.DateTimeField()),
                (
                    "queue",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="refused",
                        to="disclosures.consumedqueue",
                    ),
                ),
            ],
            options={
                "verbose_name": "refused message of a queue",
                "verbose_name_plural": "refused messages of queues",
            },
        ),
        migrations.AddConstraint(
            model_name="consumedqueue",
            constraint=models.UniqueConstraint(fields=("name", "reporter"), name="one_row_of_a_queue_and_reporter"),
        ),
        migrations.AddIndex(
            model_name="refusedmessage",
            index=models.Index(fields=["received_at", "id"], name="refused_message_oldest_first"),
        ),
    ]
