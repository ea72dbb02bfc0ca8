"""How complete the reports are, and the end of the time for which the ledger is kept."""

import django.db.models.deletion
from django.db import migrations, models

from privacycenter.database.triggers import brin_index, refuse, refuse_early


class Migration(migrations.Migration):
    dependencies = [
        ("disclosures", "0004_desk_triggers"),
    ]

    operations = [
        migrations.AddField(
            model_name="disclosure",
            name="named_decision_id",
            field=models.UUIDField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="reportcount",
            name="removed_count",
            field=models.PositiveBigIntegerField(default=0),
        ),
        migrations.CreateModel(
            name="ArrivalCount",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("begins_at", models.DateTimeField()),
                ("disclosure_count", models.PositiveBigIntegerField(default=0)),
                (
                    "reporter",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="arrival_counts",
                        to="disclosures.reporter",
                    ),
                ),
                (
                    "service",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="arrival_counts",
                        to="disclosures.service",
                    ),
                ),
            ],
            options={
                "verbose_name": "arrival count",
                "verbose_name_plural": "arrival counts",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("service", "reporter", "begins_at"), name="one_arrival_count_at_a_time"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="DeclaredCount",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("declared_count", models.BigIntegerField(default=0)),
                ("opening_arrived_count", models.BigIntegerField(default=0)),
                ("opening_declared_count", models.BigIntegerField(default=0)),
                ("complete_since", models.DateTimeField()),
                ("complete_until", models.DateTimeField()),
                ("heard_at", models.DateTimeField()),
                (
                    "reporter",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="declared_counts",
                        to="disclosures.reporter",
                    ),
                ),
                (
                    "service",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="declared_counts",
                        to="disclosures.service",
                    ),
                ),
            ],
            options={
                "verbose_name": "declared count",
                "verbose_name_plural": "declared counts",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("service", "reporter"), name="one_declared_per_service_and_reporter"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Heartbeat",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("since", models.DateTimeField(blank=True, null=True)),
                ("complete_until", models.DateTimeField()),
                ("event_count", models.PositiveBigIntegerField()),
                ("declared_change", models.BigIntegerField()),
                ("heard_at", models.DateTimeField()),
                (
                    "reporter",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="heartbeats",
                        to="disclosures.reporter",
                    ),
                ),
                (
                    "service",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="heartbeats", to="disclosures.service"
                    ),
                ),
            ],
            options={
                "verbose_name": "heartbeat",
                "verbose_name_plural": "heartbeats",
                "indexes": [models.Index(fields=["service", "reporter", "complete_until"], name="heartbeat_by_time")],
            },
        ),
        refuse("disclosures", "heartbeat", "UPDATE", "DELETE"),
        refuse("disclosures", "disclosure", "UPDATE"),
        refuse_early("disclosures", "disclosure", "recorded_at"),
        refuse_early("disclosures", "conflict", "recorded_at"),
        refuse_early("disclosures", "case", "opened_at"),
        refuse_early("disclosures", "casestep", "taken_at"),
        refuse_early("disclosures", "recordaccess", "accessed_at"),
        brin_index("disclosures", "disclosure", "recorded_at"),
    ]
