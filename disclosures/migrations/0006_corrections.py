"""Corrections, the reports that could not be recorded, and cases about them."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from privacycenter.database.triggers import refuse, refuse_early


class Migration(migrations.Migration):
    dependencies = [
        ("disclosures", "0005_coverage"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterField(
            model_name="case",
            name="kind",
            field=models.PositiveSmallIntegerField(
                choices=[
                    (1, "flagged disclosure"),
                    (2, "conflicting report"),
                    (3, "flagged correction"),
                    (4, "rejected report"),
                ],
                verbose_name="kind",
            ),
        ),
        migrations.AlterField(
            model_name="case",
            name="whose",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="person",
            ),
        ),
        migrations.CreateModel(
            name="RejectedReport",
            fields=[
                ("id", models.UUIDField(editable=False, primary_key=True, serialize=False)),
                ("row_id", models.UUIDField()),
                ("event", models.JSONField(verbose_name="event")),
                ("problem", models.JSONField(verbose_name="problem")),
                ("received_at", models.DateTimeField(verbose_name="received at")),
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
                "verbose_name": "rejected report",
                "verbose_name_plural": "rejected reports",
                "ordering": ["-received_at"],
            },
        ),
        migrations.CreateModel(
            name="Correction",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "person_id", "id", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("id", models.UUIDField(editable=False)),
                ("disclosure_id", models.UUIDField()),
                ("reason", models.JSONField()),
                (
                    "ground",
                    models.PositiveSmallIntegerField(
                        choices=[
                            (1, "Your own act (booking, application and the like)"),
                            (2, "Your approval"),
                            (3, "Contract"),
                            (4, "Law"),
                            (5, "Nobody can be identified"),
                        ],
                        null=True,
                    ),
                ),
                ("occurred_at", models.DateTimeField(null=True)),
                ("flags", models.PositiveSmallIntegerField(default=0)),
                ("decision_id", models.UUIDField(blank=True, null=True)),
                ("corrected_at", models.DateTimeField()),
                ("recorded_at", models.DateTimeField()),
                ("event_id", models.CharField(max_length=255)),
                ("fingerprint", models.BinaryField(max_length=32)),
                (
                    "item_set",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="disclosures.itemset",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="corrections",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "recipient",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="disclosures.recipient",
                    ),
                ),
                (
                    "reporter",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="disclosures.reporter",
                    ),
                ),
                (
                    "scenario",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="disclosures.scenario",
                    ),
                ),
                (
                    "service",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="disclosures.service",
                    ),
                ),
            ],
            options={
                "verbose_name": "correction",
                "verbose_name_plural": "corrections",
                "indexes": [models.Index(fields=["person", "disclosure_id"], name="correction_by_disclosure")],
            },
        ),
        # ``case`` is altered, and a rebuilt table has lost its triggers on SQLite.
        *(refuse("disclosures", model, "UPDATE") for model in ("correction", "rejectedreport", "case")),
        refuse_early("disclosures", "correction", "recorded_at"),
        refuse_early("disclosures", "rejectedreport", "received_at"),
        refuse_early("disclosures", "case", "opened_at"),
    ]
