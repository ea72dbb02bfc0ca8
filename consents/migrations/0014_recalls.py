"""Recalls: what people ask of recipients, its cases and steps, and the feed that tells services of them."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from privacycenter.database.triggers import refuse, refuse_early

# Written once; removed at the end of its time, by the purge alone. Model → when a row was written.
EXPIRING = {
    "recall": "asked_at",
    "recallcase": "opened_at",
    "recallclosure": "closed_at",
    "recallmail": "asked_at",
    "recallstep": "taken_at",
}


class Migration(migrations.Migration):
    dependencies = [
        ("consents", "0013_words"),
        ("disclosures", "0027_words"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Recall",
            fields=[
                ("seal", models.BinaryField(max_length=33, null=True)),
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "person_id", "id", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("id", models.UUIDField(editable=False)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("delete", "delete the data"),
                            ("correct", "correct the data"),
                            ("stop", "stop using the data"),
                        ],
                        max_length=10,
                    ),
                ),
                ("about", models.JSONField(default=dict)),
                ("targets", models.JSONField()),
                ("incident_id", models.UUIDField(blank=True, null=True)),
                ("staff_id", models.BigIntegerField(blank=True, null=True)),
                ("asked_at", models.DateTimeField()),
                (
                    "person",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="recalls",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "recall",
                "verbose_name_plural": "recalls",
            },
        ),
        migrations.CreateModel(
            name="RecallCase",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("recall_id", models.UUIDField(verbose_name="recall")),
                ("case_id", models.UUIDField(verbose_name="case")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("delete", "delete the data"),
                            ("correct", "correct the data"),
                            ("stop", "stop using the data"),
                        ],
                        max_length=10,
                        verbose_name="kind",
                    ),
                ),
                ("opened_at", models.DateTimeField(verbose_name="opened at")),
                ("due_at", models.DateTimeField(verbose_name="due at")),
                (
                    "recipient",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="disclosures.recipient",
                    ),
                ),
                (
                    "service",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="disclosures.service",
                    ),
                ),
                (
                    "whose",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="person",
                    ),
                ),
            ],
            options={
                "verbose_name": "recall case",
                "verbose_name_plural": "recall cases",
                "ordering": ["due_at", "pk"],
            },
        ),
        migrations.CreateModel(
            name="RecallClosure",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("closed_at", models.DateTimeField(verbose_name="closed at")),
                (
                    "case",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="closure",
                        to="consents.recallcase",
                        verbose_name="case",
                    ),
                ),
            ],
            options={
                "verbose_name": "closing of a recall case",
                "verbose_name_plural": "closings of recall cases",
            },
        ),
        migrations.CreateModel(
            name="RecallMail",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("address", models.EmailField(max_length=254, verbose_name="e-mail address")),
                ("asked_at", models.DateTimeField(verbose_name="when")),
                (
                    "asked_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="by",
                    ),
                ),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="mails",
                        to="consents.recallcase",
                        verbose_name="case",
                    ),
                ),
            ],
            options={
                "verbose_name": "recall told by mail",
                "verbose_name_plural": "recalls told by mail",
                "ordering": ["pk"],
            },
        ),
        migrations.CreateModel(
            name="RecallStep",
            fields=[
                ("seal", models.BinaryField(max_length=33, null=True)),
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "person_id", "id", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("id", models.UUIDField(editable=False)),
                ("recall_id", models.UUIDField()),
                ("case_id", models.UUIDField()),
                (
                    "kind",
                    models.PositiveSmallIntegerField(
                        choices=[
                            (1, "told"),
                            (2, "acknowledged"),
                            (3, "taken back by the person"),
                            (4, "refused"),
                            (5, "kept"),
                            (6, "corrected"),
                            (7, "no longer used"),
                            (8, "deleted"),
                        ]
                    ),
                ),
                ("reason", models.JSONField(default=dict)),
                ("is_delivery", models.BooleanField(default=False)),
                ("reporter_id", models.BigIntegerField(blank=True, null=True)),
                ("staff_id", models.BigIntegerField(blank=True, null=True)),
                ("is_by_recipient", models.BooleanField(default=False)),
                ("taken_at", models.DateTimeField()),
                (
                    "person",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="recall_steps",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "step of a recall",
                "verbose_name_plural": "steps of recalls",
            },
        ),
        migrations.AddField(
            model_name="feedentry",
            name="feed",
            field=models.CharField(
                choices=[("decisions", "decisions"), ("recalls", "recalls")],
                db_default="decisions",
                default="decisions",
                max_length=10,
            ),
        ),
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
                ]
            ),
        ),
        migrations.AddIndex(
            model_name="feedentry",
            index=models.Index(fields=["reporter", "feed", "number"], name="feed_entry_by_feed"),
        ),
        migrations.AddIndex(
            model_name="recallcase",
            index=models.Index(fields=["due_at"], name="recall_case_by_due"),
        ),
        migrations.AddConstraint(
            model_name="recallcase",
            constraint=models.UniqueConstraint(fields=("whose", "case_id"), name="a_recall_has_a_case_once"),
        ),
        migrations.AddConstraint(
            model_name="recallstep",
            constraint=models.UniqueConstraint(
                fields=("person", "case_id", "kind"), name="a_recall_step_is_taken_once"
            ),
        ),
        *(refuse("consents", model, "UPDATE") for model in EXPIRING),
        *(refuse_early("consents", model, column) for model, column in EXPIRING.items()),
    ]
